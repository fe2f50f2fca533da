// Command bench tells what the embedded engine does on this machine: how long a
// statement takes, how fast rows are written and summed, and the memory that
// takes. `make bench` runs it.
package main

import (
	"fmt"
	"strings"
	"testing"

	"yardstick/schema/engine/enginetest"
)

const rows = 1_000_000

func main() {
	var memory int64
	for _, one := range []struct{ name, sql string }{
		{"a statement", "SELECT 1"},
		{"writing a million rows", fmt.Sprintf("INSERT INTO DB.figures SELECT number, number / 7 FROM numbers(%d)", rows)},
		{"summing a million rows", "SELECT sum(value) FROM DB.figures"},
	} {
		took := testing.Benchmark(func(b *testing.B) {
			eng := enginetest.Open(b)
			db := enginetest.Database(b, eng)
			enginetest.Exec(b, eng, fmt.Sprintf("CREATE TABLE %s.figures (n UInt64, value Decimal(38, 10)) ENGINE = MergeTree ORDER BY n", db))
			for b.Loop() {
				enginetest.Exec(b, eng, strings.ReplaceAll(one.sql, "DB", db))
			}
			memory = enginetest.Resident(b)
		})
		fmt.Printf("%-24s %s\n", one.name, took)
	}
	fmt.Printf("%-24s %d MiB\n", "memory", memory>>20)
}
