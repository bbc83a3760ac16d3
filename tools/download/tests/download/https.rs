// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What comes, what does not, and why.

use std::io::Read;
use std::net::TcpListener;
use std::time::Duration;

use config::Url;
use download::{Client, Known, Limits};

use crate::server::{ok, pem, status, Server, Then, LIMITS};

fn client() -> Client {
    Client::new(&pem("authority"), LIMITS)
}

/// What comes from there, or why nothing does.
fn fetch(client: &Client, url: &Url) -> Result<String, String> {
    let body = client.get(url, &Known::default()).map_err(|error| error.to_string())?;
    let mut text = String::new();
    body.expect("a body").read_to_string(&mut text).map_err(|error| error.to_string())?;
    Ok(text)
}

/// Nothing comes, for this reason; the host is said.
fn fails(client: &Client, url: &Url, words: &str) {
    let said = fetch(client, url).expect_err(words);
    assert!(said.starts_with(&format!("{}: ", url.host())) && said.contains(words), "{said}");
}

#[test]
fn what_is_there_comes_whole() {
    let body = "0123456789".repeat(100);
    let server = Server::start("local", {
        let body = body.clone();
        move |_| ok("", &body)
    });
    assert_eq!(fetch(&client(), &server.url("/file?x=1")).expect("it"), body);
    let request = server.requests.recv().expect("a request");
    assert!(
        request.starts_with("GET /file?x=1 HTTP/1.1\r\n") && request.contains("user-agent: lunagate/"),
        "{request}"
    );
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    let server = Server::start("local", move |_| (chunks.into(), Then::HangUp));
    assert_eq!(fetch(&client(), &server.url("/")).expect("it"), "abcde");
}

#[test]
fn what_is_known_does_not_come_again() {
    let server = Server::start("local", |request| {
        if request.contains("if-none-match: \"one\"") && request.contains("if-modified-since: then") {
            status("304 Not Modified", "")
        } else {
            ok("ETag: \"one\"\r\nLast-Modified: then\r\n", "text")
        }
    });
    let body = client().get(&server.url("/"), &Known::default()).expect("an answer").expect("a body");
    assert!(client().get(&server.url("/"), &body.known).expect("an answer").is_none());
}

#[test]
fn only_who_is_trusted_is_asked() {
    let answer = |_: &str| ok("", "text");
    for (certificate, words) in [
        ("foreign", "signed by nobody who is trusted"),
        ("expired", "its certificate expired"),
        ("early", "its certificate is valid in"),
        ("other", "its certificate is for other.example"),
    ] {
        let server = Server::start(certificate, answer);
        fails(&client(), &server.url("/"), words);
        assert!(server.requests.try_recv().is_err(), "it was asked");
    }
    let server = Server::start("local", answer);
    fails(&Client::new("", LIMITS), &server.url("/"), "'certificates' of router.yaml");
}

#[test]
fn who_is_not_there_is_said() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port").port();
    fails(&client(), &format!("https://127.0.0.1:{port}/").parse().expect("an address"), "nobody listens there");
    // RFC 6761: nobody is called that.
    fails(&client(), &"https://lists.invalid/".parse().expect("an address"), "the name is not found");
    let plain = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://127.0.0.1:{}/", plain.local_addr().expect("a port").port());
    std::thread::spawn(move || {
        for stream in plain.incoming() {
            let _ = std::io::Write::write_all(&mut stream.expect("a client"), b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    fails(&client(), &url.parse().expect("an address"), "there is no TLS with it");
}

#[test]
fn another_answer_is_an_error() {
    let lines = ["404 Not Found", "403 Forbidden", "429 Slow Down", "503 Broken", "204 Empty", "304 Not Modified"];
    for line in lines {
        let server = Server::start("local", move |_| status(line, ""));
        fails(&client(), &server.url("/"), &format!("status {}: ", &line[..3]));
    }
    let server = Server::start("local", |_| (b"SSH-2.0\r\n\r\n".to_vec(), Then::HangUp));
    fails(&client(), &server.url("/"), "what it says is not understood");
    let server = Server::start("local", |_| (Vec::new(), Then::HangUp));
    fails(&client(), &server.url("/"), "before there was an answer");
}

#[test]
fn what_ends_too_early_or_never_is_an_error() {
    let short = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789";
    for then in [Then::HangUp, Then::Break] {
        let server = Server::start("local", move |_| (short.into(), then));
        fails(&client(), &server.url("/"), "cut short, 10 of 100 bytes");
        let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
        let server = Server::start("local", move |_| (chunks.into(), then));
        fails(&client(), &server.url("/"), "cut short after 3 bytes");
    }
    let server = Server::start("local", move |_| (short.into(), Then::Wait));
    let impatient = Client::new(&pem("authority"), Limits { stall: Duration::from_secs(1), ..LIMITS });
    fails(&impatient, &server.url("/"), "nothing has come for 1 s");
    let hurried = Client::new(&pem("authority"), Limits { whole: Duration::from_millis(900), ..LIMITS });
    fails(&hurried, &server.url("/"), "not all has come within 0 s");
    let server = Server::start("local", |_| (b"HTTP/1.0 200 OK\r\n\r\ntext".to_vec(), Then::HangUp));
    fails(&client(), &server.url("/"), "does not say how long it is");
}

#[test]
fn what_is_too_large_is_not_taken() {
    let server = Server::start("local", |_| ok("", &"x".repeat(1001)));
    fails(&client(), &server.url("/"), "larger than 1000 bytes");
    let server = Server::start("local", |_| {
        let piece = "x".repeat(600);
        let text = format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n258\r\n{piece}\r\n258\r\n{piece}\r\n0\r\n\r\n"
        );
        (text.into_bytes(), Then::HangUp)
    });
    fails(&client(), &server.url("/"), "larger than 1000 bytes");
}

#[test]
fn an_address_leads_to_others_but_not_for_ever_and_not_in_the_clear() {
    let server = Server::start("local", |request| match request.split(' ').nth(1).unwrap_or_default() {
        "/start" => status("302 Found", "Location: folder/next\r\n"),
        "/folder/next" => status("308 Permanent Redirect", "Location: ../end\r\n"),
        "/folder/../end" => ok("", "the end"),
        "/clear" => status("301 Moved Permanently", "Location: http://127.0.0.1/end\r\n"),
        "/nowhere" => status("302 Found", ""),
        _ => status("302 Found", "Location: /again\r\n"),
    });
    assert_eq!(fetch(&client(), &server.url("/start")).expect("it"), "the end");
    fails(&client(), &server.url("/clear"), "'http://127.0.0.1/end' does not begin with https://");
    assert_eq!(server.requests.try_iter().count(), 4);
    fails(&client(), &server.url("/again"), "again and again");
    assert_eq!(server.requests.try_iter().count(), 6);
}
