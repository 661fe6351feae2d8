//! Names of pages and of edges in the web of data, and text that stands in an IRI.
//!
//! A page is named by a fragment of its site: `https://docs.example.org/#concept/kv-cache`. Where the site does not say where it
//! stands, the fragment is relative, and means what it was read from. It holds no colon: processors of JSON-LD take what stands
//! before one for a prefix. Addresses of pages are no names: two pages may have one.

use gradus_corpus::{Corpus, PageId, Relation, Strength};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// The namespace of the terms that nobody else has defined. `docs/vocabulary.md` tells what they mean.
pub(super) const VOCABULARY: &str = "urn:gradus:vocabulary:";

/// The name of the set of all concepts.
pub(super) const TERMS: &str = "#concepts";

/// What stands in a fragment as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
/// What an IRI reference may not hold. What is escaped already stays so.
const FORBIDDEN: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// Where the site stands, with a slash at its end; empty where it does not say.
pub(super) fn base(corpus: &Corpus) -> String {
    corpus.site().base_url.as_deref().map(|base| format!("{}/", address(base))).unwrap_or_default()
}

/// The name of `page`.
pub(super) fn name(corpus: &Corpus, page: PageId) -> String {
    let page = corpus.page(page);
    format!("#{}/{}", page.kind.as_str(), utf8_percent_encode(&page.slug, PLAIN))
}

/// `url` with what may not stand in an IRI escaped.
pub(super) fn address(url: &str) -> String {
    let escaped = utf8_percent_encode(url, FORBIDDEN).to_string();
    // A `%` that escapes nothing is one.
    let mut address = String::with_capacity(escaped.len());
    let mut rest = escaped.as_str();
    while let Some(place) = rest.find('%') {
        let (before, behind) = rest.split_at(place);
        address.push_str(before);
        let is_escape = behind.as_bytes().get(1..3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        address.push_str(if is_escape { "%" } else { "%25" });
        rest = &behind[1..];
    }
    address.push_str(rest);
    address
}

/// The language of `page` as a tag that every parser takes; `None` where nobody says, or says none.
pub(super) fn language(corpus: &Corpus, page: PageId) -> Option<String> {
    let tag = corpus.page(page).lang.as_deref().or(corpus.site().lang.as_deref())?.replace('_', "-");
    let mut parts = tag.split('-');
    let is_word = |part: &str, is_first: bool| {
        (1..=8).contains(&part.len())
            && part.bytes().all(|byte| if is_first { byte.is_ascii_alphabetic() } else { byte.is_ascii_alphanumeric() })
    };
    let is_tag = parts.next().is_some_and(|first| is_word(first, true)) && parts.all(|part| is_word(part, false));
    is_tag.then_some(tag)
}

/// Our own term for an edge. What is only recommended has another: whoever follows `requires` must not meet it.
pub(super) fn own_term(relation: Relation, strength: Strength) -> &'static str {
    match (relation, strength) {
        (Relation::Requires | Relation::Assumes, Strength::Recommended) => "recommends",
        (Relation::PartOf, _) => "partOf",
        (Relation::ImprovesOn, _) => "improvesOn",
        (relation, _) => relation.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_parsers_take() {
        for (url, told) in [
            ("https://a.org/b?c=d#e", "https://a.org/b?c=d#e"),
            ("/a b<c>\"{d}|\\^`\n", "/a%20b%3Cc%3E%22%7Bd%7D%7C%5C%5E%60%0A"),
            ("/50%/a%20b%2", "/50%25/a%20b%252"),
            ("/größe", "/gr%C3%B6%C3%9Fe"),
        ] {
            assert_eq!(address(url), told);
        }
    }
}
