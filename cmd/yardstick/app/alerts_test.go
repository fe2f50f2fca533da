package app

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/ledger"
)

func verdictOf(target string, s schema.Status) schema.Verdict {
	return schema.Verdict{Policy: "p", Target: target, Region: "r", Status: s}
}

func TestATurnIsAStatusThatARevisionChangedAndOutlastsARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "revised.json")
	log := slog.New(slog.DiscardHandler)
	turned, err := openTurns(path, []schema.Verdict{verdictOf("a", schema.Achieved), verdictOf("b", schema.Achieved), verdictOf("c", schema.Achieved)}, log)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2025, 6, 30, 8, 0, 0, 0, time.UTC)
	now := []schema.Verdict{verdictOf("a", schema.Lagging), verdictOf("b", schema.Lagging), verdictOf("c", schema.Achieved), verdictOf("new", schema.Lagging)}
	causes := map[schema.Scope]string{}
	for i, v := range now {
		causes[v.Scope()] = []string{schema.CauseRevision, schema.CauseFigure, schema.CauseRevision, schema.CauseRevision}[i]
	}
	turned.note(compared{at: at, verdicts: now, causes: causes})
	got := turned.list()
	if len(got) != 1 || got[0].Scope.Target != "a" || got[0].Was != schema.Achieved || !got[0].At.Equal(at) {
		t.Fatalf("%+v", got)
	}
	again, err := openTurns(path, now, log)
	if err != nil || len(again.list()) != 1 {
		t.Fatalf("%v %+v", err, again.list())
	}
	again.note(compared{at: at.Add(time.Hour), verdicts: now, causes: causes})
	if len(again.list()) != 1 {
		t.Errorf("nothing changed and there are %d turns", len(again.list()))
	}
	back := []schema.Verdict{verdictOf("b", schema.Achieved)}
	again.note(compared{at: at.Add(turnsKept + 2*time.Hour), verdicts: back, causes: map[schema.Scope]string{back[0].Scope(): schema.CauseRevision}})
	if got := again.list(); len(got) != 1 || got[0].Scope.Target != "b" {
		t.Errorf("what is older than a month is kept: %+v", got)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openTurns(path, nil, log); err == nil {
		t.Error("a broken file is taken for an empty one")
	}
}

func certificate(t *testing.T, end time.Time) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: end.Add(-time.Hour), NotAfter: end}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestTheCertificateThatExpiresFirstCounts(t *testing.T) {
	dir := t.TempDir()
	soon, late := time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2031, 1, 2, 0, 0, 0, 0, time.UTC)
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("chain.pem", bytes.Join([][]byte{certificate(t, late), certificate(t, soon)}, nil))
	write("empty.pem", []byte("nothing"))
	for name, k := range map[string]struct {
		config string
		want   time.Time
		fails  bool
	}{
		"chain":   {"tls_server_config: {cert_file: chain.pem, key_file: key.pem}", soon, false},
		"no TLS":  {"basic_auth_users: {a: b}", time.Time{}, false},
		"missing": {"tls_server_config: {cert_file: nothing.pem}", time.Time{}, true},
		"empty":   {"tls_server_config: {cert_file: empty.pem}", time.Time{}, true},
	} {
		got, err := certificateEnd(write("web.yml", []byte(k.config)))
		if (err != nil) != k.fails || !got.Equal(k.want) {
			t.Errorf("%s: %s %v", name, got, err)
		}
	}
	if got, err := certificateEnd(""); err != nil || !got.IsZero() {
		t.Errorf("without a configuration: %s %v", got, err)
	}
}

func TestALedgerThatWasChangedShortenedOrExchangedIsBroken(t *testing.T) {
	book := func(name string, entries int) (path string, height uint64, head string) {
		path = filepath.Join(t.TempDir(), name)
		l, err := ledger.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		for range entries {
			if _, err := l.Append(time.Unix(1, 0), "commit", map[string]string{"file": name}); err != nil {
				t.Fatal(err)
			}
		}
		height, head = l.Head()
		return path, height, head
	}
	path, height, head := book("a", 3)
	if err := checkLedger(path, height, head); err != nil {
		t.Error(err)
	}
	if err := checkLedger(path, height-1, ""); err == nil {
		t.Error("another head is taken")
	}
	if err := checkLedger(path, height+1, head); err == nil {
		t.Error("an entry less is taken")
	}
	other, _, _ := book("b", 3)
	if err := checkLedger(other, height, head); err == nil {
		t.Error("another ledger is taken")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[20] ^= 1
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := checkLedger(path, height, head); err == nil {
		t.Error("a changed byte is taken")
	}
}

func TestARunbookIsAPageAndNothingElseIs(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /runbooks/{name}", runbook)
	for path, code := range map[string]int{"/runbooks/StoreDown": 200, "/runbooks/Nothing": 404, "/runbooks/..%2frules%2fsystem": 404} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != code {
			t.Errorf("%s: %d", path, w.Code)
		}
		if code == 200 && (!strings.Contains(w.Body.String(), "<h2>怎么办</h2>\n<ol>\n<li>") || strings.Count(w.Body.String(), "<ol>") != strings.Count(w.Body.String(), "</ol>")) {
			t.Errorf("%s", w.Body)
		}
	}
}
