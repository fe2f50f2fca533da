package pipeline

import (
	"context"
	"errors"
	"io/fs"

	"yardstick/collectors/source"
	"yardstick/schema"
)

// collector is who hands in what nobody brought in person.
const collector = "collector"

// CollectDrop takes in every settled file of a drop folder and files it with
// its receipt. A file that the machine failed on stays, to be tried again
// later; the others go on.
func (p *Pipeline) CollectDrop(ctx context.Context, d *source.Drop, feed FeedConfig) (receipts []schema.Receipt, err error) {
	files, err := d.Ready()
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if ctx.Err() != nil {
			return receipts, errors.Join(err, ctx.Err())
		}
		r, ferr := p.collectFile(ctx, d, f, feed)
		if errors.Is(ferr, fs.ErrNotExist) && r.ID == "" {
			continue // gone, or written anew: the next look sees it
		}
		if ferr != nil {
			d.Later(f)
			err = errors.Join(err, ferr)
			continue
		}
		receipts = append(receipts, r)
	}
	return receipts, err
}

func (p *Pipeline) collectFile(ctx context.Context, d *source.Drop, f source.Dropped, feed FeedConfig) (schema.Receipt, error) {
	body, err := d.Open(f)
	if err != nil {
		return schema.Receipt{}, err
	}
	defer body.Close()
	r, err := p.Run(ctx, Submission{Feed: feed, Name: f.Name, Body: body, Actor: collector})
	if err != nil {
		return r, err
	}
	return r, d.Finish(f, r)
}

// CollectPull fetches a feed and takes it in; false: nothing changed since it
// was fetched last. What was answered with a receipt is not fetched again until
// it changes; what the machine failed on is.
func (p *Pipeline) CollectPull(ctx context.Context, pull *source.Pull, feed FeedConfig) (r schema.Receipt, changed bool, err error) {
	d, err := pull.Fetch(ctx)
	if errors.Is(err, source.ErrNotModified) {
		return r, false, nil
	}
	if err != nil {
		return r, false, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	r, err = p.Run(ctx, Submission{Feed: feed, Name: d.Name, URL: d.URL, Body: d, Actor: collector})
	if err == nil && r.Status != schema.Failed {
		err = d.Keep()
	}
	return r, true, err
}
