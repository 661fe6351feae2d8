//! What is said of stores of published content.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use gradus_corpus::PublicationNumber;
use gradus_publication::{EtcdAccess, StoreAddress};

/// How a store of published content is reached, beside its address.
#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct StoreFlags {
    /// Where packs and manifests lie, if elsewhere: file:///FOLDER/NAME for more content than etcd should hold
    #[arg(long, env = "GRADUS_BLOBS", value_name = "URL")]
    pub(in crate::cli) blobs: Option<String>,
    /// Another order of publications over the same store, such as `canary`
    #[arg(long, env = "GRADUS_CHANNEL", value_name = "NAME")]
    pub(in crate::cli) channel: Option<String>,
    /// PEM file with the authority that signs for etcd; those of the world where not given
    #[arg(long, env = "GRADUS_ETCD_CA", value_name = "FILE")]
    pub(in crate::cli) etcd_ca: Option<PathBuf>,
    /// PEM file with the certificate that is shown to etcd
    #[arg(long, env = "GRADUS_ETCD_CERT", value_name = "FILE", requires = "etcd_key")]
    pub(in crate::cli) etcd_cert: Option<PathBuf>,
    /// PEM file with the key of that certificate
    #[arg(long, env = "GRADUS_ETCD_KEY", value_name = "FILE", requires = "etcd_cert")]
    pub(in crate::cli) etcd_key: Option<PathBuf>,
    /// Login for etcd
    #[arg(long, env = "GRADUS_ETCD_LOGIN", value_name = "USER:PASSWORD", hide_env_values = true)]
    pub(in crate::cli) etcd_login: Option<String>,
    /// Talk to etcd without TLS over a network that nobody else reads
    #[arg(long, env = "GRADUS_ETCD_PLAINTEXT")]
    pub(in crate::cli) etcd_plaintext: bool,
}

impl StoreFlags {
    /// The store at `url`, reached as these flags say.
    pub(in crate::cli) fn at(&self, url: &str) -> StoreAddress {
        let etcd = EtcdAccess {
            ca: self.etcd_ca.clone(),
            cert: self.etcd_cert.clone(),
            key: self.etcd_key.clone(),
            login: self.etcd_login.clone(),
            plaintext: self.etcd_plaintext,
        };
        StoreAddress { register: url.to_owned(), blobs: self.blobs.clone(), channel: self.channel.clone(), etcd }
    }
}

/// A time such as `500ms`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|_| format!("'{text}' is no time; write 500ms, 5s or 7d"))
}

#[derive(Args)]
#[command(group = clap::ArgGroup::new("instead").multiple(false), after_long_help = PUBLISH_HELP)]
pub(in crate::cli) struct PublishArgs {
    /// Folder, .jsonl file or snapshot of `gradus index` to publish
    #[arg(value_name = "SOURCE")]
    pub(in crate::cli) path: Option<PathBuf>,
    /// Where to: etcd://HOST,HOST,HOST/NAME, etcds:// with TLS, file:///FOLDER/NAME, or s3://BUCKET/NAME where built with buckets
    #[arg(long, env = "GRADUS_TO", value_name = "URL")]
    pub(in crate::cli) to: String,
    #[command(flatten)]
    pub(in crate::cli) store: StoreFlags,
    /// Golden queries (.yaml) that --floor holds the content to
    #[arg(long, value_name = "FILE", requires = "floor")]
    pub(in crate::cli) golden: Option<PathBuf>,
    /// Publish nothing whose nDCG@10 on the golden queries is below this
    #[arg(long, value_name = "NDCG", requires = "golden")]
    pub(in crate::cli) floor: Option<f64>,
    /// Publish content with errors, and content without a single page
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// Where somebody else publishes meanwhile, publish after that instead of ending with status 3
    #[arg(long)]
    pub(in crate::cli) rebase: bool,
    /// Put everything again, also what the store has: it mends a store that has lost or damaged something
    #[arg(long)]
    pub(in crate::cli) anew: bool,
    /// Begin a new epoch, the next one or this: where the store has lost the record of what was published
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true)]
    pub(in crate::cli) new_epoch: Option<Option<u32>>,
    /// Who publishes, for the record
    #[arg(long, env = "USER", value_name = "NAME", default_value = "", hide_env = true, hide_default_value = true)]
    pub(in crate::cli) by: String,
    /// The revision of the source, for the record; that of its git repository where not given
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) revision: Option<String>,
    /// Publish what this publication was once more, under a new number
    #[arg(long, value_name = "NUMBER", group = "instead")]
    pub(in crate::cli) restore: Option<PublicationNumber>,
    /// Publish what is newest in another channel; `main` is that without a name
    #[arg(long, value_name = "CHANNEL", group = "instead")]
    pub(in crate::cli) promote: Option<String>,
    /// List what was published, newest first
    #[arg(long, group = "instead")]
    pub(in crate::cli) history: bool,
    /// Forget old publications, and remove what no other one needs
    #[arg(long, group = "instead")]
    pub(in crate::cli) prune: bool,
    /// So many of the newest publications are kept by --prune
    #[arg(long, value_name = "N", default_value_t = 10, requires = "prune")]
    pub(in crate::cli) keep: usize,
    /// What is younger is kept by --prune
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = duration, requires = "prune")]
    pub(in crate::cli) older_than: Duration,
}

/// What `gradus publish --help` says below the flags.
const PUBLISH_HELP: &str = "\
The content is read, checked and built as a server would; then what the store does not have is put, read
back and checked; and only then does the new number count. Whoever dies in between leaves nothing that
anybody sees. The number is printed once it is certain. Content that is published already gets no new one.

Ends with status 1 where the content has errors or is below --floor, 3 where somebody else published
meanwhile, 2 where anything else went wrong.";

#[derive(Subcommand)]
pub(in crate::cli) enum ClusterCommand {
    /// Tell what is published, and which replica serves what
    Status(ClusterArgs),
}

#[derive(Args)]
pub(in crate::cli) struct ClusterArgs {
    /// Where content is published
    #[arg(long, env = "GRADUS_FROM", value_name = "URL")]
    pub(in crate::cli) from: String,
    #[command(flatten)]
    pub(in crate::cli) store: StoreFlags,
    /// Addresses of replicas, such as http://10.0.0.1:4747
    #[arg(long, env = "GRADUS_REPLICAS", value_name = "URL", value_delimiter = ',')]
    pub(in crate::cli) replicas: Vec<String>,
}
