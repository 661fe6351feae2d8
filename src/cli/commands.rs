//! The questions as commands: a loop over their table, from each parameter to an argument and back.

use std::ffi::OsString;

use clap::builder::BoolishValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command, ValueEnum};
use gradus_engine::questions::entry::QuestionEntry;
use gradus_engine::questions::params::{Parameter, ParameterKind};
use gradus_engine::questions::questions;

use super::args::Format;

/// A parameter whose flag is not its name: `--format` says how any answer is printed.
const FLAGS: [(&str, &str, &str); 1] = [("format", "as", "to")];

/// The questions that a command asks, in the order of the table.
pub(super) fn alternatives(command: &str) -> Vec<&'static QuestionEntry> {
    questions().iter().filter(|entry| entry.command == command).collect()
}

/// `root` with a command for each question.
pub(super) fn with_questions(mut root: Command) -> Command {
    for entry in questions() {
        // Alternatives are one command, which the first of them describes together with the others.
        if root.find_subcommand(entry.command).is_none() {
            root = root.subcommand(command(entry.command));
        }
    }
    root
}

fn command(name: &'static str) -> Command {
    let entries = alternatives(name);
    let docs: Vec<String> = entries.iter().map(|entry| entry.doc()).collect();
    let mut command = Command::new(name).about(first_lines(&docs)).long_about(docs.join("\n"));
    let mut known: Vec<String> = Vec::new();
    for entry in entries {
        for parameter in entry.parameters() {
            if !known.contains(&parameter.name) {
                command = command.arg(argument(entry, &parameter));
                known.push(parameter.name);
            }
        }
    }
    command
}

/// What a list of commands says of one: of alternatives, what each of them says.
fn first_lines(docs: &[String]) -> String {
    let first = |doc: &String| doc.split(". ").next().unwrap_or_default().trim_end_matches('.').to_owned();
    let mut lines: Vec<String> = docs.iter().map(first).collect();
    lines.dedup();
    lines.join(". ")
}

/// What clap calls the parameter `name`: some have the names of flags that every command has.
fn id(name: &str) -> String {
    format!("parameter {name}")
}

fn argument(entry: &QuestionEntry, parameter: &Parameter) -> Arg {
    let help = parameter.doc.lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
    let long_help = parameter.doc.clone();
    let arg = Arg::new(id(&parameter.name)).help(help).long_help(long_help).value_name(parameter.name.to_uppercase());
    if let Some(place) = entry.subject.iter().position(|name| *name == parameter.name) {
        let is_last = place + 1 == entry.subject.len();
        let arg = arg.required(parameter.required || parameter.kind == ParameterKind::List).index(place + 1);
        // The last one takes all words that are left.
        return if is_last { arg.num_args(1..).action(ArgAction::Append) } else { arg };
    }
    let renamed = FLAGS.iter().find(|(name, ..)| *name == parameter.name);
    let arg = match renamed {
        Some((_, flag, alias)) => arg.long(*flag).alias(*alias),
        None => arg.long(parameter.name.clone()),
    };
    let arg = match parameter.name.chars().collect::<Vec<_>>()[..] {
        [short] => arg.short(short),
        _ => arg,
    };
    match parameter.kind {
        ParameterKind::List => arg.action(ArgAction::Append),
        ParameterKind::Flag => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_parser(BoolishValueParser::new()),
        ParameterKind::Text | ParameterKind::Number => arg,
    }
}

/// The sign of a negative number in typography. It stands for a hyphen that begins a word, as clap knows no word that does.
const MINUS: char = '\u{2212}';

/// `args` with the words that begin with a hyphen and are no flag marked as words: `-word` excludes it from a search, and
/// what is wrong with `--limit -1` is for the question to say. Words with two hyphens stay flags, mistyped ones too, so that
/// they are not searched for; behind `--` everything is a word anyway.
pub(super) fn mark_words(args: &[OsString]) -> Vec<OsString> {
    let names: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let Some(entry) = questions().iter().find(|entry| names.contains(&entry.command)) else { return args.to_vec() };
    let parameters = entry.parameters();
    let is_short = |letter: char| {
        let mut own = parameters.iter().filter(|parameter| parameter.name.len() == 1);
        GLOBAL_SHORTS.contains(&letter) || own.any(|parameter| parameter.name.starts_with(letter))
    };
    let mark = |arg: &OsString| match arg.to_str().and_then(|arg| arg.strip_prefix('-')) {
        Some(rest) if rest.starts_with(|first: char| first != '-' && !is_short(first)) => {
            OsString::from(format!("{MINUS}{rest}"))
        }
        _ => arg.clone(),
    };
    args.iter().map(mark).collect()
}

