# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts run others.
insmod_all luarcu luadata luaskb luanetfilter
gives "" "run('rt/parent', 'process', { load_fuel = 100000000 })"
gives "rt/parent" "return list()"
gives "was here" "return require('lunatik')._ENV.parent"
gives "" "stop('rt/parent')"
evaluate "return status()"
[ -z "$answer" ] || die "children outlive their parent: $answer"

# the prompt is a parent like others
gives "1	a" "rt = require('lunatik').runtime('rt/child') return rt:resume('a')"
gives "" "return list()"
evaluate "return status()"
case $answer in "rt/child process 1 "*" 0 runtime running") ;; *) die "the status of a child is: $answer" ;; esac
gives "2	b" "return rt:resume('b')"
gives "" "rt:stop()"
fails "$EINVAL" "*rt/child: stopped*" "rt:resume()"

# what runs is in _ENV under its name, and run returns it
gives true "rt = run('rt/child') return require('lunatik')._ENV.runtimes['rt/child'] ~= nil"
gives 1 "return rt:resume()"
gives 2 "return require('lunatik')._ENV.runtimes['rt/child']:resume()"
gives "rt/child" "return list()"
gives "" "rt:stop()" # whoever stops it
gives "" "return list()"
gives "nil" "return require('lunatik')._ENV.runtimes['rt/child']"

# What crosses is bounded by the memory of who gives it.
child="local rt = require('lunatik').runtime('rt/repeats', 'process', { memory = 512 << 10 }) local text = ('x'):rep(32768)"
gives 15 "$child return select('#', rt:resume(text, 15))"
fails "$EINVAL" "*arguments and results are bounded*524288 bytes*" "$child rt:resume(text, 20)"

# nobody waits for himself
gives tried "run('rt/selfish') s = require('lunatik')._ENV.runtimes['rt/selfish'] return s:resume()"
gives "" "stop('rt/selfish')"
evaluate "run('rt/selfish') s = require('lunatik')._ENV.runtimes['rt/selfish']
  return s:resume(require('lunatik').runtime('rt/echo'))" || die "$answer"
case $answer in
  "false	rt/selfish: deadlock"*"	false	rt/selfish: deadlock"*) ;;
  *) die "a runtime resumed who waited for it: $answer" ;;
esac
gives "" "stop('rt/selfish')"

# the kernel's stack is one for all of them
gives "" "run('rt/deep')"
evaluate "return require('lunatik')._ENV.deep"
case $answer in *"stack overflow"*|*"error in error"*|*"pattern too complex"*) ;; *) die "expected the stack to end: $answer" ;; esac
gives "" "stop('rt/deep')"

# there are limits
gives "" "run('rt/many', 'process', { load_fuel = 100000000 })"
gives "" "stop('rt/many')"
fails "$ETIME" "*out of fuel*" "run('rt/costly', 'process', { load_fuel = 20000000 })"
evaluate "return status()"
[ -z "$answer" ] || die "what a script that failed had made still runs: $answer"

# shared things outlive who made them
gives "" "run('rt/holder')"
gives "" "stop('rt/holder')"
gives "holder	2" "local env = require('lunatik')._ENV return env.kept.from, (env.child:resume())"
evaluate "return status()"
case $answer in "rt/child "*) ;; *) die "the child of a table is: $answer" ;; esac
gives "" "require('lunatik')._ENV.child = nil"
evaluate "return status()"
[ -z "$answer" ] || die "a runtime that nobody holds still runs: $answer"

# those that hold each other end with a shutdown
gives "" "run('rt/circle')"
gives "" "stop('rt/circle')"
evaluate "return status()"
case $answer in "rt/child "*) ;; *) die "the circle is: $answer" ;; esac
gives "" "shutdown()"
evaluate "return status()"
[ -z "$answer" ] || die "a shutdown leaves: $answer"
gives "nil	nil	nil" "return require('lunatik')._ENV.kept, rt, s"

# percpu is recorded
gives true "run('hello', 'softirq', true) local env = require('lunatik')._ENV
  return env.percpu.hello ~= nil and env.runtimes.hello ~= nil"
evaluate "return status()"
case $answer in "hello softirq 2 "*" percpu running") ;; *) die "the status of a percpu script is: $answer" ;; esac
fails "$EINVAL" "*hello: already running*" "run('hello', 'softirq')"
gives "nil" "stop('hello') return require('lunatik')._ENV.percpu.hello"
shown="local env = require('lunatik')._ENV return env.runtimes.hello ~= nil, env.percpu.hello ~= nil"
gives "true	true" "run('hello', 'softirq', true) $shown"
gives "true	false" "replace('hello', 'softirq') $shown"
gives "true	true" "replace('hello', 'softirq', true) $shown"
gives "false	false" "stop('hello') $shown"
fails "$EINVAL" "*percpu is for softirq and hardirq*" "run('hello', 'process', true)"
fails "$EINVAL" "*out of range*" "run('hello', 'softirq', true, { fuel = -1 })"
gives "" "run('hello', 'softirq', false, { fuel = 10 }) stop('hello') startup()"
gives "" "shutdown()"
rmmod_all luarcu luadata luaskb luanetfilter
