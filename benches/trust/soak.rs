//! Repeat the same gradings on a busy machine: none may have a different result.

use std::collections::BTreeMap;
use std::time::Instant;

use netkata_programs::catalogue::{Claim, Example};
use netkata_runner::answer::Answer;
use netkata_runner::audit;
use netkata_runner::course::{Course, Lesson};
use netkata_runner::failure::Failure;
use netkata_runner::grading::program::Program;
use netkata_runner::grading::{Answered, Graded, Task, compile, grade_again};
use serde_json::json;

use crate::figures;
use crate::load::Load;

/// The answers other than the solutions are graded once in this many rounds.
const OTHERS_ONCE_IN: usize = 10;

/// The result of an answer, check by check, in words, with the story that is kept for it.
type Outcome = BTreeMap<String, String>;

/// Grade every answer of the audit of these lessons once on an idle machine, and their right and wrong programs. Then,
/// while every processor is busy, grade the solutions `rounds` times, the other answers in some rounds, and in each round
/// one program of each lesson. Return whether no result ever differed from the first one.
pub fn run(course: &Course, rounds: usize, lessons: &[&Lesson]) -> Result<bool, Failure> {
    let mut tasks = Vec::new();
    for lesson in lessons {
        tasks.extend(audit::tasks(course, lesson)?);
    }
    let (solutions, others): (Vec<Task>, Vec<Task>) =
        tasks.into_iter().partition(|task| matches!(task.answer, Answer::Solution));
    let (solutions, others) = (compile(course, &solutions)?, compile(course, &others)?);
    let solutions: Vec<&Answered> = solutions.iter().collect();
    let all: Vec<&Answered> = solutions.iter().copied().chain(&others).collect();
    let mut first: BTreeMap<String, Outcome> = BTreeMap::new();
    for graded in &grade_again(course, &all)? {
        first.insert(name(course, graded), outcome(graded));
    }

    let programs: Vec<_> = lessons.iter().map(|lesson| (*lesson, programs(lesson))).collect();
    for (lesson, programs) in &programs {
        for program in programs {
            let graded = program.grade_alone(lesson)?;
            first.insert(name(course, &graded), outcome(&graded));
        }
    }

    let began = Instant::now();
    let (mut same, mut gradings, mut differences) = (0, 0, Vec::new());
    let load = Load::start();
    for round in 1..=rounds {
        let tasks = if round % OTHERS_ONCE_IN == 0 { &all } else { &solutions };
        let mut graded = grade_again(course, tasks)?;
        for (lesson, programs) in &programs {
            if let Some(program) = programs.iter().cycle().nth(round) {
                graded.push(program.grade_alone(lesson)?);
            }
        }
        gradings += graded.len();
        let before = differences.len();
        for graded in &graded {
            let name = name(course, graded);
            let found = difference(&first[&name], &outcome(graded));
            differences.extend(found.iter().map(|it| format!("round {round}: {name}: {it}")));
        }
        differences[before..].iter().for_each(|it| println!("{it}"));
        same += usize::from(differences.len() == before);
        println!(
            "round {round} of {rounds}: {} gradings, {same} rounds without a difference",
            graded.len()
        );
        // Save after each round, so that an interrupted soak has a result, too.
        let figure = json!({
            "rounds": round, "same": same, "gradings": gradings, "differences": differences,
        });
        if lessons.len() == course.lessons().len() {
            figures::keep(course, "soak", &figure)?;
        }
    }
    drop(load);

    let minutes = began.elapsed().as_secs_f64() / 60.0;
    println!(
        "{same} of {rounds} rounds without a difference; {gradings} gradings in {minutes:.1} min"
    );
    Ok(same == rounds)
}

/// The right programs of a lesson, each to be graded by all checks of its suite, and its mistakes, each by the check that
/// catches it. What the notes' programs do depends on the kernel's choice of which client comes first.
fn programs(lesson: &Lesson) -> Vec<Program> {
    let programs = Example::of_lesson(&lesson.directory).into_iter().filter_map(|example| {
        let (suite, check) = match example.claim.as_ref()? {
            Claim::Notes(_) => return None,
            Claim::Right(suite) => (*suite, None),
            Claim::Caught { suite, check, .. } => (*suite, Some(check.clone())),
        };
        let wire = Some(suite.name.to_owned());
        Some(Program { launch: example.launch(suite), role: suite.role, wire, check })
    });
    programs.collect()
}

fn name(course: &Course, graded: &Graded) -> String {
    course.shown(&graded.file)
}

fn outcome(graded: &Graded) -> Outcome {
    let checks = graded.checks.iter().map(|check| {
        let cause = check.story.as_ref().map_or(String::new(), |story| format!(" {}", story.cause));
        (check.name.clone(), format!("{}{cause}", check.status.word()))
    });
    let verdict = ("the verdict".to_owned(), graded.verdict.word().to_owned());
    let story = audit::kept_story(graded).map(|story| ("the story".to_owned(), story));
    checks.chain([verdict]).chain(story).collect()
}

/// The differences, in words.
fn difference(was: &Outcome, is: &Outcome) -> Vec<String> {
    let names = was.keys().chain(is.keys().filter(|name| !was.contains_key(*name)));
    let word = |outcome: &Outcome, name| outcome.get(name).cloned().unwrap_or("missing".to_owned());
    let keys = names.filter(|name| was.get(*name) != is.get(*name));
    keys.map(|name| format!("{name} was {}, and is {}", word(was, name), word(is, name))).collect()
}
