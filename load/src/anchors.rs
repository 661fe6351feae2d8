//! Anchors: the fragment that each generator makes of a heading, exactly as its own code makes it.

mod slugs;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use slugs::{
    blackfriday, docsify, docutils, hugo, is_github_word, is_mark, is_python_space, is_python_word, joined, pandoc,
    smart, vitepress,
};
pub(crate) use slugs::{hexo_slug, sphinx_term};

/// How a generator makes anchors from headings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anchors {
    /// GitHub and whatever uses github-slugger.
    #[default]
    Github,
    /// Quartz: github-slugger behind a typographer.
    Quartz,
    /// Docusaurus: github-slugger, and explicit ids are not reserved.
    Docusaurus,
    /// Astro and Starlight: github-slugger, also for headings written in HTML.
    #[serde(alias = "starlight")]
    Astro,
    /// Hugo, type `github`.
    Hugo,
    /// Hugo, type `github-ascii`.
    HugoAscii,
    /// Hugo, type `blackfriday`.
    HugoBlackfriday,
    /// MkDocs and its Material theme: Python-Markdown's `toc`.
    Mkdocs,
    /// MkDocs with `pymdownx.slugs.slugify` in lower case.
    Pymdownx,
    /// mdBook.
    Mdbook,
    /// Sphinx with MyST: docutils' ids.
    Sphinx,
    /// Jekyll: kramdown's GFM parser.
    Jekyll,
    /// kramdown by itself.
    Kramdown,
    /// VitePress.
    Vitepress,
    /// Fumadocs: github-slugger, and ids in brackets, `[#id]`.
    Fumadocs,
    /// Quarto: pandoc's `auto_identifiers`.
    Pandoc,
    /// doc-builder: ids in double brackets, `[[id]]`, else github-slugger.
    DocBuilder,
    /// docsify.
    Docsify,
    /// Hexo with its own renderer.
    Hexo,
}

impl Anchors {
    fn is_hugo(self) -> bool {
        matches!(self, Self::Hugo | Self::HugoAscii | Self::HugoBlackfriday)
    }

    /// Whether the anchor of a heading counts what an image in it says in place of its picture.
    pub(crate) fn counts_alt_text(self) -> bool {
        self.is_hugo() || self == Self::Docusaurus
    }

    /// Whether it counts the number of a footnote that it refers to.
    pub(crate) fn counts_footnotes(self) -> bool {
        matches!(self, Self::Astro | Self::Quartz | Self::Mdbook)
    }

    /// Whether dashes of the typographer stand in a heading's text by the time its anchor is made.
    pub(crate) fn is_smart(self) -> bool {
        self.is_hugo() || matches!(self, Self::Astro | Self::Quartz | Self::Mdbook | Self::Jekyll | Self::Pandoc)
    }

    /// Whether the typographer makes a dash of three hyphens.
    pub(crate) fn has_long_dashes(self) -> bool {
        !matches!(self, Self::Astro | Self::Quartz)
    }

    /// Whether lines may be joined into one heading by a line of hyphens.
    pub(crate) fn has_long_headings(self) -> bool {
        !self.runs_liquid()
    }

    /// Whether the inside of `{{< >}}` is no Markdown.
    pub(crate) fn keeps_shortcodes_raw(self) -> bool {
        self.is_hugo()
    }

    /// Whether Liquid is run before Markdown, so that what `raw` keeps from it is Markdown still.
    pub(crate) fn runs_liquid(self) -> bool {
        matches!(self, Self::Jekyll | Self::Kramdown)
    }

