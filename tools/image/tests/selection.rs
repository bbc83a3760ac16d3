// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a profile selects of a system.

mod profiles;

use image::{Profile, Selected, Selection, System};

const BOARD: &str = "test/board";
/// As the kernel's files list drivers.
const MODULES: &str = "kernel/drivers/net/virtio_net.ko\nkernel/drivers/net/dummy.ko\n\
                       kernel/drivers/net/ethernet/realtek/r8169.ko\nkernel/drivers/nvme/host/nvme.ko\n";
/// As the profile names them.
const PACKAGES: &str = "ethtool dropbear-bin";

fn selection(profile: &str) -> Selection {
    Profile::open(&profiles::path(profile)).expect("a good profile").selection
}

fn system(modules: &str, policies: &[&str], packages: &[&str]) -> System {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    System::new(modules, owned(policies), owned(packages))
}

#[test]
fn a_device_has_what_its_profile_selects() {
    let system = system(MODULES, &["block-list", "dns-block", "sni-block"], &["ethtool", "dropbear-bin"]);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let selected = selection(BOARD).of(&system).expect("all is there");
    let (policies, load) = (names(&["dns-block", "sni-block"]), names(&["dummy"]));
    assert_eq!(selected, Selected { policies, load, without: names(&["r8169", "nvme"]) });
}

#[test]
fn a_profile_that_says_nothing_has_all_policies() {
    let selected = selection("x86_64").of(&system(MODULES, &["a", "b"], &[])).expect("nothing is wanted");
    assert_eq!((selected.policies.len(), selected.load.len(), selected.without.len()), (2, 0, 0));
}

#[test]
fn what_is_not_there_is_told_with_its_place() {
    let policies = ["dns-block", "sni-block"];
    for (modules, policies, packages, place, said) in [
        (
            &MODULES.replace("virtio_net", "e1000"),
            &policies[..],
            PACKAGES,
            "15:",
            "'virtio-net': the kernel has no driver",
        ),
        (&MODULES.replace("dummy", "veth"), &policies[..], PACKAGES, "16:", "'dummy': the kernel has no driver"),
        (&MODULES.replace("nvme.ko", "nvm.ko"), &policies[..], PACKAGES, "17:", "'nvme': the kernel has no driver"),
        (&MODULES.to_owned(), &policies[1..], PACKAGES, "18:", "no policy 'dns-block': there are sni-block"),
        (&MODULES.to_owned(), &policies[..], "", "19:", "the build took '' for the packages"),
    ] {
        let packages: Vec<_> = packages.split_whitespace().collect();
        let problem = selection(BOARD).of(&system(modules, policies, &packages)).expect_err(said).to_string();
        assert!(problem.starts_with(place) && problem.contains(said), "{problem}");
    }
}

#[test]
fn what_cannot_be_selected_is_told_with_its_place() {
    profiles::each_is_told(
        BOARD,
        &[
            ("virtio-net", "virtio_Net", "15:11", "'virtio_Net' is not a driver, as the kernel calls its modules"),
            ("[dummy]", "[dummy, dummy]", "16:17", "'dummy' is there twice"),
            ("[r8169, nvme]", "[virtio_net]", "17:13", "'virtio-net' is needed, too: leave out either"),
            ("[sni-block, dns-block]", "[]", "18:11", "no policies: name at least one"),
            ("sni-block", "../sni-block", "18:12", "'../sni-block' is not a policy"),
            ("[ethtool, ", "[ethtool=1, ", "19:12", "'ethtool=1' is not a package of Debian's"),
            ("without:", "with:", "17:3", "with"),
        ],
    );
}
