// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Rust values that Lua owns.

use core::cell::Cell;
use core::ffi::{c_int, c_void, CStr};
use core::marker::PhantomData;
use core::mem::{align_of, offset_of, size_of};
use core::ptr;

use crate::raw::{tag, Userdata, Value};
use crate::shared::{Share, Sharing};
use crate::{ffi, Entry, IntoLua, Kind, Place, Result, State};

/// What Lua can do with the objects of one Rust type.
pub struct Class {
    name: &'static CStr,
    entries: &'static [Entry],
    drop: unsafe fn(*mut c_void),
    value: usize,
    /// Whether `__index` is among the entries.
    indexes: bool,
    sharing: Option<Sharing>,
}

/// Whether a class looks up keys itself.
const fn indexes(mut entries: &[Entry]) -> bool {
    while let [first, rest @ ..] = entries {
        if matches!(first.name().to_bytes(), b"__index") {
            return true;
        }
        entries = rest;
    }
    false
}

/// A Rust type with a [`Class`].
pub trait Object: Sized + 'static {
    /// Its class: a `static` of its own, whose address identifies the type.
    const CLASS: &'static Class;
    /// How many Lua values an object keeps alive: [`State::set_user_value`].
    const VALUES: c_int = 0;
    /// The bytes that `object[i]` reads and writes, if it has such: [`window!`](crate::window!).
    const WINDOW: Option<Place> = None;
}

impl Class {
    /// A class of `T`s. Entries named `__...` are metamethods, the others are found by `:`,
    /// unless `__index` is among them.
    pub const fn new<T: Object>(name: &'static CStr, entries: &'static [Entry]) -> Class {
        Class {
            name,
            entries,
            drop: drop_value::<T>,
            value: offset_of!(Owned<T>, value),
            indexes: indexes(entries),
            sharing: None,
        }
    }

    /// The same, whose objects other runtimes can hold too, as clones ([`Shared`]).
    /// `owner` tells the kernel module (`struct module`) that the code of `T` is in.
    ///
    /// [`Shared`]: crate::Shared
    #[must_use]
    pub const fn shared<T: Object + Clone + Send + Sync>(self, owner: fn() -> *mut c_void) -> Class {
        Class {
            name: self.name,
            entries: self.entries,
            drop: self.drop,
            value: self.value,
            indexes: self.indexes,
            sharing: Some(Sharing::new::<T>(owner)),
        }
    }

    /// The same of objects that are not such clones, but come to hold something in common.
    #[must_use]
    pub const fn sharing_as<T: Share>(self, owner: fn() -> *mut c_void) -> Class {
        Class {
            name: self.name,
            entries: self.entries,
            drop: self.drop,
            value: self.value,
            indexes: self.indexes,
            sharing: Some(Sharing::common::<T>(owner)),
        }
    }

    pub(crate) const fn sharing(&self) -> Option<&Sharing> {
        self.sharing.as_ref()
    }

    /// The class of the object at `index`, and where its value is.
    pub(crate) fn of(state: State<'_>, index: c_int) -> Result<(&'static Class, *mut c_void)> {
        if state.type_of(index) != ffi::LUA_TUSERDATA {
            return Err(Kind::ExpectedObject.into());
        }
        // SAFETY: Every full userdata of our states starts with a pointer to its class, or null,
        // as `Owned` says.
        unsafe {
            let object = ffi::lua_touserdata(state.as_ptr(), index);
            let class = (*object.cast::<Cell<*const Class>>()).get().as_ref().ok_or(Kind::ExpectedObject)?;
            Ok((class, object.byte_add(class.value)))
        }
    }

    /// The name that error messages and `tostring` use.
    pub const fn name(&self) -> &'static CStr {
        self.name
    }

    /// Pushes the metatable, made at the first call in each state.
    fn push_metatable(&'static self, state: State<'_>) -> Result {
        let key = ptr::from_ref(self).cast::<c_void>();
        // SAFETY: By the invariants of State it is valid; the registry is a table.
        if unsafe { ffi::lua_rawgetp(state.as_ptr(), ffi::LUA_REGISTRYINDEX, key) } == ffi::LUA_TTABLE {
            return Ok(());
        }
        state.pop(1);
        // Scripts reach neither the metatable nor the methods' table: both stay as they are made.
        // Nor do they reach `__gc`, which could end an object that a handler is using.
        state.push_table(0, 8)?;
        if !self.indexes {
            state.push_library(self.entries)?;
            state.set_field(-2, c"__index")?;
        }
        for entry in self.entries.iter().filter(|entry| entry.name().to_bytes().starts_with(b"__")) {
            entry.push(state);
            state.set_field(-2, entry.name())?;
        }
        state.push(self.name)?;
        state.set_field(-2, c"__name")?;
        state.push(false)?;
        state.set_field(-2, c"__metatable")?;
        // SAFETY: By the invariants of State it is valid; without upvalues nothing is allocated.
        unsafe { ffi::lua_pushcclosure(state.as_ptr(), ffi::lua_kfinalize, 0) };
        state.set_field(-2, c"__gc")?;
        state.push_value(-1);
        // SAFETY: As above.
        match unsafe { ffi::lua_tryrawsetp(state.as_ptr(), ffi::LUA_REGISTRYINDEX, key) } {
            ffi::LUA_OK => Ok(()),
            _ => Err(crate::Error::RAISED),
        }
    }
}

