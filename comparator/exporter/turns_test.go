package exporter

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yardstick/schema"
)

func verdictOf(target string, s schema.Status) schema.Verdict {
	return schema.Verdict{Policy: "p", Target: target, Region: "r", Status: s}
}

func TestATurnIsAStatusThatARevisionChangedAndOutlastsARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "revised.json")
	log := slog.New(slog.DiscardHandler)
	turned, err := OpenTurns(path, []schema.Verdict{verdictOf("a", schema.Achieved), verdictOf("b", schema.Achieved), verdictOf("c", schema.Achieved)}, log)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2025, 6, 30, 8, 0, 0, 0, time.UTC)
	now := []schema.Verdict{verdictOf("a", schema.Lagging), verdictOf("b", schema.Lagging), verdictOf("c", schema.Achieved), verdictOf("new", schema.Lagging)}
	causes := map[schema.Scope]string{}
	for i, v := range now {
		causes[v.Scope()] = []string{schema.CauseRevision, schema.CauseFigure, schema.CauseRevision, schema.CauseRevision}[i]
	}
	turned.Note(at, now, causes)
	got := turned.List()
	if len(got) != 1 || got[0].Scope.Target != "a" || got[0].Was != schema.Achieved || !got[0].At.Equal(at) {
		t.Fatalf("%+v", got)
	}
	again, err := OpenTurns(path, now, log)
	if err != nil || len(again.List()) != 1 {
		t.Fatalf("%v %+v", err, again.List())
	}
	again.Note(at.Add(time.Hour), now, causes)
	if len(again.List()) != 1 {
		t.Errorf("nothing changed and there are %d turns", len(again.List()))
	}
	back := []schema.Verdict{verdictOf("b", schema.Achieved)}
	again.Note(at.Add(turnsKept+2*time.Hour), back, map[schema.Scope]string{back[0].Scope(): schema.CauseRevision})
	if got := again.List(); len(got) != 1 || got[0].Scope.Target != "b" {
		t.Errorf("what is older than a month is kept: %+v", got)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenTurns(path, nil, log); err == nil {
		t.Error("a broken file is taken for an empty one")
	}
}
