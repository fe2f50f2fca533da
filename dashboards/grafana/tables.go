package grafana

// table is a panel of rows; columns come out in the order of the query.
func (l language) table(title, description string, src source, targets ...target) *panel {
	p := l.panel("table", l.say(title), description, src)
	p.Targets = targets
	p.Options = map[string]any{
		"showHeader": true, "cellHeight": "sm",
		"footer": map[string]any{"show": false, "reducer": []string{"sum"}, "countRows": false, "fields": ""},
	}
	p.FieldConfig.Defaults.Custom = map[string]any{"align": "auto", "inspect": false, "filterable": false}
	return p
}

// column names a column and sets how wide it is.
func (l language) column(name, label string, width int, more ...property) override {
	return by(name, append([]property{named(l.say(label)), wide(width)}, more...)...)
}

// statusColumn shows a column of status codes as shape, word and hue.
func (l language) statusColumn(column, title string, width int) override {
	return by(column, append(cell("color-text"), named(title), wide(width), property{"mappings", l.statusMappings()})...)
}

// titleColumn links a target's name to its page and to its dashboard.
func (l language) titleColumn() override {
	return by("title", named(l.say("grafana-col-title")), property{"custom.minWidth", 200}, property{"links", []link{
		{Title: l.say("grafana-show-target"), URL: "/d/" + UID(targetBoard, string(l)) + "?var-target=${__data.fields.target}&var-policy=${__data.fields.policy}&${board:queryparam}&${__url_time_range}"},
		{Title: l.say("grafana-open-target"), URL: "${board}/targets/${__data.fields.policy}/${__data.fields.target}", TargetBlank: true},
	}})
}

// receiptColumn links a receipt's number to its page.
func (l language) receiptColumn() override {
	return by("receipt", named(l.say("grafana-col-receipt")), wide(160), property{"links", []link{
		{Title: l.say("grafana-open-receipt"), URL: "${board}/receipts/${__value.raw}", TargetBlank: true},
	}})
}
