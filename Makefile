# Brig: everything a person or CI does with this repository, one target each. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := all

ARCH ?= x86_64
PREFIX ?= /usr/local
BIN := bin

# The tender is one static program without the Swift runtime; a run path would make it abort in its own start-up code.
EMBEDDED := BRIG_EMBEDDED=1 swift build -c release --disable-local-rpath --quiet

# Whether this host has a KVM that can be opened; KVM= on the command line does as if it had none.
KVM := $(shell (exec 3<>/dev/kvm) 2>/dev/null && echo yes)

# Targets in turn, as they stand, whatever -j says; what each makes is still made side by side.
.NOTPARALLEL:

.PHONY: all
ifeq ($(ARCH),x86_64)
all: $(BIN)/brig-hvt $(BIN)/brig guests ## build bin/brig-hvt, bin/brig and the test guests
else
all: $(BIN)/$(ARCH)/brig-hvt guests
endif

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z/-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

# What is in the groups that are named: Tests/Deps/packages.table.
.PHONY: deps build-deps cross-deps demo-deps machine-deps
deps: ## install the Debian packages that are missing, for all targets
	@Tests/Deps/run

build-deps:
	@Tests/Deps/run build

cross-deps:
	@Tests/Deps/run cross

machine-deps:
	@Tests/Deps/run build cross machine machine-x86_64 machine-aarch64

demo-deps:
	@Tests/Deps/run build $(if $(KVM),,machine machine-$(ARCH))

# SwiftPM knows what is up to date; the copies change only when the programs do.
.PHONY: FORCE
FORCE:

# $(call static-program,SCRATCH,PRODUCT,SETTING): built with an environment variable of Package.swift's, and stripped.
define static-program
@mkdir -p $(BIN)
@$(3) $(EMBEDDED) --product $(2) --scratch-path $(1) 2>&1 \
  | { grep -v "argument unused during compilation: '-pie'" || true; }
@strip -o $@.new $(1)/release/$(2)
@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
endef

$(BIN)/brig-hvt: FORCE
	$(call static-program,.build-embedded,brig-hvt)

$(BIN)/brig: FORCE
	@mkdir -p $(BIN)
	@swift build -c release --product brig --quiet
	@cmp -s .build/release/brig $@ || { cp .build/release/brig $@.new; mv $@.new $@; }

# Another architecture: the same sources without an operating system, which Embedded Swift has a library for, and Debian's
# cross compiler to link them with the C library.
CROSS := .build-aarch64
CROSS_FLAGS := -Xcc -D__linux__ -Xcc -fPIE -Xcc -isystem -Xcc /usr/aarch64-linux-gnu/include \
  -Xcc -isystem -Xcc "$$PWD/$(CROSS)/sysroot/usr/include"

$(CROSS)/sysroot: | cross-deps
	@machines/archive arm64 $@ libseccomp-dev libcap-dev libmd-dev

