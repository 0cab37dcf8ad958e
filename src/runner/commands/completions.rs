//! `cargo kata completions bash`: print a script that defines `kata` as short for `cargo kata`, with Tab
//! completion.
//!
//! Shells complete commands by their first word, and `cargo` already has a completion. So the script
//! defines a command of its own: `kata`.

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory, ValueEnum};
use clap_complete::Shell;

use super::CommandLine;
use crate::course::Course;
use crate::failure::Failure;
use crate::pages::page;

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
    let (shell, last) = match shell {
        For::Bash => (Shell::Bash, r#"kata() { cargo kata "$@"; }"#.to_owned()),
        For::Zsh => (Shell::Zsh, r#"kata() { cargo kata "$@"; }"#.to_owned()),
        For::Fish => {
            let lessons = lessons_for_fish(&topics);
            (Shell::Fish, format!("{lessons}\nfunction kata; cargo kata $argv; end"))
        }
        For::Powershell => (Shell::PowerShell, r"function kata { cargo kata @args }".to_owned()),
    };
    let mut command = CommandLine::command().name("kata").mut_subcommands(|command| {
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
