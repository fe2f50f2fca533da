package table

import "yardstick/collectors/table/refusal"

// problemCodes lists the codes of all that keeps a file from being read.
func problemCodes() []string {
	return []string{refusal.Empty, refusal.TooLarge, refusal.Password, refusal.FormatXLSX, refusal.FormatXLS, refusal.FormatXLSOld,
		refusal.FormatXLSB, refusal.FormatODS, refusal.FormatPDF, refusal.FormatImage, refusal.FormatWord, refusal.FormatArchive,
		refusal.FormatHTML, refusal.FormatXML, refusal.FormatUnknown, refusal.FormatPRN, refusal.FormatOther, refusal.FormatExchange, refusal.ArchiveMany, refusal.ArchiveEmpty, refusal.ArchiveName,
		refusal.ArchiveNested, refusal.ArchiveDamaged, refusal.ArchiveTooLarge, refusal.WorkbookTooLarge, refusal.SheetDamaged, refusal.SheetUnread,
		refusal.SheetOutside, refusal.SheetNone, refusal.XMLEntity, refusal.EncodingUnknown, refusal.EncodingMixed, refusal.NULByte,
		refusal.ControlCharacter, refusal.QuoteUnbalanced, refusal.QuoteBroken, refusal.DelimiterWide, refusal.FieldTooLong, refusal.RowTooLong,
		refusal.TooManyColumns, refusal.TooManyCells}
}

// noteCodes lists the codes of all that should be known about one.
func noteCodes() []string {
	return []string{refusal.NoteInner, refusal.NoteName, refusal.NoteDialect, refusal.NoteLineEnds, refusal.NoteDamaged, refusal.NoteControl, refusal.NoteRagged, refusal.NoteQuoteMended, refusal.NoteRowDivided,
		refusal.NoteSheetHidden, refusal.NoteSheetEmpty, refusal.NoteSheetOther, refusal.NoteRowsHidden, refusal.NoteColumnHidden, refusal.NoteMerged,
		refusal.NoteFormula, refusal.NoteUncalculated, refusal.NoteErrors, refusal.NoteRounded, refusal.NoteScaled, refusal.NoteDimension}
}
