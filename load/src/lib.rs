//! Loading: from a source to a corpus and its diagnostics.
//!
//! Documents are read one at a time. Each becomes a draft in which references are numbers of an interner; when all names
//! are known, the references are resolved in place. Text is held once, parsed metadata never longer than its document.

mod access;
mod amend;
mod anchors;
mod body;
mod boundary;
mod built;
mod compressed;
mod config;
mod desk;
mod document;
mod draft;
mod fence;
mod fields;
mod findings;
mod format;
mod front_matter;
mod hidden;
mod identity;
mod limits;
mod lock;
mod metadata;
mod moment;
mod nesting;
mod notes;
mod order;
mod paywall;
mod questions;
mod readings;
mod references;
mod requirements;
mod resolve;
mod row;
mod settings;
mod site;
mod sitemap;
mod snippets;
mod source;
mod spelling;
mod unknown;
mod value;
mod values;
mod web;
mod withheld;

use std::io::{self, BufRead, Read};
use std::time::{SystemTime, UNIX_EPOCH};

pub use amend::{DeclaredIn, NewConcept, add_concepts, add_entries};
pub use anchors::Anchors;
pub use config::Config;
pub use desk::{Desk, ReadDocument};
pub use fields::minutes;
pub use findings::Findings;
pub use notes::{FileStamp, Looked, Notes};
pub use questions::questions_file;
pub use readings::Readings;
pub use resolve::{Reference, ReferenceForm};
pub use row::{page_row, site_row};
pub use site::{Generator, SiteFacts, is_site_address};
pub use snippets::{quote, source_text};
pub use source::Input;

use draft::Draft;
use gradus_corpus::{Code, Corpus, Diagnostic, Position};
use limits::Limits;
use references::Surroundings;
use site::{Ground, SourceSite};
use source::{BYTE_ORDER_MARK, FileKind, Listing, MAX_BYTES, SourceFile};
use web::Survey;

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
    /// What was found out about the site that the source is the content of.
    pub site: SiteFacts,
    /// Until when dates in the content mean what they mean now, in seconds since 1970: then a page is published, or withdrawn. `None`
    /// where no time changes that.
    pub until: Option<i64>,
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
    let (config, findings) = config(input)?;
    whole(&findings)?;
    Ok(config)
}

fn config(input: &Input) -> Result<(Config, Vec<Diagnostic>), LoadError> {
    let unreadable = |why| LoadError::Source { source_name: format!("{CONFIG_FILE} of {input}"), why };
    let Some(bytes) = input.read(CONFIG_FILE).map_err(unreadable)? else { return Ok((Config::default(), Vec::new())) };
    let text = String::from_utf8(bytes).map_err(|_| LoadError::Config { why: "1:1: not UTF-8".to_owned() })?;
    Ok(settings::read(text.trim_start_matches(BYTE_ORDER_MARK)))
}

/// # Errors
/// If `findings` tell of settings that cannot be.
fn whole(findings: &[Diagnostic]) -> Result<(), LoadError> {
    let broken = findings.iter().filter(|told| told.code == Code::InvalidSetting).map(|told| {
        let help = told.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
        format!("{}:{}: {}{help}", told.position.line, told.position.column, told.message)
    });
    let broken: Vec<String> = broken.collect();
    if broken.is_empty() { Ok(()) } else { Err(LoadError::Config { why: broken.join(&format!("\n{CONFIG_FILE}:")) }) }
}

/// How to load.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// What time it is, in seconds since 1970: some pages are published, and some withdrawn, by their dates.
    pub now: i64,
    /// Whether to go on, with the defaults, where `gradus.toml` is broken, so that everything is told at once. A guess at
    /// what it means could show what it was to hide: nothing that was loaded so is for readers.
    pub forgives_settings: bool,
    /// How much text is read, in bytes without compression; what is left out is told.
    pub text_bytes: u64,
}

impl Terms {
    /// As it is now, refusing broken settings.
    pub fn now() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            now: i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX),
            forgives_settings: false,
            text_bytes: limits::TEXT_BYTES,
        }
    }
}

/// Loads `input` as it is now, telling `progress` how far it is. O(text + names log names + edges log edges).
///
/// # Errors
/// If the source or its `concepts.yaml` cannot be read at all, or its `gradus.toml` is broken.
pub fn load(input: &Input, progress: &mut dyn FnMut(Progress)) -> Result<Loaded, LoadError> {
    load_on(Terms::now(), input, progress)
}

/// The same on other terms.
///
/// # Errors
/// As [`load`], where broken settings are not forgiven.
pub fn load_on(terms: Terms, input: &Input, progress: &mut dyn FnMut(Progress)) -> Result<Loaded, LoadError> {
    let draft = read(terms, input, None, progress)?;
    Ok(settled(input, draft).0)
}

