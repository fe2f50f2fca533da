package api

import (
	"net/http"

	"yardstick/comparator"
	"yardstick/dashboards/download"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/api"
)

// Statuses that are told as a Fault.
func readFaults(more ...int) []int {
	return append([]int{http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusInternalServerError, http.StatusServiceUnavailable}, more...)
}

// answered is an answer in these forms, or nothing new.
func answered(media ...api.Media) []api.Answer {
	return []api.Answer{{Status: http.StatusOK, Media: media}, {Status: http.StatusNotModified}}
}

func csvToo(v any) []api.Answer {
	return answered(api.JSON(v), api.Media{Type: "text/csv"})
}

func asOfParameter() api.Parameter {
	return api.Parameter{Name: "as_of", Form: api.Day, Example: "2025-06-30"}
}

func policyParameter() api.Parameter {
	return api.Parameter{Name: "policy", Form: api.Text, Example: "dalian-2024-15"}
}

func targetParameter(example string) api.Parameter {
	return api.Parameter{Name: "target", Form: api.Text, Example: example}
}

// statusWords are the words of a type of words.
func statusWords[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = string(s)
	}
	return out
}

// operations is the table of what the API answers.
func (b *room) operations() []api.Operation {
	all := append(b.policyOperations(), b.figureOperations()...)
	all = append(all, b.feedOperations()...)
	all = append(all, b.forecastOperations()...)
	all = append(all, b.statementOperations()...)
	return append(all, api.Operation{ID: "getDocument", Method: http.MethodGet, Path: root + "openapi.json", Group: "about",
		Parameters: []api.Parameter{{Name: "lang", Note: "lang-words", Form: api.Choice, Choices: schema.LanguageCodes(), Example: schema.Chinese}},
		Answers:    answered(api.JSON(api.Any{})), Faults: readFaults(), Handler: b.value(b.document)})
}

func (b *room) policyOperations() []api.Operation {
	return []api.Operation{
		{ID: "listTargets", Method: http.MethodGet, Path: root + "targets", Group: "policy", Parameters: listParameters(policyParameter()),
			Answers: csvToo([]schema.Target{}), Faults: readFaults(http.StatusNotFound), Links: true, Handler: list(b, b.targetListing())},
		{ID: "listVerdicts", Method: http.MethodGet, Path: root + "verdicts", Group: "policy",
			Parameters: listParameters(asOfParameter(),
				api.Parameter{Name: "from", Note: "verdicts-from", Form: api.Day, Example: "2025-01-31"},
				api.Parameter{Name: "to", Note: "verdicts-to", Form: api.Day, Example: "2025-06-30"},
				api.Parameter{Name: "step", Form: api.Text, Example: "1m"}, policyParameter(), targetParameter("ai-compute"),
				api.Parameter{Name: "region", Form: api.Text, Example: "210200"},
				api.Parameter{Name: "status", Note: "verdict-status", Form: api.Choice, Choices: statusWords(schema.Statuses()), Many: true, Example: "lagging"}),
			Answers: csvToo([]KeptVerdict{}), Faults: readFaults(http.StatusNotFound), Links: true, Handler: list(b, b.verdictListing())},
		{ID: "listIndicators", Method: http.MethodGet, Path: root + "indicators", Group: "policy", Parameters: listParameters(),
			Answers: csvToo([]schema.Indicator{}), Faults: readFaults(), Links: true, Handler: list(b, b.indicatorListing())},
		{ID: "listRegions", Method: http.MethodGet, Path: root + "regions", Group: "policy", Parameters: listParameters(),
			Answers: csvToo([]schema.Region{}), Faults: readFaults(), Links: true, Handler: list(b, b.regionListing())},
	}
}

func (b *room) figureOperations() []api.Operation {
	var out []api.Operation
	if b.Figures != nil {
		out = append(out, observationsOperation(newDownloads(b)))
	}
	if b.Lineage.Answer == nil {
		return out
	}
	return append(out, api.Operation{ID: "getLineage", Method: http.MethodGet, Path: root + "lineage", Group: "figures",
		Parameters: []api.Parameter{
			{Name: "indicator", Note: "lineage-indicator", Form: api.Text, Required: true, Example: "ai-compute"},
			{Name: "region", Note: "one-region", Form: api.Text, Required: true, Example: "210200"},
			{Name: "period", Form: api.Period, Required: true, Example: "2025-05"}, {Name: "basis", Form: api.Choice, Choices: []string{"point", "period", "ytd", "cumulative"}, Example: "point"},
			asOfParameter(), {Name: "receipt", Form: api.Text}},
		Answers: answered(api.JSON(b.Lineage.Shape)), Faults: readFaults(http.StatusNotFound), Handler: b.value(b.Lineage.Answer)})
}

