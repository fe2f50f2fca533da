package upload

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"yardstick/collectors/desk"
	"yardstick/collectors/pipeline"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// receiptView is one receipt with everything it says.
type receiptView struct {
	*frame
	R           schema.Receipt
	State       figure.Badge
	Feed        string
	Sentence    string
	Tallies     []tally
	Facts       []pair
	Problems    []findingRow
	Questions   []findingRow
	Excluded    []findingRow
	Changes     []changeRow
	Whys        bool
	Answers     []answerRow
	Attachments []attachmentRow
	Life        []lifeRow
	SameHref    string
	Form, JSON  string
	MayWithdraw bool
	MayResume   bool
	MayReview   bool
	Own         bool
}

type (
	attachmentRow struct{ Name, What, By, At, Href, Size, Digest string }
	lifeRow       struct {
		At, Actor, Reason string
		State             figure.Badge
	}
)

// receiptOf finds the receipt of a request that the session may see.
func (p *pages) receiptOf(r *http.Request, s *session) (schema.Receipt, error) {
	id := strings.TrimSuffix(r.PathValue("id"), ".json")
	rc, ok, err := p.Desk.Receipt(r.Context(), id)
	if err != nil {
		return rc, fmt.Errorf("reading the receipt %s: %w", id, err)
	}
	if !ok {
		return rc, notFound("upload-no-such-receipt", "id", id)
	}
	if rc, err = p.Desk.Sealed(r.Context(), s.who.Identity, id); err != nil {
		return rc, fmt.Errorf("reading the receipt %s: %w", id, err)
	}
	return rc, nil
}

// receipt shows a receipt; its address with .json gives it to programs.
func (p *pages) receipt(w http.ResponseWriter, r *http.Request, s *session) error {
	rc, err := p.receiptOf(r, s)
	if err != nil {
		return err
	}
	if strings.HasSuffix(r.PathValue("id"), ".json") {
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": rc.ID + ".json"}))
		return answer(w, http.StatusOK, rc)
	}
	view, err := p.receiptView(r, s, rc)
	if err != nil {
		return err
	}
	return p.show(w, http.StatusOK, "receipt", view)
}

func (p *pages) receiptView(r *http.Request, s *session, rc schema.Receipt) (receiptView, error) {
	f := p.newFrame(r, s)
	f.Heading, f.Tab = f.T("upload-receipt-title"), "reports"
	path := "/upload/receipts/" + url.PathEscape(rc.ID)
	v := receiptView{frame: f, R: rc, State: f.ReceiptBadge(rc), Feed: rc.Feed, Form: f.Link(path + "/form"), JSON: path + ".json", Own: rc.Actor == s.who.Name}
	feeds, err := p.Desk.Taking(r.Context())
	if err != nil {
		return v, fmt.Errorf("listing the feeds: %w", err)
	}
	if i := slices.IndexFunc(feeds, func(x schema.FeedState) bool { return x.Name == rc.Feed }); i >= 0 {
		v.Feed = titleOf(f, feeds[i])
	}
	v.Sentence = f.receiptSentence(rc)
	v.Tallies = f.receiptTallies(rc)
	v.Facts = p.receiptFacts(f, rc)
	m := &marks{f: f}
	for i, x := range rc.Problems[:min(len(rc.Problems), mostListed)] {
		v.Problems = append(v.Problems, findingRow{N: i + 1, Text: f.Say(x.Text), Place: m.place(x)})
	}
	for i, x := range rc.Questions[:min(len(rc.Questions), mostListed)] {
		v.Questions = append(v.Questions, findingRow{N: i + 1, Text: f.Say(x.Text), Place: m.place(x.Problem)})
	}
	for i, x := range rc.ExcludedRows[:min(len(rc.ExcludedRows), mostListed)] {
		v.Excluded = append(v.Excluded, findingRow{N: i + 1, Text: f.Say(x.Text), Place: m.place(x)})
	}
	for _, c := range rc.Changes[:min(len(rc.Changes), mostListed)] {
		if c.Correction == "" {
			c.Correction = rc.Correction
		}
		row := p.changeRow(f, c)
		v.Whys = v.Whys || row.Why != ""
		v.Changes = append(v.Changes, row)
	}
	for _, a := range rc.Answers {
		row := answerRow{Key: a.Key, Value: f.Say(labelOf(a.Value)), Remembered: a.Remembered, By: f.T("upload-answered-by", "who", a.By, "when", f.Time(a.At))}
		if a.Remembered {
			row.By = f.T("upload-remembered", "who", a.By, "when", f.Time(a.At))
		}
		v.Answers = append(v.Answers, row)
	}
	if rc.SameAs != "" {
		v.SameHref = f.ReceiptLink(rc.SameAs)
	}
	v.MayWithdraw = rc.Status.Counts() || rc.Status == schema.Pending
	v.MayResume = rc.Snapshot != "" && (rc.Status == schema.Asked || rc.Status == schema.Refused)
	v.MayReview = s.who.Reviews() && rc.Status == schema.Pending && rc.Waits == schema.WaitsReview && !v.Own
	return v, p.receiptRest(r, &v)
}

