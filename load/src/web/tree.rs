//! The tree of an HTML document, as browsers build it.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::interface::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};

use super::shallow;

/// The position of a node in its tree.
pub(crate) type NodeId = usize;

/// A node.
#[derive(Debug)]
pub(crate) struct TreeNode {
    pub(crate) kind: NodeKind,
    pub(crate) parent: Option<NodeId>,
    pub(crate) children: Vec<NodeId>,
    /// The line that it begins on.
    pub(crate) line: u32,
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum NodeKind {
    /// The document, or a comment, which both show nothing of their own.
    Nothing,
    /// An element: its name, and its attributes with their values.
    Element { name: QualName, attributes: Vec<Attribute> },
    /// Text, with the offsets at which it goes on in another line, and that line.
    Text { text: String, lines: Vec<(usize, u32)> },
    /// A comment.
    Comment(String),
}

/// A document.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<TreeNode>,
}

/// The document's own node.
pub(crate) const ROOT: NodeId = 0;

impl Tree {
    /// Reads a document, however broken it is. O(text).
    pub(crate) fn read(html: &str) -> Self {
        let sink = Sink { nodes: RefCell::new(Vec::new()), line: Cell::new(1), nameless: nameless() };
        sink.add(NodeKind::Nothing);
        shallow::parse(sink, html).finish()
    }

    pub(crate) fn node(&self, id: NodeId) -> &TreeNode {
        &self.nodes[id]
    }

    /// The name of an element; empty for all else.
    pub(crate) fn name(&self, id: NodeId) -> &str {
        match &self.nodes[id].kind {
            NodeKind::Element { name, .. } => &name.local,
            _ => "",
        }
    }

