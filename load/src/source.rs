//! Sources: from a folder, a file or memory to documents, one at a time.

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::boundary::Boundary;
use crate::compressed::unpacked;
use crate::notes::{DiskAnswer, Notes, exists};
use crate::sitemap;
use gradus_corpus::{Code, fingerprint};
use rustc_hash::FxHashSet;

/// Largest Markdown file, and largest line of a JSON Lines file, in bytes: nobody wrote more by hand.
pub(crate) const MAX_BYTES: u64 = 16 << 20;

/// What content is loaded from.
#[derive(Clone, Debug)]
pub enum Input {
    /// A folder, one file of JSON Lines, Markdown or HTML, or the `sitemap.xml` of a published site, which lists its pages.
    Path(PathBuf),
    /// Files by their relative paths.
    Memory(Vec<(String, Cow<'static, [u8]>)>),
    /// Another source in which one file is as an editor has it, whether it lies on the disk or not.
    Edited {
        /// The other source.
        base: Box<Input>,
        /// The file's path, relative to the source.
        path: String,
        /// What it holds.
        bytes: Vec<u8>,
    },
    /// Another source, of which everything that a load looks at is noted.
    Noted {
        /// The other source.
        base: Box<Input>,
        /// What was looked at so far.
        notes: Arc<Notes>,
    },
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Memory(_) => f.write_str("the built-in curriculum"),
            Self::Edited { base, .. } | Self::Noted { base, .. } => base.fmt(f),
        }
    }
}

/// What a file of a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Markdown,
    JsonLines,
    /// A page of a published site; in any other source it is no content.
    Html,
}

/// A file of a source: its path relative to the root, with `/` between segments, and what it is.
#[derive(Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) kind: FileKind,
}

/// The content files of a source in the order of their paths, and what could not be looked at, with the reason.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) entries: Vec<SourceFile>,
    /// Files of questions that lie beside no Markdown file of the same stem.
    pub(crate) stray_questions: Vec<String>,
    pub(crate) refused: Vec<(String, Code, String)>,
    /// Paths of all files, of whatever kind: what links may lead to.
    pub(crate) files: Vec<String>,
}

/// What files of questions are called behind the stem of their guide.
pub(crate) const QUESTIONS_SUFFIX: &str = ".questions.yaml";

/// The hidden folders that sites publish: RFC 8615's, and that of Exercism's exercises. All others belong to tools.
const PUBLISHED: &[&str] = &[".well-known", ".docs"];

/// Folders that never hold content.
const SKIPPED: &[&str] = &["node_modules", "target"];

/// Whether a file is HTML.
pub(crate) fn is_html(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm")
}

/// Whether a file at the top of a site lists its addresses.
pub(crate) fn is_sitemap(path: &str) -> bool {
    path.starts_with("sitemap") && path.ends_with(".xml")
}

/// The folder that a source at `root` is: itself, or that of the sitemap that it is; `None` for any other file.
fn folder_of(root: &Path) -> Option<&Path> {
    if !root.is_file() {
        return Some(root);
    }
    let is_list = root.file_name().is_some_and(|name| is_sitemap(&name.to_string_lossy()));
    // The folder of a bare name is where the command stands.
    let folder = || root.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    is_list.then(folder).flatten()
}

pub(crate) fn kind_of(path: &str) -> Option<FileKind> {
    let lower = path.to_ascii_lowercase();
    let plain = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".zst")).unwrap_or(&lower);
    if plain.ends_with(".jsonl") {
        Some(FileKind::JsonLines)
    } else if is_html(&lower) {
        Some(FileKind::Html)
    } else {
        gradus_corpus::names::is_markdown(&lower).then_some(FileKind::Markdown)
    }
}

