//! What a learner reads stands in one place: no graded test holds a sentence, and no words stand twice.
//!
//! In a graded test, a text of letters with a blank in it is a sentence that escaped from its `words.rs`,
//! unless it goes over the wire or is Rust. Such texts have an escape (`"Host: example.org\r\n"`) or are
//! written as bytes (`b"GET /"`) or raw (`r"echo hello"`), and so are told apart. What `expect` and the
//! assertions say is for whoever mends a test, and no learner reads it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use netkata::runner::course::Course;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What takes a text that is for whoever mends a test, be it a method or a macro.
const FOR_DEVELOPERS: [&str; 2] = ["expect", "expect_err"];
const FOR_DEVELOPERS_TOO: [&str; 4] = ["assert", "assert_eq", "panic", "unreachable"];

#[test]
fn no_graded_test_holds_a_sentence() {
    let mut escaped = Vec::new();
    let course = course();
    for lesson in course.lessons() {
        let test = lesson.test_file(&course);
        let mut sentences = Vec::new();
        find_sentences(tokens(&test), &mut sentences);
        escaped.extend(sentences.iter().map(|it| format!("{}:{it}", test.display())));
    }
    assert!(escaped.is_empty(), "these belong in the lesson's words.rs:\n{}", escaped.join("\n"));
}

#[test]
fn a_sentence_that_escapes_is_found() {
    let source = r##"
        //! A comment "may say anything".
        #[expect(dead_code, reason = "a reason is no sentence")]
        #[case::of_words("in a case")]
        fn test() {
            scene.happened("the peer is silent");
            scene.happened(format!("{name} says {}", 1));
            scene.called("read", r"a b").expect("a reason to believe");
            assert!(true, "{} more", 1);
            scene.expect("the next read", returns(1), || Ok("a value"));
            wire.delivers(b"hello world").then_delivers("hello world\\n");
        }
    "##;
    let mut found = Vec::new();
    find_sentences(source.parse().expect("it is Rust"), &mut found);
    let expected = [
        r#"4: "in a case""#,
        r#"6: "the peer is silent""#,
        r#"7: "{name} says {}""#,
        r#"10: "the next read""#,
        r#"10: "a value""#,
    ];
    assert_eq!(found, expected);
}

#[test]
fn all_words_of_a_lesson_are_said() {
    let course = course();
    let mut unsaid = Vec::new();
    for lesson in course.lessons() {
        let test = fs::read_to_string(lesson.test_file(&course)).expect("every lesson has a test");
        for name in names_of_words(&lesson.file("words.rs")) {
            let said = test.match_indices(&format!("words::{name}")).any(|(at, found)| {
                let next = test[at + found.len()..].chars().next();
                next.is_none_or(|c| !c.is_alphanumeric() && c != '_')
            });
            if !said {
                unsaid.push(format!("{}: {name}", lesson.folder));
            }
        }
    }
    assert!(unsaid.is_empty(), "nobody says these: {unsaid:#?}");
}

#[test]
fn no_words_stand_in_two_places() {
    let course = course();
    let lessons = course.lessons().iter().map(|lesson| lesson.file("words.rs"));
    let files = lessons.chain([course.root().join("src/words.rs")]).filter(|file| file.exists());
    let mut places: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        for text in texts_of_words(&file) {
            places.entry(text).or_default().push(file.clone());
        }
    }
    assert!(!places.is_empty(), "nobody says anything");
    places.retain(|_, files| files.len() > 1);
    assert!(places.is_empty(), "one of each is enough: {places:#?}");
}

/// The texts that a file defines in `words! { … }`.
fn texts_of_words(file: &Path) -> Vec<String> {
    let texts = words_of(file).into_iter().filter_map(|token| match token {
        TokenTree::Literal(text) => Some(text.to_string()),
        _ => None,
    });
    texts.collect()
}

/// The names that a file defines in `words! { … }`; none where there is no such file.
fn names_of_words(file: &Path) -> Vec<String> {
    let (mut names, mut begins) = (Vec::new(), true);
    for token in if file.exists() { words_of(file) } else { TokenStream::new() } {
        match token {
            TokenTree::Ident(name) if begins => {
                names.push(name.to_string());
                begins = false;
            }
            TokenTree::Punct(end) if end.as_char() == ';' => begins = true,
            // A note stands before its name.
            _ => {}
        }
    }
    names
}

/// What stands between the braces of a file's `words! { … }`.
fn words_of(file: &Path) -> TokenStream {
    let mut words = TokenStream::new();
    let mut after_words = false;
    for token in tokens(file) {
        match token {
            TokenTree::Group(group) if after_words && group.delimiter() == Delimiter::Brace => {
                words.extend(group.stream());
            }
            TokenTree::Ident(ident) => after_words = ident == "words",
            _ => {}
        }
    }
    words
}

/// Collect every text that is a sentence, with its line.
fn find_sentences(tokens: TokenStream, sentences: &mut Vec<String>) {
    let mut before = String::new();
    let mut attribute = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let lint = attribute && !group.stream().to_string().starts_with("case");
                // What is told by a macro may have values in it; a method of that name that takes more
                // than a text is the kit's.
                let alone = group.stream().into_iter().count() == 1;
                let developers = FOR_DEVELOPERS.contains(&before.as_str()) && alone
                    || FOR_DEVELOPERS_TOO.contains(&before.as_str());
                if !lint && !developers {
                    find_sentences(group.stream(), sentences);
                }
                (attribute, before) = (false, String::new());
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if is_sentence(&text) {
                    sentences.push(format!("{}: {text}", literal.span().start().line));
                }
            }
            TokenTree::Ident(ident) => before = ident.to_string(),
            TokenTree::Punct(punct) => match punct.as_char() {
                '#' => attribute = true,
                '!' => {}
                _ => (attribute, before) = (false, String::new()),
            },
        }
    }
}

/// Whether a literal, as it stands in the source, is a sentence or part of one.
fn is_sentence(literal: &str) -> bool {
    let letters = literal.contains(|c: char| c.is_ascii_alphabetic());
    let wire = ["\\r", "\\n", "\\0", "\\x", "\\u"].iter().any(|escape| literal.contains(escape));
    literal.starts_with('"') && literal.contains(' ') && letters && !wire
}

fn tokens(file: &Path) -> TokenStream {
    let source = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    source.parse().unwrap_or_else(|error| panic!("{file:?}: {error}"))
}

fn course() -> Course {
    Course::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course")
}
