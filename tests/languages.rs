//! The two languages say the same: each text, each cause, each check and each part of a page or of the hints is there
//! in both, and what a learner reads in Chinese contains no English.
//!
//! The compiler finds a name that is missing or misspelt; its lints find a name too many and a value left out. These
//! tests find what it does not: values in another order, and all that stands in Markdown.

#[path = "words/entries.rs"]
mod entries;
#[path = "languages/links.rs"]
mod links;
#[path = "languages/pages.rs"]
mod pages;
#[cfg(unix)]
#[path = "languages/screen.rs"]
mod screen;
#[path = "languages/sections.rs"]
mod sections;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use entries::{Entry, course, entries, files_of_words, read};
use netkata_runner::course::Lesson;
use netkata_runner::pages::{checks, hints, readme};

/// Reports of a class are for instructors and for other programs: they are in English.
const ENGLISH_ONLY: [&str; 1] = ["src/class"];

#[test]
fn each_text_has_its_values_in_the_same_order_in_both_languages() {
    let mut complaints = Vec::new();
    for (english, chinese) in pairs() {
        for (name, (one, other)) in signatures(&english, &chinese) {
            if one != other {
                complaints.push(format!("{}: {name}: {one:?}, {other:?}", chinese.display()));
            }
        }
    }
    assert!(complaints.is_empty(), "these differ:\n{}", complaints.join("\n"));
}

#[test]
fn a_text_with_its_values_in_another_order_is_found() {
    let english = [entry("given", &["number", "noun"]), entry("SAME", &[])];
    let chinese = [entry("SAME", &[]), entry("given", &["noun", "number"])];
    let differ = compared(&english, &chinese).into_iter().filter(|(_, (one, other))| one != other);
    assert_eq!(differ.map(|(name, _)| name).collect::<Vec<_>>(), ["given"]);
}

/// A verdict may depend on whether two findings are the same text: those of a lesson, or of the kit. In Chinese it must
/// be the same verdict.
#[test]
fn texts_that_differ_in_english_differ_in_chinese() {
    let kit = course().root().join("src/kit/words.rs");
    let mut complaints = Vec::new();
    for (english, chinese) in pairs() {
        let mut said = BTreeMap::new();
        let is_of_a_lesson = english.starts_with(course().root().join("lessons"));
        let kit = is_of_a_lesson.then(|| (kit.clone(), beside(&kit)));
        for [name, english, chinese] in kit.iter().chain([&(english, chinese)]).flat_map(in_both) {
            let (other, text) = said.entry(chinese).or_insert((name.clone(), english.clone()));
            if *text != english {
                complaints.push(format!("{other} and {name}: {text:?} and {english:?}"));
            }
        }
    }
    complaints.sort();
    complaints.dedup();
    assert!(complaints.is_empty(), "the same in Chinese:\n{}", complaints.join("\n"));
}

/// The name, the English and the Chinese of each text that is in both files.
fn in_both((english, chinese): &(PathBuf, PathBuf)) -> Vec<[String; 3]> {
    let english = all_entries(english).into_iter().map(|entry| (entry.name, entry.text));
    let english: BTreeMap<String, String> = english.collect();
    let both = all_entries(chinese).into_iter().filter_map(|Entry { name, text, .. }| {
        let english = english.get(&name)?.clone();
        Some([name, english, text])
    });
    both.collect()
}

#[test]
fn each_check_has_a_chinese_name() {
    for lesson in course().lessons() {
        let file = lesson.file("zh/checks.txt");
        let text = read(&file);
        // The checks of programs follow after a heading; `tests/programs.rs` compares them.
        let text = text.split("\n# ").next().unwrap_or_default();
        let named: Vec<(&str, &str)> = checks::names(text).collect();
        assert_eq!(named.len(), text.lines().count(), "{file:?}: a line is `check: name`");
        let names: Vec<&str> = sorted(named.iter().map(|(check, _)| *check));
        let hints = read(&lesson.file("hints.md"));
        let expected = hints::checks(&hints);
        assert_eq!(names, sorted(expected.iter().map(String::as_str)), "{file:?}");
        let mut readable = sorted(named.iter().map(|(_, name)| *name));
        readable.dedup();
        assert_eq!(readable.len(), named.len(), "{file:?}: two checks have one name");
    }
}

