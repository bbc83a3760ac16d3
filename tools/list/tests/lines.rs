// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Lines of sources: what they say, and why others are rejected.

use list::{read, Collection, Entry, Members, Reason};
use sets::prefix::Invalid;
use sets::{Kind, Prefix};

fn names(line: &str) -> Vec<String> {
    let name = |entry| match entry {
        Ok(Entry::Name(name)) => name,
        other => panic!("{line}: {other:?}"),
    };
    read(line.as_bytes()).into_iter().map(name).collect()
}

fn prefix(text: &str) -> Prefix {
    Prefix::parse(text.as_bytes()).expect("a prefix")
}

#[test]
fn names_are_read_from_what_there_is() {
    for (line, name) in [
        ("ads.example", "ads.example"),
        ("  Ads.Example.  # a comment\r\n", "ads.example"),
        ("*.ads.example", "ads.example"),
        (".ads.example", "ads.example"),
        ("||ads.example^", "ads.example"),
        ("||ads.example^$all,important", "ads.example"),
        ("b\u{fc}cher.example", "xn--bcher-kva.example"),
        ("\u{feff}first.example", "first.example"),
        ("_dmarc.x-y.example", "_dmarc.x-y.example"),
        ("de", "de"),
    ] {
        assert_eq!(names(line), [name], "{line}");
    }
    assert_eq!(names("0.0.0.0 a.example localhost b.example"), ["a.example", "b.example"]);
    assert_eq!(names("fe80::1%lo0 localhost a.example"), ["a.example"]);
    for comment in [
        "",
        "   ",
        "# ads.example",
        "! Title: x",
        "; x",
        "[Adblock Plus 2.0]",
        "127.0.0.1 localhost",
        "fe80::1%lo0 localhost",
    ] {
        assert_eq!(names(comment), [""; 0], "{comment}");
    }
}

#[test]
fn names_have_a_length() {
    let part = "a".repeat(63);
    let longest = format!("{part}.{part}.{part}.{}", "a".repeat(61));
    assert_eq!((longest.len(), names(&longest)), (253, vec![longest.clone()]));
    for line in [longest + "a", "a".repeat(64) + ".example", "a".into(), "a..example".into()] {
        assert_eq!(read(line.as_bytes()), [Err(Reason::Length)], "{line}");
    }
}

#[test]
fn prefixes_are_read_strictly() {
    for text in ["10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "::", "02:00:5e", "02-00-5e-00-00-01"] {
        assert_eq!(read(text.as_bytes()), [Ok(Entry::Prefix(prefix(text)))], "{text}");
    }
    for (line, why) in [
        ("10.1.0.0/8", Invalid::Beyond(prefix("10.0.0.0/8"))),
        ("2001:db8::1/32", Invalid::Beyond(prefix("2001:db8::/32"))),
        ("10.0.0.0/33", Invalid::Length),
        ("10.0.0.0/", Invalid::Length),
        ("2001:db8::/129", Invalid::Length),
    ] {
        assert_eq!(read(line.as_bytes()), [Err(Reason::Address(why))], "{line}");
    }
    let Err(host_bits) = read(b"10.1.0.0/8").remove(0) else { panic!("bits beyond the prefix are taken") };
    assert_eq!(host_bits.to_string(), "bits are set beyond the prefix: write 10.0.0.0/8");
}

#[test]
fn other_lines_are_rejected_with_the_reason() {
    for (line, why) in [
        (&b"\xff\xfe"[..], Reason::Encoding),
        (b"two words", Reason::Words),
        (b"http://ads.example/", Reason::Url),
        (b"ads.example/page", Reason::Url),
        (b"ads.*.example", Reason::Star),
        (b"ads,example", Reason::Character(',')),
        (b"10.0.0", Reason::Number),
        (b"1.2.3.4.5", Reason::Number),
        (b"@@||ads.example^", Reason::Rule("for exceptions")),
        (b"example##.banner", Reason::Rule("for parts of pages")),
        (b"||ads.example^$script", Reason::Rule("with options, for some requests only")),
        (b"||ads.example/page", Reason::Rule("for addresses of pages")),
        (b"/banner/*", Reason::Rule("for addresses of pages")),
    ] {
        assert_eq!(read(line), [Err(why)], "{}", String::from_utf8_lossy(line));
    }
}

#[test]
fn a_list_is_of_one_kind() {
    let mut told = Vec::new();
    let mut collection = Collection::new(None, |rejected| told.push(rejected.to_string()));
    collection.add("ads.txt", 1, &b"ads.example\n10.0.0.1\nads.example\n"[..]).expect("bytes can be read");
    let counts = collection.counts();
    assert_eq!((counts.lines, counts.duplicates, counts.rejected), (3, 1, 1));
    assert_eq!(collection.members().expect("a name").count(), 1);
    assert_eq!(told, ["ads.txt:2: an address, in a list of domains"]);

    told = Vec::new();
    let mut collection = Collection::new(Some(Kind::Addresses), |rejected| told.push(rejected.to_string()));
    collection.add("nets.txt", 1, &b"ads.example\n10.0.0.1\n"[..]).expect("bytes can be read");
    assert!(matches!(collection.members(), Ok(Members::Addresses(prefixes)) if prefixes.len() == 1));
    assert_eq!(told, ["nets.txt:1: a name, in a list of addresses"]);
}

#[test]
fn labels_of_one_member_are_added() {
    let mut collection = Collection::new(None, |_| {});
    collection.add("ads", 1, &b"a.example\nb.example\n"[..]).expect("bytes can be read");
    collection.add("malware", 4, &b"B.example\n"[..]).expect("bytes can be read");
    let Ok(Members::Domains(names)) = collection.members() else { panic!("names are domains") };
    assert_eq!(names.into_iter().collect::<Vec<_>>(), [("a.example".to_owned(), 1), ("b.example".to_owned(), 5)]);
}

#[test]
fn a_source_with_too_many_members_is_not_read_on() {
    let mut collection = Collection::new(None, |_| {}).at_most(2);
    collection.add("ads", 1, &b"a.example\nb.example\nA.example\n"[..]).expect("two members");
    let error = collection.add("more", 1, &b"b.example\nc.example\nd.example\n"[..]).expect_err("a third one");
    assert_eq!(error.to_string(), "there are more than 2 members");
    assert_eq!(collection.counts().lines, 5);
}

#[test]
fn a_line_without_an_end_takes_no_memory_for_all_of_it() {
    let words = "0.0.0.0".to_owned() + &" a.example".repeat(100_000);
    let text = format!("first.example\n{words}\nlast.example\n{words}");
    let mut said = Vec::new();
    let mut all = Collection::new(None, |rejected| said.push(rejected.to_string()));
    all.add("x", 1, text.as_bytes()).expect("read");
    assert_eq!((all.counts().lines, all.counts().rejected), (4, 2));
    let Ok(Members::Domains(names)) = all.members() else { panic!("names are domains") };
    assert!(names.keys().eq(["first.example", "last.example"]), "{names:?}");
    assert_eq!(said, ["x:2: a line of more than 64 KiB", "x:4: a line of more than 64 KiB"]);
}
