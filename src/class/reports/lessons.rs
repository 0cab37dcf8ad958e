//! The lessons that were graded, with their hints.

use std::collections::BTreeMap;
use std::fs;

use netkata_runner::course::Course;
use netkata_runner::pages::hints;

use crate::results::{Lesson, Submission};

/// The lessons that were graded, by number.
pub(crate) struct Lessons {
    by_number: BTreeMap<u32, (Lesson, String)>,
}

impl Lessons {
    /// Read the hints of these lessons; a lesson without a page of hints has none.
    pub(crate) fn read(course: &Course, lessons: &[Lesson]) -> Lessons {
        let with_hints = |lesson: &Lesson| {
            let numbered = course.lessons().iter().find(|it| it.number == lesson.number);
            let page = numbered.and_then(|it| fs::read_to_string(it.file("hints.md")).ok());
            (lesson.number, (lesson.clone(), page.unwrap_or_default()))
        };
        Lessons { by_number: lessons.iter().map(with_hints).collect() }
    }

    /// Every lesson, by number.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Lesson> {
        self.by_number.values().map(|(lesson, _)| lesson)
    }

    /// The lesson that was handed in.
    ///
    /// Panics if it is not one of those that were graded.
    pub(crate) fn of(&self, submission: &Submission) -> &Lesson {
        &self.by_number[&submission.lesson].0
    }

    /// The gentlest hint about a check, in Markdown.
    pub(crate) fn hint(&self, lesson: &Lesson, check: &str) -> Option<String> {
        let (_, page) = &self.by_number[&lesson.number];
        hints::about(page, check).into_iter().next()
    }
}

impl Lesson {
    /// The name of its folder, by which lists sort: `03_struct_header`.
    pub(crate) fn folder(&self) -> String {
        format!("{:02}_{}", self.number, self.topic)
    }
}
