//! Related pages: reasons are true, answers are stable, weights come from the corpus or from lists.

use std::collections::BTreeSet;

use gradus::builtin::curriculum;
use gradus_corpus::{Corpus, Edge, PageId, Relation, Strength};
use gradus_engine::eval::related::GoldList;
use gradus_engine::eval::tune::tune;
use gradus_engine::questions::related::{Reason, RelatedParams, related};
use gradus_engine::relate::WeightSource;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::view::View;
use gradus_engine::viewer::Viewer;
use serde_json::Value;

use crate::client::{Client, curriculum_snapshot};

/// The statements of a corpus, and those of them that require, looked up one by one.
struct Said(BTreeSet<(PageId, Relation, PageId)>, BTreeSet<(PageId, Relation, PageId)>);

impl Said {
    fn of(corpus: &Corpus) -> Self {
        let said = |Edge { from, relation, to, .. }| (from, relation, to);
        let required = corpus.edges().filter(|edge| edge.strength == Strength::Required);
        Self(corpus.edges().map(said).collect(), required.map(said).collect())
    }

    fn says(&self, from: PageId, relation: Relation, to: PageId) -> bool {
        self.0.contains(&(from, relation, to))
    }

    /// Whether anything but a mention joins the two, in this direction.
    fn joins(&self, from: PageId, to: PageId) -> bool {
        Relation::ALL.iter().any(|relation| *relation != Relation::Mentions && self.says(from, *relation, to))
    }

    /// Whether `page` itself requires, or only recommends, to know `other` before.
    fn needs_at_once(&self, page: PageId, other: PageId, required: bool) -> bool {
        let said = if required { &self.1 } else { &self.0 };
        [Relation::Requires, Relation::Assumes].iter().any(|relation| said.contains(&(page, *relation, other)))
    }

    /// What `page` needs: itself, or for what it teaches.
    fn needs(&self, page: PageId, concept: PageId, required: bool) -> bool {
        let needs = |page| self.needs_at_once(page, concept, required);
        let taught = self.0.iter().filter(|(from, relation, _)| *from == page && *relation == Relation::Teaches);
        needs(page) || taught.into_iter().any(|(_, _, taught)| needs(*taught))
    }

    /// Whether the text of `page` names `concept`.
    fn speaks_of(&self, page: PageId, concept: PageId) -> bool {
        self.says(page, Relation::Mentions, concept) || self.says(page, Relation::Links, concept)
    }
}

/// Whether `reason` for `other` beside `page` holds in the corpus.
fn holds(view: &View, said: &Said, page: PageId, other: PageId, reason: &Reason<'_>) -> bool {
    let corpus = &view.corpus;
    let find = |id: &str| corpus.pages().find(|(_, page)| page.id() == id).map(|(id, _)| id).unwrap();
    let concepts: Vec<PageId> = reason.concepts.iter().map(|concept| find(&concept.id)).collect();
    let third: Vec<PageId> = reason.pages.iter().map(|page| find(&page.id)).chain(concepts.iter().copied()).collect();
    let titles_stand_in_it = third.iter().all(|page| reason.text.contains(&*corpus.page(*page).title));
    let named = |every: &dyn Fn(PageId) -> bool| !concepts.is_empty() && concepts.iter().all(|one| every(*one));
    let between = |joins: &dyn Fn(PageId) -> bool| third.len() == 1 && joins(third[0]);
    let (this, that) = (corpus.page(page), corpus.page(other));
    let is_true = match (&*reason.kind, reason.text.split(':').next().unwrap_or_default()) {
        ("pinned", _) => said.says(page, Relation::Related, other) || said.says(page, Relation::Companion, other),
        ("required", text) => said.needs_at_once(page, other, text == "needed before this"),
        ("requires", text) => said.needs_at_once(other, page, text == "builds on this"),
        ("prepares", text) => {
            let required = text == "teaches what this assumes";
            named(&|one| said.says(other, Relation::Teaches, one) && said.needs(page, one, required))
        }
        ("needs", text) => {
            let required = text == "assumes what this teaches";
            named(&|one| said.says(page, Relation::Teaches, one) && said.needs(other, one, required))
        }
        ("shared", "both teach") => {
            named(&|one| [page, other].iter().all(|page| said.says(*page, Relation::Teaches, one)))
        }
        ("shared", "both speak of") => named(&|one| [page, other].iter().all(|page| said.speaks_of(*page, one))),
        ("shared", "both assume or recommend") => {
            named(&|one| [page, other].iter().all(|page| said.says(*page, Relation::Assumes, one)))
        }
        ("relation", text) => states(said, text, page, other),
        ("linked", "linked from here") => said.says(page, Relation::Links, other),
        ("linked", "links here") => said.says(other, Relation::Links, page),
        ("series", "next in the series") => this.series == that.series && this.order < that.order,
        ("series", "before this in the series") => this.series == that.series && this.order > that.order,
        ("series", "in the same series") => this.series.is_some() && this.series == that.series,
        ("cited", text) => between(&|third| [page, other].iter().all(|to| cites(said, text, third, *to))),
        ("citing", text) => between(&|third| [page, other].iter().all(|from| cites(said, text, *from, third))),
        ("text" | "code", _) => {
            !reason.words.is_empty() && reason.words.iter().all(|word| has_word(this, word) && has_word(that, word))
        }
        ("shelf", "in the same category") => {
            this.category.is_some()
                && this.category == that.category
                && reason.text.ends_with(&**this.category.as_ref().unwrap())
        }
        ("shelf", "in the same folder") => {
            let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
            folder(&this.path).is_some() && folder(&this.path) == folder(&that.path)
        }
        _ => false,
    };
    is_true && titles_stand_in_it
}

