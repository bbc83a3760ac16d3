// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Files, as all tools treat them: what is wrong with one is said with its name and the place,
//! and what is written is there whole, or not at all. Who waits for long sees how far it is.

mod error;
mod progress;
mod save;
mod yaml;

pub use error::{read, read_text, Error};
pub use progress::{Counted, Progress};
pub use save::save;
pub use yaml::{parse, wrong, Problem};
