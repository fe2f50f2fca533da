package app

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// fileBar makes the progress bar of file n of many, by bytes; the name stands
// before it. One byte more than the file has is kept back: what follows the
// reading takes its time too.
func (r *run) fileBar(name string, size int64, n, many int) *progressbar.ProgressBar {
	if many > 1 {
		name = fmt.Sprintf("%d/%d %s", n, many, name)
	}
	return r.drawn(size+1, true, progressbar.OptionSetDescription(name), progressbar.OptionShowBytes(true), seldom())
}

// drawn is a progress bar of total on a terminal where it is wanted, and nothing
// elsewhere.
func (r *run) drawn(total int64, wanted bool, more ...progressbar.Option) *progressbar.ProgressBar {
	w := io.Discard
	if wanted && r.terminal() {
		w = r.Err
	}
	return progressbar.NewOptions64(total, append([]progressbar.Option{progressbar.OptionSetWriter(w), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount()}, more...)...)
}

// seldom draws a bar ten times a second at most.
func seldom() progressbar.Option { return progressbar.OptionThrottle(100 * time.Millisecond) }

// named is what stands before a bar.
func (r *run) named(id string) progressbar.Option { return progressbar.OptionSetDescription(r.say(id)) }
