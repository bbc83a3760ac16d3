// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Files, as all tools treat them: what is wrong with one is said with its name and the place,
//! and what is written is there whole, or not at all.

mod error;
mod save;
mod yaml;

pub use error::{read, read_text, Error};
pub use save::save;
pub use yaml::{parse, wrong, Problem};
