# SPDX-License-Identifier: MIT OR GPL-2.0-only
# For tests of policies: the network, with servers at the right, and what a client at the left can ask
# them through the router.
. /network.sh

# Whoever hears it says "Bad Request".
for port in 53 80 443; do at right httpd -p "[::]:$port"; done

byte() { printf "\\$(printf %03o $1)"; }
# hello NAME: a ClientHello for a name, and a line's end for the server below
hello() {
  length=${#1}
  printf '\026\003\001\000'; byte $((length + 56)); printf '\001\000\000'; byte $((length + 52))
  printf '\003\003%s' rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
  printf '\000\000\002\023\001\001\000\000'; byte $((length + 9))
  printf '\000\000\000'; byte $((length + 5)); printf '\000'; byte $((length + 3)); printf '\000\000'; byte $length
  printf '%s\r\n\r\n' "$1"
}
# question NAME: a DNS query for a name as TCP carries it, and a line's end
question() {
  printf '\000'; byte $((${#1} + 18)); printf '\022\064\001\000\000\001\000\000\000\000\000\000'
  for label in $(echo $1 | tr . ' '); do byte ${#label}; printf %s $label; done
  printf '\000\000\001\000\001\r\n\r\n'
}
seconds=5
connects() { at left timeout $seconds nc "$1" "$2" 2> /dev/null | grep -q 'HTTP/1.. 400'; }
# The pause makes two segments of it; the verdict is that of one.
in_pieces() { dd bs=1 count=20 2> /dev/null; usleep 200000; cat; }

# hears NAME SERVER NAMESPACE COUNTER: whether the query reaches the server, where nobody listens
unheard() { at $1 cat /proc/net/snmp6 /proc/net/snmp | awk -v c=$2 '$1 == c { n = $2 } $1 == "Udp:" && c == "Udp" && $3 ~ /^[0-9]/ { n = $3 } END { print n }'; }
hears() {
  before=$(unheard $3 $4)
  at left nslookup -timeout=1 -retry=1 -type=a "$1" "$2" > /dev/null 2>&1 || true
  [ "$(unheard $3 $4)" -gt "$before" ]
}
