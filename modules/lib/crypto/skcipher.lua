-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Symmetric ciphers: a part of the module `crypto`, which is luacrypto.ko's.
return require("crypto").skcipher
