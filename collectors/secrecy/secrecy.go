// Package secrecy finds what must not be here at all, before anything of it is
// kept: marks of state secrecy, and the numbers of identity cards. What it tells
// names the place and never repeats what stands there.
//
// A mark is 秘密, 机密 or 绝密 (also traditional, with 级, with blanks between)
// before a ★, or standing by itself before a term of secrecy (机密 10年, 绝密（长期）),
// or said to be the level (密级：秘密), or all that is written: a cell, a line, a property,
// a name, also in brackets; in these before a title or behind it too. The words in
// running text are none, nor is 商业秘密, with or without a ★.
//
// A number is one of 18 characters whose date and check character are right (GB
// 11643), wherever it stands; or, under or beside a heading that says 身份证 or
// 公民身份, one of the old 15 digits or one written in its groups.
//
// What cannot be read as text (pictures, what is encrypted or drawn) is not seen.
package secrecy

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"yardstick/collectors/table"
	"yardstick/collectors/table/refusal"
	"yardstick/schema"
	"yardstick/schema/words"
)

// Codes of the problems that keep a file from being kept.
const (
	Marked   = "secrecy-mark"
	Identity = "identity-number"
)

// mostTold bounds the places that are told of a file.
const mostTold = 20

// Look looks through a file for what must not be kept, and tells each place: of a
// table the cell, of other text the line or the part. No problem: it may be kept.
// A file that unpacks to more than can be looked through is a problem too. The
// work is bounded and holds no more than a part of the file. An error is the
// machine's, or the context's.
func Look(ctx context.Context, src table.Source, name string) ([]schema.Problem, error) {
	var out []schema.Problem
	shown := Name(name)
	for _, code := range named(name) {
		out = append(out, problem(code, shown, place{kind: "name"}))
	}
	l := &looker{ctx: ctx, left: mostUnpacked}
	err := l.file(src, place{kind: "file"}, 0)
	switch {
	case errors.Is(err, errBeyond):
		return append(out, refusal.Problem(shown, refusal.ArchiveTooLarge, "limit", fmt.Sprintf("%d MiB", mostUnpacked>>20))), nil
	case err != nil:
		return nil, fmt.Errorf("looking for what must not be kept: %w", err)
	case len(l.hits)+len(l.weak) == 0 && !l.hint:
		return out, nil
	}
	at, read, err := cells(ctx, src, shown)
	if err != nil {
		return nil, fmt.Errorf("looking for what must not be kept: %w", err)
	}
	out = append(out, at...)
	for _, h := range l.told(len(at) > 0, read) {
		out = append(out, problem(h.code, shown, h.place))
	}
	return out[:min(len(out), mostTold)], nil
}

// Said looks through texts that somebody typed, beside a file or without one.
func Said(texts ...string) (out []schema.Problem) {
	for _, code := range found(texts...) {
		out = append(out, problem(code, "", place{kind: "said"}))
	}
	return out
}

// Refusal is what was found as one error, a *words.Error; nil where nothing was.
func Refusal(found []schema.Problem) error {
	switch len(found) {
	case 0:
		return nil
	case 1:
		return &words.Error{Text: found[0].Text, ID: found[0].Code}
	}
	return words.Fail(nil, "secrecy-more", "first", found[0].Text, "n", len(found)-1)
}

// Name is a file's name as it may be told: one that must not be kept gives its
// ending alone.
func Name(name string) string {
	if len(named(name)) == 0 {
		return name
	}
	if end := path.Ext(name); len(found(end)) == 0 && len(end) <= 8 {
		return "***" + end
	}
	return "***"
}

// place is where something stands.
type place struct {
	kind string // of sentence: cell, line, comment, header, sheet, part, entry, archive, property, file, name, said
	part string // of a package
	ref  string // the cell of a comment
	line int    // of text, from 1

	outside bool // of the tables of a page
}

// ofTables reports whether what stands there may be the text of a cell.
func (p place) ofTables() bool {
	inside := p.kind == "part" && (strings.HasPrefix(p.part, "xl/worksheets/") || strings.HasPrefix(p.part, "xl/sharedStrings") || !strings.Contains(p.part, "/"))
	return !p.outside && (inside || p.kind == "file" || p.kind == "line")
}

// say names it.
func (p place) say() schema.Text {
	return words.Say("secrecy-where-"+p.kind, "part", p.part, "ref", p.ref, "line", p.line)
}

func problem(code, file string, at place) schema.Problem {
	return schema.Problem{Code: code, File: file, Line: at.line, Text: words.Say("problem-"+code, "where", at.say())}
}

// told are the places beside the cells: where the cells tell it, those of parts
// that hold none; where there are no cells, all. read: the file was read as
// tables, and what may be a number under a heading was judged there.
func (l *looker) told(inCells, read bool) (out []hit) {
	all := l.hits
	if !read {
		all = append(all, l.weak...)
	}
	once := map[hit]bool{}
	for _, h := range all {
		if (!h.ofTables() || !inCells) && !once[h] {
			once[h] = true
			out = append(out, h)
		}
	}
	return out
}
