package engine

import (
	_ "embed"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The configuration, in which %s is the path of the users' file.
var (
	//go:embed config.xml
	configXML string
	//go:embed users.xml
	usersXML []byte
)

// writeConfig puts the two files where the engine reads them at start.
func writeConfig(dir string) (string, error) {
	users, main := filepath.Join(dir, "users.xml"), filepath.Join(dir, "config.xml")
	if strings.ContainsAny(users, "<>&") {
		return "", fmt.Errorf("%s: %s", dir, say("临时目录名含有不能使用的字符", "the temporary folder's name has characters that cannot be used"))
	}
	if err := os.WriteFile(users, usersXML, 0o600); err != nil {
		return "", err
	}
	return main, os.WriteFile(main, fmt.Appendf(nil, configXML, users), 0o600)
}

// settings are ClickHouse settings by name.
type settings map[string]string

// baseline is what every connection relies on, whatever the build's defaults.
func baseline(maxMemory uint64) settings {
	return settings{
		// This build inserts asynchronously unless told otherwise.
		"async_insert": "0",
		// A missing figure must not become a zero.
		"insert_null_as_default":       "0",
		"input_format_null_as_default": "0",
		"max_memory_usage":             strconv.FormatUint(maxMemory, 10),
		// Functions that look into the process, on by default in this build.
		"allow_introspection_functions": "0",
		// `1+1` is not a statement.
		"implicit_select": "0",
		// Rows to insert come through files in memory whose names repeat:
		// nothing may be remembered about a name.
		"schema_inference_use_cache_for_file": "0",
		"storage_file_read_method":            "pread",
		// Its timers send signals to every thread, Go's among them.
		"query_profiler_real_time_period_ns": "0",
		"query_profiler_cpu_time_period_ns":  "0",
	}
}

// set writes the settings as one SET statement, in the order of their names.
func (s settings) set() string {
	parts := make([]string, 0, len(s))
	for _, name := range slices.Sorted(maps.Keys(s)) {
		parts = append(parts, name+" = "+quote(s[name]))
	}
	return "SET " + strings.Join(parts, ", ")
}

// reset writes the SET statement that undoes list: back to the connection's own
// value where there is one, else to the engine's default.
func (s settings) reset(list []param) string {
	parts := make([]string, 0, len(list))
	for _, p := range list {
		if own, ok := s[p.name]; ok {
			parts = append(parts, p.name+" = "+quote(own))
		} else {
			parts = append(parts, p.name+" = DEFAULT")
		}
	}
	return "SET " + strings.Join(parts, ", ")
}
