//! The generators that are known, and what is told of the one that was found.

/// What makes a site of its content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Generator {
    /// None that is known: addresses are the paths of the files.
    #[default]
    Plain,
    /// Hugo.
    Hugo,
    /// Docusaurus.
    Docusaurus,
    /// MkDocs, with Material or without.
    Mkdocs,
    /// Astro Starlight.
    Starlight,
    /// VitePress.
    Vitepress,
    /// mdBook.
    Mdbook,
    /// An Obsidian vault.
    Obsidian,
    /// Quartz.
    Quartz,
    /// Jekyll.
    Jekyll,
    /// Sphinx with MyST, or Jupyter Book.
    Sphinx,
    /// A track of Exercism.
    Exercism,
    /// A bundle of Google's Open Knowledge Format.
    Okf,
    /// None: the source is what is published.
    Html,
    /// Mintlify.
    Mintlify,
    /// Nextra.
    Nextra,
    /// Fumadocs.
    Fumadocs,
    /// VuePress.
    Vuepress,
    /// Quarto.
    Quarto,
    /// Hugging Face's doc-builder.
    DocBuilder,
    /// Eleventy.
    Eleventy,
    /// docsify.
    Docsify,
    /// GitBook, the service or the tool, or HonKit.
    Gitbook,
    /// A wiki of GitHub.
    Wiki,
    /// Hexo.
    Hexo,
    /// Zensical, the successor of MkDocs with Material.
    Zensical,
}

impl Generator {
    /// All of them, the likeliest of several in one folder first.
    pub const ALL: &[Self] = &[
        Self::Docusaurus,
        Self::Hugo,
        Self::Zensical,
        Self::Mkdocs,
        Self::Starlight,
        Self::Vitepress,
        Self::Vuepress,
        Self::Mdbook,
        Self::Docsify,
        Self::Gitbook,
        Self::Quartz,
        Self::Sphinx,
        Self::Hexo,
        Self::Jekyll,
        Self::Exercism,
        Self::Okf,
        Self::Quarto,
        Self::DocBuilder,
        Self::Eleventy,
        Self::Mintlify,
        Self::Nextra,
        Self::Fumadocs,
        Self::Html,
        Self::Wiki,
        Self::Obsidian,
        Self::Plain,
    ];

    /// The name in settings and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Hugo => "hugo",
            Self::Docusaurus => "docusaurus",
            Self::Mkdocs => "mkdocs",
            Self::Starlight => "starlight",
            Self::Vitepress => "vitepress",
            Self::Mdbook => "mdbook",
            Self::Obsidian => "obsidian",
            Self::Quartz => "quartz",
            Self::Jekyll => "jekyll",
            Self::Sphinx => "sphinx",
            Self::Exercism => "exercism",
            Self::Okf => "okf",
            Self::Html => "html",
            Self::Mintlify => "mintlify",
            Self::Nextra => "nextra",
            Self::Fumadocs => "fumadocs",
            Self::Vuepress => "vuepress",
            Self::Quarto => "quarto",
            Self::DocBuilder => "docbuilder",
            Self::Eleventy => "eleventy",
            Self::Zensical => "zensical",
            Self::Docsify => "docsify",
            Self::Gitbook => "gitbook",
            Self::Wiki => "wiki",
            Self::Hexo => "hexo",
        }
    }

    /// The generator of this name, in any casing.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|generator| generator.as_str().eq_ignore_ascii_case(name)).copied()
    }
}

/// What was found out about a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct SiteFacts {
    /// What makes it.
    pub generator: Generator,
    /// The file or folder that told, relative to the source; `None` where nothing did.
    pub found_by: Option<String>,
    /// The folder of the content, relative to the source; empty where the source is it or lies in it.
    pub content_root: String,
    /// The folder of built HTML that addresses are read off, relative to the source.
    pub built: Option<String>,
    /// Folders of content that the settings name and the source does not hold, relative to it.
    pub elsewhere: Vec<String>,
    /// The path under which the site lies on its host, with a slash at both ends.
    pub base_path: String,
}

impl std::fmt::Display for SiteFacts {
    /// A line for people: the generator, and how it was found out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.found_by {
            Some(by) => write!(f, "{} site, by {by}", self.generator.as_str()),
            None => write!(f, "{} site", self.generator.as_str()),
        }?;
        if !self.content_root.is_empty() {
            write!(f, ", content in {}", self.content_root)?;
        }
        self.built.as_ref().map_or(Ok(()), |built| write!(f, ", addresses of the HTML in {built}"))
    }
}
