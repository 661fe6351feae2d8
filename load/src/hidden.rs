//! Blocks that look like front matter and are not read as it, where they speak of access.
//!
//! They stand between two rules, behind one, or at the very top: what a slip of the pen makes of front matter. A sentence
//! about access is none, nor is code.

use crate::access::{is_access, is_near};
use crate::config::Config;
use crate::spelling::{is_unseen, looks_like_a_field};
use crate::value::{SourcePlace, narrow};
use gradus_corpus::Position;

/// Lines behind a rule in which its other end is looked for.
const BLOCK_LINES: usize = 60;

/// Where a block of `text`, which is what follows front matter if `is_behind` any, speaks of access without being read.
pub(crate) fn hidden_block(text: &str, is_behind: bool, config: &Config) -> Option<SourcePlace> {
    let lines: Vec<&str> = text.lines().collect();
    let mut fence: Option<&str> = None;
    let top = lines.iter().position(|line| !line.trim().is_empty())?;
    // A second block without a line between it and the first.
    let is_second = is_behind && top == 0 && looks_like_a_field(lines[0]);
    let at_start = if is_second { in_block(&lines, 0, false, config) } else { None };
    if let Some(at) = at_start {
        return Some(place_of(&lines, at));
    }
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
        let first = match idx == top && !is_behind {
            true => idx,
            false if is_rule(line) => idx + 1,
            false => continue,
        };
        if let Some(at) = in_block(&lines, first, idx == top && !is_behind, config) {
            return Some(place_of(&lines, at));
        }
    }
    None
}

/// Where the text of the line `at` stands.
fn place_of(lines: &[&str], at: usize) -> SourcePlace {
    let line = lines[at];
    let column = narrow(line.len() as u64 - line.trim_start().len() as u64 + 1);
    let position = Position { file: 0, line: narrow(at as u64 + 1), column };
    SourcePlace { position, len: narrow(line.trim().chars().count() as u64) }
}

/// Whether a line is a run of one sign, as fences and rules are.
fn is_rule(line: &str) -> bool {
    let mark = line.trim_matches(is_unseen);
    let Some(first) = mark.chars().next().filter(|char| "-–—+*_=;#%".contains(*char)) else { return false };
    mark.chars().count() >= if first == '—' { 1 } else { 2 }
        && mark.chars().all(|char| char == first || "-–—".contains(first) && "-–—".contains(char))
}

/// The line of the block from line `first` on that names access. The block at the top goes up to a blank line, one behind a
/// rule up to another rule or, without one, as far as there are fields.
fn in_block(lines: &[&str], first: usize, is_top: bool, config: &Config) -> Option<usize> {
    let part = &lines[first.min(lines.len())..(first + BLOCK_LINES).min(lines.len())];
    // What goes on as code is none: the rule before it ends something else, such as the properties of a component.
    let is_code = |line: &&str| ["```", "~~~"].iter().any(|fence| line.trim_start().starts_with(fence));
    let part = &part[..part.iter().position(is_code).unwrap_or(part.len())];
    let is_part = |line: &str| looks_like_a_field(line) || line.trim().is_empty() || line.starts_with([' ', '#', '-']);
    let closed = part.iter().position(|line| is_rule(line));
    let end = match is_top {
        true => part.iter().position(|line| line.trim().is_empty()),
        false => closed.or_else(|| part.iter().position(|line| !is_part(line))),
    };
    let found = part[..end.unwrap_or(part.len())].iter().position(|line| names_access(line, config))?;
    Some(first + found)
}

/// Whether a line gives a value to a name that may be `access`, other than `free`.
fn names_access(line: &str, config: &Config) -> bool {
    let is_part =
        |char: char| char.is_alphanumeric() || matches!(char, '_' | '-') || is_unseen(char) && !char.is_whitespace();
    let mut at = 0;
    let mut is_first = true;
    while let Some(found) = line[at..].find(is_part) {
        let start = at + found;
        let len = line[start..].find(|char| !is_part(char)).unwrap_or(line.len() - start);
        let (name, behind) = line[start..].split_at(len);
        let value = behind.trim_start_matches(['"', '\'', ' ', '\t']).strip_prefix([':', '=', '：', '＝']);
        let before = &line[..start];
        let may_begin = is_first || before.ends_with(['"', '\'', '{', ',', '[']) || before.trim_end().ends_with('{');
        let is_free = |value: &str| value.trim_matches([' ', '"', '\'', ',', '}']).eq_ignore_ascii_case("free");
        if may_begin && value.is_some_and(|value| !is_free(value)) && (is_access(name) || is_near(name, config)) {
            return true;
        }
        is_first &= !name.contains(char::is_alphanumeric);
        at = start + len;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_further_down_that_speaks_of_access_is_found() {
        let config = Config::default();
        let line = |text: &str| hidden_block(text, false, &config).map(|place| place.position.line);
        for (text, expected) in [
            ("# Title\n---\ntitle: x\naccess: pro\n---\ntext", 4),
            ("text\n\n***\nacess: pro\n***\n", 4),
            ("access: pro\ntitle: x\n\ntext", 1),
            ("text\n\n+++\naccess = 'pro'\n+++", 4),
            ("===\naccess: pro\n===\n", 2),
            ("export const meta = { access: 'pro' }\n\ntext", 1),
        ] {
            assert_eq!(line(text), Some(expected), "{text}");
        }
        for text in [
            "# Title\n\n```yaml\n---\naccess: pro\n---\n```\n",
            "---\n\nWe gained access: it took a day.\n\n---\n",
            "text\n---\naccess: free\n---\n",
            "::div\n---\nlabel: Before\n---\n\n```js\nask({\n  access_token: it,\n});\n```\n::\n\n---\n",
            "See access: pro\n",
        ] {
            assert_eq!(line(text), None, "{text}");
        }
    }
}
