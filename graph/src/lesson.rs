//! Lessons: what can be read in one go, what it teaches and what it costs.

use std::collections::BTreeMap;

use gradus_corpus::{Corpus, Origin, Page, PageId, Relation};
use serde::{Deserialize, Serialize};

/// A guide, or a section of one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Lesson {
    pub(crate) guide: PageId,
    /// Position of the section in the guide; `None` for the whole guide.
    pub(crate) section: Option<usize>,
    pub(crate) minutes: u32,
    /// The concepts that it teaches, by id.
    pub(crate) concepts: Vec<PageId>,
    /// How much a whole guide speaks of each of them; empty for a section.
    weights: Vec<usize>,
}

impl Lesson {
    /// How much a whole guide speaks of `concept`; 0 for a section.
    pub(crate) fn weight(&self, concept: u32) -> usize {
        let at = self.concepts.binary_search(&PageId(concept)).ok();
        at.and_then(|at| self.weights.get(at)).copied().unwrap_or(0)
    }
}

/// The lessons of all guides that teach anything, each guide before its sections. A section teaches those of the guide's
/// concepts that it names most, and costs its share of the guide's text. O(pages + edges + what texts name).
pub(crate) fn lessons(corpus: &Corpus) -> Vec<Lesson> {
    corpus.guides().flat_map(|guide| lessons_of(corpus, guide)).collect()
}

fn lessons_of(corpus: &Corpus, guide: PageId) -> Vec<Lesson> {
    let page = corpus.page(guide);
    let teaches = corpus
        .declared_by(guide)
        .iter()
        .filter(|edge| edge.relation == Relation::Teaches && edge.origin != Origin::Inferred);
    let concepts: Vec<PageId> = teaches.map(|edge| edge.to).collect();
    if concepts.is_empty() {
        return Vec::new();
    }
    let treatments = page.treatments();
    let weights =
        concepts.iter().map(|concept| treatments.get(concept).map_or(0, |treatment| treatment.weight)).collect();
    let whole = Lesson { guide, section: None, minutes: page.minutes, concepts: concepts.clone(), weights };
    let mut lessons = vec![whole];
    let lengths: Vec<usize> = (0..page.sections.len()).map(|idx| length(page, idx)).collect();
    // Of a guide with withheld text nobody can say which share of it a section is.
    if page.is_locked() || lengths.len() < 2 {
        return lessons;
    }
    let total = lengths.iter().sum::<usize>().max(1);
    let mut taught_in: BTreeMap<usize, Vec<PageId>> = BTreeMap::new();
    for concept in concepts {
        if let Some(treatment) = treatments.get(&concept) {
            taught_in.entry(treatment.section).or_default().push(concept);
        }
    }
    for (section, concepts) in taught_in {
        let minutes = (page.minutes as usize * lengths[section]).div_ceil(total).max(1);
        let minutes = u32::try_from(minutes).unwrap_or(page.minutes);
        lessons.push(Lesson { guide, section: Some(section), minutes, concepts, weights: Vec::new() });
    }
    lessons
}

fn length(page: &Page, section: usize) -> usize {
    page.sections[section].texts().map(|text| text.markdown.len()).sum()
}
