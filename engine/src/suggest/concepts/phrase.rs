//! Which words can be the name of a concept, and which are furniture.

use gradus_corpus::names::fold;

/// Words of a name, at most.
const WORDS: usize = 5;
/// Characters of a name.
const CHARS: std::ops::RangeInclusive<usize> = 2..=50;

/// What headings, labels and menus say on every site.
const FURNITURE: &[&str] = &[
    "about",
    "abstract",
    "additional resources",
    "alternatives",
    "answer",
    "answers",
    "api",
    "api reference",
    "appendix",
    "arguments",
    "background",
    "basic usage",
    "basics",
    "benefits",
    "caution",
    "caveats",
    "changelog",
    "checklist",
    "cheat sheet",
    "code",
    "common mistakes",
    "comparison",
    "conclusion",
    "conclusions",
    "configuration",
    "contents",
    "cons",
    "danger",
    "default",
    "definition",
    "demo",
    "description",
    "details",
    "difference",
    "discussion",
    "documentation",
    "edit",
    "end",
    "example",
    "examples",
    "exercise",
    "exercises",
    "explanation",
    "faq",
    "features",
    "final",
    "first",
    "further reading",
    "general",
    "getting started",
    "glossary",
    "goal",
    "goals",
    "guide",
    "guides",
    "help",
    "hint",
    "history",
    "home",
    "how it works",
    "how to",
    "how to use",
    "important",
    "in practice",
    "info",
    "install",
    "installation",
    "intro",
    "introduction",
    "key points",
    "key takeaways",
    "learn",
    "learn more",
    "learning objectives",
    "license",
    "limitations",
    "links",
    "list",
    "more",
    "motivation",
    "name",
    "next",
    "next steps",
    "no",
    "note",
    "notes",
    "objectives",
    "options",
    "other",
    "outline",
    "output",
    "overview",
    "page",
    "parameters",
    "part",
    "pitfalls",
    "prerequisites",
    "problem",
    "problems",
    "pros",
    "question",
    "questions",
    "quick start",
    "quickstart",
    "recap",
    "recommendation",
    "references",
    "related",
    "requirements",
    "resources",
    "result",
    "results",
    "return value",
    "returns",
    "second",
    "section",
    "see also",
    "setup",
    "solution",
    "solutions",
    "source",
    "sources",
    "start",
    "step",
    "steps",
    "summary",
    "support",
    "syntax",
    "table of contents",
    "template",
    "test",
    "the problem",
    "the solution",
    "third",
    "tip",
    "tips",
    "title",
    "todo",
    "tools",
    "topics",
    "troubleshooting",
    "tutorial",
    "tutorials",
    "type",
    "update",
    "usage",
    "use",
    "use cases",
    "values",
    "version",
    "warning",
    "what",
    "when to use",
    "where",
    "who",
    "why",
    "wrap up",
    "yes",
];
/// Words that no name begins or ends with.
const EDGES: &[&str] = &[
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "because", "before", "but",
    "by", "can", "do", "does", "each", "every", "for", "from", "has", "have", "how", "if", "in", "into", "is", "it",
    "its", "like", "make", "many", "may", "more", "most", "must", "my", "new", "no", "not", "of", "on", "one", "only",
    "or", "other", "our", "should", "so", "some", "such", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "to", "two", "use", "using", "was", "we", "what", "when", "where", "which",
    "while", "who", "why", "will", "with", "without", "you", "your",
];
/// What stands before a name in a heading.
const LEADS: &[&str] = &[
    "what is a ",
    "what is an ",
    "what is the ",
    "what is ",
    "what are ",
    "what's a ",
    "what's ",
    "understanding ",
    "introduction to ",
    "intro to ",
    "introducing ",
    "the basics of ",
    "basics of ",
    "all about ",
    "more on ",
    "defining ",
    "the ",
    "a ",
    "an ",
];

/// `written` as the name of a concept; `None` where it is none: code, furniture, a sentence or a scrap of one.
pub(super) fn name_of(written: &str) -> Option<Box<str>> {
    let name = written.trim().trim_matches(['"', '“', '”', '*', '_', ':', ',', ' ', '\'']);
    let is_sentence = name.ends_with(['.', '!', '?', ';', '…']) || name.contains([',', ';', '?', '!', '|']);
    let is_code = name
        .contains(['(', ')', '=', '{', '}', '<', '>', '$', '\\', '`', '@', '#', '%', '[', ']', '&', '→', '/'])
        || name.contains("::")
        || name.contains('_')
        || name.starts_with(['-', '.', '+'])
        || is_file(name);
    let n_chars = name.chars().count();
    if is_sentence || is_code || !CHARS.contains(&n_chars) || !name.chars().any(char::is_alphabetic) {
        return None;
    }
    let folded = fold(name);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let is_edge =
        |word: Option<&&str>| word.is_none_or(|word| EDGES.contains(word) || word.chars().all(char::is_numeric));
    let is_short = n_chars < 4 && !name.chars().any(char::is_uppercase);
    if words.len() > WORDS
        || is_edge(words.first())
        || is_edge(words.last())
        || is_short
        || FURNITURE.contains(&folded.as_str())
    {
        return None;
    }
    Some(name.into())
}

