# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts send signals, and see those of the task that runs them.
insmod_all luacompletion luathread luasignal
signal="require('signal')"
# The task is this chunk's writer.
gives "false	false	true	true" "local signal = $signal
  local before = signal.sigstate(28)
  signal.sigmask(28)
  signal.kill(require('thread').current():task().pid, 28)
  local results = { before, signal.sigpending(), signal.sigstate(28), signal.sigstate(28, 'pending') }
  signal.sigmask(28, 1)
  return table.unpack(results)"
sleep 1000 & sleeper=$!
gives "true	true" "return $signal.kill($sleeper, 0), $signal.kill($sleeper, require('linux.signal').TERM)"
status=0; wait $sleeper || status=$?
[ $status = 143 ] || die "the sleeper ended with $status"
gives false "return $signal.kill($sleeper)"
sleep 1000 & sleeper=$!
gives true "return $signal.kill($sleeper)"
status=0; wait $sleeper || status=$?
[ $status = 137 ] || die "the sleeper ended with $status"
# Process 1 is protected from scripts as it is from root.
gives true "return $signal.kill(1)"
gives "" "spawn('signals/thread')"
for turn in $(seq 1000); do
  evaluate "return require('lunatik')._ENV.signals"
  [ "$answer" = nil ] || break
  usleep 20000
done
[ "$answer" = held ] || die "a thread's signals: $answer"
refuses rmmod luasignal
gives "" "stop('signals/thread')"
gives "" "run('signals/misuse') stop('signals/misuse')"
for context in softirq hardirq; do gives "" "run('signals/in_hooks', '$context') stop('signals/in_hooks')"; done
fails "$EINVAL" "*signal: not granted*" "run('signals/misuse', 'process', { capabilities = 'thread' })"
