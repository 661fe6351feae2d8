//! From a page to its row.

use std::borrow::Cow;

use super::{
    LinkRow, MORE, MentionRow, PageRow, ProseRow, QuestionRow, SectionRow, SiteRow, SourceRow, StatedRow, TextRow,
};
use gradus_corpus::{
    Access, Corpus, Edge, Kind, Level, Origin, Page, PageId, Position, Relation, Section, Strength, Text,
};
use serde::Serialize;

/// What `corpus` says of the site as a whole, as a row that the loader reads; empty where it says nothing.
pub fn site_row(corpus: &Corpus) -> String {
    let site = corpus.site();
    let row = SiteRow {
        kind: "site".into(),
        title: site.title.as_deref().map(Cow::Borrowed),
        base_url: site.base_url.as_deref().map(Cow::Borrowed),
        lang: site.lang.as_deref().map(Cow::Borrowed),
    };
    if row.title.is_none() && row.base_url.is_none() && row.lang.is_none() { String::new() } else { line(&row) }
}

/// The page `id` of `corpus` and what it declares, as a row from which the loader makes the same page again. Of a public
/// view, it holds what that view holds. O(text).
pub fn page_row(corpus: &Corpus, id: PageId) -> String {
    line(&RowWriter { corpus, page: corpus.page(id) }.page(id))
}

fn line(row: &impl Serialize) -> String {
    // Strings and numbers always serialise.
    let mut line = serde_json::to_string(row).unwrap_or_default();
    line.push('\n');
    line
}

fn all(texts: &[Box<str>]) -> Vec<Cow<'_, str>> {
    texts.iter().map(|text| Cow::Borrowed(&**text)).collect()
}

fn maybe(text: &Option<Box<str>>) -> Option<Cow<'_, str>> {
    text.as_deref().map(Cow::Borrowed)
}

struct RowWriter<'a> {
    corpus: &'a Corpus,
    page: &'a Page,
}

