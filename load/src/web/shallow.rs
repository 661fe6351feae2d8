//! Documents read with a bound on how deep elements lie in each other.
//!
//! HTML's rules ask of nearly every tag what is open around it, so that elements in each other cost the square of their number.
//! Browsers stop at some hundred; here a tag that is deeper is passed over, and its text stands in what is open.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::Tracer;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{LocalName, TokenizerResult};
use rustc_hash::FxHashMap;

/// Elements that may be open in each other; Chromium and Firefox stop at 512 too.
pub(super) const MAX_OPEN: usize = 512;
/// Tags after which is counted again what is open.
const RECOUNTED_AFTER: usize = 32;
/// Elements whose inside is read by rules of its own, which their tag turns on.
const READ_OTHERWISE: &[&str] =
    &["title", "textarea", "style", "xmp", "iframe", "noembed", "noframes", "script", "noscript", "plaintext"];
/// Elements that have no inside.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Reads `html` into `sink`. O(text).
pub(super) fn parse<S: TreeSink<Handle: Clone>>(sink: S, html: &str) -> S {
    let builder = TreeBuilder::new(sink, TreeBuilderOpts::default());
    let shallow = Shallow { builder, passed: RefCell::default(), n_open: Cell::new(0), n_since: Cell::new(0) };
    let tokenizer = Tokenizer::new(shallow, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // A script is nothing that would have to run first.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.builder.sink
}

/// What stands between the reader of tags and the builder of the tree.
struct Shallow<S: TreeSink<Handle: Clone>> {
    builder: TreeBuilder<S::Handle, S>,
    /// Names of the tags that were passed over and are not closed, the last one last, and how many of each there are.
    passed: RefCell<(Vec<LocalName>, FxHashMap<LocalName, usize>)>,
    /// Elements that were open when they were counted.
    n_open: Cell<usize>,
    /// Tags read since then.
    n_since: Cell<usize>,
}

/// Counts what the builder holds.
struct OpenCount<H>(Cell<usize>, PhantomData<H>);

impl<H> Tracer for OpenCount<H> {
    type Handle = H;

    fn trace_handle(&self, _: &H) {
        self.0.set(self.0.get() + 1);
    }
}

impl<S: TreeSink<Handle: Clone>> Shallow<S> {
    /// Whether `tag` is passed over.
    fn passes_over(&self, tag: &Tag) -> bool {
        match tag.kind {
            TagKind::StartTag => {
                let is_plain =
                    !tag.self_closing && !VOID.contains(&&*tag.name) && !READ_OTHERWISE.contains(&&*tag.name);
                if !is_plain || !self.is_full() {
                    return false;
                }
                let (names, counts) = &mut *self.passed.borrow_mut();
                names.push(tag.name.clone());
                *counts.entry(tag.name.clone()).or_default() += 1;
                true
            }
            TagKind::EndTag => self.closes_passed(&tag.name),
        }
    }

    /// Whether as many elements are open as may be.
    fn is_full(&self) -> bool {
        let n_since = self.n_since.get() + 1;
        self.n_since.set(n_since);
        if n_since >= RECOUNTED_AFTER || self.n_open.get() + n_since >= MAX_OPEN {
            let count = OpenCount(Cell::new(0), PhantomData);
            self.builder.trace_handles(&count);
            self.n_open.set(count.0.get());
            self.n_since.set(0);
        }
        self.n_open.get() + self.n_since.get() >= MAX_OPEN
    }

    /// Whether the end of an element `name` belongs to a tag that was passed over; what was left open in it ends too.
    fn closes_passed(&self, name: &LocalName) -> bool {
        let (names, counts) = &mut *self.passed.borrow_mut();
        if counts.get(name).is_none_or(|n| *n == 0) {
            return false;
        }
        while let Some(last) = names.pop() {
            if let Some(n) = counts.get_mut(&last) {
                *n -= 1;
            }
            if last == *name {
                break;
            }
        }
        true
    }
}

impl<S: TreeSink<Handle: Clone>> TokenSink for Shallow<S> {
    type Handle = S::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<S::Handle> {
        match &token {
            Token::TagToken(tag) if self.passes_over(tag) => TokenSinkResult::Continue,
            _ => self.builder.process_token(token, line),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
