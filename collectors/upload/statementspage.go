package upload

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"yardstick/collectors/desk"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// mostSaid bounds what the fields take, in characters; the desk has the last
// word.
const mostSaid = 500

// statementsView is the list of targets that somebody answers for.
type statementsView struct {
	*frame
	Rows  []ownedRow
	Tally string
}

// ownedRow is a target with what was said of it last.
type ownedRow struct {
	Href, Title, Clause, Owner string
	State                      figure.Badge
	Gap, Deadline              string
	Day, Cause                 string // of the statement in force; none when empty
	Promise                    string
	Broken                     bool // the promised day is past and the target is behind
	Missing                    bool // the target is behind and nothing is said
}

// statementView is the form for one target.
type statementView struct {
	*frame
	Row     ownedRow
	Board   string // the target's page
	Facts   []pair
	Typed   typedStatement
	Min     string // first day that may be promised
	Most    int
	Error   string
	Done    string
	Preview *web.Said
	Now     *web.Said
	Past    []web.Said
}

// typedStatement is what stands in the fields.
type typedStatement struct{ Cause, Measures, Promised string }

// said words a statement on a target that somebody answers for, as of today.
func (f *frame) said(s schema.Statement, o desk.Owned) web.Said {
	return f.Said(s, o.Target, o.Verdict, f.Today)
}

func (f *frame) ownedRow(o desk.Owned, s schema.Statement) ownedRow {
	r := ownedRow{Href: f.Link(statementPath(o.Target)), Title: f.Say(o.Target.Title), Clause: f.T("board-clause", "n", o.Target.Clause),
		Owner: f.Say(o.Target.Owner), State: figure.BadgeOf(o.Verdict, f.Lang), Gap: figure.GapOf(o.Verdict, o.Target, o.Indicator, f.Lang), Deadline: o.Target.Deadline.String()}
	if r.Deadline == "" {
		r.Deadline = "—"
	}
	if s.Seq == 0 {
		r.Missing = o.Verdict.Behind()
		return r
	}
	promise, broken := figure.Promise(s.Promised, f.Today, o.Verdict)
	r.Day, r.Cause, r.Promise, r.Broken = s.Day.String(), s.Cause, f.Say(promise), broken
	return r
}

func statementPath(t schema.Target) string {
	return "/upload/statements/" + url.PathEscape(t.Policy) + "/" + url.PathEscape(t.ID)
}

// statements lists what the session's office answers for.
func (p *pages) statements(w http.ResponseWriter, r *http.Request, s *session) error {
	f := p.newFrame(r, s)
	f.Heading, f.Tab = f.T("statement-title"), "statements"
	owned, err := p.Desk.Owned(r.Context(), s.who.Identity)
	if err != nil {
		return fmt.Errorf("listing the targets: %w", err)
	}
	said, err := p.Desk.Statements(r.Context(), "", "", schema.Date{})
	if err != nil {
		return fmt.Errorf("reading the statements: %w", err)
	}
	holding, view := schema.Holding(said), statementsView{frame: f}
	missing, broken := 0, 0
	for _, o := range owned {
		row := f.ownedRow(o, holding[schema.Statement{Policy: o.Policy.ID, Target: o.Target.ID}.Subject()])
		if row.Missing {
			missing++
		}
		if row.Broken {
			broken++
		}
		view.Rows = append(view.Rows, row)
	}
	view.Tally = f.T("statement-tally", "n", len(owned), "missing", missing, "broken", broken)
	return p.show(w, http.StatusOK, "statements", view)
}

// ownedOf is the target of a request, which the session must answer for, with
// what was said of it, oldest first.
func (p *pages) ownedOf(r *http.Request, s *session) (o desk.Owned, said []schema.Statement, err error) {
	policy, target := r.PathValue("policy"), r.PathValue("target")
	owned, err := p.Desk.Owned(r.Context(), s.who.Identity)
	if err != nil {
		return o, nil, fmt.Errorf("listing the targets: %w", err)
	}
	at := slices.IndexFunc(owned, func(o desk.Owned) bool { return o.Policy.ID == policy && o.Target.ID == target })
	if at < 0 { // why not is the desk's to say
		if _, err = p.Desk.Propose(r.Context(), s.who.Identity, schema.Statement{Policy: policy, Target: target}); err == nil {
			err = notFound("upload-no-page")
		}
		return o, nil, refusal(err)
	}
	if said, err = p.Desk.Statements(r.Context(), policy, target, schema.Date{}); err != nil {
		return o, nil, fmt.Errorf("reading the statements on %s: %w", target, err)
	}
	return owned[at], said, nil
}

