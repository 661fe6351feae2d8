//! Resolving: from a draft to a corpus.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::body::{BodyLink, LinkForm, Places, patched};
use crate::config::Config;
use crate::draft::{Draft, PendingConcept};
use crate::value::narrow;
use gradus_corpus::names::{Finder, Names, fold, is_markdown};
use gradus_corpus::{
    Corpus, Diagnostic, Edge, Kind, Link, Mention, Page, PageId, Position, Prose, Relation, Site, Text, sort_pages,
};

/// Words from which a prerequisite that names nothing is taken for prose.
const PROSE_WORDS: usize = 5;

/// Resolves every reference of `draft`.
pub(crate) fn resolve(draft: Draft) -> (Corpus, Vec<Diagnostic>, Config) {
    let Draft {
        config,
        pages,
        mut edges,
        references,
        links,
        places,
        question_concepts,
        excluded,
        files,
        diagnostics,
        ..
    } = draft;
    let (pages, moved) = sort_pages(pages);
    let names = Names::new((0..).map(PageId).zip(&pages), config.base_url.as_deref());
    let references = references.into_strings();
    let resolved = references.iter().map(|reference| names.resolve(reference).pages).collect();
    let mut resolver = Resolver { names, pages, files, references, resolved, moved, diagnostics, patches: Vec::new() };
    resolver.duplicate_names();
    edges.retain_mut(|edge| resolver.edge(edge));
    resolver.drop_what_is_taught(&mut edges);
    for (page, link) in &links {
        resolver.link(*page, link);
    }
    for concept in &question_concepts {
        resolver.question_concept(concept);
    }
    for (page, reference) in excluded {
        let page = resolver.moved[page as usize];
        let excluded = resolver.resolved[reference as usize].clone();
        resolver.pages[page.idx()].related_exclude.extend(excluded);
    }
    resolver.mentions(&places);
    resolver.patch();
    let Resolver { names, pages, files, diagnostics, .. } = resolver;
    let site = Site {
        title: config.title.as_deref().map(Into::into),
        base_url: config.base_url.as_deref().map(Into::into),
        lang: config.lang.as_deref().map(Into::into),
    };
    (Corpus::sorted(pages, edges, files, site, names), diagnostics, config)
}

struct Resolver {
    names: Names,
    pages: Vec<Page>,
    files: Vec<Box<str>>,
    references: Vec<Box<str>>,
    resolved: Vec<Vec<PageId>>,
    /// Where the pages of the draft are now.
    moved: Vec<PageId>,
    diagnostics: Vec<Diagnostic>,
    /// Addresses that links got, by page, section and text, in the order of their places.
    patches: Vec<(TextId, Range<usize>, String)>,
}

/// Page, section and whether its locked text is meant.
type TextId = (PageId, usize, bool);

impl Resolver {
    fn tell(&mut self, code: &'static str, position: Position, len: usize, message: String, help: Option<String>) {
        let file = self.files.get(position.file as usize).map_or("", |file| file);
        let mut told = Diagnostic::new(code, message, file, position);
        told.len = narrow(len as u64);
        told.help = help;
        self.diagnostics.push(told);
    }

    fn did_you_mean(&self, reference: &str) -> Option<String> {
        let near = self.names.near(reference)?;
        let page = &self.pages[near.idx()];
        let title = if page.title == page.slug { String::new() } else { format!(" ({})", page.title) };
        Some(format!("did you mean `{}`{title}?", page.slug))
    }

    /// Tells of names that two concepts share. The first by id keeps them.
    fn duplicate_names(&mut self) {
        let mut first: FxHashMap<String, PageId> = FxHashMap::default();
        let mut told = Vec::new();
        for (id, page) in (0..).map(PageId).zip(&self.pages).filter(|(_, page)| page.kind == Kind::Concept) {
            for name in std::iter::once(&page.title).chain(&page.names) {
                let owner = *first.entry(fold(name)).or_insert(id);
                if owner != id {
                    let other = &self.pages[owner.idx()].slug;
                    told.push((page.position, format!("'{name}' is also a name of the concept '{other}'")));
                }
            }
        }
        for (position, message) in told {
            self.tell("G019", position, 0, message, None);
        }
    }

