// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What clients see of the router's DHCP server: the requirements of RFC 2131. docs/conformance.md says which of them
//! are met.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::{EthernetAddress, IpAddress, Ipv4Address};
use std::cell::Cell;
use std::process::ExitCode;
use vmtests::addresses::ROUTER_LAN;
use vmtests::dhcp::{option, Answer, Kind, Message};
use vmtests::packets::{self, Packet};
use vmtests::{scenario, Direction, Lab, Setup, Side, Stations};

/// Who has an address already, and asks for nothing but the rest.
const INFORMED: Ipv4Address = Ipv4Address::new(192, 168, 1, 20);
/// Addresses that clients ask for.
const WANTED: Ipv4Address = Ipv4Address::new(192, 168, 1, 200);
const FREE: Ipv4Address = Ipv4Address::new(192, 168, 1, 150);
const ELSEWHERE: Ipv4Address = Ipv4Address::new(10, 0, 0, 5);

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    let mut clients = Clients { stations: Stations::new(lab, &[INFORMED.into()])?, number: 0 };
    tried(&mut clients, proved)?;
    let mine = first(&mut clients, proved)?;
    choices(&mut clients, mine, proved)?;
    later(&mut clients, mine, proved)?;
    others(&mut clients, proved)?;
    forms(&mut clients, proved)?;
    losses(&mut clients, mine, proved)?;
    owners(&mut clients, proved)
}

fn tried(clients: &mut Clients, proved: &dyn Fn(&str)) -> Result<()> {
    // The server tries only some addresses in half a minute, so this is first. Somebody has the address that the server
    // would give, without a lease, and answers pings.
    let pool: Vec<_> = (100..=250).map(|last| IpAddress::v4(192, 168, 1, last)).collect();
    clients.stations.place(&pool)?;
    let used = Cell::new(None);
    let answer = clients.answered(Ipv4Address::BROADCAST, Message::new(Kind::Discover, client(10)), |ping| {
        let asked = ping.icmp() == Some((8, 0)) && used.get().is_none_or(|used| used == ping.destination);
        asked.then(|| {
            used.set(Some(ping.destination));
            let number = [ping.body[4], ping.body[5], ping.body[6], ping.body[7]];
            packets::icmp(ping.destination, ping.source, (0, 0), number, &ping.body[8..])
        })
    })?;
    let used = used.get().context("no address was tried")?;
    ensure!(answer.kind == Kind::Offer && IpAddress::Ipv4(answer.address) != used, "{used} is used: {answer:?}");
    proved("an_address_that_somebody_uses_is_not_offered");
    Ok(())
}

fn first(clients: &mut Clients, proved: &dyn Fn(&str)) -> Result<Ipv4Address> {
    let wanted = [option::MASK, option::ROUTER, option::NAME_SERVER, option::DOMAIN];
    let offer = clients.ask(Message::new(Kind::Discover, client(1)).with(option::WANTED, &wanted))?;
    let mine = offer.address;
    let ack = clients.ask(taking(client(1), mine))?;
    for (answer, kind) in [(&offer, Kind::Offer), (&ack, Kind::Ack)] {
        ensure!(answer.kind == kind && answer.address == mine && answer.hardware == client(1), "{answer:?}");
        let octets = answer.address.octets();
        ensure!(octets[..3] == [192, 168, 1] && (100..=250).contains(&octets[3]), "{answer:?}");
        ensure!(answer.address_in(option::SERVER) == Some(ROUTER_LAN), "{answer:?}");
        let seconds = [option::LEASE, option::RENEWAL, option::REBINDING].map(|kind| answer.seconds_in(kind));
        ensure!(seconds == [Some(43_200), Some(21_600), Some(37_800)], "times are {seconds:?}");
    }
    proved("a_client_is_offered_an_address_and_given_it");
    let told = [option::MASK, option::ROUTER, option::NAME_SERVER].map(|kind| offer.address_in(kind));
    ensure!(told == [Ipv4Address::new(255, 255, 255, 0), ROUTER_LAN, ROUTER_LAN].map(Some), "told: {told:?}");
    ensure!(offer.option(option::DOMAIN) == Some(b"lan"), "{offer:?}");
    proved("a_client_is_told_what_it_asks_for");

    ensure!(offer.to == (client(1), IpAddress::Ipv4(mine)), "the offer went to {:?}", offer.to);
    let everybody = (EthernetAddress::BROADCAST, IpAddress::Ipv4(Ipv4Address::BROADCAST));
    let again = clients.ask(Message { broadcast: true, ..Message::new(Kind::Discover, client(1)) })?;
    ensure!(again.to == everybody, "the offer went to {:?}", again.to);
    proved("an_answer_goes_to_its_client_or_to_everybody_as_the_client_says");
    ensure!(again.address == mine, "the client had {mine} and is offered {}", again.address);
    proved("who_has_an_address_is_offered_it_again");
    Ok(mine)
}

