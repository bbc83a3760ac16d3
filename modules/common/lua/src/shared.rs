// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Objects that several runtimes hold at once.
//!
//! An object that is cheap to clone, as a counted reference is, can leave its state: a
//! [`Shared`] is one clone of it outside of Lua, from which any other state gets another. Each
//! clone, in Lua or outside, keeps the kernel module of its class in memory.
//!
//! An object that is not turns into one that holds something which is ([`Share`]): it and the objects of other
//! states are one from then on.

use core::ffi::{c_int, c_void};
use core::mem::{align_of, size_of, ManuallyDrop, MaybeUninit};

use crate::class::Owned;
use crate::{ffi, Class, Kind, Object, Result, State};

/// Words that a shared value may have.
const WORDS: usize = 2;

type Value = [MaybeUninit<usize>; WORDS];

/// An object that is not cheap to clone, but can hold what others hold, too.
pub trait Share: Object {
    /// What they hold.
    type Common: Clone + Send + Sync + 'static;

    /// What this holds from now on, if it did not before.
    ///
    /// # Errors
    ///
    /// This object is one that stays with its state; memory.
    fn share(&self, state: State<'_>) -> Result<Self::Common>;

    /// One more that holds it.
    fn join(common: Self::Common) -> Self;
}

/// How a class shares its objects.
pub(crate) struct Sharing {
    /// The kernel module (`struct module`) with the code of the class.
    owner: fn() -> *mut c_void,
    /// Whether values are objects themselves.
    whole: bool,
    /// The value of an object.
    of: unsafe fn(*const c_void, State<'_>, *mut Value) -> Result,
    clone: unsafe fn(*const Value, *mut Value),
    give: unsafe fn(*const Value, State<'_>) -> Result<c_int>,
    drop: unsafe fn(*mut Value),
}

impl Sharing {
    pub(crate) const fn new<T: Object + Clone + Send + Sync>(owner: fn() -> *mut c_void) -> Sharing {
        const { assert!(fits::<T>()) };
        Sharing { owner, whole: true, of: whole::<T>, clone: clone::<T>, give: give::<T>, drop: drop_value::<T> }
    }

    pub(crate) const fn common<T: Share>(owner: fn() -> *mut c_void) -> Sharing {
        const { assert!(fits::<T::Common>()) };
        Sharing {
            owner,
            whole: false,
            of: common::<T>,
            clone: clone::<T::Common>,
            give: join::<T>,
            drop: drop_value::<T::Common>,
        }
    }

    /// Keeps the class's code in memory until [`Sharing::release`].
    pub(crate) fn hold(&self) -> Result {
        // SAFETY: The owner runs this code or has objects, so it is there.
        if unsafe { ffi::lua_khold((self.owner)()) } != 0 {
            Ok(())
        } else {
            Err(Kind::Busy.into())
        }
    }

    /// Undoes [`Sharing::hold`]; the class's code must not run afterwards.
    pub(crate) fn release(owner: *mut c_void) {
        // SAFETY: Paired with `hold`, by the callers.
        unsafe { ffi::lua_krelease(owner) }
    }

    pub(crate) fn owner(&self) -> *mut c_void {
        (self.owner)()
    }
}

/// Whether a [`Value`] can be of this type.
const fn fits<T>() -> bool {
    size_of::<T>() <= size_of::<Value>() && align_of::<T>() <= align_of::<usize>()
}

/// # Safety
///
/// `object` is a valid `T`, and `place` is to be written; it is, unless this fails.
unsafe fn whole<T: Clone>(object: *const c_void, _: State<'_>, place: *mut Value) -> Result {
    // SAFETY: By the function's contract; `new` has checked size and alignment.
    unsafe { place.cast::<T>().write((*object.cast::<T>()).clone()) };
    Ok(())
}

/// # Safety
///
/// As [`whole`].
unsafe fn common<T: Share>(object: *const c_void, state: State<'_>, place: *mut Value) -> Result {
    // SAFETY: By the function's contract; `Sharing::common` has checked size and alignment.
    unsafe { place.cast::<T::Common>().write((*object.cast::<T>()).share(state)?) };
    Ok(())
}

/// # Safety
///
/// `value` holds a `T`, and `place` is to be written.
unsafe fn clone<T: Clone>(value: *const Value, place: *mut Value) {
    // SAFETY: By the function's contract.
    unsafe { place.cast::<T>().write((*value.cast::<T>()).clone()) }
}

/// As [`give`], of an object that holds the value.
///
/// # Safety
///
/// `value` holds a `T::Common`, which is not used again.
unsafe fn join<T: Share>(value: *const Value, state: State<'_>) -> Result<c_int> {
    // SAFETY: By the function's contract.
    let value = unsafe { value.cast::<T::Common>().read() };
    Owned::push(T::join(value), state)?;
    Ok(1)
}

/// Moves the value into a new object of Lua's; without room for that, drops it.
///
/// # Safety
///
/// `value` holds a `T`, which is not used again.
unsafe fn give<T: Object>(value: *const Value, state: State<'_>) -> Result<c_int> {
    // SAFETY: By the function's contract.
    let value = unsafe { value.cast::<T>().read() };
    Owned::push(value, state)?;
    Ok(1)
}

/// # Safety
///
/// `value` holds a `T`, which is not used again.
unsafe fn drop_value<T>(value: *mut Value) {
    // SAFETY: By the function's contract.
    unsafe { value.cast::<T>().drop_in_place() }
}

/// A clone of an object, outside of Lua.
///
/// # Invariants
///
/// `value` holds a value of the type that `class`, which shares, was made for, or what its objects hold in
/// common, and the class's owner is held.
pub struct Shared {
    class: &'static Class,
    value: Value,
}

// SAFETY: `Class::shared` takes types that are Send and Sync only.
unsafe impl Send for Shared {}
// SAFETY: As above.
unsafe impl Sync for Shared {}

impl Shared {
    /// Takes a value that Lua does not own yet.
    ///
    /// # Errors
    ///
    /// Its class does not share; the class's module is on its way out.
    pub fn new<T: Object>(object: T) -> Result<Shared> {
        let sharing = T::CLASS.sharing().filter(|sharing| sharing.whole).ok_or(Kind::CannotShare)?;
        const { assert!(fits::<T>()) };
        sharing.hold()?;
        let mut value = [MaybeUninit::uninit(); WORDS];
        // SAFETY: The value is large enough, as asserted.
        unsafe { value.as_mut_ptr().cast::<T>().write(object) };
        Ok(Shared { class: T::CLASS, value })
    }

    /// Clones the object at `index`.
    ///
    /// # Errors
    ///
    /// It is no object, or one that does not share; the class's module is on its way out.
    pub fn of(state: State<'_>, index: c_int) -> Result<Shared> {
        let (class, object) = Class::of(state, index)?;
        let sharing = class.sharing().ok_or(Kind::CannotShare)?;
        sharing.hold()?;
        let mut value = [MaybeUninit::uninit(); WORDS];
        // SAFETY: `Class::of` gives an object of the class's type.
        if let Err(error) = unsafe { (sharing.of)(object, state, &mut value) } {
            Sharing::release(sharing.owner());
            return Err(error);
        }
        Ok(Shared { class, value })
    }

    /// Its class.
    #[must_use]
    pub fn class(&self) -> &'static Class {
        self.class
    }

    /// The kernel module (`struct module`) with the code of its class, which it keeps in memory.
    #[must_use]
    pub fn owner(&self) -> *mut c_void {
        self.class.sharing().map_or(core::ptr::null_mut(), Sharing::owner)
    }

    /// The value, if it is an object of the class of `T`.
    #[must_use]
    pub fn get<T: Object>(&self) -> Option<&T> {
        let is_object = self.class.sharing().is_some_and(|sharing| sharing.whole);
        // SAFETY: By the invariants the value is a `T` then.
        (is_object && core::ptr::eq(self.class, T::CLASS)).then(|| unsafe { &*self.value.as_ptr().cast::<T>() })
    }

    /// Another clone.
    ///
    /// # Errors
    ///
    /// The class's module is on its way out.
    pub fn again(&self) -> Result<Shared> {
        let mut value = [MaybeUninit::uninit(); WORDS];
        if let Some(sharing) = self.class.sharing() {
            sharing.hold()?;
            // SAFETY: By the invariants.
            unsafe { (sharing.clone)(&self.value, &mut value) };
        }
        Ok(Shared { class: self.class, value })
    }

    /// Pushes a new object of this state, which is another clone.
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    pub fn push(&self, state: State<'_>) -> Result<c_int> {
        self.again()?.give(state)
    }

    /// Pushes a new object of this state, which is this clone.
    ///
    /// # Errors
    ///
    /// Lua's memory limit; the clone is gone then.
    // Not inlined: it releases the class's module, whose code the caller may be.
    #[inline(never)]
    pub fn give(self, state: State<'_>) -> Result<c_int> {
        let shared = ManuallyDrop::new(self);
        let Some(sharing) = shared.class.sharing() else { return Err(Kind::CannotShare.into()) };
        let owner = sharing.owner();
        // SAFETY: By the invariants; the value is not used again.
        let pushed = unsafe { (sharing.give)(&shared.value, state) };
        Sharing::release(owner);
        pushed
    }
}

impl Drop for Shared {
    // Not inlined: it releases the class's module, whose code the caller may be.
    #[inline(never)]
    fn drop(&mut self) {
        if let Some(sharing) = self.class.sharing() {
            let owner = sharing.owner();
            // SAFETY: By the invariants, and nothing uses the value again.
            unsafe { (sharing.drop)(&mut self.value) };
            Sharing::release(owner);
        }
    }
}
