//! A block of TOML: the fields of one page.

use super::{ListField, flow, lines, quoted};

/// `block` with `names` among those of its list.
pub(super) fn add(block: &str, names: &[&str], end: &str, list: ListField<'_>) -> Option<String> {
    let written: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let tables = lines(block).find(|(_, line)| line.trim_start().starts_with('[')).map_or(block.len(), |(at, _)| at);
    // A list that goes over several lines has lines that begin with a bracket as well: the key is looked for first.
    let field = lines(block).find_map(|(at, line)| {
        let (key, value) = line.split_once('=')?;
        (list.is_key)(key.trim().trim_matches(['"', '\''])).then_some(at + line.len() - value.len())
    });
    let Some(value) = field.filter(|value| *value <= tables) else {
        let (own, rest) = block.split_at(tables);
        let missing = if own.is_empty() || own.ends_with('\n') { "" } else { end };
        return Some(format!("{own}{missing}{} = [{}]{end}{rest}", list.name, written.join(", ")));
    };
    let (before, after) = block.split_at(value);
    let blank = after.len() - after.trim_start().len();
    let brackets = after[blank..].starts_with('[').then_some(&after[blank..])?;
    let (amended, read) = flow::add(brackets, &written)?;
    Some([before, &after[..blank], &amended, &brackets[read..]].concat())
}
