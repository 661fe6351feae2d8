//! Who may read a page whole, decided so that a slip of the pen locks and never opens.
//!
//! A page is locked where it says so, where it says something that cannot be understood, and where a part of it that was not
//! read as a field speaks of access. Each is told, with what to write instead.

use crate::config::Config;
use crate::draft::Draft;
use crate::fields::canonical;
use crate::spelling::{is_unseen, looks_like_a_field, normal};
use crate::value::{Node, SourcePlace, Value, narrow};
use gradus_corpus::{Access, Code, Position};

/// Edits between a name and `access` up to which the name may be meant for it.
const EDITS: usize = 2;

/// Words that are as near to `access` and are words of their own.
const OTHER_WORDS: &[&str] = &["accent", "accept", "accepts", "assess", "excess", "recess", "success"];

/// Names by which other tools say that a page must be paid for.
const PAID: &[&str] = &["membersonly", "paid", "paywall", "paywalled", "premium", "pro", "subscribersonly"];

/// Lines behind a rule in which its other end is looked for.
const BLOCK_LINES: usize = 60;

/// Whether a name that is no field may be meant for `access`, or for a field that the site calls so.
pub(crate) fn is_near(name: &str, config: &Config) -> bool {
    let normal = normal(name);
    if OTHER_WORDS.contains(&normal.as_str()) {
        return false;
    }
    let is_word = || name.split(['_', '-', '.', ' ']).any(|word| word.eq_ignore_ascii_case("access"));
    let near = (4..=8).contains(&normal.chars().count()) && strsim::damerau_levenshtein(&normal, "access") <= EDITS;
    near || is_word() || normal == "accesslevel" || foreign(config).any(|own| crate::spelling::normal(own) == normal)
}

/// Whether a name says that a page must be paid for, in the words of other tools.
pub(crate) fn is_paid(name: &str) -> bool {
    PAID.contains(&normal(name).as_str())
}

/// What the site's settings call `access`.
fn foreign(config: &Config) -> impl Iterator<Item = &str> {
    config.fields.iter().filter(|(_, ours)| *ours == "access").map(|(name, _)| name.as_str())
}

/// Whether a text that could not be read has, where a field's name would stand, one near `access`.
pub(crate) fn speaks_of_access(text: &str, config: &Config) -> bool {
    let is_part =
        |char: char| char.is_alphanumeric() || matches!(char, '_' | '-') || is_unseen(char) && !char.is_whitespace();
    text.lines().any(|line| {
        let mut rest = line;
        while let Some(start) = rest.find(is_part) {
            let before = &line[..line.len() - rest.len() + start];
            let is_first = !before.contains(char::is_alphanumeric);
            let len = rest[start..].find(|char| !is_part(char)).unwrap_or(rest.len() - start);
            let (name, behind) = rest[start..].split_at(len);
            let behind_name = behind.trim_start_matches(['"', '\'', ' ', '\t']);
            let is_key = behind_name.starts_with([':', '=', '：', '＝']);
            if (is_key || is_first && behind_name.is_empty())
                && (is_near(name, config) || canonical(name) == Some("access"))
            {
                return true;
            }
            rest = behind;
        }
        false
    })
}

/// Where in a text, outside of code, a block that looks like front matter speaks of access: between two rules, behind one,
/// or at the very top without any.
pub(crate) fn hidden_block(text: &str, config: &Config) -> Option<SourcePlace> {
    let lines: Vec<&str> = text.lines().collect();
    let mut fence: Option<&str> = None;
    let top = lines.iter().position(|line| !line.trim().is_empty())?;
    for (idx, line) in lines.iter().enumerate() {
        let mark = line.trim_start();
        let run = &mark[..mark.len() - mark.trim_start_matches(['`', '~']).len()];
        match fence {
            Some(open) => {
                if mark.starts_with(open) {
                    fence = None;
                }
                continue;
            }
            None if run.len() >= 3 => {
                fence = Some(run);
                continue;
            }
            None => {}
        }
        let is_top = idx == top && looks_like_a_field(line);
        if !is_top && !is_rule(line) {
            continue;
        }
        let first = if is_top { idx } else { idx + 1 };
        if let Some((at, line)) = in_block(&lines, first, config) {
            let column = narrow(line.len() as u64 - line.trim_start().len() as u64 + 1);
            let position = Position { file: 0, line: narrow(at as u64 + 1), column };
            return Some(SourcePlace { position, len: narrow(line.trim().chars().count() as u64) });
        }
    }
    None
}

