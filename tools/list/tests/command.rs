// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command: from sources to a list file and back, and what it says when that fails.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// A folder to work in.
struct Place(TempDir);

/// How a command ended.
struct Ended {
    status: i32,
    said: String,
    complained: String,
}

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path(name), contents).expect("a file");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("a file")
    }

    fn run(&self, arguments: &str) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_list"));
        let output = command.args(arguments.split(' ')).current_dir(&self.0).output().expect("the command");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Ended { status: output.status.code().unwrap_or(-1), said: text(output.stdout), complained: text(output.stderr) }
    }

    fn works(&self, arguments: &str) -> String {
        let Ended { status, said, complained } = self.run(arguments);
        assert_eq!((status, &complained[..]), (0, ""), "{arguments}");
        said
    }

    /// It fails, and says this alone.
    fn fails(&self, arguments: &str, complaint: &str) {
        let Ended { status, complained, .. } = self.run(arguments);
        assert_eq!((status, complained.trim_end()), (1, complaint), "{arguments}");
    }
}

#[test]
fn a_list_says_what_went_into_it() {
    let place = Place::new();
    place.write("ads.txt", "# Ads\nads.example\n||banners.example^\n");
    place.write("bad.txt", "malware.example\nads.example\n");
    let said = place.works("compile --category ads=0 --category malware=4 ads=ads.txt malware=bad.txt -o blocked.list");
    let bytes = place.read("blocked.list").len();
    assert_eq!(
        said,
        format!("blocked.list: 3 names in {bytes} bytes, of 5 lines; 1 duplicates, 0 rejected\n"),
        "the summary"
    );
    let said = place.works("inspect blocked.list --members");
    for line in [
        "blocked.list: a list of domains, version 1",
        "names: 3",
        "label 0x1: 1 names: ads",
        "label 0x10: 1 names: malware",
        "label 0x11: 1 names: ads malware",
        "ads.example 0x11",
        "malware.example 0x10",
    ] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
    assert_eq!(place.works("match blocked.list www.ADS.example."), "www.ADS.example. 0x11 ads malware\n");
    let none = place.run("match blocked.list ads.example example");
    assert_eq!((none.status, &none.said[..]), (1, "ads.example 0x11 ads malware\nexample none\n"));
}

#[test]
fn addresses_make_a_list_too() {
    let place = Place::new();
    place.write("nets.txt", "192.0.2.0/24\n2001:db8::/32\n02:00:5e\n");
    place.works("compile nets.txt -o nets.list");
    let said = place.works("match nets.list 192.0.2.7 2001:db8::1 02:00:5e:01:02:03");
    assert_eq!(said, "192.0.2.7 0x1\n2001:db8::1 0x1\n02:00:5e:01:02:03 0x1\n");
}

#[test]
fn rejected_lines_are_told_by_place() {
    let place = Place::new();
    place.write("nets.txt", "10.1.0.0/8\n10.0.0.0/8\n10.0.0\nads.example\n");
    let ended = place.run("compile nets.txt -o nets.list");
    assert_eq!(ended.status, 0);
    assert_eq!(
        ended.complained,
        "nets.txt:1: bits are set beyond the prefix: write 10.0.0.0/8\n\
         nets.txt:3: neither a name nor a whole address: it ends in a number\n\
         nets.txt:4: a name, in a list of addresses\n"
    );
    assert_eq!(place.run("compile -q nets.txt -o nets.list").complained, "");
}

