package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"yardstick/cmd/yardstick/config"
	"yardstick/collectors/upload"
	"yardstick/dashboards/web"
	"yardstick/schema/access"
	"yardstick/schema/engine"
)

// newUpload is the API and the pages that figures are handed in by.
func (s *server) newUpload(site *web.Site) (api http.Handler, pages *upload.Pages, err error) {
	tokens, shown, err := s.tokens()
	if err != nil {
		return nil, nil, err
	}
	offices := map[string]string{}
	for _, f := range s.cfg.Feeds {
		offices[f.Name] = f.Office
	}
	api, err = upload.New(upload.Config{Log: s.r.log, Tokens: tokens, Offices: offices, Zone: s.loc}, s.desk)
	if err != nil {
		return nil, nil, &exitError{exitUsage, err}
	}
	pages, err = upload.NewPages(site, upload.PageOptions{Register: s.register, Desk: s.desk, Tokens: tokens, Shown: shown,
		Address: s.cfg.ExternalURL, Temp: s.cfg.Path("state", "previews"), Now: s.r.now})
	if err != nil {
		return nil, nil, fmt.Errorf("making the upload pages: %w", err)
	}
	return api, pages, nil
}

// tokens are those of the configuration. A demonstration that nobody else can
// reach has two more, which its sign-in page shows.
func (s *server) tokens() (all []upload.Token, shown []string, err error) {
	for _, t := range s.cfg.Tokens {
		digest := t.SHA256
		if t.File != "" {
			secret, err := config.Secret(t.File)
			if err != nil {
				return nil, nil, err
			}
			digest = digestOf(secret)
		}
		all = append(all, upload.Token{Identity: t.Identity(), SHA256: digest})
	}
	if s.cmd.Demo && engine.CheckListen(s.cmd.Listen, false) == nil {
		shown = []string{"demo", "demo-reviewer"}
		all = append(all, upload.Token{Identity: access.Identity{Name: shown[0], Role: access.Reporter}, SHA256: digestOf(shown[0])},
			upload.Token{Identity: access.Local(shown[1]), SHA256: digestOf(shown[1])})
	}
	return all, shown, nil
}

func digestOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
