package schema

import "fmt"

// Reason says why something is as it is, in sentences named by their codes with
// what stands in them: how they are worded is for whoever tells them. Text is the
// wording, of a reason that was told or that was kept as words; it has no
// codes then.
type Reason struct {
	Text
	Says []Saying `json:"says,omitempty"`
}

// IsZero reports whether nothing is said.
func (r Reason) IsZero() bool { return r.Text == (Text{}) && len(r.Says) == 0 }

// Because is a reason of one sentence.
func Because(code string, args ...any) Reason { return Reason{Says: []Saying{Say(code, args...)}} }

// Saying is one sentence: the code of the message catalogue and its arguments.
type Saying struct {
	Code string `json:"code"`
	Args []Arg  `json:"args,omitempty"`
}

// Arg is what stands in a sentence under a name. As tells what it is and so
// which of the fields holds it.
type Arg struct {
	Name    string   `json:"name"`
	As      Form     `json:"as"`
	Amount  *Decimal `json:"amount,omitempty"`
	Number  float64  `json:"number,omitempty"`
	Digits  int      `json:"digits,omitempty"`
	Day     Date     `json:"day,omitzero"`
	Periods []Period `json:"periods,omitempty"`
	Basis   Basis    `json:"basis,omitempty"`
	Status  Status   `json:"status,omitempty"`
	Text    Text     `json:"text,omitzero"`
	Saying  *Saying  `json:"saying,omitempty"`
}

// Form is what an argument is.
type Form string

// The forms, and the field that holds each.
const (
	AsAmount     Form = "amount"      // Amount: a figure in the verdict's unit
	AsDistance   Form = "distance"    // Amount: a figure, told by how far it is from the target
	AsDifference Form = "difference"  // Amount: what lies between two figures
	AsPromised   Form = "promised"    // none: the verdict's target, or its bounds
	AsEstimate   Form = "estimate"    // Number: a figure that was forecast, in the verdict's unit
	AsSlope      Form = "slope"       // Number: a change a year, in the verdict's unit
	AsChange     Form = "change"      // Number: a change a period, in the verdict's unit
	AsShare      Form = "share"       // Number: a ratio of 1, told as per cent
	AsPace       Form = "pace"        // Number: a ratio, held against the bounds of pace
	AsChance     Form = "chance"      // Number: a probability, held against the bounds of chance
	AsBound      Form = "bound"       // Number: a threshold
	AsBoundShare Form = "bound_share" // Number: a threshold, told as per cent
	AsFigures    Form = "figures"     // Number with so many significant Digits
	AsDecimals   Form = "decimals"    // Number with so many Digits after the point
	AsCount      Form = "count"       // Number: how many
	AsDay        Form = "day"
	AsPeriod     Form = "period"  // Periods, one, of figures on Basis
	AsPeriods    Form = "periods" // Periods
	AsStatus     Form = "status"
	AsText       Form = "text"   // Text: words of the register, or a sign
	AsSaying     Form = "saying" // Saying: a phrase of its own
)

// Say makes a sentence of its code and arguments: name, value, name, value … A
// value is an Arg, whose name is set, or what Say makes one of: an amount, a day,
// a count, a status, a text, a phrase or periods.
func Say(code string, args ...any) Saying {
	s := Saying{Code: code}
	for i := 0; i+1 < len(args); i += 2 {
		a := argOf(args[i+1])
		a.Name = fmt.Sprint(args[i])
		s.Args = append(s.Args, a)
	}
	return s
}

func argOf(value any) Arg {
	switch v := value.(type) {
	case Arg:
		return v
	case Decimal:
		return Arg{As: AsAmount, Amount: &v}
	case int:
		return Arg{As: AsCount, Number: float64(v)}
	case Date:
		return Arg{As: AsDay, Day: v}
	case Status:
		return Arg{As: AsStatus, Status: v}
	case Text:
		return Arg{As: AsText, Text: v}
	case Saying:
		return Arg{As: AsSaying, Saying: &v}
	case []Period:
		return Arg{As: AsPeriods, Periods: v}
	}
	return Arg{As: AsText, Text: Same(fmt.Sprint(value))}
}
