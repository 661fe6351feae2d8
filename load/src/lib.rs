//! Loading: from a source to a corpus and its diagnostics.
//!
//! Documents are read one at a time. Each becomes a draft in which references are numbers of an interner; when all names
//! are known, the references are resolved in place. Text is held once, parsed metadata never longer than its document.

mod anchors;
mod body;
mod config;
mod document;
mod draft;
mod fields;
mod front_matter;
mod questions;
mod resolve;
mod snippets;
mod source;
mod value;

use std::io::{self, BufRead, Read};

pub use anchors::Anchors;
pub use config::Config;
pub use fields::minutes;
pub use snippets::quote;
pub use source::Input;

use draft::Draft;
use gradus_corpus::{Corpus, Diagnostic, Position};
use source::{BYTE_ORDER_MARK, FileKind, MAX_BYTES};

/// The settings of a source.
const CONFIG_FILE: &str = "gradus.toml";
/// Where sites that cannot carry front matter declare everything.
const CENTRAL_FILE: &str = "concepts.yaml";

/// What loading gives.
#[derive(Debug)]
pub struct Loaded {
    /// The content, with all of its locked text.
    pub corpus: Corpus,
    /// What was wrong with it, by file, position and code.
    pub diagnostics: Vec<Diagnostic>,
    /// The settings of the source.
    pub config: Config,
}

/// How far a load is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files read.
    pub n_files: u64,
    /// Pages found in them.
    pub n_pages: u64,
}

/// Why nothing could be loaded. Bad content is no reason: it is told in [`Loaded::diagnostics`].
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The source itself cannot be read.
    #[error("cannot read {source_name}")]
    Source {
        /// Which source.
        source_name: String,
        /// Why.
        #[source]
        why: io::Error,
    },
    /// The settings are broken: a guess at what they mean could show what they were to hide.
    #[error("{CONFIG_FILE}:{why}")]
    Config {
        /// Line, column and message.
        why: String,
    },
}

/// Reads the settings of `input`; the defaults where it has none.
///
/// # Errors
/// If the source cannot be read or its `gradus.toml` is broken.
pub fn read_config(input: &Input) -> Result<Config, LoadError> {
    config(input, &mut Vec::new())
}

fn config(input: &Input, diagnostics: &mut Vec<Diagnostic>) -> Result<Config, LoadError> {
    let unreadable = |why| LoadError::Source { source_name: format!("{CONFIG_FILE} of {input}"), why };
    let Some(bytes) = input.read(CONFIG_FILE).map_err(unreadable)? else { return Ok(Config::default()) };
    let text = String::from_utf8(bytes).map_err(|_| LoadError::Config { why: "1:1: not UTF-8".to_owned() })?;
    Config::read(&text, diagnostics).map_err(|why| LoadError::Config { why })
}

/// Loads `input`, telling `progress` how far it is. O(text + names log names + edges log edges).
///
/// # Errors
/// If the source cannot be read at all or its `gradus.toml` is broken.
pub fn load(input: &Input, progress: &mut dyn FnMut(Progress)) -> Result<Loaded, LoadError> {
    let mut diagnostics = Vec::new();
    let listing = input.list().map_err(|why| LoadError::Source { source_name: input.to_string(), why })?;
    let config = config(input, &mut diagnostics)?;
    let mut draft = Draft::new(config);
    for (path, code, why) in listing.refused {
        diagnostics.push(Diagnostic::new(code, why, &path, Position::default()));
    }
    draft.diagnostics = diagnostics;
    match input.read(CENTRAL_FILE) {
        Ok(None) => {}
        Ok(Some(bytes)) => draft.central(CENTRAL_FILE, bytes),
        Err(why) => {
            draft.tell(Diagnostic::new("G010", format!("cannot be read: {why}"), CENTRAL_FILE, Position::default()))
        }
    }
    let mut so_far = Progress::default();
    for entry in &listing.entries {
        match entry.kind {
            FileKind::Markdown => markdown_file(&mut draft, input, &entry.path),
            FileKind::JsonLines => json_lines_file(&mut draft, input, &entry.path, &mut |n_pages| {
                progress(Progress { n_pages, ..so_far });
            }),
        }
        so_far = Progress { n_files: so_far.n_files + 1, n_pages: draft.pages.len() as u64 };
        progress(so_far);
    }
    for path in &listing.stray_questions {
        let why = "no Markdown file of this name lies beside these questions".to_owned();
        draft.tell(Diagnostic::new("G028", why, path, Position::default()));
    }
    draft.declare_central_rest();
    let (corpus, mut diagnostics, config) = resolve::resolve(draft);
    diagnostics = diagnostics.into_iter().filter_map(|diagnostic| config.judge(diagnostic)).collect();
    snippets::quote(input, &mut diagnostics);
    diagnostics
        .sort_by(|a, b| (&a.file, a.position, a.code, &a.message).cmp(&(&b.file, b.position, b.code, &b.message)));
    Ok(Loaded { corpus, diagnostics, config })
}

fn markdown_file(draft: &mut Draft, input: &Input, path: &str) {
    let file = draft.file(path);
    let told = |code, why| Diagnostic::new(code, why, path, Position { file, line: 0, column: 0 });
    let bytes = match input.read(path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return draft.tell(told("G010", "the file is gone".to_owned())),
        Err(why) => return draft.tell(told("G010", format!("cannot be read: {why}"))),
    };
    if let Some(text) = draft.decoded(file, bytes) {
        let questions = questions::sibling(draft, input, path);
        draft.markdown(path, file, &text, questions);
    }
}

fn json_lines_file(draft: &mut Draft, input: &Input, path: &str, progress: &mut dyn FnMut(u64)) {
    let file = draft.file(path);
    let unreadable = |line, why: &io::Error| {
        Diagnostic::new("G010", format!("cannot be read: {why}"), path, Position { file, line, column: 0 })
    };
    let mut lines = match input.open(path) {
        Ok(lines) => lines,
        Err(why) => return draft.tell(unreadable(0, &why)),
    };
    let mut line = Vec::new();
    for n in 1.. {
        line.clear();
        match (&mut lines).take(MAX_BYTES + 1).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(_) => {}
            Err(why) => return draft.tell(unreadable(n, &why)),
        }
        if line.len() as u64 > MAX_BYTES {
            let why = format!("the line is larger than {} MiB", MAX_BYTES >> 20);
            draft.tell(Diagnostic::new("G013", why, path, Position { file, line: n, column: 1 }));
            if let Err(why) = skip_line(&mut lines) {
                return draft.tell(unreadable(n, &why));
            }
            continue;
        }
        if line.contains(&0) {
            let position = Position { file, line: n, column: 0 };
            let why = "it holds zero bytes; nothing behind them is read".to_owned();
            return draft.tell(Diagnostic::new("G012", why, path, position));
        }
        let row = if n == 1 { line.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(&line) } else { &line };
        draft.json_line(file, n, row);
        if n.is_multiple_of(10_000) {
            progress(draft.pages.len() as u64);
        }
    }
}

fn skip_line(lines: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = lines.fill_buf()?;
        let (len, is_end) = match memchr::memchr(b'\n', buffer) {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        lines.consume(len);
        if is_end {
            return Ok(());
        }
    }
}
