package grafana_test

import (
	"regexp"
	"strings"
	"testing"

	"yardstick/dashboards/grafana"
)

// mentioned are the variables that a text names, without Grafana's own.
func mentioned(s string) (out []string) {
	for _, m := range regexp.MustCompile(`\$\{?([A-Za-z_]\w*)`).FindAllStringSubmatch(s, -1) {
		if !strings.HasPrefix(m[1], "__") {
			out = append(out, m[1])
		}
	}
	return out
}

func TestEveryVariableIsThereAndUsed(t *testing.T) {
	everyBoard(t, func(t *testing.T, lang string, b board) {
		files, err := grafana.Dashboards(lang)
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, v := range b.Templating.List {
			if known[v.Name] || v.Label == "" {
				t.Errorf("variable %s stands twice or has no label", v.Name)
			}
			for _, name := range mentioned(v.Query) { // those before it alone, or it would be asked too early
				if v.Type == "query" && !known[name] && name != "board" {
					t.Errorf("variable %s needs %s, which comes later or not at all", v.Name, name)
				}
			}
			known[v.Name] = true
		}
		used := map[string]bool{}
		for _, name := range mentioned(string(files[b.UID+".json"])) {
			used[name] = true
			if !known[name] {
				t.Errorf("variable %s is used and not there", name)
			}
		}
		for _, p := range b.Panels {
			if p.Repeat != "" {
				used[p.Repeat] = true
			}
		}
		for name := range known {
			if !used[name] {
				t.Errorf("variable %s is not used", name)
			}
		}
	})
}

func TestEveryPanelSaysWhereFiguresAreSynthetic(t *testing.T) {
	everyBoard(t, func(t *testing.T, _ string, b board) {
		for _, p := range b.Panels {
			if !strings.HasPrefix(p.Title, "${note}") && p.Options["content"] != "${banner}" {
				t.Errorf("%s shared alone would not say so", p.Title)
			}
		}
		if b.Panels[0].Options["content"] != "${banner}" || b.Panels[0].GridPos.Y != 0 {
			t.Error("the banner does not stand on top")
		}
	})
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	uids := map[string]bool{}
	for _, lang := range grafana.Languages() {
		for _, b := range boards(t, lang) {
			uids[b.UID] = true
		}
	}
	pages := regexp.MustCompile(`^\$\{board\}(|/feeds|/receipts/\$\{__value\.raw\}|/targets/\$\{__data\.fields\.policy\}/\$\{__data\.fields\.target\})$`)
	everyBoard(t, func(t *testing.T, lang string, b board) {
		others := map[string]bool{}
		for _, l := range b.Links {
			others[strings.TrimPrefix(l.URL, "/d/")] = true
			if strings.HasPrefix(l.URL, "/d/") && !l.IncludeVars {
				t.Errorf("%s forgets the variables", l.Title)
			}
			if timed := !strings.Contains(b.UID+l.URL, "yardstick-data"); timed && strings.HasPrefix(l.URL, "/d/") && !l.KeepTime {
				t.Errorf("%s forgets the time", l.Title)
			}
		}
		for uid := range uids {
			if sameTongue := strings.HasSuffix(uid, "-en") == (lang == "en"); sameTongue && uid != b.UID && !others[uid] {
				t.Errorf("no link to %s", uid)
			}
		}
		files, err := grafana.Dashboards(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"url": "([^"]*)"`).FindAllStringSubmatch(string(files[b.UID+".json"]), -1) {
			uid, _, _ := strings.Cut(strings.TrimPrefix(m[1], "/d/"), "?")
			if !uids[uid] && !pages.MatchString(m[1]) {
				t.Errorf("%s leads nowhere", m[1])
			}
		}
	})
}

func TestThePolicysTimeIsShownAndTheMachineIsOfNow(t *testing.T) {
	everyBoard(t, func(t *testing.T, _ string, b board) {
		from, to := "2024-09-30T16:00:00.000Z", "2025-12-31T15:59:59.000Z"
		if strings.HasPrefix(b.UID, "yardstick-data") {
			from, to = "now-24h", "now"
		}
		if b.Time.From != from || b.Time.To != to {
			t.Errorf("opens on %s to %s", b.Time.From, b.Time.To)
		}
		for _, p := range b.Panels { // figures of now are on no axis that ends in the past
			for _, q := range p.Targets {
				if q.Expr != "" && to != "now" {
					t.Errorf("%s asks Prometheus for a time without samples", p.Title)
				}
			}
		}
	})
}
