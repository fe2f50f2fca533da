package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"yardstick/schema/engine/enginetest"
)

func TestMain(m *testing.M) {
	testscript.Main(sharing{m}, map[string]func(){"yardstick": main})
}

// The scripts are the command's specification: each runs the real command on
// the real engine in a folder of its own.
func TestScripts(t *testing.T) {
	library := enginetest.Library(t)
	docs, err := filepath.Abs("../../docs")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("YARDSTICK_ENGINE", library)
			env.Setenv("USER", "tester")
			env.Setenv("DOCS", docs)
			for _, name := range []string{"PORT", "PORT2"} {
				port, err := freePort()
				if err != nil {
					return err
				}
				env.Setenv(name, port)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"json": jsonCmd, "await": awaitCmd, "get": getCmd, "post": postCmd, "host": hostCmd, "keep": keepCmd,
		},
	})
}

// jsonCmd: json FILE PATH WANT. PATH is keys and indexes joined by dots, '#' is
// a list's length; WANT is compared with the value printed as JSON without
// quotes.
func jsonCmd(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH WANT")
	}
	v := lookUp(ts, args[0], args[1])
	got := strings.Trim(printed(v), `"`)
	if (got == args[2]) == neg {
		ts.Fatalf("%s is %s, want %s (negated: %v)", args[1], got, args[2], neg)
	}
}

// keepCmd: keep VAR FILE PATH puts what json would find into a variable.
func keepCmd(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: keep VAR FILE PATH")
	}
	ts.Setenv(args[0], strings.Trim(printed(lookUp(ts, args[1], args[2])), `"`))
}

// lookUp finds what stands at path in a JSON file.
func lookUp(ts *testscript.TestScript, file, path string) any {
	var v any
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile(file)))
	dec.UseNumber()
	ts.Check(dec.Decode(&v))
	for _, step := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			if step == "len" {
				v = len(x)
				continue
			}
			v = pick(ts, x, step)
		default:
			ts.Fatalf("%s: nothing to look into at %q (%v)", path, step, v)
		}
	}
	return v
}

// pick finds an element by index, or by key=value.
func pick(ts *testscript.TestScript, list []any, step string) any {
	if key, want, ok := strings.Cut(step, "="); ok {
		for _, e := range list {
			if m, _ := e.(map[string]any); m != nil && strings.Trim(printed(m[key]), `"`) == want {
				return e
			}
		}
		ts.Fatalf("no element has %s", step)
	}
	var i int
	if _, err := fmt.Sscan(step, &i); err != nil || i < 0 || i >= len(list) {
		ts.Fatalf("no element %s in a list of %d", step, len(list))
	}
	return list[i]
}

func printed(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// awaitCmd: await URL [PATTERN] waits until it answers 200, with the pattern in
// its body.
func awaitCmd(ts *testscript.TestScript, _ bool, args []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	said, err := regexp.Compile(strings.Join(args[1:], " "))
	ts.Check(err)
	var last string
	for ctx.Err() == nil {
		status, body, err := fetch(ctx, args[0])
		if err == nil && status == http.StatusOK && said.Match(body) {
			return
		}
		last = fmt.Sprintf("%d %v: %.500s", status, err, body)
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s never answered so: %s", args[0], last)
}

// getCmd: get URL FILE keeps the answer's body in FILE; ! get wants no 200.
func getCmd(ts *testscript.TestScript, neg bool, args []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	status, body, err := fetch(ctx, args[0])
	ts.Check(err)
	if (status == http.StatusOK) == neg {
		ts.Fatalf("%s answered %d: %.500s", args[0], status, body)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), body, 0o600))
}

func fetch(ctx context.Context, url string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

// postCmd: post STATUS TOKEN URL FILE ANSWER sends FILE and keeps the answer;
// TOKEN '-' sends none.
func postCmd(ts *testscript.TestScript, _ bool, args []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, args[2], strings.NewReader(ts.ReadFile(args[3])))
	ts.Check(err)
	if args[1] != "-" {
		req.Header.Set("Authorization", "Bearer "+args[1])
	}
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	if fmt.Sprint(resp.StatusCode) != args[0] {
		ts.Fatalf("%s answered %d, want %s: %.500s", args[2], resp.StatusCode, args[0], body)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[4]), body, 0o600))
}

// hostCmd: host DIR VAR serves a folder over HTTP until the script ends, and puts
// the address into VAR.
func hostCmd(ts *testscript.TestScript, _ bool, args []string) {
	server := httptest.NewServer(http.FileServer(http.Dir(ts.MkAbs(args[0]))))
	ts.Defer(server.Close)
	ts.Setenv(args[1], server.URL)
}

func freePort() (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
