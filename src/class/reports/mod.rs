//! Reports for people, about a student and about the class: what they say, and then Markdown and HTML of it.

pub(crate) mod class;
pub(crate) mod failing;
pub(crate) mod html;
pub(crate) mod lessons;
pub(crate) mod markdown;
pub(crate) mod outcome;
pub(crate) mod story;
pub(crate) mod student;
pub(crate) mod words;

use crate::results::Story;

/// A report: its title, and blocks from top to bottom.
pub(crate) struct Report {
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
}

/// A part of a report. Texts are plain; [`markdown`] and [`html`] escape them.
pub(crate) enum Block {
    /// The heading of a lesson.
    Section(String),
    /// The heading of a part of it.
    Part(String),
    /// A paragraph.
    Text(String),
    /// Markdown that the course itself has written.
    Hint(String),
    /// Lines in a monospaced font.
    Lines(String),
    /// A failure.
    Story(Story),
    /// Texts, each behind a mark: `✓`.
    Marked(Vec<(char, String)>),
    /// A table: the heads of its columns, and its rows.
    Table(Vec<&'static str>, Vec<Vec<String>>),
}

/// A number of points, with at most two decimal places: `7.5`.
pub(crate) fn points(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
