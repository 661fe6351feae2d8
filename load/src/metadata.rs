//! Metadata: from what stands in a file to the fields of a page, under the names that they have here.
//!
//! A field that nobody knows is kept and ignored; one that was most likely meant for another is told.

use rustc_hash::FxHashMap;

use crate::access::{is_paid, speaks_of_access};
use crate::draft::Draft;
use crate::fields::{canonical, spelling};
use crate::format::{Flaw, Metadata, json, yaml};
use crate::front_matter::{self, SplitDocument};
use crate::hidden::hidden_block;
use crate::paywall::paid_mark;
use crate::spelling::normal;
use crate::unknown::locked;
use crate::value::{Node, SourcePlace, Value};
use crate::withheld;
use gradus_corpus::{Access, Code, Diagnostic, Kind, Position};

impl Draft {
    /// The fields of a Markdown document, and its body with the line that it begins on. What cannot be read is told; where
    /// it may speak of access, the page is locked.
    pub(crate) fn metadata<'a>(&mut self, file: u32, text: &'a str) -> (Vec<(String, Value)>, &'a str, u32) {
        let SplitDocument { mut fields, flaws, body, body_line } = front_matter::split(text);
        fields.shift(file, 0);
        let mut lock = None;
        let mut draft = None;
        let is_lost = flaws.iter().any(|flaw| !text[flaw.lost.clone()].trim().is_empty());
        let is_odd = flaws.iter().any(|flaw| flaw.code == Code::MisplacedFrontMatter);
        for mut flaw in flaws {
            flaw.shift(file, 0, 0);
            let lost = text.get(flaw.lost.clone()).unwrap_or_default();
            let locks = speaks_of_access(lost, &self.config);
            if locks {
                lock = Some(flaw.place.position);
            }
            if withheld::speaks_of_draft(lost) {
                draft = Some(flaw.place.position);
            }
            self.tell_flaw(flaw, locks);
        }
        let is_said = self.says_access(&fields, is_lost, &mut lock);
        if lock.is_none() && !is_said {
            let is_behind = !is_odd && !matches!(fields.node, Node::Null);
            lock = self.lock_in_text(body, is_behind, Position { file, line: body_line, column: 0 });
        }
        let mut fields = self.named(fields);
        if let Some(position) = lock {
            fields.push(("access".to_owned(), locked(position)));
        }
        if let Some(position) = draft {
            fields.push(("draft".to_owned(), Value { position, ..Value::of_text("true") }));
        }
        (fields, body, body_line)
    }

    /// Where a text that begins at `start`, behind front matter if `is_behind` any, says that not everybody may read it, as if it were a
    /// field or in the words of other tools; it is told.
    fn lock_in_text(&mut self, text: &str, is_behind: bool, start: Position) -> Option<Position> {
        let block = hidden_block(text, is_behind, &self.config).map(|place| {
            let message = "this is not read as front matter, but speaks of access; the page is locked";
            (
                place,
                Code::MisplacedFrontMatter,
                message,
                "move it into a block between `---` at the very top of the file",
            )
        });
        let mark = || {
            let message = "this speaks of who may read on, and the page says nothing of `access`; it is locked";
            let help = "write `access: pro` at the top, and `<!-- more -->` where the preview ends; or `access: free`";
            Some((paid_mark(text)?, Code::UnknownField, message, help))
        };
        let (mut place, code, message, help) = block.or_else(mark)?;
        place.position.file = start.file;
        place.position.line += start.line - 1;
        let mut told = self.diagnostic(code, place, message.to_owned());
        told.help = Some(help.to_owned());
        self.tell(told);
        Some(place.position)
    }

    /// Whether `fields` say who may read the page. Where a part of the block `is_lost`, a value that stands alone may be what
    /// is left of `access`, and so may a name without a value: both lock, and are told.
    fn says_access(&mut self, fields: &Value, is_lost: bool, lock: &mut Option<Position>) -> bool {
        let Node::Map(members) = &fields.node else { return false };
        let mut is_said = false;
        for (name, value) in members {
            let known = self.known(name);
            let is_access = known.as_deref() == Some("access");
            let is_pro = value.text().is_some_and(|text| text.eq_ignore_ascii_case(Access::Pro.as_str()));
            is_said |= is_access && value.text().is_some();
            if is_lost && (is_access && matches!(value.node, Node::Null) || known.is_none() && is_pro) {
                *lock = Some(value.position);
                let message = format!("`{name}` may be what is left of `access`; the page is locked");
                let mut told = self.diagnostic(Code::UnknownField, value.key, message);
                told.help = Some("mend what cannot be read beside it".to_owned());
                self.tell(told);
            }
        }
        is_said
    }

    /// The value of a file that is YAML as a whole; what of it cannot be read is told.
    pub(crate) fn yaml_file(&mut self, file: u32, text: &str, code: Code) -> Value {
        let Metadata { mut value, flaws } = yaml::read(text);
        value.shift(file, 0);
        for mut flaw in flaws {
            flaw.shift(file, 0, 0);
            let lost = text.get(flaw.lost.clone()).unwrap_or_default();
            let locks = self.central_file == Some(file) && speaks_of_access(lost, &self.config);
            if locks {
                self.central_lost.push_str(lost);
            }
            if flaw.code == Code::UnreadableFrontMatter {
                flaw.code = code;
            }
            self.tell_flaw(flaw, false);
        }
        value
    }

    /// What the central file says of a page. A page that is named where that file cannot be read and speaks of access is
    /// locked.
    pub(crate) fn central_metadata(&mut self, kind: Kind, slug: &str, path: &str) -> Vec<(String, Value)> {
        let fields = self.central_fields(kind, slug, path);
        let mut fields = fields.map(|fields| self.named(fields)).unwrap_or_default();
        let is_named = |name: &str| !name.is_empty() && self.central_lost.contains(name);
        if is_named(slug) || is_named(path) {
            let file = self.central_file.unwrap_or_default();
            fields.push(("access".to_owned(), locked(Position { file, ..Position::default() })));
        }
        fields
    }

    /// Tells of an entry of `field` that names no page.
    pub(crate) fn no_reference(&mut self, field: &str, entry: &Value) {
        let (message, help) = match &entry.node {
            Node::Null => return,
            Node::List(inner) if inner.len() > 1 => {
                (format!("this entry of `{field}` is a list of its own"), "write each as an item of its own")
            }
            Node::Map(members) if members.iter().all(|(_, value)| matches!(value.node, Node::Map(_) | Node::Null)) => (
                format!("`{field}` is a list, not a map"),
                "write each as an item of its own, such as `- concept: name`",
            ),
            _ => (format!("this entry of `{field}` names no page"), "write a name or `{concept: name}`"),
        };
        let mut told = self.diagnostic(Code::InvalidValue, entry.place(), message);
        told.help = Some(help.to_owned());
        self.tell(told);
    }

    /// The object on line `n` of a file of JSON Lines; a line that is none is told.
    pub(crate) fn json_object(&mut self, file: u32, n: u32, line: &[u8]) -> Option<Value> {
        let position = Position { file, line: n, column: 1 };
        let Ok(text) = std::str::from_utf8(line) else {
            let message = "the line is not UTF-8".to_owned();
            self.tell_at(Code::NotAnObject, position, 0, message);
            return None;
        };
        let mut flaws = Vec::new();
        match json::whole(text, n, &mut flaws) {
            Ok(mut value) if matches!(value.node, Node::Map(_)) => {
                value.shift(file, 0);
                let mut lock = None;
                self.says_access(&value, !flaws.is_empty(), &mut lock);
                for mut flaw in flaws {
                    flaw.shift(file, 0, 0);
                    self.tell_flaw(flaw, lock.is_some());
                }
                if let (Node::Map(members), Some(position)) = (&mut value.node, lock) {
                    members.push(("access".to_owned(), locked(position)));
                }
                Some(value)
            }
            Ok(_) => {
                self.tell_at(Code::NotAnObject, position, 0, "the line is no JSON object".to_owned());
                None
            }
            Err(place) => {
                let position = Position { column: place.position.column, ..position };
                let message = "the line is not JSON from here on".to_owned();
                self.tell_at(Code::NotAnObject, position, 0, message);
                None
            }
        }
    }

    /// Tells what cannot be read as it stands, and that the page is locked for it.
    pub(crate) fn tell_flaw(&mut self, flaw: Flaw, locks: bool) {
        let Flaw { code, place, message, help, note, replacement, .. } = flaw;
        let message = if locks { format!("{message}; it may speak of access, so the page is locked") } else { message };
        let mut told = self.diagnostic(code, place, message);
        told.help = help;
        told.notes.extend(note.map(|(position, message)| (told.file.clone(), position, message)));
        if let Some((replacement, is_safe)) = replacement {
            told.replace(&replacement, is_safe);
        }
        self.tell(told);
    }

    /// A problem at a place in a file, to say more of before it is told.
    pub(crate) fn diagnostic(&self, code: Code, place: SourcePlace, message: String) -> Diagnostic {
        let file = self.files.get(place.position.file as usize).map_or("", |file| file);
        Diagnostic { len: place.len, ..Diagnostic::new(code, message, file, place.position) }
    }

    /// The members of `fields` under the names that the lists or the site's settings have for them, whatever their casing;
    /// what stands in a map has a dotted name too. What was likely meant for another field is told.
    pub(crate) fn named(&mut self, fields: Value) -> Vec<(String, Value)> {
        let members = fields.members().unwrap_or_default();
        let mut named: Vec<(String, Value)> = Vec::with_capacity(members.len());
        for (name, mut value) in members {
            let known = self.known(&name);
            if known.is_none() && (!withheld::is_known(&name) || is_paid(&name, &value)) {
                self.unknown(&name, &value, &mut named);
            }
            if let Node::Map(inner) = &value.node {
                let dotted = inner.iter().filter_map(|(key, value)| {
                    let known = self.known(&format!("{name}.{key}"))?;
                    Some((known, Value { written: Some(format!("{name}.{key}").into()), ..value.clone() }))
                });
                let dotted: Vec<(String, Value)> = dotted.collect();
                named.extend(dotted);
            }
            self.inside(&name, known.as_deref().and_then(canonical), &value, &mut named);
            let name = match known.filter(|known| *known != name) {
                Some(known) => {
                    value.written = Some(name.into());
                    known
                }
                None => name,
            };
            named.push((name, value));
        }
        self.last_of_each(named)
    }

    /// What the site's settings or the lists call the field `name`.
    pub(crate) fn known(&self, name: &str) -> Option<String> {
        let own = self.config.fields.get(name).cloned();
        let own = own.or_else(|| {
            let own_name = normal(name);
            let mut foreign = self.config.fields.iter();
            foreign.find(|(foreign, _)| normal(foreign) == own_name).map(|(_, ours)| ours.clone())
        });
        own.or_else(|| spelling(name).map(str::to_owned))
    }

    /// Of fields that have come to one name the last; those of `access` all count.
    fn last_of_each(&mut self, named: Vec<(String, Value)>) -> Vec<(String, Value)> {
        let mut kept: Vec<(String, Value)> = Vec::with_capacity(named.len());
        let mut known: FxHashMap<String, usize> = FxHashMap::default();
        for (name, value) in named {
            let Some(idx) = known.get(&name).copied().filter(|_| name != "access") else {
                known.insert(name.clone(), kept.len());
                kept.push((name, value));
                continue;
            };
            let other = &kept[idx].1;
            let written = |value: &Value| value.written.as_deref().unwrap_or(&name).to_owned();
            let message = format!("`{}` stands twice, also as `{}`; this one counts", written(&value), written(other));
            let note = (other.key.position, "the other one".to_owned());
            let flaw = Flaw::new(Code::DuplicateField, value.key, message, 0..0);
            self.tell_flaw(Flaw { note: Some(note), help: Some("keep one of them".to_owned()), ..flaw }, false);
            kept[idx].1 = value;
        }
        kept
    }
}
