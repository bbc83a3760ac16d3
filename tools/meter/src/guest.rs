// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the guest's kernel and processor are asked for.

use anyhow::{bail, Context, Result};
use std::arch::asm;
use std::arch::x86_64::_rdtsc;
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::path::Path;

/// How many instructions the machine has executed, plus a constant: its time-stamp counter,
/// which QEMU advances by one per instruction (`-icount shift=0`).
pub fn instructions() -> u64 {
    // SAFETY: Every x86_64 processor has the instruction, and Linux lets everyone use it.
    unsafe { _rdtsc() }
}

/// Tells the profiler to start counting, by an instruction that does nothing else. See
/// `plugin.rs` of the profiler, which knows the displacements.
pub fn begin_profile() {
    // SAFETY: A long NOP touches nothing.
    unsafe { asm!("nopl 0x4c474231(%rax,%rax,1)", options(att_syntax, nomem, nostack, preserves_flags)) }
}

/// Tells the profiler to stop.
pub fn end_profile() {
    // SAFETY: As above.
    unsafe { asm!("nopl 0x4c474530(%rax,%rax,1)", options(att_syntax, nomem, nostack, preserves_flags)) }
}

/// Sends frames out of a device.
pub struct Sender(OwnedFd);

impl Sender {
    /// A sender at `device` in the network namespace that `namespace` is bound to.
    ///
    /// # Errors
    ///
    /// There is no such namespace or device.
    pub fn open(namespace: &Path, device: &str) -> Result<Self> {
        let here = File::open("/proc/self/ns/net").context("failed to open /proc/self/ns/net")?;
        let there = File::open(namespace).with_context(|| format!("failed to open {}", namespace.display()))?;
        enter(&there)?;
        let socket = bound(device).with_context(|| format!("failed to send at {device} in {}", namespace.display()));
        enter(&here)?;
        Ok(Sender(socket?))
    }

    /// Sends `count` frames, these in turn.
    ///
    /// # Errors
    ///
    /// The kernel does not take one.
    #[inline(never)]
    pub fn send(&self, frames: &[Vec<u8>], count: u32) -> Result<()> {
        let mut turn = frames.iter().cycle();
        for _ in 0..count {
            let Some(frame) = turn.next() else { bail!("there are no frames to send") };
            // SAFETY: The pointer and the length are the frame's.
            if unsafe { libc::send(self.0.as_raw_fd(), frame.as_ptr().cast(), frame.len(), 0) } < 0 {
                return Err(io::Error::last_os_error()).context("failed to send a frame");
            }
        }
        Ok(())
    }
}

fn enter(namespace: &File) -> Result<()> {
    // SAFETY: The descriptor is open.
    if unsafe { libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWNET) } < 0 {
        return Err(io::Error::last_os_error()).context("failed to enter a network namespace");
    }
    Ok(())
}

/// A packet socket of this namespace that sends, and receives nothing.
fn bound(device: &str) -> Result<OwnedFd> {
    let name = std::ffi::CString::new(device)?;
    // SAFETY: The name ends in a zero.
    let index = unsafe { libc::if_nametoindex(name.as_ptr()) };
    if index == 0 {
        return Err(io::Error::last_os_error()).context("no such device");
    }
    // SAFETY: No pointers.
    let socket = unsafe { libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0) };
    if socket < 0 {
        return Err(io::Error::last_os_error()).context("failed to make a packet socket");
    }
    // SAFETY: It is open and nobody else's.
    let socket = unsafe { OwnedFd::from_raw_fd(socket) };
    // SAFETY: All zeros are a valid address.
    let mut address: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
    address.sll_family = libc::AF_PACKET as u16;
    address.sll_ifindex = index as i32;
    let length = std::mem::size_of_val(&address) as u32;
    // SAFETY: The address and its length belong together.
    if unsafe { libc::bind(socket.as_raw_fd(), (&raw const address).cast(), length) } < 0 {
        return Err(io::Error::last_os_error()).context("failed to bind a packet socket");
    }
    Ok(socket)
}