    /// The value of an attribute of an element.
    pub(crate) fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        match &self.nodes[id].kind {
            NodeKind::Element { attributes, .. } => {
                attributes.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
            }
            _ => None,
        }
    }

    /// Every node under `id` and itself, in the order of the document.
    pub(crate) fn below(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut open = vec![id];
        std::iter::from_fn(move || {
            let next = open.pop()?;
            open.extend(self.nodes[next].children.iter().rev());
            Some(next)
        })
    }

    /// The nodes above `id`, the nearest first.
    pub(crate) fn above(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.nodes[id].parent, |above| self.nodes[*above].parent)
    }

    /// All text under `id`, as it is written.
    pub(crate) fn text(&self, id: NodeId) -> String {
        let texts = self.below(id).filter_map(|node| match &self.nodes[node].kind {
            NodeKind::Text { text, .. } => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }

    /// All text under `id`, with single spaces.
    pub(crate) fn words(&self, id: NodeId) -> String {
        self.text(id).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// What nodes that are no elements are called, where the parser asks.
fn nameless() -> QualName {
    QualName::new(None, Namespace::default(), LocalName::default())
}

struct Sink {
    nodes: RefCell<Vec<TreeNode>>,
    line: Cell<u32>,
    nameless: QualName,
}

impl Sink {
    fn add(&self, kind: NodeKind) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(TreeNode { kind, parent: None, children: Vec::new(), line: self.line.get() });
        nodes.len() - 1
    }

    /// Where the lines of a text begin that is read just now and stands behind `offset` bytes. The parser tells the line in
    /// which a text ends.
    fn lines_of(&self, offset: usize, text: &str) -> impl Iterator<Item = (usize, u32)> {
        let n_breaks = crate::value::narrow(text.matches('\n').count() as u64);
        let first = self.line.get().saturating_sub(n_breaks).max(1);
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        starts.zip(first..).map(move |(at, line)| (offset + at, line))
    }

    fn detach(&self, id: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[id].parent.take() {
            nodes[parent].children.retain(|child| *child != id);
        }
    }

    /// Puts a node or text under `parent`, before the child number `at`.
    fn insert(&self, parent: NodeId, at: usize, child: NodeOrText<NodeId>) {
        let id = match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = at.checked_sub(1).map(|before| nodes[parent].children[before]);
                if let Some(before) = before
                    && let NodeKind::Text { text: said, lines } = &mut nodes[before].kind
                {
                    lines.extend(self.lines_of(said.len(), &text));
                    said.push_str(&text);
                    return;
                }
                drop(nodes);
                self.add(NodeKind::Text { text: text.to_string(), lines: self.lines_of(0, &text).collect() })
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        nodes[id].parent = Some(parent);
        let at = at.min(nodes[parent].children.len());
        nodes[parent].children.insert(at, id);
    }
}

/// The name of an element while the tree is still being built.
#[derive(Debug)]
struct Name(QualName);

impl html5ever::interface::tree_builder::ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Tree;
    type ElemName<'a> = Name;

    fn finish(self) -> Tree {
        Tree { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        ROOT
    }

    fn elem_name(&self, target: &NodeId) -> Name {
        let name = match &self.nodes.borrow()[*target].kind {
            NodeKind::Element { name, .. } => name.clone(),
            _ => self.nameless.clone(),
        };
        Name(name)
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> NodeId {
        self.add(NodeKind::Element { name, attributes })
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.add(NodeKind::Comment(text.to_string()))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.add(NodeKind::Nothing)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let end = self.nodes.borrow()[*parent].children.len();
        self.insert(*parent, end, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, before: &NodeId, child: NodeOrText<NodeId>) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(before, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// What a template holds is shown nowhere, so that it may stand under the template like any other.
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        *target
    }

    fn same_node(&self, a: &NodeId, b: &NodeId) -> bool {
        a == b
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        if let NodeOrText::AppendNode(id) = &child {
            self.detach(*id);
        }
        let parent = self.nodes.borrow()[*sibling].parent;
        let Some(parent) = parent else { return };
        // It is a table that is being read, the last child but for what was put before it.
        let at = self.nodes.borrow()[parent].children.iter().rposition(|child| child == sibling);
        self.insert(parent, at.unwrap_or_default(), child);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, more: Vec<Attribute>) {
        if let NodeKind::Element { attributes, .. } = &mut self.nodes.borrow_mut()[*target].kind {
            for attribute in more {
                if attributes.iter().all(|own| own.name != attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        for child in &children {
            nodes[*child].parent = Some(*new_parent);
        }
        nodes[*new_parent].children.extend(children);
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(crate::value::narrow(line));
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &NodeId) -> bool {
        match &self.nodes.borrow()[*target].kind {
            NodeKind::Element { name, attributes } => {
                name.ns == ns!(mathml)
                    && name.local == local_name!("annotation-xml")
                    && attributes.iter().any(|attribute| {
                        &*attribute.name.local == "encoding" && attribute.value.eq_ignore_ascii_case("text/html")
                    })
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_as_browsers_read_them() {
        let tree = Tree::read("<title>T</title>\n<p>a<p>b &amp;\n<b>c</p><table><tr><td>d</table>");
        let names: Vec<&str> = tree.below(ROOT).map(|id| tree.name(id)).filter(|name| !name.is_empty()).collect();
        assert_eq!(names, ["html", "head", "title", "body", "p", "p", "b", "table", "tbody", "tr", "td"]);
        assert_eq!(tree.words(ROOT), "T ab & cd");
        let bold = tree.below(ROOT).find(|id| tree.name(*id) == "b").unwrap();
        assert_eq!(tree.node(bold).line, 3);
    }

    #[test]
    fn lines_of_long_texts_are_known() {
        let tree = Tree::read("<p>one\ntwo\nthree</p>");
        let text = tree.below(ROOT).find_map(|id| match &tree.node(id).kind {
            NodeKind::Text { text, lines } => Some((text.clone(), lines.clone())),
            _ => None,
        });
        let (text, lines) = text.unwrap();
        let at = |word: &str| {
            let offset = text.find(word).unwrap();
            lines.iter().rev().find(|(start, _)| *start <= offset).unwrap().1
        };
        assert_eq!([at("one"), at("two"), at("three")], [1, 2, 3]);
    }

    #[test]
    fn what_lies_too_deep_stands_in_what_is_open() {
        for n in [shallow::MAX_OPEN / 2, shallow::MAX_OPEN * 3] {
            let deep = format!("<main>{}x{}</main><p>y", "<div><i>".repeat(n), "</i></div>".repeat(n));
            let tree = Tree::read(&deep);
            assert_eq!(tree.words(ROOT), "xy", "{n}");
            let most = tree.below(ROOT).map(|id| tree.above(id).count()).max();
            assert!(most <= Some(shallow::MAX_OPEN + 4), "{n}: {most:?}");
            let last = tree.below(ROOT).filter(|id| tree.name(*id) == "p").last().unwrap();
            let above: Vec<&str> = tree.above(last).map(|id| tree.name(id)).collect();
            assert_eq!(above, ["body", "html", ""], "{n}");
        }
    }

    #[test]
    fn what_is_read_by_rules_of_its_own_stays() {
        let deep = format!("{}<script>a<b></script>x", "<div>".repeat(shallow::MAX_OPEN * 2));
        let tree = Tree::read(&deep);
        assert!(tree.below(ROOT).any(|id| tree.name(id) == "script" && tree.text(id) == "a<b>"));
    }
}
