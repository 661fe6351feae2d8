//! What is said of pages together: ids, concepts that long pages explain, and the order in which pages are read.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::draft::Draft;
use crate::identity::{self, Wanted};
use crate::site::{Generator, Track, exact_url, is_index, plain_url, stem_of};
use gradus_corpus::names::fold;
use gradus_corpus::{Code, Diagnostic, Edge, Kind, Origin, Page, PageId, Position, Relation, Severity, Strength};

impl Draft {
    /// Gives each page its id where several want one.
    pub(crate) fn settle_ids(&mut self) {
        let shared = identity::settle(&mut self.pages, &self.wanted);
        for shared in shared {
            let (keeper, other) = (&self.pages[shared.keeper as usize], &self.pages[shared.other as usize]);
            let file = |page: &Page| self.files.get(page.position.file as usize).cloned().unwrap_or_default();
            let message =
                format!("the {} '{}' has this id already; this page is '{}'", keeper.kind, shared.slug, other.slug);
            let mut told = Diagnostic::new(gradus_corpus::Code::DuplicateId, message, &file(other), other.position);
            told.notes.push((file(keeper), keeper.position, format!("'{}' is this page", shared.slug)));
            if shared.is_local {
                told.severity = Severity::Info;
            }
            self.diagnostics.push(told);
        }
    }

    /// Gives pages of plain files that would be shown at one address, since their paths differ in nothing but numbers or in what
    /// stands for a folder, the paths of their files; tells of pages that share one still.
    pub(crate) fn settle_addresses(&mut self) {
        let mut by_url: BTreeMap<Box<str>, Vec<u32>> = BTreeMap::new();
        for page in &self.placed {
            by_url.entry(self.pages[page.page as usize].url.clone()).or_default().push(page.page);
        }
        let declared = self.wanted.iter().filter(|want| want.is_declared).map(|want| want.page);
        let declared: FxHashSet<u32> = declared.collect();
        for mut pages in by_url.into_values().filter(|pages| pages.len() > 1) {
            if self.site.facts.generator == Generator::Plain {
                self.show_at_their_paths(&mut pages);
            }
            let Some((first, others)) = pages.split_first() else { continue };
            let first = &self.pages[*first as usize];
            let message = format!("'{}' is shown at `{}` too", first.path, first.url);
            // Two that declare one id have been told already.
            for other in others.iter().filter(|other| !declared.contains(other)) {
                let position = self.pages[*other as usize].position;
                self.tell_at(Code::DuplicateAddress, position, 0, message.clone());
            }
        }
    }

    /// Shows those of `pages`, which lie at one address, at the paths of their files that are as far from it as another is; they
    /// are taken out of `pages`.
    fn show_at_their_paths(&mut self, pages: &mut Vec<u32>) {
        let base = self.config.base_url.as_deref();
        let name = |page: &Page| stem_of(&page.path).rsplit('/').next().unwrap_or_default().to_owned();
        let by_rule = |page: &Page| *page.url == *self.site.absolute(&plain_url(&page.path), base);
        let own = |page: &Page| self.site.absolute(&exact_url(&page.path), base);
        let is_numbered = |page: &Page| by_rule(page) && !is_index(&name(page)) && *page.url != *own(page);
        let of = |page: &u32| &self.pages[*page as usize];
        let has_several = |is_such: &dyn Fn(&Page) -> bool| pages.iter().filter(|page| is_such(of(page))).count() > 1;
        let (numbers, folders) = (has_several(&is_numbered), has_several(&|page| is_index(&name(page))));
        let is_moved = |page: &u32| {
            let page = of(page);
            numbers && is_numbered(page) || folders && by_rule(page) && is_index(&name(page)) && name(page) != "index"
        };
        let moved: Vec<(u32, String)> =
            pages.iter().filter(|page| is_moved(page)).map(|page| (*page, own(of(page)))).collect();
        pages.retain(|page| !moved.iter().any(|(moved, _)| moved == page));
        for (page, url) in moved {
            self.pages[page as usize].url = url.into();
        }
    }

    /// Lets each long page in a folder of concepts teach the concept of its title, which is declared where no page does.
    pub(crate) fn declare_long_concepts(&mut self) {
        let mut known: FxHashMap<String, u32> = FxHashMap::default();
        for (idx, page) in (0_u32..).zip(&self.pages).filter(|(_, page)| page.kind == Kind::Concept) {
            for name in std::iter::once(&page.title).chain(&page.names) {
                known.entry(fold(name)).or_insert(idx);
            }
            known.entry(fold(&page.slug)).or_insert(idx);
        }
        for guide in std::mem::take(&mut self.long_concepts) {
            let title = fold(&self.pages[guide as usize].title);
            let concept = match known.get(&title) {
                Some(concept) => *concept,
                None => self.concept_of(guide),
            };
            known.entry(title).or_insert(concept);
            let id = self.pages[concept as usize].id();
            let position = self.pages[guide as usize].position;
            self.state(guide, Relation::Teaches, &id, Origin::FrontMatter, position);
        }
    }