/// `args` in which `--format` of a question that is answered in formats of others, such as `turtle` of an export, is `--as`: nobody
/// who has not read the help knows that there are two.
pub(super) fn spell_formats(args: &[OsString]) -> Vec<OsString> {
    let names = args.iter().filter_map(|arg| arg.to_str());
    let entry = names.skip(1).find_map(|name| questions().iter().find(|entry| entry.command == name));
    if !entry.is_some_and(|entry| entry.parameters().iter().any(|parameter| parameter.name == "format")) {
        return args.to_vec();
    }
    let is_ours = |value: &str| {
        Format::value_variants()
            .iter()
            .any(|format| format.to_possible_value().is_some_and(|known| known.matches(value, false)))
    };
    let mut spelled = Vec::with_capacity(args.len());
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let text = arg.to_str().unwrap_or_default();
        if text == "--" {
            spelled.push(arg.clone());
            break;
        }
        let next = rest.as_slice().first().and_then(|next| next.to_str());
        let joined = text.strip_prefix("--format=").or(text.strip_prefix("-f").filter(|value| !value.is_empty()));
        match joined.map(|value| value.trim_start_matches('=')) {
            Some(value) if !is_ours(value) => spelled.push(OsString::from(format!("--as={value}"))),
            None if ["--format", "-f"].contains(&text) && next.is_some_and(|value| !is_ours(value)) => {
                spelled.push(OsString::from("--as"));
            }
            _ => spelled.push(arg.clone()),
        }
    }
    spelled.extend(rest.cloned());
    spelled
}

/// Short flags of every command: `-f`, `-h` and `-V`.
const GLOBAL_SHORTS: [char; 3] = ['f', 'h', 'V'];

/// `error`, about the words of `args`, with what to type where a question was given its source as a word: commands that are no
/// questions take it so.
pub(super) fn with_source_hint(mut error: clap::Error, args: &[OsString]) -> clap::Error {
    let given = error.get(ContextKind::InvalidArg).map(ToString::to_string);
    let mut words = args.iter().skip(1).filter_map(|arg| arg.to_str());
    let question = words.find_map(|word| questions().iter().find(|entry| entry.command == word));
    if let (ErrorKind::UnknownArgument, Some(given), Some(question)) = (error.kind(), given, question)
        && !given.starts_with('-')
    {
        let tip = format!("to ask a source of your own, type `gradus {} --source {given}`", question.command);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

/// The pairs that `matches` give for `entry`: those of its parameters that were given.
pub(super) fn pairs(entry: &QuestionEntry, matches: &ArgMatches) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for parameter in entry.parameters() {
        let name = parameter.name.as_str();
        if parameter.kind == ParameterKind::Flag {
            let given = matches.try_get_one::<bool>(&id(name)).ok().flatten();
            pairs.extend(given.map(|value| (name.to_owned(), value.to_string())));
            continue;
        }
        let Ok(Some(values)) = matches.try_get_many::<String>(&id(name)) else { continue };
        let unmarked =
            |value: &String| value.strip_prefix(MINUS).map_or_else(|| value.clone(), |rest| format!("-{rest}"));
        let values: Vec<String> = values.map(unmarked).collect();
        if parameter.kind == ParameterKind::List {
            pairs.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        } else {
            pairs.push((name.to_owned(), values.join(" ")));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(args: &str) -> Result<String, String> {
        let args: Vec<OsString> = std::iter::once("gradus").chain(args.split(' ')).map(OsString::from).collect();
        let args = mark_words(&spell_formats(&args));
        let matches = with_questions(Command::new("gradus")).try_get_matches_from(&args);
        let matches = matches.map_err(|error| with_source_hint(error, &args).to_string())?;
        let (name, matches) = matches.subcommand().unwrap();
        let pairs = pairs(alternatives(name)[0], matches);
        Ok(pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"))
    }

    #[test]
    fn arguments_become_parameters() {
        for (args, pairs) in [
            ("search hello -world --kind guide,concept --kind x", "q=hello -world&kind=guide,concept&kind=x"),
            ("search hello -- --release", "q=hello --release"),
            ("search -a b --explain --limit -1", "q=-a b&limit=-1&explain=true"),
            ("show KV cache", "id=KV cache"),
            ("path a b c -k 2", "from=a&to=b c&k=2"),
            ("plan a b --budget 2h", "target=a&target=b&budget=2h"),
            ("graph a --as svg --reduce=false", "center=a&reduce=false&format=svg"),
            ("export --to csv", "format=csv"),
            ("export --format turtle", "format=turtle"),
            ("export -f anki", "format=anki"),
            ("export -fdot", "format=dot"),
            ("graph a --format=svg", "center=a&format=svg"),
            ("search -- -f x", "q=-f x"),
            ("next", ""),
        ] {
            assert_eq!(check(args), Ok(pairs.to_owned()), "{args}");
        }
    }

    #[test]
    fn a_mistyped_flag_is_no_word() {
        assert!(check("search hello --kidn guide").unwrap_err().contains("'--kind'"));
        assert!(check("plan").unwrap_err().contains("required"));
    }

    #[test]
    fn a_source_that_is_given_as_a_word_is_pointed_to_its_flag() {
        for command in ["export", "guides"] {
            let told = check(&format!("{command} ./docs")).unwrap_err();
            assert!(told.contains(&format!("type `gradus {command} --source ./docs`")), "{told}");
        }
        assert!(!check("export --sources docs").unwrap_err().contains("of your own"));
    }

    #[test]
    fn every_command_is_sound() {
        with_questions(Command::new("gradus")).debug_assert();
    }
}
