// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The decision, and the jump.

use crate::crash;
use crate::disk::{Disk, Partition};
use crate::slot::{self, Slot};
use core::convert::Infallible;
use layout::{decide, newest, Record, Whole, BOOTCTL, COPY_STRIDE, LETTERS, RECORD_LEN, SLOTS};
use uefi::boot::{self, LoadImageSource};
use uefi::proto::loaded_image::LoadedImage;
use uefi::proto::media::block::BlockIO;
use uefi::{println, CString16};

/// Boots the first disk that has our partitions.  Returns only when nothing boots.
pub fn run() -> Result<Infallible, &'static str> {
    let handles = boot::find_handles::<BlockIO>().map_err(|_| "no disk")?;
    for mut disk in handles.into_iter().filter_map(Disk::open) {
        let Some(partitions) = disk.partitions() else { continue };
        let find = |name: &str| partitions.iter().find(|partition| partition.name == name);
        if let (Some(control), Some(a), Some(b)) = (find(BOOTCTL), find(SLOTS[0]), find(SLOTS[1])) {
            let slot = choose(&mut disk, control, [a, b])?;
            drop(disk);
            return start(&slot);
        }
    }
    Err("no disk with our partitions")
}

fn choose(disk: &mut Disk, control: &Partition, slots: [&Partition; 2]) -> Result<Slot, &'static str> {
    let copies = [0, 1].map(|i| disk.read(control.offset + i * COPY_STRIDE, RECORD_LEN).unwrap_or_default());
    // With both copies lost any signed slot may boot, and nothing is written.
    let (copy, stored) = match newest([&copies[0], &copies[1]]) {
        Some((copy, record)) => (copy, Some(record)),
        None => (0, None),
    };
    let panicked = crash::take();
    if panicked {
        println!("loader: slot {} panicked", LETTERS[usize::from(stored.unwrap_or_default().last)]);
    }
    let decision = decide(stored, panicked, |i| match slot::read(disk, slots[i], LETTERS[i]) {
        Ok(slot) => Some(Whole { rollback: slot.rollback, contents: slot }),
        Err(reason) => {
            println!("loader: slot {}: {reason}", LETTERS[i]);
            None
        }
    });
    let decision = decision.ok_or("no slot is signed and whole")?;
    save(disk, control, copy, stored, decision.record)?;
    println!("loader: slot {}", LETTERS[decision.slot]);
    Ok(decision.contents)
}

/// Writes the older copy, if anything changed: a trial boot must be counted before it starts.
fn save(
    disk: &mut Disk,
    control: &Partition,
    copy: usize,
    stored: Option<Record>,
    record: Record,
) -> Result<(), &'static str> {
    match stored {
        Some(old) if old != record => {
            let next = Record { sequence: old.sequence.wrapping_add(1), ..record };
            let at = control.offset + (1 - copy as u64) * COPY_STRIDE;
            disk.write_block(at, &next.encode()).ok_or("cannot write the boot record")
        }
        _ => Ok(()),
    }
}

fn start(slot: &Slot) -> Result<Infallible, &'static str> {
    let source = LoadImageSource::FromBuffer { buffer: &slot.kernel, file_path: None };
    let image = boot::load_image(boot::image_handle(), source).map_err(|_| "the firmware refuses the kernel")?;
    let options = CString16::try_from(slot.cmdline.as_str()).map_err(|_| "bad command line")?;
    let size = u32::try_from(options.num_bytes()).map_err(|_| "bad command line")?;
    let mut loaded = boot::open_protocol_exclusive::<LoadedImage>(image).map_err(|_| "no loaded image")?;
    // SAFETY: `options` lives until start_image returns, if it ever does.
    unsafe { loaded.set_load_options(options.as_ptr().cast(), size) };
    drop(loaded);
    let _ = boot::start_image(image);
    Err("the kernel came back")
}
