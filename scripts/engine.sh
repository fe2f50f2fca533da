#!/bin/sh
# Fetches the pinned ClickHouse engine library for this platform into .engine/.
# The package's integrity and the library's SHA-256 are checked against
# schema/engine/checksums.txt before the library is moved into place. Safe to
# run several times at once; returns at once when the library is there.
set -eu

cd "$(dirname "$0")/.."
root=$PWD
say() { printf '%s\n' "$*" >&2; }

case $(uname -s) in
Linux) os=linux ;;
Darwin) os=darwin ;;
*) os=$(uname -s) ;;
esac
case $(uname -m) in
x86_64 | amd64) arch=amd64 ;;
aarch64 | arm64) arch=arm64 ;;
*) arch=$(uname -m) ;;
esac

line=$(grep "^$os/$arch " schema/engine/checksums.txt || true)
if [ -z "$line" ]; then
	say "没有适用于 $os/$arch 的引擎库 / there is no engine library for $os/$arch"
	exit 1
fi
# shellcheck disable=SC2086 # the fields hold no spaces
set -- $line
package=$2 version=$3 integrity=$4 file=$5 sum=$6

sha256() {
	if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}
# A mark beside the library says which sum it was checked against, so that a
# second run need not read half a gigabyte. The program checks again itself.
ready() { [ -f ".engine/$file" ] && [ "$(cat .engine/checked 2>/dev/null)" = "$sum" ]; }

if ready; then exit 0; fi
mkdir -p .engine
if command -v flock >/dev/null 2>&1; then
	exec 9>.engine/lock
	flock 9
	if ready; then exit 0; fi
fi
if [ -f ".engine/$file" ] && [ "$(sha256 ".engine/$file")" = "$sum" ]; then
	printf '%s' "$sum" >.engine/checked
	exit 0
fi
for tool in npm openssl tar; do
	command -v "$tool" >/dev/null 2>&1 || {
		say "需要 $tool / $tool is needed"
		exit 1
	}
done

# Inside .engine, so that the move at the end stays on one file system.
work=$(mktemp -d .engine/fetch.XXXXXX)
trap 'rm -rf "$root/$work"' EXIT
trap 'exit 1' HUP INT TERM
say "正在下载引擎 $package $version（约 170 MB）/ fetching the engine $package $version (about 170 MB)"
tarball=$(cd "$work" && npm pack --silent "$package@$version")
say "正在校验 / checking"
got=sha512-$(openssl dgst -sha512 -binary "$work/$tarball" | openssl base64 -A)
if [ "$got" != "$integrity" ]; then
	say "软件包校验和不符 / the package's checksum does not match: $got"
	exit 1
fi
tar -xzf "$work/$tarball" -C "$work" "package/$file"
got=$(sha256 "$work/package/$file")
if [ "$got" != "$sum" ]; then
	say "引擎库校验和不符 / the library's checksum does not match: $got"
	exit 1
fi
chmod 0755 "$work/package/$file"
mv -f "$work/package/$file" ".engine/$file"
printf '%s' "$sum" >.engine/checked
say "引擎已就绪：.engine/$file / the engine is ready: .engine/$file"
