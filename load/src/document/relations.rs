//! Relations: the edges that the fields of a page declare.

use super::Document;
use crate::draft::Draft;
use crate::fields::{is_often_prose, reference};
use crate::requirements;
use crate::value::Value;
use gradus_corpus::{Code, Edge, Origin, PageId, Prose, Relation, Strength};

impl Draft {
    /// The edges that the fields declare.
    pub(super) fn relations(&mut self, page: u32, document: &Document<'_>) -> Vec<Prose> {
        let mut prose = Vec::new();
        let declared = [
            ("prerequisites", Relation::Requires, Strength::Required),
            ("recommended", Relation::Requires, Strength::Recommended),
            ("teaches", Relation::Teaches, Strength::Required),
            ("related", Relation::Related, Strength::Required),
            ("companion", Relation::Companion, Strength::Required),
            ("contrasts", Relation::Contrasts, Strength::Required),
            ("part_of", Relation::PartOf, Strength::Required),
            ("improves_on", Relation::ImprovesOn, Strength::Required),
        ];
        for (field, relation, strength) in declared {
            let Some((name, value)) = document.named(field) else { continue };
            let written = value.written.as_deref().unwrap_or(name);
            let (said, outside): (Vec<&Value>, Vec<&Value>) =
                value.entries().iter().partition(|entry| requirements::outside(entry).is_none());
            prose.extend(outside.into_iter().filter_map(|entry| {
                Some(Prose { text: requirements::outside(entry)?.into(), position: entry.position })
            }));
            for entry in said.into_iter().flat_map(requirements::entries) {
                let may_be_prose = entry.may_be_prose || is_often_prose(name);
                self.relation(page, relation, strength, (written, &entry.value), may_be_prose);
            }
        }
        for entry in document.get("related_exclude").map_or(&[][..], Value::entries) {
            if let Some(text) = reference(entry).and_then(Value::text) {
                let reference = self.references.intern(text);
                self.excluded.push((page, reference));
            }
        }
        prose
    }

    fn relation(
        &mut self,
        page: u32,
        relation: Relation,
        strength: Strength,
        (field, entry): (&str, &Value),
        may_be_prose: bool,
    ) {
        let Some((text, value)) = reference(entry).and_then(|value| Some((value.text()?, value))) else {
            return self.no_reference(field, entry);
        };
        let strength = match entry.get("strength") {
            None => strength,
            Some(given) => given.text().and_then(Strength::parse).unwrap_or_else(|| {
                let message = "a strength is `required` or `recommended`".to_owned();
                self.tell_at(Code::InvalidValue, given.position, given.len, message);
                strength
            }),
        };
        let is_central = self.central_file == Some(value.position.file);
        let number = self.references.intern(text);
        if field != relation.as_str() && relation != Relation::Requires {
            self.written.insert((value.position, number), field.into());
        }
        self.edges.push(Edge {
            from: PageId(page),
            relation,
            to: PageId(number),
            strength,
            origin: if is_central { Origin::Central } else { Origin::FrontMatter },
            count: u32::from(!may_be_prose),
            reason: entry.get("reason").and_then(Value::text).map(Into::into),
            position: value.position,
        });
    }
}
