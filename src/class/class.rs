//! A class: what was handed in, how it is graded and marked, and what comes out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use netkata_runner::course::{Course, Lesson};
use netkata_runner::failure::Failure;
use netkata_runner::version::Version;
use netkata_runner::{grading, interrupt};

use crate::command::say;
use crate::formats::{Format, Head, Output};
use crate::grading::store::Store;
use crate::grading::{Job, Way};
use crate::likeness::{self, Alike};
use crate::results::{self, SCHEMA_VERSION, Sandbox, Student};
use crate::score::Rules;
use crate::shard::Shard;
use crate::submissions::{self, Found, Submission};
use crate::words;

/// What the students have handed in.
#[derive(Debug)]
pub struct Handed<'a> {
    /// The lessons that are graded, by number.
    lessons: Vec<&'a Lesson>,
    /// By the student's name, then by the lesson's number.
    students: BTreeMap<String, BTreeMap<u32, Submission>>,
}

/// A class that is graded.
#[derive(Debug)]
pub struct Class<'a> {
    /// What was handed in.
    pub handed: Handed<'a>,
    rules: Rules,
    version: Version,
    way: Way<'a>,
    /// By student and lesson. Equal submissions have jobs with equal keys.
    jobs: BTreeMap<(String, u32), Job>,
    store: Store,
}

impl<'a> Handed<'a> {
    /// Find what was handed in for some lessons, or for any lesson, and show how it was found.
    pub fn find(
        course: &'a Course,
        lessons: Option<Vec<&'a Lesson>>,
        sources: &[PathBuf],
        pattern: Option<&str>,
    ) -> Result<Handed<'a>, Failure> {
        let wanted = lessons.clone().unwrap_or_else(|| course.lessons().iter().collect());
        let found = submissions::find(course, &wanted, sources, pattern)?;
        found.iter().for_each(show);
        let students = submissions::by_student(found)?;
        let of_all: BTreeSet<u32> = students.values().flat_map(|it| it.keys().copied()).collect();
        let is_graded = |lesson: &&Lesson| lessons.is_some() || of_all.contains(&lesson.number);
        let handed = Handed { lessons: wanted.into_iter().filter(is_graded).collect(), students };
        let numbers = handed.lessons.iter().map(|lesson| lesson.number.to_string());
        say(&words::found_in_all(
            netkata::counted(handed.submissions().count(), words::SUBMISSION),
            netkata::counted(handed.students.len(), words::STUDENT),
            numbers.collect::<Vec<_>>().join(", "),
        ));
        Ok(handed)
    }

    /// Keep only the students of one part. Every machine that finds the same students makes the same parts.
    pub fn keep_only(&mut self, shard: Shard) {
        let mut places = 0..;
        self.students.retain(|_, _| places.next().is_some_and(|place| shard.has(place)));
    }

    /// Build what the submissions need, unless it is built.
    pub fn prepare(&self, course: &Course) -> Result<(), Failure> {
        interrupt::watch();
        grading::prepare(course, &self.lessons)
    }

    /// Write which submissions are alike: a list to look at, not a verdict.
    pub fn write_alike(&self, out: &Path) -> Result<(), Failure> {
        let mut lessons = BTreeMap::new();
        for lesson in &self.lessons {
            let alike = self.alike(lesson)?;
            if !alike.is_empty() {
                lessons.insert(lesson.folder.clone(), alike);
            }
        }
        if !lessons.is_empty() {
            say(&words::some_are_alike(out.join(ALIKE).display()));
        }
        let text = serde_json::to_string_pretty(&lessons).expect("its keys are texts");
        let file = out.join(ALIKE);
        std::fs::write(&file, text)
            .map_err(|error| Failure::new(words::failed_to_write(file.display(), error)))
    }

    fn alike(&self, lesson: &Lesson) -> Result<Vec<Alike>, Failure> {
        let of_lesson = self.submissions().filter(|it| it.lesson == lesson.number);
        let sources = of_lesson.map(|submission| {
            let content = submission.read()?;
            Ok((submission.student.clone(), String::from_utf8_lossy(&content).into_owned()))
        });
        let sources: Vec<(String, String)> = sources.collect::<Result<_, Failure>>()?;
        let naive = std::fs::read_to_string(lesson.file("naive.rs")).unwrap_or_default();
        let page = lesson.page();
        let given: Vec<&str> = likeness::code_of(&page).chain([naive.as_str()]).collect();
        Ok(likeness::pairs(&given, &sources))
    }

    fn submissions(&self) -> impl Iterator<Item = &Submission> {
        self.students.values().flat_map(BTreeMap::values)
    }
}

