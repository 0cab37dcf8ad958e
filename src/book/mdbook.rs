//! Builds a book: writes what mdBook reads, and calls it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use netkata_runner::course::Course;
use netkata_runner::failure::Failure;
use toml_edit::{DocumentMut, InlineTable, value};

use crate::book::Book;
use crate::stories::FONT;
use crate::{links, words};

/// The title of the book.
const TITLE: &str = "netkata";
/// The settings, and the files of the theme.
const SETTINGS: &str = include_str!("theme/book.toml");
const THEME: [(&str, &str); 4] = [
    ("theme/book.css", include_str!("theme/book.css")),
    ("theme/font.css", FONT),
    ("theme/head.hbs", include_str!("theme/head.hbs")),
    ("theme/language.js", include_str!("theme/language.js")),
];

/// Build a book with mdBook, and return its folder.
pub(crate) fn build(course: &Course, book: &Book) -> Result<PathBuf, Failure> {
    let folder = course.target().join("book");
    let source = folder.join("source").join(book.language.code());
    let built = folder.join(book.language.code());
    write_source(book, &source, &built)?;
    let output = Command::new("mdbook").arg("build").arg(&source).output();
    let output = output.map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::of_machine(&*words::MDBOOK_IS_MISSING),
        _ => Failure::of_file(&words::START, Path::new("mdbook"))(error),
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failure::new(words::failed("mdbook", said)));
    }
    Ok(built)
}

/// Write what mdBook reads into an empty folder, so that no page of an earlier book is left.
fn write_source(book: &Book, folder: &Path, built: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Failure::of_file(&words::REMOVE, folder)(error));
        }
        _ => {}
    }
    let put = |place: &Path, text: &str| write(&folder.join(place), text.as_bytes());
    put(Path::new("book.toml"), &settings(book, built))?;
    put(Path::new("SUMMARY.md"), &book.summary())?;
    THEME.iter().try_for_each(|(place, text)| put(Path::new(place), text))?;
    book.pictures.iter().try_for_each(|(place, picture)| put(place, picture))?;
    book.pages().iter().try_for_each(|page| put(&page.place, &page.text))
}

fn settings(book: &Book, built: &Path) -> String {
    let mut settings: DocumentMut = SETTINGS.parse().expect("the settings are TOML");
    settings["book"]["title"] = value(TITLE);
    settings["book"]["language"] = value(book.language.code());
    settings["build"]["build-dir"] = value(built.to_string_lossy().into_owned());
    for page in book.pages().iter().filter(|page| !page.is_searched) {
        let place = links::with_slashes(&page.place);
        let left_out = InlineTable::from_iter([("enable", false)]);
        settings["output"]["html"]["search"]["chapter"][&place] = value(left_out);
    }
    settings.to_string()
}

/// Write a file, and the folders that it is in.
pub(crate) fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(file, bytes));
    written.map_err(Failure::of_file(&words::WRITE, file))
}
