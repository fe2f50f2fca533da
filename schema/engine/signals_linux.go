package engine

import (
	"syscall"
	"unsafe"
)

// lastSignal is the highest signal number of Linux.
const lastSignal = 64

// sigaction is the kernel's record of one signal's handler: handler, flags,
// restorer and mask, eight bytes each. It is only ever copied.
type sigaction [4]uint64

// signalHandlers is a copy of every signal's handler.
type signalHandlers [lastSignal + 1]sigaction

// saveSignals reads all handlers. The engine replaces several of them when it
// is loaded and whenever it connects; Go's runtime needs its own back, else a
// nil dereference that recover() should catch ends the process.
func saveSignals() *signalHandlers {
	var h signalHandlers
	for sig := 1; sig <= lastSignal; sig++ {
		_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig), 0, uintptr(unsafe.Pointer(&h[sig])), 8, 0, 0)
	}
	return &h
}

// restore writes the handlers back. Signals that cannot be set (SIGKILL,
// SIGSTOP) are refused by the kernel, which is as it should be.
func (h *signalHandlers) restore() {
	for sig := 1; sig <= lastSignal; sig++ {
		_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&h[sig])), 0, 8, 0, 0)
	}
}
