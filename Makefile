# Two commands: `make run` and `make test`. Everything they need is installed below this folder.
.DEFAULT_GOAL := run
.PHONY: setup run test test-all load mutants lint types imports validate lock browser redis postgres clean

PY := .venv/bin/python
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
# A process of tests for each core; whoever is done takes over from the others. They share one trained model.
SIDE_BY_SIDE := -n logical --maxprocesses 4 --dist worksteal
READY := .venv/ready
READY_DEV := .venv/ready-dev

setup: $(READY)

run: $(READY)
	.venv/bin/lachan run

# One environment from the locks (hash-checked). Rasa is installed alone, without its own pins: docs/rasa-embedded.md
$(READY): requirements/base.txt requirements/rasa.txt requirements/uv.txt .python-version pyproject.toml
	@command -v uv >/dev/null 2>&1 || test -x .tools/bin/uv || { \
	  python3 -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt; }
	$(UV) venv --quiet --clear .venv
	$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements/base.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --ignore-requires-python -r requirements/rasa.txt
	$(UV) pip install --quiet --python $(PY) --no-deps --no-build-isolation -e .
	@touch $@

$(READY_DEV): $(READY) requirements/dev.txt
	$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements/dev.txt
	@touch $@

# Every check: format and lint, types, import rules, content, training data, all tests (real Rasa, app process, Chromium).
test: $(READY_DEV) browser redis postgres lint types imports validate
	$(PY) -m pytest -q $(SIDE_BY_SIDE)

lint: $(READY_DEV)
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .

types: $(READY_DEV)
	.venv/bin/mypy

imports: $(READY_DEV)
	.venv/bin/lint-imports

validate: $(READY_DEV)
	.venv/bin/lachan content check
	.venv/bin/lachan rasa data validate --fail-on-warnings

# A flood of junk tips while true ones arrive (docs/flood.md).
load: $(READY_DEV)
	$(PY) -m tests.load.flood

# Mutation testing of the sealing and the access code, in a copy: tests/mutants.toml. About twenty minutes on two cores.
mutants: $(READY_DEV)
	@rm -rf .mutants && mkdir .mutants
	@git ls-files -z -- '*.py' '*.yml' '*.html' '*.toml' '*.jsonl' '*.css' '*.js' '*.mako' | xargs -0 cp --parents -t .mutants
	@cat tests/mutants.toml >> .mutants/pyproject.toml
	cd .mutants && ../$(PY) -m mutmut run --max-children 2 && ../$(PY) -m mutmut results

test-all: test
	$(PY) -m pytest -q $(SIDE_BY_SIDE) -m slow

# The end-to-end tests drive Debian's Chromium; elsewhere set LACHAN_CHROMIUM to a browser of the Chromium family.
browser:
	@test -n "$$LACHAN_CHROMIUM" || command -v chromium >/dev/null 2>&1 || { \
	  echo "installing Chromium (Debian package)"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }

# The tests of several processes use a real Redis.
redis:
	@command -v redis-server >/dev/null 2>&1 || { \
	  echo "installing Redis (Debian package)"; apt-get update -qq && apt-get install -y -qq redis-server >/dev/null; }

# The same house is tested on a real PostgreSQL.
postgres:
	@command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { \
	  echo "installing PostgreSQL (Debian package)"; apt-get update -qq && apt-get install -y -qq postgresql >/dev/null; }

# After a change of an .in file. --no-emit-index-url: a lock records versions and hashes, no addresses.
lock:
	$(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url requirements/base.in -o requirements/base.txt
	$(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url requirements/dev.in -o requirements/dev.txt
	$(UV) pip compile --quiet --python-version 3.10 --python-platform linux --generate-hashes --no-emit-index-url requirements/stock.in -o requirements/stock.txt
	echo "uv" | $(UV) pip compile --quiet --universal --python-version 3.9 --generate-hashes --no-emit-index-url - -o requirements/uv.txt

clean:
	rm -rf .venv .tools .rasa .mutants
