//! Marking what matched, in HTML: snippets bring their highlights; in titles and headings the same words are looked for.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::params::AlgoliaParams;
use gradus_engine::questions::search::Passage;

/// A range of characters: the first and one behind the last.
pub(super) type Range = [usize; 2];

/// What stands around a match, and where a text is cut.
pub(super) struct Tags {
    before: String,
    after: String,
    ellipsis: String,
}

impl Tags {
    /// Those that `given` asks for, Algolia's where it does not say.
    pub(super) fn new(given: &AlgoliaParams) -> Self {
        let text = |name: &str, default: &str| given.text(name).unwrap_or(default).to_owned();
        Self {
            before: text("highlightPreTag", "<em>"),
            after: text("highlightPostTag", "</em>"),
            ellipsis: text("snippetEllipsisText", "…"),
        }
    }

    /// `text` as HTML with `ranges`, which are in order and apart, marked. O(text).
    pub(super) fn mark(&self, text: &str, ranges: &[Range]) -> String {
        let mut html = String::with_capacity(text.len());
        let mut ranges = ranges.iter();
        let mut next = ranges.next();
        for (at, char) in text.chars().enumerate() {
            if next.is_some_and(|[from, _]| *from == at) {
                html.push_str(&self.before);
            }
            escape(&mut html, char);
            if next.is_some_and(|[_, to]| *to == at + 1) {
                html.push_str(&self.after);
                next = ranges.next();
            }
        }
        html
    }

    /// At most `n_words` words of `text` around the first of `ranges`, marked, with an ellipsis where it is cut.
    pub(super) fn cut(&self, text: &str, ranges: &[Range], n_words: usize) -> String {
        let chars: Vec<char> = text.chars().collect();
        let words: Vec<Range> = runs(&chars, |char| !char.is_whitespace());
        if words.len() <= n_words || n_words == 0 {
            return self.mark(text, ranges);
        }
        let first = ranges.first().map_or(0, |[from, _]| words.iter().take_while(|[_, to]| to <= from).count());
        // A third of the words stand before the match: enough to see where the sentence comes from.
        let begin = first.saturating_sub(n_words / 3).min(words.len() - n_words);
        let (from, to) = (words[begin][0], words[begin + n_words - 1][1]);
        let inside = ranges.iter().filter(|range| range[0] >= from && range[1] <= to);
        let inside: Vec<Range> = inside.map(|range| [range[0] - from, range[1] - from]).collect();
        let cut: String = chars[from..to].iter().collect();
        let ellipsis = |is_cut: bool| if is_cut { self.ellipsis.as_str() } else { "" };
        format!("{}{}{}", ellipsis(from > 0), self.mark(&cut, &inside), ellipsis(to < chars.len()))
    }
}

fn escape(html: &mut String, char: char) {
    match char {
        '&' => html.push_str("&amp;"),
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '"' => html.push_str("&quot;"),
        '\'' => html.push_str("&#39;"),
        char => html.push(char),
    }
}

/// The words of a query, shared by all texts that are marked for it.
#[derive(Default)]
struct QueryWords {
    /// Words in lower case, each once, in the order in which they come first; exclusions are none.
    words: Vec<String>,
    /// Where each stands.
    places: FxHashMap<String, usize>,
    /// Those that may stand inside of what looks like one word, as in scripts without spaces.
    unspaced: Vec<usize>,
    /// The last one typed, which may be the beginning of one.
    last: Option<String>,
    /// For words of texts the word of the query that they answer. Hits hold the same words over and over, and comparing
    /// each with all words of a long query takes longer than finding the hits.
    answered: RefCell<FxHashMap<String, usize>>,
}

