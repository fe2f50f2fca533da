package schema

import (
	"testing"
	"time"
)

func TestAStatementIsReadBackAsItWasWrittenDown(t *testing.T) {
	at := time.Date(2025, 6, 1, 4, 0, 0, 0, time.UTC)
	for name, s := range map[string]Statement{
		"whole":          {Policy: "p", Target: "t", Cause: "一\n二", Measures: "三", Promised: NewDate(2025, 9, 30), By: "张三", Office: "fgw", Day: NewDate(2025, 6, 1), At: at, Seq: 7},
		"without a day":  {Policy: "p", Target: "t", Cause: "一", Measures: "三", By: "张三", Day: NewDate(2025, 6, 1), Synthetic: true, At: at, Seq: 8},
		"one taken back": {Policy: "p", Target: "t", Withdrawn: "写错", By: "张三", Day: NewDate(2025, 6, 2), At: at, Seq: 9},
	} {
		a := s.Act()
		a.At, a.Seq = at, s.Seq
		got, err := StatementOf(a)
		if err != nil || got != s {
			t.Errorf("%s: %+v %v, want %+v", name, got, err, s)
		}
	}
}

func TestWhatIsNoStatementIsNotReadAsOne(t *testing.T) {
	for name, a := range map[string]Act{
		"another act":          {Kind: ActLock, Subject: "p/t"},
		"no target":            {Kind: ActStatement, Subject: "p"},
		"a day that is no day": {Kind: ActStatement, Subject: "p/t", Fields: map[string]string{"promised": "2025-02-30"}},
	} {
		if s, err := StatementOf(a); err == nil {
			t.Errorf("%s is read as %+v", name, s)
		}
	}
}

func TestTheLatestStatementHoldsUntilItIsTakenBack(t *testing.T) {
	said := []Statement{{Policy: "p", Target: "a", Cause: "1", Seq: 1}, {Policy: "p", Target: "b", Cause: "2", Seq: 2}, {Policy: "p", Target: "a", Cause: "3", Seq: 3},
		{Policy: "q", Target: "a", Cause: "4", Seq: 4}, {Policy: "p", Target: "b", Withdrawn: "x", Seq: 5}}
	got := Holding(said)
	if len(got) != 2 || got["p/a"].Seq != 3 || got["q/a"].Seq != 4 {
		t.Errorf("in force: %+v", got)
	}
	if again := Holding(append(said, Statement{Policy: "p", Target: "b", Cause: "5", Seq: 6})); again["p/b"].Seq != 6 {
		t.Errorf("after another one: %+v", again)
	}
}
