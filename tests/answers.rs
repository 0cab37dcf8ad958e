//! Audit the course: grade every answer with the checks of its lesson.
//!
//! A solution and a right answer pass every check. A naive file compiles without a warning and fails. A wrong
//! answer fails the check that its first line names, for the cause named there, and its story is kept in a
//! file beside it: `SNAPSHOTS=overwrite just test` writes the stories again.
//!
//! `LESSON=3` in the environment, or `LESSON=3,4`, audits these lessons only: `just audit 3`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use netkata::Story;
use netkata_runner::answer::Answer;
use netkata_runner::audit::{self, Promise};
use netkata_runner::course::{Course, Lesson};
use netkata_runner::grading::{Check, CheckStatus, Graded, Task, Verdict, grade};
use netkata_runner::mistake::Mistake;
use netkata_runner::pages::hints;
use netkata_runner::pages::readme;
use snapbox::Data;

static COURSE: LazyLock<Course> =
    LazyLock::new(|| Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course"));

/// The lessons that are audited.
static LESSONS: LazyLock<Vec<&Lesson>> =
    LazyLock::new(|| COURSE.chosen().expect("LESSON names lessons"));

/// Every answer of these lessons, graded once for all tests below: one build, then one run each.
///
/// For a wrong answer, only the check that it names is run.
static GRADED: LazyLock<Vec<Graded>> = LazyLock::new(|| {
    let tasks: Vec<Task> =
        LESSONS.iter().flat_map(|lesson| audit::tasks(&COURSE, lesson).expect("answers")).collect();
    grade(&COURSE, &tasks).expect("every answer can be graded")
});

#[test]
fn every_solution_and_every_right_answer_passes_every_check() {
    let right = |graded: &&Graded| matches!(graded.answer, Answer::Solution | Answer::Right(_));
    complain(GRADED.iter().filter(right).flat_map(|graded| {
        let failing = graded.needed().filter(|check| check.status != CheckStatus::Pass);
        let mut complaints: Vec<String> = failing
            .map(|check| format!("{} fails {}\n{}", name(graded), check.name, told(check)))
            .collect();
        if graded.verdict != Verdict::Pass && complaints.is_empty() {
            complaints.push(format!("{} {}", name(graded), how_it_ended(graded)));
        }
        complaints
    }));
}

#[test]
fn a_right_answer_passes_every_check_that_goes_further() {
    let right = |graded: &&Graded| matches!(graded.answer, Answer::Solution | Answer::Right(_));
    let graded_right: Vec<&Graded> = GRADED.iter().filter(right).collect();
    let further = graded_right.iter().flat_map(|graded| {
        let checks = graded.checks.iter().filter(|check| check.further);
        checks.map(|check| (&graded.lesson, &check.name))
    });
    complain(further.filter_map(|(lesson, name)| {
        let passes = graded_right.iter().filter(|graded| graded.lesson == *lesson).any(|graded| {
            let check = graded.checks.iter().find(|check| check.name == *name);
            check.is_some_and(|check| check.status == CheckStatus::Pass)
        });
        (!passes).then(|| format!("{}: no right answer passes {name}", lesson.folder))
    }));
}

#[test]
fn every_naive_file_compiles_without_a_warning_and_fails() {
    complain(GRADED.iter().filter_map(|graded| match (&graded.answer, graded.verdict) {
        (Answer::Naive, Verdict::Fail) if graded.warnings.is_empty() => None,
        (Answer::Naive, Verdict::Fail) => {
            Some(format!("{} has warnings\n{}", name(graded), graded.warnings.concat()))
        }
        (Answer::Naive, _) => Some(format!("{} {}", name(graded), how_it_ended(graded))),
        _ => None,
    }));
}

#[test]
fn every_wrong_answer_fails_its_check_for_its_cause() {
    complain(wrong_answers().filter_map(|graded| {
        let Some(Promise { check, cause }) = Promise::of(&graded.file) else {
            return Some(format!(
                "{}: its first line must read `Caught by CHECK: Cause.`",
                name(graded)
            ));
        };
        let caught = graded.checks.iter().find(|it| it.name == check);
        let caught = caught.filter(|it| it.status == CheckStatus::Fail);
        let story = caught.and_then(|it| it.story.as_ref());
        match story {
            Some(story) if story.cause == cause => None,
            Some(story) => Some(format!(
                "{} is caught by {check}, but for {} instead of {cause}\n{}",
                name(graded),
                story.cause,
                lines(story)
            )),
            None => Some(format!(
                "{} is not caught by {check}: {}; it fails {:?}",
                name(graded),
                how_it_ended(graded),
                failing(graded)
            )),
        }
    }));
}

#[test]
fn every_check_builds_only_on_earlier_checks() {
    let solutions = GRADED.iter().filter(|graded| graded.answer == Answer::Solution);
    complain(solutions.flat_map(|graded| {
        let place = |name: &str| graded.checks.iter().position(|check| check.name == name);
        let pairs = graded.checks.iter().enumerate().flat_map(|(at, check)| {
            check.builds_on.iter().map(move |base| (at, &check.name, base))
        });
        let wrong = pairs.filter(|(at, _, base)| place(base).is_none_or(|place| place >= *at));
        let told = wrong
            .map(|(_, check, base)| format!("{}: {check} builds on {base}", graded.lesson.folder));
        told.collect::<Vec<_>>()
    }));
}

#[test]
fn every_check_named_by_a_wrong_answer_exists() {
    complain(wrong_answers().filter_map(|graded| {
        let Promise { check, .. } = Promise::of(&graded.file)?;
        let known = audit::is_check(&COURSE, &graded.lesson, &check);
        (!known).then(|| format!("{} names {check}, which is not a check", name(graded)))
    }));
}

#[test]
fn every_mistake_applies_exactly_to_its_solution() {
    let mistakes = LESSONS.iter().flat_map(|lesson| Mistake::all(lesson));
    complain(mistakes.filter_map(|mistake| Some(mistake.program(&COURSE).err()?.message)));
}

#[test]
fn every_story_equals_its_file() {
    let mut kept = BTreeSet::new();
    complain(GRADED.iter().filter_map(|graded| {
        let story = audit::kept_story(graded)?;
        let file = audit::story_file(graded)?;
        kept.insert(file.clone());
        // Raw: a story shows bytes such as \x05, which must not be normalised like paths.
        let expected = Data::read_from(&file, None).raw();
        let result = snapbox::Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV).try_eq(
            Some(&name(graded)),
            Data::text(story),
            expected,
        );
        result.err().map(|difference| difference.to_string())
    }));
    let texts = LESSONS.iter().flat_map(|lesson| files_in(&lesson.file("wrong")));
    let texts = texts.filter(|file| file.extension().is_some_and(|extension| extension == "txt"));
    complain(
        texts
            .filter(|file| !kept.contains(file))
            .map(|file| format!("{} belongs to no mistake", COURSE.shown(&file))),
    );
}