impl<'a> RowWriter<'a> {
    #[expect(
        clippy::too_many_lines,
        reason = "one line a field, taken apart and put together in one place so that none is lost"
    )]
    fn page(&self, page_id: PageId) -> PageRow<'a> {
        let Page {
            kind,
            slug,
            title,
            url,
            path,
            description,
            names,
            old_urls,
            category,
            tags,
            tracks,
            level,
            minutes,
            estimated,
            sources,
            lang,
            version,
            updated,
            authors,
            access,
            is_searchable,
            order,
            series,
            sections,
            title_anchor,
            anchors,
            questions,
            prose_prerequisites,
            related_exclude,
            position,
        } = self.page;
        let (body, places, preview) = compose(sections, *access);
        let stated = |relations: &[Relation]| self.stated(page_id, relations);
        PageRow {
            kind: kind.as_str().into(),
            id: Cow::Borrowed(slug),
            title: Cow::Borrowed(title),
            url: Cow::Borrowed(url),
            path: Cow::Borrowed(path),
            description: maybe(description),
            aka: all(names),
            aliases: all(old_urls),
            category: maybe(category),
            tags: all(tags),
            tracks: all(tracks),
            level: level.map(|level| Level::as_str(level).into()),
            time: (!estimated).then_some(*minutes),
            estimated_time: estimated.then_some(*minutes),
            access: access.as_str().into(),
            sources: sources
                .iter()
                .map(|gradus_corpus::Source { title, url, year }| SourceRow {
                    title: Cow::Borrowed(title),
                    url: maybe(url),
                    year: *year,
                })
                .collect(),
            lang: maybe(lang),
            version: maybe(version),
            updated: maybe(updated),
            authors: all(authors),
            search: *is_searchable,
            order: *order,
            series: maybe(series),
            prerequisites: stated(&[Relation::Requires, Relation::Assumes]),
            prose_prerequisites: prose_prerequisites
                .iter()
                .map(|gradus_corpus::Prose { text, position }| ProseRow {
                    text: Cow::Borrowed(text),
                    file: self.other_file(*position),
                    at: (position.line, position.column),
                })
                .collect(),
            teaches: stated(&[Relation::Teaches]),
            related: stated(&[Relation::Related]),
            related_exclude: related_exclude.iter().map(|page| self.id(*page)).collect(),
            companion: stated(&[Relation::Companion]),
            contrasts: stated(&[Relation::Contrasts]),
            part_of: stated(&[Relation::PartOf]),
            improves_on: stated(&[Relation::ImprovesOn]),
            follows: stated(&[Relation::Follows]),
            questions: questions.iter().map(|question| self.question(question)).collect(),
            title_anchor: Cow::Borrowed(title_anchor),
            anchors: all(anchors),
            file: Cow::Borrowed(self.file(*position)),
            at: (position.line, position.column),
            preview,
            sections: sections.iter().zip(&places).map(|(section, places)| self.section(section, *places)).collect(),
            body: body.into(),
        }
    }

    fn id(&self, page: PageId) -> Cow<'a, str> {
        self.corpus.page(page).id().into()
    }

    fn file(&self, position: Position) -> &'a str {
        self.corpus.files().get(position.file as usize).map_or("", |file| file)
    }

    /// The file of `position` where that is not the page's.
    fn other_file(&self, position: Position) -> Option<Cow<'a, str>> {
        let file = self.file(position);
        (file != self.file(self.page.position)).then_some(Cow::Borrowed(file))
    }

    fn stated(&self, page: PageId, relations: &[Relation]) -> Vec<StatedRow<'a>> {
        let edges = self.corpus.declared_by(page).iter().filter(|edge| relations.contains(&edge.relation));
        edges
            .map(|edge| {
                let Edge { from: _, relation: _, to, strength, origin, count: _, reason, position } = edge;
                let is_concept = self.corpus.page(*to).kind == Kind::Concept;
                StatedRow {
                    concept: is_concept.then(|| self.id(*to)),
                    guide: (!is_concept).then(|| self.id(*to)),
                    strength: (*strength != Strength::Required).then(|| strength.as_str().into()),
                    reason: maybe(reason),
                    origin: (*origin != Origin::FrontMatter).then(|| origin.as_str().into()),
                    file: self.other_file(*position),
                    at: (position.line, position.column),
                }
            })
            .collect()
    }

    fn question(&self, question: &'a gradus_corpus::Exercise) -> QuestionRow<'a> {
        let gradus_corpus::Exercise { id, kind, prompt, choices, answer, explanation, concepts, locked } = question;
        QuestionRow {
            id: Cow::Borrowed(id),
            kind: kind.as_str().into(),
            prompt: Cow::Borrowed(prompt),
            choices: choices.as_deref().map(all),
            answer: maybe(answer),
            explanation: maybe(explanation),
            concepts: concepts.iter().map(|concept| self.id(*concept)).collect(),
            locked: *locked,
        }
    }

    fn section(&self, section: &'a Section, (text_at, locked_at): SectionPlaces) -> SectionRow<'a> {
        // What may be read of it follows from what is locked and withheld.
        let Section { title, anchor, level, access: _, text, locked, withheld } = section;
        SectionRow {
            title: Cow::Borrowed(title),
            anchor: Cow::Borrowed(anchor),
            level: *level,
            text: self.text(text, text_at),
            locked: locked.as_deref().map(|locked| self.text(locked, locked_at)),
            withheld: *withheld,
        }
    }

    fn text(&self, text: &'a Text, markdown_at: (usize, usize)) -> TextRow<'a> {
        let Text { markdown: _, plain, code, html, mentions, links, hrefs } = text;
        TextRow {
            markdown: markdown_at,
            plain: plain.into(),
            code: code.into(),
            html: html.into(),
            mentions: mentions
                .iter()
                .map(|mention| MentionRow {
                    concept: self.id(mention.concept),
                    count: mention.count,
                    at: (mention.position.line, mention.position.column),
                })
                .collect(),
            links: links
                .iter()
                .map(|link| LinkRow {
                    to: self.id(link.target),
                    anchor: maybe(&link.anchor),
                    at: (link.position.line, link.position.column),
                })
                .collect(),
            hrefs: hrefs.iter().map(maybe).collect(),
        }
    }
}

/// Where the Markdown of a section stands in the body: that of its text, and of what is locked of it.
type SectionPlaces = ((usize, usize), (usize, usize));

/// The body that `sections` make up, where their Markdown stands in it, and how much of it is the preview of a pro guide.
pub(super) fn compose(sections: &[Section], access: Access) -> (String, Vec<SectionPlaces>, Option<usize>) {
    let mut body = String::new();
    let mut preview = None;
    let mut places = Vec::with_capacity(sections.len());
    for section in sections {
        if section.level > 0 {
            end_block(&mut body);
            body.push_str(&"#".repeat(usize::from(section.level)));
            body.push(' ');
            body.push_str(&section.title);
            body.push_str("\n\n");
        }
        let text = pushed(&mut body, &section.text.markdown);
        let is_cut = section.locked.is_some() || section.withheld;
        if is_cut && preview.is_none() {
            preview = Some(end_preview(&mut body));
        }
        let locked = section.locked.as_deref().map_or((body.len(), 0), |locked| pushed(&mut body, &locked.markdown));
        places.push((text, locked));
    }
    if access == Access::Pro && preview.is_none() {
        preview = Some(end_preview(&mut body));
    }
    (body, places, preview)
}

fn pushed(body: &mut String, markdown: &str) -> (usize, usize) {
    let place = (body.len(), markdown.len());
    body.push_str(markdown);
    place
}

/// Lets a block of its own begin.
fn end_block(body: &mut String) {
    if !body.is_empty() {
        let n_newlines = body.bytes().rev().take_while(|byte| *byte == b'\n').count();
        body.push_str(&"\n\n"[n_newlines.min(2)..]);
    }
}

/// Ends the preview; its length.
fn end_preview(body: &mut String) -> usize {
    end_block(body);
    let len = body.len();
    body.push_str(MORE);
    len
}
