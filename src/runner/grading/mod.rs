//! Grades answers: builds them, runs their tests, and finds the verdict from the record.

mod batch;
pub(crate) mod build;
pub(crate) mod digest;
mod kept;
mod libtest_output;
pub(crate) mod machine;
mod one_check;
pub mod package;
mod pattern;
pub mod program;
pub(crate) mod run;
pub(crate) mod rustc;
pub mod sandbox;
pub(crate) mod unfit;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Instant, SystemTime};

use netkata::record::{Entry, Status};
use netkata::{Language, Story};

use self::batch::Batch;
use self::kept::Source;
use self::package::Package;
use self::pattern::Pattern;
use self::run::{End, Run};
use self::rustc::Compiled;
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
    /// Checks that were not tried because of another one are tried again, each in its own process.
    pub thorough: bool,
    /// The program is not kept for another grading.
    pub once: bool,
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
    /// The first 8 bytes of the SHA-256 of the program when it was graded, in hexadecimal; empty if the machine cannot grade any.
    pub content: String,
    /// The verdict on the answer.
    pub verdict: Verdict,
    /// Every check, in the order of the test file; empty if the answer did not compile.
    pub checks: Vec<Check>,
    /// Rustc's message, if the answer did not compile: in colour, with paths as students know them.
    pub compile_message: Option<String>,
    /// Rustc's warnings about an answer that compiled, rendered in the same way.
    pub warnings: Vec<String>,
    /// What the checks do not show: how an incomplete run ended, why there was no run, what the machine lacks,
    /// or which programs were left running.
    pub note: Option<String>,
    /// The last lines that the answer printed, standard output first.
    pub printed: Vec<String>,
    /// When the grading began.
    pub started: SystemTime,
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
    /// The machine lacks something, and no check that could be tried failed.
    Machine,
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
    /// It could not be tried, because the machine lacks something.
    Machine,
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
            Verdict::Machine => "machine",
            Verdict::Incomplete => "incomplete",
        }
    }

    /// The exit status of a command that grades. 2 means that the command line was wrong.
    pub fn code(self) -> u8 {
        match self {
            Verdict::Pass => 0,
            Verdict::Fail => 1,
            Verdict::Machine => Failure::OF_THE_MACHINE,
            Verdict::Error => 4,
            Verdict::Incomplete => 5,
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
            CheckStatus::Machine => "machine",
            CheckStatus::Incomplete => "incomplete",
        }
    }
}

/// The points for an answer that passes every needed check.
pub const MAX_POINTS: f64 = 10.0;

/// Causes that explain little: a check that fails for another cause explains more.
const VAGUE: [&str; 6] =
    ["AnotherError", "Differs", "NoReply", "Panicked", "ThreadPanicked", "NeverReturns"];

/// Whether a cause, by its name, explains so little that a check that fails for another one explains more.
pub fn is_vague(cause: &str) -> bool {
    VAGUE.contains(&cause)
}

impl Graded {
    /// The checks that an answer must pass to be green: all but those that go further.
    pub fn needed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.further)
    }

    /// The points out of [`MAX_POINTS`]: all needed checks count the same, and only one that passed has points.
    pub fn points(&self) -> f64 {
        let passed = self.needed().filter(|check| check.status == CheckStatus::Pass).count();
        let (passed, needed) = (passed as f64, self.needed().count().max(1) as f64);
        (passed / needed * MAX_POINTS * 100.0).round() / 100.0
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
            (check.further, check.has_vague_cause(), !self.has_dependents(check))
        });
        failing
    }

    /// Whether a failing check builds on this one.
    fn has_dependents(&self, base: &Check) -> bool {
        let mut others = self.checks.iter().filter(|check| check.status == CheckStatus::Dependent);
        others.any(|check| check.builds_on.contains(&base.name))
    }
}

impl Check {
    /// Whether it fails for the same reason as another failing check; `None` if one of the two causes explains
    /// too little to say so.
    pub fn fails_as(&self, other: &Check) -> Option<bool> {
        let are_plain = !self.has_vague_cause() && !other.has_vague_cause();
        are_plain.then(|| self.cause() == other.cause())
    }

    fn cause(&self) -> Option<&str> {
        self.story.as_ref().map(|story| story.cause.as_str())
    }

