# Brig: everything a person or CI does with this repository, one target each. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := all

ARCH ?= x86_64
PREFIX ?= /usr/local
BIN := bin

# Whether this host has a KVM that can be opened; KVM= on the command line does as if it had none.
KVM := $(shell (exec 3<>/dev/kvm) 2>/dev/null && echo yes)

# Targets in turn, as they stand, whatever -j says; what each makes is still made side by side.
ifndef SIDE_BY_SIDE
.NOTPARALLEL:
endif

# A target without a slash is no file, whatever lies beside this one.
.PHONY: FORCE $(shell sed -nE 's/^([a-z][a-z0-9_ -]*):( .*)?$$/\1/p' $(lastword $(MAKEFILE_LIST)))

# $(call on,ARCH,PROGRAM...): the programs for a processor.
on = $(addprefix $(BIN)/$(filter-out x86_64/,$(1)/),$(2))

all: $(call on,$(ARCH),brig-hvt) $(if $(filter x86_64,$(ARCH)),$(BIN)/brig) guests ## build bin/brig-hvt, bin/brig and the test guests

help: ## list the targets
	@grep -E '^[a-z/-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

# What is in the groups that are named: Tests/Deps/packages.table.
deps: ## install the Debian packages that are missing, for all targets
	@Tests/Deps/run

groups.machine := build machine machine-x86_64 machine-aarch64
groups.packages := build packages machine machine-x86_64
groups.demo := build $(if $(KVM),,machine machine-$(ARCH))
build-deps machine-deps demo-deps packages-deps: %-deps:
	@Tests/Deps/run $(or $(groups.$*),$*)

# Programs without the Swift runtime, for both processors. Each is a product of Package.swift's, of its own name or the tender,
# and a trait of it: those with a trait are built in a folder of their own. The copies in bin/ change only when the programs do.
STATIC := brig-hvt brig-probe brig-partial brig-timed brig-hvt-fallback
trait.brig-partial := PARTIAL
trait.brig-timed := TIMING
trait.brig-hvt-fallback := COMPAT_FALLBACK
product = $(or $(filter brig-probe,$*),brig-hvt)
replace = @cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# $(call tender,ARCH): builds one for a processor.
built = .build-$(1)$(trait.$*:%=-%)
define tender
@mkdir -p $(@D)
@packaging/tender $(1) $(product) $(built) $(trait.$*) $(WITHOUT_FETCHES)
@cp $(built)/$(product).stripped $@.new
$(replace)
endef

$(call on,x86_64,$(STATIC)): $(BIN)/%: FORCE
	$(call tender,x86_64)

$(call on,aarch64,$(STATIC)): $(BIN)/aarch64/%: FORCE
	$(call tender,aarch64)

# Programs of ordinary Swift: static and position-independent as well, so that they run where neither Swift nor a library of
# Debian's is.
HOSTED = swift build -c release -debug-info-format none --disable-local-rpath --quiet --static-swift-stdlib \
  $(addprefix -Xswiftc ,-static-executable -Xclang-linker -fuse-ld=lld -Xclang-linker -static-pie \
    -Xfrontend -disable-incremental-llvm-codegen) $(addprefix -Xlinker ,--build-id=none -z now)

WITHOUT_FETCHES := 2>&1 | { grep -vE '^(Fetch|Comput|Creating working copy|Working copy)(ed|ing)? ' || true; }

$(BIN)/brig: FORCE
	@mkdir -p $(BIN)
	@$(HOSTED) --product brig $(WITHOUT_FETCHES)
	@strip -o $@.new .build/release/brig
	$(replace)
	@ln -sfn ../machines $(BIN)/machines

guests: guests-$(ARCH) ## build the test guests

guests-x86_64 guests-aarch64: guests-%:
	@$(MAKE) --no-print-directory -s -C Tests/Guests ARCH=$* OUT=../../$(BIN)/guests/$*

# For hosts with pages of 16 or 64 KiB.
guests-large-pages:
	@$(MAKE) --no-print-directory -s -C Tests/Guests ARCH=aarch64 PAGE=65536 OUT=../../$(BIN)/guests/aarch64-64k

