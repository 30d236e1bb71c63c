//! The command line: what can be asked for, and its help.

use crate::commands::bench::options::Bench;
use crate::restrictions::Restrictions;
use crate::worker_counts::WorkerCounts;
use biovm_compiler::diagnostic::did_you_mean;
use clap::builder::ValueHint;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Compile, run and explore BioLang scripts.
#[derive(Debug, Parser)]
#[command(name = "biovm", version, max_term_width = 100, after_help = EXAMPLES)]
#[command(
    long_about = "Compiles BioLang, a pipe-first language for genomics, to compact bytecode and runs it.\n\n\
    Without a command, biovm starts an interactive session."
)]
pub struct CommandLine {
    #[command(flatten)]
    pub settings: Settings,
    /// Run this code; short for `biovm run -e CODE`
    // Never filled in: `with_run` turns it into the command before.
    #[arg(short = 'e', long = "eval", value_name = "CODE")]
    code: Option<String>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  biovm run qc.bl sample.fq.gz        run a script; what follows its name are its arguments
  biovm compile qc.bl && biovm exec qc.blc sample.fq.gz
  biovm -e 'dna\"ATGGCC\" |> translate() |> println()'
  biovm                               explore in an interactive session

Exit codes: 0 success, 1 error, 2 wrong command line, 130 interrupted; a script may choose its own with exit(n).";

/// What applies to every command.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Colour messages: auto, always or never; auto looks at the terminal and at NO_COLOR
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub color: ColorChoice,
    /// Show how far reading long files is: auto, always or never; auto does on a terminal
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ProgressChoice::Auto)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub progress: ProgressChoice,
    /// How many calls may be nested [default: 1000000]
    #[arg(long, global = true, value_name = "N", value_parser = positive)]
    pub max_depth: Option<usize>,
    /// How many threads parallel work may use [default: one for each core]; several numbers for `biovm bench`
    #[arg(long, global = true, value_name = "N", env = "BIOVM_WORKERS", hide_env_values = true)]
    pub workers: Option<WorkerCounts>,
    /// Switch the network off: fetches from databases are answered by what is kept of earlier ones, others fail
    #[arg(long, global = true, env = "BIOVM_OFFLINE", hide_env_values = true)]
    #[arg(value_parser = clap::builder::FalseyValueParser::new())]
    pub offline: bool,
    #[command(flatten)]
    pub restrictions: Restrictions,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// When to show progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProgressChoice {
    /// On a terminal
    Auto,
    /// Always: as lines where there is no terminal
    Always,
    /// Never
    Never,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    Run(Run),
    Profile(ProfileRun),
    Compile(Compile),
    Exec(Exec),
    Check(Check),
    #[command(name = "fmt")]
    Format(Format),
    Explain(Explain),
    Bench(Bench),
    /// List the instructions of a script or bytecode file
    ///
    /// Takes damaged programs too, as long as the file itself is intact.
    #[command(after_help = "Examples:\n  biovm disasm qc.bl\n  biovm disasm qc.blc | less")]
    Disasm(Inspect),
    /// Print the syntax tree of a script
    #[command(after_help = "Example:\n  biovm ast qc.bl")]
    Ast(Inspect),
    /// Print the tokens of a script
    #[command(after_help = "Example:\n  biovm tokens qc.bl")]
    Tokens(Inspect),
    /// Start an interactive session
    ///
    /// Without a terminal the entries are read from standard input, values are printed without prompts, and the exit
    /// code is 1 if an entry failed.
    #[command(after_help = "Examples:\n  biovm repl\n  echo ':time range(1, 1000000) |> sum()' | biovm repl")]
    Repl,
    Completions(Completions),
}

/// Run a script
///
/// Compiles the script in memory and runs it. Everything after the script's name goes to the script, which finds it
/// in the list `args()`, even where it begins with `-`.
#[derive(Args, Debug)]
#[command(override_usage = "biovm run [OPTIONS] <SCRIPT> [ARGUMENTS]...\n       \
    biovm run [OPTIONS] -e <CODE> [ARGUMENTS]...")]
#[command(after_help = "\
Examples:
  biovm run qc.bl sample.fq.gz --min-quality 20
  biovm run --time qc.bl
  biovm run --stats qc.bl sample.fq.gz
  biovm run -e 'println(args())' one two
  generate-script | biovm run - sample.fq.gz")]
