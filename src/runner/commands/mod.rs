//! The command line: every command, and the module that runs it.

mod backups;
mod class;
mod completions;
mod demo;
mod diff;
mod doctor;
mod help;
mod hint;
mod language;
mod lesson;
mod list;
mod new_lesson;
mod outside;
mod programs;
mod relay;
mod reset;
mod restore;
mod show;
mod solution;
mod starter;
mod watch;
mod wrong;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use netkata::programs::Role;
use netkata_relay::Cuts;

use crate::answer::Answer;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::grading::rustc;
use crate::pages::page::{self, RED};
use crate::start;
use crate::words;

pub use starter::is_for_students;

/// A network-programming course that runs: fix each lesson's program until it is green.
#[derive(Parser)]
#[command(name = "cargo kata", bin_name = "cargo kata", version, infer_subcommands = true)]
struct CommandLine {
    /// Speak this language; without it the one that `language` has saved, or that of the system.
    // It is read before the rest of the command line, by `crate::language`.
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE", display_order = 100)]
    lang: Option<language::Code>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// List the lessons: which are green, and what to do next.
    List,
    /// Print the same as `list`, or one JSON object for programs.
    Status {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Grade your exercise: each check, the failure that explains most, the next step.
    Lesson(LessonArguments),
    /// Grade your exercise at every save, and react to keys meanwhile.
    Watch(WatchArguments),
    /// Get a hint about the first check that fails; ask again for the next one.
    Hint {
        /// The lesson: its number, folder or topic.
        lesson: String,
    },
    /// Show the naive program fail, the solution pass, and the difference between them.
    Show {
        /// The lesson: its number, folder or topic.
        lesson: String,
    },
    /// Show the reference solution, once your exercise was green.
    Solution {
        /// The lesson: its number, folder or topic.
        lesson: String,
        /// Show it even before that.
        #[arg(long)]
        spoil: bool,
    },
    /// Show how your exercise differs from the reference solution, once it was green.
    Diff {
        /// The lesson: its number, folder or topic.
        lesson: String,
        /// Show it even before that.
        #[arg(long)]
        spoil: bool,
    },
    /// Start the exercise again; your version is saved beside it.
    Reset {
        /// The lesson: its number, folder or topic.
        lesson: String,
    },
    /// Bring back a version of your exercise that `reset` has saved; the present one is saved, too.
    Restore {
        /// The lesson: its number, folder or topic.
        lesson: String,
        /// The backup: its number or file; by default the newest.
        backup: Option<String>,
    },
    /// Run the lesson's server as a real program. Ctrl-C ends it.
    Serve(ProgramArguments),
    /// Run the lesson's client as a real program. Ctrl-C ends it.
    Client(ProgramArguments),
    /// Put a bad network between two programs of any kind: it cuts, joins, half-closes and resets. Ctrl-C ends it.
    Relay(RelayArguments),
    /// Edit a mistake of the catalogue, or make a new one.
    Wrong(WrongArguments),
    /// Begin a new lesson: files that compile and are red, to be filled in.
    NewLesson {
        /// Its number.
        number: u32,
        /// Its topic, the name of its package: `heartbeat`.
        topic: String,
    },
    /// Write the course for students into a new folder: without solutions, mistakes and the tests of the course.
    Starter {
        /// The folder, which is created.
        folder: PathBuf,
        /// The lessons whose solutions are in it: `0-3`, or `0-3,5`.
        #[arg(long, value_name = "LESSONS")]
        with_solutions: Option<String>,
    },
    /// Show a demonstration, live on real sockets.
    #[command(arg_required_else_help = false)]
    Demo {
        #[command(subcommand)]
        demo: Demo,
    },
    /// Grade what a whole class has handed in; `cargo kata class --help` shows how.
    #[command(disable_help_flag = true)]
    Class {
        /// What the students have handed in, and options.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<OsString>,
    },
    /// Show what is missing on this machine, and the commands that fix it.
    Doctor,
    /// Choose the language of all commands in this course.
    Language {
        /// The language; without it, say which it is now.
        language: Option<language::Code>,
    },
    /// Print a script that gives a shell `kata`, short for `cargo kata`, with completion.
    Completions {
        /// The shell that will read the script.
        shell: completions::For,
    },
}

#[derive(Args)]
struct LessonArguments {
    /// The lesson: its number, folder or topic.
    lesson: String,
    /// Grade another answer: naive, solution, wrong/NAME, right/NAME or the path of a file.
    #[arg(long, value_name = "ANSWER", conflicts_with_all = ["program", "connect"])]
    answer: Option<String>,
    /// Run this check only.
    #[arg(long, value_name = "NAME")]
    check: Option<String>,
    /// Run each check in its own process: slower, and no check can affect another.
    #[arg(long, conflicts_with_all = ["program", "connect"])]
    strict: bool,
    /// Show the story of every failure.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    program: ProgramOptions,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Do not grade: print what a mistake, `--answer wrong/NAME`, changes in the solution.
    #[arg(long, conflicts_with_all = ["check", "strict", "all", "json", "program", "connect"])]
    diff: bool,
}

/// A program to grade instead of the exercise.
#[derive(Args)]
struct ProgramOptions {
    /// Grade a program in any language: 'python3 server.py {port}'; {host} and {dir} are replaced, too.
    #[arg(long, value_name = "COMMAND", conflicts_with = "connect")]
    program: Option<String>,
    /// Grade a server that runs already: a port of this machine, or HOST:PORT.
    #[arg(long, value_name = "ADDRESS")]
    connect: Option<String>,
    /// The side that the program takes; the course takes the other.
    #[arg(long = "as", value_name = "ROLE", value_enum, default_value_t = Side::Server)]
    role: Side,
    /// The program's wire, if the lesson has several: the names are those of `serve` and `client`.
    #[arg(long, value_name = "NAME")]
    wire: Option<String>,
    /// Start the program once for all checks, and not for each.
    #[arg(long, requires = "program")]
    keep: bool,
}

#[derive(Args)]
struct WrongArguments {
    /// The lesson: its number, folder or topic.
    lesson: String,
    /// The mistake; without a name, list all of them.
    name: Option<String>,
    /// The right answer that a new mistake changes, a file of the lesson: `right/further.rs`.
    #[arg(long, value_name = "FILE", requires = "name")]
    base: Option<String>,
    /// Adapt every mistake of the lesson to a changed solution, and list the conflicts.
    #[arg(long, conflicts_with = "name")]
    rebase: bool,
}

#[derive(Args)]
struct WatchArguments {
    /// The lesson: its number, folder or topic; by default the first that is not green.
    lesson: Option<String>,
    #[command(flatten)]
    program: ProgramOptions,
    /// Grade the program when one of these files is saved; by default those that its command names.
    #[arg(long, value_name = "FILE", requires = "program", num_args = 1..)]
    watch: Vec<PathBuf>,
    /// Poll the file: for filesystems that do not report a save.
    #[arg(long)]
    poll: bool,
    /// Never clear the screen: for screen readers and pipes.
    #[arg(long)]
    plain: bool,
}

#[derive(Args)]
struct ProgramArguments {
    /// The lesson: its number, folder or topic.
    lesson: String,
    /// The program, if the lesson has several.
    program: Option<String>,
    /// The port to listen on, or to connect to; with 0 a server takes any free port.
    #[arg(long, default_value_t = 9000)]
    port: u16,
    /// The address or name of the machine.
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Use another answer than the exercise; for its names see `lesson`.
    #[arg(long, value_name = "ANSWER")]
    answer: Option<String>,
}

#[derive(Args)]
struct RelayArguments {
    /// Where clients connect: a port of this machine, or HOST:PORT; with port 0 any free one.
    #[arg(long, value_name = "ADDRESS")]
    listen: String,
    /// Where the server listens: a port of this machine, or HOST:PORT.
    #[arg(long, value_name = "ADDRESS")]
    to: String,
    /// Let the first read get 1 byte, the next 3, and the next all there is, and so on: `1,3,∞` or `1,3,rest`.
    #[arg(long, value_name = "SIZES")]
    cut: Option<Cuts>,
    /// Choose each size at random, the same for the same number; without --cut from small sizes.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Hold bytes back until their sender waits, and deliver them together.
    #[arg(long)]
    join: bool,
    /// Let the receiver see the end of the stream after so many bytes.
    #[arg(long, value_name = "BYTES", conflicts_with = "reset_after")]
    half_close_after: Option<u64>,
    /// Reset both programs after so many bytes.
    #[arg(long, value_name = "BYTES")]
    reset_after: Option<u64>,
    /// Do this only to what goes to the server, or to what comes from it.
    #[arg(long, value_enum, default_value_t = Directions::Both)]
    direction: Directions,
    /// Print each event as one line of JSON.
    #[arg(long)]
    json: bool,
}

/// The side of a conversation.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Side {
    Server,
    Client,
}

