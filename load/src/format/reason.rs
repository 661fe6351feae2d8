//! Why a block is not YAML, in an author's words and with the cure.

use super::Flaw;
use super::block::{Block, indent, is_item, is_significant, lines};
use crate::value::{SourcePlace, narrow};
use gradus_corpus::{Code, Position};

/// Signs that no plain text may begin with.
const RESERVED: &[char] = &['@', '`', '%', '*', '&', '!', '|', '>', ',', ']', '}', '?'];

/// What is wrong with one line.
struct SyntaxSlip {
    /// Byte in the line and length in characters of what offends.
    at: usize,
    len: usize,
    message: String,
    help: Option<String>,
    /// What to put in its place, and whether that is beyond doubt.
    replacement: Option<(String, bool)>,
}

impl SyntaxSlip {
    fn new(at: usize, len: usize, message: String) -> Self {
        Self { at, len, message, help: None, replacement: None }
    }

    fn help(self, help: &str) -> Self {
        Self { help: Some(help.to_owned()), ..self }
    }
}

/// Why `block` cannot be read; `stop` is where the parser gave up, in lines of the block.
pub(crate) fn why(block: Block<'_>, stop: Option<SourcePlace>) -> Flaw {
    let numbered = (1..).zip(lines(block.text)).filter(|(_, (_, line))| is_significant(line));
    for (n, (at, line)) in numbered {
        if let Some(slip) = slip(line, &block.text[at..]) {
            return flaw(block, n, line, slip);
        }
    }
    let (n, line) = match stop {
        Some(place) => {
            let n = place.position.line.max(1);
            (n, block.text.lines().nth(n as usize - 1).unwrap_or_default())
        }
        None => (1, block.text.lines().next().unwrap_or_default()),
    };
    let spaces = indent(line);
    let slip = if n > 1 && spaces > 0 && stop.is_some() {
        let plural = if spaces == 1 { "" } else { "s" };
        let message = format!("this line is indented by {spaces} space{plural} and belongs to nothing above it");
        SyntaxSlip::new(spaces, line.trim().chars().count(), message).help("indent it as the lines that it belongs to")
    } else if n > 1 || stop.is_none() {
        SyntaxSlip::new(spaces, line.trim().chars().count(), "this line is no `field: value`".to_owned())
    } else {
        let message = "this cannot be read as `field: value`".to_owned();
        SyntaxSlip::new(spaces, line.trim().chars().count(), message).help("put the value in quotes")
    };
    flaw(block, n, line, slip)
}

fn flaw(block: Block<'_>, n: u32, line: &str, slip: SyntaxSlip) -> Flaw {
    let column = narrow(line.get(..slip.at).unwrap_or_default().chars().count() as u64 + 1);
    let position = Position { file: 0, line: block.lines_before + n, column };
    let place = SourcePlace { position, len: narrow(slip.len as u64) };
    let mut flaw = Flaw::new(Code::UnreadableFrontMatter, place, slip.message, block.bytes());
    flaw.help = slip.help;
    flaw.replacement = slip.replacement;
    flaw
}

/// What is wrong with `line`, if it can be seen; `rest` is the text from it to the end of the block.
fn slip(line: &str, rest: &str) -> Option<SyntaxSlip> {
    let line = line.trim_end();
    let blank = line.len() - line.trim_start().len();
    if line[..blank].contains('\t') {
        let slip = SyntaxSlip::new(
            0,
            line[..blank].chars().count(),
            "this line is indented by a tab (→), which YAML forbids".to_owned(),
        );
        let replacement = Some((line[..blank].replace('\t', "  "), false));
        return Some(SyntaxSlip { replacement, ..slip.help("use spaces") });
    }
    let mut start = blank;
    while is_item(&line[start..]) && line.len() > start + 1 {
        start += line[start + 1..].len() - line[start + 1..].trim_start().len() + 1;
    }
    let text = &line[start..];
    if text.starts_with(['"', '\'', '[', '{']) {
        return value_slip("this", text, start, &rest[start..]);
    }
    let Some((name, behind)) = text.split_once(':') else {
        let name = text.split_once('=').map(|(name, _)| name.trim()).filter(|name| is_name(name));
        return name.map(|name| {
            let message = format!("`{name} = …` is TOML; this block is YAML");
            SyntaxSlip::new(start, text.chars().count(), message).help(&format!("write `{name}: …`"))
        });
    };
    if !behind.is_empty() && !behind.starts_with([' ', '\t']) {
        return is_name(name).then(|| no_space(name, behind, start));
    }
    let at = start + name.len() + 1 + (behind.len() - behind.trim_start().len());
    value_slip(&format!("`{}` cannot be read", name.trim()), line.get(at..)?, at, rest.get(at..)?)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.' | ' '))
}