impl Input {
    /// What the source is called, without where on the machine it lies: readers have no business to know.
    pub fn name(&self) -> String {
        let Self::Path(path) = self.unedited() else { return self.to_string() };
        let whole = std::fs::canonicalize(path);
        let whole = whole.as_deref().unwrap_or(path);
        whole.file_name().map_or_else(|| "the content".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    /// The source as it lies there, without what an editor has of it.
    pub(crate) fn unedited(&self) -> &Self {
        match self {
            Self::Edited { base, .. } | Self::Noted { base, .. } => base.unedited(),
            Self::Path(_) | Self::Memory(_) => self,
        }
    }

    /// The source on disk at `path`, of which everything that a load looks at is noted.
    ///
    /// # Errors
    /// If there is nothing.
    pub fn noted(path: &Path) -> io::Result<(Self, Arc<Notes>)> {
        let notes = Arc::new(Notes::default());
        let base = Box::new(Self::Path(std::fs::canonicalize(path)?));
        Ok((Self::Noted { base, notes: Arc::clone(&notes) }, notes))
    }

    /// The file or folder that the source is; `None` where it is none on disk, or an editor has another text of it.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) => Some(path),
            Self::Noted { base, .. } => base.path(),
            Self::Memory(_) | Self::Edited { .. } => None,
        }
    }

    /// Where it is noted what is looked at.
    pub(crate) fn notes(&self) -> Option<&Arc<Notes>> {
        match self {
            Self::Noted { notes, .. } => Some(notes),
            Self::Edited { base, .. } => base.notes(),
            Self::Path(_) | Self::Memory(_) => None,
        }
    }

    /// Notes that the file at `path`, which belongs to the source and lies beside it, is read.
    pub fn note_read(&self, path: &Path) {
        if let Some(notes) = self.notes() {
            notes.read(path);
        }
    }

    /// Whether there is something at `path`, which would belong to the source and lie beside it; noted either way.
    pub fn has_beside(&self, path: &Path) -> bool {
        exists(path, self.notes().map(|notes| &**notes))
    }

    /// The content files; links that lead out of the folder count if `follow_links`.
    ///
    /// # Errors
    /// If the source as a whole cannot be read.
    pub(crate) fn list(&self, follow_links: bool) -> io::Result<Listing> {
        let mut listing = match self {
            Self::Memory(files) => {
                let mut listing = Listing::default();
                files.iter().for_each(|(path, _)| listing.add(path.clone()));
                listing
            }
            Self::Path(root) if root.is_file() && folder_of(root).is_some() => {
                self.list_by_sitemap(root, follow_links)?
            }
            Self::Path(root) if root.is_file() => {
                let path = root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
                File::open(root)?;
                if kind_of(&path).is_none() {
                    let why = "this is neither a folder nor a .jsonl, Markdown or HTML file, nor a sitemap.xml";
                    return Err(io::Error::other(why));
                }
                let mut listing = Listing::default();
                listing.add(path);
                // Nothing is known of what lies beside it.
                listing.files.clear();
                listing
            }
            Self::Path(root) => walk(root, follow_links)?,
            Self::Edited { base, path, .. } => {
                let mut listing = base.list(follow_links)?;
                if !listing.entries.iter().any(|entry| entry.path == *path) {
                    listing.add(path.clone());
                }
                listing
            }
            Self::Noted { base, notes } => {
                let listing = base.list(follow_links)?;
                match base.path() {
                    Some(root) if root.is_dir() => {
                        notes.answered(root, DiskAnswer::Tree { follows_links: follow_links, sum: listing.sum() });
                    }
                    // What a list of pages names is not asked of the disk alone.
                    Some(root) if folder_of(root).is_some() => notes.unclear(),
                    _ => {}
                }
                if let Some(folder) = base.path().and_then(folder_of) {
                    listing.files.iter().for_each(|path| notes.saw(&folder.join(path)));
                }
                listing
            }
        };
        listing.entries.sort_by(|a, b| a.path.cmp(&b.path));
        let stems: FxHashSet<&str> = listing.entries.iter().map(|entry| stem(&entry.path)).collect();
        listing.stray_questions.retain(|path| !stems.contains(path.trim_end_matches(QUESTIONS_SUFFIX)));
        Ok(listing)
    }

