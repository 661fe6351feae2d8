//! Who names whom: the pages of one kind, and what the text of each says of the others.

use gradus_corpus::{Corpus, Link, PageId, Position};
use rustc_hash::FxHashMap;

use super::cue::{Cue, cue_of, sentence_around};
use super::page_text::{TextUnit, units};
use super::role::SectionRole;
use super::source_lines::SourceLines;
use super::words::{Vocabulary, WordAt};

/// Words of a page that are compared with those of others: its most telling ones.
pub(super) const COMPARED_WORDS: usize = 128;
/// Words of a name: longer titles are sentences, which no text repeats.
const NAME_WORDS: usize = 8;

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
        let finder = NameFinder::new(&names);
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

/// Finds names by their stems.
struct NameFinder {
    /// The page of each name.
    names: FxHashMap<Vec<u32>, u32>,
    /// The lengths of the names that begin with a stem, longest first.
    lengths: FxHashMap<u32, Vec<usize>>,
}

impl NameFinder {
    /// A name that several pages have belongs to the first.
    fn new(names: &[Vec<Vec<u32>>]) -> Self {
        let (mut of, mut lengths) = (FxHashMap::default(), FxHashMap::<u32, Vec<usize>>::default());
        for (node, names) in (0..).zip(names) {
            for name in names.iter().filter(|name| name.len() <= NAME_WORDS) {
                let Some(first) = name.first() else { continue };
                let known = lengths.entry(*first).or_default();
                if !known.contains(&name.len()) {
                    known.push(name.len());
                    known.sort_unstable_by_key(|len| std::cmp::Reverse(*len));
                }
                of.entry(name.clone()).or_insert(node);
            }
        }
        Self { names: of, lengths }
    }

    /// The longest name that begins at `words[at]`, and how many words it has.
    fn at(&self, stems: &[u32], at: usize) -> Option<(u32, usize)> {
        let lengths = self.lengths.get(&stems[at])?;
        lengths.iter().find_map(|len| {
            let name = stems.get(at..at + len)?;
            self.names.get(name).map(|node| (*node, *len))
        })
    }

    /// The pages but `own` whose names stand in `title` and are shorter, sorted.
    fn within(&self, own: u32, title: &[u32]) -> Vec<u32> {
        let parts = (0..title.len()).flat_map(|start| {
            let lengths = self.lengths.get(&title[start]).into_iter().flatten();
            lengths.filter_map(move |len| title.get(start..start + len).filter(|part| part.len() < title.len()))
        });
        let mut found: Vec<u32> =
            parts.filter_map(|part| self.names.get(part).copied()).filter(|node| *node != own).collect();
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
    finder: &'a NameFinder,
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
        for (at, unit) in units.iter().enumerate() {
            self.links(node, unit, &mut told);
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
        let mut at = 0;
        while at < stems.len() {
            let Some((node, len)) = self.finder.at(&stems, at) else {
                at += 1;
                continue;
            };
            if node as usize != own {
                let one = told.entry(node).or_insert_with(|| Told { node, ..Told::default() });
                let place = NamePlace { unit, start: words[at].start };
                one.count += 1;
                if one.place.is_none() {
                    one.place = Some(place);
                    firsts.push((node, at));
                }
                // A single word stands in such a sentence by chance.
                let is_needed = || len > 1 && cue_of(sentence_around(text.plain, place.start)) == Cue::Before;
                if one.before.is_none() && (text.role == SectionRole::Before || is_needed()) {
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
                SectionRole::Text => self.cue_of_link(link),
            };
            let node = u32::try_from(node).unwrap_or(u32::MAX);
            let one = told.entry(node).or_insert_with(|| Told { node, ..Told::default() });
            match cue {
                Cue::After => one.onward = one.onward.or(Some(link.position)),
                Cue::Before => one.before = one.before.or(Some(BeforePlace::Link(link.position))),
                Cue::None => {}
            }
            if cue != Cue::After {
                one.link = one.link.or(Some(link.position));
            }
        }
    }

    fn cue_of_link(&mut self, link: &Link) -> Cue {
        let at = link.position;
        self.lines.around(at).map_or(Cue::None, cue_of)
    }
}

#[expect(clippy::cast_precision_loss, reason = "texts have fewer than 2^24 words")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}
