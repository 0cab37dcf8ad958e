//! Every text for learners is defined in one place: neither a graded test nor the code of the kit and the
//! commands contains a sentence, and no text is defined twice.
//!
//! In that code, a text with letters and a space is a sentence that belongs in a `words.rs`, unless it goes
//! over the wire, or is Rust or shell. Such texts have an escape (`"Host: example.org\r\n"`) or are written
//! as bytes (`b"GET /"`) or raw (`r"echo hello"`), and are recognized by this. The texts of `expect` and of
//! assertions are for the developer who fixes a test; learners do not read them.

#[path = "words/entries.rs"]
mod entries;

use std::collections::BTreeMap;
use std::path::PathBuf;

use entries::{course, entries, files_of_words, is_of_words, read, rust_files, tokens};
use netkata_runner::course::{Course, Lesson};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Methods and macros that take a text for the developer of a test.
const METHODS: [&str; 2] = ["expect", "expect_err"];
const MACROS: [&str; 4] = ["assert", "assert_eq", "panic", "unreachable"];

#[test]
fn no_graded_test_holds_a_sentence() {
    let mut escaped = Vec::new();
    let course = course();
    for lesson in course.lessons() {
        for file in files_of_checks(&course, lesson) {
            let mut sentences = Vec::new();
            find_sentences(tokens(&file), &mut sentences);
            escaped.extend(sentences.iter().map(|it| format!("{}:{it}", file.display())));
        }
    }
    assert!(escaped.is_empty(), "these belong in the lesson's words.rs:\n{}", escaped.join("\n"));
}

#[test]
fn no_code_of_kit_or_runner_holds_a_sentence() {
    let course = course();
    let mut escaped = Vec::new();
    for file in rust_files(&course.root().join("src")) {
        if is_of_words(file.strip_prefix(course.root()).expect("it is below the root")) {
            continue;
        }
        let mut sentences = Vec::new();
        find_sentences(tokens(&file), &mut sentences);
        escaped.extend(sentences.iter().map(|it| format!("{}:{it}", file.display())));
    }
    assert!(escaped.is_empty(), "these belong in a words.rs:\n{}", escaped.join("\n"));
}

