// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the file says of Wi-Fi, and that what is wrong with it is told by place and with the way out.

use config::{Band, Config, Generation};

fn problem(text: &str) -> String {
    text.parse::<Config>().unwrap_err().to_string()
}

/// With these words about a radio and about what it broadcasts.
fn wifi(radio: &str, network: &str) -> String {
    format!("wifi:\n  country: DE\n  radios:\n    wlan0: {{ {radio} }}\n  networks:\n    - {{ {network} }}\n")
}

#[test]
fn what_is_left_out_is_what_most_homes_want() {
    let config: Config = wifi("band: 5GHz", "ssid: Home, password: correct horse").parse().unwrap();
    assert_eq!(config.lan.interface, "br-lan");
    let wifi = config.wifi.unwrap();
    let (radio, broadcast) = (&wifi.radios[0], &wifi.broadcasts[0]);
    assert_eq!((radio.band, radio.channel, radio.width), (Band::Five, None, 80));
    assert_eq!((broadcast.network.as_str(), broadcast.radios.as_slice()), ("lan", ["wlan0".to_owned()].as_slice()));
    assert!(!broadcast.hidden && !broadcast.isolated);
    let protection = broadcast.protection.as_ref().unwrap();
    assert_eq!((protection.by, protection.password.as_str()), (Generation::Both, "correct horse"));
    // Digits are a text, too.
    let text = self::wifi("band: 2.4GHz, channel: auto", "ssid: Ärger mit Übersee, password: 12345678");
    assert!(text.parse::<Config>().is_ok());
}

#[test]
fn what_is_wrong_with_wifi_is_told_by_place() {
    const GOOD: &str = "ssid: Home, password: correct horse";
    let radios = [
        ("band: 6GHz", "4:20: ", "neither 2.4GHz nor 5GHz"),
        ("channel: 6", "4:", "band"),
        ("band: 2.4GHz, channel: 36", "4:37: ", "auto, or 1 to 13"),
        ("band: 5GHz, channel: 38", "4:35: ", "auto, or 36, 40 to 64"),
        ("band: 5GHz, channel: 165", "4:35: ", "set width to 20MHz"),
        ("band: 2.4GHz, width: 80MHz", "4:35: ", "20MHz, 40MHz"),
        ("band: 5GHz, power: 20", "4:26: ", "power"),
    ];
    let networks = [
        ("password: correct horse", "6:", "ssid"),
        ("ssid: '', password: correct horse", "6:15: ", "1 to 32 bytes"),
        ("ssid: 123456789012345678901234567890123, password: correct horse", "6:15: ", "1 to 32 bytes"),
        ("ssid: Home", "6:7: ", "only with security: open is there none"),
        ("ssid: Home, password: s3cret7", "6:31: ", "use 8 to 63"),
        ("ssid: Home, password: geheimnißvoll", "6:31: ", "use 8 to 63"),
        ("ssid: Home, security: wep, password: correct horse", "6:31: ", "wpa2, wpa2+wpa3, wpa3, open"),
        ("ssid: Home, security: open, password: correct horse", "6:47: ", "leave one out"),
        ("ssid: Home, network: guest, password: correct horse", "6:30: ", "there are lan"),
        ("ssid: Home, radios: [wlan1], password: correct horse", "4:5: ", "nothing is broadcast by wlan0"),
        ("ssid: Home, radios: [wlan0, wlan1], password: correct horse", "6:37: ", "there are wlan0"),
    ];
    let radios = radios.map(|(radio, place, words)| (wifi(radio, GOOD), place, words));
    let networks = networks.map(|(network, place, words)| (wifi("band: 5GHz", network), place, words));
    let good = wifi("band: 5GHz", GOOD);
    let others = [
        (good.replace("  country: DE\n", ""), "2:3: ", "needs country"),
        (good.replace("DE", "Germany"), "2:12: ", "two letters"),
        (good.replace("wlan0", "eth1"), "4:5: ", "has a role already"),
        (good.replace("wlan0", "wlan0.7"), "4:5: ", "no radio"),
        ("wifi: { country: DE }".to_owned(), "1:7: ", "needs a radio"),
        (format!("{good}    - {{ {GOOD} }}\n"), "7:15: ", "wlan0 broadcasts 'Home' already"),
        ("networks: { guest: { address: 10.2.0.1/24 } }".to_owned(), "1:13: ", "no port is this network's"),
    ];
    for (text, place, words) in radios.into_iter().chain(networks).chain(others) {
        let said = problem(&text);
        assert!(said.starts_with(place) && said.contains(words), "{text}\nsays {said}");
        assert!(!said.contains("s3cret7") && !said.contains("correct horse"), "{said}");
    }
}
