package bridge

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"yardstick/schema/words"
)

// mail sends letters by SMTP.
type mail struct {
	Mail
	password string
	proxy    *url.URL // an HTTP proxy to reach the server through; nil: straight
	roots    *tls.Config
	now      func() time.Time
}

func (m mail) kind() string { return "mail" }

// mostLetter bounds a letter's text; it is far above what people read.
const mostLetter = 200_000

func (m mail) body(msg Message) ([]byte, error) {
	text, err := msg.render(formMail, mostLetter)
	if err != nil {
		return nil, err
	}
	domain := "yardstick"
	if _, after, ok := strings.Cut(m.From, "@"); ok {
		domain = strings.Trim(after, "<> ")
	}
	var b bytes.Buffer
	for _, h := range [][2]string{
		{"From", m.From}, {"To", strings.Join(m.To, ", ")}, {"Subject", mime.BEncoding.Encode("utf-8", oneLine(msg.Title()))},
		{"Date", m.now().Format(time.RFC1123Z)}, {"Message-ID", "<" + rand.Text() + "@" + domain + ">"}, {"Auto-Submitted", "auto-generated"},
		{"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "base64"},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], oneLine(h[1]))
	}
	b.WriteString("\r\n")
	code := base64.StdEncoding.EncodeToString([]byte(text))
	for len(code) > 76 {
		b.WriteString(code[:76] + "\r\n")
		code = code[76:]
	}
	b.WriteString(code + "\r\n")
	return b.Bytes(), nil
}

// oneLine keeps a header in its line.
func oneLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }

func (m mail) send(ctx context.Context, msg Message) error {
	letter, err := m.body(msg)
	if err != nil {
		return err
	}
	conn, err := m.dial(ctx)
	if err != nil {
		return retryable{fmt.Errorf("reaching the mail server %s: %w", m.Host, err)}
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return fmt.Errorf("limiting the time of a letter: %w", err)
		}
	}
	if err := m.talk(conn, letter); err != nil {
		var said *textproto.Error
		if errors.As(err, &said) {
			err = words.Fail(nil, "alert-mail-refused", "host", m.Host, "why", said.Error())
			if said.Code >= 500 {
				return err
			}
			return retryable{err}
		}
		return retryable{fmt.Errorf("handing a letter to %s: %w", m.Host, err)}
	}
	return nil
}

func (m mail) tlsConfig() *tls.Config {
	host, _, _ := net.SplitHostPort(m.Host) // checked with the configuration
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if m.roots != nil {
		c = m.roots.Clone()
	}
	c.ServerName = host
	return c
}

// dial reaches the server, through the proxy where there is one.
func (m mail) dial(ctx context.Context) (net.Conn, error) {
	var d net.Dialer
	address := m.Host
	if m.proxy != nil {
		address = m.proxy.Host
	}
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if m.proxy != nil {
		if err := tunnel(ctx, conn, m.proxy, m.Host); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	if m.TLS == "implicit" {
		secure := tls.Client(conn, m.tlsConfig())
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return secure, nil
	}
	return conn, nil
}

// tunnel asks an HTTP proxy for a connection to host.
func tunnel(ctx context.Context, conn net.Conn, proxy *url.URL, host string) error {
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: host}, Host: host, Header: http.Header{}}
	if u := proxy.User; u != nil {
		password, _ := u.Password()
		req.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	if err := req.Write(conn); err != nil {
		return fmt.Errorf("asking the proxy: %w", err)
	}
	// The server speaks first only after the tunnel stands, so nothing of its
	// greeting can be lost in this reader: the proxy's answer ends with its headers.
	res, err := http.ReadResponse(bufio.NewReaderSize(oneByte{conn}, 16), req)
	if err != nil {
		return fmt.Errorf("asking the proxy: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the proxy answers %s", res.Status)
	}
	return nil
}

// oneByte reads no further than it is asked, so that a buffered reader over it
// takes nothing that comes after the proxy's answer.
type oneByte struct{ net.Conn }

func (o oneByte) Read(p []byte) (int, error) { return o.Conn.Read(p[:min(1, len(p))]) }

// talk hands the letter over.
func (m mail) talk(conn net.Conn, letter []byte) error {
	host, _, _ := net.SplitHostPort(m.Host)
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		return err
	}
	if m.TLS == "" || m.TLS == "starttls" {
		if err := c.StartTLS(m.tlsConfig()); err != nil {
			return err
		}
	}
	if m.User != "" {
		if err := c.Auth(smtp.PlainAuth("", m.User, m.password, host)); err != nil {
			return err
		}
	}
	if err := c.Mail(address(m.From)); err != nil {
		return err
	}
	for _, to := range m.To {
		if err := c.Rcpt(address(to)); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(letter); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

// address is the part of "Name <a@b>" that SMTP wants.
func address(s string) string {
	if _, after, ok := strings.Cut(s, "<"); ok {
		s, _, _ = strings.Cut(after, ">")
	}
	return strings.TrimSpace(s)
}

// letter is a letter with its text decoded, for people to read.
func letter(body []byte) ([]byte, error) {
	head, code, ok := bytes.Cut(body, []byte("\r\n\r\n"))
	if !ok {
		return body, nil
	}
	text, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(code), "\r\n", ""))
	if err != nil {
		return nil, fmt.Errorf("reading a letter: %w", err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(string(head))
	if err != nil {
		return nil, fmt.Errorf("reading a letter: %w", err)
	}
	return []byte(strings.ReplaceAll(subject, "\r\n", "\n") + "\n\n" + string(text)), nil
}
