//! Builds test programs and lessons' programs: one call of cargo for all, its messages read as JSON.

use std::collections::{BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cargo_metadata::diagnostic::DiagnosticLevel;
use cargo_metadata::{CompilerMessage, Message, PackageId};
use netkata::counted;

use crate::control::{Control, News};
use crate::course::Course;
use crate::failure::Failure;
use crate::grading::machine;
use crate::grading::package::Workspace;
use crate::grading::rustc;
use crate::grading::sandbox::group::{self, Lines};
use crate::words;

/// What to build: targets of some packages of one workspace.
pub(crate) struct Request<'a> {
    /// The workspace of the packages.
    pub workspace: &'a Workspace,
    /// These packages and no others: one that does not compile must not block another.
    pub packages: Vec<String>,
    /// `--test`, `--example` or `--bin`.
    pub kind: &'static str,
    /// The targets of that kind; each package has one of them.
    pub targets: Vec<String>,
    /// How to compile them.
    pub profile: Profile,
    /// The enabled features of the packages.
    pub features: Vec<&'static str>,
    /// Where to write down how cargo calls rustc for the packages, if anywhere.
    pub calls: Option<&'a Path>,
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
    /// The library that it links, unless that did not compile.
    pub library: Option<PathBuf>,
    /// Rustc's errors, as rustc renders them, in colour.
    pub errors: String,
}

/// The result of building several packages.
#[derive(Debug, Default)]
pub(crate) struct Output {
    /// The result of each, by name.
    pub built: HashMap<String, Built>,
    /// The folders of the dependencies that are not from a registry.
    pub folders: BTreeSet<PathBuf>,
    /// The files that were built for the dependencies.
    pub dependencies: BTreeSet<PathBuf>,
    /// Whether cargo got as far as building: then any failure is in the code, not in cargo.
    finished: bool,
    /// What the system refused to rustc or to the linker, if anything.
    refused: Option<String>,
    /// What cargo printed besides its messages.
    printed: String,
}

/// After this time, the progress of cargo is shown: it is compiling for the first time.
const QUIET: Duration = Duration::from_secs(1);

/// Build the packages.
///
/// First without the network: cargo needs it only if a dependency was never downloaded.
pub(crate) fn build(
    course: &Course,
    request: &Request,
    control: &Control,
) -> Result<Output, Failure> {
    let mut output = call_cargo(course, request, control, true)?;
    if !output.finished {
        output = call_cargo(course, request, control, false)?;
    }
    if let Some(refused) = output.refused {
        return Err(Failure::of_machine(words::rustc_was_refused(refused)));
    }
    if !output.finished || !output.accounts_for(&request.packages) {
        let printed: Vec<&str> = output.printed.split_whitespace().collect();
        return Err(Failure::of_machine(words::cargo_failed(printed.join(" "))));
    }
    Ok(output)
}

fn call_cargo(
    course: &Course,
    request: &Request,
    control: &Control,
    offline: bool,
) -> Result<Output, Failure> {
    let mut command = command(course, request)?;
    if offline {
        command.arg("--offline");
    }
    let mut cargo = group::spawn(command)
        .map_err(|error| Failure::of_machine(words::failed_to_start_cargo(error)))?;
    let mut messages = Lines::of(cargo.stdout().expect("stdout is piped"), |_| {});
    let stderr = cargo.stderr().expect("stderr is piped");
    let mut printed = Lines::of(stderr, reported_when_slow(control.clone(), QUIET));
    let ended = cargo.wait(&mut [&mut messages, &mut printed], control, Duration::MAX);
    control.report(News::Compiled);
    ended
        .map_err(|error| Failure::of_machine(words::failed_to_wait_for_cargo(error)))?
        .ok_or_else(Failure::interrupted)?;
    let mut output = Output::read(&messages.lines, request)?;
    output.printed = printed.lines.join("\n");
    Ok(output)
}

fn command(course: &Course, request: &Request) -> Result<Command, Failure> {
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
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_set_by_cargo_run(name)) {
        command.env_remove(&name);
    }
    // These packages need no files for fast recompilation.
    command.env("CARGO_TARGET_DIR", course.target()).env("CARGO_INCREMENTAL", "0");
    if let Some(folder) = request.calls {
        rustc::stand_between(&mut command, folder)?;
    }
    // From the root, so that the course's .cargo/config.toml also applies to throw-away packages.
    command.current_dir(course.root());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Ok(command)
}

/// Whether a variable describes the running package, which is this one. What a user may have set (CARGO_HOME,
/// CARGO_TARGET_DIR, RUSTFLAGS, …) does not.
pub(crate) fn is_set_by_cargo_run(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let about_us = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
    let exactly = ["CARGO", "CARGO_PRIMARY_PACKAGE", "CARGO_MAKEFLAGS", "OUT_DIR", "RUSTC"];
    about_us.iter().any(|start| name.starts_with(start)) || exactly.contains(&&*name)
}

