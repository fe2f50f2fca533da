package validate

// Codes of problems.
const (
	IndicatorUnknown    = "indicator-unknown"
	IndicatorNotAllowed = "indicator-not-allowed"
	RegionUnknown       = "region-unknown"
	RegionNotAllowed    = "region-not-allowed"
	UnitNotConvertible  = "unit-not-convertible"
	UnitConflict        = "unit-conflict"
	FrequencyWrong      = "frequency-wrong"
	OutOfRange          = "value-out-of-range"
	TooPrecise          = "value-too-precise"
	TooLarge            = "value-too-large"
	StatusWithoutValue  = "status-without-value"
	ValueWithStatus     = "value-with-missing-status"
	DateOutOfRange      = "date-out-of-range"
	PublishedInFuture   = "published-in-future"
	PeriodUnfinished    = "period-unfinished"
	DuplicateDiffers    = "duplicate-differs"
	AnswerUnknown       = "answer-unknown"
	PeriodFar           = "period-far-ahead"
	PublishedEarly      = "published-before-release"
	PeriodLocked        = "period-locked"
	Clash               = "figure-clash"
)

// Codes of questions.
const (
	AskUnit     = "unit-missing"
	AskEstimate = "estimate-unclear"
	AskFraction = "percent-or-fraction"
	AskJump     = "value-jumps"
	AskFall     = "total-falls"
	AskReturn   = "value-returns"
	AskTotal    = "total-differs"
	AskPart     = "part-beside-whole"
	AskSlip     = "unit-slip"
	AskCoverage = "coverage-shrinks"
	AskReason   = "reason-missing"
	AskBlank    = "blank-over-held"
	AskWeaker   = "estimate-over-actual"
	AskMoved    = "series-moved"
	AskAlone    = "period-alone"
	AskWhole    = "count-not-whole"
	AskName     = "name-unknown"
	AskOthers   = "names-not-ours"
	AskConflict = "basis-conflict"
	AskSpan     = "basis-wrong"
)

// Codes of what was left out because an answer, or an empty template, says so.
const (
	LeftKept    = "kept-held"
	LeftOmitted = "omitted"
	LeftBlank   = "left-blank"
	LeftNotOurs = "not-ours"
)
