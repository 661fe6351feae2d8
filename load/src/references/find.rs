//! Finding: from a target to what it leads to.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::anchors::{PagePlaces, PlaceInPage};
use super::files::{encoded, folder_of, joined};
use super::target::{LinkTarget, TargetReading, TargetStart, may_be_no_name, read};
use super::{Destination, References};
use crate::body::LinkForm;
use gradus_corpus::names::{extension, is_markdown, percent_decoded};
use gradus_corpus::{Kind, Page, PageId};

impl References<'_> {
    /// Where a link of this form in a text of `from` leads.
    pub(crate) fn link(&self, from: PageId, form: LinkForm, written: &str) -> Destination {
        let routed = self.around.routes_by_fragment.then(|| routed(written));
        let target = match read(form, routed.as_deref().unwrap_or(written)) {
            TargetReading::External => return Destination::External,
            TargetReading::Nothing => return Destination::Broken,
            TargetReading::Unknowable => return Destination::Unknowable,
            TargetReading::LinkTarget(target) => target,
        };
        match target.start {
            TargetStart::Here => self.here(from, &target),
            TargetStart::Folder => self.beside(from, form, &target),
            TargetStart::Root => self.at_root(from, &target),
            TargetStart::Project => self.in_project(from, &target),
            TargetStart::Web => self.on_the_web(from, &target),
            TargetStart::Anywhere => self.anywhere(from, &target),
            TargetStart::Name => self.named(from, form, &target),
        }
    }

    /// The pages that an entry of front matter or a central file means, those of the kind `wanted` first of all: an id to
    /// the letter, a path from the file or the root, a name, the end of a path.
    pub(crate) fn entry(&self, from: PageId, written: &str, wanted: Option<Kind>) -> Vec<PageId> {
        let reference = gradus_corpus::names::target_of(written);
        let is_path = reference.contains('/') || is_markdown(reference.split('#').next().unwrap_or_default());
        if is_path && !reference.starts_with('/') && !reference.contains("://") {
            let decoded = percent_decoded(reference.split(['#', '?']).next().unwrap_or_default());
            let folder = folder_of(&self.pages[from.idx()].path);
            let pages = self.names.by_file(&joined(folder, &decoded), wanted);
            if !pages.is_empty() {
                return self.narrowed(from, pages);
            }
        }
        let pages = self.names.resolve_kind(reference, wanted).pages;
        match reference.split_once('|') {
            // YAML reads `[[Name|text]]` as a list in a list, so that the brackets are gone.
            Some((name, _)) if pages.is_empty() => self.entry(from, name, wanted),
            _ => self.narrowed(from, pages),
        }
    }

    /// A relative path: from the page's file and from its URL.
    fn beside(&self, from: PageId, form: LinkForm, target: &LinkTarget<'_>) -> Destination {
        let page = &self.pages[from.idx()];
        let path = joined(folder_of(&page.path), &target.path);
        let by_file = || if page.path.is_empty() { Vec::new() } else { self.names.by_file(&path, None) };
        let url = self.url_beside(page, &target.path);
        let by_url = || url.as_deref().map_or_else(Vec::new, |url| self.names.by_shown_url(url, None));
        if self.around.routes_by_fragment && form != LinkForm::Image {
            let rooted = self.names.by_file(&joined(&self.around.content_root, &target.path), None);
            if !rooted.is_empty() {
                return self.page(from, rooted, target);
            }
        }
        // A site that shows a page as a folder counts what is no file's name from there, and so does raw HTML.
        let url_first = page.url.ends_with('/') && (form == LinkForm::Html || !is_markdown(&target.path));
        let mut pages = if url_first { by_url() } else { by_file() };
        if pages.is_empty() {
            pages = if url_first { by_file() } else { by_url() };
        }
        if !pages.is_empty() {
            return self.page(from, pages, target);
        }
        if !page.path.is_empty() && self.around.files.holds(&path) {
            return self.file(&path);
        }
        if let Some(url) = url.as_deref().filter(|url| self.around.shows(self.inside(url))) {
            return Destination::Asset { url: Some(encoded(url).into()) };
        }
        if self.around.has_global_files && self.around.shows(&target.path) {
            return Destination::Asset { url: None };
        }
        if let Some(page) = url.as_deref().and_then(|url| self.untranslated(url)) {
            return self.page(from, vec![page], target);
        }
        if self.around.is_vault
            && let Some(found) = self.in_vault(from, target)
        {
            return found;
        }
        let label = self.labels_of_all().and_then(|labels| labels.get(&*target.path)).copied();
        if let Some(page) = label {
            let anchor = Some(target.path.clone());
            return self.page(
                page,
                vec![page],
                &LinkTarget { start: TargetStart::Here, path: "".into(), anchor, tail: "" },
            );
        }
        self.missing_beside(page, form, &path, url.as_deref(), target)
    }

    /// A path from the root: of the site, of its content, of the source, of the repository.
    fn at_root(&self, from: PageId, target: &LinkTarget<'_>) -> Destination {
        let files = &self.around.files;
        let path = target.path.trim_start_matches('/');
        let mut pages = self.names.by_url(&target.path, None);
        if pages.is_empty() && self.around.base_path.len() > 1 {
            // Generators put the path of the site before what counts from its root.
            pages = self.names.by_shown_url(&format!("{}{path}", self.around.base_path), None);
        }
        if pages.is_empty() {
            pages = self.names.by_file(&joined(&self.around.content_root, path), None);
        }
        if pages.is_empty()
            && let Some(path) = files.inside_repository(path)
        {
            pages = self.names.by_file(path, None);
        }
        if !pages.is_empty() {
            return self.page(from, pages, target);
        }
        if let Some(page) = self.untranslated(&target.path) {
            return self.page(from, vec![page], target);
        }
        let inside = self.inside(&target.path);
        let is_file = self.around.shows(inside) || self.around.routes(inside);
        if is_file || files.inside_repository(path).is_some_and(|path| files.holds(path)) {
            return Destination::Asset { url: None };
        }
        if let Some(withheld) = self.around.withheld_below(&target.path) {
            return Destination::Withheld(withheld);
        }
        let is_ours = is_markdown(path);
        let is_elsewhere = || self.is_elsewhere(&target.path);
        if !is_ours && (!files.is_tree() || is_elsewhere()) { Destination::Unknowable } else { Destination::Broken }
    }

    /// A path from the root of the project, which is the source, a folder above it, or the folder beside its settings.
    fn in_project(&self, from: PageId, target: &LinkTarget<'_>) -> Destination {
        let mut path = target.path.trim_start_matches('/');
        loop {
            let pages = self.names.by_file(path, None);
            if !pages.is_empty() {
                return self.page(from, pages, target);
            }
            if self.around.files.holds(path) || self.around.shows(path) {
                return self.file(path);
            }
            // The source may be the folder that the path begins with.
            match path.split_once('/') {
                Some((_, rest)) => path = rest,
                None => break,
            }
        }
        let ending = self.narrowed(from, self.names.by_ending(&target.path, None));
        if !ending.is_empty() {
            return self.page(from, ending, target);
        }
        if is_markdown(&target.path) { Destination::Broken } else { Destination::Unknowable }
    }

    fn on_the_web(&self, from: PageId, target: &LinkTarget<'_>) -> Destination {
        let ours = self.around.base_url.as_deref().and_then(|base| target.path.strip_prefix(base));
        let Some(path) = ours.filter(|path| path.is_empty() || path.starts_with('/')) else {
            return Destination::External;
        };
        let pages = self.names.by_shown_url(&target.path, None);
        if !pages.is_empty() {
            return self.page(from, pages, target);
        }
        let is_asset = self.around.shows(path);
        // An absolute URL says that its author looked at the site itself, of which the source may be a part.
        if is_asset { Destination::Asset { url: None } } else { Destination::Unknowable }
    }

    /// Hugo's `ref` and Jekyll's `link` and `post_url`: beside the page, from the root, or the only page of that name.
    fn anywhere(&self, from: PageId, target: &LinkTarget<'_>) -> Destination {
        let folder = folder_of(&self.pages[from.idx()].path);
        let path = target.path.trim_start_matches('/');
        let is_rooted = path.len() < target.path.len();
        let rooted = || self.names.by_file(&joined(&self.around.content_root, path), None);
        let tries: [&dyn Fn() -> Vec<PageId>; 4] = [
            &|| if is_rooted { Vec::new() } else { self.names.by_file(&joined(folder, path), None) },
            &rooted,
            &|| self.names.by_url(&format!("/{path}"), None),
            &|| self.names.by_ending(path, None),
        ];
        let found = tries.iter().map(|pages| pages()).find(|pages| !pages.is_empty() && !path.is_empty());
        match found {
            Some(pages) => self.page(from, pages, target),
            None if path.is_empty() => self.here(from, target),
            None if self.around.files.holds(&joined(folder, path)) => self.file(&joined(folder, path)),
            None if self.around.shows(path) => Destination::Asset { url: None },
            None => self.withheld(path).map_or(Destination::Broken, Destination::Withheld),
        }
    }

    /// A wikilink: an id, the file beside the page, a name, a path from the root, the end of a path, an attachment.
    fn named(&self, from: PageId, form: LinkForm, target: &LinkTarget<'_>) -> Destination {
        let name = target.path.trim_end_matches('/');
        let whole = format!("{name}{}", target.tail);
        let bare = match name.rsplit_once('.') {
            Some((bare, _)) if is_markdown(name) => bare,
            _ => name,
        };
        let folder = folder_of(&self.pages[from.idx()].path);
        let tries: [&dyn Fn() -> Vec<PageId>; 8] = [
            &|| self.names.by_id(name),
            &|| self.names.by_file(&joined(folder, name), None),
            &|| self.by_stem(bare),
            &|| self.names.by_name(name, None),
            // A name may hold a sign that divides others: `C#`.
            &|| if target.tail.is_empty() { Vec::new() } else { self.names.by_name(&whole, None) },
            &|| self.names.by_url(&format!("/{}", name.trim_start_matches('/')), None),
            &|| self.names.resolve(bare).pages,
            &|| self.names.by_ending(bare, None),
        ];
        if let Some(pages) = tries.iter().map(|pages| pages()).find(|pages| !pages.is_empty()) {
            return self.page(from, pages, target);
        }
        let files = &self.around.files;
        let path = joined(folder, name);
        if extension(name).is_some_and(|extension| !is_markdown(&format!("x.{extension}"))) || form == LinkForm::Embed {
            if let Some(path) = [path.as_str(), name].into_iter().find(|path| files.holds(path)) {
                return self.file(path);
            }
            if let Some(path) = files.named(name.rsplit('/').next().unwrap_or(name)) {
                return self.file(path);
            }
        }
        if may_be_no_name(name) {
            return Destination::Unknowable;
        }
        // Tables of TOML look like wikilinks where a shortcode holds them.
        let is_table = name.contains('.') && !name.contains(' ') && target.tail.is_empty();
        if !self.around.has_wikilinks && (is_table || self.around.has_global_files && is_alone(name)) {
            return Destination::Unknowable;
        }
        self.withheld(bare).map_or(Destination::Broken, Destination::Withheld)
    }

    /// The page whose file is called `stem` to the letter, if it is one and no other: whatever others call themselves, that name
    /// is the surest.
    fn by_stem(&self, stem: &str) -> Vec<PageId> {
        if !self.around.has_wikilinks || stem.contains('/') {
            return Vec::new();
        }
        let mut pages = self.names.by_ending(stem, None);
        pages.retain(|page| {
            let path = &self.pages[page.idx()].path;
            is_markdown(path) && crate::source::stem(path).rsplit('/').next() == Some(stem)
        });
        if pages.len() == 1 { pages } else { Vec::new() }
    }

    /// In a vault a relative path may also count from its root, or be the end of one.
    fn in_vault(&self, from: PageId, target: &LinkTarget<'_>) -> Option<Destination> {
        let mut pages = self.names.by_file(&joined(&self.around.content_root, &target.path), None);
        if pages.is_empty() {
            pages = self.names.by_url(&format!("/{}", target.path), None);
        }
        if pages.is_empty() && !self.around.has_hook && !target.path.starts_with("..") {
            pages = self.names.by_ending(&target.path, None);
        }
        if !pages.is_empty() {
            return Some(self.page(from, pages, target));
        }
        let attachment = self.around.files.named(target.path.rsplit('/').next().unwrap_or_default());
        attachment.filter(|_| extension(&target.path).is_some()).map(|path| self.file(path))
    }

    /// A place of the page itself, or, where labels hold for all pages, the page whose text declares it.
    fn here(&self, from: PageId, target: &LinkTarget<'_>) -> Destination {
        let own = self.page(from, vec![from], target);
        let Destination::Page { place: PlaceInPage::Missing(label), .. } = &own else { return own };
        let holds = self.around.has_labels || self.around.has_section_labels && label.starts_with("sec-");
        match holds.then(|| self.labels().get(&**label)).flatten() {
            Some(page) => self.page(*page, vec![*page], target),
            // A label may be one of another project.
            None if self.around.has_inventories
                && (target.start == TargetStart::Anywhere || label.contains(['/', ':'])) =>
            {
                Destination::Unknowable
            }
            None => own,
        }
    }

    /// The pages whose texts declare a label, where labels hold for all pages.
    fn labels_of_all(&self) -> Option<&FxHashMap<&str, PageId>> {
        self.around.has_labels.then(|| self.labels())
    }

    fn labels(&self) -> &FxHashMap<&str, PageId> {
        self.labels.get_or_init(|| {
            let mut labels = FxHashMap::default();
            for (id, page) in (0..).map(PageId).zip(self.pages) {
                for label in page.anchors.iter().chain(page.sections.iter().map(|section| &section.anchor)) {
                    labels.entry(&**label).or_insert(id);
                }
            }
            labels
        })
    }

    /// A page out of `pages` and the place in it.
    fn page(&self, from: PageId, pages: Vec<PageId>, target: &LinkTarget<'_>) -> Destination {
        let mut pages = self.narrowed(from, pages);
        if pages.is_empty() {
            return Destination::Broken;
        }
        // A name that one concept and guides share means the concept.
        if self.pages[pages[0].idx()].kind == Kind::Concept
            && pages.get(1).is_some_and(|second| self.pages[second.idx()].kind == Kind::Guide)
        {
            pages.truncate(1);
        }
        let page = pages.remove(0);
        let wanted = target.anchor.as_deref().unwrap_or_default();
        let place = self.place(page, wanted);
        let query =
            if target.start == TargetStart::Name { "" } else { target.tail.split('#').next().unwrap_or_default() };
        Destination::Page { page, place, query: query.into(), others: pages }
    }

    fn place(&self, page: PageId, wanted: &str) -> PlaceInPage {
        if wanted.is_empty() {
            return PlaceInPage::Whole;
        }
        let mut places = self.places.borrow_mut();
        let of_page = places.entry(page).or_insert_with(|| PagePlaces::new(&self.pages[page.idx()]));
        of_page.find(self.partial[page.idx()], wanted)
    }

    /// A file of the source that is no page of the site.
    fn file(&self, path: &str) -> Destination {
        let Some(inside) = gradus_corpus::names::segments(path).map(|segments| segments.join("/")) else {
            return Destination::Asset { url: None };
        };
        if let Some(withheld) = self.around.withheld_at(&inside) {
            return Destination::Withheld(withheld);
        }
        let root = &self.around.content_root;
        let shown =
            inside.strip_prefix(&**root).filter(|_| self.around.shows_files).map(|path| path.trim_start_matches('/'));
        let base =
            self.around.base_url.clone().unwrap_or_else(|| self.around.base_path.trim_end_matches('/').to_owned());
        Destination::Asset { url: shown.map(|path| format!("{base}/{}", encoded(path)).into()) }
    }

    /// The path of a page of this name that is not published.
    pub(crate) fn withheld(&self, name: &str) -> Option<Box<str>> {
        self.around.withheld_as(name)
    }

    /// Of several pages that a reference names, those that are nearest to `from`: of its language and version, in its
    /// folder. More than one where none is nearer than the others.
    fn narrowed(&self, from: PageId, pages: Vec<PageId>) -> Vec<PageId> {
        if pages.len() < 2 {
            return pages;
        }
        let page = &self.pages[from.idx()];
        let of = |id: &PageId| &self.pages[id.idx()];
        let alike: Vec<PageId> = pages.iter().copied().filter(|id| of(id).lang == page.lang).collect();
        let pages = if alike.is_empty() { pages } else { alike };
        let folder = folder_of(&page.path);
        let beside: Vec<PageId> = pages.iter().copied().filter(|id| folder_of(&of(id).path) == folder).collect();
        if beside.len() == 1 && !page.path.is_empty() { beside } else { pages }
    }

    /// The path of the URL that `path` means on `page`, as a browser reads it; `None` where it leads above the root.
    fn url_beside(&self, page: &Page, path: &str) -> Option<String> {
        let url = match page.url.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
            None => &page.url,
        };
        let url = percent_decoded(url);
        let joined = format!("{}/{path}", folder_of(&url));
        let slash = if path.ends_with('/') { "/" } else { "" };
        gradus_corpus::names::segments(&joined).map(|segments| format!("/{}{slash}", segments.join("/")))
    }

    /// A path of the site without its base path.
    pub(super) fn inside<'u>(&self, url: &'u str) -> &'u str {
        let base = self.around.base_path.trim_end_matches('/');
        url.strip_prefix(base).filter(|rest| rest.starts_with('/')).unwrap_or(url)
    }
}

/// A target of docsify as others write it: `#/page?id=place` is `/page#place`.
fn routed(written: &str) -> Cow<'_, str> {
    let path = written.trim();
    let path = path.strip_prefix('#').filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let is_own = !path.contains("://") && !path.contains('#');
    match path.split_once("?id=").filter(|_| is_own) {
        Some((path, place)) => format!("{path}#{}", place.split('&').next().unwrap_or_default()).into(),
        None => Cow::Borrowed(path),
    }
}

/// Whether a name is one short word in lower case, as keys of settings are.
fn is_alone(name: &str) -> bool {
    name.len() < 12 && name.chars().all(|char| char.is_ascii_lowercase())
}