pub struct Run {
    /// Run this code instead of a file
    #[arg(short = 'e', long = "eval", value_name = "CODE", allow_hyphen_values = true)]
    pub code: Option<String>,
    #[command(flatten)]
    pub measures: Measures,
    /// Print on standard error where the time went; `biovm profile` can do more
    #[arg(long)]
    pub profile: bool,
    /// Do not run a script with warnings
    #[arg(long)]
    pub deny_warnings: bool,
    /// The script, or `-` for standard input; then its arguments
    #[arg(value_name = "SCRIPT", trailing_var_arg = true, allow_hyphen_values = true)]
    #[arg(required_unless_present = "code", value_hint = ValueHint::AnyPath)]
    pub script_and_arguments: Vec<OsString>,
}

/// What is said about a run at its end.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Measures {
    /// Print the time that the script took, without compiling, on standard error
    #[arg(long)]
    pub time: bool,
    /// Print time, time of the processor, peak memory, and what was read from files on standard error, as text or json
    #[arg(long, value_enum, value_name = "FORMAT", require_equals = true, num_args = 0..=1)]
    #[arg(default_missing_value = "text", hide_possible_values = true)]
    pub stats: Option<StatsFormat>,
}

impl Measures {
    /// Whether anything is to be said.
    pub fn any(self) -> bool {
        self.time || self.stats.is_some()
    }
}

/// How `--stats` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StatsFormat {
    /// A line for people
    Text,
    /// A line of JSON
    Json,
}

/// Run a script and say where the time goes
///
/// The script runs as with `biovm run`, up to twice as long. Then a report of its functions, lines, parallel sections, waiting and
/// instructions goes to standard error, also where the script has failed or was interrupted.
#[derive(Args, Debug)]
#[command(override_usage = "biovm profile [OPTIONS] <SCRIPT> [ARGUMENTS]...\n       \
    biovm profile [OPTIONS] -e <CODE> [ARGUMENTS]...")]
#[command(after_help = "\
Examples:
  biovm profile qc.bl sample.fq.gz
  biovm profile -o qc.svg qc.bl sample.fq.gz               a flame graph, for a browser
  biovm profile --format speedscope -o qc.json qc.bl sample.fq.gz")]
pub struct ProfileRun {
    /// Run this code instead of a file
    #[arg(short = 'e', long = "eval", value_name = "CODE", allow_hyphen_values = true)]
    pub code: Option<String>,
    /// The form of the report [default: by the name of its file, else text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<ProfileFormat>,
    /// Write the report to this file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Do not run a script with warnings
    #[arg(long)]
    pub deny_warnings: bool,
    /// The script, or `-` for standard input; then its arguments
    #[arg(value_name = "SCRIPT", trailing_var_arg = true, allow_hyphen_values = true)]
    #[arg(required_unless_present = "code", value_hint = ValueHint::AnyPath)]
    pub script_and_arguments: Vec<OsString>,
}

/// The form of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileFormat {
    /// For people
    Text,
    /// Everything, for programs
    Json,
    /// For www.speedscope.app
    Speedscope,
    /// A line for each stack, with its microseconds, for tools that draw flame graphs
    Collapsed,
    /// A flame graph
    Svg,
}

/// Compile a script to a bytecode file
///
/// The file appears whole or not at all. `biovm exec` runs it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  biovm compile qc.bl                 writes qc.blc
  biovm compile qc.bl -o build/qc.blc --strip")]
pub struct Compile {
    /// The script, or `-` for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub script: PathBuf,
    /// The bytecode file [default: the script's name with the extension .blc]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Leave out source text and positions: a smaller file, and error reports without places
    #[arg(long)]
    pub strip: bool,
    /// Do not compile a script with warnings
    #[arg(long)]
    pub deny_warnings: bool,
}

/// Run a bytecode file
///
/// Runs what `biovm compile` has written. Everything after the file's name goes to the script.
#[derive(Args, Debug)]
#[command(override_usage = "biovm exec [OPTIONS] <FILE> [ARGUMENTS]...")]
#[command(after_help = "Example:\n  biovm exec qc.blc sample.fq.gz --min-quality 20")]
pub struct Exec {
    #[command(flatten)]
    pub measures: Measures,
    /// The bytecode file; then the arguments of the script
    #[arg(value_name = "FILE", trailing_var_arg = true, allow_hyphen_values = true)]
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub file_and_arguments: Vec<OsString>,
}

/// Look for errors without running
///
/// Prints nothing and succeeds where all scripts compile.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  biovm check scripts/*.bl")]
pub struct Check {
    /// The scripts, or `-` for standard input
    #[arg(required = true, value_name = "SCRIPT", value_hint = ValueHint::FilePath)]
    pub scripts: Vec<PathBuf>,
    /// Report warnings as errors, so that the exit code is 1
    #[arg(long)]
    pub deny_warnings: bool,
}

