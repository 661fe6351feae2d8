//! Targets: what a link says before any page is looked at.

use std::borrow::Cow;

use crate::body::LinkForm;
use gradus_corpus::names::{is_markdown, percent_decoded};

/// From where the path of a target counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TargetStart {
    /// The page itself.
    Here,
    /// The folder of the page's file, or of its URL.
    Folder,
    /// The root of the site, or of its content: it begins with `/`.
    Root,
    /// The root of the project: `@site/…`.
    Project,
    /// An absolute URL.
    Web,
    /// What references to pages say: the folder, the root, or any page of that name.
    Anywhere,
    /// A name: wikilinks.
    Name,
}

/// A target taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LinkTarget<'a> {
    pub(super) start: TargetStart,
    /// What names the page, decoded; empty where the page itself is meant.
    pub(super) path: Cow<'a, str>,
    /// What names the place in it, decoded; of a path of headings the last.
    pub(super) anchor: Option<Cow<'a, str>>,
    /// Query and fragment as they were written.
    pub(super) tail: &'a str,
}

/// What a reference is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TargetReading<'a> {
    /// It leads out of the site, or is an action of the browser.
    External,
    /// It has no target at all.
    Nothing,
    /// A template makes it, a marker of a generator stands there, or it is code: nobody can tell where it leads.
    Unknowable,
    /// It names something of the site.
    LinkTarget(LinkTarget<'a>),
}

/// Markers that stand in double brackets and are no links.
const MARKERS: &[&str] = &["toc", "_toc_", "__toc__", "table of contents"];

/// Reads `written`, the target of a link of this form.
pub(super) fn read(form: LinkForm, written: &str) -> TargetReading<'_> {
    let written = written.trim();
    match form {
        LinkForm::Wikilink | LinkForm::Embed => wikilink(written),
        LinkForm::Page if is_template(written) || written.is_empty() => TargetReading::Unknowable,
        LinkForm::Markdown | LinkForm::Image if written.is_empty() => TargetReading::Nothing,
        LinkForm::Page if written.contains("://") => url(written),
        LinkForm::Page => path(TargetStart::Anywhere, written),
        _ => shortcode(written).unwrap_or_else(|| url(written)),
    }
}

/// A target that is a URL or a path.
fn url(written: &str) -> TargetReading<'_> {
    if is_template(written) {
        return TargetReading::Unknowable;
    }
    if written.starts_with("//") {
        return TargetReading::External;
    }
    if let Some(scheme) = scheme(written) {
        let rest = &written[scheme.len() + 1..];
        return match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => path(TargetStart::Web, written),
            // Docusaurus' way to what lies beside its pages.
            "pathname" => TargetReading::Unknowable,
            // MyST names its own documents so.
            "doc" | "project" | "path" => path(TargetStart::Folder, rest),
            _ => TargetReading::External,
        };
    }
    let (start, rest) = match written {
        "" => return TargetReading::Unknowable,
        _ if written.starts_with('#') => (TargetStart::Here, written),
        _ if written.starts_with("@site/") => (TargetStart::Project, &written["@site/".len()..]),
        // Aliases of bundlers, which only the bundler's settings explain.
        _ if written.starts_with(['@', '~']) => return TargetReading::Unknowable,
        _ if written.starts_with('/') => (TargetStart::Root, written),
        _ => (TargetStart::Folder, written),
    };
    path(start, rest)
}

/// `ref`, `relref`, `link` and `post_url`, and what Liquid puts before paths; `None` for what has none of them.
fn shortcode(written: &str) -> Option<TargetReading<'_>> {
    let rest = without_site(written)?;
    let braces = rest.strip_prefix("{{").and_then(|rest| rest.split_once("}}"));
    let tags = || rest.strip_prefix("{%").and_then(|rest| rest.split_once("%}"));
    let Some((inner, tail)) = braces.or_else(tags) else {
        return (rest.len() < written.len()).then(|| match rest.starts_with('/') {
            true => url(rest),
            // Nothing but the root of the site.
            false if rest.is_empty() => path(TargetStart::Root, "/"),
            false => TargetReading::Unknowable,
        });
    };
    let mut words = inner.trim_matches(['<', '>', '%', '-', ' ', '|', '\t']).splitn(2, [' ', '|', '\t']);
    let (name, argument) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let argument = argument.trim_matches([' ', '|', '\t']);
    let argument = argument.strip_prefix("path=").unwrap_or(argument);
    let argument = match argument.chars().next() {
        Some(quote @ ('"' | '\'' | '`')) => argument[1..].split(quote).next().unwrap_or_default(),
        _ => argument.split([' ', '|']).next().unwrap_or_default(),
    };
    let quoted = inner.trim().trim_matches('|').trim();
    Some(match name {
        _ if argument.contains(['{', '$', '(']) => TargetReading::Unknowable,
        "ref" | "relref" if !argument.is_empty() => with_tail(path(TargetStart::Anywhere, argument), tail),
        "link" if !argument.is_empty() => with_tail(path(TargetStart::Project, argument), tail),
        "post_url" if !argument.is_empty() => with_tail(path(TargetStart::Anywhere, argument), tail),
        // `{{ "/x/" | relative_url }}`.
        _ if quoted.starts_with(['"', '\'']) && quoted.contains("_url") => {
            quoted[1..].split(['"', '\'']).next().map_or(TargetReading::Unknowable, url)
        }
        _ => TargetReading::Unknowable,
    })
}

