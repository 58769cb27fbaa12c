# make demo         set up and run the app on the bundled clip (without a display: write the annotated video)
# make test         set up and run all tests
# make lint         ruff, mypy, import-linter
# make bench        measure on this machine and write BENCHMARKS.md
# make screenshots  pictures of the real window for the README
# make translations update the Chinese texts from the sources
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= demo-output
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test lint bench screenshots translations clean

demo: $(VENV)/.app
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
	  $(BIN)/detector-app assets/demo.mp4; \
	else \
	  $(BIN)/detector-app run assets/demo.mp4 --save video,jsonl,sheet --out $(OUT) --overwrite && \
	  printf 'No display here, so the clip was written with its boxes:\n  annotated video  %s\n  JSON lines       %s\n  contact sheet    %s\n' \
	    $(OUT)/demo.mp4 $(OUT)/demo.jsonl $(OUT)/demo.sheet.png; \
	fi

test: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not xcb"
	QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1920x1080x24" $(BIN)/python -m pytest -m xcb

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test
	$(BIN)/python -m tests.benchmarks

screenshots: $(VENV)/.test
	xvfb-run -a -s "-screen 0 1920x1080x24" $(BIN)/python assets/screenshots.py
	xvfb-run -a -s "-screen 0 1920x1080x24" $(BIN)/python assets/inside_screenshots.py

translations: $(VENV)/.app
	$(BIN)/python -m detector_app.ui.i18n

$(BIN)/python:
	.ci/packages app
	$(PYTHON) -m venv $(VENV)

$(VENV)/.app: pyproject.toml constraints.txt | $(BIN)/python
	.ci/packages app
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(BIN)/python
	.ci/packages test
	$(PIP) --editable ".[train,test]"
	@touch $@ $(VENV)/.app

clean:
	rm -rf $(VENV) $(OUT)
