//! How programs in any language are started, found, kept and ended: with small servers in Python, graded by the first
//! checks of lesson 3.

#![cfg(target_os = "linux")] // Where the kernel says who listens.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use netkata::record::Status;
use netkata_programs::{Graded, Launch, NotReady, Program, Suite, Transport};
use tempfile::TempDir;

/// A server that prints one message per connection: the header is ignored, and one read is enough.
const SERVER: &str = r#"
import socket, sys
def serve(server):
    while True:
        conn, _ = server.accept()
        with conn:
            while data := conn.recv(1024):
                print(data[4:].decode())
"#;

#[test]
fn a_server_on_a_port_of_its_own_choice_is_found() {
    let script = Script::new("serve(socket.create_server(('127.0.0.1', 0)))");
    assert!(passes(&script.graded("", false)));
}

#[test]
fn a_fixed_port_can_be_used_again_although_nothing_sets_reuseaddr() {
    let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|it| it.local_addr()).unwrap().port();
    let body = format!(
        "server = socket.socket()\nserver.bind(('127.0.0.1', {port}))\nserver.listen()\nserve(server)"
    );
    let script = Script::new(&body);
    for _ in 0..3 {
        assert!(passes(&script.graded("", false)), "port {port}");
    }
}

#[test]
fn a_program_that_ends_before_it_listens_is_no_server() {
    let script = Script::new("sys.exit('no such file: settings.toml')");
    let NotReady { why, printed, of_the_machine } = script.graded("{port}", false).unwrap_err();
    assert!(why.contains("exit status 1"), "{why}");
    assert_eq!(printed, ["no such file: settings.toml"]);
    assert!(!of_the_machine);
}

#[test]
fn a_command_that_does_not_exist_is_named() {
    let launch = Launch::command("/no/such/program {port}", false).unwrap();
    let not_ready = Program::server(&launch, Transport::Tcp).unwrap_err();
    assert!(not_ready.why.contains("/no/such/program"), "{}", not_ready.why);
}

#[test]
fn a_port_that_another_program_takes_first_is_avoided() {
    // The first start loses its port to a program of another session, and fails as bind does.
    let script = Script::new(
        r#"
import os, subprocess
thief = "import socket,sys,time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); print(flush=True); time.sleep(60)"
if not os.path.exists("taken"):
    environment = {key: value for key, value in os.environ.items() if key != "NETKATA_RUN"}
    taken = subprocess.Popen([sys.executable, "-c", thief, sys.argv[1]], stdout=subprocess.PIPE,
                             start_new_session=True, env=environment)
    taken.stdout.readline()
    open("taken", "w").write(str(taken.pid))
serve(socket.create_server(("127.0.0.1", int(sys.argv[1]))))
"#,
    );
    let graded = script.graded("{port}", true);
    let thief = fs::read_to_string(script.folder.path().join("taken")).unwrap();
    Command::new("kill").arg(thief).status().unwrap();
    assert!(passes(&graded), "{graded:?}");
}

#[test]
fn a_program_that_prints_for_long_is_waited_for() {
    // The terminal takes a few KiB at once, so the program mostly waits until they are read.
    let script = Script::new(
        r#"
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        with conn:
            while data := conn.recv(1024):
                print("." * 3_000_000, data[4:].decode())
"#,
    );
    assert!(passes(&script.graded("{port}", false)));
}

#[test]
fn what_follows_a_prompt_is_of_this_check() {
    // The prompt is there before the check begins, and each message is printed behind it.
    let script = Script::new(
        r#"
print(">>> ", end="", flush=True)
serve(socket.create_server(("127.0.0.1", int(sys.argv[1]))))
"#,
    );
    assert!(passes(&script.graded("{port}", false)));
}

#[test]
fn a_program_is_ended_with_everything_it_has_started() {
    let script = Script::new(
        r#"
import subprocess
children = [subprocess.Popen(["sleep", "3600"]), subprocess.Popen(["sleep", "3600"], start_new_session=True)]
print(*(child.pid for child in children))
serve(socket.create_server(("127.0.0.1", int(sys.argv[1]))))
"#,
    );
    let launch = Launch::command(&script.command("{port}"), false).unwrap();
    let program = Program::server(&launch, Transport::Tcp).unwrap();
    let printed = program.printed();
    let children: Vec<PathBuf> =
        printed[0].split(' ').map(|id| Path::new("/proc").join(id)).collect();
    assert_eq!(children.len(), 2);
    assert!(children.iter().all(|child| child.exists()), "{printed:?}");
    drop(program);
    assert!(children.iter().all(|child| has_ended(child)), "{printed:?}");
}

#[test]
fn a_program_goes_on_when_its_first_thread_has_ended() {
    let script = Script::new(
        r#"
import ctypes, threading
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
threading.Thread(target=serve, args=(server,)).start()
ctypes.CDLL(None).pthread_exit(None)
"#,
    );
    assert!(passes(&script.graded("{port}", false)));
}

