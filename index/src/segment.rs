//! The segment: all documents as tantivy keeps them, made of nothing or of the segment before.
//!
//! Key decision: a document is known again by what is indexed of it. Of content of which little has changed, what is as it was is
//! taken from the segment before in one merge with what is new, and no text is analysed twice. The merge is tantivy's; it puts
//! documents in the order of a number that each carries, with room between for those to come. What comes out holds the same
//! postings as if all had been built anew, and every statistic is counted from those, never kept beside them.

use gradus_corpus::{Corpus, Page};
use rustc_hash::FxHashMap;
use tantivy::directory::{OwnedBytes, RamDirectory};
use tantivy::fastfield::{AliveBitSet, write_alive_bitset};
use tantivy::indexer::merge_filtered_segments;
use tantivy::schema::{FAST, Field as EngineField, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{RawTokenizer, TextAnalyzer};
use tantivy::{BitSet, Index as Engine, IndexSettings, IndexSortByField, IndexWriter, Order, Searcher};

use crate::analysis::{StemTokenizer, Stems, WordTokenizer};
use crate::documents::{IndexDocument, documents};
use crate::error::BuildError;
use crate::field::{FIELDS, Field};
use crate::headings::Headings;
use crate::texts::Texts;

/// Memory of the writer in bytes: enough that the corpora most sites have become one segment.
const WRITER_BYTES: usize = 256 << 20;
/// The same where little is new.
const SMALL_WRITER_BYTES: usize = 32 << 20;
const EXACT: &str = "exact";
const STEMMED: &str = "stemmed";
const WHOLE: &str = "whole";
/// The number by which documents are in order.
const PLACE: &str = "Place";
/// Room between the places of documents: twenty documents in a row can each get another before them and one before that.
const GAP: u64 = 1 << 20;
/// The share of documents that have to be as they were, one in so many: of fewer a merge saves less than it costs.
const KEPT_SHARE: usize = 2;

/// The one segment of an index, and what its documents are known again by.
pub(crate) struct Segment {
    pub(crate) directory: RamDirectory,
    pub(crate) searcher: Searcher,
    /// By document; none where the segment was read from a disk.
    pub(crate) marks: Vec<DocumentMark>,
}

/// What a document is known again by, and its place among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DocumentMark {
    key: u128,
    place: u64,
}

/// What there is of a corpus to index.
pub(crate) struct IndexSource<'a> {
    pub(crate) corpus: &'a Corpus,
    pub(crate) stems: &'a Stems,
    pub(crate) headings: &'a Headings,
}

/// Which page each document is of, and its text.
#[derive(Default)]
pub(crate) struct DocumentList {
    pub(crate) pages: Vec<u32>,
    pub(crate) texts: Texts,
    keys: Vec<u128>,
}

impl DocumentList {
    fn push(&mut self, page: u32, document: &IndexDocument<'_>, corpus: &Corpus) {
        self.texts.push(&document.prose, &document.code);
        self.pages.push(page);
        self.keys.push(document.key(corpus));
    }
}

