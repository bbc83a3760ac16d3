// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Figures as a picture: what a filter adds to a forwarded packet, on a logarithmic scale.

use crate::figures::Figures;
use crate::matrix::{Column, COLUMNS, ROWS};
use std::fmt::Write;

const LEFT: f64 = 250.0;
const WIDTH: f64 = 560.0;
const RIGHT: f64 = 90.0;
const LINE: f64 = 17.0;
const TITLE: f64 = 34.0;
const TOP: f64 = 56.0;
/// The scale's ends, as powers of ten.
const LOWEST: f64 = 1.0;
const HIGHEST: f64 = 8.0;

/// The picture, as SVG. It brings its own background, so that dark pages show it too.
pub fn write(figures: &Figures) -> String {
    let mut panels = String::new();
    let mut y = TOP;
    for row in &ROWS {
        let lines: Vec<_> = COLUMNS
            .iter()
            .filter_map(|column| Some((column, figures.figure(row.id, column.id)?.pass?.over?)))
            .filter(|(column, _)| column.id != "none")
            .collect();
        if lines.is_empty() {
            continue;
        }
        y += TITLE;
        let _ = writeln!(panels, r#"<text x="20" y="{:.1}" class="title">{}</text>"#, y - 10.0, row.title);
        for (column, over) in lines {
            panels += &bar(column, over, y);
            y += LINE;
        }
    }
    let (width, height) = (LEFT + WIDTH + RIGHT, y + 20.0);
    let mut text = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">
<style>
.title {{ font-weight: bold; font-size: 14px }}
.end {{ text-anchor: end }}
.middle {{ text-anchor: middle; fill: #666 }}
.grid {{ stroke: #ddd }}
.peer {{ fill: #9aa5b1 }}
.ours {{ fill: #2f6fde }}
</style>
<rect width="100%" height="100%" fill="white"/>
<text x="20" y="24" class="title">Instructions that a filter adds to a forwarded packet (logarithmic)</text>
"#
    );
    for power in LOWEST as u32..=HIGHEST as u32 {
        let x = place(10f64.powi(power as i32));
        let _ = writeln!(text, r#"<line x1="{x:.1}" x2="{x:.1}" y1="{TOP}" y2="{:.1}" class="grid"/>"#, height - 10.0);
        let _ = writeln!(text, r#"<text x="{x:.1}" y="{:.1}" class="middle">{}</text>"#, TOP - 6.0, label(power));
    }
    text + &panels + "</svg>\n"
}

fn bar(column: &Column, over: f64, y: f64) -> String {
    let class = if column.ours { "ours" } else { "peer" };
    let end = place(over);
    format!(
        r#"<text x="{:.1}" y="{:.1}" class="end">{}</text>
<rect x="{LEFT}" y="{:.1}" width="{:.1}" height="{:.1}" class="{class}"/>
<text x="{:.1}" y="{:.1}">{:.0}</text>
"#,
        LEFT - 8.0,
        y + LINE - 5.0,
        column.title,
        y + 2.0,
        end - LEFT,
        LINE - 4.0,
        end + 5.0,
        y + LINE - 5.0,
        over
    )
}

/// Where a number is on the scale.
fn place(number: f64) -> f64 {
    let power = number.max(1.0).log10().clamp(LOWEST, HIGHEST);
    LEFT + WIDTH * (power - LOWEST) / (HIGHEST - LOWEST)
}

fn label(power: u32) -> String {
    match power {
        0..=2 => 10u32.pow(power).to_string(),
        3..=5 => format!("{}k", 10u32.pow(power - 3)),
        _ => format!("{}M", 10u32.pow(power - 6)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::tests::sample;

    #[test]
    fn each_measured_filter_has_a_bar() {
        let text = write(&sample());
        assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"), "{text}");
        assert_eq!(text.matches("class=\"ours\"/>").count(), 1, "{text}");
        assert!(text.contains(">NFLua</text>") && text.contains(">50</text>"), "{text}");
        assert!(text.contains(">Drop by UDP port</text>") && !text.contains("HTTP"), "{text}");
    }

    #[test]
    fn the_scale_is_logarithmic_and_ends() {
        assert_eq!(place(10.0), LEFT);
        assert_eq!(place(-5.0), LEFT);
        assert_eq!(place(1e8), LEFT + WIDTH);
        assert_eq!(place(1e9), LEFT + WIDTH);
        let (hundred, thousand, ten_thousand) = (place(1e2), place(1e3), place(1e4));
        assert!((ten_thousand - thousand - (thousand - hundred)).abs() < 1e-9);
        assert_eq!([1, 3, 5, 6, 8].map(label), ["10", "1k", "100k", "1M", "100M"]);
    }
}
