//! Who names whom: the pages of one kind, and what the text of each says of the others.

use std::ops::Range;

use gradus_corpus::{Corpus, Kind, PageId, Position};
use rustc_hash::FxHashMap;

use super::cue::{Cue, cue_of, points_on, sentence_around, sentence_span};
use super::name_form::NameForm;
use super::page_text::{TextUnit, units};
use super::role::SectionRole;
use super::source_lines::SourceLines;
use super::words::{Vocabulary, WordAt};

/// Words of a page that are compared with those of others: its most telling ones.
pub(super) const COMPARED_WORDS: usize = 128;
/// Words of a name: longer titles are sentences, which no text repeats.
const NAME_WORDS: usize = 8;

/// How sure it is that a page comes afterwards to which a sentence points for more.
const POINTED_AFTERWARDS: f32 = 0.5;

/// What a page says of another one.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// The other page.
    pub(super) node: u32,
    /// How often its name stands in the text.
    pub(super) count: u32,
    /// How early it does: 1 at the start, near 0 at the end, 0 where it does not.
    pub(super) earliness: f32,
    /// Whether the first sentence names it.
    pub(super) in_first_sentence: bool,
    /// Where it stands first: the unit of the text, and the bytes in it.
    pub(super) place: Option<NamePlace>,
    /// The first link to it that does not lead onward.
    pub(super) link: Option<Position>,
    /// Where it is said to be needed before.
    pub(super) before: Option<BeforePlace>,
    /// Where it is said to come afterwards.
    pub(super) onward: Option<Position>,
    /// How sure that is: 1 where it is said outright, less where readers are pointed to where more is told.
    pub(super) afterwards: f32,
}

/// Where a name stands in the text of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NamePlace {
    pub(super) unit: usize,
    pub(super) start: usize,
}

/// Where something is said to be needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BeforePlace {
    Name(NamePlace),
    Link(Position),
}

/// The pages of one kind, by position, and what they say of each other.
pub(super) struct Net {
    /// The pages, by id.
    pub(super) pages: Vec<PageId>,
    /// What each says of others, by these.
    pub(super) told: Vec<Vec<Told>>,
    /// The stems of the names of each; the title's first.
    pub(super) names: Vec<Vec<Vec<u32>>>,
    /// The pages whose names stand in the title of each, shorter than it, sorted.
    pub(super) within: Vec<Vec<u32>>,
    /// The stems in the text and the title of each, each once with its number, sorted.
    pub(super) stems: Vec<Vec<(u32, u32)>>,
    /// Words in the text of each.
    pub(super) n_words: Vec<u32>,
    /// The position in the vocabulary of the language of each.
    pub(super) languages: Vec<usize>,
    /// Stems that there are.
    pub(super) n_stems: usize,
}

impl Net {
    /// What `pages`, sorted, say of each other. O(text).
    pub(super) fn new(
        corpus: &Corpus,
        pages: Vec<PageId>,
        vocabulary: &mut Vocabulary,
        lines: &mut SourceLines<'_>,
    ) -> Self {
        let texts: Vec<Vec<TextUnit<'_>>> = pages.iter().map(|page| units(corpus.page(*page))).collect();
        let languages: Vec<usize> = pages
            .iter()
            .zip(&texts)
            .map(|(page, units)| {
                let longest = units.iter().map(|unit| unit.plain).max_by_key(|plain| plain.len()).unwrap_or_default();
                vocabulary.language(corpus.page(*page).lang.as_deref(), longest)
            })
            .collect();
        let names: Vec<Vec<Vec<u32>>> = pages
            .iter()
            .zip(&languages)
            .map(|(page, language)| names_of(corpus, *page, *language, vocabulary))
            .collect();
        let places: Vec<NetPlace<'_>> = pages.iter().map(|page| NetPlace::of(corpus, *page)).collect();
        let finder = NameFinder::new(&names, &places);
        let mut reader = NetReader { pages: &pages, finder: &finder, vocabulary, lines };
        let (mut told, mut stems, mut n_words) = (Vec::new(), Vec::new(), Vec::new());
        for (node, units) in texts.iter().enumerate() {
            let read = reader.page(node, languages[node], units, &names[node]);
            told.push(read.told);
            stems.push(read.stems);
            n_words.push(read.n_words);
        }
        let n_stems = reader.vocabulary.len();
        let within = (0..).zip(&names).map(|(node, names)| finder.within(node, &names[0])).collect();
        Self { pages, told, names, within, stems, n_words, languages, n_stems }
    }

