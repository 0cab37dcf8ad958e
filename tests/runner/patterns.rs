//! What a grading takes for unchanged: an answer is never compiled as it would have been before a change.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::SystemTime;

use super::*;

/// Green, unless the variable GREETING is set where rustc runs.
fn green_without_greeting() -> String {
    answer(
        "let greeting = [0; 5];\n\
         if option_env!(\"GREETING\").is_some() { return Ok(String::new()) }\n\
         let mut greeting = greeting;\n\
         stream.read_exact(&mut greeting)?;\n\
         Ok(String::from_utf8_lossy(&greeting).into_owned())",
    )
}

const GREETING: &str = "[env]\nGREETING = \"set\"\n";

/// The patterns that were built.
fn patterns() -> BTreeSet<PathBuf> {
    let folder = fs::read_dir(base().join("target/kata/patterns")).expect("there are patterns");
    folder.flatten().map(|entry| entry.path()).collect()
}

fn verdict_of(grading: &mut Command) -> Option<String> {
    Run::of(grading).json()["verdict"].as_str().map(str::to_owned)
}

/// Write a file, and put back what was there when this is dropped.
struct Changed {
    file: PathBuf,
    before: Option<Vec<u8>>,
}

impl Changed {
    fn to(file: PathBuf, text: &str) -> Changed {
        let before = fs::read(&file).ok();
        fs::create_dir_all(file.parent().expect("it is in a folder")).expect("a folder");
        fs::write(&file, text).expect("it can be written");
        Changed { file, before }
    }

    fn with(file: PathBuf, more: &str) -> Changed {
        let text = fs::read_to_string(&file).expect("it is there");
        Changed::to(file, &format!("{text}\n{more}"))
    }
}

impl Drop for Changed {
    fn drop(&mut self) {
        match &self.before {
            Some(before) => fs::write(&self.file, before).expect("it can be written again"),
            None => fs::remove_file(&self.file).expect("it can be removed"),
        }
    }
}

#[test]
fn cargo_configuration_counts_wherever_it_is() {
    let course = Course::open();
    course.write_exercise(&green_without_greeting());
    let verdict = || verdict_of(&mut course.command(["lesson", "1", "--json"]));
    assert_eq!(verdict().as_deref(), Some("pass"));
    let changes: [&dyn Fn() -> Changed; 4] = [
        &|| Changed::with(course.root.join(".cargo/config.toml"), GREETING),
        &|| Changed::to(base().join(".cargo/config.toml"), GREETING),
        &|| Changed::to(course.root.join("../.cargo/config"), GREETING),
        &|| Changed::to(cargo_home().join("config.toml"), GREETING),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let changed = change();
        assert_eq!(verdict().as_deref(), Some("fail"), "change {at}");
        drop(changed);
        assert_eq!(verdict().as_deref(), Some("pass"), "change {at} is undone");
    }
}

#[test]
fn the_environment_counts() {
    let course = Course::open();
    course.write_exercise(&green_without_greeting());
    let verdict = |name: &str| {
        let mut command = course.command(["lesson", "1", "--json"]);
        verdict_of(command.env(name, std::process::id().to_string()))
    };
    assert_eq!(verdict("ANYTHING").as_deref(), Some("pass"));
    let before = patterns();
    assert_eq!(verdict("GREETING").as_deref(), Some("fail"));
    assert_eq!(patterns().difference(&before).count(), 1, "it has a pattern of its own");
    assert_eq!(verdict("ANYTHING").as_deref(), Some("pass"));
    assert_eq!(patterns().difference(&before).count(), 1, "the first pattern is still valid");
}

#[test]
fn a_dependency_in_the_course_counts_and_so_does_what_was_built_from_it() {
    let course = Course::open();
    let lesson = course.root.join("lessons/01_greeting");
    let source = lesson.join("given/lib.rs");
    let _given = Changed::to(
        lesson.join("given/Cargo.toml"),
        "[package]\nname = \"given\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [lib]\npath = \"lib.rs\"\n",
    );
    let _source = Changed::to(source.clone(), "pub const SIZE: usize = 5;");
    let _lock = Changed::with(course.root.join("Cargo.lock"), "");
    let manifest = fs::read_to_string(lesson.join("Cargo.toml")).expect("it is there");
    let manifest =
        manifest.replace("[lints]", "[dependencies]\ngiven = { path = \"given\" }\n\n[lints]");
    let _manifest = Changed::to(lesson.join("Cargo.toml"), &manifest);
    course.write_exercise(&answer(
        "let mut greeting = [0; given::SIZE];\nstream.read_exact(&mut greeting)?;\n\
         Ok(String::from_utf8_lossy(&greeting).into_owned())",
    ));
    assert_eq!(course.json(["lesson", "1"])["verdict"], "pass");
    fs::write(&source, "pub const SIZE: usize = 4;").expect("written");
    assert_eq!(course.json(["lesson", "1"])["verdict"], "fail", "the source has changed");
    fs::write(&source, "pub const SIZE: usize = 5;").expect("written");
    assert_eq!(course.json(["lesson", "1"])["verdict"], "pass", "and again");
    for file in fs::read_dir(base().join("target/debug/deps")).expect("a folder").flatten() {
        if file.file_name().to_string_lossy().starts_with("libgiven-") {
            fs::remove_file(file.path()).expect("removed");
        }
    }
    assert_eq!(course.json(["lesson", "1"])["verdict"], "pass", "it is built again");
}

