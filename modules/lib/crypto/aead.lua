-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Ciphers that tell whether what they decrypt is whole: a part of the module `crypto`, which is luacrypto.ko's.
return require("crypto").aead
