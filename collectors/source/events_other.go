//go:build !linux

package source

import (
	"context"
	"errors"
	"fmt"
)

// events notes what is written in a folder; here the system is not asked.
func events(_ context.Context, dir string, _ *book, _ func()) error {
	return fmt.Errorf("asking for what happens in %s: %w", dir, errors.ErrUnsupported)
}
