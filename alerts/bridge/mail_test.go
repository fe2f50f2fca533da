package bridge

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"net"
	"net/http"
	netmail "net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// postOffice is a small SMTP server that speaks STARTTLS and AUTH PLAIN.
type postOffice struct {
	address string
	roots   *tls.Config
	config  *tls.Config
	implied bool
	refuse  string // its answer to RCPT instead of 250

	mu      sync.Mutex
	letters []string
	log     []string
}

func openOffice(t *testing.T, implied bool) *postOffice {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &postOffice{address: l.Addr().String(), roots: &tls.Config{RootCAs: pool}, implied: implied,
		config: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go o.serve(conn)
		}
	}()
	return o
}

func (o *postOffice) serve(conn net.Conn) {
	defer conn.Close()
	if o.implied {
		conn = tls.Server(conn, o.config)
	}
	in := bufio.NewReader(conn)
	say := func(s string) { fmt.Fprintf(conn, "%s\r\n", s) }
	say("220 office")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		o.mu.Lock()
		o.log = append(o.log, line)
		o.mu.Unlock()
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); verb {
		case "EHLO":
			say("250-office")
			say("250-STARTTLS")
			say("250 AUTH PLAIN")
		case "STARTTLS":
			say("220 go")
			secure := tls.Server(conn, o.config)
			conn, in = secure, bufio.NewReader(secure)
		case "AUTH":
			say("235 ok")
		case "RCPT":
			if o.refuse != "" {
				say(o.refuse)
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go")
			var b strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				b.WriteString(line)
			}
			o.mu.Lock()
			o.letters = append(o.letters, b.String())
			o.mu.Unlock()
			say("250 ok")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (o *postOffice) mail(m Mail) mail {
	m.Host, m.From, m.To = o.address, "标尺 <yardstick@example.org>", []string{"duty@example.org", "值班 <b@example.org>"}
	return mail{Mail: m, password: "pw", roots: o.roots, now: func() time.Time { return start }}
}

func message() Message {
	return compose(news{fresh: []Alert{alert("TargetLagging", "a", "warning")}}, "zh")
}

func TestALetterGoesOverTLSWithItsSubjectAndText(t *testing.T) {
	for _, how := range []string{"starttls", "implicit"} {
		t.Run(how, func(t *testing.T) {
			o := openOffice(t, how == "implicit")
			if err := o.mail(Mail{TLS: how, User: "yardstick"}).send(t.Context(), message()); err != nil {
				t.Fatal(err)
			}
			if len(o.letters) != 1 {
				t.Fatalf("%d letters; %q", len(o.letters), o.log)
			}
			letter, err := netmail.ReadMessage(strings.NewReader(o.letters[0]))
			if err != nil {
				t.Fatal(err)
			}
			subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
			if err != nil || subject != "【标尺】进度滞后：高标准农田" {
				t.Errorf("%v %q", err, subject)
			}
			body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, letter.Body))
			if err != nil || !bytes.Contains(body, []byte("差距11.6万亩")) || !bytes.Contains(body, []byte("下一步：请牵头单位说明原因。")) {
				t.Errorf("%v %s", err, body)
			}
			said := strings.Join(o.log, "\n")
			if !strings.Contains(said, "RCPT TO:<b@example.org>") || !strings.Contains(said, "MAIL FROM:<yardstick@example.org>") {
				t.Errorf("%s", said)
			}
			if at := strings.Index(said, "AUTH"); how == "starttls" && at < strings.Index(said, "STARTTLS") {
				t.Error("the password goes before the encryption")
			}
		})
	}
}

func TestALetterIsTriedAgainWhereTheServerSaysLater(t *testing.T) {
	o := openOffice(t, false)
	for answer, again := range map[string]bool{"450 later": true, "550 nobody here": false} {
		o.refuse = answer
		err := o.mail(Mail{}).send(t.Context(), message())
		var later retryable
		can := errors.As(err, &later)
		if err == nil || can != again || !strings.Contains(err.Error(), answer[4:]) {
			t.Errorf("%s: %v, again %t", answer, err, can)
		}
	}
}

func TestALetterGoesThroughTheProxy(t *testing.T) {
	o := openOffice(t, false)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	asked := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		req, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			return
		}
		asked <- req.Method + " " + req.Host + " " + req.Header.Get("Proxy-Authorization")
		there, err := net.Dial("tcp", o.address)
		if err != nil {
			return
		}
		defer there.Close()
		fmt.Fprint(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { _, _ = io.Copy(there, conn) }()
		_, _ = io.Copy(conn, there)
	}()
	m := o.mail(Mail{})
	m.proxy = &url.URL{Scheme: "http", Host: l.Addr().String(), User: url.UserPassword("u", "p")}
	if err := m.send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	if got, want := <-asked, "CONNECT "+o.address+" Basic dTpw"; got != want || len(o.letters) != 1 {
		t.Errorf("%q, %d letters", got, len(o.letters))
	}
}

func TestALetterIsNotSentInTheClearToAnotherMachine(t *testing.T) {
	c := Config{TokenFile: "t", Receivers: []Receiver{{Name: "a", Mail: &Mail{Host: "mail.example.org:25", TLS: "none", From: "a@b", To: []string{"c@d"}}}}}
	if errs := c.Check(); len(errs) != 1 || !strings.Contains(errs[0].Error(), "none") {
		t.Errorf("%v", errs)
	}
	c.Receivers[0].Mail.Host = "127.0.0.1:25"
	if errs := c.Check(); len(errs) != 0 {
		t.Errorf("%v", errs)
	}
}

func TestEveryFaultOfTheConfigurationIsNamed(t *testing.T) {
	c := Config{Proxy: "ftp://x", Alertmanager: "nowhere", Routes: map[string][]string{"night": {"ghost"}}, Owners: map[string][]string{"局": {"ghost"}},
		Receivers: []Receiver{{Name: "a b"}, {Name: "c", WeCom: &WeCom{Form: "card"}}, {Name: "c", DingTalk: &DingTalk{}}, {Name: "d", Mail: &Mail{Host: "x"}},
			{Name: "e", Mail: &Mail{Host: "x:25", From: "a@b", To: []string{"c@d"}, User: "u"}}}}
	var all strings.Builder
	for _, err := range c.Check() {
		fmt.Fprintln(&all, err)
	}
	for _, want := range []string{"token_file", "“a b”", "没有任何通道", "card", "wecom.url_file", "“c”为空、重复", "dingtalk.url_file", "dingtalk.secret_file",
		"“d”的邮件设置有误", "mail.password_file", "“night”", "alerts.routes.night", "alerts.owners.局", "alerts.proxy", "alerts.alertmanager"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("nothing about %s in\n%s", want, all.String())
		}
	}
}
