package targets

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"yardstick/schema"
	"yardstick/schema/calendar"
)

func TestKeptRegistersAreReadAsTheyWere(t *testing.T) {
	days, err := calendar.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, files := range [][]string{nil, {"testdata/other-city.yaml"}} {
		was, err := LoadWith(files...)
		if err != nil {
			t.Fatal(err)
		}
		was.Policies[0].Targets[0].Owner = schema.Text{Zh: "科技局", En: "Science"}
		text, err := Keep(was, days)
		if err != nil {
			t.Fatal(err)
		}
		is, calendar, err := Read(text)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Keep(is, calendar); err != nil || !bytes.Equal(again, text) {
			t.Fatalf("kept once more the registers differ (%v)", err)
		}
		if !reflect.DeepEqual(calendar, days) {
			t.Error("another calendar")
		}
		for i, p := range was.Policies {
			if !reflect.DeepEqual(is.Policies[i], p) {
				t.Errorf("policy %s is read as\n%+v, was\n%+v", p.ID, is.Policies[i], p)
			}
		}
		if !reflect.DeepEqual(is.Regions, was.Regions) {
			t.Error("other regions, or other names of theirs")
		}
		is.Indicators.headers = was.Indicators.headers // of feeds, not of what is judged
		if !reflect.DeepEqual(is.Indicators, was.Indicators) {
			t.Error("other indicators, or other names of theirs")
		}
	}
	for _, text := range []string{"", "{", `{"policies":1}`} {
		if _, _, err := Read([]byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
	twice := `{"indicators":[{"code":"a","frequencies":["A"]},{"code":"a","frequencies":["A"]}],"calendar":{}}`
	if _, _, err := Read([]byte(twice)); err == nil || !strings.Contains(err.Error(), "kept") {
		t.Errorf("one code twice: %v", err)
	}
}
