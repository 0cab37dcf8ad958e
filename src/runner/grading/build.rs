//! Builds test programs and lessons' programs: one call of cargo for all, its messages read as JSON.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cargo_metadata::camino::Utf8Path;
use cargo_metadata::diagnostic::DiagnosticLevel;
use cargo_metadata::{CompilerMessage, Message, PackageId};

use crate::control::{Control, News};
use crate::course::Course;
use crate::failure::Failure;
use crate::grading::package::Workspace;
use crate::grading::sandbox::group;
use crate::words;

/// What to build: targets of some packages of one workspace.
pub(crate) struct Request<'a> {
    /// The workspace of the packages.
    pub workspace: &'a Workspace,
    /// These packages and no others: one that does not compile must not block another.
    pub packages: Vec<String>,
    /// `--test` or `--example`.
    pub kind: &'static str,
    /// The targets of that kind; each package has one of them.
    pub targets: Vec<String>,
    /// How to compile them.
    pub profile: Profile,
    /// The enabled features of the packages.
    pub features: Vec<&'static str>,
}

/// A cargo profile: how to compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Without optimization, which compiles faster.
    Dev,
    /// With optimization, for measurements.
    Release,
}

/// The result of building one package.
#[derive(Clone, Debug, Default)]
pub(crate) struct Built {
    /// The program, unless it did not compile.
    pub executable: Option<PathBuf>,
    /// Rustc's errors, as rustc renders them, in colour.
    pub errors: String,
    /// Rustc's warnings about the answer, as rustc renders them, in colour.
    pub warnings: Vec<String>,
    /// The files from which the answer was compiled, as rustc lists them.
    pub sources: Vec<PathBuf>,
}

/// After this time, cargo's own lines are passed on: it is compiling for the first time.
const QUIET: Duration = Duration::from_secs(1);
/// The first words of cargo's progress lines; failures are reported in another way.
const PROGRESS: [&str; 4] = ["Compiling", "Downloading", "Downloaded", "Updating"];
/// How often to check whether cargo has finished or the grading was cancelled.
const INTERVAL: Duration = Duration::from_millis(2);

/// Build the packages, and return the result of each, by name.
///
/// First without the network: cargo needs it only if a dependency was never downloaded.
pub(crate) fn build(
    course: &Course,
    request: &Request,
    control: &Control,
) -> Result<HashMap<String, Built>, Failure> {
    let mut output = call_cargo(course, request, control, true)?;
    if !output.finished {
        output = call_cargo(course, request, control, false)?;
    }
    if !output.finished || !output.accounts_for(&request.packages) {
        let printed: Vec<&str> = output.printed.split_whitespace().collect();
        return Err(Failure::new(words::cargo_failed(printed.join(" "))));
    }
    Ok(output.built)
}

struct Output {
    built: HashMap<String, Built>,
    /// Whether cargo got as far as building: then any failure is in the code, not in cargo.
    finished: bool,
    /// What cargo printed besides its messages.
    printed: String,
}

fn call_cargo(
    course: &Course,
    request: &Request,
    control: &Control,
    offline: bool,
) -> Result<Output, Failure> {
    let mut command = command(course, request);
    if offline {
        command.arg("--offline");
    }
    let mut cargo =
        group::spawn(command).map_err(|error| Failure::new(words::failed_to_start_cargo(error)))?;
    let stdout = cargo.stdout().take().expect("stdout is piped");
    let stderr = cargo.stderr().take().expect("stderr is piped");
    thread::scope(|scope| {
        let messages = scope.spawn(|| Output::read(stdout, request));
        let printed = scope.spawn(|| pass_on_when_slow(stderr, control));
        while !messages.is_finished() {
            if control.is_cancelled() {
                group::stop(cargo.as_mut());
                return Err(Failure::interrupted());
            }
            thread::sleep(INTERVAL);
        }
        cargo.wait().map_err(|error| Failure::new(words::failed_to_wait_for_cargo(error)))?;
        let mut output = messages.join().expect("reading does not panic")?;
        output.printed = printed.join().unwrap_or_default();
        Ok(output)
    })
}

fn command(course: &Course, request: &Request) -> Command {
    // `cargo run` names its own cargo, the one behind rustup's proxy, which starts faster.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command
        .arg("build")
        .arg("--manifest-path")
        .arg(&request.workspace.manifest)
        .arg("--keep-going");
    if request.profile == Profile::Release {
        command.arg("--release");
    }
    command.arg("--message-format=json-diagnostic-rendered-ansi");
    for package in &request.packages {
        command.args(["--package", package]);
    }
    for target in &request.targets {
        command.args([request.kind, target]);
    }
    for feature in &request.features {
        command.args(["--features", feature]);
    }
    clear_what_cargo_run_sets(&mut command);
    if request.workspace.is_thrown_away() {
        // These packages need no files for fast recompilation.
        command.env("CARGO_TARGET_DIR", course.target()).env("CARGO_INCREMENTAL", "0");
    }
    // From the root, so that the course's .cargo/config.toml also applies to throw-away packages.
    command.current_dir(course.root());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Keep what a user may have set (CARGO_HOME, CARGO_TARGET_DIR, RUSTFLAGS, …), and drop what describes the
/// running package, which is this one.
fn clear_what_cargo_run_sets(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let about_us = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        let exactly = ["CARGO", "CARGO_PRIMARY_PACKAGE", "CARGO_MAKEFLAGS", "OUT_DIR", "RUSTC"];
        if about_us.iter().any(|start| text.starts_with(start)) || exactly.contains(&&*text) {
            command.env_remove(&name);
        }
    }
}