    /// What joins the lines of a heading in its anchor; `None` where only the last line counts.
    pub(crate) fn line_join(self) -> Option<&'static str> {
        match self {
            Self::Hugo | Self::HugoAscii | Self::HugoBlackfriday => None,
            Self::Github | Self::Astro | Self::Quartz | Self::Fumadocs | Self::DocBuilder => Some(""),
            _ => Some(" "),
        }
    }

    /// Whether headings written in HTML get an anchor that their author did not give.
    pub(crate) fn reads_html_headings(self) -> bool {
        self == Self::Github
    }

    /// Whether `{#id}` behind a heading is its id and not a part of its text.
    pub(crate) fn reads_attribute_lists(self) -> bool {
        !matches!(self, Self::Astro | Self::Quartz | Self::Sphinx)
    }

    /// Whether a label or attribute list in the line before a heading is its id.
    pub(crate) fn reads_labels(self) -> bool {
        self == Self::Sphinx
    }

    /// Whether the generator's Markdown has definition lists.
    pub(crate) fn has_definition_lists(self) -> bool {
        matches!(
            self,
            Self::Hugo
                | Self::HugoAscii
                | Self::HugoBlackfriday
                | Self::Mkdocs
                | Self::Pymdownx
                | Self::Mdbook
                | Self::Sphinx
                | Self::Jekyll
                | Self::Kramdown
                | Self::Pandoc
        )
    }

    /// Whether the generator reads Markdown as Python-Markdown does.
    pub(crate) fn is_python(self) -> bool {
        matches!(self, Self::Mkdocs | Self::Pymdownx)
    }

    /// Whether nothing in an element of HTML is Markdown, unless the element says so.
    pub(crate) fn keeps_elements_raw(self) -> bool {
        self.is_python() || self.runs_liquid()
    }

    /// The maker of the anchors of one page.
    pub(crate) fn slugger(self) -> Slugger {
        Slugger { anchors: self, taken: FxHashMap::default(), next: FxHashMap::default(), n_anonymous: 0 }
    }

    /// The anchor that the generator makes of a heading's text, before it is made unique.
    pub(crate) fn slug(self, title: &str) -> String {
        match self {
            Self::Github | Self::Quartz | Self::Docusaurus | Self::Astro | Self::Fumadocs | Self::DocBuilder => {
                let kept =
                    title.chars().flat_map(char::to_lowercase).filter(|char| *char == ' ' || is_github_word(*char));
                kept.map(|char| if char == ' ' { '-' } else { char }).collect()
            }
            Self::Hugo => hugo(title.trim()),
            Self::HugoAscii => {
                let bare: String = title.trim().nfd().filter(|char| !is_mark(*char)).collect();
                hugo(&bare.chars().filter(char::is_ascii).collect::<String>())
            }
            Self::HugoBlackfriday => blackfriday(title),
            Self::Mkdocs => {
                let ascii: String = title.nfkd().filter(char::is_ascii).collect();
                let words: String =
                    ascii.chars().filter(|char| is_python_word(*char) || is_python_space(*char)).collect();
                joined(&words.trim_matches(is_python_space).to_lowercase())
            }
            Self::Pymdownx => {
                let nfc: String = title.nfc().collect();
                let lower = nfc.trim_matches(is_python_space).to_lowercase();
                let kept = lower.chars().filter(|char| *char == ' ' || is_python_word(*char));
                kept.map(|char| if char == ' ' { '-' } else { char }).collect()
            }
            Self::Mdbook => {
                let lower = title.trim().to_lowercase();
                let kept = lower.chars().filter_map(|char| match char {
                    '_' | '-' => Some(char),
                    _ if char.is_alphanumeric() => Some(char),
                    _ => char.is_whitespace().then_some('-'),
                });
                kept.collect()
            }
            Self::Sphinx => docutils(title),
            Self::Jekyll => {
                let lower = title.to_lowercase();
                let kept = lower.chars().filter(|char| is_github_word(*char) || matches!(char, ' ' | '\t'));
                kept.map(|char| if matches!(char, ' ' | '\t') { '-' } else { char }).collect()
            }
            Self::Kramdown => {
                let title = title.trim_start_matches(|char: char| !char.is_ascii_alphabetic());
                let kept = title.chars().filter(|char| char.is_ascii_alphanumeric() || matches!(char, ' ' | '-'));
                kept.map(|char| if char == ' ' { '-' } else { char.to_ascii_lowercase() }).collect()
            }
            Self::Vitepress => vitepress(title),
            Self::Pandoc => pandoc(title),
            Self::Docsify => docsify(title),
            Self::Hexo => hexo_slug(&smart(title)),
        }
    }
}

/// The anchors of one page while they are made.
#[derive(Debug)]
pub(crate) struct Slugger {
    anchors: Anchors,
    /// With each anchor the last number that was put behind it.
    taken: FxHashMap<Box<str>, u32>,
    /// Of Python-Markdown's numbered anchors, the next number that may be free behind each that is not. A thousand headings
    /// of one title cost a thousand steps, however the numbers were reached.
    next: FxHashMap<(Box<str>, u32), u32>,
    /// Anchors that docutils has made of nothing.
    n_anonymous: u32,
}

impl Slugger {
    /// The anchor of a heading, unique on the page as the generator makes it so. An `id` that the author gave wins.
    /// Amortised O(title).
    pub(crate) fn unique(&mut self, id: Option<&str>, title: &str) -> String {
        match (id, self.anchors) {
            (Some(id), _) => {
                self.reserve(id);
                id.to_owned()
            }
            (None, Anchors::Mkdocs | Anchors::Pymdownx) => self.python(self.anchors.slug(title)),
            (None, Anchors::Sphinx) => self.docutils(self.anchors.slug(title)),
            (None, Anchors::Hugo | Anchors::HugoAscii | Anchors::HugoBlackfriday) => {
                self.numbered(self.anchors.slug(title), "heading")
            }
            (None, Anchors::Kramdown | Anchors::Pandoc) => self.numbered(self.anchors.slug(title), "section"),
            (None, Anchors::Jekyll | Anchors::Docsify) => self.by_text(self.anchors.slug(title)),
            (None, Anchors::Astro) => {
                let anchor = self.numbered(self.anchors.slug(title), "");
                anchor.strip_suffix('-').map(str::to_owned).unwrap_or(anchor)
            }
            (None, _) => self.numbered(self.anchors.slug(title), ""),
        }
    }