// observationsOperation is what the address of observations may say.
func observationsOperation(h http.Handler) api.Operation {
	formats := statusWords(download.Formats())
	return api.Operation{ID: "listObservations", Method: http.MethodGet, Path: web.ObservationsPath, Group: "figures",
		Parameters: []api.Parameter{
			{Name: "indicator", Form: api.Text, Many: true, Example: "ai-compute"}, {Name: "region", Note: "regions", Form: api.Text, Many: true, Example: "210200"},
			{Name: "from", Note: "period-from", Form: api.Period, Example: "2025-01"}, {Name: "to", Note: "period-to", Form: api.Period, Example: "2025-06"},
			asOfParameter(), {Name: "known_at", Form: api.Moment, Example: "2199-12-31"},
			{Name: "vintages", Form: api.Choice, Choices: []string{"all"}, Example: "all"},
			{Name: "format", Form: api.Choice, Choices: formats, Example: "csv"},
			{Name: "lang", Form: api.Choice, Choices: schema.LanguageCodes(), Example: schema.Chinese}, {Name: "bom", Form: api.Boolean, Example: "false"},
			{Name: "limit", Form: api.Integer, Most: pageLimit, Example: "10"}, {Name: "cursor", Form: api.Text}},
		Answers: answered(api.JSON([]schema.Observation{}), api.Media{Type: "text/csv"}, api.Media{Type: "application/vnd.sdmx.data+csv"},
			api.Media{Type: download.XLSX.MediaType()}),
		Faults: readFaults(), Links: true, Handler: h}
}

func (b *room) feedOperations() []api.Operation {
	out := []api.Operation{{ID: "listFeeds", Method: http.MethodGet, Path: root + "feeds", Group: "feeds", Parameters: listParameters(),
		Answers: csvToo([]FeedEntry{}), Faults: readFaults(), Links: true, Handler: list(b, b.feedListing())}}
	if b.Archive != nil {
		out = append(out, api.Operation{ID: "listReceipts", Method: http.MethodGet, Path: root + "receipts", Group: "feeds",
			Parameters: listParameters(api.Parameter{Name: "feed", Form: api.Text, Example: "industry"},
				api.Parameter{Name: "status", Note: "receipt-status", Form: api.Choice, Choices: statusWords(schema.ReceiptStatuses()), Many: true, Example: "accepted"},
				api.Parameter{Name: "from", Note: "received-from", Form: api.Day, Example: "2025-01-01"},
				api.Parameter{Name: "to", Note: "received-to", Form: api.Day, Example: "2199-12-31"}),
			Answers: csvToo([]ReceiptEntry{}), Faults: readFaults(http.StatusNotFound), Links: true, Handler: list(b, b.receiptListing())})
	}
	return append(out, api.Operation{ID: "getReceipt", Method: http.MethodGet, Path: root + "receipts/{id}", Group: "feeds",
		Parameters: []api.Parameter{{Name: "id", Note: "receipt-id", Form: api.Text, Path: true, Example: "R20250714-7K3QF2T8"}},
		Answers:    answered(api.JSON(schema.Receipt{})), Faults: readFaults(http.StatusNotFound), Handler: b.value(b.receipt)})
}

func (b *room) forecastOperations() []api.Operation {
	required := func(example string) api.Parameter {
		p := targetParameter(example)
		p.Note, p.Required = "one-target", true
		return p
	}
	districts := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := b.districts(w, r); err != nil {
			b.site.Fail(w, r, err)
		}
	})
	return []api.Operation{
		{ID: "listMethods", Method: http.MethodGet, Path: root + "methods", Group: "forecasts",
			Parameters: listParameters(asOfParameter(), policyParameter(), targetParameter("ai-compute")),
			Answers:    csvToo([]comparator.Opinions{}), Faults: readFaults(http.StatusNotFound), Links: true, Handler: list(b, b.methodListing())},
		{ID: "getWays", Method: http.MethodGet, Path: root + "ways", Group: "forecasts",
			Parameters: []api.Parameter{required("ai-compute"), policyParameter(), asOfParameter(), {Name: "rate", Form: api.Text, Example: "90"}},
			Answers:    answered(api.JSON(comparator.Ways{})), Faults: readFaults(http.StatusNotFound), Handler: b.value(b.ways)},
		{ID: "getDistricts", Method: http.MethodGet, Path: root + "districts", Group: "forecasts",
			Parameters: append([]api.Parameter{required("high-standard-farmland"), policyParameter(), asOfParameter()}, listParameters()[:3]...),
			Answers:    csvToo(comparator.Parts{}), Faults: readFaults(http.StatusNotFound), Handler: districts},
		{ID: "getScorecard", Method: http.MethodGet, Path: root + "scorecard", Group: "forecasts",
			Answers: answered(api.JSON(comparator.Scorecard{})), Faults: readFaults(), Handler: b.value(b.scorecard)},
	}
}

// statementOperations are what is read of what owners say of their targets.
func (b *room) statementOperations() []api.Operation {
	if b.Statements == nil {
		return nil
	}
	return []api.Operation{{ID: "listStatements", Method: http.MethodGet, Path: root + "statements", Group: "policy",
		Parameters: listParameters(asOfParameter(), policyParameter(), targetParameter("ai-compute")),
		Answers:    csvToo([]ToldStatement{}), Faults: readFaults(http.StatusNotFound), Links: true, Handler: list(b, b.statementListing())}}
}
