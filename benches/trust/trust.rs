//! The figures: measured here, or saved by the last `just soak`, `just mutants` and `just blind`. If the first
//! two have not been run, their figures in docs/TRUST.md stay.

use std::fs;

use netkata_runner::answer::Answer;
use netkata_runner::audit;
use netkata_runner::course::Course;
use netkata_runner::failure::Failure;
use netkata_runner::grading::{Graded, grade};

use crate::blind::{self, Round, Rounds};
use crate::figures;

const BEGINS: &str = "<!-- The table is written by `just trust`. -->\n";
const ENDS: &str = "<!-- It ends here. -->\n";

const BLIND_BEGINS: &str = "<!-- The rounds are written by `just trust`. -->\n";

const MUTANTS: &str = "mutants caught, of those that can be";
const SOAK: &str = "soak rounds without a difference";

/// One figure: what is counted, how many are good, how many there are, and a note.
struct Figure {
    what: &'static str,
    good: u64,
    all: u64,
    note: String,
}

impl Figure {
    fn row(&self) -> String {
        let Figure { what, good, all, note } = self;
        format!("| {what} | {good} | {all} | {note} |\n")
    }
}

/// Print the figures, write them to docs/TRUST.md, and return whether all of them are complete.
pub fn run(course: &Course) -> Result<bool, Failure> {
    let mut tasks = Vec::new();
    for lesson in course.lessons() {
        tasks.extend(audit::tasks(course, lesson)?);
    }
    let graded = grade(course, &tasks)?;
    let cheats = grade(course, &audit::cheats(course)?)?;
    let is_wrong = |it: &&Graded| matches!(it.answer, Answer::Wrong(_));
    let is_right = |it: &&Graded| matches!(it.answer, Answer::Solution | Answer::Right(_));
    let file = course.root().join("docs/TRUST.md");
    let text = fs::read_to_string(&file).map_err(Failure::of_file("read", &file))?;
    let rounds = blind::rounds(course)?;
    let figures = [
        Ok(counted("wrong answers caught", graded.iter().filter(is_wrong), audit::is_as_promised)),
        Ok(counted("right answers passed", graded.iter().filter(is_right), audit::is_as_promised)),
        mutants(course).ok_or(MUTANTS),
        soak(course).ok_or(SOAK),
        Ok(counted("cheats refused", cheats.iter(), audit::is_refused)),
        Ok(last_rounds("mistakes written blind, caught", &rounds, |it| (it.caught, it.wrong))),
        Ok(last_rounds("right answers written blind, passed", &rounds, |it| (it.passed, it.right))),
    ];
    let mut table = "| what is counted | number | of | |\n|---|---:|---:|---|\n".to_owned();
    for figure in &figures {
        match figure {
            Ok(figure) => table.push_str(&figure.row()),
            Err(what) => {
                println!("not run here, so kept as it stands: {what}");
                table.push_str(standing(&text, what).unwrap_or_default());
            }
        }
    }
    print!("{table}");
    let text = with_table(&text, BEGINS, &table)
        .and_then(|text| with_table(&text, BLIND_BEGINS, &table_of(&rounds)))
        .ok_or_else(|| Failure::new(format!("{} has no place for a table", file.display())))?;
    fs::write(&file, text).map_err(Failure::of_file("write", &file))?;
    Ok(figures.iter().flatten().all(|figure| figure.good == figure.all))
}

/// The current row about this in the page.
fn standing<'a>(text: &'a str, what: &str) -> Option<&'a str> {
    text.split_inclusive('\n').find(|line| line.starts_with(&format!("| {what} |")))
}

/// The page with this table instead of the one that begins there.
fn with_table(text: &str, begins: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(begins)?;
    let (_, after) = rest.split_once(ENDS)?;
    Some(format!("{before}{begins}\n{table}\n{ENDS}{after}"))
}

/// The newest round of each lesson, added up.
fn last_rounds(what: &'static str, rounds: &Rounds, count: fn(&Round) -> (u64, u64)) -> Figure {
    let last: Vec<(u64, u64)> = rounds.values().filter_map(|it| it.last()).map(count).collect();
    let note = format!("the last round of {} lessons", last.len());
    let (good, all) = (last.iter().map(|it| it.0).sum(), last.iter().map(|it| it.1).sum());
    Figure { what, good, all, note }
}

/// Every round of every lesson.
fn table_of(rounds: &Rounds) -> String {
    let mut table =
        "| lesson | round | mistakes caught | right answers passed |\n|---|---:|---:|---:|\n"
            .to_owned();
    for (lesson, rounds) in rounds {
        for (at, Round { wrong, caught, right, passed }) in rounds.iter().enumerate() {
            let round = at + 1;
            table.push_str(&format!(
                "| {lesson} | {round} | {caught} of {wrong} | {passed} of {right} |\n"
            ));
        }
    }
    table
}

fn counted<'a>(
    what: &'static str,
    graded: impl Iterator<Item = &'a Graded>,
    is_good: fn(&Graded) -> bool,
) -> Figure {
    let mut figure = Figure { what, good: 0, all: 0, note: String::new() };
    for graded in graded {
        figure.all += 1;
        if is_good(graded) {
            figure.good += 1;
        } else {
            println!("not so: {}", graded.file.display());
        }
    }
    figure
}

/// The results of `just mutants` for all lessons; `None` until it has been run for each of them.
fn mutants(course: &Course) -> Option<Figure> {
    let (mut good, mut all, mut alike) = (0, 0, 0);
    for lesson in course.lessons() {
        let figure = figures::kept(course, &format!("mutants/{}", lesson.folder))?;
        let number = |key: &str| figure[key].as_u64().unwrap_or(0);
        good += number("caught");
        all += number("viable") - number("equivalent");
        alike += number("equivalent");
    }
    let lessons = course.lessons().len();
    let note = format!("{lessons} lessons; {alike} more make no difference, and are listed");
    Some(Figure { what: MUTANTS, good, all, note })
}

/// The result of the last `just soak`.
fn soak(course: &Course) -> Option<Figure> {
    let soak = figures::kept(course, "soak")?;
    let number = |key: &str| soak[key].as_u64().unwrap_or(0);
    let note = format!("{} gradings", number("gradings"));
    Some(Figure { what: SOAK, good: number("same"), all: number("rounds"), note })
}
