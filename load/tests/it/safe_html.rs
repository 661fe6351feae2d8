//! A reader of HTML that accepts little, once as it is written and once as a browser builds it. The fuzzer in `tests/fuzz` reads with
//! the same.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};

use html5ever::interface::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ParseOpts, QualName, local_name, ns, parse_fragment};

/// Elements that the texts of pages may hold, and attributes.
const ELEMENTS: &str = " a abbr article aside b bdi bdo blockquote br caption center cite code col colgroup data dd del details dfn div dl \
     dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img input ins kbd li main mark nav ol p picture pre q rp rt ruby s \
     samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr ";
const ATTRIBUTES: &str = " align alt checked class colspan dir disabled height href id lang open reversed rowspan span src start title \
     type value width ";
const VOID: &str = " br col hr img input wbr ";

/// Why `html` is not safe, if it is not: any tag beyond the lists, any attribute without quotes, any other scheme, anything
/// left open.
pub(crate) fn fault(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        if rest[..start].contains('>') {
            return Some(format!("a bare > before {}", &rest[start..]));
        }
        let inside = &rest[start + 1..];
        let Some((tag, behind)) = tag_end(inside) else { return Some(format!("no end of <{inside}")) };
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(format!("</{name}> closes nothing"));
            }
            continue;
        }
        let name_len = tag.find([' ', '/']).unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(name_len);
        if !ELEMENTS.contains(&format!(" {name} ")) {
            return Some(format!("<{name}>"));
        }
        if let Some(why) = attributes_fault(name, attributes) {
            return Some(why);
        }
        if !VOID.contains(&format!(" {name} ")) {
            open.push(name);
        }
    }
    if rest.contains('>') {
        return Some(format!("a bare > in {rest}"));
    }
    (!open.is_empty()).then(|| format!("left open: {open:?}"))
}

/// The inside of a tag, up to the `>` that stands in no quotes, and what comes behind it.
fn tag_end(text: &str) -> Option<(&str, &str)> {
    let mut in_quotes = false;
    for (at, char) in text.char_indices() {
        match char {
            '"' => in_quotes = !in_quotes,
            '>' if !in_quotes => return Some((&text[..at], &text[at + 1..])),
            '<' => return None,
            _ => {}
        }
    }
    None
}

fn attributes_fault(name: &str, attributes: &str) -> Option<String> {
    let mut rest = attributes.trim();
    while !rest.is_empty() && rest != "/" {
        let Some((key, value)) = rest.split_once("=\"") else { return Some(format!("<{name} {rest}>")) };
        let Some((value, behind)) = value.split_once('"') else { return Some(format!("<{name} {rest}>")) };
        if !ATTRIBUTES.contains(&format!(" {key} ")) {
            return Some(format!("<{name} {key}=>"));
        }
        if matches!(key, "href" | "src") {
            let scheme =
                value.split(['/', '?', '#']).next().unwrap_or_default().split_once(':').map(|(scheme, _)| scheme);
            if scheme
                .is_some_and(|scheme| !["http", "https", "mailto", "tel"].contains(&scheme.to_lowercase().as_str()))
            {
                return Some(format!("<{name} {key}=\"{value}\">"));
            }
        }
        rest = behind.trim_start();
    }
    None
}

/// The elements that a browser makes of `html`, with their attributes.
pub(crate) fn elements(html: &str) -> Vec<(QualName, Vec<Attribute>)> {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let parser = parse_fragment(Seen::default(), ParseOpts::default(), context, Vec::new(), false);
    parser.one(html).0.into_inner()
}

/// Why `html` is not safe as a browser builds it: any element, attribute or scheme beyond the lists that comes of it.
pub(crate) fn browsers_fault(html: &str) -> Option<String> {
    // The parser makes an `html` to hold the fragment.
    elements(html).iter().find_map(|(name, attributes)| {
        let local = &*name.local;
        if local != "html" && (name.ns != ns!(html) || !ELEMENTS.contains(&format!(" {local} "))) {
            return Some(format!("a browser makes <{local}> of it"));
        }
        attributes.iter().find_map(|attribute| {
            let (key, value) = (&*attribute.name.local, &*attribute.value);
            let is_known = ATTRIBUTES.contains(&format!(" {key} "));
            let scheme = scheme(value);
            let is_address = matches!(key, "href" | "src");
            let is_safe = scheme.is_none_or(|scheme| ["http", "https", "mailto", "tel"].contains(&scheme.as_str()));
            (!is_known || is_address && !is_safe).then(|| format!("a browser makes <{local} {key}=\"{value}\"> of it"))
        })
    })
}

/// The scheme of an address as the URL standard reads it: controls and blanks before it are passed over, tabs and newlines are
/// wherever they stand.
pub(crate) fn scheme(url: &str) -> Option<String> {
    let bare = url.trim_start_matches(|char: char| char <= ' ').replace(['\t', '\n', '\r'], "");
    let (scheme, _) = bare.split_once(':')?;
    let is_scheme = scheme.starts_with(|char: char| char.is_ascii_alphabetic())
        && scheme.chars().all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

/// Every element that the parser of a browser makes.
#[derive(Default)]
struct Seen(RefCell<Vec<(QualName, Vec<Attribute>)>>);

impl TreeSink for Seen {
    type Handle = usize;
    type Output = Self;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Self {
        self
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Ref<'a, QualName> {
        Ref::map(self.0.borrow(), |seen| &seen[*target].0)
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> usize {
        self.0.borrow_mut().push((name, attributes));
        self.0.borrow().len() - 1
    }

    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    fn add_attrs_if_missing(&self, target: &usize, attributes: Vec<Attribute>) {
        self.0.borrow_mut()[*target].1.extend(attributes);
    }

    // Nodes that are no elements, and where nodes stand: neither matters here.
    fn get_document(&self) -> usize {
        usize::MAX
    }

    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn create_comment(&self, _: StrTendril) -> usize {
        usize::MAX
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        usize::MAX
    }

    fn parse_error(&self, _: Cow<'static, str>) {}
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append(&self, _: &usize, _: NodeOrText<usize>) {}
    fn append_based_on_parent_node(&self, _: &usize, _: &usize, _: NodeOrText<usize>) {}
    fn append_before_sibling(&self, _: &usize, _: NodeOrText<usize>) {}
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
    fn remove_from_parent(&self, _: &usize) {}
    fn reparent_children(&self, _: &usize, _: &usize) {}
}