// receiptRest adds what stands beside the receipt: attachments and its life.
func (p *pages) receiptRest(r *http.Request, v *receiptView) error {
	attached, err := p.Desk.Attachments(r.Context(), v.R.ID)
	if err != nil {
		return fmt.Errorf("listing the attachments of %s: %w", v.R.ID, err)
	}
	for _, a := range attached {
		v.Attachments = append(v.Attachments, attachmentRow{Name: a.Name, What: v.T("upload-what-" + a.What), By: a.Actor, At: v.Time(a.At),
			Href: "/upload/receipts/" + url.PathEscape(v.R.ID) + "/attachments/" + a.SHA256, Size: size(a.Bytes), Digest: a.SHA256})
	}
	life, err := p.Desk.Life(r.Context(), v.R.ID)
	if err != nil {
		return fmt.Errorf("reading the life of %s: %w", v.R.ID, err)
	}
	for _, e := range life {
		v.Life = append(v.Life, lifeRow{v.Time(e.At), e.Actor, e.Reason, v.StateBadge(e.State)})
	}
	return nil
}

func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}

// receiptSentence says in a line what became of the file.
func (f *frame) receiptSentence(r schema.Receipt) string {
	id := "upload-became-" + string(r.Status)
	if r.Status == schema.Pending && r.Waits == schema.WaitsRelease {
		id += "-release"
	}
	return f.T(id, "n", r.Accepted+r.Revised, "same", r.SameAs, "rejected", r.Rejected, "problems", len(r.Problems), "questions", len(r.Questions),
		"when", f.Time(r.ReleaseAt), "reason", r.Reason, "id", r.ID)
}

func (f *frame) receiptTallies(r schema.Receipt) []tally {
	var out []tally
	add := func(n int, id, shape string) { out = append(out, tally{fmt.Sprint(n), f.T(id), shape, ""}) }
	add(r.Accepted, "upload-tally-new", "on_track")
	add(r.Revised, "upload-tally-revised", "achieved")
	add(r.UnchangedN, "upload-tally-same", "open")
	add(r.Rejected, "upload-tally-rejected", "lagging")
	return out
}

func (p *pages) receiptFacts(f *frame, r schema.Receipt) []pair {
	var out []pair
	add := func(id, text string) {
		if text != "" {
			out = append(out, pair{f.T(id), text})
		}
	}
	add("board-r-id", r.ID)
	add("board-r-file", r.File)
	add("board-r-received", f.Time(r.ReceivedAt))
	add("board-r-actor", r.Actor)
	add("board-r-reason", r.Reason)
	if r.Correction != "" {
		add("upload-correction", f.Say(r.Correction.Label()))
	}
	add("upload-release-label", f.Time(r.ReleaseAt))
	if r.Reviewer != "" {
		add("upload-reviewer", f.T("upload-reviewed", "who", r.Reviewer, "when", f.Time(r.ReviewedAt)))
	}
	add("board-r-encoding", r.Encoding)
	if r.Bytes > 0 {
		add("board-r-bytes", fmt.Sprint(r.Bytes))
	}
	add("board-r-snapshot", r.Snapshot)
	return out
}

