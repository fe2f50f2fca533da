package app

import (
	"cmp"
	"fmt"
	"io"
	"strconv"

	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

type targetsCmd struct {
	List  targetsList  `cmd:"" o:"table,json,csv" help:"List the targets. 列出目标。"`
	Show  targetsShow  `cmd:"" help:"One target, whole. 查看一个目标。"`
	Check targetsCheck `cmd:"" o:"table,json" help:"Check a register of your own. 检查登记册文件。"`
}

// register loads the registers that the configuration names.
func (r *run) register() (*targets.Register, error) {
	cfg, err := r.config()
	if err != nil {
		return nil, err
	}
	return cfg.Register()
}

type targetsList struct {
	Policy string `help:"Only this policy. 只列该政策。" placeholder:"ID"`
}

// Run lists the targets of all registers.
func (c targetsList) Run(r *run) error {
	register, err := r.register()
	if err != nil {
		return err
	}
	list := []schema.Target{}
	for _, p := range register.Policies {
		if c.Policy == "" || c.Policy == p.ID {
			list = append(list, p.Targets...)
		}
	}
	if c.Policy != "" && len(list) == 0 {
		return usage("no-such-policy", "name", c.Policy)
	}
	return r.print(answer{list, func() [][]string { return targetRows(list) }, func(w io.Writer) {
		aligned(w, func(w io.Writer) {
			for _, g := range list {
				promised := g.Op + " " + g.Written
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", g.Clause, g.ID, g.Kind, promised, orDash(g.Deadline.String()), g.Title.In(r.Lang))
			}
		})
	}})
}

func orDash(s string) string { return cmp.Or(s, "-") }

func targetRows(list []schema.Target) [][]string {
	rows := [][]string{{"policy", "id", "clause", "kind", "direction", "op", "value", "unit", "written", "deadline", "indicator", "region", "title_zh", "title_en"}}
	for _, g := range list {
		rows = append(rows, []string{g.Policy, g.ID, strconv.Itoa(g.Clause), string(g.Kind), string(g.Direction), g.Op, g.Value.String(), g.Unit,
			g.Written, g.Deadline.String(), g.Indicator, g.Region, g.Title.In(schema.Chinese), g.Title.In(schema.English)})
	}
	return rows
}

type targetsShow struct {
	Target string `arg:"" help:"Target id. 目标编号。"`
}

// Run prints everything the register says of a target and its indicator.
func (c targetsShow) Run(r *run) error {
	register, err := r.register()
	if err != nil {
		return err
	}
	t, ok := register.TargetOf("", c.Target)
	if !ok {
		return usage("no-target", "name", c.Target)
	}
	ind, _ := register.Indicators.ByCode(t.Indicator)
	return r.json(map[string]any{"target": t, "indicator": ind})
}

type targetsCheck struct {
	Files []string `arg:"" type:"existingfile" help:"Registers to check. 要检查的登记册。"`
}

// Run reports every fault of the files with its line.
func (c targetsCheck) Run(r *run) error {
	all := []targets.Fault{}
	for _, file := range c.Files {
		faults := targets.CheckFile(file)
		all = append(all, faults...)
		if r.Output == "json" {
			continue
		}
		for _, f := range faults {
			fmt.Fprintf(r.Out, "%s:%d:%d: %s\n", f.File, f.Line, f.Column, f.In(r.Lang))
		}
		if len(faults) == 0 {
			r.tell(r.Out, "targets-good", "file", file)
		}
	}
	if r.Output == "json" {
		if err := r.json(all); err != nil {
			return err
		}
	}
	if len(all) > 0 {
		return &exitError{exitRefused, words.Fail(nil, "targets-bad", "n", len(all))}
	}
	return nil
}
