//! Test interoperability: the lessons' programs, with the solutions, against Python programs that use the
//! wire formats of the notes. A lesson's `peers/` contains its Python programs and the conversations, in
//! `conversations.toml`; `tests/peers/` contains programs that several lessons share. Each conversation runs
//! twice: our server with their client, and their server with our client.
//!
//! `LESSON=3` in the environment, or `LESSON=3,4`, runs the conversations of these lessons only.
//!
//! Both clients send typed input and print what arrives, so one expectation serves both directions. Without
//! Python on the system the conversations are reported as ignored.
//!
//! One conversation is between two of our programs, on two terminals: the chat, where both may type at any
//! time.

#[cfg(unix)]
#[path = "../benches/course/terminal.rs"]
mod terminal;

use std::collections::BTreeMap;
use std::env::consts::OS;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use netkata_runner::answer::Answer;
use netkata_runner::course::{Course, Lesson};
use netkata_runner::programs::{self, Profile};
use serde::Deserialize;

/// Ends a conversation that would not end by itself.
const DEADLINE: Duration = Duration::from_secs(60);

/// The conversations of one lesson: its `peers/conversations.toml`.
#[derive(Default, Deserialize)]
struct Conversations {
    conversation: Vec<Conversation>,
}

/// A conversation between two programs.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Conversation {
    /// The Python program, without `.py`.
    peer: String,
    /// Our programs that take part; `None` for a role that we do not have on this wire.
    serve: Option<String>,
    client: Option<String>,
    typed: String,
    /// Everything that the client prints; `…` at its end stands for anything.
    client_prints: String,
    /// Lines that the server prints, with any others between them.
    server_prints: Vec<String>,
    /// The files that must exist at the end.
    leaves: Vec<Copy>,
    /// The only system that supports the conversation, as Rust names it: `linux`.
    only_on: Option<String>,
}

/// One of [`FILES`], and the place of its copy: below the folder `server` or `client`.
#[derive(Clone, Deserialize)]
struct Copy {
    file: String,
    copy: String,
}

/// Files that both folders contain from the beginning: their names, and their lengths in bytes.
const FILES: [(&str, usize); 3] = [("hello.txt", 5), ("empty.bin", 0), ("large.bin", 300_000)];