/// The same, taking from `readings` the texts that an earlier load has read, and leaving there those of this one: what it gives is
/// the same whatever they are.
///
/// # Errors
/// As [`load_on`].
pub fn load_after(
    readings: &mut Readings,
    terms: Terms,
    input: &Input,
    progress: &mut dyn FnMut(Progress),
) -> Result<Loaded, LoadError> {
    readings.begin();
    let mut draft = read(terms, input, Some(std::mem::take(readings)), progress)?;
    *readings = draft.readings.take().unwrap_or_default();
    readings.end();
    Ok(settled(input, draft).0)
}

/// The same, and what single documents are read against while they are edited.
///
/// # Errors
/// As [`load_on`].
pub fn load_for_editing(terms: Terms, input: &Input) -> Result<(Loaded, Desk), LoadError> {
    let draft = read(terms, input, None, &mut |_| {})?;
    let (loaded, rest) = settled(input, draft);
    let desk = Desk::new(terms, input, &loaded, rest)?;
    Ok((loaded, desk))
}

/// What is left of a load beside what it gives.
struct Remains {
    site: SourceSite,
    around: Surroundings,
    partial: Vec<bool>,
    /// The name of the central file.
    central: String,
}

/// Resolves what was read.
fn settled(input: &Input, draft: Draft) -> (Loaded, Remains) {
    let (until, central) = (draft.until, draft.central_name.clone());
    let resolve::ResolvedDraft { corpus, diagnostics, config, site, around, partial } = resolve::resolve(draft);
    let mut diagnostics: Vec<Diagnostic> =
        diagnostics.into_iter().filter_map(|diagnostic| config.judge(diagnostic)).collect();
    snippets::quote(input, &mut diagnostics);
    diagnostics
        .sort_by(|a, b| (&a.file, a.position, a.code, &a.message).cmp(&(&b.file, b.position, b.code, &b.message)));
    let facts = site.facts.clone();
    (Loaded { corpus, diagnostics, config, site: facts, until }, Remains { site, around, partial, central })
}