#[test]
fn every_story_names_its_cause_on_the_first_screen() {
    const SCREEN: usize = 24;
    complain(GRADED.iter().filter_map(|graded| {
        let lines = audit::kept_story(graded)?.lines().count();
        (lines > SCREEN).then(|| format!("{}: the story has {lines} lines", name(graded)))
    }));
}

#[test]
fn every_check_has_three_hints_the_first_without_code() {
    let solutions = GRADED.iter().filter(|graded| graded.answer == Answer::Solution);
    complain(solutions.flat_map(|graded| {
        let page = read(&graded.lesson.file("hints.md"));
        let solution = read(&graded.file);
        let code: BTreeSet<&str> =
            solution.lines().map(str::trim).filter(|line| line.len() > 8).collect();
        let mut complaints = Vec::new();
        for check in &graded.checks {
            let hints = hints::about(&page, &check.name);
            let place = format!("{}, hints about {}", graded.lesson.folder, check.name);
            if hints.len() != 3 || hints.iter().any(String::is_empty) {
                complaints.push(format!("{place}: {} instead of 3", hints.len()));
            }
            let first = hints.first().map(String::as_str).unwrap_or_default();
            if let Some(line) = first.lines().find(|line| code.contains(line.trim())) {
                complaints.push(format!("{place}: level 1 gives a line away: {line}"));
            }
        }
        let checks: BTreeSet<&str> =
            graded.checks.iter().map(|check| check.name.as_str()).collect();
        let headings = page.lines().filter_map(|line| line.strip_prefix("## "));
        let stray = headings.filter(|heading| !checks.contains(heading.trim()));
        complaints.extend(stray.map(|heading| {
            format!("{}: hints about an unknown check: {heading}", graded.lesson.folder)
        }));
        complaints
    }));
}