impl IndexSource<'_> {
    /// The segment of all documents, with what is as it was taken from the one `before`. O(text), with a small constant for text that
    /// stands there.
    pub(crate) fn segment(&self, before: Option<&Segment>) -> Result<(Segment, DocumentList), BuildError> {
        if let Some(before) = before.filter(|before| !before.marks.is_empty()) {
            let mut list = DocumentList::default();
            for (page, document) in
                self.pages().flat_map(|(id, page)| self.documents(page).into_iter().map(move |document| (id, document)))
            {
                list.push(page, &document, self.corpus);
            }
            if let Some(plan) = MergePlan::new(&before.marks, &list.keys) {
                return Ok((self.merged(before, plan, &list)?, list));
            }
        }
        self.built()
    }

    /// Pages that are searched.
    fn pages(&self) -> impl Iterator<Item = (u32, &Page)> {
        self.corpus.pages().filter(|(_, page)| page.is_searchable).map(|(id, page)| (id.0, page))
    }

    fn documents<'a>(&self, page: &'a Page) -> Vec<IndexDocument<'a>> {
        documents(page, &|heading| self.headings.is_repeated(heading))
    }

    fn built(&self) -> Result<(Segment, DocumentList), BuildError> {
        let open = OpenSegment::new(self.stems, WRITER_BYTES)?;
        let mut list = DocumentList::default();
        let mut marks = Vec::new();
        for (id, page) in self.pages() {
            for document in self.documents(page) {
                let place = GAP * (marks.len() as u64 + 1);
                open.add(&document, place, self.corpus)?;
                list.push(id, &document, self.corpus);
                marks.extend(list.keys.last().map(|key| DocumentMark { key: *key, place }));
            }
        }
        let (engine, directory) = open.closed()?;
        Ok((Segment { directory, searcher: engine.reader()?.searcher(), marks }, list))
    }

    fn merged(&self, before: &Segment, plan: MergePlan, list: &DocumentList) -> Result<Segment, BuildError> {
        let mut segments = before.searcher.index().searchable_segments()?;
        let mut alive = vec![Some(plan.alive(before.marks.len()))];
        let MergePlan { kept, places } = plan;
        if kept.iter().any(Option::is_none) {
            let open = OpenSegment::new(self.stems, SMALL_WRITER_BYTES)?;
            let mut at = 0;
            for page in list.pages.chunk_by(|one, next| one == next) {
                let here = at..at + page.len();
                at = here.end;
                if kept[here.clone()].iter().all(Option::is_some) {
                    continue;
                }
                let documents = self.documents(self.corpus.page(gradus_corpus::PageId(page[0])));
                for (at, document) in here.zip(documents).filter(|(at, _)| kept[*at].is_none()) {
                    open.add(&document, places[at], self.corpus)?;
                }
            }
            let (engine, _) = open.closed()?;
            segments.extend(engine.searchable_segments()?);
            alive.push(None);
        }
        let by_place = IndexSortByField { field: PLACE.to_owned(), order: Order::Asc };
        let settings = IndexSettings { sort_by_field: Some(by_place), ..IndexSettings::default() };
        let directory = RamDirectory::create();
        let engine = merge_filtered_segments(&segments, settings, alive, directory.clone())?;
        let marks = list.keys.iter().zip(places).map(|(key, place)| DocumentMark { key: *key, place }).collect();
        Ok(Segment { directory, searcher: engine.reader()?.searcher(), marks })
    }
}

/// What a merge takes from the segment before.
struct MergePlan {
    /// By document: which one it was, if it was there.
    kept: Vec<Option<u32>>,
    /// By document: where it stands.
    places: Vec<u64>,
}

impl MergePlan {
    /// How `keys` come out of what was there `before`; nothing where too little of it is left, or no place is. O(documents log
    /// documents).
    fn new(before: &[DocumentMark], keys: &[u128]) -> Option<Self> {
        let mut known: FxHashMap<u128, Vec<u32>> = FxHashMap::default();
        let n_before = u32::try_from(before.len()).ok()?;
        for (doc, mark) in (0..n_before).zip(before).rev() {
            known.entry(mark.key).or_default().push(doc);
        }
        let mut kept: Vec<Option<u32>> = keys.iter().map(|key| known.get_mut(key)?.pop()).collect();
        keep_rising(&mut kept);
        let n_kept = kept.iter().flatten().count();
        if n_kept == 0 || n_kept * KEPT_SHARE < before.len().max(keys.len()) {
            return None;
        }
        let places = places(&kept, before)?;
        Some(Self { kept, places })
    }

    /// Which of the documents before are taken.
    fn alive(&self, n_before: usize) -> AliveBitSet {
        let mut alive = BitSet::with_max_value(u32::try_from(n_before).unwrap_or(u32::MAX));
        self.kept.iter().flatten().for_each(|doc| {
            alive.insert(*doc);
        });
        let mut bytes = Vec::new();
        // Nothing is written but to memory.
        let _ = write_alive_bitset(&alive, &mut bytes);
        AliveBitSet::open(OwnedBytes::new(bytes))
    }
}

