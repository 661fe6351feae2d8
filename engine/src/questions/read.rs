//! From pairs of names and values to a struct whose fields are the parameters.
//!
//! Lists are divided by commas, repeated, or both; anything else may be given once. What is wrong is told in our own
//! words, with the name of the parameter: those of a parser mean nothing to who asks.

use std::fmt;

use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::refusal::{Refusal, RefusalCode};
use crate::limits;

/// The struct that the fields among `pairs` make; pairs with other names are passed over.
///
/// # Errors
/// If a value is wrong, given twice, or needed and not there.
pub(super) fn read<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, Refusal> {
    T::deserialize(FieldPairs(pairs)).map_err(|error| Refusal::new(RefusalCode::InvalidParameter, error.0))
}

/// The names of the fields of the struct `T`, as its deserialiser asks for them.
pub(super) fn fields<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // The answer is the call, not its result, which is always an error.
    let refused = T::deserialize(FieldNames(&mut names));
    debug_assert!(refused.is_err());
    names
}

/// What is wrong, for who asks.
#[derive(Debug)]
struct ReadError(String);

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

impl Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }

    fn missing_field(name: &'static str) -> Self {
        Self(format!("`{name}` is missing"))
    }
}

struct FieldPairs<'a>(&'a [(String, String)]);

impl<'de> Deserializer<'de> for FieldPairs<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, ReadError> {
        Err(ReadError::custom("parameters have names"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_map(Fields { pairs: self.0, fields: fields.iter(), current: None })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The fields that have values, one after another.
struct Fields<'a> {
    pairs: &'a [(String, String)],
    fields: std::slice::Iter<'static, &'static str>,
    current: Option<Values<'a>>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        for name in self.fields.by_ref() {
            let values = self.pairs.iter().filter(|(other, _)| other == name);
            let values: Vec<&str> = values.map(|(_, value)| value.as_str()).collect();
            if !values.is_empty() {
                self.current = Some(Values { name, values });
                let name: StrDeserializer<'_, ReadError> = name.into_deserializer();
                return seed.deserialize(name).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, ReadError> {
        let values = self.current.take().ok_or_else(|| ReadError::custom("a value comes after its name"))?;
        seed.deserialize(values)
    }
}

/// What was given for one parameter.
struct Values<'a> {
    name: &'static str,
    values: Vec<&'a str>,
}

impl Values<'_> {
    fn one(&self) -> Result<&str, ReadError> {
        match self.values[..] {
            [one] => Ok(one),
            [_, _] => Err(ReadError(format!("`{}` is given twice", self.name))),
            _ => Err(ReadError(format!("`{}` is given {} times", self.name, self.values.len()))),
        }
    }

    fn wrong(&self, why: fmt::Arguments<'_>) -> ReadError {
        ReadError(format!("`{}`: {why}", self.name))
    }

    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let text = self.one()?.trim();
        match text.parse::<i64>() {
            Ok(number) => visitor.visit_i64(number).map_err(|error: ReadError| self.wrong(format_args!("{error}"))),
            Err(_) => Err(self.wrong(format_args!("'{}' is not a whole number", shown(text)))),
        }
    }
}

impl<'de> Deserializer<'de> for Values<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let text = self.one()?;
        visitor.visit_str(text).map_err(|error: ReadError| self.wrong(format_args!("{error}")))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let entries = || self.values.iter().flat_map(|list| list.split(',')).map(str::trim);
        // Counted as they are sent: a list that is too long by its blanks is too long.
        let (n, max) = (entries().count(), limits::REFERENCES);
        if n > max {
            return Err(self.wrong(format_args!("{n} entries are more than the {max} that one request may name")));
        }
        let entries = entries();
        visitor.visit_seq(SeqDeserializer::new(entries.filter(|entry| !entry.is_empty())))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let text = self.one()?.trim();
        match text.to_ascii_lowercase().as_str() {
            // The name alone, as in `?explain`, says yes.
            "" | "true" | "1" | "on" | "yes" => visitor.visit_bool(true),
            "false" | "0" | "off" | "no" => visitor.visit_bool(false),
            _ => Err(self.wrong(format_args!("'{}' is neither true nor false", shown(text)))),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.number(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

/// As much of a value as a message repeats.
fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}

struct FieldNames<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, ReadError> {
        Err(ReadError::custom("only a struct has fields"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, ReadError> {
        *self.0 = fields;
        Err(ReadError::custom("only the names are wanted"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Probe {
        q: String,
        limit: Option<i64>,
        explain: Option<bool>,
        known: Vec<String>,
    }

    fn check(pairs: &[(&str, &str)]) -> Result<Probe, String> {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        read(&pairs).map_err(|refusal| refusal.detail)
    }

    #[test]
    fn a_list_is_as_long_as_it_is_sent() {
        let blanks = ",".repeat(limits::REFERENCES - 1);
        assert_eq!(check(&[("known", &blanks)]), Ok(Probe::default()));
        let told = check(&[("known", &blanks), ("known", "\r")]).unwrap_err();
        assert!(told.contains("5001 entries are more than the 5000"), "{told}");
    }

    #[test]
    fn values_are_read_as_the_fields_want_them() {
        let all =
            check(&[("known", "a, b"), ("q", "x,y"), ("limit", "-1"), ("explain", "1"), ("known", "c,"), ("z", "")]);
        let known = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(all, Ok(Probe { q: "x,y".to_owned(), limit: Some(-1), explain: Some(true), known }));
        for (text, value) in [("", true), ("TRUE", true), ("on", true), ("0", false), ("No", false)] {
            assert_eq!(check(&[("explain", text)]).map(|probe| probe.explain), Ok(Some(value)), "{text}");
        }
        assert_eq!(check(&[]), Ok(Probe::default()));
        assert_eq!(fields::<Probe>(), ["q", "limit", "explain", "known"]);
    }

    #[test]
    fn what_is_wrong_is_told_in_words_of_ours() {
        let cases: [(&[(&str, &str)], &str); 5] = [
            (&[("limit", "ten")], "`limit`: 'ten' is not a whole number"),
            (&[("limit", "")], "`limit`: '' is not a whole number"),
            (&[("explain", "2")], "`explain`: '2' is neither true nor false"),
            (&[("q", "a"), ("q", "b")], "`q` is given twice"),
            (&[("limit", "1"), ("limit", "2"), ("limit", "3")], "`limit` is given 3 times"),
        ];
        for (pairs, told) in cases {
            assert_eq!(check(pairs), Err(told.to_owned()), "{pairs:?}");
        }
        #[derive(Debug, Deserialize)]
        struct Needy {
            #[expect(dead_code, reason = "only its absence counts")]
            from: String,
        }
        assert_eq!(read::<Needy>(&[]).unwrap_err().detail, "`from` is missing");
    }
}
