# Primus Motor: `make demo` shows it, `make test` checks it.
# Needs python3 (3.11 or newer), and for the tests Node 20; the rest is installed from here.

PYTHON = python3
BIN = .venv/bin
FLASK = $(BIN)/flask --app wsgi

.PHONY: demo test quick lint scripts soak bench scan translations lock clean

demo: export MODE = demo
demo: export INSTANCE = instance/demo
demo: export WITH_WORKER = 1
demo: .venv/runtime ## the app with demo data on 127.0.0.1:8000; PORT=9000 changes the port
	$(FLASK) demo
	$(BIN)/python wsgi.py

test: .venv/tools ## everything: installs what is missing, then linters, scripts and all tests
	sh .ci/install
	$(MAKE) lint scripts
	$(BIN)/python -m pytest -n 2 --dist worksteal

quick: lint scripts ## a minute or so: linters and the tests without browser and PostgreSQL
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not browser and not postgres and not slow"

lint: .venv/tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet

scripts: ## what the phone runs, without a browser
	@set -- tests/scripts/*.test.js; if [ -e "$$1" ]; then node --test "$$@"; fi

bench: .venv/tools ## one table: ours, the floor, the ratio, the budget
	sh .ci/install valgrind
	$(BIN)/python -m tests.bench

soak: .venv/tools ## long: 50,000 requests with flat memory, the random tests and kills in full, mutations
	$(BIN)/python -m tests.bench.soak
	SOAK=1 $(BIN)/python -m pytest -n 2 tests/web/test_form_properties.py \
	  tests/domain/test_turns_machine.py tests/domain/test_closures_machine.py \
	  tests/domain/test_vault_cells.py
	SOAK=1 $(BIN)/python -m pytest -n 2 --dist worksteal \
	  tests/custody/test_kills.py tests/domain/test_erasure_kills.py
	$(BIN)/python -m tests.house.mutations
	SOAK=1 $(BIN)/python -m pytest -n 2 tests/year
	SOAK=1 $(BIN)/python -m pytest -n 2 --dist worksteal tests/faults/test_journeys.py

scan: .venv/tools .venv-scan/scan/made .venv-scan/wapiti/made ## ten minutes: other people's scanners
	sh .ci/install sqlmap
	$(BIN)/python -m tests.scan

translations: .venv/tools ## the app's sentences into the English catalogue; new ones come empty
	$(BIN)/pybabel --quiet extract -F translations/babel.cfg -k say -k mark --sort-by-file \
	  --add-location=file -o .venv/messages.pot app templates
	$(BIN)/pybabel --quiet update -i .venv/messages.pot -d translations -l en \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

lock: .venv/tools ## writes both lock files again from pyproject.toml
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --group pyproject.toml:test -c requirements.lock -o tests/requirements.lock
	$(LOCK) --group pyproject.toml:scan --no-strip-extras -o tests/scan/requirements.lock
	$(LOCK) --group pyproject.toml:wapiti -o tests/scan/wapiti.lock
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url

clean: ## all that was made from here, but never instance/ itself: it may hold real data
	rm -rf .venv .venv-scan instance/demo instance/scan tests/node/node_modules test-results
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# A stamp per lock file: installed again when the lock is newer.

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv

.venv/runtime: .venv/bin/python requirements.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	touch $@

.venv/tools: .venv/runtime tests/requirements.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock -r tests/requirements.lock
	touch $@

# The scanners want other versions of what the app stands on, and of what each other does.

.venv-scan/scan/made: tests/scan/requirements.lock
.venv-scan/wapiti/made: tests/scan/wapiti.lock
.venv-scan/%/made:
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --require-hashes -r $<
	touch $@
