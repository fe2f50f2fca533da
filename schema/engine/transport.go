package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Writer is the way to the one writing connection, for clickhouse-go's
// TransportFunc. Statements run one after another.
func (e *Engine) Writer() http.RoundTripper { return transport{e.writer} }

// Reader is the way to the reading connections: SELECT and the like on tables.
// Writing is refused by the engine (codes 164 and 497), and so is the reading
// of files and of other machines.
func (e *Engine) Reader() http.RoundTripper { return transport{e.readers} }

// transport answers HTTP requests from the engine without a network between.
type transport struct{ pool *pool }

// hello is what clickhouse-go asks first.
const hello = "SELECT displayName(), version(), revision(), timezone()"

// RoundTrip implements http.RoundTripper. What the engine refuses becomes a
// response with ClickHouse's status, code header and text; the end of the
// request's context becomes an error, after the statement has been stopped.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	ctx := r.Context()
	res := &http.Response{Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r}
	c, body, err := t.serve(ctx, r)
	if ctx.Err() != nil {
		if err == nil {
			_ = body.Close()
		}
		return nil, ctx.Err()
	}
	if err != nil {
		var text string
		res.StatusCode, res.Header, text = failure(err)
		res.Body, res.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	} else {
		res.StatusCode, res.Header, res.Body, res.ContentLength = http.StatusOK, c.header(body), body, -1
		if errors.Is(body.end, io.EOF) && len(body.ahead) == 0 && c.encoding == "" {
			res.ContentLength = 0
		}
	}
	res.Status = fmt.Sprintf("%d %s", res.StatusCode, http.StatusText(res.StatusCode))
	return res, nil
}

// serve runs the request.
func (t transport) serve(ctx context.Context, r *http.Request) (*call, *reply, error) {
	c, err := parseCall(r)
	if err != nil {
		return nil, nil, err
	}
	// clickhouse-go decodes answers at the revision that hello names, and the
	// engine writes revision 0. So revision 0 is what hello is told, and only
	// the answer to hello itself is re-encoded.
	var encode func([]byte) ([]byte, error)
	if c.sql == hello && c.revision > 0 && c.format == "Native" {
		c.sql = strings.Replace(hello, "revision()", "toUInt32(0)", 1)
		encode = reencode(c.revision)
	}
	a, err := t.pool.run(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	body, err := newReply(c, a, encode)
	return c, body, err
}

// run starts a call on one of the pool's connections.
func (p *pool) run(ctx context.Context, c *call) (*answer, error) {
	if c.data != nil {
		return p.insert(ctx, c)
	}
	if inlineRows(c.tokens) {
		return nil, refuse(codeNotImplemented, "%s", say("语句内的数据只支持 VALUES", "rows inside a statement are supported as VALUES only"))
	}
	if dropsSync(c.tokens) {
		return nil, refuse(codeNotImplemented, "%s", say("内嵌引擎不支持 SYNC 删除（会一直等待）；请去掉 SYNC", "the embedded engine cannot drop with SYNC, it would wait for ever; leave SYNC out"))
	}
	s := c.statement
	s.stream = c.streams()
	return p.start(ctx, s)
}

// dropsSync finds DROP … SYNC and its older spelling. The embedded engine never
// starts the background task that such a statement waits for. A dropped table is
// gone at once, but its files stay in the data folder; TRUNCATE before DROP
// leaves next to nothing.
func dropsSync(list []token) bool {
	last := list[len(list)-1]
	return (list[0].is("DROP") || list[0].is("DETACH")) && (last.is("SYNC") || last.is("DELAY"))
}

// reads says whether the statement returns rows worth streaming. A wrong guess
// costs nothing: the engine declines and the statement runs in one piece.
func reads(list []token) bool {
	for _, w := range []string{"SELECT", "WITH", "FROM", "("} {
		if list[0].is(w) || list[0].text == w {
			return true
		}
	}
	return false
}

// streams says whether the answer is to be taken block by block: only in formats
// whose blocks stand one after the other. Others have a beginning and an end of
// their own, which the engine's stream gives to no answer without rows.
func (c *call) streams() bool {
	format, last := c.format, len(c.tokens)-1
	if last > 0 && c.tokens[last-1].is("FORMAT") {
		format = c.tokens[last].text
	}
	switch format {
	case "Native", "TabSeparated", "TSV", "TabSeparatedRaw", "TSVRaw", "CSV", "JSONEachRow", "RowBinary":
		return reads(c.tokens)
	}
	return false
}

// TransportOptions are clickhouse-go's options for a transport of ours.
func TransportOptions(rt http.RoundTripper, database string) *clickhouse.Options {
	return &clickhouse.Options{
		Protocol:      clickhouse.HTTP,
		Addr:          []string{"embedded"},
		Auth:          clickhouse.Auth{Database: database},
		DialTimeout:   30 * time.Second,
		ReadTimeout:   time.Hour,
		TransportFunc: func(*http.Transport) (http.RoundTripper, error) { return rt, nil },
	}
}
