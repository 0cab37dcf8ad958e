//! Calls of rustc: recorded while cargo builds a pattern, repeated for each answer.
//!
//! Cargo takes longer to find that nothing but the answer has changed than rustc takes to compile the answer.
//! So cargo builds one throw-away package per lesson, the pattern, and this program stands between cargo and
//! rustc meanwhile (the variable RUSTC_WRAPPER) and writes down how rustc is called. An answer is compiled by
//! the same two calls, with another source file and another output folder: first the library, then the
//! lesson's tests.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::control::Control;
use crate::course::Course;
use crate::failure::Failure;
use crate::files::write_if_changed;
use crate::grading::batch::Files;
use crate::grading::build::coloured_only;
use crate::grading::digest::digest;
use crate::grading::kept::Source;
use crate::grading::machine;
use crate::grading::one_check;
use crate::grading::sandbox::group::{self, Lines};
use crate::grading::unfit;
use crate::words;

/// The folder in which the calls of a build are written down. Set for cargo, and so for this program when
/// cargo calls it in place of rustc.
const FOLDER: &str = "NETKATA_RUSTC_CALLS";
/// Digests of the variables that cargo got: all others that rustc gets are cargo's.
const GIVEN: &str = "NETKATA_RUSTC_GIVEN";
/// A wrapper that the user has set, to be called in turn.
const USERS_WRAPPER: &str = "NETKATA_RUSTC_WRAPPER";
/// The variable that names a program for cargo to call in place of rustc.
const WRAPPER: &str = "RUSTC_WRAPPER";

/// One call of rustc.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Call {
    /// The program: rustc, or a wrapper around it.
    program: PathBuf,
    arguments: Vec<String>,
    /// The variables that cargo sets for it.
    environment: BTreeMap<String, String>,
}

/// The two calls by which an answer of a lesson becomes its test program.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Calls {
    library: Call,
    tests: Call,
}

/// What rustc made of an answer.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    /// The test program, unless there are errors.
    pub program: Option<PathBuf>,
    /// Rustc's errors, as rustc renders them, in colour.
    pub errors: String,
    /// Rustc's warnings about the answer, as rustc renders them, in colour.
    pub warnings: Vec<String>,
    /// The names in the tests that rustc has not found.
    pub not_found: Vec<String>,
    /// What is wrong with the answer's file, if rustc's errors would not say it plainly.
    pub note: Option<String>,
    /// The files from which the answer was compiled, as rustc lists them.
    pub sources: Vec<PathBuf>,
    /// The files from which the tests were compiled.
    pub tests: Vec<PathBuf>,
    /// The module of the program that holds its checks, if others were compiled with it.
    pub module: Option<String>,
    /// Holds the program, and is removed with this value. Two gradings at once never share one.
    pub folder: Option<TempDir>,
}

/// Let cargo call this program in place of rustc, and write the calls down in a folder.
pub(crate) fn stand_between(cargo: &mut Command, folder: &Path) -> Result<(), Failure> {
    if let Some(wrapper) = std::env::var_os(WRAPPER).filter(|it| !it.is_empty()) {
        cargo.env(USERS_WRAPPER, wrapper);
    }
    let given: Vec<String> = std::env::vars_os().map(digest_of).collect();
    cargo.env(WRAPPER, this_program()?).env(FOLDER, folder).env(GIVEN, given.join(" "));
    Ok(())
}

fn digest_of((name, value): (OsString, OsString)) -> String {
    digest(&[name.as_encoded_bytes(), b"=", value.as_encoded_bytes()].concat())
}

/// The file of this program, also for a test or a benchmark that grades answers by itself.
fn this_program() -> Result<PathBuf, Failure> {
    let running = std::env::current_exe();
    let running = running.map_err(|error| Failure::of_machine(words::no_program_file(error)))?;
    // `target/debug/kata`, or `target/debug/deps/answers-…`.
    let name = format!("kata{}", std::env::consts::EXE_SUFFIX);
    let mut places = running.ancestors().skip(1).take(2).map(|folder| folder.join(&name));
    let found = places.find(|file| file.is_file());
    found.ok_or_else(|| Failure::of_machine(words::no_program_file(running.display())))
}

