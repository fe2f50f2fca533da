package engine

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrLocked says that another process has the folder open.
	ErrLocked = errors.New(say("数据目录正被另一个进程使用", "the folder is in use by another process"))
	// ErrNoLibrary says that the engine's library is not there, or that there
	// is none for this platform.
	ErrNoLibrary = errors.New(say("找不到 ClickHouse 引擎库；请先运行 make engine", "the ClickHouse engine's library is missing; run `make engine` first"))
	// ErrChecksum says that the library is not the pinned one.
	ErrChecksum = errors.New(say("引擎库的校验和不符，拒绝加载", "the engine's library does not match its pinned checksum and was not loaded"))
	// ErrClosed says that the engine has been closed.
	ErrClosed = errors.New(say("引擎已关闭", "the engine is closed"))
)

// ClickHouse's own numbers for what this package refuses itself.
const (
	codeUnknownFormat    = 73
	codeBadArguments     = 36
	codeNotImplemented   = 48
	codeSyntax           = 62
	codeUnknownSetting   = 115
	codeTimeout          = 159
	codeReadonly         = 164
	codeTooManyQueries   = 202
	codeQueryCancelled   = 394
	codeFunctionDenied   = 446
	codeAccessDenied     = 497
	codeAuthentication   = 516
	codeUnknownException = 1002
)

// Error is a refusal, by the engine or by this package, with the number
// ClickHouse uses for it.
type Error struct {
	Code    int    // ClickHouse's error code, above 0
	Message string // without the "Code: N. DB::Exception: " in front
}

// Error gives the text in the form ClickHouse's clients parse.
func (e *Error) Error() string {
	return fmt.Sprintf("Code: %d. DB::Exception: %s", e.Code, e.Message)
}

// refuse makes an Error of this package's own.
func refuse(code int, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

var codePrefix = regexp.MustCompile(`^Code: (\d+)\. DB::Exception: `)

// engineError reads the engine's text. The engine wraps what its parser refused
// a second time; the outermost number holds and the repetition is dropped.
func engineError(text string) *Error {
	text = strings.TrimSpace(text)
	code := 0
	for {
		m := codePrefix.FindStringSubmatch(text)
		if m == nil {
			break
		}
		if code == 0 {
			code, _ = strconv.Atoi(m[1])
		}
		text = text[len(m[0]):]
	}
	if code == 0 {
		code = codeUnknownException
	}
	return &Error{Code: code, Message: text}
}

// httpStatus is the HTTP status ClickHouse gives an error number.
func httpStatus(code int) int {
	switch code {
	case codeAuthentication:
		return http.StatusUnauthorized
	case codeReadonly, codeAccessDenied, codeFunctionDenied:
		return http.StatusForbidden
	case 60, 81, 46, 47: // unknown table, database, function, identifier
		return http.StatusNotFound
	case codeTimeout:
		return http.StatusRequestTimeout
	case codeTooManyQueries:
		return http.StatusServiceUnavailable
	case codeNotImplemented:
		return http.StatusNotImplemented
	case codeBadArguments, codeSyntax, codeUnknownSetting, codeUnknownFormat, 6, 27, 53, 456:
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// say puts a sentence for people in Chinese and English.
func say(zh, en string) string { return zh + " / " + en }