#[test]
fn what_fails_leaves_the_file_of_before() {
    let place = Place::new();
    place.write("good.txt", "ads.example\n");
    place.write("poor.txt", format!("other.example\n{}.example\n", "a".repeat(64)));
    place.works("compile good.txt -o blocked.list");
    let before = place.read("blocked.list");
    let strict = place.run("compile --strict poor.txt -o blocked.list");
    assert_eq!(strict.status, 1);
    assert_eq!(
        strict.complained,
        "poor.txt:2: a name has 2 to 253 characters, and 1 to 63 between dots\n\
         list: 1 lines are rejected, and --strict is given: nothing is written\n"
    );
    place.fails(
        "compile missing.txt -o blocked.list",
        "list: cannot read missing.txt: No such file or directory (os error 2)",
    );
    place.fails(
        "compile adverts=good.txt -o blocked.list",
        "list: 'adverts=good.txt' is no file, and there is no category 'adverts': give --category adverts=BIT",
    );
    place.fails(
        "compile --label 0 good.txt -o blocked.list",
        "list: label 0 would say that nothing matches: give another",
    );
    place.fails(
        "compile --category ads=0 --category bad=0 good.txt -o blocked.list",
        "list: category bad=0: its name or its bit is given twice",
    );
    place.fails(
        "compile /dev/null -o blocked.list",
        "list: there is no domain and no address in the sources: give --kind for an empty list",
    );
    assert_eq!(place.read("blocked.list"), before);
    let files: Vec<_> = fs::read_dir(&place.0).expect("a folder").map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files.len(), 3, "something is left beside the sources and the list: {files:?}");
}

#[test]
fn options_that_say_nothing_are_refused() {
    let place = Place::new();
    for (arguments, way_out) in [
        ("compile --category ads=64 x -o y", "a bit from 0 to 63, as ads=0"),
        ("compile --category ads x -o y", "a bit from 0 to 63, as ads=0"),
        ("compile --label many x -o y", "give a number from 1 to 18446744073709551615"),
        ("compile x", "--output <FILE>"),
    ] {
        let ended = place.run(arguments);
        assert_eq!(ended.status, 2, "{arguments}");
        assert!(ended.complained.contains(way_out), "{arguments}: {}", ended.complained);
    }
}

#[test]
fn a_damaged_list_is_named_with_the_way_out() {
    let place = Place::new();
    place.write("ads.txt", "ads.example\ntracker.example\n");
    place.works("compile ads.txt -o whole.list");
    let whole = place.read("whole.list");
    let with = |at: usize, byte: u8| {
        let mut file = whole.clone();
        file[at] = byte;
        file
    };
    for (file, why) in [
        (with(whole.len() / 2, 0xaa), "damaged, its checksum is wrong: copy it again"),
        (with(8, 2), "a list file of version 2, not 1: compile it again with this release"),
        (with(10, 9), "damaged: its kind is unknown: compile it again"),
        (with(19, 0x7f), "longer than 64 MiB: compile a shorter list"),
        (whole[..100].to_vec(), "not as long as it says: copy it again"),
        (b"ads.example\n".to_vec(), "no list file: make one with 'lunagate list compile'"),
        (Vec::new(), "no list file: make one with 'lunagate list compile'"),
    ] {
        place.write("bad.list", file);
        for command in ["inspect bad.list", "match bad.list ads.example"] {
            place.fails(command, &format!("list: bad.list: {why}"));
        }
    }
    place.fails("inspect missing.list", "list: cannot read missing.list: No such file or directory (os error 2)");
}

#[test]
fn too_many_labels_are_too_many() {
    let names = |count: u64| (0..count).map(|number| (format!("n{number}.example"), number + 1)).collect();
    assert!(list::domains(&names(65_536), b"").is_ok());
    let error = list::domains(&names(65_537), b"").expect_err("one label too many");
    assert_eq!(error.to_string(), "65537 different labels, 65536 at most are possible: use fewer categories");
}

#[test]
fn a_list_that_no_kernel_loads_is_not_written() {
    // Names of 253 characters: 190 bytes each.
    let part = "a".repeat(61);
    let name = |number: u32| format!("{number:06x}.{part}.{part}.{part}.{}", "a".repeat(60));
    assert_eq!(name(0).len(), 253);
    let names = (0..360_000).map(|number| (name(number), 1)).collect();
    let error = list::domains(&names, b"").expect_err("more than 64 MiB");
    assert_eq!(error.to_string(), "the file would be longer than 64 MiB, which no kernel loads: give fewer members");
}
