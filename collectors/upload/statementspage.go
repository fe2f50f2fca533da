package upload

import (
	"cmp"
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
	desk.Owned
	Href, Gap, Deadline string
	State               figure.Badge
	Said                schema.Statement // in force; without a day there is none
	Promise             string
	Broken              bool // the promised day is past and the target is behind
	Missing             bool // the target is behind and nothing is said
}

// statementView is the form for one target.
type statementView struct {
	*frame
	Row     ownedRow
	Typed   typedStatement
	Limit   int // of a field, in characters
	Error   string
	Done    string
	Preview *web.Said
	Now     *web.Said
	Past    []web.Said
}

// typedStatement is what stands in the fields.
type typedStatement struct{ Cause, Measures, Promised string }

func (f *frame) ownedRow(o desk.Owned, holding map[string]schema.Statement) ownedRow {
	r := ownedRow{Owned: o, Href: f.Link(statementPath(o.Target)), State: figure.BadgeOf(o.Verdict, f.Lang), Said: holding[subjectOf(o).Subject()],
		Gap: figure.GapOf(o.Verdict, o.Target, o.Indicator, f.Lang), Deadline: cmp.Or(o.Target.Deadline.String(), "—")}
	if r.Said.Seq == 0 {
		r.Missing = o.Verdict.Behind()
		return r
	}
	promise, broken := figure.Promise(r.Said.Promised, f.Today, o.Verdict)
	r.Promise, r.Broken = f.Say(promise), broken
	return r
}

// subjectOf is a statement on the target that says nothing yet.
func subjectOf(o desk.Owned) schema.Statement {
	return schema.Statement{Policy: o.Policy.ID, Target: o.Target.ID}
}

func statementPath(t schema.Target) string {
	return "/upload/statements/" + url.PathEscape(t.Policy) + "/" + url.PathEscape(t.ID)
}

// statements lists what the session's office answers for.
func (p *Pages) statements(w http.ResponseWriter, r *http.Request, s *session) error {
	owned, err := p.Desk.Owned(r.Context(), s.who)
	if err != nil {
		return fmt.Errorf("listing the targets: %w", err)
	}
	said, err := p.Desk.Statements(r.Context(), "", "", schema.Date{})
	if err != nil {
		return fmt.Errorf("reading the statements: %w", err)
	}
	holding, view := schema.Holding(said), statementsView{frame: p.titled(r, s, "statements", "statement-title")}
	missing, broken := 0, 0
	for _, o := range owned {
		row := view.ownedRow(o, holding)
		if row.Missing {
			missing++
		}
		if row.Broken {
			broken++
		}
		view.Rows = append(view.Rows, row)
	}
	view.Tally = view.T("statement-tally", "n", len(owned), "missing", missing, "broken", broken)
	return p.show(w, http.StatusOK, "statements", view)
}

// ownedOf is the target of a request, which the session must answer for, with
// what was said of it, oldest first.
func (p *Pages) ownedOf(r *http.Request, s *session) (o desk.Owned, said []schema.Statement, err error) {
	policy, target := r.PathValue("policy"), r.PathValue("target")
	owned, err := p.Desk.Owned(r.Context(), s.who)
	if err != nil {
		return o, nil, fmt.Errorf("listing the targets: %w", err)
	}
	at := slices.IndexFunc(owned, func(o desk.Owned) bool { return o.Policy.ID == policy && o.Target.ID == target })
	if at < 0 { // why not is the desk's to say
		if _, err = p.Desk.Propose(r.Context(), s.who, schema.Statement{Policy: policy, Target: target}); err == nil {
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
func (p *Pages) statementView(f *frame, o desk.Owned, said []schema.Statement) statementView {
	v := statementView{frame: f, Row: f.ownedRow(o, schema.Holding(said)), Limit: mostSaid}
	now := v.Row.Said
	f.Heading, f.Tab = f.T("statement-heading", "title", o.Target.Title), "statements"
	if v.Typed = (typedStatement{now.Cause, now.Measures, now.Promised.String()}); now.Promised.Before(f.Today) {
		v.Typed.Promised = ""
	}
	for _, x := range slices.Backward(said) {
		one := f.Said(x, o.Target, o.Verdict, f.Today)
		if x.Seq == now.Seq {
			v.Now = &one
			continue
		}
		v.Past = append(v.Past, one.Earlier(x.Promised))
	}
	return v
}

// statement shows the form for a target.
func (p *Pages) statement(w http.ResponseWriter, r *http.Request, s *session) error {
	o, said, err := p.ownedOf(r, s)
	if err != nil {
		return err
	}
	view := p.statementView(p.newFrame(r, s), o, said)
	view.Done = map[string]string{"said": view.T("statement-done"), "withdrawn": view.T("statement-done-withdrawn")}[r.URL.Query().Get("done")]
	return p.show(w, http.StatusOK, "statement", view)
}

// stated previews, writes down or takes back a statement.
func (p *Pages) stated(w http.ResponseWriter, r *http.Request, s *session) error {
	o, said, err := p.ownedOf(r, s)
	if err != nil {
		return err
	}
	view := p.statementView(p.newFrame(r, s), o, said)
	in := subjectOf(o)
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
	told, err := do(r.Context(), s.who, in)
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
	one := view.Said(told.Statement, o.Target, o.Verdict, view.Today)
	view.Preview = &one
	return p.show(w, http.StatusOK, "statement", view)
}
