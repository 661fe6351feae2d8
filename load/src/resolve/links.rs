//! Links of texts: what they lead to becomes edges, targets in HTML and diagnostics.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Resolver;
use crate::body::{BodyLink, LinkForm, patched};
use crate::references::{Destination, PlaceInPage, anchor_near, suggested};
use gradus_corpus::names::place_url;
use gradus_corpus::{Access, Code, Link, PageId, Position, Text};

/// Broken links below one folder of the host from which they are told together.
const MANY: usize = 20;

/// Page, section and whether its locked text is meant.
type TextId = (PageId, usize, bool);

impl Resolver {
    /// Resolves the links of all texts, which come with the draft's number of their page.
    pub(super) fn links(&mut self, links: &[(u32, BodyLink)]) {
        let references = self.references();
        let destinations: Vec<Destination> = links
            .iter()
            .map(|(page, link)| references.link(self.moved[*page as usize], link.form, &link.target))
            .collect();
        let mut patches: Vec<(TextId, Range<usize>, Option<String>)> = Vec::new();
        let mut told: FxHashSet<Position> = FxHashSet::default();
        let mut elsewhere = self.elsewhere(links, &destinations);
        for ((page, link), destination) in links.iter().zip(destinations) {
            let from = self.moved[*page as usize];
            let file = self.pages[from.idx()].position.file;
            let position = Position { file, line: link.line, column: link.column };
            // Links by one definition stand at one place, and are broken together.
            let part = part_of(link, &destination).filter(|_| self.pages[from.idx()].access == Access::Free);
            if let Some(n) = part.and_then(|part| elsewhere.get_mut(part)) {
                // Told at the first, for all of them.
                let n_others = std::mem::take(n);
                if n_others > 0 {
                    self.tell_of_part(link, position, part.unwrap_or_default(), n_others - 1);
                }
            } else if self.tells(link, &destination) && told.insert(position) {
                self.tell_of(from, link, position, &destination);
            }
            // A template that nobody has filled in leads nowhere, rather than to a place that is called like it.
            let unfilled = link.target.contains("{{").then(|| "#".to_owned());
            let href = self.href(from, &destination).or(unfilled);
            if let Some(slot) = link.slot.as_ref().filter(|_| href.is_some() || is_no_link(link, &destination)) {
                patches.push(((from, link.section_idx, link.is_locked), slot.clone(), href));
            }
            if let Destination::Page { page, place, .. } = destination
                && page != from
            {
                let resolved = Link { target: page, anchor: place.anchor().map(Into::into), position };
                self.text((from, link.section_idx, link.is_locked)).links.push(resolved);
            }
        }
        self.patch(patches);
    }

