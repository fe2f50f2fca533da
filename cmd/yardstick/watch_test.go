package main

import (
	"fmt"
	"net/url"
	"sync"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watcher collects what a reader's browser would complain about, and what
// came over the line.
type watcher struct {
	mu       sync.Mutex
	faults   []string
	origin   string // scheme and host that requests may go to
	requests int
	bytes    int64
}

func (w *watcher) listen(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		w.add("the console says: %s", e.Type)
	case *runtime.EventExceptionThrown:
		w.add("a script broke: %s", e.ExceptionDetails.Text)
	case *cdplog.EventEntryAdded:
		w.add("the browser says: %s %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "data" && u.Scheme+"://"+u.Host != w.origin {
			w.add("a request leaves for %s", e.Request.URL)
		}
	case *network.EventWebSocketCreated:
		w.add("a socket opens to %s", e.URL)
	case *network.EventLoadingFinished:
		w.requests++
		w.bytes += int64(e.EncodedDataLength)
	}
}

// add is called with the lock held.
func (w *watcher) add(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

func (w *watcher) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.faults
	w.faults = nil
	return out
}

// goes to a page: its own server is the only one it may ask.
func (w *watcher) goes(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("reading the page's address: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.origin, w.requests, w.bytes = u.Scheme+"://"+u.Host, 0, 0
	return nil
}

func (w *watcher) cost() (requests int, bytes int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.requests, w.bytes
}