#[test]
fn a_server_that_bears_no_other_beside_it_starts_after_the_other() {
    // The second check's server starts while the first is checked: on one port, and once more on another.
    let script = Script::new(
        r#"
with open("starts", "a") as starts:
    starts.write("x")
if os.path.getsize("starts") in (2, 3):
    sys.exit("another runs")
serve(socket.create_server(("127.0.0.1", int(sys.argv[1]))))
"#,
    );
    assert!(passes(&script.graded("{port}", false)));
    assert_eq!(script.starts(), 4);
}

#[test]
fn a_program_that_is_kept_is_started_once() {
    let script = Script::new(
        "open('starts', 'a').write('x')\nserve(socket.create_server(('127.0.0.1', int(sys.argv[1]))))",
    );
    let suite = &Suite::of_lesson("03_struct_header")[0];
    for keep in [true, false] {
        let launch = Launch::command(&script.command("{port}"), keep).unwrap();
        suite.grade(&launch, |check| NAMES.contains(&check.name), || false).unwrap();
    }
    assert_eq!(script.starts(), 1 + NAMES.len());
}

#[test]
fn a_server_that_runs_is_graded_where_it_listens() {
    let script = Script::new(
        "server = socket.create_server(('127.0.0.1', 0))\nprint(server.getsockname()[1], flush=True)\nserve(server)",
    );
    let mut server = Started::of(Command::new("python3").arg(&script.file).stdout(Stdio::piped()));
    let port = server.first_line().trim().parse().unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    // What it prints goes elsewhere, so its connections are what shows that it is served.
    let program = Program::server(&Launch::running(address), Transport::Tcp).unwrap();
    assert_eq!(program.address(), address);
    assert_eq!(program.processes(), [server.0.id()]);
    assert!(TcpStream::connect(address).is_ok());
    drop(program);
    assert!(
        server.0.try_wait().unwrap().is_none(),
        "it was not started here, so it is not ended here"
    );
}

#[test]
fn an_address_without_a_listener_is_refused() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let refused = Program::server(&Launch::running(address), Transport::Tcp).unwrap_err();
    assert!(refused.why.contains(&address.to_string()), "{}", refused.why);
}

#[test]
fn a_command_is_read_as_a_shell_reads_it() {
    assert!(Launch::command("python3 'my server.py' {port}", false).is_ok());
    for wrong in ["", "  ", "python3 'server.py"] {
        assert!(Launch::command(wrong, false).is_err(), "{wrong:?}");
    }
}

/// The checks that a server of [`SERVER`] passes.
const NAMES: [&str; 2] = ["a_message_is_printed", "the_next_client_is_served"];

fn passes(graded: &Result<Graded, NotReady>) -> bool {
    graded.as_ref().is_ok_and(|graded| {
        graded.endings.len() == NAMES.len()
            && graded.endings.iter().all(|(_, ending)| {
                ending.as_ref().is_some_and(|ending| ending.status == Status::Pass)
            })
    })
}

/// A server in a folder of its own.
struct Script {
    folder: TempDir,
    file: PathBuf,
}

impl Script {
    fn new(body: &str) -> Script {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("server.py");
        let here = format!("import os\nos.chdir({:?})\n", folder.path().display().to_string());
        fs::write(&file, format!("{here}{SERVER}{body}\n")).unwrap();
        Script { folder, file }
    }

    fn command(&self, arguments: &str) -> String {
        format!("python3 {} {arguments}", self.file.display())
    }

    /// How often it has written that it starts.
    fn starts(&self) -> usize {
        fs::read_to_string(self.folder.path().join("starts")).unwrap().len()
    }

    /// Grade it by the first checks.
    fn graded(&self, arguments: &str, keep: bool) -> Result<Graded, NotReady> {
        let launch = Launch::command(&self.command(arguments), keep).unwrap();
        let suite = &Suite::of_lesson("03_struct_header")[0];
        suite.grade(&launch, |check| NAMES.contains(&check.name), || false)
    }
}

/// A process that somebody else has started. It is ended when this is dropped.
struct Started(Child);

impl Started {
    fn of(command: &mut Command) -> Started {
        Started(command.spawn().unwrap())
    }

    fn first_line(&mut self) -> String {
        use std::io::{BufRead, BufReader};

        let mut line = String::new();
        BufReader::new(self.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        line
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Wait until a process that was killed is gone; its parent is gone, too, so the system waits for it.
fn has_ended(process: &Path) -> bool {
    let is_gone = || {
        fs::read_to_string(process.join("stat"))
            .map_or(true, |stat| stat.rsplit(')').next().is_some_and(|it| it.starts_with(" Z")))
    };
    (0..10_000).any(|_| {
        is_gone() || {
            thread::yield_now();
            false
        }
    })
}
