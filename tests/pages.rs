//! The lessons' pages: what they show as Rust that does not compile, does not, for the reason they give.

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// How a page begins such a piece: the rest of the line is the error's code.
const FENCE: &str = "```rust,compile_fail,";

#[test]
fn what_a_page_says_does_not_compile_does_not_for_the_reason_it_gives() {
    let lessons = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons"));
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
    assert!(tried > 0, "no page shows anything that does not compile");
}

/// What the compiler says about this source, as a library.
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
