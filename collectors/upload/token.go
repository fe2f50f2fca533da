package upload

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"yardstick/schema/access"
)

// Token lets its bearer hand in files. The secret itself is not kept.
type Token struct {
	access.Identity        // of who bears it
	SHA256          string // of the secret, in hex
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

// tokenOf finds the token of a secret. It takes as long for a wrong one as for
// any right one: digests are compared, all of them, in constant time.
func tokenOf(tokens []knownToken, secret string) (found knownToken, ok bool) {
	digest := sha256.Sum256([]byte(secret))
	for _, t := range tokens {
		if subtle.ConstantTimeCompare(t.digest[:], digest[:]) == 1 {
			found, ok = t, true
		}
	}
	return found, ok && secret != ""
}

// bearer finds the token of a request.
func (h *handler) bearer(r *http.Request) (found knownToken, ok bool) {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	found, ok = tokenOf(h.tokens, strings.TrimSpace(secret))
	return found, ok && strings.EqualFold(scheme, "Bearer")
}
