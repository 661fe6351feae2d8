//! A serialiser that passes over what is not wanted: its value is not looked at.

use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct, Serializer,
};
use serde_json::Value;

use super::WantedFields;

/// A value as far as it is wanted.
pub(super) struct Chosen<'a, T: ?Sized> {
    pub(super) value: &'a T,
    pub(super) wanted: &'a WantedFields,
}

impl<T: Serialize + ?Sized> Serialize for Chosen<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.wanted {
            WantedFields::All => self.value.serialize(serializer),
            WantedFields::Some(_) => self.value.serialize(FieldChooser { inner: serializer, wanted: self.wanted }),
        }
    }
}

struct FieldChooser<'a, S> {
    inner: S,
    wanted: &'a WantedFields,
}

/// Lists, tuples, maps and structs of which a part is wanted.
struct ChosenParts<'a, S> {
    inner: S,
    wanted: &'a WantedFields,
    /// The name whose value comes next, in a map that tells them one after the other.
    name: String,
}

/// Forwards what has no fields.
macro_rules! scalars {
    ($($method:ident($type:ty))*) => {
        $(fn $method(self, value: $type) -> Result<S::Ok, S::Error> {
            self.inner.$method(value)
        })*
    };
}

impl<'a, S: Serializer> Serializer for FieldChooser<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = ChosenParts<'a, S::SerializeSeq>;
    type SerializeTuple = ChosenParts<'a, S::SerializeTuple>;
    type SerializeTupleStruct = ChosenParts<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = S::SerializeTupleVariant;
    type SerializeMap = ChosenParts<'a, S::SerializeMap>;
    type SerializeStruct = ChosenParts<'a, S::SerializeStruct>;
    type SerializeStructVariant = S::SerializeStructVariant;

    scalars! {
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64) serialize_f32(f32)
        serialize_f64(f64) serialize_char(char) serialize_str(&str) serialize_bytes(&[u8])
        serialize_unit_struct(&'static str)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_some(&Chosen { value, wanted: self.wanted })
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    fn serialize_unit_variant(self, name: &'static str, idx: u32, variant: &'static str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_variant(name, idx, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_newtype_struct(name, &Chosen { value, wanted: self.wanted })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        idx: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_newtype_variant(name, idx, variant, value)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        Ok(ChosenParts { inner: self.inner.serialize_seq(len)?, wanted: self.wanted, name: String::new() })
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        Ok(ChosenParts { inner: self.inner.serialize_tuple(len)?, wanted: self.wanted, name: String::new() })
    }

    fn serialize_tuple_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeTupleStruct, S::Error> {
        let inner = self.inner.serialize_tuple_struct(name, len)?;
        Ok(ChosenParts { inner, wanted: self.wanted, name: String::new() })
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        idx: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        self.inner.serialize_tuple_variant(name, idx, variant, len)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        // How many of its fields are wanted is not known before.
        Ok(ChosenParts { inner: self.inner.serialize_map(None)?, wanted: self.wanted, name: String::new() })
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        Ok(ChosenParts { inner: self.inner.serialize_struct(name, len)?, wanted: self.wanted, name: String::new() })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        idx: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        self.inner.serialize_struct_variant(name, idx, variant, len)
    }
}

impl<S: SerializeSeq> SerializeSeq for ChosenParts<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        self.inner.serialize_element(&Chosen { value, wanted: self.wanted })
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

impl<S: SerializeTuple> SerializeTuple for ChosenParts<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        self.inner.serialize_element(&Chosen { value, wanted: self.wanted })
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

impl<S: SerializeTupleStruct> SerializeTupleStruct for ChosenParts<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        self.inner.serialize_field(&Chosen { value, wanted: self.wanted })
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

impl<S: SerializeMap> SerializeMap for ChosenParts<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        self.name = match serde_json::to_value(key).map_err(S::Error::custom)? {
            Value::String(name) => name,
            other => other.to_string(),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        match self.wanted.of(&self.name) {
            Some(wanted) => self.inner.serialize_entry(&self.name, &Chosen { value, wanted }),
            None => Ok(()),
        }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

impl<S: SerializeStruct> SerializeStruct for ChosenParts<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        match self.wanted.of(name) {
            Some(wanted) => self.inner.serialize_field(name, &Chosen { value, wanted }),
            None => self.inner.skip_field(name),
        }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}