fn choices(clients: &mut Clients, mine: Ipv4Address, proved: &dyn Fn(&str)) -> Result<()> {
    let wish = wishing(client(2), WANTED).with(option::LEASE, &600_u32.to_be_bytes());
    let offer = clients.ask(wish)?;
    ensure!((offer.address, offer.seconds_in(option::LEASE)) == (WANTED, Some(600)), "{offer:?}");
    proved("a_client_may_wish_for_a_free_address_and_a_shorter_time");

    let other = Ipv4Address::new(192, 168, 1, 77).octets();
    let elsewhere =
        Message::new(Kind::Request, client(2)).with(option::ADDRESS, &WANTED.octets()).with(option::SERVER, &other);
    ensure!(clients.ask(elsewhere)?.kind == Kind::Nak, "another server is borne");
    ensure!(clients.ask(wishing(client(3), WANTED))?.address == WANTED, "the address is not free");
    ensure!(clients.ask(taking(client(3), WANTED))?.kind == Kind::Ack, "the address is not free");
    proved("who_takes_another_servers_offer_is_told_no_and_leaves_this_one_free");
    let late = clients.ask(taking(client(2), WANTED))?;
    ensure!(late.kind == Kind::Nak, "two have one address: {late:?}");
    proved("no_address_is_given_to_two_clients");

    let ack = clients.ask(coming_back(client(1), mine))?;
    ensure!((ack.kind, ack.address) == (Kind::Ack, mine), "{ack:?}");
    for address in [ELSEWHERE, WANTED] {
        let nak = clients.ask(coming_back(client(1), address))?;
        ensure!(nak.kind == Kind::Nak && nak.address.is_unspecified(), "{address}: {nak:?}");
        ensure!(nak.to == (EthernetAddress::BROADCAST, Ipv4Address::BROADCAST.into()), "{nak:?}");
    }
    proved("who_comes_back_keeps_the_address_or_is_told_that_it_is_wrong");
    ensure!(clients.ask(coming_back(client(4), FREE))?.kind == Kind::Ack, "a client that is unknown is refused");
    proved("who_is_unknown_and_comes_back_gets_a_free_address");
    Ok(())
}

fn later(clients: &mut Clients, mine: Ipv4Address, proved: &dyn Fn(&str)) -> Result<()> {
    clients.stations.place(&[mine.into()])?;
    let request = Message::new(Kind::Request, client(1)).from(mine);
    for to in [ROUTER_LAN, Ipv4Address::BROADCAST] {
        let ack = clients.ask_at(to, request.clone())?;
        ensure!((ack.kind, ack.address, ack.to.1) == (Kind::Ack, mine, mine.into()), "{ack:?}");
        ensure!(ack.seconds_in(option::LEASE) == Some(43_200), "{ack:?}");
    }
    proved("a_lease_is_renewed_and_rebound");
    let nak = clients.ask_at(ROUTER_LAN, Message::new(Kind::Request, client(1)).from(WANTED))?;
    ensure!(nak.kind == Kind::Nak && nak.to.1 == Ipv4Address::BROADCAST.into(), "{nak:?}");
    proved("who_renews_the_address_of_another_is_told_no");

    let inform = clients.ask(informing())?;
    let silent = inform.seconds_in(option::LEASE).is_none() && inform.address.is_unspecified();
    ensure!(inform.kind == Kind::Ack && silent && inform.to.1 == INFORMED.into(), "{inform:?}");
    ensure!(inform.address_in(option::ROUTER) == Some(ROUTER_LAN), "{inform:?}");
    proved("who_has_an_address_of_his_own_is_told_the_rest");

    clients.silent(leaving(Kind::Release, client(3), WANTED).from(WANTED))?;
    ensure!(clients.ask(wishing(client(5), WANTED))?.address == WANTED, "the address is not free");
    proved("a_released_address_is_free");
    let other = clients.ask(Message::new(Kind::Discover, client(3)))?.address;
    ensure!(other != WANTED, "{WANTED} is kept for who has released it");
    for _ in 0..2 {
        ensure!(clients.ask(Message::new(Kind::Discover, client(3)))?.address == other, "it is not its hardware's");
        ensure!(clients.ask(taking(client(3), other))?.kind == Kind::Ack, "it is not given what it is offered");
        clients.silent(leaving(Kind::Release, client(3), other).from(other))?;
    }
    proved("who_has_released_an_address_is_offered_the_one_of_its_hardware");

    let declined = clients.ask(Message::new(Kind::Discover, client(6)))?.address;
    ensure!(clients.ask(taking(client(6), declined))?.kind == Kind::Ack, "the offer is not kept");
    clients.silent(leaving(Kind::Decline, client(6), declined))?;
    let other = clients.ask(Message::new(Kind::Discover, client(6)))?.address;
    ensure!(other != declined, "{declined} is offered again to who has declined it");
    proved("who_declines_an_address_is_offered_another");
    let again = clients.ask(wishing(client(7), declined))?.address;
    ensure!(again == declined, "the address is marked");
    proved("a_declined_address_that_answers_no_ping_is_free");
    Ok(())
}

