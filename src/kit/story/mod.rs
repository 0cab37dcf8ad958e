//! A failure as a story: what the peer sent, what the answer did, what was expected, and the cause.

pub(crate) mod values;

use serde_json::{Value, json};
use textwrap::Options;
use textwrap::core::display_width;

use crate::{columns, words};

/// One failure: rows of evidence, then the sentence that names the cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The evidence, in the order it happened.
    pub rows: Vec<Row>,
    /// The name of the cause (`OneReadIsNotOneMessage`), which the audit compares.
    pub cause: String,
    /// The cause in one sentence; its text exists nowhere else.
    pub sentence: String,
}

/// One line of evidence: a label, its text, and an optional mark under one character of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// What the text shows: `the peer sent`.
    pub label: String,
    /// The evidence itself, one paragraph.
    pub text: String,
    /// A mark below the text, where two values differ.
    pub mark: Option<Mark>,
}

/// A caret under one character of a row, and what it points out.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The character of the row's text that the caret points at, counted from 0.
    pub column: usize,
    /// The text beside the caret: `1 of 5 bytes`.
    pub note: String,
}

/// Below this width, a label stands on its own line above its text.
const NARROW: usize = 56;
const LABEL_WIDTH: usize = 16;
const INDENT: &str = "    ";

impl Story {
    /// Lay out the story in lines of at most `width` columns, without colour or title; with `usize::MAX` no
    /// line is wrapped.
    pub fn lines(&self, width: usize) -> Vec<String> {
        let width = width.max(20);
        let mut lines: Vec<String> = self.rows.iter().flat_map(|row| row.lines(width)).collect();
        lines.extend(wrapped(&self.sentence, INDENT, INDENT, width));
        lines
    }

    /// Write the story as the JSON object in the record.
    pub fn to_json(&self) -> Value {
        let rows: Vec<Value> = self.rows.iter().map(Row::to_json).collect();
        json!({ "rows": rows, "cause": self.cause, "sentence": self.sentence })
    }

    /// Read a story back from a record; `None` if it is not a story.
    pub fn from_json(value: &Value) -> Option<Story> {
        let rows = value["rows"].as_array()?.iter().map(Row::from_json).collect::<Option<_>>()?;
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        Some(Story { rows, cause: text("cause")?, sentence: text("sentence")? })
    }
}

impl Row {
    /// Make a row without a mark. Control characters are escaped, not sent to the terminal: the text may
    /// come from an answer, such as a panic message.
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Row {
        let shown = |c: char| {
            if c.is_control() { c.escape_default().to_string() } else { c.to_string() }
        };
        let text = text.into().chars().map(shown).collect();
        Row { label: label.into(), text, mark: None }
    }

    fn lines(&self, width: usize) -> Vec<String> {
        let rest = INDENT.len() + if width < NARROW { 2 } else { LABEL_WIDTH };
        let rest = " ".repeat(rest);
        let label = format!("{INDENT}{}", self.label);
        // A label that leaves no room for a space stands above its text, as on a narrow screen.
        let (mut lines, first) = if width < NARROW || display_width(&label) >= rest.len() {
            (vec![label], rest.clone())
        } else {
            (Vec::new(), columns::left(&label, rest.len()))
        };
        let text = wrapped(&self.text, &first, &rest, width);
        match &self.mark {
            Some(mark) if text.len() == 1 => {
                lines.extend(text);
                let before = columns::column_of(&self.text, mark.column);
                let note_fits = rest.len() + before + 2 + display_width(&mark.note) <= width;
                let caret = format!("{rest}{}^", " ".repeat(before));
                if note_fits {
                    lines.push(format!("{caret} {}", mark.note));
                } else {
                    lines.push(caret);
                    lines.extend(wrapped(&mark.note, &rest, &rest, width));
                }
            }
            Some(mark) => {
                lines.extend(text);
                lines.extend(wrapped(&words::differs(&mark.note), &rest, &rest, width));
            }
            None => lines.extend(text),
        }
        lines
    }

    fn to_json(&self) -> Value {
        let mark = self.mark.as_ref().map(|mark| json!([mark.column, mark.note]));
        json!({ "label": self.label, "text": self.text, "mark": mark })
    }

    fn from_json(value: &Value) -> Option<Row> {
        let mark = match &value["mark"] {
            Value::Null => None,
            mark => Some(Mark {
                column: mark[0].as_u64()? as usize,
                note: mark[1].as_str()?.to_owned(),
            }),
        };
        Some(Row {
            label: value["label"].as_str()?.to_owned(),
            text: value["text"].as_str()?.to_owned(),
            mark,
        })
    }
}

fn wrapped(text: &str, first: &str, rest: &str, width: usize) -> Vec<String> {
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_separator(columns::SEPARATOR);
    textwrap::wrap(text, options).into_iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use textwrap::core::display_width;

    use super::*;

    fn row(label: &str, text: &str, note: &str) -> Row {
        let mark = Some(Mark { column: 1, note: note.to_owned() });
        Row { label: label.to_owned(), text: text.to_owned(), mark }
    }

    #[test]
    fn texts_begin_in_one_column_after_labels_in_chinese() {
        let start = |label| {
            let line = &row(label, r"hello", "").lines(80)[0];
            line.find("hello").map(|at| display_width(&line[..at]))
        };
        assert_eq!(start(r"expected"), Some(20));
        assert_eq!(start(r"应为"), Some(20));
        assert_eq!(start(r"客户端收到内容"), Some(20));
    }

    #[test]
    fn a_label_without_room_for_a_space_stands_above_its_text() {
        let lines = Row::new("first leaver got", "\"hello\"").lines(80);
        assert_eq!(lines, ["    first leaver got".to_owned(), format!("{:20}\"hello\"", "")]);
    }

    #[test]
    fn a_note_in_chinese_that_does_not_fit_is_below_its_caret() {
        let note = r"收到五个字节中的一个";
        let beside = format!("{:22}^ {note}", "");
        assert_eq!(display_width(&beside), 44);
        let lines = row(r"应为", r"神hello", note).lines(60);
        assert_eq!(lines[1], beside);
        let lines = row(r"应为", r"神hello", &note.repeat(2)).lines(60);
        assert_eq!(lines[1], beside.split_inclusive('^').next().expect("it has a caret"));
        assert!(lines.iter().all(|line| display_width(line) <= 60), "{lines:#?}");
    }

    #[test]
    fn a_story_in_chinese_fits_its_screen() {
        let long = r"对端分三次发送了一条消息，一次读取（read）未必得到整条消息。".repeat(4);
        let rows = vec![row(r"对端发送", &long, r"五个字节中的第一个"), Row::new(r"期望", &long)];
        let story = Story { rows, cause: String::new(), sentence: long };
        for width in [20, 40, 80] {
            for line in story.lines(width) {
                assert!(display_width(&line) <= width, "{line:?}");
                assert!(!line.trim_start().starts_with(['，', '。', '）']), "{line:?}");
            }
        }
    }
}
