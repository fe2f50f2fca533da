#!/bin/sh
# Installs from Debian what the tests need: prometheus (and promtool),
# alertmanager (and amtool), chromium, sshd, Chinese fonts. Returns at once when
# all of it is there. Nothing it installs is
# left running.
set -eu

say() { printf '%s\n' "$*" >&2; }

# The packages that bring what is missing.
missing() { list | paste -s -d ' ' -; }
list() {
	command -v promtool >/dev/null 2>&1 && command -v prometheus >/dev/null 2>&1 || echo prometheus
	command -v amtool >/dev/null 2>&1 && command -v prometheus-alertmanager >/dev/null 2>&1 || echo prometheus-alertmanager
	command -v chromium >/dev/null 2>&1 || echo chromium
	[ -x /usr/sbin/sshd ] || command -v sshd >/dev/null 2>&1 || echo openssh-server
	# The font's own file, not fontconfig's opinion: fc-match always finds something.
	for font in /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc /usr/share/fonts/*/noto*/NotoSansCJK*; do
		[ -e "$font" ] && return 0
	done
	echo fonts-noto-cjk
}

want=$(missing)
[ -n "$want" ] || exit 0

cannot() {
	say "测试还需要这些软件包：$want。$1"
	say "The tests still need these packages: $want. $2"
	exit 1
}

command -v apt-get >/dev/null 2>&1 ||
	cannot "本机没有 apt-get，请用本机的软件包管理器安装。" "There is no apt-get here: install them with this machine's own package manager."
root=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null 2>&1 ||
		cannot "安装需要 root 权限，而本机没有 sudo。请以 root 运行 scripts/tools.sh。" "Installing needs root and there is no sudo: run scripts/tools.sh as root."
	root=sudo
fi

say "正在安装：$want / installing: $want"
wait='-o DPkg::Lock::Timeout=300' # another apt may be at work
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck disable=SC2086 # lists of words, $root may be empty
if ! { $root apt-get $wait update && $root env DEBIAN_FRONTEND=noninteractive apt-get $wait install -y --no-install-recommends $want; } >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	cannot "安装失败，原因见上；请检查网络或软件源。" "Installing them failed, see above: check the network or the package sources."
fi
# Debian starts what it installs. The tests start their own, on their own ports.
quiet() {
	if [ -d /run/systemd/system ]; then
		$root systemctl disable --now "$1" >/dev/null 2>&1 || true
	elif command -v service >/dev/null 2>&1; then
		$root service "$1" stop >/dev/null 2>&1 || true
	fi
}
for service in prometheus prometheus-alertmanager; do
	case " $want " in *" $service "*) quiet "$service" ;; esac
done
case " $want " in *" openssh-server "*) quiet ssh ;; esac

want=$(missing)
[ -z "$want" ] || cannot "安装完成，但仍找不到它们。" "The installation finished, but they are still not found."
say "测试所需工具已就绪 / the tools for the tests are ready"
