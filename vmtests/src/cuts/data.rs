// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a boot finds of the owner's files.

use anyhow::{ensure, Context, Result};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Files by their paths, which begin in /data: what is in them, or where they lead.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Reads ext4 by the programs that made and check it on the router.
pub struct Data {
    /// The folder with e2fsprogs' programs.
    programs: PathBuf,
    scratch: TempDir,
    /// The partition that was read last, and what is there.
    last: RefCell<Option<(Vec<u8>, Files)>>,
}

/// What services write while a test is about other files.
const CHANGING: [&str; 4] = ["dhcpcd/", "openntpd/", "boots", "update/"];

/// The files that neither services write nor a test has to do with, which are those whose names begin like this.
pub fn others(files: &Files, known: &[&str]) -> Files {
    let other = |name: &str| !CHANGING.iter().chain(known).any(|start| name.starts_with(start));
    files.iter().filter(|(name, _)| other(name)).map(|(name, bytes)| (name.clone(), bytes.clone())).collect()
}

impl Data {
    /// `directory` is that of an image, and has e2fsprogs' programs in its folder `e2fsprogs`.
    ///
    /// # Errors
    /// There is no place for scratch files.
    pub fn new(directory: &Path) -> Result<Data> {
        // They wait for a disk to keep what they write, which memory does at once.
        let memory = Path::new("/dev/shm");
        let scratch = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let scratch = scratch.context("failed to make a temporary directory")?;
        Ok(Data { programs: directory.join("e2fsprogs"), scratch, last: RefCell::new(None) })
    }

    /// The files of a partition after the boot has seen to it, which finds nothing but what its journal mends, or a
    /// superblock's copy.
    ///
    /// # Errors
    /// It would not mount, or lacks something.
    pub fn files(&self, partition: &[u8]) -> Result<Files> {
        // Most writes are to other partitions.
        if let Some((_, files)) = self.last.borrow().as_ref().filter(|(last, _)| last == partition) {
            return Ok(files.clone());
        }
        let files = self.look(partition)?;
        *self.last.borrow_mut() = Some((partition.to_vec(), files.clone()));
        Ok(files)
    }

    fn look(&self, partition: &[u8]) -> Result<Files> {
        let (image, folder) = (self.scratch.path().join("data.img"), self.scratch.path().join("data"));
        fs::write(&image, partition).with_context(|| format!("failed to write {}", image.display()))?;
        // The boot does this (`prepare` in images/root/usr/lib/lunagate/data), ...
        let check = |how: &str| self.run("e2fsck", &[how.as_ref(), image.as_ref()], &[0, 1]);
        check("-p").or_else(|_| check("-y"))?;
        // ... and the kernel trusts what comes of it.
        self.run("e2fsck", &["-fn".as_ref(), image.as_ref()], &[0])?;
        fs::create_dir(&folder).with_context(|| format!("failed to create {}", folder.display()))?;
        let dump = format!("rdump / {}", folder.display());
        self.run("debugfs", &["-R".as_ref(), dump.as_ref(), image.as_ref()], &[0])?;
        let mut files = Files::new();
        let walked = walk(&folder, "", &mut files);
        fs::remove_dir_all(&folder).with_context(|| format!("failed to remove {}", folder.display()))?;
        walked.context("failed to read the files of /data")?;
        Ok(files)
    }

    fn run(&self, program: &str, arguments: &[&Path], good: &[i32]) -> Result<()> {
        let path = self.programs.join(program);
        let output = Command::new(&path).args(arguments).output();
        let output = output.with_context(|| {
            format!(
                "failed to run {}: `nix build .#updates`, and `.#policy-packages`, make an image's directory that has it",
                path.display()
            )
        })?;
        let said = String::from_utf8_lossy(&output.stdout);
        // Behind what it looks at is what it finds, of which the first is enough.
        let found = said.lines().find(|line| !line.is_empty() && !line.starts_with("Pass ")).unwrap_or_default();
        ensure!(output.status.code().is_some_and(|code| good.contains(&code)), "{program}: {}: {found}", output.status);
        Ok(())
    }
}

fn walk(folder: &Path, name: &str, files: &mut Files) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        let name = format!("{name}{}", entry.file_name().to_string_lossy());
        if kind.is_dir() {
            walk(&path, &format!("{name}/"), files)?;
        } else if kind.is_symlink() {
            files.insert(name, fs::read_link(&path)?.into_os_string().into_encoded_bytes());
        } else {
            files.insert(name, fs::read(&path)?);
        }
    }
    Ok(())
}