// withdraw takes a receipt back, with a reason.
func (p *pages) withdraw(w http.ResponseWriter, r *http.Request, s *session) error {
	rc, err := p.receiptOf(r, s)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.PostForm.Get("reason"))
	if reason == "" {
		return bad("upload-reason-needed")
	}
	if _, err := p.Desk.Withdraw(r.Context(), s.who.Identity, rc.ID, reason); err != nil {
		return err
	}
	return see(w, r, "/upload/receipts/"+url.PathEscape(rc.ID))
}

// attach ties a scan or evidence to a receipt.
func (p *pages) attach(w http.ResponseWriter, r *http.Request, s *session) (err error) {
	rc, err := p.receiptOf(r, s)
	if err != nil {
		return err
	}
	fields, d, err := p.readForm(w, r, s)
	if err != nil {
		return err
	}
	if d == nil {
		return bad("upload-no-file-chosen")
	}
	defer d.remove()
	what := desk.SignedForm
	if fields["what"] == desk.Evidence {
		what = desk.Evidence
	}
	file, body, err := d.file(s.who.Name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	if err := p.keepAttachment(r.Context(), s, rc.ID, what, d.name, file.Body); err != nil {
		return err
	}
	return see(w, r, "/upload/receipts/"+url.PathEscape(rc.ID))
}

// attachment gives an attachment back, as a file to save: never as a page.
func (p *pages) attachment(w http.ResponseWriter, r *http.Request, s *session) error {
	rc, err := p.receiptOf(r, s)
	if err != nil {
		return err
	}
	attached, err := p.Desk.Attachments(r.Context(), rc.ID)
	if err != nil {
		return fmt.Errorf("listing the attachments of %s: %w", rc.ID, err)
	}
	i := slices.IndexFunc(attached, func(a desk.Attachment) bool { return a.SHA256 == r.PathValue("sha") })
	if i < 0 {
		return notFound("upload-no-page")
	}
	body, err := p.Desk.Snapshot(r.Context(), attached[i].SHA256)
	if err != nil {
		return fmt.Errorf("opening the attachment %s: %w", attached[i].Name, err)
	}
	defer body.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(attached[i].Name)}))
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
func (p *pages) reported(r *http.Request, f *frame, rc schema.Receipt) (rows []figureRow, more int, err error) {
	if rc.Status == schema.Asked || rc.Status == schema.Refused || rc.Status == schema.Failed || rc.Snapshot == "" {
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
func (p *pages) form(w http.ResponseWriter, r *http.Request, s *session) error {
	rc, err := p.receiptOf(r, s)
	if err != nil {
		return err
	}
	view, err := p.receiptView(r, s, rc)
	if err != nil {
		return err
	}
	view.Heading = view.T("upload-form-title")
	out := formView{receiptView: view, Short: shortCode(rc), Address: p.base(r) + "/upload/receipts/" + url.PathEscape(rc.ID), Printed: view.Time(p.printedAt())}
	if out.Figures, out.More, err = p.reported(r, view.frame, rc); err != nil {
		return err
	}
	digest := rc.Rows
	if digest == "" {
		digest = rc.Snapshot
	}
	if out.Code, err = drawQR(out.Address + "?sha256=" + digest); err != nil {
		return err
	}
	return p.show(w, http.StatusOK, "form", out)
}

// printedAt is the moment a form is printed, by the clock sessions go by.
func (p *pages) printedAt() time.Time { return p.Now() }

// base is the address of this server as others reach it.
func (p *pages) base(r *http.Request) string {
	if p.Address != "" {
		return strings.TrimRight(p.Address, "/")
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// shortCode is eight characters of the digest, to compare paper and screen by
// eye.
func shortCode(r schema.Receipt) string {
	digest := r.Rows
	if digest == "" {
		digest = r.Snapshot
	}
	if len(digest) < 8 {
		return "—"
	}
	d := strings.ToUpper(digest[:8])
	return d[:4] + "-" + d[4:]
}
