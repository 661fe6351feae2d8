//! Building: a document a section and a concept.

use gradus_corpus::{Corpus, Page, PageId, Section, markdown};
use tantivy::schema::{FAST, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Language, Stemmer, TextAnalyzer};
use tantivy::{Index as Engine, IndexWriter, TantivyDocument, TantivyError};

use crate::analysis::Words;
use crate::facets::FacetTable;
use crate::similar::Vectors;
use crate::suggest::Completions;
use crate::{BuildError, Fields, Index};

/// Memory of the writer in bytes: enough that the corpora most sites have become one segment.
const WRITER_BYTES: usize = 256 << 20;

const EXACT: &str = "exact";
const STEMMED: &str = "stemmed";

impl Index {
    /// Indexes `corpus`. O(text).
    ///
    /// # Errors
    /// If the engine fails, which only a lack of memory explains.
    pub fn build(corpus: &Corpus) -> Result<Self, BuildError> {
        let (schema, fields) = schema();
        let engine = Engine::create_in_ram(schema);
        engine.tokenizers().register(EXACT, TextAnalyzer::builder(Words).build());
        let stemmed = TextAnalyzer::builder(Words).filter(Stemmer::new(Language::English)).build();
        engine.tokenizers().register(STEMMED, stemmed);
        // One thread: documents stand in the order of their pages, and the machine's other core serves on.
        let mut writer: IndexWriter = engine.writer_with_num_threads(1, WRITER_BYTES)?;
        for (id, page) in corpus.pages() {
            add_page(&mut writer, fields, id, page)?;
        }
        writer.commit()?;
        drop(writer);
        Ok(Self {
            searcher: engine.reader()?.searcher(),
            fields,
            facets: FacetTable::new(corpus),
            completions: Completions::new(corpus),
            vectors: Vectors::new(corpus),
        })
    }
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = |tokenizer: &str, record, norms| {
        let indexing =
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record).set_fieldnorms(norms);
        TextOptions::default().set_indexing_options(indexing)
    };
    let positions = IndexRecordOption::WithFreqsAndPositions;
    let freqs = IndexRecordOption::WithFreqs;
    let place = schema.add_u64_field("place", NumericOptions::from(FAST | INDEXED));
    // Names and headings are short: BM25's length normalisation would favour the shortest rather than the best.
    let name = schema.add_text_field("name", text(EXACT, positions, false));
    let name_stem = schema.add_text_field("name_stem", text(STEMMED, freqs, false));
    let heading = schema.add_text_field("heading", text(EXACT, positions, false));
    let body = schema.add_text_field("text", text(EXACT, positions, true));
    let text_stem = schema.add_text_field("text_stem", text(STEMMED, freqs, true));
    let code = schema.add_text_field("code", text(EXACT, positions, true));
    (schema.build(), Fields { place, name, name_stem, heading, text: body, text_stem, code })
}

/// What a place field holds.
pub(crate) fn place(page: PageId, section: usize) -> u64 {
    u64::from(page.0) << 32 | section as u64
}

/// The page and the section of a place.
pub(crate) fn parts(place: u64) -> (PageId, usize) {
    let page = u32::try_from(place >> 32).unwrap_or(u32::MAX);
    let section = usize::try_from(place & u64::from(u32::MAX)).unwrap_or(usize::MAX);
    (PageId(page), section)
}

fn add_page(writer: &mut IndexWriter, fields: Fields, id: PageId, page: &Page) -> Result<(), TantivyError> {
    let names = names(page);
    let document = |section: usize| {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.place, place(id, section));
        document.add_text(fields.name, &names);
        document.add_text(fields.name_stem, &names);
        document
    };
    let add_text = |document: &mut TantivyDocument, text: &str| {
        document.add_text(fields.text, text);
        document.add_text(fields.text_stem, text);
    };
    let description = page.description.as_deref().unwrap_or_default();
    if page.kind == gradus_corpus::Kind::Concept || page.sections.is_empty() {
        let mut whole = document(0);
        add_text(&mut whole, description);
        for section in &page.sections {
            whole.add_text(fields.heading, &section.title);
            let (text, code) = plain(section);
            add_text(&mut whole, &text);
            whole.add_text(fields.code, &code);
        }
        writer.add_document(whole)?;
        return Ok(());
    }
    for (idx, section) in page.sections.iter().enumerate() {
        let mut part = document(idx);
        let (text, code) = plain(section);
        if idx == 0 {
            add_text(&mut part, description);
        }
        for heading in headings(page, idx) {
            part.add_text(fields.heading, heading);
        }
        add_text(&mut part, &text);
        part.add_text(fields.code, &code);
        writer.add_document(part)?;
    }
    Ok(())
}

fn names(page: &Page) -> String {
    let mut names = page.title.to_string();
    for name in &page.names {
        names.push_str(" | ");
        names.push_str(name);
    }
    names
}

/// Prose and code of a section.
pub(crate) fn plain(section: &Section) -> (String, String) {
    let mut texts = section.texts().map(|text| markdown::plain(&text.markdown));
    let first = texts.next().unwrap_or_default();
    texts.fold((first.text, first.code), |(text, code), more| (text + "\n" + &more.text, code + &more.code))
}

/// The heading of the section at `idx` and those above it.
fn headings(page: &Page, idx: usize) -> impl Iterator<Item = &str> {
    let mut level = page.sections[idx].level.saturating_add(1);
    page.sections[..=idx].iter().rev().filter_map(move |section| {
        let is_above = section.level < level && section.level > 0;
        if is_above {
            level = section.level;
        }
        is_above.then_some(&*section.title)
    })
}
