// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Types of maps, numbered as `enum bpf_map_type` of linux/bpf.h.

pub(crate) const HASH: u32 = 1;
pub(crate) const ARRAY: u32 = 2;
pub(crate) const LRU_HASH: u32 = 9;
pub(crate) const QUEUE: u32 = 22;
pub(crate) const STACK: u32 = 23;

static NAMES: [&str; 34] = [
    "unspec",
    "hash",
    "array",
    "prog_array",
    "perf_event_array",
    "percpu_hash",
    "percpu_array",
    "stack_trace",
    "cgroup_array",
    "lru_hash",
    "lru_percpu_hash",
    "lpm_trie",
    "array_of_maps",
    "hash_of_maps",
    "devmap",
    "sockmap",
    "cpumap",
    "xskmap",
    "sockhash",
    "cgroup_storage",
    "reuseport_sockarray",
    "percpu_cgroup_storage",
    "queue",
    "stack",
    "sk_storage",
    "devmap_hash",
    "struct_ops",
    "ringbuf",
    "inode_storage",
    "task_storage",
    "bloom_filter",
    "user_ringbuf",
    "cgrp_storage",
    "arena",
];

/// The name that bpftool uses, too.
pub(crate) fn name(kind: u32) -> &'static str {
    NAMES.get(kind as usize).copied().unwrap_or("unknown")
}