/// The name in a heading, without what introduces it and the number that orders it.
pub(super) fn in_heading(heading: &str) -> Option<Box<str>> {
    let heading = heading.trim().trim_end_matches(['?', ':']);
    let heading = heading.trim_start_matches(|char: char| char.is_ascii_digit() || matches!(char, '.' | ')' | ' '));
    let lower = heading.to_lowercase();
    let lead = LEADS.iter().find(|lead| lower.starts_with(**lead)).map_or(0, |lead| lead.len());
    name_of(heading.get(lead..)?)
}

/// Whether it looks like the name of a file or of something in code.
fn is_file(name: &str) -> bool {
    let is_one_word = !name.contains(' ');
    let has_inner_dot = name.trim_end_matches('.').contains('.') && !name.contains(". ");
    let is_camel = is_one_word && name.starts_with(char::is_lowercase) && name.chars().any(char::is_uppercase);
    is_one_word && (has_inner_dot || is_camel)
}

/// The subject and the words behind it of a sentence that says what something is: `A KV cache is a store …`.
pub(super) fn defined_by(sentence: &str) -> Option<Box<str>> {
    const COPULAS: [&str; 9] =
        [" is a ", " is an ", " is the ", " are ", " refers to ", " means ", " is when ", " describes ", " denotes "];
    let (at, _) = COPULAS.iter().filter_map(|copula| Some((sentence.find(copula)?, copula))).min()?;
    let subject = sentence[..at].trim();
    let lower = subject.to_lowercase();
    let lead = ["a ", "an ", "the "].iter().find(|lead| lower.starts_with(**lead)).map_or(0, |lead| lead.len());
    let subject = subject.get(lead..)?;
    // An acronym behind it belongs to it, not to its name.
    let subject = subject.split_once(" (").map_or(subject, |(before, _)| before);
    name_of(subject).filter(|name| name.split(' ').count() <= 4)
}

/// The long forms and acronyms of a text: `retrieval-augmented generation (RAG)`, `RAG (retrieval-augmented generation)`.
pub(super) fn acronyms(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (open, _) in text.match_indices(" (") {
        let Some(len) = text[open + 2..].find(')') else { continue };
        let inside = &text[open + 2..open + 2 + len];
        let before = text[..open].rsplit(['.', '\n', ';', ':', ',', '(']).next().unwrap_or_default();
        if is_acronym(inside) {
            found.extend(long_form(before, inside).map(|long| (inside.to_owned(), long)));
        } else if let Some(last) = before.split_whitespace().next_back().filter(|word| is_acronym(word)) {
            found.extend(
                long_form(inside, last)
                    .filter(|long| long.len() == inside.trim().len())
                    .map(|long| (last.to_owned(), long)),
            );
        }
    }
    found
}

fn is_acronym(word: &str) -> bool {
    let capitals = word.chars().filter(|char| char.is_uppercase()).count();
    (2..=8).contains(&word.chars().count())
        && capitals >= 2
        && word.chars().all(|char| char.is_alphanumeric() || char == '-')
}

/// The words at the end of `before` whose first letters are those of `acronym`.
fn long_form(before: &str, acronym: &str) -> Option<String> {
    let letters: Vec<char> = acronym
        .trim_end_matches('s')
        .chars()
        .filter(|char| char.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    let before = before.trim_end();
    let starts: Vec<(usize, char)> = before
        .char_indices()
        .zip(std::iter::once(' ').chain(before.chars()))
        .filter(|((_, char), previous)| char.is_alphanumeric() && !previous.is_alphanumeric())
        .flat_map(|((at, char), _)| char.to_lowercase().map(move |char| (at, char)))
        .collect();
    let from = starts.len().checked_sub(letters.len())?;
    let fits = starts[from..].iter().map(|(_, char)| *char).eq(letters.iter().copied());
    fits.then(|| before[starts[from].0..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_furniture_code_and_sentences() {
        for name in ["KV cache", "Attention", "low-rank approximation", "k-means", "RAG", "Łódź theorem"] {
            assert_eq!(name_of(name).as_deref(), Some(name));
        }
        for other in [
            "Overview",
            "One intent each.",
            "foo()",
            "useState",
            "config.toml",
            "the cache",
            "a, b",
            "42",
            "x",
            "and so on",
        ] {
            assert_eq!(name_of(other), None, "{other}");
        }
        assert_eq!(in_heading("2. What is a KV cache?").as_deref(), Some("KV cache"));
    }

    #[test]
    fn sentences_define_their_subject() {
        assert_eq!(defined_by("A KV cache is a store of keys.").as_deref(), Some("KV cache"));
        assert_eq!(
            defined_by("Retrieval-augmented generation (RAG) is the use of search.").as_deref(),
            Some("Retrieval-augmented generation")
        );
        for other in ["This is a test.", "It is the best.", "What we want is a cat.", "Run it."] {
            assert_eq!(defined_by(other), None, "{other}");
        }
    }

    #[test]
    fn acronyms_are_found_with_what_they_stand_for() {
        let found = acronyms(
            "We use retrieval-augmented generation (RAG), and KV (key value) caches (see below), GPU (the chip).",
        );
        let expected = [("RAG", "retrieval-augmented generation"), ("KV", "key value")];
        assert_eq!(found, expected.map(|(short, long)| (short.to_owned(), long.to_owned())));
    }
}
