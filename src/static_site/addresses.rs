//! Addresses: from a path of the server to a file, and from links of a page to links between files.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands in an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Attributes that lead somewhere, as templates write them.
const LEADING: [&str; 3] = [" href=\"/", " src=\"/", " action=\"/"];

/// What the server is called while it is asked.
pub(super) const HOST: &str = "localhost";

/// Where a path of the server lies among the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileAddress {
    /// The file, from the top, as the system names it.
    pub(super) file: String,
}

impl FileAddress {
    /// The file of `url`, a path with or without a query; `None` where only a server can answer.
    pub(super) fn of(url: &str) -> Option<Self> {
        // What a browser tells apart behind `#` is another site's.
        if url.contains("/#/") {
            return None;
        }
        let url = url.split('#').next().unwrap_or_default();
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let decoded = percent_decode_str(path).decode_utf8().ok()?;
        let segments: Vec<&str> = decoded.split('/').skip(1).collect();
        // A name that leads elsewhere on a disk is no name of a file.
        if segments.iter().any(|segment| matches!(*segment, "." | "..") || segment.contains(['\\', '\0'])) {
            return None;
        }
        let file = match *segments {
            [""] => "index.html".to_owned(),
            ["path"] if !query.is_empty() => format!("path/{}/index.html", target(query)?),
            ["path.md"] => format!("path/{}/plan.md", target(query)?),
            ["map" | "path" | "search"] => format!("{decoded}/index.html")[1..].to_owned(),
            ["concepts" | "guides", slug] if slug.ends_with(".md") => decoded[1..].to_owned(),
            ["concepts" | "guides", slug] if !slug.is_empty() => format!("{decoded}/index.html")[1..].to_owned(),
            ["v1", "graph"] => picture(query)?,
            ["assets", name] => format!("assets/{name}"),
            ["embed.js" | "favicon.ico" | "llms.txt" | "llms-full.txt"] => segments[0].to_owned(),
            _ => return None,
        };
        Some(Self { file })
    }

    /// Folders that it lies in.
    pub(super) fn depth(&self) -> usize {
        self.file.matches('/').count()
    }

    /// How a link names it, from the top: folders stand for their pages.
    pub(super) fn shown(&self) -> String {
        let shown = self.file.strip_suffix("index.html").unwrap_or(&self.file);
        shown.split('/').map(escaped).collect::<Vec<_>>().join("/")
    }
}

/// The one page that a plan leads to, as a name of a folder.
fn target(query: &str) -> Option<String> {
    let mut targets = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "target");
    let (_, target) = targets.next()?;
    if targets.next().is_some() { None } else { named(&target) }
}

/// The file of a picture of the pages around one.
fn picture(query: &str) -> Option<String> {
    let given: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let [(center, page), (format, form)] = given.as_slice() else { return None };
    let ending = match &**form {
        "svg" => "svg",
        "mermaid" => "mmd",
        "dot" => "dot",
        _ => return None,
    };
    (center == "center" && format == "format").then_some(())?;
    Some(format!("pictures/{}.{ending}", named(page)?))
}

/// The full id of a page as a name of a file.
fn named(id: &str) -> Option<String> {
    let is_one = id.contains(':') && !id.contains(['/', '\\', ',', '\0']);
    is_one.then(|| id.replacen(':', "-", 1))
}

/// `text` as a part of a path or the value of a query.
pub(super) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// `text` as it stands in HTML and XML.
pub(super) fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn unhtml(text: &str) -> String {
    text.replace("&#38;", "&").replace("&amp;", "&").replace("&#58;", ":").replace("&#x2F;", "/")
}

/// Paths by which the content's own site knows its pages, and those by which this server does.
#[derive(Default)]
pub(super) struct OwnPaths(BTreeMap<String, String>);

impl OwnPaths {
    /// Adds the page that its site shows at `url`, and that is served at `path`.
    pub(super) fn add(&mut self, url: &str, path: &str) {
        self.0.entry(key(url).to_owned()).or_insert_with(|| path.to_owned());
    }

    /// Where what `url` leads to is served; `url` where it is no page's.
    fn here<'a>(&'a self, url: &'a str) -> &'a str {
        self.0.get(key(url)).map_or(url, String::as_str)
    }
}