# What the integration tests' cases are helped by.
helpers:
	@$(MAKE) --no-print-directory -s -C Tests/Integration

clean: ## remove what was built
	rm -rf $(BIN) .build .build-*

# What is tested.

check: $(BIN)/brig-hvt $(BIN)/brig-partial $(BIN)/brig-timed $(BIN)/brig ## format, warnings, and what the program must and must not hold
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	@Tests/Check/run

check-aarch64: $(BIN)/aarch64/brig-hvt
	@Tests/Check/run --aarch64

unit-build:
	@swift build --build-tests --quiet $(WITHOUT_FETCHES)

unit: $(BIN)/brig-hvt $(BIN)/brig-partial guests ## the libraries' tests
	@SWIFT_BACKTRACE=enable=no Tests/Check/alone swift test 2>&1 | Tests/Check/summary

integration: $(call on,x86_64,brig-hvt brig-probe brig-partial brig) guests ## the programs' tests: on this machine's KVM, else in an emulated machine
ifeq ($(KVM),)
	@echo "no usable /dev/kvm here: the integration tests run inside the emulated x86_64 machine"
	@$(MAKE) --no-print-directory test-machine ARCH=x86_64 FULL=1
else
	@rm -f $(BIN)/attacks-seen*
	@ATTACKS="$$PWD/$(BIN)/attacks-seen.part" \
	  Tests/Machines/record "this host, $$(uname -srm), its own KVM" Tests/Integration/run --jobs "$$((2 * $$(nproc)))"
	@mv $(BIN)/attacks-seen.part $(BIN)/attacks-seen
endif

schemas: all $(BIN)/brig-probe ## hold what the programs print as JSON to packaging/schemas
	@Tests/Schemas/run

surroundings: all ## start tender and doctor in containers' and sandboxes' surroundings, and write docs/surroundings.md
	@Tests/Surroundings/run --write

surroundings-check: all
	@Tests/Surroundings/run

installation: all ## what `make install` installs
	@Tests/Install/run

systemd: all ## the unit under a real systemd
	@Tests/Systemd/run

# What the tests need, built ahead of them and side by side: a compiler by itself leaves processors idle.
AHEAD := $(BIN)/brig unit-build $(call on,x86_64,brig-hvt brig-partial brig-timed brig-probe $(if $(KVM),brig-hvt-fallback)) guests
ahead:
	@$(MAKE) --no-print-directory -j"$$(nproc)" SIDE_BY_SIDE=1 $(AHEAD)

# Two builds in one folder would wait for each other, and say so.
ifdef SIDE_BY_SIDE
unit-build: $(BIN)/brig
$(BIN)/brig-probe: $(BIN)/brig-hvt
endif

# Two tiers: what every change is tested with, and what needs emulated machines besides.

test: tests-begin deps ahead all check unit listings-check schemas integration $(if $(KVM),on-kvm,without-kvm) docs ## what this host can show, long tests in part; each test that is skipped is named
	@echo "integration tests ran on:"; sed 's/^/  /' $(BIN)/tests-ran

on-kvm: installation systemd surroundings-check coverage-policy attack-check soak-briefly bench-briefly

# What a host without KVM leaves out, because the emulated machine has run the integration tests.
without-kvm: attack-machine-x86_64
	@for name in installation systemd surroundings-check coverage-policy attack-check soak-briefly bench-briefly; do echo "skip $$name: no usable /dev/kvm here"; done

test-machines: tests-begin $(if $(KVM),test-machine-x86_64) test-machine-aarch64 attack-machine-aarch64 test-kernels-briefly test-machine-variants emulation check-aarch64 ## other kernels, processors and machines, emulated
	@echo "integration tests ran on:"; sed 's/^/  /' $(BIN)/tests-ran

tests-begin:
	@mkdir -p $(BIN) && rm -f $(BIN)/tests-ran

# What runs there begins with nothing that this make knows.
fresh: export RUN ?= make test
fresh: ## run RUN='make test' in a fresh clone on a machine without what the project installs
	@Tests/Fresh/run "$$RUN"