    fn has_vague_cause(&self) -> bool {
        self.cause().is_none_or(is_vague)
    }
}

/// Grade answers, and keep their order. Each is compiled and run by itself, several at a time.
///
/// A failure is about the course or the command line; a mistake of an answer shows in its verdict.
pub fn grade(course: &Course, tasks: &[Task]) -> Result<Vec<Graded>, Failure> {
    grade_for(&Control::default(), course, tasks)
}

/// As [`grade_for`], for one task. If the machine cannot grade any answer, that is the verdict.
pub(crate) fn grade_one(control: &Control, course: &Course, task: Task) -> Result<Graded, Failure> {
    match grade_for(control, course, std::slice::from_ref(&task)) {
        Ok(graded) => Ok(graded.into_iter().next().expect("one task, one grading")),
        Err(failure) if failure.is_of_machine() => Graded::by_no_machine(course, task, failure),
        Err(failure) => Err(failure),
    }
}

/// As [`grade`], with a control that may listen to the grading or cancel it.
pub(crate) fn grade_for(
    control: &Control,
    course: &Course,
    tasks: &[Task],
) -> Result<Vec<Graded>, Failure> {
    machine::check()?;
    compile_for(control, course, tasks, |answered| answered?.grade_for(control, course))
}

/// Build what the answers of these lessons need, unless it is built.
pub fn prepare(course: &Course, lessons: &[&Lesson]) -> Result<(), Failure> {
    machine::check()?;
    pattern::patterns(course, lessons, &Control::default()).map(drop)
}

/// Compile answers without running them, and keep their order.
pub fn compile(course: &Course, tasks: &[Task]) -> Result<Vec<Answered>, Failure> {
    compile_for(&Control::default(), course, tasks, |answered| answered)
}

/// Grade answers that were compiled before, and keep their order. It can be done again.
pub fn grade_again(course: &Course, answered: &[&Answered]) -> Result<Vec<Graded>, Failure> {
    let grade = |answered: &Answered| answered.grade_for(&Control::default(), course);
    in_parallel(answered.to_vec(), grade).into_iter().collect()
}

/// Compile the answers of some tasks, as many at a time as there are processors, and do something with each
/// as soon as it is compiled.
fn compile_for<T: Send>(
    control: &Control,
    course: &Course,
    tasks: &[Task],
    and_then: impl Fn(Result<Answered, Failure>) -> Result<T, Failure> + Sync,
) -> Result<Vec<T>, Failure> {
    let began = SystemTime::now();
    let prepared = tasks.iter().map(|task| Prepared::of(course, task, began));
    let prepared: Vec<Prepared> = prepared.collect::<Result<_, _>>()?;
    let mut lessons: Vec<&Lesson> = tasks.iter().map(|task| &task.lesson).collect();
    lessons.sort_by_key(|lesson| lesson.number);
    lessons.dedup_by_key(|lesson| lesson.number);
    rustc::remove_what_was_left(course);
    let patterns = pattern::patterns(course, &lessons, control)?;
    let (batches, places) = batches(course, &prepared, &patterns);
    let permits = Permits::new(processors());
    let compile = |(at, prepared): (usize, &Prepared)| {
        let pattern = &patterns[&prepared.task.lesson.number];
        // Waits without a permit: the batch needs one.
        let made = places.get(&at).and_then(|(batch, place)| batches[*batch].take(*place));
        let compiled = match &prepared.unreadable {
            Some(note) => Compiled { note: Some(note.clone()), ..Compiled::default() },
            None => {
                let compile = || prepared.source().compile(course, pattern, made, control);
                permits.with_one(compile)?
            }
        };
        Ok(Answered { prepared: prepared.clone(), compiled })
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            in_parallel(batches.iter().collect(), |batch: &Batch| {
                permits.with_one(|| batch.compile(course, control));
            })
        });
        let work = |task| and_then(compile(task));
        in_parallel(prepared.iter().enumerate().collect(), work).into_iter().collect()
    })
}

