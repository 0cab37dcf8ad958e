//! Interoperability: the lessons' programs, with the solutions in them, against Python programs that
//! speak the wires of the notes, `tests/peers/`. Each conversation is held twice: our server with
//! their client, and their server with our client.
//!
//! Both clients take what is typed and print what comes, so one expectation serves both directions.
//! Where there is no Python the conversations are ignored, by name.
//!
//! One conversation is between two of ours, on two terminals: the chat, where both may type at any time.

#[cfg(unix)]
#[path = "../benches/course/terminal.rs"]
mod terminal;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};

/// Ends a conversation that would never end.
const DEADLINE: Duration = Duration::from_secs(60);

/// What two programs say to each other.
#[derive(Clone, Copy)]
struct Conversation {
    /// The Python program, without `.py`.
    peer: &'static str,
    lesson: &'static str,
    /// Our programs that take part; `""` where a role is not ours to play on this wire.
    serve: &'static str,
    client: &'static str,
    typed: &'static str,
    /// All that the client prints; `…` at its end stands for anything.
    client_prints: &'static str,
    /// Lines that the server prints, among others.
    server_prints: &'static [&'static str],
    /// Which of [`FILES`] lie where in the end, in the folders `server` and `client`.
    leaves: &'static [(&'static str, &'static str)],
}

/// Files that lie in both folders from the beginning: their names, and their lengths in bytes.
const FILES: [(&str, usize); 3] = [("hello.txt", 5), ("empty.bin", 0), ("large.bin", 300_000)];

