//! What can be said on the command line.

mod stores;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::mcp::Client;
use crate::settings::ServeFlags;
pub(super) use stores::{ClusterArgs, ClusterCommand, PublishArgs};
use stores::{StoreFlags, duration};

/// Search, prerequisite paths, plans and related guides for learning content.
#[derive(Parser)]
#[command(
    name = "gradus",
    version,
    about,
    after_help = "Without a command, the built-in GenAI and LLM curriculum is served."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) ask: AskFlags,
}

/// Flags of every command that asks a question.
#[derive(Args, Clone, Debug)]
pub(super) struct AskFlags {
    /// Folder, .jsonl file or snapshot of `gradus index` to ask, the built-in curriculum where not given
    #[arg(long, global = true, env = "GRADUS_SOURCE", value_name = "PATH")]
    pub(super) source: Option<PathBuf>,
    /// Ask a running server instead
    #[arg(long, global = true, env = "GRADUS_SERVER", value_name = "URL")]
    pub(super) server: Option<String>,
    /// Token for that server
    #[arg(long, global = true, env = "GRADUS_TOKEN", value_name = "JWT", hide_env_values = true)]
    pub(super) token: Option<String>,
    /// Read a local source as a viewer with these entitlements
    #[arg(long, global = true, value_name = "NAME", value_delimiter = ',')]
    pub(super) entitlements: Vec<String>,
    /// Build the source anew, and keep nothing of it in the cache folder of the user
    #[arg(long, global = true, env = "GRADUS_NO_CACHE", value_parser = FalseyValueParser::new())]
    pub(super) no_cache: bool,
    /// How to print the answer
    #[arg(short, long, global = true, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
}

/// How to print an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Aligned text for people
    Table,
    /// The answer of the HTTP API, byte for byte
    Json,
    /// One item a line
    Ndjson,
    /// Markdown
    Md,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Serve content over HTTP
    Serve(ServeArgs),
    /// Write content, made ready to answer, to one file that `serve` and every command open at once
    Index(IndexArgs),
    /// Write the pages as files: a site that needs no server
    Build(BuildArgs),
    /// Check content and tell what is wrong with it
    Check(CheckArgs),
    /// Tell what is missing: what is needed and taught by no guide, what is needed before it comes, what is not found
    Gaps(GapsArgs),
    /// Look at a folder, say what it holds, and write settings for it
    Init(InitArgs),
    /// Tell what a change of the content does to the graph
    Diff(DiffArgs),
    /// Explain a code that `check` prints
    Explain {
        /// Such as G002
        code: String,
    },
    /// Measure the answers against what people judged
    Eval(EvalArgs),
    /// Learn what relates pages from lists that people made, and keep it if it wins
    Tune(TuneArgs),
    /// Answer agents by the Model Context Protocol over standard input and output
    Mcp(McpArgs),
    /// Publish content to a store that replicas serve from (gradus serve --from)
    Publish(PublishArgs),
    /// Tell what is published, and which replica serves what
    Cluster {
        #[command(subcommand)]
        what: ClusterCommand,
    },
    /// Serve an editor by the Language Server Protocol over standard input and output
    Lsp(LspArgs),
    /// Propose prerequisites and concepts that the texts speak for, and put the accepted ones where authors write them
    Suggest(SuggestArgs),
    /// Print the lines that put search, prerequisites and related pages on the pages of a site
    Embed {
        /// Where the server is reached by readers, such as https://learn.example.org, or where the files of `gradus build` are
        url: String,
        /// There are the files of `gradus build`, and no server
        #[arg(long = "static")]
        is_static: bool,
    },
    /// Print a completion script
    Completions {
        /// For which shell
        shell: Shell,
    },
}

#[derive(Args)]
pub(super) struct ServeArgs {
    /// Folder, .jsonl file or snapshot of `gradus index` to serve, the built-in curriculum where not given
    #[arg(value_name = "SOURCE")]
    pub(super) path: Option<PathBuf>,
    /// Serve what was published here: etcd://HOST,HOST,HOST/NAME, etcds:// with TLS, file:///FOLDER/NAME, or s3://BUCKET/NAME where
    /// built with buckets
    #[arg(long, env = "GRADUS_FROM", value_name = "URL", conflicts_with_all = ["path", "watch", "edit"])]
    pub(super) from: Option<String>,
    /// Folder in which a replica keeps what it has fetched and which publication it serves
    #[arg(long, env = "GRADUS_STATE", value_name = "FOLDER")]
    pub(super) state: Option<PathBuf>,
    /// Time between two looks at a store that does not tell of changes by itself
    #[arg(long, env = "GRADUS_POLL", value_name = "TIME", default_value = "5s", value_parser = duration)]
    pub(super) poll: Duration,
    /// For how long a reader who has seen newer content elsewhere waits until it is here, too
    #[arg(long, env = "GRADUS_WAIT", value_name = "TIME", default_value = "500ms", value_parser = duration)]
    pub(super) wait: Duration,
    #[command(flatten)]
    pub(super) store: StoreFlags,
    #[command(flatten)]
    pub(super) flags: ServeFlags,
}