/// The mistakes that are compiled together, and the batch of each with its place there. Mistakes are the
/// course's own files: an answer of a stranger is never compiled with another one.
fn batches<'a>(
    course: &Course,
    prepared: &'a [Prepared],
    patterns: &'a BTreeMap<u32, Pattern>,
) -> (Vec<Batch<'a>>, HashMap<usize, (usize, usize)>) {
    let mut by_lesson: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, Prepared { task, .. }) in prepared.iter().enumerate() {
        let is_mistake = matches!(task.answer, Answer::Wrong(_)) && task.wanted.check.is_some();
        let pattern = &patterns[&task.lesson.number];
        if is_mistake && !prepared[at].source().is_kept(course, pattern) {
            by_lesson.entry(task.lesson.number).or_default().push(at);
        }
    }
    let (mut batches, mut places) = (Vec::new(), HashMap::new());
    for (lesson, all) in by_lesson {
        for some in all.chunks(batch::MOST).filter(|some| some.len() > 1) {
            places.extend(some.iter().enumerate().map(|(place, at)| (*at, (batches.len(), place))));
            let sources = some.iter().map(|at| prepared[*at].source()).collect();
            batches.push(Batch::of(&patterns[&lesson], sources));
        }
    }
    (batches, places)
}

/// An answer whose file was read.
#[derive(Clone, Debug)]
struct Prepared {
    task: Task,
    file: PathBuf,
    /// What is compiled: the file itself, unless that is a diff.
    program: PathBuf,
    /// A digest of the program.
    content: String,
    /// Why rustc cannot read the program.
    unreadable: Option<String>,
    /// The name of its folder below `target/`.
    name: String,
    began: SystemTime,
}

impl Prepared {
    fn of(course: &Course, task: &Task, began: SystemTime) -> Result<Prepared, Failure> {
        let file = task.answer.file(course, &task.lesson)?;
        let program = task.answer.program(course, &task.lesson)?;
        let content = fs::read(&program).map_err(Failure::of_file(words::READ, &program))?;
        let unreadable = unfit::unreadable(&content, course, &task.lesson, &task.answer, &program);
        let content = digest(&content);
        let name = Package::of(&task.lesson, &program).name;
        Ok(Prepared { task: task.clone(), file, program, content, unreadable, name, began })
    }

    fn source(&self) -> Source<'_> {
        Source {
            lesson: &self.task.lesson,
            file: &self.program,
            content: &self.content,
            name: &self.name,
            check: self.task.wanted.check.as_deref(),
            is_edited: self.task.answer == Answer::Exercise,
            is_kept: !self.task.wanted.once,
            began: self.began,
        }
    }
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// As many permits as may be used at a time.
struct Permits {
    free: Mutex<usize>,
    freed: Condvar,
}

impl Permits {
    fn new(most: usize) -> Permits {
        Permits { free: Mutex::new(most), freed: Condvar::new() }
    }

    /// Do something as soon as a permit is free.
    fn with_one<T>(&self, work: impl FnOnce() -> T) -> T {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let none_free = |free: &mut usize| *free == 0;
        *self.freed.wait_while(free, none_free).unwrap_or_else(PoisonError::into_inner) -= 1;
        let done = work();
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.freed.notify_one();
        done
    }
}

/// The name of the cause of a check that computed until its deadline.
const LOOPS: &str = "LoopsForEver";

/// How many checks of an answer are tried again at once, if they wait and do not compute.
const WAITING_AT_ONCE: usize = 16;

/// How many answers run at once per processor: an answer that hangs waits and does not compute.
const AT_ONCE: usize = 3;

/// Call `work` with each item, [`AT_ONCE`] at a time per processor, and keep the order of the results.
fn in_parallel<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    at_once(AT_ONCE * processors(), items, work)
}

/// Call `work` with each item, `most` at a time, in the language of this thread, and keep the order of the results.
fn at_once<T: Send, R: Send>(most: usize, items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let workers = most.min(items.len());
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let done = Mutex::new(Vec::new());
    let work_on_all = || {
        while let Some((at, item)) = next() {
            let result = work(item);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
        }
    };
    let language = Language::current();
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| language.speaks(work_on_all));
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// An answer that was compiled and can be run.
#[derive(Debug)]
pub struct Answered {
    prepared: Prepared,
    compiled: Compiled,
}

