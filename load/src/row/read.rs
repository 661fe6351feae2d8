//! From a row to its page.

use std::borrow::Cow;

use super::write::compose;
use super::{PageRow, SectionRow, StatedRow, TextRow};
use crate::body::is_own_html;
use crate::draft::Draft;
use crate::identity::Wanted;
use crate::value::narrow;
use gradus_corpus::{
    Access, Edge, Exercise, ExerciseKind, Kind, Level, Link, Mention, Origin, Page, PageId, Position, Prose, Relation,
    Section, Source, Strength, Text,
};

/// A row that fits together.
pub(crate) struct RowPage<'a> {
    row: PageRow<'a>,
    kind: Kind,
    access: Access,
}

impl<'a> RowPage<'a> {
    /// The row that is written in `line`; `None` where the line is another kind of row or does not fit together.
    pub(crate) fn read(line: &'a [u8]) -> Option<Self> {
        let row: PageRow<'_> = serde_json::from_slice(line).ok()?;
        let (kind, access) = (Kind::parse(&row.kind)?, Access::parse(&row.access)?);
        let is_slug = |slug: &str| !slug.is_empty() && !slug.contains('/') && !slug.contains(char::is_whitespace);
        let has_minutes = row.time.is_some() != row.estimated_time.is_some();
        let mut cited = row.sources.iter().filter_map(|source| source.url.as_deref());
        let has_addresses = is_address(&row.url) && cited.all(crate::body::is_web_address);
        if !is_slug(&row.id) || !has_minutes || !has_addresses || !has_known_words(&row) {
            return None;
        }
        let row = Self { row, kind, access };
        row.fits().then_some(row)
    }

    /// Whether the sections make up the body, are shown by HTML of the kind that is written here, and lock what stands
    /// behind the preview.
    fn fits(&self) -> bool {
        let row = &self.row;
        let limit = row.preview.unwrap_or(if self.access == Access::Pro { 0 } else { usize::MAX });
        let is_open = |section: &SectionRow<'_>| section.text.markdown.0 + section.text.markdown.1 <= limit;
        let is_free = |section: &SectionRow<'_>| section.locked.is_none() && !section.withheld;
        let is_safe = |text: &TextRow<'_>| is_own_html(&text.html);
        let may_be_read = row.sections.iter().all(|section| {
            let is_allowed = match self.access {
                Access::Free => is_free(section),
                Access::Pro => is_empty(&section.text) || is_open(section),
            };
            is_allowed && is_safe(&section.text) && section.locked.as_ref().is_none_or(is_safe)
        });
        if !may_be_read {
            return false;
        }
        let sections: Option<Vec<Section>> = row.sections.iter().map(|section| self.bare(section)).collect();
        let Some(sections) = sections else { return false };
        let (body, _, preview) = compose(&sections, self.access);
        body == row.body && preview == row.preview
    }

    /// A section with its Markdown alone; `None` where it does not stand in the body.
    fn bare(&self, section: &SectionRow<'_>) -> Option<Section> {
        let text = |row: &TextRow<'_>| {
            let (start, len) = row.markdown;
            let markdown = self.row.body.get(start..start.checked_add(len)?)?.to_owned();
            Some(Text { markdown, ..Text::default() })
        };
        let locked = match &section.locked {
            Some(locked) => Some(Box::new(text(locked)?)),
            None => None,
        };
        let is_cut = locked.is_some() || section.withheld;
        Some(Section {
            title: section.title.as_ref().into(),
            anchor: section.anchor.as_ref().into(),
            level: section.level,
            access: if is_cut { Access::Pro } else { Access::Free },
            text: text(&section.text)?,
            locked,
            withheld: section.withheld,
        })
    }
}

/// Whether every word of which there are few is one of them.
fn has_known_words(row: &PageRow<'_>) -> bool {
    let is_known = |entry: &StatedRow<'_>| {
        (entry.concept.is_some() != entry.guide.is_some())
            && entry.strength.as_deref().is_none_or(|strength| Strength::parse(strength).is_some())
            && entry.origin.as_deref().is_none_or(|origin| Origin::parse(origin).is_some())
    };
    let stated = [&row.prerequisites, &row.teaches, &row.related, &row.companion, &row.contrasts, &row.part_of];
    let stated = stated.into_iter().chain([&row.improves_on, &row.follows]).flatten();
    row.level.as_deref().is_none_or(|level| Level::parse(level).is_some())
        && row.questions.iter().all(|question| ExerciseKind::parse(&question.kind).is_some())
        && stated.into_iter().all(is_known)
}

/// Whether a text shows nothing, wherever it stands.
fn is_empty(text: &TextRow<'_>) -> bool {
    text.markdown.1 == 0 && [&text.plain, &text.code, &text.html].iter().all(|part| part.trim().is_empty())
}

/// Whether `url` is a path or leads to a site.
fn is_address(url: &str) -> bool {
    url.starts_with('/') || crate::body::is_web_address(url) && url.contains("://")
}

fn all(texts: Vec<Cow<'_, str>>) -> Vec<Box<str>> {
    texts.into_iter().map(Into::into).collect()
}

fn maybe(text: Option<Cow<'_, str>>) -> Option<Box<str>> {
    text.map(Into::into)
}

