//! Which folder is the source that a file belongs to.

use std::path::{Component, Path, PathBuf};

/// Files that mark the folder of a site, above which none of it lies.
const MARKS: &[&str] = &[
    "gradus.toml",
    "mkdocs.yml",
    "mkdocs.yaml",
    "hugo.toml",
    "hugo.yaml",
    "book.toml",
    "docusaurus.config.js",
    "docusaurus.config.ts",
    "docusaurus.config.mjs",
    "astro.config.mjs",
    "astro.config.ts",
    "quartz.config.ts",
    ".vitepress",
    ".vuepress",
    "_quarto.yml",
    "_toctree.yml",
    "eleventy.config.js",
    ".eleventy.js",
    "docs.json",
    "mint.json",
    "source.config.ts",
    "_config.yml",
    "_toc.yml",
    "conf.py",
    ".obsidian",
];

/// The folder of the site that `path` lies in: the nearest above it with settings of ours, else with those of a generator,
/// else where the command stands, if the file lies there, the root of its repository, or its own folder.
pub(crate) fn site_of(path: &Path, here: &Path) -> PathBuf {
    let above = || path.ancestors().skip(1);
    let repository = || above().find(|folder| folder.join(".git").exists());
    let own = || repository().or_else(|| path.parent()).unwrap_or(path);
    let own = || if path.starts_with(here) { here } else { own() };
    marked(path).unwrap_or_else(own).to_owned()
}

/// The nearest folder above `path` with settings of ours, else the nearest with those of a generator.
pub(crate) fn marked(path: &Path) -> Option<&Path> {
    let above = || path.ancestors().skip(1);
    let ours = above().find(|folder| folder.join(MARKS[0]).is_file());
    ours.or_else(|| above().find(|folder| MARKS[1..].iter().any(|mark| folder.join(mark).exists())))
}

/// A path without `.` and `..`, which need not exist.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}
