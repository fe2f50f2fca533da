// Package refusal says why a file cannot be read as a table, and what should be
// known of one that can.
package refusal

import (
	"yardstick/schema"
	"yardstick/schema/words"
)

// Codes of the problems that keep a file from being read as a table.
const (
	Empty            = "file-empty"
	TooLarge         = "file-too-large"
	Password         = "file-password"
	FormatXLSX       = "format-xlsx" // a workbook or zip that is damaged
	FormatXLS        = "format-xls"  // an old workbook that is damaged
	FormatXLSOld     = "format-xls-old"
	FormatXLSB       = "format-xlsb"
	FormatODS        = "format-ods"
	FormatPDF        = "format-pdf"
	FormatImage      = "format-image"
	FormatWord       = "format-word"
	FormatArchive    = "format-archive"
	FormatHTML       = "format-html" // a web page without a table
	FormatXML        = "format-xml"
	FormatUnknown    = "format-unknown"
	FormatOther      = "format-other"    // named, and not read
	FormatExchange   = "format-exchange" // SYLK or DIF that is damaged
	FormatPRN        = "format-prn"      // columns made by blanks
	ArchiveMany      = "archive-many"
	ArchiveEmpty     = "archive-empty"
	ArchiveName      = "archive-name"
	ArchiveNested    = "archive-nested"
	ArchiveDamaged   = "archive-damaged"
	ArchiveTooLarge  = "archive-too-large"
	WorkbookTooLarge = "workbook-too-large"
	SheetDamaged     = "sheet-damaged"
	SheetUnread      = "sheet-unread"
	SheetOutside     = "sheet-outside"
	SheetNone        = "sheet-none"
	XMLEntity        = "xml-entity"
	EncodingUnknown  = "encoding-unknown"
	EncodingMixed    = "encoding-mixed"
	NULByte          = "nul-byte"
	ControlCharacter = "control-character"
	QuoteUnbalanced  = "quote-unbalanced"
	QuoteBroken      = "quote-broken"
	DelimiterWide    = "delimiter-full-width"
	FieldTooLong     = "field-too-long"
	RowTooLong       = "row-too-long"
	TooManyColumns   = "too-many-columns"
	TooManyCells     = "too-many-cells"
)

// Codes of the notes: what should be known about a file and is not wrong.
const (
	NoteInner        = "note-inner"
	NoteName         = "note-name"
	NoteDialect      = "note-dialect"
	NoteLineEnds     = "note-line-ends"
	NoteDamaged      = "note-text-damaged"
	NoteControl      = "note-control-character"
	NoteRagged       = "note-ragged"
	NoteQuoteMended  = "note-quote-mended"
	NoteRowDivided   = "note-row-divided"
	NoteSheetHidden  = "note-sheet-hidden"
	NoteSheetEmpty   = "note-sheet-empty"
	NoteSheetOther   = "note-sheet-other"
	NoteRowsHidden   = "note-rows-hidden"
	NoteColumnHidden = "note-columns-hidden"
	NoteMerged       = "note-merged"
	NoteFormula      = "note-formula"
	NoteUncalculated = "note-uncalculated"
	NoteErrors       = "note-errors"
	NoteRounded      = "note-rounded"
	NoteScaled       = "note-scaled"
	NoteDimension    = "note-dimension"
)

// Refusal is what keeps a file from being read and a sender can mend.
type Refusal struct{ Problems []schema.Problem }

func (r *Refusal) Error() string { return r.Problems[0].Code }

// Of makes a refusal of the problems.
func Of(problems ...schema.Problem) error { return &Refusal{problems} }

// Refuse makes a refusal of the whole file.
func Refuse(file, code string, args ...any) error { return Of(Problem(file, code, args...)) }

// Problem is something wrong with the file, in the sentence of its code.
func Problem(file, code string, args ...any) schema.Problem {
	return schema.Problem{Code: code, File: file, Text: words.Say("problem-"+code, args...)}
}
