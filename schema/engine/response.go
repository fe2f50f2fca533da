package engine

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// readAhead is how much of an answer is taken before its first byte is handed
// on, in bytes. An answer that fits frees its connection at once, and one that
// fails within it still gets a status of its own.
const readAhead = 4 << 20

// reply is the body of an answer on its way to the client: blocks re-encoded
// and compressed as the client asked.
type reply struct {
	*answer
	ahead   [][]byte
	end     error // after ahead: nil when more is to come
	encode  func([]byte) ([]byte, error)
	frames  *compress.Writer
	wire    httpWriter
	buffer  bytes.Buffer // what is ready for the client
	tag     string       // marks an error in the middle of a body
	drained bool
}

// httpWriter is an HTTP compressor.
type httpWriter interface {
	io.WriteCloser
	Flush() error
}

// newReply reads ahead; an error within it is returned, so that it can become a
// status.
func newReply(c *call, a *answer, encode func([]byte) ([]byte, error)) (*reply, error) {
	r := &reply{answer: a, encode: encode}
	for size := 0; c.whole || size < readAhead; {
		b, err := r.encoded()
		if errors.Is(err, io.EOF) {
			r.end = io.EOF
			break
		}
		if err != nil {
			a.abandon()
			return nil, err
		}
		size += len(b)
		r.ahead = append(r.ahead, b)
	}
	if c.framing != nil {
		r.frames = compress.NewWriter(0, *c.framing)
	}
	r.wire = compressor(c.encoding, &r.buffer)
	var tag [8]byte
	_, _ = rand.Read(tag[:])
	r.tag = hex.EncodeToString(tag[:])
	return r, nil
}

func compressor(encoding string, w io.Writer) httpWriter {
	switch encoding {
	case "gzip":
		return gzip.NewWriter(w)
	case "deflate":
		return zlib.NewWriter(w)
	case "br":
		return brotli.NewWriter(w)
	case "zstd":
		z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return nil // the options are constant and valid
		}
		return z
	}
	return nil
}

// Read implements io.Reader. An error in the middle is written into the body in
// ClickHouse's framing, as its own server does; the end of the request's
// context is returned as an error.
func (r *reply) Read(p []byte) (int, error) {
	for r.buffer.Len() == 0 {
		if r.drained {
			return 0, r.end
		}
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	return r.buffer.Read(p)
}

// fill puts the next piece into the buffer.
func (r *reply) fill() error {
	b, err := r.piece()
	own := (*Error)(nil)
	switch {
	case err == nil:
		return r.write(b)
	case errors.As(err, &own):
		r.end, r.drained = io.EOF, true
		text := own.Error()
		frame := fmt.Sprintf("\r\n__exception__\r\n%s\r\n%s\n%d %s\r\n__exception__\r\n", r.tag, text, len(text), r.tag)
		return r.finishWith([]byte(frame))
	case errors.Is(err, io.EOF):
		r.end, r.drained = io.EOF, true
		return r.finishWith(nil)
	}
	r.end, r.drained = err, true
	return err
}

// piece is the next piece of the answer, as the client wants its blocks.
func (r *reply) piece() ([]byte, error) {
	if len(r.ahead) > 0 {
		b := r.ahead[0]
		r.ahead = r.ahead[1:]
		return b, nil
	}
	if r.end != nil {
		return nil, r.end
	}
	return r.encoded()
}

// encoded is the next piece that the engine gives, re-encoded where it must be.
func (r *reply) encoded() ([]byte, error) {
	b, err := r.next()
	if err == nil && r.encode != nil {
		b, err = r.encode(b)
	}
	return b, err
}

// write compresses a piece into the buffer.
func (r *reply) write(b []byte) error {
	if r.frames == nil {
		return r.plain(b)
	}
	for len(b) > 0 {
		n := min(len(b), 1<<20)
		if err := r.frames.Compress(b[:n]); err != nil {
			return fmt.Errorf("compressing an answer: %w", err)
		}
		if err := r.plain(r.frames.Data); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

func (r *reply) plain(b []byte) error {
	if r.wire == nil {
		r.buffer.Write(b)
		return nil
	}
	if _, err := r.wire.Write(b); err != nil {
		return err
	}
	return r.wire.Flush()
}

// finishWith writes the last bytes, which are never framed, and closes the
// HTTP compression.
func (r *reply) finishWith(b []byte) error {
	err := r.plain(b)
	if r.wire != nil {
		err = errors.Join(err, r.wire.Close())
	}
	return err
}

// Close implements io.Closer; it frees the connection.
func (r *reply) Close() error {
	r.abandon()
	return nil
}

// header is the head of a successful answer.
func (c *call) header(r *reply) http.Header {
	h := http.Header{}
	h.Set("Content-Type", contentType(c.format))
	h.Set("X-ClickHouse-Format", c.format)
	h.Set("X-ClickHouse-Exception-Tag", r.tag)
	h.Set("X-ClickHouse-Summary", fmt.Sprintf(`{"written_rows":"%d"}`, r.written))
	if c.queryID != "" {
		h.Set("X-ClickHouse-Query-Id", c.queryID)
	}
	if c.encoding != "" {
		h.Set("Content-Encoding", c.encoding)
	}
	return h
}

func contentType(format string) string {
	switch {
	case strings.HasPrefix(format, "JSONEach"):
		return "application/x-ndjson; charset=UTF-8"
	case strings.HasPrefix(format, "JSON"):
		return "application/json; charset=UTF-8"
	case strings.HasPrefix(format, "CSV"):
		return "text/csv; charset=UTF-8; header=present"
	case format == "Native" || strings.HasPrefix(format, "RowBinary") || format == "Parquet" || strings.HasPrefix(format, "Arrow"):
		return "application/octet-stream"
	case strings.HasPrefix(format, "Tab") || strings.HasPrefix(format, "TSV"):
		return "text/tab-separated-values; charset=UTF-8"
	}
	return "text/plain; charset=UTF-8"
}

// failure is the status, head and body for an error.
func failure(err error) (int, http.Header, string) {
	h := http.Header{}
	h.Set("Content-Type", "text/plain; charset=UTF-8")
	own := (*Error)(nil)
	switch {
	case errors.As(err, &own):
	case errors.Is(err, context.DeadlineExceeded):
		own = refuse(codeTimeout, "%s (TIMEOUT_EXCEEDED)", say("超过时间上限", "Timeout exceeded"))
	case errors.Is(err, context.Canceled), errors.Is(err, ErrClosed):
		own = refuse(codeQueryCancelled, "%v (QUERY_WAS_CANCELLED)", err)
	default:
		own = refuse(codeUnknownException, "%v", err)
	}
	h.Set("X-ClickHouse-Exception-Code", fmt.Sprint(own.Code))
	return httpStatus(own.Code), h, own.Error() + "\n"
}

// reencode turns Native blocks of revision 0, which is what the engine writes,
// into blocks of the revision a client expects.
func reencode(revision uint64) func([]byte) ([]byte, error) {
	revision = min(revision, clickhouse.ClientTCPProtocolVersion)
	return func(in []byte) ([]byte, error) {
		reader := chproto.NewReader(bytes.NewReader(in))
		var out chproto.Buffer
		for {
			block := proto.NewBlock()
			err := block.Decode(reader, 0)
			if errors.Is(err, io.EOF) && block.Columns == nil {
				return out.Buf, nil
			}
			if err == nil {
				err = block.Encode(&out, revision)
			}
			if err != nil {
				return nil, refuse(codeNotImplemented, "%s: %v", say("该类型不能以 Native 格式返回", "this type cannot be returned in Native format"), err)
			}
		}
	}
}
