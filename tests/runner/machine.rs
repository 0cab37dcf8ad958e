//! Programs, the machine and the shell.

use std::fs;
use std::io::Read;
use std::process::Command;
use std::time::SystemTime;

use snapbox::{assert_data_eq, str};

use super::*;

// Programs.

#[cfg(unix)]
#[test]
fn server_and_client_talk_until_ctrl_c() {
    let course = Course::open();
    let serve = ["serve", "1", "polite", "--port", "0", "--answer", "solution"];
    let (mut server, port) = course.serve(serve);
    let client = course.kata(["client", "1", "--port", &port]);
    assert_eq!(client.code, 0, "{client:?}");
    // A user who waits for an answer knows whether one comes.
    assert_eq!(client.stderr, "client greeter: greets, expects no answer\n");

    let busy = course.kata(["serve", "1", "polite", "--port", &port]);
    assert_eq!(busy.code, 1, "{busy:?}");
    let taken =
        format!("\nerror: failed to listen on 127.0.0.1:{port}: another program uses this port");
    assert!(busy.stderr.contains(&taken), "{busy:?}");

    signal("INT", &server.id().to_string());
    assert!(!server.wait().expect("it ends").success());
    let (mut heard, mut said) = (String::new(), String::new());
    let mut stdout = server.stdout.take().expect("stdout is piped");
    stdout.read_to_string(&mut heard).expect("text");
    assert_eq!(heard, "heard hello\n");
    let mut stderr = server.stderr.take().expect("stderr is piped");
    stderr.read_to_string(&mut said).expect("text");
    assert_eq!(said, "serve polite: prints each greeting, answers nothing\n");

    let refused = course.kata(["client", "1", "--port", &port]);
    assert_eq!(refused.code, 1, "{refused:?}");
    let alone = format!("\nerror: failed to connect to 127.0.0.1:{port}: no program listens there");
    assert!(refused.stderr.contains(&alone), "{refused:?}");
}

/// As after a Python server that was just stopped: it does not set SO_REUSEADDR, and Linux wants it on both.
#[cfg(target_os = "linux")]
#[test]
fn a_port_in_time_wait_is_told_from_one_that_a_program_has() {
    use netkata::{TcpEnd, TcpState};
    use socket2::{Domain, Socket, Type};

    let course = Course::open();
    let before = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let any: std::net::SocketAddr = "127.0.0.1:0".parse().expect("an address");
    before.bind(&any.into()).expect("a free port");
    before.listen(1).expect("it listens");
    let address = before.local_addr().ok().and_then(|it| it.as_socket()).expect("an address");
    let client = std::net::TcpStream::connect(address).expect("it listens");
    let here = client.local_addr().expect("an address");
    drop(before.accept().expect("a client"));
    drop((client, before));
    let is_waiting =
        || TcpEnd::of(address, here).is_some_and(|end| end.state == TcpState::TimeWait);
    assert!(within_a_second(is_waiting), "the server closed first");

    let port = address.port().to_string();
    let serve = course.kata(["serve", "1", "polite", "--port", &port, "--answer", "solution"]);
    assert_eq!(serve.code, 1, "{serve:?}");
    assert!(serve.stderr.contains("no program uses this port"), "{serve:?}");
    let (_, after) = serve.stderr.split_once("(TIME-WAIT), for ").expect("how long");
    let seconds: u64 = after.split(' ').next().and_then(|it| it.parse().ok()).expect("a number");
    assert!((1..=61).contains(&seconds), "{serve:?}");
}

#[test]
fn a_program_must_be_named_if_there_are_several() {
    let course = Course::open();
    for words in [vec!["serve", "1"], vec!["serve", "1", "friendly"]] {
        let run = course.kata_with(words);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.ends_with("\n  choose one of polite, rude\n"), "{run:?}");
    }
    let run = course.kata(["serve", "2"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("lesson 2 has no programs to run"), "{run:?}");
}

// The machine and the shell.