/// Take rustc's place for one call of cargo's: write the call down, and make it. `None` if cargo did not
/// call this program.
pub fn stand_in() -> Option<ExitCode> {
    let folder = PathBuf::from(std::env::var_os(FOLDER)?);
    let mut given = std::env::args_os().skip(1);
    let program = PathBuf::from(given.next()?);
    let given: Vec<OsString> = given.collect();
    // Cargo also calls rustc to ask for its version, and for packages that are not ours.
    if std::env::var_os("CARGO_PRIMARY_PACKAGE").is_some() {
        // Without it, the grading says that it is missing.
        let _ = write_down(&folder, &program, &given);
    }
    let mut command = match std::env::var_os(USERS_WRAPPER) {
        Some(wrapper) => {
            let mut command = Command::new(wrapper);
            command.arg(&program);
            command
        }
        None => Command::new(&program),
    };
    command.args(given);
    for name in OUR_OWN {
        command.env_remove(name);
    }
    let status = command.status().inspect_err(|error| eprintln!("{}: {error}", program.display()));
    let code = status.ok().and_then(|status| status.code());
    Some(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1).into())
}

/// What cargo gets only because this program stands between.
const OUR_OWN: [&str; 4] = [FOLDER, GIVEN, USERS_WRAPPER, WRAPPER];

fn write_down(folder: &Path, program: &Path, arguments: &[OsString]) -> Option<()> {
    let text = |text: &OsString| text.to_str().map(str::to_owned);
    let arguments = arguments.iter().map(text).collect::<Option<_>>()?;
    let given = std::env::var(GIVEN).ok()?;
    let given: BTreeSet<&str> = given.split(' ').collect();
    let added = std::env::vars_os().filter(|(name, value)| {
        let is_ours = OUR_OWN.iter().any(|it| name == it);
        !is_ours && !given.contains(&*digest_of((name.clone(), value.clone())))
    });
    let added = added.map(|(name, value)| Some((text(&name)?, text(&value)?)));
    let environment = added.collect::<Option<_>>()?;
    let call = Call { program: program.to_owned(), arguments, environment };
    let file = folder.join(format!("{}.json", call.stem()?));
    write_if_changed(&file, &serde_json::to_string(&call).ok()?).ok().map(drop)
}

impl Call {
    /// Read the call that made the file with this stem; `None` if it was not written down.
    pub(crate) fn read(folder: &Path, stem: &str) -> Option<Call> {
        serde_json::from_slice(&fs::read(folder.join(format!("{stem}.json"))).ok()?).ok()
    }

    /// The program that it calls.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// What the names of its output files begin with, without `lib`: `struct_header-845c945de146e2f4`.
    fn stem(&self) -> Option<String> {
        let name = self.after("--crate-name")?;
        let suffix = self.arguments.iter().find_map(|it| it.strip_prefix("extra-filename="));
        Some(format!("{name}{}", suffix.unwrap_or_default()))
    }

    fn after(&self, option: &str) -> Option<&str> {
        let at = self.arguments.iter().position(|it| it == option)?;
        self.arguments.get(at + 1).map(String::as_str)
    }

    /// The same call with another output folder, and each argument changed as `change` says.
    fn command(
        &self,
        course: &Course,
        output: &Path,
        change: impl Fn(&str) -> Option<OsString>,
    ) -> Command {
        let mut command = Command::new(&self.program);
        let mut is_output = false;
        for argument in &self.arguments {
            match change(argument) {
                _ if is_output => command.arg(output),
                Some(changed) => command.arg(changed),
                None => command.arg(argument),
            };
            is_output = argument == "--out-dir";
        }
        command.envs(&self.environment).current_dir(course.root());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }
}

impl Calls {
    /// The call that made the library, and the one that made the tests, which link it.
    pub(crate) fn new(library: Call, tests: Call) -> Calls {
        Calls { library, tests }
    }

    /// The programs that they call.
    pub(crate) fn programs(&self) -> [&Path; 2] {
        [self.library.program(), self.tests.program()]
    }

