//! Lists in brackets, which YAML, TOML and JSON write alike.

/// `text`, which begins with `[`, up to the bracket that closes it, with `names` put before that bracket, and the bytes that
/// were read. A list of a line each gets lines of its own. `None` where the bracket is never closed.
pub(super) fn add(text: &str, names: &[String]) -> Option<(String, usize)> {
    let close = closing(text)?;
    let inner = &text[1..close];
    let last = last_of(inner);
    let (before, after) = inner.split_at(last);
    if before.trim().is_empty() {
        return Some((format!("[{}{}]", names.join(", "), comments(after)?), close + 1));
    }
    // A comma behind the last one is a habit to be kept.
    let (before, had_comma) = match before.strip_suffix(',') {
        Some(rest) => (rest, true),
        None => (before, false),
    };
    let line = before.rfind('\n').map(|at| &before[at + 1..]);
    let added = match line {
        Some(line) if after.contains('\n') => {
            let indent = &line[..line.len() - line.trim_start().len()];
            let end = if before.contains("\r\n") { "\r\n" } else { "\n" };
            let lines: Vec<String> = names.iter().map(|name| format!("{end}{indent}{name}")).collect();
            // A comment behind the last one stays on its line.
            let (comment, rest) = after.split_at(after.find(['\n', '\r']).unwrap_or(after.len()));
            let trailing = if had_comma { "," } else { "" };
            return Some((format!("[{before},{comment}{}{trailing}{rest}]", lines.join(",")), close + 1));
        }
        _ => names.join(", "),
    };
    let trailing = if had_comma { "," } else { "" };
    Some((format!("[{before}, {added}{trailing}{after}]"), close + 1))
}

/// White space and comments behind nothing can stay only as long as they do not swallow what is put before them.
fn comments(after: &str) -> Option<&str> {
    if after.contains('#') { None } else { Some(after.trim_matches([' ', '\t', '\n', '\r'])) }
}

/// The byte of the bracket that closes the one at the start.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut found = None;
    scan(text, &mut |at, char| {
        match char {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_end = depth == 0;
        if is_end {
            found = Some(at);
        }
        !is_end
    });
    found
}

/// The first byte behind the last sign of `inner` that is neither blank nor comment.
fn last_of(inner: &str) -> usize {
    let mut last = 0;
    scan(inner, &mut |at, char| {
        if !char.is_whitespace() {
            last = at + char.len_utf8();
        }
        true
    });
    last
}

/// Shows `visit` each sign outside of quotes and comments, and the last one of each quote, as long as it asks for more.
fn scan(text: &str, visit: &mut dyn FnMut(usize, char) -> bool) {
    let mut quote: Option<char> = None;
    let mut is_comment = false;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        if let Some(open) = quote {
            if char == '\\' && open == '"' {
                chars.next();
            } else if char == open {
                quote = None;
                if !visit(at, 'x') {
                    return;
                }
            }
        } else if is_comment {
            is_comment = char != '\n';
        } else if matches!(char, '"' | '\'') && (before.is_whitespace() || matches!(before, '[' | '{' | ',' | ':')) {
            quote = Some(char);
        } else if char == '#' && (before.is_whitespace() || before == '[') {
            is_comment = true;
        } else if !visit(at, char) {
            return;
        }
        before = char;
    }
}