/// A device's hardware address.
///
/// # Errors
///
/// There is no such device.
pub fn hardware_address(device: &str) -> Result<[u8; 6]> {
    let text = read(&format!("/sys/class/net/{device}/address"))?;
    let bytes: Option<Vec<_>> = text.trim().split(':').map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
    bytes.and_then(|bytes| bytes.try_into().ok()).with_context(|| format!("{device}: '{text}' is no hardware address"))
}

/// How many packets have left at a device.
///
/// # Errors
///
/// There is no such device.
pub fn sent(device: &str) -> Result<u64> {
    let file = format!("/sys/class/net/{device}/statistics/tx_packets");
    read(&file)?.trim().parse().with_context(|| format!("{file} holds no number"))
}

/// Bytes that the kernel holds for itself: objects, pages in their place, mapped memory, and
/// what there is once for each processor.
///
/// # Errors
///
/// /proc cannot be read.
pub fn kernel_memory() -> Result<u64> {
    // Objects that were freed count as held while their page is this processor's own.
    for cache in fs::read_dir("/sys/kernel/slab").context("failed to read /sys/kernel/slab")? {
        let shrink = cache.context("failed to read /sys/kernel/slab")?.path().join("shrink");
        fs::write(&shrink, "1").with_context(|| format!("failed to write {}", shrink.display()))?;
    }
    let [meminfo, slabinfo] = ["/proc/meminfo", "/proc/slabinfo"].map(read);
    let (objects, pages) = objects(&slabinfo?)?;
    let meminfo = meminfo?;
    let mut held = objects;
    for name in ["Slab:", "VmallocUsed:", "Percpu:"] {
        held += field(&meminfo, name)?;
    }
    // Large objects are pages of `Slab:` that no cache has.
    Ok(held.saturating_sub(pages))
}

/// A line of /proc/meminfo, in bytes.
fn field(meminfo: &str, name: &str) -> Result<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix(name));
    let line = line.with_context(|| format!("/proc/meminfo has no line '{name}'"))?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().with_context(|| format!("{name}{line}"))?;
    Ok(kilobytes * 1024)
}

/// Bytes of the objects in use, and of the pages that the caches have for them.
fn objects(slabinfo: &str) -> Result<(u64, u64)> {
    const PAGE: u64 = 4096;
    let (mut objects, mut pages) = (0, 0);
    // name active total size objects-per-slab pages-per-slab : tunables ... : slabdata active total shared
    for line in slabinfo.lines().skip(2) {
        let words: Vec<_> = line.split_whitespace().collect();
        let number = |index: usize| words.get(index).and_then(|word| word.parse::<u64>().ok());
        let (Some(active), Some(size), Some(per_slab), Some(slabs)) = (number(1), number(3), number(5), number(14))
        else {
            bail!("/proc/slabinfo: '{line}' is no line of a cache");
        };
        objects += active * size;
        pages += slabs * per_slab * PAGE;
    }
    Ok((objects, pages))
}

/// The functions of loaded modules and of compiled eBPF programs, as /proc/kallsyms has them.
///
/// # Errors
///
/// It cannot be read.
pub fn symbols_of_modules() -> Result<Vec<String>> {
    let text = read("/proc/kallsyms")?;
    let functions = text
        .lines()
        .filter(|line| line.ends_with(']') && line.split(' ').nth(1).is_some_and(|kind| "tT".contains(kind)));
    Ok(functions.map(|line| line.replace('\t', " ")).collect())
}

fn read(file: &str) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("failed to read {file}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_meminfo_are_kilobytes() {
        let text = "MemFree: 1 kB\nSlab:   10 kB\n";
        assert_eq!(field(text, "Slab:").expect("there"), 10 * 1024);
        assert!(field(text, "Percpu:").expect_err("missing").to_string().contains("Percpu:"));
    }

    #[test]
    fn objects_in_use_are_told_from_their_pages() {
        let text = "slabinfo - version: 2.1\n# name <active_objs> ...\n\
            kmalloc-64 100 128 64 64 1 : tunables 0 0 0 : slabdata 2 2 0\n\
            kmalloc-8k 3 4 8192 4 8 : tunables 0 0 0 : slabdata 1 1 0\n";
        assert_eq!(objects(text).expect("two caches"), (6400 + 24_576, 2 * 4096 + 8 * 4096));
        assert!(objects("a\nb\nkmalloc-64 100\n").is_err());
    }
}
