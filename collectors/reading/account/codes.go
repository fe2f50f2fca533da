package account

// Codes of problems.
const (
	NotTidy         = "layout-not-tidy"
	ColumnTwice     = "column-twice"
	ColumnUnnamed   = "column-unnamed"
	RowRagged       = "row-ragged"
	RowIncomplete   = "row-incomplete"
	CellEmpty       = "cell-empty"
	NotAPeriod      = "period-unreadable"
	HalfYear        = "period-second-half"
	BasisUnknown    = "basis-unknown"
	StatusUnknown   = "status-unknown"
	BadPublished    = "published-unreadable"
	TooManyProblems = "too-many-problems"
	RowUnread       = "row-unread"
	UnitTwice       = "unit-twice"
	OffFrequency    = "period-off-frequency"
	ValueMerged     = "value-merged"
	CellUnread      = "cell-unread"
	BadMultiplier   = "multiplier-unreadable"
	AnswerInvalid   = "answer-invalid"
)

// Codes of questions.
const (
	AskColumn = "column-unclear"
	AskDated  = "dates-twice"
	AskPart   = "part-unclear"
	AskTitle  = "title-narrows"
	AskPlace  = "row-place"
	AskWhere  = "place-unclear"
	AskPlaces = "place-twice"
	AskTwice  = "column-twice"
	AskYear   = "year-missing"

	AskMeaning    = "column-meaning"
	AskAxis       = "axis-unclear"
	AskRow        = "row-unclear"
	AskHeading    = "heading-unclear"
	AskOutline    = "outline-unclear"
	AskIndicator  = "indicator-missing"
	AskRegion     = "region-missing"
	AskPeriod     = "period-missing"
	AskBasis      = "basis-missing"
	AskSheet      = "sheet-unread"
	AskDimension  = "dimension-unclear"
	AskDates      = "dates-unclear"
	AskScale      = "column-scales"
	AskScaled     = "value-scaled"
	AskSeen       = "value-seen"
	AskBlanks     = "value-blanks"
	AskHidden     = "hidden-unclear"
	AskOctober    = "october-unclear"
	AskMultiplier = "multiplier-unclear"
	AskWhen       = "column-period"
	// AskUnitMissing is validate's code too: one question, whoever finds it.
	AskUnitMissing = "unit-missing"
)

// Codes of what was left out.
const (
	ExcludedPreamble  = "preamble"
	ExcludedBlank     = "blank-row"
	ExcludedNote      = "note"
	ExcludedColumn    = "column-ignored"
	ExcludedDuplicate = "duplicate-row"
	ExcludedHeader    = "header-again"
	ExcludedTotal     = "total"
	ExcludedSheet     = "sheet"
	ExcludedPlan      = "plan"
	ExcludedHidden    = "hidden"
	ExcludedSection   = "section"
	ExcludedPart      = "part"
	ExcludedRow       = "row-ignored"
	RegionTold        = "region-told"
	PeriodTold        = "period-told"
)