    /// The further id that MyST gives to a heading.
    pub(crate) fn myst_alias(&mut self, title: &str) -> String {
        let lower = title.to_lowercase();
        let kept = lower.chars().filter(|char| *char == ' ' || is_python_word(*char));
        self.numbered(kept.map(|char| if char == ' ' { '-' } else { char }).collect(), "")
    }

    /// Keeps an id that the author has written from being given to a heading, where the generator does so. Docusaurus,
    /// Astro, mdBook and kramdown leave it to their author.
    pub(crate) fn reserve(&mut self, id: &str) {
        use Anchors::{Astro, Docusaurus, Jekyll, Kramdown, Mdbook, Quartz};
        if !matches!(self.anchors, Astro | Docusaurus | Jekyll | Kramdown | Mdbook | Quartz) {
            self.taken.entry(id.into()).or_default();
        }
    }

    /// kramdown's way: headings of one text are numbered, whatever other headings are called.
    fn by_text(&mut self, slug: String) -> String {
        let Some(n) = self.taken.get_mut(slug.as_str()) else {
            self.taken.insert(slug.as_str().into(), 0);
            return slug;
        };
        *n += 1;
        format!("{slug}-{n}")
    }

    /// github-slugger's way: the number behind an anchor is counted for each anchor.
    fn numbered(&mut self, slug: String, of_nothing: &str) -> String {
        let base = if slug.is_empty() { of_nothing.to_owned() } else { slug };
        let Some(mut n) = self.taken.get(base.as_str()).copied() else {
            self.taken.insert(base.as_str().into(), 0);
            return base;
        };
        let mut anchor = base.clone();
        while self.taken.contains_key(anchor.as_str()) {
            n += 1;
            anchor = format!("{base}-{n}");
        }
        self.taken.insert(base.into(), n);
        self.taken.insert(anchor.as_str().into(), 0);
        anchor
    }

    /// Python-Markdown's way: a number that ends an anchor is counted up, whoever wrote it.
    fn python(&mut self, slug: String) -> String {
        if !slug.is_empty() && !self.taken.contains_key(slug.as_str()) {
            self.taken.insert(slug.as_str().into(), 0);
            return slug;
        }
        let counted = slug.rsplit_once('_').and_then(|(stem, digits)| {
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            Some((stem, digits.parse::<u32>().ok().filter(|n| is_number && *n < u32::MAX)?))
        });
        let (stem, n) = counted.unwrap_or((&slug, 0));
        let n = self.free(stem, n + 1);
        let anchor = format!("{stem}_{n}");
        self.taken.insert(anchor.as_str().into(), 0);
        anchor
    }

    /// The first number from `n` on that makes a free anchor of `stem`; what was passed over leads there at once next time.
    fn free(&mut self, stem: &str, n: u32) -> u32 {
        let mut passed = Vec::new();
        let mut at = n;
        while self.taken.contains_key(format!("{stem}_{at}").as_str()) {
            passed.push(at);
            at = self.next.get(&(stem.into(), at)).copied().unwrap_or(at + 1);
        }
        for step in passed {
            self.next.insert((stem.into(), step), at + 1);
        }
        at
    }

