package alerts

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yardstick/alerts/bridge"
	"yardstick/alerts/internal/daysoff/intervals"
	"yardstick/schema"
	"yardstick/schema/calendar"
)

const amConfig = "alertmanager/alertmanager.yml"

// amtool runs Debian's amtool; without it the test fails and says what to do.
func amtool(t *testing.T, args ...string) string {
	t.Helper()
	tool, err := exec.LookPath("amtool")
	if err != nil {
		t.Fatal("没有 amtool，请先运行 make tools / amtool is missing: run `make tools` first")
	}
	var warnings bytes.Buffer
	cmd := exec.CommandContext(t.Context(), tool, args...)
	cmd.Stderr = &warnings
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("amtool %s: %v\n%s%s", strings.Join(args, " "), err, out, &warnings)
	}
	return strings.TrimSpace(string(out))
}

type interval struct {
	Times []struct {
		From string `yaml:"start_time"`
		To   string `yaml:"end_time"`
	} `yaml:"times"`
	Years    []string `yaml:"years"`
	Months   []string `yaml:"months"`
	Days     []string `yaml:"days_of_month"`
	Weekdays []string `yaml:"weekdays"`
	Location string   `yaml:"location"`
}

type amRoute struct {
	Receiver string    `yaml:"receiver"`
	Matchers []string  `yaml:"matchers"`
	Repeat   string    `yaml:"repeat_interval"`
	Mute     []string  `yaml:"mute_time_intervals"`
	Routes   []amRoute `yaml:"routes"`
}

type amFile struct {
	Route     amRoute `yaml:"route"`
	Receivers []struct {
		Name  string `yaml:"name"`
		Hooks []struct {
			URL string `yaml:"url"`
		} `yaml:"webhook_configs"`
	} `yaml:"receivers"`
	Intervals []struct {
		Name string     `yaml:"name"`
		List []interval `yaml:"time_intervals"`
	} `yaml:"time_intervals"`
}

func TestAmtoolTakesTheConfiguration(t *testing.T) { amtool(t, "check-config", amConfig) }

func TestOnlyPagesReachPeopleAtNight(t *testing.T) {
	var c amFile
	readYAML(t, amConfig, &c)
	mutes := map[string][]string{}
	for _, r := range c.Route.Routes {
		mutes[r.Receiver] = r.Mute
	}
	for _, r := range rules(t) {
		labels := []string{"alertname=" + r.Alert, "severity=" + r.Labels["severity"]}
		want := "oncall"
		switch {
		case r.Alert == "Watchdog":
			want = "watchdog"
		case r.Labels["severity"] == "none":
			want = "nobody"
		case r.Labels["severity"] == "page":
			want = "page"
		case r.Alert == "NotificationFailing":
			want = "fallback"
		case r.File != "rules/system.yml":
			labels, want = append(labels, "owner=农业农村局"), "owners"
		}
		got := amtool(t, append([]string{"config", "routes", "test", "--config.file=" + amConfig}, labels...)...)
		if got != want {
			t.Errorf("%s goes to %s, want %s", r.Alert, got, want)
		}
		muted := slices.Equal(mutes[got], []string{"nights", "days-off"})
		if told := got != "nobody" && got != "watchdog"; told && muted == (got == "page") {
			t.Errorf("%s by %s is muted at night: %t", r.Alert, got, muted)
		}
	}
	recovering := amtool(t, "config", "routes", "test", "--config.file="+amConfig, "alertname=TargetAtRisk", "severity=warning", "recovering=yes", "owner=x")
	if recovering != "nobody" {
		t.Errorf("a recovering target is told to %s", recovering)
	}
}

func TestTheBridgeKnowsEveryRouteItIsSent(t *testing.T) {
	var c amFile
	readYAML(t, amConfig, &c)
	for _, r := range c.Receivers {
		for _, h := range r.Hooks {
			if h.URL != "http://127.0.0.1:8080/api/v1/alerts/"+r.Name {
				t.Errorf("%s posts to %s", r.Name, h.URL)
			}
			if !slices.Contains([]string{bridge.RoutePage, bridge.RouteOncall, bridge.RouteOwners, bridge.RouteFallback, bridge.RouteWatchdog}, r.Name) {
				t.Errorf("the bridge has no route %s", r.Name)
			}
		}
	}
	if c.Route.Repeat != "30d" {
		t.Errorf("repeated after %s", c.Route.Repeat)
	}
}

// within reports whether t is inside the interval, by Alertmanager's rules for
// the fields that the file uses.
func (i interval) within(t time.Time) bool {
	in := func(list []string, value int) bool {
		return len(list) == 0 || slices.ContainsFunc(list, func(s string) bool {
			from, to, ok := strings.Cut(s, ":")
			if !ok {
				to = from
			}
			a, _ := strconv.Atoi(from)
			b, _ := strconv.Atoi(to)
			return a <= value && value <= b
		})
	}
	clock := t.Format("15:04")
	return in(i.Years, t.Year()) && in(i.Months, int(t.Month())) && in(i.Days, t.Day()) &&
		(len(i.Weekdays) == 0 || slices.Contains(i.Weekdays, strings.ToLower(t.Weekday().String()))) &&
		(len(i.Times) == 0 || slices.ContainsFunc(i.Times, func(x struct {
			From string `yaml:"start_time"`
			To   string `yaml:"end_time"`
		}) bool {
			return x.From <= clock && clock < x.To
		}))
}

func TestTheMuteTimesAreThoseOfTheCalendar(t *testing.T) {
	var c amFile
	readYAML(t, amConfig, &c)
	days, err := calendar.Default()
	if err != nil {
		t.Fatal(err)
	}
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	for d := schema.NewDate(2024, 1, 1); d.Year < 2028; d = d.AddDays(1) {
		for _, minute := range []int{0, 539, 540, 720, 1049, 1050, 1439} {
			at := d.In(shanghai).Add(time.Duration(minute) * time.Minute)
			muted := false
			for _, named := range c.Intervals {
				for _, i := range named.List {
					if i.Location != "Asia/Shanghai" {
						t.Fatalf("%s is in the zone %q", named.Name, i.Location)
					}
					muted = muted || i.within(at)
				}
			}
			if muted == days.OfficeHours(at) {
				t.Fatalf("%s is muted: %t", at, muted)
			}
		}
	}
	text, err := os.ReadFile(amConfig)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(intervals.YAML(days))) {
		t.Error("the days off are not the calendar's: go generate ./alerts")
	}
}

func TestTheExampleIsAPayload(t *testing.T) {
	p, err := bridge.Decode(bytes.NewReader(Example))
	if err != nil || len(p.Alerts) != 2 {
		t.Fatalf("%v %+v", err, p)
	}
	known := map[string]rule{}
	for _, r := range rules(t) {
		known[r.Alert] = r
	}
	for _, a := range p.Alerts {
		r, ok := known[a.Name()]
		if !ok || a.Labels["severity"] != r.Labels["severity"] || a.Annotations["next"] != r.Annotations["next"] {
			t.Errorf("%s is not as its rule has it", a.Name())
		}
	}
}