impl QueryWords {
    /// The most similar word, the first of equals; `None` where there are no words.
    fn answered_by(&self, part: &str) -> Option<usize> {
        if let Some(known) = self.places.get(part).or(self.answered.borrow().get(part)) {
            return Some(*known);
        }
        let similarity = |word: &String| strsim::normalized_damerau_levenshtein(word, part);
        let similarities = self.words.iter().map(similarity).enumerate();
        let best = similarities.rev().max_by(|(_, a), (_, b)| a.total_cmp(b))?.0;
        self.answered.borrow_mut().insert(part.to_owned(), best);
        Some(best)
    }
}

/// The words that a query is looked for by, and the words that it was found by.
#[derive(Clone)]
pub(super) struct Marks {
    query: Rc<QueryWords>,
    /// Words that snippets mark, in lower case: stems, typos and other names of what was asked for.
    found: BTreeSet<String>,
}

impl Marks {
    /// The words of `query`.
    pub(super) fn of_query(query: &str) -> Self {
        let wished = query.split_whitespace().filter(|word| !word.starts_with('-'));
        let mut query = QueryWords::default();
        for word in wished.flat_map(|word| words_of(word.strip_prefix("title:").unwrap_or(word))) {
            query.last = Some(word.clone());
            if query.places.contains_key(&word) {
                continue;
            }
            if !word.is_ascii() {
                query.unspaced.push(query.words.len());
            }
            query.places.insert(word.clone(), query.words.len());
            query.words.push(word);
        }
        Self { query: Rc::new(query), found: BTreeSet::new() }
    }

    /// Whether nothing is looked for.
    pub(super) fn is_empty(&self) -> bool {
        self.query.words.is_empty()
    }

    /// Adds the words that `snippet` marks.
    pub(super) fn learn(&mut self, snippet: &Passage) {
        let chars: Vec<char> = snippet.text.chars().collect();
        for [from, to] in &snippet.highlights {
            let marked: String = chars[*from..*to].iter().collect();
            self.found.extend(words_of(&marked));
        }
    }

    /// Where `text` holds one of the words; the last word of the query may be the beginning of one.
    pub(super) fn find(&self, text: &str) -> Vec<Range> {
        let chars: Vec<char> = text.chars().collect();
        let runs = runs(&chars, char::is_alphanumeric);
        runs.into_iter().flat_map(|run| self.find_in(&chars, run)).collect()
    }

    fn find_in(&self, chars: &[char], [from, to]: Range) -> Option<Range> {
        let word: String = chars[from..to].iter().flat_map(|char| char.to_lowercase()).collect();
        let query = &*self.query;
        if self.found.contains(&word) || query.places.contains_key(&word) {
            return Some([from, to]);
        }
        // Scripts without spaces have words inside of what looks like one.
        let mut unspaced = query.unspaced.iter().map(|place| &query.words[*place]);
        if let Some(wanted) = unspaced.find(|wanted| word.contains(wanted.as_str())) {
            let n_before = word[..word.find(wanted.as_str())?].chars().count();
            return Some([from + n_before, (from + n_before + wanted.chars().count()).min(to)]);
        }
        let last = query.last.as_ref()?;
        word.starts_with(last.as_str()).then(|| [from, (from + last.chars().count()).min(to)])
    }

    /// `value` and what of it matched, as a member of `_highlightResult`.
    pub(super) fn highlight(&self, tags: &Tags, text: &str, ranges: &[Range]) -> Value {
        let matched = self.matched(text, ranges);
        json!({
            "value": tags.mark(text, ranges),
            "matchLevel": self.level(&matched),
            "fullyHighlighted": ranges.iter().map(|[from, to]| to - from).sum::<usize>() == text.chars().count(),
            "matchedWords": matched,
        })
    }

    /// The part of `text` around the first match, as a member of `_snippetResult`.
    pub(super) fn snippet(&self, tags: &Tags, text: &str, ranges: &[Range], n_words: usize) -> Value {
        json!({ "value": tags.cut(text, ranges, n_words), "matchLevel": self.level(&self.matched(text, ranges)) })
    }