const CONVERSATIONS: &[Conversation] = &[
    Conversation {
        peer: "hello",
        lesson: "0",
        serve: "hello",
        client: "hello",
        typed: "",
        client_prints: "hello\n",
        server_prints: &["byebye"],
        leaves: &[],
    },
    Conversation {
        peer: "phone",
        lesson: "0",
        serve: "phone",
        client: "phone",
        typed: "Hello World\n神 is three bytes\n",
        client_prints: "HELLO WORLD\n神 IS THREE BYTES\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "udp_echo",
        lesson: "1",
        serve: "echo",
        client: "ask",
        typed: "info\n神\n\nhello\n",
        client_prints: "info\n神\n\nhello\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "udp_greeter",
        lesson: "1",
        serve: "greeter",
        client: "ask",
        typed: "Michael\nTracy\nSarah\n",
        client_prints: "Hello, Michael!\nHello, Tracy!\nHello, Sarah!\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "acknowledged",
        lesson: "2",
        serve: "acknowledged",
        client: "acknowledged",
        typed: "hello\n神\n0123456789\n",
        client_prints: "",
        server_prints: &["5 bytes: hello", "3 bytes: 神", "10 bytes: 0123456789"],
        leaves: &[],
    },
    Conversation {
        peer: "struct_header",
        lesson: "3",
        serve: "messages",
        client: "messages",
        typed: "hello\n\n神\n",
        client_prints: "",
        server_prints: &["5 bytes: hello", "0 bytes: ", "3 bytes: 神"],
        leaves: &[],
    },
    Conversation {
        peer: "upper",
        lesson: "4",
        serve: "upper",
        client: "upper",
        typed: "hello\nWorld 1\n",
        client_prints: "HELLO\nWORLD 1\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "ticker",
        lesson: "5",
        serve: "ticker",
        client: "ticker",
        typed: "",
        client_prints: "hello\nhello\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "greeter",
        lesson: "5",
        serve: "greeter",
        client: "greeter",
        typed: "Michael\nexit\n",
        client_prints: "Welcome!\nHello, Michael!\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "hmac_chat",
        lesson: "6",
        serve: "chat",
        client: "chat",
        typed: "hello\nagain\n",
        client_prints: "HELLO\nAGAIN\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "web",
        lesson: "7",
        serve: "pages",
        client: "page",
        typed: "",
        client_prints: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: close\n\n\
            saved 60 bytes in …",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "chatbot",
        lesson: "8",
        serve: "bot",
        client: "bot",
        typed: "hello\n神\nq\n",
        client_prints: "欢迎致电babyshen\nhello好\n神好\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "chat",
        lesson: "8",
        serve: "chat",
        client: "chat",
        typed: "hello\n神\n",
        client_prints: "",
        server_prints: &["hello", "神"],
        leaves: &[],
    },
    Conversation {
        peer: "room",
        lesson: "8",
        serve: "room",
        client: "",
        typed: "bob\nhello\n",
        client_prints: "* bob has joined\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "upload",
        lesson: "9",
        serve: "upload",
        client: "upload",
        typed: "hello.txt\nempty.bin\nlarge.bin\n",
        client_prints: "sent hello.txt, 5 bytes\nsent empty.bin, 0 bytes\n\
            sent large.bin, 300000 bytes\n",
        server_prints: &["saved received/large.bin, 300000 bytes"],
        leaves: &[
            ("hello.txt", "server/received/hello.txt"),
            ("empty.bin", "server/received/empty.bin"),
            ("large.bin", "server/received/large.bin"),
        ],
    },
    Conversation {
        peer: "ftp_put",
        lesson: "10",
        serve: "put",
        client: "put",
        typed: "hello.txt\nempty.bin\nlarge.bin\n",
        client_prints: "put hello.txt, 5 bytes, and the server has the same MD5\n\
            put empty.bin, 0 bytes, and the server has the same MD5\n\
            put large.bin, 300000 bytes, and the server has the same MD5\n",
        server_prints: &["saved received/upload-3"],
        leaves: &[
            ("hello.txt", "server/received/upload-1"),
            ("empty.bin", "server/received/upload-2"),
            ("large.bin", "server/received/upload-3"),
        ],
    },
    Conversation {
        peer: "ftp_get",
        lesson: "10",
        serve: "get",
        client: "get",
        typed: "hello.txt\nempty.bin\nlarge.bin\n",
        client_prints: "saved ./hello.txt.new, and its MD5 is right\n\
            saved ./empty.bin.new, and its MD5 is right\n\
            saved ./large.bin.new, and its MD5 is right\n",
        server_prints: &[],
        leaves: &[
            ("hello.txt", "client/hello.txt.new"),
            ("empty.bin", "client/empty.bin.new"),
            ("large.bin", "client/large.bin.new"),
        ],
    },
    Conversation {
        peer: "remote",
        lesson: "11",
        serve: "commands",
        client: "commands",
        typed: "echo hello 神\nid\necho again\n",
        client_prints: "hello 神\nrefused: no program of this name is allowed\nagain\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "capitals",
        lesson: "13",
        serve: "capitals",
        client: "capitals",
        typed: "hello\nWorld 1\n",
        client_prints: "HELLO\nWORLD 1\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "upper",
        lesson: "14",
        serve: "threads",
        client: "upper",
        typed: "hello\nWorld 1\n",
        client_prints: "HELLO\nWORLD 1\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "upper",
        lesson: "14",
        serve: "polling",
        client: "",
        typed: "hello\nWorld 1\n",
        client_prints: "HELLO\nWORLD 1\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "upper",
        lesson: "14",
        serve: "readiness",
        client: "",
        typed: "hello\nWorld 1\n",
        client_prints: "HELLO\nWORLD 1\n",
        server_prints: &[],
        leaves: &[],
    },
    #[cfg(target_os = "linux")]
    Conversation {
        peer: "upper",
        lesson: "14",
        serve: "signals",
        client: "",
        typed: "hello\nWorld 1\n",
        client_prints: "HELLO\nWORLD 1\n",
        server_prints: &[],
        leaves: &[],
    },
    Conversation {
        peer: "upper",
        lesson: "14",
        serve: "async",
        client: "",
        typed: "hello\nWorld 1\n",
        client_prints: "HELLO\nWORLD 1\n",
        server_prints: &[],
        leaves: &[],
    },
];

