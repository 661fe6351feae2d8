//! The line that speaks for a proposal.

use std::collections::BTreeMap;

use gradus_corpus::{Corpus, Page, PageId, Position};

use super::cue::{sentence_span, sentences_of};
use super::near::Near;
use super::net::{BeforePlace, NamePlace, Net};
use super::page_text::units;
use super::source_lines::SourceLines;
use super::words::Vocabulary;

/// Characters of a line that are quoted.
const QUOTED_CHARS: usize = 240;
/// Characters before a name that are quoted with it.
const CHARS_BEFORE: usize = 120;

/// In what way a line speaks for a prerequisite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// It says that the prerequisite is needed before.
    Before,
    /// It names the prerequisite.
    Mention,
    /// It links to it.
    Link,
    /// The prerequisite sends its readers on from here.
    SeeAlso,
    /// A title that the name of the prerequisite is a part of.
    Name,
    /// It has most words in common with the prerequisite.
    Words,
}

impl EvidenceKind {
    /// Its name in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::Mention => "mention",
            Self::Link => "link",
            Self::SeeAlso => "see_also",
            Self::Name => "name",
            Self::Words => "words",
        }
    }
}

/// A line that speaks for a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalEvidence {
    /// In what way.
    pub kind: EvidenceKind,
    /// The path of its file, relative to the source.
    pub file: Box<str>,
    /// The line in it; 0 where it is nowhere to be found.
    pub line: u32,
    /// What stands there, at most 240 characters of it.
    pub text: Box<str>,
}

/// Finds the lines.
pub(super) struct EvidenceFinder<'a, 'b> {
    pub(super) corpus: &'a Corpus,
    pub(super) net: &'a Net,
    pub(super) near: &'a Near,
    pub(super) vocabulary: &'a mut Vocabulary,
    pub(super) lines: &'a mut SourceLines<'b>,
    /// The sentences of pages that were asked for, with their stems.
    pub(super) sentences: BTreeMap<u32, Vec<StemmedSentence>>,
}

/// A sentence and its stems.
pub(super) type StemmedSentence = (Box<str>, Vec<u32>);

/// The way in which `to` and `from` speak for a prerequisite, best first; `None` where only words do.
pub(super) fn kind_of(net: &Net, from: u32, to: u32) -> Option<EvidenceKind> {
    let (there, back) = (net.says(to, from), net.says(from, to));
    if there.is_some_and(|told| told.before.is_some()) {
        Some(EvidenceKind::Before)
    } else if there.is_some_and(|told| told.place.is_some()) {
        Some(EvidenceKind::Mention)
    } else if there.is_some_and(|told| told.link.is_some()) {
        Some(EvidenceKind::Link)
    } else if back.is_some_and(|told| told.onward.is_some()) {
        Some(EvidenceKind::SeeAlso)
    } else if net.within[to as usize].binary_search(&from).is_ok() {
        Some(EvidenceKind::Name)
    } else {
        None
    }
}

impl EvidenceFinder<'_, '_> {
    /// The line that speaks for `from` being a prerequisite of `to`; `None` where there is none.
    pub(super) fn find(&mut self, from: u32, to: u32) -> Option<ProposalEvidence> {
        let (there, back) = (self.net.says(to, from), self.net.says(from, to));
        match kind_of(self.net, from, to) {
            Some(kind @ EvidenceKind::Before) => match there?.before? {
                BeforePlace::Name(place) => self.name(kind, to, place),
                BeforePlace::Link(position) => self.link(kind, to, position, from),
            },
            Some(kind @ EvidenceKind::Mention) => self.name(kind, to, there?.place?),
            Some(kind @ EvidenceKind::Link) => self.link(kind, to, there?.link?, from),
            Some(kind @ EvidenceKind::SeeAlso) => self.link(kind, from, back?.onward?, to),
            Some(kind) => {
                let title = self.page(to).title.clone();
                Some(self.at(kind, to, &title))
            }
            None => self.words(from, to),
        }
    }

    fn id(&self, node: u32) -> PageId {
        self.net.pages[node as usize]
    }

    fn page(&self, node: u32) -> &Page {
        self.corpus.page(self.id(node))
    }

