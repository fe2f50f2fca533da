// Package validate turns candidates into observations: names are looked up,
// units converted exactly, periods and bases brought to the catalogue's, and
// everything wrong is told at its cell, all of it at once.
package validate

import (
	"cmp"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/vintage"
	"yardstick/schema/words"
)

// Options are what candidates are held against.
type Options struct {
	Catalogue *targets.Catalogue
	Gazetteer *targets.Gazetteer
	// Indicators and Regions are the codes the feed may write; empty: all.
	Indicators, Regions []string
	// Given says what the file leaves out, by the keys questions ask: unit,
	// unit.CODE, basis, basis.CODE, status. Answers and the feed's own rules.
	Given map[string]string
	// Published is the day a row without its own was made public.
	Published func(schema.Period) schema.Date
	Today     schema.Date
	// Release is the day an embargo ends before which nothing of the file is
	// public; zero: there is none.
	Release schema.Date
	// Template: the file is a sheet that we handed out. A row of it that was not
	// filled in says nothing.
	Template bool
	// Open judges the reading alone: a name the registers lack is listed, and
	// no problem.
	Open bool
}

// Checker takes the candidates of one file one after the other.
type Checker struct {
	o     Options
	found *account.Findings

	fed        []fed                // the columns that are kept as written
	indicators map[string]indicator // as written, looked up before
	regions    map[string]schema.Region
	offers     map[string]schema.Text // for names nobody knows
	rows       []schema.Observation
	places     []Place       // of rows
	seen       map[once]int  // to its place in rows
	twins      map[int][]int // by the place of a row: those of the same fact and day under other keys
	conflicted map[int]bool
	left       int                  // rows left out
	lacking    []schema.Observation // of them, their keys alone
	rejected   int
	keyed      bool // units are asked about by each sheet
	asked      []openUnit
	askedFor   map[string]bool
	saidBefore map[said]heldCell
	strangers  map[string]*stranger
	strange    []*stranger        // in the file's order
	used       map[[2]string]bool // answers for the whole file, each with an indicator it concerned
	early      estimates
}

// fed is a column that is kept as written.
type fed struct {
	schema.Column
	field account.Field
}

type indicator struct {
	schema.Indicator
	known bool
	unit  string // in brackets after the name
}

// once is what may stand in a file once: a fact, whatever key it is written under,
// as it was made public on a day.
type once struct {
	fact      schema.Key
	published schema.Date
}

// openUnit is an indicator whose unit nobody said.
type openUnit struct {
	ind   schema.Indicator
	name  string
	cell  table.Cell
	sheet string
}

// New makes a checker that tells what it finds to found. Answers that cannot
// be understood are told at once.
func New(o Options, file string, found *account.Findings) *Checker {
	c := &Checker{o: o, found: found, indicators: map[string]indicator{}, regions: map[string]schema.Region{},
		offers: map[string]schema.Text{}, askedFor: map[string]bool{}, seen: map[once]int{}, twins: map[int][]int{}, conflicted: map[int]bool{}, used: map[[2]string]bool{},
		saidBefore: map[said]heldCell{}, strangers: map[string]*stranger{}}
	for _, column := range schema.FedColumns() {
		if field, ok := account.FieldNamed(column.Name); ok {
			c.fed = append(c.fed, fed{column, field})
		}
	}
	for key, answer := range o.Given {
		if badAnswer(key, answer) || o.unknownName(key, answer) || o.wrongSpan(key, answer) {
			found.Whole = true
			found.Problem(account.BadAnswer(file, key, answer))
		}
	}
	return c
}

// fault is a problem found in a row: code, cell and what the sentence says.
type fault struct {
	code string
	cell table.Cell
	args []any
}

// row is a candidate on its way.
type row struct {
	*account.Candidate
	faults []fault
	asks   bool
	none   bool // a blank at a period of which nothing is reported
	left   bool // an answer leaves it out
}

// leave leaves the row out and lists it.
func (r *row) leave(found *account.Findings, code string, args ...any) {
	r.left = true
	found.Exclude(account.At(r.File, r.Sheet, r.Cell(account.Value), code, args...))
}

func (r *row) fail(code string, cell table.Cell, args ...any) {
	r.faults = append(r.faults, fault{code, r.at(cell), args})
}