fn main() -> ExitCode {
    let has_python = python().arg("--version").output().is_ok_and(|output| output.status.success());
    if !has_python {
        println!("python3 is not there: every conversation with a Python program is ignored");
    }
    let mut trials = Vec::new();
    for conversation in CONVERSATIONS {
        let Conversation { peer, lesson, serve, client, .. } = *conversation;
        if !serve.is_empty() {
            let name = format!("lesson_{lesson}::python_{peer}_calls_our_{serve}");
            let ours = move || kata(&["serve", lesson, serve, "--port", "0"]);
            let theirs = move |port: &str| script(peer, &["client", port]);
            trials.push(Trial::test(name, move || held(conversation, ours, theirs)));
        }
        if !client.is_empty() {
            let name = format!("lesson_{lesson}::our_{client}_calls_python_{peer}");
            let theirs = move || script(peer, &["serve"]);
            let ours = move |port: &str| kata(&["client", lesson, client, "--port", port]);
            trials.push(Trial::test(name, move || held(conversation, theirs, ours)));
        }
    }
    let mut trials: Vec<Trial> =
        trials.into_iter().map(|trial| trial.with_ignored_flag(!has_python)).collect();
    trials.push(Trial::test("every_lesson_with_programs_has_a_peer", every_lesson_has_a_peer));
    #[cfg(unix)]
    trials.push(Trial::test("lesson_8::two_talk_on_terminals", two_talk_on_terminals));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Neither waits for its turn: one speaks twice while the other is in the middle of a line.
///
/// What is typed stands on the own screen at once, since the terminal echoes it, and on the other's only
/// if it came over the connection.
#[cfg(unix)]
fn two_talk_on_terminals() -> Result<(), Failed> {
    use terminal::OnTerminal;

    const READY: &str = "type a line, or exit";
    const OVER: &str = "the conversation is over";
    let ann = OnTerminal::start(kata(&["serve", "8", "chat", "--port", "0"]))?;
    let listens = ann.wait_for("\n")?;
    let (_, port) = listens.trim_end().rsplit_once(':').ok_or("no port is told")?;
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

/// Let the client say what is typed to the server, and compare what both print.
fn held(
    conversation: &Conversation,
    server: impl Fn() -> Command,
    client: impl Fn(&str) -> Command,
) -> Result<(), Failed> {
    let folders = tempfile::tempdir()?;
    let server = Running::start(server(), &folder_with_files(folders.path(), "server")?)?;
    let port = server.port()?;
    let mut client = Running::start(client(&port), &folder_with_files(folders.path(), "client")?)?;
    client.hears(conversation.typed)?;
    client.expect(conversation.client_prints)?;
    server.expect_among_others(conversation.server_prints)?;
    let mut copies = conversation.leaves.iter();
    copies.try_for_each(|(file, copy)| expect_copy(file, &folders.path().join(copy)))
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

/// Expect a copy of this one of [`FILES`].
fn expect_copy(file: &str, copy: &Path) -> Result<(), Failed> {
    let (_, length) = FILES.into_iter().find(|(name, _)| *name == file).ok_or("no such file")?;
    let came = fs::read(copy).map_err(|error| format!("{}: {error}", copy.display()))?;
    if came == content(length) { Ok(()) } else { Err(format!("{} differs", copy.display()).into()) }
}

fn every_lesson_has_a_peer() -> Result<(), Failed> {
    let lessons = fs::read_dir(root().join("lessons"))?;
    for lesson in lessons.flatten().filter(|lesson| lesson.path().join("main.rs").is_file()) {
        let folder = lesson.file_name().to_string_lossy().into_owned();
        let number = folder.split('_').next().unwrap_or_default();
        let is_called = |it: &Conversation| format!("{:0>2}", it.lesson) == number;
        if !CONVERSATIONS.iter().any(is_called) {
            return Err(format!("no Python program talks to those of {folder}").into());
        }
    }
    Ok(())
}

/// A program that is running; it ends with this value.
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

    /// The port that it says it listens on: the end of its first line.
    fn port(&self) -> Result<String, Failed> {
        let line = self.line()?.ok_or("the server ended before it listened")?;
        let (_, port) = line.trim_end().rsplit_once(':').ok_or(format!("no port in {line:?}"))?;
        Ok(port.to_owned())
    }

    /// Type this, and then nothing more.
    fn hears(&mut self, typed: &str) -> Result<(), Failed> {
        let mut stdin = self.child.stdin.take().ok_or("stdin is piped")?;
        // One that has had enough does not read on; what it printed will tell.
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

    /// Expect it to print these lines, in this order, and any others between them.
    fn expect_among_others(&self, lines: &[&str]) -> Result<(), Failed> {
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
            Err(RecvTimeoutError::Timeout) => Err(format!("no word for {DEADLINE:?}").into()),
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
    let mut command = Command::new(env!("CARGO_BIN_EXE_netkata"));
    command.args(words).args(["--answer", "solution"]);
    command
}

fn script(peer: &str, words: &[&str]) -> Command {
    let mut command = python();
    command.arg(root().join("tests/peers").join(format!("{peer}.py"))).args(words);
    command
}

fn python() -> Command {
    let mut command = Command::new("python3");
    // No files of compiled Python beside the peers.
    command.arg("-B").env("PYTHONUTF8", "1");
    command
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
