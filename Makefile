# MMS: every common task by one word. `make help` explains; each target is a line into package.json or dist.
.DEFAULT_GOAL := help
.PHONY: help setup run serve node test check costs power-loss engines fuzz sim sim-mutants recovery chaos dashboards monitoring-check bench bench-cluster bench-micro native image-check clean

# npm puts the Node 24 of the devDependencies in front of an older system one.
MMS = npx --no-install mms

COSTS = npx --no-install esbuild 'src/**/*.ts' 'tests/kinds/costs/*.ts' --outbase=. --outdir=build/costs --format=esm --platform=node \
  --log-level=warning && ln -sfn ../../config build/costs/config && \
  npx --no-install node --expose-gc build/costs/tests/kinds/costs/main.js

SIM = npx --no-install esbuild tests/sim/main.ts --bundle --platform=node --format=esm --packages=external \
  --log-level=warning --outfile=build/sim/main.js && npx --no-install node build/sim/main.js

RECOVERY = npx --no-install esbuild tests/recovery/main.ts --bundle --platform=node --format=esm \
  --packages=external --log-level=warning --outfile=build/recovery/main.js && \
  npx --no-install node build/recovery/main.js

CHAOS = npm run --silent build && npx --no-install esbuild tests/chaos/main.ts --bundle --platform=node --format=esm --packages=external \
  --log-level=warning --outfile=build/chaos/main.js && npx --no-install node build/chaos/main.js

# The service as it was built, with the bench's kind among its own.
CLUSTER = npx --no-install esbuild --bundle --packages=external --format=esm --platform=node \
  --target=node22.13 --log-level=warning

DASHBOARDS = npx --no-install esbuild monitoring/dashboards/main.ts --bundle --platform=node --format=esm --packages=external \
  --log-level=warning --outfile=build/dashboards.js && npx --no-install node build/dashboards.js

FUZZ = npx --no-install esbuild 'src/**/*.ts' 'tests/fuzz/*.ts' 'tests/support/wire-arbitraries.ts' 'tests/support/plant.ts' --outbase=. \
  --outdir=build/fuzz --format=esm --platform=node --log-level=warning && ln -sfn ../../config build/fuzz/config && \
  npx --no-install node build/fuzz/tests/fuzz/main.js

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: node_modules/.setup ## install the packages and build dist

node_modules/.setup: package-lock.json
	npm ci
	@touch $@

run: setup ## simulate a market maker and draw the report (ARGS="--seed 7 --strategy fixed" adds flags)
	$(MMS) run $(ARGS)

serve: setup ## start the HTTP service, the router and one local node
	$(MMS) serve $(ARGS)

node: setup ## add this machine as a node (ROUTER=tcp://host:port, as `make serve` prints it)
	$(MMS) node --router $(ROUTER) $(ARGS)

test: setup ## types, lint, layers and every test; needs redis-server, nats-server, chromium and prometheus from Debian
	npm test --silent

check: setup ## types, lint and layers only: fast
	npm run --silent check

power-loss: setup ## 3,000 crash images of the store, and some of stores that sync less; make test takes few
	POWER_LOSS_IMAGES=3000 npx --no-install vitest run tests/store/power-loss.test.ts

engines: setup ## the same hashes under Node 22, 24 and 26 (fetched from the npm registry once); part of make test
	npm run --silent engines

fuzz: setup ## 2 million damaged inputs per decoder, some half an hour on two cores (ARGS="--only http --seed 7" replays one; --mutants plants bugs)
	$(FUZZ) $(ARGS)

costs: setup ## what every kind says that a job costs beside what it takes (ARGS="--only heston")
	$(COSTS) $(ARGS)

sim: setup ## 120,000 seeded schedules of faults through the real router and nodes, hall and clients (ARGS="--seed 7" replays one)
	$(SIM) $(ARGS)

sim-mutants: setup ## plants a bug at a time in the protocol; the simulator must find each
	$(SIM) --mutants $(ARGS)

recovery: setup ## simulates known parameters and fits them again: the coverage of every calibrator's intervals, 400 seeds
	$(RECOVERY) $(ARGS)

chaos: setup ## kills, stops, fills, cuts and floods real processes, row by row (ARGS="--only R3", "--list")
	$(CHAOS) $(ARGS)

dashboards: setup ## write the files of the Grafana dashboards from monitoring/dashboards
	$(DASHBOARDS)

monitoring-check: setup ## alert rules and their tests by promtool; every query on a Prometheus that scrapes a live service under faults
	npx --no-install vitest run tests/monitoring

bench: setup ## our programs beside their C++ twins and other books, as ratios; a miss fails (ARGS="--only deep")
	$(MAKE) -C native-bench bench ARGS="$(ARGS)"

bench-cluster: setup ## the service and its nodes beside BullMQ on redis-server, as ratios (ARGS="--only idle")
	@rm -rf build/cluster && mkdir -p build/cluster && cp -r dist config package.json build/cluster
	@$(CLUSTER) --outdir=build/cluster/dist/kinds/walk tests/bench/cluster/kinds/walk/*.ts
	@$(CLUSTER) --outdir=build/cluster/bench tests/bench/cluster/*.ts
	npx --no-install node build/cluster/bench/run.js $(ARGS)

bench-micro: setup ## single operations by tinybench, as a guide
	$(MAKE) -C native-bench bench-micro

native: ## build the C++ twins: shared vectors, workload, simulations, 5 million random commands
	$(MAKE) -C native-bench check differential

image-check: setup ## every line of the Dockerfile, npm ci too, and the image's tests, without a container engine; needs root
	MMS_IMAGE_WHOLE=1 npx --no-install vitest run tests/deploy

clean: ## remove what was built and installed
	rm -rf dist build node_modules native-bench/build coverage
