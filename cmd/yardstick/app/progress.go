package app

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress is the progress bar of one file, by bytes. On what is no terminal it
// draws nothing.
type progress struct {
	bar  *progressbar.ProgressBar
	size int64
}

// fileBar makes the progress bar of file n of many; the name stands before it.
func (r *run) fileBar(name string, size int64, n, many int) *progress {
	w := io.Discard
	if r.terminal() {
		w = r.Err
	}
	if many > 1 {
		name = fmt.Sprintf("%d/%d %s", n, many, name)
	}
	return &progress{size: max(size, 1), bar: progressbar.NewOptions64(max(size, 1), progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(name), progressbar.OptionShowBytes(true), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond))}
}

// at says how far of total bytes the reading has come. The last byte is kept
// back: what follows the reading takes its time too.
func (p *progress) at(read, total int64) {
	share := float64(read) / float64(max(total, 1))
	_ = p.bar.Set64(min(int64(share*float64(p.size)), p.size-1)) // a bar that cannot be drawn is no reason to stop
}

// reading counts what is read from r.
func (p *progress) reading(r io.Reader) io.Reader { return &counted{r: r, p: p} }

func (p *progress) end() { _ = p.bar.Finish() }

// counted tells a progress bar what was read.
type counted struct {
	r io.Reader
	n int64
	p *progress
}

// Read reads and counts.
func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	c.p.at(c.n, c.p.size)
	return n, err
}

// bar is a progress bar of n things on a terminal, and nothing elsewhere or for
// one.
func (r *run) bar(n int) *progressbar.ProgressBar { return r.count(n > 1, int64(n)) }

// count is a progress bar of n things on a terminal, where it is to be shown.
func (r *run) count(shown bool, n int64, more ...progressbar.Option) *progressbar.ProgressBar {
	w := io.Discard
	if shown && r.terminal() {
		w = r.Err
	}
	return progressbar.NewOptions64(n, append(more, progressbar.OptionSetWriter(w), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount())...)
}

// exporting is count for what is exported, which says so.
func (r *run) exporting(shown bool, n int64, more ...progressbar.Option) *progressbar.ProgressBar {
	return r.count(shown, n, append(more, progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetDescription(r.say("exporting")))...)
}
