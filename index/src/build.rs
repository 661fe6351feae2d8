//! Building: a document a section and a concept.

use gradus_corpus::{Corpus, Kind, Page, PageId, Section, markdown};
use tantivy::schema::{Field as EngineField, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, WhitespaceTokenizer};
use tantivy::{Index as Engine, IndexWriter, TantivyDocument};

use crate::analysis::{StemmedWords, Stems, Words};
use crate::common::Common;
use crate::facets::FacetTable;
use crate::similar::Vectors;
use crate::spans::{Spans, all_names};
use crate::store::{FIELDS, Field, Store, concept_term};
use crate::suggest::Completions;
use crate::texts::Texts;
use crate::{BuildError, Index};

/// Memory of the writer in bytes: enough that the corpora most sites have become one segment.
const WRITER_BYTES: usize = 256 << 20;
/// Times that a concept counts as named where the text links to it.
const LINK_MENTIONS: u32 = 2;

const EXACT: &str = "exact";
const STEMMED: &str = "stemmed";
const LISTED: &str = "listed";

impl Index {
    /// Indexes `corpus`. O(text).
    ///
    /// # Errors
    /// If the engine fails, which only a lack of memory explains.
    pub fn build(corpus: &Corpus) -> Result<Self, BuildError> {
        let (schema, fields) = schema();
        let engine = Engine::create_in_ram(schema);
        let stems = Stems::new(corpus.site().lang.as_deref());
        engine.tokenizers().register(EXACT, TextAnalyzer::builder(Words).build());
        engine.tokenizers().register(STEMMED, TextAnalyzer::builder(StemmedWords(stems.clone())).build());
        engine.tokenizers().register(LISTED, TextAnalyzer::builder(WhitespaceTokenizer::default()).build());
        // One thread: documents stand in the order of their pages, and the machine's other core serves on.
        let mut writer: IndexWriter = engine.writer_with_num_threads(1, WRITER_BYTES)?;
        let mut pages = Vec::new();
        let mut texts = Texts::default();
        for (id, page) in corpus.pages() {
            for document in documents(page) {
                writer.add_document(document.dressed(&fields))?;
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
        let store = Store::new(searcher, fields, pages, corpus.n_pages())?;
        Ok(Self {
            common: Common::new(&store, &stems)?,
            store,
            spans: Spans::new(corpus, &mut stems.clone()),
            stems,
            texts,
            facets: FacetTable::new(corpus),
            completions: Completions::new(corpus),
            vectors: Vectors::new(corpus),
            taught: crate::taught(corpus),
        })
    }
}

fn schema() -> (Schema, [EngineField; FIELDS.len()]) {
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

/// A section of a guide, or a whole concept.
struct Document<'a> {
    /// Title and other names, in the first document of a page.
    names: Vec<&'a str>,
    /// What readers of a list see of the page, in the first document of a page.
    description: &'a str,
    headings: Vec<&'a str>,
    prose: String,
    code: String,
    /// Concepts named, and how often.
    concepts: Vec<(PageId, u32)>,
}

impl Document<'_> {
    fn dressed(&self, fields: &[EngineField; FIELDS.len()]) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        let mut add = |field: Field, text: &str| {
            if !text.is_empty() {
                document.add_text(fields[field as usize], text);
            }
        };
        for name in &self.names {
            add(Field::Name, name);
            add(Field::NameStem, name);
        }
        for heading in &self.headings {
            add(Field::Heading, heading);
        }
        let prose = [self.description, &self.prose];
        for text in self.names.iter().chain(&self.headings).chain(&prose) {
            add(Field::All, text);
            add(Field::AllStem, text);
        }
        add(Field::Code, &self.code);
        let named = self.concepts.iter().flat_map(|(concept, times)| {
            let term = concept_term(*concept);
            std::iter::repeat_n(term, *times as usize)
        });
        add(Field::Concept, &named.collect::<Vec<_>>().join(" "));
        document
    }
}

/// The documents of `page`: one a section, one for a whole concept and for a page without text.
fn documents(page: &Page) -> Vec<Document<'_>> {
    let names = all_names(page).collect();
    let description = page.description.as_deref().unwrap_or_default();
    let part = |sections: &[Section], headings| {
        let mut texts = sections.iter().map(plain);
        let (mut prose, mut code) = texts.next().unwrap_or_default();
        texts.for_each(|(more_prose, more_code)| {
            prose = std::mem::take(&mut prose) + "\n" + &more_prose;
            code = std::mem::take(&mut code) + "\n" + &more_code;
        });
        Document { names: Vec::new(), description: "", headings, prose, code, concepts: concepts(sections) }
    };
    let mut documents: Vec<Document<'_>> = if page.kind == Kind::Concept || page.sections.is_empty() {
        vec![part(&page.sections, page.sections.iter().map(|section| &*section.title).collect())]
    } else {
        let sections = page.sections.iter().enumerate();
        sections.map(|(idx, section)| part(std::slice::from_ref(section), headings(page, idx).collect())).collect()
    };
    documents[0].names = names;
    documents[0].description = description;
    documents
}

fn concepts(sections: &[Section]) -> Vec<(PageId, u32)> {
    let mut concepts: Vec<(PageId, u32)> = Vec::new();
    for text in sections.iter().flat_map(Section::texts) {
        concepts.extend(text.mentions.iter().map(|mention| (mention.concept, mention.count)));
        concepts.extend(text.links.iter().map(|link| (link.target, LINK_MENTIONS)));
    }
    concepts.sort_unstable();
    concepts.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    concepts
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