    /// Points `edge` at the page that its reference names. `false` where it names none.
    fn edge(&mut self, edge: &mut Edge) -> bool {
        edge.from = self.moved[edge.from.idx()];
        let number = edge.to.idx();
        let may_be_prose = edge.count == 0;
        let is_concept = self.pages[edge.from.idx()].kind == Kind::Concept;
        let wants = match edge.relation {
            Relation::Requires | Relation::Teaches => Kind::Concept,
            Relation::Contrasts | Relation::PartOf | Relation::ImprovesOn => Kind::Concept,
            _ if is_concept => Kind::Concept,
            _ => Kind::Guide,
        };
        let pages = &self.resolved[number];
        let of_kind = pages.iter().find(|page| self.pages[page.idx()].kind == wants);
        let of_kind = of_kind.or_else(|| pages.first().filter(|_| edge.relation != Relation::Teaches)).copied();
        let Some(to) = of_kind else {
            if !may_be_prose {
                self.names_nothing(edge, number);
            }
            return false;
        };
        let ambiguous = pages.iter().filter(|page| self.pages[page.idx()].kind == wants).count() > 1;
        let reference = self.references[number].clone();
        if ambiguous {
            let taken = self.pages[to.idx()].id();
            let message = format!("'{reference}' names several pages; `{taken}` is taken");
            self.tell("G005", edge.position, reference.chars().count(), message, None);
        }
        if to == edge.from {
            let message = format!("'{reference}' names the page itself");
            self.tell("G009", edge.position, reference.chars().count(), message, Some("drop it".to_owned()));
            return false;
        }
        edge.to = to;
        edge.count = 1;
        if edge.relation == Relation::Requires && !is_concept && self.pages[to.idx()].kind == Kind::Concept {
            edge.relation = Relation::Assumes;
        }
        true
    }

    fn names_nothing(&mut self, edge: &Edge, number: usize) {
        let reference = self.references[number].clone();
        let len = reference.chars().count();
        if edge.relation != Relation::Requires {
            let message = format!("`{}` names '{reference}', which does not exist", edge.relation);
            let help = self.did_you_mean(&reference);
            return self.tell("G003", edge.position, len, message, help);
        }
        if reference.split_whitespace().count() >= PROSE_WORDS {
            self.tell("G006", edge.position, len, "this prerequisite is prose".to_owned(), None);
        } else {
            let help = self.did_you_mean(&reference);
            let message = format!("no page is called '{reference}'; the prerequisite is kept as prose");
            self.tell("G002", edge.position, len, message, help);
        }
        let prose = Prose { text: reference, position: edge.position };
        self.pages[edge.from.idx()].prose_prerequisites.push(prose);
    }

    /// Drops the prerequisites of a guide that it teaches itself.
    fn drop_what_is_taught(&mut self, edges: &mut Vec<Edge>) {
        let taught: rustc_hash::FxHashSet<(PageId, PageId)> =
            edges.iter().filter(|edge| edge.relation == Relation::Teaches).map(|edge| (edge.from, edge.to)).collect();
        edges.retain(|edge| {
            let both = edge.relation == Relation::Assumes && taught.contains(&(edge.from, edge.to));
            if both {
                let title = self.pages[edge.to.idx()].title.clone();
                let message = format!("the guide both teaches and requires '{title}'");
                self.tell("G023", edge.position, 0, message, Some("drop one of them".to_owned()));
            }
            !both
        });
    }

    fn question_concept(&mut self, pending: &PendingConcept) {
        let page = self.moved[pending.page as usize];
        let concept =
            self.resolved[pending.reference as usize].iter().find(|id| self.pages[id.idx()].kind == Kind::Concept);
        if let Some(concept) = concept.copied() {
            self.pages[page.idx()].questions[pending.question_idx].concepts.push(concept);
            return;
        }
        let reference = self.references[pending.reference as usize].clone();
        let help = self.did_you_mean(&reference);
        let message = format!("a question names the concept '{reference}', which does not exist");
        self.tell("G003", pending.position, reference.chars().count(), message, help);
    }

