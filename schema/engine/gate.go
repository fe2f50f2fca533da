package engine

import (
	"context"
	_ "embed"
	"errors"
	"io"
	"slices"
	"strings"
)

// The gate decides which SQL the listener runs. It is the first of three walls:
// behind it the connections are readonly=1 with fixed limits, and they have laid
// down the role that may write, read files or reach other machines. The gate
// reads the syntax tree that the engine's own parser makes (EXPLAIN AST), so
// comments, case and odd spacing do not matter.

// firstWords are how a permitted statement may begin. "EXPLAIN AST " is put in
// front of the statement, so what begins otherwise could change its meaning.
var firstWords = []string{"SELECT", "WITH", "FROM", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "EXISTS", "("}

//go:embed gate.txt
var gateLists string

// denied is the refusal of a statement.
func denied(zh, en string) error { return refuse(codeAccessDenied, "%s (ACCESS_DENIED)", say(zh, en)) }

// gate knows the engine's table functions, by their names in lower case, and the
// lists of gate.txt.
type gate struct {
	tableFunctions map[string]bool
	listed         map[string]bool // "LIST NAME"
}

// newGate asks the engine for its table functions.
func newGate(ctx context.Context, p *pool) (*gate, error) {
	text, err := p.text(ctx, statement{sql: "SELECT name FROM system.table_functions", format: "TSVRaw"})
	if err != nil {
		return nil, err
	}
	g := &gate{map[string]bool{}, map[string]bool{}}
	for line := range strings.Lines(gateLists) {
		list, names, _ := strings.Cut(line, ":")
		for name := range strings.FieldsSeq(names) {
			g.listed[list+" "+name] = true
		}
	}
	for name := range strings.FieldsSeq(text) {
		g.tableFunctions[strings.ToLower(name)] = true
	}
	return g, nil
}

// text runs a statement and returns its whole answer.
func (p *pool) text(ctx context.Context, s statement) (string, error) {
	a, err := p.start(ctx, s)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for {
		piece, err := a.next()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		b.Write(piece)
	}
}

// check refuses what the listener does not run.
func (g *gate) check(ctx context.Context, p *pool, c *call) error {
	if err := checkTokens(c.tokens); err != nil {
		return err
	}
	if c.data != nil {
		return denied("只读：不接受写入", "read-only: no rows are taken")
	}
	if strings.EqualFold(c.database, "system") {
		return denied("不能把 system 设为当前数据库", "system cannot be the current database")
	}
	tree, err := p.text(ctx, statement{sql: "EXPLAIN AST " + c.sql, format: "TSVRaw", database: c.database, params: c.params})
	if err != nil {
		return err
	}
	return g.checkTree(tree)
}

// checkTokens looks at what must hold before the statement may be parsed:
// parsing happens inside another statement.
func checkTokens(list []token) error {
	first := list[0]
	if !slices.ContainsFunc(firstWords, func(w string) bool { return first.is(w) || first.kind == mark && first.text == w }) {
		return denied("只允许 SELECT、SHOW、DESCRIBE、EXPLAIN、EXISTS", "only SELECT, SHOW, DESCRIBE, EXPLAIN and EXISTS are allowed")
	}
	for i, t := range list {
		switch {
		case t.is("OUTFILE"):
			return denied("不允许 INTO OUTFILE", "INTO OUTFILE is not allowed")
		case t.is("INFILE"):
			return denied("不允许 FROM INFILE", "FROM INFILE is not allowed")
		case t.is("SETTINGS") && i+2 < len(list) && list[i+2].text == "=":
			return refuse(codeReadonly, "%s (READONLY)", say("不允许 SETTINGS 子句", "a SETTINGS clause is not allowed"))
		case t.kind == quoted && strings.ContainsFunc(t.text, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }):
			// Names stand unescaped in the tree; these could forge its lines.
			return denied("名称中不允许控制字符和反斜线", "names must not hold control characters or backslashes")
		case t.kind == mark && t.text == ":" && i+1 < len(list) && list[i+1].is("Identifier"):
			return denied("不允许 Identifier 类型的参数", "parameters of the type Identifier are not allowed")
		}
	}
	return nil
}

// checkTree reads the syntax tree, one node a line, children indented by one.
func (g *gate) checkTree(tree string) error {
	table := false // the line above opened a table expression
	for i, line := range strings.Split(strings.TrimRight(tree, "\n"), "\n") {
		node := strings.TrimLeft(line, " ")
		kind, rest, _ := strings.Cut(node, " ")
		name, _, _ := strings.Cut(rest, " ")
		if i == 0 && !g.listed["root "+kind] {
			return denied("不允许这种语句", "this kind of statement is not allowed")
		}
		if err := g.checkNode(kind, name, rest, table, len(line)-len(node)); err != nil {
			return err
		}
		table = kind == "TableExpression"
	}
	return nil
}

// checkNode judges one node of the tree.
func (g *gate) checkNode(kind, name, rest string, table bool, depth int) error {
	lower := strings.ToLower(name)
	switch kind {
	case "Function":
		isTable := table || g.tableFunctions[lower] && lower != "format"
		denies := g.listed["denied "+lower] || strings.HasPrefix(lower, "ai")
		if isTable && !g.listed["table "+lower] || !isTable && denies || lower == "file" {
			return denied("不允许的函数："+name, "function not allowed: "+name)
		}
	case "TableIdentifier", "Identifier":
		database, t, ok := strings.Cut(name, ".")
		if ok && strings.EqualFold(database, "system") && !g.listed["system "+t] {
			return denied("不允许读取："+name, "table not allowed: "+name)
		}
	case "Set":
		// readonly=1 stops SETTINGS at the top, but not inside a subquery.
		return refuse(codeReadonly, "%s (READONLY)", say("不允许 SETTINGS 子句", "a SETTINGS clause is not allowed"))
	case "Explain":
		if strings.Contains(rest, "OVERRIDE") || strings.Contains(rest, "CURRENT TRANSACTION") {
			return denied("不允许这种 EXPLAIN", "this kind of EXPLAIN is not allowed")
		}
	default:
		// What is not a query may hide under EXPLAIN.
		allowed := g.listed["root "+kind] || kind == "TablesInSelectQuery"
		if depth > 0 && strings.HasSuffix(kind, "Query") && !allowed {
			return denied("不允许这种语句", "this kind of statement is not allowed")
		}
	}
	return nil
}
