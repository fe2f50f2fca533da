package words

// Check reads the whole catalogue and says what is wrong with it.
func Check() error {
	_, err := catalogue()
	return err
}
