package pipeline

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yardstick/collectors/validate"
	"yardstick/schema/words"
)

const pages = "../../docs/problems"

// codes are all that a receipt may tell, of problems and of questions, as the
// rooms that tell them list their constants. Each is told by one room, but for a
// question that two may come upon.
func codes(t *testing.T) (problems, questions []string) {
	t.Helper()
	for _, file := range []string{"../table/refusal/refusal.go", "../reading/account/codes.go", "../reading/written/number.go", "../validate/codes.go", "../secrecy/secrecy.go", "pipeline.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			into := &problems
			switch about, of := strings.CutPrefix(g.Doc.Text(), "Codes of "); {
			case !of || strings.HasPrefix(about, "the notes") || strings.HasPrefix(about, "what was left out"):
				continue
			case strings.HasPrefix(about, "questions"):
				into = &questions
			}
			for _, spec := range g.Specs {
				code, err := strconv.Unquote(spec.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				if found++; code != validate.AskUnit || !slices.Contains(questions, code) {
					*into = append(*into, code)
				}
			}
		}
		if found == 0 {
			t.Fatalf("%s lists no codes", file)
		}
	}
	return problems, questions
}

func TestEveryCodeHasASentenceAndAPageAndTheOtherWayRound(t *testing.T) {
	problems, questions := codes(t)
	pageOf, sentenceOf := map[string]bool{}, map[string]bool{"problem-too-large-stopped": true} // file-too-large, of what was not read to its end
	for kind, codes := range map[string][]string{"problem-": problems, "question-": questions} {
		for i, c := range codes {
			if slices.Contains(codes[:i], c) {
				t.Errorf("%s%s is listed twice", kind, c)
			}
			pageOf[c] = true
			sentenceOf[kind+c] = true
			if kind == "question-" {
				sentenceOf["why-"+c] = true
			}
		}
	}
	ids := words.IDs()
	for id := range sentenceOf {
		if !slices.Contains(ids, id) {
			t.Errorf("no sentence %s", id)
		}
	}
	for _, id := range ids {
		if kind, _, _ := strings.Cut(id, "-"); (kind == "problem" || kind == "question" || kind == "why") && !sentenceOf[id] {
			t.Errorf("the sentence %s belongs to no code", id)
		}
	}
	index, err := os.ReadFile(filepath.Join(pages, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for c := range pageOf {
		b, err := os.ReadFile(filepath.Join(pages, c+".md"))
		if err != nil {
			t.Errorf("no page for %s: %v", c, err)
			continue
		}
		for _, part := range []string{"# ", "`" + c + "`", "**例**", "**怎么办**", "\n## ", "**Example**", "**What to do**"} {
			if !strings.Contains(string(b), part) {
				t.Errorf("the page of %s lacks %q", c, part)
			}
		}
		if !strings.Contains(string(index), "("+c+".md)") {
			t.Errorf("the index does not list %s", c)
		}
	}
	all, err := filepath.Glob(filepath.Join(pages, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		if c := strings.TrimSuffix(filepath.Base(path), ".md"); c != "README" && !pageOf[c] {
			t.Errorf("the page %s belongs to no code", c)
		}
	}
}

// Every code is asked for by a test of its room: by its constant, or as text.
func TestEveryCodeIsBroughtAboutByATest(t *testing.T) {
	constant, used := map[string][]string{}, map[string]bool{} // constants of each code; what tests name
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || filepath.Base(path) == "codes_test.go" {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		test := strings.HasSuffix(path, "_test.go")
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if i < len(n.Values) && !test {
						if lit, ok := n.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
							if code, err := strconv.Unquote(lit.Value); err == nil {
								constant[code] = append(constant[code], filepath.Base(filepath.Dir(path))+"."+name.Name)
							}
						}
					}
				}
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && test {
					used[x.Name+"."+n.Sel.Name] = true
				}
			case *ast.Ident:
				if test {
					used[filepath.Base(filepath.Dir(path))+"."+n.Name] = true
				}
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); test && err == nil {
					for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') }) {
						used[word] = true
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	problems, questions := codes(t)
	for _, c := range slices.Concat(problems, questions) {
		if !used[c] && !slices.ContainsFunc(constant[c], func(name string) bool { return used[name] }) {
			t.Errorf("no test brings about %s (%v)", c, constant[c])
		}
	}
}
