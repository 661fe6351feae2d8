//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use serde::Serialize;

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
    /// Print a completion script
    Completions {
        /// For which shell
        shell: Shell,
    },
    #[command(flatten)]
    Ask(AskCommand),
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
pub(super) struct CheckArgs {
    /// Folder or .jsonl file to check, the built-in curriculum where not given
    #[arg(value_name = "SOURCE")]
    pub(super) path: Option<PathBuf>,
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

/// The questions. Names of fields are names of parameters.
#[derive(Subcommand)]
pub(super) enum AskCommand {
    /// Search guides and concepts
    Search {
        /// Words, "exact phrases", -exclusions, title:words
        #[arg(value_name = "QUERY")]
        q: Vec<String>,
        #[command(flatten)]
        flags: SearchFlags,
    },
    /// Show a guide, concept or section
    Show {
        /// Slug, title, name, path or URL
        id: String,
    },
    /// What must be known before
    Prereqs {
        /// Concept or guide
        id: String,
        #[command(flatten)]
        flags: ClosureFlags,
    },
    /// What becomes possible after
    Unlocks {
        /// Concept
        id: String,
        #[command(flatten)]
        flags: ClosureFlags,
    },
    /// The cheapest chains of prerequisites from one concept up to another
    Path {
        /// Known concept
        from: String,
        /// Wanted concept
        to: String,
        /// How many chains
        #[arg(short, long)]
        k: Option<usize>,
    },
    /// Plan what to learn
    Plan {
        /// Concepts and guides to reach
        #[arg(required = true)]
        target: Vec<String>,
        #[command(flatten)]
        flags: PlanFlags,
    },
    /// What can be learned now
    Next {
        #[command(flatten)]
        flags: NextFlags,
    },
    /// Pages related to a guide or concept
    Related {
        /// Guide or concept
        id: String,
        #[command(flatten)]
        flags: RelatedFlags,
    },
    /// What belongs together
    Topics {
        #[command(flatten)]
        flags: TopicsFlags,
    },
    /// The concepts that connect one topic with another
    Bridges {
        /// Topic, or a concept of it
        from: String,
        /// Other topic, or a concept of it; all others where not given
        to: Option<String>,
        #[command(flatten)]
        flags: TopicsFlags,
    },
    /// What stands around a page
    Graph {
        /// Guide or concept
        center: String,
        #[command(flatten)]
        flags: GraphFlags,
    },
    /// Write everything out
    Export {
        /// jsonl, graphml, dot, csv or mermaid
        #[arg(long, default_value = "jsonl")]
        to: String,
    },
    /// Count what there is
    Stats,
}

#[derive(Args, Serialize)]
pub(super) struct SearchFlags {
    /// Only these kinds: concept, guide
    #[arg(long, value_delimiter = ',')]
    kind: Vec<String>,
    /// Only these categories
    #[arg(long, value_delimiter = ',')]
    category: Vec<String>,
    /// Only these tags
    #[arg(long, value_delimiter = ',')]
    tag: Vec<String>,
    /// Only these tracks
    #[arg(long, value_delimiter = ',')]
    track: Vec<String>,
    /// Only these levels
    #[arg(long, value_delimiter = ',')]
    level: Vec<String>,
    /// Only this access: free, pro
    #[arg(long, value_delimiter = ',')]
    access: Vec<String>,
    /// Only these languages
    #[arg(long, value_delimiter = ',')]
    lang: Vec<String>,
    /// Results a page
    #[arg(long)]
    limit: Option<usize>,
    /// next_cursor of the page before
    #[arg(long)]
    cursor: Option<String>,
    /// auto, all or any
    #[arg(long = "match")]
    #[serde(rename = "match")]
    matching: Option<String>,
    /// Tell why each hit ranks where it does
    #[arg(long)]
    explain: bool,
}

#[derive(Args, Serialize)]
pub(super) struct ClosureFlags {
    /// Steps away, or all
    #[arg(long)]
    depth: Option<String>,
    /// required or all
    #[arg(long)]
    strength: Option<String>,
    /// Leave out edges that others imply
    #[arg(long)]
    reduce: bool,
    /// What is known
    #[arg(long, value_delimiter = ',')]
    known: Vec<String>,
}

#[derive(Args, Serialize)]
pub(super) struct PlanFlags {
    /// What is known
    #[arg(long, value_delimiter = ',')]
    known: Vec<String>,
    /// Minutes, or a duration such as 2h or PT2H
    #[arg(long)]
    budget: Option<String>,
    /// transitive or exact
    #[arg(long)]
    assume: Option<String>,
    /// required or recommended
    #[arg(long)]
    include: Option<String>,
    /// Prefer guides of this track
    #[arg(long, value_delimiter = ',')]
    track: Vec<String>,
    /// Prefer guides of this level
    #[arg(long, value_delimiter = ',')]
    level: Vec<String>,
}

#[derive(Args, Serialize)]
pub(super) struct NextFlags {
    /// What is known
    #[arg(long, value_delimiter = ',')]
    known: Vec<String>,
    /// Where to get to
    #[arg(long)]
    goal: Option<String>,
    /// Only this track
    #[arg(long, value_delimiter = ',')]
    track: Vec<String>,
    /// Items
    #[arg(long)]
    limit: Option<usize>,
}

#[derive(Args, Serialize)]
pub(super) struct RelatedFlags {
    /// Items
    #[arg(long)]
    limit: Option<usize>,
    /// before, similar, after
    #[arg(long, value_delimiter = ',')]
    group: Vec<String>,
    /// Pages to leave out
    #[arg(long, value_delimiter = ',')]
    exclude: Vec<String>,
}

#[derive(Args, Serialize)]
pub(super) struct TopicsFlags {
    /// Items a page
    #[arg(long)]
    limit: Option<usize>,
    /// next_cursor of the page before
    #[arg(long)]
    cursor: Option<String>,
}

#[derive(Args, Serialize)]
pub(super) struct GraphFlags {
    /// Steps away
    #[arg(long)]
    depth: Option<usize>,
    /// Pages
    #[arg(long)]
    limit: Option<usize>,
    /// Relations to follow
    #[arg(long, value_delimiter = ',')]
    relations: Vec<String>,
    /// json, svg, mermaid, dot or graphml
    #[arg(long = "as")]
    #[serde(rename = "format")]
    picture: Option<String>,
}
