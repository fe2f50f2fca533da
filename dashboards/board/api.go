package board

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"yardstick/schema"
	"yardstick/schema/words"
)

// api turns a function that gives a value into a handler of JSON. Parameters
// it does not know, or is given twice, are refused: a mistyped one would
// otherwise answer a question nobody asked.
func (b *board) api(allowed []string, answer func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := func() ([]byte, error) {
			for name, values := range r.URL.Query() {
				switch {
				case !slices.Contains(allowed, name):
					return nil, fault(http.StatusBadRequest, "board-unknown-parameter", "name", name)
				case len(values) > 1:
					return nil, fault(http.StatusBadRequest, "board-parameter-twice", "name", name)
				}
			}
			v, err := answer(r)
			if err != nil {
				return nil, err
			}
			body, err := json.MarshalIndent(v, "", " ")
			if err != nil {
				return nil, fmt.Errorf("writing the answer as JSON: %w", err)
			}
			return append(body, '\n'), nil
		}()
		if err != nil {
			b.fail(w, r, err)
			return
		}
		write(w, r, http.StatusOK, "application/json", body)
	})
}

// policyOf is the policy the address asks for; ok is false when it asks for all.
func (b *board) policyOf(r *http.Request) (p schema.Policy, ok bool, err error) {
	id := r.URL.Query().Get("policy")
	if id == "" {
		return p, false, nil
	}
	p, ok = b.Register.Policy(id)
	if !ok {
		return p, false, fault(http.StatusNotFound, "board-no-policy", "policy", id)
	}
	return p, true, nil
}

func (b *board) apiVerdicts(r *http.Request) (any, error) {
	day, err := b.asOf(r.URL.Query().Get("as_of"), b.Today())
	if err != nil {
		return nil, err
	}
	p, one, err := b.policyOf(r)
	if err != nil {
		return nil, err
	}
	all, err := b.Reader.Verdicts(r.Context(), day)
	if err != nil {
		return nil, fmt.Errorf("reading the verdicts: %w", err)
	}
	out := make([]schema.Verdict, 0, len(all))
	for _, v := range all {
		if !one || v.Policy == p.ID {
			out = append(out, v)
		}
	}
	return out, nil
}

func (b *board) apiTargets(r *http.Request) (any, error) {
	p, one, err := b.policyOf(r)
	if err != nil {
		return nil, err
	}
	policies := b.Register.Policies
	if one {
		policies = []schema.Policy{p}
	}
	out := []schema.Target{}
	for _, p := range policies {
		out = append(out, p.Targets...)
	}
	return out, nil
}

// problem is an error as RFC 9457 has it, with both languages beside it.
func (b *board) problem(w http.ResponseWriter, r *http.Request, t *trouble) {
	title := words.Say(faultTitle(t.code))
	body, err := json.Marshal(struct {
		Type     string      `json:"type"`
		Title    string      `json:"title"`
		Status   int         `json:"status"`
		Detail   string      `json:"detail"`
		Titles   schema.Text `json:"titles"`
		Details  schema.Text `json:"details"`
		Instance string      `json:"instance"`
	}{"about:blank", title.Zh, t.code, t.say.Zh, title, t.say, r.URL.Path})
	if err != nil {
		http.Error(w, t.say.Zh+"\n"+t.say.En, t.code)
		return
	}
	write(w, r, t.code, "application/problem+json", append(body, '\n'))
}
