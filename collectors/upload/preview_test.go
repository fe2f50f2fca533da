package upload

import (
	"maps"
	"net/url"
	"testing"
	"time"

	"yardstick/collectors/pipeline"
	"yardstick/dashboards/web"
	"yardstick/schema"
)

func TestAWrittenAnswerGoesBeforeAChosenOneAndAnEmptyOneLeavesTheQuestionOpen(t *testing.T) {
	p := &Pages{Site: &web.Site{Options: web.Options{Location: time.UTC}}}
	for name, x := range map[string]struct {
		form, want string
	}{
		"chosen":                     {"choose:unit=万元", "basis=累计&unit=万元"},
		"written":                    {"write:unit=+亿元+", "basis=累计&unit=亿元"},
		"written and chosen":         {"write:unit=亿元&choose:unit=万元", "basis=累计&unit=亿元"},
		"left empty":                 {"write:basis=&choose:basis=", ""},
		"forgotten":                  {"forget=basis", ""},
		"forgotten and given anew":   {"forget=basis&choose:basis=当期", "basis=当期"},
		"no answer's field":          {"unit=亿元&choose=万元&other:unit=1", "basis=累计"},
		"nothing about the question": {"note=x", "basis=累计"},
	} {
		form, err := url.ParseQuery(x.form)
		if err != nil {
			t.Fatal(err)
		}
		d := &draft{Submission: pipeline.Submission{Answers: map[string]string{"basis": "累计"}}}
		if err := p.takeAnswers(d, form); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		want, _ := url.ParseQuery(x.want)
		got := url.Values{}
		for k, v := range maps.All(d.Answers) {
			got.Set(k, v)
		}
		if got.Encode() != want.Encode() {
			t.Errorf("%s: %v", name, d.Answers)
		}
	}
}

