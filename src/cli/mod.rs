//! The command line: the questions as commands, in this process or of a server, and the commands that are none.

mod args;
mod ask;
mod build;
mod changes;
mod check;
mod cluster;
mod commands;
mod diff;
mod eval;
mod gaps;
mod index;
mod init;
mod kept;
mod layout;
mod log;
mod lsp;
mod mcp;
mod publish;
mod remote;
mod serve;
mod suggest;
mod tune;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches};
use gradus_load::is_site_address;

use crate::counted::counted;
use crate::web;
use args::{AskFlags, BuildArgs, CheckArgs, Cli, ClusterCommand, Command, IndexArgs, McpArgs, PublishArgs, ServeArgs};

/// How a command ended.
pub(crate) enum Outcome {
    /// It did what it was asked.
    Done,
    /// It found problems, or nothing.
    Findings,
    /// Somebody else was faster.
    Overtaken,
}

/// Runs the program.
pub fn run() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    match run_with(&args) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Overtaken) => ExitCode::from(3),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// All that can be said: the commands that are no questions, and those that are.
fn command() -> clap::Command {
    commands::with_questions(Cli::command())
}

fn run_with(args: &[OsString]) -> anyhow::Result<Outcome> {
    let words = commands::mark_words(&commands::spell_formats(args));
    let matches =
        command().try_get_matches_from(words).unwrap_or_else(|error| commands::with_source_hint(error, args).exit());
    if let Some((name, question)) = matches.subcommand().filter(|(name, _)| !commands::alternatives(name).is_empty()) {
        let flags = AskFlags::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        return ask::ask(name, question, &flags);
    }
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    if let Some((name, _)) = matches.subcommand().filter(|(name, _)| *name != "eval")
        && matches.value_source("server") == Some(ValueSource::CommandLine)
    {
        anyhow::bail!("`gradus {name}` reads content and asks no server: name its source in place of --server");
    }
    let Some(command) = cli.command else {
        // `gradus` alone serves; read again as `gradus serve`, so that the environment counts there too.
        return run_with(&[args, &[OsString::from("serve")]].concat());
    };
    match command {
        // `--source` means for them what it means for every other command.
        Command::Serve(args) => {
            serve::serve(ServeArgs { path: args.path.or(cli.ask.source), ..args }, cli.ask.no_cache)
        }
        // `--source` is what is indexed, too.
        Command::Build(args) => build::build(&BuildArgs { path: args.path.or(cli.ask.source), ..args }),
        Command::Index(args) => index::index(&IndexArgs { path: args.path.or(cli.ask.source), ..args }),
        Command::Check(args) => check::check(&CheckArgs { source: cli.ask.source, ..args }),
        Command::Eval(args) => eval::eval(&args, &cli.ask),
        Command::Suggest(args) => suggest::suggest(&args, &cli.ask),
        Command::Tune(args) => tune::tune(&args, cli.ask.source.as_ref()),
        Command::Mcp(args) => mcp::mcp(&McpArgs { path: args.path.or(cli.ask.source.clone()), ..args }, &cli.ask),
        Command::Publish(args) => {
            publish::publish(&PublishArgs { path: args.path.or(cli.ask.source.clone()), ..args }, &cli.ask)
        }
        Command::Cluster { what: ClusterCommand::Status(args) } => cluster::status(&args, &cli.ask),
        Command::Lsp(_) => lsp::lsp(cli.ask.source),
        Command::Diff(args) => diff::diff(&args, &cli.ask),
        Command::Gaps(args) => gaps::gaps(&args, &cli.ask),
        Command::Init(args) => init::init(&args),
        Command::Explain { code } => check::explain(&code),
        Command::Embed { url, is_static } => embed(&url, is_static),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut self::command(), "gradus", &mut script);
            print(&String::from_utf8_lossy(&script)).map(|()| Outcome::Done)
        }
    }
}

/// Prints what a site pastes to embed components of the server at `url`, or of the files that lie there.
fn embed(url: &str, is_static: bool) -> anyhow::Result<Outcome> {
    print(&web::snippet(site_address(url)?, is_static)).map(|()| Outcome::Done)
}

/// `url`, if the paths of pages can be put behind it.
fn site_address(url: &str) -> anyhow::Result<&str> {
    anyhow::ensure!(
        is_site_address(url) && !url.contains(['?', '#', '"', '<', '>']),
        "'{url}' is no address of a site: write it whole, such as https://learn.example.org"
    );
    Ok(url)
}

/// Writes a result to standard output.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// `detail`, and below it what may have been meant.
pub(crate) fn with_suggestions(detail: &str, suggestions: &[String]) -> String {
    if suggestions.is_empty() {
        return detail.to_owned();
    }
    format!("{detail}\n  did you mean {}?", suggestions.join(", "))
}

/// Writes a message to standard error.
pub(crate) fn complain(message: &str) {
    let written = writeln!(io::stderr().lock(), "{message}");
    // There is nobody left to tell.
    debug_assert!(written.is_ok() || cfg!(not(test)));
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    io.is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
}
