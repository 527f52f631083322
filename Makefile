# What can be made. The work itself is done by Go programs: cmd/build above all.

GOROOT != go env GOROOT
chromium = DERSCOPE_BROWSER=$$(go run ./cmd/build -tool chromium) DERSCOPE_AXE=$$(go run ./cmd/build -tool axe) \
	go test -count=1 -timeout 40m ./web/e2e
browser = DERSCOPE_FIREFOX=$$(go run ./cmd/build -tool firefox) $(chromium)
edge = workerd=$$(go run ./cmd/build -tool workerd) && DERSCOPE_WORKERD=$$workerd go test -count=1 -parallel 8 ./wasm/edge/e2e

build: ## the site, into build/site (the default)
	go run ./cmd/build

serve: build ## build, serve on a loopback port, print the address
	go run ./cmd/derscope serve -addr 127.0.0.1:0

test: ## everything that must hold; installs node, workerd, Chromium and Firefox where they lack
	$(MAKE) -j2 -Otarget build tools
	$(MAKE) -j2 -Otarget test-go test-wasm test-edge
	$(MAKE) test-page test-looks # alone: a mouse misses what moves late

tools: ## the programs that tests need; one after the other, as apt-get does not run twice
	for t in chromium firefox node workerd axe; do go run ./cmd/build -tool $$t || exit 1; done

looks = ^Test(Screens|Enlarged|FocusStays)$$

test-looks: ## how every screen looks, and that it is for everybody
	$(chromium) -run '$(looks)'

test-page: ## what else the page does in browsers
	$(browser) -skip '$(looks)'

# The packages that ./... leaves out, because of the folder that they lie in.
aside = $(sort $(dir $(wildcard ./testdata/*/*.go)))

test-go: ## the tests of each package
	go vet ./... $(aside)
	go test ./... $(aside)

test-edge: ## the worker in workerd; DERSCOPE_LONG=1 sends it more
	$(edge)

bench: build ## every measure of the README, with its method
	go test -run '^$$' -bench . -benchmem ./decode/... ./cmd/...
	DERSCOPE_BENCH=1 $(browser) -v -run '^TestBench'

bench-serve: build ## requests a second over loopback in both homes, and the memory of the server after 100,000
	DERSCOPE_WORKERD=$$(go run ./cmd/build -tool workerd) \
		go test -run '^$$' -bench '^BenchmarkServe' -benchtime 100000x -timeout 2h -p 1 ./cmd/derscope ./wasm/edge/e2e

golden: ## write what the vectors expect anew, and show what changed
	go test ./decode -update
	git diff --stat testdata

fuzz: ## each fuzz target for 30 s
	go run ./cmd/build -fuzz 30s

test-wasm: ## the tests of decoder and service as a browser and the edge run them, in node
	node=$$(go run ./cmd/build -tool node) && PATH="$$(dirname $$node):$$PATH" GOOS=js GOARCH=wasm \
		go test -exec '$(GOROOT)/lib/wasm/go_js_wasm_exec' ./decode ./web/service ./web/service/relay

test-wrangler: build ## the deployment to Cloudflare Workers as a dry run, and locally in a browser; fetches wrangler by npm
	DERSCOPE_WRANGLER=$$(go run ./cmd/build -tool wrangler) DERSCOPE_BROWSER=$$(go run ./cmd/build -tool chromium) \
		go test -count=1 -run '^TestWrangler' ./web/e2e

lint: ## format, vet, staticcheck
	test -z "$$(gofmt -l $$(git ls-files '*.go') | tee /dev/stderr)"
	go vet ./... $(aside)
	GOOS=js GOARCH=wasm go vet ./web ./wasm ./wasm/edge
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./... $(aside)

size: ## build, and what a first visit fetches
	go run ./cmd/build -size

clean: ## remove what was made
	rm -rf build && find cmd/derscope/site -mindepth 1 ! -name README -delete

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile

.PHONY: build serve test tools test-looks test-page test-go test-wasm test-edge bench bench-serve golden fuzz test-wrangler lint size clean help