fn others(clients: &mut Clients, proved: &dyn Fn(&str)) -> Result<()> {
    let id = b"\0one of two cards";
    let address = clients.ask(Message::new(Kind::Discover, client(8)).with(option::CLIENT, id))?.address;
    clients.ask(taking(client(8), address).with(option::CLIENT, id))?;
    let same = clients.ask(Message::new(Kind::Discover, client(9)).with(option::CLIENT, id))?.address;
    let another = clients.ask(Message::new(Kind::Discover, client(8)).with(option::CLIENT, b"\0another"))?.address;
    ensure!(same == address && another != address, "{address}, and then {same} and {another}");
    proved("a_client_is_who_its_identifier_says_whatever_its_hardware");

    clients.number += 1;
    let asked = Message { number: clients.number, ..Message::new(Kind::Discover, client(11)) };
    let heard = clients.stations.turn(Side::Wan, &[asked.packet(Ipv4Address::BROADCAST)])?;
    clients.ask(informing())?;
    let wan = clients.stations.wire(Side::Wan).from_router().filter_map(|frame| Answer::read(&frame.bytes)).count();
    ensure!(heard.none(Side::Wan, |packet| packet.ports() == Some((67, 68))) && wan == 0, "{heard:?}");
    proved("nobody_on_the_internet_is_offered_an_address");
    Ok(())
}

/// What messages may look like.
fn forms(clients: &mut Clients, proved: &dyn Fn(&str)) -> Result<()> {
    let relayed = |message| Message { relay: INFORMED, ..message };
    let offer = clients.ask_at(ROUTER_LAN, relayed(Message::new(Kind::Discover, client(20))))?;
    let ack = clients.ask_at(ROUTER_LAN, relayed(taking(client(20), offer.address)))?;
    for (answer, kind) in [(&offer, Kind::Offer), (&ack, Kind::Ack)] {
        ensure!((answer.kind, answer.address, answer.hardware) == (kind, offer.address, client(20)), "{answer:?}");
        ensure!((answer.to.1, answer.port, answer.relay) == (INFORMED.into(), 67, INFORMED), "{answer:?}");
    }
    proved("a_relay_agent_has_the_answers_of_its_clients");

    let wanted = Ipv4Address::new(192, 168, 1, 160);
    let address = (option::ADDRESS, wanted.octets().to_vec());
    let seconds = (option::LEASE, 700_u32.to_be_bytes().to_vec());
    let names = [vec![seconds], vec![address.clone()]];
    let offer = clients.ask(Message { names, ..Message::new(Kind::Discover, client(21)) })?;
    ensure!((offer.address, offer.seconds_in(option::LEASE)) == (wanted, Some(700)), "{offer:?}");
    proved("options_in_the_fields_for_names_count");

    // Vendors' options, and the wish behind them.
    let options = [&vec![(224, vec![7; 250]); 4][..], &[address]].concat();
    let offer = clients.ask(Message { options, ..Message::new(Kind::Discover, client(22)) })?;
    ensure!(offer.address == wanted, "{offer:?}");
    proved("a_long_message_is_read_to_its_end");
    Ok(())
}

fn losses(clients: &mut Clients, mine: Ipv4Address, proved: &dyn Fn(&str)) -> Result<()> {
    let restart = |forget: &str| {
        format!(
            "s6-svc -d /run/service/dnsmasq && s6-svwait -D -t 5000 /run/service/dnsmasq && {forget} && \
             s6-svc -u /run/service/dnsmasq && until nslookup router.lan 192.168.1.1; do usleep 200000; done"
        )
    };
    let renewal = Message::new(Kind::Request, client(1)).from(mine);
    clients.stations.lab.output(&restart("true"))?;
    ensure!(clients.ask(coming_back(client(12), mine))?.kind == Kind::Nak, "the lease is forgotten");
    ensure!(clients.ask(renewal.clone())?.kind == Kind::Ack, "the lease is forgotten");
    proved("leases_outlive_a_restart_of_the_server");
    // What a restart of the router does to them.
    clients.stations.lab.output(&restart("rm /run/dnsmasq/leases"))?;
    ensure!(clients.ask(renewal)?.kind == Kind::Ack, "the client loses its address");
    ensure!(clients.ask(coming_back(client(12), mine))?.kind == Kind::Nak, "two have one address");
    proved("a_server_that_has_forgotten_a_lease_lets_its_client_renew_it");
    Ok(())
}

