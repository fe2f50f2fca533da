//go:build same

package same

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// run keeps what the command prints and how it ends.
func (s *side) run(args ...string) error {
	var out, errs bytes.Buffer
	cmd := s.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	printed := out.Bytes()
	if path := s.written(); slices.Contains(args, path) { // workbooks and documents go to a file
		if printed, err = os.ReadFile(path); err != nil {
			printed = []byte(err.Error())
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return s.keep("yardstick "+strings.Join(args, " "), fmt.Sprintf("exit %d\n%s\nstderr\n%s", cmd.ProcessState.ExitCode(), printedText(printed), errs.Bytes()))
}

// written is the file that a command writes to when it is told to.
func (s *side) written() string { return filepath.Join(s.dir, "written") }

// printedText is what a command printed, as a person can compare it.
func printedText(out []byte) string {
	if bytes.HasPrefix(bytes.TrimSpace(out), []byte("<!DOCTYPE")) {
		return pageText(out)
	}
	if bytes.HasPrefix(out, []byte("PK\x03\x04")) {
		return zipText(out)
	}
	return string(out)
}

var listedCommand = regexp.MustCompile(`(?m)^  ([a-z]+(?:-[a-z]+)?(?: [a-z]+)?)  +\S`)

// commands runs what only reads, in both languages, and asks each for its help.
func (s *side) commands() error {
	help, err := s.command("--help").Output()
	if err != nil {
		return fmt.Errorf("asking for help: %w", err)
	}
	_, list, _ := strings.Cut(string(help), "Commands:")
	found := listedCommand.FindAllStringSubmatch(list, -1)
	if len(found) < 20 {
		return fmt.Errorf("%d commands in the help: too few\n%s", len(found), help)
	}
	asked := [][]string{{"--help"}, {}, {"nothing"}, {"compare", "--nothing"}, {"version"}}
	for _, c := range found {
		asked = append(asked, append(strings.Fields(c[1]), "--help"))
	}
	for _, line := range s.reading() {
		for _, lang := range []string{"zh", "en"} {
			asked = append(asked, append(strings.Fields(line), "--lang", lang))
		}
	}
	for _, args := range asked {
		if err := s.run(args...); err != nil {
			return err
		}
	}
	return nil
}

// reading lists commands that change nothing.
func (s *side) reading() []string {
	number := s.numberOf("‹industry/2025-06.csv›")
	out := []string{
		"compare", "compare -o json", "compare -o csv", "compare -o xml", "compare --target ai-compute -o json", "compare --target nothing", "compare --policy nowhere",
		"compare --from 2025-01-31 --to 2025-06-30 --step 1m", "compare --from 2025-01-31 --to 2025-06-30 --step 1m -o csv", "compare --from 2025-01-31 --to 2025-06-30 --step 1m -o json",
		"compare --from 2024-10-31 --to 2025-06-30 --scorecard", "compare --from 2024-10-31 --to 2025-06-30 --scorecard -o json", "compare --methods", "compare --methods -o json",
		"compare --what-if 60 --target ai-compute", "compare --what-if 60 --target ai-compute -o json", "compare --what-if fast --target ai-compute",
		"compare --districts --target high-standard-farmland", "compare --districts --target high-standard-farmland -o json", "compare --districts --target ai-compute",
		"compare --as-of soon", "compare --known-at 2020-01-01T00:00:00Z", "compare --explain nothing", "compare --explain ai-compute -o json",
		"targets list", "targets list -o json", "targets list -o csv", "targets show ai-compute", "targets show ai-compute -o json", "targets show nothing",
		"targets check schema/targets/policies/dalian-2024-15.yaml", "targets check README.md",
		"receipts", "receipts -o json", "receipts -o csv --limit 500", "receipts --feed industry", "receipts --status asked", "receipts --feed nothing",
		"receipt " + number, "receipt " + number + " -o json", "receipt R0", "audit verify", "audit verify -o json", "audit show", "audit show -o json",
		"statement list", "statement list -o json", "statement list -o csv", "alerts render", "check config", "check", "doctor",
		"export --indicator gdp", "export --indicator gdp -o json", "export --indicator gdp -o csv --vintages all", "export -o csv", "export -o csv --bom --indicator ai-compute",
		"export --indicator gdp -o sdmx-csv", "export --indicator gdp -o openmetrics", "export --indicator gdp -o xlsx --file " + s.written(), "export --indicator nothing", "export --indicator gdp -o odt", "export --indicator gdp --region 210200 --from 2024 --to 2024-Q4",
		"brief -o html --as-of 2025-06-30", "brief -o html --as-of 2025-03-31 --compare-with 2025-01-31 --worst 2 --slips only", "brief -o docx --file " + s.written(), "brief -o odt",
		"backtest comparator/forecast/backtest/testdata/nothing.csv --horizon 4 --season 4",
	}
	for _, day := range days {
		out = append(out, "compare --as-of "+day, "compare -o json --as-of "+day, "export -o csv --as-of "+day)
	}
	targets, err := s.targets()
	if err != nil {
		return nil
	}
	for _, t := range targets {
		_, id, _ := strings.Cut(t, "/")
		out = append(out, "compare --explain "+id)
	}
	return out
}

// previews reads every file that the tests read, without storing it.
func (s *side) previews() error {
	var files []string
	for _, dir := range []string{"collectors/samples/*", "collectors/published/*", "collectors/reading/testdata/feeds", "collectors/*/testdata/*", "collectors/*/*/testdata/*"} {
		found, err := filepath.Glob(filepath.Join(s.files, dir, "*.*"))
		if err != nil {
			return err
		}
		for _, f := range found {
			if rel, err := filepath.Rel(s.files, f); err == nil && !slices.Contains(files, rel) && !strings.HasSuffix(rel, ".go") {
				files = append(files, rel)
			}
		}
	}
	if len(files) < 300 {
		return fmt.Errorf("%d files to preview: too few", len(files))
	}
	for i, f := range files {
		receipt := filepath.Join(s.dir, "receipt.json")
		if err := s.run("preview", f, "--output", "csv", "--receipt", receipt); err != nil {
			return err
		}
		text, err := os.ReadFile(receipt)
		if err != nil {
			text = []byte(err.Error())
		}
		if err := s.keep("receipt of yardstick preview "+f, jsonText(text)); err != nil {
			return err
		}
		if err := os.RemoveAll(receipt); err != nil {
			return err
		}
		if i%8 != 0 {
			continue
		}
		for _, args := range [][]string{{"--table"}, {}, {"--lang", "en"}, {"--feed", "industry"}, {"--feed", "industry", "-o", "json", "--lang", "en"}} {
			if err := s.run(append([]string{"preview", f}, args...)...); err != nil {
				return err
			}
		}
	}
	return nil
}
