# SPDX-License-Identifier: MIT OR GPL-2.0-only
# lists.sh LIST FOLDER: makes the list files of the kernel-side tests with the tool LIST, on the host.
list=$1 folder=$2
mkdir $folder
# A million names of 17 characters, and those of 1000 with categories, some in both.
seq -f 'h%07.0f.ads.test' 1000000 | $list compile - -o $folder/million.list
seq -f 'n%.0f.ads.test' 800 > ads
{ seq -f 'n%.0f.ads.test' 701 900; seq -f 'n%.0f.malware.test' 100; } > malware
$list compile --category ads=0 --category malware=4 ads=ads malware=malware -o $folder/thousand.list
# Every other address of 10.0.0.0 to 10.3.13.62, prefixes in prefixes, and 1000 cards.
{ seq 0 2 199998 | awk '{ printf "10.%d.%d.%d\n", $1 / 65536, $1 / 256 % 256, $1 % 256 }'; } > addresses
{ echo 198.51.100.0/24; echo 2001:db8::/32; echo 02:00:5e; seq -f '02:00:00:00:%02.0f:01' 10 99; } > networks
echo 198.51.100.128/25 > inside
$list compile --category a=0 --category n=1 --category i=2 a=addresses n=networks i=inside -o $folder/addresses.list
$list compile --category n=1 --category i=2 n=networks i=inside -o $folder/networks.list
$list compile --kind domains /dev/null -o $folder/empty.list
# What the policies block.
{ seq -f 'h%05.0f.ads.test' 10000; echo blocked.example; echo ads.example; } | $list compile - -o $folder/blocked.list
