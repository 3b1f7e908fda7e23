# SPDX-License-Identifier: GPL-3.0-or-later
# The two commands that matter are `make demo` and `make test`; both begin with `make setup`,
# which needs Python 3.11 or newer and its pip, and fetches the rest once.

PYTHON ?= python3
VENV := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)

.PHONY: setup demo gallery bench check style types test tests durations former-releases verify torture letters package \
    release package-check wheel-check advisories translations lock clean architecture

setup:
	@$(PYTHON) packaging/bootstrap.py
	@$(VENV)/python packaging/make_catalogues.py

# Two desks play the whole story at their windows for its pictures, while the demo makes the papers
# and its pages in English; LANGUAGE=sv (or ru) shows them in another language. One to two minutes.
demo: setup
	@$(VENV)/python -m tests.e2e.demo_beside_story \
	    --language $(or $(firstword $(filter sv en ru,$(LANGUAGE))),en)

# The same with every page in each language, light and dark; some minutes. The pictures of the
# manual and of README, too.
gallery: setup
	@$(VENV)/python -m tests.e2e.demo_beside_story --gallery
	@QT_QPA_PLATFORM=offscreen $(VENV)/python packaging/manual/manual_pictures.py build/demo/pages
	@QT_QPA_PLATFORM=offscreen $(VENV)/python packaging/manual/readme_pictures.py build/demo

# Draws docs/pictures/architecture.svg from the import contract; a test compares the two.
architecture: setup
	$(VENV)/python packaging/architecture.py

check: style types

style: setup
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/lint-imports --no-logo

types: setup
	$(VENV)/mypy

# The checks, and all tests but the slow ones and those of tests/costly.txt, which are most of the
# time; COSTLY=1 runs the latter, too. The
# types are checked beside the tests, because that takes a minute of one processor; whichever
# fails, fails the run.
test: style
	@$(MAKE) --no-print-directory --jobs=2 types tests

# Counts every branch of `domain` and `bundle`.
tests: setup
	QT_QPA_PLATFORM=offscreen $(VENV)/python -m pytest -n auto --dist worksteal -m "not slow$(if $(COSTLY),, and not costly)" \
	    --cov=kfdesk.domain --cov=kfdesk.bundle --cov-report=term-missing:skip-covered \
	    --cov-fail-under=100

# Measures what each test takes, at rest, and writes tests/costly.txt anew.
durations: setup
	QT_QPA_PLATFORM=offscreen $(VENV)/python -m pytest -n auto --dist worksteal -m "not slow" \
	    --junit-xml=build/durations.xml --cov=kfdesk.domain --cov=kfdesk.bundle --cov-report=
	$(VENV)/python -m tests.durations build/durations.xml

# Builds the programs of former releases (tests/releases.toml) from the history into build/releases,
# and fetches what they were locked to if it is other than today's. `verify` tries the way from each
# to today's program and back.
former-releases: setup
	$(VENV)/python -m tests.support.releases

# Everything, with keys at their full cost; counts the branches of all rooms. Before a release.
verify: check former-releases
	FULL_COST_KEYS=1 ALL_EXAMPLES=1 CHANCE=any QT_QPA_PLATFORM=offscreen $(VENV)/python -m pytest -n auto \
	    --dist worksteal --trace-all --cov --cov-report=term:skip-covered --cov-fail-under=90
	$(VENV)/coverage report --include='src/kfdesk/domain/*,src/kfdesk/bundle/*' \
	    --show-missing --skip-covered --fail-under=100

# Hurts real desks in many ways; LONG=1 goes on for hours. docs/reliability.md says what is done.
torture: setup
	$(VENV)/python -m tests.torture $(if $(LONG),--long)

# Walks through every page with letters half as large again, and twice as large: some minutes.
letters: setup
	QT_QPA_PLATFORM=offscreen $(VENV)/python -m pytest -q -n auto --all-letters \
	    -k large_letters tests/gui/test_gui_walk.py

# Jobs against their floors; docs/performance.md says what they mean.
bench: setup
	$(VENV)/python -m benchmarks

# The program as one folder, dist/notebook, as an archive and as a Debian package: runs where there
# is no Python and no network. SYSTEM=bookworm builds it in that release of Debian (root,
# debootstrap), for older laptops. PYTHON_ZIP=FILE makes the setup file for Windows of Python's
# "embeddable" folder. KIT=windows-x64 (or another; see packaging/RELEASE.md) makes a kit instead,
# which a Python on that system installs.
package: setup
ifdef SYSTEM
	$(VENV)/python packaging/old_system.py $(SYSTEM)
else ifdef PYTHON_ZIP
	$(VENV)/python packaging/windows_setup.py $(PYTHON_ZIP)
else
	QT_QPA_PLATFORM=offscreen $(VENV)/python packaging/manual/manual_pictures.py
	$(VENV)/python packaging/$(if $(KIT),kits.py $(KIT),build_package.py)
endif

# Installs the wheel into a clean environment as pip does, makes a store and opens the window there;
# PYTHONS="3.12 3.13" tries it on others.
wheel-check: setup
	$(VENV)/python packaging/try_wheel.py $(PYTHONS)

# Builds the program twice, compares, packs the update file and signs everything with the key in the
# file KEY, which lies outside this tree. See packaging/RELEASE.md.
release: setup
	$(VENV)/python packaging/release.py "$(KEY)" $(SYSTEM)

# Reads the built Debian package: the C library that it needs, search paths, sizes, lintian. Then
# installs it on bare systems and plays the demo there, which needs root and debootstrap.
package-check: setup
	$(VENV)/python packaging/check_package.py
	$(VENV)/python -m tests.torture.installed

# Brings the catalogues up to the source, and says where a person must translate.
translations: setup
	$(VENV)/python packaging/extract_messages.py
	$(VENV)/python packaging/make_catalogues.py
	$(VENV)/python packaging/make_review.py
	$(VENV)/python packaging/manual/manual_texts.py

# Renews requirements.lock after a change of pyproject.toml; add UPGRADE=--upgrade for newer parts.
lock: setup
	.tools/bin/uv pip compile --quiet $(UPGRADE) --universal --generate-hashes \
	    --python-version 3.11 --group dev --custom-compile-command "make lock" \
	    --output-file requirements.lock pyproject.toml

# Compares the locked parts with a list of known weaknesses in OSV's format: LIST=FILE, from a stick.
advisories: setup
	$(VENV)/python packaging/advisories.py $(LIST)

clean:
	rm -rf build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -path ./.venv -prune -o -name __pycache__ -prune -exec rm -rf {} +
	find translations -name '*.mo' -delete
