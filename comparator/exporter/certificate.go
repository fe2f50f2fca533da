package exporter

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.yaml.in/yaml/v3"
)

// CertificateEnd is when the certificate of a web configuration expires; zero
// when it has none.
func CertificateEnd(config string) (time.Time, error) {
	if config == "" {
		return time.Time{}, nil
	}
	text, err := os.ReadFile(config)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the web configuration: %w", err)
	}
	var c struct {
		TLS struct {
			Cert     string `yaml:"cert"`
			CertFile string `yaml:"cert_file"`
		} `yaml:"tls_server_config"`
	}
	if err := yaml.Unmarshal(text, &c); err != nil {
		return time.Time{}, fmt.Errorf("reading %s: %w", config, err)
	}
	chain := []byte(c.TLS.Cert)
	if file := c.TLS.CertFile; file != "" {
		if !filepath.IsAbs(file) {
			file = filepath.Join(filepath.Dir(config), file)
		}
		if chain, err = os.ReadFile(file); err != nil {
			return time.Time{}, fmt.Errorf("reading the certificate: %w", err)
		}
	}
	if len(chain) == 0 {
		return time.Time{}, nil
	}
	return firstEnd(chain)
}

// firstEnd is when the first certificate of a PEM chain to expire does.
func firstEnd(chain []byte) (end time.Time, err error) {
	for block, rest := pem.Decode(chain); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return time.Time{}, fmt.Errorf("reading the certificate: %w", err)
		}
		if end.IsZero() || cert.NotAfter.Before(end) {
			end = cert.NotAfter
		}
	}
	if end.IsZero() {
		return end, errors.New("reading the certificate: there is none in the file")
	}
	return end, nil
}
