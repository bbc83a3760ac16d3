// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Disks, as sysfs and procfs tell of them.

use std::fmt;
use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use crate::Error;

/// A disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    /// The device, as it was given.
    pub path: PathBuf,
    /// The kernel's name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// What its maker calls it, if it says so.
    pub model: Option<String>,
    /// What is on it, in the order of their numbers.
    pub partitions: Vec<Partition>,
    /// What uses it or a part of it.
    pub users: Vec<String>,
}

/// A part of a disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The kernel's name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Its label in a partition table that has labels.
    pub label: Option<String>,
}

/// What sysfs counts sizes in, and a partition table its places.
const SECTOR: u64 = 512;

impl Disk {
    /// Looks at a device. `root` has the kernel's file systems, `sys` and `proc`.
    ///
    /// # Errors
    ///
    /// [`Error::NoDisk`], [`Error::InUse`].
    pub fn find(root: &Path, path: &Path) -> Result<Disk, Error> {
        let no_disk = |why: &str| Error::NoDisk { path: path.to_owned(), why: why.to_owned() };
        // Names by which disks are known, as those of by-id, are links.
        let real = path.canonicalize().map_err(files::Error::reading(path))?;
        let name = real.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = root.join("sys/class/block").join(&name);
        let is_device = fs::metadata(&real).is_ok_and(|metadata| metadata.file_type().is_block_device());
        // Only tests have another root, and no devices.
        if !folder.exists() || (root == Path::new("/") && !is_device) {
            return Err(no_disk("this is no disk: `lsblk` shows those that there are, as /dev/sdb"));
        }
        if folder.join("partition").exists() {
            let whole = folder.canonicalize().ok();
            let whole = whole.as_deref().and_then(Path::parent).and_then(Path::file_name);
            let whole = whole.map_or("the whole disk".into(), |whole| format!("/dev/{}", whole.to_string_lossy()));
            return Err(no_disk(&format!("this is a partition: an image has its own, so give {whole}")));
        }
        if read(&folder.join("ro")).as_deref() == Some("1") {
            return Err(no_disk("it can only be read: look for a switch on it"));
        }
        if let Some(sector) = read(&folder.join("queue/logical_block_size")).filter(|size| *size != SECTOR.to_string())
        {
            return Err(no_disk(&format!("its sectors have {sector} bytes, and an image is for sectors of {SECTOR}")));
        }
        let partitions = partitions(&folder)?;
        let users = users(root, &folder, &partitions)?;
        let disk = Disk {
            path: path.to_owned(),
            size: size(&folder),
            model: read(&folder.join("device/model")).filter(|model| !model.is_empty()),
            name,
            partitions,
            users,
        };
        if disk.users.is_empty() {
            Ok(disk)
        } else {
            Err(Error::InUse { path: disk.path, by: disk.users })
        }
    }
}

/// A file's only line.
fn read(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

fn size(folder: &Path) -> u64 {
    read(&folder.join("size")).and_then(|size| size.parse::<u64>().ok()).map_or(0, |sectors| sectors * SECTOR)
}

fn partitions(folder: &Path) -> Result<Vec<Partition>, Error> {
    let mut numbered = Vec::new();
    for entry in fs::read_dir(folder).map_err(files::Error::reading(folder))? {
        let path = entry.map_err(files::Error::reading(folder))?.path();
        let Some(number) = read(&path.join("partition")).and_then(|number| number.parse::<u32>().ok()) else {
            continue;
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let uevent = read(&path.join("uevent")).unwrap_or_default();
        let label = uevent.lines().find_map(|line| line.strip_prefix("PARTNAME=")).map(str::to_owned);
        numbered.push((number, Partition { name, size: size(&path), label }));
    }
    numbered.sort_by_key(|(number, _)| *number);
    Ok(numbered.into_iter().map(|(_, partition)| partition).collect())
}

/// What uses a disk: mounts, swap, and devices that are made of it.
fn users(root: &Path, folder: &Path, partitions: &[Partition]) -> Result<Vec<String>, Error> {
    let path = root.join("proc/self/mountinfo");
    let mounts = files::read_text(&path)?;
    // Without swap in the kernel there is no such file.
    let swaps = fs::read_to_string(root.join("proc/swaps")).unwrap_or_default();
    let mut users = Vec::new();
    let folders = std::iter::once(folder.to_owned()).chain(partitions.iter().map(|part| folder.join(&part.name)));
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let device = format!("/dev/{name}");
        let number = read(&folder.join("dev")).unwrap_or_default();
        let places: Vec<_> = mounts.lines().filter_map(|line| mounted(line, &number, &device)).collect();
        users.extend(places.iter().map(|place| format!("{name} is mounted at {place}")));
        if places.is_empty() {
            users.extend(btrfs(root, &name).map(|id| format!("{name} is part of a btrfs that is mounted, {id}")));
        }
        if swaps.lines().any(|line| line.split_whitespace().next() == Some(&device)) {
            users.push(format!("{name} is swap"));
        }
        let holders = fs::read_dir(folder.join("holders")).into_iter().flatten().flatten();
        users.extend(holders.map(|holder| format!("{name} is part of {}", holder.file_name().to_string_lossy())));
    }
    Ok(users)
}

/// Where a line of mountinfo says that a device is mounted. btrfs has devices of its own, as `0:35`, and names as the source
/// one of those that it is on.
fn mounted<'a>(line: &'a str, number: &str, device: &str) -> Option<&'a str> {
    let (mount, system) = line.split_once(" - ")?;
    let mut fields = mount.split(' ').skip(2);
    let (of, place) = (fields.next()?, fields.nth(1)?);
    (of == number || system.split(' ').nth(1) == Some(device)).then_some(place)
}

/// The btrfs that is mounted and has a device of this name, one of several perhaps.
fn btrfs(root: &Path, name: &str) -> Option<String> {
    let systems = fs::read_dir(root.join("sys/fs/btrfs")).ok()?.flatten();
    let mut having = systems.filter(|system| system.path().join("devices").join(name).exists());
    having.next().map(|system| system.file_name().to_string_lossy().into_owned())
}

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let model = self.model.as_deref().unwrap_or("of an unknown make");
        writeln!(f, "{}: {model}, {}", self.path.display(), Size(self.size))?;
        for Partition { name, size, label } in &self.partitions {
            let label = label.as_ref().map(|label| format!("  {label}")).unwrap_or_default();
            writeln!(f, "  {name}  {}{label}", Size(*size))?;
        }
        Ok(())
    }
}

/// Bytes in the unit that fits.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let units = [(1_u64 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
        match units.iter().find(|(size, _)| self.0 >= *size) {
            Some((size, unit)) => write!(f, "{}.{} {unit}", self.0 / size, self.0 % size * 10 / size),
            None => write!(f, "{} bytes", self.0),
        }
    }
}
