// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is fuzzed: functions that take any bytes and must come back, with their promises kept.
//!
//! Each has a program of libFuzzer's (`src/bin`), which finds bytes, and a folder in `corpus`,
//! whose files every run begins with and which `cargo test` replays without libFuzzer.

mod calls;
mod list;
mod packets;
mod script;

/// A function that is fuzzed.
pub type Target = fn(&[u8]);

/// All of them, by their names.
pub const TARGETS: [(&str, Target); 4] =
    [("script", script::run), ("calls", calls::run), ("packet", packets::run), ("list", list::run)];

/// The entry of libFuzzer's programs.
#[macro_export]
macro_rules! program {
    ($name:literal) => {
        /// See libFuzzer.
        ///
        /// # Safety
        ///
        /// `bytes` points to so many.
        #[no_mangle]
        pub unsafe extern "C" fn LLVMFuzzerTestOneInput(bytes: *const u8, length: usize) -> core::ffi::c_int {
            let bytes = if length == 0 {
                &[]
            } else {
                // SAFETY: By the function's contract.
                unsafe { core::slice::from_raw_parts(bytes, length) }
            };
            let target = $crate::TARGETS.iter().find(|(name, _)| *name == $name);
            if let Some((_, run)) = target {
                run(bytes);
            }
            0
        }
    };
}
