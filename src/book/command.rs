//! The command line of `kata-book`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use netkata::Language;
use netkata_runner::course::{Course, Lesson};
use netkata_runner::failure::Failure;

use crate::book::Book;
use crate::stories::stories;
use crate::{handout, mdbook};

/// Make the course a book in each language, or a lesson a handout.
#[derive(Debug, Parser)]
#[command(name = "kata-book", version)]
enum Arguments {
    /// Build the book in English and in Chinese, with mdBook, into target/book.
    Build,
    /// Make a page to print of one lesson, without hints and answers, and a PDF if Chromium is installed.
    Handout {
        /// The lesson: its number, folder or topic.
        lesson: String,
        /// The language.
        #[arg(long, value_parser = language(), default_value = "en")]
        lang: Language,
    },
}

/// Run the command line. Exit 0 if everything is written; 2 if the command line makes no sense, 3 if the machine
/// lacks something.
pub fn main() -> ExitCode {
    if let Some(code) = netkata_runner::stand_in() {
        return code;
    }
    let arguments = Arguments::parse();
    match Course::find(Path::new(".")).and_then(|course| run(&course, arguments)) {
        Ok(files) => {
            files.iter().for_each(|file| anstream::println!("{}", file.display()));
            ExitCode::SUCCESS
        }
        Err(failure) => {
            anstream::eprintln!("{}: {}", env!("CARGO_PKG_NAME"), failure);
            ExitCode::from(failure.code)
        }
    }
}

/// Do what was asked for, and return what was made.
fn run(course: &Course, arguments: Arguments) -> Result<Vec<PathBuf>, Failure> {
    match arguments {
        Arguments::Build => Language::ALL.into_iter().map(|it| build(course, it)).collect(),
        Arguments::Handout { lesson, lang } => {
            let lesson = course.lesson(&lesson)?;
            let told = lang.speaks(|| stories(course, &[lesson]))?;
            handout::make(course, lang, lesson, &told[&lesson.number])
        }
    }
}

fn build(course: &Course, language: Language) -> Result<PathBuf, Failure> {
    let lessons: Vec<&Lesson> = course.lessons().iter().collect();
    let stories = language.speaks(|| stories(course, &lessons))?;
    let folder = mdbook::build(course, &Book::of(course, language, &stories)?)?;
    Ok(folder.join("index.html"))
}

/// Reads the code of a language.
fn language() -> impl TypedValueParser<Value = Language> {
    let codes = PossibleValuesParser::new(Language::ALL.map(Language::code));
    codes.map(|code| Language::of_code(&code).expect("a possible value is a code"))
}