// at is where a remark about a cell stands: a field that no cell of the file holds
// is remarked on at the figure it was taken for.
func (r *row) at(cell table.Cell) table.Cell {
	value := r.Cell(account.Value)
	if cell.Column > 0 || value.Column == 0 {
		return cell
	}
	if strings.TrimSpace(cell.Text) != "" {
		value.Text = cell.Text
	}
	return value
}

// Row checks one candidate.
func (c *Checker) Row(cand *account.Candidate) {
	r := &row{Candidate: cand}
	o, ok := c.observation(r)
	cand.LeftOut, cand.Asked, cand.Wrong = r.left, r.asks, len(r.faults) > 0
	if r.left {
		if c.left++; ok {
			c.lacking = append(c.lacking, schema.Observation{Key: o.Key})
		}
		return
	}
	for _, f := range r.faults {
		c.found.Problem(account.At(r.File, r.Sheet, f.cell, f.code, f.args...))
	}
	switch {
	case len(r.faults) > 0 || r.asks || r.Bad != 0:
		c.rejected++
	case r.none:
	case ok:
		c.add(r, o)
	case c.o.Open:
		c.twice(r)
	}
}

// said is a figure of names the registers lack, as written.
type said struct {
	indicator, unit, region, basis string
	period                         schema.Period
	day                            schema.Date
}

// mostSaid bounds what is remembered of figures nobody knows.
const mostSaid = 1 << 20

// twice tells of a figure that stands in the file before with another value,
// where the registers do not know the names: the file may hold a further axis
// that was not seen.
func (c *Checker) twice(r *row) {
	if len(c.saidBefore) >= mostSaid || c.found.Whole {
		return
	}
	k := said{r.Written(account.Indicator), r.Written(account.Unit), r.Written(account.Region), string(r.WhenBasis), r.When, r.Day}
	if len(r.Bases) > 0 {
		k.basis = string(r.Bases[0])
	}
	value := ""
	if r.Number != nil {
		value = r.Number.Normal().String() + r.Suffix
	}
	first, again := c.saidBefore[k]
	if !again {
		c.saidBefore[k] = heldCell{value, Place{Sheet: r.Sheet, Cell: r.Cell(account.Value)}}
		return
	}
	c.again(r, first.Place, first.value == value, cmp.Or(first.value, "—"), cmp.Or(value, "—"))
}

// again tells of a figure that the file holds at another place, with value a there
// and b here.
func (c *Checker) again(r *row, at Place, same bool, a, b string) {
	tellTwice(c.found, r.File, r.Sheet, r.Cell(account.Value), at, same, a, b)
	r.LeftOut, r.Wrong = same, !same && !c.found.Whole
	if !same {
		c.rejected++
	}
}

// tellTwice tells of a figure that the file holds at another place too: of the
// same one, that it is left out; of another, that they contradict each other.
func tellTwice(found *account.Findings, file, sheet string, cell table.Cell, at Place, same bool, a, b string) {
	first := account.Spot(at.Sheet, at.Cell)
	if same {
		found.Exclude(account.At(file, sheet, cell, account.ExcludedDuplicate, "first", first))
		return
	}
	if !found.Whole { // else what is asked about all of it may tell them apart
		found.Problem(account.At(file, sheet, cell, DuplicateDiffers, "first", first, "a", a, "b", b))
	}
}

// heldCell is a value and where it stands.
type heldCell struct {
	value string
	Place
}

// Of says what is given for the sheet whose candidates follow, and whether its questions
// bear its name.
func (c *Checker) Of(o account.Options) {
	c.o.Given, c.keyed = o.Given, o.Sheet.Keyed["unit"] || c.keyed
}

// Close gives the good rows in the file's order, and how many rows were not.
// Of rows that contradict each other none is good.
func (c *Checker) Close() (rows []schema.Observation, rejected int) {
	c.ask()
	c.found.Wait(hangsOn)
	if len(c.conflicted) > 0 {
		c.found.Turn(len(c.conflicted), &c.found.Cells.Wrong)
		c.rows, c.places = without(c.rows, c.conflicted), without(c.places, c.conflicted)
	}
	return c.rows, c.rejected + len(c.conflicted) + c.found.Dropped
}

// without is the list without what stands at some places.
func without[T any](list []T, at map[int]bool) []T {
	kept := list[:0]
	for i, one := range list {
		if !at[i] {
			kept = append(kept, one)
		}
	}
	return kept
}

// Left tells how many rows answers left out, and the keys of those that had one.
func (c *Checker) Left() (n int, keys []schema.Observation) { return c.left, c.lacking }

