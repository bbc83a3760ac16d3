# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts are told when functions of the kernel are called, whichever those are, and the kernel goes on.
insmod_all luarcu lualinux luanotifier luasyscall luafifo luaprobe
env="require('lunatik')._ENV"
# busy COMMAND: again and again on both CPUs, until calm
busy() {
  for mask in 1 2; do taskset $mask sh -c "while :; do $1; done" & workers="$workers $!"; done
}
# Where so much is probed, some hits are not told.
probed() {
  sync; hostname systab
  evaluate "local t = $env.track return t.sync ~= nil and t.sethostname ~= nil and t.read ~= nil" && [ "$answer" = true ]
}
workers=
calm() { kill $workers; wait $workers 2> /dev/null || true; workers=; }
at_exit 'kill $workers 2> /dev/null || true'

gives "" "run('probes/calls', 'hardirq')"
refuses rmmod luaprobe
taskset 1 sync
gives "1	1" "return $env.pre, $env.post"
taskset 2 sync
taskset 1 sync
hostname "$(hostname)x"
gives "3	3	1" "return $env.pre, $env.post, $env.address"
logged 1 "probes/calls: __x64_sys_sync on CPU 0, task "
logged 1 "lunatik:   ip [0-9a-f]* flags"
sees "lunatik:   do_syscall_64+"
for turn in 1 2 3 4 5; do renice 0 $$; done
gives 3 "return $env.limit"
evaluate "return status()"
case $answer in "probes/calls hardirq 2 "*" 0 run running") ;; *) die "the status is: $answer" ;; esac
gives "" "stop('probes/calls')"
sync
gives 3 "return $env.pre"

gives "" "run('probes/once', 'hardirq')"
for mask in 1 2 1 2; do taskset $mask sync; done
gives "1	0" "return $env.once, $env.never"
gives "" "stop('probes/once')"

# Failures are counted; too many end the calls. One that takes long rests, and is not asked at each call then.
eventually() { for turn in $(seq 100); do if "$@"; then return; fi; usleep 100000; done; return 1; }
stands() { sync; evaluate "return status()"; case $answer in "probes/fails hardirq 2 "*" $1") ;; *) false ;; esac; }
has_failed() { stands "$1 run running" || case $answer in *" $1 run quarantined") ;; *) false ;; esac; }
for way in error fuel memory new argument; do
  gives "" "$env.way = '$way' run('probes/fails', 'hardirq', { faults = 3 })"
  eventually stands "2 run running" || die "$way: the status is: $answer"
  eventually stands "run quarantined" || die "$way: the status is: $answer"
  gives "" "stop('probes/fails')"
done
# In quarantine the probe rests; after that it is asked again.
rests() { sync; grep -q "__x64_sys_sync.*DISABLED" /sys/kernel/debug/kprobes/list; }
gives "" "$env.way = 'error' run('probes/fails', 'hardirq', { faults = 3 })"
eventually has_failed 3 || die "the status is: $answer"
eventually rests || die "a probe in quarantine is hit: $(cat /sys/kernel/debug/kprobes/list)"
gives "" "resume('probes/fails')"
eventually has_failed 4 || die "a probe is not asked after its quarantine: $answer"
gives "" "stop('probes/fails')"

gives "" "$env.way = 'late' run('probes/fails', 'hardirq')"
taskset 1 sync
taskset 1 sh -c 'printf x > /dev/tty1'
evaluate "return status()"
case $answer in "probes/fails hardirq 2 "*" "[1-9]" run running") ;; *) die "late: the status is: $answer" ;; esac
gives "" "stop('probes/fails')"

# Whatever is probed: what the functions themselves use, locks, the log, the allocator, the scheduler, interrupts.
for names in \
  "_printk vprintk_emit console_unlock prb_reserve" \
  "krealloc_noprof __kmalloc_noprof kfree ___slab_alloc __slab_free get_partial_node alloc_pages_noprof" \
  "_raw_spin_lock _raw_spin_lock_irqsave _raw_spin_unlock_irqrestore _raw_spin_unlock" \
  "lunatik_irq_save lunatik_spin_lock lunatik_spin_unlock lunatik_realloc luaV_execute luaH_getstr luaD_precall" \
  "__schedule try_to_wake_up enqueue_task_fair update_curr pick_next_task_fair finish_task_switch" \
  "__sysvec_irq_work irq_work_run irq_work_single irq_work_queue arch_irq_work_raise __irq_exit_rcu irq_exit_rcu irq_enter_rcu" \
  "ktime_get tick_irq_enter tick_nohz_irq_exit hrtimer_interrupt update_process_times timekeeping_advance" \
  "rcu_note_context_switch rcu_core call_rcu __rcu_read_unlock stack_trace_save unwind_next_frame sched_clock local_clock" \
  "do_syscall_64 __x64_sys_read __x64_sys_write vfs_read vfs_write do_sys_openat2 handle_mm_fault"
do
  evaluate "$env.itself = '$names' run('probes/itself', 'hardirq', { faults = 0, fuel = 20000 })" || die "$names: $answer"
  busy "cat /proc/uptime > /dev/null; dmesg > /dev/null; echo '<7>x' > /dev/kmsg"
  # A slow machine may need more than the first of these.
  for turn in $(seq 20); do
    usleep 300000
    evaluate "return $env.probes, $env.told, $env.missed" || die "$names: $answer"
    echo "$answer" > /tmp/told
    read probes told missed < /tmp/told
    [ "$told" -lt 1 ] || break
  done
  calm
  echo "<6>  $probes probes of $names: $told calls, $missed missed" > /dev/kmsg
  [ "$probes" -ge 2 ] && [ "$told" -ge 1 ] || die "$names: $answer"
  gives "" "stop('probes/itself')"
done

# Runs and stops while it is hit; a module goes from under its probe.
busy sync
for turn in $(seq 10); do gives "" "run('probes/once', 'hardirq') stop('probes/once')"; done
calm
gives "" "$env.target = 'luafifo_memory' run('probes/module', 'hardirq')"
rmmod luafifo
gives "" "stop('probes/module')"
fails "$EINVAL" "*no such symbol*" "run('probes/module', 'hardirq')"
insmod /modules/luafifo.ko

for context in process softirq hardirq; do gives "" "run('probes/misuse', '$context') stop('probes/misuse')"; done
echo 9 > /sys/module/lunatik/parameters/probes
fails "$EINVAL" "*at most 9 probes (module parameter probes of lunatik)*" "run('probes/many', 'hardirq')"
echo 512 > /sys/module/lunatik/parameters/probes

# All system calls at once; the names come in one order on all CPUs.
gives "" "$env.track = require('rcu').table() run('probes/systab', 'hardirq', { faults = 0 }):resume($env.track)"
eventually probed || die "the probes told: $answer"
gives "" "stop('probes/systab') $env.track = nil"
fails "$EINVAL" "*probe: not granted*" "run('probes/once', 'hardirq', { capabilities = 'lunatik' })"
gives true "local all, count = require('syscall.table'), 0 for _ in pairs(all) do count = count + 1 end return count > 300"
fails "$EINVAL" "*syscall: not granted*" "run('probes/misuse', 'hardirq', { capabilities = 'probe' })"
logged 0 "BUG"
gives "" "shutdown()"