#[test]
fn each_part_of_a_page_is_there_in_both_languages() {
    let mut complaints = Vec::new();
    for lesson in course().lessons() {
        for name in ["README.md", "hints.md"] {
            let found = pages::compare(&read(&lesson.file(name)), &read(&chinese(lesson, name)));
            complaints.extend(found.map(|it| format!("{}/zh/{name}: {it}", lesson.folder)));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// What a command shows of a page: its title, minutes, questions, what was learned, and what each program does.
#[test]
fn the_commands_find_as_much_on_a_chinese_page() {
    for lesson in course().lessons() {
        let found = |page: &str| {
            let programs = page.lines().filter(|line| line.starts_with("| `"));
            let programs = programs.filter_map(|line| line.split('`').nth(1)?.split_once(' '));
            let programs = programs.filter(|(role, _)| ["serve", "client"].contains(role));
            let about = programs.map(|(role, name)| readme::about_program(page, role, name));
            let (questions, learned) = (readme::questions(page).len(), readme::learned(page).len());
            let about: Vec<bool> = about.map(|it| it.is_some()).collect();
            (readme::title(page).is_some(), readme::minutes(page), questions, learned, about)
        };
        let (english, chinese) = (lesson.file("README.md"), chinese(lesson, "README.md"));
        assert_eq!(found(&read(&english)), found(&read(&chinese)), "{chinese:?}");
    }
}

#[test]
fn each_link_of_a_chinese_page_leads_to_the_same_place() {
    let mut complaints = Vec::new();
    for lesson in course().lessons() {
        for name in ["README.md", "hints.md"] {
            let (english, chinese) = (lesson.file(name), chinese(lesson, name));
            complaints.extend(links::compare(&english, &chinese));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn chinese(lesson: &Lesson, name: &str) -> PathBuf {
    lesson.file("zh").join(name)
}

/// Each file of words, and the Chinese one beside it.
fn pairs() -> Vec<(PathBuf, PathBuf)> {
    let course = course();
    let files = files_of_words(&course).into_iter();
    let is_english =
        |file: &Path| ENGLISH_ONLY.iter().any(|it| file.starts_with(course.root().join(it)));
    let files = files.filter(|file| !is_english(file));
    let pairs: Vec<_> = files.map(|file| (file.clone(), beside(&file))).collect();
    let lost: Vec<&PathBuf> =
        pairs.iter().map(|(_, chinese)| chinese).filter(|file| !file.is_file()).collect();
    assert!(lost.is_empty(), "these are missing: {lost:#?}");
    pairs
}

/// `zh/words.rs` beside `words.rs`.
fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().expect("it is a file");
    file.with_file_name("zh").join(name)
}

fn all_entries(file: &Path) -> Vec<Entry> {
    ["words", "causes"].into_iter().flat_map(|of| entries(of, file)).collect()
}

type Signatures = BTreeMap<String, (Option<Vec<String>>, Option<Vec<String>>)>;

fn signatures(english: &Path, chinese: &Path) -> Signatures {
    compared(&all_entries(english), &all_entries(chinese))
}

/// The values of each name in both, in their order.
fn compared(english: &[Entry], chinese: &[Entry]) -> Signatures {
    let mut found = Signatures::new();
    for entry in english {
        found.entry(entry.name.clone()).or_default().0 = Some(entry.values.clone());
    }
    for entry in chinese {
        found.entry(entry.name.clone()).or_default().1 = Some(entry.values.clone());
    }
    found
}

fn entry(name: &str, values: &[&str]) -> Entry {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Entry { name: name.to_owned(), values, text: String::new() }
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names
}
