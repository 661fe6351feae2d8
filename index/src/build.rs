//! Building: a document a section and a concept.

use std::panic::resume_unwind;

use gradus_corpus::{Corpus, PageId, Relation};
use tantivy::directory::RamDirectory;
use tantivy::schema::{Field as EngineField, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, WhitespaceTokenizer};
use tantivy::{Index as Engine, IndexSettings, IndexWriter};

use crate::Index;
use crate::analysis::{StemTokenizer, Stems, WordTokenizer};
use crate::completions::Completions;
use crate::documents::documents;
use crate::error::BuildError;
use crate::facets::FacetIndex;
use crate::field::{FIELDS, Field};
use crate::headings::Headings;
use crate::language::main_language;
use crate::name_parts::NameParts;
use crate::names::ConceptNames;
use crate::store::Store;
use crate::texts::Texts;
use crate::vectors::Vectors;
use crate::warm_up::warm_up;

/// Memory of the writer in bytes: enough that the corpora most sites have become one segment.
const WRITER_BYTES: usize = 256 << 20;
const EXACT: &str = "exact";
const STEMMED: &str = "stemmed";
const LISTED: &str = "listed";

impl Index {
    /// Indexes `corpus`: words and their documents in one thread, what pages are compared by in another. O(text).
    ///
    /// # Errors
    /// If the engine fails, which only a lack of memory explains.
    pub fn build(corpus: &Corpus) -> Result<Self, BuildError> {
        let stems = Stems::new(corpus.site().lang.as_deref());
        std::thread::scope(|scope| {
            let vectors = scope.spawn(|| Vectors::new(corpus));
            let headings = Headings::new(corpus);
            let (store, texts) = indexed(corpus, &stems, &headings)?;
            let (cache, typos) = warm_up(&store, &stems)?;
            Ok(Self {
                store,
                cache,
                typos,
                names: ConceptNames::new(corpus, &mut stems.clone()),
                stems,
                texts,
                name_parts: NameParts::new(corpus),
                headings,
                facets: FacetIndex::new(corpus),
                completions: Completions::new(corpus),
                vectors: vectors.join().unwrap_or_else(|panic| resume_unwind(panic)),
                taught: taught(corpus),
                language: main_language(corpus),
            })
        })
    }
}

/// The words of all documents, and their texts.
fn indexed(corpus: &Corpus, stems: &Stems, headings: &Headings) -> Result<(Store, Texts), BuildError> {
    let (schema, fields) = schema();
    let directory = RamDirectory::create();
    let engine = Engine::create(directory.clone(), schema, IndexSettings::default())?;
    engine.tokenizers().register(EXACT, TextAnalyzer::builder(WordTokenizer::default()).build());
    engine.tokenizers().register(STEMMED, TextAnalyzer::builder(StemTokenizer::new(stems.clone())).build());
    engine.tokenizers().register(LISTED, TextAnalyzer::builder(WhitespaceTokenizer::default()).build());
    // One thread: documents stand in the order of their pages.
    let mut writer: IndexWriter = engine.writer_with_num_threads(1, WRITER_BYTES)?;
    let mut pages = Vec::new();
    let mut texts = Texts::default();
    for (id, page) in corpus.pages().filter(|(_, page)| page.is_searchable) {
        for document in documents(page, &|heading| headings.is_repeated(heading)) {
            writer.add_document(document.for_engine(&fields))?;
            texts.push(&document.prose, &document.code);
            pages.push(id.0);
        }
    }
    writer.commit()?;
    let segments = engine.searchable_segment_ids()?;
    if segments.len() > 1 {
        // Documents keep their order: it is that of the segments.
        writer.merge(&segments).wait()?;
    }
    writer.wait_merging_threads()?;
    let searcher = engine.reader()?.searcher();
    Ok((Store::new(searcher, directory, fields, pages, corpus.n_pages())?, texts))
}

/// Concepts and the guides that teach them, sorted.
fn taught(corpus: &Corpus) -> Vec<(PageId, PageId)> {
    let teaches = corpus.declared().iter().filter(|edge| edge.relation == Relation::Teaches);
    let mut taught: Vec<(PageId, PageId)> = teaches.map(|edge| (edge.to, edge.from)).collect();
    taught.sort_unstable();
    taught
}

pub(crate) fn schema() -> (Schema, [EngineField; FIELDS.len()]) {
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
            Field::Concept => (LISTED, freqs, false),
        };
        let indexing =
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record).set_fieldnorms(has_lengths);
        schema.add_text_field(&format!("{field:?}"), TextOptions::default().set_indexing_options(indexing))
    });
    (schema.build(), fields)
}
