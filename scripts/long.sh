#!/usr/bin/env bash
# Runs what takes longer than `make test` may, and writes docs/long.md to be
# committed: of which commit, by which seed, and what each told.
set -uo pipefail
cd "$(dirname "$0")/.."
base=${1:?usage: scripts/long.sh BASE [SEED [FUZZTIME]]}
seed=${2:-$RANDOM}
each=${3:-10m}
if [ -n "$(git status --porcelain -- . ':!docs/long.md')" ]; then
  echo "long: commit first, so that the output can name what it is of" >&2
  exit 1
fi
out=$(mktemp)
trap 'rm -f "$out"' EXIT
failed=0
{
  echo "# What takes long"
  echo
  echo "Written by \`make long\`. Commit $(git rev-parse --short HEAD), seed $seed, compared with $base."
} >"$out"
run() {
  local title=$1 began=$SECONDS status=passed
  shift
  echo "== $title: $*" >&2
  if ! "$@" >"$out.one" 2>&1; then status=FAILED failed=1; fi
  { printf '\n## %s: %s in %s s\n\n```\n' "$title" "$status" "$((SECONDS - began))"; tail -n 40 "$out.one"; echo '```'; } >>"$out"
  rm -f "$out.one"
}
run "Fuzzing, $each each" scripts/fuzz.sh "$each"
run "An upgrade killed 200 times" make --no-print-directory upgrade BASE="$base" KILLS=200 SEED="$seed"
run "What the demonstration says" make --no-print-directory same BASE="$base"
cp "$out" docs/long.md
exit $failed