/// Whether `from` stands to `to` as `text` tells of two pages that a third one joins.
fn cites(said: &Said, text: &str, from: PageId, to: PageId) -> bool {
    let relation = match text {
        "both needed for" | "both build on" => return said.needs_at_once(from, to, true),
        "both prepare" | "both come after" => return said.needs_at_once(from, to, false),
        "both linked from" | "both link to" => Relation::Links,
        "both recommended in" | "both recommend" => Relation::Related,
        "both taught in" => Relation::Teaches,
        "both a part of" => Relation::PartOf,
        "both connected with" => return said.joins(from, to),
        _ => return false,
    };
    said.says(from, relation, to)
}

/// Whether the relation that `text` tells holds between `page` and `other`.
fn states(said: &Said, text: &str, page: PageId, other: PageId) -> bool {
    match text {
        "contrasted with this" => {
            said.says(page, Relation::Contrasts, other) || said.says(other, Relation::Contrasts, page)
        }
        "this is a part of it" => said.says(page, Relation::PartOf, other),
        "a part of this" => said.says(other, Relation::PartOf, page),
        "this improves on it" => said.says(page, Relation::ImprovesOn, other),
        "improves on this" => said.says(other, Relation::ImprovesOn, page),
        "read together with this" => said.says(other, Relation::Companion, page),
        "recommends this" => said.says(other, Relation::Related, page),
        _ => false,
    }
}

/// Whether a page has `word`, perhaps as a part of a longer word.
fn has_word(page: &gradus_corpus::Page, word: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(word);
    let mut texts: Vec<&str> = vec![&page.title];
    texts.extend(page.names.iter().map(|name| &**name).chain(page.description.as_deref()));
    for section in &page.sections {
        texts.push(&section.title);
        texts.extend(section.texts().map(|text| text.markdown.as_str()));
    }
    texts.into_iter().any(has)
}

#[test]
fn every_reason_is_true() {
    let snapshot = curriculum_snapshot();
    let mut kinds = BTreeSet::new();
    let mut n_checked = 0;
    for viewer in [Viewer::Anonymous, Viewer::Pro] {
        let view = snapshot.view(viewer);
        let said = Said::of(&view.corpus);
        for (page, _) in view.corpus.pages() {
            let answer = related(view, page, &RelatedParams::default()).unwrap();
            assert!(!answer.items.is_empty());
            for item in &answer.items {
                let other = view.corpus.pages().find(|(_, page)| page.id() == item.page.id).unwrap().0;
                assert!(
                    other != page
                        && !item.reasons.is_empty()
                        && view.corpus.is_concept(other) == view.corpus.is_concept(page)
                );
                for reason in &item.reasons {
                    let from = view.corpus.page(page).id();
                    assert!(holds(view, &said, page, other, reason), "{from} to {}: {reason:?}", item.page.id);
                    kinds.insert(reason.kind.to_string());
                    n_checked += 1;
                }
            }
        }
    }
    assert!(n_checked > 5_000 && kinds.len() >= 8, "{n_checked} {kinds:?}");
}

