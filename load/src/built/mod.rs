//! Markdown together with its built HTML: text and fields from the one, addresses and anchors from the other.
//!
//! A generator may do what no rule here knows: a plugin, a theme, a hook. Where its output lies at hand, `[site] html` of
//! `gradus.toml` names the folder, and what is published is read off it: the address of each page, the ids of its headings, the
//! places that links may lead to. Nothing of its text is taken, so that access is decided by the Markdown alone.
//!
//! Key decision: pages are matched by several signs, the surest first, each page once. What matches nothing keeps the address
//! that its generator's rules make, and is told: a wrong address is worse than one that is known to be a guess.

mod anchors;
mod matching;

use std::path::PathBuf;
use std::sync::Arc;

use crate::body;
use crate::draft::Draft;
use crate::site::joined;
use crate::source::{FileKind, Input, decode, is_sitemap};
use crate::web::{Survey, WebPage};
use gradus_corpus::names::fold;
use gradus_corpus::{Access, Code, Diagnostic, Page, Position, Severity};

/// Headings that a message names: more help nobody.
const SHOWN: usize = 3;

/// A page as it is published.
pub(super) struct BuiltPage {
    /// Path of its file in the folder of the site.
    path: String,
    /// Whole where the site says where it lies, else from the root of the host.
    url: String,
    /// As names are compared.
    title: String,
    /// The id of the heading that is the title.
    title_anchor: Box<str>,
    headings: Vec<BuiltHeading>,
    /// All places that links may lead to.
    ids: Vec<Box<str>>,
    /// Where it lay before.
    old_urls: Vec<Box<str>>,
}

/// A heading as it is published.
pub(super) struct BuiltHeading {
    /// As names are compared.
    title: String,
    id: Box<str>,
}

/// Whether the file at `path` lies in the folder of built HTML, which then is no content.
pub(crate) fn is_built(path: &str, html: Option<&str>) -> bool {
    let Some(folder) = html.filter(|folder| !folder.starts_with("..")) else { return false };
    let folder = joined("", folder);
    !folder.is_empty() && path.strip_prefix(&*folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The folder of built HTML of `input` as a source of its own.
fn source(input: &Input, folder: &str) -> Option<Input> {
    match input.unedited() {
        Input::Path(root) if root.is_dir() => {
            let folder = Input::Path(PathBuf::from(root).join(folder));
            Some(match input.notes() {
                Some(notes) => Input::Noted { base: Box::new(folder), notes: Arc::clone(notes) },
                None => folder,
            })
        }
        Input::Memory(files) => {
            let prefix = format!("{}/", joined("", folder));
            let inside = files.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(&prefix)?, bytes.clone())));
            Some(Input::Memory(inside.map(|(path, bytes)| (path.to_owned(), bytes)).collect()))
        }
        _ => None,
    }
}

impl Draft {
    /// Lays what the built site says over the pages, if the settings name one. O(text of both).
    pub(crate) fn lay_built_over(&mut self, input: &Input) {
        let Some(folder) = self.config.html.clone() else { return };
        let pages = match self.built_pages(input, &folder) {
            Ok(pages) if !pages.is_empty() => pages,
            Ok(_) => {
                return self
                    .tell_of_built(Code::UnreadableFile, format!("the folder `{folder}` holds no page of HTML"));
            }
            Err(why) => return self.tell_of_built(Code::UnreadableFile, format!("`{folder}` cannot be read: {why}")),
        };
        let own: Vec<u32> = self.placed.iter().map(|placed| placed.page).collect();
        let matched = {
            let own: Vec<&Page> = own.iter().map(|page| &self.pages[*page as usize]).collect();
            matching::matched(&own, &pages, &self.site.facts.content_root, self.base_path())
        };
        let mut is_left = vec![true; pages.len()];
        for (page, found) in own.into_iter().zip(matched) {
            match found {
                Some(idx) => {
                    is_left[idx] = false;
                    self.publish(page, &pages[idx]);
                }
                None => self.tell_unbuilt(page, format!("no page of the built site in `{folder}` is this one")),
            }
        }
        let left: Vec<&str> =
            pages.iter().zip(is_left).filter(|(_, is_left)| *is_left).map(|(page, _)| &*page.path).collect();
        if let Some(first) = left.first() {
            let n = left.len();
            let whose = if n == 1 { "page of the built site has" } else { "pages of the built site have" };
            self.tell_of_built(Code::NotBuilt, format!("{n} {whose} no Markdown here, such as `{first}`"));
        }
    }