    /// How many pages there are.
    pub(super) fn len(&self) -> usize {
        self.pages.len()
    }

    /// What `node` says of `other`.
    pub(super) fn says(&self, node: u32, other: u32) -> Option<&Told> {
        let told = &self.told[node as usize];
        told.binary_search_by_key(&other, |one| one.node).ok().map(|at| &told[at])
    }

    /// The position of `page`.
    pub(super) fn node(&self, page: PageId) -> Option<u32> {
        self.pages.binary_search(&page).ok().and_then(|at| u32::try_from(at).ok())
    }
}

fn names_of(corpus: &Corpus, page: PageId, language: usize, vocabulary: &mut Vocabulary) -> Vec<Vec<u32>> {
    let page = corpus.page(page);
    let mut names: Vec<Vec<u32>> = Vec::new();
    for name in std::iter::once(&page.title).chain(&page.names) {
        for spelling in [Some(&**name), bare(name)].into_iter().flatten() {
            let stems = vocabulary.name(language, spelling);
            if !stems.is_empty() && !names.contains(&stems) {
                names.push(stems);
            }
        }
    }
    if names.is_empty() {
        names.push(vocabulary.name(language, &page.slug));
    }
    names
}

/// A name without what stands in parentheses behind it, if something does.
fn bare(name: &str) -> Option<&str> {
    let (bare, _) = name.split_once('(')?;
    Some(bare.trim()).filter(|bare| !bare.is_empty())
}

/// Where a page stands, by which names are told apart that several pages have.
struct NetPlace<'a> {
    path: &'a str,
    is_concept: bool,
    /// The forms of its names.
    forms: Vec<NameForm<'a>>,
}

impl<'a> NetPlace<'a> {
    fn of(corpus: &'a Corpus, page: PageId) -> Self {
        let page = corpus.page(page);
        let names = std::iter::once(&page.title).chain(&page.names);
        let forms = names.map(|name| NameForm::of(name)).collect();
        Self { path: &page.path, is_concept: page.kind == Kind::Concept, forms }
    }

    /// How many folders it has in common with `other`, from the root on.
    fn n_common_folders(&self, other: &Self) -> usize {
        let (one, other) = (self.path.split('/'), other.path.split('/'));
        one.zip(other).take_while(|(one, other)| one == other).count()
    }
}

/// Finds names by their stems.
struct NameFinder<'a> {
    /// The pages of each name, by position.
    names: FxHashMap<Vec<u32>, Vec<u32>>,
    /// The lengths of the names that begin with a stem, longest first.
    lengths: FxHashMap<u32, Vec<usize>>,
    places: &'a [NetPlace<'a>],
}

