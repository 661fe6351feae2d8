//! Pages: guides and concepts, their sections and their questions.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::position::Position;
use crate::spelled::spelled;

/// The position of a page in [`Corpus::pages`](crate::Corpus::pages); ordered as the full ids (`kind:slug`) are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PageId(pub u32);

impl PageId {
    /// The position as an array index.
    pub fn idx(self) -> usize {
        self.0 as usize
    }
}

/// What a page is. The order is that of the full ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// One thing to know.
    Concept,
    /// An ordered article.
    Guide,
}

/// How much a reader should already master.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// No knowledge of the field.
    Beginner,
    /// Works in the field.
    Intermediate,
    /// Works on this very topic.
    Advanced,
}

/// Who may read a guide whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Access {
    /// Everybody.
    #[default]
    Free,
    /// Viewers with the `pro` entitlement; others read the preview.
    Pro,
}

spelled! {
    Kind { Concept = "concept", Guide = "guide" }
    Level { Beginner = "beginner", Intermediate = "intermediate", Advanced = "advanced" }
    Access { Free = "free", Pro = "pro" }
    ExerciseKind { Quiz = "quiz", Interview = "interview" }
}

/// Words a minute of a careful reader of technical text: Brysbaert (2019) finds 238 for English non-fiction, and code and
/// formulas slow that down.
const WORDS_A_MINUTE: usize = 200;

/// Minutes that `n_words` take to read, one at least.
pub fn reading_minutes(n_words: usize) -> u32 {
    u32::try_from(n_words.div_ceil(WORDS_A_MINUTE)).unwrap_or(u32::MAX).max(1)
}

/// Mentions that a link to a concept counts for.
const LINK_WEIGHT: usize = 4;

/// A guide or a concept. Fields that a kind does not have stay empty.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Page {
    /// Guide or concept.
    pub kind: Kind,
    /// One path segment, unique within the kind; the full id is `kind:slug`.
    pub slug: Box<str>,
    /// What readers call it.
    pub title: Box<str>,
    /// Where the site shows it: absolute where the site has a base URL, else from the root.
    pub url: Box<str>,
    /// Path of its file relative to the source; empty where it has none of its own.
    pub path: Box<str>,
    /// A concept's one-sentence definition, a guide's summary.
    pub description: Option<Box<str>>,
    /// Other names and acronyms.
    pub names: Vec<Box<str>>,
    /// URLs and paths that this page once had.
    pub old_urls: Vec<Box<str>>,
    /// The one shelf it stands on.
    pub category: Option<Box<str>>,
    /// Free labels.
    pub tags: Vec<Box<str>>,
    /// Ways through the corpus it belongs to, such as `research` and `production`.
    pub tracks: Vec<Box<str>>,
    /// How much a reader should already master.
    pub level: Option<Level>,
    /// Minutes to learn it.
    pub minutes: u32,
    /// Whether `minutes` was counted from words, for want of an author's figure.
    pub estimated: bool,
    /// Where its facts come from.
    pub sources: Vec<Source>,
    /// BCP 47 language tag.
    pub lang: Option<Box<str>>,
    /// The version of what is documented, where the site keeps several.
    pub version: Option<Box<str>>,
    /// Date of the last change as the author wrote it, RFC 3339 where it could be read.
    pub updated: Option<Box<str>>,
    /// Who wrote it.
    pub authors: Vec<Box<str>>,
    /// Who may read it whole.
    pub access: Access,
    /// Whether search, suggestions and recommendations may name it; `false` where its author keeps it out of search.
    pub is_searchable: bool,
    /// Place among its siblings, lowest first.
    pub order: Option<i64>,
    /// The series it is a part of.
    pub series: Option<Box<str>>,
    /// Its text in order; the first may be a lead with an empty title.
    pub sections: Vec<Section>,
    /// The id of the heading that is its title and stands over its lead, where the site gives it one; empty where it gives none.
    pub title_anchor: Box<str>,
    /// Further places that a link may lead to: the heading that is its title, ids that its author wrote, terms. Some may
    /// stand in text that is locked, as its headings do.
    pub anchors: Vec<Box<str>>,
    /// Quiz and interview questions.
    pub questions: Vec<Exercise>,
    /// Prerequisites that name nothing in the corpus, kept as the author wrote them.
    pub prose_prerequisites: Vec<Prose>,
    /// Pages its author never wants among the related ones.
    pub related_exclude: Vec<PageId>,
    /// Where it was declared.
    pub position: Position,
}

