//! Judgements of search: which pages answer a query, and how well.
//!
//! Two shapes are read: golden queries in YAML, for people to write, and queries in JSON Lines with a table of judgements,
//! which is how test collections come (TREC's four columns and BEIR's three with their heading as well).

use std::collections::BTreeMap;
use std::fmt;

use gradus_corpus::Corpus;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::metrics::Grades;

/// A query and the grades of the pages that people judged for it, by full id.
#[derive(Debug)]
pub struct JudgedQuery {
    /// Its id in the collection; golden queries have none.
    pub id: Option<String>,
    /// What is asked.
    pub q: String,
    /// Grades by full id of page; above zero is relevant.
    pub grades: Grades<String>,
}

/// A text and the name of the file it came from.
#[derive(Clone, Copy, Debug)]
pub struct JudgementText<'a> {
    /// For messages.
    pub file: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// What is wrong with judgements, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct JudgementError {
    file: String,
    line: usize,
    message: String,
}

impl fmt::Display for JudgementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl JudgementText<'_> {
    fn wrong(self, line: usize, message: impl Into<String>) -> JudgementError {
        JudgementError { file: self.file.to_owned(), line, message: message.into() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GoldenRow {
    q: String,
    relevant: BTreeMap<String, i32>,
}

/// Reads golden queries: a YAML list of `{q: text, relevant: {page: grade}}`. Pages are named as everywhere.
///
/// # Errors
/// Everything that is wrong, by line: what is no such list, and pages that `corpus` does not have.
pub fn golden(corpus: &Corpus, source: JudgementText<'_>) -> Result<Vec<JudgedQuery>, Vec<JudgementError>> {
    let rows: Vec<Spanned<GoldenRow>> = serde_saphyr::from_str(source.text).map_err(|error| {
        let line = error.location().map_or(1, |at| as_usize(at.line()));
        let message = error.without_snippet().to_string();
        vec![source.wrong(line, message.lines().next().unwrap_or("not YAML"))]
    })?;
    let (mut judged, mut wrong) = (Vec::new(), Vec::new());
    for row in rows {
        let from = as_usize(row.referenced.line());
        let mut grades = Grades::default();
        for (page, grade) in row.value.relevant {
            let line = line_of(source.text, from, &page);
            judge(corpus, &mut grades, &page, grade).unwrap_or_else(|why| wrong.push(source.wrong(line, why)));
        }
        judged.push(JudgedQuery { id: None, q: row.value.q, grades });
    }
    if wrong.is_empty() { Ok(judged) } else { Err(wrong) }
}

#[derive(Deserialize)]
struct QueryRow {
    #[serde(alias = "_id")]
    id: RowId,
    #[serde(alias = "q", alias = "query")]
    text: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RowId {
    Text(String),
    Number(u64),
}

/// Reads a test collection: `queries` as JSON Lines of `{"id", "text"}`, `qrels` as lines of query, page and grade. Queries
/// that nobody judged are left out, as `trec_eval` does.
///
/// # Errors
/// Everything that is wrong, by line: malformed rows, queries and pages that do not exist, and what is judged twice.
pub fn collection(
    corpus: &Corpus,
    queries: JudgementText<'_>,
    qrels: JudgementText<'_>,
) -> Result<Vec<JudgedQuery>, Vec<JudgementError>> {
    let mut wrong = Vec::new();
    let mut judged = Vec::new();
    let mut by_id: FxHashMap<String, usize> = FxHashMap::default();
    for (line, row) in rows(queries.text) {
        match serde_json::from_str::<QueryRow>(row) {
            Err(error) => wrong.push(queries.wrong(line, format!("not a query: {error}"))),
            Ok(QueryRow { id, text }) => {
                let id = match id {
                    RowId::Text(text) => text,
                    RowId::Number(number) => number.to_string(),
                };
                if by_id.insert(id.clone(), judged.len()).is_some() {
                    wrong.push(queries.wrong(line, format!("there are two queries '{id}'")));
                }
                judged.push(JudgedQuery { id: Some(id), q: text, grades: Grades::default() });
            }
        }
    }
    for (line, row) in rows(qrels.text).filter(|(line, row)| *line > 1 || !is_heading(row)) {
        let read = qrel(row).and_then(|(query, page, grade)| {
            let query = *by_id.get(query).ok_or_else(|| format!("no query is called '{query}'"))?;
            judge(corpus, &mut judged[query].grades, page, grade)
        });
        read.unwrap_or_else(|why| wrong.push(qrels.wrong(line, why)));
    }
    judged.retain(|one| !one.grades.is_empty());
    if wrong.is_empty() { Ok(judged) } else { Err(wrong) }
}

/// Lines that say something, numbered from 1.
fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim().is_empty())
}

/// Query, page and grade of a row: three columns, or four with an unused second one. A page's name may hold spaces where
/// columns are parted by tabs.
fn qrel(row: &str) -> Result<(&str, &str, i32), String> {
    let columns: Vec<&str> =
        if row.contains('\t') { row.split('\t').map(str::trim).collect() } else { row.split_whitespace().collect() };
    let (query, page, grade) = match columns[..] {
        [query, page, grade] | [query, _, page, grade] => (query, page, grade),
        _ => return Err(format!("{} columns; wanted are query, page and grade", columns.len())),
    };
    Ok((query, page, grade.parse().map_err(|_| format!("the grade '{grade}' is not a whole number"))?))
}

fn is_heading(row: &str) -> bool {
    row.split_whitespace().eq(["query-id", "corpus-id", "score"])
}

fn judge(corpus: &Corpus, grades: &mut Grades<String>, page: &str, grade: i32) -> Result<(), String> {
    let Some(found) = corpus.names().resolve(page).pages.first().copied() else {
        let near = corpus.names().nearest(page, 1);
        let hint = near.first().map_or(String::new(), |near| format!("; did you mean {}?", corpus.page(*near).id()));
        return Err(format!("no page is called '{page}'{hint}"));
    };
    match grades.insert(corpus.page(found).id(), grade) {
        None => Ok(()),
        Some(_) => Err(format!("'{page}' is judged twice for this query")),
    }
}

/// The first line from `from` on that holds `word`; `from` itself where none does.
fn line_of(text: &str, from: usize, word: &str) -> usize {
    let found = text.lines().enumerate().skip(from.saturating_sub(1)).find(|(_, line)| line.contains(word));
    found.map_or(from, |(at, _)| at + 1)
}

fn as_usize(line: u64) -> usize {
    usize::try_from(line).unwrap_or(usize::MAX)
}
