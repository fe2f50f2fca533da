package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// kind is what a piece of SQL text is.
type kind int

const (
	word    kind = iota // bare word or number
	quoted              // `identifier` or "identifier"
	literal             // 'text' or $tag$text$tag$
	mark                // one character of punctuation
	blank               // white space or a comment
)

// token is one piece of SQL with its place in the text.
type token struct {
	kind       kind
	text       string
	start, end int
}

// is compares a bare word without regard to case.
func (t token) is(w string) bool { return t.kind == word && strings.EqualFold(t.text, w) }

// tokens cuts SQL the way ClickHouse's own lexer does, without comments and
// white space: enough to find statement ends and trailing clauses without being
// fooled by quotes. What is left open (a quote, a comment) is an error, code 62.
func tokens(sql string) ([]token, error) {
	var out []token
	for i := 0; i < len(sql); {
		end, k, err := scan(sql, i)
		if err != nil {
			return nil, err
		}
		if k != blank {
			out = append(out, token{k, sql[i:end], i, end})
		}
		i = end
	}
	return out, nil
}

// scan finds the end of the piece that begins at i.
func scan(sql string, i int) (end int, k kind, err error) {
	rest := sql[i:]
	c := sql[i]
	switch {
	case c <= ' ' || c == 0x7f:
		return i + 1, blank, nil
	case strings.HasPrefix(rest, "--"), c == '#':
		// ClickHouse takes '#' for a comment only before a space or '!'; reading
		// more as a comment could hide a statement, so the rest is a mark.
		if c == '#' && !strings.HasPrefix(rest, "# ") && !strings.HasPrefix(rest, "#!") {
			return i + 1, mark, nil
		}
		if n := strings.IndexByte(rest, '\n'); n >= 0 {
			return i + n + 1, blank, nil
		}
		return len(sql), blank, nil
	case strings.HasPrefix(rest, "/*"):
		end, err = scanComment(sql, i)
		return end, blank, err
	case c == '\'':
		end, err = scanQuote(sql, i)
		return end, literal, err
	case c == '`' || c == '"':
		end, err = scanQuote(sql, i)
		return end, quoted, err
	case c == '$':
		if end := scanHeredoc(sql, i); end > 0 {
			return end, literal, nil
		}
		return i + 1, mark, nil
	case wordByte(c):
		for end = i + 1; end < len(sql) && wordByte(sql[end]); end++ {
		}
		return end, word, nil
	}
	return i + 1, mark, nil
}

// scanComment finds the end of a /* comment */, which nests.
func scanComment(sql string, i int) (int, error) {
	depth := 0
	for j := i; j < len(sql); {
		switch {
		case strings.HasPrefix(sql[j:], "/*"):
			depth++
			j += 2
		case strings.HasPrefix(sql[j:], "*/"):
			depth--
			j += 2
			if depth == 0 {
				return j, nil
			}
		default:
			j++
		}
	}
	return 0, refuse(codeSyntax, "%s", say("注释没有结束", "a comment is not closed"))
}

// scanQuote finds the end of a quoted piece: backslash and doubling escape.
func scanQuote(sql string, i int) (int, error) {
	q := sql[i]
	for j := i + 1; j < len(sql); j++ {
		switch {
		case sql[j] == '\\':
			j++
		case sql[j] == q && j+1 < len(sql) && sql[j+1] == q:
			j++
		case sql[j] == q:
			return j + 1, nil
		}
	}
	return 0, refuse(codeSyntax, "%s", say("引号没有配对", "a quote is not closed"))
}

// scanHeredoc finds the end of $tag$…$tag$, 0 when there is none here.
func scanHeredoc(sql string, i int) int {
	j := i + 1
	for j < len(sql) && wordByte(sql[j]) && sql[j] != '$' {
		j++
	}
	if j >= len(sql) || sql[j] != '$' {
		return 0
	}
	tag := sql[i : j+1]
	n := strings.Index(sql[j+1:], tag)
	if n < 0 {
		return 0
	}
	return j + 1 + n + len(tag)
}

// wordByte says which bytes belong to a bare word. Bytes of other scripts
// count, so that a name in Chinese stays in one piece.
func wordByte(c byte) bool {
	return c == '_' || c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// single checks that the text holds one statement and returns its tokens
// without the closing semicolons.
func single(sql string) ([]token, error) {
	list, err := tokens(sql)
	if err != nil {
		return nil, err
	}
	for len(list) > 0 && list[len(list)-1].text == ";" {
		list = list[:len(list)-1]
	}
	if len(list) == 0 {
		return nil, refuse(codeSyntax, "%s", say("语句为空", "the statement is empty"))
	}
	for _, t := range list {
		if t.kind == mark && t.text == ";" {
			return nil, refuse(codeSyntax, "%s", say("一次只能执行一条语句", "one statement at a time: multi-statements are not allowed"))
		}
	}
	return list, nil
}

// quote writes text as a SQL literal.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// quoteName writes text as a SQL identifier.
func quoteName(s string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(s) + "`"
}

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
	text, _, err := c.ask(sql, "JSONCompact", nil)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data [][]string `json:"data"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, fmt.Errorf("reading a table's columns: %w", err)
	}
	var names []string
	for _, row := range answer.Data {
		names = append(names, row[0])
	}
	return names, nil
}
