//! Settings of the server: flag over environment over `gradus.toml` over default.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::Deserialize;

/// Flags of `gradus serve`; each is also a `GRADUS_…` variable.
#[derive(Args, Clone, Debug, Default)]
pub struct ServeFlags {
    /// Address of the public listener [default: 127.0.0.1:4747]
    #[arg(long, env = "GRADUS_LISTEN", value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Address of the admin listener [default: 127.0.0.1:4748]
    #[arg(long, env = "GRADUS_ADMIN_LISTEN", value_name = "ADDR")]
    pub admin_listen: Option<SocketAddr>,
    /// Reload when the content changes on disk
    #[arg(long, env = "GRADUS_WATCH")]
    pub watch: bool,
    /// Open the server's address in the browser
    #[arg(long, env = "GRADUS_OPEN")]
    pub open: bool,
    /// Count the texts of queries, without anything that tells who asked, for `GET /admin/queries`
    #[arg(long, env = "GRADUS_RECORD_QUERIES")]
    pub record_queries: bool,
    /// Verifies viewers' tokens signed with HS256
    #[arg(long, env = "GRADUS_JWT_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub jwt_secret: Option<String>,
    /// PEM file with the public key that verifies viewers' tokens signed with RS256 or EdDSA
    #[arg(long, env = "GRADUS_JWT_PUBLIC_KEY_FILE", value_name = "FILE")]
    pub jwt_public_key_file: Option<PathBuf>,
    /// What the admin listener wants as bearer token; without one it answers only on a loopback address
    #[arg(long, env = "GRADUS_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub admin_token: Option<String>,
}

/// The `[serve]` table of `gradus.toml`. Secrets are not read from content: it is often public.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServeTable {
    listen: Option<SocketAddr>,
    admin_listen: Option<SocketAddr>,
    watch: bool,
    open: bool,
    record_queries: bool,
    jwt_public_key_file: Option<PathBuf>,
}

/// How to serve.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address of the public listener.
    pub listen: SocketAddr,
    /// Address of the admin listener.
    pub admin_listen: SocketAddr,
    /// Whether to reload when the content changes on disk.
    pub watch: bool,
    /// Whether to open the browser.
    pub open: bool,
    /// Whether to count the texts of queries.
    pub record_queries: bool,
    /// HS256 secret.
    pub jwt_secret: Option<String>,
    /// RS256 or EdDSA public key.
    pub jwt_public_key_file: Option<PathBuf>,
    /// Admin token.
    pub admin_token: Option<String>,
}

impl Settings {
    /// `flags` (which hold the environment already) over `table` over the defaults.
    ///
    /// # Errors
    /// If the table is wrong, or the admin listener is reachable from outside without a token.
    pub fn new(flags: ServeFlags, table: toml::Table) -> anyhow::Result<Self> {
        let table: ServeTable = table.try_into().context("gradus.toml: [serve]")?;
        let settings = Self {
            listen: flags.listen.or(table.listen).unwrap_or_else(|| ([127, 0, 0, 1], 4747).into()),
            admin_listen: flags.admin_listen.or(table.admin_listen).unwrap_or_else(|| ([127, 0, 0, 1], 4748).into()),
            watch: flags.watch || table.watch,
            open: flags.open || table.open,
            record_queries: flags.record_queries || table.record_queries,
            jwt_secret: flags.jwt_secret,
            jwt_public_key_file: flags.jwt_public_key_file.or(table.jwt_public_key_file),
            admin_token: flags.admin_token,
        };
        anyhow::ensure!(
            settings.admin_token.is_some() || settings.admin_listen.ip().is_loopback(),
            "the admin listener on {} can be reached from outside: set GRADUS_ADMIN_TOKEN, or listen on 127.0.0.1",
            settings.admin_listen,
        );
        Ok(settings)
    }
}
