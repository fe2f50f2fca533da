package refusal

import (
	"yardstick/schema"
	"yardstick/schema/words"
)

// Refusal is what keeps a file from being read and a sender can mend.
type Refusal struct{ Problems []schema.Problem }

func (r *Refusal) Error() string { return r.Problems[0].Code }

// Refuse makes a refusal of the whole file.
func Refuse(file, code string, args ...any) error {
	return &Refusal{[]schema.Problem{Problem(file, code, args...)}}
}

// Problem is something wrong with the file, in the sentence of its code.
func Problem(file, code string, args ...any) schema.Problem {
	return schema.Problem{Code: code, File: file, Text: words.Say("problem-"+code, args...)}
}
