package targets

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
)

// readRegion reads a place; its parent and members are checked at the end.
func (l *loader) readRegion(f *file, n *yaml.Node) {
	r, ok := f.record(n, "code", "name", "aliases", "parent", "standard", "members", "note")
	if !ok {
		return
	}
	region := schema.Region{
		Code: r.must("code"), Name: r.both("name"), Aliases: r.strings("aliases"), Parent: r.text("parent"),
		Standard: r.oneOf("standard", "GB/T 2260", "local"), Members: r.strings("members"),
	}
	if r.has("note") {
		region.Note = r.both("note")
	}
	if region.Code == "" {
		return
	}
	enter(&l.regions.index, &l.places, r, region.Code, region)
}

// checkRegions enters names and checks parents, members and codes.
func (l *loader) checkRegions() {
	g := l.regions
	national := regexp.MustCompile(`^\d{6}$`)
	for i, region := range g.all {
		r := l.places[i]
		if (region.Standard == "GB/T 2260") != national.MatchString(region.Code) && region.Standard != "" {
			r.at("code").fault("register-region-code", "id", region.Code)
		}
		_, known := g.byCode[region.Parent]
		if !known && region.Parent != "" && !national.MatchString(region.Parent) || region.Parent == region.Code {
			r.at("parent").fault("register-unknown-region", "id", region.Parent)
		}
		for _, member := range region.Members {
			if _, ok := g.byCode[member]; !ok || member == region.Code {
				r.at("members").fault("register-unknown-region", "id", member)
			}
		}
		l.nameRegion(i, region)
	}
}

// nameRegion enters a region's names. One name for two places of one city is a
// fault; for places of two cities it is left to Find, which then refuses it.
func (l *loader) nameRegion(at int, region schema.Region) {
	g := l.regions
	for _, name := range slices.Concat([]string{region.Code}, region.Name.Each(), region.Aliases) {
		key := fold(name)
		if key == "" || slices.Contains(g.byName[key], at) {
			continue
		}
		for _, other := range g.byName[key] {
			if g.all[other].Parent == region.Parent || g.all[other].Code == region.Parent || g.all[other].Parent == region.Code {
				l.places[at].at("aliases").fault("register-name-taken", "name", name, "first", g.all[other].Code, "second", region.Code)
			}
		}
		g.byName[key] = append(g.byName[key], at)
	}
}
