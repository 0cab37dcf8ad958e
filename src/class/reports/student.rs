//! Reports to one student: for each lesson the verdict, and what to fix first.

use super::lessons::Lessons;
use super::outcome::{self, Outcome};
use super::{Block, Report, points, story, words};
use crate::results::{Check, Grading, Lesson, Student, Submission};

/// The report to a student.
pub(crate) fn report(lessons: &Lessons, student: &Student) -> Report {
    let mut blocks =
        vec![Block::Text(words::of_points(points(student.score), points(student.max_score)))];
    for submission in &student.submissions {
        let lesson = lessons.of(submission);
        blocks.push(Block::Section(words::lesson(lesson.number, title(lesson))));
        blocks.push(Block::Text(summary(submission)));
        if let Some(grading) = &submission.grading {
            blocks.extend(details(lessons, lesson, grading));
        }
    }
    Report { title: student.name.clone(), blocks }
}

/// The title without the number, which some titles begin with.
pub(super) fn title(lesson: &Lesson) -> &str {
    match lesson.title.split_once('·') {
        Some((before, title)) if before.trim_end().ends_with(&lesson.number.to_string()) => {
            title.trim()
        }
        _ => &lesson.title,
    }
}

fn summary(submission: &Submission) -> String {
    let score = &submission.score;
    let mut said = vec![outcome::sentence(submission)];
    said.push(words::of_points(points(score.points), points(score.max_points)));
    said.extend(outcome::about_points(submission));
    said.join(" ")
}

fn details(lessons: &Lessons, lesson: &Lesson, grading: &Grading) -> Vec<Block> {
    let mut blocks = Vec::new();
    blocks.extend(grading.note.clone().map(|note| Block::Text(story::beginning(&note))));
    if let Some(message) = &grading.compile_message {
        blocks.push(Block::Part(words::WHAT_RUSTC_SAYS.to_owned()));
        blocks.push(Block::Lines(story::beginning(message)));
    }
    if let Some(check) = grading.first_to_fix() {
        blocks.push(Block::Part(words::first_to_fix(check.readable())));
        match &check.story {
            Some(told) => blocks.push(Block::Story(story::excerpt(told))),
            None => blocks.extend(outcome::reason(grading, check).map(Block::Text)),
        }
        if let Some(hint) = lessons.hint(lesson, &check.name) {
            blocks.push(Block::Part(words::A_HINT.to_owned()));
            blocks.push(Block::Hint(hint));
        }
    }
    if !grading.printed.is_empty() {
        blocks.push(Block::Part(words::WHAT_YOUR_CODE_PRINTED.to_owned()));
        blocks.push(Block::Lines(story::end_of(&grading.printed)));
    }
    if !grading.checks.is_empty() {
        blocks.push(Block::Part(words::ALL_CHECKS.to_owned()));
        let lines = grading.checks.iter().map(|check| line(grading, check));
        blocks.push(Block::Marked(lines.collect()));
    }
    blocks
}

/// A check with its mark, and why it did not pass if the story of the first does not say that.
fn line(grading: &Grading, check: &Check) -> (char, String) {
    let outcome = Outcome::of(check);
    let name = check.readable();
    let text = match outcome::reason(grading, check) {
        Some(reason) => words::with_reason(name, story::beginning(&reason)),
        None => name,
    };
    (outcome.mark(), text)
}
