//! What is remembered between commands: `.kata/progress.json` in the course's root.
//!
//! It lies outside of `target/`, so that `cargo clean` takes nobody's progress away.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::grading::{CheckStatus, Graded, Verdict};
use crate::words;

const VERSION: u64 = 1;

/// What is known about every lesson, by folder.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Progress {
    version: u64,
    lessons: BTreeMap<String, LessonProgress>,
}

/// What the last grading of an exercise showed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct LessonProgress {
    /// The verdict's word.
    pub verdict: String,
    /// How many checks passed.
    pub passed: usize,
    /// How many checks there were.
    pub checks: usize,
    /// The check to mend first.
    pub first_failing: Option<String>,
    /// The digest of the exercise that was graded.
    pub content: String,
    /// Whether the exercise has ever been green.
    pub was_green: bool,
    /// The last hint that was given.
    pub hint: Option<Hint>,
}

/// A hint that was given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Hint {
    /// The check it is about.
    pub check: String,
    /// How far it went, from 1.
    pub level: usize,
}

impl Progress {
    /// Read what is remembered; nothing, if there is none or it cannot be understood.
    pub(crate) fn read(course: &Course) -> Progress {
        let text = fs::read_to_string(path(course)).unwrap_or_default();
        match serde_json::from_str::<Progress>(&text) {
            Ok(progress) if progress.version == VERSION => progress,
            _ => Progress { version: VERSION, lessons: BTreeMap::new() },
        }
    }

    /// What is known about a lesson, if its exercise was ever graded.
    pub(crate) fn of(&self, lesson: &Lesson) -> Option<&LessonProgress> {
        self.lessons.get(&lesson.folder)
    }

    /// Take in how an exercise was graded. A hint about another check than the one that is now to
    /// be mended first is over.
    pub(crate) fn note(&mut self, graded: &Graded) {
        let known = self.lessons.entry(graded.lesson.folder.clone()).or_default();
        known.verdict = graded.verdict.word().to_owned();
        known.passed = graded.needed().filter(|check| check.status == CheckStatus::Pass).count();
        known.checks = graded.needed().count();
        known.content.clone_from(&graded.content);
        known.was_green |= graded.verdict == Verdict::Pass;
        // What does not compile says nothing about any check.
        if graded.verdict != Verdict::Error {
            known.first_failing = graded.first_to_mend().map(|check| check.name.clone());
            known.hint.take_if(|hint| Some(&hint.check) != known.first_failing.as_ref());
        }
    }

    /// Remember how far the hints about a check have gone.
    pub(crate) fn note_hint(&mut self, lesson: &Lesson, hint: Hint) {
        self.lessons.entry(lesson.folder.clone()).or_default().hint = Some(hint);
    }

    /// Write it down, whole or not at all.
    pub(crate) fn write(&self, course: &Course) -> Result<(), Failure> {
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
    /// Whether it was green when it was last graded.
    pub(crate) fn is_green(&self) -> bool {
        self.verdict == Verdict::Pass.word()
    }

    /// Whether it was green once, and no longer when it was last graded.
    pub(crate) fn is_red_again(&self) -> bool {
        self.was_green && !self.is_green()
    }
}

fn path(course: &Course) -> PathBuf {
    course.root().join(".kata").join("progress.json")
}