/// Where the file of what `url` leads to lies, from the top; `None` where it leads to another site or to no file.
pub(super) fn to_file(url: &str, own: &OwnPaths) -> Option<String> {
    let fragment = fragment(url);
    let address =
        if url.starts_with('/') { FileAddress::of(url).or_else(|| FileAddress::of(own.here(url))) } else { None };
    Some(address?.shown() + &fragment)
}

/// The path of a URL without what follows it and without a slash at its end.
fn key(url: &str) -> &str {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    // Where the browser routes by what stands behind `#`, that is the path.
    let end = path
        .find('?')
        .into_iter()
        .chain(path.match_indices('#').find(|(at, _)| !path[*at..].starts_with("#/")).map(|(at, _)| at))
        .min();
    path[..end.unwrap_or(path.len())].trim_end_matches('/')
}

/// What leads to a place on the page at `url`. Where the browser routes by what stands behind `#`, a query names the place.
fn fragment(url: &str) -> String {
    let place = if url.contains("/#/") { url.split_once("?id=") } else { url.split_once('#') };
    place.map_or(String::new(), |(_, place)| format!("#{place}"))
}

/// The page with links from folder to folder, as one `depth` folders down has them, and the addresses that it leads to. O(page).
pub(super) fn rewritten(page: &str, depth: usize, own: &OwnPaths) -> (String, Vec<String>) {
    let mut links = Vec::new();
    let up = "../".repeat(depth);
    let up = if up.is_empty() { "./" } else { &up };
    let page = with_links(page, &mut |url| {
        let fragment = fragment(url);
        let url = if FileAddress::of(url).is_some() { url } else { own.here(url) };
        let address = FileAddress::of(url)?;
        // A search keeps what is searched for: its script reads it.
        let path = url.split('#').next().unwrap_or_default();
        let query = path.strip_prefix("/search?").map_or(String::new(), |query| format!("?{query}"));
        links.push(if path.starts_with("/search") { "/search".to_owned() } else { path.to_owned() });
        Some(format!("{up}{}{query}{fragment}", address.shown()))
    });
    (page, links)
}

/// A text in Markdown whose links lead from folder to folder.
pub(super) fn rewritten_markdown(text: &str, depth: usize) -> String {
    let up = "../".repeat(depth);
    let server = format!("](http://{HOST}/");
    let ways = [(server.as_str(), "](", ')'), ("](/", "](", ')'), ("</", "<", '>')];
    ways.into_iter().fold(text.to_owned(), |text, (leading, kept, end)| {
        let mut parts = text.split(leading);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (path, _) = part.split_once(end).unwrap_or((part, ""));
            let url = format!("/{path}");
            let fragment = url.split_once('#').map_or(String::new(), |(_, fragment)| format!("#{fragment}"));
            match FileAddress::of(&url) {
                Some(address) => out.extend([kept, &up, &address.shown(), &fragment]),
                None => out.extend([leading, path]),
            }
            out.push_str(&part[path.len()..]);
        }
        out
    })
}

/// The page with links that begin at the top of the site, which lies at `base_url`.
pub(super) fn from_top(page: &str, base_url: Option<&str>) -> String {
    let path = base_url.and_then(|url| url.split_once("://")).and_then(|(_, rest)| rest.split_once('/'));
    let top = path.map_or("", |(_, path)| path.trim_matches('/'));
    let top = if top.is_empty() { "/".to_owned() } else { format!("/{top}/") };
    with_links(page, &mut |url| Some(format!("{top}{}", FileAddress::of(url)?.shown())))
}

