//! Topics: what belongs together, and which concepts connect one topic with another? On a site without concepts they are of
//! guides, which then stand wherever concepts are spoken of here.

use gradus_corpus::{Kind, PageId};
use gradus_graph::{Bridge, NearTopic};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::Schema as ApiSchema;
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, AnswerBody, Schema, Str};
use super::list::{List, ListItem, Slice, cursor_schema};
use super::question::{AnswerCost, Question, question};
use super::reference::{Ref, find, find_named_concept, nearest};
use super::refusal::{Failure, QuestionError, Refusal, RefusalCode};
use super::sheet::{Sheet, SheetRow};
use crate::limits;
use crate::view::View;

question! {
    /// Topics: concepts that have more to do with each other than with others, named by their central ones; guides where there are
    /// no concepts.
    TopicsQuestion
}

question! {
    /// The concepts that connect one topic with another, or with all others.
    BridgesQuestion
}

/// Concepts whose titles name a topic.
const NAMING: usize = 3;
/// Concepts that are told as the centre of a topic.
const CENTRAL: usize = 5;
/// What the id of a topic begins with.
const PREFIX: &str = "topic:";

/// Which topics.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct TopicsParams {
    /// Items a page, at most 100, 20 where not given.
    #[param(value_type = Option<usize>, minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// From which topic to which.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
pub struct BridgesParams {
    /// A topic, or any concept of one.
    #[param(example = "attention")]
    pub from: String,
    /// The other topic, or any concept of it; all others where not given.
    #[serde(default)]
    pub to: Option<String>,
    /// Items a page, at most 100, 20 where not given.
    #[serde(default)]
    #[param(value_type = Option<usize>, minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// The topics of a corpus.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TopicsAnswer<'a> {
    /// The topics of this page, largest first.
    pub items: Vec<TopicItem<'a>>,
    /// How many topics there are.
    pub total: usize,
    /// Ask again with this as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// Concepts that nothing connects with another; they are in no topic.
    pub alone: usize,
    /// Whether there are so many edges that topics were not looked for.
    pub skipped: bool,
    /// The snapshot that answered.
    pub generation: Str<'a>,
}

/// A topic: concepts that have more to do with each other than with others.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TopicItem<'a> {
    /// `topic:` and the slug of its most central concept.
    #[schema(example = "topic:attention")]
    pub id: String,
    /// The titles of its most central concepts.
    pub title: String,
    /// How many concepts it has.
    pub size: usize,
    /// Minutes of all of them.
    pub minutes: u32,
    /// The concepts that most others of the topic are connected with.
    pub central: Vec<Ref<'a>>,
    /// Its concepts, the central ones first.
    pub concepts: Vec<Ref<'a>>,
    /// Whether `concepts` or `near` was cut.
    pub truncated: bool,
    /// The topics that it is connected with, most first.
    pub near: Vec<NearTopicAnswer<'a>>,
}

/// A topic that another is connected with.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct NearTopicAnswer<'a> {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How many pairs of concepts connect the two.
    pub links: usize,
    /// The concepts on the side of the first that connect most, at most five.
    pub bridges: Vec<Ref<'a>>,
}

/// A concept that connects its topic with another.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct BridgeItem<'a> {
    /// Which concept.
    #[serde(flatten)]
    pub page: Ref<'a>,
    /// Its topic.
    pub topic: TopicRef,
    /// The topic that it leads to.
    pub to: TopicRef,
    /// The concepts there that it is connected with.
    pub across: Vec<Ref<'a>>,
}

/// A reference to a topic.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct TopicRef {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

impl Question for TopicsQuestion {
    const NAME: &'static str = "topics";
    const COMMAND: &'static str = "topics";
    const PATH: &'static str = "/v1/topics";
    const REFUSES: Option<RefusalCode> = None;

