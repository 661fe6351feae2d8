//! Marks in a text that say where its paid part begins, in the words of other tools: `<!--members-only-->` of Ghost, `:::pro`,
//! `{% paywall %}`, `<Premium>`. Here `access` and `<!-- more -->` say that. A page that has such a mark and says nothing of
//! `access` was to be locked by whoever wrote it.

use crate::access::is_payers_word;
use crate::spelling::{is_unseen, normal};
use crate::value::{SourcePlace, narrow};
use gradus_corpus::Position;

/// The first such mark in `text`; code holds none.
pub(crate) fn paid_mark(text: &str) -> Option<SourcePlace> {
    let lines: Vec<&str> = text.lines().collect();
    let mut fence: Option<(usize, &str)> = None;
    // Whether the last line without an indent began what holds indented text: an item, an admonition, a tab.
    let mut holds = false;
    let mut number = 0;
    loop {
        let Some(line) = lines.get(number) else {
            // A fence that is never closed was not meant to take the rest of the page: a mark behind it counts.
            let (opened, _) = fence.take()?;
            number = opened + 1;
            continue;
        };
        number += 1;
        let mark = content(line);
        let bare = line.trim_start();
        let indent = line.len() - bare.len();
        if indent == 0 && !bare.is_empty() {
            holds = mark.len() < bare.trim_end().len() || ["!!!", "???", "==="].iter().any(|one| bare.starts_with(one));
        }
        let run = &mark[..mark.len() - mark.trim_start_matches(mark.chars().next().unwrap_or(' ')).len()];
        let is_run = run.len() >= 3 && run.starts_with(['`', '~']);
        let behind_run = &mark[run.len()..];
        match fence {
            Some((_, open)) if is_run && run.starts_with(open) && behind_run.trim().is_empty() => fence = None,
            // A run that ends on its line is code of a sentence.
            None if is_run && !(run.starts_with('`') && behind_run.contains('`')) => fence = Some((number - 1, run)),
            None if (indent < 4 || holds) && (is_mark(mark) || has_comment(mark)) => {
                let column = narrow((line.len() - bare.len()) as u64 + 1);
                let position = Position { file: 0, line: narrow(number as u64), column };
                return Some(SourcePlace { position, len: narrow(bare.trim_end().chars().count() as u64) });
            }
            _ => {}
        }
    }
}

/// A line without its blanks, what nobody sees, and the signs of quotes and items before it.
fn content(line: &str) -> &str {
    let mut rest = line.trim_matches(is_unseen);
    loop {
        let digits = rest.trim_start_matches(|char: char| char.is_ascii_digit());
        let items = if digits.len() < rest.len() {
            (digits, [". ", ") "].as_slice())
        } else {
            (rest, ["- ", "* ", "+ "].as_slice())
        };
        let item = || items.1.iter().find_map(|sign| items.0.strip_prefix(sign));
        let Some(inner) = rest.strip_prefix('>').or_else(item) else { return rest };
        rest = inner.trim_start_matches(is_unseen);
    }
}

/// Whether a comment within a line, a heading's among them, is a mark: nobody who reads sees it, so it was written as one.
fn has_comment(line: &str) -> bool {
    let mut rest = line;
    let mut before = 0;
    while let Some(at) = rest.find("<!--") {
        before += rest[..at].matches('`').count();
        let behind = &rest[at + 4..];
        let Some(end) = behind.find("-->") else { return false };
        if before.is_multiple_of(2) && is_comment(&behind[..end]) {
            return true;
        }
        rest = &behind[end + 3..];
    }
    false
}

/// Whether a line is nothing but a mark, or a heading with one.
fn is_mark(line: &str) -> bool {
    let comments = [("{/*", "*/}"), ("%%", "%%"), ("[//]: # (", ")"), ("[//]: # \"", "\""), ("[comment]: # (", ")")];
    let inside = |(start, end): &(&str, &str)| line.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    if let Some(inside) = comments.iter().find_map(inside) {
        return is_comment(inside);
    }
    if line.starts_with(":::") {
        let name = line.trim_start_matches(':').trim_start().trim_start_matches(['{', '.']);
        return says(name);
    }
    // Notes of what is for and against are called `pro`, too.
    if let Some(note) = ["!!!", "???+", "???", "[!"].iter().find_map(|sign| line.strip_prefix(sign)) {
        let name = word(note.trim_start());
        return is_payers_word(name) && normal(name) != "pro";
    }
    if let Some(tag) = line.strip_prefix("{{").or_else(|| line.strip_prefix("{%")) {
        let tag = tag.trim_start_matches(['%', '<', '-', ' ']);
        // GitBook shows what follows to visitors of one kind.
        if tag.strip_prefix("if ").is_some_and(|condition| condition.contains("visitor.")) {
            return true;
        }
        let included = ["include", "partial"].iter().find_map(|name| tag.strip_prefix(name));
        return says(included.map_or(tag, |name| name.trim_start_matches([' ', '"', '\''])));
    }
    // A tag alone on its line that holds what follows: `<Premium />` in a sentence is a badge, and `<Paywall />` a wall.
    if let Some(tag) = line.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        let is_wall = matches!(normal(word(tag)).as_str(), "paywall" | "membersonly" | "subscribersonly");
        return (!tag.ends_with('/') || is_wall) && !tag.contains(['<', '>']) && (says(tag) || has_access(tag));
    }
    // What a heading or a block says of itself: `## Part {access=pro}`.
    let attributes = line.strip_suffix('}').and_then(|line| line.rsplit_once('{'));
    attributes.filter(|(before, _)| before.is_empty() || before.starts_with('#')).is_some_and(|(_, attributes)| {
        let mut attributes =
            attributes.trim_start_matches(':').split_whitespace().filter_map(|one| one.split_once('='));
        attributes.any(|(name, value)| {
            name.eq_ignore_ascii_case("access") && !value.trim_matches(['"', '\'']).eq_ignore_ascii_case("free")
        })
    })
}