# $(call cross-link,SCRATCH,PROGRAM,OTHER): one of the two programs, from objects that the build left.
cross-link = aarch64-linux-gnu-gcc -static-pie -s -Wl,--gc-sections -Wl,-z,now -Wl,-e,carena_start -Wl,--defsym=main=brig_$(2)_main -o $@ \
  $$(find $(1)/aarch64-none-none-elf/release/*.build -name '*.o' -not -path '*brig?$(3).build/*') \
  -L$(CROSS)/sysroot/usr/lib/aarch64-linux-gnu -lseccomp -lcap -lmd

$(BIN)/aarch64/brig-hvt: FORCE $(CROSS)/sysroot
	@mkdir -p $(BIN)/aarch64
	@$(EMBEDDED) --target brig-hvt --scratch-path $(CROSS) --triple aarch64-none-none-elf $(CROSS_FLAGS)
	@$(call cross-link,$(CROSS),hvt,probe)

.PHONY: guests
guests: ## build the test guests
	@$(MAKE) --no-print-directory -s -C Tests/Guests ARCH=$(ARCH) OUT=../../$(BIN)/guests/$(ARCH)

# For hosts with pages of 16 or 64 KiB.
.PHONY: guests-large-pages
guests-large-pages:
	@$(MAKE) --no-print-directory -s -C Tests/Guests ARCH=aarch64 PAGE=65536 OUT=../../$(BIN)/guests/aarch64-64k

.PHONY: clean
clean: ## remove what was built
	rm -rf $(BIN) .build .build-*

# What is tested.

.PHONY: check
check: $(BIN)/brig-hvt $(BIN)/brig-partial ## format, warnings, and what the program must and must not hold
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	@Tests/Check/run

.PHONY: check-aarch64
check-aarch64: $(BIN)/aarch64/brig-hvt
	@Tests/Check/run --aarch64

# Named after a step of the seal, it leaves out that step.
$(BIN)/brig-partial: FORCE
	$(call static-program,.build-partial,brig-hvt,BRIG_PARTIAL=1)

$(BIN)/aarch64/brig-partial: FORCE $(CROSS)/sysroot
	@mkdir -p $(BIN)/aarch64
	@BRIG_PARTIAL=1 $(EMBEDDED) --target brig-hvt --scratch-path $(CROSS)-partial --triple aarch64-none-none-elf $(CROSS_FLAGS)
	@$(call cross-link,$(CROSS)-partial,hvt,probe)

.PHONY: unit
unit: $(BIN)/brig-hvt $(BIN)/brig-partial guests ## the libraries' tests
	@SWIFT_BACKTRACE=enable=no swift test 2>&1 | Tests/Check/summary

.PHONY: integration
integration: $(BIN)/brig-hvt $(BIN)/brig-probe $(BIN)/brig-partial $(BIN)/brig guests ## the programs' tests: on this machine's KVM, else in an emulated machine
ifeq ($(KVM),)
	@echo "no usable /dev/kvm here: the integration tests run inside the emulated x86_64 machine"
	@$(MAKE) --no-print-directory test-machine ARCH=x86_64 FULL=1
else
	@rm -f $(BIN)/attacks-seen*
	@ATTACKS="$$PWD/$(BIN)/attacks-seen.part" \
	  Tests/Machines/record "this host, $$(uname -srm), its own KVM" Tests/Integration/run --jobs "$$((2 * $$(nproc)))"
	@mv $(BIN)/attacks-seen.part $(BIN)/attacks-seen
endif

.PHONY: surroundings surroundings-check
surroundings: all ## start tender and doctor in containers' and sandboxes' surroundings, and write docs/surroundings.md
	@Tests/Surroundings/run --write

surroundings-check: all
	@Tests/Surroundings/run

.PHONY: installation
installation: all ## what `make install` installs
	@Tests/Install/run

# Two tiers: what every change is tested with, and what needs emulated machines besides.

.PHONY: test
test: tests-begin deps all check unit listings-check integration $(if $(KVM),on-kvm,without-kvm) docs ## what this host can show, long tests in part; each test that is skipped is named
	@echo "integration tests ran on:"; sed 's/^/  /' $(BIN)/tests-ran

.PHONY: on-kvm
on-kvm: installation surroundings-check coverage-policy attack-check soak-briefly

# What a host without KVM leaves out, because the emulated machine has run the integration tests.
.PHONY: without-kvm
without-kvm: attack-machine-x86_64
	@for name in installation surroundings-check coverage-policy attack-check soak-briefly; do echo "skip $$name: no usable /dev/kvm here"; done

.PHONY: test-machines
test-machines: tests-begin $(if $(KVM),test-machine-x86_64) test-machine-aarch64 attack-machine-aarch64 test-kernels-briefly test-machine-variants emulation check-aarch64 ## other kernels, processors and machines, emulated
	@echo "integration tests ran on:"; sed 's/^/  /' $(BIN)/tests-ran

# What runs there begins with nothing that this make knows.
.PHONY: fresh
fresh: export RUN ?= make test
fresh: ## run RUN='make test' in a fresh clone on a machine without what the project installs
	@Tests/Fresh/run "$$RUN"

.PHONY: docs
docs: all ## run the commands that the documentation shows
	@Tests/Docs/run

.PHONY: demo
demo: demo-deps all ## run a small unikernel and show what it is sealed with
	@$(if $(KVM),,echo "no usable /dev/kvm here: the demo runs inside an emulated machine" >&2)
	@$(BIN)/brig run $(if $(KVM),,--emulate) --show-seal $(BIN)/guests/$(ARCH)/hello.hvt "from the demo"

.PHONY: bench
bench: $(BIN)/brig-hvt $(BIN)/brig-timed guests ## measure; BASELINE=/path/to/solo5-hvt measures that one beside it
	@swift build -c release --product filter-cost --quiet
	@$(MAKE) -s -C Tests/Integration >/dev/null
	@TIMED=$(BIN)/brig-timed Tests/Bench/run

.PHONY: bench-machine
bench-machine: MACHINE_TIMED := $(if $(filter x86_64,$(ARCH)),$(BIN)/brig-timed,$(BIN)/$(ARCH)/brig-timed)
bench-machine: machine-deps $(if $(filter x86_64,$(ARCH)),$(BIN)/brig-hvt $(BIN)/brig-timed,$(BIN)/$(ARCH)/brig-hvt $(BIN)/$(ARCH)/brig-timed) guests ## the same in an emulated machine, BASELINE a static program
	@TIMED=$(MACHINE_TIMED) Tests/Bench/machine $(ARCH)

# It takes the time of each part of a start.
$(BIN)/brig-timed: FORCE
	@mkdir -p $(BIN)
	@BRIG_TIMING=1 $(EMBEDDED) --product brig-hvt --scratch-path .build-timing 2>&1 \
	  | { grep -v "argument unused during compilation: '-pie'" || true; }
	@cp .build-timing/release/brig-hvt $@

$(BIN)/aarch64/brig-timed: FORCE $(CROSS)/sysroot
	@mkdir -p $(BIN)/aarch64
	@BRIG_TIMING=1 $(EMBEDDED) --target brig-hvt --scratch-path $(CROSS)-timing --triple aarch64-none-none-elf $(CROSS_FLAGS)
	@$(call cross-link,$(CROSS)-timing,hvt,probe)

# COMPAT_CONFINE=fallback is compiled in, for the compatible names alone: the environment could be anybody's.
COMPAT := $(if $(filter fallback,$(COMPAT_CONFINE)),$(BIN)/brig-hvt-fallback,$(BIN)/brig-hvt)

$(BIN)/brig-hvt-fallback: FORCE
	$(call static-program,.build-fallback,brig-hvt,BRIG_COMPAT_FALLBACK=1)

.PHONY: install
install: $(BIN)/brig-hvt $(if $(SOLO5_COMPAT),$(COMPAT)) ## install under PREFIX; SOLO5_COMPAT=1 adds the names solo5-hvt and solo5-hvt.2
	install -D -m 0755 $(BIN)/brig-hvt "$(DESTDIR)$(PREFIX)/bin/brig-hvt"
	$(if $(SOLO5_COMPAT),$(if $(filter fallback,$(COMPAT_CONFINE)),\
	  install -D -m 0755 $(COMPAT) "$(DESTDIR)$(PREFIX)/bin/solo5-hvt",\
	  ln -sfn brig-hvt "$(DESTDIR)$(PREFIX)/bin/solo5-hvt"))
	$(if $(SOLO5_COMPAT),ln -sfn solo5-hvt "$(DESTDIR)$(PREFIX)/bin/solo5-hvt.2")

# The policy: reviewed listings, their proof, and which rule each test needs.

.PHONY: policies
policies: $(BIN)/brig ## write security/filters/ anew; a filter that allows more needs REASON='...'
	@$(BIN)/brig policy listings security/filters --reason="$(REASON)"
	@$(BIN)/brig policy lint

# An unpacked archive has no history to hold them against.
.PHONY: listings-check
listings-check: $(BIN)/brig ## hold the listings of every commit against those before: one that allows more says why
	@if [[ -e .git ]]; then $(BIN)/brig policy listings --check --history; else echo "skipped: the listings' history: no .git here"; fi

.PHONY: coverage-policy
coverage-policy: $(BIN)/brig-hvt $(BIN)/brig guests ## print which rule each test needs; a rule that none needs fails
	@Tests/Coverage/record

# Fuzzers, and tenders under load; both tell how long by SECONDS=n.

.PHONY: fuzz
fuzz: build-deps ## run every fuzzer for SECONDS=n (10), two at a time
	@Tests/Fuzz/run --seconds $(or $(SECONDS),10)

.PHONY: soak
soak: $(BIN)/brig-hvt guests ## start and end tenders at random, 20 at once, for SECONDS=n (300)
	@$(MAKE) --no-print-directory -s -C Tests/Integration >/dev/null
	@Tests/Soak/run --seconds $(or $(SECONDS),300)

.PHONY: soak-briefly
soak-briefly: $(BIN)/brig-hvt guests
	@$(MAKE) --no-print-directory soak SECONDS=20

# The attacks: what a hijacked tender, a neighbour and a hostile guest can do.

# The probe is the tender but for what it does once it is sealed; it is never installed.
$(BIN)/brig-probe: FORCE
	$(call static-program,.build-embedded,brig-probe)

$(BIN)/aarch64/brig-probe: FORCE $(CROSS)/sysroot
	@mkdir -p $(BIN)/aarch64
	@$(EMBEDDED) --target brig-probe --scratch-path $(CROSS) --triple aarch64-none-none-elf $(CROSS_FLAGS)
	@$(call cross-link,$(CROSS),probe,hvt)

.PHONY: attack-programs
attack-programs: $(BIN)/brig-hvt $(BIN)/brig-probe $(BIN)/brig-partial $(BIN)/brig guests
	@$(MAKE) -s -C Tests/Integration

.PHONY: attack
attack: attack-programs ## attack sealed tenders, and write security/RESULTS.md
	@Tests/Attack/run

.PHONY: attack-check
attack-check: attack-programs ## the same; fail where security/RESULTS.md counts other attacks
	@Tests/Attack/run --check

# What a machine without brig is to attempt.
$(BIN)/attacks.x86_64 $(BIN)/attacks.aarch64: $(BIN)/attacks.%: $(BIN)/brig
	@$(BIN)/brig attack --list --arch $* >$@

.PHONY: attack-machine
attack-machine: TARGETS ?= block+net
attack-machine: machine-deps $(BIN)/attacks.$(ARCH) guests $(if $(filter x86_64,$(ARCH)),$(BIN)/brig-hvt $(BIN)/brig-probe,\
  $(BIN)/$(ARCH)/brig-hvt $(BIN)/$(ARCH)/brig-probe) ## attack in an emulated machine; ARCH=aarch64 for the other kind, BRIEF=1 for less
	@Tests/Machines/record "attacks, emulated $(ARCH)$(if $(BRIEF), in brief)" \
	  machines/run $(ARCH) $(if $(filter aarch64,$(ARCH)),--processors 2) --limit 3600 -- 'sh Tests/Attack/machine $(if $(BRIEF),--brief) $(TARGETS)'

.PHONY: attack-machine-x86_64 attack-machine-aarch64
attack-machine-x86_64 attack-machine-aarch64: attack-machine-%:
	@$(MAKE) --no-print-directory attack-machine ARCH=$* BRIEF=1

# Emulated machines that have KVM: Tests/Machines, docs/machines.md.

.PHONY: tests-begin
tests-begin:
	@mkdir -p $(BIN) && rm -f $(BIN)/tests-ran

# The tender of that processor, and what the tests have beside it.
MACHINE_PROGRAMS := $(addprefix $(BIN)/$(if $(filter x86_64,$(ARCH)),,$(ARCH)/),brig-hvt brig-probe brig-partial)

.PHONY: test-machine
test-machine: machine-deps $(MACHINE_PROGRAMS) guests ## the integration tests in an emulated machine; ARCH=aarch64 for that one, FULL=1 for all
	@Tests/Machines/record "emulated $(ARCH)" Tests/Machines/tests $(ARCH) $(if $(FULL),--full,$(if $(ONLY),,--facts)) $(if $(ONLY),--only '$(ONLY)')

.PHONY: test-machine-x86_64 test-machine-aarch64
test-machine-x86_64 test-machine-aarch64: test-machine-%:
	@$(MAKE) --no-print-directory test-machine ARCH=$*

# Both processors, unless the command line names one: an environment with ARCH in it isn't meant.
KERNEL_ARCHS := $(if $(filter command,$(origin ARCH)),$(ARCH),x86_64 aarch64)

.PHONY: test-kernels test-kernels-briefly
test-kernels: machine-deps $(foreach arch,$(KERNEL_ARCHS),$(BIN)/attacks.$(arch) \
  $(addprefix $(BIN)/$(if $(filter x86_64,$(arch)),,$(arch)/),brig-hvt brig-probe brig-partial)) ## older and newer kernels in emulated machines; KERNEL=6.12 ARCH=aarch64 for one
	@for arch in $(KERNEL_ARCHS); do $(MAKE) --no-print-directory guests ARCH=$$arch; done
	@Tests/Machines/record "emulated kernels$(if $(BRIEF), in brief)" Tests/Machines/kernels $(if $(KERNEL),--kernel $(KERNEL)) \
	  $(if $(word 2,$(KERNEL_ARCHS)),,--arch $(ARCH)) $(if $(BRIEF),--brief) $(if $(ONLY),--only '$(ONLY)')

test-kernels-briefly:
	@$(MAKE) --no-print-directory test-kernels BRIEF=1

.PHONY: test-machine-variants
test-machine-variants: machine-deps $(BIN)/brig-hvt $(BIN)/aarch64/brig-hvt guests guests-large-pages ## machines with another clock, larger pages, threads, or no power
	@$(MAKE) --no-print-directory guests ARCH=aarch64
	@Tests/Machines/record "emulated variants" Tests/Machines/variants $(ONLY)

.PHONY: emulation
emulation: machine-deps $(BIN)/brig-hvt $(BIN)/aarch64/brig-hvt $(BIN)/brig guests ## run unikernels in emulated machines by brig run --emulate
	@$(MAKE) --no-print-directory guests ARCH=aarch64
	@Tests/Machines/record "brig run --emulate" Tests/Machines/emulation

.PHONY: machine-kernel
machine-kernel: deps ## build the kernel that some variants need; ARCH=aarch64 for the other kind
	@machines/kernel $(ARCH)
