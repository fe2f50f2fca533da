package reading

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/targets"
)

// wideOrLong is how so many cells stand in a table, and what each holds.
type wideOrLong struct {
	name string
	rows func(cells int) int
	cell func(row, column int) string
}

func few(int) int          { return 6 }
func many(cells int) int   { return cells / 6 }
func square(cells int) int { return int(math.Sqrt(float64(cells))) }

func number(row, column int) string { return fmt.Sprintf("%d.%d", row%97+column%700, row%10) }

// headed is a table of one row at its top, and names at its left.
func headed(head, name, figure func(row, column int) string) func(row, column int) string {
	return func(row, column int) string {
		switch {
		case row == 0:
			return head(row, column)
		case column == 0:
			return name(row, column)
		}
		return figure(row, column)
	}
}

func months(_, column int) string {
	if column == 0 {
		return "指标"
	}
	return fmt.Sprintf("%d年%d月", 2100-column/12, column%12+1)
}

func products(row, _ int) string { return fmt.Sprintf("第%d号产品产量(吨)", row) }

func costly() []wideOrLong { return append(costlyHeads(), costlyRows()...) }

// costlyHeads are tables whose heads are what costs.
func costlyHeads() []wideOrLong {
	return []wideOrLong{
		{"numbers alone, wide", few, number},
		{"numbers alone, long", many, number},
		{"numbers alone, square", square, number},
		{"series across, wide", few, headed(months, products, number)},
		{"series across, long", many, headed(months, products, number)},
		{"sparse", many, headed(months, products, func(row, column int) string {
			if (row*7+column)%11 > 0 {
				return ""
			}
			return number(row, column)
		})},
		{"all text", square, func(row, column int) string { return fmt.Sprintf("名称%d，%d", row, column) }},
		{"all text, wide", few, func(row, column int) string { return fmt.Sprintf("名称%d，%d", row, column) }},
		{"all periods", square, func(row, column int) string { return fmt.Sprintf("%d年%d月", 1950+column%150, row%12+1) }},
		{"all heads", square, func(row, column int) string { return []string{"指标", "2031年", "增速", "亿元"}[(row+column)%4] }},
		{"periods that cannot be read", square, func(row, column int) string { return fmt.Sprintf("%d年%d月", 1950+column, 13+row) }},
		{"periods that cannot be read, wide", few, func(row, column int) string { return fmt.Sprintf("%d年%d月", 1950+column, 13+row) }},
		{"periods without their year", square, headed(func(_, column int) string { return fmt.Sprintf("%d月", column%40) }, products, number)},
		{"growths among periods", few, headed(func(_, column int) string {
			if column%2 == 0 {
				return "增速(%)"
			}
			return fmt.Sprintf("%d年%d月", 2100-column/24, column/2%12+1)
		}, products, number)},
		{"parts of nothing", few, headed(func(_, column int) string { return fmt.Sprintf("其中：第%d类(吨)", column) }, products, number)},
		{"remarks of each figure", few, headed(func(_, column int) string { return []string{"备注", "2024年"}[column%2] }, products, number)},
		{"blanks within numbers", square, headed(months, products, func(row, column int) string { return fmt.Sprintf("%d %03d", row+1, column) })},
	}
}

// costlyRows are tables whose rows are.
func costlyRows() []wideOrLong {
	return []wideOrLong{
		{"sections of one row", many, func(row, column int) string {
			switch {
			case row == 0:
				return months(row, column)
			case row%2 == 1 && column > 0:
				return ""
			case row%2 == 1:
				return fmt.Sprintf("%s、第%d类", []string{"一", "二", "三"}[row%3], row)
			case column == 0:
				return products(row, column)
			}
			return number(row, column)
		}},
		{"text alone, then figures", many, func(row, column int) string {
			switch {
			case row == 0:
				return months(row, column)
			case column == 0:
				return fmt.Sprintf("第%d段文字", row)
			case row < 3 || row%2000 == 0:
				return number(row, column)
			}
			return ""
		}},
		{"tables of two rows", many, func(row, column int) string {
			if row%3 == 0 {
				return ""
			}
			return headed(months, products, number)(row%3-1, column)
		}},
		{"tidy", many, func(row, column int) string {
			if row == 0 {
				return []string{"指标", "地区", "时期", "数值", "单位", "说明"}[column]
			}
			return []string{"粮食产量", "甲市", fmt.Sprintf("%d年", 1950+row%150), fmt.Sprint(row), "吨", "年报"}[column]
		}},
		{"tidy with any words", many, headed(func(_, column int) string {
			return []string{"指标", "地区", "时期", "数值", "单位", "分组"}[column]
		},
			products, func(row, column int) string { return fmt.Sprintf("乙%d丙%d", row, column) })},
		{"keys above nothing", many, func(int, int) string { return "单位：亿元" }},
	}
}