// Places tells where each row that Close gave stands.
func (c *Checker) Places() []Place { return c.places }

// observation looks the row up and checks it; faults are gathered in r. It
// goes on as far as it can, so that one upload shows all there is to mend.
func (c *Checker) observation(r *row) (schema.Observation, bool) {
	o := schema.Observation{Status: r.State, Written: r.Cell(account.Value).Text, Cell: spot(r)}
	for _, f := range c.fed {
		if field, ok := f.At(&o).(*string); ok {
			*field = r.Written(f.field)
		}
	}
	ind, known := c.indicator(r)
	if r.left {
		return o, false
	}
	region, placed := c.region(r)
	if r.left {
		return o, false
	}
	o.Indicator, o.Region = ind.Code, region.Code
	if known && !placed && c.o.Open { // a place of which the catalogue's indicators are none: the reading alone
		if r.unitless(ind) && c.o.Given["unit"] == "" && !r.Missing() {
			if _, ok := c.unitGiven(ind.Indicator); !ok {
				c.askUnit(r, ind.Indicator, ind.Code)
			}
		}
		known = false
	}
	c.status(r, &o)
	if !known {
		c.published(r, &o)
		return o, false
	}
	c.period(r, ind.Indicator, &o)
	if r.none || r.left {
		return o, false
	}
	c.published(r, &o)
	if c.o.Template && r.Missing() && r.State == "" && r.Written(account.Value)+r.Written(account.Note) == "" {
		r.leave(c.found, LeftBlank)
		return o, placed && len(r.faults) == 0 && !o.Period.IsZero()
	}
	c.value(r, ind, &o)
	c.whole(r, ind.Indicator, &o)
	return o, placed
}

func spot(r *row) string {
	name := r.Cell(account.Value).Name()
	if r.Sheet != "" {
		return r.Sheet + "!" + name
	}
	return name
}

// What is remembered of names seen before: so many, of so many bytes.
const (
	cached      = 1 << 14
	cachedBytes = 200
)

func (c *Checker) indicator(r *row) (indicator, bool) {
	if r.Bad&account.Indicator != 0 {
		return indicator{}, false
	}
	cell, name := r.Cell(account.Indicator), r.Written(account.Indicator)
	ind := remembered(c.indicators, name, c.lookUp)
	if ind.known && (len(c.o.Indicators) == 0 || slices.Contains(c.o.Indicators, ind.Code)) {
		return ind, true
	}
	bare, _, _ := written.CutUnit(name)
	left := c.unlisted(r, "indicator", bare, cell, ind.known, func() []string {
		return alike(bare, c.o.Catalogue.Nearest(bare, offered), namesOfIndicator)
	})
	switch {
	case left:
	case ind.known:
		r.fail(IndicatorNotAllowed, cell, "indicator", ind.Name)
	case !c.o.Open:
		r.fail(IndicatorUnknown, cell, "near", offer(c, "indicator ", bare, c.o.Catalogue.Nearest, func(i schema.Indicator) schema.Text { return i.Name }))
	case r.unitless(ind) && c.o.Given["unit"] == "" && !r.Missing():
		c.askUnit(r, schema.Indicator{Name: schema.Same(name)}, name)
	}
	return ind, ind.known && !left
}

// unitless reports whether the row says no unit, at the value or the indicator.
func (r *row) unitless(ind indicator) bool {
	return r.Written(account.Unit) == "" && ind.unit == "" && r.Suffix == ""
}

// remembered looks a name up once; of many names, or long ones, each time.
func remembered[T any](seen map[string]T, name string, find func(string) T) T {
	known, ok := seen[name]
	if !ok {
		known = find(name)
		if len(seen) < cached && len(name) <= cachedBytes {
			seen[strings.Clone(name)] = known
		}
	}
	return known
}

func (c *Checker) lookUp(name string) indicator {
	plain, in, _ := written.CutUnit(name)
	if code := c.means("indicator", plain); code != "" {
		ind, ok := c.o.Catalogue.Find(code)
		return indicator{ind, ok, in}
	}
	ind, ok := c.o.Catalogue.ByCode(name)
	if !ok {
		ind, ok = c.o.Catalogue.Find(name)
	}
	if bare, cut := written.CutBasis(name); cut && !ok { // 国内生产总值累计值: the basis is read beside it
		ind, ok = c.o.Catalogue.Find(bare)
	}
	if ok {
		return indicator{Indicator: ind, known: true}
	}
	if bare, unit, cut := written.CutUnit(name); cut {
		ind, ok = c.o.Catalogue.Find(bare)
		return indicator{ind, ok, unit}
	}
	bare, inner, cut := written.SplitBrackets(name)
	if !cut {
		return indicator{}
	}
	ind, ok = c.o.Catalogue.Find(bare)
	unit := written.LooksLikeUnit(inner)
	if ok && !unit {
		_, err := c.o.Catalogue.Convert(ind, schema.NewDecimal(1, 0), inner)
		unit = err == nil
	}
	if !unit {
		return indicator{} // the brackets hold another definition: 地区生产总值(不变价)
	}
	return indicator{ind, ok, inner}
}

