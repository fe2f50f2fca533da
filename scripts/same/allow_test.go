//go:build same

package same

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// allowed is a difference that is meant: lines that match one pattern, at the
// places that match the other.
type allowed struct {
	where, line *regexp.Regexp
	why, text   string
	used        bool
}

// readAllow reads the list of what is meant to differ. A line is
// `PLACE :: LINE :: why`, both patterns matching whole; LINE is matched against
// `- what was said` and `+ what is said`. Empty lines and lines beginning with #
// say nothing. Without the file nothing may differ.
func readAllow(path string) ([]*allowed, error) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var list []*allowed
	for i, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		part := strings.Split(line, " :: ")
		if len(part) != 3 || strings.TrimSpace(part[2]) == "" {
			return nil, fmt.Errorf("%s:%d: want PLACE :: LINE :: why", path, i+1)
		}
		a := &allowed{why: part[2], text: line}
		for j, into := range []**regexp.Regexp{&a.where, &a.line} {
			if *into, err = regexp.Compile("^(?:" + part[j] + ")$"); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", path, i+1, err)
			}
		}
		list = append(list, a)
	}
	return list, nil
}

// change is one hunk that differs, and where it does: many pages share a frame.
type change struct {
	shown  string
	places []string
}

// finding is what a comparison found.
type finding struct {
	changes            []*change
	stale              []string // lines of the list that matched nothing
	answers, differing int
	allowed            int // of those that differ
}

// add takes in what another comparison found.
func (f *finding) add(g finding) {
	f.changes = append(f.changes, g.changes...)
	f.answers, f.differing, f.allowed = f.answers+g.answers, f.differing+g.differing, f.allowed+g.allowed
}

// stale are the lines of a list by which nothing was allowed.
func stale(list []*allowed) (out []string) {
	for _, a := range list {
		if !a.used {
			out = append(out, a.text)
		}
	}
	return out
}

// compare finds what is said otherwise and not allowed.
func compare(old, now sayings, list []*allowed) finding {
	var f finding
	byText := map[string]*change{}
	for _, where := range union(old, now) {
		f.answers++
		before, had := old[where]
		if after, has := now[where]; had && has && before == after {
			continue
		}
		f.differing++
		fine := true
		for _, hunk := range hunks(old, now, where) {
			if permitted(list, where, hunk) {
				continue
			}
			fine = false
			key := strings.Join(changed(hunk), "\n")
			if byText[key] == nil {
				byText[key] = &change{shown: hunk}
				f.changes = append(f.changes, byText[key])
			}
			byText[key].places = append(byText[key].places, where)
		}
		if fine {
			f.allowed++
		}
	}
	return f
}

// hunks are the parts in which two texts differ, with some lines around each.
// A place that one side alone has differs in that alone.
func hunks(old, now sayings, where string) []string {
	before, had := old[where]
	after, has := now[where]
	if !had {
		return []string{"+ is asked now alone\n"}
	}
	if !has {
		return []string{"- was asked before alone\n"}
	}
	text := string(diff.Diff("before", []byte(ended(before)), "after", []byte(ended(after))))
	var out []string
	for _, part := range regexp.MustCompile(`(?m)^@@.*@@\n`).Split(text, -1)[1:] {
		out = append(out, part)
	}
	return out
}

func ended(s string) string {
	if strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "\n"
}

// changed are the lines of a hunk that one side lacks, as `- text` and `+ text`.
func changed(hunk string) []string {
	var out []string
	for line := range strings.Lines(hunk) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "-") || strings.HasPrefix(line, "+") {
			out = append(out, line[:1]+" "+strings.TrimSpace(line[1:]))
		}
	}
	return out
}

// permitted says whether every line of a hunk is one that may differ there.
func permitted(list []*allowed, where, hunk string) bool {
	all := true
	for _, line := range changed(hunk) {
		i := slices.IndexFunc(list, func(a *allowed) bool { return a.where.MatchString(where) && a.line.MatchString(line) })
		if i < 0 {
			all = false
			continue
		}
		list[i].used = true
	}
	return all
}

// text is the finding for people, at most so many bytes long; 0: all of it.
func (f finding) text(most int) string {
	var b bytes.Buffer
	slices.SortStableFunc(f.changes, func(x, y *change) int { return len(y.places) - len(x.places) })
	for i, c := range f.changes {
		if most > 0 && b.Len() > most {
			fmt.Fprintf(&b, "… and %d more\n", len(f.changes)-i)
			break
		}
		fmt.Fprintf(&b, "\n%s", c.places[0])
		if n := len(c.places); n > 1 {
			fmt.Fprintf(&b, " and %d more: %s", n-1, strings.Join(c.places[1:min(n, 4)], ", "))
		}
		b.WriteString("\n" + shortened(c.shown, most > 0))
	}
	for _, s := range f.stale {
		fmt.Fprintf(&b, "\nsame.allow: nothing differs so any more: %s\n", s)
	}
	return b.String()
}

// shortened is a hunk of at most thirty lines, each of at most 240 bytes.
func shortened(hunk string, cut bool) string {
	if !cut {
		return hunk
	}
	lines := strings.SplitAfter(hunk, "\n")
	for i, l := range lines {
		if len(l) > 240 {
			lines[i] = strings.ToValidUTF8(l[:240], "") + "…\n"
		}
	}
	if n := len(lines); n > 30 {
		lines = append(lines[:30], fmt.Sprintf("… and %d lines more\n", n-30))
	}
	return strings.Join(lines, "")
}
