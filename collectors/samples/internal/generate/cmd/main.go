// Command cmd writes the sample feeds into the folder it is given.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"yardstick/collectors/samples/internal/generate"
)

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: cmd FOLDER")
	}
	files, err := generate.Files()
	if err != nil {
		return err
	}
	for name, b := range files {
		to := filepath.Join(args[0], filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return fmt.Errorf("making the folder of %s: %w", name, err)
		}
		if err := os.WriteFile(to, b, 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return nil
}
