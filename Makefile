# Thin names for what the tools do. `tools/setup.sh` comes first on a new machine; ./run and
# ./test do that themselves.
export PATH := $(CURDIR)/.cache/node/bin:$(PATH)
JOBS ?= $(shell nproc)
BUILD = cmake --build build/$(1) -j $(JOBS)

.PHONY: build build-tests web dev test sanitize fuzz soak bench e2e accept new-feature

build: web
	cmake --preset release -DATELIER_TESTS=OFF
	$(call BUILD,release) --target atelier

build-tests: web
	cmake --preset release -DATELIER_TESTS=ON
	$(call BUILD,release)

dev:
	cmake --preset dev
	$(call BUILD,dev)

# What the sanitizers and long runs build: every test binary of one preset.
build-%:
	cmake --preset $* -DATELIER_WEB=OFF
	$(call BUILD,$*)

test:
	./test

sanitize:
	tools/setup.sh test
	python3 tools/suites.py --sanitize

# Every fuzz target for so long, from its kept corpus.
FUZZ_SECONDS ?= 60
fuzz:
	tools/setup.sh fuzz
	cmake --preset fuzz -DATELIER_WEB=OFF
	$(call BUILD,fuzz) --target fuzzers
	python3 tools/fuzz.py --seconds $(FUZZ_SECONDS)

e2e:
	./test e2e

soak:
	tools/setup.sh test
	python3 tools/suites.py --soak

accept:
	./test --accept contract snapshots

bench:
	tools/setup.sh bench
	$(MAKE) build
	python3 bench/run.py $(NAME)

new-feature:
	python3 tools/new_feature.py $(NAME)

# The pages: built again only when one of their files changed.
ifneq ($(wildcard web/package.json),)
WEB_FILES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*')

web: web/dist/index.html

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_FILES)
	cd web && npm run build
	touch $@
else
web:
endif