docs: all ## run the commands that the documentation shows
	@Tests/Docs/run

demo: demo-deps all ## run a small unikernel and show what it is sealed with
	@$(if $(KVM),,echo "no usable /dev/kvm here: the demo runs inside an emulated machine" >&2)
	@$(BIN)/brig run $(if $(KVM),,--emulate) --show-seal $(BIN)/guests/$(ARCH)/hello.hvt "from the demo"

bench: $(BIN)/brig-hvt $(BIN)/brig-timed guests helpers ## measure; BASELINE=/path/to/solo5-hvt measures that one beside it
	@$(HOSTED) --product filter-cost
	@TIMED=$(BIN)/brig-timed Tests/Bench/run

bench-briefly: $(BIN)/brig-hvt $(BIN)/brig-timed guests helpers
	@$(HOSTED) --product filter-cost
	@TIMED=$(BIN)/brig-timed Tests/Bench/brief

bench-machine: machine-deps $(call on,$(ARCH),brig-hvt brig-timed) guests ## the same in an emulated machine, BASELINE a static program
	@TIMED=$(call on,$(ARCH),brig-timed) Tests/Bench/machine $(ARCH)

# COMPAT_CONFINE=fallback is compiled in, for the compatible names alone: the environment could be anybody's.
COMPAT := $(if $(SOLO5_COMPAT),$(if $(filter fallback,$(COMPAT_CONFINE)),solo5-fallback,brig-solo5))
# Which files: packaging/files.table.
INSTALLED := brig-hvt brig brig-attack $(COMPAT)
PLACES = --prefix "$(PREFIX)" --destdir "$(DESTDIR)"

install: to-install $(if $(filter solo5-fallback,$(COMPAT)),$(BIN)/brig-hvt-fallback) ## install under PREFIX; SOLO5_COMPAT=1 adds the names solo5-hvt and solo5-hvt.2
	@packaging/install $(PLACES) $(INSTALLED)

uninstall: ## take away what is installed under PREFIX
	@packaging/install --uninstall $(PLACES) $(INSTALLED)

# What is built for it. A tender for the other processor, which brig run --emulate has a use for, is installed where it has been built.
to-install: $(call on,x86_64,brig-hvt brig-probe brig) guests completions

COMPLETIONS := bash:brig.bash zsh:_brig fish:brig.fish
completions: $(BIN)/brig
	@mkdir -p $(BIN)/completions
	@for row in $(COMPLETIONS); do \
	  $(BIN)/brig --generate-completion-script "$${row%:*}" | sed '1{/^#!/d}' >"$(BIN)/completions/$${row#*:}"; done

deb: packages-deps to-install $(BIN)/aarch64/brig-hvt ## make the Debian packages and an archive for other systems, in bin/deb
	@packaging/deb

packages: deb ## install the packages in fresh roots of Debian's, use them and remove them
	@Tests/Packages/run

# The policy: reviewed listings, their proof, and which rule each test needs.

policies: $(BIN)/brig ## write security/filters/ anew; a filter that allows more needs REASON='...'
	@$(BIN)/brig policy listings security/filters $(if $(REASON),--reason="$(REASON)")
	@$(BIN)/brig policy lint

# An unpacked archive has no history to hold them against.
listings-check: $(BIN)/brig ## hold the listings of every commit against those before: one that allows more says why
	@if [[ -e .git ]]; then $(BIN)/brig policy listings --check --history; else echo "skipped: the listings' history: no .git here"; fi

coverage-policy: $(BIN)/brig-hvt $(BIN)/brig guests ## print which rule each test needs; a rule that none needs fails
	@Tests/Coverage/record

# Fuzzers, and tenders under load; both tell how long by SECONDS=n.

fuzz: build-deps ## run every fuzzer for SECONDS=n (10), two at a time
	@Tests/Fuzz/run --seconds $(or $(SECONDS),10)

soak: $(BIN)/brig-hvt guests helpers ## start and end tenders at random, 20 at once, for SECONDS=n (300)
	@Tests/Soak/run --seconds $(or $(SECONDS),300)

