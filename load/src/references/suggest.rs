//! What may have been meant by a reference that leads nowhere.

use super::files::{SourceFiles, folder_of, joined};
use super::target::{TargetReading, TargetStart, read};
use crate::body::LinkForm;
use gradus_corpus::Page;
use gradus_corpus::names::{Names, is_markdown};

/// What the author of a broken link in a text of `from` may have meant, in the form in which he wrote it.
pub(crate) fn target(
    names: &Names,
    pages: &[Page],
    files: &SourceFiles,
    from: &Page,
    form: LinkForm,
    written: &str,
) -> Option<String> {
    let TargetReading::LinkTarget(target) = read(form, written) else { return None };
    let path = target.path.trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or(path);
    let last = if is_markdown(last) { last.rsplit_once('.').map_or(last, |(stem, _)| stem) } else { last };
    if !is_markdown(path)
        && path.contains('.')
        && target.start == TargetStart::Folder
        && let Some(name) = files.near(&joined(folder_of(&from.path), path))
    {
        return Some(match path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{name}"),
            None => name,
        });
    }
    let near = &pages[names.near(last)?.idx()];
    Some(match target.start {
        TargetStart::Name => {
            let stem = near.path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(stem, _)| stem);
            stem.unwrap_or(&near.slug).to_owned()
        }
        _ if is_markdown(path) && !near.path.is_empty() => relative(&from.path, &near.path),
        _ => near.url.to_string(),
    })
}

/// The path of the file `to` from the folder of the file `from`.
pub(super) fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = folder_of(from).split('/').filter(|segment| !segment.is_empty()).collect();
    let folder: Vec<&str> = folder_of(to).split('/').filter(|segment| !segment.is_empty()).collect();
    let n_shared = from.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - n_shared);
    let name = to.rsplit('/').next().unwrap_or(to);
    up.chain(folder[n_shared..].iter().copied()).chain(std::iter::once(name)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_between_files() {
        for (from, to, expected) in [
            ("a.md", "b.md", "b.md"),
            ("x/a.md", "b.md", "../b.md"),
            ("x/a.md", "x/y/b.md", "y/b.md"),
            ("x/y/a.md", "x/z/b.md", "../z/b.md"),
        ] {
            assert_eq!(relative(from, to), expected);
        }
    }
}
