//! A track of Exercism: `config.json` says which exercise teaches which concepts and needs which.
//!
//! <https://exercism.org/docs/building/tracks/config-json>

use super::address::{encode, without_extension};
use super::ground::{join, parent, within};
use super::{Found, Generator, Ground, Leaf, NoPage, Order, Place, Placed, Rules, Step, Track, setting, setting_text};
use crate::format::json;
use crate::value::{Node, Value, null};

const SETTINGS: &str = "config.json";
/// The text of a concept and the task of an exercise: the pages that are called as these are.
const TEXTS: [&str; 2] = ["about", "instructions"];

/// The rules of one track.
struct Exercism {
    root: String,
    by: String,
    /// The track's name in addresses.
    slug: String,
    settings: Value,
    /// The files of the track, below its root.
    files: Vec<String>,
}

/// The track whose settings lie in `folder`.
pub(super) fn find(ground: &Ground<'_>, folder: &str) -> Option<Found> {
    let (by, text) = ground.first(folder, &[SETTINGS])?;
    let settings = json::read(&text).value;
    let is_track = ["exercises", "language"].iter().all(|key| settings.get(key).is_some());
    if !is_track {
        return None;
    }
    let files = ground.files().iter().filter_map(|file| within(file, folder)).map(str::to_owned).collect();
    let slug = setting_text(&settings, "slug").unwrap_or_default().to_owned();
    let rules = Box::new(Exercism { root: folder.to_owned(), by: by.clone(), slug, settings, files });
    let (generator, roots, base_path) = (Generator::Exercism, vec![folder.to_owned()], "/".to_owned());
    Some(Found { generator, by: Some(by), roots, base_path, rules })
}

/// A member of a map that says nothing of its own.
fn member(name: &str, value: Value) -> (String, Value) {
    (name.to_owned(), value)
}

fn map(members: Vec<(String, Value)>) -> Value {
    Value { node: Node::Map(members), ..null() }
}

/// The names of concepts, to the letter.
fn concepts(list: Option<&Value>) -> Vec<Value> {
    let name = |value: &Value| Some(Value { node: Node::Text(format!("concept:{}", value.text()?)), ..value.clone() });
    list.map_or(&[][..], Value::entries).iter().filter_map(name).collect()
}

impl Exercism {
    /// The exercises of the track, those that teach concepts first.
    fn exercises(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        ["concept", "practice"].into_iter().flat_map(|kind| {
            let list = setting(&self.settings, &format!("exercises.{kind}"));
            list.map_or(&[][..], Value::entries).iter().map(move |exercise| (kind, exercise))
        })
    }

    /// The file of an exercise that its page is made of.
    fn task(&self, kind: &str, exercise: &Value) -> Option<String> {
        let path = format!("exercises/{kind}/{}/.docs/instructions.md", setting_text(exercise, "slug")?);
        self.files.contains(&path).then_some(path)
    }
}

impl Rules for Exercism {
    fn place(&self, leaf: &Leaf<'_>) -> Result<Place, NoPage> {
        let Some(inner) = within(leaf.path, &self.root) else {
            return Err(NoPage::outside());
        };
        let segments: Vec<&str> = without_extension(inner).split('/').filter(|segment| *segment != ".docs").collect();
        let (folder, name) = match segments.as_slice() {
            ["concepts", slug, name] => (format!("concepts/{slug}"), *name),
            ["exercises", "concept" | "practice", slug, name] => (format!("exercises/{slug}"), *name),
            _ => return Err(NoPage("it belongs to no concept and no exercise".to_owned())),
        };
        let slug = parent(&folder).1;
        let is_own = |(_, exercise): &(&str, &Value)| setting_text(exercise, "slug") == Some(slug);
        let status = self.exercises().find(is_own).and_then(|(_, exercise)| setting_text(exercise, "status"));
        if folder.starts_with("exercises/") && matches!(status, Some("wip" | "deprecated")) {
            return Err(NoPage(format!("the exercise is `{}`", status.unwrap_or_default())));
        }
        let path = if TEXTS.contains(&name) { folder.clone() } else { format!("{folder}/{name}") };
        let named = || {
            let all = setting(&self.settings, "concepts").map_or(&[][..], Value::entries).iter();
            let mut all = all.chain(self.exercises().map(|(_, exercise)| exercise));
            let text = segments.last().map_or("", |text| text);
            let name = all
                .find(|entry| setting_text(entry, "slug") == Some(slug))
                .and_then(|entry| setting_text(entry, "name"));
            format!("{}: {text}", name.unwrap_or(slug))
        };
        Ok(Place {
            url: encode(&format!("/tracks/{}/{path}", self.slug)),
            nav_title: (!TEXTS.contains(&name)).then(named),
            stem_title: parent(&folder).1.to_owned(),
            key: inner.to_owned(),
            ..Place::default()
        })
    }

