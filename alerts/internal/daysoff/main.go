// Command daysoff writes the days nobody works into Alertmanager's
// configuration, between its two marks, from the calendar.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"yardstick/alerts/internal/daysoff/intervals"
	"yardstick/schema/calendar"
)

const (
	begin = "  # begin days-off\n"
	end   = "  # end days-off\n"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "daysoff:", err)
		os.Exit(1)
	}
}

func run(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, also := strings.Cut(rest, end)
	if !ok || !also {
		return errors.New("the marks are missing in " + path)
	}
	days, err := calendar.Default()
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(head+begin+intervals.YAML(days)+end+tail), 0o644)
}
