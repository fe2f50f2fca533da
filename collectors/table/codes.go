package table

// Codes of the problems that keep a file from being read as a table.
const (
	Empty            = "file-empty"
	TooLarge         = "file-too-large"
	FormatXLSX       = "format-xlsx"
	FormatXLS        = "format-xls"
	FormatArchive    = "format-archive"
	FormatHTML       = "format-html"
	FormatUTF16      = "format-utf16"
	FormatUnknown    = "format-unknown"
	EncodingUnknown  = "encoding-unknown"
	EncodingMixed    = "encoding-mixed"
	NULByte          = "nul-byte"
	ControlCharacter = "control-character"
	TextDamaged      = "text-damaged"
	QuoteUnbalanced  = "quote-unbalanced"
	QuoteBroken      = "quote-broken"
	FieldTooLong     = "field-too-long"
	RowTooLong       = "row-too-long"
	TooManyColumns   = "too-many-columns"
	TooManyCells     = "too-many-cells"
)

// Codes lists them all.
func Codes() []string {
	return []string{Empty, TooLarge, FormatXLSX, FormatXLS, FormatArchive, FormatHTML, FormatUTF16, FormatUnknown,
		EncodingUnknown, EncodingMixed, NULByte, ControlCharacter, TextDamaged,
		QuoteUnbalanced, QuoteBroken, FieldTooLong, RowTooLong, TooManyColumns, TooManyCells}
}