#[derive(Args)]
pub(super) struct IndexArgs {
    /// Folder or .jsonl file to index, the built-in curriculum where not given
    #[arg(value_name = "SOURCE")]
    pub(super) path: Option<PathBuf>,
    /// File to write, or a folder in which it is named by what it holds
    #[arg(long, value_name = "FILE|FOLDER")]
    pub(super) out: PathBuf,
}

#[derive(Args)]
pub(super) struct BuildArgs {
    /// Folder, .jsonl file or snapshot of `gradus index` to build, the built-in curriculum where not given
    #[arg(value_name = "SOURCE")]
    pub(super) path: Option<PathBuf>,
    /// Folder to write, one that is new or that an earlier build wrote
    #[arg(long, value_name = "FOLDER")]
    pub(super) out: PathBuf,
    /// Where the folder will be read, for sitemap.xml and the page of what is not found
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
}

#[derive(Args)]
pub(super) struct McpArgs {
    /// Folder, .jsonl file or snapshot of `gradus index` to answer from, the built-in curriculum where not given
    #[arg(value_name = "SOURCE")]
    pub(super) path: Option<PathBuf>,
    /// Print the settings that make an agent start this, and do nothing else
    #[arg(long, value_enum, value_name = "AGENT")]
    pub(super) print_config: Option<Client>,
}

#[derive(Args)]
pub(super) struct LspArgs {
    /// What most editors pass; nothing else is spoken
    #[arg(long)]
    pub(super) stdio: bool,
}

#[derive(Args)]
pub(super) struct CheckArgs {
    /// Folder or .jsonl file to check, or one file of a site; `-` reads a file from standard input; the built-in curriculum
    /// where not given
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,
    /// Which file standard input is, whether it lies there or not
    #[arg(long = "path", value_name = "FILE")]
    pub(super) stdin_path: Option<PathBuf>,
    /// The source of the one file that is checked, and what is checked where no path is given
    #[arg(skip)]
    pub(super) source: Option<PathBuf>,
    /// How to print what is found
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(super) output_format: CheckFormat,
    /// End with status 1 from this severity on
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub(super) fail_on: FailOn,
    /// Make the fixes that are safe, and tell what is left
    #[arg(long)]
    pub(super) fix: bool,
    /// Show what `--fix` would change
    #[arg(long, conflicts_with = "fix")]
    pub(super) diff: bool,
}