#[tokio::test]
async fn pages_of_other_languages_are_related_only_where_nothing_else_is() {
    let files = [
        ("cache.md", "---\nlang: en\n---\n# Cache\n\nKeys and values of every token. See [paging](paging.md).\n"),
        ("cache.de.md", "---\nlang: de\n---\n# Cache-Anleitung\n\nKeys and values of every token, [kurz](cache.md).\n"),
        ("paging.md", "---\nlang: en\n---\n# Paging\n\nValues of every token lie in pages.\n"),
        ("paging.de.md", "---\nlang: de\n---\n# Paging-Anleitung\n\nValues liegen in Seiten.\n"),
    ];
    let ids = |answer: &Value| -> Vec<String> {
        answer["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
    };
    let related = Client::files(&files).get("/v1/guides/guide:cache/related").await.json();
    assert_eq!((ids(&related), &related["items"][0]["fallback"]), (vec!["Paging".to_owned()], &Value::from(false)));
    let alone = Client::files(&files[..2]).get("/v1/guides/guide:cache/related").await.json();
    assert_eq!(ids(&alone), Vec::<String>::new(), "a translation is no relative");
    let foreign = Client::files(&[files[0], files[1], files[3]]).get("/v1/guides/guide:cache/related").await.json();
    assert_eq!(
        (ids(&foreign), &foreign["items"][0]["fallback"]),
        (vec!["Paging-Anleitung".to_owned()], &Value::from(true))
    );
}

#[tokio::test]
async fn authors_rule() {
    let client = Client::files(&[
        ("a.md", "---\nrelated: [far]\nrelated_exclude: [b]\n---\n# A\n\nKeys are cached. See [c](c.md).\n"),
        ("b.md", "# B\n\nKeys are cached.\n"),
        ("c.md", "# C\n\nKeys are cached, and so are values.\n"),
        ("far.md", "# Far\n\nNothing of the kind.\n"),
    ]);
    let answer = client.get("/v1/guides/a/related").await.json();
    let ids: Vec<&str> = answer["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["guide:far", "guide:c"]);
    assert_eq!(
        (&answer["items"][0]["pinned"], &answer["items"][0]["reasons"][0]["kind"]),
        (&Value::Bool(true), &Value::from("pinned"))
    );
}

#[tokio::test]
async fn copies_are_told_once() {
    let text = "# Caching keys\n\nKeys and values of attention are cached.\n";
    let client = Client::files(&[
        ("a.md", "# Attention\n\nKeys, values and attention.\n"),
        ("v1.md", text),
        ("v2.md", text),
        ("z.md", "# Bread\n\nFlour.\n"),
    ]);
    let answer = client.get("/v1/guides/a/related").await.json();
    let first = &answer["items"][0];
    assert_eq!((&first["id"], &first["also"][0]["id"]), (&Value::from("guide:v1"), &Value::from("guide:v2")));
}

#[tokio::test]
async fn two_forms_of_a_word_are_no_steps_in_a_graph() {
    let english = [("a.md", "# Cats\n"), ("b.md", "# Cat\n"), ("c.md", "# Bread\n\nFlour.\n")];
    let german = [("a.md", "# Katze\n"), ("b.md", "# Katzen\n"), ("c.md", "# Brot\n\nMehl.\n")];
    let site = ("gradus.toml", "[site]\nlang = \"de\"\n");
    for files in [english.to_vec(), [&german[..], &[site]].concat()] {
        let answer = Client::files(&files).get("/v1/guides/a/related").await.json();
        let first = &answer["items"][0];
        assert_eq!((&first["id"], &first["fallback"]), (&Value::from("guide:b"), &Value::Bool(false)), "{answer}");
        let reason = &first["reasons"][0];
        assert_eq!((&reason["kind"], &reason["text"]), (&Value::from("text"), &Value::from("forms of the same words")));
    }
}

#[tokio::test]
async fn steps_in_the_graph_are_told_where_there_are_some() {
    let concept =
        |title: &str, needs: &str| format!("---\nkind: concept\ntitle: {title}\nprerequisites: [{needs}]\n---\n");
    let pages = [
        ("a.md", "Alto", ""),
        ("b.md", "Bass", "a"),
        ("c.md", "Cello", "b"),
        ("d.md", "Drum", "c"),
        ("e.md", "Echo", ""),
    ];
    let texts = pages.map(|(path, title, needs)| (path, concept(title, needs)));
    let files = texts.each_ref().map(|(path, text)| (*path, text.as_str()));
    let answer = Client::files(&files).get("/v1/concepts/a/related").await.json();
    let item = |id: &str| answer["items"].as_array().unwrap().iter().find(|item| item["id"] == id);
    let reason = |id: &str| item(id).map(|item| item["reasons"][0]["text"].as_str().unwrap());
    assert_eq!(reason("concept:d"), Some("a few steps away in the graph"), "{answer}");
    assert_eq!(reason("concept:e"), None, "nothing joins it: {answer}");
}

#[tokio::test]
async fn a_series_is_told_in_its_order() {
    let part = |n: u32| format!("---\nseries: Caching\norder: {n}\n---\n# Part {n}\n\nText {n}.\n");
    let (one, two, three) = (part(1), part(2), part(3));
    let client = Client::files(&[("x.md", &one), ("a.md", &two), ("m.md", &three)]);
    let answer = client.get("/v1/guides/a/related").await.json();
    let told = |id: &str| {
        let item = answer["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap();
        item["reasons"].as_array().unwrap().iter().find(|reason| reason["kind"] == "series").unwrap()["text"].clone()
    };
    assert_eq!(told("guide:m"), "next in the series: Caching");
    assert_eq!(told("guide:x"), "before this in the series: Caching");
}

#[test]
fn the_same_corpus_gives_the_same_bytes() {
    let answers = |snapshot: &Snapshot| {
        let view = snapshot.view(Viewer::Pro);
        let lists = view
            .corpus
            .guides()
            .map(|page| serde_json::to_string(&related(view, page, &RelatedParams::default()).unwrap()).unwrap());
        (view.relatedness.guides.weights, lists.collect::<Vec<_>>())
    };
    let anew = Snapshot::build(&curriculum(), &mut |_| {}).unwrap();
    assert_eq!(answers(&curriculum_snapshot()), answers(&anew));
}

#[tokio::test]
async fn status_tells_what_relates() {
    let status = Client::curriculum().get("/v1/status").await.json();
    for kind in ["concept", "guide"] {
        let weights = status["related"][kind]["weights"].as_object().unwrap();
        assert!(weights.values().all(Value::is_number) && weights.contains_key("walk"), "{weights:?}");
    }
    assert_eq!(status["related"]["concept"]["source"], serde_json::to_value(WeightSource::Links).unwrap());
}

#[test]
fn tuning_learns_what_lists_are_made_of() {
    // Whatever reads alike stands in different categories, and the lists follow what reads alike.
    let colours = ["red", "green", "blue", "black", "white", "brown", "pink"];
    let guide = |at: usize| {
        let (colour, side) = (colours[at % 7], ["left", "right"][at % 2]);
        let body = format!("---\ncategory: shelf {}\n---\n# Page {at}\n\n{colour} and {side}\n", at % 8);
        (format!("p{at:03}.md"), body)
    };
    let files: Vec<(String, String)> = (0..80).map(guide).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, body)| (path.as_str(), body.as_str())).collect();
    let snapshot = Snapshot::build(&Client::input(&files), &mut |_| {}).unwrap();
    let view = snapshot.view(Viewer::Pro);
    assert_eq!(view.relatedness.guides.source, WeightSource::Default);
    let guides: Vec<PageId> = view.corpus.guides().collect();
    let alike = |at: usize| (0..80).filter(move |other| *other != at && other % 7 == at % 7);
    let lists = (0..80).filter_map(|at| GoldList::new(guides[at], alike(at).map(|other| guides[other]).collect()));
    let trial = tune(view, &lists.collect::<Vec<_>>()).unwrap();
    assert!(trial.wins() && trial.after.recall > 0.8 && trial.before.recall < 0.5, "{trial:?}");
    assert!(tune(view, &[]).is_none());
}

/// The texts of the reasons why `other` stands on the list of the guide `id`; none where it does not.
async fn reasons_of(client: &Client, id: &str, other: &str) -> Vec<String> {
    let answer = client.get(&format!("/v1/guides/{id}/related?limit=50")).await.json();
    let item = answer["items"].as_array().unwrap().iter().find(|item| item["id"] == other).cloned();
    let reasons = item.and_then(|item| item["reasons"].as_array().cloned()).unwrap_or_default();
    reasons.iter().map(|reason| reason["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn words_that_build_sentences_are_no_reason() {
    let concept = |title: &str| format!("---\nkind: concept\ntitle: \"{title}\"\n---\nA word of the language.\n");
    let (when, not) = (concept("if"), concept("not"));
    let client = Client::files(&[
        ("if.md", &when),
        ("not.md", &not),
        ("a.md", "# Ovens\n\nIf your oven is not hot, heat it with the zeolite.\n"),
        ("b.md", "# Loaves\n\nIf your loaf is not done, leave it with the zeolite.\n"),
        ("c.md", "# Salt\n\nSea.\n"),
    ]);
    let told = reasons_of(&client, "a", "guide:b").await;
    assert_eq!(told, ["same words: zeolite"]);
}

#[tokio::test]
async fn the_least_likely_evidence_is_told_first() {
    let others: Vec<(String, String)> =
        (0..40).map(|n| (format!("p{n}.md"), format!("# Page {n}\n\nSubject{n}.\n"))).collect();
    let links: Vec<String> = others.iter().map(|(path, _)| format!("[{path}]({path})")).collect();
    let hub = format!("# Everything\n\nZeolite, basalt. [Stones](stones.md) {}\n", links.join(" "));
    let mut files: Vec<(&str, &str)> = others.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.extend([("hub.md", hub.as_str()), ("stones.md", "# Stones\n\nZeolite, basalt.\n")]);
    let told = reasons_of(&Client::files(&files), "stones", "guide:hub").await;
    assert_eq!(told, ["same words: stones, zeolite, basalt", "links here"], "what links to everything says little");
}

#[tokio::test]
async fn tables_of_contents_and_partials_are_nobodys_relatives() {
    let page = |title: &str| format!("---\ntitle: {title}\n---\nKeys of the zeolite cache, and basalt values.\n");
    let (one, two, toc, piece) = (page("One"), page("Two"), page("Contents"), page("Piece"));
    let client = Client::files(&[
        ("one.md", &one),
        ("two.md", &two),
        ("toc.md", &toc),
        ("includes/piece.md", &piece),
        ("far.md", "# Far\n\nBread.\n"),
    ]);
    let answer = client.get("/v1/guides/one/related").await.json();
    let ids: Vec<&str> = answer["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["guide:two"], "{answer:#}");
}

/// A site of four overviews of ten pages each, which lead on to the next two; and each back to its overview where `is_mutual`.
fn overviews(is_mutual: bool) -> Snapshot {
    let page = |n: usize| {
        let back = if is_mutual { format!("[up](o{}.md)", n / 10) } else { String::new() };
        let (next, then) = ((n + 1) % 40, (n + 2) % 40);
        (format!("p{n:02}.md"), format!("# Page {n}\n\nTopic{n}. [a](p{next:02}.md) [b](p{then:02}.md) {back}\n"))
    };
    let overview = |n: usize| {
        let links: Vec<String> = (10 * n..10 * n + 10).map(|at| format!("[{at}](p{at:02}.md)")).collect();
        (format!("o{n}.md"), format!("# Part {n}\n\nAll of it: {}\n", links.join(" ")))
    };
    let files: Vec<(String, String)> = (0..40).map(page).chain((0..4).map(overview)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Snapshot::build(&Client::input(&files), &mut |_| {}).unwrap()
}

#[test]
fn where_texts_leave_out_the_way_up_overviews_are_related() {
    let first = |snapshot: &Snapshot| {
        let view = snapshot.view(Viewer::Pro);
        let page = view.corpus.names().resolve("p05").pages[0];
        related(view, page, &RelatedParams::default()).unwrap().items[0].page.id.to_string()
    };
    let weight = |snapshot: &Snapshot| {
        let weights = snapshot.view(Viewer::Pro).relatedness.guides.weights;
        weights.named().find(|(name, _)| *name == "links_here").unwrap().1
    };
    let (left_out, named) = (overviews(false), overviews(true));
    assert_eq!(first(&left_out), "guide:o0");
    assert!(weight(&left_out) > 0.5 && weight(&named) < 0.2, "{} {}", weight(&left_out), weight(&named));
    assert_ne!(first(&named), "guide:o0", "a reader of the page has met it");
}
