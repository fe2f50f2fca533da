package desk

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/vintage"
	"yardstick/schema/words"
)

// Figure is one figure that is reported without a file, as its sender writes it.
type Figure struct {
	Indicator string `json:"indicator"` // code or name
	Region    string `json:"region"`    // code or name; "" is the policy's own
	Period    string `json:"period"`
	Basis     string `json:"basis,omitempty"`
	Value     string `json:"value"`
	Unit      string `json:"unit,omitempty"`
	Status    string `json:"status,omitempty"`
	Note      string `json:"note,omitempty"`
	Published string `json:"published,omitempty"`
	NoChange  bool   `json:"-"` // instead of a value: the last figure of the series stands
}

// Tidy puts figures down as a tidy feed. A column that none of them fills is left
// out, so that the same questions are asked as of a file.
func Tidy(figures []Figure) ([]byte, error) {
	columns := []string{"indicator", "region", "period", "value", "unit", "basis", "status", "note", "published"}
	rows := [][]string{slices.Clone(columns)}
	for _, f := range figures {
		rows = append(rows, []string{f.Indicator, f.Region, f.Period, f.Value, f.Unit, f.Basis, f.Status, f.Note, f.Published})
	}
	for i, name := range slices.Backward(columns) {
		if name == "value" || slices.ContainsFunc(rows[1:], func(row []string) bool { return row[i] != "" }) {
			continue
		}
		for j := range rows {
			rows[j] = slices.Delete(rows[j], i, i+1)
		}
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return nil, fmt.Errorf("writing the figures down: %w", err)
	}
	return b.Bytes(), nil
}

// Write puts the figure down as a tidy feed of one row.
func (d *Desk) Write(ctx context.Context, f Figure) ([]byte, error) {
	f.Region = cmp.Or(f.Region, d.docket.Register.Policies[0].Region)
	if f.NoChange {
		if err := d.carry(ctx, &f); err != nil {
			return nil, err
		}
	}
	return Tidy([]Figure{f})
}

// carry puts in the last figure of the series, and a note that says so. Only
// what goes on from period to period can stand unchanged: a stock, a total
// since some day, and within one year what has counted since January.
func (d *Desk) carry(ctx context.Context, f *Figure) error {
	ind, err := d.indicator(f.Indicator)
	if err != nil {
		return err
	}
	region, ok := d.docket.Register.Regions.Find(f.Region)
	if !ok {
		return misuse("no-region", "name", f.Region)
	}
	period, told, err := schema.ParsePeriod(f.Period)
	if err != nil {
		return misuse("bad-period", "flag", "--period", "text", f.Period)
	}
	basis := cmp.Or(validate.BasisOf(f.Basis, ind), told, ind.Basis)
	if basis == schema.InPeriod {
		return misuse("nochange-basis", "indicator", ind.Name, "basis", words.Say("basis-"+string(basis)))
	}
	held, err := d.Store.Observations(ctx, clickhouse.Query{Indicators: []string{ind.Code}, Regions: []string{region.Code}})
	if err != nil {
		return err
	}
	last, found := lastBefore(held, basis, period)
	switch {
	case !found:
		return misuse("nochange-none", "indicator", ind.Name, "period", period)
	case !last.Judgeable() || last.Status == schema.StatusEstimated:
		return misuse("nochange-unfit", "indicator", ind.Name, "last", last.Period, "status", string(last.Status))
	}
	f.Value, f.Unit, f.Basis = last.Value.String(), last.Unit, string(basis)
	note := words.Say("nochange-note", "last", last.Period, "value", last.Value.String()+last.Unit, "receipt", last.Receipt).In(schema.Chinese)
	if f.Note != "" {
		note += "；" + f.Note
	}
	f.Note = note
	return nil
}

// lastBefore is the newest figure of a basis before the period: for one that
// counts within the year, of the same year.
func lastBefore(held []schema.Observation, basis schema.Basis, period schema.Period) (last schema.Observation, found bool) {
	for _, o := range held {
		switch {
		case vintage.Fact(o.Key).Basis != basis || !o.Period.Last().Before(period.Last()):
		case basis == schema.YearToDate && o.Period.Last().Year != period.Last().Year:
		case !found || o.Period.Last().After(last.Period.Last()):
			last, found = o, true
		}
	}
	return last, found
}

// indicator finds an indicator by code, name or alias.
func (d *Desk) indicator(name string) (schema.Indicator, error) {
	if ind, ok := d.docket.Register.Indicators.Find(name); ok {
		return ind, nil
	}
	var near []string
	for _, i := range d.docket.Register.Indicators.Nearest(name, 3) {
		near = append(near, i.Code+" "+i.Name.In(schema.Chinese))
	}
	return schema.Indicator{}, misuse("no-indicator", "name", name, "near", strings.Join(near, ", "))
}
