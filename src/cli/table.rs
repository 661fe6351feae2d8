//! Answers for people: the same JSON, as aligned text, Markdown or lines.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

/// One item a line; an answer without items is one line.
pub(super) fn ndjson(answer: &Value) -> String {
    match list(answer) {
        Some(items) => items.iter().fold(String::new(), |mut lines, item| {
            push(&mut lines, format_args!("{item}\n"));
            lines
        }),
        None => format!("{answer}\n"),
    }
}

/// Characters of a title that a terminal shows at least.
const TITLE_CHARS: usize = 16;

/// Aligned text; rows are cut to `width` characters, where there is one.
pub(super) fn table(answer: &Value, width: Option<usize>) -> String {
    let mut out = String::new();
    match list(answer) {
        Some(items) => {
            let rows: Vec<[String; 3]> = items.iter().map(row).map(|row| in_columns(answer, row)).collect();
            let longest = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
            let (w0, w1) = (longest(0), longest(1));
            // On a terminal half of what the first cell leaves is for the third.
            let w1 = w1.min(width.map_or(usize::MAX, |width| (width.saturating_sub(w0) / 2).max(TITLE_CHARS)));
            for (item, [first, second, third]) in items.iter().zip(&rows) {
                let line = format!("{first:<w0$}  {:<w1$}  {third}", cut(second, w1));
                push(&mut out, format_args!("{}\n", cut(line.trim_end(), width.unwrap_or(usize::MAX))));
                explanation(item).for_each(|why| push(&mut out, format_args!("    {why}\n")));
            }
            if rows.is_empty() {
                out.push_str("nothing found\n");
            }
        }
        // There is no chain of prerequisites, as the notes say.
        None if answer.get("found") == Some(&Value::Bool(false)) => {}
        None => fields(&mut out, answer, 0),
    }
    for (name, value) in notes(answer) {
        push(&mut out, format_args!("{name}: {value}\n"));
    }
    out
}

/// The first `width` characters of `text`, the last of them an ellipsis where there are more.
fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.chars().count() <= width {
        return Cow::Borrowed(text);
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    Cow::Owned(kept + "…")
}

/// A list of links, or the fields as a list.
pub(super) fn markdown(answer: &Value) -> String {
    let mut out = String::new();
    match list(answer) {
        Some(items) => {
            let is_plan = is_plan(answer);
            for item in items {
                let [_, title, rest] = row(item);
                let lesson = ["section", "guide"].iter().find_map(|name| item.get(name)?.get("url"));
                let url = item.get("url").or(lesson).or_else(|| item.get("concepts")?.get(0)?.get("url"));
                let url = url.and_then(Value::as_str);
                let bullet = if is_plan { "- [ ]" } else { "-" };
                push(&mut out, format_args!("{bullet} [{title}]({}) {rest}\n", url.unwrap_or_default()));
                explanation(item).for_each(|why| push(&mut out, format_args!("  - {why}\n")));
            }
        }
        None => fields(&mut out, answer, 0),
    }
    out
}

fn is_plan(answer: &Value) -> bool {
    answer.get("steps").is_some()
}

/// A row for columns. The concepts of a step stand last: some steps have so many that no other column would be seen.
fn in_columns(answer: &Value, [first, second, third]: [String; 3]) -> [String; 3] {
    if is_plan(answer) { [first, third, second] } else { [first, second, third] }
}

/// What an answer is a list of.
fn list(answer: &Value) -> Option<&Vec<Value>> {
    let paths = || answer.get("paths")?.get(0)?.get("items");
    let list = ["steps", "items", "nodes"].iter().find_map(|name| answer.get(name)).or_else(paths);
    list.and_then(Value::as_array)
}

/// An item as three cells: what to call it by, its title, and what else to know.
fn row(item: &Value) -> [String; 3] {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(concepts) = item.get("concepts").and_then(Value::as_array).filter(|_| item.get("n").is_some()) {
        let mut titles: Vec<String> = concepts.iter().map(|concept| text(concept, "title")).collect();
        if titles.is_empty() {
            titles.extend(item.get("guide").map(|guide| text(guide, "title")));
        }
        let lesson = item.get("section").filter(|section| !section.is_null()).or_else(|| item.get("guide"));
        let lesson = lesson.map(|lesson| text(lesson, "title")).filter(|title| !title.is_empty());
        let lesson = lesson.map_or_else(|| "its own page".to_owned(), |title| format!("in {title}"));
        return [format!("{:>2}", item["n"]), titles.join(", "), format!("{} min, {lesson}", item["minutes"])];
    }
    let mut rest: Vec<String> = Vec::new();
    if let Some(size) = item.get("size") {
        rest.push(format!("{size} concepts"));
    }
    let across = item.get("across").and_then(Value::as_array).into_iter().flatten();
    let across: Vec<String> = across.map(|concept| text(concept, "title")).collect();
    if !across.is_empty() {
        rest.push(format!("connects with {}", across.join(", ")));
    }
    if let Some(minutes) = item.get("minutes") {
        rest.push(format!("{minutes} min"));
    }
    let reasons = item.get("reasons").and_then(Value::as_array);
    rest.extend(reasons.into_iter().flatten().take(2).map(|reason| text(reason, "text")));
    rest.extend(item.get("matched_via").and_then(Value::as_str).map(|name| format!("found as {name}")));
    let snippet = item.get("snippet").map(|snippet| text(snippet, "text")).filter(|text| !text.is_empty());
    rest.extend(snippet.or_else(|| Some(text(item, "prompt")).filter(|prompt| !prompt.is_empty())));
    [text(item, "id"), text(item, "title"), rest.join("; ")]
}

