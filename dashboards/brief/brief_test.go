package brief

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yardstick/dashboards/brief/paper"
	"yardstick/schema"
)

var update = flag.Bool("update", false, "write testdata/*.txt anew")

// parts are the files of a DOCX by name.
func parts(t *testing.T, body []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func (o *office) docx(t *testing.T, a Asked) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := o.brief(t, a).Write(t.Context(), &b, DOCX); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// textOf is a document's text: a line a paragraph, cells parted by bars.
func textOf(t *testing.T, document []byte) string {
	t.Helper()
	var b strings.Builder
	var cell []string
	var line strings.Builder
	in := 0
	dec := xml.NewDecoder(bytes.NewReader(document))
	text := false
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "tc":
				in++
				line.Reset()
			case "t":
				text = e.Name.Space != "http://schemas.openxmlformats.org/drawingml/2006/main"
			}
		case xml.CharData:
			if text {
				line.Write(e)
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "t":
				text = false
			case "tc":
				in--
				cell = append(cell, strings.TrimSpace(line.String()))
				line.Reset()
			case "p":
				if in > 0 {
					line.WriteString(" ")
					continue
				}
				if s := strings.TrimSpace(line.String()); s != "" {
					b.WriteString(s + "\n")
				}
				line.Reset()
			case "tr":
				b.WriteString("| " + strings.Join(cell, " | ") + "\n")
				cell = nil
			}
		}
	}
}

func TestTheBriefSaysInBothLanguagesWhatItAlwaysSaid(t *testing.T) {
	o := newOffice(t)
	for _, lang := range []string{"zh", "en"} {
		a := asked()
		a.Lang = lang
		got := textOf(t, parts(t, o.docx(t, a))["word/document.xml"])
		golden := filepath.Join("testdata", "brief-"+lang+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs (go test -update writes it anew); first at:\n%s", golden, firstDifference(got, string(want)))
		}
	}
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, a[i], slices.Concat(b, []string{"(nothing)"})[min(i, len(b))])
		}
	}
	return "the end: lines are missing"
}

func TestTheSameBriefIsTheSameBytes(t *testing.T) {
	o := newOffice(t)
	if !bytes.Equal(o.docx(t, asked()), o.docx(t, asked())) {
		t.Error("two documents of the same figures differ")
	}
}