#[test]
fn manifests_and_the_lock_file_count() {
    let course = Course::open();
    course.write_exercise(SOLUTION);
    assert_eq!(course.json(["lesson", "1"])["verdict"], "pass");
    for file in ["Cargo.toml", "Cargo.lock", "lessons/01_greeting/Cargo.toml"] {
        let _broken = Changed::to(course.root.join(file), "[broken");
        let run = course.kata(["lesson", "1"]);
        assert_eq!(run.code, 3, "{file}: {run:?}");
        assert!(run.stdout.contains("failed to"), "{file}: {run:?}");
    }
    let lesson = course.root.join("lessons/01_greeting/Cargo.toml");
    let forbids = fs::read_to_string(&lesson).expect("it is there");
    let forbids = forbids.replace("[lints]\nworkspace = true", "[lints.rust]\nunused = \"deny\"");
    let _lints = Changed::to(lesson, &forbids);
    course.write_exercise(&SOLUTION.replace("pub fn", "fn unused() {}\npub fn"));
    assert_eq!(course.json(["lesson", "1"])["verdict"], "error", "its lints have changed");
}

#[test]
fn a_kept_program_comes_from_the_present_checks_and_keeps_its_warnings() {
    let course = Course::open();
    course.write_exercise(&SOLUTION.replace("pub fn", "fn unused() {}\npub fn"));
    let checks = course.root.join("tests/01_greeting.rs");
    let warned = |run: &Run| run.stdout.contains("rustc has 1 warning");
    for turn in 0..2 {
        let run = course.kata(["lesson", "1"]);
        assert!(run.code == 0 && warned(&run), "turn {turn}: {run:?}");
    }
    let text = fs::read_to_string(&checks).expect("it is there");
    assert!(text.contains("returns(\"hello\""), "this is what the test replaces");
    let changed = Changed::to(checks, &text.replace("returns(\"hello\"", "returns(\"howdy\""));
    assert_eq!(course.json(["lesson", "1"])["verdict"], "fail", "the checks have changed");
    drop(changed);
    assert_eq!(course.json(["lesson", "1"])["verdict"], "pass", "and are as before");
}

#[test]
fn two_gradings_at_once_do_not_mix() {
    let course = Course::open();
    let (good, bad) = (course.scratch("good.rs"), course.scratch("bad.rs"));
    fs::write(&good, SOLUTION).expect("written");
    fs::write(&bad, course.naive()).expect("written");
    course.write_exercise(SOLUTION);
    let (good, bad) = (good.to_str().expect("plain"), bad.to_str().expect("plain"));
    thread::scope(|scope| {
        for _ in 0..3 {
            for (answer, verdict) in [("exercise", "pass"), (good, "pass"), (bad, "fail")] {
                let course = &course;
                scope.spawn(move || {
                    let graded = course.json(["lesson", "1", "--answer", answer]);
                    assert_eq!(graded["verdict"], verdict, "{answer}");
                });
            }
        }
    });
    assert_eq!(folders_of_gradings(), 0, "each grading removes what it has built");
}

fn folders_of_gradings() -> usize {
    let left = fs::read_dir(base().join("target/kata")).expect("a folder").flatten();
    left.filter(|entry| entry.file_name().to_string_lossy().starts_with("grading-")).count()
}

#[test]
fn the_folder_of_a_grading_that_was_killed_is_removed_a_day_later() {
    let course = Course::open();
    let two_days_ago = SystemTime::now() - Duration::from_secs(2 * 24 * 60 * 60);
    for (name, time) in [("grading-old", two_days_ago), ("grading-new", SystemTime::now())] {
        let folder = base().join("target/kata").join(name);
        fs::create_dir_all(&folder).expect("a folder");
        let folder = fs::File::open(&folder).expect("it is there");
        folder.set_modified(time).expect("a time can be set");
    }
    assert_eq!(course.json(["lesson", "1"])["verdict"], "fail");
    assert_eq!(folders_of_gradings(), 1, "the new one may still be in use");
    fs::remove_dir(base().join("target/kata/grading-new")).expect("removed");
}
