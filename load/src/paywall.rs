//! Marks in a text that say where its paid part begins, in the words of other tools: `<!--members-only-->` of Ghost, `:::pro`,
//! `{% paywall %}`, `<Premium>`. Here `access` and `<!-- more -->` say that. A page that has such a mark and says nothing of
//! `access` was to be locked by whoever wrote it.

use crate::access::is_payers_word;
use crate::value::{SourcePlace, narrow};
use gradus_corpus::Position;

/// The first such mark in `text`; code holds none.
pub(crate) fn paid_mark(text: &str) -> Option<SourcePlace> {
    let mut fence: Option<&str> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let mark = line.trim();
        let run = &mark[..mark.len() - mark.trim_start_matches(['`', '~']).len()];
        match fence {
            Some(open) if mark.starts_with(open) => fence = None,
            None if run.len() >= 3 => fence = Some(run),
            None if line.len() - line.trim_start().len() < 4 && is_mark(mark) => {
                let column = narrow(line.len() as u64 - line.trim_start().len() as u64 + 1);
                let position = Position { file: 0, line: number, column };
                return Some(SourcePlace { position, len: narrow(mark.chars().count() as u64) });
            }
            _ => {}
        }
    }
    None
}

/// Whether a line is nothing but a mark, or a heading with one.
fn is_mark(line: &str) -> bool {
    if let Some(inside) = line.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
        return is_comment(inside);
    }
    if let Some(inside) = line.strip_prefix("{/*").and_then(|rest| rest.strip_suffix("*/}")) {
        return is_comment(inside);
    }
    if line.starts_with(":::") {
        let name = line.trim_start_matches(':').trim_start().trim_start_matches('{');
        return is_payers_word(word(name));
    }
    if let Some(tag) = line.strip_prefix("{{").or_else(|| line.strip_prefix("{%")) {
        return is_payers_word(word(tag.trim_start_matches(['%', '<', '-', ' '])));
    }
    // A tag alone on its line that holds what follows: `<Premium />` in a sentence is a badge.
    if let Some(tag) = line.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        return !tag.ends_with('/') && !tag.contains(['<', '>']) && is_payers_word(word(tag));
    }
    // What a heading says of itself: `## Part {access=pro}`.
    let attributes = line.strip_prefix('#').and_then(|line| line.strip_suffix('}')?.rsplit_once('{'));
    attributes.is_some_and(|(_, attributes)| {
        let mut attributes = attributes.split_whitespace().filter_map(|one| one.split_once('='));
        attributes.any(|(name, value)| {
            name.eq_ignore_ascii_case("access") && !value.trim_matches(['"', '\'']).eq_ignore_ascii_case("free")
        })
    })
}

/// Whether a comment says that the paid part begins: by one word, perhaps as the start of a part, or as a field would.
fn is_comment(inside: &str) -> bool {
    let said = inside.trim();
    if let Some((name, value)) = said.split_once(':').or_else(|| said.split_once('=')) {
        return name.trim().eq_ignore_ascii_case("access") && !value.trim().eq_ignore_ascii_case("free");
    }
    let mut words = said.split([' ', '\t', '/']).filter(|word| !word.is_empty());
    let first = words.find(|word| !["begin", "start", "access"].iter().any(|other| word.eq_ignore_ascii_case(other)));
    first.is_some_and(is_payers_word)
        && words.all(|word| {
            ["begin", "start", "content", "only", "part"].iter().any(|other| word.eq_ignore_ascii_case(other))
        })
}

/// The name at the start of a text.
fn word(text: &str) -> &str {
    let end = text.find(|char: char| !(char.is_alphanumeric() || matches!(char, '-' | '_'))).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_from_sentences_and_badges() {
        for mark in [
            "<!-- pro -->",
            "<!--members-only-->",
            "<!-- paywall -->",
            "<!-- begin premium content -->",
            "<!-- access: pro -->",
            "{/* paywall */}",
            ":::pro",
            "::: {.pro}",
            ":::premium[Part]",
            "{{% pro %}}",
            "{{< paywall >}}",
            "{% membersonly %}",
            "<Pro>",
            "<Paywall plan=\"pro\">",
            "## Part {access=pro}",
            "### Part {#id access=\"pro\"}",
        ] {
            let text = format!("Free.\n\n{mark}\n\nPaid.\n");
            let found = paid_mark(&text).map(|place| place.position.line);
            // What is not understood of a mark of Pandoc is not taken for one.
            assert_eq!(found, (mark != "::: {.pro}").then_some(3), "{mark}");
        }
        for text in [
            "Pro <Premium /> text",
            "<Pro />",
            "<Pro>x</Pro> is a tag",
            "<!-- pros and cons -->",
            "<!-- more -->",
            "<!-- a comment on access: none -->",
            ":::note",
            "!!! pro",
            "```\n<!-- pro -->\n```",
            "    <!-- pro -->",
            "## Part {#pro}",
            "# Access {access=free}",
            "{{< proof >}}",
        ] {
            assert!(paid_mark(text).is_none(), "{text}");
        }
    }
}
