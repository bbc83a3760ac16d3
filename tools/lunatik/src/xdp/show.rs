// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunatik xdp show`: which script is where.

use std::fs;

use anyhow::Result;
use serde::Serialize;

use super::held::{self, Held, Place};
use super::message::Interface;
use super::netlink::Netlink;
use crate::device::Transport;
use crate::sys;

/// A script and where it is.
#[derive(Debug, Serialize, PartialEq, Eq)]
struct Row {
    /// `None`: it has gone.
    interface: Option<String>,
    ifindex: Option<u32>,
    script: String,
    mode: Option<String>,
    /// Packets that the interface's first script was asked about, if the kernel counts them.
    packets: Option<u64>,
}

/// Prints all, as a table or as JSON.
pub fn show(device: &impl Transport, json: bool) -> Result<()> {
    let rows = rows(device)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else if !rows.is_empty() {
        print!("{}", table(&rows));
    }
    Ok(())
}

/// Prints all, as lines of `lunatik status`.
pub fn status(device: &impl Transport) -> Result<()> {
    for row in rows(device)? {
        match (row.interface, row.mode) {
            (Some(interface), Some(mode)) => println!("{}: at {interface}, {mode} mode", row.script),
            _ => println!("{}: at an interface that has gone", row.script),
        }
    }
    Ok(())
}

fn rows(device: &impl Transport) -> Result<Vec<Row>> {
    let mut netlink = Netlink::open()?;
    let counts = counts();
    let mut before = None;
    let row = |held: Held| {
        let Some(place) = held.place else {
            return Ok(Row { interface: None, ifindex: None, script: held.script, mode: None, packets: None });
        };
        // The others see what the first lets pass.
        let is_first = before.replace(place.index) != Some(place.index);
        let packets = if counts && is_first { packets(netlink.by_index(place.index)?, &place) } else { None };
        let (interface, ifindex) = (Some(place.interface), Some(place.index));
        Ok(Row { interface, ifindex, script: held.script, mode: Some(place.mode), packets })
    };
    held::all(device)?.into_iter().map(row).collect()
}

/// Whether the kernel counts what programs do.
fn counts() -> bool {
    fs::read_to_string("/proc/sys/kernel/bpf_stats_enabled").is_ok_and(|value| value.trim() == "1")
}

/// How often the program at an interface has run.
fn packets(interface: Option<Interface>, place: &Place) -> Option<u64> {
    let interface = interface.filter(|interface| place.is_at(interface))?;
    let attached = interface.attached.iter().find(|attached| attached.mode.name() == place.mode)?;
    sys::program_runs(attached.program).ok()
}

/// The rows below a head, in columns.
fn table(rows: &[Row]) -> String {
    let or_none = |cell: Option<String>| cell.unwrap_or_else(|| "-".into());
    let mut cells = vec![["INTERFACE", "SCRIPT", "MODE", "PACKETS"].map(String::from)];
    cells.extend(rows.iter().map(|row| {
        let packets = row.packets.map(|packets| packets.to_string());
        [or_none(row.interface.clone()), row.script.clone(), or_none(row.mode.clone()), or_none(packets)]
    }));
    let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    let line = |row: &[String; 4]| {
        let [interface, script, mode, packets] = row;
        let [a, b, c] = widths;
        format!("{interface:a$}  {script:b$}  {mode:c$}  {packets}\n")
    };
    cells.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> [Row; 2] {
        [
            Row {
                interface: Some("eth0".into()),
                ifindex: Some(7),
                script: "policies/a/main".into(),
                mode: Some("native".into()),
                packets: Some(12),
            },
            Row { interface: None, ifindex: None, script: "b".into(), mode: None, packets: None },
        ]
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        assert_eq!(
            table(&rows()),
            "INTERFACE  SCRIPT           MODE    PACKETS\n\
             eth0       policies/a/main  native  12\n\
             -          b                -       -\n"
        );
    }

    #[test]
    fn json_has_null_for_what_is_not_known() {
        assert_eq!(
            serde_json::to_string(&rows()).unwrap(),
            r#"[{"interface":"eth0","ifindex":7,"script":"policies/a/main","mode":"native","packets":12},{"interface":null,"ifindex":null,"script":"b","mode":null,"packets":null}]"#
        );
    }
}
