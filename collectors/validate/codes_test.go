package validate

// ProblemCodes lists the codes of problems that validation finds.
func ProblemCodes() []string {
	return []string{IndicatorUnknown, IndicatorNotAllowed, RegionUnknown, RegionNotAllowed, UnitNotConvertible, UnitConflict,
		FrequencyWrong, OutOfRange, TooPrecise, TooLarge, StatusWithoutValue, ValueWithStatus,
		DateOutOfRange, PublishedInFuture, PeriodUnfinished, DuplicateDiffers, AnswerUnknown,
		PeriodFar, PublishedEarly, PeriodLocked, Clash}
}

// QuestionCodes lists the codes of questions that validation asks.
func QuestionCodes() []string {
	return []string{AskUnit, AskEstimate, AskFraction, AskJump, AskFall, AskReturn, AskTotal, AskPart, AskSlip, AskCoverage, AskReason,
		AskBlank, AskWeaker, AskMoved, AskAlone, AskWhole, AskName, AskOthers, AskConflict, AskSpan}
}