/// The directions that a relay changes.
#[derive(Clone, Copy, ValueEnum)]
enum Directions {
    To,
    From,
    Both,
}

#[derive(Subcommand)]
enum Demo {
    /// Messages that stick together or arrive in pieces, and what fixes them.
    Sticky {
        #[command(flatten)]
        show: DemoArguments,
        /// Draw it as an SVG picture into this file instead.
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
    },
    /// Clients on one thread: which one blocks which, and what fixes it.
    Polling(DemoArguments),
    /// Clients with a thread each: what one can do to the others, and how to stop the server.
    Threads(DemoArguments),
    /// Challenge, answer, replay and forgery on the wire.
    Hmac(DemoArguments),
    /// The kernel's state of both ends, from the handshake to TIME-WAIT or a reset.
    Lifecycle(DemoArguments),
    /// One server under five I/O models, and the cost of each.
    IoModels(DemoArguments),
}

#[derive(Args)]
struct DemoArguments {
    /// Wait for Enter between the acts: the default on a terminal, unless the output is plain.
    #[arg(long, overrides_with = "no_step")]
    step: bool,
    /// Show all acts at once: the default for pipes, and for plain output.
    #[arg(long, overrides_with = "step")]
    no_step: bool,
    /// Print text only, for screen readers and pipes.
    #[arg(long)]
    plain: bool,
    /// Print each event as one line of JSON.
    #[arg(long, conflicts_with_all = ["step", "no_step", "plain"])]
    json: bool,
    /// Write a page for the projector into this file, which replays this run.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["step", "no_step", "plain", "json"])]
    html: Option<PathBuf>,
    /// Show the same page live: an act begins when you ask for it there. Ctrl-C ends it.
    #[arg(long, conflicts_with_all = ["step", "no_step", "plain", "json", "html"])]
    serve: bool,
}

