//! The tuned weights: every number that decides how pages rank, and where it came from.
//!
//! What says nothing of its origin was chosen when ranking was first written (866bfaf), by looking at Cranfield and at the
//! golden queries of the built-in curriculum together; what each of the two said was not written down. `docs/search.md`
//! tells how to measure a change.

use crate::field::Field;

/// How soon more of the same word stops counting: BM25's `k1`. Higher than the usual 1.2 to 1.5 of a single field, since
/// the frequencies of four weighed fields are summed before they saturate.
pub(crate) const SATURATION: f32 = 2.0;
/// How far a document's length tells against it, from not at all to in proportion: BM25's `b`, at the value that Robertson
/// and Zaragoza (2009) give as usual.
pub(crate) const LENGTH_WEIGHT: f32 = 0.75;

/// Where words are looked up as they are written, and what a match there counts relative to prose. Names and headings stand
/// in [`Field::All`] as well, so that a name counts 5 in all and a heading 1.5.
pub(crate) const EXACT_FIELDS: &[(Field, f32)] =
    &[(Field::All, 1.0), (Field::Name, 4.0), (Field::Heading, 0.5), (Field::Code, 0.4)];
/// The same for stems. Names count no more than texts: known pages were missed where forms of common words in names counted
/// as much as the words themselves (217e28c).
pub(crate) const STEM_FIELDS: &[(Field, f32)] = &[(Field::AllStem, 1.0)];
/// The same for completions of an unfinished word. Those of names are left out: they would favour whatever has a name that
/// begins like a common word.
pub(crate) const COMPLETION_FIELDS: &[(Field, f32)] = &[(Field::All, 1.0), (Field::Code, 0.4)];

/// What the very form that is asked for counts; the rest is for its stem, which stands in all forms. Chosen on known pages
/// of 100,000 (217e28c).
pub(crate) const FORM: f32 = 0.5;
/// What a completion of the last word counts. Below 1, so that a finished word comes first.
pub(crate) const COMPLETION: f32 = 0.6;
/// What a guess at a word counts that is one edit away, and two. Only words that occur nowhere are guessed at, so that
/// little speaks against the guess.
pub(crate) const TYPO: [f32; 2] = [0.95, 0.8];
/// What the next guess at a mistyped word counts, relative to the one before. A plain choice: the order matters more.
pub(crate) const SECOND_GUESS: f32 = 0.7;
/// How much commoner a word must be to be meant where the first letter was mistyped: people mistype that one least. Chosen
/// on known pages with typos (217e28c).
pub(crate) const OTHER_START: u32 = 4;
/// What a word counts that every text of the language holds, whatever it is about.
pub(crate) const FUNCTION_WORD: f32 = 0.2;

/// Words that tell something from which those that do not are not read at all.
pub(crate) const SILENCING_WORDS: usize = 3;

/// What a name of a concept counts relative to its words: where it stands, they stand together.
pub(crate) const NAME: f32 = 0.5;
/// What a page gets that is about a concept which the query names, relative to what the name tells.
pub(crate) const NAMED_CONCEPT: f32 = 0.6;
/// The same for a guide that teaches it.
pub(crate) const TEACHES_NAMED: f32 = 0.3;
/// What a word counts that stands elsewhere on a page than in its best section.
pub(crate) const ELSEWHERE: f32 = 0.5;

/// What the nearness of two words adds, relative to what the weaker of them tells.
pub(crate) const NEAR: f32 = 1.0;
/// Words between which nothing is near any more. A plain choice: at five words a pair adds a fifth.
pub(crate) const NEAR_WINDOW: u16 = 5;
/// What likeness to the very best pages adds, relative to the best score.
pub(crate) const LIKENESS: f32 = 0.6;
/// How many those are.
pub(crate) const N_SEEDS: usize = 3;
/// Words taken from them, the heaviest ones. A plain choice: the rest hardly weighs.
pub(crate) const SEED_WORDS: usize = 100;
/// Pages that are looked at more closely: nearness and likeness move a page by a few places only. A plain choice for speed.
pub(crate) const MAX_REFINED: usize = 30;

/// Words from which a query describes rather than filters: few pages hold all of them, and the best need not be among
/// those.
pub(crate) const DESCRIPTION_WORDS: usize = 3;
/// Pages that answer a description well enough: a page of results, which is a plain choice.
pub(crate) const ENOUGH_PAGES: usize = 10;
/// How many words of average weight a page must hold when not all have to match.
pub(crate) const RELAXED_WORDS: f32 = 0.75;
/// Words up to which a page that holds all of them comes before any that does not.
pub(crate) const MAX_WHOLE: usize = 5;
/// Names that may begin with the query and stand first: a reader who types on sees more at the next letter. A plain choice.
pub(crate) const MAX_BEGUN: usize = 3;
