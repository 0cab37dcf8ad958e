//! Audits the checks of programs: each right program passes all, each mistake fails the check that its first line
//! names, for the cause named there, and each page says what the notes' programs do on a bad network.
//!
//! `netkata_programs::catalogue` says where the programs are, and what their first lines mean.
//!
//! `LESSON=3` in the environment, or `LESSON=3,4`, audits these lessons only. `SNAPSHOTS=overwrite` writes the tables of
//! the pages.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use libtest_mimic::{Arguments, Failed, Trial};
use netkata::Language;
use netkata::record::{Ending, Status};
use netkata_programs::catalogue::{self, Claim, Example};
use netkata_programs::{Graded, Role, Suite};

/// The fewest mistakes, and the fewest right programs in another style, that prove a lesson's checks.
const FEWEST_WRONG: usize = 6;
const FEWEST_RIGHT: usize = 2;

/// How many programs are graded at once, each by a process of its own: most of the time they wait.
const AT_ONCE: usize = 6;
/// How often a program is graded before it counts as failed.
const ATTEMPTS: usize = 3;
/// Tells a process of its own which trial to run.
const ALONE: &str = "--alone";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    if let [option, name] = words.as_slice()
        && option == ALONE
    {
        return run_alone(name);
    }
    if !catalogue::python().is_absolute() {
        println!("python3 is missing: no program is audited");
    }
    let path = path();
    let trials = trials().into_keys().map(|name| {
        let (run, path) = (name.clone(), path.clone());
        let trial = Trial::test(name, move || in_a_process(&run, &path));
        trial.with_ignored_flag(!cfg!(target_os = "linux"))
    });
    let mut arguments = Arguments::from_args();
    arguments.test_threads = arguments.test_threads.or(Some(AT_ONCE));
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

type Run = Box<dyn FnOnce() -> Result<(), Failed>>;

/// Where commands are found: first the interpreter itself, so that no process looks for it again.
fn path() -> OsString {
    let first = catalogue::python().parent().filter(|it| it.is_absolute()).map(PathBuf::from);
    let others = env::var_os("PATH").unwrap_or_default();
    let folders = first.into_iter().chain(env::split_paths(&others));
    env::join_paths(folders).unwrap_or(others)
}

/// Everything that is tested, by name.
fn trials() -> BTreeMap<String, Run> {
    let mut trials: BTreeMap<String, Run> = BTreeMap::new();
    for lesson in lessons() {
        let mut trial = |name: &str, run: Run| {
            trials.insert(format!("{}: {name}", lesson.folder()), run);
        };
        let it = lesson.clone();
        trial("its checks are proven", Box::new(move || it.is_proven()));
        for program in lesson.programs() {
            let it = lesson.clone();
            trial(&program.name.clone(), Box::new(move || it.is_as_promised(&program)));
        }
        let it = lesson.clone();
        trial("its pages have the tables", Box::new(move || it.has_its_tables()));
    }
    trials
}

/// Run one trial in a process of its own: a process grades one program at a time.
///
/// One that fails is tried again, and so shown as unsteady: on a machine that does much else, a program may wait for
/// the processor for longer than the kernel shows.
fn in_a_process(name: &str, path: &OsStr) -> Result<(), Failed> {
    let mut failed = String::new();
    for attempt in 1..=ATTEMPTS {
        let mut alone = Command::new(env::current_exe()?);
        let output = alone.args([ALONE, name]).env("PATH", path).output()?;
        if output.status.success() {
            if attempt > 1 {
                eprintln!("unsteady, passed at attempt {attempt}: {name}\n{failed}");
            }
            return Ok(());
        }
        let texts = [output.stdout, output.stderr];
        failed = texts.map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    }
    Err(failed.into())
}

