//! What a source is compared with.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// A folder, or a revision that was taken out of its repository and is put away again when this is dropped.
pub(super) struct Base {
    path: PathBuf,
    /// The repository and the folder that the revision was taken to.
    taken_out: Option<(PathBuf, PathBuf)>,
}

impl Base {
    /// The folder or row file called `base`; else the revision `base` of the repository that `source` lies in.
    ///
    /// # Errors
    /// If it is neither.
    pub(super) fn find(base: &str, source: &Path) -> anyhow::Result<Self> {
        if Path::new(base).exists() {
            return Ok(Self { path: base.into(), taken_out: None });
        }
        let source = source.canonicalize().with_context(|| format!("cannot find {}", source.display()))?;
        let folder = if source.is_file() { source.parent().unwrap_or(&source) } else { &source };
        let Ok(top) = git(folder, &["rev-parse", "--show-toplevel"]) else {
            bail!("'{base}' is no folder, and {} lies in no git repository", source.display());
        };
        let top = PathBuf::from(top.trim()).canonicalize().context("cannot find the top of the repository")?;
        let inside = source.strip_prefix(&top).context("the source does not lie in its repository")?.to_owned();
        let commit = format!("{base}^{{commit}}");
        if git(&top, &["rev-parse", "--verify", "--quiet", &commit]).is_err() {
            bail!("'{base}' is neither a folder nor a revision of {}", top.display());
        }
        let folder = std::env::temp_dir().join(format!("gradus-diff-{}", std::process::id()));
        git(&top, &["worktree", "add", "--detach", "--force", &folder.to_string_lossy(), &commit])?;
        let taken = Self { path: folder.join(&inside), taken_out: Some((top, folder)) };
        if !taken.path.exists() {
            bail!("{} is not in {base} yet", inside.display());
        }
        Ok(taken)
    }

    /// Where it lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Base {
    fn drop(&mut self) {
        if let Some((top, folder)) = &self.taken_out {
            let removed = git(top, &["worktree", "remove", "--force", &folder.to_string_lossy()]);
            if let Err(why) = removed {
                super::super::complain(&format!("cannot put {} away: {why:#}", folder.display()));
            }
        }
    }
}

/// The revision that `folder` is checked out at; `None` where no repository tells.
pub(in crate::cli) fn revision_of(folder: &Path) -> Option<String> {
    git(folder, &["rev-parse", "HEAD"]).ok().map(|revision| revision.trim().to_owned())
}

fn git(folder: &Path, args: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(args).output().context("cannot run git")?;
    if !output.status.success() {
        bail!("git {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