// statementView fills the form's page; what is typed into it is the caller's.
func (p *pages) statementView(f *frame, o desk.Owned, said []schema.Statement) statementView {
	now := schema.Holding(said)[schema.Statement{Policy: o.Policy.ID, Target: o.Target.ID}.Subject()]
	v := statementView{frame: f, Row: f.ownedRow(o, now), Min: f.Today.String(), Most: mostSaid,
		Board: f.Link("/targets/" + url.PathEscape(o.Policy.ID) + "/" + url.PathEscape(o.Target.ID))}
	f.Heading, f.Tab = f.T("statement-heading", "title", o.Target.Title), "statements"
	v.Facts = []pair{{f.T("statement-gap"), v.Row.Gap}, {f.T("board-f-deadline"), v.Row.Deadline}, {f.T("board-col-owner"), v.Row.Owner}}
	if v.Typed = (typedStatement{now.Cause, now.Measures, now.Promised.String()}); now.Promised.Before(f.Today) {
		v.Typed.Promised = ""
	}
	for i := len(said) - 1; i >= 0; i-- {
		one := f.said(said[i], o)
		if said[i].Seq == now.Seq {
			v.Now = &one
			continue
		}
		v.Past = append(v.Past, one.Earlier(said[i].Promised))
	}
	return v
}

// statement shows the form for a target.
func (p *pages) statement(w http.ResponseWriter, r *http.Request, s *session) error {
	o, said, err := p.ownedOf(r, s)
	if err != nil {
		return err
	}
	view := p.statementView(p.newFrame(r, s), o, said)
	switch r.URL.Query().Get("done") {
	case "said":
		view.Done = view.T("statement-done")
	case "withdrawn":
		view.Done = view.T("statement-done-withdrawn")
	}
	return p.show(w, http.StatusOK, "statement", view)
}

// stated previews, writes down or takes back a statement.
func (p *pages) stated(w http.ResponseWriter, r *http.Request, s *session) error {
	o, said, err := p.ownedOf(r, s)
	if err != nil {
		return err
	}
	view := p.statementView(p.newFrame(r, s), o, said)
	in := schema.Statement{Policy: o.Policy.ID, Target: o.Target.ID}
	action, done := r.PostForm.Get("action"), "?done=said"
	if action == "withdraw" {
		if in.Withdrawn, done = strings.TrimSpace(r.PostForm.Get("reason")), "?done=withdrawn"; in.Withdrawn == "" {
			return bad("upload-reason-needed")
		}
	} else {
		view.Typed = typedStatement{r.PostForm.Get("cause"), r.PostForm.Get("measures"), strings.TrimSpace(r.PostForm.Get("promised"))}
		in.Cause, in.Measures = view.Typed.Cause, view.Typed.Measures
		if err := in.Promised.UnmarshalText([]byte(view.Typed.Promised)); err != nil {
			view.Error = view.T("statement-bad-day", "written", view.Typed.Promised)
			return p.show(w, http.StatusUnprocessableEntity, "statement", view)
		}
	}
	do := p.Desk.State
	if action == "preview" {
		do = p.Desk.Propose
	}
	told, err := do(r.Context(), s.who.Identity, in)
	var sentence *words.Error
	switch {
	case errors.As(err, &sentence) && !errors.Is(err, access.ErrDenied):
		view.Error = view.Say(sentence.Text)
		return p.show(w, http.StatusUnprocessableEntity, "statement", view)
	case err != nil:
		return err
	case action != "preview":
		return see(w, r, statementPath(o.Target)+done)
	}
	one := view.said(told.Statement, o)
	view.Preview = &one
	return p.show(w, http.StatusOK, "statement", view)
}
