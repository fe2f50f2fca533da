package pipeline

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yardstick/collectors/secrecy"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// everything is all that stands in the files below a folder.
func everything(t *testing.T, dir string) (all []byte) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all = append(append(all, path...), text...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhatMustNotBeHereLeavesNothingBehind(t *testing.T) {
	const number = "990101198706150033"
	rows := func(bad string) [][]any {
		return [][]any{{"指标", "地区", "时期", "数值", "单位", "备注"}, {"地区生产总值", "大连市", "2024年", Number("9516.9"), "亿元", bad}, {"合计", nil, nil, nil, nil, "完"}}
	}
	text := func(bad string) string {
		return "指标,地区,时期,数值,单位,备注\n地区生产总值,大连市,2024年,9516.9,亿元," + bad + "\n"
	}
	gbk := func(s string) []byte {
		b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	files := map[string]func(bad string) []byte{
		"a.csv":  func(bad string) []byte { return []byte(text(bad)) },
		"g.csv":  func(bad string) []byte { return gbk(text(bad)) },
		"a.xlsx": func(bad string) []byte { return XLSX(Sheet{Name: "表一", Rows: rows(bad)}) },
		"a.xls":  func(bad string) []byte { return XLS(Sheet{Name: "表一", Rows: rows(bad)}) },
		"a.et":   func(bad string) []byte { return XLS(Sheet{Name: "空"}, Sheet{Name: "表一", Rows: rows(bad)}) },
		"b.xls": func(bad string) []byte {
			return gbk("<html><table><tr><td>" + strings.NewReplacer(",", "<td>", "\n", "<tr><td>").Replace(text(bad)) + "</table></html>")
		},
		"broken.csv": func(bad string) []byte { return []byte("\"" + text(bad)) },
	}
	for name, write := range files {
		for code, bad := range map[string]string{secrecy.Marked: "机密★5年", secrecy.Identity: number} {
			d := newDesk(t)
			var log bytes.Buffer
			d.o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			send := func(change ...func(*Submission)) schema.Receipt {
				return d.send(t, string(write(bad)), append(change, func(s *Submission) { s.Name = name })...)
			}
			r := send()
			if r.Status != schema.Refused || len(r.Problems) != 1 || r.Problems[0].Code != code || r.Snapshot != "" || r.Bytes != 0 {
				t.Errorf("%s with %s: %+v", name, code, r)
				continue
			}
			if cell := r.Problems[0].Cell; cell != "F2" && name != "broken.csv" || !strings.Contains(r.Problems[0].Zh, cell) {
				t.Errorf("%s: told at %q: %s", name, cell, r.Problems[0].Zh)
			}
			left := append(everything(t, d.dir), fmt.Sprintf("%+v %+v %s", d.shelf.receipts, d.told, log.String())...)
			for _, trace := range [][]byte{[]byte(bad), gbk(bad), Wide(bad), []byte("地区生产总值")} {
				if bytes.Contains(left, trace) {
					t.Errorf("%s: %q is left behind: %.300q", name, trace, left)
				}
			}
			if len(d.shelf.rows) > 0 {
				t.Errorf("%s: figures are in", name)
			}
			body := func() Submission {
				return Submission{Feed: schema.Feed{Name: "accounts"}, Name: name, Body: bytes.NewReader(write(bad)), Actor: "desk"}
			}
			seen, err := d.Look(t.Context(), body())
			if err != nil || seen.Receipt.Status != schema.Refused || len(seen.Sheets)+len(seen.Rows)+len(seen.Figures) > 0 {
				t.Errorf("%s: a look shows %+v, %v", name, seen, err)
			}
			file, problems, done, err := d.Table(t.Context(), body())
			if err != nil || len(problems) != 1 || problems[0].Code != code || len(file.Tables) > 0 || done() != nil {
				t.Errorf("%s: its table: %v, %v", name, problems, err)
			}
		}
		d := newDesk(t)
		if r := d.send(t, string(write("商业秘密")), func(s *Submission) { s.Name = name }); r.Snapshot == "" || !bytes.Contains(everything(t, d.dir), write("商业秘密")) {
			t.Errorf("%s without a mark is not kept: %+v", name, r)
		}
	}
}

func TestWhatIsSaidBesideAFileIsLookedAtToo(t *testing.T) {
	for what, say := range map[string]func(*Submission){
		"its name":   func(s *Submission) { s.Name = "绝密★ 六月.csv" },
		"its reason": func(s *Submission) { s.Reason = "见绝密★件" },
		"an answer":  func(s *Submission) { s.Answers = map[string]string{"unit": "绝密★"} },
		"an edit":    func(s *Submission) { s.Edits = []table.Edit{{Cell: "A1", Text: "绝密★"}} },
	} {
		d := newDesk(t)
		r := d.send(t, head+"gdp,210200,2024,9516.9,亿元,,P,,2025-01\n", say)
		if r.Status != schema.Refused || len(r.Problems) != 1 || r.Problems[0].Code != secrecy.Marked || r.Snapshot != "" {
			t.Errorf("%s: %+v", what, r)
		}
		if left := fmt.Sprintf("%s %+v", everything(t, d.dir), d.shelf.receipts); strings.Contains(left, "绝密★") {
			t.Errorf("%s is left behind: %s", what, left)
		}
	}
}
