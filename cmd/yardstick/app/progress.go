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
	if many > 1 {
		name = fmt.Sprintf("%d/%d %s", n, many, name)
	}
	size = max(size, 1)
	return &progress{size: size, bar: r.drawn(size, true, progressbar.OptionSetDescription(name), progressbar.OptionShowBytes(true), seldom())}
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