    /// The sentence in which a name stands.
    fn name(&mut self, kind: EvidenceKind, node: u32, place: NamePlace) -> Option<ProposalEvidence> {
        let units = units(self.page(node));
        let unit = units.get(place.unit)?;
        let span = sentence_span(unit.plain, place.start);
        let offset = place.start.saturating_sub(span.start);
        let sentence = unit.plain[span].to_owned();
        Some(self.at_offset(kind, node, &sentence, offset))
    }

    /// The sentence in which a link of `node` to `target` stands. Of a row, whose lines nobody quotes, the sentence that has
    /// most in common with the target's title.
    fn link(&mut self, kind: EvidenceKind, node: u32, position: Position, target: u32) -> Option<ProposalEvidence> {
        if let Some(sentence) = self.lines.around(position) {
            let text = quoted(&sentence, 0);
            let file = self.lines.path(position.file).into();
            return Some(ProposalEvidence { kind, file, line: position.line, text });
        }
        let title = self.net.names[target as usize].first().cloned().unwrap_or_default();
        let weight = |stem: u32| title.contains(&stem).then(|| self.near.rarity(stem).max(0.01));
        let text = best_sentence(&self.all_sentences(node), weight).unwrap_or_else(|| self.page(target).title.clone());
        let file = self.lines.path(position.file).into();
        Some(ProposalEvidence { kind, file, line: position.line, text: quoted(&text, 0) })
    }

    /// The sentence of `to` that has most in common with `from`.
    fn words(&mut self, from: u32, to: u32) -> Option<ProposalEvidence> {
        if !self.sentences.contains_key(&to) {
            self.sentences.clear();
            let sentences = self.all_sentences(to);
            self.sentences.insert(to, sentences);
        }
        let near = self.near;
        let text = best_sentence(&self.sentences[&to], |stem| near.weight(from, stem))?;
        Some(self.at(EvidenceKind::Words, to, &text))
    }

    fn all_sentences(&mut self, node: u32) -> Vec<StemmedSentence> {
        let language = self.net.languages[node as usize];
        let page = self.corpus.page(self.id(node));
        let mut sentences = Vec::new();
        for unit in units(page) {
            for sentence in sentences_of(unit.plain) {
                let stems = self.vocabulary.name(language, sentence);
                if !stems.is_empty() {
                    sentences.push((sentence.into(), stems));
                }
            }
        }
        sentences
    }

    fn at(&mut self, kind: EvidenceKind, node: u32, sentence: &str) -> ProposalEvidence {
        self.at_offset(kind, node, sentence, 0)
    }

    fn at_offset(&mut self, kind: EvidenceKind, node: u32, sentence: &str, offset: usize) -> ProposalEvidence {
        let position = self.page(node).position;
        let line = self.lines.line_of(position.file, position.line, sentence).unwrap_or(position.line);
        let file = self.lines.path(position.file).into();
        ProposalEvidence { kind, file, line, text: quoted(sentence, offset) }
    }
}

/// The sentence whose different stems weigh most, the first of equals; `None` where none weighs anything.
fn best_sentence(sentences: &[StemmedSentence], weight: impl Fn(u32) -> Option<f32>) -> Option<Box<str>> {
    let mut best: Option<(f32, &str)> = None;
    for (sentence, stems) in sentences {
        let mut stems = stems.clone();
        stems.sort_unstable();
        stems.dedup();
        let sum: f32 = stems.iter().filter_map(|stem| weight(*stem)).sum();
        // A long sentence has something in common with everything.
        let score = sum / (8.0 + super::near::as_f32(stems.len())).sqrt();
        if sum > 0.0 && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, sentence));
        }
    }
    best.map(|(_, sentence)| sentence.into())
}

/// `sentence` in one line, cut to what stands around the byte `offset` where it is long.
fn quoted(sentence: &str, offset: usize) -> Box<str> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= QUOTED_CHARS {
        return line.into();
    }
    let before = sentence[..sentence.floor_char_boundary(offset.min(sentence.len()))].chars().count();
    let skipped = before.saturating_sub(CHARS_BEFORE);
    let cut: String = line.chars().skip(skipped).take(QUOTED_CHARS).collect();
    let (start, end) =
        (if skipped > 0 { "…" } else { "" }, if skipped + QUOTED_CHARS < line.chars().count() { "…" } else { "" });
    format!("{start}{}{end}", cut.trim()).into()
}
