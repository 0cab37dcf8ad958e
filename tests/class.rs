//! Grade classes with `kata class`: what is found, what is graded, and what an interrupted run loses.
//!
//! The submissions are those of lesson 3, because its tests are quick; the sandbox is the strongest that works
//! here.

#![cfg(target_os = "linux")] // Where processes can be inspected and stopped.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;

use netkata_class::grading::sandbox;
use netkata_class::results::{Results, Sandbox, Status, Student, Submission, Verdict};
use netkata_runner::answer::Answer;
use netkata_runner::course::Course;
use netkata_runner::grading::{self, Task, Wanted};
use netkata_runner::mistake::Mistake;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

static COURSE: LazyLock<Course> =
    LazyLock::new(|| Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course"));

#[test]
fn a_class_is_graded_as_each_submission_alone() {
    let class = Class::new();
    let lesson = COURSE.lesson("3").unwrap();
    let mistakes = Mistake::all(lesson);
    let mut sources = vec![file("solution.rs"), file("naive.rs"), "fn main( {".to_owned()];
    sources.extend(mistakes.iter().step_by(15).map(|it| it.program(&COURSE).unwrap()));
    for (number, source) in sources.iter().enumerate() {
        class.hand_in(&format!("student{number:02}/lesson3.rs"), source);
    }
    let results = class.graded(&[]);
    assert_eq!(results.students.len(), sources.len());
    for (number, student) in results.students.iter().enumerate() {
        let answer =
            Answer::Path(class.submissions().join(format!("student{number:02}/lesson3.rs")));
        let task = Task { lesson: lesson.clone(), answer, wanted: Wanted::default() };
        let alone = grading::grade(&COURSE, &[task]).unwrap().remove(0);
        let grading = only(student).grading.as_ref().unwrap();
        assert_eq!(word(grading.verdict), alone.verdict.word(), "{number}: {:?}", grading.note);
        let together: Vec<_> = grading.checks.iter().map(|it| (&it.name, of(it.status))).collect();
        let alone: Vec<_> = alone.checks.iter().map(|it| (&it.name, it.status.word())).collect();
        assert_eq!(together, alone, "{number}");
    }
}

#[test]
fn a_class_of_several_languages_is_graded_on_the_wire() {
    let class = Class::new();
    class.hand_in("ann/lesson3.rs", &file("solution.rs"));
    class.hand_in("bob/lesson3.py", &file("programs/right/with_socketserver.py"));
    class.hand_in("cy/lesson3.py", &file("programs/notes.py"));
    class.hand_in("dee/lesson3.c", "int main(");
    class.hand_in("eve/lesson3.py", "raise SystemExit('no server')");
    let results = class.graded(&[]);
    let verdicts: BTreeMap<&str, Verdict> = (results.students.iter())
        .map(|it| (it.name.as_str(), only(it).grading.as_ref().unwrap().verdict))
        .collect();
    let expected = [
        ("ann", Verdict::Pass),
        ("bob", Verdict::Pass),
        ("cy", Verdict::Fail),
        ("dee", Verdict::Error),
        ("eve", Verdict::Error),
    ];
    assert_eq!(verdicts, BTreeMap::from(expected));
    let student = |name: &str| results.students.iter().find(|it| it.name == name).unwrap();
    let [bob, cy] = ["bob", "cy"].map(|name| student(name).score);
    assert_eq!(bob, 10.0);
    assert!(0.0 < cy && cy < 10.0, "{cy}");
    let rustc_like = only(student("dee")).grading.as_ref().unwrap().compile_message.clone();
    assert!(rustc_like.is_some_and(|message| message.contains("exercise.c")));
}

#[test]
fn folders_clones_archives_and_files_are_found() {
    let class = Class::new();
    let solution = file("solution.rs");
    class.hand_in("folders/王小明/lesson3.rs", &solution);
    class.hand_in("clones/ann/.git/HEAD", "ref: refs/heads/main");
    class.hand_in("clones/ann/lessons/03_struct_header/exercise.rs", &solution);
    class.hand_in("clones/ann/lessons/03_struct_header/naive.rs", &solution);
    class.hand_in("clones/ann/tests/03_struct_header.rs", "");
    class.hand_in("bob_lesson3.rs", &solution);
    class.hand_in("dan/03_struct_header.rs", &solution);
    let moodle = class.folder.path().join("moodle.zip");
    let mut archive = ZipWriter::new(fs::File::create(&moodle).unwrap());
    let name = "Cleo Chu_4711_assignsubmission_file/lesson3.rs";
    archive.start_file(name, SimpleFileOptions::default()).unwrap();
    archive.write_all(solution.as_bytes()).unwrap();
    archive.start_file("__MACOSX/._lesson3.rs", SimpleFileOptions::default()).unwrap();
    archive.finish().unwrap();
    let sources =
        ["folders", "clones", "bob_lesson3.rs", "dan"].map(|name| class.submissions().join(name));
    let done = class.run_for(sources.iter().chain([&moodle]), &[]);
    assert!(done.status.success(), "{done:?}");
    let results = class.results();
    let names: Vec<_> = results.students.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Cleo Chu", "ann", "bob", "dan", "王小明"]);
    for student in &results.students {
        assert_eq!(student.score, 10.0, "{}", student.name);
        let is_clone = student.name == "ann";
        assert_eq!(only(student).handed_in.is_none(), is_clone, "{}", student.name);
    }
    let keys = results.students.iter().map(|it| &only(it).grading.as_ref().unwrap().started);
    assert!(keys.clone().all(|started| Some(started) == keys.clone().next()), "graded once");
}

#[test]
fn two_submissions_for_one_lesson_are_refused() {
    let class = Class::new();
    class.hand_in("ann/lesson3.rs", "");
    class.hand_in("ann/03_struct_header.rs", "");
    let refused = class.run(&[]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    let said = String::from_utf8_lossy(&refused.stderr);
    for named in ["ann/lesson3.rs", "ann/03_struct_header.rs"] {
        assert!(said.contains(named), "{said}");
    }
}

#[test]
fn a_link_to_another_students_file_is_not_followed() {
    let class = Class::new();
    class.hand_in("ann/lesson3.rs", &file("solution.rs"));
    fs::create_dir(class.submissions().join("bob")).unwrap();
    let link = class.submissions().join("bob/lesson3.rs");
    std::os::unix::fs::symlink("../ann/lesson3.rs", link).unwrap();
    let results = class.graded(&["--lessons", "3"]);
    let names: Vec<_> = results.students.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["ann"]);
}

#[test]
fn an_interrupted_run_goes_on() {
    for signal in ["-INT", "-KILL"] {
        let class = Class::new();
        for number in 0..6 {
            class.hand_in(
                &format!("{number}/lesson3.rs"),
                &format!("// {number}\n{}", file("solution.rs")),
            );
        }
        // Only its own verdict waits for this one.
        class.hand_in("z/lesson3.rs", &hanging());
        let mut run = class.start(&["--quick"]);
        let first = until(|| class.verdicts().into_iter().next());
        let family = family_of(run.id());
        assert!(family.len() > 1, "workers run");
        kill(signal, &run);
        let code = run.wait().unwrap().code();
        assert_eq!(code, (signal == "-INT").then_some(130), "{signal}");
        let before = class.verdicts();
        assert!(before.contains_key(first.0.as_path()));
        until(|| family.iter().all(|id| has_ended(*id)).then_some(()));
        let results = class.graded(&["--quick"]);
        assert_eq!(results.students.len(), 7);
        let after = class.verdicts();
        assert_eq!(after.len(), 7, "{signal}");
        for (file, content) in before {
            assert_eq!(after[&file], content, "{signal}: not graded again");
        }
    }
}

#[test]
fn parts_are_merged_to_the_same_results() {
    let class = Class::new();
    for number in 0..5 {
        let source = format!(
            "// {number}\n{}",
            file(if number % 2 == 0 { "solution.rs" } else { "naive.rs" })
        );
        class.hand_in(&format!("s{number}/lesson3.rs"), &source);
    }
    class.hand_in("s0/lesson0.rs", "fn main( {");
    let lessons = ["--lessons", "0,3"];
    let whole = class.graded(&lessons);
    let parts: Vec<PathBuf> =
        (1..=2).map(|n| class.folder.path().join(format!("part{n}"))).collect();
    for (number, part) in (1..).zip(&parts) {
        let shard = format!("--shard={number}/2");
        let done = class.run_into(part, &[&lessons[..], &[&shard]].concat());
        assert!(done.status.success(), "{done:?}");
    }
    let merged = class.folder.path().join("merged");
    let merge = |parts: &[PathBuf]| {
        let mut kata = kata();
        kata.arg("--merge").args(parts).arg("--out").arg(&merged).output().unwrap()
    };
    let done = merge(&parts);
    assert!(done.status.success(), "{done:?}");
    assert!(without_times(read(&merged)) == without_times(whole), "the results differ");
    let twice = merge(&[parts[0].clone(), parts[0].clone()]);
    assert_eq!(twice.status.code(), Some(2), "{twice:?}");
    fs::write(parts[1].join("results.json"), "{\"schema_version\":1").unwrap();
    let broken = merge(&parts);
    assert!(String::from_utf8_lossy(&broken.stderr).contains("part2"), "{broken:?}");
    assert_eq!(without_times(read(&merged)).students.len(), 5, "the old results stay");
}

#[test]
fn a_submission_costs_its_own_verdict_only() {
    let class = Class::new();
    let body = |name: &str, body: &str| {
        class.hand_in(&format!("{name}/lesson3.rs"), &reading_with(body));
    };
    body("a_ends", "std::process::exit(0);");
    body("b_aborts", "std::process::abort();");
    body("c_prints", "loop { println!(\"{}\", \"x\".repeat(1 << 16)); }");
    body("d_eats", "let mut eaten = Vec::new(); loop { eaten.push(vec![1_u8; 1 << 20]); }");
    body(
        "e_stops_its_parent",
        "let _ = std::process::Command::new(\"sh\").args([\"-c\", \"kill -9 $(cut -d' ' -f4 /proc/$PPID/stat)\"]).status();",
    );
    class.hand_in("f_large/lesson3.rs", &"// too large\n".repeat(100_000));
    class.hand_in("g_is_binary/lesson3.rs", "\0\u{1}");
    class.hand_in("h_right/lesson3.rs", &file("solution.rs"));
    let results = class.graded(&[]);
    for student in &results.students {
        let grading = only(student).grading.as_ref().unwrap();
        let expected: &[Verdict] = match student.name.as_str() {
            "f_large" | "g_is_binary" => &[Verdict::Error],
            "h_right" => &[Verdict::Pass],
            // A fence keeps it from that, and then it is right.
            "e_stops_its_parent" => &[Verdict::Pass, Verdict::Fail, Verdict::Incomplete],
            _ => &[Verdict::Fail, Verdict::Incomplete],
        };
        assert!(expected.contains(&grading.verdict), "{}: {:?}", student.name, grading.verdict);
    }
}

#[test]
fn a_check_that_others_kept_from_being_tried_has_its_points() {
    let class = Class::new();
    class.hand_in("ann/lesson3.rs", &hanging());
    let thorough = only(&class.graded(&[]).students[0]).clone();
    let quick = only(&class.graded(&["--quick"]).students[0]).clone();
    let passed = |submission: &Submission| {
        let checks = &submission.grading.as_ref().unwrap().checks;
        checks.iter().filter(|check| check.status == Status::Pass).count()
    };
    assert!(passed(&thorough) > passed(&quick), "{} {}", passed(&thorough), passed(&quick));
    assert!(thorough.score.points > quick.score.points);
    let checks = &thorough.grading.as_ref().unwrap().checks;
    let mut names: Vec<_> = checks.iter().map(|check| &check.name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "each check once");
}

#[test]
fn bubblewrap_hides_files_and_the_network() {
    let class = Class::new();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    class.hand_in("secret/lesson3.rs", "// a secret\n");
    let secret = class.submissions().join("secret/lesson3.rs");
    let solution = COURSE.lesson("3").unwrap().file("solution.rs");
    let spy = format!(
        "panic!(\"{{:?}} {{:?}} {{:?}} {{:?}}\", std::fs::read_to_string({secret:?}).is_ok(), \
         std::fs::read_to_string({solution:?}).is_ok_and(|text| !text.is_empty()), \
         std::net::TcpStream::connect((\"127.0.0.1\", {port})).is_ok(), \
         std::env::home_dir().is_some_and(|home| home.join(\".ssh\").exists() || home.join(\".bashrc\").exists()));"
    );
    class.hand_in("spy/lesson3.rs", &reading_with(&spy));
    let results = class.graded(&[]);
    let spy = results.students.iter().find(|it| it.name == "spy").unwrap();
    let grading = only(spy).grading.as_ref().unwrap();
    if grading.sandbox != Sandbox::Bubblewrap {
        return println!("not checked here: bubblewrap is missing, or not allowed to work");
    }
    let stories = serde_json::to_string(&grading.checks).unwrap();
    assert!(stories.contains("false false false false"), "{stories}");
}

/// A class in a folder of its own.
struct Class {
    folder: TempDir,
}

impl Class {
    fn new() -> Class {
        Class { folder: tempfile::tempdir().unwrap() }
    }

    fn submissions(&self) -> PathBuf {
        self.folder.path().join("submissions")
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn hand_in(&self, path: &str, content: &str) {
        let file = self.submissions().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }

    fn start(&self, options: &[&str]) -> Child {
        let mut kata = kata();
        kata.arg(self.submissions()).args(options).arg("--out").arg(self.out());
        kata.stderr(Stdio::null()).spawn().unwrap()
    }

    fn run(&self, options: &[&str]) -> Output {
        self.run_into(&self.out(), options)
    }

    fn run_into(&self, out: &Path, options: &[&str]) -> Output {
        kata().arg(self.submissions()).args(options).arg("--out").arg(out).output().unwrap()
    }

    fn run_for<'a>(&self, sources: impl Iterator<Item = &'a PathBuf>, options: &[&str]) -> Output {
        kata().args(sources).args(options).arg("--out").arg(self.out()).output().unwrap()
    }

    fn graded(&self, options: &[&str]) -> Results {
        let done = self.run(options);
        assert!(done.status.success(), "{done:?}");
        self.results()
    }

    fn results(&self) -> Results {
        read(&self.out())
    }

    /// Each file with a verdict, and its content.
    fn verdicts(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let files = fs::read_dir(self.out().join("verdicts")).into_iter().flatten().flatten();
        let files = files.map(|entry| entry.path());
        let files = files.filter(|file| file.extension().is_some_and(|it| it == "json"));
        files.map(|file| (file.clone(), fs::read(&file).unwrap())).collect()
    }
}

fn kata() -> Command {
    let mut kata = Command::new(env!("CARGO_BIN_EXE_kata-class"));
    kata.current_dir(COURSE.root());
    // On a machine without any sandbox: the submissions here harm none.
    if sandbox::strongest(&COURSE, false).is_err() {
        kata.arg("--unsandboxed");
    }
    kata
}

fn read(out: &Path) -> Results {
    serde_json::from_slice(&fs::read(out.join("results.json")).unwrap()).unwrap()
}

/// A file of lesson 3.
fn file(name: &str) -> String {
    fs::read_to_string(COURSE.lesson("3").unwrap().file(name)).unwrap()
}

/// A submission that waits for ever in every read, and writes as it should.
fn hanging() -> String {
    reading_with("loop { std::thread::park(); if false { break } }")
}

/// The solution of lesson 3, with a statement before all others in `read_message`.
fn reading_with(statement: &str) -> String {
    let text = file("solution.rs");
    let function = text.find("pub fn read_message").expect("it has this function");
    let body = function + text[function..].find(" {\n").expect("it has a body") + 2;
    format!("{}{statement}{}", &text[..body], &text[body..])
}

/// The only submission that was handed in.
fn only(student: &Student) -> &Submission {
    student.submissions.iter().find(|it| it.grading.is_some()).expect("something was handed in")
}

fn word(verdict: Verdict) -> String {
    serde_json::to_value(verdict).unwrap().as_str().unwrap().to_owned()
}

fn of(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::Skipped => "skipped",
        Status::Incomplete => "incomplete",
        Status::Machine => "machine",
    }
}

/// Without what differs between two gradings of the same submissions.
fn without_times(mut results: Results) -> Results {
    let submissions = results.students.iter_mut().flat_map(|it| &mut it.submissions);
    for grading in submissions.filter_map(|it| it.grading.as_mut()) {
        grading.started = Default::default();
        grading.seconds = 0.0;
        grading.checks.iter_mut().for_each(|check| check.seconds = 0.0);
    }
    results
}

/// A process and everything that it has started.
fn family_of(process: u32) -> Vec<u32> {
    // Each thread has its own.
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let children = threads.filter_map(|it| fs::read_to_string(it.path().join("children")).ok());
    let children: Vec<u32> = children
        .flat_map(|ids| ids.split_whitespace().flat_map(str::parse).collect::<Vec<_>>())
        .collect();
    std::iter::once(process).chain(children.into_iter().flat_map(family_of)).collect()
}

/// Whether a process has ended; one that waits to be buried has.
fn has_ended(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_none_or(|rest| rest.is_empty() || rest.starts_with(" Z"))
}

fn kill(signal: &str, process: &Child) {
    let id = process.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
}

fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    loop {
        match look() {
            Some(found) => return found,
            None => std::thread::yield_now(),
        }
    }
}