impl Answered {
    fn grade_for(&self, control: &Control, course: &Course) -> Result<Graded, Failure> {
        let Answered { prepared, compiled } = self;
        let Prepared { task, file, program, content, .. } = prepared;
        let here = format!("{}{}", course.root().display(), std::path::MAIN_SEPARATOR);
        let shown = |rendered: &String| rendered.replace(&here, "");
        let mut graded = Graded {
            verdict: Verdict::Error,
            checks: Vec::new(),
            compile_message: None,
            warnings: compiled.warnings.iter().map(shown).collect(),
            note: compiled.note.clone(),
            printed: Vec::new(),
            started: prepared.began,
            seconds: 0.0,
            lesson: task.lesson.clone(),
            answer: task.answer.clone(),
            file: file.clone(),
            content: content.clone(),
        };
        match &compiled.program {
            Some(made) => match another_file(&compiled.sources, program) {
                None => {
                    let module = compiled.module.as_deref();
                    graded.run(control, course, made, module, &task.wanted)?;
                }
                Some(file) => graded.note = Some(words::not_one_file(course.shown(&file))),
            },
            None if compiled.note.is_some() => {}
            None => graded.compile_message = Some(shown(&compiled.errors)),
        }
        Ok(graded)
    }
}

impl Graded {
    /// The grading of an answer that could not be graded, because of this failure of the machine.
    fn by_no_machine(course: &Course, task: Task, failure: Failure) -> Result<Graded, Failure> {
        Ok(Graded {
            verdict: Verdict::Machine,
            checks: Vec::new(),
            compile_message: None,
            warnings: Vec::new(),
            note: Some(failure.message),
            printed: Vec::new(),
            started: SystemTime::now(),
            seconds: 0.0,
            file: task.answer.file(course, &task.lesson)?,
            content: String::new(),
            lesson: task.lesson,
            answer: task.answer,
        })
    }