/// `page` with each address that begins at the top replaced by what `change` makes of it, where it makes anything.
fn with_links(page: &str, change: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((at, leading)) = LEADING.iter().filter_map(|leading| Some((rest.find(leading)?, leading))).min() {
        let start = at + leading.len() - 1;
        let len = rest[start..].find('"').unwrap_or(rest.len() - start);
        out.push_str(&rest[..start]);
        let url = &rest[start..start + len];
        match change(&unhtml(url)) {
            Some(changed) if !url.starts_with("//") => out.push_str(&html(&changed)),
            _ => out.push_str(url),
        }
        rest = &rest[start + len..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(url: &str) -> Option<String> {
        FileAddress::of(url).map(|address| address.file)
    }

    #[test]
    fn a_path_of_the_server_has_a_file() {
        assert_eq!(file("/").as_deref(), Some("index.html"));
        assert_eq!(file("/concepts/kv-cache#top").as_deref(), Some("concepts/kv-cache/index.html"));
        assert_eq!(file("/path?target=concept%3Akv-cache").as_deref(), Some("path/concept-kv-cache/index.html"));
        let picture = file("/v1/graph?center=concept%3Akv-cache&format=svg");
        assert_eq!(picture.as_deref(), Some("pictures/concept-kv-cache.svg"));
        assert_eq!(file("/assets/gradus.css?v=1").as_deref(), Some("assets/gradus.css"));
        assert_eq!(file("/concepts/caf%C3%A9").as_deref(), Some("concepts/café/index.html"));
    }

    #[test]
    fn pages_that_a_browser_tells_apart_behind_the_sign_have_files_of_their_own() {
        let mut own = OwnPaths::default();
        own.add("/#/", "/guides/start");
        own.add("/#/a", "/guides/a");
        let file = |url: &str| to_file(url, &own);
        assert_eq!(file("/#/a?id=part").as_deref(), Some("guides/a/#part"));
        assert_eq!((file("/#/").as_deref(), file("/#/none")), (Some("guides/start/"), None));
    }

    #[test]
    fn what_only_a_server_answers_or_leads_out_has_none() {
        for url in
            ["/v1/search?q=a", "/docs", "/live", "/path?target=a,b", "/concepts/..", "/concepts/%2e%2e", "/x", "//x/y"]
        {
            assert_eq!(file(url), None, "{url}");
        }
        assert_eq!(file("/path?target=concept:../../x"), None);
        assert_eq!(file("/concepts/..%2f..%2fx"), None);
    }

    #[test]
    fn links_lead_from_folder_to_folder() {
        let page = r#"<a href="/concepts/b#x">b</a><a href="/search?q=a&amp;kind=guide">s</a><a href="/v1/x">j</a><a href="//h/x">h</a><a href="/tutorial/b/#y">o</a>"#;
        let mut own = OwnPaths::default();
        own.add("https://b.example/tutorial/b", "/concepts/b");
        let (page, links) = rewritten(page, 2, &own);
        assert_eq!(
            page,
            r#"<a href="../../concepts/b/#x">b</a><a href="../../search/?q=a&amp;kind=guide">s</a><a href="/v1/x">j</a><a href="//h/x">h</a><a href="../../concepts/b/#y">o</a>"#
        );
        assert_eq!(links, ["/concepts/b", "/search", "/concepts/b"]);
    }

    #[test]
    fn addresses_of_answers_are_those_of_files_but_for_other_sites() {
        let mut own = OwnPaths::default();
        own.add("/tutorial/b/", "/concepts/b");
        let to = |url| to_file(url, &own);
        assert_eq!(to("/guides/a#x y").as_deref(), Some("guides/a/#x y"));
        assert_eq!(to("/tutorial/b/#z").as_deref(), Some("concepts/b/#z"));
        assert_eq!((to("https://a.example/guides/a"), to("/tutorial/c")), (None, None));
    }

    #[test]
    fn links_of_markdown_lead_from_folder_to_folder() {
        let text = "[a](http://localhost/guides/a.md) [b](/concepts/b#x) </concepts/c> <b>d</b> [e](/e)";
        let rewritten = "[a](../guides/a.md) [b](../concepts/b/#x) <../concepts/c/> <b>d</b> [e](/e)";
        assert_eq!(rewritten_markdown(text, 1), rewritten);
    }

    #[test]
    fn a_page_that_is_shown_anywhere_leads_to_the_top() {
        let page = r#"<a href="/map">m</a>"#;
        assert_eq!(from_top(page, None), r#"<a href="/map/">m</a>"#);
        assert_eq!(from_top(page, Some("https://a.example/docs/")), r#"<a href="/docs/map/">m</a>"#);
    }
}