#[test]
fn every_lesson_has_its_files_and_enough_answers() {
    complain(LESSONS.iter().flat_map(|lesson| {
        let mut files = vec!["README.md", "hints.md", "naive.rs", "exercise.rs", "solution.rs"];
        // A lesson that needs no network has no programs; its manifest shows this.
        if read(&lesson.file("Cargo.toml")).contains(r#"path = "main.rs""#) {
            files.push("main.rs");
        }
        let missing = files.iter().filter(|file| !lesson.file(file).is_file());
        let mut complaints: Vec<String> =
            missing.map(|file| format!("{} has no {file}", lesson.folder)).collect();
        for (folder, enough) in [("wrong", 6), ("right", 2)] {
            let names = lesson.answers(folder);
            if names.len() < enough {
                complaints.push(format!("{} has {} {folder} answers", lesson.folder, names.len()));
            }
        }
        let listed = read(&lesson.file("answers.rs"));
        let right = lesson.answers("right").into_iter();
        let unlisted = right.filter(|name| !listed.contains(&format!("mod {name};")));
        complaints.extend(
            unlisted.map(|name| format!("{}/answers.rs does not list right/{name}", lesson.folder)),
        );
        complaints
    }));
}

#[test]
fn no_lesson_contains_a_todo() {
    complain(LESSONS.iter().flat_map(|lesson| {
        let folders = ["", "right", "wrong", "peers", "zh"].map(|folder| lesson.file(folder));
        let mut files: Vec<PathBuf> = folders.iter().flat_map(|it| files_in(it)).collect();
        files.push(lesson.test_file(&COURSE));
        // Files that are not committed, such as backups, belong to the student or the author.
        files.retain(|file| file.is_file() && read(file).contains("TODO"));
        files.into_iter().map(|file| format!("{}: TODO", COURSE.shown(&file)))
    }));
}

#[test]
fn every_page_has_questions_and_three_learned_sentences() {
    complain(LESSONS.iter().flat_map(|lesson| {
        let page = lesson.page();
        let (sentences, questions) = (readme::learned(&page), readme::questions(&page));
        let mut complaints = Vec::new();
        if sentences.len() != 3 {
            let folder = &lesson.folder;
            complaints.push(format!(
                "{folder}/README.md, What you have learned: 3 sentences, not {}: {sentences:#?}",
                sentences.len()
            ));
        }
        if questions.is_empty() || lesson.minutes.is_none() {
            complaints.push(format!("{}/README.md: no questions, or no minutes", lesson.folder));
        }
        complaints
    }));
}

fn wrong_answers() -> impl Iterator<Item = &'static Graded> {
    GRADED.iter().filter(|graded| matches!(graded.answer, Answer::Wrong(_)))
}

fn name(graded: &Graded) -> String {
    COURSE.shown(&graded.file)
}

fn how_it_ended(graded: &Graded) -> String {
    let why = graded.compile_message.as_ref().or(graded.note.as_ref());
    format!("ends with the verdict {} {}", graded.verdict.word(), why.map_or("", String::as_str))
}

fn failing(graded: &Graded) -> Vec<&str> {
    let failing = graded.checks.iter().filter(|check| check.status != CheckStatus::Pass);
    failing.map(|check| check.name.as_str()).collect()
}

fn told(check: &Check) -> String {
    check.story.as_ref().map_or_else(String::new, lines)
}

fn lines(story: &Story) -> String {
    story.lines(80).join("\n")
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// Fail with all complaints at once, so that one run shows everything to fix.
fn complain(complaints: impl Iterator<Item = String>) {
    let complaints: Vec<String> = complaints.collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}
