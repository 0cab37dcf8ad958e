//! What is remembered between commands: `.kata/progress.json` in the course's root.
//!
//! It is outside `target/`, so that `cargo clean` does not delete any progress.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::grading::{CheckStatus, Graded, Verdict};
use crate::pages::page::{self, YELLOW};
use crate::words;

const VERSION: u64 = 1;

/// What is known about every lesson, by folder.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Progress {
    version: u64,
    lessons: BTreeMap<String, LessonProgress>,
}

/// The result of the last grading of an exercise.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct LessonProgress {
    /// The verdict's word; empty if the exercise was reset since.
    pub verdict: String,
    /// How many checks passed.
    pub passed: usize,
    /// How many checks there were.
    pub checks: usize,
    /// The check to fix first.
    pub first_failing: Option<String>,
    /// The digest of the graded exercise.
    pub content: String,
    /// Whether the exercise has ever been green.
    pub was_green: bool,
    /// The last hint shown.
    pub hint: Option<Hint>,
}

/// A hint that was shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Hint {
    /// The check that it is about.
    pub check: String,
    /// Its level, from 1.
    pub level: usize,
}

impl Progress {
    /// Read what is remembered; nothing if the file is missing or cannot be read.
    pub(crate) fn read(course: &Course) -> Progress {
        let text = fs::read_to_string(path(course)).unwrap_or_default();
        match serde_json::from_str::<Progress>(&text) {
            Ok(progress) if progress.version == VERSION => progress,
            _ => Progress { version: VERSION, lessons: BTreeMap::new() },
        }
    }

    /// What is known about a lesson, if its exercise has been graded.
    pub(crate) fn of(&self, lesson: &Lesson) -> Option<&LessonProgress> {
        self.lessons.get(&lesson.folder)
    }

    /// Note the result of grading an exercise, unless it says nothing about the exercise. Forget a hint about
    /// any check but the one to fix first now.
    pub(crate) fn note(&mut self, graded: &Graded) {
        if graded.verdict == Verdict::Machine && graded.checks.is_empty() {
            return;
        }
        let known = self.lessons.entry(graded.lesson.folder.clone()).or_default();
        known.verdict = graded.verdict.word().to_owned();
        known.passed = graded.needed().filter(|check| check.status == CheckStatus::Pass).count();
        known.checks = graded.needed().count();
        known.content.clone_from(&graded.content);
        known.was_green |= graded.verdict == Verdict::Pass;
        // If the answer does not compile, the grading says nothing about any check.
        if graded.verdict != Verdict::Error {
            known.first_failing = graded.first_to_fix().map(|check| check.name.clone());
            known.hint.take_if(|hint| Some(&hint.check) != known.first_failing.as_ref());
        }
    }

    /// Note that the exercise was reset: its last grading says nothing about it any more.
    pub(crate) fn note_reset(&mut self, lesson: &Lesson) {
        if let Some(known) = self.lessons.get_mut(&lesson.folder) {
            *known = LessonProgress { was_green: known.was_green, ..LessonProgress::default() };
        }
    }

    /// Remember the last hint about a check.
    pub(crate) fn note_hint(&mut self, lesson: &Lesson, hint: Hint) {
        self.lessons.entry(lesson.folder.clone()).or_default().hint = Some(hint);
    }

    /// Write it to the file. If that cannot be written, as on a full disk, print a warning: what else the command
    /// has to say does not depend on it.
    pub(crate) fn remember(&self, course: &Course) {
        if let Err(failure) = self.write(course) {
            page::say(YELLOW, &words::WARNING, &words::not_remembered(failure));
        }
    }

    /// Write it to the file, completely or not at all.
    fn write(&self, course: &Course) -> Result<(), Failure> {
        let path = path(course);
        let folder = path.parent().unwrap_or(course.root());
        fs::create_dir_all(folder).map_err(Failure::of_file(words::CREATE, folder))?;
        let text = serde_json::to_string_pretty(self).expect("progress is plain data") + "\n";
        let written = tempfile::NamedTempFile::new_in(folder)
            .and_then(|file| fs::write(file.path(), text).map(|()| file))
            .and_then(|file| file.persist(&path).map_err(|error| error.error));
        written.map(|_| ()).map_err(Failure::of_file(words::WRITE, &path))
    }
}

impl LessonProgress {
    /// Whether it was graded, and not reset since.
    pub(crate) fn is_graded(&self) -> bool {
        !self.verdict.is_empty()
    }

    /// Whether it was green when it was last graded.
    pub(crate) fn is_green(&self) -> bool {
        self.verdict == Verdict::Pass.word()
    }

    /// Whether it was green once, but not when it was last graded.
    pub(crate) fn is_red_again(&self) -> bool {
        self.was_green && self.is_graded() && !self.is_green()
    }
}

fn path(course: &Course) -> PathBuf {
    course.root().join(".kata").join("progress.json")
}