    /// Compile the answer and the lesson's tests.
    ///
    /// If a folder for it is given, what rustc keeps from one call for the next stays there. Rustc can use
    /// it only if all its files have the same names as before.
    pub(crate) fn compile(
        &self,
        course: &Course,
        answer: &Source,
        incremental: Option<&Path>,
        control: &Control,
    ) -> Result<Compiled, Failure> {
        let folder = own_folder(course)?;
        let output = incremental.unwrap_or(folder.path());
        let (library, tests) = self.stems()?;
        let mut compiled = Compiled::default();

        // Relative, as cargo gives it: so do rustc's messages and those of a panic name it.
        let source = answer.file.strip_prefix(course.root()).unwrap_or(answer.file);
        let mut command = self.library.command(course, output, |argument| {
            is_source(argument).then(|| source.as_os_str().to_owned())
        });
        keep_between_calls(&mut command, incremental);
        compiled.take(command, true, control)?;
        compiled.sources = sources_of(&output.join(format!("{library}.d")), course.root());
        if compiled.errors.is_empty() {
            let mut command = self.tests_command(course, answer, output)?;
            keep_between_calls(&mut command, incremental);
            compiled.take(command, false, control)?;
            let file = course.shown(answer.file);
            compiled.note = unfit::missing(&compiled.not_found, answer.lesson, &file, answer.file);
            compiled.tests = sources_of(&output.join(format!("{tests}.d")), course.root());
            let one_check = output.join(ONE_CHECK);
            for test in compiled.tests.iter_mut().filter(|test| **test == one_check) {
                *test = answer.lesson.test_file(course);
            }
        }
        if compiled.errors.is_empty() {
            let name = format!("{tests}{}", std::env::consts::EXE_SUFFIX);
            let made = output.join(&name);
            let program = folder.path().join(&name);
            fs::rename(&made, &program).map_err(Failure::of_file(words::MOVE, &made))?;
            compiled.program = Some(program);
            compiled.folder = Some(folder);
        }
        Ok(compiled)
    }

    /// Compile several answers of the lesson as one library, and tests that know it by another name.
    ///
    /// The program lies in `output`.
    pub(crate) fn compile_together(
        &self,
        course: &Course,
        files: &Files,
        output: &Path,
        control: &Control,
    ) -> Result<Compiled, Failure> {
        let (library, tests) = self.stems()?;
        let mut compiled = Compiled::default();
        let command = self.library.command(course, output, |argument| {
            is_source(argument).then(|| files.answers.as_os_str().to_owned())
        });
        compiled.take(command, false, control)?;
        compiled.sources = sources_of(&output.join(format!("{library}.d")), course.root());
        if compiled.errors.is_empty() {
            let built = format!("lib{library}.rlib");
            let command = self.tests.command(course, output, |argument| {
                if is_source(argument) {
                    return Some(files.tests.as_os_str().to_owned());
                }
                let external = external(files.name, &built, output);
                is_external(argument, &built).then_some(external)
            });
            compiled.take(command, false, control)?;
            compiled.tests = sources_of(&output.join(format!("{tests}.d")), course.root());
            compiled.program =
                Some(output.join(format!("{tests}{}", std::env::consts::EXE_SUFFIX)));
        }
        Ok(compiled)
    }

    /// The call that compiles the tests, or the wanted check of them, with the library in `output`.
    fn tests_command(
        &self,
        course: &Course,
        answer: &Source,
        output: &Path,
    ) -> Result<Command, Failure> {
        let (library, _) = self.stems()?;
        let built = format!("lib{library}.rlib");
        let one_check = match answer.check {
            Some(check) => one_check(check, &answer.lesson.test_file(course), output)?,
            None => None,
        };
        let mut command = self.tests.command(course, output, |argument| {
            if is_source(argument) {
                return one_check.as_ref().map(|file| file.as_os_str().to_owned());
            }
            let (name, _) = argument.split_once('=')?;
            is_external(argument, &built).then(|| external(name, &built, output))
        });
        if let Some(file) = one_check {
            name_as(&mut command, &file, &answer.lesson.test_file(course));
        }
        Ok(command)
    }

    fn stems(&self) -> Result<(String, String), Failure> {
        let stem = |call: &Call| {
            call.stem().ok_or_else(|| Failure::of_machine(words::no_call(call.program.display())))
        };
        Ok((stem(&self.library)?, stem(&self.tests)?))
    }
}

