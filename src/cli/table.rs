//! Answers for people: the same JSON, as aligned text, Markdown or lines.

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

/// Aligned text.
pub(super) fn table(answer: &Value) -> String {
    let mut out = String::new();
    match list(answer) {
        Some(items) => {
            let rows: Vec<[String; 3]> = items.iter().map(row).map(|row| in_columns(answer, row)).collect();
            let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
            let widths = [width(0), width(1)];
            for (item, [first, second, third]) in items.iter().zip(&rows) {
                let line = format!("{first:<w0$}  {second:<w1$}  {third}", w0 = widths[0], w1 = widths[1]);
                push(&mut out, format_args!("{}\n", line.trim_end()));
                explanation(item).for_each(|why| push(&mut out, format_args!("    {why}\n")));
            }
            if rows.is_empty() {
                out.push_str("nothing found\n");
            }
        }
        None => fields(&mut out, answer, 0),
    }
    for (name, value) in notes(answer) {
        push(&mut out, format_args!("{name}: {value}\n"));
    }
    out
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

/// What stands beside a list.
fn notes(answer: &Value) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    let mut note = |name: &'static str, key: &str| {
        if let Some(value) = answer.get(key).filter(|value| !matches!(value, Value::Null | Value::Bool(false))) {
            notes.push((name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        }
    };
    note("did you mean", "did_you_mean");
    note("minutes", "minutes_total");
    note("fits", "fits");
    note("more", "next_cursor");
    let deferred = answer.get("deferred").and_then(Value::as_array).into_iter().flatten();
    let deferred =
        deferred.map(|one| format!("{} ({})", short(&one["concept"]), one["reason"].as_str().unwrap_or_default()));
    let deferred: Vec<String> = deferred.collect();
    if !deferred.is_empty() {
        notes.push(("left out", deferred.join(", ")));
    }
    if answer.get("found") == Some(&Value::Bool(false)) {
        notes.push(("found", "no chain of prerequisites leads there".to_owned()));
    }
    notes
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
        assert_eq!(table(&answer), told);
        let told = "- [KV cache](/kv) found as key-value cache; Keeps keys.\n  - its name is the query\n";
        assert_eq!(markdown(&answer), told);
    }
}
