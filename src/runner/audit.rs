//! What the course promises about its answers, and whether a grading keeps the promise.
//!
//! A solution and a right answer pass everything. A wrong answer is caught by the check that its first line
//! names, for the cause that it names: `Caught by CHECK: Cause.` A cheat, an answer below `tests/cheats`,
//! gets the verdict that its first line names, for the reason that it names: `//! Ends as VERDICT: REASON.`

use std::fs;
use std::path::{Path, PathBuf};

use crate::answer::Answer;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::grading::sandbox::{fence, filter};
use crate::grading::{CheckStatus, Graded, Task, Verdict, Wanted};

/// What the first line of a wrong answer promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The check that catches it.
    pub check: String,
    /// The cause that the story names.
    pub cause: String,
}

impl Promise {
    /// Read the promise of the mistake whose diff is in `file`; `None` if its first line is not one.
    pub fn of(file: &Path) -> Option<Promise> {
        let line = first_line(file);
        let line = line.strip_prefix(r"Caught by ")?.strip_suffix('.')?;
        let (check, cause) = line.split_once(": ")?;
        Some(Promise { check: check.to_owned(), cause: cause.to_owned() })
    }
}

/// Every answer of a lesson as a task to grade, except the exercise, which is the student's.
///
/// For a wrong answer only the check that it names is run, if that check exists.
pub fn tasks(course: &Course, lesson: &Lesson) -> Result<Vec<Task>, Failure> {
    let mut answers = vec![Answer::Naive, Answer::Solution];
    answers.extend(lesson.answers("right").into_iter().map(Answer::Right));
    answers.extend(lesson.answers("wrong").into_iter().map(Answer::Wrong));
    let task = |answer: Answer| {
        let check = match answer {
            Answer::Wrong(_) => Promise::of(&answer.file(course, lesson)?).map(|it| it.check),
            _ => None,
        };
        let check = check.filter(|check| is_check(course, lesson, check));
        Ok(Task { lesson: lesson.clone(), answer, wanted: Wanted { check, ..Wanted::default() } })
    };
    answers.into_iter().map(task).collect()
}

/// Whether the lesson has a check of this name.
pub fn is_check(course: &Course, lesson: &Lesson, name: &str) -> bool {
    let checks = fs::read_to_string(lesson.test_file(course)).unwrap_or_default();
    checks.contains(&format!("\nfn {name}("))
}

/// Whether an answer has the result that the course promises.
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
        Answer::Exercise | Answer::Path(_) | Answer::Program(_) => true,
    }
}

/// The story that is kept for an answer, the same every time: the promised story of a wrong answer, the
/// first story of a naive file.
pub fn kept_story(graded: &Graded) -> Option<String> {
    let check = match graded.answer {
        Answer::Wrong(_) => {
            let promise = Promise::of(&graded.file)?;
            graded.checks.iter().find(|check| check.name == promise.check)?
        }
        Answer::Naive => graded.first_to_fix()?,
        _ => return None,
    };
    let title = check.name.replace('_', " ");
    let mut story = check.story.clone()?;
    // The place of a thread at its deadline is that of one moment: a loop may be anywhere in it.
    for row in story.rows.iter_mut().filter(|row| row.label == *netkata::words::AND_HANGS) {
        row.text = "…".to_owned();
    }
    Some(format!("✗ {title}\n{}\n", story.lines(80).join("\n")))
}

/// The file with that story: beside a mistake's diff, or beside the naive file.
pub fn story_file(graded: &Graded) -> Option<PathBuf> {
    let is_kept = matches!(graded.answer, Answer::Wrong(_) | Answer::Naive);
    is_kept.then(|| graded.file.with_extension("txt"))
}

/// A guard around the test program, and whether this system builds it.
type Guard = (&'static str, fn() -> bool);
/// The ends of the first line of a cheat that is refused only behind a guard.
const GUARDS: [Guard; 2] =
    [(r", where a fence stands", fence::stands), (r", where a filter stands", filter::stands)];

/// Every cheat that this system must refuse, as a task to grade.
///
/// A cheat is a file below `tests/cheats/LESSON/`, or `answer.rs` in a folder there.
pub fn cheats(course: &Course) -> Result<Vec<Task>, Failure> {
    let missing: Vec<Guard> = GUARDS.into_iter().filter(|(_, stands)| !stands()).collect();
    let can_be_refused = |file: &PathBuf| {
        let line = first_line(file);
        !missing.iter().any(|(guard, _)| line.contains(guard))
    };
    let mut tasks = Vec::new();
    for folder in files_in(&course.root().join("tests/cheats")) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let lesson = course.lesson(&name)?;
        let files = files_in(&folder).into_iter();
        let files = files.map(|path| if path.is_dir() { path.join("answer.rs") } else { path });
        tasks.extend(files.filter(can_be_refused).map(|file| Task {
            lesson: lesson.clone(),
            answer: Answer::Path(file),
            wanted: Wanted::default(),
        }));
    }
    Ok(tasks)
}

/// Whether a cheat got the verdict that it names, and the grading gives the reason that it names: as the
/// cause of a failing check, or in words.
pub fn is_refused(graded: &Graded) -> bool {
    let line = first_line(&graded.file);
    let promise = line.strip_prefix(r"//! Ends as ").and_then(|line| line.strip_suffix('.'));
    let promise = promise
        .map(|line| GUARDS.iter().find_map(|(end, _)| line.strip_suffix(end)).unwrap_or(line));
    promise.and_then(|promise| promise.split_once(": ")).is_some_and(|(verdict, reason)| {
        let came = graded.verdict;
        let is_given = reasons(graded).iter().any(|words| words.contains(reason));
        came != Verdict::Pass && came.word() == verdict && is_given
    })
}

/// All reasons that a grading gives why an answer is not right, without rustc's colours.
pub fn reasons(graded: &Graded) -> Vec<String> {
    let failed = graded.checks.iter().filter(|check| check.status == CheckStatus::Fail);
    let stories = failed.filter_map(|check| check.story.as_ref());
    let stories = stories.flat_map(|story| [story.cause.clone(), story.lines(80).join("\n")]);
    let rustc = graded.compile_message.as_deref();
    let rustc = rustc.map(|message| anstream::adapter::strip_str(message).to_string());
    stories.chain(graded.note.clone()).chain(rustc).collect()
}

fn first_line(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().next().unwrap_or_default().to_owned()
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}
