package grafana

// The parts of Grafana's dashboard model that are used, as schemaVersion 37
// has them: Grafana 9.4 reads it as it is, newer ones migrate it.

type dashboard struct {
	UID           string    `json:"uid"`
	Title         string    `json:"title"`
	Description   string    `json:"description"`
	Tags          []string  `json:"tags"`
	SchemaVersion int       `json:"schemaVersion"`
	Version       int       `json:"version"`
	Editable      bool      `json:"editable"`
	GraphTooltip  int       `json:"graphTooltip"`
	Timezone      string    `json:"timezone"`
	Refresh       string    `json:"refresh"`
	Time          timeRange `json:"time"`
	Links         []link    `json:"links"`
	Templating    struct {
		List []variable `json:"list"`
	} `json:"templating"`
	Annotations struct {
		List []annotation `json:"list"`
	} `json:"annotations"`
	Panels []*panel `json:"panels"`
}

type timeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// annotation marks moments on the time axis of every chart.
type annotation struct {
	Name       string `json:"name"`
	Datasource source `json:"datasource"`
	Enable     bool   `json:"enable"`
	Hide       bool   `json:"hide"`
	IconColor  string `json:"iconColor"`
	Target     target `json:"target"`
}

type link struct {
	Title       string   `json:"title"`
	Type        string   `json:"type,omitempty"`
	Icon        string   `json:"icon,omitempty"`
	URL         string   `json:"url"`
	KeepTime    bool     `json:"keepTime,omitempty"`
	IncludeVars bool     `json:"includeVars,omitempty"`
	TargetBlank bool     `json:"targetBlank,omitempty"`
	Tags        []string `json:"tags,omitempty"`
}

type variable struct {
	Name        string     `json:"name"`
	Label       string     `json:"label"`
	Type        string     `json:"type"`
	Hide        int        `json:"hide"`
	Datasource  *source    `json:"datasource,omitempty"`
	Query       string     `json:"query"`
	Definition  string     `json:"definition,omitempty"`
	Refresh     int        `json:"refresh,omitempty"`
	Multi       bool       `json:"multi"`
	IncludeAll  bool       `json:"includeAll"`
	Current     *selection `json:"current,omitempty"`
	Options     []any      `json:"options"`
	SkipURLSync bool       `json:"skipUrlSync"`
}

type selection struct {
	Selected bool `json:"selected"`
	Text     any  `json:"text"`
	Value    any  `json:"value"`
}

type source struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

type grid struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

type panel struct {
	ID              int              `json:"id"`
	Type            string           `json:"type"`
	Title           string           `json:"title"`
	Description     string           `json:"description"`
	Transparent     bool             `json:"transparent,omitempty"`
	GridPos         grid             `json:"gridPos"`
	Datasource      *source          `json:"datasource,omitempty"`
	Targets         []target         `json:"targets,omitempty"`
	FieldConfig     *fieldConfig     `json:"fieldConfig,omitempty"`
	Options         map[string]any   `json:"options"`
	Transformations []transformation `json:"transformations,omitempty"`
	Repeat          string           `json:"repeat,omitempty"`
	RepeatDirection string           `json:"repeatDirection,omitempty"`
	MaxPerRow       int              `json:"maxPerRow,omitempty"`
}

// target is one query; a Prometheus one has Expr, a ClickHouse one RawSQL.
type target struct {
	RefID        string `json:"refId"`
	Datasource   source `json:"datasource"`
	Expr         string `json:"expr,omitempty"`
	LegendFormat string `json:"legendFormat,omitempty"`
	Instant      bool   `json:"instant,omitempty"`
	Range        *bool  `json:"range,omitempty"`
	// PluginVersion tells the plugin that the query needs no migration.
	PluginVersion string `json:"pluginVersion,omitempty"`
	EditorType    string `json:"editorType,omitempty"`
	EditorMode    string `json:"editorMode,omitempty"`
	QueryType     string `json:"queryType,omitempty"`
	// Format is "table" or "time_series" for Prometheus, 1 or 0 for ClickHouse.
	Format any    `json:"format"`
	RawSQL string `json:"rawSql,omitempty"`
}

type fieldConfig struct {
	Defaults  field      `json:"defaults"`
	Overrides []override `json:"overrides"`
}

type field struct {
	Unit       string         `json:"unit,omitempty"`
	Decimals   *int           `json:"decimals,omitempty"`
	Min        *float64       `json:"min,omitempty"`
	NoValue    string         `json:"noValue,omitempty"`
	Color      *color         `json:"color,omitempty"`
	Mappings   []mapping      `json:"mappings"`
	Thresholds *thresholds    `json:"thresholds,omitempty"`
	Custom     map[string]any `json:"custom,omitempty"`
}

type color struct {
	Mode       string `json:"mode"`
	FixedColor string `json:"fixedColor,omitempty"`
}

type mapping struct {
	Type    string         `json:"type"`
	Options map[string]any `json:"options"`
}

type mapped struct {
	Text  string `json:"text"`
	Color string `json:"color"`
	Index int    `json:"index"`
}

type thresholds struct {
	Mode  string `json:"mode"`
	Steps []step `json:"steps"`
}

type step struct {
	Color string   `json:"color"`
	Value *float64 `json:"value"`
}

type override struct {
	Matcher    matcher    `json:"matcher"`
	Properties []property `json:"properties"`
}

type matcher struct {
	ID      string `json:"id"`
	Options string `json:"options"`
}

type property struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

type transformation struct {
	ID      string         `json:"id"`
	Options map[string]any `json:"options"`
}
