// Command demo-mongo is a MongoDB-compatible server for the demo and the tests: FerretDB with its SQLite backend, embedded.
// It listens on loopback only, keeps its data below the given folder, and ends on SIGTERM or SIGINT.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	port := flag.Int("port", 27017, "TCP port on loopback")
	folder := flag.String("dir", "", "folder of the data; made when missing")
	flag.Parse()
	if err := serve(*port, *folder); err != nil {
		fmt.Fprintln(os.Stderr, "demo-mongo:", err)
		os.Exit(1)
	}
}

func serve(port int, folder string) error {
	if folder == "" {
		return fmt.Errorf("give the folder of the data with -dir")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))},
		Handler:   "sqlite",
		SQLiteURL: sqliteURL(folder),
		// FerretDB logs every message that it answers with an error as a warning; clients see those errors themselves.
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return err
	}
	return server.Run(ctx)
}

// sqliteURL names the folder of the databases. Readers and the writer wait for each other instead of failing.
func sqliteURL(folder string) string {
	location := url.URL{Scheme: "file", Path: folder + "/", RawQuery: "_pragma=busy_timeout(20000)"}
	return location.String()
}
