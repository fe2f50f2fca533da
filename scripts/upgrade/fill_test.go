package upgrade

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	ch "github.com/ClickHouse/clickhouse-go/v2"

	"yardstick/schema/engine"
	"yardstick/schema/engine/enginetest"
)

const configuration = `data: data
offices:
  - {name: fgw, title: {zh: 市发展改革委, en: Development and Reform Commission}, contact: 0411-1234567}
feeds:
  - {name: published}
  - {name: watched, review: true}
  - {name: embargo}
`

// fill hands in whatever there is: the demonstration's feeds, corrections, late
// and refused figures, what waits and what was reviewed, withdrawn, attached,
// locked, reopened and said.
func (h *house) fill() {
	h.clear()
	const head = "indicator,region,period,value,unit,status,published\n"
	for name, text := range map[string]string{
		"jan.csv": january, "oct.csv": head + "gdp,210200,1994,9540.20,亿元,A,2025-10\n", "same.csv": head + "gdp,210200,1994,9540.2,亿元,A,2025-11\n",
		"late.csv": head + "gdp,210200,1994,9500,亿元,P,2024-12\n", "typo.csv": head + "gdp,210200,1994,9999,亿元,A,2025-12\n",
		"bad.csv": head + "gdp,210200,1992,much,亿元,A,2025-01\n", "ask.csv": head + fmt.Sprintf("gdp,210200,%d,7826,亿元,A,\n", time.Now().Year()+1),
		"watched1.csv": head + "gdp,210200,1990,7030.4,亿元,A,2021-02\n", "watched2.csv": head + "gdp,210200,1989,7001.7,亿元,A,2020-02\n",
		"watched3.csv": head + "gdp,210200,1988,7668.5,亿元,A,2019-02\n", "sealed.csv": "indicator,region,period,value,unit\ngdp,210200,1987,7363.9,亿元\n",
		"released.csv": "indicator,region,period,value,unit\ngdp,210200,1986,6730.3,亿元\n",
		"quarters.csv": head + "gdp,210200,1985年1-12月,6201.1,亿元,A,2018-02\ngdp,210200,1984年1-12月,6010.4,亿元,A,2018-02\n",
		"years.csv":    head + "gdp,210200,1985,6188.4,亿元,A,2018-10\ngdp,210200,1984,6020.7,亿元,A,2017-10\n",
		"form.pdf":     "%PDF-1.4 a scan", "proof.txt": "机房验收单\n",
	} {
		h.write(name, text)
	}
	h.firstStart(-1)
	ingest := func(status, file, feed string, more ...string) string {
		h.t.Helper()
		out, errs, _ := h.try(append([]string{"ingest", file, "--feed", feed, "--actor", "张三", "--output", "json"}, more...)...)
		var r struct{ ID, Status string }
		if err := json.Unmarshal(out, &r); err != nil || r.Status != status {
			h.t.Fatalf("%s is %s (%v), want %s\n%s%s", file, r.Status, err, status, errs, out)
		}
		return r.ID
	}
	jan := ingest("accepted", "jan.csv", "published")
	ingest("accepted", "oct.csv", "published")
	ingest("unchanged", "same.csv", "published")
	ingest("accepted", "late.csv", "published")
	ingest("accepted", "quarters.csv", "published")
	ingest("accepted", "years.csv", "published")
	h.run("withdraw", ingest("accepted", "typo.csv", "published"), "--reason", "笔误", "--actor", "李四")
	ingest("refused", "bad.csv", "published")
	ingest("asked", "ask.csv", "published")
	one, two := ingest("pending", "watched1.csv", "watched"), ingest("pending", "watched2.csv", "watched")
	ingest("pending", "watched3.csv", "watched")
	h.run("review", one, "--approve", "--reason", "已核对", "--actor", "李四")
	h.run("review", two, "--reject", "--reason", "口径不符", "--actor", "李四")
	ingest("pending", "sealed.csv", "embargo", "--release-at", "2199-01-01T09:00:00+08:00")
	for lead := 5 * time.Second; ; lead *= 4 { // until handing in takes less time than is left to the release
		at := time.Now().Add(lead)
		out, errs, _ := h.try("ingest", "released.csv", "--feed", "embargo", "--release-at", at.Format(time.RFC3339), "--output", "json")
		if strings.Contains(string(out), `"pending"`) {
			time.Sleep(time.Until(at.Add(time.Second)))
			break
		}
		if lead > 20*time.Minute {
			h.t.Fatalf("a feed under an embargo does not wait: %s%s", errs, out)
		}
		h.write("released.csv", fmt.Sprintf("indicator,region,period,value,unit\ngdp,210200,1986,%d,亿元\n", 6730+int(lead.Seconds())))
	}
	h.run("lock", "--through", "1980", "--actor", "李四") // releases first what is due
	h.run("reopen", "1980", "--reason", "年度核实", "--actor", "李四")
	h.run("attach", jan, "form.pdf", "--as", "signed-form", "--actor", "张三")
	h.run("attach", jan, "proof.txt", "--as", "evidence", "--actor", "张三")
	h.run("report-value", "ai-compute", "410", "--feed", "published", "--period", "2025-08", "--unit", "PFlops", "--published", "2025-09-10")
	h.run("report-value", "ai-compute", "411", "--feed", "published", "--period", "2025-08", "--unit", "PFlops", "--published", "2025-09-20", "--correction", "笔误")
	h.run("statement", "ai-compute", "--cause", "供电改造晚了", "--measures", "分两批上架", "--promised", "2199-12-31", "--actor", "张三")
	h.run("statement", "ai-compute", "--cause", "仍未完成", "--measures", "已上架一半", "--actor", "张三")
}

