//! The language of the commands: that of the option `--lang`, or the saved one, or that of the system.

use std::fs;
use std::path::{Path, PathBuf};

use netkata::Language;

use crate::course::{self, Course};
use crate::failure::Failure;
use crate::files;

/// Choose the language of this process, before it says anything: a command line that makes no sense is answered in
/// it, too.
pub(crate) fn choose() {
    let here = std::env::current_dir().ok();
    let saved = || saved(&here.as_deref().and_then(course::root)?);
    let language = asked_for(std::env::args()).or_else(saved).unwrap_or_else(of_the_system);
    language.choose();
}

/// Save the language for later commands in this course, beside the progress.
pub(crate) fn save(course: &Course, language: Language) -> Result<(), Failure> {
    let text = format!("{}\n", language.code());
    files::write_if_changed(&file(course.root()), &text).map(|_| ())
}

fn saved(root: &Path) -> Option<Language> {
    Language::of_code(fs::read_to_string(file(root)).ok()?.trim())
}

fn file(root: &Path) -> PathBuf {
    root.join(".kata").join("language")
}

/// The value of `--lang`, wherever it stands; `None` if there is none, or one that the command line refuses.
fn asked_for(arguments: impl Iterator<Item = String>) -> Option<Language> {
    let mut arguments = arguments.take_while(|argument| argument != "--");
    let code = arguments.find_map(|argument| match argument.strip_prefix("--lang")? {
        "" => Some(None),
        rest => rest.strip_prefix('=').map(|code| Some(code.to_owned())),
    })?;
    Language::of_code(&code.or_else(|| arguments.next())?)
}

/// The language of the system's messages: Chinese, or English for all others.
fn of_the_system() -> Language {
    match locale() {
        Some(locale) if locale.starts_with("zh") => Language::Chinese,
        _ => Language::English,
    }
}

/// The locale of messages: the first of these variables that is set and not empty (locale(7)).
#[cfg(not(windows))]
fn locale() -> Option<String> {
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    variables.filter_map(|name| std::env::var(name).ok()).find(|value| !value.is_empty())
}

#[cfg(windows)]
fn locale() -> Option<String> {
    sys_locale::get_locale()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::behind_the_command("kata list --lang zh", Some(Language::Chinese))]
    #[case::before_it("kata --lang=en list", Some(Language::English))]
    #[case::nowhere("kata list", None)]
    #[case::without_a_value("kata list --lang", None)]
    #[case::unknown("kata list --lang fr", None)]
    #[case::another_option("kata list --language zh", None)]
    #[case::not_an_option("kata class -- --lang zh", None)]
    fn the_option_is_found(#[case] line: &str, #[case] language: Option<Language>) {
        assert_eq!(asked_for(line.split(' ').map(str::to_owned)), language);
    }
}
