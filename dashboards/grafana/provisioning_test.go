package grafana_test

import (
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestProvisioningNamesWhatTheDashboardsNeed(t *testing.T) {
	var sources struct {
		Datasources []struct {
			UID, Type      string
			JSONData       map[string]any    `yaml:"jsonData"`
			SecureJSONData map[string]string `yaml:"secureJsonData"`
		}
	}
	readYAML(t, "provisioning/datasources/yardstick.yaml", &sources)
	types := map[string]bool{}
	for _, s := range sources.Datasources {
		types[s.Type] = s.UID != ""
		if s.Type == "grafana-clickhouse-datasource" {
			for key, want := range map[string]any{"protocol": "http", "host": "${YARDSTICK_CLICKHOUSE_HOST}", "port": "${YARDSTICK_CLICKHOUSE_PORT}", "username": "${YARDSTICK_CLICKHOUSE_USER}"} {
				if s.JSONData[key] != want {
					t.Errorf("%s is %v, not %v", key, s.JSONData[key], want)
				}
			}
			if s.SecureJSONData["password"] != "${YARDSTICK_CLICKHOUSE_PASSWORD}" || s.JSONData["database"] != nil {
				t.Error("the password must come from the environment, the database under defaultDatabase")
			}
		}
	}
	for _, b := range boards(t, "zh") {
		for _, p := range b.Panels {
			if p.Datasource != nil && !types[p.Datasource.Type] {
				t.Errorf("no data source of type %s is provisioned", p.Datasource.Type)
			}
		}
	}
	var folders struct {
		Providers []struct {
			Folder  string
			Options map[string]string
		}
	}
	readYAML(t, "provisioning/dashboards/yardstick.yaml", &folders)
	if len(folders.Providers) != 1 || folders.Providers[0].Folder != "标尺" || folders.Providers[0].Options["path"] == "" {
		t.Errorf("folders: %+v", folders)
	}
}

func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	content, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(content, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
