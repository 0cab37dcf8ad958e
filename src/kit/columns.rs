//! Text in the columns of a terminal: a Chinese character takes two of them, a combining accent none.

use textwrap::core::display_width;
use unicode_width::UnicodeWidthChar;

/// Pad a text with spaces at its end to `width` columns; a wider text stays as it is.
pub fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(display_width(text))))
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