/// What follows the variables that stand for the root of a Jekyll site. `None` where there is neither these nor a
/// shortcode.
fn without_site(written: &str) -> Option<&str> {
    if !written.starts_with("{{") && !written.starts_with("{%") {
        return None;
    }
    let mut rest = written;
    while let Some((inner, after)) = rest.strip_prefix("{{").and_then(|inner| inner.split_once("}}")) {
        let name = inner.split('|').find(|part| !part.trim().is_empty()).unwrap_or_default().trim();
        if !matches!(name, "site.baseurl" | "site.url" | "site.github.url" | "page.baseurl" | "site.base_url") {
            break;
        }
        rest = after;
    }
    Some(rest)
}

/// `reading` with the anchor that stands behind a shortcode.
fn with_tail<'a>(reading: TargetReading<'a>, tail: &'a str) -> TargetReading<'a> {
    match (reading, tail.strip_prefix('#')) {
        (TargetReading::LinkTarget(target), Some(anchor)) if target.anchor.is_none() => {
            TargetReading::LinkTarget(LinkTarget { anchor: Some(percent_decoded(anchor)), tail, ..target })
        }
        (reading, _) => reading,
    }
}

/// A path with query and fragment.
fn path(start: TargetStart, written: &str) -> TargetReading<'_> {
    let end = written.find(['#', '?']).unwrap_or(written.len());
    let (before, tail) = written.split_at(end);
    let anchor = tail.split_once('#').map(|(_, anchor)| percent_decoded(anchor));
    let start = if before.is_empty() && start == TargetStart::Folder { TargetStart::Here } else { start };
    let start = if start == TargetStart::Folder && before.starts_with('/') { TargetStart::Root } else { start };
    let path = percent_decoded(before);
    // In a path that Windows wrote, a backslash divides.
    let path = if path.contains('\\') && !path.contains('/') { path.replace('\\', "/").into() } else { path };
    TargetReading::LinkTarget(LinkTarget { start, path, anchor, tail })
}

/// What stands between double brackets, without its text.
fn wikilink(written: &str) -> TargetReading<'_> {
    let name = written.split('|').next().unwrap_or_default().trim_end_matches('\\').trim();
    let is_marker = MARKERS.iter().any(|marker| name.eq_ignore_ascii_case(marker));
    if name.is_empty() || is_marker || is_unfilled(name) || is_code(name) {
        return TargetReading::Unknowable;
    }
    if name.contains("://") || scheme(name).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto")) {
        return TargetReading::External;
    }
    let (before, fragment) = name.split_once('#').unwrap_or((name, ""));
    let anchor = fragment.rsplit('#').next().unwrap_or_default().trim();
    let anchor = (!anchor.is_empty()).then(|| percent_decoded(anchor));
    let start = if before.is_empty() { TargetStart::Here } else { TargetStart::Name };
    // Names with signs of their own, such as C#, are tried whole first by whoever looks them up.
    let tail = &name[before.len()..];
    TargetReading::LinkTarget(LinkTarget { start, path: percent_decoded(before.trim()), anchor, tail })
}

/// Whether double brackets hold a test of a shell or an attribute of C++ rather than a name.
fn is_code(name: &str) -> bool {
    name.starts_with(['-', '!', '$', '"', '\'', ':', '[']) || name.contains([']', '='])
}

/// Whether a name in double brackets that no page has may be none at all: a list of numbers, or what stands for any name.
pub(super) fn may_be_no_name(name: &str) -> bool {
    let is_list = name.chars().all(|char| char.is_ascii_digit() || matches!(char, ',' | '.' | ' ' | '-'));
    is_list && !is_day(name) || is_template(name)
}

