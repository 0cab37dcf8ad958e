//! Cuts what is too long to read: `results.json` has all of it.

use super::words;
use crate::results::{Row, Story};

/// The most characters of a text that are shown.
const LONGEST: usize = 500;
/// How many characters before a mark are shown.
const BEFORE_THE_MARK: usize = 100;
/// The most lines of a message that are shown.
const LINES: usize = 100;
/// How many of the lines that an answer printed are shown.
const PRINTED: usize = 8;
/// The width of a story in plain text, in columns.
const WIDTH: usize = 80;

/// The story with long texts cut.
pub(crate) fn excerpt(story: &Story) -> Story {
    let rows = story.rows.iter().map(|row| {
        let (text, skipped) = cut(&row.text, row.mark.as_ref().map_or(0, |(at, _)| *at));
        let mark = row.mark.as_ref().map(|(at, note)| (at - skipped, cut(note, 0).0));
        Row { label: row.label.clone(), text, mark }
    });
    let sentence = cut(&story.sentence, 0).0;
    Story { rows: rows.collect(), sentence, cause: story.cause.clone() }
}

/// The story as plain text, as the command shows it, with long texts cut.
pub(crate) fn as_text(story: &Story) -> String {
    let story = excerpt(story);
    let rows = story.rows.into_iter().map(|row| netkata::Row {
        label: row.label,
        text: row.text,
        mark: row.mark.map(|(column, note)| netkata::Mark { column, note }),
    });
    let story =
        netkata::Story { rows: rows.collect(), cause: story.cause, sentence: story.sentence };
    let lines = story.lines(WIDTH);
    let lines: Vec<&str> =
        lines.iter().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
    lines.join("\n")
}

/// The beginning of a message.
pub(crate) fn beginning(message: &str) -> String {
    let message = message.trim_end();
    let mut lines: Vec<String> = message.lines().take(LINES).map(|line| cut(line, 0).0).collect();
    let left = message.lines().count() - lines.len();
    if left > 0 {
        lines.push(words::more_lines(netkata::counted(left, words::LINE)));
    }
    lines.join("\n")
}

/// The last lines that an answer printed.
pub(crate) fn end_of(printed: &[String]) -> String {
    let first = printed.len().saturating_sub(PRINTED);
    let lines: Vec<String> = printed[first..].iter().map(|line| cut(line, 0).0).collect();
    lines.join("\n")
}

/// The text, or its part around the character `at`, and how many characters earlier that character is.
///
/// `at - skipped` is its place in the part, which begins with `…` if something is missing there.
fn cut(text: &str, at: usize) -> (String, usize) {
    let all = text.chars().count();
    if all <= LONGEST {
        return (text.to_owned(), 0);
    }
    let start = if at < LONGEST { 0 } else { at - BEFORE_THE_MARK };
    let part: String = text.chars().skip(start).take(LONGEST).collect();
    let before = if start > 0 { "…" } else { "" };
    let shown = format!("{before}{part}{}", words::cut(netkata::grouped(all)));
    (shown, start - before.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(text: String, at: usize) -> Story {
        let row = Row { label: "got".to_owned(), text, mark: Some((at, "here".to_owned())) };
        Story { rows: vec![row], cause: "Differs".to_owned(), sentence: "It differs.".to_owned() }
    }

    fn marked(story: &Story) -> Option<char> {
        story.rows[0].text.chars().nth(story.rows[0].mark.as_ref()?.0)
    }

    #[test]
    fn a_short_story_stays_as_it_is() {
        let story = story("王".repeat(LONGEST), 7);
        assert_eq!(excerpt(&story), story);
    }

    #[test]
    fn a_mark_stays_under_its_character() {
        for at in [0, LONGEST - 1, LONGEST, 100_000, 199_999] {
            let mut text = vec!['王'; 200_000];
            text[at] = 'X';
            let excerpt = excerpt(&story(text.into_iter().collect(), at));
            assert_eq!(marked(&excerpt), Some('X'), "{at}");
            assert!(excerpt.rows[0].text.chars().count() < LONGEST + 100);
        }
    }

    #[test]
    fn a_mark_behind_the_end_stays_behind_the_end() {
        assert_eq!(marked(&excerpt(&story("x".repeat(10), 10))), None);
        assert_eq!(marked(&excerpt(&story("x".repeat(5000), 9000))), None);
    }

    #[test]
    fn a_long_message_ends_with_how_much_is_missing() {
        let message = "line\n".repeat(LINES + 2);
        let lines = beginning(&message);
        let last = words::more_lines(netkata::counted(2, words::LINE));
        assert!(lines.ends_with(&last), "{lines}");
    }
}
