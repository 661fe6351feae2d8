//! Settings of the server: flag over environment over `gradus.toml` over default.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use clap::builder::BoolishValueParser;
use gradus_corpus::{Code, Diagnostic};
use gradus_load::Config;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::replica::ReplicaSettings;

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
    #[arg(long, env = "GRADUS_WATCH", value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub watch: Option<bool>,
    /// Open the server's address in the browser
    #[arg(long, env = "GRADUS_OPEN", value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub open: Option<bool>,
    /// Count the texts of queries, without anything that tells who asked, for `GET /admin/queries`
    #[arg(long, env = "GRADUS_RECORD_QUERIES", value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub record_queries: Option<bool>,
    /// Take what is said of proposals, on `/suggestions` of the admin listener; wants an admin token
    #[arg(long, env = "GRADUS_EDIT", value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub edit: Option<bool>,
    /// Memory that the process may take, such as 512MiB; new work is turned away before it is full [default: the limit of
    /// the control group, else the memory of the machine]
    #[arg(long, env = "GRADUS_MAX_MEMORY", value_name = "SIZE", value_parser = crate::memory::bytes)]
    pub max_memory: Option<u64>,
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
    watch: Option<bool>,
    open: Option<bool>,
    record_queries: Option<bool>,
    #[serde(deserialize_with = "memory")]
    max_memory: Option<u64>,
    jwt_public_key_file: Option<PathBuf>,
}

fn memory<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let text = String::deserialize(deserializer)?;
    crate::memory::bytes(&text).map(Some).map_err(D::Error::custom)
}

/// The keys of the table.
const KEYS: &[&str] =
    &["listen", "admin_listen", "watch", "open", "record_queries", "max_memory", "jwt_public_key_file"];

/// What is wrong with the `[serve]` table of `config`, key by key.
pub fn problems(config: &Config) -> Vec<Diagnostic> {
    let problem = |(key, value): (&String, &toml::Value)| {
        if !KEYS.contains(&key.as_str()) {
            return Some(config.serve_problem(key, Code::UnknownSetting, format!("`{key}` means nothing here")));
        }
        let alone = toml::Table::from_iter([(key.clone(), value.clone())]);
        let read: Result<ServeTable, _> = alone.try_into();
        let wanted = match key.as_str() {
            "listen" | "admin_listen" => "an address with its port, such as `127.0.0.1:4747`",
            "max_memory" => "an amount of memory, such as `\"512MiB\"`",
            "jwt_public_key_file" => "the path of a file",
            _ => "`true` or `false`",
        };
        read.err().map(|_| config.serve_problem(key, Code::InvalidSetting, format!("`{key}` is {wanted}")))
    };
    config.serve.iter().filter_map(problem).collect()
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
    /// Whether what is said of proposals is taken. Content cannot ask for it: it does not say who may change it.
    pub edit: bool,
    /// Bytes of memory that the process may take, where it is said.
    pub max_memory: Option<u64>,
    /// HS256 secret.
    pub jwt_secret: Option<String>,
    /// RS256 or EdDSA public key.
    pub jwt_public_key_file: Option<PathBuf>,
    /// Admin token.
    pub admin_token: Option<String>,
    /// The site's address: agents may ask by the name of its host, too.
    pub base_url: Option<String>,
    /// Where what is served was published, if it was.
    pub replica: Option<ReplicaSettings>,
}

impl Settings {
    /// `flags` (which hold the environment already) over `table` over the defaults.
    ///
    /// # Errors
    /// If the table is wrong, the admin token is empty, or the admin listener is reachable from outside without one.
    pub fn new(flags: ServeFlags, table: toml::Table) -> anyhow::Result<Self> {
        let table: ServeTable = table.try_into().context("gradus.toml: [serve]")?;
        let settings = Self {
            listen: flags.listen.or(table.listen).unwrap_or_else(|| ([127, 0, 0, 1], 4747).into()),
            admin_listen: flags.admin_listen.or(table.admin_listen).unwrap_or_else(|| ([127, 0, 0, 1], 4748).into()),
            watch: flags.watch.or(table.watch).unwrap_or(false),
            open: flags.open.or(table.open).unwrap_or(false),
            record_queries: flags.record_queries.or(table.record_queries).unwrap_or(false),
            edit: flags.edit.unwrap_or(false),
            max_memory: flags.max_memory.or(table.max_memory),
            jwt_secret: flags.jwt_secret,
            jwt_public_key_file: flags.jwt_public_key_file.or(table.jwt_public_key_file),
            admin_token: flags.admin_token,
            base_url: None,
            replica: None,
        };
        // A deployment that forgot to fill the variable in would let everybody in.
        anyhow::ensure!(settings.admin_token.as_deref() != Some(""), "the admin token is empty");
        anyhow::ensure!(
            settings.admin_token.is_some() || !settings.edit,
            "--edit lets whoever reaches the admin listener change content: set GRADUS_ADMIN_TOKEN"
        );
        anyhow::ensure!(
            settings.admin_token.is_some() || settings.admin_listen.ip().is_loopback(),
            "the admin listener on {} can be reached from outside: set GRADUS_ADMIN_TOKEN, or listen on 127.0.0.1",
            settings.admin_listen,
        );
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(flags: ServeFlags, table: &str) -> anyhow::Result<Settings> {
        Settings::new(flags, toml::from_str(table).unwrap())
    }

    #[test]
    fn a_flag_wins_over_the_table_and_the_table_over_the_default() {
        let table = "listen = \"127.0.0.1:1\"\nadmin_listen = \"127.0.0.1:2\"\nwatch = true\n";
        let flags =
            ServeFlags { listen: Some(([127, 0, 0, 1], 3).into()), watch: Some(false), ..ServeFlags::default() };
        let mixed = settings(flags, table).unwrap();
        assert_eq!((mixed.listen.port(), mixed.admin_listen.port(), mixed.watch), (3, 2, false));
        let bare = settings(ServeFlags::default(), "").unwrap();
        assert_eq!((bare.listen.port(), bare.admin_listen.port(), bare.watch), (4747, 4748, false));
    }

    #[test]
    fn the_admin_listener_is_never_open_to_everybody() {
        let with = |token: Option<&str>, table| {
            let flags = ServeFlags { admin_token: token.map(str::to_owned), ..ServeFlags::default() };
            settings(flags, table).is_ok()
        };
        let outside = "admin_listen = \"0.0.0.0:4748\"";
        assert!(with(None, "") && with(Some("token"), outside));
        assert!(!with(None, outside) && !with(Some(""), "") && !with(Some(""), outside));
    }

    #[test]
    fn every_key_of_the_table_is_known() {
        for key in KEYS {
            let error = settings(ServeFlags::default(), &format!("{key} = []")).unwrap_err();
            assert!(!format!("{error:#}").contains("unknown field"), "{key}: {error:#}");
        }
    }

    #[test]
    fn a_key_that_means_nothing_is_refused() {
        assert!(settings(ServeFlags::default(), "listn = \"127.0.0.1:1\"").is_err());
    }
}