    /// docutils' way: what is taken or empty is called `id1`, `id2` ….
    fn docutils(&mut self, slug: String) -> String {
        if !slug.is_empty() && !self.taken.contains_key(slug.as_str()) {
            self.taken.insert(slug.as_str().into(), 0);
            return slug;
        }
        loop {
            self.n_anonymous += 1;
            let anchor = format!("id{}", self.n_anonymous);
            if !self.taken.contains_key(anchor.as_str()) {
                self.taken.insert(anchor.as_str().into(), 0);
                return anchor;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(anchors: Anchors, titles: &[&str], expected: &[&str]) {
        let mut slugger = anchors.slugger();
        let made: Vec<String> = titles.iter().map(|title| slugger.unique(None, title)).collect();
        assert_eq!(made, expected, "{anchors:?}");
    }

    #[test]
    fn github_slugger() {
        let titles = [
            "Setup",
            "Setup",
            "setup-1",
            "Setup",
            "…",
            "???",
            "???",
            "GET /users/{id}",
            "हिन्दी",
            "การเรียนรู้",
            "İstanbul",
        ];
        let slugs = [
            "setup",
            "setup-1",
            "setup-1-1",
            "setup-2",
            "",
            "-1",
            "-2",
            "get-usersid",
            "हिन्दी",
            "การเรียนรู้",
            "i̇stanbul",
        ];
        check(Anchors::Github, &titles, &slugs);
        check(Anchors::Github, &["Tabs\tand  spaces", "x² Ⅷ", "a‿b"], &["tabsand--spaces", "x-ⅷ", "a‿b"]);
    }

    #[test]
    fn docsify_and_hexo() {
        let titles = ["Setup", "Setup", "2. What's new? \u{1f680}", "API / a_b", "Über Größe", "ÄB"];
        check(Anchors::Docsify, &titles, &["setup", "setup-1", "_2-whats-new-", "api--a_b", "Über-größe", "Äb"]);
        let titles =
            ["Setup", "Setup", "2. What's new?", "API / a_b", "Straße Ægir Łódź", "A -- b... \"q\"", "日本 語"];
        let slugs = ["Setup", "Setup-1", "2-What’s-new", "API-a-b", "Strase-AEgir-Lodz", "A-–-b…-“q”", "日本-語"];
        check(Anchors::Hexo, &titles, &slugs);
    }

    #[test]
    fn python_markdown() {
        let titles =
            ["Über uns", "Café crème", "--verbose", "a", "a", "a_1", "x²", "日本", "…", "-x- dashes -", "Straße"];
        let slugs = ["uber-uns", "cafe-creme", "-verbose", "a", "a_1", "a_2", "x2", "_1", "_2", "-x-dashes-", "strae"];
        check(Anchors::Mkdocs, &titles, &slugs);
        check(Anchors::Mkdocs, &["Setup", "Setup", "Setup_1", "Setup"], &["setup", "setup_1", "setup_2", "setup_3"]);
        let titles = ["Über uns", "Straße", "Café  naïve", "C++ & C", "हिन्दी-म", "-x- --y"];
        check(Anchors::Pymdownx, &titles, &["über-uns", "straße", "café--naïve", "c--c", "हनद-म", "-x----y"]);
    }

    #[test]
    fn hugo_types() {
        let titles = ["Setup", "Setup", "setup-1", "Setup", "…", "???", "हिन्दी", "İstanbul", "A_b c", "e\u{301}"];
        let slugs =
            ["setup", "setup-1", "setup-1-1", "setup-2", "heading", "heading-1", "हनद", "istanbul", "a_b-c", "e"];
        check(Anchors::Hugo, &titles, &slugs);
        check(Anchors::HugoBlackfriday, &["The Internet's  quiet--x!", "???"], &["the-internet-s-quiet-x", "heading"]);
        check(Anchors::HugoAscii, &["Über", "Straße", "Żółw ł", "日本語"], &["uber", "strae", "zow-", "heading"]);
    }

    #[test]
    fn mdbook_sphinx_jekyll_vitepress() {
        let titles = ["`--passes`: add", "Method-call 🐙 x", "Über", "Über", "::", "中文"];
        let slugs = ["--passes-add", "method-call--x", "über", "über-1", "", "中文"];
        check(Anchors::Mdbook, &titles, &slugs);
        let titles = ["1.2 The Café", "Straße", "Same", "Same", "日本"];
        check(Anchors::Sphinx, &titles, &["the-cafe", "strasze", "same", "id1", "id2"]);
        check(Anchors::Jekyll, &["A", "A", "A-1", "A", "C++ & D"], &["a", "a-1", "a-1", "a-2", "c--d"]);
        check(Anchors::Vitepress, &["1. Café!", "C++ & D", "日本"], &["_1-cafe", "c-d", "日本"]);
    }

    #[test]
    fn terms_of_sphinx() {
        let ids = ["Crust", "KV cache (2nd)", "3D model", "日本", "v1.2"].map(sphinx_term);
        assert_eq!(ids, ["term-Crust", "term-KV-cache-2nd", "term-D-model", "", "term-v1.2"]);
    }

    #[test]
    fn ids_of_authors_are_kept_and_reserved_where_the_generator_does() {
        let twice = |anchors: Anchors| {
            let mut slugger = anchors.slugger();
            [slugger.unique(Some("Own"), "x"), slugger.unique(Some("own"), "x"), slugger.unique(None, "own")].join(" ")
        };
        assert_eq!(twice(Anchors::Docusaurus), "Own own own");
        assert_eq!(twice(Anchors::Hugo), "Own own own-1");
        assert_eq!(twice(Anchors::Mkdocs), "Own own own_1");
    }

    #[test]
    fn numbers_that_were_reached_on_many_ways_cost_a_step_each() {
        let mut slugger = Anchors::Mkdocs.slugger();
        for _ in 0..30_000 {
            slugger.unique(None, "a");
        }
        for n in 1..30_000 {
            slugger.unique(None, &format!("a_{n}"));
        }
        assert_eq!(slugger.unique(None, "a"), "a_59999");
    }
}
