//! What the values of single fields mean, and what is told of those that mean nothing.

use crate::body::{Slip, is_web_address};
use crate::draft::Draft;
use crate::fields;
use crate::moment::Moment;
use crate::value::{Node, SourcePlace, Value};
use gradus_corpus::{Code, Kind, Level, Page, Position, Source};

/// Minutes that nobody needs for one page: a week of days and nights.
const MAX_MINUTES: u32 = 10_080;

/// Seconds that a date may lie ahead: it is tomorrow somewhere already.
pub(crate) const AHEAD: i64 = 86_400;

/// Bytes of a body up to which it is looked at whether it has any text: a longer one has.
const BARE_BYTES: usize = 4_096;

impl Draft {
    /// A level; what it was taken for is told where the author did not write it as one.
    pub(crate) fn level_of(&mut self, value: Option<&Value>) -> Option<Level> {
        let value = value?;
        // Lists of levels, as some sites have them, mean their first.
        let first = value.entries().first()?;
        let text = first.text()?;
        let level = fields::level(text);
        match level {
            None => {
                let message = format!("'{text}' is none of beginner, intermediate, advanced");
                let mut told = self.diagnostic(Code::InvalidValue, first.place(), message);
                if let Some(meant) = near(text, Level::ALL.iter().map(|level| level.as_str())) {
                    told.help = Some(format!("did you mean `{meant}`?"));
                    told.replace(meant, true);
                }
                self.tell(told);
            }
            Some(level) if value.entries().len() > 1 => {
                let message = format!("a page has one level; the first of these is taken, `{level}`");
                self.tell_at(Code::AssumedValue, value.position, value.len, message);
            }
            Some(level) if text.parse::<u8>().is_ok() => {
                let message = format!("'{text}' is taken for the level `{level}`");
                self.tell_at(Code::AssumedValue, first.position, first.len, message);
            }
            Some(_) => {}
        }
        level
    }

    /// Minutes; `None` where they are to be estimated.
    pub(crate) fn time_of(&mut self, value: Option<&Value>) -> Option<u32> {
        let value = value?;
        if matches!(value.node, Node::Null) {
            return None;
        }
        let shown = value.text().unwrap_or("this");
        let minutes = value.text().and_then(fields::minutes);
        let wrong = match minutes {
            None => format!("'{shown}' is no time; write minutes, `25m`, `1h30m` or `PT25M`"),
            Some(0) => format!("'{shown}' is no time to learn anything in; it is estimated"),
            Some(minutes) if minutes > MAX_MINUTES => {
                format!("'{shown}' would be {} days; the time is estimated", minutes / 1_440)
            }
            Some(_) => return minutes,
        };
        self.tell_at(Code::InvalidValue, value.position, value.len, wrong);
        None
    }

    /// The date of the last change, as answers show it.
    pub(crate) fn updated_of(&mut self, value: Option<&Value>) -> Option<Box<str>> {
        let value = value?;
        let value = value.get("date").unwrap_or(value);
        // Some generators take a yes or a no here, for whether to show the date.
        let text = value.text().filter(|text| !matches!(*text, "true" | "false"))?;
        let wrong = match Moment::parse(text) {
            None => format!("'{text}' is no date; write it as 2026-03-01"),
            Some(moment) if moment.seconds > self.config.now.saturating_add(AHEAD) => {
                format!("'{text}' lies in the future")
            }
            Some(moment) => return Some(moment.show(text).into()),
        };
        self.tell_at(Code::InvalidValue, value.position, value.len, wrong);
        None
    }

    /// Where the facts of a page come from. An address that is none of the web's is told and left out: whoever shows it as a
    /// link would run what it says.
    pub(crate) fn sources_of(&mut self, value: Option<&Value>) -> Vec<Source> {
        let mut sources = Vec::new();
        for entry in value.map_or(&[][..], Value::entries) {
            let Some(mut source) = fields::source(entry) else { continue };
            if source.url.as_deref().is_some_and(|url| !is_web_address(url)) {
                self.no_address(entry.get("url").unwrap_or(entry), "the source is shown without it");
                source.url = None;
            }
            sources.push(source);
        }
        sources
    }

    /// Tells of an id that is not used as it stands.
    pub(crate) fn changed_id(&mut self, value: Option<&Value>, used: &str, kind: Kind) {
        let Some((value, text)) = value.and_then(|value| Some((value, value.text()?))) else { return };
        let bare = text.strip_prefix(kind.as_str()).and_then(|id| id.strip_prefix(':')).unwrap_or(text);
        if bare != used {
            let mut told = self.diagnostic(
                Code::InvalidValue,
                value.place(),
                format!("an id is one segment of a path without blanks; this one is `{used}`"),
            );
            told.replace(used, false);
            self.tell(told);
        }
    }

