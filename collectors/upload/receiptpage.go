package upload

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"rsc.io/qr"

	"yardstick/collectors/desk"
	"yardstick/collectors/pipeline"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/targets"
)

// receiptView is one receipt with everything it says.
type receiptView struct {
	*frame
	R           schema.Receipt
	Feed        string
	Changes     []changeRow
	Whys        bool
	Attachments []schema.Act
	Life        []schema.ReceiptEvent
	register    *targets.Register
}

// Answer is an answer with who gave it.
func (v receiptView) Answer(a schema.Answer) answerRow { return v.answer(v.register, a) }

// receiptPage answers a request about a receipt.
type receiptPage func(http.ResponseWriter, *http.Request, *session, schema.Receipt) error

// ofReceipt serves what is about a receipt that the session may see.
func (p *Pages) ofReceipt(serve receiptPage) page {
	return func(w http.ResponseWriter, r *http.Request, s *session) error {
		id := strings.TrimSuffix(r.PathValue("id"), ".json")
		rc, ok, err := p.Desk.Receipt(r.Context(), id)
		if err == nil && !ok {
			return notFound("upload-no-such-receipt", "id", id)
		}
		if err == nil {
			rc, err = p.Desk.Sealed(r.Context(), s.who, id)
		}
		if err != nil {
			return fmt.Errorf("reading the receipt %s: %w", id, err)
		}
		return serve(w, r, s, rc)
	}
}

// receipt shows a receipt; its address with .json gives it to programs.
func (p *Pages) receipt(w http.ResponseWriter, r *http.Request, s *session, rc schema.Receipt) error {
	if strings.HasSuffix(r.PathValue("id"), ".json") {
		asFile(w, rc.ID+".json")
		return answer(w, http.StatusOK, rc, nil)
	}
	view, err := p.receiptView(r, s, rc)
	if err != nil {
		return err
	}
	return p.show(w, http.StatusOK, "receipt", view)
}

// asFile has an answer saved under a name.
func asFile(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}

func (p *Pages) receiptView(r *http.Request, s *session, rc schema.Receipt) (v receiptView, err error) {
	f := p.titled(r, s, "reports", "upload-receipt-title")
	v = receiptView{frame: f, R: rc, Feed: rc.Feed, register: p.Register}
	feeds, err := p.Desk.Taking(r.Context())
	if err != nil {
		return v, fmt.Errorf("listing the feeds: %w", err)
	}
	if i := slices.IndexFunc(feeds, func(x schema.FeedState) bool { return x.Name == rc.Feed }); i >= 0 {
		v.Feed = f.TitleOf(feeds[i])
	}
	for _, c := range most(rc.Changes) {
		c.Correction = cmp.Or(c.Correction, rc.Correction)
		row := p.changeRow(f, c)
		v.Whys = v.Whys || row.Why != ""
		v.Changes = append(v.Changes, row)
	}
	if v.Attachments, err = p.Desk.Attached(r.Context(), rc.ID); err != nil {
		return v, fmt.Errorf("listing the attachments of %s: %w", rc.ID, err)
	}
	if v.Life, err = p.Desk.Life(r.Context(), rc.ID); err != nil {
		return v, fmt.Errorf("reading the life of %s: %w", rc.ID, err)
	}
	return v, nil
}

// State is how the receipt stands.
func (v receiptView) State() figure.Badge { return v.ReceiptBadge(v.R) }

// Page is the path of its page.
func (v receiptView) Page() string { return receiptPath(v.R.ID) }

// MayWithdraw, MayResume and MayReview say what may be done with it.
func (v receiptView) MayWithdraw() bool {
	return v.R.Status.Counts() || v.R.Status == schema.Pending || v.R.Status == schema.Asked
}

// MayResume reports whether its questions can be answered here.
func (v receiptView) MayResume() bool {
	return v.R.Snapshot != "" && v.R.Bytes <= mostBytes && (v.R.Status == schema.Asked || v.R.Status == schema.Refused)
}

