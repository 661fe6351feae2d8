//! The search for the generator of a site: whose settings lie in the source, above it or beside it?

use super::{Generator, Ground, Rules};
use super::{address, ground};
use super::{
    docbuilder, docsify, docusaurus, eleventy, exercism, gitbook, hexo, html, hugo, jekyll, mdbook, mintlify, mkdocs,
    next, obsidian, okf, plain, quarto, quartz, sphinx, starlight, vitepress, wiki,
};

/// A generator that was found.
pub(super) struct Found {
    pub(super) generator: Generator,
    /// What told, from the top of the ground.
    pub(super) by: Option<String>,
    /// The folders of the content, from the top of the ground, the main one first.
    pub(super) roots: Vec<String>,
    pub(super) base_path: String,
    pub(super) rules: Box<dyn Rules>,
}

/// Folders in which the settings of a site lie whose content lies elsewhere in the repository.
const SETTINGS_FOLDERS: &[&str] =
    &["website", "docs", "doc", "site", "www", "documentation", "book", "guide", "docs/en"];

/// Looks for settings in the source, above it, and in the folders of both where settings lie apart from content.
pub(super) fn search(ground: &Ground<'_>, wanted: Option<Generator>) -> Option<Found> {
    let mut folders = vec![ground.source().to_owned()];
    folders.extend(ground.above().iter().cloned());
    let found = folders.iter().find_map(|folder| probe(ground, folder, wanted));
    found.or_else(|| search_apart(ground, &folders, wanted)).or_else(|| {
        // What follows says less than settings do: other generators' content may hold it too.
        let signs = [
            (Generator::Mdbook, mdbook::find_summary as fn(&Ground<'_>, &str) -> Option<Found>),
            (Generator::Wiki, wiki::find),
            (Generator::Obsidian, obsidian::find),
        ];
        let wanted = signs.iter().filter(|(generator, _)| wanted.is_none_or(|wanted| wanted == *generator));
        wanted.flat_map(|(_, find)| folders.iter().map(move |folder| find(ground, folder))).flatten().next()
    })
}

/// Looks into the folders below the source and beside it in which settings lie apart from their content.
fn search_apart(ground: &Ground<'_>, folders: &[String], wanted: Option<Generator>) -> Option<Found> {
    let apart = |folder: &String| {
        let folder = folder.clone();
        SETTINGS_FOLDERS.iter().map(move |name| ground::join(&folder, name)).filter(|inner| ground.has(inner))
    };
    // A source with pages of its own beside such a folder is no repository: the folder is one of its chapters.
    let has_pages = ground.files().iter().any(|file| {
        let (folder, name) = ground::parent(file);
        folder == ground.source() && !is_of_repository(name)
    });
    let below = folders.first().filter(|_| !has_pages).into_iter().flat_map(apart);
    let beside = folders.iter().skip(1).flat_map(apart);
    let nearby: Vec<String> = below.chain(beside).collect();
    nearby.iter().filter(|folder| *folder != ground.source()).find_map(|folder| probe(ground, folder, wanted))
}

/// Whether a file belongs to a repository rather than to what is published of it: `LICENSE`, `CHANGELOG-v1.2`.
fn is_of_repository(name: &str) -> bool {
    let stem = address::without_extension(name);
    let word = stem.split(|char: char| !char.is_alphabetic()).next().unwrap_or_default();
    let is_shouted = |text: &str| !text.is_empty() && text.chars().all(|char| !char.is_lowercase());
    let is_known = word.len() > 5 && is_shouted(word);
    (is_shouted(stem) || is_known) && !stem.eq_ignore_ascii_case("index")
}

/// The generator whose settings lie in `folder` and whose content the source holds or lies in.
pub(super) fn probe(ground: &Ground<'_>, folder: &str, wanted: Option<Generator>) -> Option<Found> {
    let wanted: &[Generator] = wanted.as_ref().map_or(Generator::ALL, std::slice::from_ref);
    let found = wanted.iter().find_map(|generator| match generator {
        Generator::Docusaurus => docusaurus::find(ground, folder),
        Generator::Hugo => hugo::find(ground, folder),
        Generator::Jekyll => jekyll::find(ground, folder),
        Generator::Quarto => quarto::find(ground, folder),
        Generator::DocBuilder => docbuilder::find(ground, folder),
        Generator::Eleventy => eleventy::find(ground, folder),
        Generator::Quartz => quartz::find(ground, folder),
        Generator::Vitepress | Generator::Vuepress => vitepress::find(ground, folder, *generator),
        Generator::Sphinx => sphinx::find(ground, folder),
        Generator::Exercism => exercism::find(ground, folder),
        Generator::Mkdocs | Generator::Zensical => mkdocs::find(ground, folder, *generator),
        Generator::Docsify => docsify::find(ground, folder),
        Generator::Gitbook => gitbook::find(ground, folder),
        Generator::Hexo => hexo::find(ground, folder),
        Generator::Mdbook => mdbook::find(ground, folder),
        Generator::Starlight => starlight::find(ground, folder),
        Generator::Okf => okf::find(ground, folder),
        Generator::Mintlify => mintlify::find(ground, folder),
        Generator::Nextra => next::find_nextra(ground, folder),
        Generator::Fumadocs => next::find_fumadocs(ground, folder),
        Generator::Wiki | Generator::Obsidian | Generator::Html | Generator::Plain => None,
    });
    found.filter(|found| found.roots.iter().any(|root| ground.meets(root)))
}

/// The rules of a generator of which no settings were found: the source is its content.
pub(super) fn by_default(ground: &Ground<'_>, generator: Generator) -> Box<dyn Rules> {
    let root = ground.source();
    match generator {
        Generator::Docusaurus => docusaurus::by_default(ground, root),
        Generator::Hugo => hugo::by_default(ground, root),
        Generator::Jekyll => jekyll::by_default(root),
        Generator::Quarto => quarto::by_default(root),
        Generator::DocBuilder => docbuilder::by_default(ground, root),
        Generator::Eleventy => eleventy::by_default(ground, root),
        Generator::Quartz => quartz::by_default(root),
        Generator::Vitepress | Generator::Vuepress => vitepress::by_default(root, generator),
        Generator::Sphinx => sphinx::by_default(root),
        Generator::Obsidian => obsidian::by_default(root),
        Generator::Mkdocs | Generator::Zensical => mkdocs::by_default(ground, root),
        Generator::Docsify => docsify::by_default(ground, root),
        Generator::Gitbook => gitbook::by_default(ground, root),
        Generator::Hexo => hexo::by_default(ground, root),
        Generator::Wiki => wiki::by_default(ground, root),
        Generator::Mdbook => mdbook::by_default(ground, root),
        Generator::Starlight => starlight::by_default(ground, root),
        Generator::Okf => okf::by_default(root),
        Generator::Mintlify => mintlify::by_default(root),
        Generator::Nextra => next::nextra_by_default(ground, root),
        Generator::Fumadocs => next::fumadocs_by_default(ground, root),
        Generator::Html => Box::new(html::Html { root: root.to_owned() }),
        Generator::Exercism | Generator::Plain => {
            Box::new(plain::Plain::new(root, ground.files().iter().map(String::as_str)))
        }
    }
}