/// Why an item ranks where it does, where that was asked for.
fn explanation(item: &Value) -> impl Iterator<Item = &str> {
    item.get("explanation").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// What stands beside a list, above all what is missing from it.
fn notes(answer: &Value) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    let mut note = |name: &'static str, value: Option<&Value>| {
        let is_told = |value: &&Value| match value {
            Value::Null | Value::Bool(false) => false,
            Value::Array(values) => !values.is_empty(),
            _ => true,
        };
        if let Some(value) = value.filter(is_told) {
            notes.push((name, words(value)));
        }
    };
    note("did you mean", answer.get("did_you_mean"));
    note("relaxed", answer.get("relaxed"));
    note("prose", answer.get("prose"));
    note("learned together", answer.get("cycles"));
    note("truncated", answer.get("truncated").map(|cut| cut.get("why").unwrap_or(cut)));
    note("minutes", answer.get("minutes_total"));
    note(
        "does not fit into minutes",
        answer.get("budget_minutes").filter(|_| answer.get("fits") == Some(&Value::Bool(false))),
    );
    let deferred = answer.get("deferred").and_then(Value::as_array).into_iter().flatten();
    let deferred =
        deferred.map(|one| format!("{} ({})", short(&one["concept"]), one["reason"].as_str().unwrap_or_default()));
    let deferred: Vec<String> = deferred.collect();
    note("left out", (!deferred.is_empty()).then(|| Value::from(deferred.join(", "))).as_ref());
    note("taught by no guide", answer.get("gaps"));
    note("shared", answer.get("common"));
    note("more", answer.get("next_cursor"));
    if answer.get("found") == Some(&Value::Bool(false)) {
        notes.push(("found", "no chain of prerequisites leads there".to_owned()));
    }
    notes
}

/// A value as a few words: of a page its title, of a list its entries.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(members) => match (members.get("concept"), members.get("title")) {
            (Some(concept), _) => words(concept),
            (None, Some(title)) => words(title),
            (None, None) => value.to_string(),
        },
        Value::Bool(true) => "yes".to_owned(),
        other => other.to_string(),
    }
}

fn fields(out: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    let Value::Object(members) = value else { return push(out, format_args!("{indent}{value}\n")) };
    for (name, member) in members.iter().filter(|(name, _)| !name.ends_with("_html")) {
        match member {
            Value::Null => {}
            Value::Object(_) => {
                push(out, format_args!("{indent}{name}:\n"));
                fields(out, member, depth + 1);
            }
            Value::Array(items) => {
                let shown: Vec<String> = items.iter().map(short).collect();
                if !shown.is_empty() {
                    push(out, format_args!("{indent}{name}: {}\n", shown.join(", ")));
                }
            }
            Value::String(text) => push(out, format_args!("{indent}{name}: {text}\n")),
            other => push(out, format_args!("{indent}{name}: {other}\n")),
        }
    }
}

fn short(value: &Value) -> String {
    let named = ["title", "id"].iter().find_map(|name| value.get(name)?.as_str());
    named.or_else(|| value.as_str()).map_or_else(|| value.to_string(), str::to_owned)
}

/// Writing to a `String` cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_hit_tells_how_and_why_it_was_found() {
        let hit = json!({
            "id": "concept:kv-cache", "title": "KV cache", "snippet": { "text": "Keeps keys." },
            "matched_via": "key-value cache", "explanation": ["its name is the query"], "url": "/kv",
        });
        let answer = json!({ "items": [hit] });
        let told = "concept:kv-cache  KV cache  found as key-value cache; Keeps keys.\n    its name is the query\n";
        assert_eq!(table(&answer, None), told);
        let told = "- [KV cache](/kv) found as key-value cache; Keeps keys.\n  - its name is the query\n";
        assert_eq!(markdown(&answer), told);
    }

    #[test]
    fn rows_are_aligned_and_cut_to_the_terminal() {
        let rows = json!({ "items": [
            { "id": "a", "title": "Größe", "minutes": 5 },
            { "id": "bcd", "title": "B", "snippet": { "text": "a passage that goes on and on" } },
        ], "next_cursor": "x-20" });
        assert_eq!(table(&rows, None), "a    Größe  5 min\nbcd  B      a passage that goes on and on\nmore: x-20\n");
        assert_eq!(table(&rows, Some(20)), "a    Größe  5 min\nbcd  B      a passa…\nmore: x-20\n");
        assert_eq!(table(&json!({ "items": [] }), None), "nothing found\n");
        let none = json!({ "found": false, "paths": [], "common": [{ "title": "A" }], "generation": "x" });
        assert_eq!(table(&none, None), "shared: A\nfound: no chain of prerequisites leads there\n");
    }

    #[test]
    fn what_is_missing_is_told() {
        let plan = json!({
            "steps": [], "minutes_total": 5, "budget_minutes": 10, "fits": false,
            "deferred": [{ "concept": { "title": "A" }, "reason": "over budget" }], "gaps": [],
        });
        assert!(table(&plan, None).ends_with("minutes: 5\ndoes not fit into minutes: 10\nleft out: A (over budget)\n"));
        let closure = json!({
            "items": [], "prose": ["patience"], "cycles": [["concept:a", "concept:b"]], "truncated": true,
        });
        let told = table(&closure, None);
        assert!(told.ends_with("prose: patience\nlearned together: concept:a, concept:b\ntruncated: yes\n"), "{told}");
        let graph = json!({ "nodes": [], "truncated": { "nodes": 3, "why": "the limit" } });
        assert!(table(&graph, None).ends_with("truncated: the limit\n"));
        let whole = json!({ "nodes": [], "truncated": { "nodes": 0, "why": null } });
        assert_eq!(table(&whole, None), "nothing found\n");
    }
}