impl Page {
    /// An empty page of `kind` at `slug`, titled by its slug.
    pub fn new(kind: Kind, slug: &str) -> Self {
        Self {
            kind,
            slug: slug.into(),
            title: slug.into(),
            url: format!("/{kind}s/{slug}").into(),
            path: "".into(),
            description: None,
            names: Vec::new(),
            old_urls: Vec::new(),
            category: None,
            tags: Vec::new(),
            tracks: Vec::new(),
            level: None,
            minutes: 1,
            estimated: true,
            sources: Vec::new(),
            lang: None,
            version: None,
            updated: None,
            authors: Vec::new(),
            access: Access::Free,
            is_searchable: true,
            order: None,
            series: None,
            sections: Vec::new(),
            title_anchor: "".into(),
            anchors: Vec::new(),
            questions: Vec::new(),
            prose_prerequisites: Vec::new(),
            related_exclude: Vec::new(),
            position: Position::default(),
        }
    }

    /// The full id, `kind:slug`.
    pub fn id(&self) -> String {
        [self.kind.as_str(), ":", &self.slug].concat()
    }

    /// The position of the section that speaks of `concept` most, the first of equals; `None` where none names it. An
    /// author's link to the concept says more than its name in passing.
    pub fn teaching_section(&self, concept: PageId) -> Option<usize> {
        let weight = |section: &Section| {
            section.named().filter(|(page, _)| *page == concept).map(|(_, weight)| weight).sum::<usize>()
        };
        let weights = self.sections.iter().map(weight).enumerate();
        let best = weights.max_by_key(|(idx, weight)| (*weight, std::cmp::Reverse(*idx)));
        best.filter(|(_, weight)| *weight > 0).map(|(idx, _)| idx)
    }

    /// How it treats each page that a section names. O(names and links in its text).
    pub fn treatments(&self) -> FxHashMap<PageId, Treatment> {
        let mut found: FxHashMap<PageId, (usize, Treatment)> = FxHashMap::default();
        for (section, text) in self.sections.iter().enumerate() {
            let mut weights: FxHashMap<PageId, usize> = FxHashMap::default();
            text.named().for_each(|(page, weight)| *weights.entry(page).or_default() += weight);
            for (page, weight) in weights.into_iter().filter(|(_, weight)| *weight > 0) {
                let (most, treatment) = found.entry(page).or_insert((0, Treatment { section, weight: 0 }));
                treatment.weight += weight;
                if weight > *most {
                    (*most, treatment.section) = (weight, section);
                }
            }
        }
        found.into_iter().map(|(page, (_, treatment))| (page, treatment)).collect()
    }

    /// Whether any of its text or answers is withheld from the viewer this corpus is for.
    pub fn is_locked(&self) -> bool {
        self.sections.iter().any(|section| section.withheld) || self.questions.iter().any(|question| question.locked)
    }
}

/// How a page treats another one, mostly a concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Treatment {
    /// What [`Page::teaching_section`] gives: the position of the section that speaks of it most.
    pub section: usize,
    /// How much all sections speak of it: names, and links several times.
    pub weight: usize,
}

