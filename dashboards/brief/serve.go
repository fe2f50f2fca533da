package brief

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"yardstick/dashboards/brief/chromium"
	"yardstick/schema"
	"yardstick/schema/words"
)

// longest is how long one brief may take a server.
const longest = 3 * time.Minute

// kinds are the media types of the forms.
func kinds() map[string]string {
	return map[string]string{HTML: "text/html; charset=utf-8", PDF: "application/pdf",
		DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
}

// Handler answers GET /brief?as_of=&compare_with=&worst=&format=&lang=&policy=&slips=
// with a brief. Any other parameter is refused. today is the installation's; of later
// days nothing is known, unless its clock is pinned. One brief at a time has a
// browser print it.
func Handler(o Options, today func() schema.Date, pinned bool, log *slog.Logger) http.Handler {
	printer := make(chan struct{}, 1)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed, words.Fail(nil, "board-method", "method", r.Method))
			return
		}
		asked, format, err := askedOf(r, today())
		if !pinned {
			asked.Latest = today()
		}
		if err == nil {
			err = asked.Check(o.Register)
		}
		if err != nil {
			refuse(w, http.StatusBadRequest, err)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), longest)
		defer cancel()
		if format == PDF {
			select {
			case printer <- struct{}{}:
				defer func() { <-printer }()
			case <-ctx.Done():
				refuse(w, http.StatusServiceUnavailable, words.Fail(nil, "board-slow"))
				return
			}
		}
		body, err := written(ctx, o, asked, format)
		switch {
		case errors.Is(err, chromium.ErrNone):
			refuse(w, http.StatusNotImplemented, err)
		case errors.Is(err, context.DeadlineExceeded):
			refuse(w, http.StatusServiceUnavailable, words.Fail(nil, "board-slow"))
		case err != nil:
			if r.Context().Err() == nil {
				log.Error("a brief could not be made", "format", format, "err", err)
			}
			refuse(w, http.StatusInternalServerError, words.Fail(nil, "board-broken"))
		default:
			answer(w, r, asked, format, body)
		}
	})
}

func written(ctx context.Context, o Options, a Asked, format string) ([]byte, error) {
	b, err := Gather(ctx, o, a)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	if err := b.Write(ctx, &body, format); err != nil {
		return nil, err
	}
	return body.Bytes(), nil
}

// askedOf reads the address; the day is today unless it names one.
func askedOf(r *http.Request, today schema.Date) (a Asked, format string, err error) {
	q := r.URL.Query()
	for name, values := range q {
		switch {
		case !slices.Contains([]string{"as_of", "compare_with", "worst", "format", "lang", "policy", "slips"}, name):
			return a, "", words.Fail(nil, "board-unknown-parameter", "name", name)
		case len(values) > 1:
			return a, "", words.Fail(nil, "board-parameter-twice", "name", name)
		}
	}
	a = Asked{Policy: q.Get("policy"), AsOf: today, Worst: 5}
	for name, day := range map[string]*schema.Date{"as_of": &a.AsOf, "compare_with": &a.CompareWith} {
		written := q.Get(name)
		if written == "" {
			continue
		}
		if *day, err = schema.ParseDate(written); err != nil || day.Year < 1900 {
			return a, "", words.Fail(nil, "board-bad-day", "written", written)
		}
	}
	if written := q.Get("worst"); written != "" {
		if a.Worst, err = strconv.Atoi(written); err != nil {
			return a, "", words.Fail(nil, "brief-bad-worst", "n", written, "most", MostWorst)
		}
	}
	a.Slips = cmp.Or(Slips(q.Get("slips")), WithSlips)
	if a.Lang = cmp.Or(q.Get("lang"), schema.Chinese); !slices.Contains(schema.LanguageCodes(), a.Lang) {
		return a, "", words.Fail(nil, "brief-bad-lang", "written", a.Lang)
	}
	if format = cmp.Or(q.Get("format"), DOCX); !slices.Contains(Formats(), format) {
		return a, "", words.Fail(nil, "brief-bad-format", "written", format)
	}
	return a, format, nil
}

// answer sends the brief; a page is shown, the others are saved under a name
// that tells the day.
func answer(w http.ResponseWriter, r *http.Request, a Asked, format string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kinds()[format])
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if format != HTML {
		h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="brief-%s.%s"`, a.AsOf, format))
	}
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader who went away is no fault of ours
	}
}

// refuse says in every language why there is no brief.
func refuse(w http.ResponseWriter, code int, err error) {
	said := schema.Same(err.Error())
	var known *words.Error
	if errors.As(err, &known) {
		said = known.Text
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	fmt.Fprintln(w, said.All("\n"))
}
