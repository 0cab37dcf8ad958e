//! `cargo kata completions bash`: print a script that defines `kata` as short for `cargo kata`, with Tab
//! completion.
//!
//! Shells complete commands by their first word, and `cargo` already has a completion. So the script
//! defines a command of its own: `kata`. It starts the built program, which is sooner than cargo.

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory, ValueEnum};
use clap_complete::Shell;

use super::{CommandLine, help};
use crate::course::Course;
use crate::failure::Failure;
use crate::pages::page;
use crate::words;

/// The shells that have a script.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum For {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

pub(super) fn run(course: &Course, shell: For) -> Result<ExitCode, Failure> {
    let topics: Vec<String> = course.lessons().iter().map(|lesson| lesson.topic.clone()).collect();
    let program = std::env::current_exe();
    let program = program.map_err(|error| Failure::new(words::no_program_file(error)))?;
    let program = format!("'{}'", program.display().to_string().replace('\'', r"'\''"));
    let posix = format!(
        r#"kata() {{ if [ -x {program} ]; then {program} "$@"; else cargo kata "$@"; fi; }}"#
    );
    let (shell, last) = match shell {
        For::Bash => (Shell::Bash, posix),
        For::Zsh => (Shell::Zsh, posix),
        For::Fish => {
            let lessons = lessons_for_fish(&topics);
            let start =
                format!(r"if test -x {program}; {program} $argv; else; cargo kata $argv; end");
            (Shell::Fish, format!("{lessons}\nfunction kata; {start}; end"))
        }
        For::Powershell => (Shell::PowerShell, r"function kata { cargo kata @args }".to_owned()),
    };
    let mut command = help::command().name("kata").mut_subcommands(|command| {
        command.mut_args(|argument| match argument.get_id().as_str() {
            "lesson" => argument.value_parser(PossibleValuesParser::new(topics.clone())),
            _ => argument,
        })
    });
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "kata", &mut script);
    // Last, because zsh needs its own first line at the start of the file.
    page::print(&format!("{}\n{last}\n", String::from_utf8_lossy(&script)))?;
    Ok(ExitCode::SUCCESS)
}

/// For fish, `clap_complete` only generates options and commands: add the lessons.
fn lessons_for_fish(topics: &[String]) -> String {
    let command = CommandLine::command();
    let takes_a_lesson =
        |it: &&Command| it.get_arguments().any(|argument| argument.get_id() == "lesson");
    let commands: Vec<&str> =
        command.get_subcommands().filter(takes_a_lesson).map(Command::get_name).collect();
    format!(
        r"complete -c kata -n '__fish_seen_subcommand_from {}' -f -a '{}'",
        commands.join(" "),
        topics.join(" ")
    )
}
