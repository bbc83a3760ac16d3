// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Values of parameters.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A single value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// true or false.
    Boolean(bool),
    /// A Lua integer.
    Integer(i64),
    /// Text.
    String(String),
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A single value.
    Scalar(Scalar),
    /// A Lua sequence.
    List(Vec<Scalar>),
}

/// As in YAML.
impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
        match self {
            Scalar::Boolean(value) => value.fmt(f),
            Scalar::Integer(value) => value.fmt(f),
            Scalar::String(text) if text.starts_with(|first: char| first.is_ascii_alphabetic()) && is_plain(text) => {
                text.fmt(f)
            }
            Scalar::String(text) => write!(f, "{text:?}"),
        }
    }
}

/// As in YAML.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Value::Scalar(value) => value.fmt(f),
            Value::List(list) => {
                let list: Vec<_> = list.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", list.join(", "))
            }
        }
    }
}

const EXPECTED: &str = "a string, an integer, true, false, or a list of these";
const FRACTION: &str =
    "a number with a fraction or exponent: the kernel's Lua has integers only (quote it if it is text)";
const TOO_LARGE: &str = "an integer beyond 64 bits with sign (quote it if it is text)";

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a string, an integer, true or false")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Scalar, E> {
        i64::try_from(value).map(Scalar::Integer).map_err(|_| E::custom(TOO_LARGE))
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<Scalar, E> {
        Err(E::custom(TOO_LARGE))
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<Scalar, E> {
        Err(E::custom(TOO_LARGE))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Scalar, E> {
        Err(E::custom(FRACTION))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::String(value.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

pub(crate) struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        ScalarVisitor.visit_bool(value).map(Value::Scalar)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        ScalarVisitor.visit_i64(value).map(Value::Scalar)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        ScalarVisitor.visit_u64(value).map(Value::Scalar)
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        ScalarVisitor.visit_i128(value).map(Value::Scalar)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        ScalarVisitor.visit_u128(value).map(Value::Scalar)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        ScalarVisitor.visit_f64(value).map(Value::Scalar)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        ScalarVisitor.visit_str(value).map(Value::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(scalar) = access.next_element()? {
            list.push(scalar);
        }
        Ok(Value::List(list))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}
