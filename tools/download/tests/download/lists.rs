// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Lists that are kept up to date: what is there before, while and after something comes, or does not.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use config::List;
use download::lists::{Lists, News, State};
use tempfile::TempDir;

use crate::server::{ok, pem, status, Server, Then};

/// A router with lists from a server, whose answer changes.
struct Fixture {
    folder: TempDir,
    answer: Arc<Mutex<(Vec<u8>, Then)>>,
    server: Server,
    kind: Cell<&'static str>,
}

impl Fixture {
    fn new() -> Fixture {
        let answer = Arc::new(Mutex::new(ok("", "ads.example\n")));
        let server = Server::start("local", {
            let answer = answer.clone();
            move |_| answer.lock().expect("an answer").clone()
        });
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("config")).expect("a folder");
        fs::write(folder.path().join("config/authorities.pem"), pem("authority")).expect("written");
        let fixture = Fixture { folder, answer, server, kind: Cell::new("domains") };
        fixture.configure("domains");
        fixture
    }

    fn configure(&self, kind: &'static str) {
        self.kind.set(kind);
        fs::write(self.folder.path().join("config/lists"), format!("{}\n", self.list())).expect("written");
    }

    fn list(&self) -> List {
        format!("ads {} 900 {}", self.kind.get(), self.server.url("/hosts.txt")).parse().expect("a list")
    }

    /// Policies note what they are to take, and take it unless a file says otherwise.
    fn lists(&self) -> Lists {
        let (folder, noted) = (self.folder.path(), self.folder.path().join("noted"));
        Lists {
            config: folder.join("config"),
            folder: folder.join("sets"),
            locks: folder.to_owned(),
            reload: format!(
                "cksum < \"$1\" >> {0}; [ ! -e {1} ] || {{ echo out of memory >&2; exit 1; }}",
                noted.display(),
                folder.join("refuse").display()
            ),
        }
    }

    fn answers(&self, answer: (Vec<u8>, Then)) {
        *self.answer.lock().expect("an answer") = answer;
    }

    fn update(&self) -> (State, Result<News, String>) {
        let (state, news) = self.lists().update(&self.list()).expect("it is kept");
        (state, news.map_err(|error| format!("{error:#}")))
    }

    /// Whether the set has a name.
    fn has(&self, name: &str) -> bool {
        let set = list::Opened::new(&self.lists().set(&self.list())).expect("a set");
        set.label(name).is_some()
    }

    fn reloads(&self) -> usize {
        fs::read_to_string(self.folder.path().join("noted")).unwrap_or_default().lines().count()
    }

    fn is_left(&self, names: &[&str]) {
        let mut there: Vec<_> = entries(&self.folder.path().join("sets"));
        there.sort();
        assert_eq!(there, names);
    }
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect()
}

#[test]
fn a_set_is_there_before_the_list_has_come() {
    let fixture = Fixture::new();
    assert_eq!(fixture.lists().prepare(false).expect("prepared"), Vec::<String>::new());
    assert!(!fixture.has("ads.example"));
    let status = fixture.lists().status(&fixture.list()).to_string();
    assert!(status.starts_with("ads: empty, it has never come\n") && status.ends_with("not asked for yet"), "{status}");
    fixture.update().1.expect("it comes");
    assert!(fixture.lists().prepare(true).expect("prepared").is_empty());
    assert!(fixture.has("ads.example"), "what is whole stays");
}

#[test]
fn a_list_comes_and_changes_and_policies_use_it() {
    let fixture = Fixture::new();
    let (state, news) = fixture.update();
    assert_eq!((news, state.members, fixture.reloads()), (Ok(News::Changed), 1, 1));
    assert!(fixture.has("www.ads.example") && !fixture.has("banner.example"));
    fixture.answers(ok("ETag: \"two\"\r\n", "0.0.0.0 ads.example banner.example\nno name here\n"));
    let (state, news) = fixture.update();
    assert_eq!((news, state.members, state.rejected, fixture.reloads()), (Ok(News::Changed), 2, 1, 2));
    assert!(state.example.expect("an example").starts_with("line 2: more than one word"));
    assert!(fixture.has("banner.example"));
    let status = fixture.lists().status(&fixture.list()).to_string();
    assert!(
        status.starts_with("ads: 2 entries, of ") && status.contains("1 lines are no entries: line 2: "),
        "{status}"
    );
    fixture.is_left(&["ads.json", "ads.set"]);

    // The same again, and then what it has not changed from.
    assert_eq!((fixture.update().1, fixture.reloads()), (Ok(News::Same), 2));
    fixture.answers(status_304());
    assert_eq!((fixture.update().1, fixture.reloads()), (Ok(News::Same), 2));
    assert!(fixture.server.requests.try_iter().last().expect("a request").contains("if-none-match: \"two\""));
}

