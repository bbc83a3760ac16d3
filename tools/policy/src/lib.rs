// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Policies on their way from the repository into an image.
//!
//! A *policy* is a folder: a manifest (`policy.yaml`), Lua files and tests. The manifest says which
//! file is the *entry*, in which *context* it runs, the *budget* that each call may spend, the
//! verdict when it fails, and *parameters* for the scripts. [`Policy::open`] resolves a folder into
//! checked types, once; [`render`] writes what the router reads: the Lua files below
//! `lib/modules/lua/policies/<name>`, the parameters beside them as `parameters.lua`, and the boot
//! list `etc/lunagate/policies`. Lua that several policies share is the *library*, which scripts
//! `require("policies.library.<file>")`.

pub mod cli;
mod error;
mod folder;
mod hook;
mod lua;
mod manifest;
mod parameter;
mod raw;
mod render;
#[cfg(feature = "schema")]
mod schema;
mod value;
mod zone;

pub use error::Error;
pub use folder::{is_datum, Datum, Library, Policy, Script, DATA, MANIFEST};
pub use hook::{hook_names, Hook, Role};
pub use lua::{quoted, table};
pub use manifest::{is_script, is_version, Budget, Context, Fail, Manifest, Quarantine};
pub use parameter::Type;
pub use render::render;
#[cfg(feature = "schema")]
pub use schema::schema;
pub use value::{Scalar, Value};
