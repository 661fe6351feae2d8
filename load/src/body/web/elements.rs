//! Elements of published pages: what each is in HTML, in plain text and in Markdown.

use super::super::html::{element, is_phrasing, safe_url};
use super::heading::place_name;
use super::{LinkForm, Paragraph, WebPass};
use crate::web::{NodeId, Tree};

/// Elements that only group others. They begin a line and are not written.
const GROUPS: &[&str] = &[
    "address", "article", "body", "center", "div", "fieldset", "figure", "footer", "header", "hgroup", "html", "main",
    "section",
];
/// Elements that a text goes on in when a heading divides it.
const FRAMES: &[&str] = &["ul", "ol", "li", "blockquote", "dl", "dd", "details"];
/// Elements in which no paragraph describes the page.
const LISTS: &[&str] = &["ul", "ol", "dl", "table"];
/// Signs of Markdown that elements stand between.
const SIGNS: &[(&str, &str)] = &[("b", "**"), ("strong", "**"), ("i", "*"), ("em", "*"), ("del", "~~"), ("s", "~~")];
/// What classes say the language of code by.
const LANGUAGES: &[&str] = &["language-", "highlight-source-", "highlight-", "lang-", "sourceCode "];
/// Elements around code that may say its language.
const N_AROUND: usize = 4;

