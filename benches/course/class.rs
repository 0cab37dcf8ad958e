//! Measure how soon a class is graded: `just bench class`, a quarter of an hour on a quiet machine.
//!
//! 30 students hand in lessons 1 to 6, all different: 20 with right answers and plausible mistakes, five that do
//! not compile and five that hang. They are graded by `kata class`; six of them by a loop over
//! `kata lesson --answer`, and three by `cargo test` in a fresh clone for each, as without a grader.

mod clone;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clone::Clone;
use netkata_class::grading::store::Store;
use netkata_class::grading::{Way, sandbox};
use netkata_class::results::{Check, Grading, Results, Row, Status, Story, Verdict};
use netkata_class::submissions;
use netkata_runner::course::{Course, Lesson};
use netkata_runner::mistake::Mistake;
use netkata_runner::version::Version;
use serde_json::Value;

const STUDENTS: usize = 30;
const LESSONS: std::ops::RangeInclusive<u32> = 1..=6;
/// So many students, one of each kind, are graded one by one, and the time for all is extrapolated.
const ALONE: usize = 6;
/// As [`ALONE`], by `cargo test`.
const CLONES: usize = 3;
/// The size of the class whose verdicts are simulated.
const MANY: usize = 3000;

fn main() -> io::Result<()> {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course");
    let built = Command::new("cargo")
        .args(["build", "--quiet", "--package", "netkata-runner", "--package", "netkata-class"])
        .current_dir(course.root())
        .status()?;
    clone::expect_success("cargo build", built)?;
    let folder = tempfile::tempdir()?;
    let handed_in = folder.path().join("handed in");
    let answers = hand_in(&course, &handed_in)?;
    // Once for nothing: what all gradings share is built, and the disk is read.
    let warm = folder.path().join("warm");
    class(&course, &handed_in.join("s00"), &warm)?;

    let out = folder.path().join("out");
    let by_class = class(&course, &handed_in, &out)?;
    let results: Results = serde_json::from_slice(&fs::read(out.join("results.json"))?)?;
    let verdicts = verdicts(&results);
    println!("{} submissions of {STUDENTS} students, lessons 1 to 6", answers.len());
    print("kata class", by_class, by_class, answers.len());

    let began = Instant::now();
    let mut different = 0;
    for answer in &answers[..ALONE * LESSONS.count()] {
        let alone = lesson(&course, answer)?;
        let student = answer.strip_prefix(&handed_in).expect("it lies there").display().to_string();
        if verdicts.get(&student) != Some(&alone) {
            different += 1;
            println!("  {student}: {alone}, and in a class {:?}", verdicts.get(&student));
        }
    }
    let alone = began.elapsed() * (STUDENTS / ALONE) as u32;
    print("kata lesson, one by one (extrapolated)", alone, by_class, answers.len());
    println!("  {different} verdicts differ");

    let mut in_clones = Duration::ZERO;
    for student in 0..CLONES {
        in_clones += in_a_clone(&handed_in.join(format!("s{:02}", student * STUDENTS / CLONES)))?;
    }
    let extrapolated = in_clones * STUDENTS as u32 / CLONES as u32;
    print("cargo test in clones (extrapolated)", extrapolated, by_class, answers.len());

    let some = folder.path().join("some");
    for answer in answers.iter().filter(|it| it.ends_with("03_struct_header.rs")) {
        let copy = some.join(answer.strip_prefix(&handed_in).expect("it lies there"));
        fs::create_dir_all(copy.parent().expect("it has a folder"))?;
        fs::copy(answer, copy)?;
    }
    interrupted(&course, &some, &folder.path().join("interrupted"), STUDENTS)?;
    simulated(&course, folder.path())
}