fn show(found: &Found) {
    let files = netkata::counted(found.submissions.len(), words::FILE);
    say(&words::found(found.source.display(), files, &found.pattern));
    if found.others > 0 {
        say(&words::others(netkata::counted(found.others, words::OTHER_FILE)));
    }
}

impl<'a> Class<'a> {
    /// Prepare to grade; what was graded before is known in the output folder.
    pub fn new(
        course: &'a Course,
        handed: Handed<'a>,
        rules: Rules,
        sandbox: Sandbox,
        thorough: bool,
        out: &Path,
    ) -> Result<Class<'a>, Failure> {
        let version = Version::of(course)?;
        let digests = handed
            .lessons
            .iter()
            .map(|lesson| Ok((lesson.number, version.of_lesson(course, lesson)?)));
        let lessons = digests.collect::<Result<_, Failure>>()?;
        let program = std::env::current_exe()
            .map_err(|error| Failure::of_machine(words::failed_to_start_a_worker(error)))?;
        let way = Way { course, lessons, sandbox, thorough, program };
        let jobs = handed.submissions().map(|submission| {
            Ok(((submission.student.clone(), submission.lesson), way.job(submission.clone())?))
        });
        let jobs = jobs.collect::<Result<_, Failure>>()?;
        Ok(Class { store: Store::open(out)?, handed, rules, version, way, jobs })
    }

    /// Grade what has no verdict yet, with a bar on a terminal.
    pub fn grade(&self) -> Result<(), Failure> {
        let mut seen = BTreeSet::new();
        let is_new = |job: &&Job| seen.insert(job.key.clone()) && !self.store.has(&job.key);
        let new: Vec<Job> = self.jobs.values().filter(is_new).cloned().collect();
        if seen.len() > new.len() {
            let known = netkata::counted(seen.len() - new.len(), words::SUBMISSION);
            say(&words::known_already(known));
        }
        if new.is_empty() {
            return Ok(());
        }
        self.handed.prepare(self.way.course)?;
        let began = Instant::now();
        let bar = bar(new.len());
        let done = self.way.grade(&new, &self.store, |_| bar.inc(1));
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

    /// Write the results in these formats, student by student.
    pub fn write(&self, out: &Path, formats: &[Format]) -> Result<(), Failure> {
        let mut output = Output::create(out, self.way.course, self.head()?, formats)?;
        for name in self.handed.students.keys() {
            output.student(&self.student(name))?;
        }
        output.finish()
    }

    fn head(&self) -> Result<Head, Failure> {
        let lessons = self.handed.lessons.iter().map(|lesson| results::Lesson {
            number: lesson.number,
            topic: lesson.topic.clone(),
            title: lesson.title.clone(),
            points: self.rules.points(lesson),
        });
        Ok(Head {
            schema_version: SCHEMA_VERSION,
            course: results::Course {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                digest: self.version.of_lessons(self.way.course, &self.handed.lessons)?,
                toolchain: self.version.toolchain.clone(),
            },
            lessons: lessons.collect(),
        })
    }

    fn student(&self, name: &str) -> Student {
        let lessons = self.handed.lessons.iter();
        let submissions: Vec<_> = lessons.map(|lesson| self.submission(name, lesson)).collect();
        let sum = |points: fn(&results::Score) -> f64| -> f64 {
            let hundredths: f64 =
                submissions.iter().map(|it| (points(&it.score) * 100.0).round()).sum();
            hundredths / 100.0
        };
        Student {
            name: name.to_owned(),
            score: sum(|score| score.points),
            max_score: sum(|score| score.max_points),
            submissions,
        }
    }

    fn submission(&self, student: &str, lesson: &Lesson) -> results::Submission {
        let handed_in = self.handed.students[student].get(&lesson.number);
        let job = self.jobs.get(&(student.to_owned(), lesson.number));
        let grading = job.and_then(|job| self.store.read(&job.key));
        let at = handed_in.and_then(|it| it.handed_in);
        results::Submission {
            lesson: lesson.number,
            file: handed_in.map(|it| it.path.clone()),
            handed_in: at,
            score: self.rules.score(lesson, grading.as_ref(), at),
            grading,
        }
    }
}

/// The file with pairs of submissions that are alike.
const ALIKE: &str = "alike.json";

fn bar(length: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(words::BAR).expect("the template has no mistake");
    ProgressBar::new(length as u64).with_style(style)
}
