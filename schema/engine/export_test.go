package engine

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// SocketTransport reaches a SocketHandler of another process through its unix
// socket.
func SocketTransport(path string) http.RoundTripper {
	return &http.Transport{
		DisableCompression: true,
		IdleConnTimeout:    30 * time.Second,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", path)
		},
	}
}

// SocketOptions makes clickhouse-go use a SocketHandler through its unix socket.
func SocketOptions(path, database string) *clickhouse.Options {
	return TransportOptions(SocketTransport(path), database)
}
