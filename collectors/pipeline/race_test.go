//go:build race

package pipeline

// bytesAThing bounds what one thing made may take. The race detector has pools
// forget at random, so that what the regexp package keeps between two matches is
// made again and again.
const bytesAThing = 1000