#[cfg(unix)]
#[test]
fn doctor_names_the_command_that_fixes_a_problem() {
    let course = Course::open();
    let bin = course.scratch("bin");
    fs::create_dir_all(&bin).expect("a scratch folder");
    let link = |name: &str| {
        let path = std::env::var_os("PATH").expect("there is a path");
        let mut programs = std::env::split_paths(&path).map(|folder| folder.join(name));
        let program = programs.find(|program| program.is_file()).expect("it is installed");
        std::os::unix::fs::symlink(program, bin.join(name)).expect("a link");
    };
    let doctor = || Run::of(course.command(["doctor"]).env("PATH", &bin));
    fs::write(bin.join("dnf"), "").expect("written");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(bin.join("dnf"), executable).expect("it can be made executable");

    link("cargo");
    let run = doctor();
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout.contains("✗ rustc is missing: nothing can be compiled\n    curl "),
        "{run:?}"
    );

    link("rustc");
    let run = doctor();
    assert_eq!(run.code, 0, "{run:?}");
    for part in [
        "✓ rustc 1.",
        "✓ every crate is on this machine",
        "✓ loopback, IPv4: 127.0.0.1 answers",
        "– git is missing; you may want it to fetch new lessons",
        "\n    sudo dnf install git\n",
        "\n    cargo install just\n",
        "\n    sudo dnf install python3\n",
        "\nthe lessons work; what is marked with – is optional\n",
    ] {
        assert!(run.stdout.contains(part), "{part}: {run:?}");
    }
}

