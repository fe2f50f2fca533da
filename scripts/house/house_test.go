// Package house holds the source to its sizes and manners: how large a room may
// be, how long a function, and that nothing of a package changes behind its
// callers' backs. Who may import whom is cmd/yardstick's arrows_test.go.
package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Lines of Go, tests aside.
const (
	mostInAll      = 76000
	mostInARoom    = 4000
	mostInFunction = 90
)

// narrower are rooms that must stay smaller than the others: a folder with all
// below it, and its lines.
var narrower = map[string]int{
	"dashboards/board": 2500,
	"cmd/yardstick":    4200,
}

// source is a file of the program, tests aside.
type source struct {
	room, path string // the folder and the file, from the root
	lines      int
	file       *ast.File
}

// sources reads every file of the program.
func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	root := filepath.Join("..", "..")
	set := token.NewFileSet()
	var all []source
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && p != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || name == "data" || name == "bin") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(set, p, nil, 0)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		all = append(all, source{path.Dir(rel), rel, set.File(f.Pos()).LineCount(), f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 300 {
		t.Fatalf("%d files found: too few", len(all))
	}
	return set, all
}

func TestRoomsAreSmall(t *testing.T) {
	_, all := sources(t)
	rooms, sum := map[string]int{}, 0
	for _, s := range all {
		rooms[s.room] += s.lines
		sum += s.lines
	}
	for _, room := range slices.Sorted(maps.Keys(rooms)) {
		if rooms[room] > mostInARoom {
			t.Errorf("%s has %d lines, more than %d", room, rooms[room], mostInARoom)
		}
	}
	for folder, most := range narrower {
		below := 0
		for room, n := range rooms {
			if room == folder || strings.HasPrefix(room, folder+"/") {
				below += n
			}
		}
		if below > most {
			t.Errorf("%s and what is below it has %d lines, more than %d", folder, below, most)
		}
	}
	if sum > mostInAll {
		t.Errorf("the program has %d lines, more than %d", sum, mostInAll)
	}
}

func TestNoFunctionIsLong(t *testing.T) {
	set, all := sources(t)
	for _, s := range all {
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1; n > mostInFunction {
				t.Errorf("%s: %s has %d lines, more than %d", s.path, f.Name.Name, n, mostInFunction)
			}
		}
	}
}

func TestNothingRunsBeforeMain(t *testing.T) {
	_, all := sources(t)
	for _, s := range all {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init", s.path)
			}
		}
	}
}

// A package's variables are tables: whoever changes one changes what every
// caller sees, in an order that nobody wrote down.
func TestNoVariableOfAPackageChanges(t *testing.T) {
	set, all := sources(t)
	globals := map[string]map[string]*ast.ValueSpec{}
	for _, s := range all {
		if globals[s.room] == nil {
			globals[s.room] = map[string]*ast.ValueSpec{}
		}
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				for _, name := range v.Names {
					globals[s.room][name.Name] = v
					if guards(v) && holdsState[s.room+" "+name.Name] == "" {
						t.Errorf("%s: the variable %s holds state", set.Position(name.Pos()), name.Name)
					}
				}
			}
		}
	}
	for _, s := range all {
		for _, id := range written(s.file) {
			v, is := globals[s.room][id.Name]
			if !is || id.Obj != nil && id.Obj.Decl != v {
				continue // a variable of the function's own
			}
			if holdsState[s.room+" "+id.Name] != "" {
				continue
			}
			t.Errorf("%s changes the package's variable %s", set.Position(id.Pos()), id.Name)
		}
		for _, sel := range writtenElsewhere(s.file) {
			t.Errorf("%s changes a variable of another package: %s", set.Position(sel.Pos()), sel.Sel.Name)
		}
	}
}

// guards says whether a variable is a lock, a counter or a pool: state by its type.
func guards(v *ast.ValueSpec) bool {
	typed := v.Type
	if typed == nil && len(v.Values) == 1 {
		if lit, ok := v.Values[0].(*ast.CompositeLit); ok {
			typed = lit.Type
		}
	}
	if star, ok := typed.(*ast.StarExpr); ok {
		typed = star.X
	}
	if index, ok := typed.(*ast.IndexExpr); ok {
		typed = index.X
	}
	sel, ok := typed.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	from, ok := sel.X.(*ast.Ident)
	return ok && (from.Name == "sync" || from.Name == "atomic")
}

// targetsOf calls f with every expression that a file assigns to, counts up,
// deletes from or clears.
func targetsOf(file *ast.File, f func(ast.Expr)) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					f(e)
				}
			}
		case *ast.IncDecStmt:
			f(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				f(n.Key)
				f(n.Value)
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear" || id.Name == "copy") && len(n.Args) > 0 {
				f(n.Args[0])
			}
		}
		return true
	})
}

// held is the variable in which an expression changes something: a of a[i].b.
func held(e ast.Expr) ast.Expr {
	for {
		switch x := e.(type) {
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			if id, ok := x.X.(*ast.Ident); ok && id.Obj == nil {
				return x // a package's name, or a variable of another file
			}
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		default:
			return e
		}
	}
}

// written are the names by which a file changes a variable.
func written(file *ast.File) []*ast.Ident {
	var out []*ast.Ident
	targetsOf(file, func(e ast.Expr) {
		switch x := held(e).(type) {
		case *ast.Ident:
			out = append(out, x)
		case *ast.SelectorExpr:
			out = append(out, x.X.(*ast.Ident))
		}
	})
	return out
}

// writtenElsewhere are assignments to pkg.Name.
func writtenElsewhere(file *ast.File) []*ast.SelectorExpr {
	imported := map[string]bool{}
	for _, i := range file.Imports {
		name := path.Base(strings.Trim(i.Path.Value, `"`))
		if i.Name != nil {
			name = i.Name.Name
		}
		imported[name] = true
	}
	var out []*ast.SelectorExpr
	targetsOf(file, func(e ast.Expr) {
		if sel, ok := held(e).(*ast.SelectorExpr); ok && imported[sel.X.(*ast.Ident).Name] {
			out = append(out, sel)
		}
	})
	return out
}

// holdsState are the variables that do change, and why.
var holdsState = map[string]string{
	"schema/engine process":           "the engine's library can be opened once a process",
	"schema/engine/enginetest shared": "the tests of a package share one engine",
	"schema/engine/enginetest keep":   "the tests of a package share one engine",
}
