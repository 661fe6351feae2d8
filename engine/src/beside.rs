//! Files that are kept beside content.

use std::path::{Path, PathBuf};

use gradus_load::Input;

/// Where `file` is kept for `input`: at the root of a folder; beside `name.jsonl` it is `name.` and `file`. `None` where the
/// source has no place.
pub(crate) fn beside(input: &Input, file: &str) -> Option<PathBuf> {
    let source = input.path()?;
    if source.is_dir() {
        return Some(source.join(file));
    }
    let name = source.file_name()?.to_str()?;
    let stem = name.split('.').next()?;
    Some(source.parent().unwrap_or(Path::new("")).join(format!("{stem}.{file}")))
}