    fn level(&self, matched: &[&str]) -> &'static str {
        match matched.len() {
            0 => "none",
            n if n == self.query.words.len() => "full",
            _ => "partial",
        }
    }

    /// The words of the query that `ranges` of `text` answer, in their order: to each range the most similar one.
    fn matched(&self, text: &str, ranges: &[Range]) -> Vec<&str> {
        let chars: Vec<char> = text.chars().collect();
        let mut answered = BTreeSet::new();
        for [from, to] in ranges {
            let marked: String = chars[*from..*to].iter().collect();
            for part in words_of(&marked) {
                answered.extend(self.query.answered_by(&part));
            }
        }
        answered.into_iter().map(|at| self.query.words[at].as_str()).collect()
    }
}

/// The words of `text` in lower case.
fn words_of(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let lower = |[from, to]: Range| chars[from..to].iter().flat_map(|char| char.to_lowercase()).collect();
    runs(&chars, char::is_alphanumeric).into_iter().map(lower).collect()
}

/// The longest ranges of characters that are all `inside`.
fn runs(chars: &[char], inside: impl Fn(char) -> bool) -> Vec<Range> {
    let mut runs: Vec<Range> = Vec::new();
    for (at, char) in chars.iter().enumerate() {
        if inside(*char) {
            match runs.last_mut() {
                Some(run) if run[1] == at => run[1] = at + 1,
                _ => runs.push([at, at + 1]),
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags() -> Tags {
        Tags { before: "[".to_owned(), after: "]".to_owned(), ellipsis: "…".to_owned() }
    }

    fn check(query: &str, text: &str, expect: &str) {
        let marks = Marks::of_query(query);
        assert_eq!(tags().mark(text, &marks.find(text)), expect, "{query}");
    }

    #[test]
    fn words_are_marked_whole_and_the_last_one_as_far_as_it_goes() {
        check("kv cache", "The KV Cache, cached", "The [KV] [Cache], [cache]d");
        check("cache kv", "The KV cache, cached", "The [KV] [cache], cached");
        check("kv -cache", "KV cache", "[KV] cache");
        check("\"kv cache\"", "kv-cache", "[kv]-[cache]");
        check("注意", "自注意力机制", "自[注意]力机制");
        check("a", "<b> & 'a'", "&lt;b&gt; &amp; &#39;[a]&#39;");
        check("", "text", "text");
        check("é", "É 👍 é", "[É] 👍 [é]");
    }

    #[test]
    fn words_that_a_snippet_marks_are_marked_elsewhere() {
        let mut marks = Marks::of_query("caching");
        marks.learn(&Passage { text: "it is Cached".to_owned(), highlights: vec![[6, 12]], ..Passage::default() });
        assert_eq!(tags().mark("cached pages", &marks.find("cached pages")), "[cached] pages");
        assert_eq!(marks.matched("cached pages", &[[0, 6]]), ["caching"]);
    }

    #[test]
    fn levels_tell_how_many_words_matched() {
        let marks = Marks::of_query("paged attention");
        for (text, level) in [("Paged attention", "full"), ("Attention", "partial"), ("Memory", "none")] {
            assert_eq!(marks.highlight(&tags(), text, &marks.find(text))["matchLevel"], level, "{text}");
        }
        assert_eq!(marks.highlight(&tags(), "Attention", &[[0, 9]])["fullyHighlighted"], true);
    }

    #[test]
    fn a_cut_keeps_the_match_and_whole_words() {
        let text = "one two three four five six seven eight nine";
        let marks = Marks::of_query("seven");
        let ranges = marks.find(text);
        assert_eq!(tags().cut(text, &ranges, 4), "…six [seven] eight nine");
        assert_eq!(tags().cut(text, &ranges, 3), "…six [seven] eight…");
        assert_eq!(tags().cut(text, &[], 2), "one two…");
        assert_eq!(tags().cut(text, &ranges, 99), "one two three four five six [seven] eight nine");
    }
}
