# make report · make test · make quick · make check · make docs · make lab · make bench
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: report test quick check texts docs lab bench clean

report: $(READY)
	$(BIN)/framing report sample

test: $(READY)
	OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --max-worker-restart 0

quick: $(READY)
	OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --max-worker-restart 0 -m "not kernel and not browser and not slow"

check: $(READY) docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check framing tests benchmarks docs
	$(BIN)/mypy
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --doctest-modules framing
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb
	PYTHONPATH=docs/_ext $(BIN)/python -m reference.docstrings

# Texts for readers: collected from the code into framing.pot, and brought up to date in the file of each language.
texts: $(READY)
	$(BIN)/pybabel -q extract -F babel.cfg --no-default-keywords -k phrase -k phrase_later -k phrase_n:1,2 -k phrase_in:1c,2 \
	  --add-location=file --sort-by-file --omit-header --width=110 -o framing/texts/framing.pot .
	for path in framing/texts/*.po; do \
	  $(BIN)/pybabel -q update -N --ignore-pot-creation-date --ignore-obsolete --width=110 -l $$(basename $$path .po) -i framing/texts/framing.pot -o $$path; \
	done

docs: $(READY)
	$(BIN)/sphinx-build -W --keep-going -q docs docs/_build/html

# Notebooks are worked on in lab/, which git ignores: what reports run does not change. A copy that is there stays.
lab: $(READY)
	@mkdir -p lab
	@for path in notebooks/*.ipynb; do \
	  copy="lab/$${path##*/}"; \
	  if [ ! -e "$$copy" ]; then cp "$$path" "$$copy"; \
	  elif ! cmp -s "$$path" "$$copy"; then echo "$$copy is not $$path any more; it stays (delete it for a new copy)"; fi; \
	done
	$(BIN)/jupyter lab lab

bench: $(READY)
	$(BIN)/python -m benchmarks.all  # hours; each figure alone: python -m benchmarks.<name>

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "framing needs Python 3.11 or newer; try: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

clean:
	rm -rf $(VENV) docs/_build docs/reference .pytest_cache .mypy_cache .ruff_cache .hypothesis
