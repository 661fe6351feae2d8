//! Sheets laid out: as aligned text, Markdown or lines of JSON.

use std::borrow::Cow;
use std::fmt::Write as _;

use gradus_engine::questions::sheet::{Sheet, SheetContent, SheetFields, SheetRow, SheetValue};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::args::Format;

/// Columns of a title that a terminal shows at least.
const TITLE_COLUMNS: usize = 16;

/// `sheet` in `format`; lines are cut to `width` columns, where there is one.
pub(super) fn lay_out(sheet: &Sheet, format: Format, width: Option<usize>) -> String {
    match format {
        Format::Table => printable(&table(sheet, width)),
        Format::Md => printable(&markdown(sheet)),
        Format::Ndjson | Format::Json => lines(sheet),
    }
}

/// A text of Markdown for `width` columns: its paragraphs are folded, its blocks of code and its tables are not.
pub(super) fn fold_text(text: &str, width: Option<usize>) -> String {
    let mut out = String::new();
    let mut is_code = false;
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        if is_code || is_fence || line.starts_with(['|', ' ', '\t']) {
            push(&mut out, format_args!("{line}\n"));
        } else {
            let lines = folded(line, width.unwrap_or(usize::MAX));
            lines.iter().for_each(|line| push(&mut out, format_args!("{line}\n")));
        }
    }
    printable(&out)
}

