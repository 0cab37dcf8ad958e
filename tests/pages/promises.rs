//! Promises: what a lesson's page and the comments of its exercise say, `promises.toml` holds against the
//! checks that hold it and the mistakes that break it.
//!
//! ```text
//! open = ["a sentence that promises nothing, or leaves something open"]
//!
//! [name_of_the_promise]
//! says = ["the words of the page", "and of a comment of the exercise"]
//! checks = ["each_check_that_fails_if_the_promise_is_broken"]
//! mistakes = ["at_least_two", "in_different_ways"]
//! ```
//!
//! Every sentence under `Your task` and in the comments contains the words of a promise or is open.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use netkata_runner::audit;
use netkata_runner::course::{Course, Lesson};
use netkata_runner::mistake::Mistake;
use serde::Deserialize;

/// How many mistakes break a promise at least, each in another way.
const ENOUGH: usize = 2;

#[derive(Deserialize)]
struct Promises {
    open: Vec<String>,
    #[serde(flatten)]
    kept: BTreeMap<String, Promise>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Promise {
    says: Vec<String>,
    checks: Vec<String>,
    mistakes: Vec<String>,
}

#[test]
fn every_promise_has_a_check_and_two_mistakes_and_every_check_a_promise() {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course");
    let lessons = course.chosen().expect("LESSON names lessons");
    let complaints = lessons.iter().flat_map(|lesson| {
        let complaints = match toml_edit::de::from_str::<Promises>(&read(lesson, "promises.toml")) {
            Ok(promises) => complaints_about(lesson, &promises),
            Err(error) => vec![error.to_string()],
        };
        complaints.into_iter().map(|complaint| format!("{}: {complaint}", lesson.folder))
    });
    let complaints: Vec<String> = complaints.collect();
    assert!(complaints.is_empty(), "promises.toml\n{}", complaints.join("\n"));
}

fn complaints_about(lesson: &Lesson, promises: &Promises) -> Vec<String> {
    let sentences = promised(lesson);
    let whole = sentences.join(" ");
    let caught: BTreeMap<String, Option<String>> = Mistake::all(lesson)
        .into_iter()
        .map(|it| (it.name.clone(), audit::Promise::of(&it.file()).map(|promise| promise.check)))
        .collect();
    let checks = checks(lesson);

    let mut complaints = Vec::new();
    for (name, promise) in &promises.kept {
        let Promise { says, checks: held_by, mistakes } = promise;
        if says.is_empty() || held_by.is_empty() {
            complaints.push(format!("{name} has no words or no check"));
        }
        let broken: BTreeSet<&String> = mistakes.iter().collect();
        if broken.len() < ENOUGH {
            complaints.push(format!("{name} is broken by {} mistakes, not {ENOUGH}", broken.len()));
        }
        let unknown = held_by.iter().filter(|check| !checks.contains(*check));
        complaints.extend(unknown.map(|check| format!("{name} names {check}: no such check")));
        for mistake in broken {
            match caught.get(mistake) {
                None => complaints.push(format!("{name} names {mistake}: no such mistake")),
                Some(Some(check)) if !held_by.contains(check) => complaints
                    .push(format!("{name} is broken by {mistake}, but {check} is not its check")),
                Some(_) => {}
            }
        }
    }

    let quoted = promises.kept.values().flat_map(|promise| &promise.says);
    let quoted: Vec<String> =
        quoted.chain(&promises.open).map(|words| on_one_line(words)).collect();
    let nowhere = quoted.iter().filter(|words| !whole.contains(*words));
    complaints.extend(nowhere.map(|words| format!("nobody says: {words}")));
    let kept = |sentence: &&String| {
        !quoted.iter().any(|words| sentence.contains(words) || words.contains(*sentence))
    };
    complaints.extend(
        sentences.iter().filter(kept).map(|sentence| format!("neither held nor open: {sentence}")),
    );

    let held: BTreeSet<&String> = promises.kept.values().flat_map(|it| &it.checks).collect();
    let free = checks.iter().filter(|check| !held.contains(check));
    complaints.extend(free.map(|check| format!("no promise asks for the check {check}")));
    let broken: BTreeSet<&String> = promises.kept.values().flat_map(|it| &it.mistakes).collect();
    let free = caught.keys().filter(|mistake| !broken.contains(mistake));
    complaints.extend(free.map(|mistake| format!("no promise is broken by {mistake}")));
    complaints
}

/// The names of the lesson's checks: its hints have a heading for each, as the audit proves.
fn checks(lesson: &Lesson) -> BTreeSet<String> {
    let hints = read(lesson, "hints.md");
    hints
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|name| name.trim().to_owned())
        .collect()
}

/// Every sentence of the page's task and of the comments of the exercise, on one line each.
fn promised(lesson: &Lesson) -> Vec<String> {
    let page = lesson.page();
    let (_, task) = page.split_once("## Your task\n").expect("a page has a task");
    let (task, _) = task.split_once("\n## ").unwrap_or((task, ""));
    let exercise = read(lesson, "exercise.rs");
    let comments = exercise.lines().map(|line| {
        let line = line.trim_start();
        line.strip_prefix("///").or(line.strip_prefix("//!")).unwrap_or("").trim_start()
    });
    let mut sentences = Vec::new();
    for paragraph in paragraphs(task.lines()).chain(paragraphs(comments)) {
        let mut rest = &*paragraph;
        while let Some(end) = end_of_sentence(rest) {
            sentences.push(rest[..end].to_owned());
            rest = rest[end..].trim_start();
        }
        sentences.push(rest.to_owned());
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// The text between blank lines, each item of a list and each row of a table on one line, without
/// headings and code.
fn paragraphs<'a>(lines: impl Iterator<Item = &'a str>) -> impl Iterator<Item = String> {
    let mut paragraphs = vec![String::new()];
    let mut is_code = false;
    for line in lines.map(str::trim) {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        if line.starts_with("|---") {
            paragraphs.pop(); // the head of a table
        }
        if line.is_empty() || is_fence || line.starts_with(['#', '|']) || line.starts_with("- ") {
            paragraphs.push(String::new());
        }
        if !is_code && !is_fence && !line.starts_with('#') && !line.starts_with("|---") {
            let text = line.trim_start_matches("- ").trim_matches('|');
            let last = paragraphs.last_mut().expect("there is one");
            *last = on_one_line(&format!("{last} {text}"));
        }
    }
    paragraphs.into_iter()
}

/// Where the first sentence ends, if another one follows it.
fn end_of_sentence(text: &str) -> Option<usize> {
    let ends = text.match_indices([' ']).filter(|(at, _)| text[..*at].ends_with(['.', '?', '!']));
    let begins = |at: usize| {
        text[at..].trim_start().starts_with(|c: char| c.is_uppercase() || "`*[".contains(c))
    };
    ends.map(|(at, _)| at).find(|at| begins(*at))
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(lesson: &Lesson, name: &str) -> String {
    let file = lesson.file(name);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

#[test]
fn sentences_of_tables_lists_and_paragraphs_are_told_apart() {
    let text = "| name | promise |\n|---|---|\n| `a` | one. Two |\n\n# Not a promise\n- three\n  more\n- four\n\n```\ncode\n```\nFive, e.g. this. `six`";
    let paragraphs: Vec<String> =
        paragraphs(text.lines()).filter(|paragraph| !paragraph.is_empty()).collect();
    assert_eq!(paragraphs, ["`a` | one. Two", "three more", "four", "Five, e.g. this. `six`"]);
    assert_eq!(end_of_sentence("Five, e.g. this. `six`"), Some(16));
}
