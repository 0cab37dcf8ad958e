//! Text in the columns of a terminal: a Chinese character takes two of them, a combining accent none.
//!
//! Chinese has no spaces. A line may end between any two of its characters, but never before `，` or after `（`.

use std::iter;

use textwrap::WordSeparator;
use textwrap::core::{Word, display_width};
use unicode_width::UnicodeWidthChar;

/// Where textwrap may end a line: after spaces, as by default, and between Chinese characters.
pub const SEPARATOR: WordSeparator =
    WordSeparator::Custom(|line| Box::new(parts(line).map(Word::from)));

/// What never begins a line of Chinese.
const CLOSING: &str = "，。、；：？！）〕］｝」』】》〉”’…—·～％,.;:?!)]}%/-\"'`\u{a0}";
/// What never ends a line of Chinese.
const OPENING: &str = "（〔［｛「『【《〈“‘￥([{$\"'`\u{a0}";

/// Split a text where a line may end; each part but the last ends with its spaces or a character.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    iter::from_fn(move || {
        let pairs = rest.char_indices().zip(rest.char_indices().skip(1));
        let end = pairs
            .map(|((_, last), (at, next))| (at, may_end(last, next)))
            .find_map(|(at, may_end)| may_end.then_some(at));
        let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(part).filter(|part| !part.is_empty())
    })
}

/// Whether a line may end between these two characters.
fn may_end(last: char, next: char) -> bool {
    match (last, next) {
        (_, ' ') => false,
        (' ', _) => true,
        _ if !is_chinese(last) && !is_chinese(next) => false,
        _ => !OPENING.contains(last) && !CLOSING.contains(next),
    }
}

/// Whether it is a character or a punctuation mark of Chinese or Japanese. Korean has spaces.
pub(crate) fn is_chinese(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Pad a text with spaces at its end to `width` columns; a wider text stays as it is.
pub fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(display_width(text))))
}

/// Pad a text with spaces at its beginning to `width` columns; a wider text stays as it is.
pub fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(display_width(text))))
}

/// Cut a text to its beginning of at most `width` columns.
pub fn cut(text: &str, width: usize) -> &str {
    let mut taken = 0;
    let fits = text.char_indices().take_while(|(_, c)| {
        // A control character counts as one column, so that what a terminal makes of it has room.
        taken += c.width().unwrap_or(1);
        taken <= width
    });
    fits.last().map_or("", |(last, c)| &text[..last + c.len_utf8()])
}

/// Find the column, counted from 0, of the character `at` of a text; the column after a text that has fewer.
pub fn column_of(text: &str, at: usize) -> usize {
    match text.char_indices().nth(at) {
        // A combining accent is shown above the character before it.
        Some((start, c)) if c.width() == Some(0) => display_width(&text[..start]).saturating_sub(1),
        Some((start, _)) => display_width(&text[..start]),
        None => display_width(text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::char::range;
    use proptest::collection::vec;
    use proptest::prelude::Strategy;
    use proptest::{prop_oneof, sample};
    use rstest::rstest;
    use textwrap::{Options, wrap};

    use super::*;
    use crate::property::for_any;

    #[rstest]
    #[case::between_characters(r"服务器等待连接", 6, &[r"服务器", r"等待连", r"接"])]
    #[case::not_before_a_comma(r"服务器，客户端", 6, &[r"服务", r"器，客", r"户端"])]
    #[case::not_before_a_full_stop(r"等待连接。", 8, &[r"等待连", r"接。"])]
    #[case::not_inside_brackets(r"连接（TCP）。", 9, &[r"连接", r"（TCP）。"])]
    #[case::not_after_a_quotation_mark(r"发送「好」字", 8, &[r"发送", r"「好」字"])]
    #[case::not_inside_a_dash(r"字节——流", 5, &[r"字", r"节——", r"流"])]
    #[case::between_latin_and_chinese(r"用write_all写", 10, &[r"用", r"write_all", r"写"])]
    #[case::after_a_space_as_before(r"a call 等待", 8, &[r"a call", r"等待"])]
    #[case::not_at_a_no_break_space("等待\u{a0}连接", 6, &[r"等", "待\u{a0}连", r"接"])]
    fn a_line_ends_where_it_may(#[case] text: &str, #[case] width: usize, #[case] lines: &[&str]) {
        assert_eq!(wrap(text, options(width)), lines);
    }

    #[rstest]
    #[case::all_of_it(r"连接", 4, r"连接")]
    #[case::not_half_a_character(r"连接", 3, r"连")]
    #[case::nothing(r"连接", 1, "")]
    #[case::an_accent_with_its_letter("e\u{301}e", 1, "e\u{301}")]
    #[case::control_characters("\t\tx", 2, "\t\t")]
    fn a_text_is_cut_to_columns(#[case] text: &str, #[case] width: usize, #[case] beginning: &str) {
        assert_eq!(cut(text, width), beginning);
    }

    #[test]
    fn no_line_of_chinese_is_too_long_or_begins_with_punctuation() {
        let character = || range('一', '龥').prop_map(String::from);
        let word = || vec(range('a', 'z'), 1..9).prop_map(|it| it.into_iter().collect());
        let mark = sample::select(vec!["，", "。", "）", "」", "”。", "》、"]);
        let opening = sample::select(vec!["", "", "", "（", "「", "“"]);
        let clause = (opening, vec(prop_oneof![9 => character(), 1 => word()], 1..20), mark)
            .prop_map(|(opening, text, mark)| format!("{opening}{}{mark}", text.concat()));
        let texts = vec(clause, 1..9).prop_map(|it| it.concat());
        for_any([], (texts, 20..100_usize), |(text, width)| {
            let lines = wrap(text, options(*width));
            assert_eq!(lines.concat(), *text);
            for (index, line) in lines.iter().enumerate() {
                assert!(display_width(line) <= *width, "{lines:#?}");
                assert!(!line.starts_with(['，', '。', '）', '」', '”', '》', '、']), "{lines:#?}");
                assert!(!line.ends_with(['（', '「', '“']), "{lines:#?}");
                // A short word and a mark may have to go to the next line together.
                let is_full = index + 1 == lines.len() || display_width(line) + 16 > *width;
                assert!(is_full, "{lines:#?}");
            }
        });
    }

    #[test]
    fn lines_of_english_end_where_they_did() {
        let letters = prop_oneof![8 => range('!', '~'), 3 => range(' ', ' '), 1 => range('\u{a0}', '\u{2bff}'), 1 => range('😀', '🙏')];
        let texts = vec(letters, 0..300).prop_map(|it| it.into_iter().collect::<String>());
        for_any([], (texts, 1..100_usize), |(text, width)| {
            let usual = Options::new(*width).word_separator(WordSeparator::AsciiSpace);
            assert_eq!(wrap(text, options(*width)), wrap(text, usual));
        });
    }

    fn options(width: usize) -> Options<'static> {
        Options::new(width).word_separator(SEPARATOR)
    }
}
