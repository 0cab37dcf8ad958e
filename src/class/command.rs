//! The command line of `kata class`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use netkata_runner::course::{Course, Lesson};
use netkata_runner::failure::Failure;
use netkata_runner::{grading, interrupt};

use crate::grading::store::Store;
use crate::grading::version::Version;
use crate::grading::{Job, WORKER, Way, sandbox, worker};
use crate::results::{self, Results, SCHEMA_VERSION, Student};
use crate::score::Rules;
use crate::submissions::{self, Found, Submission};
use crate::words;

/// Grade what a whole class has handed in.
///
/// SUBMISSIONS are folders (one for each student, or clones of the course), .zip archives as Moodle and Canvas
/// make them, or .rs files. A run that was interrupted goes on when the same command is given again.
#[derive(Debug, Parser)]
#[command(name = "cargo kata class", bin_name = "cargo kata class")]
struct Arguments {
    /// What the students have handed in.
    #[arg(required = true)]
    submissions: Vec<PathBuf>,
    /// The lessons: their numbers, as in 1-6,8; by default every lesson that somebody has handed in.
    #[arg(long)]
    lessons: Option<String>,
    /// The folder for verdicts and results.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How the files are named, as in '{student}/lesson{lesson}.rs'; by default it is guessed.
    #[arg(long)]
    pattern: Option<String>,
    /// A TOML file with points, due dates and required checks; by default each lesson has ten points.
    #[arg(long, value_name = "FILE")]
    score: Option<PathBuf>,
    /// Do not try the checks again that others kept from being tried: faster, and may cost points.
    #[arg(long)]
    quick: bool,
    /// Grade without a sandbox, with your rights: only inside a container.
    #[arg(long)]
    unsandboxed: bool,
    /// Only show what would be graded.
    #[arg(long)]
    dry_run: bool,
}

/// Run the command line. Exit 0 if everything is graded, whatever the verdicts.
pub fn main() -> ExitCode {
    if let Some(code) = netkata_runner::stand_in() {
        return code;
    }
    let done = if std::env::args().nth(1).is_some_and(|word| word == WORKER) {
        course().and_then(|course| worker::run(&course))
    } else {
        course().and_then(|course| run(&course, &Arguments::parse()))
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            anstream::eprintln!("{}", words::error(failure.message));
            ExitCode::from(failure.code)
        }
    }
}

fn course() -> Result<Course, Failure> {
    let here = std::env::current_dir()
        .map_err(|error| Failure::new(words::failed_to_find_this_folder(error)))?;
    Course::find(&here)
}

fn run(course: &Course, arguments: &Arguments) -> Result<(), Failure> {
    let rules = match &arguments.score {
        Some(file) => Rules::read(file, course)?,
        None => Rules::default(),
    };
    let (lessons, students) = find(course, arguments)?;
    if arguments.dry_run {
        return Ok(());
    }
    let version = Version::of(course)?;
    let way = Way {
        course,
        lessons: lessons
            .iter()
            .map(|lesson| Ok((lesson.number, version.of_lesson(course, lesson)?)))
            .collect::<Result<_, Failure>>()?,
        sandbox: sandbox::strongest(course, arguments.unsandboxed)?,
        thorough: !arguments.quick,
        program: std::env::current_exe()
            .map_err(|error| Failure::of_machine(words::failed_to_start_a_worker(error)))?,
    };
    let store = Store::open(&arguments.out)?;
    let jobs = jobs(&way, &students)?;
    grade(&way, &lessons, &jobs, &store)?;
    write(course, arguments, &rules, &version, &lessons, &students, &jobs, &store)
}

/// The submissions of each student.
type Students = BTreeMap<String, BTreeMap<u32, Submission>>;

/// Find the submissions, and show what was found and how.
fn find<'a>(
    course: &'a Course,
    arguments: &Arguments,
) -> Result<(Vec<&'a Lesson>, Students), Failure> {
    let wanted = match &arguments.lessons {
        Some(text) => chosen(course, text)?,
        None => course.lessons().iter().collect(),
    };
    let pattern = arguments.pattern.as_deref();
    let found = submissions::find(course, &wanted, &arguments.submissions, pattern)?;
    found.iter().for_each(show);
    let students = submissions::by_student(found)?;
    let handed_in: BTreeSet<u32> = students.values().flat_map(|it| it.keys().copied()).collect();
    let is_graded =
        |lesson: &&Lesson| arguments.lessons.is_some() || handed_in.contains(&lesson.number);
    let lessons: Vec<&Lesson> = wanted.into_iter().filter(is_graded).collect();
    let submissions: usize = students.values().map(BTreeMap::len).sum();
    let numbers: Vec<String> = lessons.iter().map(|lesson| lesson.number.to_string()).collect();
    say(&words::found_in_all(
        netkata::counted(submissions, words::SUBMISSION),
        netkata::counted(students.len(), words::STUDENT),
        numbers.join(", "),
    ));
    Ok((lessons, students))
}

