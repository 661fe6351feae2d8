//! The command line: a client of the HTTP API, with the server inside the process or behind `--server`.

mod args;
mod ask;
mod check;
mod eval;
mod serve;
mod table;
mod tune;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{CheckArgs, Cli, Command, ServeArgs};

/// How a command ended.
pub(crate) enum Outcome {
    /// It did what it was asked.
    Done,
    /// It found problems, or nothing.
    Findings,
}

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let command = match cli.command {
        Some(command) => command,
        // `gradus` alone serves; read again as `gradus serve`, so that the environment counts there too.
        None => match Cli::parse_from(std::env::args_os().chain([OsString::from("serve")])).command {
            Some(command) => command,
            None => return ExitCode::from(2),
        },
    };
    let outcome = match command {
        // `--source` means for them what it means for every other command.
        Command::Serve(args) => serve::serve(ServeArgs { path: args.path.or(cli.ask.source), ..args }),
        Command::Check(args) => check::check(&CheckArgs { path: args.path.or(cli.ask.source), ..args }),
        Command::Eval(args) => eval::eval(&args, &cli.ask),
        Command::Tune(args) => tune::tune(&args, cli.ask.source.as_ref()),
        Command::Explain { code } => check::explain(&code),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "gradus", &mut script);
            print(&String::from_utf8_lossy(&script)).map(|()| Outcome::Done)
        }
        Command::Ask(command) => ask::ask(&command, &cli.ask),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
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
