package clickhouse_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"yardstick/schema/clickhouse"
	"yardstick/schema/engine/enginetest"
)

// statements splits a rendered migration as the migrator does.
func statements(t *testing.T, cluster string) []string {
	t.Helper()
	files, err := clickhouse.Migrations(cluster)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	var out []string
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		bare := regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(string(text), "")
		for _, s := range strings.Split(bare, ";") {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

// No cluster can be run here: its statements are checked by the engine's own
// parser, and by what they must say.
func TestClusterStatementsAreReadByTheRealParser(t *testing.T) {
	h := newHouse(t)
	conn := open(t, h)
	replicated, distributed := 0, 0
	for _, s := range statements(t, "yard stick") {
		var formatted string
		if err := conn.QueryRow(t.Context(), "SELECT formatQuery(?)", s).Scan(&formatted); err != nil {
			t.Fatalf("%v\n%s", err, s)
		}
		if !strings.Contains(formatted, "ON CLUSTER `yard stick`") {
			t.Errorf("runs on one server only:\n%s", formatted)
		}
		if strings.HasPrefix(formatted, "CREATE TABLE") {
			switch {
			case strings.Contains(formatted, "ENGINE = Replicated"):
				replicated++
			case strings.Contains(formatted, "ENGINE = Distributed("):
				distributed++
			default:
				t.Errorf("neither replicated nor distributed:\n%s", formatted)
			}
		}
	}
	if replicated == 0 || replicated != distributed {
		t.Errorf("%d replicated tables under %d distributed ones", replicated, distributed)
	}
}

func TestMigratingTwiceRunsNothingTheSecondTime(t *testing.T) {
	eng := enginetest.Open(t)
	db := enginetest.Database(t, eng)
	first, err := clickhouse.Migrate(t.Context(), eng.ClickHouseOptions(db, true), "")
	if err != nil || first == 0 {
		t.Fatalf("first: %d, %v", first, err)
	}
	if second, err := clickhouse.Migrate(t.Context(), eng.ClickHouseOptions(db, true), ""); err != nil || second != 0 {
		t.Fatalf("second: %d, %v", second, err)
	}
}
