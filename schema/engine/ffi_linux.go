package engine

import (
	"fmt"
	"runtime"
	"slices"
	"unsafe"

	"github.com/ebitengine/purego"
	"golang.org/x/sys/unix"
)

// library holds the entry points of libchdb.so that this package calls. The
// names follow the C header; handles are opaque pointers owned by the engine.
type library struct {
	connect       func(argc int32, argv unsafe.Pointer) uintptr
	closeConn     func(conn uintptr)
	query         func(conn uintptr, sql unsafe.Pointer, sqlLen uintptr, format unsafe.Pointer, formatLen uintptr) uintptr
	queryParams   func(conn uintptr, sql unsafe.Pointer, sqlLen uintptr, format unsafe.Pointer, formatLen uintptr, names, nameLens, values, valueLens unsafe.Pointer, count uintptr) uintptr
	stream        func(conn uintptr, sql unsafe.Pointer, sqlLen uintptr, format unsafe.Pointer, formatLen uintptr) uintptr
	streamParams  func(conn uintptr, sql unsafe.Pointer, sqlLen uintptr, format unsafe.Pointer, formatLen uintptr, names, nameLens, values, valueLens unsafe.Pointer, count uintptr) uintptr
	streamFetch   func(conn, stream uintptr) uintptr
	streamCancel  func(conn, stream uintptr)
	destroyResult func(result uintptr)
	resultBuffer  func(result uintptr) unsafe.Pointer
	resultLength  func(result uintptr) uintptr
	resultError   func(result uintptr) unsafe.Pointer
	rowsWritten   func(result uintptr) uint64
}

// loadLibrary maps the shared library. RTLD_LOCAL keeps its C++ symbols away
// from whatever else the process has loaded.
func loadLibrary(path string) (*library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("loading %s: %w", path, err)
	}
	lib := &library{}
	for _, s := range []struct {
		fn   any
		name string
	}{
		{&lib.connect, "chdb_connect"},
		{&lib.closeConn, "chdb_close_conn"},
		{&lib.query, "chdb_query_n"},
		{&lib.queryParams, "chdb_query_with_params_n"},
		{&lib.stream, "chdb_stream_query_n"},
		{&lib.streamParams, "chdb_stream_query_with_params_n"},
		{&lib.streamFetch, "chdb_stream_fetch_result"},
		{&lib.streamCancel, "chdb_stream_cancel_query"},
		{&lib.destroyResult, "chdb_destroy_query_result"},
		{&lib.resultBuffer, "chdb_result_buffer"},
		{&lib.resultLength, "chdb_result_length"},
		{&lib.resultError, "chdb_result_error"},
		{&lib.rowsWritten, "chdb_result_rows_written"},
	} {
		addr, err := purego.Dlsym(handle, s.name)
		if err != nil {
			return nil, fmt.Errorf("looking up %s in %s: %w", s.name, path, err)
		}
		purego.RegisterFunc(s.fn, addr)
	}
	return lib, nil
}

// skipExitHandlers makes C's exit() leave at once. The library's static
// destructors run beside its own threads and crash the process when an engine is
// still open. Go leaves without exit(), but a binary built with -race does not.
// What exit() runs first is what was registered last: _exit, with exit's status.
func (l *library) skipExitHandlers() {
	onExit, err1 := purego.Dlsym(purego.RTLD_DEFAULT, "on_exit")
	exit, err2 := purego.Dlsym(purego.RTLD_DEFAULT, "_exit")
	if err1 == nil && err2 == nil {
		purego.SyscallN(onExit, exit, 0)
	}
}

// open makes one connection and returns the handle the query functions take
// together with the one that closes it.
func (l *library) open(args []string) (conn, closer uintptr) {
	raw := make([][]byte, len(args))
	argv := make([]unsafe.Pointer, len(args)+1)
	var pin runtime.Pinner
	defer pin.Unpin()
	for i, a := range args {
		raw[i] = append([]byte(a), 0)
		pin.Pin(&raw[i][0])
		argv[i] = unsafe.Pointer(&raw[i][0])
	}
	pin.Pin(&argv[0])
	closer = l.connect(int32(len(args)), unsafe.Pointer(&argv[0]))
	if closer == 0 {
		return 0, 0
	}
	return *(*uintptr)(foreign(closer)), closer
}

// params is the C form of query parameters: parallel arrays of names and
// values with their lengths.
type params struct {
	names, values       []unsafe.Pointer
	nameLens, valueLens []uintptr
}

func newParams(pin *runtime.Pinner, list []param) *params {
	p := &params{}
	for _, kv := range list {
		p.names = append(p.names, pinned(pin, kv.name))
		p.nameLens = append(p.nameLens, uintptr(len(kv.name)))
		p.values = append(p.values, pinned(pin, kv.value))
		p.valueLens = append(p.valueLens, uintptr(len(kv.value)))
	}
	pin.Pin(&p.names[0])
	pin.Pin(&p.values[0])
	pin.Pin(&p.nameLens[0])
	pin.Pin(&p.valueLens[0])
	return p
}

// run executes one statement and returns its result handle. With streaming the
// handle yields blocks through streamFetch instead of holding the whole answer.
func (l *library) run(conn uintptr, sql, format string, list []param, streaming bool) uintptr {
	var pin runtime.Pinner
	defer pin.Unpin()
	q, f := pinned(&pin, sql), pinned(&pin, format)
	if len(list) == 0 {
		call := l.query
		if streaming {
			call = l.stream
		}
		return call(conn, q, uintptr(len(sql)), f, uintptr(len(format)))
	}
	p := newParams(&pin, list)
	call := l.queryParams
	if streaming {
		call = l.streamParams
	}
	return call(conn, q, uintptr(len(sql)), f, uintptr(len(format)),
		unsafe.Pointer(&p.names[0]), unsafe.Pointer(&p.nameLens[0]),
		unsafe.Pointer(&p.values[0]), unsafe.Pointer(&p.valueLens[0]), uintptr(len(list)))
}

// bytes copies the answer out of a result handle.
func (l *library) bytes(result uintptr) []byte {
	return slices.Clone(unsafe.Slice((*byte)(l.resultBuffer(result)), l.resultLength(result)))
}

// message returns the engine's error text, empty when the statement succeeded.
func (l *library) message(result uintptr) string {
	return unix.BytePtrToString((*byte)(l.resultError(result)))
}

// pinned returns the address of the string's bytes, kept in place while C reads
// them. A terminating zero is added because C code may look one past the end.
func pinned(pin *runtime.Pinner, s string) unsafe.Pointer {
	b := append([]byte(s), 0)
	pin.Pin(&b[0])
	return unsafe.Pointer(&b[0])
}

// foreign turns an address handed out by the engine into a pointer. The
// detour keeps vet from mistaking it for arithmetic on Go memory.
func foreign(addr uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&addr))
}
