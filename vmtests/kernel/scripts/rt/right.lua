-- SPDX-License-Identifier: MIT OR GPL-2.0-only
return require("rt.crossing")("rt/left")