fn main() -> ExitCode {
    let has_python = python().arg("--version").output().is_ok_and(|output| output.status.success());
    if !has_python {
        println!("python3 is missing: every conversation with a Python program is ignored");
    }
    let course = Course::open(&root()).expect("the course");
    let mut trials = Vec::new();
    for lesson in course.chosen().expect("LESSON names lessons") {
        let conversations = conversations(lesson).expect("its conversations can be read");
        let trials_of = conversations.into_iter().flat_map(|it| trials_of(lesson, it));
        trials.extend(trials_of.map(|trial| trial.with_ignored_flag(!has_python)));
        let (name, of_peer) = (format!("lesson_{}::has_a_peer", lesson.number), lesson.clone());
        trials.push(Trial::test(name, move || has_a_peer(&of_peer)));
        let name = format!("lesson_{}::its_page_says_what_each_program_does", lesson.number);
        let lesson = lesson.clone();
        trials.push(Trial::test(name, move || page_describes_each_program(&lesson)));
    }
    #[cfg(unix)]
    trials.push(Trial::test(
        "lesson_8::two_programs_talk_on_terminals",
        two_programs_talk_on_terminals,
    ));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The conversations of a lesson; none if it has no peers.
fn conversations(lesson: &Lesson) -> Result<Vec<Conversation>, Failed> {
    let file = lesson.file("peers/conversations.toml");
    if !file.exists() {
        return Ok(Vec::new());
    }
    let conversations: Conversations = toml_edit::de::from_str(&fs::read_to_string(&file)?)
        .map_err(|error| format!("{}: {error}", file.display()))?;
    let is_possible = |it: &Conversation| it.only_on.as_deref().is_none_or(|os| os == OS);
    Ok(conversations.conversation.into_iter().filter(is_possible).collect())
}

/// The tests of a conversation: one with our server and one with our client.
fn trials_of(lesson: &Lesson, conversation: Conversation) -> Vec<Trial> {
    let number = lesson.number.to_string();
    let peer = Peer::of(lesson, &conversation.peer);
    let mut trials = Vec::new();
    if let Some(serve) = conversation.serve.clone() {
        let name = format!("lesson_{number}::python_{}_calls_our_{serve}", conversation.peer);
        let (conversation, peer, lesson) = (conversation.clone(), peer.clone(), lesson.clone());
        trials.push(Trial::test(name, move || {
            let program = program(&lesson)?;
            let ours = || ours(&program, "serve", &serve, "0");
            held(&conversation, ours, |port| peer.command(&["client", port]))
        }));
    }
    if let Some(client) = conversation.client.clone() {
        let name = format!("lesson_{number}::our_{client}_calls_python_{}", conversation.peer);
        let lesson = lesson.clone();
        trials.push(Trial::test(name, move || {
            let program = program(&lesson)?;
            let ours = |port: &str| ours(&program, "client", &client, port);
            held(&conversation, || peer.command(&["serve"]), ours)
        }));
    }
    trials
}

/// The lesson's programs with its solution. They are built once, and before a conversation, because a build has no
/// deadline.
fn program(lesson: &Lesson) -> Result<PathBuf, Failed> {
    static BUILT: Mutex<BTreeMap<u32, PathBuf>> = Mutex::new(BTreeMap::new());

    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(program) = built.get(&lesson.number) {
        return Ok(program.clone());
    }
    let course = Course::open(&root())?;
    let program = programs::build(&course, lesson, &Answer::Solution, Profile::Dev, &[])?;
    Ok(built.entry(lesson.number).or_insert(program).clone())
}

/// One of our programs, started as `kata serve` and `kata client` start it.
fn ours(program: &Path, role: &str, name: &str, port: &str) -> Command {
    let mut command = Command::new(program);
    command.args([role, name, &format!("127.0.0.1:{port}")]);
    command
}

/// Check that neither side waits for its turn: one sends twice while the other is in the middle of a line.
///
/// Typed text appears on its own screen at once, because the terminal echoes it, but on the other screen
/// only if it arrived over the connection.
#[cfg(unix)]
fn two_programs_talk_on_terminals() -> Result<(), Failed> {
    use terminal::OnTerminal;

    const READY: &str = "type a line, or exit";
    const OVER: &str = "the conversation is over";
    let ann = OnTerminal::start(kata(&["serve", "8", "chat", "--port", "0"]))?;
    let mut listens = ann.wait_for("listening on ")?;
    if !listens.ends_with('\n') {
        listens += &ann.wait_for("\n")?;
    }
    let (_, port) = listens.trim_end().rsplit_once(':').ok_or("no port is printed")?;
    let bob = OnTerminal::start(kata(&["client", "8", "chat", "--port", port]))?;
    ann.wait_for(READY)?;
    bob.wait_for(READY)?;

    bob.types("in the middle ")?;
    ann.types("hello\n")?;
    bob.wait_for("hello")?;
    ann.types("are you there?\n")?;
    bob.wait_for("are you there?")?;
    bob.types("of a line\n")?;
    ann.wait_for("in the middle of a line")?;
    bob.types("exit\n")?;
    ann.wait_for(OVER)?;
    bob.wait_for(OVER)?;
    Ok(())
}

/// Let the client send the typed input to the server, and compare what both print.
fn held(
    conversation: &Conversation,
    server: impl Fn() -> Command,
    client: impl Fn(&str) -> Command,
) -> Result<(), Failed> {
    let folders = tempfile::tempdir()?;
    let server = Running::start(server(), &folder_with_files(folders.path(), "server")?)?;
    let port = server.port()?;
    let mut client = Running::start(client(&port), &folder_with_files(folders.path(), "client")?)?;
    client.hears(&conversation.typed)?;
    client.expect(&conversation.client_prints)?;
    server.expect_among_others(&conversation.server_prints)?;
    let mut copies = conversation.leaves.iter();
    copies.try_for_each(|it| expect_copy(&it.file, &folders.path().join(&it.copy)))
}

fn folder_with_files(parent: &Path, name: &str) -> Result<PathBuf, Failed> {
    let folder = parent.join(name);
    fs::create_dir(&folder)?;
    for (name, length) in FILES {
        fs::write(folder.join(name), content(length))?;
    }
    Ok(folder)
}

fn content(length: usize) -> Vec<u8> {
    (0..=255).cycle().take(length).collect()
}

/// Expect a copy of this file of [`FILES`].
fn expect_copy(file: &str, copy: &Path) -> Result<(), Failed> {
    let (_, length) = FILES.into_iter().find(|(name, _)| *name == file).ok_or("no such file")?;
    let came = fs::read(copy).map_err(|error| format!("{}: {error}", copy.display()))?;
    if came == content(length) { Ok(()) } else { Err(format!("{} differs", copy.display()).into()) }
}

fn has_a_peer(lesson: &Lesson) -> Result<(), Failed> {
    if lesson.file("main.rs").is_file() && conversations(lesson)?.is_empty() {
        return Err(format!("no Python program talks to the programs of {}", lesson.folder).into());
    }
    Ok(())
}

/// Check that the page has a row for each program, in the program's own words, and that each server's row says
/// whether it answers.
fn page_describes_each_program(lesson: &Lesson) -> Result<(), Failed> {
    if !lesson.file("main.rs").is_file() {
        return Ok(());
    }
    let output = Command::new(program(lesson)?).arg("list").output()?;
    let (listed, page) = (String::from_utf8(output.stdout)?, lesson.page());
    let rows =
        page.lines().filter(|line| line.starts_with("| `serve ") || line.starts_with("| `client "));
    let rows: Vec<&str> = rows.collect();
    let mut expected = Vec::new();
    for line in listed.lines() {
        let [role, name, about] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("{line:?} is not a role, a name and what it does").into());
        };
        if role == "serve" && !about.contains("answer") {
            return Err(format!("serve {name} does not say whether it answers: {about}").into());
        }
        expected.push(format!("| `{role} {name}` | {about} |"));
    }
    if rows == expected {
        return Ok(());
    }
    Err(format!("the page of {} should have the rows\n{}", lesson.folder, expected.join("\n"))
        .into())
}

