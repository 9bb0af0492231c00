# The two commands are `make run` and `make test`; README.md explains all of them.

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
CATALOGUE := locale/zh_Hans/LC_MESSAGES/django
export PYTHONUNBUFFERED := 1

# The first interpreter that is new enough; `make run PYTHON=/path/to/python3.12` names another.
PYTHON ?= $(shell for name in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$name; break; }; done)

SHOTS ?= var/shots

.PHONY: run install test bench qr lint fix messages lock shots clean port-is-free interpreter
.DEFAULT_GOAL := run

## run: install what is needed, then serve at http://127.0.0.1:$(PORT) until Ctrl-C
run: port-is-free install
	@exec $(BIN)/python manage.py up --port $(PORT)

# Said before anything slow begins.
port-is-free: | interpreter
	@$(PYTHON) scripts/check_port.py $(PORT)

## install: the environment in .venv with the locked packages (nothing to do when it is current)
install: $(VENV)/runtime.stamp $(CATALOGUE).mo

## test: everything that can be checked on this machine; REQUIRE_ALL=1 refuses to leave anything out
test: $(VENV)/dev.stamp $(CATALOGUE).mo
	@exec $(BIN)/python scripts/test.py

## bench: exports, the dashboard, the import and the judging (both databases) against their floors, 20 kills
bench: $(VENV)/dev.stamp
	@$(BIN)/python benchmarks/exports.py
	@$(BIN)/python benchmarks/dashboards.py
	@$(BIN)/python benchmarks/run.py $(BENCH)
	@$(BIN)/python benchmarks/assess.py
	@exec $(BIN)/python benchmarks/assess.py --sqlite --communities 600

## qr: 200 phones sign in at one meeting, on a private PostgreSQL
qr: $(VENV)/dev.stamp
	@exec $(BIN)/python benchmarks/qr.py $(QR)

## lint: style, types, import direction, templates, migrations
lint: $(VENV)/dev.stamp
	@exec $(BIN)/python scripts/lint.py

## fix: mend what ruff can mend by itself
fix: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## messages: collect the texts to be translated into locale/ (needs gettext), then compile them
messages: $(VENV)/dev.stamp
	$(BIN)/python manage.py makemessages -l zh_Hans --no-obsolete --no-location --no-wrap \
		-i $(VENV) -i var -i tests -i node_modules
	$(BIN)/python scripts/compile_messages.py

## lock: resolve pyproject.toml anew into requirements/ (UPGRADE=1 takes newer releases)
lock: $(VENV)/dev.stamp
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-strip-extras \
		$(if $(UPGRADE),--upgrade) pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-strip-extras \
		$(if $(UPGRADE),--upgrade) --extra dev -c requirements/runtime.txt \
		pyproject.toml -o requirements/dev.txt

## shots: pictures of every page of a running demo (`make run` elsewhere) in $(SHOTS), and the manual's
shots: $(VENV)/dev.stamp
	@DEMO_PASSWORD=$$(DJANGO_SETTINGS_MODULE=config.settings $(BIN)/python -c 'from assessment.demo import DEMO_PASSWORD as p; print(p)'); \
	export DEMO_PASSWORD; \
	$(BIN)/python manage.py shell --no-imports -c "from scripts import shot_pages; shot_pages.tell()" | \
	$(BIN)/python scripts/shots.py $(SHOTS) --base http://127.0.0.1:$(PORT)
	$(BIN)/python scripts/manual_shots.py --base http://127.0.0.1:$(PORT)

## clean: remove what the tools leave behind; the data in var/ and the environment stay
clean:
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

interpreter:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found." >&2; exit 2; }

$(BIN)/python: | interpreter
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Could not make $(VENV). On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 2; }

# The stamp is touched last, so that an installation that was broken off is done again.
$(VENV)/runtime.stamp: requirements/runtime.txt | $(BIN)/python
	@echo "Installing the locked packages into $(VENV) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/runtime.stamp | $(BIN)/python
	@echo "Installing the locked development packages into $(VENV) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(CATALOGUE).mo: $(wildcard $(CATALOGUE).po) $(VENV)/runtime.stamp
	@$(BIN)/python scripts/compile_messages.py
