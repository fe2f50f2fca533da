//go:build !linux

package engine

import (
	"io/fs"
	"os"
)

// There is no pinned library for this platform: Open says so before any of
// these could matter. They keep the rest of the program buildable.

type library struct{}

func loadLibrary(string) (*library, error)                          { return nil, ErrNoLibrary }
func (*library) open([]string) (conn, closer uintptr)               { return 0, 0 }
func (*library) run(uintptr, string, string, []param, bool) uintptr { return 0 }
func (*library) bytes(uintptr) []byte                               { return nil }
func (*library) message(uintptr) string                             { return "" }
func (*library) skipExitHandlers()                                  {}
func (*library) closeConn(uintptr)                                  {}
func (*library) streamFetch(uintptr, uintptr) uintptr               { return 0 }
func (*library) streamCancel(uintptr, uintptr)                      {}
func (*library) destroyResult(uintptr)                              {}
func (*library) rowsWritten(uintptr) uint64                         { return 0 }

type signalHandlers struct{}

func saveSignals() *signalHandlers { return &signalHandlers{} }
func (*signalHandlers) restore()   {}

func identify(*os.File, string) (string, error) { return "", ErrNoLibrary }
func ownedByUs(fs.FileInfo) bool                { return false }
func locked(string) bool                        { return false }
func memoryFile() (*os.File, string, error)     { return nil, "", ErrNoLibrary }
func physicalMemory() uint64                    { return 0 }
