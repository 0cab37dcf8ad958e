//! `cargo kata doctor`: show what is missing on this machine, and the one command that fixes it.

use std::net::Ipv6Addr;
use std::process::{Command, ExitCode, Stdio};

use cargo_metadata::semver::Version;
use netkata::machine::{DESCRIPTORS, most_descriptors};

use crate::course::Course;
use crate::failure::Failure;
use crate::grading::machine;
#[cfg(target_os = "linux")]
use crate::grading::sandbox::{fence, filter};
use crate::pages::page::{BOLD, GREEN, Page, RED, YELLOW, styled};
use crate::words;

/// The oldest Rust that compiles the course.
const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// Package managers as `NAME COMMAND`; the first one found is used.
const INSTALLERS: [(&str, &str); 7] = [
    ("apt-get", r"sudo apt-get install"),
    ("dnf", r"sudo dnf install"),
    ("pacman", r"sudo pacman -S"),
    ("zypper", r"sudo zypper install"),
    ("apk", r"sudo apk add"),
    ("brew", r"brew install"),
    ("winget", r"winget install"),
];

/// The result of one test.
struct Finding {
    what: String,
    /// How to fix it; `None` if it is as it should be.
    fix: Option<String>,
    /// Whether the lessons need it.
    is_needed: bool,
}

