// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What of the system a kind of device has, and what beside it: drivers, policies, packages.

use std::collections::BTreeSet;

use files::{wrong, Problem};
use serde_saphyr::{Location, Spanned};

use crate::raw::{Names, RawDrivers};

/// What a profile says of drivers, policies and packages. Whether there are such is known when a system is there.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Drivers that the kernel must have.
    needs: Names,
    /// Drivers that the boot loads, whatever the machine says of its devices.
    load: Names,
    /// Drivers that are not in the image.
    without: Names,
    /// The policies in the image; all, if nothing is said.
    policies: Option<Names>,
    /// Debian's packages beside the router's own.
    packages: Names,
}

/// What there is to select from.
#[derive(Clone, Debug)]
pub struct System {
    drivers: BTreeSet<String>,
    policies: Vec<String>,
    packages: Vec<String>,
}

/// What a device has of a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// The policies in the image, in the order in which they see packets.
    pub policies: Vec<String>,
    /// The modules that the boot loads, in their order.
    pub load: Vec<String>,
    /// The modules that are not in the image.
    pub without: Vec<String>,
}

impl System {
    /// `modules` has a line for each driver, as the kernel's `modules.order` and `modules.builtin` do: `kernel/drivers/net/x.ko`.
    #[must_use]
    pub fn new(modules: &str, policies: Vec<String>, packages: Vec<String>) -> System {
        let stem = |line: &str| line.rsplit('/').next()?.strip_suffix(".ko").map(underscored);
        System { drivers: modules.lines().filter_map(stem).collect(), policies, packages }
    }
}

/// To modprobe both signs are one.
fn underscored(name: &str) -> String {
    name.replace('-', "_")
}

impl Selection {
    pub(crate) fn resolve(
        drivers: RawDrivers,
        policies: Option<Spanned<Names>>,
        packages: Names,
    ) -> Result<Selection, Problem> {
        let RawDrivers { needs, load, without } = drivers;
        for names in [&needs, &load, &without] {
            each(names, "a driver, as the kernel calls its modules (mt7530-mdio)", "-_", underscored)?;
        }
        if let Some(policies) = &policies {
            if policies.value.is_empty() {
                return wrong(
                    policies.referenced,
                    "no policies: name at least one; whether it runs is said in router.yaml",
                );
            }
            each(&policies.value, "a policy, as the folders of policies/ are called", "-", str::to_owned)?;
        }
        each(&packages, "a package of Debian's", "-+.", str::to_owned)?;
        for name in &without {
            let same = |other: &&Spanned<String>| underscored(&other.value) == underscored(&name.value);
            if let Some(other) = needs.iter().chain(&load).find(same) {
                return wrong(name.referenced, format!("'{}' is needed, too: leave out either", other.value));
            }
        }
        Ok(Selection { needs, load, without, policies: policies.map(|policies| policies.value), packages })
    }

    /// What a device has of this system.
    ///
    /// # Errors
    ///
    /// The profile names what is not there.
    pub fn of(&self, system: &System) -> Result<Selected, Problem> {
        for name in self.needs.iter().chain(&self.load).chain(&self.without) {
            if !system.drivers.contains(&underscored(&name.value)) {
                let said = "the kernel has no driver of this name: kernel/config says which it has";
                return wrong(name.referenced, format!("'{}': {said}", name.value));
            }
        }
        for name in self.policies.iter().flatten() {
            if !system.policies.contains(&name.value) {
                let all = system.policies.join(", ");
                return wrong(name.referenced, format!("there is no policy '{}': there are {all}", name.value));
            }
        }
        // The build reads them before this program is there, and less of YAML than it.
        let packages: Vec<_> = self.packages.iter().map(|name| name.value.clone()).collect();
        if packages != system.packages {
            let said = format!(
                "the build took '{}' for the packages: write 'packages: [ONE, OTHER]' without quotes and comments",
                system.packages.join(" ")
            );
            let place = self.packages.first().map_or(Location::UNKNOWN, |name| name.referenced);
            return wrong(place, said);
        }
        let names = |names: &Names| names.iter().map(|name| name.value.clone()).collect();
        let chosen =
            |name: &&String| self.policies.as_ref().is_none_or(|chosen| chosen.iter().any(|one| one.value == **name));
        Ok(Selected {
            policies: system.policies.iter().filter(chosen).cloned().collect(),
            load: names(&self.load),
            without: self.without.iter().map(|name| underscored(&name.value)).collect(),
        })
    }
}

/// Each of these is of small letters, digits and such signs, and there once.
fn each(names: &Names, what: &str, signs: &str, same: impl Fn(&str) -> String) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for name in names {
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || signs.contains(c);
        if name.value.is_empty() || !name.value.chars().all(letter) || name.value.starts_with(|c| signs.contains(c)) {
            return wrong(name.referenced, format!("'{}' is not {what}", name.value));
        }
        if !seen.insert(same(&name.value)) {
            return wrong(name.referenced, format!("'{}' is there twice", name.value));
        }
    }
    Ok(())
}