fn show(found: &Found) {
    let files = netkata::counted(found.submissions.len(), words::FILE);
    say(&words::found(found.source.display(), files, &found.pattern));
    if found.others > 0 {
        say(&words::others(netkata::counted(found.others, words::OTHER_FILE)));
    }
}

/// The lessons that a text such as `1-6,8` names.
fn chosen<'a>(course: &'a Course, text: &str) -> Result<Vec<&'a Lesson>, Failure> {
    let mut lessons = Vec::new();
    for part in text.split(',') {
        match part.split_once('-').map(|(from, to)| (from.trim().parse(), to.trim().parse())) {
            Some((Ok(from), Ok(to))) => {
                let range: std::ops::RangeInclusive<u32> = from..=to;
                lessons.extend(course.lessons().iter().filter(|it| range.contains(&it.number)));
            }
            _ => lessons.push(course.lesson(part.trim())?),
        }
    }
    lessons.sort_by_key(|lesson| lesson.number);
    lessons.dedup_by_key(|lesson| lesson.number);
    if lessons.is_empty() {
        return Err(Failure::usage(words::no_lessons(text)));
    }
    Ok(lessons)
}

/// The job of each submission. Equal submissions have jobs with equal keys.
fn jobs(way: &Way, students: &Students) -> Result<BTreeMap<(String, u32), Job>, Failure> {
    let submissions = students.values().flat_map(BTreeMap::values);
    submissions.map(|it| Ok(((it.student.clone(), it.lesson), way.job(it.clone())?))).collect()
}

fn grade(
    way: &Way,
    lessons: &[&Lesson],
    jobs: &BTreeMap<(String, u32), Job>,
    store: &Store,
) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    let new: Vec<Job> = jobs
        .values()
        .filter(|job| seen.insert(job.key.clone()) && !store.has(&job.key))
        .cloned()
        .collect();
    let known = seen.len() - new.len();
    if known > 0 {
        say(&words::known_already(netkata::counted(known, words::SUBMISSION)));
    }
    if new.is_empty() {
        return Ok(());
    }
    interrupt::watch();
    grading::prepare(way.course, lessons)?;
    let began = Instant::now();
    let bar = bar(new.len());
    let done = way.grade(&new, store, |_| bar.inc(1));
    bar.finish_and_clear();
    if interrupt::happened() {
        say(&words::interrupted(bar.position(), new.len()));
    }
    done?;
    say(&words::graded(
        netkata::counted(new.len(), words::SUBMISSION),
        format_args!("{:.1}", began.elapsed().as_secs_f64()),
    ));
    Ok(())
}

fn bar(length: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(words::BAR).expect("the template is tested");
    ProgressBar::new(length as u64).with_style(style)
}

fn say(line: &str) {
    anstream::eprintln!("{line}");
}

/// Write what came out, student by student.
#[expect(clippy::too_many_arguments, reason = "to be joined")]
fn write(
    course: &Course,
    arguments: &Arguments,
    rules: &Rules,
    version: &Version,
    lessons: &[&Lesson],
    students: &Students,
    jobs: &BTreeMap<(String, u32), Job>,
    store: &Store,
) -> Result<(), Failure> {
    let students = students.iter().map(|(name, handed_in)| {
        let submissions: Vec<results::Submission> = lessons
            .iter()
            .map(|lesson| {
                let submission = handed_in.get(&lesson.number);
                let grading =
                    jobs.get(&(name.clone(), lesson.number)).and_then(|job| store.read(&job.key));
                let at = submission.and_then(|it| it.handed_in);
                results::Submission {
                    lesson: lesson.number,
                    file: submission.map(|it| it.path.clone()),
                    handed_in: at,
                    score: rules.score(lesson, grading.as_ref(), at),
                    grading,
                }
            })
            .collect();
        Student {
            name: name.clone(),
            score: submissions.iter().map(|it| it.score.points).sum(),
            max_score: submissions.iter().map(|it| it.score.max_points).sum(),
            submissions,
        }
    });
    let results = Results {
        schema_version: SCHEMA_VERSION,
        course: results::Course {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            digest: version.of_lessons(course, lessons)?,
            toolchain: version.toolchain.clone(),
        },
        lessons: lessons
            .iter()
            .map(|lesson| results::Lesson {
                number: lesson.number,
                topic: lesson.topic.clone(),
                title: lesson.title.clone(),
                points: rules.points(lesson),
            })
            .collect(),
        students: students.collect(),
    };
    let text = serde_json::to_string_pretty(&results).unwrap();
    std::fs::write(arguments.out.join("results.json"), text).unwrap();
    Ok(())
}
