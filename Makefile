# The verbs of the course. `make` alone lists them.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
BIN := $(VENV)/bin
# compare strictly what notebooks print, but not where a figure's lines run: see the file
NBVAL := --nbval --nbval-current-env --nbval-sanitize-with course/kernel/nbval_sanitize.cfg -n auto
# what an author may break with a lesson, an assignment or a page, without executing anything
RULES := tests/test_*.py tests/authoring/test_lesson_rules.py tests/website/test_check.py tests/assignments/test_masters.py

.PHONY: help setup book serve data sync assignments sandbox browser test quick coverage test-again test-twice lint lock lighthouse test-tensorflow test-nbgrader bench bench-page bench-course clean
.DEFAULT_GOAL := help

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/installed ## create the virtual environment and install the lock

$(VENV)/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Python %d.%d found; the course needs 3.11, 3.12 or 3.13. Name one with: make PYTHON=python3.12" % sys.version_info[:2])'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo 'Python cannot make virtual environments here. On Debian and Ubuntu: apt-get install python3-venv'; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install $(if $(CI),--quiet) --disable-pip-version-check --requirement requirements.lock
	@touch $@

book: setup ## build the site from the stored outputs into _build/html
	@$(BIN)/python -m website.build

serve: ## serve the built site on this machine only: make serve PORT=8000
	@test -f _build/html/index.html || { echo 'There is no site yet: run make book first.'; exit 1; }
	@echo 'Open http://127.0.0.1:$(PORT)/ and stop with Ctrl-C.'
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

data: setup ## get Fashion-MNIST into .keras, checked
	@$(BIN)/python -m authoring.fetch_data

sync: data ## bring text and notebooks together: LESSON=01-sigmoid, FORCE=1, KEEP=book or notebooks
	@$(BIN)/python -m authoring.sync $(LESSON) $(if $(FORCE),--force) $(if $(KEEP),--keep $(KEEP))

assignments: data ## make student versions, solutions and nbgrader's sources: ASSIGNMENT=a1
	@$(BIN)/python -m authoring.masters $(ASSIGNMENT)

sandbox: setup ## find bubblewrap, in which submissions are graded, or install it if this user may
	@$(BIN)/python -m grading.sandbox.install

lint: setup ## check style and spelling of code and prose
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell

browser: setup ## find Chromium, Firefox and WebKit for the tests, or install them: CHROMIUM=/path/to/it
	@$(BIN)/python -m website.browser

test: setup data book sandbox browser lint ## build the site, then prove all of it: rules, tools, and every notebook re-executed
	$(BIN)/pytest tests notebooks $(NBVAL)

quick: setup data book lint ## after an edit, in a minute: the rules of texts and pages, and one notebook with LESSON=01-sigmoid
	$(BIN)/pytest $(RULES) -n auto -m 'not slow'
	$(if $(LESSON),$(BIN)/pytest notebooks/$(LESSON).ipynb $(NBVAL))

coverage: setup data book sandbox browser ## run all tests but the notebooks and say which lines none of them reaches
	$(BIN)/pytest tests -n auto --cov

test-again: setup data book sandbox browser ## run what depends on time N times while all processors are busy: N=20, TESTS=tests/grading
	@$(BIN)/python tests/again.py --times $(or $(N),10) $(or $(TESTS),tests/grading tests/browser)

test-twice: setup data sandbox ## run each lesson's cells again and again, read-only home, no network, ten minutes: LESSON=01-sigmoid
	$(BIN)/pytest tests/notebooks/as_a_learner.py -n auto $(if $(LESSON),-k $(LESSON))

lock: setup ## resolve requirements.txt into requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --custom-compile-command 'make lock' requirements.txt --output-file requirements.lock

lighthouse: book browser ## measure every page on a phone and a laptop, half an hour: RUNS=1, PAGES=search.html
	@$(BIN)/python -m website.lighthouse $(if $(RUNS),--runs $(RUNS)) $(if $(PAGES),--pages $(PAGES))

test-tensorflow: data ## run the notebooks on another TensorFlow: VERSION=2.19, or VERSION=newest
	@$(BIN)/python -m authoring.other_tensorflow $(or $(VERSION),$(error say which one: make test-tensorflow VERSION=2.19)) -- $(NBVAL)

test-nbgrader: setup ## let nbgrader itself release, validate and grade the assignments: ASSIGNMENT=a1
	@$(BIN)/python -m authoring.nbgrader_course $(ASSIGNMENT)

bench: data ## time softmax regression side by side, about 40 minutes, continues after Ctrl-C: MINUTES=3, FRESH=1
	@$(BIN)/python -m benchmarks.bench $(if $(MINUTES),--minutes $(MINUTES)) $(if $(FRESH),--fresh)

bench-page: setup ## write the page of the benchmark again from benchmarks/results.json
	@$(BIN)/python -m benchmarks.page

bench-course: data ## measure time and memory of each notebook's test and of the build
	@$(BIN)/python -m benchmarks.course_cost -- $(NBVAL)

clean: ## delete what was built; the environment and the data stay
	rm -rf _build .cache .pytest_cache .ruff_cache .coverage