/// Whether a name is a day, as notes of the day are called.
fn is_day(name: &str) -> bool {
    let parts: Vec<usize> = name.split('-').map(str::len).collect();
    parts == [4, 2, 2] && name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Whether a template has yet to fill something in.
fn is_unfilled(target: &str) -> bool {
    ["{{", "}}", "{%", "${", "<%", "$(", "{", "<"].iter().any(|mark| target.contains(mark))
}

/// Whether a target stands for any, or has yet to be filled in.
fn is_template(target: &str) -> bool {
    is_unfilled(target)
        || target.contains("...") && !is_markdown(target)
        || target.contains('…')
        || target.contains('_') && target.chars().all(|char| char.is_ascii_uppercase() || char == '_')
        || matches!(target, "url" | "URL" | "link" | "TODO" | "todo" | "#TODO" | "path" | "src")
}

/// The scheme of a URL: a word of two letters or more before a colon.
fn scheme(target: &str) -> Option<&str> {
    let (scheme, _) = target.split_once(':')?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|char: char| char.is_ascii_alphabetic())
        && scheme.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '.'));
    // `notes.md:3` is a file and a line.
    (is_scheme && !is_markdown(scheme)).then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The start, path and anchor of a target in one line.
    fn shown(form: LinkForm, written: &str) -> String {
        match read(form, written) {
            TargetReading::External => "external".to_owned(),
            TargetReading::Unknowable => "unknowable".to_owned(),
            TargetReading::Nothing => "nothing".to_owned(),
            TargetReading::LinkTarget(LinkTarget { start, path, anchor, .. }) => {
                let anchor = anchor.map_or(String::new(), |anchor| format!(" # {anchor}"));
                format!("{start:?} {path}{anchor}")
            }
        }
    }

    #[test]
    fn urls_and_paths() {
        for (written, expected) in [
            ("b.md", "Folder b.md"),
            ("./b.md#part", "Folder ./b.md # part"),
            ("my%20page.md?x#p%20q", "Folder my page.md # p q"),
            ("a\\b.md", "Folder a/b.md"),
            ("#here", "Here  # here"),
            ("?x=1", "Here "),
            ("/docs/x", "Root /docs/x"),
            ("@site/docs/x.md", "Project docs/x.md"),
            ("pathname:///x.pdf", "unknowable"),
            ("project:x.md#y", "Folder x.md # y"),
            ("https://example.org/a?b#c", "Web https://example.org/a # c"),
            ("//cdn.example.org/x.md", "external"),
            ("mailto:joe@readme.md", "external"),
            ("javascript:x", "external"),
            ("notes.md:3", "Folder notes.md:3"),
            ("{{ page.x }}", "unknowable"),
            ("${x}/y", "unknowable"),
            ("https://x/{id}", "unknowable"),
            ("...", "unknowable"),
            ("", "nothing"),
            ("~/x.png", "unknowable"),
        ] {
            assert_eq!(shown(LinkForm::Markdown, written), expected, "{written}");
        }
    }

    #[test]
    fn shortcodes() {
        for (written, expected) in [
            ("{{< ref \"b.md\" >}}", "Anywhere b.md"),
            ("{{% relref \"b#x\" %}}", "Anywhere b # x"),
            ("{{<|relref|\"b.md\"|>}}", "Anywhere b.md"),
            ("{{< relref path=\"b.md\" lang=\"de\" >}}", "Anywhere b.md"),
            ("{{< ref b.md >}}#part", "Anywhere b.md # part"),
            ("{% link _posts/2020-01-01-x.md %}", "Project _posts/2020-01-01-x.md"),
            ("{{ site.baseurl }}{% link x.md %}#y", "Project x.md # y"),
            ("{% post_url 2020-01-01-x %}", "Anywhere 2020-01-01-x"),
            ("{{ site.baseurl }}/x/", "Root /x/"),
            ("{{ \"/x/\" | relative_url }}", "Root /x/"),
            ("{{ site.url }}", "Root /"),
            ("{{ page.url }}", "unknowable"),
            ("{{< ref {{ .x }} >}}", "unknowable"),
        ] {
            assert_eq!(shown(LinkForm::Markdown, written), expected, "{written}");
        }
    }

    #[test]
    fn wikilinks() {
        for (written, expected) in [
            ("A|b", "Name A"),
            ("A\\|b", "Name A"),
            ("folder/note.md", "Name folder/note.md"),
            ("A#B#C", "Name A # C"),
            ("#Heading", "Here  # Heading"),
            ("A#^block", "Name A # ^block"),
            ("What is it?", "Name What is it?"),
            ("toc", "unknowable"),
            ("_TOC_", "unknowable"),
            ("-f x", "unknowable"),
            ("1, 2", "Name 1, 2"),
            ("2022-07-18", "Name 2022-07-18"),
            ("{{x}}", "unknowable"),
            ("https://x.y", "external"),
        ] {
            assert_eq!(shown(LinkForm::Wikilink, written), expected, "{written}");
        }
        assert_eq!(shown(LinkForm::Page, "/intro/x"), "Anywhere /intro/x");
        assert_eq!(shown(LinkForm::Html, ""), "unknowable", "the page itself, to browsers");
        assert_eq!(shown(LinkForm::Page, "#my-label"), "Anywhere  # my-label");
    }
}
