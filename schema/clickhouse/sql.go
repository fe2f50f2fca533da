package clickhouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
)

// exec runs a statement that writes.
func (s *Store) exec(ctx context.Context, what, sql string, args ...any) error {
	if s.write == nil {
		return fmt.Errorf("%s: %w", what, ErrReadOnly)
	}
	if err := s.write.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// insert sends rows, value by value, to a table: its name, and its columns where
// not all are given.
func (s *Store) insert(ctx context.Context, what, table string, rows iter.Seq[[]any]) error {
	batch, err := s.write.PrepareBatch(ctx, "INSERT INTO "+table)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	n, row := 0, []any{}
	for values := range rows {
		n, row = n+1, row[:0]
		for k := 0; k < len(values) && err == nil; k++ {
			var v any
			v, err = stored(values[k])
			row = append(row, v)
		}
		if err == nil {
			err = batch.Append(row...)
		}
		if err != nil {
			err = fmt.Errorf("%s: row %d (%v): %w", what, n, values[:min(len(values), 5)], err)
			return errors.Join(err, batch.Abort())
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("%s: sending %d rows: %w", what, n, err)
	}
	return nil
}

// insertRow inserts one row.
func (s *Store) insertRow(ctx context.Context, what, table string, values ...any) error {
	return s.insert(ctx, what, table, slices.Values([][]any{values}))
}

// rowsOf are the rows of a list, one of each.
func rowsOf[T any](list []T, row func(T) []any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, one := range list {
			if !yield(row(one)) {
				return
			}
		}
	}
}

// insertOnce inserts one row into a table that has none yet where column is key.
func (s *Store) insertOnce(ctx context.Context, what, table, column string, key any, values ...any) error {
	held, err := number(ctx, s.write, what, "SELECT count() FROM "+table+" WHERE "+column+" = ?", key)
	if err != nil || held > 0 {
		return err
	}
	return s.insertRow(ctx, what, table, values...)
}

// stored is what a column is given for a value: days, periods, statuses and
// numbers have no column of their own. A number fits into the ten digits after
// the point that a column has; the whole stands beside it as text.
func stored(value any) (any, error) {
	of := reflect.ValueOf(value)
	switch {
	case of.Kind() == reflect.String:
		return of.String(), nil
	case of.Kind() == reflect.Pointer && of.IsNil():
		return nil, nil
	case of.Kind() == reflect.Pointer:
		return stored(of.Elem().Interface())
	}
	switch v := value.(type) {
	case time.Time:
		if v.IsZero() {
			return nil, nil
		}
	case schema.Date:
		if v.IsZero() {
			return nil, nil
		}
		return v.Time(), nil
	case schema.Decimal:
		return v.Round(10).String(), nil
	case schema.Period:
		return v.String(), nil
	case inJSON:
		text, err := json.Marshal(v.of)
		return string(text), err
	}
	return value, nil
}

// inJSON is a value that a column has as JSON.
type inJSON struct{ of any }

// each runs a query and calls f for every row.
func each(ctx context.Context, conn driver.Conn, what, sql string, args []any, f func(driver.Rows) error) error {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return fmt.Errorf("%s: reading a row: %w", what, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// all gives a T for every row of a query; into says where the columns of a row go.
func all[T any](ctx context.Context, conn driver.Conn, what, sql string, args []any, into func(*T) []any) (out []T, err error) {
	err = each(ctx, conn, what, sql, args, func(rows driver.Rows) error {
		var one T
		if err := rows.Scan(into(&one)...); err != nil {
			return err
		}
		out = append(out, one)
		return nil
	})
	return out, err
}

// first is the first of what a query gave; false when it gave nothing.
func first[T any](found []T, err error) (one T, ok bool, _ error) {
	if err != nil || len(found) == 0 {
		return one, false, err
	}
	return found[0], true, nil
}

// number gives the one number that a query asks for.
func number(ctx context.Context, conn driver.Conn, what, sql string, args ...any) (n uint64, err error) {
	if err := conn.QueryRow(ctx, sql, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	return n, nil
}

// column reads a column into what is none of the driver's own types.
type column func(any) error

// Scan gives the function the column's value.
func (c column) Scan(value any) error { return c(value) }

// as reads a column of type C by a function of the field it goes to.
func as[C, T any](field *T, read func(C) (T, error)) column {
	return func(value any) (err error) {
		v, ok := value.(C)
		if !ok {
			return fmt.Errorf("a column of %T where %T is read", value, v)
		}
		*field, err = read(v)
		return err
	}
}

func text[T ~string](field *T) column {
	return as(field, func(s string) (T, error) { return T(s), nil })
}

func count[C uint32 | uint64](field *int) column {
	return as(field, func(n C) (int, error) { return int(n), nil })
}

func day(field *schema.Date) column {
	return as(field, func(t time.Time) (schema.Date, error) { return schema.DateOf(t), nil })
}

func period(field *schema.Period) column {
	return as(field, func(s string) (p schema.Period, err error) {
		if s != "" {
			p, _, err = schema.ParsePeriod(s)
		}
		return p, err
	})
}

func decimal(field **schema.Decimal) column {
	return as(field, func(s string) (*schema.Decimal, error) {
		if s == "" {
			return nil, nil
		}
		d, err := schema.ParseDecimal(s)
		return &d, err
	})
}

func fromJSON[T any](field *T) column {
	return as(field, func(s string) (v T, err error) {
		err = json.Unmarshal([]byte(s), &v)
		return v, err
	})
}

// conditions are what a query asks of its rows, and the values in them.
type conditions struct {
	all  []string
	args []any
}

// add asks for the condition when wanted.
func (c *conditions) add(wanted bool, condition string, args ...any) {
	if wanted {
		c.all, c.args = append(c.all, condition), append(c.args, args...)
	}
}

// String is the condition that all hold.
func (c *conditions) String() string {
	if len(c.all) == 0 {
		return "1"
	}
	return strings.Join(c.all, " AND ")
}