/// Whether an element says by an attribute who may read it: `<section data-access="pro">`, `<div class="paywall">`.
fn has_access(tag: &str) -> bool {
    tag.split_whitespace().skip(1).filter_map(|one| one.split_once('=')).any(|(name, value)| {
        let value = value.trim_matches(['"', '\'']);
        match name.to_ascii_lowercase().as_str() {
            "access" | "data-access" => is_payers_word(value),
            "class" => normal(value) == "paywall",
            _ => false,
        }
    })
}

/// Whether what a mark is called says that the rest is paid for, or it is called `access` and is given such a word.
fn says(text: &str) -> bool {
    let name = word(text);
    let mut values = text[name.len()..].split(|char: char| !(char.is_alphanumeric() || matches!(char, '-' | '_')));
    is_payers_word(name) || name.eq_ignore_ascii_case("access") && values.any(is_payers_word)
}

/// Whether a comment says that the paid part begins: by one word, perhaps as the start of a part, or as a field would.
fn is_comment(inside: &str) -> bool {
    let said = inside.trim_matches(|char: char| is_unseen(char) || char == ':');
    if let Some((name, value)) = said.split_once(':').or_else(|| said.split_once('=')) {
        let (name, value) = (name.trim(), value.trim());
        return name.eq_ignore_ascii_case("access") && !value.eq_ignore_ascii_case("free")
            || !name.contains(' ') && is_payers_word(value);
    }
    let is = |word: &str, others: &[&str]| others.iter().any(|other| word.eq_ignore_ascii_case(other));
    let words: Vec<&str> = said.split([' ', '\t', '/']).filter(|word| !word.is_empty()).collect();
    let words: Vec<&str> = match words.as_slice() {
        // `pro-start` is one word and means two.
        [one] if !is_payers_word(one) => one.split(['-', '_']).collect(),
        _ => words,
    };
    let start = words.iter().take_while(|word| is(word, &["begin", "start", "access"])).count();
    let named = &words[start..];
    let is_audience = |word: &str| is(word, &["member", "members", "subscriber", "subscribers"]);
    match named {
        [] => false,
        [first, rest @ ..] if is_payers_word(first) => {
            rest.iter().all(|word| is(word, &["begin", "start", "content", "here", "only", "part"]))
        }
        [first, rest @ ..] => {
            is_audience(first) && !rest.is_empty() && rest.iter().all(|word| is(word, &["content", "only"]))
        }
    }
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
    fn marks_of_other_tools_are_known() {
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
            "{% if visitor.claims.unsigned.isPartner %}",
            "<Pro>",
            "<Paywall plan=\"pro\">",
            "## Part {access=pro}",
            "### Part {#id access=\"pro\"}",
            "{: access=\"pro\"}",
            "## Part <!-- pro -->",
            "Text <!-- pro --> behind",
            "> <!-- pro -->",
            "- > <!-- pro -->",
            "\u{200b}<!--\u{a0}pro\u{200b}-->",
            "<!-- pro-start -->",
            "<!-- paywall here -->",
            "<!-- members only -->",
            "<!--kg-card-begin: paywall-->",
            "[//]: # (paywall)",
            "%% pro %%",
            ":::access{level=pro}",
            "{{< access \"pro\" >}}",
            "{% include paywall.html %}",
            "<Paywall />",
            "<section data-access=\"pro\">",
            "<div class='paywall'>",
            "!!! premium \"For payers\"",
            "???+ paywall",
            "> [!premium]- Title",
            "<Access level=\"pro\">",
        ] {
            let text = format!("Free.\n\n{mark}\n\nPaid.\n");
            let found = paid_mark(&text).map(|place| place.position.line);
            assert_eq!(found, Some(3), "{mark}");
        }
    }

    #[test]
    fn marks_are_seen_wherever_they_stand() {
        for (text, line) in [
            ("```pro```\n<!-- pro -->", 2),
            ("```\n```js\n```\n<!-- pro -->", 4),
            ("```sh\nls\n\n<!-- pro -->", 4),
            ("> ```\n> ls\n> ```\n<!-- pro -->", 4),
            ("- An item\n\n    <!-- pro -->", 3),
            ("1. An item\n\n    <!-- pro -->", 3),
            ("!!! note\n    <!-- pro -->", 2),
            ("=== \"Tab\"\n\n\t<!-- pro -->", 3),
            ("Free.\r\n<!-- pro -->\r\n", 2),
        ] {
            assert_eq!(paid_mark(text).map(|place| place.position.line), Some(line), "{text}");
        }
    }

    #[test]
    fn sentences_badges_and_code_are_no_marks() {
        for text in [
            "Pro <Premium /> text",
            "> [!pro] For",
            "<div class=\"pro\">",
            "![premium](a.png)",
            "`<!-- pro -->` is such a mark",
            "> ```\n> <!-- pro -->\n> ```",
            "- Item\n\n    ```\n    <!-- pro -->\n    ```",
            "<!-- access: free -->",
            "<!-- for members of the team -->",
            "<!-- Members -->",
            "<!-- prettier-ignore-start -->",
            "{{< access \"free\" >}}",
            "{% include pros.html %}",
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
