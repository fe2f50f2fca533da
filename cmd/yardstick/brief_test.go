package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"math/big"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/targets"
)

// brief reads the served document as a word processor would and holds every
// target's value, target, gap, progress and time against /api/v1/verdicts.
func (d *demonstration) brief(t *testing.T) {
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2025-06-30", "2025-03-31", "2024-12-20"} {
		verdicts := d.apiVerdicts(t, day)
		rows := firstTable(t, d.get(t, "/brief?as_of="+day))
		if len(rows) != 28 {
			t.Fatalf("%s: the table has %d rows, want a head and 27", day, len(rows))
		}
		for i, row := range rows[1:] {
			comparesRow(t, register, day, row, verdicts, i)
		}
	}
	// The command beside the server says the same as the server.
	served := textOf(t, d.get(t, "/brief?as_of=2025-06-30&worst=2&slips=without"))
	printed := textOf(t, d.output(t, "brief", "--as-of", "2025-06-30", "--worst", "2", "--slips", "without"))
	if mask(served) != mask(printed) {
		t.Error("the command's brief differs from the served one")
	}
}

// mask takes out when the brief was made.
func mask(s string) string {
	return regexp.MustCompile(`成文时间：[^。]*`).ReplaceAllString(s, "")
}

func (d *demonstration) get(t *testing.T, path string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	status, body, err := fetch(ctx, d.base+path)
	if err != nil || status != http.StatusOK {
		t.Fatalf("%s: %d %v %.300s", path, status, err, body)
	}
	return body
}

func (d *demonstration) apiVerdicts(t *testing.T, day string) map[string]schema.Verdict {
	t.Helper()
	var list []schema.Verdict
	if err := json.Unmarshal(d.get(t, "/api/v1/verdicts?policy=dalian-2024-15&as_of="+day), &list); err != nil {
		t.Fatal(err)
	}
	out := map[string]schema.Verdict{}
	for _, v := range list {
		out[v.Target] = v
	}
	return out
}

// document is the main part of a DOCX.
func document(t *testing.T, docx []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	body, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// walk gives each text of a DOCX, and each end of an element.
func walk(t *testing.T, docx []byte, text func(string), end func(name string) bool) {
	t.Helper()
	in := false
	for dec := xml.NewDecoder(bytes.NewReader(document(t, docx))); ; {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			in = e.Name.Local == "t"
		case xml.CharData:
			if in {
				text(string(e))
			}
		case xml.EndElement:
			in = false
			if !end(e.Name.Local) {
				return
			}
		}
	}
}

func textOf(t *testing.T, docx []byte) string {
	var b strings.Builder
	walk(t, docx, func(s string) { b.WriteString(s) }, func(name string) bool {
		if name == "p" {
			b.WriteString("\n")
		}
		return true
	})
	return b.String()
}

// firstTable is the table of all targets: rows of cells of lines.
func firstTable(t *testing.T, docx []byte) (rows [][][]string) {
	var row [][]string
	var cell []string
	line := ""
	walk(t, docx, func(s string) { line += s }, func(name string) bool {
		switch name {
		case "p":
			cell, line = append(cell, line), ""
		case "tc":
			row, cell = append(row, cell), nil
		case "tr":
			rows, row = append(rows, row), nil
		case "tblGrid":
			cell = nil
		}
		return name != "tbl"
	})
	return rows
}

var number = regexp.MustCompile(`[0-9]+(\.[0-9]+)?`)

// comparesRow holds one row against the verdict on its target.
func comparesRow(t *testing.T, register *targets.Register, day string, row [][]string, verdicts map[string]schema.Verdict, place int) {
	t.Helper()
	p, _ := register.Policy("dalian-2024-15")
	for _, target := range p.Targets {
		if target.Title.Zh != row[0][0] {
			continue
		}
		v := verdicts[target.ID]
		word := strings.TrimLeft(row[1][0], "×▲■◆□●○◎\u00a0")
		if word != v.Status.Label().Zh && word != "限值内" && word != "未到评价期" {
			t.Errorf("%s %s: the brief says %s, the API %s", day, target.ID, word, v.Status)
		}
		if target.Kind == schema.Milestone {
			done := v.Value != nil && v.Value.Sign() > 0
			if (row[2][0] == "已完成") != done {
				t.Errorf("%s %s: the brief says %s, the API %v", day, target.ID, row[2][0], v.Value)
			}
			return
		}
		ind, _ := register.Indicators.ByCode(target.Indicator)
		same(t, day+" "+target.ID+" value", row[2], v.Value, ind)
		same(t, day+" "+target.ID+" target", row[3], &v.TargetValue, ind)
		gap := v.Gap
		if gap != nil && gap.Sign() == 0 && target.Kind != schema.Cadence {
			gap = nil
		}
		told := row[4]
		if target.Kind == schema.Cadence && len(told) > 1 {
			told = told[1:] // what it is stands above
		}
		same(t, day+" "+target.ID+" gap", told, gap, ind)
		share(t, day+" "+target.ID, row[5], "进度 ", v.Progress)
		if v.Progress != nil {
			share(t, day+" "+target.ID, row[5], "时间 ", v.Schedule)
		}
		return
	}
	t.Errorf("%s: row %d is of no target: %q", day, place, row[0])
}

// same reports where the number of a cell is not want on the unit beside it, to
// the digits that are shown.
func same(t *testing.T, what string, cell []string, want *schema.Decimal, ind schema.Indicator) {
	t.Helper()
	found := number.FindString(cell[0])
	if want == nil || found == "" {
		if want != nil || cell[0] != "—" {
			t.Errorf("%s: the brief says %q, the API %v", what, cell, want)
		}
		return
	}
	got, ok := new(big.Rat).SetString(found)
	if !ok {
		t.Fatalf("%s: %q", what, found)
	}
	asked := want.Abs().Rat()
	for _, u := range ind.Units {
		if len(cell) > 1 && u.Unit == cell[1] && u.Unit != ind.Unit {
			asked.Quo(asked, u.Factor.Rat())
		}
	}
	_, digits, _ := strings.Cut(found, ".")
	off, _ := new(big.Rat).Sub(got, asked).Float64()
	most := 0.0
	if ind.Formula != nil { // computed, so rounded to what is shown; a gap is the target less that
		most = 0.5*math.Pow10(-len(digits)) + 1e-12
	}
	if math.Abs(off) > most {
		t.Errorf("%s: the brief says %q, the API %s", what, cell, want)
	}
}

func share(t *testing.T, what string, cell []string, name string, want *float64) {
	t.Helper()
	for _, line := range cell {
		text, ok := strings.CutPrefix(line, name)
		if !ok {
			continue
		}
		got, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
		if err != nil || want == nil || math.Abs(got-100**want) > 0.5+1e-9 {
			t.Errorf("%s: the brief says %q, the API %v", what, line, want)
		}
		return
	}
	if want != nil {
		t.Errorf("%s: the brief does not say %s, the API %v", what, name, *want)
	}
}
