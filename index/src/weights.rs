//! The tuned weights: every number that decides how pages rank, and where it came from.
//!
//! "Chosen on the looked-at sets" means: values around it were tried one at a time, and this one served nDCG@10 of Cranfield,
//! CISI, NPL, ADI and the golden queries of the built-in curriculum best in the mean; between neighbouring values the mean
//! moved by .005 at most. What says nothing of its origin was chosen when ranking was first written (866bfaf), by looking at
//! Cranfield and the golden queries. `docs/search.md` tells which sets were held out, and how to measure a change.

use crate::field::Field;

/// How soon more of the same word stops counting: BM25's `k1`. Chosen on the looked-at sets.
pub(crate) const SATURATION: f32 = 1.5;
/// How far a document's length tells against it, from not at all to in proportion: BM25's `b`. Chosen on the looked-at sets.
pub(crate) const LENGTH_WEIGHT: f32 = 0.6;

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

/// What the very form that is asked for counts; the rest is for its stem, which stands in all forms. Chosen on the looked-at
/// sets; more finds a few known pages more, and the answers to questions less.
pub(crate) const FORM: f32 = 0.3;
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
/// Words that tell something from which those that do not are not read at all: thirty of them at a fifth each outweigh the
/// rest. A plain choice; on CISI, whose questions have 60 words, it gains .08 together with words counted as often as said.
pub(crate) const SILENCING_WORDS: usize = 3;

/// What a name of a concept counts relative to its words: where it stands, they stand together.
pub(crate) const NAME: f32 = 0.5;
/// What a page gets that is about a concept which the query names, relative to what the name tells.
pub(crate) const NAMED_CONCEPT: f32 = 0.6;
/// The same for a guide that teaches it.
pub(crate) const TEACHES_NAMED: f32 = 0.3;
/// What a word counts that stands elsewhere on a page than in its best section.
pub(crate) const ELSEWHERE: f32 = 0.5;

/// What the nearness of two words adds, relative to what the weaker of them tells. Chosen on the looked-at
/// sets.
pub(crate) const NEAR: f32 = 0.5;
/// Words between which nothing is near any more. A plain choice: at five words a pair adds a fifth.
pub(crate) const NEAR_WINDOW: u16 = 5;
/// What likeness to the very best pages adds, relative to the best score. Chosen on the looked-at sets.
pub(crate) const LIKENESS: f32 = 1.2;
/// How many those are. Chosen on the looked-at sets.
pub(crate) const N_SEEDS: usize = 3;
/// Words taken from them, the heaviest ones. A plain choice: the rest hardly weighs.
pub(crate) const SEED_WORDS: usize = 100;
/// Pages whose likeness to the very best is looked at where a query is long, so that later pages of results gain
/// too: on the looked-at sets it adds .02 to .04 to recall@100. A plain choice for speed.
pub(crate) const MAX_ALIKE: usize = 200;
/// Words that tell something from which a query is long: a page that has most of them may be better than one that has all.
/// Chosen on the looked-at sets and on known pages, which are found by two to four words of theirs.
pub(crate) const LONG_QUERY: usize = 5;
/// Pages that are looked at more closely: nearness and likeness move a page by a few places only. A plain choice for speed.
pub(crate) const MAX_REFINED: usize = 30;

/// Words from which a query describes rather than filters: few pages hold all of them, and the best need not be among
/// those.
pub(crate) const DESCRIPTION_WORDS: usize = 3;
/// Pages that answer a description well enough: a page of results, which is a plain choice.
pub(crate) const ENOUGH_PAGES: usize = 10;
/// What a hit must score of what the best does where a query describes: below it are pages with one common word. Chosen on
/// the looked-at sets, where twice as much costs recall@100.
pub(crate) const CUT_OFF: f32 = 0.1;
/// Words beside a phrase from which a query is a text that quotes: a plain choice, since few write that much to a search box.
pub(crate) const QUOTING_WORDS: usize = 12;
/// How many words of average weight a page must hold when not all have to match: of a few words, and of a query that is long
/// or asks something. The second is chosen on the looked-at sets: more costs recall@100 where texts are short.
pub(crate) const RELAXED_WORDS: [f32; 2] = [0.75, 0.3];
/// Concepts that a query asks about and that stand first: "the difference between X and Y". A plain choice.
pub(crate) const MAX_ASKED_ABOUT: usize = 2;
/// How much seldomer than the word that a name has a word must be to be that one, mistyped. A plain choice.
pub(crate) const SELDOMER: u32 = 4;
/// Names that may begin with the query and stand first: a reader who types on sees more at the next letter. A plain choice.
pub(crate) const MAX_BEGUN: usize = 3;
