#!/bin/sh
# Fetches the pinned axe-core, which the tests in a real browser ask about
# accessibility, into .tools/axe/. The package's integrity and the file's SHA-256
# are checked against cmd/yardstick/testdata/browser/axe.txt before the file is moved
# into place. A test tool: nothing of it is built into Yardstick. Safe to run
# several times at once; returns at once when the file is there.
set -eu

cd "$(dirname "$0")/.."
root=$PWD
say() { printf '%s\n' "$*" >&2; }

# shellcheck disable=SC2046 # the fields hold no spaces
set -- $(grep '^axe-core ' cmd/yardstick/testdata/browser/axe.txt)
package=$1 version=$2 integrity=$3 file=$4 sum=$5

sha256() {
	if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}
ready() { [ -f ".tools/axe/$file" ] && [ "$(sha256 ".tools/axe/$file")" = "$sum" ]; }

if ready; then exit 0; fi
for tool in npm openssl tar; do
	command -v "$tool" >/dev/null 2>&1 || {
		say "需要 $tool / $tool is needed"
		exit 1
	}
done

# Inside .tools/axe, so that the move at the end is one step.
mkdir -p .tools/axe
work=$(mktemp -d .tools/axe/fetch.XXXXXX)
trap 'rm -rf "$root/$work"' EXIT
trap 'exit 1' HUP INT TERM
say "正在下载 $package $version / fetching $package $version"
tarball=$(cd "$work" && npm pack --silent "$package@$version")
got=sha512-$(openssl dgst -sha512 -binary "$work/$tarball" | openssl base64 -A)
if [ "$got" != "$integrity" ]; then
	say "软件包校验和不符 / the package's checksum does not match: $got"
	exit 1
fi
tar -xzf "$work/$tarball" -C "$work" "package/$file"
got=$(sha256 "$work/package/$file")
if [ "$got" != "$sum" ]; then
	say "文件校验和不符 / the file's checksum does not match: $got"
	exit 1
fi
mv -f "$work/package/$file" ".tools/axe/$file"
say "已就绪：.tools/axe/$file / ready: .tools/axe/$file"