impl Draft {
    /// Adds the page of a row. What it names are numbers of [`Draft::references`] until all pages are known.
    pub(crate) fn row(&mut self, whole: RowPage<'_>) {
        let idx = narrow(self.pages.len() as u64);
        let sections: Vec<Section> = whole.row.sections.iter().filter_map(|section| whole.bare(section)).collect();
        let RowPage { row, kind, access } = whole;
        let file = self.file_of_row(&row.file);
        let at = |(line, column)| Position { file, line, column };
        let mut page = Page::new(kind, &row.id);
        page.title = row.title.into();
        page.url = row.url.into();
        page.path = row.path.into();
        page.description = maybe(row.description);
        page.names = all(row.aka);
        page.old_urls = all(row.aliases);
        page.category = maybe(row.category);
        page.tags = all(row.tags);
        page.tracks = all(row.tracks);
        page.level = row.level.as_deref().and_then(Level::parse);
        page.estimated = row.time.is_none();
        page.minutes = row.time.or(row.estimated_time).unwrap_or(page.minutes);
        page.sources = row
            .sources
            .into_iter()
            .map(|source| Source { title: source.title.into(), url: maybe(source.url), year: source.year })
            .collect();
        page.lang = maybe(row.lang);
        page.version = maybe(row.version);
        page.updated = maybe(row.updated);
        page.authors = all(row.authors);
        page.access = access;
        page.is_searchable = row.search;
        page.order = row.order;
        page.series = maybe(row.series);
        page.anchors = all(row.anchors);
        page.position = at(row.at);
        page.prose_prerequisites = row
            .prose_prerequisites
            .into_iter()
            .map(|prose| Prose {
                text: prose.text.into(),
                position: self.place_of_row(file, prose.file.as_deref(), prose.at),
            })
            .collect();
        page.related_exclude = row.related_exclude.iter().map(|id| self.placeholder(id)).collect();
        page.questions = row.questions.into_iter().filter_map(|question| self.question_of_row(question)).collect();
        page.sections = sections;
        for (section, row) in page.sections.iter_mut().zip(row.sections) {
            self.text_of_row(&mut section.text, row.text, &at);
            if let (Some(locked), Some(row)) = (section.locked.as_deref_mut(), row.locked) {
                self.text_of_row(locked, row, &at);
            }
        }
        let relations = [
            (Relation::Requires, row.prerequisites),
            (Relation::Teaches, row.teaches),
            (Relation::Related, row.related),
            (Relation::Companion, row.companion),
            (Relation::Contrasts, row.contrasts),
            (Relation::PartOf, row.part_of),
            (Relation::ImprovesOn, row.improves_on),
            (Relation::Follows, row.follows),
        ];
        for (relation, entries) in relations {
            entries.into_iter().for_each(|entry| self.stated_by_row(idx, relation, entry, file));
        }
        self.wanted.push(Wanted { page: idx, is_declared: true, is_local: false });
        self.partial.push(false);
        self.whole.insert(idx);
        self.pages.push(page);
    }

    /// The number of a file that rows name.
    fn file_of_row(&mut self, path: &str) -> u32 {
        if let Some(file) = self.row_files.get(path) {
            return *file;
        }
        let file = self.file(path);
        self.row_files.insert(path.into(), file);
        file
    }

    fn place_of_row(&mut self, of_page: u32, other: Option<&str>, (line, column): (u32, u32)) -> Position {
        let file = other.map_or(of_page, |other| self.file_of_row(other));
        Position { file, line, column }
    }

    /// What stands for the page of the full id `id` until it is known.
    fn placeholder(&mut self, id: &str) -> PageId {
        PageId(self.references.intern(id))
    }

    fn question_of_row(&mut self, row: super::QuestionRow<'_>) -> Option<Exercise> {
        Some(Exercise {
            id: row.id.into(),
            kind: ExerciseKind::parse(&row.kind)?,
            prompt: row.prompt.into(),
            choices: row.choices.map(all),
            answer: maybe(row.answer),
            explanation: maybe(row.explanation),
            concepts: row.concepts.iter().map(|concept| self.placeholder(concept)).collect(),
            locked: row.locked,
        })
    }

    fn text_of_row(&mut self, text: &mut Text, row: TextRow<'_>, at: &dyn Fn((u32, u32)) -> Position) {
        text.plain = row.plain.into();
        text.code = row.code.into();
        text.html = row.html.into();
        text.hrefs = row.hrefs.into_iter().map(maybe).collect();
        text.mentions = row
            .mentions
            .iter()
            .map(|mention| Mention {
                concept: self.placeholder(&mention.concept),
                count: mention.count,
                position: at(mention.at),
            })
            .collect();
        text.links = row
            .links
            .into_iter()
            .map(|link| Link { target: self.placeholder(&link.to), anchor: maybe(link.anchor), position: at(link.at) })
            .collect();
    }

    fn stated_by_row(&mut self, from: u32, relation: Relation, entry: StatedRow<'_>, file: u32) {
        let Some(id) = entry.concept.or(entry.guide) else { return };
        let strength = entry.strength.as_deref().and_then(Strength::parse).unwrap_or_default();
        let origin = entry.origin.as_deref().and_then(Origin::parse).unwrap_or(Origin::FrontMatter);
        let position = self.place_of_row(file, entry.file.as_deref(), entry.at);
        let to = self.placeholder(&id);
        self.edges.push(Edge {
            from: PageId(from),
            relation,
            to,
            strength,
            origin,
            count: 1,
            reason: maybe(entry.reason),
            position,
        });
    }
}
