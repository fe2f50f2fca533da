//go:build same

package same

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// dashboard is what is asked of a Grafana dashboard's file.
type dashboard struct {
	UID        string
	Templating struct {
		List []struct {
			Name, Type string
			Query      any
			Multi      bool
		}
	}
	Annotations struct {
		List []struct {
			Name   string
			Target struct{ RawSQL string }
		}
	}
	Panels []struct {
		Title   string
		Targets []struct{ RefID, RawSQL, Expr string }
	}
}

// grafana asks each side every query of its own dashboards, as Grafana would:
// the queries may differ, what they answer may not.
func (s *side) grafana() error {
	files, err := filepath.Glob(filepath.Join(s.tree, "dashboards/grafana/dashboards/*.json"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no dashboards: %w", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		var d dashboard
		if err := json.Unmarshal(text, &d); err != nil {
			return fmt.Errorf("reading %s: %w", f, err)
		}
		if err := s.panels(d); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(f), err)
		}
	}
	return nil
}

func (s *side) panels(d dashboard) error {
	vars := map[string][]string{"board": {s.base}}
	for _, v := range d.Templating.List {
		sql, isText := v.Query.(string)
		if v.Type != "query" || !isText {
			continue
		}
		rows, err := s.rows("grafana "+d.UID+" variable "+v.Name, sql, vars)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if value, ok := row[0].(string); ok && (v.Multi || vars[v.Name] == nil) {
				vars[v.Name] = append(vars[v.Name], value)
			}
		}
	}
	for _, a := range d.Annotations.List {
		if _, err := s.rows("grafana "+d.UID+" annotation "+a.Name, a.Target.RawSQL, vars); err != nil {
			return err
		}
	}
	for i, p := range d.Panels {
		for _, t := range p.Targets {
			name := fmt.Sprintf("grafana %s panel %d %s %s", d.UID, i+1, p.Title, t.RefID)
			if t.Expr != "" {
				if err := s.keep(name, t.Expr); err != nil {
					return err
				}
				continue
			}
			if _, err := s.rows(name, t.RawSQL, vars); err != nil {
				return err
			}
		}
	}
	return nil
}

// rows keeps and gives the rows of one query.
func (s *side) rows(name, sql string, vars map[string][]string) (rows [][]any, err error) {
	if sql == "" {
		return nil, nil
	}
	expanded := expand(sql, vars)
	a, err := s.do(s.visitor, http.MethodGet, s.sql+"/?default_format=JSONCompactEachRowWithNames&query="+url.QueryEscape(expanded), nil, nil)
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusOK {
		return nil, fmt.Errorf("%s: %d %.300s from\n%s", name, a.status, a.body, expanded)
	}
	first := true
	for line := range strings.Lines(string(a.body)) {
		var row []any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if !first {
			rows = append(rows, row)
		}
		first = false
	}
	return rows, s.keep(name, string(a.body))
}

var (
	variable = regexp.MustCompile(`\$\{([A-Za-z]\w*)(?::(\w+))?\}|\$([A-Za-z]\w*)`)
	filter   = regexp.MustCompile(`\$__(timeFilter|dateFilter|timeInterval)\(([^()]*(?:\([^()]*\))?[^()]*)\)`)
)

// expand puts variables and the data source's macros in, over the time that the
// dashboards show at first.
func expand(sql string, vars map[string][]string) string {
	sql = variable.ReplaceAllStringFunc(sql, func(m string) string {
		part := variable.FindStringSubmatch(m)
		list := append([]string(nil), vars[part[1]+part[3]]...)
		if part[2] == "sqlstring" {
			for i, v := range list {
				list[i] = "'" + strings.ReplaceAll(v, "'", "''") + "'"
			}
		}
		return strings.Join(list, ",")
	})
	const from, to = "toDateTime('2024-09-30 16:00:00','UTC')", "toDateTime('2025-12-31 15:59:59','UTC')"
	sql = filter.ReplaceAllStringFunc(sql, func(m string) string {
		part := filter.FindStringSubmatch(m)
		column := strings.TrimSpace(part[2])
		switch part[1] {
		case "timeFilter":
			return column + " >= " + from + " AND " + column + " <= " + to
		case "dateFilter":
			return column + " >= toDate('2024-10-01') AND " + column + " <= toDate('2025-12-31')"
		}
		return "toStartOfInterval(toDateTime(" + column + "), INTERVAL 86400 second)"
	})
	return strings.NewReplacer("$__fromTime", from, "$__toTime", to, "$__interval_s", "86400").Replace(sql)
}
