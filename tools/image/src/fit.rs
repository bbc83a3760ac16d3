// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What U-Boot boots from memory: kernel, device tree and root in one file, a flattened image tree (FIT).

use std::fmt::Write as _;

use files::{wrong, Problem};
use serde_saphyr::Spanned;

use crate::raw::{RawConfiguration, RawFit};
use crate::Architecture;

/// How U-Boot boots a kind of device from memory.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The address to which U-Boot unpacks the kernel, and where it begins.
    pub load: u32,
    /// The board's device tree, as the kernel's sources name it: `MAKER/BOARD`.
    pub device_tree: String,
    /// What U-Boot can be told to boot; it takes the first unless it is told another.
    pub configurations: Vec<Configuration>,
}

/// A variant of a board.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Its name in the FIT.
    pub name: String,
    /// What it changes of the device tree, named as that is.
    pub overlays: Vec<String>,
}

/// Where an Arm kernel may begin (the kernel's Documentation/arch/arm64/booting.rst).
const KERNEL_ALIGNMENT: u32 = 2 << 20;

impl Fit {
    pub(crate) fn resolve(raw: Spanned<RawFit>, architecture: Architecture) -> Result<Fit, Problem> {
        if architecture != Architecture::Aarch64 {
            let message = format!("a FIT for {}: it is for U-Boot on aarch64 only", architecture.name());
            return wrong(raw.referenced, message);
        }
        let raw = raw.value;
        let load = raw.load.value;
        if load == 0 || !load.is_multiple_of(KERNEL_ALIGNMENT) {
            let message = format!("load {load:#x}: give the address of memory for the kernel, a multiple of 2 MiB");
            return wrong(raw.load.referenced, message);
        }
        if raw.configurations.value.is_empty() {
            return wrong(raw.configurations.referenced, "no configurations: give at least one, with a 'name'");
        }
        let mut configurations: Vec<Configuration> = Vec::new();
        for RawConfiguration { name, overlays } in raw.configurations.value {
            let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if name.value.is_empty() || !name.value.chars().all(letter) {
                let message = format!("configuration '{}': name it by small letters, digits and -", name.value);
                return wrong(name.referenced, message);
            }
            if configurations.iter().any(|other| other.name == name.value) {
                return wrong(name.referenced, format!("a second configuration '{}': rename either", name.value));
            }
            let overlays = overlays.into_iter().map(|overlay| tree(overlay, ".dtbo")).collect::<Result<_, _>>()?;
            configurations.push(Configuration { name: name.value, overlays });
        }
        Ok(Fit { load, device_tree: tree(raw.device_tree, ".dtb")?, configurations })
    }

    /// The source from which U-Boot's mkimage makes the FIT: of the files `kernel.gz`, `initramfs`, and for each configuration
    /// `NAME.dtb`. Each part has its SHA-256.
    pub fn source(&self, description: &str) -> String {
        let load = format!("load = <{0:#x}>; entry = <{0:#x}>;", self.load);
        let linux = "arch = \"arm64\"; os = \"linux\";";
        let kernel = format!("type = \"kernel\"; {linux} compression = \"gzip\"; {load}");
        // It says itself how it is packed, and the kernel unpacks it.
        let root = format!("type = \"ramdisk\"; {linux} compression = \"none\";");
        let board = "type = \"flat_dt\"; arch = \"arm64\"; compression = \"none\";";
        let mut images = part("kernel", "kernel.gz", &kernel) + &part("initramfs", "initramfs", &root);
        let mut configurations = String::new();
        for Configuration { name, .. } in &self.configurations {
            let tree = format!("fdt-{name}");
            images += &part(&tree, &format!("{name}.dtb"), board);
            let parts = format!("kernel = \"kernel\"; ramdisk = \"initramfs\"; fdt = \"{tree}\";");
            // Writing to a String does not fail.
            let _ = writeln!(configurations, "\t\t{name} {{ description = \"{name}\"; {parts} }};");
        }
        // The checks of `resolve` leave one at least.
        let default = self.configurations.first().map_or("", |first| &first.name);
        format!(
            "/dts-v1/;\n/ {{\n\tdescription = \"{description}\";\n\t#address-cells = <1>;\n\
             \timages {{\n{images}\t}};\n\
             \tconfigurations {{\n\t\tdefault = \"{default}\";\n{configurations}\t}};\n}};\n"
        )
    }

    /// Of each configuration a line: its name, the device tree, the overlays.
    pub fn trees(&self) -> String {
        let line = |Configuration { name, overlays }: &Configuration| {
            let words = [name, &self.device_tree].into_iter().chain(overlays).map(String::as_str);
            words.collect::<Vec<_>>().join(" ") + "\n"
        };
        self.configurations.iter().map(line).collect()
    }
}

/// A part of the FIT: the contents of a file.
fn part(name: &str, file: &str, properties: &str) -> String {
    format!(
        "\t\t{name} {{\n\t\t\tdescription = \"{name}\"; {properties}\n\
         \t\t\tdata = /incbin/(\"{file}\");\n\t\t\thash {{ algo = \"sha256\"; }};\n\t\t}};\n"
    )
}

/// A device tree's name: it goes to the shell, and to no other place than the kernel's folder of these.
fn tree(name: Spanned<String>, ending: &str) -> Result<String, Problem> {
    let letter = |c: char| c.is_ascii_alphanumeric() || "_-,.+".contains(c);
    let good = |part: &str| !part.is_empty() && !part.starts_with(['.', '-']) && part.chars().all(letter);
    if !name.value.split('/').all(good) || name.value.ends_with(ending) {
        let message = format!(
            "'{}' is no device tree: name it as below the kernel's arch/arm64/boot/dts, without {ending}",
            name.value
        );
        return wrong(name.referenced, message);
    }
    Ok(name.value)
}
