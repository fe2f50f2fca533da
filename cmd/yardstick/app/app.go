// Package app is the command: it turns arguments into options, opens the
// installation and wires its parts together. What belongs together stands in one
// file: a subcommand, or several small ones.
package app

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"yardstick/cmd/yardstick/config"
	"yardstick/collectors/desk"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/clickhouse"
	"yardstick/schema/store"
	"yardstick/schema/words"
)

// Exit statuses, a contract for scripts.
const (
	exitOK      = 0
	exitFailed  = 1 // I/O or store
	exitUsage   = 2
	exitRefused = 3 // problems in the feed
	exitAsked   = 4 // questions wait
)

// version is set by the linker.
var version = "unknown"

// Streams are where the command reads and writes. Machine-readable output goes
// to Out alone; logs and progress bars to Err.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// terminal reports whether progress may be drawn on Err.
func (s Streams) terminal() bool { return isTerminal(s.Err) }

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// shownOnScreen reports whether the output goes to a person's screen, where a
// file of its own kind is of no use.
func (r *run) shownOnScreen() bool { return r.File == "" && isTerminal(r.Out) }

// globals are the flags every subcommand has.
type globals struct {
	Config string `help:"Configuration file (YAML). 配置文件。" type:"path" placeholder:"FILE"`
	Store  string `help:"Where ClickHouse is: embedded:PATH, clickhouse://host:9000/db, http(s)://host/db. 数据库地址。" env:"YARDSTICK_STORE" placeholder:"URL"`
	Data   string `help:"Data folder: snapshots, ledger, embedded store. 数据目录。" placeholder:"DIR"`
	Engine string `help:"The engine's library, libchdb.so. 引擎库文件。" env:"YARDSTICK_ENGINE" placeholder:"FILE"`
	Lang   string `help:"Language of what people read: ${languages}. 语言。" enum:"${language_codes}" default:"zh"`
	Output string `help:"Output format: table, json, csv. 输出格式。" short:"o" placeholder:"FORMAT"`
	File   string `help:"Write the output to this file instead of stdout. 输出到文件。" type:"path" placeholder:"PATH"`
	Quiet  bool   `help:"Log errors only. 只记录错误。" short:"q"`
}

// config reads the configuration file; flags win.
func (r *run) config() (config.Config, error) { return config.Read(r.Config, r.Store, r.Data) }

// run is what a subcommand gets: flags, streams, clock.
type run struct {
	globals
	Streams
	log *slog.Logger
	now func() time.Time
}

// commands is the whole command line. o lists the formats of --output, the first
// by default; a command without any looks itself, or has none.
type commands struct {
	globals
	Serve    serveCmd    `cmd:"" help:"Collect on schedule, compare, serve board, API and metrics. 运行服务。"`
	Ingest   ingestCmd   `cmd:"" o:"table,json" help:"Load feed files once and print the receipts. 报送文件入库。"`
	Report   reportCmd   `cmd:"" o:"table,json" name:"report-value" help:"One figure without a file. 直接填报。"`
	Preview  previewCmd  `cmd:"" o:"table,csv,json" help:"Decode and validate a file, store nothing. 预览文件，不入库。"`
	Compare  compareCmd  `cmd:"" o:"table,json,csv" help:"Judge the targets. 对照目标评判。"`
	Targets  targetsCmd  `cmd:"" help:"The policy registers. 政策目标登记册。"`
	Brief    briefCmd    `cmd:"" help:"The printed brief, slips (督办单) and card. 政策目标完成情况简报。"`
	Export   exportCmd   `cmd:"" help:"Observations out. 导出数据。"`
	Receipts receiptsCmd `cmd:"" o:"table,json" help:"List the receipts. 列出回执。"`
	Receipt  receiptCmd  `cmd:"" o:"table,json" help:"One receipt, with its life and attachments. 查看回执。"`
	Review   reviewCmd   `cmd:"" o:"table,json" help:"Approve or reject what waits for a review. 审核报送。"`
	Withdraw withdrawCmd `cmd:"" o:"table,json" help:"Take a receipt's figures back, visibly. 撤回报送。"`
	Attach   attachCmd   `cmd:"" o:"table,json" help:"Tie a file to a receipt: the signed form, evidence. 上传附件。"`
	Lock     lockCmd     `cmd:"" o:"table,json" help:"Lock all periods up to one. 锁定时期。"`
	Reopen   reopenCmd   `cmd:"" o:"table,json" help:"Open a locked period again. 重开时期。"`
	Say      sayCmd      `cmd:"" name:"statement" help:"What a target's owner says of it: why, what is done, by when. 情况说明。"`
	Alerts   alertsCmd   `cmd:"" help:"Whom alerts reach: render, test. 告警通知。"`
	Backtest backtestCmd `cmd:"" o:"table,json" help:"Forecast accuracy and coverage. 预测回测。"`
	Audit    auditCmd    `cmd:"" help:"The ledger. 账本。"`
	Migrate  migrateCmd  `cmd:"" help:"Bring the store's tables to the newest version. 升级数据表。"`
	Rebuild  rebuildCmd  `cmd:"" help:"Fill an empty store from ledger and kept rows. 由账本重建数据库。"`
	Check    checkCmd    `cmd:"" help:"Check a configuration. 检查配置。"`
	Version  versionCmd  `cmd:"" help:"Print the version. 版本。"`
}

