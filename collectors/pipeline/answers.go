package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/table"
	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/words"
)

// knownOf is what is known about a file beside the file, by the keys questions
// ask: the sender's answers, before those remembered for its layout, before the
// feed's rules; and the answers as the receipt tells them, by key. An answer to
// no question is a problem.
func knownOf(s Submission, r schema.Receipt, remembered map[string]schema.Answer, found *account.Findings) (given map[string]string, answers []schema.Answer) {
	given = rulesOf(s.Feed)
	said := make(map[string]string, len(s.Answers))
	for key, v := range s.Answers {
		said[strings.TrimSpace(key)] = v
	}
	for key, a := range remembered {
		kind, _, one := strings.Cut(key, ".")
		_, again := said[key]
		_, all := said[kind]
		if again || one && all { // unit=万元 now goes before unit.gdp=亿元 then
			continue
		}
		a.Remembered = true
		given[key] = a.Value
		answers = append(answers, a)
	}
	for key, v := range said {
		if !validate.KnownAnswer(key) {
			found.Whole = true
			found.Problem(schema.Problem{Code: validate.AnswerUnknown, Written: table.Excerpt(key),
				Text: words.Say("problem-"+validate.AnswerUnknown, "key", table.Excerpt(key))})
			continue
		}
		given[key] = v
		answers = append(answers, schema.Answer{Key: key, Value: v, By: s.Actor, At: r.ReceivedAt})
	}
	slices.SortFunc(answers, func(a, b schema.Answer) int { return cmp.Compare(a.Key, b.Key) })
	return given, answers
}

// rulesOf is what is agreed about a feed's files. A rule never explains a figure
// beforehand.
func rulesOf(feed schema.Feed) map[string]string {
	given := map[string]string{}
	maps.Copy(given, feed.Given)
	maps.DeleteFunc(given, func(key, _ string) bool { return validate.OneTime(key) })
	return given
}

// remembered gives the answers remembered for a feed's files of this layout, and
// those for all of its files, by key.
func (p *Pipeline) remembered(ctx context.Context, feed, layout string) (map[string]schema.Answer, error) {
	if feed == "" || p.o.Store == nil {
		return nil, nil
	}
	acts, err := p.o.Store.Acts(ctx, schema.ActAnswer, feed)
	if err != nil {
		return nil, fmt.Errorf("looking for remembered answers: %w", err)
	}
	out := map[string]schema.Answer{}
	for _, a := range acts { // oldest first: a later one holds
		key := a.Fields["key"]
		if validate.OfFeed(key) || layout != "" && a.Fields["layout"] == layout && validate.Lasting(key, a.Fields["value"]) {
			out[key] = schema.Answer{Key: key, Value: a.Fields["value"], By: a.Actor, At: a.At, Receipt: a.Fields["receipt"]}
		}
	}
	return out, nil
}

// remember keeps the sender's answers for the next file of the layout, once the
// file they came with was taken. An answer for all of a file is kept for each
// indicator or name it concerned: one that comes later is asked about.
func (p *Pipeline) remember(ctx context.Context, s Submission, d decoded, r schema.Receipt) error {
	switch r.Status {
	case schema.Accepted, schema.Partial, schema.Unchanged, schema.Pending:
	default:
		return nil
	}
	if len(s.Answers) == 0 {
		return nil
	}
	before, err := p.remembered(ctx, r.Feed, r.Layout)
	if err != nil {
		return err
	}
	keep := map[string]string{}
	for _, a := range r.Answers {
		if a.Remembered || !validate.Lasting(a.Key, a.Value) || r.Layout == "" && !validate.OfFeed(a.Key) {
			continue
		}
		one, all := validate.EachOf(a.Key)
		for _, code := range d.used[a.Key] {
			keep[one+"."+code] = a.Value
		}
		if len(d.used[a.Key]) == 0 && !all {
			keep[a.Key] = a.Value
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keep)) {
		if before[key].Value == keep[key] {
			continue
		}
		_, err := p.o.Store.Act(ctx, schema.Act{At: r.ReceivedAt, Kind: schema.ActAnswer, Subject: r.Feed, Actor: s.Actor,
			Fields: map[string]string{"layout": r.Layout, "key": key, "value": keep[key], "receipt": r.ID}})
		if err != nil {
			return fmt.Errorf("receipt %s is in, but the answer %s was not remembered: %w", r.ID, key, err)
		}
	}
	return nil
}
