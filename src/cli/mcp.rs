//! `gradus mcp`.

use std::sync::Arc;

use anyhow::Context;
use gradus_engine::viewer::Viewer;

use super::args::{AskFlags, McpArgs};
use super::{Outcome, complain, kept, print, serve};
use crate::mcp::{print_config, serve_stdio};

/// Answers agents until they go, or prints the settings that make one start this.
pub(super) fn mcp(args: &McpArgs, flags: &AskFlags) -> anyhow::Result<Outcome> {
    if let Some(client) = args.print_config {
        let program = std::env::current_exe().context("where this program lies cannot be told")?;
        // An agent starts it from a folder of its own: only a whole path leads to the same source from there.
        let source =
            args.path.as_deref().map(|path| path.canonicalize().with_context(|| format!("{}", path.display())));
        let (settings, file) = print_config(client, &program, source.transpose()?.as_deref());
        print(&settings)?;
        complain(&format!("this belongs into {file}"));
        return Ok(Outcome::Done);
    }
    let input = serve::input(args.path.as_ref());
    let kept = kept::load(&input, flags.no_cache, &mut |_| {})?;
    serve::tell_errors(&kept.snapshot.diagnostics, &input);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")?;
    runtime.block_on(serve_stdio(Arc::clone(&kept.snapshot), Viewer::entitled(&flags.entitlements)))?;
    Ok(Outcome::Done)
}