/// Whether a line is a run of one sign, as fences and rules are.
fn is_rule(line: &str) -> bool {
    let mark = line.trim_matches(is_unseen);
    let Some(first) = mark.chars().next().filter(|char| "-–—+*_=;#%".contains(*char)) else { return false };
    mark.chars().count() >= if first == '—' { 1 } else { 2 }
        && mark.chars().all(|char| char == first || "-–—".contains(first) && "-–—".contains(char))
}

/// The line near `access` of the block that begins at line `first`, unless it says `free`.
fn in_block<'a>(lines: &[&'a str], first: usize, config: &Config) -> Option<(usize, &'a str)> {
    let part = &lines[first.min(lines.len())..(first + BLOCK_LINES).min(lines.len())];
    let closed = part.iter().position(|line| is_rule(line));
    let is_part = |line: &&str| looks_like_a_field(line) || line.trim().is_empty() || line.starts_with([' ', '#', '-']);
    let end = closed.unwrap_or_else(|| part.iter().position(|line| !is_part(line)).unwrap_or(part.len()));
    let found = part[..end].iter().position(|line| {
        let is_free =
            line.split([':', '=']).nth(1).is_some_and(|value| value.trim().trim_matches(['"', '\'']) == "free");
        !is_free
            && speaks_of_access(line.split([':', '=']).next().unwrap_or(line).trim_end(), config)
            && line.contains([':', '=', '：'])
    })?;
    Some((first + found, part[found]))
}

impl Draft {
    /// Who may read a page with these fields whole: of all that speak of it, the strictest. What cannot be understood is
    /// locked: a guess could show what was to be paid for.
    pub(crate) fn access_of(&mut self, fields: &[(String, Value)]) -> Access {
        let mut given: Vec<(Access, SourcePlace)> = Vec::new();
        for (_, value) in fields.iter().filter(|(name, _)| canonical(name) == Some("access")) {
            let text = match &value.node {
                Node::Null => continue,
                Node::Text(text) if text.trim().is_empty() => continue,
                Node::Text(text) => text.trim(),
                Node::List(_) | Node::Map(_) => "a list or a map",
            };
            let access = Access::parse(&text.to_lowercase()).unwrap_or_else(|| {
                let message = format!("'{text}' is no access; the page is locked until it is `free` or `pro`");
                self.tell_at(Code::InvalidValue, value.position, value.len, message);
                Access::Pro
            });
            given.push((access, value.place()));
        }
        let access = given.iter().map(|(access, _)| *access).max().unwrap_or_default();
        let free = given.iter().find(|(one, _)| *one != access);
        if let (Access::Pro, Some((_, place))) = (access, free) {
            let message = "another `access` of this page is not `free`; the page is locked".to_owned();
            self.tell_at(Code::DuplicateField, place.position, place.len, message);
        }
        access
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_near_access_are_known_and_words_of_their_own_are_not() {
        let config = Config::default();
        for name in [
            "acess",
            "acces",
            "Access",
            "ACCESS",
            "accesss",
            "acc\u{200b}ess",
            "ａｃｃｅｓｓ",
            "аccess",
            "access_level",
            "x-access",
            "aces",
        ] {
            assert!(is_near(name, &config), "{name}");
        }
        for name in ["accessibility", "address", "success", "accent", "process", "author", "class", "assets"] {
            assert!(!is_near(name, &config), "{name}");
        }
    }

    #[test]
    fn a_block_further_down_that_speaks_of_access_is_found() {
        let config = Config::default();
        let line = |text: &str| hidden_block(text, &config).map(|place| place.position.line);
        for (text, expected) in [
            ("# Title\n---\ntitle: x\naccess: pro\n---\ntext", 4),
            ("text\n\n***\nacess: pro\n***\n", 4),
            ("access: pro\ntitle: x\n\ntext", 1),
            ("text\n\n+++\naccess = 'pro'\n+++", 4),
            ("===\naccess: pro\n===\n", 2),
        ] {
            assert_eq!(line(text), Some(expected), "{text}");
        }
        for text in [
            "# Title\n\n```yaml\n---\naccess: pro\n---\n```\n",
            "---\n\nWe gained access: it took a day.\n\n---\n",
            "text\n---\naccess: free\n---\n",
            "See access: pro\n",
        ] {
            assert_eq!(line(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_speaks_of_access_where_a_name_would_stand() {
        let config = Config::default();
        for text in ["access:pro", "access", "{access: pro}", "\"access\" = 1", "x: 1\n  acess : pro", "access：pro"] {
            assert!(speaks_of_access(text, &config), "{text}");
        }
        for text in ["title: random access memory", "accessibility: good", "no access here"] {
            assert!(!speaks_of_access(text, &config), "{text}");
        }
    }
}