    /// The parts of the host that many links lead to and no page of the source lies in, and how many do: of a repository that is a
    /// part of a larger site, they are the others. Links of locked pages are left aside, for whom nothing may depend on how many
    /// there are.
    fn elsewhere(&self, links: &[(u32, BodyLink)], destinations: &[Destination]) -> FxHashMap<String, usize> {
        let mut parts: FxHashMap<String, usize> = FxHashMap::default();
        for ((page, link), destination) in links.iter().zip(destinations) {
            let is_free = self.pages[self.moved[*page as usize].idx()].access == Access::Free;
            if let Some(part) = part_of(link, destination).filter(|_| is_free) {
                match parts.get_mut(part) {
                    Some(n) => *n += 1,
                    None => drop(parts.insert(part.to_owned(), 1)),
                }
            }
        }
        parts.retain(|_, n| *n >= MANY);
        if !parts.is_empty() {
            let urls = self.pages.iter().map(|page| &*page.url);
            let paths = urls.map(|url| {
                url.split_once("://").map_or(url, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path))
            });
            let own: FxHashSet<&str> = paths.flat_map(|path| path.trim_start_matches('/').split('/').take(2)).collect();
            parts.retain(|part, _| !own.contains(part.as_str()));
        }
        parts
    }

    fn tell_of_part(&mut self, link: &BodyLink, position: Position, part: &str, n_others: usize) {
        let message = format!(
            "the link to '{}' leads nowhere, and {n_others} others below '/{part}/' do not either, where this source has no page",
            link.target
        );
        let help = "where they are other parts of the site, nothing is wrong; they are told once".to_owned();
        self.tell(Code::BrokenLink, position, link.len as usize, message, Some(help));
    }

    /// Writes the addresses of links into the HTML of their texts.
    fn patch(&mut self, mut patches: Vec<(TextId, Range<usize>, Option<String>)>) {
        patches.sort_by(|(a, at, _), (b, bt, _)| (a, at.start).cmp(&(b, bt.start)));
        for of_text in patches.chunk_by(|(a, ..), (b, ..)| a == b) {
            let places: Vec<(Range<usize>, Option<String>)> =
                of_text.iter().map(|(_, place, href)| (place.clone(), href.clone())).collect();
            let text = self.text(of_text[0].0);
            text.html = patched(&text.html, &places);
        }
    }

    fn text(&mut self, (page, section_idx, is_locked): TextId) -> &mut Text {
        let section = &mut self.pages[page.idx()].sections[section_idx];
        match &mut section.locked {
            Some(locked) if is_locked => locked,
            _ => &mut section.text,
        }
    }

    /// The target of the link in HTML; `None` where the author's own is right, or nobody knows a better one.
    fn href(&self, from: PageId, destination: &Destination) -> Option<String> {
        match destination {
            Destination::Page { page, place, query, .. } => {
                let url = format!("{}{query}", self.pages[page.idx()].url);
                let Some(anchor) = place.anchor().map(crate::references::encoded) else { return Some(url) };
                let is_here = *page == from && query.is_empty() && !anchor.is_empty();
                Some(if is_here { format!("#{anchor}") } else { place_url(&url, &anchor) })
            }
            Destination::Asset { url } => url.as_deref().map(str::to_owned),
            _ => None,
        }
    }

    /// Whether something is wrong with a link that leads to `destination`.
    fn tells(&self, link: &BodyLink, destination: &Destination) -> bool {
        // Paths and URLs say which of several pages they mean as well as the site itself can.
        let is_name = matches!(link.form, LinkForm::Wikilink | LinkForm::Embed | LinkForm::Page);
        match destination {
            Destination::Page { place: PlaceInPage::Missing(_), .. }
            | Destination::Withheld(_)
            | Destination::Broken => true,
            Destination::Page { others, .. } => is_name && !others.is_empty(),
            _ => false,
        }
    }

    fn tell_of(&mut self, from: PageId, link: &BodyLink, position: Position, destination: &Destination) {
        let len = link.len as usize;
        // What was meant takes long to find: nobody is to wait for what is not told.
        let is_full = self.limits.is_full(Code::BrokenLink);
        match destination {
            Destination::Page { page, place: PlaceInPage::Missing(anchor), .. } => {
                let target = &self.pages[page.idx()];
                let near = (!is_full).then(|| anchor_near(target, anchor)).flatten();
                let help = near.map(|near| format!("did you mean `#{near}`?"));
                let whose = if *page == from { "this page".to_owned() } else { format!("'{}'", target.title) };
                self.tell(Code::BrokenLink, position, len, format!("{whose} has no heading '{anchor}'"), help);
            }
            Destination::Page { page, others, .. } => {
                let all: Vec<PageId> = std::iter::once(*page).chain(others.iter().copied()).collect();
                let message = format!("'{}' names several pages: {}; the first is taken", link.target, self.ids(&all));
                let help = "write its path, such as the folders before its name".to_owned();
                self.tell(Code::AmbiguousReference, position, len, message, Some(help));
            }
            Destination::Withheld(path) => {
                self.tell(
                    Code::BrokenLink,
                    position,
                    len,
                    format!("the link leads to '{path}', which is not published"),
                    None,
                );
            }
            Destination::Broken => {
                let page = &self.pages[from.idx()];
                let meant = || suggested(&self.names, &self.pages, &self.around.files, page, link.form, &link.target);
                let help = (!is_full).then(meant).flatten().map(|meant| format!("did you mean `{meant}`?"));
                let message = match link.form {
                    _ if link.target.trim().is_empty() => "the link has no target".to_owned(),
                    LinkForm::Image => format!("there is no image '{}'", link.target),
                    _ => format!("the link to '{}' leads nowhere", link.target),
                };
                self.tell(Code::BrokenLink, position, len, message, help);
            }
            _ => {}
        }
    }
}

/// The first folder of the address from the root of the host that a broken link has.
fn part_of<'l>(link: &'l BodyLink, destination: &Destination) -> Option<&'l str> {
    let is_address = matches!(destination, Destination::Broken) && !matches!(link.form, LinkForm::Image);
    let (part, rest) = link.target.strip_prefix('/').filter(|_| is_address)?.split_once('/')?;
    (!part.is_empty() && !rest.is_empty()).then_some(part)
}

/// Whether a link names nothing that a browser could go to: a name in double brackets is no address.
fn is_no_link(link: &BodyLink, destination: &Destination) -> bool {
    let is_name = matches!(link.form, LinkForm::Wikilink | LinkForm::Embed);
    is_name && matches!(destination, Destination::Broken | Destination::Withheld(_) | Destination::Unknowable)
}