// written is the table of a shape with so many cells.
func (s wideOrLong) written(t *testing.T, cells int) []*table.Table {
	t.Helper()
	rows := s.rows(cells)
	var b strings.Builder
	for r := range rows {
		for c := range cells / rows {
			if c > 0 {
				b.WriteByte(',')
			}
			b.WriteString(s.cell(r, c))
		}
		b.WriteByte('\n')
	}
	f, problems, err := table.Read(t.Context(), strings.NewReader(b.String()), "t.csv", table.Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%s: %v %v", s.name, err, problems)
	}
	return f.Tables
}

// look finds a file's shape and reads it.
func look(ctx context.Context, o account.Options, tables []*table.Table) error {
	if _, err := Layout(ctx, tables, o); err != nil {
		return err
	}
	found := &account.Findings{}
	for _, one := range tables {
		if err := Read(ctx, one, o, found, func(*account.Candidate) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

func lookOptions(t testing.TB) account.Options {
	t.Helper()
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	return account.Options{Headers: register.Indicators, Sheets: 1,
		Known: func(name string) (string, schema.Basis, bool) {
			i, ok := register.Indicators.Find(name)
			return i.Code, i.Basis, ok
		},
		Regions: func(name string) bool { _, ok := register.Regions.Find(name); return ok }}
}

// spent is the time of the processor that a look takes.
func spent(t *testing.T, o account.Options, tables []*table.Table) time.Duration {
	t.Helper()
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	runtime.GC() // what was left before is not this look's
	before := used()
	if err := look(t.Context(), o, tables); err != nil {
		t.Fatal(err)
	}
	return used() - before
}

// Eight times the cells may cost eight times the time, and what a busy machine
// adds; never its square, which is 64 times. A machine may be busy for a while: a shape
// is at fault only if no round, each of which measures both sizes, finds it in bounds.
func TestTheCostOfReadingGrowsWithTheCells(t *testing.T) {
	const small, most, rounds = 1_000, 24, 6
	o := lookOptions(t)
	for _, s := range costly() {
		few, many := s.written(t, small), s.written(t, 8*small)
		for round := range rounds {
			less, more := max(spent(t, o, few), 12*time.Millisecond), spent(t, o, many) // the clock of the processor is coarse
			t.Logf("%-36s %8v %8v", s.name, less, more)
			if more <= most*less {
				break
			}
			if round == rounds-1 {
				t.Errorf("%s: %v for %d cells, %v for %d, and no better in %d rounds", s.name, less, small, more, 8*small, rounds)
			}
		}
	}
}

// asking is a context that is cancelled once it was asked so often.
type asking struct {
	context.Context
	left int
}

func (a *asking) Err() error {
	if a.left--; a.left < 0 {
		return context.Canceled
	}
	return nil
}

// A look that nobody waits for any more ends, wherever it is.
func TestReadingEndsWithItsContext(t *testing.T) {
	o := lookOptions(t)
	for _, s := range costly() {
		tables := s.written(t, 1_000)
		counted := &asking{t.Context(), math.MaxInt}
		if err := look(counted, o, tables); err != nil {
			t.Fatal(err)
		}
		asked := math.MaxInt - counted.left
		if asked < 10 {
			t.Errorf("%s: the context is asked %d times", s.name, asked)
		}
		for _, at := range []int{0, asked / 3, asked / 2, asked - 1} {
			if err := look(&asking{t.Context(), at}, o, tables); !errors.Is(err, context.Canceled) {
				t.Errorf("%s, cancelled at look %d of %d: %v", s.name, at, asked, err)
			}
		}
	}
}
