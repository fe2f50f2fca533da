#!/usr/bin/env bash
# Runs what takes longer than `make test` may: fuzzing, a hundred thousand made-up
# tables, an upgrade killed 200 times, what the demonstration says beside an older
# commit's. What each told is written to docs/long/PART.md, to be committed: of
# which commit, by which seed.
# PARTS names fewer parts; FUZZTIME is how long each fuzz test runs, READING_TABLES
# how many tables are made.
set -uo pipefail
cd "$(dirname "$0")/.."
base=${1:?usage: [PARTS="fuzz reading upgrade same"] [FUZZTIME=10m] scripts/long.sh BASE [SEED]}
seed=${2:-$RANDOM}
each=${FUZZTIME:-10m}
if [ -n "$(git status --porcelain -- . ':!docs/long')" ]; then
  echo "long: commit first, so that the output can name what it is of" >&2
  exit 1
fi
commit=$(git rev-parse --short HEAD)
mkdir -p docs/long
failed=0
run() {
  local part=$1 title=$2 began=$SECONDS status=passed out
  shift 2
  [[ " ${PARTS:-fuzz reading upgrade same} " == *" $part "* ]] || return 0
  out=$(mktemp)
  echo "== $title: $*" >&2
  if ! "$@" 2>&1 | tee "$out" >&2; then status=FAILED failed=1; fi
  {
    printf '# %s: %s in %s s\n\n' "$title" "$status" "$((SECONDS - began))"
    printf 'Written by `make long`. Commit %s, seed %s, compared with %s.\n\n```\n' "$commit" "$seed" "$base"
    tail -n 60 "$out"
    echo '```'
  } >"docs/long/$part.md"
  rm -f "$out"
}
run fuzz "Fuzzing, $each each" scripts/fuzz.sh "$each"
run reading "${READING_TABLES:-100000} made-up tables" env READING_TABLES="${READING_TABLES:-100000}" READING_SEED="$seed" \
  go test ./collectors/reading/property -run 'MadeUpTables|OfferedLeadsIn' -count=1 -timeout 3h -v
run upgrade "An upgrade killed 200 times" make --no-print-directory upgrade BASE="$base" KILLS=200 SEED="$seed"
run same "What the demonstration says" make --no-print-directory same BASE="$base"
exit $failed
