package app

import (
	"context"
	"fmt"

	"yardstick/cmd/yardstick/config"
	"yardstick/collectors/samples"
	"yardstick/schema"
)

// demoOwners adds the owners brought along to the configuration, unless it
// names owners itself.
func demoOwners(c *config.Config) error {
	cast, err := samples.ReadCast()
	if err != nil || len(c.Owners) > 0 {
		return err
	}
	c.Offices, c.Owners = append(c.Offices, cast.Offices...), map[string]config.Own{}
	for office, targets := range cast.Owners {
		for _, id := range targets {
			c.Owners[id] = config.Own{Office: office}
		}
	}
	return nil
}

// loadStatements writes down what the owners brought along say and the store
// does not hold yet. Each keeps its own day, before the pinned one.
func (s *server) loadStatements(ctx context.Context) error {
	cast, err := samples.ReadCast()
	if err != nil {
		return err
	}
	acts, err := s.store.Acts(ctx, schema.ActStatement, "")
	if err != nil {
		return err
	}
	held := map[string]bool{}
	for _, a := range acts {
		held[a.Subject+" "+a.Fields["day"]] = true
	}
	for _, x := range cast.Statements {
		t, err := s.desk.Target(s.register.Policies[0].ID, x.Target)
		if err != nil {
			return fmt.Errorf("loading the statement on %s: %w", x.Target, err)
		}
		st := schema.Statement{Policy: t.Policy, Target: t.ID, Cause: x.Cause, Measures: x.Measures, Promised: x.Promised,
			By: x.By, Office: t.Office, Day: x.Day, Synthetic: true}
		if held[st.Subject()+" "+st.Day.String()] {
			continue
		}
		if _, err := s.store.Act(ctx, st.Act()); err != nil {
			return fmt.Errorf("loading the statement on %s: %w", x.Target, err)
		}
	}
	return nil
}