#[cfg(unix)]
#[test]
fn doctor_reports_too_few_descriptors() {
    let course = Course::open();
    let mut shell = Command::new("sh");
    let limited = format!("ulimit -n 256; exec {} doctor --lang en", env!("CARGO_BIN_EXE_kata"));
    let run = Run::of(shell.args(["-c", &limited]).current_dir(&course.root));
    assert_eq!(run.code, 1, "{run:?}");
    let expected =
        "✗ a process may open 256 files and sockets: lesson 4 has 500 clients\n    sudo prlimit";
    assert!(run.stdout.contains(expected), "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_limit_that_is_too_low_for_a_check_is_named() {
    let course = Course::open();
    let limited = |limit: &str| {
        let limits = format!(r#"ulimit {limit}; exec "$@""#);
        let kata = course.command(["lesson", "1", "--answer", "solution"]);
        Run::of(&mut within_a(&["sh", "-c", &limits, "sh"], &kata))
    };
    let raised = limited("-S -n 128");
    assert_eq!(raised.code, 0, "the soft limit is raised: {raised:?}");
    let run = limited("-n 128");
    assert_eq!(run.code, 3, "{run:?}");
    assert_data_eq!(
        run.stdout,
        str![[r#"
lesson 1 greeting, solution: 1 of 2 checks pass, the others are not tried

✓ the greeting is read whole
– the stream may stay open (not tried)

! Not tried: this check has up to 256 files and sockets open at once, and this
  machine allows a process 128 (the hard limit of descriptors, getrlimit(2)).
  Your code is not to blame.

"#]]
    );
}

/// In a network of its own, where the loopback is down until it is brought up.
#[cfg(target_os = "linux")]
#[test]
fn a_loopback_that_is_down_is_not_the_answers_fault() {
    let course = Course::open();
    let Some(run) = apart(&course, "--net", ["lesson", "1", "--answer", "solution"]) else {
        return println!("not checked here: this system grants no namespaces");
    };
    assert_eq!(run.code, 3, "{run:?}");
    let said = "loopback, IPv4: 127.0.0.1 does not answer (Network is unreachable (os error 101)); every \
                lesson uses it: see `sudo ip link set lo up`";
    let page: Vec<&str> = run.stdout.split_whitespace().collect();
    assert!(page.join(" ").contains(said), "{run:?}");
}

#[test]
fn a_machines_fault_has_a_verdict_and_a_status_of_its_own() {
    let course = Course::open();
    let nowhere = course.scratch("nowhere");
    let without_tmp = |words: [&str; 2]| {
        let mut command = course.command(words);
        command.envs(["TMPDIR", "TMP", "TEMP"].map(|name| (name, &nowhere)));
        command
    };
    course.write_exercise(SOLUTION);
    assert_eq!(course.kata(["lesson", "1"]).code, 0);
    let run = Run::of(&mut without_tmp(["lesson", "1"]));
    assert_eq!(run.code, 3, "{run:?}");
    assert!(
        run.stdout.starts_with("lesson 1 greeting: cannot be graded\n\n! temporary files in "),
        "{run:?}"
    );
    assert!(run.stdout.contains("\nnext: cargo kata doctor "), "{run:?}");
    let json = Run::of(without_tmp(["lesson", "1"]).arg("--json"));
    assert_eq!((json.code, &json.json()["verdict"]), (3, &"machine".into()));
    assert!(json.json()["note"].as_str().is_some_and(|note| note.contains("nowhere")), "{json:?}");
    assert!(course.kata(["list"]).stdout.contains("✓ green\n"), "the last verdict stays");
    course.write_exercise(&course.naive());
    let hint = Run::of(&mut without_tmp(["hint", "1"]));
    assert_eq!(hint.code, 3, "{hint:?}");
    assert!(hint.stderr.contains("waits for this machine, not for your code"), "{hint:?}");
}

/// Run a command in new namespaces of this kind; `None` if the system does not grant them.
#[cfg(target_os = "linux")]
fn apart<const N: usize>(course: &Course, kind: &str, words: [&str; N]) -> Option<Run> {
    let unshare = ["unshare", "--map-root-user", kind];
    let is_granted = Command::new(unshare[0]).args(&unshare[1..]).arg("true").status();
    let kata = course.command(words);
    is_granted.ok().filter(|status| status.success())?;
    Some(Run::of(&mut within_a(&unshare, &kata)))
}

/// The command as it is started by another one.
#[cfg(unix)]
fn within_a(outer: &[&str], kata: &Command) -> Command {
    let mut command = Command::new(outer[0]);
    command.args(&outer[1..]).arg(kata.get_program()).args(kata.get_args());
    for (name, value) in kata.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.current_dir(kata.get_current_dir().expect("it has one"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn every_shell_gets_a_script() {
    let course = Course::open();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let run = course.kata(["completions", shell]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.contains("cargo kata "), "it defines the short command: {shell}");
        assert!(run.stdout.contains("completions"), "it knows the commands: {shell}");
        let knows_lessons = run.stdout.contains("counting");
        assert_eq!(knows_lessons, shell != "powershell", "{shell}: only PowerShell has no lessons");
    }
    assert!(course.kata(["completions", "zsh"]).stdout.starts_with("#compdef kata\n"));
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_and_lessons() {
    let course = Course::open();
    let script = course.scratch("completions.bash");
    fs::write(&script, course.kata(["completions", "bash"]).stdout).expect("written");
    let press_tab = |words: &str, last: &str| {
        let press = format!(
            "source {script:?}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _kata kata {last} ''; echo ${{COMPREPLY[@]}}"
        );
        Run::of(Command::new("bash").args(["--norc", "-c", &press])).stdout
    };
    assert_eq!(press_tab("kata wa", "wa"), "watch\n");
    assert_eq!(press_tab("kata lesson co", "co"), "counting\n");
}

/// The built program, which `just` and the shell's `kata` start without cargo, calls cargo if it is older than
/// its sources.
#[cfg(unix)]
#[test]
fn a_program_older_than_a_source_lets_cargo_start_it() {
    use std::os::unix::fs::PermissionsExt;

    let course = Course::open();
    let folder = course.scratch("started without cargo");
    let (bin, program, source) =
        (folder.join("bin"), folder.join("kata"), folder.join("a source.rs"));
    fs::create_dir_all(&bin).expect("a folder");
    fs::write(bin.join("cargo"), "#!/bin/sh\necho cargo \"$@\"\n").expect("written");
    fs::set_permissions(bin.join("cargo"), fs::Permissions::from_mode(0o755)).expect("its rights");
    fs::write(&source, "").expect("written");
    fs::copy(env!("CARGO_BIN_EXE_kata"), &program).expect("copied");
    let listed = source.to_str().expect("a plain path").replace(' ', "\\ ");
    let list = folder.join("kata.d");
    fs::write(&list, format!("kata: {listed}\n")).expect("written");
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = std::env::var("PATH").expect("there are programs");
    let started_in = |folder: &Path| {
        let mut command = Command::new(&program);
        command.args(["lesson", "--help"]).current_dir(folder).env_remove("CARGO_PKG_NAME");
        Run::of(command.env("PATH", format!("{}:{path}", bin.display()))).stdout
    };
    let by_cargo = "cargo kata lesson --help\n";

    assert!(started_in(&here).contains("Usage"), "it is newer than its source");
    assert_eq!(started_in(&course.root), by_cargo, "it was built from another course");
    let tomorrow = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    let file = fs::File::options().write(true).open(&source).expect("it is there");
    file.set_modified(tomorrow).expect("a time can be set");
    assert_eq!(started_in(&here), by_cargo, "the source is newer");
    fs::remove_file(&source).expect("removed");
    assert_eq!(started_in(&here), by_cargo, "the source is gone");
    fs::remove_file(&list).expect("removed");
    assert_eq!(started_in(&here), by_cargo, "the sources are unknown");
}