/// Run the command line. Exit 0 on success, 1 on failure, 2 if the command line makes no sense.
pub fn main() -> ExitCode {
    if let Some(code) = rustc::stand_in() {
        return code;
    }
    crate::language::choose();
    let done = start::through_cargo().unwrap_or_else(|| match parse() {
        Ok(line) => run(line.command.unwrap_or(Command::List)),
        Err(error) => explain(&error),
    });
    done.unwrap_or_else(|failure| {
        page::say(RED, &words::ERROR, &failure.message);
        page::offer(&failure.choices);
        ExitCode::from(failure.code)
    })
}

fn parse() -> Result<CommandLine, clap::Error> {
    let mut found = help::command().try_get_matches()?;
    CommandLine::from_arg_matches_mut(&mut found)
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::List | Command::Status { json: false } => list::run(&course()?),
        Command::Status { json: true } => list::json(&course()?),
        Command::Lesson(arguments) => {
            let (course, lesson) = find(&arguments.lesson)?;
            lesson::run(&course, &lesson, &arguments)
        }
        Command::Watch(arguments) => watch::run(&course()?, &arguments),
        Command::Hint { lesson } => {
            let (course, lesson) = find(&lesson)?;
            hint::run(&course, &lesson)
        }
        Command::Show { lesson } => {
            let (course, lesson) = find(&lesson)?;
            show::run(&course, &lesson)
        }
        Command::Solution { lesson, spoil } => {
            let (course, lesson) = find(&lesson)?;
            solution::run(&course, &lesson, spoil)
        }
        Command::Diff { lesson, spoil } => {
            let (course, lesson) = find(&lesson)?;
            diff::run(&course, &lesson, spoil)
        }
        Command::Reset { lesson } => {
            let (course, lesson) = find(&lesson)?;
            reset::run(&course, &lesson)
        }
        Command::Restore { lesson, backup } => {
            let (course, lesson) = find(&lesson)?;
            restore::run(&course, &lesson, backup.as_deref())
        }
        Command::Serve(arguments) => {
            let (course, lesson) = find(&arguments.lesson)?;
            programs::run(&course, &lesson, Role::Serve, &arguments)
        }
        Command::Client(arguments) => {
            let (course, lesson) = find(&arguments.lesson)?;
            programs::run(&course, &lesson, Role::Client, &arguments)
        }
        Command::Relay(arguments) => relay::run(arguments),
        Command::Wrong(arguments) => {
            let (course, lesson) = find(&arguments.lesson)?;
            wrong::run(&course, &lesson, &arguments)
        }
        Command::NewLesson { number, topic } => new_lesson::run(&course()?, number, &topic),
        Command::Starter { folder, with_solutions } => {
            starter::run(&course()?, &folder, with_solutions.as_deref())
        }
        Command::Demo { demo } => demo::run(&demo),
        Command::Class { words } => class::run(&words),
        Command::Doctor => doctor::run(&course()?),
        Command::Language { language } => language::run(&course()?, language),
        Command::Completions { shell } => completions::run(&course()?, shell),
    }
}