    fn link(&mut self, page: u32, link: &BodyLink) {
        if link.form == LinkForm::Image || link.target.starts_with('#') && link.form != LinkForm::Wikilink {
            return;
        }
        let from = self.moved[page as usize];
        let file = self.pages[from.idx()].position.file;
        let position = Position { file, line: link.line, column: link.column };
        let (target, anchor) = match link.target.split_once('#') {
            Some((target, anchor)) => (target, Some(anchor)),
            None => (link.target.as_str(), None),
        };
        let found = self.names.link(
            &self.pages[from.idx()],
            &link.target,
            matches!(link.form, LinkForm::Wikilink | LinkForm::Embed),
        );
        let Some(to) = found else {
            let is_ours = matches!(link.form, LinkForm::Wikilink | LinkForm::Page)
                || is_markdown(target) && !target.contains("://");
            if is_ours {
                let help = self.did_you_mean(target.rsplit('/').next().unwrap_or(target).trim_end_matches(".md"));
                let message = format!("the link to '{}' leads nowhere", link.target);
                self.tell("G007", position, link.len as usize, message, help);
            }
            return;
        };
        let section = anchor.filter(|anchor| !anchor.is_empty() && !anchor.starts_with('^'));
        let section = section.map(|anchor| (anchor, self.anchor(to, anchor)));
        if let Some((anchor, None)) = section {
            let message = format!("'{}' has no heading '{anchor}'", self.pages[to.idx()].title);
            self.tell("G007", position, link.len as usize, message, None);
        }
        let anchor = section.and_then(|(_, found)| found);
        if let Some(slot) = &link.slot {
            let url = &self.pages[to.idx()].url;
            let url = anchor
                .as_ref()
                .filter(|anchor| !anchor.is_empty())
                .map_or(url.to_string(), |anchor| format!("{url}#{anchor}"));
            self.patches.push(((from, link.section_idx, link.is_locked), slot.clone(), url));
        }
        let resolved = Link { target: to, anchor, position };
        let section = &mut self.pages[from.idx()].sections[link.section_idx];
        let text = match &mut section.locked {
            Some(locked) if link.is_locked => locked,
            _ => &mut section.text,
        };
        text.links.push(resolved);
    }

    /// The anchor of `page` that `wanted`, an anchor or the words of a heading, means.
    fn anchor(&self, page: PageId, wanted: &str) -> Option<Box<str>> {
        let sections = &self.pages[page.idx()].sections;
        let found = sections.iter().find(|section| *section.anchor == *wanted);
        if found.is_none() && self.pages[page.idx()].anchors.iter().any(|anchor| **anchor == *wanted) {
            return Some(wanted.into());
        }
        found
            .or_else(|| sections.iter().find(|section| fold(&section.title) == fold(wanted)))
            .map(|section| section.anchor.clone())
    }

    /// Finds the names of concepts in all texts.
    fn mentions(&mut self, places: &[(u32, Vec<Places>)]) {
        if places.is_empty() {
            return;
        }
        let finder = Finder::new((0..).map(PageId).zip(&self.pages));
        for (page, places) in places {
            let id = self.moved[*page as usize];
            let page = &mut self.pages[id.idx()];
            let file = page.position.file;
            let texts = page.sections.iter_mut();
            let texts =
                texts.flat_map(|section| std::iter::once(&mut section.text).chain(section.locked.as_deref_mut()));
            for (text, places) in texts.zip(places) {
                text.mentions = mentions_in(&finder, text, id, file, places);
            }
        }
    }

    /// Writes the addresses of links into the HTML of their texts.
    fn patch(&mut self) {
        let mut patches = std::mem::take(&mut self.patches);
        patches.sort_by_key(|(text, place, _)| (*text, place.start));
        let mut patches = patches.into_iter().peekable();
        while let Some((id, place, url)) = patches.next() {
            let mut of_text = vec![(place, url)];
            while let Some((_, place, url)) = patches.next_if(|(next, ..)| *next == id) {
                of_text.push((place, url));
            }
            let (page, section_idx, is_locked) = id;
            let section = &mut self.pages[page.idx()].sections[section_idx];
            let text = if is_locked { section.locked.as_deref_mut() } else { Some(&mut section.text) };
            if let Some(text) = text {
                text.html = patched(&text.html, &of_text);
            }
        }
    }
}

fn mentions_in(finder: &Finder, text: &Text, page: PageId, file: u32, places: &Places) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = Vec::new();
    let mut known: FxHashMap<PageId, usize> = FxHashMap::default();
    finder.find(&text.plain, |concept, at| {
        if concept == page || places.is_code(at) {
            return;
        }
        match known.get(&concept) {
            Some(idx) => mentions[*idx].count += 1,
            None => {
                let (line, column) = places.at(&text.plain, at);
                known.insert(concept, mentions.len());
                mentions.push(Mention { concept, count: 1, position: Position { file, line, column } });
            }
        }
    });
    mentions.sort_unstable_by_key(|mention| mention.concept);
    mentions
}
