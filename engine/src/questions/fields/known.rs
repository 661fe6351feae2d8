//! Which fields an answer has: what its schema says, resolved as far as a name leads.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::questions::answer::Schema;
use crate::questions::refusal::Refusal;

/// A schema and those that it refers to, by name.
struct KnownFields {
    root: Value,
    parts: BTreeMap<String, Value>,
}

thread_local! {
    /// By question. Describing an answer takes as long as many answers, and a lock would make threads wait for each other.
    static KNOWN: RefCell<FxHashMap<&'static str, Rc<KnownFields>>> = RefCell::default();
}

/// Checks that the answer of the question `name` has all of `fields`.
///
/// # Errors
/// If it does not have one.
pub(super) fn check(name: &'static str, fields: &[String], schema: fn() -> Schema) -> Result<(), Refusal> {
    let known =
        KNOWN.with_borrow_mut(|all| Rc::clone(all.entry(name).or_insert_with(|| Rc::new(KnownFields::new(schema())))));
    fields.iter().try_for_each(|field| known.check(field))
}

impl KnownFields {
    fn new(schema: Schema) -> Self {
        let parts = schema.parts.into_iter().map(|(name, part)| (name, serde_json::to_value(part).unwrap_or_default()));
        let parts: BTreeMap<String, Value> = parts.collect();
        Self { root: parts.get(&schema.name).cloned().unwrap_or_default(), parts }
    }

    fn check(&self, field: &str) -> Result<(), Refusal> {
        let mut at = vec![&self.root];
        let mut path = String::new();
        for name in field.split('.') {
            let inner = self.fields(&at);
            let next: Vec<&Value> =
                inner.iter().filter(|(known, _)| *known == name || *known == ANY).map(|(_, schema)| *schema).collect();
            if next.is_empty() {
                let shown: String = field.chars().take(100).collect();
                let mut near: Vec<(usize, String)> = inner
                    .iter()
                    .map(|(known, _)| (strsim::damerau_levenshtein(known, name), format!("{path}{known}")))
                    .collect();
                near.sort_unstable();
                near.dedup();
                let refusal = Refusal::invalid("fields", format_args!("the answer has no field '{shown}'"));
                return Err(refusal.suggesting(near.into_iter().take(3).map(|(_, name)| name).collect()));
            }
            path.push_str(name);
            path.push('.');
            at = next;
        }
        Ok(())
    }

    /// The fields of what `schemas` describe, lists and values that may be null looked through.
    fn fields<'a>(&'a self, schemas: &[&'a Value]) -> Vec<(&'a str, &'a Value)> {
        let mut found = Vec::new();
        let mut open = schemas.to_vec();
        while let Some(schema) = open.pop() {
            let reference = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
            open.extend(reference.and_then(|name| self.parts.get(name)));
            open.extend(schema.get("items"));
            open.extend(["allOf", "oneOf", "anyOf"].iter().filter_map(|kind| schema.get(*kind)?.as_array()).flatten());
            let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            found.extend(properties.map(|(name, schema)| (name.as_str(), schema)));
            found.extend(schema.get("additionalProperties").filter(|any| any.is_object()).map(|any| (ANY, any)));
        }
        found
    }
}

/// Stands for any name, in a map whose names nobody knows.
const ANY: &str = "*";
