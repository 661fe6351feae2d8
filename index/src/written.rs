//! An index written down and read back.
//!
//! Key decision: what costs time to find is written, tantivy's files among it; what is found in a moment (the cache of words, the
//! dictionary of typos) is found again, so that both have one way to come about. tantivy calls its files by numbers that it draws;
//! they are written under a name that is always the same.

use std::io;
use std::path::Path;

use gradus_corpus::{PageId, fingerprint};
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteBuf, Bytes};
use tantivy::Index as Engine;
use tantivy::directory::{Directory, RamDirectory};

use crate::Index;
use crate::analysis::{Stems, tokens};
use crate::completions::Completions;
use crate::error::{BuildError, QueryError};
use crate::facets::FacetIndex;
use crate::headings::Headings;
use crate::name_parts::NameParts;
use crate::names::ConceptNames;
use crate::segment::Segment;
use crate::store::Store;
use crate::texts::Texts;
use crate::vectors::Vectors;
use crate::warm_up::warm_up;

/// What the one segment is called where it is written: as UUIDs are spelled in a list of segments, and in names of files.
const SEGMENT: &str = "00000000-0000-0000-0000-000000000001";
const SEGMENT_FILE: &str = "00000000000000000000000000000001";
/// The file in which tantivy lists its segments.
const SEGMENTS: &str = "meta.json";

/// The parts of an index, as they are written.
#[derive(Serialize)]
struct WrittenIndex<'a> {
    site_lang: Option<&'a str>,
    files: &'a [(String, ByteBuf)],
    pages: &'a [u32],
    n_pages: u32,
    texts: &'a Texts,
    names: &'a ConceptNames,
    name_parts: &'a NameParts,
    headings: &'a Headings,
    facets: &'a FacetIndex,
    completions: &'a Completions,
    vectors: &'a Vectors,
    taught: &'a [(PageId, PageId)],
    language: Option<&'a str>,
}

/// The same, as they are read.
#[derive(Deserialize)]
struct ReadIndex<'a> {
    site_lang: Option<&'a str>,
    #[serde(borrow)]
    files: Vec<(&'a str, &'a Bytes)>,
    pages: Vec<u32>,
    n_pages: u32,
    texts: Texts,
    names: ConceptNames,
    name_parts: NameParts,
    headings: Headings,
    facets: FacetIndex,
    completions: Completions,
    vectors: Vectors,
    taught: Vec<(PageId, PageId)>,
    language: Option<Box<str>>,
}

impl Index {
    /// The index as bytes, equal for equal indexes on any machine; `site_lang` is the language that it was built for. O(index).
    ///
    /// # Errors
    /// If the engine does not give its files.
    pub fn to_bytes(&self, site_lang: Option<&str>) -> Result<Vec<u8>, BuildError> {
        let written = WrittenIndex {
            site_lang,
            files: &self.store.files()?,
            pages: &self.store.pages,
            n_pages: self.store.n_pages(),
            texts: &self.texts,
            names: &self.names,
            name_parts: &self.name_parts,
            headings: &self.headings,
            facets: &self.facets,
            completions: &self.completions,
            vectors: &self.vectors,
            taught: &self.taught,
            language: self.language.as_deref(),
        };
        postcard::to_allocvec(&written).map_err(unusable)
    }

    /// The index that `bytes` are. O(index).
    ///
    /// # Errors
    /// If they are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BuildError> {
        let read: ReadIndex<'_> = postcard::from_bytes(bytes).map_err(unusable)?;
        let directory = RamDirectory::create();
        for (name, file) in read.files {
            directory.atomic_write(Path::new(name), file).map_err(QueryError::from)?;
        }
        let searcher = Engine::open(directory.clone())?.reader()?.searcher();
        let segment = Segment { directory, searcher, marks: Vec::new() };
        let store = Store::new(segment, read.pages, read.n_pages as usize)?;
        let stems = Stems::new(read.site_lang);
        let (cache, typos) = warm_up(&store, &stems)?;
        Ok(Self {
            store,
            stems,
            cache,
            typos,
            texts: read.texts,
            names: read.names,
            name_parts: read.name_parts,
            headings: read.headings,
            facets: read.facets,
            completions: read.completions,
            vectors: read.vectors,
            taught: read.taught,
            language: read.language,
        })
    }
}

impl Store {
    /// tantivy's files by name, in the order of their names.
    fn files(&self) -> Result<Vec<(String, ByteBuf)>, BuildError> {
        let list = self.segment.directory.atomic_read(Path::new(SEGMENTS)).map_err(unusable)?;
        let mut list = String::from_utf8(list).map_err(unusable)?;
        let metas = self.segment.searcher.index().load_metas()?;
        let mut files = Vec::new();
        if let Some(segment) = metas.segments.first() {
            let drawn = segment.id().uuid_string();
            for path in metas.list_segment_files() {
                // Some of them, such as deletions, a segment may have and this one has not.
                if self.segment.directory.exists(&path).map_err(unusable)? {
                    let bytes = self
                        .segment
                        .directory
                        .open_read(&path)
                        .map_err(unusable)?
                        .read_bytes()
                        .map_err(QueryError::from)?;
                    files.push((path.to_string_lossy().replace(&drawn, SEGMENT_FILE), ByteBuf::from(bytes.as_slice())));
                }
            }
            list = list.replace(&hyphened(&drawn), SEGMENT);
        }
        files.push((SEGMENTS.to_owned(), ByteBuf::from(list.into_bytes())));
        files.sort();
        Ok(files)
    }
}

/// A UUID of 32 digits as it stands in JSON.
fn hyphened(digits: &str) -> String {
    let cuts = [0..8, 8..12, 12..16, 16..20, 20..32];
    cuts.map(|cut| digits.get(cut).unwrap_or_default()).join("-")
}

fn unusable(error: impl std::error::Error + Send + Sync + 'static) -> BuildError {
    BuildError::from(QueryError::from(io::Error::new(io::ErrorKind::InvalidData, error)))
}

/// A text in which nearly every rule of the analysis has something to do.
const PROBE: &str = "The KV-caches' GPUs weren't running: state-of-the-art RoPE at 3.5x, C++ & naïve ﬁles; fetchData(user_id) \
    Überträgt Häuser, l'élève étudiait, 机器学习を学ぶ, модели обучения, التعلم";
/// Languages of which the stemmer is probed.
const PROBED_LANGUAGES: [&str; 6] = ["en", "de", "fr", "es", "ru", "ar"];

/// A number for how texts are analysed here: an index is good for queries that are analysed as its texts were.
pub fn analyser() -> u64 {
    let words = tokens(PROBE);
    let words: Vec<_> =
        words.iter().map(|word| (&word.text, word.start, word.end, word.position, word.is_part)).collect();
    let stems = PROBED_LANGUAGES.map(|lang| {
        let mut stems = Stems::new(Some(lang));
        tokens(PROBE).iter().map(|token| stems.indexed_form(token, &token.text)).collect::<Vec<_>>()
    });
    fingerprint(&(tantivy::version_string(), words, stems))
}
