//! `llms.txt` and `llms-full.txt`: what there is, for language models, in an order in which it could be learned (llmstxt.org).

use gradus_corpus::work::checkpoint;
use gradus_corpus::{Kind, PageId};

use super::export::{one_line, title};
use super::markdown::{link_text, link_to, page_markdown};
use crate::view::View;

/// The list of all pages, guides before concepts, each by the depth of its prerequisites; `address` says where a page is read
/// as Markdown. In parts of a page each. O(pages log pages + edges).
pub fn llms_index<'a>(view: &'a View, address: impl Fn(&str) -> String + 'a) -> impl Iterator<Item = String> + 'a {
    let order = view.graph.learning_order();
    let address = std::rc::Rc::new(address);
    let section = move |kind: Kind, title: &'static str| {
        let pages: Vec<PageId> =
            order.iter().map(|(page, _)| *page).filter(|page| view.corpus.page(*page).kind == kind).collect();
        let heading = if pages.is_empty() { String::new() } else { format!("\n## {title}\n\n") };
        let address = std::rc::Rc::clone(&address);
        std::iter::once(heading).chain(pages.into_iter().map(move |page| line(view, page, &*address)))
    };
    let (guides, concepts) = (section(Kind::Guide, "Guides"), section(Kind::Concept, "Concepts"));
    std::iter::once(head(view)).chain(guides).chain(concepts)
}

/// Every page whole, in the same order without regard to kind, with a rule between. O(text).
pub fn llms_full(view: &View) -> impl Iterator<Item = String> + '_ {
    let pages = view.graph.learning_order().into_iter();
    std::iter::once(head(view)).chain(pages.map(|(page, _)| {
        checkpoint();
        format!("\n---\n\n{}", page_markdown(view, page))
    }))
}

fn head(view: &View) -> String {
    let (n_concepts, n_pages) = (view.corpus.n_concepts(), view.corpus.n_pages());
    format!(
        "# {}\n\n> {n_concepts} concepts and {} guides, what needs nothing first and what needs most last.\n",
        one_line(title(view)),
        n_pages - n_concepts,
    )
}

fn line(view: &View, id: PageId, address: &dyn Fn(&str) -> String) -> String {
    checkpoint();
    let page = view.corpus.page(id);
    let link = format!("- [{}]({})", link_text(&page.title), link_to(&address(&page.id())));
    match &page.description {
        Some(description) => format!("{link}: {}\n", one_line(description)),
        None => link + "\n",
    }
}
