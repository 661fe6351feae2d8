//! Publications as they are told.

use gradus_publication::Publication;
use indicatif::DecimalBytes;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::cli::counted;
use crate::cli::layout::printable;

/// Characters of a revision that tell it from others.
const REVISION_CHARS: usize = 12;

/// A publication as JSON. `is_new` tells whether it is one just now.
pub(super) fn publication_json(publication: &Publication, is_new: bool) -> anyhow::Result<String> {
    let mut told = json(publication);
    told["is_new"] = is_new.into();
    Ok(serde_json::to_string_pretty(&told)? + "\n")
}

/// All publications as JSON.
pub(super) fn history_json(history: &[Publication]) -> anyhow::Result<String> {
    let items: Vec<Value> = history.iter().map(json).collect();
    Ok(serde_json::to_string_pretty(&json!({"total": items.len(), "items": items}))? + "\n")
}

fn json(publication: &Publication) -> Value {
    json!({
        "publication": publication.number().to_string(),
        "manifest": publication.manifest,
        "at": publication.at,
        "by": publication.by,
        "revision": publication.revision,
        "files": publication.files,
        "bytes": publication.bytes,
        "restores": publication.restores,
    })
}

/// One publication a line.
pub(super) fn history_table(history: &[Publication]) -> String {
    let numbers: Vec<String> = history.iter().map(|one| one.number().to_string()).collect();
    let width = numbers.iter().map(String::len).max().unwrap_or_default();
    let line = |(publication, number): (&Publication, &String)| {
        let mut told = vec![moment(publication.at)];
        told.push(format!("{}, {}", counted(publication.files, "file"), DecimalBytes(publication.bytes)));
        told.extend(publication.restores.as_ref().map(|number| format!("restores {number}")));
        let revision: String = publication.revision.chars().take(REVISION_CHARS).collect();
        told.extend([revision, publication.by.clone()].into_iter().filter(|text| !text.is_empty()));
        printable(&format!("{number:>width$}  {}", told.join("  "))) + "\n"
    };
    history.iter().zip(&numbers).map(line).collect()
}

/// A moment in UTC, to the minute.
fn moment(at: i64) -> String {
    match OffsetDateTime::from_unix_timestamp(at) {
        Ok(time) => {
            let (date, month) = (time.date(), u8::from(time.month()));
            format!("{:04}-{month:02}-{:02} {:02}:{:02} UTC", date.year(), date.day(), time.hour(), time.minute())
        }
        Err(_) => "at no known time".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_utc() {
        assert_eq!(moment(0), "1970-01-01 00:00 UTC");
        assert_eq!(moment(1_795_725_296), "2026-11-26 20:34 UTC");
        assert_eq!(moment(i64::MAX), "at no known time");
    }
}
