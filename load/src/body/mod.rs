//! Bodies: from the text of a document to its sections, read once.
//!
//! What a generator adds to Markdown is put into CommonMark first (`scanner`), with the way back to the file. One walk over the
//! parser's events (`pass`) then makes everything that anybody asks of a text: sections and their anchors, plain text, code,
//! safe HTML, links with their places, the first sentence, title candidates. No later reader parses Markdown again, so that what
//! is searched, shown and told of a link cannot disagree.
//!
//! A pro guide is read in two parts, its preview and the rest, as if they were two documents: whatever is written behind the
//! preview, the preview reads the same.

mod attributes;
mod common_mark;
mod definitions;
mod directives;
mod elements;
mod emoji;
mod fences;
mod heading;
mod html;
mod html_block;
mod inline;
mod leaf;
mod machine;
mod open_elements;
mod own_html;
mod pass;
mod plain;
mod preview;
#[cfg(test)]
mod published;
mod raw_elements;
mod scanner;
mod sections;
mod table;
mod tag;
mod ticks;
mod verbatim;
mod web;
mod writer;

use std::ops::Range;

pub(crate) use html::{is_web_address, patched};
pub(crate) use own_html::is_own_html;
pub(crate) use plain::Places;
pub(crate) use web::published_body;

use crate::anchors::Anchors;
use gradus_corpus::{Access, Section};
use serde::Serialize;

/// How a document is written.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Dialect<'v> {
    /// Whose Markdown it is, and how it makes anchors.
    pub(crate) anchors: Anchors,
    /// Whether tags hold Markdown and nothing is code for its indentation.
    pub(crate) is_mdx: bool,
    /// Whether braces hold expressions.
    pub(crate) has_expressions: bool,
    /// Whether terms of definition lists get anchors, counted together with the headings.
    pub(crate) has_term_anchors: bool,
    /// Whether the typographer leaves hyphens as they are.
    pub(crate) keeps_dashes: bool,
    /// Whether names between colons are emoji.
    pub(crate) has_emoji_names: bool,
    /// Whether in double brackets the text stands before the name, `[[text|name]]`.
    pub(crate) has_text_first: bool,
    /// What variables between double braces stand for.
    pub(crate) variables: &'v [(String, String)],
}

impl Dialect<'_> {
    /// The dialect of the document at `path` of a site.
    pub(crate) fn of(path: &str, anchors: Anchors) -> Self {
        let is_mdx = path.len() > 4 && path.as_bytes()[path.len() - 4..].eq_ignore_ascii_case(b".mdx");
        // Docusaurus reads its `.md` as MDX too; braces in them are left alone, since many sites have it otherwise.
        Self {
            anchors,
            is_mdx: is_mdx || anchors == Anchors::Docusaurus,
            has_expressions: is_mdx,
            has_term_anchors: anchors == Anchors::Mdbook,
            ..Self::default()
        }
    }

    /// Whether `{#id}` is an attribute list.
    fn reads_attributes(self) -> bool {
        self.anchors.reads_attribute_lists() || self.anchors == Anchors::Sphinx
    }
}

/// What a body says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    /// The first heading of level one, wherever it stands.
    pub(crate) title: Option<String>,
    /// Its id, where it stands over the lead and its generator gives it one.
    pub(crate) title_anchor: String,
    /// Whether that heading is written in HTML.
    pub(crate) is_title_html: bool,
    /// Whether nothing that readers see stands before that heading.
    pub(crate) is_title_first: bool,
    /// The first heading of any level.
    pub(crate) first_heading: Option<String>,
    /// The first paragraph that everybody may read and that reads like a sentence, as plain text.
    pub(crate) first_paragraph: Option<String>,
    pub(crate) sections: Vec<Section>,
    /// Where the words of each text of the sections stand, in the order of [`Section::texts`].
    pub(crate) places: Vec<Places>,
    pub(crate) links: Vec<BodyLink>,
    /// Places of the page that are no section: ids that authors wrote, the heading that is its title, terms.
    pub(crate) ids: Vec<Box<str>>,
    pub(crate) n_words: usize,
    /// Whether the generator adds text to it that is not in the file: included files, documentation of code, components.
    pub(crate) is_partial: bool,
    /// What a writer may not have meant, by line and column.
    pub(crate) slips: Vec<(Slip, u32, u32)>,
}

/// Something that a writer may not have meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slip {
    /// A code fence that never ends: everything behind it is code.
    UnclosedFence,
    /// A further heading of level one.
    SecondTitle,
    /// A heading more than one level below the one before.
    SkippedLevel,
}

/// A link before it is resolved.
#[derive(Clone, Debug)]
pub(crate) struct BodyLink {
    pub(crate) section_idx: usize,
    pub(crate) is_locked: bool,
    pub(crate) form: LinkForm,
    pub(crate) target: String,
    /// Where it is written; of a link by reference, where its target is.
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) len: u32,
    /// Where its address stands in the HTML of its text; `None` where none is shown.
    pub(crate) slot: Option<Range<usize>>,
}