fn run_alone(name: &str) -> ExitCode {
    let run = trials().remove(name).expect("a trial has this name");
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            println!("{}", failed.message().unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}

/// A lesson with checks of programs.
#[derive(Clone)]
struct Lesson(PathBuf);

impl Lesson {
    fn folder(&self) -> String {
        self.0.file_name().expect("a folder has a name").to_string_lossy().into_owned()
    }

    fn suites(&self) -> &'static [Suite] {
        Suite::of_lesson(&self.folder())
    }

    fn programs(&self) -> Vec<Example> {
        Example::of_lesson(&self.0)
    }

    /// There are enough programs, and no two checks of the lesson have one name.
    fn is_proven(&self) -> Result<(), Failed> {
        let names: Vec<&str> =
            self.suites().iter().flat_map(|it| it.checks).map(|it| it.name).collect();
        let different: BTreeSet<&&str> = names.iter().collect();
        if different.len() < names.len() {
            return Err("two checks have one name".into());
        }
        let programs = self.programs();
        if let Some(program) = programs.iter().find(|it| it.claim.is_none()) {
            return Err(format!("the first line of {} says nothing known", program.name).into());
        }
        let claims: Vec<&Claim> = programs.iter().filter_map(|it| it.claim.as_ref()).collect();
        let count = |is: fn(&Claim) -> bool| claims.iter().filter(|it| is(it)).count();
        let wrong = count(|claim| matches!(claim, Claim::Caught { .. }));
        let right = count(|claim| matches!(claim, Claim::Right(_)));
        if wrong < FEWEST_WRONG || right < FEWEST_RIGHT {
            return Err(format!("{wrong} mistakes and {right} right programs are too few").into());
        }
        for suite in self.suites() {
            let passes = |it: &&Claim| matches!(it, Claim::Right(of) if std::ptr::eq(*of, suite));
            if !claims.iter().any(passes) {
                return Err(
                    format!("no right program passes {} {}", role(suite.role), suite.name).into()
                );
            }
        }
        Ok(())
    }

    fn is_as_promised(&self, program: &Example) -> Result<(), Failed> {
        match &program.claim {
            None | Some(Claim::Notes(_)) => Ok(()),
            Some(Claim::Right(suite)) => {
                let graded = grade(suite, program, None)?;
                let failed = graded.endings.iter().filter(|(_, ending)| !passed(ending.as_ref()));
                let failed: Vec<String> =
                    failed.map(|(name, ending)| told(name, ending.as_ref())).collect();
                if failed.is_empty() { Ok(()) } else { Err(failed.join("\n\n").into()) }
            }
            Some(Claim::Caught { suite, check, cause }) => {
                let graded = grade(suite, program, Some(check))?;
                let (name, ending) = &graded.endings[0];
                let story = ending.as_ref().and_then(|ending| ending.story.as_ref());
                match story {
                    Some(story) if story.cause == *cause => Ok(()),
                    _ => Err(format!("{cause} was promised, but\n{}", told(name, ending.as_ref()))
                        .into()),
                }
            }
        }
    }

    /// Both pages show the table that the notes' programs make now. In the Chinese one only the marks are compared:
    /// which sentence explains a mark follows from the English one.
    fn has_its_tables(&self) -> Result<(), Failed> {
        let overwrites = env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
        let now = if overwrites { String::new() } else { self.table()? };
        for (page, language) in
            [("README.md", Language::English), ("zh/README.md", Language::Chinese)]
        {
            let page = Page::read(&self.0.join(page))?;
            if overwrites {
                page.write(&language.speaks(|| self.table())?)?;
                continue;
            }
            let is_kept = match language {
                Language::English => says_the_same(&page.table, &now),
                Language::Chinese => marks(&page.table).len() == marks(&now).len(),
            };
            if !is_kept {
                let file = page.file.display();
                return Err(format!("the table in {file} is not this one:\n{now}").into());
            }
        }
        Ok(())
    }

    /// What each check finds of the notes' programs, in the language of this thread. A failure says nothing new if the
    /// check builds on one that has failed.
    fn table(&self) -> Result<String, Failed> {
        let language = Language::current();
        let mut table = match language {
            Language::English => "\n| check | the notes' program | why |\n|---|---|---|\n",
            Language::Chinese => "\n| 检查项 | 讲义里的程序 | 原因 |\n|---|---|---|\n",
        }
        .to_owned();
        for program in self.programs() {
            let Some(Claim::Notes(suite)) = program.claim else { continue };
            let endings = grade(suite, &program, None)?.endings;
            let failed = endings.iter().filter(|(_, ending)| !passed(ending.as_ref()));
            let failed: Vec<&str> = failed.map(|(name, _)| *name).collect();
            for (name, ending) in &endings {
                let bases = ending.as_ref().map_or(&[][..], |ending| &ending.builds_on);
                let is_told = bases.iter().any(|base| failed.contains(&base.as_str()));
                let story = ending.as_ref().and_then(|ending| ending.story.as_ref());
                let (mark, why) = match story {
                    None if passed(ending.as_ref()) => ("✓", ""),
                    Some(story) if !is_told => ("✗", first_sentence(&story.sentence)),
                    _ => ("–", ""),
                };
                let name = self.name_of(name, language)?;
                table += &match language {
                    Language::English => {
                        format!(
                            "| {} {}: {name} | {mark} | {why} |\n",
                            role(suite.role),
                            suite.name
                        )
                    }
                    Language::Chinese => {
                        let role =
                            if suite.role == Role::Server { "服务器" } else { "客户端" };
                        format!("| {role} {}：{name} | {mark} | {why} |\n", suite.name)
                    }
                };
            }
        }
        Ok(table + "\n")
    }

    /// The name of a check as learners read it.
    fn name_of(&self, check: &str, language: Language) -> Result<String, Failed> {
        if language == Language::English {
            return Ok(check.replace('_', " "));
        }
        let names = fs::read_to_string(self.0.join("zh/checks.txt"))?;
        let name = names.lines().find_map(|line| line.strip_prefix(check)?.strip_prefix(": "));
        name.map(str::to_owned).ok_or_else(|| format!("{check} has no Chinese name").into())
    }
}