/// Write the submissions, and return their files.
fn hand_in(course: &Course, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for lesson in course.lessons().iter().filter(|lesson| LESSONS.contains(&lesson.number)) {
        let solution = fs::read_to_string(lesson.file("solution.rs"))?;
        let mistakes = Mistake::all(lesson);
        for student in 0..STUDENTS {
            let program = match student % 6 {
                0 => solution.clone(),
                1 => format!("{solution}\nfn"),
                2 => hanging(&solution),
                // Others of the catalogue for each student.
                _ => mistakes[student * mistakes.len() / STUDENTS]
                    .program(course)
                    .expect("it applies"),
            };
            let file = folder.join(format!("s{student:02}/{}.rs", lesson.folder));
            fs::create_dir_all(file.parent().expect("it has a folder"))?;
            fs::write(&file, format!("// {student}\n{program}"))?;
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// The solution, whose first public function waits for ever.
fn hanging(solution: &str) -> String {
    let begin = solution.find("pub fn ").expect("it has a function");
    let body = begin + solution[begin..].find(" {\n").expect("it has a body") + 3;
    let (head, rest) = solution.split_at(body);
    format!("{head}    loop {{ std::thread::park(); if false {{ break }} }}\n{rest}")
}

/// How long `kata class` takes for what is in a folder.
fn class(course: &Course, source: &Path, out: &Path) -> io::Result<Duration> {
    let began = Instant::now();
    let status = start(course, source, out)?.wait()?;
    clone::expect_success("kata class", status)?;
    Ok(began.elapsed())
}

fn start(course: &Course, source: &Path, out: &Path) -> io::Result<Child> {
    let mut kata = Command::new(course.target().join("debug/kata-class"));
    kata.arg(source).args(["--lessons", "1-6", "--out"]);
    kata.arg(out).current_dir(course.root()).stderr(Stdio::null()).spawn()
}

/// The verdict of `kata lesson` on one file.
fn lesson(course: &Course, file: &Path) -> io::Result<String> {
    let name = file.file_stem().expect("it has a name");
    let mut kata = Command::new(course.target().join("debug/kata"));
    kata.arg("lesson").arg(name).arg("--json").arg("--answer").arg(file);
    // It was built just now: cargo need not look again.
    kata.current_dir(course.root()).env("CARGO_PKG_NAME", "netkata-runner");
    let output = kata.stderr(Stdio::null()).output()?;
    let graded: Value = serde_json::from_slice(&output.stdout)?;
    Ok(graded["verdict"].as_str().unwrap_or_default().to_owned())
}

fn verdicts(results: &Results) -> BTreeMap<String, String> {
    let submissions = results.students.iter().flat_map(|student| &student.submissions);
    let graded =
        submissions.filter_map(|it| Some((it.file.clone()?, it.grading.as_ref()?.verdict)));
    let word = |verdict| serde_json::to_value(verdict).expect("it is a word");
    graded
        .map(|(file, verdict)| (file, word(verdict).as_str().unwrap_or_default().to_owned()))
        .collect()
}

/// How long `cargo test` takes for what one student has handed in, in a fresh clone.
fn in_a_clone(student: &Path) -> io::Result<Duration> {
    let clone = Clone::fresh()?;
    let began = Instant::now();
    for file in fs::read_dir(student)? {
        let file = file?.path();
        let lesson = file.file_stem().expect("it has a name");
        fs::copy(&file, clone.root().join("lessons").join(lesson).join("exercise.rs"))?;
    }
    let packages = [
        "udp_echo",
        "sticky_packet",
        "struct_header",
        "nonblocking_polling",
        "socketserver",
        "hmac_auth",
    ];
    let packages = packages.iter().flat_map(|name| ["--package", name]);
    // It fails: what does not compile ends it for all, and a mistake is a failing test.
    let arguments: Vec<&str> = ["test", "--no-fail-fast"].into_iter().chain(packages).collect();
    clone.cargo(&arguments).status()?;
    Ok(began.elapsed())
}

/// Kill a run in the middle, and count what the next one does again.
fn interrupted(course: &Course, handed_in: &Path, out: &Path, all: usize) -> io::Result<()> {
    let verdicts = || fs::read_dir(out.join("verdicts")).map_or(0, |files| files.count());
    let mut run = start(course, handed_in, out)?;
    while verdicts() < all / 2 {
        std::thread::yield_now();
    }
    run.kill()?;
    run.wait()?;
    let known: BTreeMap<PathBuf, Vec<u8>> = contents(&out.join("verdicts"))?;
    class(course, handed_in, out)?;
    let after = contents(&out.join("verdicts"))?;
    let again = known.iter().filter(|(file, content)| after.get(*file) != Some(content)).count();
    println!("killed after {} verdicts: {again} of them were made again", known.len());
    Ok(())
}

fn contents(folder: &Path) -> io::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let files = files.filter(|file| file.extension().is_some_and(|it| it == "json"));
    files.map(|file| Ok((file.clone(), fs::read(file)?))).collect()
}

/// Write the verdicts on a large class, and measure the grader that makes its results of them.
fn simulated(course: &Course, folder: &Path) -> io::Result<()> {
    let (handed_in, out) = (folder.join("many"), folder.join("results of many"));
    fs::create_dir(&handed_in)?;
    for student in 0..MANY {
        fs::write(handed_in.join(format!("s{student}_lesson3.rs")), format!("// {student}\n"))?;
    }
    let lesson: &Lesson = course.lesson("3").expect("it exists");
    let version = Version::of(course).expect("every file can be read");
    let digest = version.of_lesson(course, lesson).expect("every file can be read");
    let way = Way {
        course,
        lessons: BTreeMap::from([(3, digest)]),
        sandbox: sandbox::strongest(course, false).expect("there is a sandbox"),
        thorough: true,
        program: PathBuf::new(),
    };
    let store = Store::open(&out).expect("the folder can be written");
    let found = submissions::find(course, &[lesson], std::slice::from_ref(&handed_in), None);
    for submission in found.expect("they are found").into_iter().flat_map(|it| it.submissions) {
        let job = way.job(submission).expect("it can be read");
        store.write(&simulated_grading(&job.key, way.sandbox)).expect("it can be written");
    }
    let began = Instant::now();
    let mut run = start(course, &handed_in, &out)?;
    let mut most = 0;
    while run.try_wait()?.is_none() {
        most = memory(run.id()).unwrap_or(0).max(most);
        std::thread::sleep(Duration::from_millis(5));
    }
    println!(
        "{MANY} simulated verdicts: results in {:.1} s, {:.0} MiB of memory at most",
        began.elapsed().as_secs_f64(),
        most as f64 / 1024.0
    );
    Ok(())
}

/// A grading with 20 checks and a story of some 10 KiB.
fn simulated_grading(key: &str, sandbox: netkata_class::results::Sandbox) -> Grading {
    let check = |number: usize| Check {
        name: format!("check_{number}"),
        status: if number == 0 { Status::Fail } else { Status::Pass },
        further: false,
        builds_on: Vec::new(),
        seconds: 0.001,
        story: (number == 0).then(|| Story {
            rows: vec![Row {
                label: "the peer sent".to_owned(),
                text: "68 65 ".repeat(1700),
                mark: None,
            }],
            cause: "OneReadIsNotOneMessage".to_owned(),
            sentence: "One read is not one message.".to_owned(),
        }),
    };
    Grading {
        key: key.to_owned(),
        content: String::new(),
        verdict: Verdict::Fail,
        sandbox,
        thorough: true,
        started: Default::default(),
        seconds: 0.3,
        checks: (0..20).map(check).collect(),
        note: None,
        compile_message: None,
        printed: Vec::new(),
    }
}

/// The most memory that a process has held so far, in KiB.
fn memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

fn print(what: &str, took: Duration, by_class: Duration, submissions: usize) {
    let seconds = took.as_secs_f64();
    println!(
        "{what:40} {seconds:>8.1} s {:>7.2} s each {:>7.1} ×",
        seconds / submissions as f64,
        seconds / by_class.as_secs_f64()
    );
}