// exitError ends the command with a status; its message, if any, is for Err.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usage(id string, args ...any) error {
	return &exitError{exitUsage, words.Fail(nil, id, args...)}
}

// Main runs the command line and returns its exit status.
func Main(ctx context.Context, args []string, streams Streams) int {
	var cli commands
	exited := -1
	parser, err := kong.New(&cli, kong.Name("yardstick"),
		kong.Description("标尺：对照政策承诺衡量经济指标。 Yardstick measures an economy against what its government promised."),
		kong.Writers(streams.Out, streams.Err), kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"languages": strings.Join(schema.LanguageCodes(), " or "), "language_codes": strings.Join(schema.LanguageCodes(), ",")})
	if err != nil {
		fmt.Fprintln(streams.Err, "yardstick:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	var misused *exitError // of a flag's own reading
	if err != nil && !errors.As(err, &misused) {
		t := words.Say("bad-usage", "why", err)
		fmt.Fprintln(streams.Err, t.All("\n"))
		return exitUsage
	}
	level := slog.LevelInfo
	if cli.Quiet {
		level = slog.LevelError
	}
	r := &run{globals: cli.globals, Streams: streams, now: time.Now,
		log: slog.New(slog.NewTextHandler(streams.Err, &slog.HandlerOptions{Level: level}))}
	if misused != nil {
		return r.status(ctx, misused)
	}
	if allowed := parsed.Selected().Tag.Get("o"); allowed != "" {
		if r.Output, err = r.format(strings.Split(allowed, ",")...); err != nil {
			return r.status(ctx, err)
		}
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return r.status(ctx, parsed.Run(r))
}

// status tells err to a person and turns it into an exit status.
func (r *run) status(ctx context.Context, err error) int {
	var exit *exitError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &exit):
		if exit.err != nil {
			r.complain(exit.err)
		}
	case ctx.Err() != nil:
		r.complain(words.Fail(nil, "cancelled"))
	default:
		r.complain(err)
	}
	return exitOf(err)
}

// exitOf is the exit status that an error stands for.
func exitOf(err error) int {
	var exit *exitError
	var wrong config.WrongError
	switch {
	case errors.As(err, &exit):
		return exit.code
	case errors.As(err, &wrong):
		return exitUsage
	case errors.Is(err, desk.ErrMisuse), errors.Is(err, desk.ErrNoTarget):
		return exitUsage
	}
	return exitFailed
}

func (r *run) complain(err error) {
	var held *store.HeldError
	if errors.As(err, &held) {
		fmt.Fprintln(r.Err, held.Text().In(r.Lang))
		return
	}
	var said *words.Error
	if errors.As(err, &said) {
		text := said.In(r.Lang)
		saysNoMore := func(cause error) bool { return errors.Is(said.Cause, cause) }
		if said.Cause != nil && !slices.ContainsFunc([]error{access.ErrDenied, clickhouse.ErrNoReceipt, desk.ErrMisuse}, saysNoMore) {
			text += " (" + said.Cause.Error() + ")"
		}
		fmt.Fprintln(r.Err, text)
		return
	}
	fmt.Fprintln(r.Err, "yardstick:", err)
}

