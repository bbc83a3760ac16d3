# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Attacks on what modules of ours give scripts, folder by folder; after each the next policy loads and filters.
. /under_attack.sh
mount -t bpf bpf /sys/fs/bpf
at_exit 'umount /sys/fs/bpf'
maps create /sys/fs/bpf/attacked 1 4 4096 1000
maps create /sys/fs/bpf/attacked_queue 22 0 4096 1000
# Files that are no scripts.
printf '\033LuaU\0' > $lua/attack/binary.lua
head -c 1000 /dev/zero > $lua/attack/zeros.lua
head -c 2000000 /dev/zero > $lua/attack/huge.lua
{ printf -- '--[['; head -c 1000000 /dev/zero | tr '\0' x; printf ']]'; } > $lua/attack/comment.lua
echo 'local x = = 1' > $lua/attack/broken.lua

free() { awk '/^MemAvailable:/ { print $2 }' /proc/meminfo; }
before=$(free)
total=0
for folder in $lua/attack/*/; do
  folder=${folder%/}; folder=${folder##*/}
  case $folder in library|hook) continue ;; esac
  attacks $folder
  guarded
  total=$((total + $(ls $lua/attack/$folder | wc -l)))
done
[ $total -ge 60 ] || die "attacks are missing: $total"

# What is given up may be on its way.
for turn in $(seq 50); do [ $(free) -lt $((before - 16384)) ] || break; usleep 100000; done
[ $(free) -ge $((before - 16384)) ] || die "$((before - $(free))) KiB are gone after the attacks"

# A loop that prints fills no log: two states and one body's.
[ "$(log | grep -c ': flood$')" -le 1000 ] || die "$(log | grep -c ': flood$') lines are in the log"
sees "prints too much"
