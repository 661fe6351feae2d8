//! Fences: the lines that begin and end front matter, also as editors and slips of the pen make them.

use crate::spelling::is_unseen;

/// The language of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Yaml,
    Toml,
    Json,
}

/// A line that begins or ends a block.
#[derive(Clone, Copy)]
pub(crate) struct Fence<'a> {
    pub(crate) language: Language,
    /// As it stands there.
    pub(crate) mark: &'a str,
    /// Whether generators take it for one.
    pub(crate) is_exact: bool,
}

/// The run of signs that a line consists of, as wide as it would be if no editor had joined them.
fn width(run: &str, signs: fn(char) -> usize) -> Option<usize> {
    run.chars().map(|char| Some(signs(char)).filter(|width| *width > 0)).sum()
}

fn dashes(char: char) -> usize {
    match char {
        '-' | '‐' | '‑' | '‒' | '−' => 1,
        '–' => 2,
        '—' | '―' => 3,
        _ => 0,
    }
}

fn pluses(char: char) -> usize {
    usize::from(char == '+')
}

/// The fence that `line` is at the beginning of a block, if it is one.
pub(crate) fn opener(line: &str) -> Option<Fence<'_>> {
    let mark = line.trim_matches(is_unseen);
    let is_exact = line.trim_end() == mark;
    let (run, rest) = mark.split_at(mark.find(|char| dashes(char) + pluses(char) == 0).unwrap_or(mark.len()));
    let language = match rest.trim() {
        "" => None,
        "yaml" | "yml" => Some(Language::Yaml),
        "toml" => Some(Language::Toml),
        "json" => Some(Language::Json),
        note if note.starts_with('#') && !run.is_empty() => None,
        _ if mark == ";;;" => return Some(Fence { language: Language::Json, mark, is_exact: false }),
        _ => return None,
    };
    if mark == ";;;" {
        return Some(Fence { language: Language::Json, mark, is_exact: false });
    }
    let own = match (width(run, dashes), width(run, pluses)) {
        (Some(2..), _) => Language::Yaml,
        (_, Some(2..)) => Language::Toml,
        _ => return None,
    };
    Some(Fence { language: language.unwrap_or(own), mark, is_exact: is_exact && matches!(mark, "---" | "+++") })
}

/// Whether `line` ends a block that `open` began, and whether generators see that.
pub(crate) fn closer<'a>(open: Fence<'_>, line: &'a str) -> Option<Fence<'a>> {
    let mark = line.trim_end_matches(is_unseen);
    let first = open.mark.trim_start_matches(is_unseen).chars().next()?;
    let is_exact = match first {
        '+' => (mark == "+++").then_some(true).or_else(|| width(mark, pluses)?.ge(&2).then_some(false)),
        ';' => (mark == ";;;").then_some(true),
        _ if mark == "..." => Some(true),
        _ => (mark == "---").then_some(true).or_else(|| width(mark, dashes)?.ge(&2).then_some(false)),
    };
    let is_exact = is_exact.filter(|_| !mark.is_empty())?;
    Some(Fence { mark, is_exact, ..open })
}