// out opens what --file names, or stdout. The file appears whole or not at all.
func (r *run) out(write func(io.Writer) error) error {
	if r.File == "" {
		return write(r.Out)
	}
	tmp, err := os.CreateTemp(filepath.Dir(r.File), ".yardstick-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", r.File, err)
	}
	err = write(tmp)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), r.File)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", r.File, err), os.Remove(tmp.Name()))
	}
	return nil
}

// json writes v indented, without escaping what HTML would want escaped.
func (r *run) json(v any) error {
	return r.out(func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	})
}

// answer is what a command has to say, in each form of output it has.
type answer struct {
	json any
	rows func() [][]string // of CSV
	tell func(io.Writer)
}

// print writes the answer as --output says.
func (r *run) print(a answer) error {
	switch {
	case r.Output == "json" && a.json != nil:
		return r.json(a.json)
	case r.Output == "csv" && a.rows != nil:
		return r.out(func(w io.Writer) error { return csv.NewWriter(w).WriteAll(a.rows()) })
	}
	return r.out(told(a.tell))
}

// line writes the sentence id.
func (r *run) line(id string, args ...any) error {
	return r.out(told(func(w io.Writer) { r.tell(w, id, args...) }))
}

// told has all written that tell says; what cannot be is told at the end.
func told(tell func(io.Writer)) func(io.Writer) error {
	return func(w io.Writer) error {
		b := bufio.NewWriter(w)
		tell(b)
		return b.Flush()
	}
}

// tell writes the sentence id to w.
func (r *run) tell(w io.Writer, id string, args ...any) { fmt.Fprintln(w, r.say(id, args...)) }

// aligned writes lines whose cells, parted by tabs, stand in columns, to what
// tells at its end what could not be written.
func aligned(w io.Writer, lines func(w io.Writer)) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	lines(t)
	_ = t.Flush()
}

// format is --output, or the first of those allowed; another word is misuse.
func (r *run) format(allowed ...string) (string, error) {
	if r.Output == "" {
		return allowed[0], nil
	}
	if slices.Contains(allowed, r.Output) {
		return r.Output, nil
	}
	return "", usage("bad-format", "format", r.Output, "allowed", strings.Join(allowed, ", "))
}

// say is the sentence id in the reader's language.
func (r *run) say(id string, args ...any) string { return words.Say(id, args...).In(r.Lang) }

// checked is what is wrong with a flag: it is told once all flags are read, in
// the language that one of them asks for.
type checked struct{ wrong error }

// Validate tells it.
func (c checked) Validate() error { return c.wrong }

// dayFlag is a day given on the command line; zero when none is.
type dayFlag struct {
	schema.Date
	checked
}

// Decode reads it.
func (d *dayFlag) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("string", &text); err != nil {
		return err
	}
	d.wrong = d.read("--"+ctx.Value.Name, text)
	return nil
}

// read takes the day from the text of a flag.
func (d *dayFlag) read(flag, text string) error {
	if err := d.UnmarshalText([]byte(text)); err != nil {
		return usage("bad-day", "flag", flag, "text", text)
	}
	return nil
}

// periodFlag is a reference period given on the command line.
type periodFlag struct {
	schema.Period
	checked
}

// Decode reads it.
func (p *periodFlag) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("string", &text); err != nil {
		return err
	}
	p.wrong = nil
	if err := p.UnmarshalText([]byte(text)); err != nil || p.IsZero() {
		p.wrong = usage("bad-period", "flag", cmp.Or(ctx.Value.Tag.Get("called"), "--"+ctx.Value.Name), "text", text)
	}
	return nil
}

type checkCmd struct {
	What string `arg:"" optional:"" enum:"config" default:"config" help:"What to check: config."`
}

// Run reads the configuration and says that it is sound, or why not.
func (checkCmd) Run(r *run) error {
	if r.Config == "" {
		return usage("config-which")
	}
	c, err := r.config()
	if err != nil {
		return err
	}
	if err := c.CheckDeeply(); err != nil {
		return err
	}
	return r.line("config-good", "file", r.Config, "feeds", len(c.Feeds))
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(r *run) error {
	return r.out(told(func(w io.Writer) { fmt.Fprintln(w, "yardstick", version) }))
}
