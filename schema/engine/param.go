package engine

// param is one name and its value.
type param struct{ name, value string }
