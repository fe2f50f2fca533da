package upload

import (
	"maps"
	"slices"
	"strings"

	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

// questions lists what is asked, and what was answered with its answer. Where
// several doubts of one kind are open, one answer may be for all of them.
func (v *previewView) questions(p *Pages, m *marks) {
	open, last, count := map[string]bool{}, map[string]schema.Question{}, map[string]int{}
	for i, q := range v.Seen.Receipt.Questions {
		open[q.Key] = true
		v.Questions = append(v.Questions, v.question(p, m.finding("q", i+1, q.Problem), q))
		if all := keyOfAll(q); all != "" {
			last[all] = q
			count[all]++
		}
	}
	for _, all := range slices.Sorted(maps.Keys(last)) {
		if count[all] < 2 {
			continue
		}
		q := last[all]
		q.Key, q.Text, q.Why = all, words.Say("upload-for-all", "n", count[all], "what", words.Say("upload-kind-"+q.Code)), schema.Text{}
		open[all], v.D.asked[all] = true, q
		row := v.question(p, findingRow{ID: "all-" + q.Code, Text: v.Say(q.Text)}, q)
		row.All = true
		v.Questions = append(v.Questions, row)
	}
	for _, key := range slices.Sorted(maps.Keys(v.D.Answers)) {
		if !open[key] {
			v.Answered = append(v.Answered, answerRow{Key: key, Text: v.Say(v.D.asked[key].Text), Value: v.Say(labelOf(p.Register, key, v.D.Answers[key]))})
		}
	}
	for _, a := range v.Seen.Receipt.Answers {
		if a.Remembered {
			v.Answered = append(v.Answered, v.answer(p.Register, a))
		}
	}
}

// question is one to answer: its candidates, and room for other words where it
// takes them.
func (v *previewView) question(p *Pages, at findingRow, q schema.Question) questionRow {
	row := questionRow{findingRow: at, Key: q.Key, Why: v.Say(q.Why), Form: v.Say(q.Form), Free: !closed(q.Key) || len(q.Candidates) == 0,
		Long: strings.HasPrefix(q.Key, "explain") || q.Key == "coverage", Other: v.D.Answers[q.Key]}
	for _, c := range q.Candidates {
		chosen := c == v.D.Answers[q.Key]
		row.Choices = append(row.Choices, option{c, v.Say(labelOf(p.Register, q.Key, c)), chosen})
		if chosen {
			row.Other = ""
		}
	}
	for _, key := range q.Each {
		_, name, _ := strings.Cut(key, ".")
		row.Each = append(row.Each, eachRow{key, name, v.D.Answers[key]})
		row.EachOpen = row.EachOpen || v.D.Answers[key] != ""
	}
	return row
}

// keyOfAll is the key of an answer for all questions of one kind; "": there is
// none.
func keyOfAll(q schema.Question) string {
	switch kind, _, _ := strings.Cut(q.Key, "."); kind {
	case "explain":
		return kind + "." + q.Code
	case "alone":
		return kind
	}
	return ""
}

// answer is an answer with who gave it.
func (f *frame) answer(register *targets.Register, a schema.Answer) answerRow {
	id := "upload-answered-by"
	if a.Remembered {
		id = "upload-remembered"
	}
	return answerRow{Key: a.Key, Value: f.Say(labelOf(register, a.Key, a.Value)), Remembered: a.Remembered, By: f.T(id, "who", a.By, "when", f.Time(a.At))}
}

// closed reports whether a question takes its candidates alone.
func closed(key string) bool {
	kind, _, _ := strings.Cut(key, ".")
	return slices.Contains([]string{"estimate", "reason", "others", "hidden", "october", "seen", "scaled"}, kind)
}

// labelOf is how a candidate of a question is shown: what is written in files is
// shown as it is written, a code by its name, an answer's word by what it means
// to that question. The unit E is no estimate.
func labelOf(register *targets.Register, key, candidate string) schema.Text {
	kind, _, one := strings.Cut(key, ".")
	kind, _, _ = strings.Cut(kind, schema.KeySheet)
	word, detail, _ := strings.Cut(candidate, ":")
	if id := "upload-candidate-" + kind + "-" + word; words.Has(id) {
		return words.Say(id, "detail", detail)
	}
	switch kind {
	case "unit", "year", "period", "month", "status":
		return schema.Same(candidate)
	case "reason":
		if c, ok := schema.ParseCorrection(candidate); ok {
			return c.Label()
		}
	case "indicator":
		if ind, ok := register.Indicators.ByCode(candidate); one && ok {
			return ind.Name
		}
	case "region":
		if r, ok := register.Regions.ByCode(candidate); one && ok {
			return r.Name
		}
	}
	if id := "upload-candidate-" + candidate; words.Has(id) {
		return words.Say(id)
	}
	return schema.Same(candidate)
}
