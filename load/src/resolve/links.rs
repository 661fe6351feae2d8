//! Links of texts: what they lead to becomes edges, targets in HTML and diagnostics.

use super::Resolver;
use crate::body::BodyLink;
use crate::references::{Destination, LinkForm, Place, anchor_near, suggested};
use gradus_corpus::{Code, Link, PageId, Position};

impl Resolver {
    /// Resolves the links of all texts, which come with the draft's number of their page.
    pub(super) fn links(&mut self, links: &[(u32, BodyLink)]) {
        let references = self.references();
        let destinations: Vec<Destination> = links
            .iter()
            .map(|(page, link)| references.link(self.moved[*page as usize], link.form, &link.target))
            .collect();
        for ((page, link), destination) in links.iter().zip(destinations) {
            let from = self.moved[*page as usize];
            let file = self.pages[from.idx()].position.file;
            let position = Position { file, line: link.line, column: link.column };
            self.tell_of(from, link, position, &destination);
            let href = self.href(from, &destination);
            let section = &mut self.pages[from.idx()].sections[link.section_idx];
            let text = match &mut section.locked {
                Some(locked) if link.is_locked => locked,
                _ => &mut section.text,
            };
            if link.has_slot {
                text.hrefs.push(href);
            }
            if let Destination::Page { page, place, .. } = destination
                && page != from
            {
                text.links.push(Link { target: page, anchor: place.anchor().map(Into::into), position });
            }
        }
    }

    /// The target of the link in HTML; `None` where the author's own is right, or nobody knows a better one.
    fn href(&self, from: PageId, destination: &Destination) -> Option<Box<str>> {
        match destination {
            Destination::Page { page, place, query, .. } => {
                let anchor =
                    place.anchor().map_or(String::new(), |anchor| format!("#{}", crate::references::encoded(anchor)));
                if *page == from && query.is_empty() && !anchor.is_empty() {
                    return Some(anchor.into());
                }
                Some(format!("{}{query}{anchor}", self.pages[page.idx()].url).into())
            }
            Destination::Asset { url } => url.clone(),
            _ => None,
        }
    }

    fn tell_of(&mut self, from: PageId, link: &BodyLink, position: Position, destination: &Destination) {
        let len = link.len as usize;
        match destination {
            Destination::Page { page, place: Place::Missing(anchor), .. } => {
                let target = &self.pages[page.idx()];
                let help = anchor_near(target, &self.anchors[page.idx()], anchor)
                    .map(|near| format!("did you mean `#{near}`?"));
                let whose = if *page == from { "this page".to_owned() } else { format!("'{}'", target.title) };
                self.tell(Code::BrokenLink, position, len, format!("{whose} has no heading '{anchor}'"), help);
            }
            Destination::Page { page, others, .. } if !others.is_empty() && link.form.names_pages(&link.target) => {
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
                let meant = suggested(&self.names, &self.pages, &self.around.files, page, link.form, &link.target);
                let help = meant.map(|meant| format!("did you mean `{meant}`?"));
                let message = match link.form {
                    LinkForm::Image => format!("there is no image '{}'", link.target),
                    _ => format!("the link to '{}' leads nowhere", link.target),
                };
                self.tell(Code::BrokenLink, position, len, message, help);
            }
            _ => {}
        }
    }
}