/// Collect what cargo prints, and pass it on to the terminal when cargo takes longer than usual.
fn pass_on_when_slow(stderr: impl Read, control: &Control) -> String {
    let began = Instant::now();
    let mut printed = String::new();
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        let word = line.split_whitespace().next().unwrap_or_default();
        let is_slow = PROGRESS.contains(&word) && began.elapsed() > QUIET;
        // Another cargo is building, and this one waits for it.
        if is_slow || line.ends_with(r"waiting for file lock on build directory") {
            control.report(News::Building(line.clone()));
        }
        printed.push_str(&line);
        printed.push('\n');
    }
    printed
}

impl Output {
    /// Read all of cargo's messages about these packages.
    fn read(stdout: ChildStdout, request: &Request) -> Result<Output, Failure> {
        let mut output = Output { built: HashMap::new(), finished: false, printed: String::new() };
        for message in Message::parse_stream(BufReader::new(stdout)) {
            let message =
                message.map_err(|error| Failure::new(words::failed_to_read_from_cargo(error)))?;
            output.take(message, request);
        }
        Ok(output)
    }

    /// Whether every package was built or has errors of its own. If not, a dependency did not compile, and
    /// no answer is to blame.
    fn accounts_for(&self, packages: &[String]) -> bool {
        let is_known = |built: &Built| built.executable.is_some() || !built.errors.is_empty();
        packages.iter().all(|package| self.built.get(package).is_some_and(is_known))
    }

    fn take(&mut self, message: Message, request: &Request) {
        match message {
            Message::BuildFinished(_) => self.finished = true,
            Message::CompilerArtifact(artifact)
                if request.targets.contains(&artifact.target.name) =>
            {
                let built = self.built.entry(package_name(&artifact.package_id)).or_default();
                built.executable = artifact.executable.map(PathBuf::from);
            }
            Message::CompilerArtifact(artifact) => {
                let package = package_name(&artifact.package_id);
                if request.packages.contains(&package) {
                    let sources = artifact.filenames.iter().find_map(|file| sources_of(file));
                    let root = request.workspace.manifest.parent().unwrap_or(Path::new("."));
                    let whole = |source: PathBuf| root.join(source);
                    self.built.entry(package).or_default().sources =
                        sources.into_iter().flatten().map(whole).collect();
                }
            }
            Message::CompilerMessage(message) => {
                let package = package_name(&message.package_id);
                if request.packages.contains(&package) {
                    let in_answer = !request.targets.contains(&message.target.name);
                    self.built.entry(package).or_default().take(&message, in_answer);
                }
            }
            _ => {}
        }
    }
}

impl Built {
    fn take(&mut self, message: &CompilerMessage, in_answer: bool) {
        let rendered = coloured_only(message.message.rendered.as_deref().unwrap_or_default());
        match message.message.level {
            DiagnosticLevel::Warning if in_answer && message.message.code.is_some() => {
                self.warnings.push(rendered);
            }
            DiagnosticLevel::Error | DiagnosticLevel::Ice => self.errors.push_str(&rendered),
            _ => {}
        }
    }
}

/// Keep the colours in rustc's text, and remove everything else that could steer a terminal: rustc passes
/// on what an answer's `compile_error!` says.
fn coloured_only(text: &str) -> String {
    let mut shown = String::new();
    for (at, c) in text.char_indices() {
        let is_colour = || {
            let parameters = text[at..].strip_prefix("\x1b[");
            let rest = parameters
                .map(|it| it.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';'));
            rest.is_some_and(|rest| rest.starts_with('m'))
        };
        let is_plain = !c.is_control() || c == '\n' || c == '\t';
        shown.push(if is_plain || (c == '\x1b' && is_colour()) { c } else { '\u{fffd}' });
    }
    shown
}

/// The files from which a library was compiled. The library's dep-info (`.d`) lists each on its own line
/// that ends in a colon.
fn sources_of(library: &Utf8Path) -> Option<Vec<PathBuf>> {
    let stem = library.file_stem()?.strip_prefix("lib")?;
    let listed = fs::read_to_string(library.with_file_name(format!("{stem}.d"))).ok()?;
    let files = listed.lines().filter_map(|line| line.strip_suffix(':'));
    Some(files.map(|file| file.replace("\\ ", " ").into()).collect())
}

/// The name in `path+file:///…/struct_header#0.1.0` or `path+file:///…/folder#struct_header@0.1.0`.
fn package_name(id: &PackageId) -> String {
    let (url, fragment) = id.repr.split_once('#').unwrap_or((&id.repr, ""));
    match fragment.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => url.rsplit('/').next().unwrap_or_default().to_owned(),
    }
}