// relations is a part that leads to others.
type relations struct {
	All []struct {
		ID     string `xml:"Id,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

func TestEveryPartOfTheDocumentIsWellFormedNamedAndReached(t *testing.T) {
	files := parts(t, newOffice(t).docx(t, asked()))
	var kinds struct {
		Default []struct {
			Extension string `xml:"Extension,attr"`
		} `xml:"Default"`
		Override []struct {
			PartName string `xml:"PartName,attr"`
		} `xml:"Override"`
	}
	if err := xml.Unmarshal(files["[Content_Types].xml"], &kinds); err != nil {
		t.Fatal(err)
	}
	reached := map[string]bool{"[Content_Types].xml": true, "_rels/.rels": true}
	for name, body := range files {
		if ext := path.Ext(name); ext == ".xml" || ext == ".rels" {
			wellFormed(t, name, body)
		}
		if path.Ext(name) != ".rels" {
			continue
		}
		var links relations
		if err := xml.Unmarshal(body, &links); err != nil {
			t.Fatal(err)
		}
		reached[name] = true
		from := path.Dir(path.Dir(name))
		source := string(files[path.Join(from, strings.TrimSuffix(path.Base(name), ".rels"))])
		for _, l := range links.All {
			to := path.Join(from, l.Target)
			if _, ok := files[to]; !ok {
				t.Errorf("%s leads to %s, which is not there", name, to)
			}
			reached[to] = true
			implied := slices.Contains([]string{"styles.xml", "settings.xml", "fontTable.xml"}, path.Base(to))
			if source != "" && !implied && !strings.Contains(source, `"`+l.ID+`"`) {
				t.Errorf("%s: nothing uses %s", name, l.ID)
			}
		}
	}
	for name := range files {
		typed := slices.ContainsFunc(kinds.Override, func(o struct {
			PartName string `xml:"PartName,attr"`
		}) bool {
			return o.PartName == "/"+name
		})
		for _, d := range kinds.Default {
			typed = typed || d.Extension == strings.TrimPrefix(path.Ext(name), ".")
		}
		if !typed && name != "[Content_Types].xml" {
			t.Errorf("%s has no content type", name)
		}
		if !reached[name] {
			t.Errorf("nothing leads to %s", name)
		}
	}
	if files["word/charts/chart1.xml"] == nil || files["word/embeddings/Microsoft_Excel_Sheet1.xlsx"] == nil {
		t.Error("there is no chart with its workbook")
	}
}

func wellFormed(t *testing.T, name string, body []byte) {
	t.Helper()
	for dec := xml.NewDecoder(bytes.NewReader(body)); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}

func TestTheDocumentHasTheMeasuresOfTheStandard(t *testing.T) {
	files := parts(t, newOffice(t).docx(t, asked()))
	document, styles := string(files["word/document.xml"]), string(files["word/styles.xml"])
	for _, want := range []string{
		`<w:pgSz w:w="11906" w:h="16838"/>`, `w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"`, `w:linePitch="579"`, `<w:tblHeader/>`,
		`<w:pStyle w:val="Heading1"/>`, `<w:pStyle w:val="Heading2"/>`, `<w:footerReference w:type="even"`, `<w:pStyle w:val="Title"/>`,
	} {
		if !strings.Contains(document, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	for _, want := range []string{`w:eastAsia="仿宋_GB2312"`, `w:eastAsia="方正小标宋简体"`, `w:eastAsia="黑体"`, `w:eastAsia="楷体_GB2312"`, `w:line="579" w:lineRule="exact"`} {
		if !strings.Contains(styles, want) {
			t.Errorf("the styles lack %s", want)
		}
	}
	if !strings.Contains(string(files["word/settings.xml"]), "<w:evenAndOddHeaders/>") {
		t.Error("odd and even sheets are not told apart")
	}
}

func TestEachColourOfASlipHasItsReason(t *testing.T) {
	day := schema.NewDate(2025, 6, 30)
	for _, k := range []struct {
		v    schema.Verdict
		want paper.Colour
	}{
		{schema.Verdict{Status: schema.Missed, AsOf: day}, paper.Red},
		{schema.Verdict{Status: schema.Missed, AsOf: day, Marks: schema.Marks{ReachedLate: true}}, ""},
		{schema.Verdict{Status: schema.Breached, AsOf: day}, paper.Red},
		{schema.Verdict{Status: schema.Lagging, AsOf: day, Deadline: day.AddDays(10)}, paper.Yellow},
		{schema.Verdict{Status: schema.AtRisk, AsOf: day, Deadline: day.AddDays(90)}, paper.Blue},
		{schema.Verdict{Status: schema.AtRisk, AsOf: day, Deadline: day.AddDays(91)}, ""},
		{schema.Verdict{Status: schema.AtRisk, AsOf: day}, ""},
		{schema.Verdict{Status: schema.OnTrack, AsOf: day, Deadline: day}, ""},
		{schema.Verdict{Status: schema.NoData, AsOf: day, Deadline: day}, ""},
	} {
		got, ok := slipColour(k.v)
		if !ok {
			got = ""
		}
		if got != k.want {
			t.Errorf("%s, %d days left, late %v: %q, want %q", k.v.Status, k.v.Deadline.DaysSince(day), k.v.Marks.ReachedLate, got, k.want)
		}
	}
}

// speech is what one owner says.
type speech struct{}

func (speech) Statements(_ context.Context, policy, target string, _ schema.Date) ([]schema.Statement, error) {
	if target != "firms" {
		return nil, nil
	}
	return []schema.Statement{{Policy: policy, Target: target, Cause: "认定批次推迟", Measures: "三季度\n增加一批", Promised: schema.NewDate(2025, 11, 30), By: "样例局",
		Day: schema.NewDate(2025, 6, 20), Seq: 1}}, nil
}

func TestAnOwnersStatementStandsInTheBriefAndOnTheSlip(t *testing.T) {
	o := newOffice(t)
	options := o.options()
	options.Statements = speech{}
	b, err := Gather(t.Context(), options, asked())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.Write(t.Context(), &out, DOCX); err != nil {
		t.Fatal(err)
	}
	text := textOf(t, parts(t, out.Bytes())["word/document.xml"])
	for _, want := range []string{
		"情况说明：原因：认定批次推迟；措施：三季度 增加一批；承诺完成日期：2025-11-30（还有153天）（样例局填报于 2025-06-20）。",
		"| 滞后原因 | 认定批次推迟", "| 整改措施 | 三季度 增加一批", "| 承诺日期 | 2025年11月30日", "情况说明：未填报。",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the brief lacks %q", want)
		}
	}
}

func TestSlipsAlone(t *testing.T) {
	a := asked()
	a.Slips = OnlySlips
	text := textOf(t, parts(t, newOffice(t).docx(t, a))["word/document.xml"])
	if !strings.Contains(text, "黄色督办") || strings.Contains(text, "总体情况") {
		t.Error(text)
	}
	a.Slips = WithoutSlips
	text = textOf(t, parts(t, newOffice(t).docx(t, a))["word/document.xml"])
	if strings.Contains(text, "黄色督办") || !strings.Contains(text, "总体情况") {
		t.Error(text)
	}
}

func TestTheCardFitsWhatWeComTakes(t *testing.T) {
	a := asked()
	a.Worst = MostWorst
	b := newOffice(t).brief(t, a)
	for range 6 { // many more rows than any chat takes
		b.card.Rows = slices.Concat(b.card.Rows, b.card.Rows)
	}
	if n := len(b.Markdown()); n > mostMarkdown || n < mostMarkdown-600 {
		t.Errorf("%d bytes of Markdown", n)
	}
	if n := len(b.Text()); n > mostText || n < mostText-600 {
		t.Errorf("%d bytes of text", n)
	}
	if text := b.Text(); !strings.HasSuffix(text, "policy=example-2025-plan\n") || strings.Contains(text, "<font") {
		t.Error(text)
	}
}

func TestLibreOfficeOpensTheDocument(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice (soffice) is not installed, so nobody else opens the document here: apt-get install libreoffice-writer")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "brief.docx")
	if err := os.WriteFile(file, newOffice(t).docx(t, asked()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), soffice, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "brief.txt"))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"政策目标完成情况简报", "31.40", "黄色督办：进度滞后", strings.Repeat("ab", 32)} {
		if !strings.Contains(string(text), want) {
			t.Errorf("LibreOffice does not show %q", want)
		}
	}
}

func TestWhatCannotBeAskedForIsRefused(t *testing.T) {
	o := newOffice(t)
	for _, change := range []func(*Asked){
		func(a *Asked) { a.Policy = "nobody" }, func(a *Asked) { a.Worst = -1 }, func(a *Asked) { a.Worst = MostWorst + 1 },
		func(a *Asked) { a.CompareWith = a.AsOf }, func(a *Asked) { a.Slips = "some" },
	} {
		a := asked()
		change(&a)
		if _, err := Gather(t.Context(), o.options(), a); err == nil {
			t.Errorf("%+v was made", a)
		}
	}
}
