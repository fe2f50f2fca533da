package api

import (
	"net/http"
	"strconv"
	"strings"

	"yardstick/schema"
	"yardstick/schema/words"
)

func (b *room) targetListing() listing[schema.Target] {
	return listing[schema.Target]{
		name: "targets",
		columns: always("policy", "target", "clause", "title", "kind", "direction", "op", "value", "tolerance", "unit", "written", "deadline",
			"window_from", "window_to", "since", "baseline", "baseline_date", "indicator", "region", "headline", "owner"),
		rows: func(t schema.Target, c cells) [][]string {
			indicator, _ := b.Register.Indicators.ByCode(t.Indicator)
			return [][]string{{c.policy(t.Policy), t.ID, strconv.Itoa(t.Clause), t.Title.In(c.lang), c.word(string(t.Kind), words.Say("api-kind-"+string(t.Kind))),
				c.word(string(t.Direction), words.Say("api-direction-"+string(t.Direction))), t.Op, t.Value.String(), digits(t.Tolerance), t.Unit, t.Written,
				t.Deadline.String(), t.WindowFrom.String(), t.WindowTo.String(), t.Since.String(), digits(t.Baseline), t.BaselineDate.String(),
				c.word(t.Indicator, indicator.Name), c.region(t.Region), c.yes(t.Headline), t.Owner.In(c.lang)}}
		},
		read: func(r *http.Request, m manner) ([]schema.Target, any, error) {
			policies, err := b.policies(r)
			if err != nil {
				return nil, nil, err
			}
			var all []schema.Target
			for _, p := range policies {
				all = append(all, p.Targets...)
			}
			return paged(all, m, func(t schema.Target) string { return t.Policy + " " + t.ID })
		},
	}
}

func (b *room) indicatorListing() listing[schema.Indicator] {
	return listing[schema.Indicator]{
		name:    "indicators",
		columns: always("indicator", "name", "definition", "unit", "frequency", "basis", "since", "min", "max", "formula", "parts", "owner"),
		rows: func(i schema.Indicator, c cells) [][]string {
			formula := ""
			if i.Formula != nil {
				formula = i.Formula.Op + "(" + strings.Join(i.Formula.Terms, ", ") + ")"
			}
			frequencies := make([]string, len(i.Frequencies))
			for n, f := range i.Frequencies {
				frequencies[n] = c.word(string(f), words.Say("api-frequency-"+string(f)))
			}
			return [][]string{{i.Code, i.Name.In(c.lang), i.Definition.In(c.lang), i.Unit, strings.Join(frequencies, " "),
				c.word(string(i.Basis), words.Say("download-basis-"+string(i.Basis))), i.Since.String(), digits(i.Min), digits(i.Max), formula,
				strings.Join(i.Parts, " "), i.Owner}}
		},
		read: whole(b.Register.Indicators.All, func(i schema.Indicator) string { return i.Code }),
	}
}

func (b *room) regionListing() listing[schema.Region] {
	return listing[schema.Region]{
		name:    "regions",
		columns: always("region", "name", "parent", "standard", "members", "aliases", "note"),
		rows: func(r schema.Region, c cells) [][]string {
			return [][]string{{r.Code, r.Name.In(c.lang), r.Parent, r.Standard, strings.Join(r.Members, " "), strings.Join(r.Aliases, " "), r.Note.In(c.lang)}}
		},
		read: whole(b.Register.Regions.All, func(r schema.Region) string { return r.Code }),
	}
}