    /// Declares the concept that a long page explains.
    fn concept_of(&mut self, guide: u32) -> u32 {
        let page = &self.pages[guide as usize];
        let mut concept = Page::new(Kind::Concept, &identity::of_path(&page.path, Kind::Concept));
        concept.title = page.title.clone();
        concept.url = page.url.clone();
        concept.description = page.description.clone();
        concept.names = page.names.clone();
        concept.category = page.category.clone();
        concept.tags = page.tags.clone();
        concept.tracks = page.tracks.clone();
        concept.level = page.level;
        concept.lang = page.lang.clone();
        concept.version = page.version.clone();
        concept.position = page.position;
        let taken = |slug: &str| self.pages.iter().any(|page| page.kind == Kind::Concept && *page.slug == *slug);
        if taken(&concept.slug) {
            let more = (2_u32..).map(|n| format!("{}~{n}", concept.slug)).find(|slug| !taken(slug));
            concept.slug = more.unwrap_or_default().into();
        }
        let idx = crate::value::narrow(self.pages.len() as u64);
        let of_concepts = |edge: &&Edge| {
            let relations = [Relation::Requires, Relation::Contrasts, Relation::PartOf, Relation::ImprovesOn];
            edge.from == PageId(guide) && relations.contains(&edge.relation)
        };
        // What the author says of the page is said of the concept too; whom it does not name is told once, of the page.
        let stated: Vec<Edge> = self.edges.iter().filter(of_concepts).cloned().collect();
        self.edges.extend(stated.into_iter().map(|edge| Edge { from: PageId(idx), count: 0, ..edge }));
        self.pages.push(concept);
        self.wanted.push(Wanted { page: idx, is_declared: false, is_local: false });
        idx
    }

    /// Says in which order pages are read: by the site's navigation, and within each series.
    pub(crate) fn set_in_order(&mut self) {
        let order = self.site.rules().order(&self.placed);
        let mut files: FxHashMap<String, u32> = FxHashMap::default();
        for track in &order.tracks {
            let file = track.file.as_ref().map(|path| {
                let path = self.site.path_from_source(path);
                *files.entry(path).or_insert_with_key(|path| {
                    self.files.push(path.as_str().into());
                    crate::value::narrow(self.files.len() as u64 - 1)
                })
            });
            self.follow(track, file);
        }
        for (after, before) in order.stated {
            let before = self.pages[before as usize].id();
            let position = self.pages[after as usize].position;
            self.state(after, Relation::Follows, &before, Origin::FrontMatter, position);
        }
        self.follow_series();
    }

    fn follow(&mut self, track: &Track, file: Option<u32>) {
        for (n, step) in (1_i64..).zip(&track.steps) {
            self.pages[step.page as usize].order = Some(n);
        }
        for pair in track.steps.windows(2).filter(|pair| pair[1].follows) {
            let (before, after) = (pair[0], pair[1]);
            let (origin, position) = match file {
                Some(file) => (Origin::Central, Position { file, line: after.line, column: u32::from(after.line > 0) }),
                None => (Origin::FrontMatter, self.pages[after.page as usize].position),
            };
            let before = self.pages[before.page as usize].id();
            self.state(after.page, Relation::Follows, &before, origin, position);
        }
    }

    /// The parts of a series follow each other by their `order`, then by their paths.
    fn follow_series(&mut self) {
        let mut series: BTreeMap<_, Vec<u32>> = BTreeMap::new();
        for (idx, page) in (0_u32..).zip(&self.pages) {
            if let Some(name) = &page.series {
                series.entry((fold(name), page.lang.clone(), page.version.clone())).or_default().push(idx);
            }
        }
        let followed: FxHashSet<PageId> =
            self.edges.iter().filter(|edge| edge.relation == Relation::Follows).map(|edge| edge.from).collect();
        for mut parts in series.into_values() {
            parts.sort_by_key(|idx| (self.pages[*idx as usize].order.unwrap_or(i64::MAX), *idx));
            // Rows that say all of themselves say what they follow.
            let is_said = |after: &u32| followed.contains(&PageId(*after)) || self.whole.contains(after);
            let pairs: Vec<&[u32]> = parts.windows(2).filter(|pair| !is_said(&pair[1])).collect();
            for pair in pairs {
                let before = self.pages[pair[0] as usize].id();
                let position = self.pages[pair[1] as usize].position;
                self.state(pair[1], Relation::Follows, &before, Origin::FrontMatter, position);
            }
        }
    }

    /// States a relation of `from` to the page of the full id `to`.
    fn state(&mut self, from: u32, relation: Relation, to: &str, origin: Origin, position: Position) {
        self.edges.push(Edge {
            from: PageId(from),
            relation,
            to: PageId(self.references.intern(to)),
            strength: Strength::Required,
            origin,
            // Whoever is stated here is known, so that nobody need be told.
            count: 0,
            reason: None,
            position,
        });
    }
}