    fn run(
        &mut self,
        control: &Control,
        course: &Course,
        program: &Path,
        module: Option<&str>,
        wanted: &Wanted,
    ) -> Result<(), Failure> {
        let Some(mut tests) = run::list(program, control)? else {
            self.verdict = Verdict::Incomplete;
            self.note = Some(note(End::NoProgress, None));
            return Ok(());
        };
        if let Some(module) = module {
            tests.retain(|test| test.split("::").next() == Some(module));
        }
        let names = in_file_order(&tests, &self.lesson.test_file(course))?;
        let names = match wanted.check.as_deref() {
            None => names,
            Some(name) if names.iter().any(|it| it == name) => vec![name.to_owned()],
            Some(name) => {
                let what = words::no_check(self.lesson.number, name);
                return Err(Failure::unknown(what, name, names));
            }
        };
        tests.retain(|test| names.iter().any(|name| name == check_of(test)));
        let processes = if wanted.strict { one_by_one(&names, &tests) } else { vec![tests] };
        let began = Instant::now();
        let run = |tests: Vec<String>| run::run(program, &tests, control).map(|run| (tests, run));
        let mut runs: Vec<_> = in_parallel(processes, run).into_iter().collect::<Result<_, _>>()?;
        for (tests, run) in &runs {
            self.account(&names, tests, run);
        }
        if wanted.thorough && !wanted.strict {
            self.mark_not_tried_dependents(&bases(course, &self.lesson)?);
            let at_once = if self.loops() { 1 } else { WAITING_AT_ONCE };
            let again = self::at_once(at_once, self.take_not_tried(&runs[0].0), run);
            let again: Vec<_> = again.into_iter().collect::<Result<_, _>>()?;
            for (tests, run) in &again {
                self.account(&names, tests, run);
            }
            self.checks.sort_by_key(|check| names.iter().position(|name| *name == check.name));
            runs.extend(again);
        }
        self.seconds = began.elapsed().as_secs_f64();
        mark_dependents(&mut self.checks);
        let left_behind = runs.iter().flat_map(|(_, run)| run.left_behind.clone());
        let left_behind: BTreeSet<String> = left_behind.collect();
        let is_not_tried = |check: &&Check| check.status == CheckStatus::Machine;
        let is_red =
            |check: &Check| !matches!(check.status, CheckStatus::Pass | CheckStatus::Machine);
        let lacks = self.checks.iter().find(is_not_tried).and_then(|check| check.story.clone());
        self.verdict = if self.note.is_some() || names.is_empty() {
            Verdict::Incomplete
        } else if self.needed().any(is_red) {
            Verdict::Fail
        } else if !left_behind.is_empty() {
            self.note = Some(words::still_running(Vec::from_iter(left_behind).join(", ")));
            Verdict::Fail
        } else if self.needed().any(|check| is_not_tried(&check)) {
            Verdict::Machine
        } else {
            Verdict::Pass
        };
        self.note = self.note.take().or(lacks.map(|story| story.sentence));
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

    /// Whether a check was stopped that computes and does not wait.
    fn loops(&self) -> bool {
        self.checks.iter().any(|check| check.cause() == Some(LOOPS))
    }

    /// Mark checks that were not tried and build on one that failed, directly or through others: even if they
    /// were tried, their failure would say nothing new.
    fn mark_not_tried_dependents(&mut self, bases: &BTreeMap<String, Vec<String>>) {
        let failed =
            |check: &&Check| matches!(check.status, CheckStatus::Fail | CheckStatus::Incomplete);
        let mut without_a_base: BTreeSet<String> =
            self.checks.iter().filter(failed).map(|check| check.name.clone()).collect();
        // A check builds on checks further up, so one pass is enough.
        for check in self.checks.iter_mut().filter(|it| it.status == CheckStatus::Skipped) {
            let bases = bases.get(&check.name).map_or(&[][..], Vec::as_slice);
            if bases.iter().any(|base| without_a_base.contains(base)) {
                without_a_base.insert(check.name.clone());
                check.builds_on = bases.to_vec();
                check.status = CheckStatus::Dependent;
            }
        }
    }

    /// Take out the checks that another one has kept from being tried, and return the tests of each: those
    /// after too many missed deadlines, the check in which the program ended, and those after it.
    fn take_not_tried(&mut self, tests: &[String]) -> Vec<Vec<String>> {
        let is_not_tried = |check: &mut Check| {
            matches!(check.status, CheckStatus::Skipped | CheckStatus::Incomplete)
        };
        let again: Vec<String> =
            self.checks.extract_if(.., is_not_tried).map(|check| check.name).collect();
        if !again.is_empty() {
            self.note = None;
        }
        one_by_one(&again, tests)
    }
}

/// Mark failing checks that build on another failing check.
fn mark_dependents(checks: &mut [Check]) {
    let fails =
        |check: &&Check| matches!(check.status, CheckStatus::Fail | CheckStatus::Incomplete);
    let failing = checks.iter().filter(fails).map(|check| check.name.clone());
    let failing: BTreeSet<String> = failing.collect();
    for check in checks.iter_mut().filter(|check| check.status == CheckStatus::Fail) {
        if check.builds_on.iter().any(|name| failing.contains(name)) {
            check.status = CheckStatus::Dependent;
        }
    }
}

/// The checks that each check builds on, as the lesson's tests declare it: one that was not tried has not said so.
fn bases(course: &Course, lesson: &Lesson) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let file = lesson.test_file(course);
    let text = fs::read_to_string(&file).map_err(Failure::of_file(words::READ, &file))?;
    let functions = text.split("\nfn ").skip(1).filter_map(|function| {
        let (name, body) = function.split_once('(')?;
        let bases = body.split("builds_on(").skip(1).filter_map(|rest| rest.split(')').next());
        Some((name.to_owned(), bases.map(str::to_owned).collect()))
    });
    Ok(functions.collect())
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
    let lacking = endings.iter().find(|ending| ending.status == Status::Machine);
    let status = if failed.is_some() {
        CheckStatus::Fail
    } else if lacking.is_some() {
        CheckStatus::Machine
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
        // Not `sum`, which is -0.0 for a check that was not tried.
        seconds: endings.iter().fold(0.0, |sum, ending| sum + ending.seconds),
        story: failed.or(lacking).or(skipped).and_then(|ending| ending.story.clone()),
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
            4 => &*words::SIGILL,
            6 => &words::SIGABRT,
            8 => &words::SIGFPE,
            9 => "SIGKILL",
            11 => &words::SIGSEGV,
            _ => return words::was_killed(signal),
        };
        return words::was_killed_by(signal, meaning);
    }
    match status.code() {
        Some(code) => words::ended_with(code),
        None => words::ENDED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_of_the_grading_speaks_the_language_of_the_one_that_asks() {
        let spoken = || in_parallel(vec![(), ()], |()| Language::current());
        assert_eq!(Language::Chinese.speaks(spoken), [Language::Chinese; 2]);
        assert_eq!(spoken(), [Language::English; 2]);
    }
}
