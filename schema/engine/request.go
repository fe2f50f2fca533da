package engine

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// call is a request in ClickHouse's HTTP form, taken apart.
type call struct {
	statement
	tokens   []token
	data     io.Reader        // rows of an INSERT, nil when there are none
	revision uint64           // client_protocol_version, 0 when not given
	framing  *compress.Method // compress=1: the method of ClickHouse's own frames
	encoding string           // HTTP compression of the answer, empty for none
	whole    bool             // wait_end_of_query: no byte before the statement has succeeded
	queryID  string           // echoed; the engine gives its statements ids of its own
}

var settingName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// maxSQL bounds the text of a statement that comes in a request body, in bytes.
const maxSQL = 64 << 20

// parseCall reads a request. Every URL parameter is understood or refused.
func parseCall(r *http.Request) (*call, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost && r.Method != http.MethodHead {
		return nil, refuse(codeNotImplemented, "%s: %s", say("不支持的 HTTP 方法", "HTTP method not supported"), r.Method)
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return nil, refuse(codeNotImplemented, "%s", say("不支持外部表（multipart）", "external tables (multipart) are not supported"))
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(codeBadArguments, "%s: %v", say("地址参数无法解析", "the URL's parameters cannot be read"), err)
	}
	c := &call{statement: statement{format: "TabSeparated"}}
	p := parameters{call: c}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if len(q[name]) != 1 {
			return nil, refuse(codeBadArguments, "%s: %s", say("参数重复", "parameter given more than once"), name)
		}
		if err := p.take(name, q[name][0]); err != nil {
			return nil, err
		}
	}
	if err := p.headers(r.Header); err != nil {
		return nil, err
	}
	return c, p.body(r, q.Get("query"))
}

// parameters gathers what the URL's parameters say.
type parameters struct {
	*call
	compress, decompress, httpCompress bool
	method                             string
}

// take understands one parameter. The names are those of ClickHouse's HTTP
// interface; whatever else there is must be a setting, and the engine judges it.
func (p *parameters) take(name, value string) (err error) {
	switch name {
	case "query", "user", "password": // read elsewhere
	case "database":
		p.database = value
	case "default_format":
		p.format = value
	case "query_id":
		p.queryID = value
	case "client_protocol_version":
		if p.revision, err = strconv.ParseUint(value, 10, 32); err != nil {
			return refuse(codeBadArguments, "client_protocol_version: %q", value)
		}
	case "compress":
		p.compress, err = flag(name, value)
	case "decompress":
		p.decompress, err = flag(name, value)
	case "enable_http_compression":
		p.httpCompress, err = flag(name, value)
	case "wait_end_of_query", "http_wait_end_of_query":
		p.whole, err = flag(name, value)
	case "network_compression_method":
		p.method = strings.ToUpper(value)
	case "network_zstd_compression_level", "http_zlib_compression_level":
		if _, err = strconv.Atoi(value); err != nil {
			return refuse(codeBadArguments, "%s: %q", name, value)
		}
		// How hard to compress is a wish: the bytes that come out are the same.
	case "buffer_size", "http_response_buffer_size":
		// How much the server may hold back before it sends: ours holds at
		// least as much, and the answer is the same.
		if _, err = strconv.ParseUint(value, 10, 64); err != nil {
			return refuse(codeBadArguments, "%s: %q", name, value)
		}
	case "http_write_exception_in_output_format", "send_progress_in_http_headers", "add_http_cors_header",
		"stacktrace", "close_session", "session_check",
		"database_atomic_wait_for_drop_and_detach_synchronously":
		// Off is what happens here; on is not offered.
		on, err := flag(name, value)
		if err == nil && on {
			err = refuse(codeNotImplemented, "%s=1: %s", name, say("不支持", "not supported"))
		}
		return err
	case "session_id", "session_timeout", "quota_key", "role", "profile":
		return refuse(codeNotImplemented, "%s: %s", name, say("不支持", "not supported"))
	default:
		return p.other(name, value)
	}
	return err
}

// other takes query parameters and settings.
func (p *parameters) other(name, value string) error {
	if x, ok := strings.CutPrefix(name, "param_"); ok {
		p.params = append(p.params, param{x, value})
		return nil
	}
	if !settingName.MatchString(name) {
		return refuse(codeUnknownSetting, "Unknown setting %q. (UNKNOWN_SETTING)", name)
	}
	p.settings = append(p.settings, param{name, value})
	return nil
}

