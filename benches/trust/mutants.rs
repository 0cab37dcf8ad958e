//! Change each solution in many small ways, one at a time: does a check of its lesson notice?
//!
//! cargo-mutants makes changes that suit any program, in a separate package below `target/trust`; the module
//! `network` makes those that suit a network program. If no check notices a change, the checks have a hole, or
//! the change makes no difference. The changes without a difference are listed in
//! `lessons/LESSON/mutants.txt`, each with its line and the reason:
//!
//! ```text
//! replace < with <= in read_message
//!     in: if n < length {
//!     because: n is never larger than length, so that …
//! ```

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use netkata_runner::answer::Answer;
use netkata_runner::course::{Course, Lesson};
use netkata_runner::failure::Failure;
use netkata_runner::grading::{CheckStatus, Task, Verdict, Wanted, grade, package};
use serde_json::{Value, json};

use crate::{figures, network};

/// After this many seconds a run of the checks is stopped, and the change counts as noticed.
const TIMEOUT: &str = "60";

/// A change of a solution: what is changed, and in which line.
#[derive(Clone, Debug, PartialEq)]
struct Mutant {
    change: String,
    line: String,
    /// Where it is: `solution.rs:12`.
    place: String,
}

/// The results of all changes of one solution that compile.
#[derive(Debug, Default)]
struct Outcome {
    /// The changes that no check noticed.
    missed: Vec<Mutant>,
    /// The changes that a check noticed.
    caught: Vec<Mutant>,
}

/// Test the solutions of these lessons; return whether every change is noticed or listed.
pub fn run(course: &Course, lessons: &[&Lesson]) -> Result<bool, Failure> {
    limit_memory();
    let mut all_good = true;
    for lesson in lessons {
        println!("lesson {} {}", lesson.number, lesson.topic);
        let mut outcome = Outcome::default();
        make_common_changes(course, lesson, &mut outcome)?;
        make_network_changes(course, lesson, &mut outcome)?;
        let listed = listed(&lesson.file("mutants.txt"))?;
        let complaints = complaints(&outcome, &listed);
        complaints.iter().for_each(|complaint| println!("  {complaint}"));
        let (caught, alike) = (outcome.caught.len(), listed.len());
        let viable = caught + outcome.missed.len();
        println!("  {caught} of {viable} are noticed, {alike} make no difference");
        let figure = json!({
            "viable": viable, "caught": caught, "equivalent": alike, "complaints": complaints,
        });
        figures::keep(course, &format!("mutants/{}", lesson.folder), &figure)?;
        all_good &= complaints.is_empty();
    }
    Ok(all_good)
}

/// Let cargo-mutants make its changes and run the checks.
fn make_common_changes(
    course: &Course,
    lesson: &Lesson,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let folder = course.target().join("trust/mutants").join(&lesson.folder);
    let solution = Answer::Solution.file(course, lesson)?;
    let source = fs::read_to_string(&solution).map_err(Failure::of_file("read", &solution))?;
    package::write_alone(course, lesson, &solution, &folder)?;
    let mut mutants = Command::new("cargo");
    mutants.args(["mutants", "--in-place", "--no-shuffle", "--no-times", "--colors=never"]);
    mutants.args(["--timeout", TIMEOUT, "--dir"]).arg(&folder).arg("--output").arg(&folder);
    mutants.args(["--", "--"]);
    for check in beyond_the_solution(course, lesson)? {
        mutants.args(["--skip", &check]);
    }
    // One target folder for all lessons, so that the kit is built once.
    mutants.env("CARGO_TARGET_DIR", course.target().join("trust/target"));
    mutants.current_dir(course.root()).stdin(Stdio::null()).stdout(Stdio::null());
    let status = mutants.status();
    status.map_err(|error| Failure::new(format!("failed to start cargo mutants: {error}")))?;
    let file = folder.join("mutants.out/outcomes.json");
    let text = fs::read_to_string(&file).map_err(Failure::of_file("read", &file))?;
    let value: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("failed to read {}: {error}", file.display())))?;
    let outcomes = value["outcomes"].as_array().map(Vec::as_slice).unwrap_or_default();
    if outcomes.first().is_none_or(|baseline| baseline["summary"] != "Success") {
        let log = folder.join("mutants.out/log/baseline.log");
        return Err(Failure::new(format!(
            "the solution fails before anything is changed: see {}",
            course.shown(&log)
        )));
    }
    for it in outcomes {
        let Some(mutant) = mutant(&it["scenario"]["Mutant"], &source) else { continue };
        match it["summary"].as_str() {
            Some("CaughtMutant" | "Timeout") => outcome.caught.push(mutant),
            Some("MissedMutant") => outcome.missed.push(mutant),
            _ => continue,
        }
    }
    Ok(())
}

