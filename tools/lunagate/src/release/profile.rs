// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a release has for one kind of device: whether its files fit together.

use std::path::Path;

use image::{Component, Contents, Disk, Inventory, PublicKey, Stored};

use super::file;
use super::problems::Problems;
use super::statement::{Image, Statement};

/// Notes all that is wrong with the files of a profile in `folder`.
pub(super) fn check(folder: &Path, statement: &Statement, about: &Image, problems: &mut Problems) {
    let name = |ending| file(&about.profile, ending);
    let Some(key) = problems.note(super::STATEMENT, PublicKey::read(&about.slot_key)) else { return };
    let open = |ending| Stored::open(&folder.join(name(ending)));
    let (Some(stored), Some(carried)) =
        (problems.note(&name("img"), open("img")), problems.note(&name("bundle"), open("bundle")))
    else {
        return;
    };
    let Some(disk) = &stored.disk else { return problems.add(&name("img"), "this is a bundle, not an image") };
    problems.unless(carried.disk.is_none(), &name("bundle"), "this is an image, not a bundle");
    let (Some(slot), Some(bundle)) = (stored.slots.first(), carried.slots.first()) else { return };

    check_disk(&name("img"), disk, &stored, &key, problems);
    for (name, contents) in [(name("img"), slot), (name("bundle"), bundle)] {
        check_contents(&name, contents, statement, about, &key, problems);
    }
    problems.unless(slot.block() == bundle.block(), &name("bundle"), "it is another system than the image's");
    check_inventory(folder, about, slot, disk, statement, problems);
}

/// What is beside the slots.
fn check_disk(name: &str, disk: &Disk, stored: &Stored, key: &PublicKey, problems: &mut Problems) {
    problems.unless(disk.records.iter().all(Option::is_some), name, "a copy of its boot record is not whole");
    let boots = disk.newest().map(|record| record.order()[0]);
    problems.unless(boots == Some(0), name, "its boot record does not boot slot a");
    problems.unless(
        stored.slots.get(1).is_some_and(Contents::is_empty),
        name,
        "slot b has something, and must be empty",
    );
    match &disk.loader {
        None => problems.add(name, "it has no loader"),
        Some(loader) => {
            let trusts = loader.windows(key.bytes().len()).any(|bytes| bytes == key.bytes());
            problems.unless(
                trusts,
                name,
                format!("its loader does not have the key of the slots, {key}, so it boots none"),
            );
        }
    }
}

fn check_contents(
    name: &str,
    contents: &Contents,
    statement: &Statement,
    about: &Image,
    key: &PublicKey,
    problems: &mut Problems,
) {
    let manifest = match contents.verify(key) {
        Ok(manifest) => manifest,
        Err(bundle) => return problems.add(name, format!("with the key of {}, {key}: {bundle}", super::STATEMENT)),
    };
    let product = (&manifest.product.compatibility, &manifest.product.version, manifest.product.rollback);
    let said = (&about.profile, &statement.version, statement.rollback_index);
    problems.unless(
        product == said,
        name,
        format!(
            "it is {} {} with rollback index {}; {} says {} {} with {}",
            product.0,
            product.1,
            product.2,
            super::STATEMENT,
            said.0,
            said.1,
            said.2
        ),
    );
    let hash = image::digits(&manifest.table.root);
    problems.unless(
        hash == about.verity_root_hash,
        name,
        format!("its verity root hash is {hash}, not that of {}", super::STATEMENT),
    );
}

/// The bill of materials: that of the image, byte for byte; of the parts that are there; each with its license.
fn check_inventory(
    folder: &Path,
    about: &Image,
    slot: &Contents,
    disk: &Disk,
    statement: &Statement,
    problems: &mut Problems,
) {
    let name = file(&about.profile, "cdx.json");
    let path = folder.join(&name);
    let Some((root, text)) = problems.note(&file(&about.profile, "img"), slot.root(&path)) else { return };
    let Some(beside) = problems.note(&name, std::fs::read(&path)) else { return };
    problems.unless(beside == text.as_bytes(), &name, "it is not the bill of materials that the image carries");
    let Some(inventory) = problems.note(&name, Inventory::parse(&path, &String::from_utf8_lossy(&beside))) else {
        return;
    };
    let is = (&inventory.name, &inventory.version);
    problems.unless(
        is == (&format!("lunagate-{}", about.profile), &statement.version),
        &name,
        format!("it is of {} {}", is.0, is.1),
    );
    let parts = [
        ("root.squashfs", root),
        ("kernel", slot.kernel()),
        ("loader.efi", disk.loader.as_deref().unwrap_or_default()),
    ];
    for (part, bytes) in parts {
        if let Err(why) = inventory.has(part, bytes) {
            problems.add(&name, why);
        }
    }
    problems.unless(inventory.parts.len() == parts.len(), &name, "it lists parts that the image has not");
    let licenses = file(&about.profile, "licenses.txt");
    let Some(texts) = problems.note(&licenses, std::fs::read_to_string(folder.join(&licenses))) else { return };
    let headings: std::collections::BTreeSet<_> = texts.lines().collect();
    for component in &inventory.components {
        if let Some(heading) = heading(component) {
            problems.unless(headings.contains(&*heading), &licenses, format!("it has nothing of {heading}"));
        }
    }
}

/// What stands above the licenses of a component; nothing for what is ours.
fn heading(component: &Component) -> Option<String> {
    let (address, kind) = match component.purl.as_deref()?.split_once('/')? {
        ("pkg:deb", rest) => (rest.strip_prefix("debian/")?, "Debian"),
        ("pkg:cargo", rest) => (rest, "crate"),
        _ => return None,
    };
    let (name, version) = address.split('?').next()?.split_once('@')?;
    Some(format!("{name} {} ({kind})", version.replace("%2B", "+")))
}