/// Explain the code of an error or warning
///
/// Shows what the code means, with an example that is reported and one that is right. Without a code, lists all of them.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  biovm explain E0201\n  biovm explain | grep parallel")]
pub struct Explain {
    /// The code, as reports show it in brackets
    pub code: Option<String>,
}

/// Lay out scripts in the one style
///
/// Changes nothing but blanks, line ends and commas; comments stay where they are. Of a folder, all files `*.bl` in it
/// and below it are formatted. Scripts with errors are reported and left alone.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  biovm fmt qc.bl scripts/
  biovm fmt --check .                 names what would change, with exit code 1
  biovm fmt - < qc.bl                 prints the result")]
pub struct Format {
    /// Change no file, but print the names of those that would change
    #[arg(long)]
    pub check: bool,
    /// The scripts and folders, or `-` for standard input
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
}

/// A file to look into.
#[derive(Args, Debug)]
pub struct Inspect {
    /// The file, or `-` for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
}

/// Print a completion script for a shell
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  biovm completions bash > ~/.local/share/bash-completion/completions/biovm
  biovm completions zsh  > ~/.zfunc/_biovm
  biovm completions fish > ~/.config/fish/completions/biovm.fish")]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

impl Settings {
    /// The words that give another biovm the same settings, without the number of workers.
    pub fn words(&self) -> Vec<OsString> {
        let value = |choice: Option<clap::builder::PossibleValue>| {
            choice.map(|choice| choice.get_name().to_owned()).unwrap_or_default()
        };
        let color = format!("--color={}", value(self.color.to_possible_value()));
        let progress = format!("--progress={}", value(self.progress.to_possible_value()));
        let depth = self.max_depth.map(|depth| format!("--max-depth={depth}"));
        let offline = self.offline.then(|| "--offline".to_owned());
        let own = [color, progress].into_iter().chain(depth).chain(offline);
        own.map(OsString::from).chain(self.restrictions.words()).collect()
    }
}

/// A number that is at least 1.
pub fn positive(text: &str) -> Result<usize, String> {
    match text.replace('_', "").parse() {
        Ok(0) => Err("it must be at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(error) => Err(error.to_string()),
    }
}

/// Parses the words of a command line, the name of the program among them.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<CommandLine, clap::Error> {
    let command_line = CommandLine::try_parse_from(with_run(words.into_iter().collect()))?;
    match &command_line.command {
        Some(Command::Run(run)) if run.code.is_none() => check_file_word(run.script_and_arguments.first())?,
        Some(Command::Profile(run)) if run.code.is_none() => {
            check_file_word(run.script_and_arguments.first())?;
        }
        Some(Command::Exec(exec)) => check_file_word(exec.file_and_arguments.first())?,
        _ => {}
    }
    let takes_several = matches!(&command_line.command, Some(Command::Bench(_)));
    if !takes_several
        && command_line.settings.workers.as_ref().is_some_and(|counts| counts.single().is_none())
    {
        let message = "several numbers of workers are for biovm bench; here --workers takes one";
        return Err(CommandLine::command().error(ErrorKind::ValueValidation, message));
    }
    Ok(command_line)
}

/// `biovm -e CODE …` means `biovm run -e CODE …`.
fn with_run(mut words: Vec<OsString>) -> Vec<OsString> {
    let mut position = 1;
    while let Some(word) = words.get(position).and_then(|word| word.to_str()) {
        let is_long = word == "--eval" || word.starts_with("--eval=");
        if is_long || word.starts_with("-e") {
            words.insert(1, "run".into());
            break;
        }
        position += match word {
            "--color" | "--progress" | "--max-depth" | "--workers" | "--max-steps" | "--timeout"
            | "--max-memory" => 2,
            _ if word.starts_with('-') => 1,
            _ => break,
        };
    }
    words
}

/// The words behind a script are its own, so the parser lets any word pass that it does not know; but a word with a
/// hyphen in the place of the file is a misspelt option.
fn check_file_word(word: Option<&OsString>) -> Result<(), clap::Error> {
    match word.and_then(|word| word.to_str()) {
        Some(word) if word.len() > 1 && word.starts_with('-') => {
            let message = format!(
                "unexpected argument '{word}' found\n\n  tip: for a file of that name write './{word}'"
            );
            Err(CommandLine::command().error(ErrorKind::UnknownArgument, message))
        }
        _ => Ok(()),
    }
}