/// A heading and the text under it: the smallest addressable text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Section {
    /// The heading as plain text; empty for a lead before the first heading.
    pub title: Box<str>,
    /// The fragment of its URL, unique within the page; empty for the lead.
    pub anchor: Box<str>,
    /// Heading level 1-6; 0 for the lead.
    pub level: u8,
    /// Who may read it whole: `Pro` where any of its text lies behind the preview of a pro guide.
    pub access: Access,
    /// What every viewer of this corpus reads.
    pub text: Text,
    /// What stands behind the preview of a pro guide; `None` where nothing does or the viewer may not know it.
    pub locked: Option<Box<Text>>,
    /// Whether text of this section was withheld from this corpus.
    pub withheld: bool,
}

impl Section {
    /// A section as it was written: paid for where any of its text is locked, and nothing of it withheld.
    pub fn new(title: &str, anchor: &str, level: u8, text: Text, locked: Option<Text>) -> Self {
        let access = if locked.is_some() { Access::Pro } else { Access::Free };
        let locked = locked.map(Box::new);
        Self { title: title.into(), anchor: anchor.into(), level, access, text, locked, withheld: false }
    }

    /// The parts of the text that this corpus may show, in order.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(&self.text).chain(self.locked.as_deref())
    }

    /// The pages that its text names or links to, as often as it does, with how much that says of what it teaches.
    fn named(&self) -> impl Iterator<Item = (PageId, usize)> + '_ {
        self.texts().flat_map(|text| {
            let mentions = text.mentions.iter().map(|mention| (mention.concept, mention.count as usize));
            mentions.chain(text.links.iter().map(|link| (link.target, LINK_WEIGHT)))
        })
    }

    /// Whether nothing of a withheld section is left to read.
    pub fn is_locked(&self) -> bool {
        self.withheld && self.text.markdown.trim().is_empty()
    }
}

/// A run of Markdown and what was found in it. It is read once, when it is loaded: nobody parses it again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Text {
    /// CommonMark: shortcodes, components, admonitions and comments of authors are gone or put into its words.
    pub markdown: String,
    /// Its words, code within lines included; blocks stand on lines of their own.
    pub plain: String,
    /// Its code blocks.
    pub code: String,
    /// What a browser shows: safe, each element closed, links led to where the site shows their pages.
    pub html: String,
    /// Concepts named in it, by id, each once.
    pub mentions: Vec<Mention>,
    /// Links and wikilinks to other pages, in order of their positions.
    pub links: Vec<Link>,
    /// Where each link and image of `markdown`, in their order, leads to: what loading resolved it to, `None` where the
    /// author's own target is right or nobody knows better.
    pub hrefs: Vec<Option<Box<str>>>,
}

/// A concept named in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The concept.
    pub concept: PageId,
    /// How often.
    pub count: u32,
    /// The first time.
    pub position: Position,
}

/// A link from a text to a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The page it leads to.
    pub target: PageId,
    /// The section it leads to, if it says.
    pub anchor: Option<Box<str>>,
    /// Where it stands.
    pub position: Position,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its title as cited.
    pub title: Box<str>,
    /// Where to read it.
    pub url: Option<Box<str>>,
    /// Year of publication.
    pub year: Option<i32>,
}

/// A prerequisite that names no page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prose {
    /// As the author wrote it.
    pub text: Box<str>,
    /// Where it stands.
    pub position: Position,
}

/// How a question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ExerciseKind {
    /// With choices, one of which is right.
    Quiz,
    /// Open, with a model answer.
    Interview,
}

/// A question on a guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exercise {
    /// Unique within the guide.
    pub id: Box<str>,
    /// Quiz or interview.
    pub kind: ExerciseKind,
    /// What is asked; of a locked quiz and interview alike, everybody may read it.
    pub prompt: Box<str>,
    /// The choices of a quiz.
    pub choices: Option<Vec<Box<str>>>,
    /// The right choice, or the model answer.
    pub answer: Option<Box<str>>,
    /// Why the answer is right.
    pub explanation: Option<Box<str>>,
    /// What it tests.
    pub concepts: Vec<PageId>,
    /// Whether choices, answer and explanation were withheld from this corpus.
    pub locked: bool,
}
