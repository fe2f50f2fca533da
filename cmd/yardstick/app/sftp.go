package app

import (
	"context"
	"fmt"
	"log/slog"

	"yardstick/collectors/pipeline"
	"yardstick/collectors/source"
	"yardstick/schema"
	"yardstick/schema/words"
)

// sftp is the way to a feed's files on an SFTP server. Nothing is read yet.
func (c *Config) sftp(f Feed, log *slog.Logger) (*source.SFTP, error) {
	o := source.SFTPOptions{Address: f.SFTP.Address, User: f.SFTP.User, KeyFile: f.SFTP.KeyFile, PasswordFile: f.SFTP.PasswordFile,
		KnownHosts: f.SFTP.KnownHosts, Folder: f.SFTP.Folder, Pattern: f.SFTP.Pattern, Limit: f.MaxBytes,
		State: c.path("state", "sftp", f.Name+".json"), Log: log}
	switch f.SFTP.Done {
	case "move":
		o.Move = true
	case "", "leave":
	default:
		return nil, words.Fail(nil, "sftp-done", "written", f.SFTP.Done)
	}
	return source.NewSFTP(o)
}

// collect takes in every settled new file of the feed's SFTP folder.
func (d *desk) collect(ctx context.Context, f Feed, way *source.SFTP) error {
	err := way.Collect(ctx, func(ctx context.Context, file source.RemoteFile) (schema.Receipt, error) {
		return d.submit(ctx, pipeline.Submission{Feed: f.config(), Name: file.Name, URL: file.URL, Body: file, Actor: "sftp"})
	})
	if err != nil {
		return fmt.Errorf("emptying the SFTP folder: %w", err)
	}
	return nil
}
