package access_test

import (
	"errors"
	"testing"

	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/words"
)

func TestWhoMayDoWhat(t *testing.T) {
	industry, finance := schema.Feed{Name: "industry", Office: "industry-bureau"}, schema.Feed{Name: "finance", Office: "finance-bureau"}
	orphan := schema.Feed{Name: "manual"}
	reporter := access.Identity{Name: "张", Office: "industry-bureau", Role: access.Reporter}
	reviewer := access.Identity{Name: "李", Office: "industry-bureau", Role: access.Reviewer}
	chief := access.Identity{Name: "王", Role: access.Reviewer}
	narrow := access.Identity{Name: "赵", Feeds: []string{"finance"}, Role: access.Reviewer}
	fresh := schema.Receipt{ID: "R1", Actor: "张"}
	reviewed := schema.Receipt{ID: "R2", Actor: "张", Reviewer: "李"}
	own := schema.Receipt{ID: "R3", Actor: "李"}
	led, orphaned := schema.Target{ID: "a", Office: "industry-bureau"}, schema.Target{ID: "b"}
	for name, c := range map[string]struct {
		err error
		may bool
	}{
		"a reporter hands in for his office":                     {reporter.Use(industry), true},
		"a reporter hands in for another office":                 {reporter.Use(finance), false},
		"a feed of no office is everybody's":                     {reporter.Use(orphan), true},
		"a token narrowed to a feed uses another":                {narrow.Use(industry), false},
		"a reporter sees what waits of his office":               {reporter.Use(industry), true},
		"a reporter sees what waits of another office":           {reporter.Use(finance), false},
		"a reporter withdraws before the review":                 {reporter.Withdraw(industry, fresh), true},
		"a reporter withdraws after the review":                  {reporter.Withdraw(industry, reviewed), false},
		"a reporter withdraws another office's":                  {reporter.Withdraw(finance, fresh), false},
		"a reviewer withdraws after the review":                  {reviewer.Withdraw(industry, reviewed), true},
		"a reporter reviews":                                     {reporter.Review(industry, own), false},
		"a reviewer reviews another's":                           {reviewer.Review(industry, fresh), true},
		"a reviewer reviews his own":                             {reviewer.Review(industry, own), false},
		"a reviewer reviews another office's":                    {reviewer.Review(finance, fresh), false},
		"a reviewer of no office reviews any":                    {chief.Review(finance, fresh), true},
		"nobody reviews without a name":                          {access.Local("").Review(industry, schema.Receipt{Actor: "x"}), false},
		"the owner of the folder reviews another's":              {access.Local("root").Review(industry, fresh), true},
		"the owner of the folder reviews his own":                {access.Local("张").Review(industry, fresh), false},
		"a reporter locks":                                       {reporter.Lock(industry), false},
		"a reviewer locks his office's feed":                     {reviewer.Lock(industry), true},
		"a reviewer locks another office's feed":                 {reviewer.Lock(finance), false},
		"a reviewer of one office locks all feeds":               {reviewer.Lock(access.Everywhere()), false},
		"a reviewer narrowed to a feed locks all feeds":          {narrow.Lock(access.Everywhere()), false},
		"a reviewer of no office locks all feeds":                {chief.Lock(access.Everywhere()), true},
		"a reporter of no office locks all feeds":                {access.Identity{Name: "x", Role: access.Reporter}.Lock(access.Everywhere()), false},
		"somebody without a role reviews":                        {access.Identity{Name: "x"}.Review(industry, fresh), false},
		"a reviewer's own receipt may be withdrawn by himself":   {reviewer.Withdraw(industry, own), true},
		"a token narrowed to a feed withdraws a receipt of it":   {narrow.Withdraw(finance, reviewed), true},
		"a token narrowed to a feed withdraws another's receipt": {narrow.Withdraw(industry, fresh), false},
		"a reporter speaks for a target of his office":           {reporter.Speak(led), true},
		"a reviewer speaks for a target of his office":           {reviewer.Speak(led), true},
		"who answers for all offices speaks for a target":        {access.Identity{Name: "x", Role: access.Reporter}.Speak(led), true},
		"another office's reporter speaks for a target":          {access.Identity{Name: "x", Office: "finance-bureau", Role: access.Reporter}.Speak(led), false},
		"another office's reviewer speaks for a target":          {access.Identity{Name: "x", Office: "finance-bureau", Role: access.Reviewer}.Speak(led), false},
		"a token narrowed to a feed speaks for a target":         {narrow.Speak(led), false},
		"a reporter speaks for a target that nobody leads":       {reporter.Speak(orphaned), false},
		"a reviewer speaks for a target that nobody leads":       {chief.Speak(orphaned), true},
		"somebody without a name speaks for a target":            {access.Local("").Speak(led), false},
	} {
		if (c.err == nil) != c.may {
			t.Errorf("%s: %v", name, c.err)
		}
		var said *words.Error
		if c.err != nil && (!errors.Is(c.err, access.ErrDenied) || !errors.As(c.err, &said) || said.Zh == "" || said.En == "" || said.Zh == said.En) {
			t.Errorf("%s: the refusal does not say why in both languages: %v", name, c.err)
		}
	}
}