fn status_304() -> (Vec<u8>, Then) {
    status("304 Not Modified", "")
}

#[test]
fn what_fails_leaves_what_was_there_and_says_why() {
    let fixture = Fixture::new();
    fixture.update().1.expect("it comes");
    let page = "<!doctype html>\n<title>Not found</title>\n<p>There is nothing here\n";
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbanner.example\n".to_vec();
    for (answer, words) in [
        (status("404 Not Found", ""), "status 404"),
        (ok("", page), "this is no list of domains: 0 lines have some, 3 have not (line 1: "),
        (ok("", ""), "this is no list of domains"),
        (ok("", "banner.example\nnot a name\nno name either\n"), "1 lines have some, 2 have not"),
        (ok("", "10.0.0.0/8\n"), "an address, in a list of domains"),
        ((cut, Then::Break), "cut short, 15 of 100 bytes"),
    ] {
        fixture.answers(answer);
        let (state, news) = fixture.update();
        let said = news.expect_err(words);
        assert!(said.contains(words), "{said}");
        assert!(fixture.has("ads.example") && !fixture.has("banner.example"), "{words}: the set is another one");
        let status = fixture.lists().status(&fixture.list()).to_string();
        assert!(status.starts_with("ads: 1 entries") && status.contains(words), "{status}");
        assert!(state.failures > 0 && state.next > state.checked.expect("a time"));
    }
    assert_eq!(fixture.reloads(), 1);
    fixture.is_left(&["ads.json", "ads.set"]);
    fixture.answers(ok("", "banner.example\n"));
    let (state, news) = fixture.update();
    assert_eq!((news, state.failures, state.error), (Ok(News::Changed), 0, None));
}

#[test]
fn what_policies_do_not_take_is_taken_back() {
    let fixture = Fixture::new();
    fixture.update().1.expect("it comes");
    fixture.answers(ok("", "banner.example\n"));
    fs::write(fixture.folder.path().join("refuse"), "").expect("written");
    let said = fixture.update().1.expect_err("refused");
    assert_eq!(said, "policies do not take it: out of memory");
    assert!(fixture.has("ads.example") && !fixture.has("banner.example"));
    let noted = fs::read_to_string(fixture.folder.path().join("noted")).expect("notes");
    let noted: Vec<_> = noted.lines().collect();
    assert!(noted.len() == 3 && noted[0] == noted[2], "those that took the new one have the old one again: {noted:?}");
    fixture.is_left(&["ads.json", "ads.set"]);
}

#[test]
fn a_power_cut_before_policies_took_it_leaves_the_old_one() {
    let fixture = Fixture::new();
    fixture.update().1.expect("it comes");
    let sets = fixture.folder.path().join("sets");
    fs::rename(sets.join("ads.set"), sets.join("ads.before")).expect("renamed");
    fs::write(sets.join("ads.set"), "half of").expect("written");
    fs::write(sets.join(".tmp123"), "half of another").expect("written");
    assert!(fixture.lists().prepare(true).expect("prepared").is_empty());
    assert!(fixture.has("ads.example"));
    fixture.is_left(&["ads.json", "ads.set"]);
}

#[test]
fn a_damaged_set_or_one_of_another_kind_gives_way_to_an_empty_one() {
    let fixture = Fixture::new();
    fixture.update().1.expect("it comes");
    fs::write(fixture.folder.path().join("sets/ads.set"), "damaged").expect("written");
    let said = fixture.lists().prepare(false).expect("prepared").concat();
    assert!(said.contains("the set of ads is damaged"), "{said}");
    fixture.is_left(&["ads.set"]);
    fixture.update().1.expect("it comes whatever was known");
    assert!(fixture.has("ads.example"));
    fixture.configure("addresses");
    assert_eq!(fixture.lists().prepare(false).expect("prepared").len(), 1);
    fixture.answers(ok("", "192.0.2.0/24\n"));
    fixture.update().1.expect("it comes");
    assert!(fixture.has("192.0.2.7"));
    // A list that is none any more.
    fs::write(fixture.folder.path().join("config/lists"), "").expect("written");
    fixture.lists().prepare(true).expect("prepared");
    fixture.is_left(&[]);
}

#[test]
fn policies_take_a_set_while_the_router_follows_no_other_configuration() {
    let fixture = Fixture::new();
    let held = fs::File::create(fixture.folder.path().join("config.lock")).expect("a file");
    held.lock().expect("ours");
    std::thread::scope(|scope| {
        let (lists, list) = (fixture.lists(), fixture.list());
        let update = scope.spawn(move || lists.update(&list).expect("kept").1.expect("it came"));
        std::thread::sleep(std::time::Duration::from_millis(300));
        assert_eq!(fixture.reloads(), 0);
        drop(held);
        assert_eq!(update.join().expect("no panic"), News::Changed);
    });
    assert_eq!(fixture.reloads(), 1);
}
