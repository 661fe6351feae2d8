//! The languages of metadata: YAML, TOML and JSON, read into the same tree of values.
//!
//! Metadata never fails: what cannot be read is a [`Flaw`] and costs the field that it stands in, not the others. What is
//! told of a flaw are our own words, because a parser speaks of tokens and an author thinks in fields.

pub(crate) mod block;
mod compose;
pub(crate) mod json;
pub(crate) mod mend;
pub(crate) mod reason;
pub(crate) mod toml;
pub(crate) mod yaml;

use std::ops::Range;

use crate::spelling::normal;
use gradus_corpus::{Code, Position};

use crate::value::{Node, SourcePlace, Value};

/// Flaws that are told of one text. A text that is not what its fence says has one a line.
const MAX_FLAWS: usize = 100;

/// What was read of a text.
#[derive(Debug)]
pub(crate) struct Metadata {
    pub(crate) value: Value,
    pub(crate) flaws: Vec<Flaw>,
}

/// A part of a text that is not read as it stands, and why.
#[derive(Clone, Debug)]
pub(crate) struct Flaw {
    pub(crate) code: Code,
    /// Lines of the text that was read, from 1.
    pub(crate) place: SourcePlace,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// The other place that belongs to it.
    pub(crate) note: Option<(Position, String)>,
    /// What to put in the place of what offends, and whether that is beyond doubt.
    pub(crate) replacement: Option<(String, bool)>,
    /// The bytes of the text that no value was read from.
    pub(crate) lost: Range<usize>,
}

impl Flaw {
    /// A flaw at `place` that costs the bytes `lost`.
    pub(crate) fn new(code: Code, place: SourcePlace, message: String, lost: Range<usize>) -> Self {
        Self { code, place, message, help: None, note: None, replacement: None, lost }
    }

    /// The same further down: `lines` lines and `bytes` bytes.
    pub(crate) fn shift(&mut self, file: u32, lines: u32, bytes: usize) {
        let note = self.note.as_mut().map(|(position, _)| position);
        for position in std::iter::once(&mut self.place.position).chain(note) {
            position.file = file;
            position.line = position.line.saturating_add(lines);
        }
        self.lost = self.lost.start + bytes..self.lost.end + bytes;
    }
}

/// Adds `flaw` to `flaws`, or, where there are too many, what it loses to the last of them.
pub(crate) fn add(flaws: &mut Vec<Flaw>, flaw: Flaw) {
    if flaws.len() < MAX_FLAWS {
        return flaws.push(flaw);
    }
    if let Some(last) = flaws.last_mut() {
        "more of this text cannot be read from here on".clone_into(&mut last.message);
        last.lost.end = last.lost.end.max(flaw.lost.end);
    }
}

/// Whether the member `name` with this value gives way to a later one: one that may lock a page does not.
pub(crate) fn gives_way(name: &str, value: &Value) -> bool {
    let is = |word: &str| value.text().is_some_and(|text| text.eq_ignore_ascii_case(word));
    let may_lock_inside = match &value.node {
        Node::Map(members) => !members.iter().all(|(name, inner)| gives_way(name, inner)),
        Node::List(values) => !values.iter().all(|inner| gives_way("", inner)),
        Node::Null | Node::Text(_) => false,
    };
    !is("pro") && !may_lock_inside && (normal(name) != "access" || is("free") || value.text().is_none())
}

/// Of members with one name the last; that the others stand there is told.
pub(crate) fn distinct(members: Vec<(String, Value)>, flaws: &mut Vec<Flaw>) -> Vec<(String, Value)> {
    let mut kept: Vec<(String, Value)> = Vec::with_capacity(members.len());
    let mut known = rustc_hash::FxHashMap::<String, usize>::default();
    for (name, value) in members {
        let Some(idx) = known.get(&name) else {
            known.insert(name.clone(), kept.len());
            kept.push((name, value));
            continue;
        };
        let counts = gives_way(&name, &kept[*idx].1);
        let message = format!("`{name}` stands twice; {} counts", if counts { "this one" } else { "the other one" });
        let mut flaw = Flaw::new(Code::DuplicateField, value.key, message, 0..0);
        flaw.note = Some((kept[*idx].1.key.position, "the other one".to_owned()));
        flaw.help = Some("keep one of them".to_owned());
        add(flaws, flaw);
        if counts {
            kept[*idx].1 = value;
        }
    }
    kept
}