/// `text` without what a terminal obeys: a title is a stranger's, and must not move the cursor, set clipboards, or turn the
/// direction of what follows.
pub(super) fn printable(text: &str) -> String {
    let obeyed = |char: char| {
        char.is_control() && !matches!(char, '\n' | '\t')
            || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.replace(obeyed, "\u{fffd}")
}

/// One item a line; an answer without items is one line.
fn lines(sheet: &Sheet) -> String {
    match &sheet.content {
        SheetContent::Rows(rows) | SheetContent::Steps(rows) => {
            rows.iter().map(|row| row.json.clone() + "\n").collect()
        }
        SheetContent::Fields(fields) => fields.json.clone() + "\n",
    }
}

fn table(sheet: &Sheet, width: Option<usize>) -> String {
    let mut out = String::new();
    if let [says, names @ ..] = sheet.head.as_slice() {
        fold(&mut out, says, width);
        // What follows are titles and lists of them, which are cut as those of rows are.
        names.iter().for_each(|line| push(&mut out, format_args!("{}\n", cut(line, width.unwrap_or(usize::MAX)))));
    }
    if !sheet.head.is_empty() {
        out.push('\n');
    }
    match &sheet.content {
        SheetContent::Rows(rows) => {
            let ids = if width.is_some() { shortest_ids(rows) } else { full_ids(rows) };
            let [w0, w1, w2] = [widest(ids.iter().copied()), widest(titles(rows)), widest(remarks(rows))];
            match width {
                Some(width) if w0 + w1 + w2 + 4 > width => paragraphs(&mut out, rows, &ids, width),
                _ => columns(&mut out, rows, &ids, width, |row| [&row.title, &row.remark]),
            }
        }
        // The concepts of a step stand last: some steps have so many that no other column would be seen.
        SheetContent::Steps(rows) => {
            columns(&mut out, rows, &full_ids(rows), width, |row| [&row.remark, &row.title]);
        }
        SheetContent::Fields(fields) => list_fields(&mut out, fields, width),
    }
    for (name, text) in &sheet.notes {
        fold(&mut out, &format!("{name}: {text}"), width);
    }
    if out.is_empty() { "nothing found\n".to_owned() } else { out }
}

fn full_ids(rows: &[SheetRow]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

/// What a reader at a terminal may call each row by. A concept needs no `concept:`, since a name that it shares with a guide means
/// the concept; guides need no `guide:` where nothing else is listed.
fn shortest_ids(rows: &[SheetRow]) -> Vec<&str> {
    let are_guides = rows.iter().all(|row| row.id.starts_with("guide:"));
    rows.iter().map(|row| shortest_id(&row.id, are_guides)).collect()
}

fn shortest_id(id: &str, are_guides: bool) -> &str {
    let slug = id.strip_prefix("concept:").or_else(|| id.strip_prefix("guide:").filter(|_| are_guides));
    slug.unwrap_or(id)
}

/// Lines of a remark that stands below its row.
const REMARK_LINES: usize = 2;

fn titles(rows: &[SheetRow]) -> impl Iterator<Item = &str> {
    rows.iter().map(|row| row.title.as_str())
}

fn remarks(rows: &[SheetRow]) -> impl Iterator<Item = &str> {
    rows.iter().map(|row| row.remark.as_str())
}

/// Columns of the widest of `cells`.
fn widest<'a>(cells: impl Iterator<Item = &'a str>) -> usize {
    cells.map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// Rows of two columns with the remark below: where it does not fit beside them, why a row is there would be cut.
fn paragraphs(out: &mut String, rows: &[SheetRow], ids: &[&str], width: usize) {
    let w0 = widest(ids.iter().copied());
    for (row, id) in rows.iter().zip(ids) {
        let line = format!("{}  {}", pad(id, w0), row.title);
        push(out, format_args!("{}\n", cut(line.trim_end(), width)));
        let mut remark = folded(&row.remark, width.saturating_sub(4));
        if remark.len() > REMARK_LINES {
            let rest = remark.drain(REMARK_LINES - 1..).collect::<Vec<_>>().join(" ");
            remark.push(cut(&rest, width.saturating_sub(4)).into_owned());
        }
        remark.iter().filter(|line| !line.is_empty()).for_each(|line| push(out, format_args!("    {line}\n")));
        below(out, row, Some(width));
    }
}

/// What stands below a row in lines of its own.
fn below(out: &mut String, row: &SheetRow, width: Option<usize>) {
    for line in &row.below {
        let lines = folded(line, width.map_or(usize::MAX, |width| width.saturating_sub(4)));
        lines.iter().for_each(|line| push(out, format_args!("    {line}\n")));
    }
}

/// Rows of three columns: `first`, and what `cells` gives of each row.
fn columns(
    out: &mut String,
    rows: &[SheetRow],
    first: &[&str],
    width: Option<usize>,
    cells: fn(&SheetRow) -> [&str; 2],
) {
    let w0 = widest(first.iter().copied());
    let w1 = widest(rows.iter().map(|row| cells(row)[0]));
    // On a terminal half of what the first cell leaves is for the third.
    let w1 = w1.min(width.map_or(usize::MAX, |width| (width.saturating_sub(w0) / 2).max(TITLE_COLUMNS)));
    for (row, first) in rows.iter().zip(first) {
        let [second, third] = cells(row);
        let line = format!("{}  {}  {third}", pad(first, w0), pad(&cut(second, w1), w1));
        push(out, format_args!("{}\n", cut(line.trim_end(), width.unwrap_or(usize::MAX))));
        below(out, row, width);
    }
}

/// Writes `text` in lines of at most `width` columns, where there are so many; those below the first are indented.
fn fold(out: &mut String, text: &str, width: Option<usize>) {
    for (at, line) in folded(text, width.unwrap_or(usize::MAX)).iter().enumerate() {
        push(out, format_args!("{}{line}\n", if at > 0 { "  " } else { "" }));
    }
}

/// `text` in lines of at most `width` columns, broken at spaces; lines but the first leave room for two more.
fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let indent = if lines.len() > 1 { 2 } else { 0 };
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.width() + 1 + word.width() + indent <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `text` with spaces up to `width` columns: a character may take none, one or two.
fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// The first `width` columns of `text`, the last of them an ellipsis where there are more.
pub(super) fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut left = width.saturating_sub(1);
    let fits = |char: &char| {
        let columns = char.width().unwrap_or(0);
        let fits = columns <= left;
        left = if fits { left - columns } else { 0 };
        fits
    };
    let kept: String = text.chars().take_while(fits).collect();
    Cow::Owned(kept + "…")
}

fn list_fields(out: &mut String, fields: &SheetFields, width: Option<usize>) {
    for (name, value) in &fields.fields {
        match value {
            SheetValue::Text(text) => fold(out, &format!("{name}: {text}"), width),
            SheetValue::Fields(inner) => {
                push(out, format_args!("{name}:\n"));
                inner.iter().for_each(|(name, value)| push(out, format_args!("  {name}: {value}\n")));
            }
        }
    }
}

/// A list of links, of steps with boxes to tick, or the fields as a list.
fn markdown(sheet: &Sheet) -> String {
    let mut out = String::new();
    sheet.head.iter().for_each(|line| push(&mut out, format_args!("> {line}\n")));
    if !sheet.head.is_empty() {
        out.push('\n');
    }
    match &sheet.content {
        SheetContent::Rows(rows) => rows.iter().for_each(|row| bullet(&mut out, "-", row)),
        SheetContent::Steps(rows) => rows.iter().for_each(|row| bullet(&mut out, "- [ ]", row)),
        SheetContent::Fields(fields) => list_fields(&mut out, fields, None),
    }
    out
}

fn bullet(out: &mut String, bullet: &str, row: &SheetRow) {
    let title = match row.url.as_deref().filter(|url| !url.is_empty()) {
        Some(url) => format!("[{}]({url})", row.title),
        None => row.title.clone(),
    };
    push(out, format_args!("{}\n", format!("{bullet} {title} {}", row.remark).trim_end()));
    // The title leads there already.
    let below = row.below.iter().filter(|line| row.url.as_ref() != Some(line));
    below.for_each(|line| push(out, format_args!("  - {line}\n")));
}

/// Writing to a `String` cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, title: &str, remarks: &[&str]) -> SheetRow {
        SheetRow::new(id, title, &format!("/{id}"), remarks)
    }

    #[test]
    fn what_stands_below_a_row_is_indented() {
        let hit = row("kv", "KV cache", &["found as key-value cache", "", "Keeps keys."]);
        let sheet = Sheet::list(vec![SheetRow { below: vec!["its name is the query".to_owned()], ..hit }]);
        let told = "kv  KV cache  found as key-value cache; Keeps keys.\n    its name is the query\n";
        assert_eq!(table(&sheet, None), told);
        let told = "- [KV cache](/kv) found as key-value cache; Keeps keys.\n  - its name is the query\n";
        assert_eq!(markdown(&sheet), told);
    }

    #[test]
    fn what_stands_above_is_folded_or_cut_to_the_terminal() {
        let sheet = Sheet::list(vec![row("a", "A", &[])])
            .headed(vec!["KV cache: keeps keys".to_owned(), "needs 2: 注意力, B".to_owned()]);
        assert_eq!(table(&sheet, Some(12)), "KV cache:\n  keeps keys\nneeds 2: 注…\n\na  A\n");
        assert_eq!(table(&sheet, None), "KV cache: keeps keys\nneeds 2: 注意力, B\n\na  A\n");
        assert_eq!(markdown(&sheet), "> KV cache: keeps keys\n> needs 2: 注意力, B\n\n- [A](/a)\n");
    }

    #[test]
    fn texts_are_folded_and_what_has_lines_of_its_own_is_not() {
        let text = "# A\n\nOne two three.\n\n```\nlet x = 1; // long\n```\n| a | b | c |\n";
        let told = "# A\n\nOne two\nthree.\n\n```\nlet x = 1; // long\n```\n| a | b | c |\n";
        assert_eq!(fold_text(text, Some(10)), told);
        assert_eq!(fold_text(text, None), text);
        let fields = SheetFields::default().text("title", "one two three");
        let sheet = Sheet::fields(&serde_json::json!({}), fields).note("left", "four five six");
        assert_eq!(table(&sheet, Some(12)), "title: one\n  two three\nleft: four\n  five six\n");
        let step = row("1", "A", &["5 min"]);
        let sheet = Sheet::list(vec![SheetRow { below: vec!["/1".to_owned(), "for B: why so".to_owned()], ..step }]);
        assert_eq!(table(&sheet, Some(14)), "1  A  5 min\n    /1\n    for B: why\n    so\n");
        assert_eq!(markdown(&sheet), "- [A](/1) 5 min\n  - for B: why so\n");
    }

    #[test]
    fn nothing_in_a_title_is_obeyed_by_a_terminal() {
        let sheet = Sheet::list(vec![row("a", "\u{1b}]52;c;eA==\u{7}\u{9b}2J\u{202e}txt\r", &["x\u{8}"])]);
        for format in [Format::Table, Format::Md] {
            let told = lay_out(&sheet, format, None);
            assert!(!told.contains(|char: char| char.is_control() && char != '\n'), "{told:?}");
            assert!(told.contains("\u{fffd}]52;c;eA==") && !told.contains('\u{202e}'), "{told:?}");
        }
    }

    #[test]
    fn rows_are_aligned_and_cut_to_the_terminal() {
        let rows = || vec![row("a", "Größe", &["5 min"]), row("bcd", "B", &["a passage that goes on and on"])];
        let sheet = || Sheet::list(rows()).note("more", "x-20").note("nothing", "");
        assert_eq!(table(&sheet(), None), "a    Größe  5 min\nbcd  B      a passage that goes on and on\nmore: x-20\n");
        let told = "a    Größe\n    5 min\nbcd  B\n    a passage that\n    goes on and on\nmore: x-20\n";
        assert_eq!(table(&sheet(), Some(20)), told);
        let sheet = Sheet::list(vec![row("a", "A long title of a page", &["one two three four five six"])]);
        assert_eq!(table(&sheet, Some(14)), "a  A long tit…\n    one two\n    three fou…\n");
        assert_eq!(table(&sheet, Some(60)), "a  A long title of a page  one two three four five six\n");
        assert_eq!(table(&Sheet::list(Vec::new()), None), "nothing found\n");
        assert_eq!(table(&Sheet::list(Vec::new()).note("found", "no chain"), None), "found: no chain\n");
    }

    #[test]
    fn ids_are_as_short_as_they_may_be_at_a_terminal_and_whole_elsewhere() {
        let list = |ids: [&str; 2]| Sheet::list(ids.map(|id| row(id, "T", &[])).into());
        assert_eq!(table(&list(["concept:a", "guide:b"]), Some(40)), "a        T\nguide:b  T\n");
        assert_eq!(table(&list(["guide:a", "guide:b"]), Some(40)), "a  T\nb  T\n");
        assert_eq!(table(&list(["topic:a", "concept:b"]), Some(40)), "topic:a  T\nb        T\n");
        assert_eq!(table(&list(["concept:a", "guide:b"]), None), "concept:a  T\nguide:b    T\n");
    }

    #[test]
    fn columns_are_counted_and_not_characters() {
        let rows =
            vec![row("a", "注意力机制", &["5 min"]), row("b", "Attention", &["9 min"]), row("c", "e\u{301}", &["1"])];
        let sheet = Sheet::list(rows);
        assert_eq!(table(&sheet, None), "a  注意力机制  5 min\nb  Attention   9 min\nc  e\u{301}           1\n");
        assert_eq!(table(&sheet, Some(9)), "a  注意…\n    5 min\nb  Atten…\n    9 min\nc  e\u{301}\n    1\n");
    }

    #[test]
    fn steps_show_their_titles_last_and_are_ticked_off() {
        let step = SheetRow::new(" 1", "A, B", "/a", &["5 min, in C"]);
        let sheet = Sheet {
            head: Vec::new(),
            content: SheetContent::Steps(vec![step]),
            notes: vec![("minutes", "5".to_owned())],
        };
        assert_eq!(table(&sheet, None), " 1  5 min, in C  A, B\nminutes: 5\n");
        assert_eq!(markdown(&sheet), "- [ ] [A, B](/a) 5 min, in C\n");
    }

    #[test]
    fn fields_stand_one_below_the_other() {
        let fields = SheetFields::default().text("title", "A").text("level", "").inside("counts", [("edges", 3)]);
        let sheet = Sheet::fields(&serde_json::json!({ "title": "A" }), fields);
        assert_eq!(table(&sheet, None), "title: A\ncounts:\n  edges: 3\n");
        assert_eq!(lines(&sheet), "{\"title\":\"A\"}\n");
    }
}
