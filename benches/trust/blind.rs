//! Grade answers that were written blind: by authors who had read a lesson's page and its exercise, and
//! neither its checks nor its solution. `just blind FOLDER`, with one folder per lesson:
//!
//! ```text
//! FOLDER/03_struct_header/wrong/NAME.rs   one mistake, which breaks a sentence of the page
//! FOLDER/03_struct_header/right/NAME.rs   an answer that keeps every sentence
//! ```
//!
//! The counts of a round are saved in tests/blind.json, which `just trust` reads.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use netkata_runner::answer::Answer;
use netkata_runner::course::{Course, Lesson};
use netkata_runner::failure::Failure;
use netkata_runner::grading::{Graded, Task, Verdict, Wanted, grade};
use serde::{Deserialize, Serialize};

/// The counts of the answers that were written for a lesson at one time.
#[derive(Clone, Copy, Default, Deserialize, Serialize)]
pub struct Round {
    /// Mistakes that compile.
    pub wrong: u64,
    /// Those of them that did not pass.
    pub caught: u64,
    /// Right answers.
    pub right: u64,
    /// Those of them that passed.
    pub passed: u64,
}

/// The rounds of each lesson, by its folder.
pub type Rounds = BTreeMap<String, Vec<Round>>;

/// Grade the answers in `folder`, print what was missed, and save the counts as the next round of each
/// lesson if `is_kept`. Return whether every mistake was caught and every right answer passed.
pub fn run(course: &Course, folder: &Path, is_kept: bool) -> Result<bool, Failure> {
    let mut rounds = rounds(course)?;
    let mut is_good = true;
    for lesson in course.lessons() {
        let answers = |kind| files_in(&folder.join(&lesson.folder).join(kind));
        let (wrong, right) = (answers("wrong"), answers("right"));
        if wrong.is_empty() && right.is_empty() {
            continue;
        }
        let (wrong, right) =
            (grade(course, &tasks(lesson, wrong))?, grade(course, &tasks(lesson, right))?);
        let (broken, wrong): (Vec<Graded>, Vec<Graded>) =
            wrong.into_iter().partition(|it| it.verdict == Verdict::Error);
        let missed: Vec<&Graded> = wrong.iter().filter(|it| it.verdict == Verdict::Pass).collect();
        let failing: Vec<&Graded> = right.iter().filter(|it| it.verdict != Verdict::Pass).collect();
        let count = |answers: usize| answers as u64;
        let round = Round {
            wrong: count(wrong.len()),
            caught: count(wrong.len() - missed.len()),
            right: count(right.len()),
            passed: count(right.len() - failing.len()),
        };
        let Round { wrong, caught, right, passed } = round;
        println!("{}: {caught} of {wrong} caught, {passed} of {right} passed", lesson.folder);
        broken.iter().for_each(|it| println!("  does not compile  {}", told(it)));
        missed.iter().for_each(|it| println!("  missed            {}", told(it)));
        failing.iter().for_each(|it| println!("  fails             {}: {}", told(it), why(it)));
        is_good &= missed.is_empty() && failing.is_empty();
        rounds.entry(lesson.folder.clone()).or_default().push(round);
    }
    if is_kept {
        let file = file(course);
        let text = serde_json::to_string_pretty(&rounds).expect("it has text keys");
        fs::write(&file, text + "\n").map_err(Failure::of_file("write", &file))?;
    }
    Ok(is_good)
}

/// The rounds that were saved.
pub fn rounds(course: &Course) -> Result<Rounds, Failure> {
    let file = file(course);
    if !file.exists() {
        return Ok(Rounds::new());
    }
    let text = fs::read_to_string(&file).map_err(Failure::of_file("read", &file))?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("failed to read {}: {error}", file.display())))
}

fn file(course: &Course) -> PathBuf {
    course.root().join("tests/blind.json")
}

fn tasks(lesson: &Lesson, files: Vec<PathBuf>) -> Vec<Task> {
    let task = |file| Task {
        lesson: lesson.clone(),
        answer: Answer::Path(file),
        wanted: Wanted::default(),
    };
    files.into_iter().map(task).collect()
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    files
}

/// The answer's name, and what its first line says of it.
fn told(graded: &Graded) -> String {
    let text = fs::read_to_string(&graded.file).unwrap_or_default();
    let first = text.lines().next().unwrap_or_default().trim_start_matches("//! ");
    format!("{}  {first}", graded.file.file_stem().unwrap_or_default().display())
}

/// Why an answer does not pass.
fn why(graded: &Graded) -> String {
    let failing = graded.first_to_fix().map(|check| {
        let cause = check.story.as_ref().map_or("", |story| &story.cause);
        format!("{} {cause}", check.name)
    });
    let note = graded.note.clone().or_else(|| graded.compile_message.clone());
    failing.or(note).unwrap_or_default()
}
