package desk

import (
	"cmp"
	"maps"
	"slices"

	"yardstick/collectors/schedule"
	"yardstick/collectors/source"
	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/words"
)

// Check tells everything wrong with what is agreed about a feed: rules, addresses,
// secrets, answers. zone is that of schedules that name none.
func Check(f schema.Feed, zone string) (faults []error) {
	because := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	because(schedule.CheckRule(f.Name, cmp.Or(f.Cron, "@hourly"), cmp.Or(f.TimeZone, zone)))
	because(source.Config(f.Source).Check())
	for _, key := range slices.Sorted(maps.Keys(f.Given)) {
		if !validate.KnownAnswer(key) || validate.OneTime(key) {
			because(words.Fail(nil, "config-feed-given", "name", f.Name, "key", key))
		}
	}
	if f.PublishedAfter != nil && *f.PublishedAfter < 0 {
		because(words.Fail(nil, "config-feed-published", "name", f.Name))
	}
	if f.MaxBytes < 0 {
		because(words.Fail(nil, "config-feed-bytes", "name", f.Name))
	}
	return faults
}