impl WebPass<'_> {
    /// Reads what begins with the element `id`; whether its inside is to be read too.
    pub(super) fn element(&mut self, id: NodeId) -> bool {
        let page = self.page;
        let name = page.tree.name(id);
        if let [b'h', digit @ b'1'..=b'6'] = name.as_bytes() {
            self.heading(id, digit - b'0');
            return false;
        }
        if name == "a" && self.is_sign_behind_heading(id) {
            return false;
        }
        if let Some(place) = place_name(&page.tree, id) {
            self.id(place);
        }
        match name {
            "br" => self.line_break(),
            "hr" => {
                self.block();
                let text = self.text();
                text.html.raw("<hr />\n");
                text.markdown.signs("---");
                self.block();
            }
            "img" => self.image(id),
            "pre" => self.code_block(id),
            "math" => self.formula(id),
            "code" | "kbd" | "samp" | "tt" if is_short(&page.tree, id) => self.code_span(id, name),
            _ => {
                self.open_element(id, name);
                return true;
            }
        }
        false
    }

    fn open_element(&mut self, id: NodeId, name: &str) {
        let tree = &self.page.tree;
        self.begin(name);
        self.n_lists += usize::from(LISTS.contains(&name));
        self.n_bold += usize::from(matches!(name, "b" | "strong"));
        if name == "p" && self.body.first_paragraph.is_none() && !self.is_locked && self.n_lists == 0 {
            self.paragraph = Some(Paragraph::default());
        }
        if name == "a" {
            return self.open_link(id);
        }
        let Some(known) = element(name).filter(|name| !GROUPS.contains(name) && *name != "span") else { return };
        let names = ["title", "lang", "dir", "start", "reversed", "value", "colspan", "rowspan", "align", "open"];
        let attributes = names.iter().filter_map(|key| Some((*key, tree.attribute(id, key)?)));
        let attributes: Vec<(&str, &str)> = attributes.collect();
        let number = self.number(id, name);
        let text = self.text();
        if !is_phrasing(name) {
            text.html.line();
        }
        text.html.open_raw(known, attributes.into_iter());
        text.markdown.open(name, number);
        if let Some((_, sign)) = SIGNS.iter().find(|(own, _)| *own == name) {
            text.markdown.signs(sign);
        }
        if matches!(name, "td" | "th") {
            text.markdown.signs("| ");
        }
        if FRAMES.contains(&name) {
            self.open.push(known);
        }
    }

    /// The place of an item in its ordered list, 0 in others.
    fn number(&mut self, id: NodeId, name: &str) -> usize {
        let start = || self.page.tree.attribute(id, "start").and_then(|start| start.parse().ok()).unwrap_or(1);
        match name {
            "ol" => self.numbers.push(start()),
            "ul" => self.numbers.push(0),
            "li" => {
                if let Some(next) = self.numbers.last_mut().filter(|next| **next > 0) {
                    *next += 1;
                    return *next - 1;
                }
            }
            _ => {}
        }
        0
    }

    /// Ends what began with the element `id`.
    pub(super) fn leave(&mut self, id: NodeId) {
        let tree = &self.page.tree;
        let name = tree.name(id);
        self.n_lists -= usize::from(LISTS.contains(&name)).min(self.n_lists);
        self.n_bold -= usize::from(matches!(name, "b" | "strong")).min(self.n_bold);
        if name == "p" {
            self.end_description();
        }
        if matches!(name, "ul" | "ol") {
            self.numbers.pop();
        }
        if name == "a" {
            self.close_link(id);
        } else if let Some(known) = element(name).filter(|name| !GROUPS.contains(name) && *name != "span") {
            let is_head_row = name == "tr" && tree.node(id).children.iter().any(|cell| tree.name(*cell) == "th");
            let n_cells = tree.node(id).children.iter().filter(|cell| matches!(tree.name(**cell), "th" | "td")).count();
            if FRAMES.contains(&name) {
                self.open.pop();
            }
            let text = self.text();
            text.html.close_raw(known);
            if let Some((_, sign)) = SIGNS.iter().find(|(own, _)| *own == name) {
                text.markdown.signs(sign);
            }
            text.markdown.close(name);
            match name {
                "td" | "th" => {
                    text.plain.gap(' ');
                    text.markdown.signs(" ");
                }
                "tr" => {
                    text.markdown.signs("|");
                    if is_head_row {
                        text.markdown.line();
                        text.markdown.signs(&"|---".repeat(n_cells));
                        text.markdown.signs("|");
                    }
                    text.plain.gap('\n');
                    text.markdown.line();
                }
                _ => {}
            }
            if !is_phrasing(name) {
                text.html.line();
            }
        }
        self.begin(name);
    }

    /// Begins a line of its own before and behind what begins one.
    fn begin(&mut self, name: &str) {
        if matches!(name, "tr" | "thead" | "tbody" | "tfoot") {
            let text = self.text();
            text.plain.gap('\n');
            text.markdown.line();
        } else if is_block(name) {
            self.block();
        }
    }

    fn line_break(&mut self) {
        self.note_paragraph(" ");
        let text = self.text();
        text.html.raw("<br />\n");
        text.plain.gap(' ');
        text.markdown.signs("  ");
        text.markdown.line();
    }

    fn open_link(&mut self, id: NodeId) {
        let page = self.page;
        self.n_links += 1;
        let href = page.tree.attribute(id, "href").map(str::trim).filter(|href| !href.is_empty());
        let title = page.tree.attribute(id, "title");
        let idx = href.map(|href| self.push_link(LinkForm::Html, href, page.tree.node(id).line));
        let attributes = href.map(|href| ("href", href)).into_iter().chain(title.map(|title| ("title", title)));
        let text = self.text();
        let slot = text.html.open_raw("a", attributes);
        if href.is_some() {
            text.markdown.signs("[");
        }
        if let Some(idx) = idx {
            self.body.links[idx].slot = slot;
        }
    }

    fn close_link(&mut self, id: NodeId) {
        self.n_links = self.n_links.saturating_sub(1);
        let page = self.page;
        let href = page.tree.attribute(id, "href").map(str::trim).filter(|href| !href.is_empty());
        let text = self.text();
        text.html.close_raw("a");
        if let Some(href) = href {
            text.markdown.signs(&format!("]({})", super::super::machine::destination(&safe_url(href))));
        }
    }

    fn image(&mut self, id: NodeId) {
        let page = self.page;
        let of = |name: &str| page.tree.attribute(id, name).map(str::trim).filter(|value| !value.is_empty());
        let alt = of("alt").unwrap_or_default();
        let line = page.tree.node(id).line;
        let source = of("src").filter(|source| !source.starts_with("data:"));
        let idx = source.map(|source| self.push_link(LinkForm::Image, source, line));
        let attributes = ["src", "alt", "width", "height", "title"].map(|name| (name, of(name)));
        let attributes = attributes.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let place = self.places.of(alt, line);
        let text = self.text();
        if let Some(source) = source {
            let slot = text.html.open_raw("img", attributes);
            text.markdown.signs("![");
            text.markdown.words(alt);
            text.markdown.signs(&format!("]({})", super::super::machine::destination(&safe_url(source))));
            if let Some(idx) = idx {
                self.body.links[idx].slot = slot;
            }
        }
        self.text().plain.push(alt, place);
    }

    fn code_block(&mut self, id: NodeId) {
        let page = self.page;
        let code = code_in(&page.tree, id);
        // Beside code that is counted stands a column of numbers.
        let is_numbers =
            !code.trim().is_empty() && code.chars().all(|char| char.is_ascii_digit() || char.is_whitespace());
        if is_numbers && page.tree.above(id).take(N_AROUND).any(|above| page.tree.name(above) == "td") {
            return;
        }
        let language = language(&page.tree, id).unwrap_or_default();
        self.block();
        let text = self.text();
        text.plain.code.push_str(&code);
        if !code.ends_with('\n') {
            text.plain.code.push('\n');
        }
        text.html.line();
        text.html.raw("<pre><code");
        if !language.is_empty() {
            text.html.attribute("class", &format!("language-{language}"));
        }
        text.html.raw(">");
        text.html.push(&code);
        text.html.raw("</code></pre>\n");
        text.markdown.code(&code, &language);
        self.block();
    }

    fn code_span(&mut self, id: NodeId, name: &str) {
        let page = self.page;
        let code = page.tree.words(id);
        if code.is_empty() {
            return;
        }
        self.note_paragraph(&code);
        let place = self.places.of(&code, page.tree.node(id).line);
        let text = self.text();
        text.plain.push_code(&code, place);
        let name = element(name).unwrap_or("code");
        text.html.open_raw(name, std::iter::empty());
        text.html.push(&code);
        text.html.close_raw(name);
        let ticks = if code.contains('`') { "``" } else { "`" };
        text.markdown.signs(&format!("{ticks}{code}{ticks}"));
    }

    /// A formula, as its author wrote it where the page still says so.
    fn formula(&mut self, id: NodeId) {
        let page = self.page;
        let is_source = |id: &NodeId| {
            page.tree.name(*id) == "annotation" && page.tree.attribute(*id, "encoding") == Some("application/x-tex")
        };
        let source = page.tree.below(id).find(is_source).unwrap_or(id);
        let words = page.tree.words(source);
        if !words.is_empty() {
            self.words(&words, page.tree.node(id).line);
        }
    }
}

