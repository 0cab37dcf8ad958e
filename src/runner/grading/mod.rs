//! Grades answers: builds them, runs their tests, and finds the verdict from the record.

pub(crate) mod build;
pub(crate) mod digest;
mod libtest_output;
pub mod package;
pub(crate) mod run;
pub mod sandbox;

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use netkata::Story;
use netkata::record::{Entry, Status};

use self::build::{Built, Profile, Request};
use self::package::{Package, Workspace};
use self::run::{End, Run};
use crate::answer::Answer;
use crate::control::Control;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::grading::digest::digest;
use crate::words;

/// One answer to grade.
#[derive(Clone, Debug)]
pub struct Task {
    /// The lesson whose tests to run.
    pub lesson: Lesson,
    /// The answer to run them against.
    pub answer: Answer,
    /// Which checks to run, and how.
    pub wanted: Wanted,
}

/// Which checks to run, and how.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only this check.
    pub check: Option<String>,
    /// Each check in its own process.
    pub strict: bool,
}

/// The result of grading an answer.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The lesson whose tests were run.
    pub lesson: Lesson,
    /// The graded answer.
    pub answer: Answer,
    /// The answer's file; for a mistake, its diff.
    pub file: PathBuf,
    /// A digest of the program's content when it was graded.
    pub content: String,
    /// The verdict on the answer.
    pub verdict: Verdict,
    /// Every check, in the order of the test file; empty if the answer did not compile.
    pub checks: Vec<Check>,
    /// Rustc's message, if the answer did not compile: in colour, with paths as students know them.
    pub compile_message: Option<String>,
    /// Rustc's warnings about an answer that compiled, rendered in the same way.
    pub warnings: Vec<String>,
    /// What the checks do not show: how an incomplete run ended, why there was no run, or which programs
    /// were left running.
    pub note: Option<String>,
    /// The last lines that the answer printed, standard output first.
    pub printed: Vec<String>,
    /// How long the run took, in seconds.
    pub seconds: f64,
}

/// The verdict on an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every check ran to its end, and all that are needed passed.
    Pass,
    /// Every check is accounted for, but a needed one did not pass, or a program was left running.
    Fail,
    /// It was not run: it did not compile, or is more than one file.
    Error,
    /// The test program ended before every check was recorded.
    Incomplete,
}

/// One check of a lesson: a test function with all its cases.
#[derive(Clone, Debug)]
pub struct Check {
    /// The function's name in the test file.
    pub name: String,
    /// How it ended.
    pub status: CheckStatus,
    /// How long all its cases ran, in seconds.
    pub seconds: f64,
    /// The story of the first case that did not pass.
    pub story: Option<Story>,
    /// The checks that it builds on.
    pub builds_on: Vec<String>,
    /// Whether it goes beyond what the lesson asks: an answer is green without it.
    pub further: bool,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckStatus {
    /// All its cases met every expectation.
    Pass,
    /// A case failed.
    Fail,
    /// It was not tried, or not all its cases were.
    Skipped,
    /// It failed, and builds on a check that fails, too: its failure says nothing new.
    Dependent,
    /// It began, and the program ended before the check did.
    Incomplete,
}

impl Verdict {
    /// Its word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Error => "error",
            Verdict::Incomplete => "incomplete",
        }
    }
}

impl CheckStatus {
    /// Its word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            CheckStatus::Pass => "pass",
            CheckStatus::Fail => "fail",
            CheckStatus::Skipped | CheckStatus::Dependent => "skipped",
            CheckStatus::Incomplete => "incomplete",
        }
    }
}

/// Causes that explain little: a check that fails for another cause explains more.
const VAGUE: [&str; 5] = ["Differs", "NoReply", "Panicked", "ThreadPanicked", "NeverReturns"];

impl Graded {
    /// The checks that an answer must pass to be green: all but those that go further.
    pub fn needed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.further)
    }

    /// The check to fix first: the one in which the program ended, otherwise the failing one that explains
    /// most, otherwise the first that was not tried.
    pub fn first_to_fix(&self) -> Option<&Check> {
        let with = |status| self.checks.iter().find(move |check| check.status == status);
        with(CheckStatus::Incomplete)
            .or_else(|| self.failing().into_iter().next())
            .or_else(|| with(CheckStatus::Skipped))
    }

    /// The failing checks, the one that explains most first: it is needed, names a plain cause, and other
    /// failing checks build on it. Equal ones keep the order of the file, from basic to advanced.
    pub fn failing(&self) -> Vec<&Check> {
        let failing = self.checks.iter().filter(|check| check.status == CheckStatus::Fail);
        let mut failing: Vec<&Check> = failing.collect();
        failing.sort_by_key(|check| {
            let is_vague =
                check.story.as_ref().is_none_or(|story| VAGUE.contains(&story.cause.as_str()));
            (check.further, is_vague, !self.has_dependents(check))
        });
        failing
    }

    /// Whether a failing check builds on this one.
    fn has_dependents(&self, base: &Check) -> bool {
        let mut others = self.checks.iter().filter(|check| check.status == CheckStatus::Dependent);
        others.any(|check| check.builds_on.contains(&base.name))
    }
}

