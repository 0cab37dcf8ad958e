//! What the files of words define, in `words! { … }` or `causes! { … }`.

use std::fs;
use std::path::{Path, PathBuf};

use netkata_runner::course::Course;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A name with its text: `NAME = "text";`, or `name(value) = "text with {value}";`.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub values: Vec<String>,
    pub text: String,
}

/// The entries that a file defines in this macro, in order; none if the file does not exist.
pub fn entries(of: &str, file: &Path) -> Vec<Entry> {
    let mut defined = Vec::new();
    if file.exists() {
        collect_defined(of, tokens(file), &mut defined);
    }
    let entries =
        defined.split(|token| matches!(token, TokenTree::Punct(end) if end.as_char() == ';'));
    entries.filter_map(entry).collect()
}

/// The entry of these tokens; `None` for `also in zh`, which has no text.
fn entry(tokens: &[TokenTree]) -> Option<Entry> {
    let (mut name, mut values) = (None, Vec::new());
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => name = name.or(Some(ident.to_string())),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                values.extend(group.stream().into_iter().filter_map(|it| match it {
                    TokenTree::Ident(value) => Some(value.to_string()),
                    _ => None,
                }));
            }
            TokenTree::Literal(literal) => {
                let text: syn::LitStr = syn::parse_str(&literal.to_string()).expect("a text");
                return Some(Entry { name: name?, values, text: text.value() });
            }
            // A note comes before its name.
            _ => {}
        }
    }
    None
}

fn collect_defined(of: &str, tokens: TokenStream, defined: &mut Vec<TokenTree>) {
    let (mut named, mut called) = (false, false);
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                if called {
                    defined.extend(group.stream());
                } else {
                    collect_defined(of, group.stream(), defined);
                }
                called = false;
            }
            TokenTree::Ident(ident) => (named, called) = (ident == of, false),
            TokenTree::Punct(punct) => called = named && punct.as_char() == '!',
            _ => (named, called) = (false, false),
        }
    }
}

/// Every file that defines words in English; those in Chinese define the same names.
pub fn files_of_words(course: &Course) -> Vec<PathBuf> {
    let lessons = course.lessons().iter();
    let lessons =
        lessons.flat_map(|lesson| ["words.rs", "causes.rs"].map(|file| lesson.file(file)));
    let source = rust_files(&course.root().join("src")).into_iter();
    let source = source.filter(|file| {
        let file = file.strip_prefix(course.root()).expect("it is below the root");
        is_of_words(file) && !is_chinese(file)
    });
    lessons.chain(source).filter(|file| file.exists()).collect()
}

/// Whether a file of the course is one of words: every file for `words!` or `causes!`, and every Chinese one.
pub fn is_of_words(file: &Path) -> bool {
    let words = |path: &Path| path.file_stem().is_some_and(|stem| stem == "words");
    let causes = ["src/kit/cause.rs", "src/programs/causes.rs"];
    causes.iter().any(|it| file == Path::new(it)) || file.ancestors().any(words) || is_chinese(file)
}

/// Whether a file is below a folder `zh`, which has nothing but texts.
fn is_chinese(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "zh")
}

pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut files = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
    files
}

pub fn tokens(file: &Path) -> TokenStream {
    read(file).parse().unwrap_or_else(|error| panic!("{file:?}: {error}"))
}

pub fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"))
}

pub fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course")
}