    /// The files of the folder of the sitemap at `root`, of whose pages only those that it lists are content.
    fn list_by_sitemap(&self, root: &Path, follow_links: bool) -> io::Result<Listing> {
        let mut listing = walk(folder_of(root).unwrap_or(root), follow_links)?;
        let name = root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let text = |name: &str| {
            Ok::<_, io::Error>(String::from_utf8_lossy(&self.read(name)?.unwrap_or_default()).into_owned())
        };
        let mut urls = sitemap::locations(&text(&name)?);
        // A list of lists names others of the folder.
        let inner: Vec<String> = urls.iter().filter_map(|url| Some(url.rsplit_once('/')?.1.to_owned())).collect();
        for inner in inner.iter().filter(|inner| is_sitemap(inner) && **inner != name) {
            urls.extend(sitemap::locations(&text(inner)?));
        }
        let pages: Vec<&str> = listing.entries.iter().map(|entry| entry.path.as_str()).collect();
        let listed: FxHashSet<String> = sitemap::listed(&pages, &urls);
        listing.entries.retain(|entry| entry.kind == FileKind::Html && listed.contains(&entry.path));
        Ok(listing)
    }

    /// Whether it is one file that only a published site has.
    pub(crate) fn names_published(&self) -> bool {
        let Self::Path(root) = self.unedited() else { return false };
        root.is_file() && (folder_of(root).is_some() || is_html(&root.to_string_lossy()))
    }

