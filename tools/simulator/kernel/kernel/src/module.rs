// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Modules.

use std::ffi::c_void;

use crate::error::Result;

/// A kernel module's state while it is loaded.
pub trait Module: Sized {
    /// Loads it.
    ///
    /// # Errors
    ///
    /// It cannot be loaded.
    fn init(module: &'static ThisModule) -> Result<Self>;
}

/// Which module some code is part of.
pub struct ThisModule(());

impl ThisModule {
    /// Of [`module!`](crate::module!).
    #[doc(hidden)]
    #[must_use]
    pub const fn new() -> ThisModule {
        ThisModule(())
    }

    /// Null: no module leaves, and nobody has to hold one.
    #[must_use]
    pub const fn as_ptr(&self) -> *mut c_void {
        std::ptr::null_mut()
    }
}

impl Default for ThisModule {
    fn default() -> ThisModule {
        ThisModule::new()
    }
}

/// Says that a crate is a module. It gets a function `insmod`, which loads it for good.
#[macro_export]
macro_rules! module {
    (type: $type:ty, $($rest:tt)*) => {
        static THIS_MODULE: $crate::ThisModule = $crate::ThisModule::new();

        /// Loads the module, at the first call.
        pub fn insmod() {
            static LOADED: ::std::sync::Once = ::std::sync::Once::new();
            LOADED.call_once(|| match <$type as $crate::Module>::init(&THIS_MODULE) {
                Ok(module) => {
                    ::std::boxed::Box::leak(::std::boxed::Box::new(module));
                }
                Err(error) => panic!("the module does not load: {error:?}"),
            });
        }
    };
}
