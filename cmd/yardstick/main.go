// Command yardstick measures an economy against what its government promised.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"yardstick/cmd/yardstick/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Main(ctx, os.Args[1:], app.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