    /// The bytes of a file that need not exist.
    ///
    /// # Errors
    /// If it exists and cannot be read.
    pub(crate) fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        match self.open(path) {
            Ok(file) => {
                file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
                Ok(Some(bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A file as a stream, decompressed.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub(crate) fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        let (raw, len): (Box<dyn Read + '_>, u64) = match self {
            Self::Memory(files) => match files.iter().find(|(name, _)| name == path) {
                Some((_, bytes)) => (Box::new(&**bytes), bytes.len() as u64),
                None => return Err(io::ErrorKind::NotFound.into()),
            },
            Self::Edited { path: edited, bytes, .. } if edited == path => (Box::new(&**bytes), bytes.len() as u64),
            Self::Edited { base, .. } => return base.open(path),
            Self::Noted { base, notes } => {
                let place = base.path().map(|root| Self::place(root, path)).transpose()?;
                let opened = base.open(path);
                match (&place, &opened) {
                    (Some(place), Ok(_)) => notes.read(place),
                    (Some(place), Err(why)) if why.kind() == io::ErrorKind::NotFound => {
                        notes.answered(place, DiskAnswer::NoFile);
                    }
                    (Some(_), Err(_)) => notes.unclear(),
                    (None, _) => {}
                }
                return opened;
            }
            Self::Path(root) => {
                let file = open_plain(&Self::place(root, path)?)?;
                let len = file.metadata()?.len();
                (Box::new(file), len)
            }
        };
        Ok(unpacked(path, raw, len))
    }

    /// The bytes of a file that no listing named and that need not exist; none behind a link that leads out of the folder
    /// unless `follow_links`.
    ///
    /// # Errors
    /// If it exists and may not or cannot be read.
    pub(crate) fn read_inside(&self, path: &str, follow_links: bool) -> io::Result<Option<Vec<u8>>> {
        let on_disk = match self {
            Self::Edited { base, path: edited, .. } if edited != path => base,
            _ => self,
        };
        if let Some(root) = on_disk.path()
            && let Some(root) = folder_of(root)
            && let Err(why) = Boundary::file(root, &root.join(path), follow_links)
        {
            let is_missing = why.kind() == io::ErrorKind::NotFound;
            match self.notes() {
                Some(notes) if is_missing => notes.answered(&root.join(path), DiskAnswer::NoFile),
                Some(notes) => notes.unclear(),
                None => {}
            }
            return if is_missing { Ok(None) } else { Err(why) };
        }
        self.read(path)
    }

    /// Where the file at `path` of a source at `root` lies.
    fn place(root: &Path, path: &str) -> io::Result<PathBuf> {
        if let Some(folder) = folder_of(root) {
            return Ok(folder.join(path));
        }
        let is_root = root.file_name().is_some_and(|name| name.to_string_lossy() == path);
        is_root.then(|| root.to_owned()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// Opens a plain file. Opening a pipe would wait until somebody writes to it.
pub(crate) fn open_plain(path: &Path) -> io::Result<File> {
    if std::fs::metadata(path)?.is_file() { File::open(path) } else { Err(io::Error::other("it is no plain file")) }
}

impl Listing {
    /// It as a number: equal where the same files are there, and the same is refused.
    pub(crate) fn sum(&self) -> u64 {
        fingerprint(&(&self.files, &self.refused))
    }

    /// Adds a file, if it is one of a source.
    fn add(&mut self, path: String) {
        self.files.push(path.clone());
        if let Some(kind) = kind_of(&path) {
            self.entries.push(SourceFile { path, kind });
        } else if path.ends_with(QUESTIONS_SUFFIX) {
            self.stray_questions.push(path);
        }
    }
}

/// A path without its extension.
pub(crate) fn stem(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

pub(crate) fn walk(root: &Path, follow_links: bool) -> io::Result<Listing> {
    // The root itself must be readable; what lies under it may be refused file by file.
    std::fs::read_dir(root)?;
    let mut listing = Listing::default();
    let is_content = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0
            || !(name.starts_with('.') && !PUBLISHED.contains(&&*name)
                || entry.file_type().is_dir() && SKIPPED.contains(&&*name))
    };
    let mut boundary = Boundary::new(root, follow_links);
    let mut refused = Vec::new();
    let is_ours = |entry: &walkdir::DirEntry| {
        if !is_content(entry) || entry.depth() == 0 || !entry.path_is_symlink() {
            return is_content(entry);
        }
        let link = boundary.link(entry.path());
        link.map_err(|(code, why)| refused.push((relative(root, entry.path()), code, why.to_owned()))).is_ok()
    };
    let found = walkdir::WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter().filter_entry(is_ours);
    for entry in found {
        match entry {
            Ok(entry) => {
                let (path, kind) = (relative(root, entry.path()), entry.file_type());
                if kind.is_file() && entry.path().to_str().is_some() {
                    listing.add(path);
                } else if kind.is_file() && kind_of(&path).is_some() {
                    let why = "the name of the file is not UTF-8; rename it".to_owned();
                    listing.refused.push((path, Code::UnreadableFile, why));
                } else if !kind.is_dir() && (kind_of(&path).is_some() || path.ends_with(QUESTIONS_SUFFIX)) {
                    listing.refused.push((path, Code::UnreadableFile, "it is no plain file".to_owned()));
                }
            }
            Err(error) => {
                let path = error.path().map_or_else(String::new, |path| relative(root, path));
                if error.loop_ancestor().is_some() {
                    listing.refused.push((
                        path,
                        Code::LinkNotFollowed,
                        "the link leads back to a folder above it".to_owned(),
                    ));
                } else if error.path().is_some_and(Path::is_symlink) {
                    listing.refused.push((path, Code::LinkNotFollowed, "the link leads to nothing".to_owned()));
                } else {
                    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                    listing.refused.push((path, Code::UnreadableFile, format!("cannot be read: {why}")));
                }
            }
        }
    }
    listing.refused.extend(refused);
    listing.refused.sort();
    Ok(listing)
}

fn relative(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let segments: Vec<_> = relative.components().map(|segment| segment.as_os_str().to_string_lossy()).collect();
    segments.join("/")
}

/// A file's text, and the offset in it of the first byte that is not UTF-8.
pub(crate) type Decoded = (String, Option<usize>);

/// What some editors put before a text.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The text of a file: UTF-8 with or without a byte order mark, or UTF-16 with one.
///
/// # Errors
/// If it is no text: the code and why.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<Decoded, (Code, String)> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err((Code::FileTooLarge, format!("larger than {} MiB", MAX_BYTES >> 20)));
    }
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|error| (Code::BinaryFile, error.to_string()))
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, ..] => return utf16(u16::from_le_bytes).map(|text| (text, None)),
        [0xFE, 0xFF, ..] => return utf16(u16::from_be_bytes).map(|text| (text, None)),
        _ => {}
    }
    if bytes.contains(&0) {
        return Err((Code::BinaryFile, "it holds zero bytes".to_owned()));
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with(BYTE_ORDER_MARK) {
                text.drain(..BYTE_ORDER_MARK.len());
            }
            // Some old editors end lines by a carriage return alone.
            if text.contains('\r') {
                text = lone_returns_as_newlines(&text);
            }
            Ok((text, None))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Ok((String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(at)))
        }
    }
}

/// A text in which carriage returns that no newline follows are newlines; as long as before.
fn lone_returns_as_newlines(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(char) = chars.next() {
        out.push(if char == '\r' && chars.peek() != Some(&'\n') { '\n' } else { char });
    }
    out
}
