package grafana

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"yardstick/schema"
)

// Kind says which data source a query is for.
type Kind string

// The two kinds of data source.
const (
	Prometheus Kind = "prometheus"
	ClickHouse Kind = "clickhouse"
)

// Query is one query of a dashboard as it stands there, macros and variables
// in it.
type Query struct {
	Dashboard string // its uid
	Panel     string // its title, "variable NAME" or "annotation NAME"
	RefID     string
	Kind      Kind
	Raw       string
	Series    bool // a time series: its first column is a time
	Instant   bool // Prometheus: asked for one moment, not for a range
	Many      bool // a variable of which all values are chosen at first; else the first is
	Marks     bool // an annotation: that there is nothing to mark is a good answer
}

// Queries lists every query of the dashboards of one language, those that fill
// variables first, in the order Grafana asks them.
func Queries(lang string) []Query {
	var out []Query
	for _, d := range build(lang) {
		for _, v := range d.Templating.List {
			if v.Type == "query" {
				out = append(out, Query{Dashboard: d.UID, Panel: "variable " + v.Name, RefID: v.Name, Kind: ClickHouse, Raw: v.Query, Many: v.Multi})
			}
		}
		for _, a := range d.Annotations.List {
			out = append(out, Query{Dashboard: d.UID, Panel: "annotation " + a.Name, RefID: a.Target.RefID, Kind: ClickHouse, Raw: a.Target.RawSQL, Marks: true})
		}
		for _, p := range d.Panels {
			for _, t := range p.Targets {
				q := Query{Dashboard: d.UID, Panel: strings.TrimPrefix(p.Title, noteHole), RefID: t.RefID, Kind: ClickHouse, Raw: t.RawSQL, Series: t.Format == 0}
				if t.Expr != "" {
					q.Kind, q.Raw, q.Instant = Prometheus, t.Expr, t.Instant
				}
				out = append(out, q)
			}
		}
	}
	return out
}

// CheckQueries refuses a query with a macro, a variable or a format that the
// data sources do not know: they would tell so only on the open page.
func CheckQueries(lang string) error {
	from, to := schema.NewDate(2024, 10, 1).Time(), schema.NewDate(2025, 12, 31).Time()
	vars := map[string][]string{"board": {"http://127.0.0.1:8080"}}
	queries := Queries(lang)
	for _, q := range queries {
		if strings.HasPrefix(q.Panel, "variable ") {
			vars[q.RefID] = []string{"one"}
		}
	}
	for _, q := range queries {
		expand := ExpandMacros
		if q.Kind == Prometheus {
			expand = ExpandPromQL
		}
		if _, err := expand(q.Raw, from, to, 24*time.Hour, vars); err != nil {
			return fmt.Errorf("the query %s of %s: %w", q.Panel, q.Dashboard, err)
		}
	}
	return nil
}

var (
	variablePattern = regexp.MustCompile(`\$\{([A-Za-z]\w*)(?::(\w+))?\}|\$([A-Za-z]\w*)`)
	macroPattern    = regexp.MustCompile(`\$__(\w+)(?:\(([^()]*(?:\([^()]*\))?[^()]*)\))?`)
)

// ExpandMacros gives the SQL that reaches ClickHouse: variables as Grafana
// puts them in, then the data source's macros as it expands them. interval is
// the width of one point. An unknown variable, format or macro is an error.
func ExpandMacros(sql string, from, to time.Time, interval time.Duration, vars map[string][]string) (string, error) {
	sql, err := expandVariables(sql, vars, "raw")
	if err != nil {
		return "", err
	}
	return replaced(macroPattern, sql, func(part []string) (string, error) {
		return macro(part[1], strings.TrimSpace(part[2]), from, to, interval)
	})
}

// replaced puts something in place of each match, given with its groups; the first
// error stays.
func replaced(pattern *regexp.Regexp, s string, with func(part []string) (string, error)) (string, error) {
	var failed error
	s = pattern.ReplaceAllStringFunc(s, func(m string) string {
		out, err := with(pattern.FindStringSubmatch(m))
		if failed == nil {
			failed = err
		}
		return out
	})
	return s, failed
}

func macro(name, column string, from, to time.Time, interval time.Duration) (string, error) {
	moment := func(t time.Time) string { return "toDateTime(" + strconv.FormatInt(t.Unix(), 10) + ")" }
	day := func(t time.Time) string { return "toDate('" + t.UTC().Format(time.DateOnly) + "')" }
	seconds := strconv.Itoa(int(math.Max(interval.Seconds(), 1)))
	needs := map[string]bool{"timeFilter": true, "dateFilter": true, "timeInterval": true}
	if needs[name] != (column != "") {
		return "", fmt.Errorf("macro $__%s: column %q", name, column)
	}
	switch name {
	case "timeFilter":
		return column + " >= " + moment(from) + " AND " + column + " <= " + moment(to), nil
	case "dateFilter":
		return column + " >= " + day(from) + " AND " + column + " <= " + day(to), nil
	case "fromTime":
		return moment(from), nil
	case "toTime":
		return moment(to), nil
	case "timeInterval":
		return "toStartOfInterval(toDateTime(" + column + "), INTERVAL " + seconds + " second)", nil
	case "interval_s":
		return seconds, nil
	}
	return "", fmt.Errorf("macro $__%s is not known", name)
}

// ExpandPromQL gives the expression that reaches Prometheus, with variables as
// regular expressions and the three built-in spans of time.
func ExpandPromQL(expr string, from, to time.Time, interval time.Duration, vars map[string][]string) (string, error) {
	span := func(d time.Duration) string { return strconv.Itoa(max(int(d.Seconds()), 1)) + "s" }
	spans := strings.NewReplacer("$__range", span(to.Sub(from)), "$__rate_interval", span(4*interval), "$__interval", span(interval))
	return expandVariables(spans.Replace(expr), vars, "regex")
}

// expandVariables puts in $name, ${name} and ${name:format}.
func expandVariables(s string, vars map[string][]string, otherwise string) (string, error) {
	return replaced(variablePattern, s, func(part []string) (string, error) {
		name := part[1] + part[3]
		values, ok := vars[name]
		if !ok {
			return "", fmt.Errorf("variable %s has no value", name)
		}
		out, err := variableText(values, cmp.Or(part[2], otherwise))
		if err != nil {
			return "", fmt.Errorf("variable %s: %w", name, err)
		}
		return out, nil
	})
}

func variableText(values []string, format string) (string, error) {
	list := make([]string, len(values))
	switch format {
	case "raw":
		return strings.Join(values, ","), nil
	case "sqlstring":
		for i, v := range values {
			list[i] = "'" + strings.ReplaceAll(v, "'", "''") + "'"
		}
		return strings.Join(list, ","), nil
	case "regex":
		for i, v := range values {
			list[i] = strings.ReplaceAll(regexp.QuoteMeta(v), `\`, `\\`) // once more for the string it stands in
		}
		if len(list) == 1 {
			return list[0], nil
		}
		return "(" + strings.Join(list, "|") + ")", nil
	}
	return "", fmt.Errorf("format %q is not known", format)
}