/// Grade answers, in the given order: one build for all exercises and one for all other files.
///
/// A failure is about the course or the command line; a mistake of an answer shows in its verdict.
pub fn grade(course: &Course, tasks: &[Task]) -> Result<Vec<Graded>, Failure> {
    grade_for(&Control::default(), course, tasks)
}

/// As [`grade`], with a control that may listen to the grading or cancel it.
pub(crate) fn grade_for(
    control: &Control,
    course: &Course,
    tasks: &[Task],
) -> Result<Vec<Graded>, Failure> {
    let mut works = Vec::new();
    for task in tasks {
        works.push(Work::of(course, task)?);
    }
    let mut built = HashMap::new();
    for throw_away in [false, true] {
        built.extend(build_all(control, course, &works, throw_away)?);
    }
    let grade_work = |work: Work| {
        let built = built.get(&work.package_name()).cloned().unwrap_or_default();
        work.graded(control, course, &built)
    };
    in_parallel(works, grade_work).into_iter().collect()
}

/// How many answers run at once per processor: an answer that hangs waits and does not compute.
const AT_ONCE: usize = 3;

/// Call `work` with each item, [`AT_ONCE`] at a time per processor, and keep the order of the results.
fn in_parallel<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let workers = (AT_ONCE * processors).min(items.len());
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((at, item)) = next() {
                    let result = work(item);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// An answer while it is being graded.
struct Work {
    task: Task,
    file: PathBuf,
    /// The program to compile: the file itself, unless that is a diff.
    program: PathBuf,
    content: String,
    /// The package in which it is compiled; `None` for the exercise, which has its own.
    package: Option<Package>,
}

impl Work {
    fn of(course: &Course, task: &Task) -> Result<Work, Failure> {
        let Task { lesson, answer, .. } = task;
        let file = answer.file(course, lesson)?;
        let program = answer.program(course, lesson)?;
        let content = digest(&fs::read(&program).map_err(Failure::of_file(words::READ, &program))?);
        let package = match answer {
            Answer::Exercise => {
                touch_if_replaced(course, lesson, &file, &content)?;
                None
            }
            _ => Some(Package::of(lesson, &program)),
        };
        Ok(Work { task: task.clone(), file, program, content, package })
    }

    fn package_name(&self) -> String {
        self.package.as_ref().map_or(&self.task.lesson.topic, |package| &package.name).clone()
    }

    fn graded(self, control: &Control, course: &Course, built: &Built) -> Result<Graded, Failure> {
        let wanted = self.task.wanted;
        let here = format!("{}{}", course.root().display(), std::path::MAIN_SEPARATOR);
        let shown = |rendered: &String| rendered.replace(&here, "");
        let mut graded = Graded {
            verdict: Verdict::Error,
            checks: Vec::new(),
            compile_message: None,
            warnings: built.warnings.iter().map(shown).collect(),
            note: None,
            printed: Vec::new(),
            seconds: 0.0,
            lesson: self.task.lesson,
            answer: self.task.answer,
            file: self.file,
            content: self.content,
        };
        match &built.executable {
            Some(program) if built.errors.is_empty() => {
                match another_file(&built.sources, &self.program) {
                    None => graded.run(control, course, program, &wanted)?,
                    Some(file) => graded.note = Some(words::not_one_file(course.shown(&file))),
                }
            }
            _ => graded.compile_message = Some(shown(&built.errors)),
        }
        Ok(graded)
    }
}

fn build_all(
    control: &Control,
    course: &Course,
    works: &[Work],
    throw_away: bool,
) -> Result<HashMap<String, Built>, Failure> {
    let works: Vec<&Work> =
        works.iter().filter(|work| work.package.is_some() == throw_away).collect();
    if works.is_empty() {
        return Ok(HashMap::new());
    }
    let packages: Vec<Package> = works.iter().filter_map(|work| work.package.clone()).collect();
    let workspace = if throw_away {
        package::write_workspace(course, &packages)?
    } else {
        Workspace::of_exercises(course)
    };
    let mut targets: Vec<String> =
        works.iter().map(|work| work.task.lesson.folder.clone()).collect();
    targets.sort();
    targets.dedup();
    let packages = works.iter().map(|work| work.package_name()).collect();
    let request = Request {
        workspace: &workspace,
        packages,
        kind: "--test",
        targets,
        profile: Profile::Dev,
        features: Vec::new(),
    };
    build::build(course, &request, control)
}

impl Graded {
    fn run(
        &mut self,
        control: &Control,
        course: &Course,
        program: &Path,
        wanted: &Wanted,
    ) -> Result<(), Failure> {
        let mut tests = run::list(program)?;
        let names = in_file_order(&tests, &self.lesson.test_file(course))?;
        let names = match wanted.check.as_deref() {
            None => names,
            Some(name) if names.iter().any(|it| it == name) => vec![name.to_owned()],
            Some(name) => {
                let names = names.join(", ");
                return Err(Failure::usage(words::no_check(self.lesson.number, name, names)));
            }
        };
        tests.retain(|test| names.iter().any(|name| name == check_of(test)));
        let processes = if wanted.strict { one_by_one(&names, &tests) } else { vec![tests] };
        let began = Instant::now();
        let run = |tests: Vec<String>| run::run(program, &tests, control).map(|run| (tests, run));
        let runs: Vec<_> = in_parallel(processes, run).into_iter().collect::<Result<_, _>>()?;
        self.seconds = began.elapsed().as_secs_f64();
        for (tests, run) in &runs {
            self.account(&names, tests, run);
        }
        self.mark_dependents();
        let left_behind = runs.iter().flat_map(|(_, run)| run.left_behind.clone());
        let left_behind: BTreeSet<String> = left_behind.collect();
        self.verdict = if self.note.is_some() || names.is_empty() {
            Verdict::Incomplete
        } else if self.needed().any(|check| check.status != CheckStatus::Pass) {
            Verdict::Fail
        } else if !left_behind.is_empty() {
            self.note = Some(words::still_running(Vec::from_iter(left_behind).join(", ")));
            Verdict::Fail
        } else {
            Verdict::Pass
        };
        Ok(())
    }

    /// Add the checks and the output of one test process, and a note if it ended too early.
    fn account(&mut self, names: &[String], tests: &[String], run: &Run) {
        let open = open_check(&run.entries);
        let names: Vec<&String> = names.iter().filter(|name| cases(name, tests) > 0).collect();
        self.checks.extend(names.iter().map(|name| check(name, tests, &run.entries, open)));
        if names.iter().any(|name| ended(name, &run.entries) != cases(name, tests)) {
            self.note.get_or_insert_with(|| note(run.end, open));
        }
        self.printed.extend(libtest_output::lines(&run.stdout, &run.stderr, tests));
    }

    /// Mark failing checks that build on another failing check.
    fn mark_dependents(&mut self) {
        let fails =
            |check: &&Check| matches!(check.status, CheckStatus::Fail | CheckStatus::Incomplete);
        let failing = self.checks.iter().filter(fails).map(|check| check.name.clone());
        let failing: BTreeSet<String> = failing.collect();
        for check in self.checks.iter_mut().filter(|check| check.status == CheckStatus::Fail) {
            if check.builds_on.iter().any(|name| failing.contains(name)) {
                check.status = CheckStatus::Dependent;
            }
        }
    }
}

/// The tests of each check, separately.
fn one_by_one(names: &[String], tests: &[String]) -> Vec<Vec<String>> {
    let of = |name| tests.iter().filter(|test| check_of(test) == name).cloned().collect();
    names.iter().map(|name| of(name.as_str())).collect()
}

fn check(name: &str, tests: &[String], entries: &[Entry], open: Option<&str>) -> Check {
    let own = entries.iter().filter(|entry| entry.check == name);
    let endings: Vec<_> = own.filter_map(|entry| entry.ended.as_ref()).collect();
    let failed = endings.iter().find(|ending| ending.status == Status::Fail);
    let skipped = endings.iter().find(|ending| ending.status == Status::Skipped);
    let status = if failed.is_some() {
        CheckStatus::Fail
    } else if open == Some(name) {
        CheckStatus::Incomplete
    } else if skipped.is_some() || endings.len() != cases(name, tests) {
        CheckStatus::Skipped
    } else {
        CheckStatus::Pass
    };
    Check {
        name: name.to_owned(),
        status,
        seconds: endings.iter().map(|ending| ending.seconds).sum(),
        story: failed.or(skipped).and_then(|ending| ending.story.clone()),
        builds_on: endings.first().map_or_else(Vec::new, |ending| ending.builds_on.clone()),
        further: endings.iter().any(|ending| ending.further),
    }
}

/// How many cases of a check the program lists.
fn cases(name: &str, tests: &[String]) -> usize {
    tests.iter().filter(|test| check_of(test) == name).count()
}

/// How many cases of a check ran to their end.
fn ended(name: &str, entries: &[Entry]) -> usize {
    entries.iter().filter(|entry| entry.check == name && entry.ended.is_some()).count()
}

/// The check that had begun when the record broke off.
fn open_check(entries: &[Entry]) -> Option<&str> {
    let last = entries.iter().rfind(|entry| entry.ended.is_none())?;
    let begun = entries.iter().filter(|it| it.check == last.check && it.ended.is_none()).count();
    (begun > ended(&last.check, entries)).then_some(last.check.as_str())
}

/// The check of a test: `check::case_1_of_3` is a case of `check`.
fn check_of(test: &str) -> &str {
    let parts: Vec<&str> = test.split("::").collect();
    match parts.as_slice() {
        [.., check, case] if case.starts_with("case_") => check,
        [.., check] => check,
        [] => test,
    }
}

/// The checks of these tests, in the order of their functions in the test file.
fn in_file_order(tests: &[String], file: &Path) -> Result<Vec<String>, Failure> {
    let text = fs::read_to_string(file).map_err(Failure::of_file(words::READ, file))?;
    let place = |name: &str| text.find(&format!(r"fn {name}(")).unwrap_or(usize::MAX);
    let mut names: Vec<String> = tests.iter().map(|test| check_of(test).to_owned()).collect();
    names.sort_by_key(|name| (place(name), name.clone()));
    names.dedup();
    Ok(names)
}

/// A file from which the answer was compiled, other than the answer's own file.
fn another_file(sources: &[PathBuf], own: &Path) -> Option<PathBuf> {
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let own = whole(own);
    sources.iter().map(|source| whole(source)).find(|source| *source != own)
}

fn note(end: End, open: Option<&str>) -> String {
    let (before, within) = match open {
        Some(check) => (words::before_the_check_ended(check), words::in_the_check(check)),
        None => (words::BEFORE_EVERY_CHECK.to_owned(), words::OUTSIDE_OF_EVERY_CHECK.to_owned()),
    };
    match end {
        End::Exited(status) if status.success() => words::ended_well(before),
        End::Exited(status) => words::ended(ending(status), before),
        End::PrintedTooMuch => words::printed_without_end(within),
        End::HeldTooMuch => words::held_too_much(within),
        End::NoProgress => words::made_no_progress(within),
    }
}

/// How a process ended, in words.
fn ending(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let meaning = match signal {
            4 => words::SIGILL,
            6 => words::SIGABRT,
            8 => words::SIGFPE,
            9 => "SIGKILL",
            11 => words::SIGSEGV,
            _ => return words::was_killed(signal),
        };
        return words::was_killed_by(signal, meaning);
    }
    match status.code() {
        Some(code) => words::ended_with(code),
        None => words::ENDED.to_owned(),
    }
}

/// Make sure that cargo notices when an exercise was replaced by an older file.
///
/// Cargo compares times: after `mv old.rs exercise.rs` it would grade the program that it compiled before.
fn touch_if_replaced(
    course: &Course,
    lesson: &Lesson,
    file: &Path,
    content: &str,
) -> Result<(), Failure> {
    let folder = course.target().join("kata");
    let seen = folder.join(format!("{}.seen", lesson.folder));
    let held = fs::read_to_string(&seen);
    if held.as_ref().is_ok_and(|held| held == content) {
        return Ok(());
    }
    let time = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    if held.is_ok() && time(file) <= time(&seen) {
        let touched = fs::File::options().append(true).open(file);
        let touched = touched.and_then(|file| file.set_modified(std::time::SystemTime::now()));
        touched.map_err(Failure::of_file(words::MARK_AS_CHANGED, file))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::of_file(words::CREATE, &folder))?;
    fs::write(&seen, content).map_err(Failure::of_file(words::WRITE, &seen))
}
