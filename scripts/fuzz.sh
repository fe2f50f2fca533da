#!/usr/bin/env bash
# Runs every fuzz test for the given time each (default 1m).
set -euo pipefail
cd "$(dirname "$0")/.."
each=${1:-1m}
grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do
  grep -o '^func Fuzz[A-Za-z0-9_]*' "$file" | sed 's/^func //' | while read -r name; do
    echo "== $(dirname "$file") $name" >&2
    go test -run "^$" -fuzz "^$name\$" -fuzztime "$each" -fuzzminimizetime 1x "$(dirname "$file")"
  done
done
