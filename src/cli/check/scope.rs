//! What is checked: a source, or one file in the context of its source.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use gradus_engine::snapshot::disk::is_snapshot;
use gradus_load::Input;

use crate::cli::args::CheckArgs;
use crate::cli::serve;
use crate::site_folder::{normal, site_of};

/// Bytes that are read of standard input, as many as of a file.
const STDIN_BYTES: u64 = 16 << 20;

/// What is checked, and how its files are called where the command stands.
pub(super) struct Scope {
    pub(super) input: Input,
    /// The one file that is asked for, relative to the source.
    file: Option<String>,
    /// The way from where the command stands to the source; nothing where the source lies nowhere.
    way: Option<PathBuf>,
}

impl Scope {
    /// What `args` ask for.
    ///
    /// # Errors
    /// If standard input cannot be read, it is not said which file it is, or the source is a snapshot: what it was made of is not in it.
    pub(super) fn new(args: &CheckArgs) -> anyhow::Result<Self> {
        if let Some(snapshot) = [&args.path, &args.source].into_iter().flatten().find(|path| is_snapshot(path)) {
            bail!("{} is a snapshot; check the content that it was made of", snapshot.display());
        }
        let Some(path) = &args.path else {
            return Ok(Self { input: serve::input(args.source.as_ref()), file: None, way: args.source.clone() });
        };
        if path.as_os_str() == "-" {
            let Some(path) = &args.stdin_path else {
                bail!("which file is this? say it with `--path FILE`");
            };
            let mut bytes = Vec::new();
            std::io::stdin().take(STDIN_BYTES).read_to_end(&mut bytes).context("cannot read standard input")?;
            return Self::of_file(path, args.source.as_deref(), Some(bytes));
        }
        if path.is_file() && !is_rows(path) {
            return Self::of_file(path, args.source.as_deref(), None);
        }
        let way = if path.is_file() { path.parent().map(Path::to_owned) } else { Some(path.clone()) };
        Ok(Self { input: Input::Path(path.clone()), file: None, way })
    }

    /// One file, in the context of `source` or of the site that it lies in.
    fn of_file(path: &Path, source: Option<&Path>, bytes: Option<Vec<u8>>) -> anyhow::Result<Self> {
        let here = std::env::current_dir().context("cannot tell where this is")?;
        let path = normal(&here.join(path));
        let root = match source {
            Some(source) => normal(&here.join(source)),
            None => site_of(&path, &here),
        };
        let Ok(inside) = path.strip_prefix(&root) else {
            bail!("{} does not lie in {}", path.display(), root.display());
        };
        let file: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let file = file.join("/");
        let base = Input::Path(root.clone());
        let input = match bytes {
            Some(bytes) => Input::Edited { base: Box::new(base), path: file.clone(), bytes },
            None => base,
        };
        Ok(Self { input, file: Some(file), way: Some(root) })
    }

    /// Whether what is told of `file` is asked for.
    pub(super) fn holds(&self, file: &str) -> bool {
        self.file.as_ref().is_none_or(|asked| asked == file)
    }

    /// What a file of the source is called where the command stands.
    pub(super) fn shown(&self, file: &str) -> String {
        let Some(way) = &self.way else { return file.to_owned() };
        let path = way.join(file);
        let path = std::env::current_dir().map_or(path.clone(), |here| from(&here, &normal(&here.join(&path))));
        path.to_string_lossy().replace('\\', "/")
    }
}

/// Whether a file is a source by itself.
fn is_rows(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    plain.ends_with(".jsonl") || name.starts_with("sitemap") && name.ends_with(".xml")
}

/// The way from the folder `here` to `path`; the path itself where they have nothing but the root in common.
fn from(here: &Path, path: &Path) -> PathBuf {
    let n_common = here.components().zip(path.components()).take_while(|(one, other)| one == other).count();
    if n_common <= 1 {
        return path.to_owned();
    }
    let up = here.components().skip(n_common).map(|_| std::path::Component::ParentDir);
    up.chain(path.components().skip(n_common)).collect()
}
