# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Attacks on what modules of ours give scripts, folder by folder; after each the next policy loads and filters.
. /under_attack.sh
mount -t bpf bpf /sys/fs/bpf
at_exit 'umount /sys/fs/bpf'
maps create /sys/fs/bpf/attacked 1 4 4096 1000
maps create /sys/fs/bpf/attacked_queue 22 0 4096 1000
total=0
for folder in $lua/attack/*/; do
  folder=${folder%/}; folder=${folder##*/}
  case $folder in library|hook) continue ;; esac
  attacks $folder
  guarded
  total=$((total + $(ls $lua/attack/$folder | wc -l)))
done
[ $total -ge 60 ] || die "attacks are missing: $total"
