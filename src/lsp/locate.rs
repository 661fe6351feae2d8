//! Where a page is declared, and where it is named.

use std::collections::BTreeSet;
use std::sync::Arc;

use gradus_corpus::PageId;
use gradus_load::source_text;
use ls_types::{Location, Range};

use super::document::OpenDocument;
use super::report::uri;
use super::symbol::{Symbol, own_names, symbol};
use super::text::LinedText;
use super::workspace::OpenSource;

/// A source and those of its documents that are open.
pub(super) struct OpenGround<'a> {
    pub(super) source: &'a mut OpenSource,
    pub(super) documents: &'a [&'a OpenDocument],
}

impl OpenGround<'_> {
    /// The text of the file called `name`: the editor's where it is open.
    pub(super) fn text(&self, name: &str) -> Option<Arc<LinedText>> {
        let open = self.documents.iter().find(|document| document.name == name);
        let on_disk = || source_text(&self.source.input(), name).map(|text| Arc::new(LinedText::new(text)));
        open.map(|document| Arc::clone(&document.text)).or_else(on_disk)
    }

    /// Where `page` is declared: at its name, where its file gives one.
    pub(super) fn declaration(&self, page: PageId) -> Option<Location> {
        let world = self.source.world.as_ref()?;
        let (file, position) = world.home(page);
        let text = self.text(file)?;
        let names = if world.corpus.page(page).path.is_empty() { Vec::new() } else { own_names(world, file, &text) };
        let title = &*world.corpus.page(page).title;
        let named = names.iter().find(|(_, name)| name == title).or(names.first()).map(|(range, _)| *range);
        let start = text.position(position.line, position.column);
        let range = named.unwrap_or(Range::new(start, start));
        Some(Location { uri: uri(&self.source.path_of(file))?, range })
    }

    /// Every name of `page` that other pages write, with the file that it stands in.
    pub(super) fn names_of(&mut self, page: PageId) -> Vec<(String, Arc<LinedText>, Symbol)> {
        let Some(world) = &self.source.world else { return Vec::new() };
        let mut files: BTreeSet<String> = world.files_naming(page).into_iter().map(str::to_owned).collect();
        files.extend(self.documents.iter().map(|document| document.name.clone()));
        let texts: Vec<_> = files.into_iter().filter_map(|file| Some((self.text(&file)?, file))).collect();
        let Some(world) = &mut self.source.world else { return Vec::new() };
        let mut found = Vec::new();
        for (text, file) in texts {
            let references = world.references_in(&file, &text);
            let own = references.iter().filter(|reference| reference.target == page);
            found.extend(own.map(|reference| (file.clone(), Arc::clone(&text), symbol(reference, &text))));
        }
        found
    }

    /// The places of [`Self::names_of`], and that of the declaration where it is wanted.
    pub(super) fn references(&mut self, page: PageId, with_declaration: bool) -> Vec<Location> {
        let declaration = if with_declaration { self.declaration(page) } else { None };
        let names = self.names_of(page);
        let named = names.iter().filter_map(|(file, _, symbol)| {
            Some(Location { uri: uri(&self.source.path_of(file))?, range: symbol.range })
        });
        declaration.into_iter().chain(named).collect()
    }
}