fn no_space(name: &str, behind: &str, start: usize) -> SyntaxSlip {
    let message = format!("there is no space behind the colon of `{name}`");
    let help = format!("write `{name}: {}`", behind.trim());
    let replacement = Some((format!("{name}: "), true));
    SyntaxSlip { replacement, ..SyntaxSlip::new(start, name.chars().count() + 1, message).help(&help) }
}

/// What is wrong with a value that begins at byte `at` of its line; `rest` is the text from there on.
fn value_slip(what: &str, value: &str, at: usize, rest: &str) -> Option<SyntaxSlip> {
    let first = value.chars().next()?;
    match first {
        '"' | '\'' => quoted_slip(what, first, value, at, rest),
        '[' | '{' => {
            let close = if first == '[' { ']' } else { '}' };
            let count = |wanted: char| rest.chars().filter(|char| *char == wanted).count();
            (count(first) > count(close)).then(|| {
                SyntaxSlip::new(at, value.chars().count(), format!("{what}: `{first}` is not closed"))
                    .help(&format!("close it with `{close}`"))
            })
        }
        _ if value.contains(": ") || value.ends_with(':') => {
            let message = format!("{what}: its text holds `: `, which begins another field");
            Some(in_quotes(value, at, message))
        }
        // These two begin text of several lines where nothing else stands on the line.
        '|' | '>' if value.len() <= 3 => None,
        _ if RESERVED.contains(&first) => {
            Some(in_quotes(value, at, format!("{what}: a value cannot begin with `{first}`")))
        }
        _ => None,
    }
}

fn quoted_slip(what: &str, quote: char, value: &str, at: usize, rest: &str) -> Option<SyntaxSlip> {
    let mut escaped = false;
    for (idx, char) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
            if !"0abtnvfre \"/\\N_LPxuU\n\r\t".contains(char) {
                let message = format!("{what}: `\\{char}` means nothing in double quotes");
                let help = format!("write `\\\\{char}`, or use single quotes");
                // The escape stands on the first line unless the text goes on; there the line as a whole is told.
                let start = if idx < value.len() { at + idx - 1 } else { at };
                return Some(SyntaxSlip::new(start, 2, message).help(&help));
            }
        } else if char == '\\' && quote == '"' {
            escaped = true;
        } else if char == quote {
            let behind = rest[idx + 1..].lines().next().unwrap_or_default();
            if quote == '\'' && behind.starts_with('\'') {
                return None;
            }
            let text = behind.trim();
            let is_over = text.is_empty() || text.starts_with(['#', ',', ']', '}', ':']);
            let message = format!("{what}: text stands behind the closing quote");
            return (!is_over).then(|| in_quotes(value, at, message));
        }
    }
    let slip = SyntaxSlip::new(at, value.chars().count(), format!("{what}: the quote `{quote}` is not closed"));
    Some(SyntaxSlip { replacement: Some((format!("{value}{quote}"), false)), ..slip.help("close it") })
}

/// The advice to put a value in quotes.
fn in_quotes(value: &str, at: usize, message: String) -> SyntaxSlip {
    let bare = value.split(" #").next().unwrap_or(value).trim_end();
    let quoted = format!("\"{}\"", bare.replace('\\', "\\\\").replace('"', "\\\""));
    let slip = SyntaxSlip::new(at, bare.chars().count(), message).help("put the value in quotes");
    SyntaxSlip { replacement: Some((quoted, true)), ..slip }
}