/// Forgets where the addresses of the links of a text stand that were taken back with the elements around them: of an element
/// in which nothing stands when a text of `len` bytes ends nothing is written.
fn forget_lost(links: &mut [BodyLink], section_idx: usize, is_locked: bool, len: usize) {
    let of_text = links.iter_mut().rev().take_while(|link| link.section_idx == section_idx);
    for link in of_text.filter(|link| link.is_locked == is_locked) {
        link.slot = link.slot.take().filter(|slot| slot.end < len);
    }
}

/// How a link is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkForm {
    /// `[text](target)`, also by a definition.
    Markdown,
    /// `![alt](target)`.
    Image,
    /// `[[target]]`.
    Wikilink,
    /// `![[target]]`.
    Embed,
    /// An attribute of raw HTML or JSX: `href`, `src`, `to`.
    Html,
    /// `ref` of Hugo, `link` of Jekyll, `{doc}` of MyST: a page, whatever it looks like.
    Page,
}

/// Reads a body that begins at `first_line` of its file. O(text).
pub(crate) fn read(raw: &str, first_line: u32, dialect: Dialect<'_>, access: Access) -> Body {
    let source = scanner::common_mark(raw, dialect, access == Access::Pro);
    let preview_end = match access {
        Access::Free => source.text.len(),
        Access::Pro => source.more.unwrap_or(0),
    };
    let mut pass = pass::Pass::new(raw, &source, first_line, dialect);
    pass.part(0..preview_end, false);
    if preview_end < source.text.len() {
        pass.part(preview_end..source.text.len(), true);
    }
    Body { is_partial: is_partial(raw), ..pass.finish() }
}

/// What of the body of a locked page surely stands before the end of its preview; nothing where no mark is found.
pub(crate) fn preview(raw: &str) -> &str {
    raw.split_once("<!-- more -->").map_or("", |(preview, _)| preview)
}

/// Whether a shortcode that writes Markdown has none of the page in it.
fn is_filled_in(raw: &str, shortcode: &str) -> bool {
    let name = shortcode.split([' ', '%']).next().unwrap_or_default();
    let is_address = matches!(name, "" | "ref" | "relref" | "param");
    !is_address && !name.starts_with('/') && !raw.contains(&format!("{{{{% /{name}"))
}

/// Whether a comment is a word for a hook of the site, such as `md:option name`.
fn is_macro(comment: &str) -> bool {
    let name = comment.split([' ', '\n']).next().unwrap_or_default();
    name.split_once(':').is_some_and(|(space, name)| {
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        is_word(space) && is_word(name)
    })
}

/// The component that a line imports from the site itself: nobody knows what it shows.
fn own_component(line: &str) -> Option<&str> {
    let (name, from) = line.strip_prefix("import ")?.split_once(" from ")?;
    let from = from.trim_start_matches(['"', '\'', ' ']);
    let is_own = ["./", "../", "@/", "~/", "@components", "@site", "src/"].iter().any(|start| from.starts_with(start));
    let is_component = name.starts_with(|first: char| first.is_ascii_uppercase());
    (is_own && is_component && name.chars().all(char::is_alphanumeric)).then_some(name)
}

/// Whether the component `name` is used without text of the page in it, so that what it shows is its own.
fn stands_alone(raw: &str, name: &str) -> bool {
    raw.split('<').skip(1).filter_map(|tag| tag.strip_prefix(name)).any(|rest| {
        let is_whole_name = !rest.starts_with(char::is_alphanumeric);
        is_whole_name && rest.split_once('>').is_some_and(|(tag, _)| tag.ends_with('/'))
    })
}

/// Whether a generator puts text from elsewhere into a document. O(text).
fn is_partial(raw: &str) -> bool {
    const MARKS: &[&str] = &[
        "{% include",
        "{{< include",
        "{{% include",
        "{{< readfile",
        "{{% readfile",
        "{{< snippet",
        "{{% snippet",
        "--8<--",
        "<!--@include",
        "<!-- @include",
        "{{#include",
        "{include}",
        "{eval-rst}",
        "{auto",
    ];
    MARKS.iter().any(|mark| raw.contains(mark))
        || raw.match_indices("{{% ").any(|(at, _)| is_filled_in(raw, &raw[at + 4..]))
        || raw.match_indices("<!-- ").any(|(at, _)| is_macro(&raw[at + 5..]))
        || raw.lines().filter_map(own_component).any(|name| stands_alone(raw, name))
        || raw.lines().any(|line| {
            let imports = line.starts_with("import ") && line.contains(".md");
            imports || line.starts_with("::: ") && line.contains('.') || line.starts_with(".. ") && line.contains("::")
        })
}
