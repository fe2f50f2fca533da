// Package intervals words the days nobody works as Alertmanager's time
// intervals.
package intervals

import (
	"fmt"
	"strings"
	"time"

	"yardstick/schema"
	"yardstick/schema/calendar"
)

// YAML is the interval days-off: for each year whose holidays are known every
// day off, month by month; for the years after them the weekends.
func YAML(c *calendar.Calendar) string {
	var b strings.Builder
	b.WriteString("  - name: days-off\n    time_intervals:\n")
	years := c.Years()
	for _, year := range years {
		for month := time.January; month <= time.December; month++ {
			if days := off(c, year, month); len(days) > 0 {
				fmt.Fprintf(&b, "      - {years: ['%d'], months: ['%d'], days_of_month: [%s], location: Asia/Shanghai}\n", year, month, strings.Join(days, ", "))
			}
		}
	}
	fmt.Fprintf(&b, "      - {years: ['%d:2099'], weekdays: [saturday, sunday], location: Asia/Shanghai}\n", years[len(years)-1]+1)
	return b.String()
}

// off lists the days off of a month as ranges: '4:6'.
func off(c *calendar.Calendar, year int, month time.Month) (out []string) {
	last := schema.Month(year, month).Last().Day
	for day := 1; day <= last; day++ {
		from := day
		for day <= last && !c.Working(schema.NewDate(year, month, day)) {
			day++
		}
		switch {
		case day == from+1:
			out = append(out, fmt.Sprintf("'%d'", from))
		case day > from:
			out = append(out, fmt.Sprintf("'%d:%d'", from, day-1))
		}
	}
	return out
}
