PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
WORKERS ?= auto
POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/zhaoxian
ROOMS := $(shell find accounts campaigns cms foundation portal recruitment -name apps.py -printf '%h\n' 2>/dev/null)
TYPED_ROOMS := $(filter-out foundation,$(ROOMS))
TYPED := rulebook foundation $(wildcard $(foreach part,domain.py domain queries.py queries policies.py,\
	$(addsuffix /$(part),$(TYPED_ROOMS))))
TEMPLATES := $(wildcard */templates */*/templates)

.DEFAULT_GOAL := help
.PHONY: help run run-tls passwords demo test test-postgres test-e2e lint format types messages bench docs env env-dev

help: ## list what there is to make
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

env:
	@$(PYTHON) config/install.py requirements.txt

env-dev:
	@$(PYTHON) config/install.py requirements.txt requirements-dev.txt

run: env ## set up what is missing and run everything (HOST, PORT and DATA_DIR may be set)
	@exec $(MANAGE) serve

run-tls: env ## the same over HTTPS in the local network, for passkeys and cameras on a telephone
	@exec $(MANAGE) serve --tls

passwords: env ## show the demo accounts' passwords and one-time codes (RESET=1 makes new ones)
	@$(MANAGE) passwords $(if $(RESET),--reset)

demo: env ## make the demo county (ARGS="--stage hired --scale large")
	@$(MANAGE) migrate --verbosity 0 && $(MANAGE) createcachetable && $(MANAGE) demo $(ARGS)

test: env-dev ## run all tests this machine has the servers for, on SQLite
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

test-postgres: env-dev ## run the tests on PostgreSQL (POSTGRES_URL)
	DATABASE_URL=$(POSTGRES_URL) $(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not e2e" $(ARGS)

test-e2e: env-dev ## run the browser tests
	$(BIN)/pytest -n 0 -m e2e $(ARGS)

lint: env-dev ## check style, templates and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet $(TEMPLATES)
	$(BIN)/lint-imports

format: env-dev ## put code into form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: env-dev ## check types of the rule book, foundation, and every room's verbs, reads and policies
	$(BIN)/mypy $(TYPED)

messages: env-dev ## collect new texts into the catalogues (needs gettext) and say what is not translated
	@mkdir -p $(addsuffix /locale,$(ROOMS))
	$(MANAGE) makemessages -l zh_Hans --no-obsolete --add-location file --ignore tests --ignore var
	$(MANAGE) compile_mo
	$(MANAGE) check_messages

bench: env-dev ## measure, as described in benchmarks/
	@for script in benchmarks/[a-z]*.py; do $(BIN)/python -m "benchmarks.$$(basename "$$script" .py)"; done

docs: env-dev ## build the documentation into site/
	$(BIN)/mkdocs build --strict --quiet
