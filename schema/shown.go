package schema

// Shown is what there is to say of a verdict in one language, for those who show
// it with SQL: words and digits as every page has them.
type Shown struct {
	Scope
	Lang             string
	AsOf             Date
	Place            int  // in the list, the worst first
	Bound            bool // a limit or a cadence, which has no way to go
	Title            string
	Status           string // as it is said of this kind of target
	Value, Target    string // with their unit
	Gap              string // what is missing, with the word that says what one that is none means
	Progress         *float64
	Schedule         *float64
	Lag, Chance      string
	Outlook          string
	Deadline, Period string
	Owner, Marks     string
	AgeDays          int      // of the figure, if there is one
	StaleDays        int      // past due and grace
	Lines            []string // a few short lines
	Story            string   // paragraphs
	Curve            []ShownSpot
}

// ShownSpot is one day of a target's trajectory, in the unit shown; nil is not
// known, or not of that day.
type ShownSpot struct {
	Day           Date
	Unit          string
	Observed      *float64
	Goal          float64
	Path          *float64
	Low, Mid, Top *float64 // one in ten, one in two and nine in ten are below
}
