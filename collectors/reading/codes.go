package reading

// Codes of problems.
const (
	NotTidy          = "layout-not-tidy"
	ColumnTwice      = "column-twice"
	ColumnUnnamed    = "column-unnamed"
	RowRagged        = "row-ragged"
	RowIncomplete    = "row-incomplete"
	CellEmpty        = "cell-empty"
	NotANumber       = "value-not-a-number"
	NumberAmbiguous  = "value-ambiguous"
	NotExact         = "value-not-exact"
	SpreadsheetError = "value-spreadsheet-error"
	NotAPeriod       = "period-unreadable"
	HalfYear         = "period-second-half"
	BasisUnknown     = "basis-unknown"
	StatusUnknown    = "status-unknown"
	BadPublished     = "published-unreadable"
	TooManyProblems  = "too-many-problems"
)

// Codes of questions.
const (
	AskColumn = "column-unclear"
	AskYear   = "year-missing"
)

// Codes of what was left out.
const (
	ExcludedPreamble  = "preamble"
	ExcludedBlank     = "blank-row"
	ExcludedNote      = "note"
	ExcludedColumn    = "column-ignored"
	ExcludedDuplicate = "duplicate-row"
	ExcludedHeader    = "header-again"
)

// ProblemCodes lists the codes of problems that reading finds.
func ProblemCodes() []string {
	return []string{NotTidy, ColumnTwice, ColumnUnnamed, RowRagged, RowIncomplete, CellEmpty, NotANumber, NumberAmbiguous, NotExact,
		SpreadsheetError, NotAPeriod, HalfYear, BasisUnknown, StatusUnknown, BadPublished, TooManyProblems}
}

// QuestionCodes lists the codes of questions that reading asks.
func QuestionCodes() []string { return []string{AskColumn, AskYear} }

func excludedCodes() []string {
	return []string{ExcludedPreamble, ExcludedBlank, ExcludedNote, ExcludedColumn, ExcludedDuplicate, ExcludedHeader}
}

func isExcluded(code string) bool {
	for _, c := range excludedCodes() {
		if c == code {
			return true
		}
	}
	return false
}
