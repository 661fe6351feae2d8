//! The corpus: pages and edges, sorted and checked once, then immutable.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::edge::{Edge, Origin, Relation, Strength};
use crate::fingerprint::{ANSWER_FORMAT, Fingerprint};
use crate::names::Names;
use crate::page::{Kind, Page, PageId};

/// All loaded content. Cloning shares the pages.
#[derive(Clone, Debug)]
pub struct Corpus {
    pub(crate) pages: Vec<Arc<Page>>,
    n_concepts: usize,
    declared: Arc<Vec<Edge>>,
    files: Arc<[Box<str>]>,
    site: Arc<Site>,
    names: Arc<Names>,
}

/// What `gradus.toml` says of the site as a whole.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Site {
    /// Name of the site.
    pub title: Option<Box<str>>,
    /// Prefix of every page's URL, without a slash at its end.
    pub base_url: Option<Box<str>>,
    /// BCP 47 tag of the language that the content is written in, English where nobody says.
    pub lang: Option<Box<str>>,
}

/// What a loader has gathered. Every [`PageId`] in it is a position in `pages` as they stand here, in any order.
#[derive(Debug, Default)]
pub struct Parts {
    /// All pages; no two of one kind share a slug.
    pub pages: Vec<Page>,
    /// What metadata declares: every relation but `mentions` and `links`, which live in the texts.
    pub edges: Vec<Edge>,
    /// The files that positions point into.
    pub files: Vec<Box<str>>,
    /// The site as a whole.
    pub site: Site,
}

impl Corpus {
    /// Sorts pages and edges and moves every reference along. Of edges that agree in `from`, `relation` and `to`, the
    /// strongest is kept, the earlier declared among equals; edges from a page to itself are kept, for `check` to tell.
    ///
    /// O(pages log pages + edges log edges).
    pub fn assemble(parts: Parts) -> Self {
        let Parts { pages, mut edges, files, site } = parts;
        let (mut pages, moved) = sort_pages(pages);
        let follow = |id: &mut PageId| *id = moved[id.idx()];
        for edge in &mut edges {
            follow(&mut edge.from);
            follow(&mut edge.to);
        }
        for page in &mut pages {
            page.related_exclude.iter_mut().for_each(follow);
            page.questions.iter_mut().flat_map(|question| &mut question.concepts).for_each(follow);
            for section in &mut page.sections {
                for text in std::iter::once(&mut section.text).chain(section.locked.as_deref_mut()) {
                    text.mentions.iter_mut().for_each(|mention| follow(&mut mention.concept));
                    text.mentions.sort_unstable_by_key(|mention| mention.concept);
                    text.links.iter_mut().for_each(|link| follow(&mut link.target));
                }
            }
        }
        let names = Names::new((0..).map(PageId).zip(&pages), site.base_url.as_deref());
        Self::sorted(pages, edges, files, site, Arc::new(names))
    }

    /// The same for pages that [`sort_pages`] has sorted and references that point at them.
    pub fn sorted(pages: Vec<Page>, mut edges: Vec<Edge>, files: Vec<Box<str>>, site: Site, names: Arc<Names>) -> Self {
        edges.sort_unstable();
        edges.dedup_by(|later, kept| (later.from, later.relation, later.to) == (kept.from, kept.relation, kept.to));
        Self::of_parts(pages.into_iter().map(Arc::new).collect(), edges, files, site, names)
    }

    /// A corpus of parts that are sorted.
    pub(crate) fn of_parts(
        pages: Vec<Arc<Page>>,
        declared: Vec<Edge>,
        files: Vec<Box<str>>,
        site: Site,
        names: Arc<Names>,
    ) -> Self {
        let n_concepts = pages.partition_point(|page| page.kind == Kind::Concept);
        let (declared, site) = (Arc::new(declared), Arc::new(site));
        Self { pages, n_concepts, declared, files: files.into(), site, names }
    }

    /// All names of the pages.
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// Every page, sorted by full id: all concepts, then all guides.
    pub fn pages(&self) -> impl ExactSizeIterator<Item = (PageId, &Page)> {
        self.pages.iter().enumerate().map(|(idx, page)| (page_id(idx), page.as_ref()))
    }

