//! The pages: Rust code that they mark as not compiling fails with the error that they name. And the README
//! lists every lesson: `SNAPSHOTS=overwrite just test` writes the list.

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use netkata_runner::course::{Course, Lesson};

#[path = "pages/promises.rs"]
mod promises;

/// The start of such a piece of code on a page: the rest of the line is the error code.
const FENCE: &str = "```rust,compile_fail,";

#[test]
fn code_marked_compile_fail_fails_with_its_error() {
    let lessons = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons"));
    let pages =
        lessons.expect("the lessons").flatten().map(|lesson| lesson.path().join("README.md"));
    let mut tried = 0;
    for page in pages {
        let text = fs::read_to_string(&page).expect("every lesson has a page");
        for piece in text.split(FENCE).skip(1) {
            let (code, rest) = piece.split_once('\n').expect("a fence ends its line");
            let (source, _) = rest.split_once("```").expect("a fence is closed");
            let errors = errors_of(source);
            let expected = format!("error[{code}]");
            assert!(errors.contains(&expected), "{}: no {expected}\n{errors}", page.display());
            assert_eq!(errors.matches("error[").count(), 1, "{}\n{errors}", page.display());
            tried += 1;
        }
    }
    assert!(tried > 0, "no page contains code that must not compile");
}

/// The start of the README's table of the lessons.
const TABLE: &str = "| | lesson | what breaks, and why |\n|---|---|---|\n";

#[test]
fn the_readme_lists_every_lesson_with_its_description() {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course");
    let rows = course.lessons().iter().map(|lesson| {
        let Lesson { number, folder, topic, .. } = lesson;
        let description = lesson.description();
        assert!(!description.is_empty(), "{folder}/Cargo.toml has no description");
        format!("| {number} | [`{topic}`](lessons/{folder}/README.md) | {description} |\n")
    });
    let rows: String = rows.collect();
    let file = course.root().join("README.md");
    let text = fs::read_to_string(&file).expect("there is a README");
    let (before, after) = text.split_once(TABLE).expect("the README has a table of the lessons");
    let (_, after) = after.split_once("\n\n").expect("the table ends with an empty line");
    let expected = format!("{before}{TABLE}{rows}\n{after}");
    if env::var_os("SNAPSHOTS").is_some_and(|action| action == "overwrite") {
        fs::write(&file, expected).expect("the README can be written");
    } else {
        assert!(text == expected, "the table should be\n{TABLE}{rows}");
    }
}

/// The compiler's messages about this source, as a library.
fn errors_of(source: &str) -> String {
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata"]);
    rustc.args(["-o", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut running = rustc.spawn().expect("the compiler that built this test");
    let mut stdin = running.stdin.take().expect("stdin is piped");
    stdin.write_all(source.as_bytes()).expect("the compiler reads its standard input");
    drop(stdin);
    let output = running.wait_with_output().expect("the compiler ends");
    String::from_utf8_lossy(&output.stderr).into_owned()
}
