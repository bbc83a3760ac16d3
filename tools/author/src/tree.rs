// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Lua's values as serde's, so that scripts and YAML say the same things in the same words.

use lua::{ffi, FromLua, State};
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer, Visitor};
use serde::Deserializer;

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Nil,
    Boolean(bool),
    Integer(i64),
    Bytes(Vec<u8>),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// Tables in tables, at most.
const DEPTH: usize = 16;

impl Tree {
    /// The value at an index of the stack.
    ///
    /// # Errors
    ///
    /// It is no data, or the stack has no room.
    pub(crate) fn read(state: State<'_>, index: i32) -> lua::Result<Tree> {
        Tree::at(state, index, DEPTH)
    }

    fn at(state: State<'_>, index: i32, depth: usize) -> lua::Result<Tree> {
        Ok(match state.type_of(index) {
            ffi::LUA_TNONE | ffi::LUA_TNIL => Tree::Nil,
            ffi::LUA_TBOOLEAN => Tree::Boolean(bool::from_lua(state, index)?),
            ffi::LUA_TNUMBER => Tree::Integer(i64::from_lua(state, index)?),
            ffi::LUA_TSTRING => Tree::Bytes(state.bytes(index).to_vec()),
            ffi::LUA_TTABLE if depth > 0 => Tree::table(state, index, depth - 1)?,
            _ => return Err(state.raise(format_args!("a table of strings, integers, booleans and tables expected"))),
        })
    }

    fn table(state: State<'_>, index: i32, depth: usize) -> lua::Result<Tree> {
        state.reserve(4)?;
        let (mut list, mut map) = (Vec::new(), Vec::new());
        state.push(None::<bool>)?;
        while state.next(index)? {
            let value = state.top();
            let tree = Tree::at(state, value, depth)?;
            match state.type_of(value - 1) {
                ffi::LUA_TNUMBER => list.push((i64::from_lua(state, value - 1)?, tree)),
                _ => map.push((String::from_utf8_lossy(state.bytes(value - 1)).into_owned(), tree)),
            }
            state.pop(1);
        }
        if list.is_empty() {
            return Ok(Tree::Map(map));
        }
        if !map.is_empty() {
            return Err(state.raise(format_args!("a table is either a list or has names, not both")));
        }
        list.sort_by_key(|(place, _)| *place);
        Ok(Tree::List(list.into_iter().map(|(_, tree)| tree).collect()))
    }

    /// What it says, for who can read it.
    ///
    /// # Errors
    ///
    /// It says something else.
    pub(crate) fn into<T: DeserializeOwned>(self) -> Result<T, String> {
        T::deserialize(self).map_err(|error| error.to_string())
    }

    /// The visitor sees what it is.
    fn known<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Nil => visitor.visit_unit(),
            Tree::Boolean(value) => visitor.visit_bool(value),
            Tree::Integer(value) => visitor.visit_i64(value),
            Tree::Bytes(bytes) => match String::from_utf8(bytes) {
                Ok(text) => visitor.visit_string(text),
                Err(error) => visitor.visit_byte_buf(error.into_bytes()),
            },
            Tree::List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter())),
            Tree::Map(map) => visitor.visit_map(MapDeserializer::new(map.into_iter())),
        }
    }
}

impl IntoDeserializer<'_, Error> for Tree {
    type Deserializer = Tree;
    fn into_deserializer(self) -> Tree {
        self
    }
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Error;

    /// Lua does not tell an empty list from an empty map: who takes whatever comes, a parameter, gets a list.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Map(map) if map.is_empty() => Tree::List(Vec::new()).known(visitor),
            other => other.known(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.known(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.known(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Nil => visitor.visit_none(),
            other => visitor.visit_some(other),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Tree::Bytes(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                IntoDeserializer::<Error>::into_deserializer(text).deserialize_enum(name, variants, visitor)
            }
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        seq tuple_struct identifier ignored_any
    }
}
