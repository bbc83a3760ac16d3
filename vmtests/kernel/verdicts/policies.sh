# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The policies by which host and kernel are compared: those of which a frame alone decides, not the time, too.
dirname policies/*/policy.yaml | grep -vx policies/syn-guard
dirname vmtests/kernel/verdicts/*/policy.yaml
