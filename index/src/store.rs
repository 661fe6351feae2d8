//! The store: postings of the one segment, and which page and section each document is.

use std::io;
use std::sync::Arc;

use gradus_corpus::PageId;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{SegmentPostings, TermInfo};
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field as EngineField, IndexRecordOption};
use tantivy::{DocSet, Term};

use crate::error::BuildError;
use crate::field::{FIELDS, Field, N_FIELDS};
use crate::float::as_f32;
use crate::segment::{Segment, schema};
use crate::weights::LENGTH_WEIGHT;

/// The postings and lengths of one segment.
pub(crate) struct Store {
    pub(crate) segment: Segment,
    fields: [EngineField; N_FIELDS],
    readers: [Arc<InvertedIndexReader>; N_FIELDS],
    lengths: [Option<Lengths>; N_FIELDS],
    /// The page of each document; documents stand in the order of pages and sections.
    pub(crate) pages: Vec<u32>,
    /// The first document of each page, and one behind the last.
    first: Vec<u32>,
    /// Whether every page is one document, and so has its number.
    is_flat: bool,
}

/// What the length of a document divides its term frequencies by.
struct Lengths {
    reader: FieldNormReader,
    /// The sum of all of them, each as coarse as it is kept. tantivy's own sum is an estimate where documents were taken from another
    /// segment, and would make scores depend on what was there before.
    total: u64,
    factors: Box<[f32; 256]>,
}

impl Store {
    /// The store of `segment`; `pages` are the pages of its documents.
    pub(crate) fn new(segment: Segment, pages: Vec<u32>, n_pages: usize) -> Result<Self, BuildError> {
        let (_, fields, _) = schema();
        let mut first = vec![0_u32; n_pages + 1];
        pages.iter().for_each(|page| first[*page as usize + 1] += 1);
        for page in 0..n_pages {
            first[page + 1] += first[page];
        }
        let empty = || Arc::new(InvertedIndexReader::empty(IndexRecordOption::Basic));
        let mut readers: [Arc<InvertedIndexReader>; N_FIELDS] = std::array::from_fn(|_| empty());
        let mut lengths = [const { None }; N_FIELDS];
        if let Some(reader) = segment.searcher.segment_readers().first() {
            for (number, field) in fields.into_iter().enumerate() {
                let has_lengths = matches!(FIELDS[number], Field::All | Field::AllStem | Field::Code);
                if has_lengths {
                    lengths[number] = Some(Lengths::new(reader.get_fieldnorms_reader(field)?, reader.max_doc()));
                }
                readers[number] = reader.inverted_index(field)?;
            }
        }
        // As many documents as pages are not enough: a page that is not searched has none.
        let is_flat = (0..).zip(&pages).all(|(doc, page)| doc == *page) && pages.len() == n_pages;
        Ok(Self { segment, fields, readers, lengths, pages, first, is_flat })
    }

    pub(crate) fn n_docs(&self) -> usize {
        self.pages.len()
    }

    pub(crate) fn n_pages(&self) -> u32 {
        u32::try_from(self.first.len() - 1).unwrap_or(u32::MAX)
    }

    /// Whether every page is one document, and so has its number.
    pub(crate) fn is_flat(&self) -> bool {
        self.is_flat
    }

    pub(crate) fn page(&self, doc: u32) -> u32 {
        if self.is_flat() { doc } else { self.pages[doc as usize] }
    }

    /// The documents of `page`: the first, and one behind the last.
    pub(crate) fn docs(&self, page: u32) -> (u32, u32) {
        if self.is_flat() {
            return (page, page + 1);
        }
        (self.first[page as usize], self.first[page as usize + 1])
    }

    /// The page and the section of `doc`.
    pub(crate) fn place(&self, doc: u32) -> (PageId, usize) {
        let page = self.page(doc);
        (PageId(page), (doc - self.docs(page).0) as usize)
    }

    pub(crate) fn reader(&self, field: Field) -> &InvertedIndexReader {
        &self.readers[field as usize]
    }

    pub(crate) fn term(&self, field: Field, text: &str) -> Term {
        Term::from_field_text(self.fields[field as usize], text)
    }

    /// Where the postings of a term are; `None` where it does not occur.
    pub(crate) fn find(&self, field: Field, text: &str) -> io::Result<Option<TermInfo>> {
        self.reader(field).terms().get(text.as_bytes())
    }

    pub(crate) fn postings(&self, field: Field, info: &TermInfo) -> io::Result<SegmentPostings> {
        self.reader(field).read_postings_from_terminfo(info, IndexRecordOption::WithFreqs)
    }

    pub(crate) fn positions(&self, field: Field, info: &TermInfo) -> io::Result<SegmentPostings> {
        self.reader(field).read_postings_from_terminfo(info, IndexRecordOption::WithFreqsAndPositions)
    }

    /// Whether a term stands on `page` in `field`; `false` where the postings cannot be read.
    pub(crate) fn holds(&self, field: Field, text: &str, page: PageId) -> bool {
        let (start, end) = self.docs(page.0);
        let Ok(Some(info)) = self.find(field, text) else { return false };
        self.postings(field, &info).is_ok_and(|mut postings| {
            let doc = postings.doc();
            let doc = if doc < start { postings.seek(start) } else { doc };
            doc < end
        })
    }

    /// What the term frequencies of `doc` in `field` are multiplied with, by the length of the field.
    pub(crate) fn factor(&self, field: Field, doc: u32) -> f32 {
        match &self.lengths[field as usize] {
            Some(lengths) => lengths.factors[usize::from(lengths.reader.fieldnorm_id(doc))],
            None => 1.0,
        }
    }
}

impl Lengths {
    fn new(reader: FieldNormReader, n_docs: u32) -> Self {
        let total = (0..n_docs).map(|doc| u64::from(reader.fieldnorm(doc))).sum();
        let average = as_f32(total) / as_f32(u64::from(n_docs).max(1));
        let factor = |id: u8| {
            let length = as_f32(u64::from(FieldNormReader::id_to_fieldnorm(id)));
            1.0 / (1.0 - LENGTH_WEIGHT + LENGTH_WEIGHT * length / average.max(1.0))
        };
        let mut factors = Box::new([0.0; 256]);
        (0..=u8::MAX).for_each(|id| factors[usize::from(id)] = factor(id));
        Self { reader, total, factors }
    }
}

/// What tantivy scores phrases by.
impl Bm25StatisticsProvider for Store {
    fn total_num_tokens(&self, field: EngineField) -> tantivy::Result<u64> {
        let number = self.fields.iter().position(|one| *one == field);
        Ok(number.and_then(|number| self.lengths[number].as_ref()).map_or(0, |lengths| lengths.total))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.n_docs() as u64)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.segment.searcher.doc_freq(term)
    }
}