    /// The page at `id`, which must come from this corpus or its public view.
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.idx()]
    }

    /// The language that a page is written in, as the first part of its tag, `pt` of `pt-BR`: what the page says, else what
    /// the site does, else English. In the author's casing.
    pub fn language(&self, id: PageId) -> &str {
        let tag = self.page(id).lang.as_deref().or(self.site().lang.as_deref()).unwrap_or("en");
        tag.split(['-', '_']).next().unwrap_or_default()
    }

    /// How many pages there are.
    pub fn n_pages(&self) -> usize {
        self.pages.len()
    }

    /// How many of them are concepts; their ids come first.
    pub fn n_concepts(&self) -> usize {
        self.n_concepts
    }

    /// Whether `id` is a concept.
    pub fn is_concept(&self, id: PageId) -> bool {
        id.idx() < self.n_concepts
    }

    /// The ids of all concepts.
    pub fn concepts(&self) -> impl ExactSizeIterator<Item = PageId> + use<> {
        (0..self.n_concepts).map(page_id)
    }

    /// The ids of all guides.
    pub fn guides(&self) -> impl ExactSizeIterator<Item = PageId> + use<> {
        (self.n_concepts..self.pages.len()).map(page_id)
    }

    /// The page of `kind` at `slug`. O(log pages).
    pub fn find(&self, kind: Kind, slug: &str) -> Option<PageId> {
        let found = self.pages.binary_search_by(|page| (page.kind, page.slug.as_ref()).cmp(&(kind, slug)));
        found.ok().map(page_id)
    }

    /// What metadata declares, sorted by `from`, `relation`, `to`.
    pub fn declared(&self) -> &[Edge] {
        &self.declared
    }

    /// What the metadata of `page` declares, sorted by `relation`, `to`.
    pub fn declared_by(&self, page: PageId) -> &[Edge] {
        let start = self.declared.partition_point(|edge| edge.from < page);
        let len = self.declared[start..].partition_point(|edge| edge.from == page);
        &self.declared[start..start + len]
    }

    /// What the texts of `page` say: its `mentions` and `links`, one edge a target with its count and first position,
    /// sorted by `relation`, `to`.
    pub fn found_in(&self, page: PageId) -> Vec<Edge> {
        let found = |relation, origin, to, count, position| Edge {
            from: page,
            relation,
            to,
            strength: Strength::Required,
            origin,
            count,
            reason: None,
            position,
        };
        let texts = || self.page(page).sections.iter().flat_map(|section| section.texts());
        let mentions = texts()
            .flat_map(|text| &text.mentions)
            .map(|at| found(Relation::Mentions, Origin::Mention, at.concept, at.count, at.position));
        let links = texts()
            .flat_map(|text| &text.links)
            .map(|at| found(Relation::Links, Origin::Inline, at.target, 1, at.position));
        let mut edges: Vec<Edge> = mentions.chain(links).filter(|edge| edge.to != page).collect();
        edges.sort_by_key(|edge| (edge.relation, edge.to, edge.position));
        edges.dedup_by(|later, kept| {
            let same = (later.relation, later.to) == (kept.relation, kept.to);
            if same {
                kept.count += later.count;
            }
            same
        });
        edges
    }

    /// Every edge of the corpus, declared and found, by `from`.
    pub fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        (0..self.pages.len())
            .map(page_id)
            .flat_map(|page| self.declared_by(page).iter().cloned().chain(self.found_in(page)))
    }

    /// The same content with `edges` among what is declared. Pages are shared. O(edges log edges).
    pub fn with_edges(&self, edges: Vec<Edge>) -> Self {
        let mut declared = edges;
        declared.extend(self.declared.iter().cloned());
        declared.sort_unstable();
        declared.dedup_by(|later, kept| (later.from, later.relation, later.to) == (kept.from, kept.relation, kept.to));
        Self { declared: Arc::new(declared), ..self.clone() }
    }

    /// Paths of the content files, relative to the source.
    pub fn files(&self) -> &[Box<str>] {
        &self.files
    }

    /// What `gradus.toml` says of the site as a whole.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// A name for exactly this content: 16 hexadecimal digits, equal for equal content and the same [`ANSWER_FORMAT`], on any machine
    /// and whichever compiler made the program. It is computed from what this corpus shows, so that a public view's name tells
    /// nothing of locked text.
    pub fn generation(&self) -> String {
        let mut name = Fingerprint::default();
        name.add(&(ANSWER_FORMAT, self.pages.len(), self.declared.len(), &*self.site));
        self.pages.iter().for_each(|page| name.add(&**page));
        self.declared.iter().for_each(|edge| name.add(edge));
        format!("{:016x}", name.finish())
    }
}

/// Sorts `pages` by full id. The second part says where each of them is now.
pub fn sort_pages(pages: Vec<Page>) -> (Vec<Page>, Vec<PageId>) {
    let mut pages: Vec<(PageId, Page)> = (0..).map(PageId).zip(pages).collect();
    pages.sort_unstable_by(|(_, a), (_, b)| (a.kind, &a.slug).cmp(&(b.kind, &b.slug)));
    let mut moved = vec![PageId(0); pages.len()];
    for (now, (was, _)) in (0..).map(PageId).zip(&pages) {
        moved[was.idx()] = now;
    }
    (pages.into_iter().map(|(_, page)| page).collect(), moved)
}

/// `idx` as an id.
#[expect(clippy::cast_possible_truncation, reason = "a corpus of 2^32 pages does not fit the machines it is for")]
fn page_id(idx: usize) -> PageId {
    PageId(idx as u32)
}
