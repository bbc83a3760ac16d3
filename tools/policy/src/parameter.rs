// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Parameters with a description, and those whose values the router knows: what they are is their type, and what they are
//! elsewhere their default.

use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::value::ValueVisitor;
use crate::{zone, Scalar, Value};

/// The type of a parameter that has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "snake_case"))]
pub enum Type {
    /// The name of the LAN's network interface.
    LanInterface,
    /// The name of the WAN's network interface.
    WanInterface,
    /// The time zone of the router's owner, as a rule of POSIX: `CET-1CEST,M3.5.0,M10.5.0/3`.
    TimeZone,
}

const TYPES: [(&str, Type); 3] =
    [("lan_interface", Type::LanInterface), ("wan_interface", Type::WanInterface), ("time_zone", Type::TimeZone)];

impl Type {
    /// Says what is wrong with a value of this type.
    ///
    /// # Errors
    ///
    /// It is none.
    pub fn check(self, value: &Value) -> Result<(), String> {
        match (self, value) {
            (Type::TimeZone, Value::Scalar(Scalar::String(text))) => zone::check(text),
            (Type::TimeZone, _) => Err("a time zone is a text, as CET-1CEST,M3.5.0,M10.5.0/3".to_owned()),
            (Type::LanInterface | Type::WanInterface, Value::Scalar(Scalar::String(name))) if is_interface(name) => {
                Ok(())
            }
            (Type::LanInterface | Type::WanInterface, _) => {
                Err("an interface is its name, as eth1, of up to 15 characters".to_owned())
            }
        }
    }
}

fn is_interface(name: &str) -> bool {
    (1..=15).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// A parameter as a manifest writes it: a value, or `{ type: time_zone, default: UTC0, description: ... }`.
pub(crate) struct RawParameter {
    pub(crate) kind: Option<Type>,
    pub(crate) default: Value,
    pub(crate) description: Option<String>,
}

struct ParameterVisitor;

macro_rules! plain {
    ($($visit:ident($value:ty)),*) => {$(
        fn $visit<E: Error>(self, value: $value) -> Result<RawParameter, E> {
            ValueVisitor.$visit(value).map(RawParameter::plain)
        }
    )*};
}

impl<'de> Visitor<'de> for ParameterVisitor {
    type Value = RawParameter;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        ValueVisitor.expecting(f)?;
        f.write_str(", or { default: ..., type: ..., description: ... }")
    }

    plain!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_i128(i128), visit_u128(u128), visit_f64(f64));

    fn visit_str<E: Error>(self, value: &str) -> Result<RawParameter, E> {
        ValueVisitor.visit_str(value).map(RawParameter::plain)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<RawParameter, A::Error> {
        ValueVisitor.visit_seq(access).map(RawParameter::plain)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<RawParameter, A::Error> {
        let (mut kind, mut default, mut description): (Option<Type>, _, _) = (None, None, None);
        while let Some(key) = access.next_key::<String>()? {
            match key.as_str() {
                "type" => kind = Some(named(&access.next_value::<String>()?)?),
                "default" => default = Some(access.next_value::<Value>()?),
                "description" => description = Some(access.next_value::<String>()?),
                other => return Err(A::Error::custom(format!("'{other}' is none of type, default, description"))),
            }
        }
        let Some(default) = default else {
            return Err(A::Error::custom(
                "a parameter has a default, which is its value unless the owner says another",
            ));
        };
        kind.map_or(Ok(()), |kind| kind.check(&default)).map_err(A::Error::custom)?;
        Ok(RawParameter { kind, default, description })
    }
}

fn named<E: Error>(name: &str) -> Result<Type, E> {
    let found = TYPES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
    found.ok_or_else(|| E::custom(format!("type '{name}' is none of {}", TYPES.map(|(name, _)| name).join(", "))))
}

impl RawParameter {
    fn plain(default: Value) -> RawParameter {
        RawParameter { kind: None, default, description: None }
    }
}

impl<'de> Deserialize<'de> for RawParameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ParameterVisitor)
    }
}