/// Prints help or the complaint about a wrong command line; returns the exit code.
pub fn refuse(error: &clap::Error) -> u8 {
    // A closed pipe is nobody's mistake.
    let _ = match unknown_command(error) {
        Some(better) => better.print(),
        None => error.print(),
    };
    u8::try_from(error.exit_code()).unwrap_or(2)
}

/// A better answer to an unknown command, where there is one: in `biovm qc.bl` the command is missing, and a swap of
/// two letters is a small mistake.
fn unknown_command(error: &clap::Error) -> Option<clap::Error> {
    let (ErrorKind::InvalidSubcommand, Some(ContextValue::String(word))) =
        (error.kind(), error.get(ContextKind::InvalidSubcommand))
    else {
        return None;
    };
    let mut description = CommandLine::command();
    let path = Path::new(word);
    let tip = match path.extension().and_then(OsStr::to_str) {
        Some("blc") => format!("to run it: biovm exec {word}"),
        Some("bl") => format!("to run it: biovm run {word}"),
        _ if path.is_file() => format!("to run it: biovm run {word}"),
        _ if error.get(ContextKind::SuggestedSubcommand).is_some() => return None,
        _ => {
            let names = description.get_subcommands().map(clap::Command::get_name);
            format!("a similar subcommand exists: '{}'", did_you_mean(word, names)?)
        }
    };
    let message = format!("unrecognized subcommand '{word}'\n\n  tip: {tip}");
    Some(description.error(ErrorKind::InvalidSubcommand, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_description_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn eval_before_a_command_means_run() {
        for line in [
            "biovm -e 1",
            "biovm --color never -e 1",
            "biovm --eval=1",
            "biovm --time -e1 a",
            "biovm --timeout 5s --max-steps 10 --max-memory 1G --sandbox --allow-env -e 1",
        ] {
            assert_eq!(with_run(words(line))[1], "run", "{line}");
        }
        for line in ["biovm run -e 1", "biovm repl", "biovm --color never check -e", "biovm"] {
            assert_eq!(with_run(words(line)), words(line));
        }
    }

    #[test]
    fn arguments_of_the_script_are_its_own() {
        let run = |line: &str| match parse(words(line)).map(|parsed| parsed.command) {
            Ok(Some(Command::Run(run))) => (run.measures.time, run.code, run.script_and_arguments),
            other => panic!("{line}: {other:?}"),
        };
        assert_eq!(run("biovm run x.bl --time -e -- -h"), (false, None, words("x.bl --time -e -- -h")));
        assert_eq!(run("biovm run --time x.bl -n 3"), (true, None, words("x.bl -n 3")));
        assert_eq!(run("biovm run - --flag"), (false, None, words("- --flag")));
        assert_eq!(run("biovm -e -1 a -b"), (false, Some("-1".to_owned()), words("a -b")));
        assert_eq!(run("biovm -e 1 --flag a"), (false, Some("1".to_owned()), words("--flag a")));
    }

    #[test]
    fn settings_can_be_handed_on() {
        let line = "biovm --color never --progress always --max-depth 500 --offline --max-steps 1000 --timeout 1m30s \
            --max-memory 1G --sandbox --allow-read=a --allow-read=b --allow-write=c --allow-net=h:80 --allow-run=p \
            --allow-env=X --allow-env";
        let settings = |words: Vec<OsString>| {
            let words = words.into_iter().chain(["repl".into()]);
            format!("{:?}", parse(words).expect("a command line").settings)
        };
        let first = settings(words(line));
        let parsed = parse(words(line).into_iter().chain(["repl".into()])).expect("a command line");
        let handed: Vec<OsString> =
            [OsString::from("biovm")].into_iter().chain(parsed.settings.words()).collect();
        assert_eq!(settings(handed), first);
        let plain = settings(words("biovm"));
        assert_ne!(plain, first);
    }

    #[test]
    fn several_workers_are_for_bench() {
        assert!(parse(words("biovm bench --workers 1,2 x.bl")).is_ok());
        assert!(parse(words("biovm bench x.bl a --workers 1..2 --runs 3 -- -b")).is_ok());
        assert!(parse(words("biovm --workers 2 run x.bl")).is_ok());
        assert_eq!(
            parse(words("biovm --workers 1,2 run x.bl")).map(|_| ()).map_err(|e| e.exit_code()),
            Err(2)
        );
    }

    #[test]
    fn wrong_words_are_refused() {
        for line in [
            "biovm run --tiem x.bl",
            "biovm exec -x",
            "biovm run",
            "biovm rnu x.bl",
            "biovm --max-depth 0 repl",
        ] {
            assert_eq!(parse(words(line)).map(|_| ()).map_err(|error| error.exit_code()), Err(2), "{line}");
        }
    }
}