// headers reads the headers that say the same as parameters, and decides how
// the answer is compressed.
func (p *parameters) headers(h http.Header) error {
	if v := h.Get("X-ClickHouse-Database"); v != "" && p.database == "" {
		p.database = v
	}
	if v := h.Get("X-ClickHouse-Format"); v != "" {
		p.format = v
	}
	if h.Get("X-ClickHouse-Quota") != "" {
		return refuse(codeNotImplemented, "X-ClickHouse-Quota: %s", say("不支持", "not supported"))
	}
	if p.compress {
		method, known := map[string]compress.Method{
			"": compress.LZ4, "LZ4": compress.LZ4, "LZ4HC": compress.LZ4,
			"ZSTD": compress.ZSTD, "NONE": compress.None,
		}[p.method]
		if !known {
			return refuse(codeNotImplemented, "network_compression_method: %q", p.method)
		}
		p.framing = &method
	}
	if p.httpCompress {
		for e := range strings.SplitSeq(h.Get("Accept-Encoding"), ",") {
			e, weight, _ := strings.Cut(strings.TrimSpace(e), ";")
			if (e == "gzip" || e == "deflate" || e == "zstd" || e == "br") && strings.ReplaceAll(weight, " ", "") != "q=0" {
				p.encoding = e
				break
			}
		}
	}
	return nil
}

// body undoes the compression of the request body and tells SQL from rows: with
// a query parameter that is an INSERT awaiting rows the body is rows, else it
// is SQL, appended to the parameter.
func (p *parameters) body(r *http.Request, query string) error {
	var body io.Reader = http.NoBody
	if r.Body != nil {
		body = r.Body
	}
	body, err := decode(r.Header.Get("Content-Encoding"), body)
	if err != nil {
		return err
	}
	if p.decompress {
		body = newFrameReader(body)
	}
	p.sql = query
	if query != "" {
		if p.tokens, err = single(query); err != nil {
			return err
		}
		if rowsFormat(p.tokens) != "" {
			p.data = body
			return nil
		}
	}
	text, err := io.ReadAll(io.LimitReader(body, maxSQL+1))
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the request: %w", err)
	}
	if len(text) > maxSQL {
		return refuse(codeBadArguments, "%s", say("语句过长（上限 64 MiB）", "the statement is longer than 64 MiB"))
	}
	if len(bytes.TrimSpace(text)) > 0 {
		p.sql = strings.TrimPrefix(p.sql+"\n"+string(text), "\n")
	}
	if p.tokens, err = single(p.sql); err != nil {
		return err
	}
	if rowsFormat(p.tokens) != "" {
		return refuse(codeBadArguments, "%s", say("INSERT 的语句须放在 query 参数中，数据放在请求体中", "put the INSERT in the query parameter and its rows in the body"))
	}
	p.sql = p.sql[:p.tokens[len(p.tokens)-1].end]
	return nil
}

// decode undoes a Content-Encoding.
func decode(encoding string, body io.Reader) (io.Reader, error) {
	var plain io.Reader
	var err error
	switch strings.ToLower(encoding) {
	case "", "identity":
		return body, nil
	case "gzip", "x-gzip":
		plain, err = gzip.NewReader(body)
	case "deflate":
		plain, err = zlib.NewReader(body)
	case "br":
		plain = brotli.NewReader(body)
	case "zstd":
		var z *zstd.Decoder
		z, err = zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
		if err == nil {
			plain = z.IOReadCloser()
		}
	default:
		return nil, refuse(codeNotImplemented, "Content-Encoding %q: %s", encoding, say("不支持", "not supported"))
	}
	if err != nil {
		return nil, refuse(codeBadArguments, "Content-Encoding %s: %v", encoding, err)
	}
	return plain, nil
}

// flag reads a switch.
func flag(name, value string) (bool, error) {
	switch strings.ToLower(value) {
	case "1", "true":
		return true, nil
	case "0", "false", "":
		return false, nil
	}
	return false, refuse(codeBadArguments, "%s: %q: %s", name, value, say("应为 0 或 1", "expected 0 or 1"))
}

// frameReader undoes ClickHouse's own compression frames.
type frameReader struct{ *chproto.Reader }

func newFrameReader(body io.Reader) io.Reader {
	r := chproto.NewReader(body)
	r.EnableCompression()
	return frameReader{r}
}

// Read gives a bare io.EOF after the last whole frame, where the library wraps it.
func (f frameReader) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
