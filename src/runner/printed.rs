//! What an answer printed, told apart from what the test program around it printed.

use super::run::Run;

/// The lines that the answer printed, standard output first.
pub(crate) fn lines(run: &Run, tests: &[String]) -> Vec<String> {
    let stdout = without_libtest(&run.stdout, tests);
    let lines = stdout.into_iter().chain(run.stderr.lines());
    lines.filter(|line| !line.trim().is_empty()).map(harmless).collect()
}

/// The lines of a test program's output without what libtest wrote in it: `test NAME ... ` in front
/// of what a test prints, `ok` or `FAILED` behind it, and a summary.
fn without_libtest<'a>(text: &'a str, tests: &[String]) -> Vec<&'a str> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let name = line.strip_prefix("    ");
        if let Some((name, rest)) = line.strip_prefix("test ").and_then(|it| it.split_once(" ... "))
            && tests.iter().any(|test| test == name)
        {
            drop_result(&mut lines);
            lines.push(rest);
        } else if line.starts_with("test result: ") {
            drop_result(&mut lines);
        } else if !line.is_empty()
            && line != "failures:"
            && line != format!("running {} tests", tests.len())
            && line != "running 1 test"
            && !name.is_some_and(|name| tests.iter().any(|test| test == name))
        {
            lines.push(line);
        }
    }
    lines
}

fn drop_result(lines: &mut Vec<&str>) {
    if let Some(last) = lines.last_mut() {
        *last = last.strip_suffix("ok").or(last.strip_suffix("FAILED")).unwrap_or(last);
    }
}

/// A line that cannot steer the terminal: no colours, no control characters.
fn harmless(line: &str) -> String {
    let text = anstream::adapter::strip_str(line).to_string();
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{harmless, without_libtest};

    #[test]
    fn what_libtest_wrote_is_taken_out_wherever_it_stands() {
        let tests = ["one".to_owned(), "two::case_1".to_owned()];
        let text = "\nrunning 2 tests\ntest one ... hello\nworldok\ntest two::case_1 ... FAILED\n\
                    \nfailures:\n\nfailures:\n    two::case_1\n\ntest result: FAILED. 1 passed\n";
        let mut lines = without_libtest(text, &tests);
        lines.retain(|line| !line.is_empty());
        assert_eq!(lines, ["hello", "world"]);
    }

    #[test]
    fn what_only_looks_like_libtest_stays() {
        let tests = ["one".to_owned()];
        let text = "test one ... test me ... ok\nok\nall ok\nok\ntest result: ok.\n";
        let mut lines = without_libtest(text, &tests);
        lines.retain(|line| !line.is_empty());
        assert_eq!(lines, ["test me ... ok", "ok", "all ok"]);
    }

    #[test]
    fn a_line_cannot_steer_the_terminal() {
        assert_eq!(
            harmless("\u{1b}[2Jred\u{1b}[31m and\rback\tand tab"),
            "red and\u{fffd}back\tand tab"
        );
    }
}
