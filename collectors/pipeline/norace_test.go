//go:build !race

package pipeline

const bytesAThing = 100 // see race_test.go
