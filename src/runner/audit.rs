//! What the course promises of its answers, and whether a grading keeps it.
//!
//! A solution and a right answer pass everything. A wrong answer is caught by the check that its first
//! line names, for the cause that it names: `//! Caught by CHECK: Cause.`

use std::fs;
use std::path::Path;

use super::answer::{Answer, names};
use super::course::{Course, Lesson};
use super::failure::Failure;
use super::grade::{CheckStatus, Graded, Task, Verdict, Wanted};

/// What the first line of a wrong answer promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The check that catches it.
    pub check: String,
    /// The cause that the story names.
    pub cause: String,
}

impl Promise {
    /// Read the promise of the wrong answer in `file`, or `None` if its first line is none.
    pub fn of(file: &Path) -> Option<Promise> {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().next()?.strip_prefix("//! Caught by ")?.strip_suffix('.')?;
        let (check, cause) = line.split_once(": ")?;
        Some(Promise { check: check.to_owned(), cause: cause.to_owned() })
    }
}

/// Every answer of a lesson as something to grade, but the exercise: it is the student's.
///
/// Of a wrong answer only the check that it names is run, if there is such a check.
pub fn tasks(course: &Course, lesson: &Lesson) -> Result<Vec<Task>, Failure> {
    let mut answers = vec![Answer::Naive, Answer::Solution];
    answers.extend(names(lesson, "right").into_iter().map(Answer::Right));
    answers.extend(names(lesson, "wrong").into_iter().map(Answer::Wrong));
    let task = |answer: Answer| {
        let check = match answer {
            Answer::Wrong(_) => Promise::of(&answer.file(course, lesson)?).map(|it| it.check),
            _ => None,
        };
        let check = check.filter(|check| is_check(course, lesson, check));
        Ok(Task { lesson: lesson.clone(), answer, wanted: Wanted { check, strict: false } })
    };
    answers.into_iter().map(task).collect()
}

/// Whether the lesson has a check of this name.
pub fn is_check(course: &Course, lesson: &Lesson, name: &str) -> bool {
    let checks = fs::read_to_string(lesson.test_file(course)).unwrap_or_default();
    checks.contains(&format!("\nfn {name}("))
}

/// Whether an answer comes to what the course says of it.
pub fn is_as_promised(graded: &Graded) -> bool {
    match &graded.answer {
        Answer::Solution | Answer::Right(_) => graded.verdict == Verdict::Pass,
        Answer::Naive => graded.verdict == Verdict::Fail,
        Answer::Wrong(_) => Promise::of(&graded.file).is_some_and(|promise| {
            let check = graded.checks.iter().find(|check| check.name == promise.check);
            check.is_some_and(|check| {
                let cause = check.story.as_ref().map(|story| &story.cause);
                check.status == CheckStatus::Fail && cause == Some(&promise.cause)
            })
        }),
        Answer::Exercise | Answer::Path(_) => true,
    }
}