    /// Tells what a page is called that does not say so itself. Of pages without a file, the id is the name.
    pub(crate) fn untitled(&mut self, title: Option<&Value>, page: &Page, place: Position) {
        if page.path.is_empty() || !gradus_corpus::names::is_markdown(&page.path) {
            return;
        }
        let place = title.map_or(SourcePlace { position: place, len: 0 }, |title| title.key);
        let mut told =
            self.diagnostic(Code::Untitled, place, format!("the page has no title and is called '{}'", page.title));
        told.help = Some("write a `title`, or begin the text with a heading".to_owned());
        self.tell(told);
    }

    /// Tells of a page that has a place in its series which another one has, too.
    pub(crate) fn place_in_series(&mut self, order: Option<&Value>, page: &Page) {
        let (Some(series), Some(number), Some(value)) = (&page.series, page.order, order) else { return };
        // Translations and versions of a series stand in folders of their own.
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let key = format!("{folder}\n{}\n{series}\n{number}", page.lang.as_deref().unwrap_or_default());
        let place = value.place();
        if let Some(other) = self.series_places.insert(key, place) {
            let message = format!("another page of the series '{series}' has the place {number}, too");
            let mut told = self.diagnostic(Code::DuplicateOrder, place, message);
            let file = self.files.get(other.position.file as usize).cloned().unwrap_or_default();
            told.notes.push((file, other.position, "the other one".to_owned()));
            self.tell(told);
        }
    }

    /// Tells of a page in which there is nothing to search but its title.
    pub(crate) fn without_text(&mut self, page: &Page, body: &str, position: Position) {
        let is_section = page.path.rsplit('/').next().is_some_and(|name| name.starts_with("_index."));
        if !self.has_lines(position.file) || page.kind == Kind::Concept || is_section || body.len() > BARE_BYTES {
            return;
        }
        let mut texts = page.sections.iter().flat_map(gradus_corpus::Section::texts);
        let is_bare = page.sections.iter().all(|section| section.title.is_empty())
            && texts.all(|text| {
                let has_words = !text.plain.trim().is_empty() && !without_images(&text.markdown).trim().is_empty();
                !has_words && text.code.trim().is_empty()
            });
        if is_bare {
            let message = "the page has nothing to search but its title".to_owned();
            self.tell_at(Code::EmptyPage, Position { line: 0, column: 0, ..position }, 0, message);
        }
    }

    /// Whether the lines of a body are lines of its file, which those of a row of JSON Lines are not.
    fn has_lines(&self, file: u32) -> bool {
        self.files.get(file as usize).is_some_and(|path| gradus_corpus::names::is_markdown(path))
    }

    /// Tells of what the writer of a text may not have meant.
    pub(crate) fn slips(&mut self, slips: &[(Slip, u32, u32)], file: u32) {
        if !self.has_lines(file) {
            return;
        }
        for (slip, line, column) in slips {
            let position = Position { file, line: *line, column: *column };
            let (code, message, help) = match slip {
                Slip::UnclosedFence => (
                    Code::UnclosedFence,
                    "this code is not closed; the rest of the page is code",
                    Some("close it with the same fence on a line of its own"),
                ),
                Slip::SecondTitle => (Code::SkippedHeading, "this is a second heading of level 1", None),
                Slip::SkippedLevel => {
                    (Code::SkippedHeading, "this heading stands more than one level below the one above it", None)
                }
            };
            let mut told = self.diagnostic(code, SourcePlace { position, len: 0 }, message.to_owned());
            told.help = help.map(str::to_owned);
            self.tell(told);
        }
    }
}

/// A text without its images, whose descriptions are no text of the page.
fn without_images(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some(start) = rest.find("![") {
        text.push_str(&rest[..start]);
        rest = rest[start..].split_once(')').map_or("", |(_, behind)| behind);
    }
    text + rest
}

/// The one of `known` that `text` was most likely meant to be.
pub(crate) fn near<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let text = text.to_lowercase();
    let nearest = known.map(|known| (strsim::damerau_levenshtein(known, &text), known)).min()?;
    (nearest.0 <= if nearest.1.len() > 4 { 2 } else { 1 }).then_some(nearest.1)
}