/// Keeps a longest rising run of `kept`, and forgets the rest: a merge never changes the order of documents. By patience (Fredman,
/// 1975). O(n log n).
fn keep_rising(kept: &mut [Option<u32>]) {
    // By length: the position that a rising run of this length ends at with the least document.
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![usize::MAX; kept.len()];
    for at in 0..kept.len() {
        let Some(doc) = kept[at] else { continue };
        let length = ends.partition_point(|end| kept[*end] < Some(doc));
        before[at] = length.checked_sub(1).map_or(usize::MAX, |shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut next = ends.last().copied().unwrap_or(usize::MAX);
    for at in (0..kept.len()).rev() {
        if at == next {
            next = before[at];
        } else {
            kept[at] = None;
        }
    }
}

/// Places for all documents, those that are kept where they were; nothing where too many stand between two of them.
fn places(kept: &[Option<u32>], before: &[DocumentMark]) -> Option<Vec<u64>> {
    let mut places: Vec<u64> = Vec::with_capacity(kept.len());
    for run in kept.chunk_by(|one, next| one.is_none() && next.is_none()) {
        let last = places.last().copied().unwrap_or(0);
        if let [Some(doc)] = run {
            places.push(before[*doc as usize].place);
            continue;
        }
        let n_new = run.len() as u64;
        let step = match kept.get(places.len() + run.len()) {
            Some(next) => ((*next).map(|doc| before[doc as usize].place)? - last) / (n_new + 1),
            None => GAP,
        };
        if step == 0 {
            return None;
        }
        places.extend((1..=n_new).map(|nth| last + nth * step));
    }
    Some(places)
}

/// A segment that documents are added to.
struct OpenSegment {
    engine: Engine,
    directory: RamDirectory,
    writer: IndexWriter,
    fields: [EngineField; FIELDS.len()],
    place: EngineField,
}

impl OpenSegment {
    fn new(stems: &Stems, bytes: usize) -> Result<Self, BuildError> {
        let (schema, fields, place) = schema();
        let directory = RamDirectory::create();
        let engine = Engine::create(directory.clone(), schema, IndexSettings::default())?;
        engine.tokenizers().register(EXACT, TextAnalyzer::builder(WordTokenizer::default()).build());
        engine.tokenizers().register(STEMMED, TextAnalyzer::builder(StemTokenizer::new(stems.clone())).build());
        engine.tokenizers().register(WHOLE, TextAnalyzer::builder(RawTokenizer::default()).build());
        // One thread: documents stand in the order of their pages.
        let writer: IndexWriter = engine.writer_with_num_threads(1, bytes)?;
        Ok(Self { engine, directory, writer, fields, place })
    }

    fn add(&self, document: &IndexDocument<'_>, place: u64, corpus: &Corpus) -> Result<(), BuildError> {
        let mut document = document.for_engine(&self.fields, corpus);
        document.add_u64(self.place, place);
        self.writer.add_document(document)?;
        Ok(())
    }

    /// All that was added, as one segment.
    fn closed(mut self) -> Result<(Engine, RamDirectory), BuildError> {
        self.writer.commit()?;
        let segments = self.engine.searchable_segment_ids()?;
        if segments.len() > 1 {
            // Documents keep their order: it is that of the segments.
            self.writer.merge(&segments).wait()?;
        }
        self.writer.wait_merging_threads()?;
        Ok((self.engine, self.directory))
    }
}

/// What is indexed, in the order of [`FIELDS`], and the number that orders documents.
pub(crate) fn schema() -> (Schema, [EngineField; FIELDS.len()], EngineField) {
    let mut schema = Schema::builder();
    let fields = FIELDS.map(|field| {
        let positions = IndexRecordOption::WithFreqsAndPositions;
        let freqs = IndexRecordOption::WithFreqs;
        // Names and headings are short: normalising by length would favour the shortest rather than the best.
        let (tokenizer, record, has_lengths) = match field {
            Field::Name => (EXACT, positions, false),
            Field::NameStem => (STEMMED, freqs, false),
            Field::All | Field::Code => (EXACT, positions, true),
            Field::AllStem => (STEMMED, positions, true),
            Field::Heading => (EXACT, freqs, false),
            Field::Concept => (WHOLE, freqs, false),
        };
        let indexing =
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record).set_fieldnorms(has_lengths);
        schema.add_text_field(&format!("{field:?}"), TextOptions::default().set_indexing_options(indexing))
    });
    let place = schema.add_u64_field(PLACE, FAST);
    (schema.build(), fields, place)
}

#[cfg(test)]
mod tests {
    use gradus_load::{Input, load};
    use proptest::prelude::*;
    use tantivy::postings::Postings;
    use tantivy::{DocSet, TERMINATED};

    use super::*;
    use crate::Index;

    /// A site with a page for each of `texts`, which is which of a handful of texts it has.
    fn site(texts: &[Option<u8>]) -> Corpus {
        let page = |(number, text): (usize, &Option<u8>)| {
            let text = (*text)?;
            let words = ["cache", "caches", "the page", "tokens", "`code`"];
            let mut body = format!("---\ntitle: Page {}\n---\n", text % 7);
            for nth in 0..text % 4 {
                let word = words[usize::from(text + nth) % words.len()];
                let heading = if nth == 2 { "Notes" } else { word };
                body += &format!("\n## {heading}\n\n{} see [[c{}]]\n", format!("{word} ").repeat(text.into()), nth);
            }
            Some((format!("guides/p{number}.md"), body.into_bytes().into()))
        };
        let concepts =
            (0..3).map(|nth| (format!("concepts/c{nth}.md"), format!("# C{nth}\n\nA token.\n").into_bytes().into()));
        let files = texts.iter().enumerate().filter_map(page).chain(concepts).collect();
        load(&Input::Memory(files), &mut |_| {}).unwrap().corpus
    }

    /// Everything that an index takes over of another, as far as anybody reads it.
    fn dump(index: &Index) -> Vec<String> {
        let vectors = postcard::to_allocvec(&index.vectors).unwrap();
        let mut all = vec![format!("{:?}", index.store.pages), format!("{vectors:?}")];
        let Some(reader) = index.store.segment.searcher.segment_readers().first() else { return all };
        let (_, fields, _) = schema();
        for (number, field) in fields.into_iter().enumerate() {
            let inverted = reader.inverted_index(field).unwrap();
            let mut terms = inverted.terms().stream().unwrap();
            while terms.advance() {
                let option = IndexRecordOption::WithFreqsAndPositions;
                let mut postings = inverted.read_postings_from_terminfo(terms.value(), option).unwrap();
                let mut line = format!("{:?} {:?} {}:", FIELDS[number], terms.key(), terms.value().doc_freq);
                while postings.doc() != TERMINATED {
                    let mut positions = Vec::new();
                    postings.positions(&mut positions);
                    line += &format!(" {}x{}@{positions:?}", postings.doc(), postings.term_freq());
                    postings.advance();
                }
                all.push(line);
            }
        }
        for field in [Field::All, Field::AllStem, Field::Code] {
            let factors = (0..reader.max_doc()).map(|doc| index.store.factor(field, doc).to_bits());
            all.push(format!("{:?}", factors.collect::<Vec<_>>()));
        }
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_taken_over_is_what_would_be_built(
            first in proptest::collection::vec(proptest::option::weighted(0.9, 0..60_u8), 0..30),
            edits in proptest::collection::vec(proptest::collection::vec((0..30_usize, proptest::option::of(0..60_u8)), 0..4), 1..5),
        ) {
            let mut texts = first;
            let mut index = Index::build(&site(&texts)).unwrap();
            for round in edits {
                for (at, text) in round {
                    // Behind the end a page is added, inside one is changed or goes.
                    match texts.get_mut(at) {
                        Some(here) => *here = text,
                        None => texts.push(text),
                    }
                }
                let corpus = site(&texts);
                index = Index::build_after(Some(&index), &corpus).unwrap();
                prop_assert_eq!(dump(&index), dump(&Index::build(&corpus).unwrap()));
            }
        }
    }

    #[test]
    fn what_has_not_changed_is_merged_and_not_built() {
        let texts: Vec<_> = (0..20).map(Some).collect();
        let before = Index::build(&site(&texts)).unwrap();
        let mut later = texts.clone();
        later[3] = Some(50);
        let after = Index::build_after(Some(&before), &site(&later)).unwrap();
        let place = |index: &Index, doc: usize| index.store.segment.marks[doc].place;
        let n_docs = before.store.n_docs();
        assert_eq!(
            place(&before, n_docs - 1),
            place(&after, after.store.n_docs() - 1),
            "the last document is taken over"
        );
        assert_ne!(n_docs, after.store.n_docs());
    }

    #[test]
    fn the_longest_rising_run_is_kept() {
        let mut kept = [Some(5), None, Some(0), Some(1), Some(9), Some(2), Some(3)];
        keep_rising(&mut kept);
        assert_eq!(kept, [None, None, Some(0), Some(1), None, Some(2), Some(3)]);
        let mut none: [Option<u32>; 2] = [None, None];
        keep_rising(&mut none);
        assert_eq!(none, [None, None]);
    }

    #[test]
    fn new_documents_stand_between_their_neighbours() {
        let before: Vec<DocumentMark> =
            (1..=3).map(|nth: u64| DocumentMark { key: nth.into(), place: 10 * nth }).collect();
        let kept = [None, Some(0), None, None, Some(2), None];
        assert_eq!(places(&kept, &before), Some(vec![5, 10, 16, 22, 30, 30 + GAP]));
        let crowded = vec![None; 10].into_iter().chain([Some(0)]).collect::<Vec<_>>();
        assert_eq!(places(&crowded, &before), None, "ten have no room below the tenth place");
    }
}