    /// The path of the site on its host, with a slash at both ends.
    fn base_path(&self) -> &str {
        &self.site.facts.base_path
    }

    /// The pages of the built site in `folder`.
    fn built_pages(&mut self, input: &Input, folder: &str) -> std::io::Result<Vec<BuiltPage>> {
        let Some(built) = source(input, folder) else { return Ok(Vec::new()) };
        let listing = built.list(self.config.follow_links)?;
        let paths = listing.entries.iter().filter(|entry| entry.kind == FileKind::Html);
        let paths: Vec<&str> = paths.map(|entry| entry.path.as_str()).collect();
        let sitemaps: Vec<&str> = listing.files.iter().map(String::as_str).filter(|path| is_sitemap(path)).collect();
        let survey = Survey::of(&built, &paths, &sitemaps, self.config.base_url.as_deref());
        if self.config.base_url.is_none() && survey.base.contains("://") {
            self.config.base_url = Some(survey.base.clone());
        }
        let published = paths.into_iter().filter(|path| survey.no_page(path).is_none());
        Ok(published.filter_map(|path| built_page(&built, path, &survey)).collect())
    }

    /// Gives the page numbered `page` what is published of it.
    fn publish(&mut self, page: u32, built: &BuiltPage) {
        let own = &mut self.pages[page as usize];
        own.url = built.url.as_str().into();
        own.title_anchor.clone_from(&built.title_anchor);
        own.old_urls.extend(built.old_urls.iter().cloned());
        let missing = anchors::take_over(own, built);
        if !missing.is_empty() {
            let named: Vec<String> = missing.iter().take(SHOWN).map(|title| format!("'{title}'")).collect();
            let more =
                if missing.len() > SHOWN { format!(" and {} more", missing.len() - SHOWN) } else { String::new() };
            self.tell_unbuilt(
                page,
                format!("the built page `{}` has no heading {}{more}", built.path, named.join(", ")),
            );
        }
    }

    /// Tells of a page that the built site does not show as it is here.
    fn tell_unbuilt(&mut self, page: u32, message: String) {
        let position = Position { line: 0, column: 0, ..self.pages[page as usize].position };
        self.tell_at(Code::NotBuilt, position, 0, message);
        if let Some(told) = self.diagnostics.last_mut().filter(|told| told.code == Code::NotBuilt) {
            told.help = Some("build the site anew".to_owned());
        }
    }

    /// Tells of the built site as a whole, where it is named.
    fn tell_of_built(&mut self, code: Code, message: String) {
        let mut told = Diagnostic::new(code, message, crate::CONFIG_FILE, Position::default());
        if code == Code::NotBuilt {
            told.severity = Severity::Info;
        }
        self.tell(told);
    }
}

/// The page at `path` of the site that `survey` knows; `None` for what is no text.
fn built_page(built: &Input, path: &str, survey: &Survey) -> Option<BuiltPage> {
    let (text, _) = decode(built.read(path).ok()??).ok()?;
    let page = WebPage::read(&text, path, survey);
    let title_of = page.fields.iter().find(|(name, _)| name == crate::site::STEM_TITLE);
    let window = title_of.and_then(|(_, value)| value.text()).unwrap_or_default().to_owned();
    let body = body::published_body(&page, Access::Free);
    let headings: Vec<BuiltHeading> = body
        .sections
        .iter()
        .filter(|section| section.level > 0)
        .map(|section| BuiltHeading { title: fold(&section.title), id: section.anchor.clone() })
        .collect();
    let of_sections = headings.iter().map(|heading| heading.id.clone()).filter(|id| !id.is_empty());
    let ids = of_sections.chain(body.ids.iter().cloned()).collect();
    Some(BuiltPage {
        path: path.to_owned(),
        url: survey.address(path),
        title: fold(body.title.as_deref().unwrap_or(&window)),
        title_anchor: body.title_anchor.into(),
        headings,
        ids,
        old_urls: survey.old_addresses(path).iter().map(|url| url.as_str().into()).collect(),
    })
}
