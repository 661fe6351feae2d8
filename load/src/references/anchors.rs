//! Anchors: which place of a page is meant?

use rustc_hash::FxHashMap;

use gradus_corpus::Page;
use gradus_corpus::normal::normal;

/// Anchors of a page among which the nearest to a missing one is looked for.
const NEAR_ANCHORS: usize = 500;

/// A place in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PlaceInPage {
    /// The page as a whole.
    Whole,
    /// The place with this anchor.
    Anchor(Box<str>),
    /// A place that only the site itself can know.
    Unknown(Box<str>),
    /// A place that the page does not have.
    Missing(Box<str>),
}

impl PlaceInPage {
    /// The anchor that leads there.
    pub(crate) fn anchor(&self) -> Option<&str> {
        match self {
            Self::Anchor(anchor) | Self::Unknown(anchor) => Some(anchor),
            Self::Whole | Self::Missing(_) => None,
        }
    }
}

/// The places of a page by all that links may call them, so that many links to a page of many headings cost no more each.
pub(super) struct PagePlaces<'p> {
    exactly: FxHashMap<&'p str, &'p str>,
    loosely: FxHashMap<String, &'p str>,
    by_words: FxHashMap<String, &'p str>,
}

impl<'p> PagePlaces<'p> {
    /// The places of `page`. Of several that are called alike the first counts. O(text of the headings).
    pub(super) fn new(page: &'p Page) -> Self {
        let mut places =
            Self { exactly: FxHashMap::default(), loosely: FxHashMap::default(), by_words: FxHashMap::default() };
        for anchor in anchors(page) {
            places.exactly.entry(anchor).or_insert(anchor);
            places.loosely.entry(normal(anchor)).or_insert(anchor);
        }
        for section in &page.sections {
            places.by_words.entry(words(&section.title)).or_insert(&section.anchor);
        }
        // The title stands over the lead.
        places.by_words.entry(words(&page.title)).or_insert("");
        places.by_words.remove("");
        places
    }

    /// The place that `wanted`, an anchor or the words of a heading, means. A page `is_partial` whose generator adds text to
    /// it that this loader does not see: nobody can say what is missing there.
    pub(super) fn find(&self, is_partial: bool, wanted: &str) -> PlaceInPage {
        if is_whole(wanted) {
            return PlaceInPage::Whole;
        }
        let exactly = self.exactly.get(wanted);
        let found = exactly.or_else(|| self.loosely.get(&normal(wanted))).or_else(|| self.by_words.get(&words(wanted)));
        match found.copied() {
            Some("") => PlaceInPage::Whole,
            Some(anchor) => PlaceInPage::Anchor(anchor.into()),
            None if is_partial || is_made_by_viewers(wanted) => PlaceInPage::Unknown(wanted.into()),
            None => PlaceInPage::Missing(wanted.into()),
        }
    }
}

/// The anchors of the sections, then those of other places.
fn anchors(page: &Page) -> impl Iterator<Item = &str> {
    page.sections.iter().map(|section| &*section.anchor).chain(page.anchors.iter().map(|id| &**id))
}

/// The anchor of `page` that is nearest to `wanted`.
pub(crate) fn near<'p>(page: &'p Page, wanted: &str) -> Option<&'p str> {
    let anchors = anchors(page).take(NEAR_ANCHORS);
    let wanted = normal(wanted).replace(' ', "-");
    let distance = |anchor: &str| strsim::damerau_levenshtein(&normal(anchor), &wanted);
    let nearest = anchors.filter(|anchor| !anchor.is_empty()).map(|anchor| (distance(anchor), anchor)).min()?;
    // A third of the letters may differ: beyond that it is another heading.
    (nearest.0 * 3 <= wanted.chars().count()).then_some(nearest.1)
}

/// Whether an anchor means the top, a place found by its text, or a state of a script.
fn is_whole(anchor: &str) -> bool {
    matches!(anchor, "" | "top" | "_top" | "Top" | "TOP") || anchor.starts_with([':', '/', '!', '?'])
}

/// Anchors that no author writes: footnotes, lines of code, tabs.
fn is_made_by_viewers(anchor: &str) -> bool {
    let rest = anchor.strip_prefix("user-content-").unwrap_or(anchor);
    let is_line = rest.strip_prefix('L').is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit()));
    is_line || ["fn:", "fnref", "fn-", "fn1", "__tabbed_", "cite"].iter().any(|start| rest.starts_with(start))
}

/// The words of a heading: what is left where links to headings drop what they cannot hold.
fn words(heading: &str) -> String {
    let normal = normal(heading);
    let words = normal.split(|char: char| char.is_whitespace() || char.is_ascii_punctuation());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use gradus_corpus::{Kind, Section, Text};

    use super::*;

    fn page(headings: &[(&str, &str)]) -> Page {
        let mut page = Page::new(Kind::Guide, "a");
        page.title = "The Page".into();
        page.sections =
            headings.iter().map(|(title, anchor)| Section::new(title, anchor, 2, Text::default(), None)).collect();
        page
    }

    #[test]
    fn a_place_is_found_by_anchor_id_or_heading() {
        let mut page = page(&[("", ""), ("Über uns: alles", "über-uns-alles"), ("Set-up", "set-up"), ("C++", "c")]);
        page.anchors = vec!["install".into(), "^block".into()];
        let anchor = |anchor: &str| PlaceInPage::Anchor(anchor.into());
        for (wanted, expected) in [
            ("", PlaceInPage::Whole),
            ("top", PlaceInPage::Whole),
            (":~:text=x", PlaceInPage::Whole),
            ("The page", PlaceInPage::Whole),
            ("set-up", anchor("set-up")),
            ("Set up", anchor("set-up")),
            ("U\u{308}ber-uns-alles", anchor("über-uns-alles")),
            ("Über uns alles", anchor("über-uns-alles")),
            ("install", anchor("install")),
            ("^block", anchor("^block")),
            ("fnref1", PlaceInPage::Unknown("fnref1".into())),
            ("nope", PlaceInPage::Missing("nope".into())),
            ("^nope", PlaceInPage::Missing("^nope".into())),
            ("---", PlaceInPage::Missing("---".into())),
        ] {
            assert_eq!(PagePlaces::new(&page).find(false, wanted), expected, "{wanted}");
        }
        assert_eq!(PagePlaces::new(&page).find(true, "nope"), PlaceInPage::Unknown("nope".into()));
        assert_eq!(near(&page, "Instal"), Some("install"));
        assert_eq!(near(&page, "other"), None);
    }
}