/// Whether an element begins and ends a line.
fn is_block(name: &str) -> bool {
    GROUPS.contains(&name)
        || element(name).is_some_and(|name| !is_phrasing(name) && !matches!(name, "td" | "th" | "br"))
}

/// Whether nothing but words stands in an element.
fn is_short(tree: &Tree, id: NodeId) -> bool {
    tree.below(id).skip(1).all(|inner| matches!(tree.name(inner), "" | "span" | "b" | "i" | "em" | "strong" | "wbr"))
}

/// The text of a block of code; what is drawn beside it is none.
fn code_in(tree: &Tree, id: NodeId) -> String {
    let mut code = String::new();
    let mut open = vec![id];
    while let Some(next) = open.pop() {
        let is_beside = next != id && crate::web::is_dropped(tree, next, id);
        let class = tree.attribute(next, "class").unwrap_or_default();
        if is_beside || class.split_whitespace().any(|name| matches!(name, "linenos" | "ln" | "lnt" | "lineno")) {
            continue;
        }
        match &tree.node(next).kind {
            crate::web::NodeKind::Text { text, .. } => code.push_str(text),
            _ if tree.name(next) == "br" => code.push('\n'),
            _ => {}
        }
        open.extend(tree.node(next).children.iter().rev());
        // Expressive Code draws each line as an element of its own.
        let is_line = tree.name(next) == "div" && class.split_whitespace().any(|name| name == "ec-line");
        if is_line && !code.is_empty() && !code.ends_with('\n') {
            code.push('\n');
        }
    }
    code
}

/// The language that classes of `pre`, of what is in it or around it say.
fn language(tree: &Tree, id: NodeId) -> Option<String> {
    let inner = tree.node(id).children.iter().copied().find(|child| tree.name(*child) == "code");
    let all = std::iter::once(id).chain(inner).chain(tree.above(id).take(N_AROUND));
    all.into_iter().find_map(|element| {
        let said = ["data-language", "data-lang"].iter().find_map(|name| tree.attribute(element, name));
        let class = tree.attribute(element, "class").unwrap_or_default();
        let by_class =
            || class.split_whitespace().find_map(|name| LANGUAGES.iter().find_map(|start| name.strip_prefix(start)));
        let language = said.or_else(by_class)?;
        let is_one =
            !language.is_empty() && language.chars().all(|char| char.is_alphanumeric() || "+-#_.".contains(char));
        is_one.then(|| language.to_owned())
    })
}