    fn order(&self, placed: &[Placed]) -> Order {
        let step = |(kind, exercise): (&str, &Value)| {
            let path = self.task(kind, exercise)?;
            let page = placed.iter().find(|page| page.place.key == path)?;
            Some(Step::new(page.page, exercise.position.line))
        };
        let steps = self.exercises().filter(|(kind, _)| *kind == "concept").filter_map(step).collect();
        vec![Track { file: Some(self.by.clone()), steps }].into()
    }

    fn inherited(&self, path: &str) -> Vec<(String, Value)> {
        let inner = within(path, &self.root).unwrap_or_default();
        let segments: Vec<&str> = inner.split('/').collect();
        let ["concepts", slug, name] = segments.as_slice() else { return Vec::new() };
        let has_about = self.files.contains(&format!("concepts/{slug}/about.md"));
        // The introduction stands in where nobody has written about the concept yet.
        let is_text = *name == "about.md" || *name == "introduction.md" && !has_about;
        let text = |text: &str| Value { node: Node::Text(text.to_owned()), ..null() };
        if is_text {
            vec![member("kind", text("concept")), member("id", text(slug))]
        } else {
            vec![member("kind", text("guide")), member("teaches", text(&format!("concept:{slug}")))]
        }
    }

    fn central(&self) -> Option<(String, Value)> {
        let mut declared: Vec<(String, Value)> = Vec::new();
        for concept in setting(&self.settings, "concepts").map_or(&[][..], Value::entries) {
            let title = concept.get("name").cloned().unwrap_or_else(null);
            if let Some(slug) = setting_text(concept, "slug") {
                let needed = self.exercises().filter(|(_, exercise)| {
                    let taught = exercise.get("concepts").map_or(&[][..], Value::entries);
                    taught.iter().any(|concept| concept.text() == Some(slug))
                });
                let needed: Vec<Value> =
                    needed.flat_map(|(_, exercise)| concepts(exercise.get("prerequisites"))).collect();
                let needed = Value { node: Node::List(needed), ..null() };
                declared.push(member(
                    slug,
                    Value {
                        position: concept.position,
                        ..map(vec![member("title", title), member("prerequisites", needed)])
                    },
                ));
            }
        }
        let mut guides = Vec::new();
        let is_shown =
            |(_, exercise): &(&str, &Value)| !matches!(setting_text(exercise, "status"), Some("wip" | "deprecated"));
        for (kind, exercise) in self.exercises().filter(is_shown) {
            let Some(path) = self.task(kind, exercise) else { continue };
            let list = |name: &str| Value { node: Node::List(concepts(exercise.get(name))), ..null() };
            let title = exercise.get("name").cloned().unwrap_or_else(null);
            let fields = vec![
                member("title", title),
                member("teaches", list("concepts")),
                member("prerequisites", list("prerequisites")),
            ];
            guides.push(member(&join("", &path), Value { position: exercise.position, ..map(fields) }));
        }
        let whole = map(vec![member("concepts", map(declared)), member("guides", map(guides))]);
        Some((self.by.clone(), whole))
    }
}
