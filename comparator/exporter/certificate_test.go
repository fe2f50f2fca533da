package exporter

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func certificate(t *testing.T, end time.Time) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: end.Add(-time.Hour), NotAfter: end}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestTheCertificateThatExpiresFirstCounts(t *testing.T) {
	dir := t.TempDir()
	soon, late := time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2031, 1, 2, 0, 0, 0, 0, time.UTC)
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("chain.pem", bytes.Join([][]byte{certificate(t, late), certificate(t, soon)}, nil))
	write("empty.pem", []byte("nothing"))
	for name, k := range map[string]struct {
		config string
		want   time.Time
		fails  bool
	}{
		"chain":   {"tls_server_config: {cert_file: chain.pem, key_file: key.pem}", soon, false},
		"no TLS":  {"basic_auth_users: {a: b}", time.Time{}, false},
		"missing": {"tls_server_config: {cert_file: nothing.pem}", time.Time{}, true},
		"empty":   {"tls_server_config: {cert_file: empty.pem}", time.Time{}, true},
	} {
		got, err := CertificateEnd(write("web.yml", []byte(k.config)))
		if (err != nil) != k.fails || !got.Equal(k.want) {
			t.Errorf("%s: %s %v", name, got, err)
		}
	}
	if got, err := CertificateEnd(""); err != nil || !got.IsZero() {
		t.Errorf("without a configuration: %s %v", got, err)
	}
}
