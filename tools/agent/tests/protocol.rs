// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The channel as both sides see it, over a socket pair.

use agent::{serve, Frame, MAX_PAYLOAD};
use std::io::{ErrorKind, Write};
use std::os::unix::net::UnixStream;
use std::thread;

/// What a command printed and how it ended.
#[derive(Debug, Default, PartialEq)]
struct Ended {
    out: Vec<u8>,
    err: Vec<u8>,
    status: i32,
}

fn run(host: &mut UnixStream, command: &str) -> Ended {
    Frame::Run(command.into()).write(host).expect("the agent listens");
    let mut ended = Ended::default();
    loop {
        match Frame::read(host).expect("the agent answers") {
            Frame::Stdout(bytes) => ended.out.extend(bytes),
            Frame::Stderr(bytes) => ended.err.extend(bytes),
            Frame::Exit(status) => return Ended { status, ..ended },
            Frame::Run(_) => panic!("the agent commands"),
        }
    }
}

fn with_agent(test: impl FnOnce(&mut UnixStream)) {
    let (mut host, router) = UnixStream::pair().expect("a socket pair");
    let agent = thread::spawn(move || serve(&router, &router));
    test(&mut host);
    drop(host);
    let error = agent.join().expect("the agent does not panic").expect_err("the host hung up");
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
}

#[test]
fn output_and_status_come_back_apart() {
    with_agent(|host| {
        let ended = run(host, "echo yes; echo no >&2; exit 7");
        assert_eq!(ended, Ended { out: b"yes\n".into(), err: b"no\n".into(), status: 7 });
        assert_eq!(run(host, "kill -9 $$").status, 137);
        assert_eq!(run(host, "true"), Ended::default());
    });
}

#[test]
fn output_longer_than_a_frame_arrives_whole() {
    with_agent(|host| {
        let ended = run(host, "head -c 300000 /dev/zero; head -c 200000 /dev/zero >&2");
        assert_eq!((ended.out.len(), ended.err.len(), ended.status), (300_000, 200_000, 0));
    });
}

#[test]
fn frames_beyond_the_limit_or_of_no_kind_are_refused() {
    let long = Frame::Run(vec![b' '; MAX_PAYLOAD + 1]);
    assert_eq!(long.write(&mut Vec::new()).expect_err("too long").kind(), ErrorKind::InvalidInput);
    for bad in [&b"r\xff\xff\xff\xff"[..], b"?\0\0\0\0", b"x\x01\0\0\0\0"] {
        assert_eq!(Frame::read(&mut &bad[..]).expect_err("no frame").kind(), ErrorKind::InvalidData, "{bad:?}");
    }
}

#[test]
fn what_is_no_command_ends_the_agent_with_an_error() {
    let (mut host, router) = UnixStream::pair().expect("a socket pair");
    let agent = thread::spawn(move || serve(&router, &router));
    host.write_all(b"GET / HTTP/1.0\r\n\r\n").expect("written");
    assert_eq!(agent.join().expect("no panic").expect_err("refused").kind(), ErrorKind::InvalidData);
}