#[test]
fn a_sentence_outside_words_rs_is_found() {
    let source = r##"
        //! A comment "may say anything".
        #[expect(dead_code, reason = "a reason is not a sentence")]
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
fn all_words_are_used() {
    let course = course();
    let tests = course.lessons().iter().flat_map(|lesson| files_of_checks(&course, lesson));
    let code = tests.chain(rust_files(&course.root().join("src")));
    let code: Vec<String> = code.map(|file| read(&file)).collect();
    // Words that are re-exported or imported are used, or rustc warns.
    let words = files_of_words(&course);
    let texts: Vec<String> = words.iter().map(|file| read(file)).collect();
    let passed_on = texts.iter().flat_map(|text| text.split("pub use ").skip(1));
    let imported = code.iter().flat_map(|text| text.split("words::{").skip(1));
    let passed_on = passed_on.filter_map(|text| text.split(';').next());
    let passed_on: Vec<&str> =
        passed_on.chain(imported.filter_map(|text| text.split('}').next())).collect();
    let mut unsaid = Vec::new();
    for file in &words {
        for name in entries("words", file).into_iter().map(|entry| entry.name) {
            let said = code.iter().any(|text| stands_in(&format!("words::{name}"), text))
                || passed_on.iter().any(|text| stands_in(&name, text));
            if !said {
                unsaid.push(format!("{}: {name}", file.display()));
            }
        }
    }
    assert!(unsaid.is_empty(), "these are not used: {unsaid:#?}");
}

#[test]
fn all_causes_are_used() {
    let course = course();
    let mut unnamed = Vec::new();
    for lesson in course.lessons() {
        let files = files_of_checks(&course, lesson);
        let test: String = files.iter().map(|file| read(file)).collect();
        let causes = entries("causes", &lesson.file("causes.rs")).into_iter();
        let unused = causes.filter(|it| !stands_in(&format!("causes::{}", it.name), &test));
        unnamed.extend(unused.map(|it| format!("{}: {}", lesson.folder, it.name)));
    }
    let tests = course.lessons().iter().flat_map(|lesson| files_of_checks(&course, lesson));
    let code = tests
        .chain(["src", "tests/programs"].iter().flat_map(|it| rust_files(&course.root().join(it))));
    let code: Vec<String> = code.map(|file| read(&file)).collect();
    let is_named = |name: &str| {
        code.iter().any(|text| text.split("::").skip(1).any(|rest| first_name(rest) == name))
    };
    for file in ["src/kit/cause.rs", "src/programs/causes.rs"] {
        let causes = entries("causes", &course.root().join(file));
        assert!(!causes.is_empty(), "{file} defines no cause");
        let unused = causes.into_iter().filter(|it| !is_named(&it.name));
        unnamed.extend(unused.map(|it| format!("{file}: {}", it.name)));
    }
    assert!(unnamed.is_empty(), "no check uses these: {unnamed:#?}");
}

#[test]
fn no_text_is_defined_twice() {
    let mut places: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in files_of_words(&course()) {
        let defined = ["words", "causes"].into_iter().flat_map(|of| entries(of, &file));
        for entry in defined {
            places.entry(entry.text).or_default().push(file.clone());
        }
    }
    assert!(!places.is_empty(), "no texts were found");
    // A single word may be defined in two lessons.
    places.retain(|text, files| files.len() > 1 && text.contains(' '));
    assert!(places.is_empty(), "each should be defined once: {places:#?}");
}

#[test]
fn a_text_without_values_is_shown_as_it_stands() {
    let mut doubled = Vec::new();
    for file in files_of_words(&course()) {
        let chinese = file.with_file_name("zh").join(file.file_name().expect("a file has a name"));
        let entries = [&file, &chinese].into_iter().flat_map(|file| entries("words", file));
        doubled.extend(entries.filter(|it| it.values.is_empty() && it.text.contains("{{")));
    }
    assert!(doubled.is_empty(), "only a text with values writes a brace twice: {doubled:#?}");
}

/// The name at the beginning of a text.
fn first_name(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Whether a text contains this path of names, not only as the beginning of a longer one.
fn stands_in(path: &str, text: &str) -> bool {
    let of_name = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(path).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + path.len()..]);
        !of_name(before.chars().next_back()) && !of_name(after.chars().next())
    })
}

/// Collect every sentence, with its line.
fn find_sentences(tokens: TokenStream, sentences: &mut Vec<String>) {
    let mut before = String::new();
    let mut attribute = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let lint = attribute && !group.stream().to_string().starts_with("case");
                // The text of a macro may have values in it; a method of that name that takes more than
                // a text belongs to the kit.
                let tests = before == "tests" && group.delimiter() == Delimiter::Brace;
                let alone = group.stream().into_iter().count() == 1;
                let developers = METHODS.contains(&before.as_str()) && alone
                    || MACROS.contains(&before.as_str());
                if !lint && !tests && !developers {
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

/// Whether a literal, as written in the source, is a sentence or part of one.
fn is_sentence(literal: &str) -> bool {
    let wire = ["\\r", "\\n", "\\0", "\\x", "\\u"].iter().any(|escape| literal.contains(escape));
    // Without the placeholders for values.
    let parts = literal.split('{').enumerate();
    let text: String = parts
        .map(|(at, part)| if at == 0 { part } else { part.split_once('}').map_or("", |it| it.1) })
        .collect();
    let letters = text.contains(|c: char| c.is_alphabetic());
    literal.starts_with('"') && text.contains(' ') && letters && !wire
}

/// The files that hold a lesson's checks: the test file, and the harness that it stands on.
fn files_of_checks(course: &Course, lesson: &Lesson) -> Vec<PathBuf> {
    let of_programs = course.root().join("tests/programs").join(&lesson.folder);
    let of_programs = of_programs.with_extension("rs");
    let files = [lesson.test_file(course), of_programs, lesson.file("harness.rs")];
    files.into_iter().filter(|file| file.exists()).collect()
}