/// A page, taken apart at the table of the notes' programs.
struct Page {
    file: PathBuf,
    before: String,
    table: String,
    after: String,
}

impl Page {
    const BEGIN: &str = "<!-- the notes' programs -->\n";
    const END: &str = "<!-- end -->";

    fn read(file: &Path) -> Result<Page, Failed> {
        let text = fs::read_to_string(file)?;
        let parts = text.split_once(Page::BEGIN).and_then(|(before, rest)| {
            let (table, after) = rest.split_once(Page::END)?;
            let [before, table, after] = [before, table, after].map(str::to_owned);
            Some(Page { file: file.to_owned(), before, table, after })
        });
        parts.ok_or_else(|| format!("{} has no place for the table", file.display()).into())
    }

    fn write(&self, table: &str) -> Result<(), Failed> {
        let Page { file, before, after, .. } = self;
        fs::write(file, [before, Page::BEGIN, table, Page::END, after].concat())?;
        Ok(())
    }
}

/// Whether two tables are the same but for the checks that build on a failing one: whether these fail depends on the
/// kernel's choice of what comes first.
fn says_the_same(one: &str, other: &str) -> bool {
    let is_open =
        |(one, other): (&str, &str)| one == other || (one.to_owned() + other).contains("| – |");
    one.lines().count() == other.lines().count() && one.lines().zip(other.lines()).all(is_open)
}

/// The column of marks in a table.
fn marks(table: &str) -> Vec<&str> {
    table.lines().filter_map(|line| line.split('|').nth(2)).map(str::trim).skip(1).collect()
}

fn grade(suite: &Suite, program: &Example, check: Option<&str>) -> Result<Graded, Failed> {
    let launch = program.launch(suite);
    let is_wanted = |it: &netkata_programs::Check| check.is_none_or(|check| it.name == check);
    let graded = suite.grade(&launch, is_wanted, || false);
    graded
        .map_err(|not_ready| format!("{}\n{}", not_ready.why, not_ready.printed.join("\n")).into())
}

fn passed(ending: Option<&Ending>) -> bool {
    ending.is_some_and(|ending| ending.status == Status::Pass)
}

fn told(check: &str, ending: Option<&Ending>) -> String {
    let story = ending.and_then(|ending| ending.story.as_ref());
    let lines = story.map(|story| format!("{}\n{}", story.cause, story.lines(100).join("\n")));
    format!("{check}: {}", lines.unwrap_or_else(|| "passed, or not tried".to_owned()))
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Server => "server",
        Role::Client => "client",
    }
}

fn first_sentence(text: &str) -> &str {
    let end =
        text.find(". ").map(|end| end + 1).or(text.find('。').map(|end| end + '。'.len_utf8()));
    end.map_or(text, |end| &text[..end])
}

/// The lessons with checks of programs; of these, those that `LESSON` names.
fn lessons() -> Vec<Lesson> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
    let wanted = env::var("LESSON").unwrap_or_default();
    let wanted: Vec<u32> = wanted.split(',').filter_map(|number| number.parse().ok()).collect();
    let entries = fs::read_dir(root).expect("the lessons").flatten();
    let mut lessons: Vec<Lesson> = entries.map(|entry| Lesson(entry.path())).collect();
    lessons.retain(|lesson| {
        let number = lesson.folder().split('_').next().and_then(|number| number.parse().ok());
        !lesson.suites().is_empty()
            && (wanted.is_empty() || number.is_some_and(|number| wanted.contains(&number)))
    });
    lessons.sort_by_key(Lesson::folder);
    lessons
}