func TestWhatIsSaidBesideAFileIsTakenFromTheFormThatSaysIt(t *testing.T) {
	p := &Pages{Site: &web.Site{Options: web.Options{Location: time.FixedZone("CST", 8*3600)}}}
	day := schema.NewDate(2025, 6, 14)
	before := pipeline.Submission{Answers: map[string]string{}, Published: &day, Reason: "月报", Correction: schema.Clerical}
	d := &draft{Submission: before}
	if err := p.takeAnswers(d, url.Values{}); err != nil || d.Published != &day || d.Reason != "月报" || d.Correction != schema.Clerical {
		t.Errorf("a form that says nothing changed it: %+v %v", d.Submission, err)
	}
	form := url.Values{"published": {" "}, "note": {" 季报 "}, "correction": {""}, "release_at": {" 2025-07-15T10:00 "}}
	if err := p.takeAnswers(d, form); err != nil || d.Published != nil || d.Reason != "季报" || d.Correction != "" || !d.ReleaseAt.Equal(time.Date(2025, 7, 15, 2, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v %v", d.Submission, err)
	}
	d.Answers["basis"] = "累计"
	for name, form := range map[string]url.Values{"day": {"published": {"2025-02-30"}}, "moment": {"release_at": {"soon"}}, "correction": {"correction": {"mood"}}} {
		form["note"], form["forget"], form["choose:unit"] = []string{"年报"}, []string{"basis"}, []string{"万元"}
		if err := p.takeAnswers(d, form); err == nil {
			t.Errorf("a wrong %s is taken", name)
		}
		if d.Reason != "季报" || len(d.Answers) != 1 || d.Answers["basis"] != "累计" {
			t.Errorf("a form with a wrong %s changed it: %+v", name, d.Submission)
		}
	}
}

func TestAFindingLeadsToItsCellWhereItIsShown(t *testing.T) {
	f := &frame{Frame: &web.Frame{Lang: schema.English}}
	m := newMarks(f, pipeline.Look{Sheets: []pipeline.LookSheet{
		{Name: "first", Columns: 2, Rows: []pipeline.LookRow{{Number: 1, Cells: []string{"a"}}, {Number: 12}}}, {Name: "second", Columns: 2, Rows: []pipeline.LookRow{{Number: 3}}}}})
	for name, x := range map[string]struct {
		p           schema.Problem
		href, place string
	}{
		"a cell":                     {schema.Problem{Sheet: "first", Cell: "B12"}, "#c1-B12", "first!B12"},
		"of the second sheet":        {schema.Problem{Sheet: "second", Cell: "A3"}, "#c2-A3", "second!A3"},
		"a row":                      {schema.Problem{Sheet: "first", Line: 12}, "#c1-12", "first!" + f.T("board-place-line", "line", 12)},
		"a row that is not shown":    {schema.Problem{Sheet: "first", Line: 3}, "", "first!" + f.T("board-place-line", "line", 3)},
		"a cell that is not shown":   {schema.Problem{Sheet: "second", Cell: "B12"}, "", "second!B12"},
		"a sheet":                    {schema.Problem{Sheet: "first"}, "", "first"},
		"the file":                   {schema.Problem{}, "", ""},
		"a sheet that is not there":  {schema.Problem{Sheet: "third", Cell: "A1"}, "", "third!A1"},
		"a cell, which goes first":   {schema.Problem{Sheet: "first", Cell: "A1", Line: 12}, "#c1-A1", "first!A1"},
		"a cell of a file of tables": {schema.Problem{Cell: "A1"}, "", "A1"},
	} {
		if got := m.finding("n", 1, x.p); got.Href != x.href || got.Place != x.place || got.ID != "n1" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	m.finding("p", 1, schema.Problem{Sheet: "first", Cell: "B1"})
	m.finding("q", 2, schema.Problem{Sheet: "first", Cell: "B1"})
	m.finding("x", 3, schema.Problem{Sheet: "first", Line: 1})
	m.finding("n", 4, schema.Problem{Sheet: "first", Cell: "A1"})
	cells := m.Cells(pipeline.LookSheet{Name: "first", Columns: 2}, pipeline.LookRow{Number: 1, Cells: []string{"a"}})
	if len(cells) != 2 || cells[0].Text != "a" || cells[0].Class != "on-open" || len(cells[0].Marks) != 1 || cells[1].Text != "" || cells[1].Class != "on-lagging" || len(cells[1].Marks) != 2 {
		t.Errorf("%+v", cells)
	}
	if m.named("first", "A1") != "first!A1" || newMarks(f, pipeline.Look{}).named("first", "A1") != "A1" || m.named("", "A1") != "A1" {
		t.Error("a cell is not called by its sheet where there are several")
	}
}

func TestAFeedIsLateTheDayAfterItIsDue(t *testing.T) {
	may := schema.Month(2025, 5)
	for day, want := range map[schema.Date]string{
		schema.NewDate(2025, 5, 30): "on_track", schema.NewDate(2025, 5, 31): "at_risk", schema.NewDate(2025, 6, 14): "at_risk", schema.NewDate(2025, 6, 15): "lagging",
	} {
		f := &frame{Frame: &web.Frame{Lang: schema.English, Today: day}}
		row := f.owedRow(schema.FeedState{Due: schema.NewDate(2025, 6, 14), DuePeriod: may})
		if row.State.Shape != want || row.Late != (want == "lagging") {
			t.Errorf("%s: %+v", day, row.State)
		}
	}
	f := &frame{Frame: &web.Frame{Lang: schema.English, Today: schema.NewDate(2025, 6, 30)}}
	if row := f.owedRow(schema.FeedState{}); row.State.Shape != "open" || row.Late || f.Due(row.FeedState) != "" {
		t.Errorf("a feed that owes nothing: %+v", row)
	}
	if f.Trouble(0, 0) != "" || f.Trouble(1, 0) == "" || f.Trouble(0, 1) == "" {
		t.Error("trouble is told where there is none, or not where there is")
	}
}
