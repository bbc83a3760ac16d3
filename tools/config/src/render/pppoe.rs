// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The session with the provider, for pppd; nothing if there is none.

use crate::{Config, Login, Wan};

/// The largest packet of a session, in bytes: what fits into a frame behind its header and PPP's (RFC 2516).
const LARGEST: u16 = 1492;

pub(super) fn render(config: &Config) -> String {
    let Wan::Pppoe(Login { user, password }) = &config.wan else { return String::new() };
    let (port, interface) = (&config.wan_port, config.wan_interface());
    let (user, password) = (quoted(user), quoted(password));
    let ipv6 = if config.ipv6 { "+ipv6" } else { "noipv6" };
    // Who does not answer for a minute is gone, and is called again and again.
    format!(
        "plugin pppoe.so
nic-{port}
ifname {interface}
user {user}
password {password}
hide-password
noauth
noipdefault
defaultroute
usepeerdns
{ipv6}
mtu {LARGEST}
mru {LARGEST}
novj
noccp
nodetach
persist
maxfail 0
holdoff 5
lcp-echo-interval 15
lcp-echo-failure 4
ip-up-script /usr/lib/lunagate/pppoe-up
ip-down-script /usr/lib/lunagate/pppoe-down
"
    )
}

/// A word of pppd's files.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
