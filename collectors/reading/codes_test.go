package reading

import (
	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// problemCodes lists the codes of problems that reading finds.
func problemCodes() []string {
	return []string{account.NotTidy, account.ColumnTwice, account.ColumnUnnamed, account.RowRagged, account.RowIncomplete, account.CellEmpty,
		written.NotANumber, written.NumberAmbiguous, written.NotExact, written.SpreadsheetError, account.NotAPeriod, account.HalfYear,
		account.BasisUnknown, account.StatusUnknown, account.BadPublished, account.TooManyProblems, account.RowUnread, account.UnitTwice,
		account.OffFrequency, account.ValueMerged, account.CellUnread, account.BadMultiplier, account.AnswerInvalid, written.NumberSeveral}
}

// questionCodes lists the codes of questions that reading asks.
func questionCodes() []string {
	return []string{account.AskColumn, account.AskYear, account.AskMeaning, account.AskAxis, account.AskRow, account.AskHeading,
		account.AskOutline, account.AskIndicator, account.AskRegion, account.AskPeriod, account.AskBasis, account.AskSheet,
		account.AskDimension, account.AskDates, account.AskScaled, account.AskSeen, account.AskHidden, account.AskOctober, account.AskMultiplier, account.AskWhen}
}

// excludedCodes lists the codes of what is left out.
func excludedCodes() []string {
	return []string{account.ExcludedPreamble, account.ExcludedBlank, account.ExcludedNote, account.ExcludedColumn, account.ExcludedDuplicate,
		account.ExcludedHeader, account.ExcludedTotal, account.ExcludedSheet, account.ExcludedPlan, account.ExcludedHidden, account.ExcludedSection, account.ExcludedPart, account.ExcludedRow, account.RegionTold, account.PeriodTold}
}