/// Report how far cargo is if it takes longer than `quiet`, and that it waits for another cargo.
fn reported_when_slow(control: Control, quiet: Duration) -> impl FnMut(&str) + Send {
    let began = Instant::now();
    let mut crates = 0;
    move |line| {
        let is_slow = began.elapsed() > quiet;
        let mut parts = line.split_whitespace();
        match (parts.next(), parts.next()) {
            (Some("Compiling"), Some(name)) => {
                crates += 1;
                // A package of the course has its folder behind its name, in brackets.
                let name = if line.ends_with(')') { &words::THE_LESSON_ITSELF } else { name };
                if is_slow {
                    let crates = counted(crates, words::CRATE);
                    control.report(News::Compiling(words::compiling(crates, name)));
                }
            }
            (Some("Downloading" | "Updating"), _) if is_slow => {
                control.report(News::Compiling(words::DOWNLOADING.to_owned()));
            }
            _ if line.ends_with(r"waiting for file lock on build directory") => {
                control.report(News::Waiting(line.to_owned()));
            }
            _ => {}
        }
    }
}

impl Output {
    /// Read all of cargo's messages about these packages.
    fn read(lines: &[String], request: &Request) -> Result<Output, Failure> {
        let mut output = Output::default();
        for message in Message::parse_stream(lines.join("\n").as_bytes()) {
            let message = message
                .map_err(|error| Failure::of_machine(words::failed_to_read_from_cargo(error)))?;
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
            Message::CompilerArtifact(artifact) => {
                let package = package_name(&artifact.package_id);
                if !request.packages.contains(&package) {
                    self.dependencies.extend(artifact.filenames.into_iter().map(PathBuf::from));
                    if artifact.package_id.repr.starts_with("path+") {
                        self.folders.extend(artifact.manifest_path.parent().map(PathBuf::from));
                    }
                } else if request.targets.contains(&artifact.target.name) {
                    let built = self.built.entry(package).or_default();
                    built.executable = artifact.executable.map(PathBuf::from);
                } else {
                    let mut files = artifact.filenames.into_iter().map(PathBuf::from);
                    let library =
                        files.find(|file| file.extension().is_some_and(|it| it == "rlib"));
                    self.built.entry(package).or_default().library = library;
                }
            }
            Message::CompilerMessage(message) => {
                self.refused = self.refused.take().or(machine::refused_to_rustc(&message.message));
                let package = package_name(&message.package_id);
                if request.packages.contains(&package) {
                    self.built.entry(package).or_default().take(&message);
                }
            }
            _ => {}
        }
    }
}

impl Built {
    fn take(&mut self, message: &CompilerMessage) {
        if matches!(message.message.level, DiagnosticLevel::Error | DiagnosticLevel::Ice) {
            let rendered = message.message.rendered.as_deref().unwrap_or_default();
            self.errors.push_str(&coloured_only(rendered));
        }
    }
}

/// Keep the colours in rustc's text, and remove everything else that could steer a terminal: rustc passes
/// on what an answer's `compile_error!` says.
pub(crate) fn coloured_only(text: &str) -> String {
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

/// The name in `path+file:///…/struct_header#0.1.0` or `path+file:///…/folder#struct_header@0.1.0`.
fn package_name(id: &PackageId) -> String {
    let (url, fragment) = id.repr.split_once('#').unwrap_or((&id.repr, ""));
    match fragment.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => url.rsplit('/').next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::reported_when_slow;
    use crate::control::Control;

    /// What is reported of these lines of cargo's, if all of them come later than `quiet`.
    fn reported(quiet: Duration) -> Vec<String> {
        let (send, received) = mpsc::channel();
        let control =
            Control::listening(move |news| send.send(format!("{news:?}")).expect("it is heard"));
        let mut report = reported_when_slow(control, quiet);
        for line in [
            "    Updating crates.io index",
            "   Compiling syn v2.0.1",
            "   Compiling rstest v0.26.1",
            "   Compiling struct_header-pattern-0123456789abcdef v0.1.0 (/netkata/target/kata)",
            "    Finished `dev` profile [unoptimized] target(s) in 1.24s",
            "    Blocking waiting for file lock on build directory",
        ] {
            report(line);
        }
        drop(report);
        received.iter().collect()
    }

    #[test]
    fn a_first_build_shows_how_far_it_is() {
        let waiting = r#"Waiting("    Blocking waiting for file lock on build directory")"#;
        assert_eq!(
            reported(Duration::ZERO),
            [
                r#"Compiling("downloading what the checks need, once")"#,
                r#"Compiling("compiling what the checks need, once: 1 crate, now syn")"#,
                r#"Compiling("compiling what the checks need, once: 2 crates, now rstest")"#,
                r#"Compiling("compiling what the checks need, once: 3 crates, now the lesson itself")"#,
                waiting,
            ]
        );
        assert_eq!(reported(Duration::MAX), [waiting], "a short build is silent");
    }
}