impl<'a> NameFinder<'a> {
    fn new(names: &[Vec<Vec<u32>>], places: &'a [NetPlace<'a>]) -> Self {
        let (mut of, mut lengths) =
            (FxHashMap::<Vec<u32>, Vec<u32>>::default(), FxHashMap::<u32, Vec<usize>>::default());
        for (node, names) in (0..).zip(names) {
            for name in names.iter().filter(|name| name.len() <= NAME_WORDS) {
                let Some(first) = name.first() else { continue };
                let known = lengths.entry(*first).or_default();
                if !known.contains(&name.len()) {
                    known.push(name.len());
                    known.sort_unstable_by_key(|len| std::cmp::Reverse(*len));
                }
                of.entry(name.clone()).or_default().push(node);
            }
        }
        Self { names: of, lengths, places }
    }

    /// The longest name that begins at `words[at]` of the text of `own`, and how many words it has.
    fn at(&self, own: usize, stems: &[u32], at: usize) -> Option<(u32, usize)> {
        let lengths = self.lengths.get(&stems[at])?;
        lengths.iter().find_map(|len| {
            let name = stems.get(at..at + len)?;
            self.names.get(name).map(|nodes| (self.meant(own, nodes), *len))
        })
    }

    /// Which of the pages of a name `own` means: itself, else a concept, else the one that stands
    /// nearest, of these the first.
    fn meant(&self, own: usize, nodes: &[u32]) -> u32 {
        let place = &self.places[own];
        let nearness = |node: &&u32| {
            let node = **node as usize;
            let other = &self.places[node];
            (node == own, other.is_concept, place.n_common_folders(other), std::cmp::Reverse(node))
        };
        nodes.iter().max_by_key(nearness).copied().unwrap_or_default()
    }

    /// Whether what is `written` at the start of a sentence or inside it names `node`. Titles of guides are everyday words: a single
    /// one is a name only where it is written as names are.
    fn is_name(&self, node: u32, written: &str, starts_sentence: bool) -> bool {
        let is_word = written.chars().all(char::is_alphanumeric);
        let is_cased = !written.starts_with(char::is_lowercase) && !written.chars().all(char::is_uppercase);
        self.places[node as usize].is_concept || !is_word || is_cased && !starts_sentence
    }

    /// Whether what stands at `span` of `text` is written as the title of `node` is, where that is a guide.
    fn has_form(&self, node: u32, text: &str, span: Range<usize>) -> bool {
        let place = &self.places[node as usize];
        place.is_concept || place.forms.iter().any(|form| form.fits(text, span.clone()))
    }

    fn is_concept(&self, node: u32) -> bool {
        self.places[node as usize].is_concept
    }

    /// The pages but `own` whose names stand in `title` and are shorter, sorted.
    fn within(&self, own: u32, title: &[u32]) -> Vec<u32> {
        let parts = (0..title.len()).flat_map(|start| {
            let lengths = self.lengths.get(&title[start]).into_iter().flatten();
            lengths.filter_map(move |len| title.get(start..start + len).filter(|part| part.len() < title.len()))
        });
        let meant = |part| self.names.get(part).map(|nodes| self.meant(own as usize, nodes));
        let mut found: Vec<u32> = parts.filter_map(meant).filter(|node| *node != own).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// What was read of one page.
struct PageReading {
    told: Vec<Told>,
    stems: Vec<(u32, u32)>,
    n_words: u32,
}

struct NetReader<'a, 'b> {
    pages: &'a [PageId],
    finder: &'a NameFinder<'a>,
    vocabulary: &'a mut Vocabulary,
    lines: &'a mut SourceLines<'b>,
}

impl NetReader<'_, '_> {
    fn page(&mut self, node: usize, language: usize, units: &[TextUnit<'_>], names: &[Vec<u32>]) -> PageReading {
        let mut told: FxHashMap<u32, Told> = FxHashMap::default();
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        // The title says what a page is of more than any sentence.
        names.first().into_iter().flatten().for_each(|stem| *counts.entry(*stem).or_default() += 2);
        let mut firsts: Vec<(u32, usize)> = Vec::new();
        let mut n_words = 0;
        let mut first_end = None;
        let mut words = Vec::new();
        units.iter().for_each(|unit| self.links(node, unit, &mut told));
        for (at, unit) in units.iter().enumerate() {
            if unit.role == SectionRole::Onward {
                continue;
            }
            words.clear();
            self.vocabulary.read(language, unit.plain, &mut words);
            if !words.is_empty() && first_end.is_none() {
                let sentence = sentence_around(unit.plain, words[0].start);
                let end = words[0].start + sentence.len();
                first_end = Some(n_words + words.iter().filter(|word| word.start < end).count());
            }
            words.iter().for_each(|word| *counts.entry(word.stem).or_default() += 1);
            for (node, word) in self.names(node, &words, at, unit, &mut told) {
                firsts.push((node, n_words + word));
            }
            n_words += words.len();
        }
        for (other, at) in firsts {
            if let Some(one) = told.get_mut(&other).filter(|one| one.earliness == 0.0) {
                one.earliness = 1.0 - ratio(at, n_words);
                one.in_first_sentence = first_end.is_some_and(|end| at < end);
            }
        }
        let mut told: Vec<Told> = told.into_values().collect();
        told.sort_unstable_by_key(|one| one.node);
        let mut stems: Vec<(u32, u32)> = counts.into_iter().collect();
        stems.sort_unstable();
        PageReading { told, stems, n_words: u32::try_from(n_words).unwrap_or(u32::MAX) }
    }

    /// Finds names in a unit; gives those that the page had not named before, and at which word.
    fn names(
        &self,
        own: usize,
        words: &[WordAt],
        unit: usize,
        text: &TextUnit<'_>,
        told: &mut FxHashMap<u32, Told>,
    ) -> Vec<(u32, usize)> {
        let stems: Vec<u32> = words.iter().map(|word| word.stem).collect();
        let mut firsts = Vec::new();
        // The sentence that was read last, and what it says.
        let mut sentence: Option<(Range<usize>, Cue)> = None;
        let mut at = 0;
        while at < stems.len() {
            let Some((node, len)) = self.finder.at(own, &stems, at) else {
                at += 1;
                continue;
            };
            if node as usize != own {
                let place = NamePlace { unit, start: words[at].start };
                let span = sentence_span(text.plain, place.start);
                let written = &text.plain[place.start..words[at + len - 1].end];
                let is_linked = told.get(&node).is_some_and(|one| one.link.is_some());
                // A line that is nothing but the name is a label: a heading, or an entry of a list.
                let is_label =
                    text.role == SectionRole::Text && text.plain[span.clone()].trim_end_matches([':', '.']) == written;
                let before = &text.plain[span.start..place.start];
                let starts_sentence = !before.contains(char::is_alphanumeric);
                let is_named = is_linked || self.finder.is_name(node, written, starts_sentence);
                if is_label
                    || !is_named
                    || !self.finder.has_form(node, text.plain, place.start..words[at + len - 1].end)
                {
                    at += len;
                    continue;
                }
                let is_passed = points_on(before);
                let cue = match &sentence {
                    Some((known, cue)) if *known == span => *cue,
                    _ => sentence.insert((span.clone(), cue_of(&text.plain[span]))).1,
                };
                // The names of concepts are more often a part of what such a sentence says than what it is about.
                let is_passed = is_passed
                    || match cue {
                        Cue::Pointing => len > 1 || !self.finder.is_concept(node),
                        Cue::Beside => !self.finder.is_concept(node),
                        Cue::Before | Cue::After | Cue::None => false,
                    };
                // A single word stands by chance in a sentence that says that something is needed.
                let cue = if len > 1 { cue } else { Cue::None };
                if is_passed {
                    at += len;
                    continue;
                }
                let one = told.entry(node).or_insert_with(|| Told { node, ..Told::default() });
                one.count += 1;
                if one.place.is_none() {
                    one.place = Some(place);
                    firsts.push((node, at));
                }
                if one.before.is_none() && (text.role == SectionRole::Before || cue == Cue::Before) {
                    one.before = Some(BeforePlace::Name(place));
                }
            }
            at += len;
        }
        firsts
    }

    fn links(&mut self, own: usize, unit: &TextUnit<'_>, told: &mut FxHashMap<u32, Told>) {
        for link in unit.links {
            let Ok(node) = self.pages.binary_search(&link.target) else { continue };
            if node == own {
                continue;
            }
            let cue = match unit.role {
                SectionRole::Onward => Cue::After,
                SectionRole::Before => Cue::Before,
                SectionRole::Text => match self.lines.around(link.position) {
                    Some(sentence) if is_only_a_link(&sentence) => continue,
                    sentence => sentence.map_or(Cue::None, |sentence| cue_of(&sentence)),
                },
            };
            if cue == Cue::Beside {
                continue;
            }
            let node = u32::try_from(node).unwrap_or(u32::MAX);
            let one = told.entry(node).or_insert_with(|| Told { node, ..Told::default() });
            match cue {
                Cue::Pointing | Cue::After => {
                    one.onward = one.onward.or(Some(link.position));
                    one.afterwards = one.afterwards.max(if cue == Cue::After { 1.0 } else { POINTED_AFTERWARDS });
                }
                Cue::Before => one.before = one.before.or(Some(BeforePlace::Link(link.position))),
                Cue::Beside | Cue::None => {}
            }
            if matches!(cue, Cue::Before | Cue::None) {
                one.link = one.link.or(Some(link.position));
            }
        }
    }
}

/// Whether `sentence`, as it is written, is an entry of a list of links: it says that there is a page, and nothing of it.
fn is_only_a_link(sentence: &str) -> bool {
    let entry =
        sentence.trim_start_matches(|char: char| char.is_ascii_digit() || matches!(char, '-' | '*' | '+' | '.' | ' '));
    entry.starts_with('[') && entry.ends_with(')') && entry.matches("](").count() == 1
}

#[expect(clippy::cast_precision_loss, reason = "texts have fewer than 2^24 words")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}