// displaced are the figures in force of fill that the rule of the newer version
// displaces, by their keys: of 1985 the year was published later, of 1984 the
// quarters to date were.
func displaced() []string { return []string{"gdp 210200 1984 period", "gdp 210200 1985-Q4 ytd"} }

// mustHave refuses a store that would prove little.
func (h *house) mustHave(held map[string][]string, said map[string]any) {
	for table, least := range map[string]int{"observations": 500, "receipts": 20, "receipt_events": 20, "problems": 2, "observations_current": 400,
		"acts": 6, "verdict_runs": 5, "verdicts": 100, "feed_states": 1} {
		if len(held[table]) < least {
			h.t.Fatalf("the store has %d rows of %s, want %d at least", len(held[table]), table, least)
		}
	}
	kinds := fmt.Sprint(said["audit show"])
	for _, kind := range []string{"receipt", "withdraw", "review", "release", "statement", "lock", "reopen", "attach"} {
		if !strings.Contains(kinds, kind) {
			h.t.Fatalf("the ledger has no %s", kind)
		}
	}
}

// answers asks the command what the store holds; keys are the questions. A
// receipt each is asked for, too.
func (h *house) answers() map[string]any {
	h.t.Helper()
	out := map[string]any{}
	for _, question := range []string{
		"export --output csv", "export --vintages all --output csv", "export --as-of 2025-03-01 --output csv", "receipts --output json", "audit show --output json",
		"compare --output json --as-of 2025-06-30", "compare --output json --from 2024-12-31 --to 2025-06-30 --step 3m", "statement list --all --output json",
	} {
		text := h.run(strings.Fields(question)...)
		key := strings.TrimSuffix(question, " --output json")
		var answer any
		if json.Unmarshal(text, &answer) != nil {
			answer = string(text)
		}
		out[key] = answer
	}
	list, _ := out["receipts"].([]any)
	if len(list) == 0 {
		h.t.Fatal("no receipts are listed")
	}
	for i, r := range list {
		if i > 0 && i < len(list)-1 && i%8 != 0 { // the tables hold them all; this is their telling
			continue
		}
		id := fmt.Sprint(r.(map[string]any)["id"])
		var answer any
		must(h.t, json.Unmarshal(h.run("receipt", id, "--output", "json"), &answer))
		out["receipt "+id] = answer
	}
	h.run("audit", "verify")
	return out
}

// tables reads the house's tables in a process of its own: the engine opens one
// folder a process. Rows are told by checksum, of these columns of each table;
// nil are those it has, which are given.
func (h *house) tables(columns map[string][]string) look {
	h.t.Helper()
	file := filepath.Join(h.t.TempDir(), "look.json")
	text, err := json.Marshal(look{Folder: filepath.Join(h.dir, "data", "store"), Library: enginetest.Library(h.t), Stamps: enginetest.StampDir(h.t), Columns: columns})
	must(h.t, err)
	must(h.t, os.WriteFile(file, text, 0o600))
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "UPGRADE_LOOK="+file)
	if said, err := cmd.CombinedOutput(); err != nil {
		h.t.Fatalf("reading the tables: %v\n%s", err, said)
	}
	text, err = os.ReadFile(file)
	must(h.t, err)
	var seen look
	must(h.t, json.Unmarshal(text, &seen))
	return seen
}

// look is what the process that reads the tables is asked, and its answer.
type look struct {
	Folder, Library, Stamps string
	Columns                 map[string][]string
	Rows                    map[string][]string
	Keys                    map[string]string // of the rows of observations_current
}

func TestMain(m *testing.M) {
	if file := os.Getenv("UPGRADE_LOOK"); file != "" {
		if err := lookInto(context.Background(), file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func lookInto(ctx context.Context, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var l look
	if err := json.Unmarshal(text, &l); err != nil {
		return err
	}
	eng, err := engine.Open(ctx, engine.Options{Library: l.Library, Path: l.Folder, StampDir: l.Stamps})
	if err != nil {
		return err
	}
	conn, err := ch.Open(eng.ClickHouseOptions("default", false))
	if err != nil {
		return err
	}
	if l.Columns == nil {
		l.Columns = map[string][]string{}
		for _, table := range []string{"observations", "receipt_events", "receipts", "problems", "observations_current", "acts", "verdict_runs", "verdicts", "feed_states", "registers"} {
			var names []string
			if err := conn.QueryRow(ctx, "SELECT groupArray(name) FROM (SELECT name FROM system.columns WHERE database = 'default' AND table = ? ORDER BY position)", table).Scan(&names); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
			l.Columns[table] = names
		}
	}
	l.Rows = map[string][]string{}
	for table, names := range l.Columns {
		final := ""
		if table == "observations_current" {
			final = " FINAL"
		}
		var rows []string
		if err := conn.QueryRow(ctx, "SELECT groupArray(hex(SHA256(toJSONString(tuple(`"+strings.Join(names, "`, `")+"`))))) FROM `"+table+"`"+final+" SETTINGS max_threads = 1").Scan(&rows); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
		if table == "observations_current" {
			var keys []string
			if err := conn.QueryRow(ctx, "SELECT groupArray(concat(indicator, ' ', region, ' ', period, ' ', basis)) FROM observations_current FINAL SETTINGS max_threads = 1").Scan(&keys); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
			if len(keys) != len(rows) {
				return fmt.Errorf("%s: %d rows with %d keys", table, len(rows), len(keys))
			}
			l.Keys = map[string]string{}
			for i, row := range rows {
				l.Keys[row] = keys[i]
			}
		}
		slices.Sort(rows)
		l.Rows[table] = rows
	}
	if text, err = json.Marshal(l); err != nil {
		return err
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	_ = conn.Close()
	return eng.Close()
}
