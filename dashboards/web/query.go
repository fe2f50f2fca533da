package web

import "net/url"

// WithQuery adds parameters to a link; an empty value leaves its name out.
func WithQuery(link string, pairs ...string) string {
	u, err := url.Parse(link)
	if err != nil { // not reached: links are made here
		return link
	}
	q := u.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Del(pairs[i])
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}
