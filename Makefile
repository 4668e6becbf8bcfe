# Everything runs in .venv, made from uv.lock by uv; uv itself comes from pip, into its own folder.
UV_HOME := .venv-uv
UV      := $(UV_HOME)/bin/uv
PYTHON  ?= python3
RUN     := .venv/bin
# The peers of newsqa are heavy, and nothing but measuring needs them: they have a folder of their own.
PEERS   := .venv-bench
# Extras to install beside, such as EXTRAS="--extra ray"; tests that need others are skipped.
EXTRAS  ?=
# Of its own for other extras, so that those that are asked for are there, and only those.
STAMP   := .venv/.synced$(subst $() ,,$(EXTRAS))

.PHONY: demo test lint types docs bench eval clean

$(UV):
	$(PYTHON) -m venv $(UV_HOME)
	$(UV_HOME)/bin/python -m pip install --quiet --disable-pip-version-check uv

$(STAMP): pyproject.toml uv.lock | $(UV)
	$(UV) sync --quiet --locked $(EXTRAS) --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	@rm -f .venv/.synced*
	@touch $(STAMP)

demo: $(STAMP)  ## check samples/ and leave a report
	$(RUN)/newsqa check samples/broken --now 2026-01-01 --max-shown 1 --exit-zero
	$(RUN)/newsqa check samples/clean --now 2026-01-01 --no-report
	@echo "open reports/newsqa.html"

test: lint types  ## everything that must hold
	$(RUN)/pytest -n auto --dist loadfile -q

lint: $(STAMP)  ## ruff, and formatting
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .

types: $(STAMP)  ## mypy, strict on newsqa/
	$(RUN)/mypy

clean:  ## remove what make made
	rm -rf .venv $(PEERS) $(UV_HOME) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

docs: $(STAMP)  ## write what is generated: the rules and the configuration's schema
	$(RUN)/newsqa rules docs docs/rules.md
	$(RUN)/newsqa config schema > docs/newsqa.schema.json
	$(RUN)/python -m newsqa.suites.page docs/suites.md

$(PEERS)/.synced: pyproject.toml uv.lock | $(UV)
	UV_PROJECT_ENVIRONMENT=$(PEERS) $(UV) sync --quiet --locked --no-dev --group bench \
		--python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	@touch $@

bench: $(PEERS)/.synced  ## what a check costs, as ratios to a unit, beside what its peers cost
	$(PEERS)/bin/python bench/run.py $(BENCH)
	$(PEERS)/bin/python bench/suites.py

eval: $(STAMP)  ## measure on labelled real data, where it is present
	$(RUN)/python bench/scoreboard.py --write docs/quality.md