#[derive(Args)]
pub(super) struct DiffArgs {
    /// A git revision or another folder to compare with
    #[arg(value_name = "BASE", default_value = "HEAD")]
    pub(super) base: String,
    /// Folder or .jsonl file that has changed, where the command stands if not given
    #[arg(value_name = "SOURCE")]
    pub(super) path: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct GapsArgs {
    /// Folder, .jsonl file or snapshot, the built-in curriculum where not given
    #[arg(value_name = "SOURCE")]
    pub(super) path: Option<PathBuf>,
    /// What `GET /admin/queries` has answered: searches of it that found nothing and still do are told
    #[arg(long, value_name = "FILE")]
    pub(super) queries: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct InitArgs {
    /// Folder of content
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(super) path: PathBuf,
    /// Print the settings instead of writing them
    #[arg(long)]
    pub(super) print: bool,
}

/// What is measured, for `gradus eval --help`.
const EVAL_HELP: &str = "\
Golden queries are a YAML list of
  - {q: kv cache, relevant: {concept:kv-cache: 3, guide:serving: 1}}
Test collections are JSON Lines of {\"id\", \"text\"} and rows of query, page and grade.
Pages may be named by id, slug, title, path or URL.

Measured as trec_eval does, as means over the queries that are judged. A grade above 0 is
relevant, what is not judged is not.
  nDCG@10     sum of grade / log2(1 + rank) over the first ten answers, divided by that of
              the best order (ndcg_cut_10: linear gain)
  MRR         1 / rank of the first relevant answer among the first hundred
  recall@100  share of the relevant pages among the first hundred answers

With --against bm25 the same queries are asked of plain BM25 (k1 1.2, b 0.75, stems, no stop words,
one field a page), and the queries that it answers better are told, the greatest loss first. The
interval is where the difference lies in 95 of 100 draws of the queries (paired bootstrap, 10,000
draws, seed 1): one that holds zero tells no difference.

The source is read with full access unless --entitlements says otherwise; with
`--entitlements none` as a reader without any.
Ends with status 1 below --floor, with 2 where a file is malformed or names what is not there.";

#[derive(Args)]
#[command(
    override_usage = "gradus eval GOLDEN [SOURCE]\n       gradus eval QUERIES QRELS [SOURCE]\n       gradus eval --related GOLD [SOURCE]",
    after_long_help = EVAL_HELP
)]
pub(super) struct EvalArgs {
    /// Golden queries (.yaml), or queries (.jsonl) and judgements; then what to search. With --related only what to ask
    #[arg(value_name = "FILE", num_args = 0..=3)]
    pub(super) files: Vec<PathBuf>,
    /// Measure related pages against lists that people made: JSON Lines of {"id": page, "related": [page]}
    #[arg(long, value_name = "GOLD")]
    pub(super) related: Option<PathBuf>,
    /// Also measure with each signal alone and each left out
    #[arg(long, requires = "related")]
    pub(super) ablation: bool,
    /// End with status 1 where nDCG@10 is below this
    #[arg(long, value_name = "NDCG")]
    pub(super) floor: Option<f64>,
    /// Also ask another search the same, and show the queries that it answers better
    #[arg(long, value_enum, value_name = "WHAT", conflicts_with = "related")]
    pub(super) against: Option<Against>,
    /// How many of the worst answered queries to show, and of the losses
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(super) worst: usize,
    /// Also write the rankings to this file, in TREC's format
    #[arg(long, value_name = "FILE")]
    pub(super) run: Option<PathBuf>,
}

/// What search is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Against {
    /// Plain BM25 over the same pages
    Bm25,
}

#[derive(Args)]
pub(super) struct TuneArgs {
    /// Folder or .jsonl file; what is learned is kept in gradus.related.json beside its content
    #[arg(value_name = "SOURCE")]
    pub(super) path: Option<PathBuf>,
    /// Lists to learn from, JSON Lines of {"id": page, "related": [page]}; the authors' own pins where not given
    #[arg(long, value_name = "FILE")]
    pub(super) gold: Option<PathBuf>,
}

#[derive(Args)]
#[command(override_usage = "gradus suggest [prerequisites|concepts] [SOURCE] [OPTIONS]")]
pub(super) struct SuggestArgs {
    /// `prerequisites`, the default, or `concepts`; then a folder or .jsonl file, the built-in curriculum where not given
    #[arg(value_name = "WHAT", num_args = 0..=2)]
    pub(super) words: Vec<String>,
    /// Show every pair that anything speaks for, likely or not
    #[arg(long)]
    pub(super) all: bool,
    /// Leave out what is less likely than this, from 0 to 1
    #[arg(long, value_name = "CHANCE")]
    pub(super) min_confidence: Option<f32>,
    /// Show so many at most
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<usize>,
    /// Accept that FROM is a prerequisite of TO, a concept of this name, or `all` that is shown; kept until it is written
    #[arg(long, value_name = "FROM,TO|NAME")]
    pub(super) accept: Vec<String>,
    /// Never propose it again
    #[arg(long, value_name = "FROM,TO|NAME")]
    pub(super) reject: Vec<String>,
    /// Write what is accepted into front matter, rows or concepts.yaml, and change nothing else
    #[arg(long)]
    pub(super) write: bool,
    /// Show what would be written; where nothing is accepted, for all that is shown
    #[arg(long, conflicts_with = "write")]
    pub(super) diff: bool,
}

impl SuggestArgs {
    /// Whether no proposals are asked for: only what was accepted or named counts.
    pub(super) fn is_silent(&self) -> bool {
        let is_named = |pairs: &[String]| !pairs.is_empty() && pairs.iter().all(|pair| pair != "all");
        let is_judging = is_named(&self.accept) || self.accept.is_empty() && is_named(&self.reject);
        is_judging && !self.diff || self.write && self.accept.is_empty()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// With the offending line
    Text,
    /// One line each
    Concise,
    /// For programs
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// Static Analysis Results Interchange Format 2.1.0
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
}
