//! Transducers written down: as the bytes that they are.

use fst::Map;
use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};
use serde_bytes::{ByteBuf, Bytes};

/// Writes `map`. O(bytes).
///
/// # Errors
/// Those of `to`.
pub fn serialize<S: Serializer>(map: &Map<Vec<u8>>, to: S) -> Result<S::Ok, S::Error> {
    Bytes::new(map.as_fst().as_bytes()).serialize(to)
}

/// Reads a map. O(bytes).
///
/// # Errors
/// Those of `from`, and where the bytes are no map of this version of `fst`.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Map<Vec<u8>>, D::Error> {
    Map::new(ByteBuf::deserialize(from)?.into_vec()).map_err(D::Error::custom)
}