/// A running program; dropping this value ends it.
struct Running {
    child: Child,
    /// What it prints, line by line.
    lines: Receiver<String>,
}

impl Running {
    fn start(mut command: Command, folder: &Path) -> Result<Running, Failed> {
        command
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let mut child =
            command.spawn().map_err(|error| format!("failed to start {command:?}: {error}"))?;
        let mut stdout = BufReader::new(child.stdout.take().ok_or("stdout is piped")?);
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            while matches!(stdout.read_line(&mut line), Ok(1..)) {
                if sender.send(mem::take(&mut line)).is_err() {
                    break;
                }
            }
        });
        Ok(Running { child, lines })
    }

    /// The port that it listens on: the end of its first line.
    fn port(&self) -> Result<String, Failed> {
        let line = self.line()?.ok_or("the server ended before it listened")?;
        let (_, port) = line.trim_end().rsplit_once(':').ok_or(format!("no port in {line:?}"))?;
        Ok(port.to_owned())
    }

    /// Type this, and then nothing more.
    fn hears(&mut self, typed: &str) -> Result<(), Failed> {
        let mut stdin = self.child.stdin.take().ok_or("stdin is piped")?;
        // A client that has ended does not read on; its output shows why.
        let _ = stdin.write_all(typed.as_bytes());
        Ok(())
    }

    /// Expect it to print this, and to end.
    fn expect(&self, text: &str) -> Result<(), Failed> {
        let mut printed = String::new();
        while let Some(line) = self.line()? {
            printed.push_str(&line.replace("\r\n", "\n"));
        }
        let same = match text.strip_suffix('…') {
            Some(beginning) => printed.starts_with(beginning),
            None => printed == text,
        };
        if same {
            return Ok(());
        }
        Err(format!("the client printed {printed:?}\ninstead of         {text:?}").into())
    }

    /// Expect it to print these lines, in this order, with any others between them.
    fn expect_among_others(&self, lines: &[String]) -> Result<(), Failed> {
        let mut printed = String::new();
        for expected in lines {
            loop {
                let line = self.line().map_err(|_| format!("{printed:?} lacks {expected:?}"))?;
                let line = line.ok_or(format!("{printed:?} lacks {expected:?}"))?;
                printed.push_str(&line);
                if line.trim_end_matches(['\r', '\n']) == *expected {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Its next line, or `None` once it prints nothing more.
    fn line(&self) -> Result<Option<String>, Failed> {
        match self.lines.recv_timeout(DEADLINE) {
            Ok(line) => Ok(Some(line)),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => Err(format!("no line for {DEADLINE:?}").into()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn kata(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kata"));
    command.args(["--lang", "en"]).args(words).args(["--answer", "solution"]);
    command
}

/// A Python program that uses a wire format of the notes.
#[derive(Clone)]
struct Peer(PathBuf);

impl Peer {
    /// The lesson's program of this name, or else the shared one.
    fn of(lesson: &Lesson, name: &str) -> Peer {
        let own = lesson.file("peers").join(format!("{name}.py"));
        let shared = root().join("tests/peers").join(format!("{name}.py"));
        Peer(if own.exists() { own } else { shared })
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = python();
        command.arg(&self.0).args(words);
        command
    }
}

fn python() -> Command {
    let mut command = Command::new("python3");
    // Write no compiled Python files beside the peers.
    command.arg("-B").env("PYTHONUTF8", "1").env("PYTHONPATH", root().join("tests/peers"));
    command
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