    type Params = TopicsParams;
    type Answer<'a> = TopicsAnswer<'a>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        vec![("cursor", cursor_schema())]
    }

    fn cost(_: &TopicsParams) -> AnswerCost {
        AnswerCost::MayBlock
    }

    /// Largest first.
    fn answer(view: &View, params: TopicsParams) -> Result<TopicsAnswer<'_>, QuestionError> {
        let slice = Slice::new(view, params.limit, params.cursor.as_deref())?;
        let found = view.graph.topics();
        let total = found.map_or(0, <[_]>::len);
        let page = (0..total).skip(slice.offset).take(slice.limit);
        let in_topics = found.into_iter().flatten().map(|topic| topic.concepts.len()).sum::<usize>();
        Ok(TopicsAnswer {
            items: page.map(|position| dress(view, position)).collect(),
            total,
            next_cursor: slice.next_cursor(view, total),
            alone: if found.is_some() { n_connected(view) - in_topics } else { 0 },
            skipped: found.is_none(),
            generation: (&view.generation).into(),
        })
    }
}

impl Question for BridgesQuestion {
    const NAME: &'static str = "bridges";
    const COMMAND: &'static str = "bridges";
    const PATH: &'static str = "/v1/bridges";
    const SUBJECT: &'static [&'static str] = &["from", "to"];
    const REFUSES: Option<RefusalCode> = Some(RefusalCode::UnknownConcept);

    type Params = BridgesParams;
    type Answer<'a> = List<BridgeItem<'a>>;

    fn shapes() -> Vec<(&'static str, ApiSchema)> {
        vec![("cursor", cursor_schema())]
    }

    fn cost(_: &BridgesParams) -> AnswerCost {
        AnswerCost::MayBlock
    }

    /// From both sides: those that connect most first, then by id.
    fn answer(view: &View, params: BridgesParams) -> Result<List<BridgeItem<'_>>, QuestionError> {
        let slice = Slice::new(view, params.limit, params.cursor.as_deref())?;
        let from = find_topic(view, &params.from)?;
        let to = params.to.as_deref().map(|to| find_topic(view, to)).transpose()?;
        let mut found: Vec<(usize, usize, Bridge)> = Vec::new();
        for near in view.graph.near_topics(from).into_iter().filter(|near| to.is_none_or(|to| near.topic == to)) {
            found.extend(near.here.into_iter().map(|bridge| (from, near.topic, bridge)));
            found.extend(near.there.into_iter().map(|bridge| (near.topic, from, bridge)));
        }
        found.sort_by_key(|(_, to, bridge)| (std::cmp::Reverse(bridge.across.len()), bridge.concept, *to));
        let dress = |(topic, to, bridge): &(usize, usize, Bridge)| BridgeItem {
            page: Ref::new(&view.corpus, bridge.concept),
            topic: topic_ref(view, *topic),
            to: topic_ref(view, *to),
            across: Ref::all(&view.corpus, &bridge.across),
        };
        Ok(slice.cut(view, &found, dress))
    }
}

/// The position of the topic that `reference` names: its id, or any concept of it.
fn find_topic(view: &View, reference: &str) -> Result<usize, Refusal> {
    if view.graph.topics().is_none() {
        let max = gradus_graph::MAX_TOPIC_EDGES;
        return Err(Refusal::new(RefusalCode::NotFound, format!("topics are not looked for in more than {max} edges")));
    }
    let concept = match reference.strip_prefix(PREFIX) {
        Some(slug) => {
            let central = |concept: &PageId| {
                let topic = view.graph.topic_of(*concept)?;
                (concepts(view, topic).first() == Some(concept)).then_some(topic)
            };
            return view.corpus.find(kind(view), slug).as_ref().and_then(central).ok_or_else(|| {
                let near = nearest(view, slug, Some(kind(view)));
                Refusal::new(RefusalCode::NotFound, format!("there is no topic '{reference}'")).suggesting(near)
            });
        }
        None if kind(view) == Kind::Guide => find(view, reference)?,
        None => find_named_concept(view, reference)?,
    };
    view.graph.topic_of(concept).ok_or_else(|| {
        let title = &view.corpus.page(concept).title;
        let kind = kind(view).as_str();
        Refusal::new(
            RefusalCode::NotFound,
            format!("'{title}' is in no topic: nothing connects it with another {kind}"),
        )
    })
}