/// The memory of an object inside Lua.
///
/// # Invariants
///
/// `class` is null until `value` is written and after it is dropped, and `T::CLASS` between.
#[repr(C)]
pub struct Owned<T> {
    class: Cell<*const Class>,
    value: T,
    _owns: PhantomData<T>,
}

impl<T: Object> Owned<T> {
    /// The object at `index`, if it is one of this class.
    #[inline]
    pub(crate) fn at<'l>(state: State<'l>, index: c_int) -> Result<&'l T> {
        state.value(index).and_then(|value| Owned::of(value)).ok_or_else(|| Kind::ExpectedObject.into())
    }

    /// The object that a value is, if it is one of this class. It is on the stack for `'l`.
    #[inline(always)]
    pub(crate) fn of<'l>(value: Value) -> Option<&'l T> {
        let Value { payload, tag: tag::USERDATA } = value else { return None };
        // SAFETY: By the tag it is a full userdata. Every one of our states was made by `push`,
        // so its memory, which starts where its number of values says, starts with a class
        // pointer; and one of this class has as many values as the class says.
        unsafe {
            let userdata = payload.userdata;
            if c_int::from((*userdata).values) != T::VALUES {
                return None;
            }
            let object = userdata.byte_add(Userdata::offset(T::VALUES as usize)).cast::<Owned<T>>();
            ptr::eq((*object).class.get(), T::CLASS).then(|| &(*object).value)
        }
    }

    /// Moves `value` into a new Lua object on top of the stack.
    pub(crate) fn push(value: T, state: State<'_>) -> Result {
        const { assert!(align_of::<T>() <= align_of::<*const c_void>()) };
        T::CLASS.push_metatable(state)?;
        let mut memory = ptr::null_mut();
        // SAFETY: By the invariants of State it is valid; `memory` outlives the call.
        if unsafe { ffi::lua_trynewuserdata(state.as_ptr(), size_of::<Owned<T>>(), T::VALUES, &mut memory) }
            != ffi::LUA_OK
        {
            return Err(crate::Error::RAISED);
        }
        if let Some(sharing) = T::CLASS.sharing() {
            sharing.hold()?;
        }
        // SAFETY: Lua made room for an `Owned<T>`, aligned for pointers, as asserted above.
        // The metatable lies below the userdata; setting it allocates nothing.
        unsafe {
            memory.cast::<Owned<T>>().write(Owned { class: Cell::new(T::CLASS), value, _owns: PhantomData });
            if let Some(window) = T::WINDOW {
                let head = Userdata::offset(T::VALUES as usize);
                let window = head + offset_of!(Owned<T>, value) + window.offset();
                (*memory.byte_sub(head).cast::<Userdata>()).window = window as u32;
            }
            ffi::lua_pushvalue(state.as_ptr(), -2);
            if T::CLASS.indexes {
                ffi::lua_setmetatable(state.as_ptr(), -2);
            } else {
                ffi::lua_setclass(state.as_ptr(), -2);
            }
            ffi::lua_rotate(state.as_ptr(), -2, 1);
        }
        // Of the metatable and the userdata, only the latter stays.
        state.pop(1);
        Ok(())
    }
}

impl<T: Object> IntoLua for T {
    fn push(self, state: State<'_>) -> Result<c_int> {
        Owned::push(self, state)?;
        Ok(1)
    }
}

/// # Safety
///
/// `value` is a valid `T`, which is not used again.
unsafe fn drop_value<T>(value: *mut c_void) {
    // SAFETY: By the function's contract.
    unsafe { ptr::drop_in_place(value.cast::<T>()) }
}

/// The collector calls this for an object of ours, once: it drops the value. It is no code of the
/// class's module, which it may release.
///
/// It is no Lua function: a call that fails for want of memory or stack would lose the value.
#[no_mangle]
unsafe extern "C" fn lua_kend(userdata: *mut Userdata) {
    // SAFETY: Only userdata that `push` made has our `__gc`; its memory, after its values, starts
    // with a class pointer. Class and window are cleared first, so nothing sees the value from
    // here on.
    unsafe {
        let object = userdata.byte_add(Userdata::offset((*userdata).values.into())).cast::<Cell<*const Class>>();
        let Some(class) = (*object).replace(ptr::null()).as_ref() else { return };
        (*userdata).window = 0;
        let owner = class.sharing().map(Sharing::owner);
        (class.drop)(object.byte_add(class.value).cast());
        if let Some(owner) = owner {
            Sharing::release(owner);
        }
    }
}
