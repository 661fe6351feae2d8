//! Tables of contents: the directive `toctree` in documents, and the file of a book.

use crate::site::ground::{join, parent};
use crate::site::{setting, setting_text};
use crate::value::Value;

/// The documents that the document `name` lists in its text, in MyST or reStructuredText; patterns are kept.
pub(super) fn of_text(text: &str, name: &str) -> Vec<String> {
    let mut listed = Vec::new();
    if !text.contains("toctree") {
        return listed;
    }
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let opener = line.trim_start();
        let fence = opener.trim_start_matches(['`', ':', '~']);
        let marks = opener.len() - fence.len();
        if marks >= 3 && fence.starts_with("{toctree}") {
            let close = &opener[..marks];
            let inside = lines.by_ref().take_while(|line| !line.trim_start().starts_with(close));
            add(inside, name, &mut listed);
        } else if opener.starts_with(".. toctree::") {
            let indent = line.len() - opener.len();
            let mut inside = Vec::new();
            while let Some(next) = lines.peek() {
                if !next.trim().is_empty() && next.len() - next.trim_start().len() <= indent {
                    break;
                }
                inside.extend(lines.next());
            }
            add(inside.into_iter(), name, &mut listed);
        }
    }
    listed
}

/// Adds the entries among the lines of a directive; options stand first, with colons or between `---`.
fn add<'l>(lines: impl Iterator<Item = &'l str>, name: &str, listed: &mut Vec<String>) {
    let mut in_options = false;
    for line in lines.map(str::trim) {
        if line == "---" {
            in_options = !in_options;
        } else if !(in_options || line.is_empty() || line.starts_with(':')) {
            let target =
                line.strip_suffix('>').and_then(|line| line.rsplit_once('<')).map_or(line, |(_, target)| target);
            if !target.contains("://") && target != "self" {
                let folder = if target.starts_with('/') { "" } else { parent(name).0 };
                listed.push(document(&join(folder, target)));
            }
        }
    }
}

/// The name of a document, which may be written with its ending.
fn document(path: &str) -> String {
    [".md", ".rst", ".ipynb"].iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path).to_owned()
}

/// The documents of a `_toc.yml` in order, with their lines.
pub(super) fn of_book(contents: &Value, listed: &mut Vec<(String, u32)>) {
    let named = ["root", "file", "glob"]
        .iter()
        .find_map(|name| Some((setting_text(contents, name)?, setting(contents, name)?)));
    if let Some((path, value)) = named {
        listed.push((document(&join("", path)), value.position.line));
    }
    let below = ["parts", "subtrees", "chapters", "entries", "sections"];
    for list in below.iter().filter_map(|name| setting(contents, name)) {
        list.entries().iter().for_each(|entry| of_book(entry, listed));
    }
    if let crate::value::Node::List(entries) = &contents.node {
        entries.iter().for_each(|entry| of_book(entry, listed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_list_documents() {
        let text = "# T\n\n```{toctree}\n:maxdepth: 2\n\nstart\nShort <sub/index.md>\nA mill <https://x.y>\n/rooted\n```\ntext\n\
                    \n:::{toctree}\n---\nglob:\n---\nrecipes/*\n:::\n\n.. toctree::\n   :hidden:\n\n   last\n\nout\n";
        assert_eq!(of_text(text, "a/index"), ["a/start", "a/sub/index", "rooted", "a/recipes/*", "a/last"]);
    }
}
