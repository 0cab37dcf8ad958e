//! Mistakes: diffs that are shown, made, changed and carried over.

use std::fs;
use std::process::{Command, Stdio};

use super::*;

#[test]
fn a_mistake_is_printed_as_a_diff_of_the_solution() {
    let course = Course::open();
    let run = course.kata(["lesson", "1", "--answer", "wrong/waits_for_the_end", "--diff"]);
    assert_eq!(run.code, 0, "{run:?}");
    let kept = course.root.join("lessons/01_greeting/wrong/waits_for_the_end.diff");
    let kept = fs::read_to_string(kept).expect("the mistake is kept as a diff");
    // What is kept, and as many lines around the change as a diff usually has.
    let before = "@@ -4,7 +4,7 @@\n\n /// Read the greeting.\n pub fn";
    assert_eq!(run.stdout, kept.replace("@@ -6,5 +6,5 @@\n pub fn", before));
    let run = course.kata(["lesson", "1", "--answer", "solution", "--diff"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("name it with --answer wrong/NAME"), "{run:?}");
}

#[test]
fn a_mistake_is_made_and_changed_in_an_editor() {
    let course = Course::open();
    let diff = course.root.join("lessons/01_greeting/wrong/reads_four.diff");
    let _ = fs::remove_file(&diff);
    let edit = |editor: &str| {
        let mut command = course.command(["wrong", "1", "reads_four"]);
        Run::of(command.env_remove("VISUAL").env("EDITOR", editor))
    };
    assert_eq!(edit("").code, 2, "without an editor there is nothing to do");
    let unchanged = edit("true");
    assert!(unchanged.stderr.contains("it equals the solution"), "{unchanged:?}");
    assert!(!diff.exists());

    let made = edit("sed -i s/0;.5/0;\\x204/");
    assert_eq!(made.code, 0, "{made:?}");
    let kept = fs::read_to_string(&diff).expect("the mistake is kept");
    let head = "Caught by CHECK: CAUSE.\nWhat the answer does wrong.\n--- solution.rs\n";
    assert!(kept.starts_with(head), "{kept}");
    assert!(kept.contains("\n+    let mut greeting = [0; 4];\n"), "{kept}");
    let graded = course.json(["lesson", "1", "--answer", "wrong/reads_four"]);
    assert_eq!(graded["verdict"], "fail", "{graded}");

    let head = kept.replace("CHECK: CAUSE", "the_greeting_is_read_whole: ReadTooLittle");
    fs::write(&diff, head).expect("a diff can be written");
    assert_eq!(edit("sed -i s/0;.4/0;\\x203/").code, 0);
    let kept = fs::read_to_string(&diff).expect("the mistake is kept");
    assert!(kept.starts_with("Caught by the_greeting_is_read_whole: ReadTooLittle.\n"), "{kept}");
    assert!(kept.contains("\n+    let mut greeting = [0; 3];\n"), "{kept}");
    fs::remove_file(diff).expect("the mistake can be removed");
}

#[test]
fn a_mistake_is_stale_until_it_is_rebased() {
    let course = Course::open();
    let git = |words: &[&str]| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=kata", "-c", "user.email=kata@localhost", "-c", "gc.auto=0"]);
        let status = git.args(words).current_dir(&course.root).stdout(Stdio::null()).status();
        assert!(status.expect("git is there").success(), "{words:?}");
    };
    let solution = course.root.join("lessons/01_greeting/solution.rs");
    let repository = course.root.join(".git");
    let _ = fs::remove_dir_all(&repository);
    git(&["init", "--quiet"]);
    git(&["add", "lessons/01_greeting/solution.rs"]);
    git(&["commit", "--quiet", "--message", "The solution"]);
    let answer = ["lesson", "1", "--answer", "wrong/waits_for_the_end"];
    let diff = course.root.join("lessons/01_greeting/wrong/waits_for_the_end.diff");

    // The lines of the mistake have moved, and there is a new comment between them.
    fs::write(&solution, SOLUTION.replace("/// Read", "/// The first words.\n///\n/// Read"))
        .unwrap();
    let stale = course.kata(answer);
    assert_eq!(stale.code, 1, "{stale:?}");
    assert!(stale.stderr.contains("waits_for_the_end.diff does not apply exactly"), "{stale:?}");
    assert!(stale.stderr.contains("cargo kata wrong 1 --rebase"), "{stale:?}");
    let carried = course.kata(["wrong", "1", "--rebase"]);
    assert_eq!(carried.code, 0, "{carried:?}");
    assert_eq!(course.json(answer)["verdict"], "fail");

    // The solution has changed where the mistake is.
    git(&["commit", "--quiet", "--all", "--message", "Say more"]);
    let again = fs::read_to_string(&solution).unwrap().replace("[0; 5]", "[b' '; 5]");
    fs::write(&solution, &again).unwrap();
    let before = fs::read(&diff).unwrap();
    let conflict = course.kata(["wrong", "1", "--rebase"]);
    assert_eq!(conflict.code, 1, "{conflict:?}");
    assert!(conflict.stdout.contains("conflict: waits_for_the_end"), "{conflict:?}");
    assert_eq!(fs::read(&diff).unwrap(), before, "nothing is lost");
    let mut command = course.command(["wrong", "1", "waits_for_the_end"]);
    let kept = Run::of(command.env_remove("VISUAL").env("EDITOR", "true"));
    assert!(kept.stderr.contains("contains conflict markers"), "{kept:?}");
    fs::remove_dir_all(repository).unwrap();
}
