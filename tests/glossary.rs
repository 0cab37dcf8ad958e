//! The Chinese texts and pages use the terms of `docs/GLOSSARY.md`.

#[path = "words/entries.rs"]
mod entries;
#[path = "languages/sections.rs"]
mod sections;

use std::path::Path;

use entries::{course, entries, files_of_words, read};
use sections::sections;

/// A row of the glossary.
struct Term {
    /// Its English forms.
    english: Vec<String>,
    /// One of these stands where the English has it.
    chinese: Vec<String>,
    /// None of these stands anywhere.
    never: Vec<String>,
    /// Whether it is also an everyday word, which may be translated in any way.
    is_everyday: bool,
}

/// Where an English word of the glossary means something else: a part of the text, and the word.
const ANOTHER_MEANING: [(&str, &str); 9] = [
    ("a stream of new clients", "stream"),
    ("do not reset", "reset"),
    ("while the server serves", "server"),
    ("before you process the bytes", "process"),
    ("three have \"network\"", "network"),
    ("challenge, 512 times", "challenge"),
    ("GET, Host and Connection", "connection"),
    ("cargo kata lesson", "lesson"),
    ("a signal with its handler", "handler"),
];

#[test]
fn chinese_texts_use_the_terms_of_the_glossary() {
    let (course, terms) = (course(), terms());
    let mut complaints = Vec::new();
    for file in files_of_words(&course) {
        let chinese = file.with_file_name("zh").join(file.file_name().expect("it is a file"));
        let all = |file: &Path| {
            ["words", "causes"].into_iter().flat_map(|of| entries(of, file)).collect::<Vec<_>>()
        };
        for (one, other) in all(&file).iter().zip(all(&chinese)) {
            let place = format!("{}: {}", course.shown(&chinese), one.name);
            complaints
                .extend(compare(&terms, &one.text, &other.text).map(|it| format!("{place}: {it}")));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn chinese_pages_use_the_terms_of_the_glossary() {
    let (course, terms) = (course(), terms());
    let mut complaints = Vec::new();
    for lesson in course.lessons() {
        for name in ["README.md", "hints.md"] {
            let chinese = sections(&read(&lesson.file("zh").join(name)));
            for ((heading, one), (_, other)) in
                sections(&read(&lesson.file(name))).iter().zip(&chinese)
            {
                let place = format!("{}/zh/{name}: {heading}", lesson.folder);
                complaints.extend(compare(&terms, one, other).map(|it| format!("{place}: {it}")));
            }
        }
        let names = read(&lesson.file("zh/checks.txt"));
        complaints.extend(
            compare(&terms, "", &names).map(|it| format!("{}/zh/checks.txt: {it}", lesson.folder)),
        );
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn chinese_chapters_of_the_book_use_the_terms_of_the_glossary() {
    let (folder, terms) = (course().root().join("docs/book"), terms());
    let mut complaints = Vec::new();
    for name in ["introduction.md", "instructors.md", "tests.md"] {
        let [english, chinese] =
            ["en", "zh"].map(|it| sections(&read(&folder.join(it).join(name))));
        assert_eq!(english.len(), chinese.len(), "{name}");
        for ((heading, one), (_, other)) in english.iter().zip(&chinese) {
            complaints
                .extend(compare(&terms, one, other).map(|it| format!("{name}: {heading}: {it}")));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_term_in_other_words_is_found() {
    let terms = terms();
    let found = |english: &str, chinese: &str| compare(&terms, english, chinese).count();
    assert_eq!(found("A socket waits.", "套接字在等待。"), 0);
    assert_eq!(found("Two sockets wait.", "两个插口在等待。"), 1);
    assert_eq!(found("A wait.", "插座在等待。"), 1);
    assert_eq!(found("Call `socket`, see socket(2).", "调用。"), 0);
    assert_eq!(found("{client} gets {bytes}", "{client} 收到 {bytes}"), 0);
}

/// What is wrong with the Chinese of a text.
fn compare<'a>(
    terms: &'a [Term],
    english: &str,
    chinese: &'a str,
) -> impl Iterator<Item = String> + use<'a> {
    let words = words_of(english);
    let is_said = move |word: &str| {
        let plural = format!("{word}s");
        words.contains(&format!(" {word} ")) || words.contains(&format!(" {plural} "))
    };
    let english = english.split_whitespace().collect::<Vec<_>>().join(" ");
    let means_another = move |word: &str| {
        ANOTHER_MEANING.iter().any(|(part, it)| *it == word && english.contains(part))
    };
    terms.iter().flat_map(move |term| {
        let mut said = term.english.iter().filter(|word| is_said(word) && !means_another(word));
        let is_there = term.chinese.iter().any(|form| chinese.contains(form.as_str()));
        let lost = said.next().filter(|_| !term.is_everyday && !is_there);
        let lost = lost.map(|word| format!("{word:?} should be one of {:?}", term.chinese));
        let wrong = term.never.iter().filter(|form| chinese.contains(form.as_str()));
        let wrong = wrong.map(|form| format!("{form} is not the term for {:?}", term.english));
        lost.into_iter().chain(wrong).collect::<Vec<_>>()
    })
}

/// The words of an English text in lower case, each between spaces; without code, values, links and manual pages.
fn words_of(text: &str) -> String {
    let plain: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let plain: String = plain
        .split('{')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once('}').map_or("", |it| it.1) })
        .collect::<Vec<_>>()
        .join(" ");
    let words = plain.split_whitespace().filter(|word| !is_code(word));
    let words = words.flat_map(|word| word.split(|c: char| !c.is_alphabetic() && c != '-'));
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    format!(" {} ", words.join(" "))
}

/// Whether a word is a link, a name in a program, a file, or a manual page: `signal(7)`.
fn is_code(word: &str) -> bool {
    let is_file = word.trim_end_matches('.').contains('.');
    let is_manual = |(_, rest): (&str, &str)| rest.starts_with(|c: char| c.is_ascii_digit());
    is_file
        || ["](", "_", "::", "()", "/"].iter().any(|mark| word.contains(mark))
        || word.split_once('(').is_some_and(is_manual)
}

fn terms() -> Vec<Term> {
    let text = read(&course().root().join("docs/GLOSSARY.md"));
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| English"));
    let terms: Vec<Term> = rows.filter_map(term).collect();
    assert!(terms.len() > 50, "the glossary has {} terms", terms.len());
    terms
}

fn term(row: &str) -> Option<Term> {
    let [_, english, chinese, never, _] = row.split('|').collect::<Vec<_>>()[..] else {
        return None;
    };
    let is_everyday = english.contains('(');
    let forms = |cell: &str| -> Vec<String> {
        let forms = cell.split([',', '/']).map(str::trim).filter(|form| !form.is_empty());
        forms.map(|form| form.split('…').next_back().unwrap_or_default().to_owned()).collect()
    };
    let english = forms(english.split('(').next().unwrap_or_default());
    Some(Term { english, chinese: forms(chinese), never: forms(never), is_everyday })
}
