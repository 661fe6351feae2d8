//! `gradus build`.

use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use gradus_engine::host::Host;
use gradus_load::Input;

use super::args::BuildArgs;
use super::{Outcome, counted, print, serve, site_address};
use crate::http::{App, Metrics};
use crate::static_site;
use crate::token::Verifier;

/// Writes the pages of a source as files.
pub(super) fn build(args: &BuildArgs) -> anyhow::Result<Outcome> {
    let base_url = args.base_url.as_deref().map(site_address).transpose()?;
    let input = serve::input(args.path.as_ref());
    if let Input::Path(source) = &input {
        apart(source, &args.out)?;
    }
    let host = Arc::new(Host::new(input.clone()));
    let mut bar = serve::bar();
    host.reload(&mut |progress| bar(progress))?;
    drop(bar);
    host.snapshot().iter().for_each(|snapshot| serve::tell_errors(&snapshot.diagnostics, &input));
    let app = App::new(host, Verifier::new(None, None)?, None, Metrics::install()?).without_server();
    let runtime = tokio::runtime::Runtime::new()?;
    let written = runtime.block_on(static_site::build(app, &args.out, base_url))?;
    let (files, out) = (counted(written.n_files, "file"), args.out.display());
    print(&format!("{out}\n  {files}, {} written, {} removed\n", written.n_written, written.n_removed))?;
    print(&format!("  look at it with: python3 -m http.server --directory {out}\n"))?;
    Ok(Outcome::Done)
}

/// # Errors
/// If `out` lies in the folder `source`, whose pages it would become part of, or the other way round.
fn apart(source: &Path, out: &Path) -> anyhow::Result<()> {
    // A folder that is yet to be made has no real path, but what it will lie in has: `../site` lies beside the source.
    let whole = |path: &Path| {
        let path = std::path::absolute(path)?;
        let real = |above: &Path| Some(above.canonicalize().ok()?.join(path.strip_prefix(above).ok()?));
        std::io::Result::Ok(path.ancestors().find_map(real).unwrap_or_else(|| path.clone()))
    };
    let (source, out) = (whole(source)?, whole(out)?);
    if source.is_dir() && (out.starts_with(&source) || source.starts_with(&out)) {
        bail!("{} and the source lie in one another: build into a folder beside it", out.display());
    }
    Ok(())
}
