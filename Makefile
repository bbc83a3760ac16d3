# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The front door.  Everything is built by Nix; these targets add what a machine
# without Nix, or with an aged lock, needs on top.

.PHONY: help run vm image lunagate release release-twice bench fuzz test test-aarch64 test-deep setup fetch format relock shell
.DEFAULT_GOAL := help

help: ## say what the targets do
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: fetch ## build the router's image, boot it, and show what it does
	@nix/bin/run

vm: fetch ## build the router's image and leave it running, its console here
	@nix/bin/vm

# A device's image is called as its profile is.
image = router-image$(DEVICE:%=-%)
image: fetch ## build the router's image into build/router-image (DEVICE=aarch64: into build/router-image-aarch64)
	@mkdir -p build && nix/bin/build --out-link build/$(image) .#$(image) && ls -L build/$(image)/*

lunagate: fetch ## build the command `lunagate` for this machine, build/lunagate/bin/lunagate
	@mkdir -p build && nix/bin/build --out-link build/lunagate .#lunagate && ls build/lunagate/bin/*

release: fetch ## make a signed release in build/release (KEY=secret key, DEVICES='x86_64 aarch64')
	@KEY='$(KEY)' DEVICES='$(DEVICES)' nix/bin/release

release-twice: fetch ## as release, built a second time in another folder and store, and compared: hours
	@KEY='$(KEY)' DEVICES='$(DEVICES)' nix/bin/release twice

setup: ## install Nix and git from the distribution, if they are missing
	@nix/bin/setup

fetch: setup ## bring all that the locks name into the Nix store
	@nix/bin/fetch

test: fetch ## run everything that fits: host tests, kernel-side tests, VM tests
	@nix/bin/test

test-aarch64: fetch ## build the router for aarch64, another kernel, and run its VM tests
	@nix/bin/test aarch64

test-deep: fetch ## as both, then in a kernel that checks itself, then rebuild the kernel: hours
	@nix/bin/test && nix/bin/test aarch64 && nix/bin/test deep && nix/bin/rebuild .#kernel

bench: fetch ## compare packet filters, in instructions per packet, into docs/performance
	@nix/bin/bench

fuzz: fetch ## look for inputs that break scripts' surroundings (TARGET=script calls packet list)
	@nix/bin/fuzz $(TARGET)

format: fetch ## format the Rust sources
	@LUNAGATE_SET=rust nix/bin/shell cargo fmt --all

relock: setup ## resolve the Debian packages again; review and commit the new lock
	@nix/bin/relock

shell: fetch ## a shell in the kernel's toolchain (LUNAGATE_SET=rust: the tools' Rust)
	@nix/bin/shell
