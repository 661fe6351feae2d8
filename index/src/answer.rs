//! What is asked of the index, and what it answers.

use gradus_corpus::PageId;

use crate::facets::{FacetCounts, Filters};

/// Which words must match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matching {
    /// All; where that finds nothing, as many as can be.
    #[default]
    Auto,
    /// All.
    All,
    /// Any.
    Any,
}

/// What to search for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Words, `"exact phrases"`, `-exclusions`, `title:words`; empty for everything, by id.
    pub text: String,
    /// Which pages to find.
    pub filters: Filters,
    /// Which words must match.
    pub matching: Matching,
    /// The reader's language as a BCP 47 tag. Pages in others are found where the query is their name and no page in it is
    /// called so, where nothing in it is found, and where the filters speak of languages themselves. Where it is not known,
    /// languages do not matter.
    pub lang: Option<String>,
    /// Hits to pass over.
    pub offset: usize,
    /// Hits to return.
    pub limit: usize,
    /// Sections a hit, at most.
    pub n_sections: usize,
    /// Count facets.
    pub facets: bool,
    /// Say why each hit ranks where it does.
    pub explain: bool,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// Pages, best first, ties by id.
    pub hits: Vec<Hit>,
    /// Pages that match, exactly.
    pub total: usize,
    /// Sections that match on those pages, exactly.
    pub n_sections_total: usize,
    /// How many hits have each value of each facet, as if that facet's filter were not set.
    pub facets: FacetCounts,
    /// Whether fewer words had to match than were given.
    pub relaxed: bool,
    /// Whether the query has more words than are looked up.
    pub truncated: bool,
    /// The reader's language, where hits stay within it.
    pub lang: Option<String>,
    /// The query with mistyped words mended.
    pub did_you_mean: Option<String>,
    /// The pages that the query names, by whichever name and in whichever spelling; none where it only begins a name, or is
    /// how a section is called.
    pub named: Vec<PageId>,
}

/// A page that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Which page.
    pub page: PageId,
    /// Relevance within one answer.
    pub score: f32,
    /// The passage that shows best why.
    pub snippet: Snippet,
    /// Its best sections, best first; none for a concept.
    pub sections: Vec<SectionHit>,
    /// The name of the page that the query is, in another spelling than its title.
    pub matched_via: Option<Box<str>>,
    /// Why it ranks here.
    pub explanation: Vec<String>,
}

/// A section that was found.
#[derive(Clone, Debug)]
pub struct SectionHit {
    /// Its position in the page.
    pub section_idx: usize,
    /// Relevance within one answer.
    pub score: f32,
    /// The passage that shows best why.
    pub snippet: Snippet,
}

/// A passage of plain text and what matched in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The passage.
    pub text: String,
    /// First character and one behind the last of each match, in characters, in order, apart from each other.
    pub highlights: Vec<(usize, usize)>,
    /// Whether the text that it is taken from begins before it.
    pub cut_start: bool,
    /// Whether that text goes on behind it.
    pub cut_end: bool,
}
