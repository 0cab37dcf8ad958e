//! A worker: a process that grades one submission and ends.
//!
//! The order comes on standard input: one line of JSON, then the submission's bytes. The answer is two lines
//! of JSON on standard output: the first when the submission is compiled, the second with the verdict.

use std::fs;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use netkata::Story;
use netkata_programs::{Language, Launch, Start, Suite};
use netkata_runner::answer::Answer;
use netkata_runner::course::Course;
use netkata_runner::failure::Failure;
use netkata_runner::grading::program::Program;
use netkata_runner::grading::sandbox::inside;
use netkata_runner::grading::{self, Graded, Task, Wanted};
use netkata_runner::interrupt;
use serde::{Deserialize, Serialize};

use crate::results::{Check, Grading, Row, Sandbox, Status, Verdict};
use crate::words;

/// What to grade.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Order {
    /// The key of the verdict.
    pub key: String,
    /// The SHA-256 of the submission.
    pub content: String,
    /// The lesson's number.
    pub lesson: u32,
    /// The ending of the submission's name: its language.
    pub ending: String,
    /// Whether checks that others kept from being tried are tried again.
    pub thorough: bool,
    /// What stands around the worker.
    pub sandbox: Sandbox,
}

/// What a worker says.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum News {
    /// The submission is compiled, or cannot be: from now on it mostly waits.
    Compiled,
    /// The verdict.
    Graded(Box<Grading>),
}

/// Grade the submission on standard input.
pub fn run(course: &Course) -> Result<(), Failure> {
    limit();
    interrupt::watch();
    let failed = |error: io::Error| Failure::of_machine(words::failed_to_take_an_order(error));
    let mut input = io::stdin().lock();
    let mut line = String::new();
    input.read_line(&mut line).map_err(failed)?;
    let order: Order = serde_json::from_str(&line).map_err(io::Error::from).map_err(failed)?;
    let mut content = Vec::new();
    input.read_to_end(&mut content).map_err(failed)?;
    let folder = tempfile::tempdir().map_err(failed)?;
    let file = folder.path().join("exercise").with_extension(&order.ending);
    fs::write(&file, content).map_err(failed)?;
    let compiled = || say(&News::Compiled);
    let grading = match Language::of(&file) {
        None => grade(course, order, &file, compiled)?,
        Some(language) => grade_program(course, order, &file, language, compiled)?,
    };
    say(&News::Graded(Box::new(grading)));
    Ok(())
}

fn grade(
    course: &Course,
    order: Order,
    file: &Path,
    compiled: impl FnOnce(),
) -> Result<Grading, Failure> {
    let (started, began) = (Timestamp::now(), Instant::now());
    let lesson = course.lesson(&order.lesson.to_string())?.clone();
    let wanted = Wanted { thorough: order.thorough, once: true, ..Wanted::default() };
    let task = Task { lesson, answer: Answer::Path(file.to_owned()), wanted };
    let answered = grading::compile(course, &[task])?;
    compiled();
    let answered: Vec<_> = answered.iter().collect();
    let graded = grading::grade_again(course, &answered)?.remove(0);
    Ok(of_graded(order, started, began, &graded, &|text| as_handed_in(text, file, course)))
}

/// Grade a program in another language by what it does on the wire: as the program of the lesson's first suite.
fn grade_program(
    course: &Course,
    order: Order,
    file: &Path,
    language: Language,
    compiled: impl FnOnce(),
) -> Result<Grading, Failure> {
    let (started, began) = (Timestamp::now(), Instant::now());
    let lesson = course.lesson(&order.lesson.to_string())?.clone();
    let shown = |text: &String| as_handed_in(text, file, course);
    let suite = Suite::of_lesson(&lesson.folder).first();
    let suite = suite.ok_or_else(|| Failure::usage(words::only_in_rust(lesson.number)));
    let built = language.build(file).transpose();
    compiled();
    let refused = match (&suite, built) {
        (Err(failure), _) => Some((Verdict::Error, failure.message.clone())),
        (_, Err(error)) => Some((Verdict::Machine, words::cannot_build(language.ending, error))),
        (_, Ok(Some(output))) if !output.status.success() => {
            Some((Verdict::Error, String::from_utf8_lossy(&output.stderr).into_owned()))
        }
        _ => None,
    };
    let (Ok(suite), None) = (suite, &refused) else {
        let (verdict, why) = refused.unwrap_or((Verdict::Error, String::new()));
        return Ok(Grading {
            verdict,
            compile_message: Some(shown(&why)),
            ..of_nothing(order, started, began)
        });
    };
    let launch = Launch::by(sandbox_of(order.sandbox), language.command(file));
    let wire = Some(suite.name.to_owned());
    let program = Program { launch, role: suite.role, wire, check: None };
    let graded = program.grade_alone(&lesson)?;
    Ok(of_graded(order, started, began, &graded, &shown))
}

