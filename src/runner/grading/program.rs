//! Grades a program in any language by what it does on the wire: the checks of `netkata_programs`.

use std::path::PathBuf;
use std::time::{Instant, SystemTime};

use netkata::record::{Ending, Status};
use netkata_programs::{Launch, NotReady, Role, Suite, Target};

use crate::answer::Answer;
use crate::control::Control;
use crate::course::Lesson;
use crate::failure::Failure;
use crate::files;
use crate::grading::digest::digest;
use crate::grading::{Check, CheckStatus, Graded, Verdict, mark_dependents};
use crate::words;

/// A program to grade, and as what.
#[derive(Clone, Debug)]
pub struct Program {
    /// How it is started, or where it listens.
    pub launch: Launch,
    /// The side that it takes.
    pub role: Role,
    /// The wire, if the lesson has several.
    pub wire: Option<String>,
    /// Only this check.
    pub check: Option<String>,
}

impl Program {
    /// The name of this program in reports: its command, or its address.
    pub fn name(&self) -> String {
        match &self.launch.target {
            Target::Command(words) => words.join(" "),
            Target::Address(address) => address.to_string(),
        }
    }

    /// The files that its command names.
    pub fn files(&self) -> Vec<PathBuf> {
        match &self.launch.target {
            Target::Command(words) => {
                words.iter().map(PathBuf::from).filter(|file| file.is_file()).collect()
            }
            Target::Address(_) => Vec::new(),
        }
    }

    /// The suite of the lesson that grades it.
    fn suite(&self, lesson: &Lesson) -> Result<&'static Suite, Failure> {
        let role = match self.role {
            Role::Server => words::SERVER,
            Role::Client => words::CLIENT,
        };
        let of_role = Suite::of_lesson(&lesson.folder).iter().filter(|it| it.role == self.role);
        let of_role: Vec<&Suite> = of_role.collect();
        let found = match &self.wire {
            Some(wire) => of_role.iter().find(|suite| suite.name == wire),
            None => of_role.first().filter(|_| of_role.len() == 1),
        };
        let what = match (&self.wire, found) {
            (_, Some(suite)) if suite.needs_folder && !self.has_folder() => {
                return Err(Failure::usage(words::NAME_THE_FOLDER));
            }
            (_, Some(suite)) => return Ok(suite),
            _ if of_role.is_empty() => words::no_wire(lesson.number, &role),
            (Some(wire), None) => words::no_such_wire(lesson.number, &role, wire),
            (None, None) => words::several_wires(lesson.number, &role),
        };
        let names = of_role.iter().map(|suite| suite.name.to_owned()).collect();
        Err(Failure::unknown(what, self.wire.as_deref().unwrap_or_default(), names))
    }

    /// A server that runs already keeps its files where it does.
    fn has_folder(&self) -> bool {
        self.launch.has_folder()
    }

    /// Run its checks, all that are wanted. What the program does shows in the verdict.
    pub fn grade_alone(&self, lesson: &Lesson) -> Result<Graded, Failure> {
        self.grade(lesson, &Control::default())
    }

    /// Run its checks. A failure is about the command line; what the program does shows in the verdict.
    pub(crate) fn grade(&self, lesson: &Lesson, control: &Control) -> Result<Graded, Failure> {
        let suite = self.suite(lesson)?;
        if let Some(check) = &self.check
            && !suite.checks.iter().any(|it| it.name == check)
        {
            let names = suite.checks.iter().map(|it| it.name.to_owned()).collect();
            return Err(Failure::unknown(words::no_check(lesson.number, check), check, names));
        }
        let (started, began) = (SystemTime::now(), Instant::now());
        let is_wanted = |check: &netkata_programs::Check| {
            self.check.as_ref().is_none_or(|wanted| wanted == check.name)
        };
        let graded = suite.grade(&self.launch, is_wanted, || control.is_cancelled());
        if control.is_cancelled() {
            return Err(Failure::interrupted());
        }
        let mut result = Graded {
            lesson: lesson.clone(),
            answer: Answer::Program(self.name()),
            file: PathBuf::from(self.name()),
            content: digest(
                &self
                    .files()
                    .iter()
                    .flat_map(|file| files::read(file))
                    .flatten()
                    .collect::<Vec<u8>>(),
            ),
            verdict: Verdict::Pass,
            checks: Vec::new(),
            compile_message: None,
            warnings: Vec::new(),
            note: None,
            printed: Vec::new(),
            started,
            seconds: began.elapsed().as_secs_f64(),
        };
        match graded {
            Ok(graded) => {
                result.verdict = if graded.failed() == 0 { Verdict::Pass } else { Verdict::Fail };
                result.printed = graded.printed;
                result.checks = graded.endings.into_iter().map(of_ending).collect();
                mark_dependents(&mut result.checks);
            }
            Err(NotReady { why, printed, of_the_machine }) => {
                result.verdict = if of_the_machine { Verdict::Machine } else { Verdict::Error };
                result.note = Some(why);
                result.printed = printed;
            }
        }
        Ok(result)
    }
}

fn of_ending((name, ending): (&'static str, Option<Ending>)) -> Check {
    let status = ending.as_ref().map_or(CheckStatus::Skipped, |ending| match ending.status {
        Status::Pass => CheckStatus::Pass,
        Status::Fail => CheckStatus::Fail,
        Status::Skipped => CheckStatus::Skipped,
        Status::Machine => CheckStatus::Machine,
    });
    let seconds = ending.as_ref().map_or(0.0, |ending| ending.seconds);
    let further = ending.as_ref().is_some_and(|ending| ending.further);
    let builds_on = ending.as_ref().map(|ending| ending.builds_on.clone()).unwrap_or_default();
    let story = ending.and_then(|ending| ending.story);
    Check { name: name.to_owned(), status, seconds, story, builds_on, further }
}