// MayReview reports whether who looks may approve it: nobody his own.
func (v receiptView) MayReview() bool {
	return v.Reviews && v.R.Status == schema.Pending && v.R.Waits == schema.WaitsReview && v.R.Actor != v.Who
}

// Wrong are what is to be mended in the file.
func (v receiptView) Wrong() []schema.Problem { return pipeline.Wrong(v.R) }

// Sentence says in a line what became of the file.
func (v receiptView) Sentence() string {
	r, id := v.R, "upload-became-"+string(v.R.Status)
	if r.Status == schema.Pending && r.Waits == schema.WaitsRelease {
		id += "-release"
	}
	wrong := len(v.Wrong())
	if r.Status == schema.Refused && wrong == 0 && len(r.Questions) > 0 { // answers are all it waits for
		id = "upload-became-" + string(schema.Asked)
	}
	return v.T(id, "n", r.Accepted+r.Revised, "same", r.SameAs, "rejected", r.Rejected, "problems", wrong, "questions", len(r.Questions),
		"when", v.Time(r.ReleaseAt), "reason", r.Reason, "id", r.ID)
}

// Tallies count what became of its figures.
func (v receiptView) Tallies() []tally {
	return append(v.tallies(v.R.Accepted, v.R.Revised, v.R.UnchangedN), tally{v.R.Rejected, v.T("upload-tally-rejected"), "lagging"})
}

// Facts are the rest of what it says.
func (v receiptView) Facts() []web.Fact {
	r, why, reviewed, bytes := v.R, "", "", ""
	if r.Correction != "" {
		why = v.Say(r.Correction.Label())
	}
	if r.Reviewer != "" {
		reviewed = v.T("upload-reviewed", "who", r.Reviewer, "when", v.Time(r.ReviewedAt))
	}
	if r.Bytes > 0 {
		bytes = fmt.Sprint(r.Bytes)
	}
	return v.facts("board-r-id", r.ID, "board-r-file", r.File, "board-r-received", v.Time(r.ReceivedAt), "board-r-actor", r.Actor,
		"board-r-cells", v.Cells(r), "board-r-reason", r.Reason, "upload-correction", why, "upload-release-label", v.Time(r.ReleaseAt),
		"upload-reviewer", reviewed, "board-r-encoding", r.Encoding, "board-r-bytes", bytes, "board-r-snapshot", r.Snapshot)
}

// Size is a number of bytes for people.
func (f *frame) Size(bytes string) string {
	n, _ := strconv.ParseInt(bytes, 10, 64) // written by us; 0 where an old hand wrote otherwise
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}

// reasonOf is why a form does what it does, which must be said.
func reasonOf(r *http.Request) (string, error) {
	reason := strings.TrimSpace(r.PostForm.Get("reason"))
	if reason == "" {
		return "", bad("upload-reason-needed")
	}
	return reason, nil
}

// withdraw takes a receipt back, with a reason.
func (p *Pages) withdraw(w http.ResponseWriter, r *http.Request, s *session, rc schema.Receipt) error {
	reason, err := reasonOf(r)
	if err == nil {
		_, err = p.Desk.Withdraw(r.Context(), s.who, rc.ID, reason)
	}
	return seeOr(err, w, r, receiptPath(rc.ID))
}

// attach ties a scan or evidence to a receipt.
func (p *Pages) attach(w http.ResponseWriter, r *http.Request, s *session, rc schema.Receipt) error {
	return p.sent(func(w http.ResponseWriter, r *http.Request, s *session, fields map[string]string, d *draft) error {
		if d == nil {
			return bad("upload-no-file-chosen")
		}
		what := desk.SignedForm
		if fields["what"] == desk.Evidence {
			what = desk.Evidence
		}
		return seeOr(p.keepAttachment(r.Context(), s, rc.ID, what, d), w, r, receiptPath(rc.ID))
	})(w, r, s)
}