fn dress(view: &View, position: usize) -> TopicItem<'_> {
    let TopicRef { id, title } = topic_ref(view, position);
    let concepts = concepts(view, position);
    let near = view.graph.near_topics(position);
    let shown = &concepts[..concepts.len().min(limits::TOPIC_CONCEPTS)];
    TopicItem {
        id,
        title,
        size: concepts.len(),
        minutes: concepts.iter().fold(0, |sum, concept| sum.saturating_add(view.corpus.page(*concept).minutes)),
        central: Ref::all(&view.corpus, &concepts[..concepts.len().min(CENTRAL)]),
        concepts: Ref::all(&view.corpus, shown),
        truncated: shown.len() < concepts.len() || near.len() > limits::NEAR_TOPICS,
        near: near.iter().take(limits::NEAR_TOPICS).map(|near| dress_near(view, near)).collect(),
    }
}

fn dress_near<'a>(view: &'a View, near: &NearTopic) -> NearTopicAnswer<'a> {
    let TopicRef { id, title } = topic_ref(view, near.topic);
    let bridges = near.here.iter().take(CENTRAL).map(|bridge| Ref::new(&view.corpus, bridge.concept)).collect();
    NearTopicAnswer { id, title, links: near.n_links, bridges }
}

fn topic_ref(view: &View, position: usize) -> TopicRef {
    let naming: Vec<_> = concepts(view, position).iter().take(NAMING).map(|one| view.corpus.page(*one)).collect();
    let titles: Vec<&str> = naming.iter().map(|page| page.title.as_ref()).collect();
    TopicRef { id: format!("{PREFIX}{}", naming.first().map_or("", |page| &page.slug)), title: titles.join(", ") }
}

/// What topics are made of.
fn kind(view: &View) -> Kind {
    if view.corpus.n_concepts() > 0 { Kind::Concept } else { Kind::Guide }
}

/// How many pages of that kind there are.
fn n_connected(view: &View) -> usize {
    let corpus = &view.corpus;
    if corpus.n_concepts() > 0 {
        corpus.n_concepts()
    } else {
        corpus.pages().filter(|(_, page)| page.is_searchable).count()
    }
}

fn concepts(view: &View, position: usize) -> &[PageId] {
    view.graph.topics().and_then(|topics| topics.get(position)).map_or(&[], |topic| &topic.concepts)
}

impl Answer for TopicsAnswer<'_> {
    fn body(&self) -> Result<AnswerBody<'_>, Failure> {
        AnswerBody::json(self)
    }

    fn sheet(&self) -> Sheet {
        let row = |topic: &TopicItem<'_>| {
            let noun =
                if topic.central.first().is_some_and(|page| &*page.kind == "guide") { "guides" } else { "concepts" };
            let (size, minutes) = (format!("{} {noun}", topic.size), format!("{} min", topic.minutes));
            let row = SheetRow::new(&topic.id, &topic.title, "", &[&size, &minutes]);
            SheetRow { url: None, ..row }
        };
        let alone = if self.alone > 0 { self.alone.to_string() } else { String::new() };
        let is_known_to_be_none = self.total == 0 && !self.skipped;
        Sheet::rows(&self.items, row)
            .note(
                "topics",
                if is_known_to_be_none { "none: too little connects the pages with each other" } else { "" },
            )
            .note("in no topic", alone)
            .note("skipped", if self.skipped { "there are too many edges to look for topics" } else { "" })
            .note("more", self.next_cursor.clone().unwrap_or_default())
    }

    fn n_found(&self) -> Option<usize> {
        Some(self.total)
    }

    fn schema() -> Schema {
        Schema::of::<Self>()
    }
}

impl ListItem for BridgeItem<'_> {
    fn row(&self) -> SheetRow {
        let across = format!("connects with {}", Ref::titles(&self.across));
        SheetRow::new(&self.page.id, &self.page.title, &self.page.url, &[&across])
    }
}
