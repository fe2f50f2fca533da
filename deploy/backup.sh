#!/bin/sh
# 备份标尺的数据目录：账本在先，其余在后；嵌入式数据库不备份，可由它们重建（yardstick rebuild）。
# Backs up the data folder while Yardstick runs: the ledger first, then what it names, so that every entry of the copy
# has its rows and snapshots. The embedded store is left out: `yardstick rebuild` makes it anew from these.
#   backup.sh DATA DESTINATION   writes DESTINATION/yardstick-YYYYmmdd-HHMMSS.tar.gz
set -eu

data=${1:?which data folder} to=${2:?where to}
name=yardstick-$(date -u +%Y%m%d-%H%M%S)
work=$(mktemp -d "$to/.$name.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

mkdir "$work/$name"
cp -a "$data/ledger" "$work/$name/"
for part in rows snapshots attachments state; do
	if [ -e "$data/$part" ]; then cp -a "$data/$part" "$work/$name/"; fi
done
# A store elsewhere backs itself up; what is here suffices to fill an empty one.
tar -C "$work" -czf "$work/$name.tar.gz" "$name"
gzip -t "$work/$name.tar.gz"
sync "$work/$name.tar.gz"
mv "$work/$name.tar.gz" "$to/$name.tar.gz"
# BackupStale reads this file's time.
mkdir -p "$data/state"
touch "$data/state/last-backup"
echo "$to/$name.tar.gz"