/// How the program is started: bubblewrap stands around this worker already.
fn sandbox_of(sandbox: Sandbox) -> Start {
    match sandbox {
        Sandbox::Landlock => |command, folder| inside(folder, || command.spawn()),
        Sandbox::Bubblewrap | Sandbox::None => |command, _| command.spawn(),
    }
}

fn of_nothing(order: Order, started: Timestamp, began: Instant) -> Grading {
    Grading {
        key: order.key,
        content: order.content,
        verdict: Verdict::Error,
        sandbox: order.sandbox,
        thorough: order.thorough,
        started,
        seconds: began.elapsed().as_secs_f64(),
        checks: Vec::new(),
        note: None,
        compile_message: None,
        printed: Vec::new(),
    }
}

fn of_graded(
    order: Order,
    started: Timestamp,
    began: Instant,
    graded: &Graded,
    shown: &impl Fn(&String) -> String,
) -> Grading {
    let plain = |text: &String| anstream::adapter::strip_str(text).to_string();
    Grading {
        verdict: verdict(graded),
        checks: graded.checks.iter().map(|it| check(it, shown)).collect(),
        note: graded.note.as_ref().map(shown),
        compile_message: graded.compile_message.as_ref().map(|text| shown(&plain(text))),
        printed: graded.printed.iter().map(shown).collect(),
        ..of_nothing(order, started, began)
    }
}

/// No path of this machine: the submission is `exercise.rs`, and the course's files begin at its root.
fn as_handed_in(text: &str, file: &Path, course: &Course) -> String {
    let folder = |path: &Path| format!("{}/", path.display());
    let submission = file.parent().map(folder).unwrap_or_default();
    text.replace(&submission, "").replace(&folder(course.root()), "")
}

fn verdict(graded: &Graded) -> Verdict {
    match graded.verdict {
        grading::Verdict::Pass => Verdict::Pass,
        grading::Verdict::Fail => Verdict::Fail,
        grading::Verdict::Error => Verdict::Error,
        grading::Verdict::Machine => Verdict::Machine,
        grading::Verdict::Incomplete => Verdict::Incomplete,
    }
}

fn check(check: &grading::Check, shown: &impl Fn(&String) -> String) -> Check {
    Check {
        name: check.name.clone(),
        status: match check.status {
            grading::CheckStatus::Pass => Status::Pass,
            grading::CheckStatus::Fail => Status::Fail,
            grading::CheckStatus::Skipped | grading::CheckStatus::Dependent => Status::Skipped,
            grading::CheckStatus::Incomplete => Status::Incomplete,
            grading::CheckStatus::Machine => Status::Machine,
        },
        further: check.further,
        builds_on: check.builds_on.clone(),
        seconds: check.seconds,
        story: check.story.as_ref().map(|it| story(it, shown)),
    }
}

fn story(story: &Story, shown: &impl Fn(&String) -> String) -> crate::results::Story {
    let row = |row: &netkata::Row| Row {
        label: row.label.clone(),
        text: shown(&row.text),
        mark: row.mark.as_ref().map(|mark| (mark.column, mark.note.clone())),
    };
    crate::results::Story {
        rows: story.rows.iter().map(row).collect(),
        cause: story.cause.clone(),
        sentence: shown(&story.sentence),
    }
}

fn say(news: &News) {
    let line = serde_json::to_string(news).expect("its keys are texts");
    // Without a reader there is nobody to tell.
    let _ = writeln!(io::stdout(), "{line}");
}

/// Limit what rustc and the tests can use. The tests have narrower limits of their own.
#[cfg(unix)]
fn limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};

    /// Processor time of each process, in seconds: a constant computed by rustc may never end.
    const CPU: u64 = 60;
    /// Address space of each process, in bytes: 8 GiB.
    const MEMORY: u64 = 8 << 30;
    /// The size of a file, in bytes: 512 MiB.
    const FILE: u64 = 512 << 20;

    for (resource, most) in
        [(Resource::Cpu, CPU), (Resource::As, MEMORY), (Resource::Fsize, FILE), (Resource::Core, 0)]
    {
        // A limit that is narrower already stays.
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    }
    // No process of the submission may write into this one's output.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

#[cfg(not(unix))]
fn limit() {}
