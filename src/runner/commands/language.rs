//! `cargo kata language zh`: which language the commands speak from now on.

use std::process::ExitCode;

use clap::ValueEnum;
use netkata::Language;

use crate::course::Course;
use crate::failure::Failure;
use crate::language;
use crate::pages::page::Page;
use crate::words;

/// The codes of the languages, for the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Code {
    En,
    Zh,
}

impl Code {
    fn language(self) -> Language {
        match self {
            Code::En => Language::English,
            Code::Zh => Language::Chinese,
        }
    }
}

/// Save the language of later commands; without one, say which it is now.
pub(super) fn run(course: &Course, code: Option<Code>) -> Result<ExitCode, Failure> {
    let language = match code {
        Some(code) => {
            language::save(course, code.language())?;
            code.language()
        }
        None => Language::current(),
    };
    let mut page = Page::new();
    let text = language.speaks(|| words::SPEAKS_THIS_LANGUAGE.to_string());
    page.paragraph("", "", &text, anstyle::Style::new());
    page.print()?;
    Ok(ExitCode::SUCCESS)
}
