# Everything one needs to run the toolkit from a checkout: `make run`, `make test`.
# On a machine where Python 3 has another name or place: make PYTHON=python3.12 run

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test test-quick test-other-browsers test-jupyterlab check browser hub pictures bench bench-opening bench-peers soak torment test-lowest sbom clean

run: .venv/installed
	@echo "Starting the server with a demonstration workshop. Ctrl+C ends it."
	@$(BIN)/nps-workshop serve --demo

test: .venv/installed-for-tests browser hub
	@echo "Checking style, types and the direction of imports."
	@tools/check-script-types
	@tools/check-old-browsers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@echo "Running the tests: more at once than there are cores, because many wait for a server or a browser."
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder
	@echo "Running the notebooks."
	@$(BIN)/pytest -p nbval.plugin --nbval-lax notebooks -p no:cacheprovider

# What needs neither a server nor a browser and takes no seconds each, in about a sixth of the time.
test-quick: .venv/installed-for-tests
	@$(BIN)/pytest -q -n logical --dist worksteal -m "not (server or browser or slow)"

# What phones do in Firefox and WebKit, which are 110 MB to download: `make test` tries them where they are installed.
test-other-browsers: .venv/installed-for-tests
	@NPS_TEST_BROWSERS=all tools/install-test-browser
	@$(BIN)/pytest -m other_browsers

# The notebooks as people open them in JupyterLab, 20 seconds of processor: too dear for each `make test`.
test-jupyterlab: .venv/installed-for-tests
	@$(BIN)/pytest -m jupyterlab

bench: .venv/installed-for-tests
	@echo "Measuring against stock Voila and what bench-peers has installed, about 15 minutes: benchmarks/RESULTS.md."
	@$(BIN)/python -m benchmarks.run

bench-opening: .venv/installed-for-tests
	@echo "What a person waits for a page, ours as it was and now and others, 40 minutes (--quick: 8): benchmarks/OPENING.md."
	@$(BIN)/python -m benchmarks.opening

bench-peers: .venv/installed-for-tests
	@$(BIN)/python -m benchmarks.peers.install

soak: .venv/installed-for-tests
	@echo "Two hours of workshop in ten minutes: benchmarks/SOAK.md."
	@$(BIN)/python -m benchmarks.soak

torment: .venv/installed-for-tests
	@echo "Kills, rubbish, a full disk and a jumping clock while thirty people vote, up to 20 minutes: benchmarks/TORMENT.md."
	@$(BIN)/python -m benchmarks.torment

# The store, the protocol and the charts on the lowest version that pyproject.toml allows of each dependency.
test-lowest:
	@$(PYTHON) -m venv .venv/lowest
	@.venv/lowest/bin/python -m pip install --quiet --disable-pip-version-check packaging
	@.venv/lowest/bin/python tools/lowest_versions.py > .venv/lowest/constraints.txt
	@.venv/lowest/bin/python -m pip install --quiet --disable-pip-version-check -c .venv/lowest/constraints.txt -e ".[test]"
	@.venv/lowest/bin/python tools/lowest_versions.py --check
	@.venv/lowest/bin/python -m pytest -q $(patsubst %,tests/%.py,store/test_record store/test_voting \
	    store/test_database store/test_archive store/test_random_workshops widgets/test_live widgets/test_vote_pad \
	    widgets/test_message_matrix parts/test_frames server/test_connection server/test_kernels report/test_charts)

# What is installed with the toolkit, and under which licences: CycloneDX's own tool, in an environment beside it, so
# that its thirty dependencies stand in nobody's bill.
sbom:
	@$(PYTHON) -m venv .venv/sbom
	@.venv/sbom/bin/python -m pip install --quiet --disable-pip-version-check .
	@$(PYTHON) -m venv .venv/cyclonedx
	@.venv/cyclonedx/bin/python -m pip install --quiet --disable-pip-version-check "cyclonedx-bom>=7.5"
	@mkdir -p dist
	@.venv/cyclonedx/bin/cyclonedx-py environment .venv/sbom/bin/python --pyproject pyproject.toml --short-PURLs \
	    --output-reproducible --output-file dist/sbom.json
	@echo "The bill of materials is dist/sbom.json."

browser:
	@tools/install-test-browser

hub:
	@tools/install-test-hub

# To be looked at after a change of a screen: pictures/ is not committed. Some: tools/make_pictures.py wall vote shown
pictures: .venv/installed-for-tests browser
	@echo "Taking pictures of all states of the three screens, in four sizes: some minutes."
	@$(BIN)/python tools/make_pictures.py

.venv/installed: pyproject.toml
	@echo "Installing the toolkit into .venv (this takes about a minute)."
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing. On Debian: sudo apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/installed-for-tests: pyproject.toml .venv/installed
	@echo "Installing what the tests need into .venv."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $@

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
