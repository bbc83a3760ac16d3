# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The kernel's algorithms give what the standards say; what is not granted, or not in process context, has none. A script
# that is encrypted runs as its caller does, and is nowhere to be read.
lua=/lib/modules/lua
insmod_all libaes aes_generic crypto_null gf128mul ghash_generic ctr ecb gcm luacrypto luadarken
gives "" "run('crypto', 'process', { load_fuel = 100000000 })"
refuses rmmod luacrypto
gives "" "stop('crypto')"

# Not granted; and not where packets are.
fails "$EINVAL" "*crypto: not granted*" "run('crypto', 'process', { capabilities = 'linux' })"
echo "require('crypto.shash').new('sha256')" > $lua/hashes.lua
fails "$EINVAL" "*runtime context mismatch*" "run('hashes', 'softirq')"
evaluate "shared = require('crypto.shash').new('sha256') require('lunatik')._ENV.shared = shared" || die "$answer"
for call in "digest('x')" "init()" "update('x')" "algname()" "close()"; do
  echo "require('lunatik')._ENV.shared:$call" > $lua/uses_one.lua
  fails "$EINVAL" "*may sleep*" "run('uses_one', 'softirq')"
done
# One object, whoever holds it: it goes on where another runtime got to, and is closed for all.
echo "local sha = require('lunatik')._ENV.shared sha:init() sha:update('ab')" > $lua/begins.lua
gives "" "run('begins') stop('begins')"
gives "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" "return require('util').bin2hex(shared:finup('c'))"
echo "local kept = require('lunatik')._ENV.shared" > $lua/holds_one.lua
gives "" "run('holds_one', 'softirq')"
gives "" "shared:close() require('lunatik')._ENV.shared = nil"
gives "false" "return (pcall(shared.digest, shared, 'x'))"
gives "" "stop('holds_one')"

# All take no more than they may, and those that nobody holds make room.
memory=/sys/module/luacrypto/parameters/memory
echo 131072 > $memory
fails "$EINVAL" "*parameter 'memory' bounds all*" "hoard = {} for i = 1, 17 do hoard[i] = require('crypto.shash').new('sha256') end"
gives "" "hoard = nil collectgarbage()"
gives "" "for i = 1, 200 do require('crypto.shash').new('sha256'):digest('x') end"
echo 8388608 > $memory
# Its work is paid for.
echo "local sha, text = require('crypto.shash').new('sha256'), ('x'):rep(65536) for i = 1, 12 do sha:digest(text) end" > $lua/digests.lua
fails "$ETIME" "*out of fuel*" "run('digests', 'process', { load_fuel = 200000 })"
gives "" "run('digests', 'process', { load_fuel = 400000 }) stop('digests')"

# Encrypted scripts: in every context, within the caller's budget and capabilities.
echo "return ('6b'):rep(32)" > $lua/light.lua
gives "" "run('dark') stop('dark')"
cat > $lua/writes.lua <<'END'
local util, ctr = require("util"), require("crypto.skcipher").new("ctr(aes)")
ctr:setkey(("k"):rep(32))
return function(text)
  return ("return require('lighten').run('%s', '%s')"):format(util.bin2hex(ctr:encrypt(("i"):rep(16), text)), util.bin2hex(("i"):rep(16)))
end
END
# darkens TEXT: makes it the script `darkened`
darkens() { evaluate "return require('writes')([[$1]])" || die "$answer"; echo "$answer" > $lua/darkened.lua; }
darkens "while true do end"
fails "$ETIME" "*out of fuel*" "run('darkened', 'process')"
fails "$ETIME" "*out of fuel*" "run('darkened', 'softirq')"
darkens "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end"
fails "$ENOMEM" "*not enough memory*" "run('darkened', 'process', { memory = 500000 })"
darkens "require('crypto.shash')"
fails "$EINVAL" "*crypto: not granted*" "run('darkened', 'process', { capabilities = 'darken' })"
gives "" "run('darkened', 'softirq') stop('darkened')"
fails "$EINVAL" "*darken: not granted*" "run('darkened', 'process', { capabilities = 'crypto' })"
darkens "return function() return require('darken').run('', ('i'):rep(16), ('k'):rep(32)) end"
gives "" "rt = require('lunatik').runtime('darkened', 'process') rt:resume() rt:stop()"
echo 'return "no key"' > $lua/light.lua
fails "$EINVAL" "*light: expected the hexadecimal digits*" "run('darkened')"
rm $lua/light.lua
gives "" "shutdown()"
