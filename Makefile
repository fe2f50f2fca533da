# Yardstick (标尺). `make help` lists the targets.
SHELL := bash
.DEFAULT_GOAL := help
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LISTEN ?= 127.0.0.1:8080
DATA ?= data
ENGINE := .engine/libchdb.so
BASE ?= 300db94

.PHONY: help run build engine tools test unit lint same upgrade long fmt bench fuzz generate assets clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: engine build ## fetch the engine, build, load the sample feeds, serve the board
	bin/yardstick serve --demo --listen $(LISTEN) --data $(DATA)

build: ## bin/yardstick
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X yardstick/cmd/yardstick/app.version=$(VERSION)' -o bin/yardstick ./cmd/yardstick

engine: ## fetch the pinned ClickHouse engine and check it
	@scripts/engine.sh

tools: ## install what the tests need (Debian: prometheus, alertmanager, chromium, sshd, fonts; axe-core)
	@scripts/tools.sh
	@scripts/axe.sh

test: engine tools lint ## everything: vet, lint, all tests with the race detector
	go test -race -timeout 60m ./...

unit: engine ## all tests without the race detector, for a quick look
	go test ./...

lint: ## gofmt, go vet, golangci-lint, no code that nothing reaches
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	go vet ./...
	go vet -tags same ./scripts/...
	go tool -modfile=scripts/lint/go.mod golangci-lint run ./...
	@left="$$(go tool deadcode ./...)" && test -z "$$left" || { echo "$$left" >&2; exit 1; }

same: engine ## compare what the demonstration says with BASE's: make same BASE=<commit>; what is meant to differ stands in same.allow
	@mkdir -p bin
	BASE=$(BASE) REPORT=$(CURDIR)/bin/same.txt go test -v -tags same -count=1 -timeout 5h ./scripts/same

long: engine ## what takes longer than make test may: fuzzing, 100,000 made-up tables, an upgrade killed 200 times, make same; commit first, then what it writes to docs/long
	scripts/long.sh $(BASE) $(SEED)

upgrade: engine ## kill first starts on a store that BASE filled, KILLS times (default 200), and compare: make upgrade BASE=<commit>
	UPGRADE_BASE=$(BASE) UPGRADE_KILLS=$(or $(KILLS),200) UPGRADE_SEED=$(SEED) go test ./scripts/upgrade -run TestNoKilledUpgradeLosesAnything -count=1 -timeout 3h -v

fmt: ## gofmt everything
	gofmt -w .

bench: engine ## benchmarks that print a ratio against something run beside them
	go test -run '^$$' -bench . -benchtime 1x ./...
	go run ./schema/engine/bench

fuzz: ## fuzz the readers, FUZZTIME each (default 1m)
	scripts/fuzz.sh $(or $(FUZZTIME),1m)

generate: ## write the generated files anew (samples, dashboards)
	go generate ./...

assets: ## bundle the charts' library anew (dashboards/web/assets/echarts.js) from the versions locked in scripts/echarts
	cd scripts/echarts && npm ci --ignore-scripts && node build.mjs

clean: ## remove what was built (not the data, not the engine)
	rm -rf bin