/// Make the changes of the module `network`, and grade each changed solution as any answer is graded.
fn make_network_changes(
    course: &Course,
    lesson: &Lesson,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let solution = Answer::Solution.file(course, lesson)?;
    let source = fs::read_to_string(&solution).map_err(Failure::of_file("read", &solution))?;
    let folder = course.target().join("trust/network").join(&lesson.folder);
    fs::create_dir_all(&folder).map_err(Failure::of_file("create", &folder))?;
    let edits = network::edits(&source)?;
    let mut tasks = Vec::new();
    for (number, edit) in edits.iter().enumerate() {
        let file = folder.join(format!("{number:03}.rs"));
        fs::write(&file, edit.apply(&source)).map_err(Failure::of_file("write", &file))?;
        let answer = Answer::Path(file);
        tasks.push(Task { lesson: lesson.clone(), answer, wanted: Wanted::default() });
    }
    for (edit, graded) in edits.into_iter().zip(grade(course, &tasks)?) {
        let lines_before = source[..edit.at.start].matches('\n').count();
        let line = source.lines().nth(lines_before).unwrap_or_default().trim();
        let place = format!("solution.rs:{}", lines_before + 1);
        let mutant = Mutant { change: edit.what, line: line.to_owned(), place };
        match graded.verdict {
            Verdict::Pass => outcome.missed.push(mutant),
            Verdict::Fail | Verdict::Incomplete => outcome.caught.push(mutant),
            Verdict::Error | Verdict::Machine => {}
        }
    }
    Ok(())
}

/// The checks that go beyond what the lesson asks, and that its solution does not pass.
fn beyond_the_solution(course: &Course, lesson: &Lesson) -> Result<Vec<String>, Failure> {
    let wanted = Wanted::default();
    let task = Task { lesson: lesson.clone(), answer: Answer::Solution, wanted };
    let checks = grade(course, &[task])?.into_iter().flat_map(|graded| graded.checks);
    let beyond = checks.filter(|check| check.further && check.status != CheckStatus::Pass);
    Ok(beyond.map(|check| check.name).collect())
}

/// Read a change from cargo-mutants: `solution.rs:12:8: replace < with <= in read_message`.
fn mutant(value: &Value, source: &str) -> Option<Mutant> {
    let (place, change) = value["name"].as_str()?.split_once(": ")?;
    let number = value["span"]["start"]["line"].as_u64()? as usize;
    let line = source.lines().nth(number - 1)?.trim();
    let place = place.rsplit_once(':').map_or(place, |(line, _)| line);
    Some(Mutant { change: change.to_owned(), line: line.to_owned(), place: place.to_owned() })
}

/// The changes in a list, each with its line and a reason.
fn listed(file: &Path) -> Result<Vec<Mutant>, Failure> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text.map_err(Failure::of_file("read", file))?,
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let mut mutants = Vec::new();
    for entry in lines.split(|line| line.trim().is_empty()).filter(|entry| !entry.is_empty()) {
        let part = |at: usize, begins: &str| entry.get(at)?.trim().strip_prefix(begins);
        let (Some(line), Some(_)) = (part(1, "in: "), part(2, "because: ")) else {
            return Err(Failure::usage(format!(
                "{}: `{}` wants a line `in: …` and a line `because: …`",
                file.display(),
                entry[0]
            )));
        };
        let (change, line) = (entry[0].to_owned(), line.to_owned());
        mutants.push(Mutant { change, line, place: String::new() });
    }
    Ok(mutants)
}

/// The disagreements: changes that are neither noticed nor listed, and wrong entries of the list.
fn complaints(outcome: &Outcome, listed: &[Mutant]) -> Vec<String> {
    let is = |a: &Mutant, b: &Mutant| a.change == b.change && a.line == b.line;
    let missed = outcome.missed.iter().filter(|it| !listed.iter().any(|entry| is(entry, it)));
    let missed = missed.map(|it| {
        let Mutant { change, line, place } = it;
        format!("not noticed at {place}: {change}\n      in: {line}")
    });
    let stale = listed.iter().filter(|entry| !outcome.missed.iter().any(|it| is(entry, it)));
    let stale = stale.map(|entry| {
        let caught = outcome.caught.iter().any(|it| is(entry, it));
        let why = if caught { "a check notices it" } else { "there is no such change" };
        format!("listed, but {why}: {}\n      in: {}", entry.change, entry.line)
    });
    missed.chain(stale).collect()
}

/// A change may create a loop that allocates without end, so each process gets at most 6 GiB.
fn limit_memory() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};

        let most = Some(6 * 1024 * 1024 * 1024);
        let _ = setrlimit(Resource::Data, Rlimit { current: most, maximum: most });
    }
}
