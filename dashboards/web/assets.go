package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"yardstick/schema"
)

// assetsPath is what the paths of the site's own assets begin with.
const assetsPath = "/board/"

type asset struct {
	body []byte
	kind string
}

// Assets are files that pages refer to, by the name they are served under.
type Assets struct {
	Style   string            // path of the stylesheet
	Icon    string            // path of the icon, where there is one
	Scripts map[string]string // path of each script, by its file's name

	prefix string
	byName map[string]asset
}

// LoadAssets names every file of assets/ after its content, so that it may be
// kept for good by whoever fetched it. They are served at prefix and the name.
// The stylesheets become one, named after the first.
func LoadAssets(from fs.FS, prefix string) (*Assets, error) {
	all := &Assets{byName: map[string]asset{}, Scripts: map[string]string{}, prefix: prefix}
	entries, err := fs.ReadDir(from, "assets")
	if err != nil {
		return nil, fmt.Errorf("listing the assets of %s: %w", prefix, err)
	}
	var style []byte
	styleName := ""
	for _, e := range entries {
		body, err := fs.ReadFile(from, "assets/"+e.Name())
		if err != nil {
			return nil, fmt.Errorf("reading the asset %s: %w", e.Name(), err)
		}
		switch path.Ext(e.Name()) {
		case ".css":
			if styleName == "" {
				styleName = e.Name()
			}
			style = append(style, body...)
			if e.Name() == "board.css" {
				style = append(style, schema.StatusStyles("--hue")...)
			}
		case ".svg":
			all.Icon = all.add(e.Name(), body, "image/svg+xml")
		case ".js":
			all.Scripts[e.Name()] = all.add(e.Name(), body, "text/javascript; charset=utf-8")
		}
	}
	all.Style = all.add(styleName, style, "text/css; charset=utf-8")
	return all, nil
}

// add keeps an asset and returns the path it is served at.
func (a *Assets) add(name string, body []byte, kind string) string {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	name = strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:6]) + ext
	a.byName[name] = asset{body, kind}
	return a.prefix + name
}

// Serve answers with the asset that the path names; false where there is none.
func (a *Assets) Serve(w http.ResponseWriter, r *http.Request) bool {
	one, ok := a.byName[r.PathValue("asset")]
	if !ok {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", one.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Length", fmt.Sprint(len(one.body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(one.body) // a reader who went away is no fault of ours
	}
	return true
}