pub(super) fn run(course: &Course) -> Result<ExitCode, Failure> {
    let findings = [
        rust(),
        cargo(),
        crates(course),
        loopback_v4(),
        descriptors(),
        disk(),
        loopback_v6(),
        #[cfg(target_os = "linux")]
        sandbox(),
        program("git", &words::GIT_IS_MISSING, install("git")),
        program("just", &words::JUST_IS_MISSING, r"cargo install just".to_owned()),
        program("python3", &words::PYTHON_IS_MISSING, install("python3")),
    ];
    let mut page = Page::new();
    for finding in &findings {
        report(&mut page, finding);
    }
    page.blank();
    let is_missing = |finding: &&Finding| finding.fix.is_some();
    let needed = findings.iter().filter(is_missing).filter(|finding| finding.is_needed).count();
    let summary = match (needed, findings.iter().filter(is_missing).count()) {
        (0, 0) => words::NOTHING_IS_MISSING,
        (0, _) => words::THE_LESSONS_WORK,
        _ => words::THE_LESSONS_NEED,
    };
    page.paragraph("", "", &summary, BOLD);
    page.print()?;
    Ok(if needed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn report(page: &mut Page, finding: &Finding) {
    let mark = match (&finding.fix, finding.is_needed) {
        (None, _) => styled(GREEN, "✓"),
        (Some(_), true) => styled(RED, "✗"),
        (Some(_), false) => styled(YELLOW, "–"),
    };
    page.paragraph(&format!("{mark} "), "  ", &finding.what, anstyle::Style::new());
    if let Some(fix) = &finding.fix {
        page.line(format!("    {fix}"));
    }
}

impl Finding {
    fn good(what: impl Into<String>) -> Finding {
        Finding { what: what.into(), fix: None, is_needed: false }
    }

    fn needed(what: impl Into<String>, fix: impl Into<String>) -> Finding {
        Finding { what: what.into(), fix: Some(fix.into()), is_needed: true }
    }

    fn useful(what: impl Into<String>, fix: impl Into<String>) -> Finding {
        Finding { what: what.into(), fix: Some(fix.into()), is_needed: false }
    }
}

fn rust() -> Finding {
    match version("rustc") {
        Some(version) if is_new_enough(&version) => Finding::good(version),
        Some(version) => Finding::needed(words::too_old(version, RUST), r"rustup update stable"),
        None => Finding::needed(words::RUSTC_IS_MISSING, INSTALL_RUST),
    }
}

fn cargo() -> Finding {
    match version("cargo") {
        Some(version) => Finding::good(version),
        None => Finding::needed(words::CARGO_IS_MISSING, INSTALL_RUST),
    }
}

const INSTALL_RUST: &str = r"curl https://sh.rustup.rs -sSf | sh";

/// Whether every crate that a build needs is already on this machine.
fn crates(course: &Course) -> Finding {
    // A tree needs only the crates that this machine builds; `cargo fetch` also wants those for Windows.
    let mut tree = Command::new("cargo");
    tree.args(["tree", "--offline", "--quiet", "--workspace", "--manifest-path"]);
    tree.arg(course.root().join("Cargo.toml"));
    if succeeds(&mut tree) {
        Finding::good(words::CRATES_ARE_HERE)
    } else {
        Finding::useful(words::SOME_CRATES_ARE_NOT_HERE, r"cargo fetch")
    }
}

fn loopback_v4() -> Finding {
    match machine::loopback() {
        Ok(()) => Finding::good(words::IPV4_ANSWERS),
        Err(lack) => Finding::needed(lack.what, lack.command),
    }
}

fn loopback_v6() -> Finding {
    match netkata::machine::send_a_byte(Ipv6Addr::LOCALHOST.into()) {
        Ok(()) => Finding::good(words::IPV6_ANSWERS),
        Err(error) => Finding::useful(
            words::ipv6_does_not_answer(error),
            r"sudo sysctl -w net.ipv6.conf.lo.disable_ipv6=0",
        ),
    }
}

/// The hard limit: the soft one is raised for every grading.
fn descriptors() -> Finding {
    match most_descriptors() {
        Some(most) if most < DESCRIPTORS => Finding::needed(
            words::may_open_too_few(most),
            format!(r"sudo prlimit --pid $$ --nofile={DESCRIPTORS}"),
        ),
        Some(most) => Finding::good(words::may_open(most)),
        None => Finding::good(words::MAY_OPEN_ANY_NUMBER),
    }
}

fn disk() -> Finding {
    let folder = std::env::temp_dir();
    let good = || Finding::good(words::temporary_files_are_written(folder.display()));
    machine::disk().map_or_else(|lack| Finding::needed(lack.what, lack.command), |()| good())
}

#[cfg(target_os = "linux")]
fn sandbox() -> Finding {
    match (fence::stands(), filter::stands()) {
        (true, true) => Finding::good(words::FENCE_AND_FILTER_STAND),
        (false, _) => Finding::useful(words::NO_FENCE, words::A_FENCE_NEEDS),
        (_, false) => Finding::useful(words::NO_FILTER, words::A_FILTER_NEEDS),
    }
}

fn program(name: &str, missing: &str, fix: String) -> Finding {
    match version(name) {
        Some(version) => Finding::good(version),
        None => Finding::useful(missing, fix),
    }
}

/// The command that installs a program with this system's package manager.
fn install(program: &str) -> String {
    let found = INSTALLERS.iter().find(|(name, _)| which::which(name).is_ok());
    match found {
        Some((_, command)) => format!("{command} {program}"),
        None => words::install_somehow(program),
    }
}

/// The first line of a program's version; `None` if the program is missing or does not work.
fn version(program: &str) -> Option<String> {
    let mut command = Command::new(program);
    let output = command.arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next().filter(|_| output.status.success())?;
    Some(line.split(" (").next().unwrap_or(line).to_owned())
}

fn succeeds(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Whether this version of rustc can compile the course: `rustc 1.95.0`.
fn is_new_enough(version: &str) -> bool {
    let word = version.split_whitespace().nth(1).unwrap_or_default();
    let found = Version::parse(word).map(|it| (it.major, it.minor, it.patch));
    let oldest = Version::parse(RUST).or_else(|_| Version::parse(&format!("{RUST}.0")));
    let oldest =
        oldest.map(|it| (it.major, it.minor, it.patch)).expect("the manifest names a version");
    found.is_ok_and(|found| found >= oldest)
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_new_enough("rustc 1.95.0-nightly"));
        assert!(is_new_enough("rustc 1.100.0"));
        assert!(!is_new_enough("rustc 1.94.9"));
        assert!(!is_new_enough("no version"));
    }
}