/// Remove the folders of gradings that were killed before they could. No grading takes a day.
pub(crate) fn remove_what_was_left(course: &Course) {
    const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

    for entry in fs::read_dir(course.target().join("kata")).into_iter().flatten().flatten() {
        let changed = entry.metadata().and_then(|found| found.modified()).ok();
        let age = changed.and_then(|changed| changed.elapsed().ok());
        let is_of_a_grading = entry.file_name().to_string_lossy().starts_with(GRADING);
        if is_of_a_grading && age.is_some_and(|age| age > A_DAY) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// What the names of the folders below begin with.
const GRADING: &str = "grading-";

/// A new folder for the program of one grading.
pub(crate) fn own_folder(course: &Course) -> Result<TempDir, Failure> {
    let parent = course.target().join("kata");
    let folder = tempfile::Builder::new().prefix(GRADING).tempdir_in(&parent);
    folder.map_err(Failure::of_file(words::CREATE, &parent))
}

/// The name of the file with the one check that is compiled.
const ONE_CHECK: &str = "one_check.rs";

/// Write the tests with one check only into a folder, and return the new file; `None` if there is no such
/// check.
fn one_check(check: &str, tests: &Path, folder: &Path) -> Result<Option<PathBuf>, Failure> {
    let text = fs::read_to_string(tests).map_err(Failure::of_file(words::READ, tests))?;
    let tests_folder = tests.parent().expect("it lies in a folder");
    let Some(text) = one_check::only(check, &text, tests_folder) else { return Ok(None) };
    let file = folder.join(ONE_CHECK);
    fs::write(&file, text).map_err(Failure::of_file(words::WRITE, &file))?;
    Ok(Some(file))
}

/// Whether an argument names the library in this file, wherever it lies: `struct_header=…/libstruct_header.rlib`.
fn is_external(argument: &str, built: &str) -> bool {
    let path = argument.split_once('=').map(|(_, path)| Path::new(path));
    path.and_then(Path::file_name).is_some_and(|name| name == built)
}

/// The argument that gives a library in `output` this name.
fn external(name: &str, built: &str, output: &Path) -> OsString {
    let mut external = OsString::from(format!("{name}="));
    external.push(output.join(built));
    external
}

fn is_source(argument: &str) -> bool {
    argument.ends_with(".rs")
}

/// Let rustc and the program call a source file by the name of another.
fn name_as(command: &mut Command, file: &Path, other: &Path) {
    let mut names = file.as_os_str().to_owned();
    names.push("=");
    names.push(other);
    command.arg("--remap-path-prefix").arg(names);
}

fn keep_between_calls(command: &mut Command, folder: Option<&Path>) {
    if let Some(folder) = folder {
        let mut option = OsString::from("incremental=");
        option.push(folder.join("incremental"));
        command.arg("-C").arg(option);
    }
}

impl Compiled {
    /// Run rustc to its end, and keep what it says. Warnings count if they are about the answer.
    fn take(
        &mut self,
        command: Command,
        is_answer: bool,
        control: &Control,
    ) -> Result<(), Failure> {
        let program = PathBuf::from(command.get_program());
        let mut rustc = group::spawn(command).map_err(Failure::of_file(words::START, &program))?;
        let mut said = Lines::of(rustc.stderr().expect("stderr is piped"), |_| {});
        let status = rustc
            .wait(&mut [&mut said], control, Duration::MAX)
            .map_err(Failure::of_file(words::WAIT_FOR, &program))?
            .ok_or_else(Failure::interrupted)?;
        let mut others = String::new();
        for line in said.lines {
            match serde_json::from_str::<Diagnostic>(&line) {
                Ok(diagnostic) => match machine::refused_to_rustc(&diagnostic) {
                    Some(refused) => {
                        return Err(Failure::of_machine(words::rustc_was_refused(refused)));
                    }
                    None => self.take_diagnostic(&diagnostic, is_answer),
                },
                // A message of another kind: which file was written.
                Err(_) if line.starts_with('{') => {}
                Err(_) => {
                    others.push_str(&line);
                    others.push('\n');
                }
            }
        }
        if !status.success() && self.errors.is_empty() {
            if let Some(refused) = machine::refused(&others) {
                return Err(Failure::of_machine(words::rustc_was_refused(refused)));
            }
            self.errors = words::rustc_failed(status, others);
        }
        Ok(())
    }

    fn take_diagnostic(&mut self, diagnostic: &Diagnostic, is_answer: bool) {
        let rendered = coloured_only(diagnostic.rendered.as_deref().unwrap_or_default());
        match diagnostic.level {
            DiagnosticLevel::Warning if is_answer && diagnostic.code.is_some() => {
                self.warnings.push(rendered);
            }
            DiagnosticLevel::Error | DiagnosticLevel::Ice => {
                self.errors.push_str(&rendered);
                if !is_answer {
                    self.not_found.extend(unfit::not_found(diagnostic));
                }
            }
            _ => {}
        }
    }
}

/// The files that a library's dep-info (`.d`) lists, each on its own line that ends in a colon.
fn sources_of(listed: &Path, root: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(listed).unwrap_or_default();
    let files = text.lines().filter_map(|line| line.strip_suffix(':'));
    files.map(|file| root.join(file.replace("\\ ", " "))).collect()
}
