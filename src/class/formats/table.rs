//! Writes `results.csv`: one row for each student and lesson.
//!
//! It is UTF-8 and begins with a byte order mark, without which Excel reads `王小明` as Latin letters.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write};

use csv::{Terminator, Writer, WriterBuilder};
use serde::Serialize;

use crate::reports::outcome;
use crate::results::{Check, Sandbox, Student};

/// The table, row by row.
pub(super) struct Table {
    writer: Writer<BufWriter<File>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: Cow<'a, str>,
    lesson: u32,
    verdict: &'a str,
    points: f64,
    max: f64,
    days_late: u32,
    first_failing_check: Cow<'a, str>,
    cause: Cow<'a, str>,
    sandbox: Option<Sandbox>,
    key: Cow<'a, str>,
}

impl Table {
    /// Begin a table in a new file.
    pub(super) fn begin(file: File) -> io::Result<Table> {
        let mut file = BufWriter::new(file);
        file.write_all("\u{feff}".as_bytes())?;
        let writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(file);
        Ok(Table { writer })
    }

    /// Add the rows of a student.
    pub(super) fn student(&mut self, student: &Student) -> io::Result<()> {
        for submission in &student.submissions {
            let grading = submission.grading.as_ref();
            let first = grading.and_then(|it| it.first_to_fix());
            self.writer.serialize(Row {
                name: no_formula(&student.name),
                lesson: submission.lesson,
                verdict: outcome::word(grading.map(|it| it.verdict)),
                points: super::rounded(submission.score.points),
                max: super::rounded(submission.score.max_points),
                days_late: submission.score.days_late,
                first_failing_check: no_formula(first.map_or("", |check| &check.name)),
                cause: no_formula(first.and_then(Check::cause).unwrap_or_default()),
                sandbox: grading.map(|it| it.sandbox),
                key: no_formula(grading.map_or("", |it| &it.key)),
            })?;
        }
        Ok(())
    }

    /// Write what is still in memory.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The text, with an apostrophe before it if a spreadsheet would calculate it.
fn no_formula(text: &str) -> Cow<'_, str> {
    const BEGIN_A_FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    // A spreadsheet may drop the blanks before it.
    match text.trim_start().starts_with(BEGIN_A_FORMULA) || text.starts_with(['\t', '\n']) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::no_formula;

    #[test]
    fn a_text_that_a_spreadsheet_would_calculate_gets_an_apostrophe() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1", "\tann", "＝1"] {
            assert_eq!(no_formula(text), format!("'{text}"));
        }
        for text in ["", "ann", "1-1", "a=b", "王小明", "'=1"] {
            assert_eq!(no_formula(text), text);
        }
    }
}
