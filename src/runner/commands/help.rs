//! The help of the command line: clap makes it of the comments in `mod.rs`, which are English. In Chinese each line
//! is replaced by the one that stands beside it in `zh/help.rs`; clap's own words stay.

use clap::builder::StyledStr;
use clap::{Command, CommandFactory};
use netkata::Language;

use super::CommandLine;

#[path = "../zh/help.rs"]
mod zh;

/// The command line, with its help in the language of this process.
pub(super) fn command() -> Command {
    match Language::current() {
        Language::English => CommandLine::command(),
        Language::Chinese => in_chinese(CommandLine::command()),
    }
}

fn in_chinese(mut command: Command) -> Command {
    if let Some(about) = translated(command.get_about()) {
        command = command.about(about);
    }
    let command = command.mut_args(|argument| match translated(argument.get_help()) {
        Some(help) => argument.help(help),
        None => argument,
    });
    command.mut_subcommands(in_chinese)
}

fn translated(line: Option<&StyledStr>) -> Option<&'static str> {
    let line = line?.to_string();
    zh::HELP.iter().find(|(english, _)| *english == line).map(|(_, chinese)| *chinese)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_line_of_the_help_is_there_in_chinese_and_no_other() {
        let mut lines = BTreeSet::new();
        collect(&CommandLine::command(), &mut lines);
        let translated = zh::HELP.iter().map(|(english, _)| (*english).to_owned()).collect();
        assert_eq!(lines, translated);
    }

    /// Collect the lines of the help that a command has, and its arguments and commands.
    fn collect(command: &Command, lines: &mut BTreeSet<String>) {
        let helps = command.get_arguments().map(|argument| argument.get_help());
        lines.extend(helps.chain([command.get_about()]).flatten().map(StyledStr::to_string));
        command.get_subcommands().for_each(|command| collect(command, lines));
    }
}
