//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::mcp::Client;
use crate::settings::ServeFlags;

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
    /// Folder or .jsonl file to ask, the built-in curriculum where not given
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
    /// Check content and tell what is wrong with it
    Check(CheckArgs),
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
    /// Print the lines that put search, prerequisites and related pages on the pages of a site
    Embed {
        /// Where the server is reached by readers, such as https://learn.example.org
        url: String,
    },
    /// Print a completion script
    Completions {
        /// For which shell
        shell: Shell,
    },
}

#[derive(Args)]
pub(super) struct ServeArgs {
    /// Folder or .jsonl file to serve, the built-in curriculum where not given
    #[arg(value_name = "SOURCE")]
    pub(super) path: Option<PathBuf>,
    #[command(flatten)]
    pub(super) flags: ServeFlags,
}

#[derive(Args)]
pub(super) struct McpArgs {
    /// Folder or .jsonl file to answer from, the built-in curriculum where not given
    #[arg(value_name = "SOURCE")]
    pub(super) path: Option<PathBuf>,
    /// Print the settings that make an agent start this, and do nothing else
    #[arg(long, value_enum, value_name = "AGENT")]
    pub(super) print_config: Option<Client>,
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
    /// How many of the worst answered queries to show
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(super) worst: usize,
    /// Also write the rankings to this file, in TREC's format
    #[arg(long, value_name = "FILE")]
    pub(super) run: Option<PathBuf>,
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
    /// Static Analysis Results Interchange Format 2.1.0
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
}
