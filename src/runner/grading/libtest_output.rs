//! Separates what an answer printed from what the test program around it printed.

/// The lines that the answer printed, standard output first.
pub(crate) fn lines(stdout: &str, stderr: &str, tests: &[String]) -> Vec<String> {
    let mut filter = WithoutLibtest::new(tests);
    let mut lines: Vec<String> = stdout.lines().flat_map(|line| filter.take(line)).collect();
    lines.extend(filter.end());
    lines.extend(stderr.lines().filter_map(shown));
    lines
}

/// Removes libtest's own text from a test program's output: `test NAME ... ` before what a test prints,
/// `ok` or `FAILED` after it, and a summary.
pub(crate) struct WithoutLibtest {
    tests: Vec<String>,
    /// A line that may end in libtest's result: only the next line shows whether it does.
    held: Option<String>,
}

impl WithoutLibtest {
    /// A filter for a program that runs these tests, or none.
    pub(crate) fn new(tests: &[String]) -> WithoutLibtest {
        WithoutLibtest { tests: tests.to_owned(), held: None }
    }

    /// Take the next line, and return the lines that are now known to be the answer's.
    pub(crate) fn take(&mut self, line: &str) -> Vec<String> {
        let begun = line.strip_prefix(r"test ").and_then(|line| line.split_once(" ... "));
        match begun.filter(|(name, _)| self.is_test(name)) {
            Some((_, rest)) => {
                let before = self.held.take().and_then(|line| shown(without_result(&line)));
                before.into_iter().chain(self.hold(rest)).collect()
            }
            None if line.starts_with(r"test result: ") => {
                self.held.take().and_then(|line| shown(without_result(&line))).into_iter().collect()
            }
            None if self.is_summary(line) => Vec::new(),
            None => self.end().into_iter().chain(self.hold(line)).collect(),
        }
    }

    /// The rest, after the last line.
    pub(crate) fn end(&mut self) -> Option<String> {
        self.held.take().and_then(|line| shown(&line))
    }

    fn hold(&mut self, line: &str) -> Option<String> {
        if without_result(line) == line {
            return shown(line);
        }
        self.held = Some(line.to_owned());
        None
    }

    fn is_summary(&self, line: &str) -> bool {
        line.is_empty()
            || line == "failures:"
            || line == r"running 1 test"
            || line == format!(r"running {} tests", self.tests.len())
            || line.strip_prefix("    ").is_some_and(|name| self.is_test(name))
    }

    fn is_test(&self, name: &str) -> bool {
        self.tests.iter().any(|test| test == name)
    }
}

fn without_result(line: &str) -> &str {
    line.strip_suffix("ok").or(line.strip_suffix("FAILED")).unwrap_or(line)
}

/// A line as it is shown; `None` if it is empty.
fn shown(line: &str) -> Option<String> {
    (!line.trim().is_empty()).then(|| harmless(line))
}

/// A line without colours or control characters, so that it cannot steer the terminal.
fn harmless(line: &str) -> String {
    let text = anstream::adapter::strip_str(line).to_string();
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{WithoutLibtest, harmless};

    fn without_libtest(text: &str, tests: &[String]) -> Vec<String> {
        let mut filter = WithoutLibtest::new(tests);
        let lines: Vec<String> = text.lines().flat_map(|line| filter.take(line)).collect();
        lines.into_iter().chain(filter.end()).collect()
    }

    #[test]
    fn libtest_output_is_removed_anywhere() {
        let tests = ["one".to_owned(), "two::case_1".to_owned()];
        let text = "\nrunning 2 tests\ntest one ... hello\nworldok\ntest two::case_1 ... FAILED\n\
                    \nfailures:\n\nfailures:\n    two::case_1\n\ntest result: FAILED. 1 passed\n";
        let lines = without_libtest(text, &tests);
        assert_eq!(lines, ["hello", "world"]);
    }

    #[test]
    fn similar_output_of_the_answer_stays() {
        let tests = ["one".to_owned()];
        let text = "test one ... test me ... ok\nok\nall ok\nok\ntest result: ok.\n";
        let lines = without_libtest(text, &tests);
        assert_eq!(lines, ["test me ... ok", "ok", "all ok"]);
    }

    #[test]
    fn a_line_is_shown_at_once_unless_it_may_end_in_a_result() {
        let mut filter = WithoutLibtest::new(&["one".to_owned()]);
        assert_eq!(filter.take("test one ... listening"), ["listening"]);
        assert!(filter.take("all is ok").is_empty());
        assert_eq!(filter.take("and on"), ["all is ok", "and on"]);
    }

    #[test]
    fn a_line_cannot_steer_the_terminal() {
        assert_eq!(
            harmless("\u{1b}[2Jred\u{1b}[31m and\rback\tand tab"),
            "red and\u{fffd}back\tand tab"
        );
    }
}
