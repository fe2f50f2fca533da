package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// rowsFormat is the name after the closing FORMAT of an INSERT whose rows come
// apart from it; nothing for other statements.
func rowsFormat(list []token) string {
	n := len(list)
	if n < 4 || !list[0].is("INSERT") || !list[n-2].is("FORMAT") || list[n-1].kind != word {
		return ""
	}
	if slices.ContainsFunc(list, func(t token) bool { return t.is("SELECT") || t.is("WITH") }) {
		return "" // INSERT … SELECT: FORMAT is the answer's
	}
	return list[n-1].text
}

// inlineRows says whether an INSERT carries rows in its own text in a format
// other than VALUES: the engine cuts such rows at a line end.
func inlineRows(list []token) bool {
	if !list[0].is("INSERT") {
		return false
	}
	depth := 0
	for i, t := range list {
		switch {
		case t.kind == mark && t.text == "(":
			depth++
		case t.kind == mark && t.text == ")":
			depth--
		case depth == 0 && (t.is("VALUES") || t.is("SELECT") || t.is("WITH")) && i > 1:
			return false
		case depth == 0 && t.is("FORMAT") && i > 2 && i+1 < len(list):
			return !list[i+1].is("VALUES")
		}
	}
	return false
}

// insert runs an INSERT whose rows come in Native blocks. They are received in
// full before the engine sees the first, so a sender that breaks off leaves
// nothing behind; then the engine reads them from a file in memory, because it
// cannot take blocks inside a statement.
func (p *pool) insert(ctx context.Context, c *call) (*answer, error) {
	format := rowsFormat(c.tokens)
	if !strings.EqualFold(format, "Native") {
		return nil, refuse(codeNotImplemented, "INSERT … FORMAT %s: %s", format,
			say("只支持 FORMAT Native 或 VALUES", "only FORMAT Native or VALUES is supported"))
	}
	file, path, err := memoryFile()
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	n, err := io.Copy(file, c.data)
	if cause := ctx.Err(); cause != nil {
		return nil, cause
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", say("接收数据中断，未写入任何行", "the rows broke off while being received; none were written"), err)
	}
	con, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	release := func() { p.free <- con }
	s := c.statement
	s.stream = false
	if n == 0 {
		release()
		return &answer{ctx: ctx, conn: con, end: io.EOF}, nil // there was nothing to do
	}
	if s.sql, err = con.insertSelect(c, path); err != nil {
		release()
		return nil, err
	}
	return con.start(ctx, s, release)
}

// insertSelect writes the statement that reads the rows from path. Columns are
// matched by name, as FORMAT Native does.
func (c *conn) insertSelect(call *call, path string) (string, error) {
	source := "file(" + quote(path) + ", 'Native')"
	names, err := c.columns("DESCRIBE TABLE " + source)
	if err != nil {
		return "", fmt.Errorf("reading the columns of the rows: %w", err)
	}
	listed, target, clauses := target(call.sql, call.tokens)
	if len(listed) == 0 {
		for _, n := range names {
			listed = append(listed, quoteName(n))
		}
	}
	if len(listed) != len(names) {
		return "", refuse(codeBadArguments, "%s: %s", say("数据的列与 INSERT 的列不一致", "the rows' columns are not those of the INSERT"), strings.Join(names, ", "))
	}
	list := strings.Join(listed, ", ")
	return target + " (" + list + ")" + clauses + " SELECT " + list + " FROM " + source, nil
}

// target takes the INSERT's text apart: the columns it lists, if any, what
// stands before them and the clauses after them, without the closing FORMAT.
func target(sql string, list []token) (columns []string, before, after string) {
	stop := len(list) - 2 // FORMAT
	tail := stop
	for i, t := range list[:stop] {
		if i > 2 && t.is("SETTINGS") {
			tail = i
			break
		}
	}
	if after = strings.TrimSpace(sql[list[tail].start:list[stop].start]); after != "" {
		after = " " + after
	}
	open := slices.IndexFunc(list[:tail], func(t token) bool { return t.kind == mark && t.text == "(" })
	if open < 0 {
		open = tail
	}
	before = strings.TrimSpace(sql[:list[open].start])
	for i := open + 1; i < tail; i++ {
		if list[i].kind == word || list[i].kind == quoted {
			columns = append(columns, list[i].text)
		}
	}
	return columns, before, after
}

// columns runs a DESCRIBE and returns the columns' names.
func (c *conn) columns(sql string) ([]string, error) {
	lib := c.engine.lib
	r := lib.run(c.handle, sql, "JSONCompact", nil, false)
	defer lib.destroyResult(r)
	if msg := lib.message(r); msg != "" {
		return nil, engineError(msg)
	}
	var answer struct {
		Data [][]string `json:"data"`
	}
	if err := json.Unmarshal(lib.bytes(r), &answer); err != nil {
		return nil, fmt.Errorf("reading a table's columns: %w", err)
	}
	var names []string
	for _, row := range answer.Data {
		names = append(names, row[0])
	}
	return names, nil
}