/// Reads all documents of `input`.
fn read(
    terms: Terms,
    input: &Input,
    readings: Option<Readings>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Draft, LoadError> {
    let (mut config, diagnostics) = config(input)?;
    if !terms.forgives_settings {
        whole(&diagnostics)?;
    }
    config.now = terms.now;
    let mut listing =
        input.list(config.follow_links).map_err(|why| LoadError::Source { source_name: input.to_string(), why })?;
    listing.entries.retain(|entry| !built::is_built(&entry.path, config.html.as_deref()));
    listing.files.retain(|path| !built::is_built(path, config.html.as_deref()));
    let site = site_of(input, &listing, &config);
    let survey = survey(input, &mut listing, &site, &mut config);
    let mut draft = Draft::new(config, site);
    draft.site.facts.built.clone_from(&draft.config.html);
    draft.readings = readings;
    draft.survey = survey;
    draft.diagnostics = diagnostics;
    draft.limits = Limits::new(terms.text_bytes);
    for (path, code, why) in listing.refused {
        draft.tell(Diagnostic::new(code, why, &path, Position::default()));
    }
    draft.tell_of_elsewhere();
    draft.tell_of_unread(&listing.files);
    draft.central_name = central_name(&mut draft, &listing.files);
    draft.around = Surroundings::new(input, &draft.config, &draft.site, listing.files);
    central_file(&mut draft, terms, input)?;
    draft.declare_by_site();
    let mut so_far = Progress::default();
    for entry in &listing.entries {
        match entry.kind {
            FileKind::Markdown | FileKind::Html => document_file(&mut draft, input, &entry.path),
            FileKind::JsonLines => json_lines_file(&mut draft, input, &entry.path, &mut |n_pages| {
                progress(Progress { n_pages, ..so_far });
            }),
        }
        so_far = Progress { n_files: so_far.n_files + 1, n_pages: draft.pages.len() as u64 };
        progress(so_far);
    }
    for path in &listing.stray_questions {
        let why = "no Markdown file of this name lies beside these questions".to_owned();
        draft.tell(Diagnostic::new(Code::StrayQuestions, why, path, Position::default()));
    }
    draft.declare_central_rest();
    draft.lay_built_over(input);
    draft.settle_ids();
    draft.settle_addresses();
    draft.declare_long_concepts();
    draft.set_in_order();
    Ok(draft)
}

/// The name of the central file among `files`: spelled otherwise it is meant all the same, and may say what is locked. Of several
/// the one that is spelled right counts, and the others are told.
fn central_name(draft: &mut Draft, files: &[String]) -> String {
    let stem = source::stem(CENTRAL_FILE);
    let is_meant = |path: &&String| {
        let endings = ["yaml", "yml"];
        path.rsplit_once('.').is_some_and(|(start, ending)| {
            start.eq_ignore_ascii_case(stem) && endings.iter().any(|one| ending.eq_ignore_ascii_case(one))
        })
    };
    let meant: Vec<&String> = files.iter().filter(is_meant).collect();
    let name = meant.iter().find(|path| **path == CENTRAL_FILE).or(meant.first());
    let name = name.map_or_else(|| CENTRAL_FILE.to_owned(), |name| (*name).clone());
    for other in meant.into_iter().filter(|path| **path != name) {
        let why = format!("it is not read, since `{name}` is; put what it says there");
        draft.tell(Diagnostic::new(Code::UnreadableFile, why, other, Position::default()));
    }
    name
}

/// Reads the central file, which says of other files who may read them: where it is there and cannot be read, nobody knows. A pipe,
/// and a link that leads out of the folder, are no part of the content and are passed over like any other.
fn central_file(draft: &mut Draft, terms: Terms, input: &Input) -> Result<(), LoadError> {
    let name = draft.central_name.clone();
    let (why, is_ours) = match input.read_inside(&name, draft.config.follow_links) {
        Ok(None) => return Ok(()),
        Ok(Some(bytes)) => match draft.central(&name, bytes) {
            true => return Ok(()),
            false => (io::Error::other("it is no text"), true),
        },
        Err(why) => {
            let is_ours = why.kind() != io::ErrorKind::Other;
            (why, is_ours)
        }
    };
    if is_ours && !terms.forgives_settings {
        return Err(LoadError::Source { source_name: format!("{name} of {input}"), why });
    }
    let message = format!("cannot be read: {why}");
    draft.tell(Diagnostic::new(Code::UnreadableFile, message, &name, Position::default()));
    Ok(())
}

/// What site the files of a source are the content of.
fn site_of(input: &Input, listing: &Listing, config: &Config) -> SourceSite {
    let content = listing.entries.iter().filter(|entry| entry.kind != FileKind::Html);
    let ground = Ground::new(input, content.map(|entry| entry.path.as_str()));
    // Who names one file of a published site, or its list, says what it is.
    let generator = config.generator.or_else(|| input.names_published().then_some(Generator::Html));
    SourceSite::find(&ground, listing.files.iter().map(String::as_str), generator)
}

/// What the pages of a published site have in common. Of other sources HTML is no content, and of published ones Markdown is
/// none: it is left out of `listing`. Where the site lies is kept in `config` if nothing else is said there.
fn survey(input: &Input, listing: &mut Listing, site: &SourceSite, config: &mut Config) -> Survey {
    let left_out = if site.facts.generator == Generator::Html { FileKind::Markdown } else { FileKind::Html };
    let is_content = |entry: &SourceFile| {
        entry.kind == FileKind::Html && left_out == FileKind::Html && site.reads_html(input, &entry.path)
    };
    listing.entries.retain(|entry| entry.kind != left_out || is_content(entry));
    if left_out == FileKind::Html {
        return Survey::default();
    }
    let pages = listing.entries.iter().filter(|entry| entry.kind == FileKind::Html);
    let pages: Vec<&str> = pages.map(|entry| entry.path.as_str()).collect();
    let sitemaps: Vec<&str> =
        listing.files.iter().map(String::as_str).filter(|path| source::is_sitemap(path)).collect();
    let survey = Survey::of(input, &pages, &sitemaps, config.base_url.as_deref());
    if config.base_url.is_none() && survey.base.contains("://") {
        config.base_url = Some(survey.base.clone());
    }
    survey
}

fn document_file(draft: &mut Draft, input: &Input, path: &str) {
    let file = draft.file(path);
    let told = |code, why| Diagnostic::new(code, why, path, Position { file, line: 0, column: 0 });
    let bytes = match input.read(path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return draft.tell(told(Code::UnreadableFile, "the file is gone".to_owned())),
        Err(why) => return draft.tell(told(Code::UnreadableFile, format!("cannot be read: {why}"))),
    };
    if !draft.limits.may_read(path, bytes.len()) {
        return;
    }
    if let Some(text) = draft.decoded(file, bytes) {
        if source::is_html(path) && draft.site.facts.generator == Generator::Html {
            return draft.html(path, file, &text);
        }
        if source::is_html(path) {
            return draft.content_html(path, file, &text);
        }
        let questions = questions::sibling(draft, input, path);
        draft.markdown(path, file, &text, questions);
    }
}

fn json_lines_file(draft: &mut Draft, input: &Input, path: &str, progress: &mut dyn FnMut(u64)) {
    let file = draft.file(path);
    let unreadable = |line, why: &io::Error| {
        Diagnostic::new(
            Code::UnreadableFile,
            format!("cannot be read: {why}"),
            path,
            Position { file, line, column: 0 },
        )
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
        if !draft.limits.may_read(path, line.len()) {
            return;
        }
        if line.len() as u64 > MAX_BYTES {
            let why = format!("the line is larger than {} MiB", MAX_BYTES >> 20);
            draft.tell(Diagnostic::new(Code::FileTooLarge, why, path, Position { file, line: n, column: 1 }));
            if let Err(why) = skip_line(&mut lines) {
                return draft.tell(unreadable(n, &why));
            }
            continue;
        }
        if line.contains(&0) {
            let position = Position { file, line: n, column: 0 };
            let why = "it holds zero bytes; nothing behind them is read".to_owned();
            return draft.tell(Diagnostic::new(Code::BinaryFile, why, path, position));
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