fn owners(clients: &mut Clients, proved: &dyn Fn(&str)) -> Result<()> {
    let hardware = client(13).to_string().replace('-', ":");
    let file = format!(
        "lan: {{ dhcp: {{ from: 192.168.1.240, to: 192.168.1.241 }}, \
         leases: [{{ mac: '{hardware}', address: 192.168.1.5, name: nas }}] }}"
    );
    clients.stations.lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{file}\nEND"))?;
    let fixed = Ipv4Address::new(192, 168, 1, 5);
    ensure!(clients.ask(Message::new(Kind::Discover, client(13)))?.address == fixed, "it is offered another");
    ensure!(clients.ask(taking(client(13), fixed))?.kind == Kind::Ack, "it is not given what it is offered");
    ensure!(clients.ask(coming_back(client(14), fixed))?.kind == Kind::Nak, "another has its address");
    proved("a_device_has_the_address_that_the_owner_says_and_no_other_has_it");

    for (number, last) in [(15, 240), (16, 241)] {
        let ack = clients.ask(coming_back(client(number), Ipv4Address::new(192, 168, 1, last)))?;
        ensure!(ack.kind == Kind::Ack, "{ack:?}");
    }
    clients.silent(Message::new(Kind::Discover, client(17)))?;
    proved("when_all_addresses_are_taken_nobody_is_offered_one");
    Ok(())
}

/// The clients, and the numbers of their messages.
struct Clients<'a> {
    stations: Stations<'a>,
    number: u32,
}

impl Clients<'_> {
    /// The answer to a message to everybody.
    fn ask(&mut self, message: Message) -> Result<Answer> {
        self.ask_at(Ipv4Address::BROADCAST, message)
    }

    fn ask_at(&mut self, to: Ipv4Address, message: Message) -> Result<Answer> {
        self.answered(to, message, |_| None)
    }

    /// The answer to a message, while others of the LAN answer to what the router sends.
    fn answered(
        &mut self,
        to: Ipv4Address,
        message: Message,
        others: impl Fn(&Packet) -> Option<Packet>,
    ) -> Result<Answer> {
        self.number += 1;
        let number = self.number;
        let mut next = self.stations.wire(Side::Lan).frames().len();
        self.stations.send(Side::Lan, &Message { number, ..message }.packet(to))?;
        loop {
            let frame = self.stations.lab.until("answer by DHCP", |lab| {
                let frames = &lab.lan.host.wire.frames()[next..];
                let found = frames.iter().position(|frame| frame.direction == Direction::FromRouter);
                next += found.map_or(frames.len(), |found| found + 1);
                Ok(found.map(|found| frames[found].bytes.clone()))
            })?;
            if let Some(answer) = Answer::read(&frame).filter(|answer| answer.number == number) {
                return Ok(answer);
            }
            if let Some(packet) = Packet::read(&frame).and_then(|packet| others(&packet)) {
                self.stations.send(Side::Lan, &packet)?;
            }
        }
    }

    /// A message that is not answered: one that comes after it is.
    fn silent(&mut self, message: Message) -> Result<()> {
        self.number += 1;
        let number = self.number;
        self.stations.send(Side::Lan, &Message { number, ..message }.packet(Ipv4Address::BROADCAST))?;
        self.ask(informing())?;
        let mut answers = self.stations.wire(Side::Lan).from_router().filter_map(|frame| Answer::read(&frame.bytes));
        let answer = answers.find(|answer| answer.number == number);
        ensure!(answer.is_none(), "it was answered: {answer:?}");
        Ok(())
    }
}

fn client(number: u8) -> EthernetAddress {
    EthernetAddress([2, 0, 0, 0, 1, number])
}

fn wishing(client: EthernetAddress, address: Ipv4Address) -> Message {
    Message::new(Kind::Discover, client).with(option::ADDRESS, &address.octets())
}

/// A client takes what this server has offered.
fn taking(client: EthernetAddress, address: Ipv4Address) -> Message {
    coming_back(client, address).with(option::SERVER, &ROUTER_LAN.octets())
}

/// A client restarts, and would go on with an address that it had.
fn coming_back(client: EthernetAddress, address: Ipv4Address) -> Message {
    Message::new(Kind::Request, client).with(option::ADDRESS, &address.octets())
}

fn leaving(kind: Kind, client: EthernetAddress, address: Ipv4Address) -> Message {
    let message = Message::new(kind, client).with(option::SERVER, &ROUTER_LAN.octets());
    if kind == Kind::Decline {
        message.with(option::ADDRESS, &address.octets())
    } else {
        message
    }
}

fn informing() -> Message {
    Message::new(Kind::Inform, client(99)).from(INFORMED)
}
