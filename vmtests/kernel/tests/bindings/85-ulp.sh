# SPDX-License-Identifier: MIT OR GPL-2.0-only
# TCP sockets receive and send through scripts: whatever programs do with them, and in front of a server that
# knows nothing of it.
insmod_all lualinux luaio luaulp
ip link set lo up
refuses lunatik filter filters/http http --port 8080

# A connection is over for its script a moment after it is for the program, which makes the next meanwhile.
bound() { cat /sys/module/$1/parameters/$2; echo $3 > /sys/module/$1/parameters/$2; }
before=$(bound lunatik runtimes 1000)
at_exit "bound lunatik runtimes $before > /dev/null"
for address in 127.0.0.1 ::1; do ulp $address > /tmp/cases 2>&1 || die "$(tail -n 2 /tmp/cases)"; done
sees "text-[0-9]*: .*on purpose"
sees "text-[0-9]*: out of fuel"
# What is of a socket goes with it, a moment later.
settles() {
  for turn in $(seq 250); do
    evaluate "return status()" || die "$answer"
    [ -n "$answer" ] || return 0
    usleep 20000
  done
  die "scripts of sockets that are gone: $answer"
}
settles

# A server as it is, with a filter in front.
mkdir -p /tmp/www/private /tmp/www/cgi-bin
printf '#!/bin/sh\necho; wc -c\n' > /tmp/www/cgi-bin/count
chmod +x /tmp/www/cgi-bin/count
echo welcome > /tmp/www/index.html
echo secret > /tmp/www/private/index.html
serve() { httpd -f -p "$1" -h /tmp/www & server=$!; at_exit "kill $server 2> /dev/null || true"; }
# asks ADDRESS PATH [OPTION...]: what the server says
asks() { address=$1 path=$2; shift 2; wget -q -T 60 -O - "$@" "http://$address:8080$path" 2> /dev/null; }
# says_no ADDRESS REQUEST: the connection is reset, and nothing of an answer comes
says_no() {
  printf "$2" | timeout 60 nc $1 8080 > /tmp/reply 2> /dev/null || true
  [ ! -s /tmp/reply ] || die "'$2' is answered: $(head -n 1 /tmp/reply)"
}
for address in 127.0.0.1 [::1]; do
  host=$(echo $address | tr -d '[]')
  serve $address:8080
  for turn in $(seq 250); do asks $address / > /tmp/page && break || usleep 20000; done
  [ "$(cat /tmp/page)" = welcome ] || die "the server does not come up"
  [ "$(asks $address /private/)" = secret ] || die "without a filter the server keeps a secret"
  # What fails leaves the server as it is.
  refuses lunatik filter ulp/nowhere f --port 8080
  refuses lunatik filter filters/http nothing --port 8080
  [ "$(asks $address /private/)" = secret ] || die "a filter that cannot be set is in the way"
  lunatik filter filters/http http --port 8080 || die "no filter can be set"
  refuses lunatik filter filters/http http --port 8080
  gives "filters/http" "return list()"
  evaluate "return status()"
  # The server's own queue of connections is that long.
  [ "$(echo "$answer" | grep -c '^filters/http process 1 .* sockets running$')" = 9 ] || die "the pool is: $answer"
  refuses rmmod luaulp
  [ "$(asks $address /)" = welcome ] || die "a page does not pass"
  ! asks $address /private/ > /tmp/page || die "the secret is out: $(cat /tmp/page)"
  ! asks $address /%70rivate/ > /tmp/page || die "the secret is out, escaped: $(cat /tmp/page)"
  says_no $host 'DELETE / HTTP/1.0\r\n\r\n'
  says_no $host 'GET /x/../private/ HTTP/1.0\r\n\r\n'
  says_no $host 'GET / HTTP/1.0\n\nGET /private/ HTTP/1.0\r\n\r\n'
  says_no $host 'POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'
  says_no $host 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'
  # Behind one that is allowed.
  says_no $host 'GET / HTTP/1.1\r\n\r\nGET /private/ HTTP/1.1\r\n\r\n'
  [ "$(asks $address /cgi-bin/count --post-data "$(head -c 100000 /dev/zero | tr '\0' x)")" = 100000 ] ||
    die "a large body does not pass"
  # In pieces it is the same request.
  { printf 'GET / HT'; usleep 200000; printf 'TP/1.0\r\n\r\n'; } | timeout 60 nc $host 8080 > /tmp/reply || true
  grep -q welcome /tmp/reply || die "a request in pieces does not pass"
  # A script that is stopped lets nobody through.
  gives "" "stop('filters/http')"
  ! asks $address / > /tmp/page || die "without its script the filter lets pass: $(cat /tmp/page)"
  kill $server
  wait $server || true
  settles
done

# A connection that ends while its script is in quarantine leaves nothing in the state.
at_exit "bound lunatik faults $(bound lunatik faults 3) > /dev/null; bound luaulp states $(bound luaulp states 1) > /dev/null"
serve 127.0.0.1:8080
for turn in $(seq 250); do asks 127.0.0.1 / > /tmp/page && break || usleep 20000; done
lunatik filter ulp/leaves f --port 8080 || die "no filter can be set"
for round in 1 2 3; do
  for turn in 1 2 3; do says_no 127.0.0.1 'bad'; done
  sees "ulp/leaves: quarantined" $round
  # Those that are over are told so in a worker.
  sleep 1
  gives true "return resume('ulp/leaves')"
done
says_no 127.0.0.1 'count'
sees "leaves: [0-9]* tables"
logged 1 "leaves: 1 tables"
kill $server
wait $server || true
settles
logged 0 "BUG"