soak-briefly: $(BIN)/brig-hvt guests
	@$(MAKE) --no-print-directory soak SECONDS=20

# The attacks: what a hijacked tender, a neighbour and a hostile guest can do.

attack-programs: $(call on,x86_64,brig-hvt brig-probe brig-partial brig) guests helpers

attack: attack-programs ## attack sealed tenders, and write security/RESULTS.md
	@Tests/Attack/run

attack-check: attack-programs ## the same; fail where security/RESULTS.md counts other attacks
	@Tests/Attack/run --check

# What a machine without brig is to attempt.
$(BIN)/attacks.x86_64 $(BIN)/attacks.aarch64: $(BIN)/attacks.%: $(BIN)/brig
	@$(BIN)/brig attack --list --arch $* >$@

attack-machine: TARGETS ?= block+net
attack-machine: machine-deps $(BIN)/attacks.$(ARCH) guests $(call on,$(ARCH),brig-hvt brig-probe) ## attack in an emulated machine; ARCH=aarch64 for the other kind, BRIEF=1 for less
	@Tests/Machines/record "attacks, emulated $(ARCH)$(if $(BRIEF), in brief)" \
	  machines/run $(ARCH) $(if $(filter aarch64,$(ARCH)),--processors 2) --limit 3600 -- 'sh Tests/Attack/machine $(if $(BRIEF),--brief) $(TARGETS)'

attack-machine-x86_64 attack-machine-aarch64: attack-machine-%:
	@$(MAKE) --no-print-directory attack-machine ARCH=$* BRIEF=1

# Emulated machines that have KVM: Tests/Machines, docs/machines.md. They run a processor's own tender, and what the tests have
# beside it.
in_machine = $(call on,$(1),brig-hvt brig-probe brig-partial)

test-machine: machine-deps $(call in_machine,$(ARCH)) guests ## the integration tests in an emulated machine; ARCH=aarch64 for that one, FULL=1 for all
	@Tests/Machines/record "emulated $(ARCH)" Tests/Machines/tests $(ARCH) $(if $(FULL),--full,$(if $(ONLY),,--facts)) $(if $(ONLY),--only '$(ONLY)')

test-machine-x86_64 test-machine-aarch64: test-machine-%:
	@$(MAKE) --no-print-directory test-machine ARCH=$*

# Both processors, unless the command line names one: an environment with ARCH in it isn't meant.
KERNEL_ARCHS := $(if $(filter command,$(origin ARCH)),$(ARCH),x86_64 aarch64)

test-kernels: machine-deps $(foreach arch,$(KERNEL_ARCHS),$(BIN)/attacks.$(arch) $(call in_machine,$(arch)) guests-$(arch)) ## older and newer kernels in emulated machines; KERNEL=6.12 ARCH=aarch64 for one
	@Tests/Machines/record "emulated kernels$(if $(BRIEF), in brief)" Tests/Machines/kernels $(if $(KERNEL),--kernel $(KERNEL)) \
	  $(if $(word 2,$(KERNEL_ARCHS)),,--arch $(ARCH)) $(if $(BRIEF),--brief) $(if $(ONLY),--only '$(ONLY)')

test-kernels-briefly:
	@$(MAKE) --no-print-directory test-kernels BRIEF=1

test-machine-variants: machine-deps $(BIN)/brig-hvt $(BIN)/aarch64/brig-hvt guests-x86_64 guests-aarch64 guests-large-pages ## machines with another clock, larger pages, threads, or no power
	@Tests/Machines/record "emulated variants" Tests/Machines/variants $(ONLY)

emulation: machine-deps $(BIN)/brig-hvt $(BIN)/aarch64/brig-hvt $(BIN)/brig guests-x86_64 guests-aarch64 ## run unikernels in emulated machines by brig run --emulate
	@Tests/Machines/record "brig run --emulate" Tests/Machines/emulation

machine-kernel: deps ## build the kernel that some variants need; ARCH=aarch64 for the other kind
	@machines/kernel $(ARCH)
