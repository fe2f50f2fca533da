package upload

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Token lets its bearer hand in files. The secret itself is not kept.
type Token struct {
	Name   string   // who bears it; stands in receipts
	SHA256 string   // of the secret, in hex
	Feeds  []string // empty: all

	Office   string // whose feeds it may use; empty: of every office
	Reviewer bool   // may review, lock and reopen
}

type knownToken struct {
	Token
	digest [sha256.Size]byte
}

func knownTokens(tokens []Token) ([]knownToken, error) {
	out := make([]knownToken, 0, len(tokens))
	for i, t := range tokens {
		digest, err := hex.DecodeString(strings.TrimSpace(t.SHA256))
		if err != nil || len(digest) != sha256.Size {
			return nil, fmt.Errorf("token %d (%s): its SHA-256 is not 64 hex digits", i+1, t.Name)
		}
		k := knownToken{Token: t}
		copy(k.digest[:], digest)
		out = append(out, k)
	}
	return out, nil
}

func (t knownToken) may(feed string) bool { return len(t.Feeds) == 0 || slices.Contains(t.Feeds, feed) }

// of reports whether the token may use the feeds of an office. A feed of no
// office is everybody's.
func (t knownToken) of(office string) bool {
	return t.Office == "" || office == "" || t.Office == office
}

// bearer finds the token of a request. It takes as long for a wrong one as for
// any right one: digests are compared, all of them, in constant time.
func (h *handler) bearer(r *http.Request) (found knownToken, ok bool) {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	secret = strings.TrimSpace(secret)
	digest := sha256.Sum256([]byte(secret))
	for _, t := range h.tokens {
		if subtle.ConstantTimeCompare(t.digest[:], digest[:]) == 1 {
			found, ok = t, true
		}
	}
	return found, ok && secret != "" && strings.EqualFold(scheme, "Bearer")
}
