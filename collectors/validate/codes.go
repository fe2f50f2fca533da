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
	BasisConflict       = "basis-conflict"
	BasisWrong          = "basis-wrong"
	OutOfRange          = "value-out-of-range"
	TooPrecise          = "value-too-precise"
	TooLarge            = "value-too-large"
	StatusWithoutValue  = "status-without-value"
	ValueWithStatus     = "value-with-missing-status"
	DateOutOfRange      = "date-out-of-range"
	PublishedInFuture   = "published-in-future"
	PeriodUnfinished    = "period-unfinished"
	DuplicateDiffers    = "duplicate-differs"
	AnswerInvalid       = "answer-invalid"
	AnswerUnknown       = "answer-unknown"
)

// AskUnit is the code of the question for a unit.
const AskUnit = "unit-missing"

// ProblemCodes lists the codes of problems that validation finds.
func ProblemCodes() []string {
	return []string{IndicatorUnknown, IndicatorNotAllowed, RegionUnknown, RegionNotAllowed, UnitNotConvertible, UnitConflict,
		FrequencyWrong, BasisConflict, BasisWrong, OutOfRange, TooPrecise, TooLarge, StatusWithoutValue, ValueWithStatus,
		DateOutOfRange, PublishedInFuture, PeriodUnfinished, DuplicateDiffers, AnswerInvalid, AnswerUnknown}
}

// QuestionCodes lists the codes of questions that validation asks.
func QuestionCodes() []string { return []string{AskUnit} }