// offer is the names that are meant, perhaps. Looking for them costs time, so
// a file full of names nobody knows, or of very long ones, is offered none.
func offer[T any](c *Checker, kind, name string, nearest func(string, int) []T, title func(T) schema.Text) schema.Text {
	text, ok := c.offers[kind+name]
	if ok || len(c.offers) >= 500 || len(kind+name) > cachedBytes {
		return text
	}
	var near []schema.Text
	for _, one := range nearest(name, 3) {
		near = append(near, title(one))
	}
	if len(near) > 0 {
		text = words.Say("offer-names", "names", schema.Listed(near...))
	}
	c.offers[strings.Clone(kind+name)] = text
	return text
}

func (c *Checker) region(r *row) (schema.Region, bool) {
	if r.Bad&account.Region != 0 {
		return schema.Region{}, false
	}
	cell, name := r.Cell(account.Region), r.Written(account.Region)
	region := remembered(c.regions, name, func(name string) schema.Region {
		name = cmp.Or(c.means("region", name), name)
		if region, ok := c.o.Gazetteer.ByCode(name); ok {
			return region
		}
		region, _ := c.o.Gazetteer.Find(name)
		return region
	})
	if region.Code != "" && (len(c.o.Regions) == 0 || slices.Contains(c.o.Regions, region.Code)) {
		return region, true
	}
	left := c.unlisted(r, "region", name, cell, region.Code != "", func() []string {
		return alike(name, c.o.Gazetteer.Nearest(name, offered), namesOfRegion)
	})
	switch {
	case left:
	case region.Code != "":
		r.fail(RegionNotAllowed, cell, "region", region.Name)
	case !c.o.Open:
		r.fail(RegionUnknown, cell, "near", offer(c, "region ", name, c.o.Gazetteer.Nearest, func(i schema.Region) schema.Text { return i.Name }))
	}
	return region, region.Code != "" && !left
}

// add keeps the row, unless the file holds the same vintage already. One that is
// written under two keys is kept under both, first as its own series writes it: the
// other says nothing new beside it.
func (c *Checker) add(r *row, o schema.Observation) {
	cell := r.Cell(account.Value)
	v := once{vintage.Fact(o.Key), o.PublishedAt}
	at := Place{r.Sheet, table.Cell{Line: cell.Line, Row: cell.Row, Column: cell.Column}, r.State != ""}
	first, twice := c.seen[v]
	if !twice {
		c.seen[v] = len(c.rows)
		c.rows, c.places = append(c.rows, o), append(c.places, at)
		return
	}
	held, same := c.rows[first], append([]int{first}, c.twins[first]...)
	if o.Says(held) && !slices.ContainsFunc(same, func(i int) bool { return c.rows[i].Key == o.Key }) {
		if c.own(o.Key) {
			c.rows[first], c.places[first], o, at = o, at, held, c.places[first]
		}
		c.twins[first] = append(c.twins[first], len(c.rows))
		c.rows, c.places = append(c.rows, o), append(c.places, at)
		return
	}
	a, b := shown(held), shown(o)
	if a == b {
		a, b = a+" ["+string(held.Status)+"]", b+" ["+string(o.Status)+"]"
	}
	if !o.Says(held) {
		for _, i := range same {
			c.conflicted[i] = true
		}
	}
	c.again(r, c.places[first], o.Says(held), a, b)
}

// own reports whether the key is how the catalogue's own series writes its fact.
func (c *Checker) own(k schema.Key) bool {
	ind, _ := c.o.Catalogue.ByCode(k.Indicator)
	name := vintage.Name(ind, vintage.Fact(k))
	return name.Period == k.Period && name.Basis == k.Basis
}

func shown(o schema.Observation) string {
	if o.Value == nil {
		return "—"
	}
	return o.Value.String()
}
