# The project's commands; `make help` lists them. They need Python 3.11 and nothing else.
#
# Name the interpreter where it is not found: make demo PYTHON=/path/to/python3.11
# Hand arguments over to pytest:              make test PYTEST_ARGS="tests/manifest -k hashtag"
# Run tests one after the other:              make test PYTEST_WORKERS=0

VENV = .venv
BIN = $(VENV)/bin
# A second environment, without MXNet and with today's numpy.
ENGINES = .venv-engines
DOCS = build/docs
RECEIPTS = build/demo-receipts
PYTHON = python3.11 python3 python
PYTEST_ARGS =
PYTEST_WORKERS = 2
CHROMIUM = /usr/bin/chromium
LATEXMK = latexmk

export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help demo docs test lint clean
.DEFAULT_GOAL = help

help:
	@echo "make demo   verify the demo zoo, and build the documentation that shows the result"
	@echo "make docs   build the documentation into $(DOCS)"
	@echo "make test   run all tests"
	@echo "make lint   check the code: ruff, mypy, import-linter"
	@echo "make clean  remove what these commands made, the environment $(VENV) too"

demo: $(VENV)/.demo
	$(BIN)/verify-zoo --demo --tier full --receipts $(RECEIPTS)
	@$(MAKE) --no-print-directory docs
	@echo
	@echo "The demo zoo, its numbers verified:  file://$(CURDIR)/$(DOCS)/zoo/demo.html"
	@echo "GluonCV's zoo, its numbers claimed:  file://$(CURDIR)/$(DOCS)/zoo/action_recognition.html"
	@echo "The documentation begins at:         file://$(CURDIR)/$(DOCS)/index.html"

docs: $(VENV)/.demo
	$(BIN)/sphinx-build -q -W -n --keep-going -b html -d build/doctrees docs $(DOCS)

# Tests that need Chromium or LaTeX are left out where it is not installed, and named at the end.
test: $(VENV)/.test $(ENGINES)/.test
	@without=; marks=; \
	command -v $(CHROMIUM) >/dev/null || { \
	    without="$$without chromium (no $(CHROMIUM))"; marks="not chromium"; }; \
	command -v $(LATEXMK) >/dev/null || { \
	    without="$$without latex (no $(LATEXMK))"; marks="$${marks:+$$marks and }not latex"; }; \
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile -m "$$marks" $(PYTEST_ARGS) \
	    </dev/null; status=$$?; \
	test -z "$$without" || echo "Left out are the tests marked:$$without"; \
	exit $$status

lint: $(VENV)/.test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) $(ENGINES) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# The environments. A stamp stands for what is installed; pyproject.toml's changes make it anew.
DEMO_EXTRAS = mxnet,docs
TEST_EXTRAS = mxnet,onnxruntime,mnn,cluster,docs,test
ENGINES_EXTRAS = onnxruntime,mnn
RIGHT = import sys; sys.exit(sys.version_info[:2] != (3, 11))

$(VENV)/.demo: pyproject.toml
	@$(BIN)/python -c 'import pip; $(RIGHT)' 2>/dev/null || { \
	    for python in $(PYTHON) none; do \
	        "$$python" -c '$(RIGHT)' 2>/dev/null && break; \
	    done; \
	    test "$$python" != none || { \
	        echo "make: Python 3.11 is needed, and none of these is it: $(PYTHON)." >&2; \
	        echo "Install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }; \
	    echo "Making the environment $(VENV)"; \
	    "$$python" -m venv --clear $(VENV) || { \
	        echo "make: the environment cannot be made; on Debian, install python3-venv." >&2; \
	        exit 1; }; \
	}
	@$(call install,$(VENV),$(DEMO_EXTRAS))

$(VENV)/.test: $(VENV)/.demo
	@$(call install,$(VENV),$(TEST_EXTRAS))

# Where tests show that converted networks need MXNet no longer.
$(ENGINES)/.test: $(VENV)/.demo
	@$(BIN)/python -m venv --clear $(ENGINES)
	@$(call install,$(ENGINES),$(ENGINES_EXTRAS))

install = echo "Installing .[$(2)] into $(1), which takes a minute or two"; \
	$(1)/bin/python -m pip install -qq --editable '.[$(2)]' || { \
	    echo "make: pip could not install the packages; its message is above." >&2; \
	    exit 1; }; \
	touch $@