fn course() -> Result<Course, Failure> {
    let here = std::env::current_dir()
        .map_err(|error| Failure::new(words::failed_to_find_the_current_folder(error)))?;
    Course::find(&here)
}

fn find(lesson: &str) -> Result<(Course, Lesson), Failure> {
    let course = course()?;
    let lesson = course.lesson(lesson)?.clone();
    Ok((course, lesson))
}

/// Print in one line what is wrong with a command line; help and version are not failures.
fn explain(error: &clap::Error) -> Result<ExitCode, Failure> {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        page::print(&error.render().ansi().to_string())?;
        return Ok(ExitCode::SUCCESS);
    }
    if error.kind() == ErrorKind::InvalidSubcommand
        && let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand)
    {
        return Err(unknown_command(typed));
    }
    let text = error.to_string();
    let what = text.split("\n\nUsage:").next().unwrap_or(&text);
    let what = what.split("\n\nFor more information").next().unwrap_or(what);
    let what = what.replace("\n\n  tip:", r"; tip:");
    let words: Vec<&str> = what.split_whitespace().collect();
    let what = words.join(" ").trim_start_matches(r"error: ").to_owned();
    Err(Failure::usage(words::makes_no_sense(what)))
}

/// What was typed is no command, or no demonstration.
fn unknown_command(typed: &str) -> Failure {
    let commands = CommandLine::command();
    // The name of a command may be cut short.
    let is_demo =
        std::env::args().nth(1).is_some_and(|word| word != typed && r"demo".starts_with(&word));
    let demo = commands.find_subcommand("demo").filter(|_| is_demo);
    let what = if is_demo { words::no_demonstration } else { words::no_command };
    let among = demo.unwrap_or(&commands).get_subcommands();
    let names = among.map(|command| command.get_name().to_owned()).collect();
    Failure::unknown(what(typed), typed, names)
}

/// The answer that an option names; without one, the exercise.
fn answer(option: Option<&String>) -> Answer {
    option.map_or(Answer::Exercise, |text| Answer::parse(text))
}
