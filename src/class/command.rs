//! The command line of `kata class`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use netkata_runner::course::Course;
use netkata_runner::failure::Failure;

use crate::class::{Class, Handed};
use crate::formats::Format;
use crate::grading::{WORKER, sandbox, worker};
use crate::score::Rules;
use crate::shard::Shard;
use crate::{emit, merge, slurm, words};

/// Grade what a whole class has handed in.
///
/// SUBMISSIONS are folders (one for each student, or clones of the course), .zip archives as Moodle and Canvas
/// make them, or .rs files. If a run is interrupted, the same command goes on where it was.
#[derive(Debug, Parser)]
#[command(name = "cargo kata class", bin_name = "cargo kata class", version)]
struct Arguments {
    /// What the students have handed in.
    #[arg(required_unless_present = "merge")]
    submissions: Vec<PathBuf>,
    /// The lessons: their numbers, as in 1-6,8; by default every lesson that a student has handed in.
    #[arg(long)]
    lessons: Option<String>,
    /// The folder for verdicts and results.
    #[arg(long, value_name = "DIR", required_unless_present_any = ["emit", "dry_run"])]
    out: Option<PathBuf>,
    /// How the files are named, as in '{student}/lesson{lesson}.rs'; by default it is guessed.
    #[arg(long)]
    pattern: Option<String>,
    /// A TOML file with points, due dates and required checks; by default each lesson has ten points.
    #[arg(long, value_name = "FILE")]
    score: Option<PathBuf>,
    /// What to write beside results.json; by default everything.
    #[arg(long, value_name = "FORMAT", value_enum, value_delimiter = ',')]
    formats: Vec<Format>,
    /// Do not try the checks again that others kept from being tried: faster, and may cost points.
    #[arg(long)]
    quick: bool,
    /// Grade without a sandbox, with your rights: only inside a container.
    #[arg(long)]
    unsandboxed: bool,
    /// Only show what would be graded.
    #[arg(long)]
    dry_run: bool,
    /// Grade a part of the students: the first of four is 1/4.
    #[arg(long, value_name = "I/N", conflicts_with = "merge")]
    shard: Option<Shard>,
    /// Grade the parts of the class as an array job of Slurm, and join their results.
    #[arg(long, value_name = "PARTS", conflicts_with_all = ["shard", "merge", "emit"])]
    slurm: Option<u32>,
    /// Join the results of parts that were graded elsewhere.
    #[arg(long, value_name = "DIR", num_args = 1.., conflicts_with = "submissions")]
    merge: Vec<PathBuf>,
    /// Print a file that grades the class in parts on other machines.
    #[arg(long, value_name = "ENGINE", requires = "shards")]
    emit: Option<Engine>,
    /// The number of parts for --emit.
    #[arg(long, value_name = "N", requires = "emit")]
    shards: Option<u32>,
}

/// An engine that starts jobs on other machines.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Engine {
    /// A workflow with a matrix.
    GithubActions,
    /// An Indexed Job.
    Kubernetes,
}

/// Run the command line. Exit 0 if everything is graded, whatever the verdicts; 2 if the command line makes no
/// sense, 3 if the machine lacks something, 130 after Ctrl-C.
pub fn main() -> ExitCode {
    if let Some(code) = netkata_runner::stand_in() {
        return code;
    }
    let done = if std::env::args().nth(1).is_some_and(|word| word == WORKER) {
        course().and_then(|course| worker::run(&course))
    } else {
        course().and_then(|course| run(&course, &Arguments::parse()))
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&words::error(failure.message));
            ExitCode::from(failure.code)
        }
    }
}

/// Tell the user something; the standard output is for what `--emit` writes.
pub(crate) fn say(line: &str) {
    anstream::eprintln!("{line}");
}

fn course() -> Result<Course, Failure> {
    let here = std::env::current_dir()
        .map_err(|error| Failure::new(words::failed_to_find_this_folder(error)))?;
    Course::find(&here)
}

fn run(course: &Course, arguments: &Arguments) -> Result<(), Failure> {
    if let (Some(engine), Some(shards)) = (arguments.emit, arguments.shards) {
        return emit_for(engine, shards);
    }
    let formats = match arguments.formats.as_slice() {
        [] => Format::value_variants(),
        chosen => chosen,
    };
    let out = arguments.out.clone().unwrap_or_default();
    if !arguments.merge.is_empty() {
        return merge::merge(course, &arguments.merge, &out, formats);
    }
    let rules = match &arguments.score {
        Some(file) => Rules::read(file, course)?,
        None => Rules::default(),
    };
    let lessons = arguments.lessons.as_deref().map(|text| course.lessons_in(text)).transpose()?;
    let pattern = arguments.pattern.as_deref();
    let mut handed = Handed::find(course, lessons, &arguments.submissions, pattern)?;
    if let Some(shard) = arguments.shard {
        handed.keep_only(shard);
    }
    if arguments.dry_run {
        return Ok(());
    }
    if let Some(parts) = arguments.slurm {
        handed.prepare(course)?;
        let parts = slurm::submit_and_wait(parts, &command_of_a_part()?, &out)?;
        merge::merge(course, &parts, &out, formats)?;
        handed.write_alike(&out)?;
        say(&words::results_are_in(out.display()));
        // The results are merged: what the parts have left is not needed.
        let folder = parts.first().and_then(|part| part.parent());
        return folder.map_or(Ok(()), |folder| {
            std::fs::remove_dir_all(folder).map_err(Failure::of_file(words::REMOVE, folder))
        });
    }
    let sandbox = sandbox::strongest(course, arguments.unsandboxed)?;
    let class = Class::new(course, handed, rules, sandbox, !arguments.quick, &out)?;
    class.grade()?;
    class.write(&out, formats)?;
    if arguments.shard.is_none() {
        class.handed.write_alike(&out)?;
    }
    say(&words::results_are_in(out.display()));
    Ok(())
}

/// Print the file for an engine; the words of this command, without what it concerns, are those of each part.
fn emit_for(engine: Engine, shards: u32) -> Result<(), Failure> {
    let arguments = without(&["--emit", "--shards", "--out"], std::env::args().skip(1));
    let text = match engine {
        Engine::GithubActions => emit::github_actions(shards, &arguments),
        Engine::Kubernetes => emit::kubernetes(shards, &arguments),
    };
    anstream::print!("{text}");
    Ok(())
}

/// The command that grades a part: this one, without what concerns the whole.
fn command_of_a_part() -> Result<Vec<String>, Failure> {
    let program = std::env::current_exe()
        .map_err(|error| Failure::of_machine(words::failed_to_start_a_worker(error)))?;
    let words = without(&["--slurm", "--out"], std::env::args().skip(1));
    Ok(std::iter::once(program.display().to_string()).chain(words).collect())
}

/// The words that are none of these options and not the value of one.
fn without(options: &[&str], words: impl Iterator<Item = String>) -> Vec<String> {
    let mut words = words;
    let mut others = Vec::new();
    while let Some(word) = words.next() {
        match word.split_once('=') {
            _ if options.contains(&word.as_str()) => drop(words.next()),
            Some((name, _)) if options.contains(&name) => {}
            _ => others.push(word),
        }
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_part_are_those_of_the_command() {
        let words =
            ["subs", "--emit", "kubernetes", "--shards=4", "--out", "o", "--lessons", "1-3"];
        let of_part =
            without(&["--emit", "--shards", "--out"], words.iter().map(|word| (*word).to_owned()));
        assert_eq!(of_part, ["subs", "--lessons", "1-3"]);
    }
}
