//! Fields that mean nothing where they stand, and what was likely meant by them.

use crate::access;
use crate::draft::Draft;
use crate::fields::{canonical, nearest};
use crate::site::Generator;
use crate::spelling::normal;
use crate::value::{Node, Value};
use crate::withheld;
use gradus_corpus::{Access, Code, Position};

/// Fields that say how a page stands to others. Inside another field they are lost, and nobody else has a use for them.
const OURS: &[&str] = &["contrasts", "companion", "improves_on", "part_of", "prerequisites", "recommended", "teaches"];

/// Members of the items of lists, and what list they belong to.
const ITEMS: &[(&str, &[&str])] = &[
    ("prerequisites", &["concept", "guide", "id", "slug", "ref", "title", "name", "strength", "reason"]),
    ("contrasts", &["concept", "id", "slug", "ref", "title", "name", "reason"]),
    ("questions", &["id", "kind", "prompt", "question", "choices", "answer", "explanation", "concepts"]),
    ("sources", &["title", "url", "year"]),
];

impl Draft {
    /// Tells of a field that means nothing and was likely meant for another; one that was likely meant for `access` locks.
    pub(crate) fn unknown(&mut self, name: &str, value: &Value, named: &mut Vec<(String, Value)>) {
        if access::is_near(name, &self.config) {
            let shown = format!("`{name}` means nothing");
            return self.near_access(&shown, value, named);
        }
        if matches!(value.node, Node::Null) && access::speaks_of_access(name, &self.config) {
            let message = format!("`{name}` is a name without a value; it may speak of access, so the page is locked");
            let mut told = self.diagnostic(Code::UnknownField, value.key, message);
            told.help = Some("write `access: pro`, with a space behind the colon".to_owned());
            self.tell(told);
            named.push(("access".to_owned(), locked(value.key.position)));
            return;
        }
        if access::is_paid(name, value) || access::is_protected(name, value) {
            return self.paid(&format!("`{name}` means nothing here"), value, named);
        }
        let is_own = self.site.rules().own_fields().iter().any(|(own, _)| *own == name);
        if is_own {
            return;
        }
        self.near_draft(name, None, value, named);
        let Some(meant) = nearest(name) else { return };
        let mut told = self.diagnostic(Code::UnknownField, value.key, format!("`{name}` means nothing"));
        told.help = Some(format!("did you mean `{meant}`?"));
        told.replace(meant, true);
        self.tell(told);
    }

    /// Withholds a page whose field `name`, inside `outer` if it stands in another, may be meant for `draft` and does not say no.
    fn near_draft(&self, name: &str, outer: Option<&str>, value: &Value, named: &mut Vec<(String, Value)>) {
        if withheld::is_near_draft(name, outer) {
            named.push(("draft".to_owned(), Value { written: None, ..value.clone() }));
        }
    }

    /// Tells of a field by which another tool has a page paid for, and locks it.
    fn paid(&mut self, what: &str, value: &Value, named: &mut Vec<(String, Value)>) {
        let mut told = self.diagnostic(Code::UnknownField, value.key, format!("{what}; the page is locked"));
        told.help = Some("write `access: pro`, or `access: free`".to_owned());
        self.tell(told);
        named.push(("access".to_owned(), locked(value.position)));
    }

    /// Tells of a field near `access`. Only where it says `free` is the page not locked.
    fn near_access(&mut self, what: &str, value: &Value, named: &mut Vec<(String, Value)>) {
        let is_free = value.text().is_some_and(|text| text.eq_ignore_ascii_case("free"));
        let message = if is_free { what.to_owned() } else { format!("{what}; the page is locked until it is mended") };
        let mut told = self.diagnostic(Code::UnknownField, value.key, message);
        told.help = Some("did you mean `access`, at the top level?".to_owned());
        if !what.contains(" inside ") {
            told.replace("access", !is_free);
        }
        self.tell(told);
        if !is_free {
            named.push(("access".to_owned(), locked(value.position)));
        }
    }

    /// Tells of fields inside another one that belong to the top level, and of members of items that are misspelled.
    pub(crate) fn inside(&mut self, outer: &str, known: Option<&str>, value: &Value, named: &mut Vec<(String, Value)>) {
        let list = match known {
            Some("recommended") => Some("prerequisites"),
            Some("part_of" | "improves_on" | "related" | "companion" | "teaches") => Some("contrasts"),
            known => known,
        };
        // What a section of Hugo hands down is no field of its own.
        if outer.eq_ignore_ascii_case("cascade") && self.site.facts.generator == Generator::Hugo {
            return;
        }
        let items = ITEMS.iter().find(|(name, _)| Some(*name) == list).map(|(_, members)| *members);
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match &value.node {
                Node::List(values) => {
                    if items.is_some() && list != Some("questions") {
                        values.iter().for_each(|entry| self.run_together(entry));
                    }
                    open.extend(values);
                }
                Node::Map(members) => {
                    for (name, inner) in members {
                        match items {
                            Some(items) => self.misspelled_member(name, inner, items),
                            None => self.nested(outer, name, inner, named),
                        }
                        open.push(inner);
                    }
                }
                Node::Null | Node::Text(_) => {}
            }
        }
    }

    /// Tells of an entry of a list that has swallowed the one below it, because that is indented as a part of it.
    fn run_together(&mut self, entry: &Value) {
        let Node::Text(text) = &entry.node else { return };
        if text.contains(" - ") && (entry.len as usize) < text.chars().count() {
            let message = "the line below this entry is indented as a part of it".to_owned();
            let mut told = self.diagnostic(Code::InvalidValue, entry.place(), message);
            told.help = Some("begin both in the same column".to_owned());
            self.tell(told);
        }
    }

    fn misspelled_member(&mut self, name: &str, value: &Value, members: &[&str]) {
        if members.iter().any(|member| normal(member) == normal(name)) {
            return;
        }
        let near = members.iter().map(|member| (strsim::damerau_levenshtein(member, name), *member)).min();
        let Some((_, meant)) = near.filter(|(edits, meant)| *edits <= if meant.len() > 4 { 2 } else { 1 }) else {
            return;
        };
        let mut told =
            self.diagnostic(Code::UnknownField, value.key, format!("`{name}` means nothing in an item of this list"));
        told.help = Some(format!("did you mean `{meant}`?"));
        told.replace(meant, true);
        self.tell(told);
    }

    fn nested(&mut self, outer: &str, name: &str, value: &Value, named: &mut Vec<(String, Value)>) {
        self.near_draft(name, Some(outer), value, named);
        let known = self.known(name);
        let known = known.as_deref().and_then(canonical);
        if known == Some("access") || known.is_none() && access::is_near(name, &self.config) {
            let shown = format!("`{name}` means nothing inside `{outer}`");
            self.near_access(&shown, value, named);
        } else if known.is_none()
            && access::is_place_of_own(outer)
            && (access::is_paid(name, value) || access::is_protected(name, value))
        {
            self.paid(&format!("`{name}` means nothing inside `{outer}`"), value, named);
        } else if known.is_some_and(|known| OURS.contains(&known)) {
            let mut told =
                self.diagnostic(Code::UnknownField, value.key, format!("`{name}` means nothing inside `{outer}`"));
            told.help = Some("move it to the top level".to_owned());
            self.tell(told);
        }
    }
}

/// An access that locks, for a reason that stands at `position` and has been told.
pub(crate) fn locked(position: Position) -> Value {
    let pro = Value::of_text(Access::Pro.as_str());
    Value { position, ..pro }
}
