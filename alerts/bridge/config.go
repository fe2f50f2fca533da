package bridge

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"yardstick/schema/words"
)

// Config is the part of the configuration that says whom to tell. Secrets stand
// in files.
type Config struct {
	TokenFile    string              `yaml:"token_file"`   // what Alertmanager must present (Authorization: Bearer)
	Proxy        string              `yaml:"proxy"`        // http(s):// or socks5://; default: HTTPS_PROXY of the environment
	Alertmanager string              `yaml:"alertmanager"` // its address: what ended while nobody is told is learnt from it
	Receivers    []Receiver          `yaml:"receivers"`
	Routes       map[string][]string `yaml:"routes"`   // page, oncall, fallback -> receivers; default: the first
	Owners       map[string][]string `yaml:"owners"`   // owner as registered -> receivers; default: those of oncall
	Watchdog     time.Duration       `yaml:"watchdog"` // say so when the always firing alert stays away so long; 0: never
}

// Receiver is a group of people and the channels that reach them.
type Receiver struct {
	Name     string    `yaml:"name"`
	Lang     string    `yaml:"lang"` // code of a language, zh unless given
	WeCom    *WeCom    `yaml:"wecom"`
	DingTalk *DingTalk `yaml:"dingtalk"`
	Mail     *Mail     `yaml:"mail"`
}

// WeCom is a group robot of 企业微信.
type WeCom struct {
	URLFile string   `yaml:"url_file"` // file with the robot's address, which holds its key
	Form    string   `yaml:"form"`     // text (default) or markdown
	Mention []string `yaml:"mention"`  // user ids or @all, named when it is urgent
}

// DingTalk is a group robot of 钉钉, signed.
type DingTalk struct {
	URLFile    string   `yaml:"url_file"`    // file with the robot's address, which holds its token
	SecretFile string   `yaml:"secret_file"` // file with the secret it signs with (加签)
	Form       string   `yaml:"form"`        // text (default) or markdown
	Mention    []string `yaml:"mention"`     // mobile numbers or @all, named when it is urgent
}

// Mail is e-mail by SMTP.
type Mail struct {
	Host         string   `yaml:"host"` // smtp.example.org:587
	TLS          string   `yaml:"tls"`  // starttls (default), implicit or none (this machine only)
	From         string   `yaml:"from"`
	To           []string `yaml:"to"`
	User         string   `yaml:"user"`
	PasswordFile string   `yaml:"password_file"`
}

// Routes that Alertmanager may post to, beside the owners' own.
const (
	RoutePage     = "page"     // what may wake people
	RouteOncall   = "oncall"   // the system's own troubles
	RouteOwners   = "owners"   // by the group's owner
	RouteFallback = "fallback" // when notifications themselves fail
	RouteWatchdog = "watchdog" // the always firing alert
)

// routed are those that the configuration names receivers for.
func routed() []string { return []string{RoutePage, RouteOncall, RouteFallback} }

// Files lists every path in the configuration, for resolving relative ones.
func (c *Config) Files() []*string {
	out := []*string{&c.TokenFile}
	for i := range c.Receivers {
		r := &c.Receivers[i]
		if r.WeCom != nil {
			out = append(out, &r.WeCom.URLFile)
		}
		if r.DingTalk != nil {
			out = append(out, &r.DingTalk.URLFile, &r.DingTalk.SecretFile)
		}
		if r.Mail != nil {
			out = append(out, &r.Mail.PasswordFile)
		}
	}
	return out
}

// Check gives everything wrong with the configuration; it reads no secret.
func (c *Config) Check() []error {
	var out []error
	add := func(id string, args ...any) { out = append(out, words.Fail(nil, id, args...)) }
	if len(c.Receivers) > 0 && c.TokenFile == "" {
		add("alert-config-token")
	}
	known := map[string]bool{}
	for i, r := range c.Receivers {
		if r.Name == "" || strings.ContainsAny(r.Name, "/\\ ?#%") || known[r.Name] {
			add("alert-config-name", "n", i+1, "name", r.Name)
		}
		known[r.Name] = true
		out = append(out, r.check()...)
	}
	for _, route := range slices.Sorted(maps.Keys(c.Routes)) {
		if !slices.Contains(routed(), route) {
			add("alert-config-route", "name", route, "routes", strings.Join(routed(), ", "))
		}
	}
	for where, lists := range map[string]map[string][]string{"alerts.routes": c.Routes, "alerts.owners": c.Owners} {
		for _, key := range slices.Sorted(maps.Keys(lists)) {
			for _, name := range lists[key] {
				if !known[name] {
					add("alert-config-unknown", "where", where+"."+key, "name", name)
				}
			}
		}
	}
	for where, address := range map[string]string{"alerts.proxy": c.Proxy, "alerts.alertmanager": c.Alertmanager} {
		if err := checkURL(address); address != "" && err != nil {
			add("alert-config-url", "where", where, "why", err)
		}
	}
	return out
}

func (r *Receiver) check() []error {
	var out []error
	add := func(id string, args ...any) {
		out = append(out, words.Fail(nil, id, append([]any{"name", r.Name}, args...)...))
	}
	form := func(f string) {
		if f != "" && f != formText && f != formMarkdown {
			add("alert-config-form", "form", f)
		}
	}
	if r.WeCom == nil && r.DingTalk == nil && r.Mail == nil {
		add("alert-config-empty")
	}
	if w := r.WeCom; w != nil {
		form(w.Form)
		if w.URLFile == "" {
			add("alert-config-secret", "key", "wecom.url_file")
		}
	}
	if d := r.DingTalk; d != nil {
		form(d.Form)
		for key, file := range map[string]string{"dingtalk.url_file": d.URLFile, "dingtalk.secret_file": d.SecretFile} {
			if file == "" {
				add("alert-config-secret", "key", key)
			}
		}
	}
	if m := r.Mail; m != nil {
		host, _, err := net.SplitHostPort(m.Host)
		switch {
		case err != nil:
			add("alert-config-mail", "why", err)
		case m.From == "" || len(m.To) == 0:
			add("alert-config-mail", "why", "from, to")
		case m.User != "" && m.PasswordFile == "":
			add("alert-config-secret", "key", "mail.password_file")
		case !slices.Contains([]string{"", "starttls", "implicit", "none"}, m.TLS) || m.TLS == "none" && !loopback(host):
			add("alert-config-tls", "tls", m.TLS)
		}
	}
	return out
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func checkURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.Unwrap(err) // the address itself may hold a secret
	case u.Host == "" || !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme):
		return fmt.Errorf("%s://%s", u.Scheme, u.Host)
	}
	return nil
}

// secret reads a secret from its file, without the line end editors add.
func secret(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("reading a secret: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// names are the receivers a route leads to.
func (c *Config) names(route, owner string) []string {
	if route == RouteOwners {
		if list := c.Owners[owner]; len(list) > 0 {
			return list
		}
		route = RouteOncall
	}
	if list := c.Routes[route]; len(list) > 0 {
		return list
	}
	switch list := c.Routes[RouteOncall]; {
	case (route == RouteFallback || route == RoutePage) && len(list) > 0:
		return list
	case len(c.Receivers) > 0:
		return []string{c.Receivers[0].Name}
	}
	return nil
}