// attachment gives an attachment back, as a file to save: never as a page.
func (p *Pages) attachment(w http.ResponseWriter, r *http.Request, _ *session, rc schema.Receipt) error {
	attached, err := p.Desk.Attached(r.Context(), rc.ID)
	if err != nil {
		return fmt.Errorf("listing the attachments of %s: %w", rc.ID, err)
	}
	i := slices.IndexFunc(attached, func(a schema.Act) bool { return a.Fields["sha256"] == r.PathValue("sha") })
	if i < 0 {
		return notFound("upload-no-page")
	}
	name := attached[i].Fields["name"]
	body, err := p.Desk.Snapshot(r.Context(), attached[i].Fields["sha256"])
	if err != nil {
		return fmt.Errorf("opening the attachment %s: %w", name, err)
	}
	defer body.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	asFile(w, path.Base(name))
	if _, err := io.Copy(w, body); err != nil {
		p.Logger.Warn("an attachment could not be sent", "receipt", rc.ID, "err", err)
	}
	return nil
}

// formView is the form to print and sign.
type formView struct {
	receiptView
	Short   string
	Code    qrCode
	Address string
	Printed string
	Figures []figureRow // as read from the kept bytes
	More    int
}

// mostPrinted is how many figures a form lists.
const mostPrinted = 40

// reported reads the figures of a receipt from its kept bytes, as they were
// understood with its answers.
func (p *Pages) reported(r *http.Request, f *frame, rc schema.Receipt) (rows []figureRow, more int, err error) {
	if !takes(rc.Status) || rc.Snapshot == "" {
		return nil, 0, nil // nothing was taken in
	}
	body, err := p.Desk.Snapshot(r.Context(), rc.Snapshot)
	if err != nil {
		return nil, 0, fmt.Errorf("opening the bytes of %s: %w", rc.ID, err)
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	file := pipeline.Submission{Feed: schema.Feed{Name: rc.Feed, Hand: true}, Name: rc.File, Body: body, Actor: rc.Actor, Answers: map[string]string{}, AcceptValid: true}
	for _, a := range rc.Answers {
		file.Answers[a.Key] = a.Value
	}
	seen, err := p.Desk.Look(r.Context(), file)
	if err != nil {
		return nil, 0, fmt.Errorf("reading the figures of %s: %w", rc.ID, err)
	}
	m := newMarks(f, seen)
	for _, fig := range seen.Figures[:min(len(seen.Figures), mostPrinted)] {
		rows = append(rows, p.figureRow(f, fig, m))
	}
	return rows, seen.New + seen.Revised + seen.Same - len(rows), nil
}

// form is the receipt as a sheet of A4 to print, sign and file.
func (p *Pages) form(w http.ResponseWriter, r *http.Request, s *session, rc schema.Receipt) error {
	view, err := p.receiptView(r, s, rc)
	if err != nil {
		return err
	}
	view.Heading = view.T("upload-form-title")
	digest := cmp.Or(rc.Rows, rc.Snapshot)
	out := formView{receiptView: view, Short: "—", Address: p.base(r) + receiptPath(rc.ID), Printed: view.Time(p.Now())}
	if len(digest) >= 8 { // eight characters, to compare paper and screen by eye
		out.Short = strings.ToUpper(digest[:4] + "-" + digest[4:8])
	}
	if out.Figures, out.More, err = p.reported(r, view.frame, rc); err != nil {
		return err
	}
	if out.Code, err = drawQR(out.Address + "?sha256=" + digest); err != nil {
		return err
	}
	return p.show(w, http.StatusOK, "form", out)
}

// base is the address of this server as others reach it.
func (p *Pages) base(r *http.Request) string {
	if p.Address != "" {
		return strings.TrimRight(p.Address, "/")
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// quiet is the white border of a QR code, in modules (ISO/IEC 18004 asks for 4).
const quiet = 4

// qrCode is a QR code as one path of an SVG, a unit a module.
type qrCode struct {
	Size int
	Path string
}

// drawQR encodes text with level M, of which 15 % may be lost to stamps and
// creases.
func drawQR(text string) (qrCode, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return qrCode{}, fmt.Errorf("drawing the QR code: %w", err)
	}
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			if !code.Black(x, y) {
				continue
			}
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
		}
	}
	return qrCode{code.Size + 2*quiet, b.String()}, nil
}
