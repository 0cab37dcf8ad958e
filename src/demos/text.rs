//! Styled words, and how they are wrapped into lines.

use anstyle::Style;
use netkata::columns::parts;
use textwrap::core::{Word as Part, break_words, display_width};

/// The indent of a call's later lines.
pub const HANG: &str = "  ";

/// Text in one style that is never broken, unless it is longer than a line.
#[derive(Clone)]
pub struct Word {
    /// Its text.
    pub text: String,
    /// Its style.
    pub style: Style,
    /// Whether it follows the previous word without a space.
    pub glued: bool,
    /// Whether it shows bytes of the stream.
    pub bytes: bool,
}

impl Word {
    /// Make a word with a space before it.
    pub fn new(text: impl Into<String>, style: Style) -> Word {
        Word { text: text.into(), style, glued: false, bytes: false }
    }

    fn columns(&self) -> usize {
        display_width(&self.text)
    }
}

/// Split a text into words of one style. A word of Chinese is split where a line may end, too.
pub fn styled(text: &str, style: Style) -> Vec<Word> {
    let words = text.split_whitespace().flat_map(|word| parts(word).enumerate());
    words.map(|(index, part)| Word { glued: index > 0, ..Word::new(part, style) }).collect()
}

/// Wrap words into lines of at most `width` columns; the result has at least one line.
pub fn wrap(text: Vec<Word>, width: usize) -> Vec<Vec<Word>> {
    let mut lines = vec![Vec::new()];
    for word in text.into_iter().flat_map(|word| fitting(word, width)) {
        let line = lines.last_mut().expect("there is always one line");
        let space = usize::from(!word.glued);
        if line.is_empty() || columns(line) + space + word.columns() <= width {
            line.push(word);
        } else {
            lines.push(vec![word]);
        }
    }
    lines
}

/// Cut a word that is longer than a line, first at its spaces.
fn fitting(word: Word, width: usize) -> Vec<Word> {
    if word.columns() <= width {
        return vec![word];
    }
    let mut words = Vec::new();
    for text in word.text.split(' ') {
        let fitting = break_words(parts(text).map(Part::from), width);
        for (index, part) in fitting.into_iter().enumerate() {
            let glued = index > 0 || (words.is_empty() && word.glued);
            words.push(Word { text: part.word.to_owned(), glued, ..word });
        }
    }
    words
}

/// Wrap the words of a call into lines. If it needs several, they leave room for the indent, and the bytes
/// of the call start on a line of their own.
pub fn call_lines(text: Vec<Word>, width: usize) -> Vec<Vec<Word>> {
    if columns(&text) <= width {
        return vec![text];
    }
    let (call, bytes): (Vec<Word>, Vec<Word>) = text.into_iter().partition(|word| !word.bytes);
    let mut lines = wrap(call, width - HANG.len());
    if !bytes.is_empty() {
        lines.extend(wrap(bytes, width - HANG.len()));
    }
    lines
}

/// The text of a line.
pub fn joined(line: &[Word]) -> String {
    let mut text = String::new();
    for (index, word) in line.iter().enumerate() {
        text.push_str(if index == 0 || word.glued { "" } else { " " });
        text.push_str(&word.text);
    }
    text
}

/// The number of columns of a line.
pub fn columns(line: &[Word]) -> usize {
    display_width(&joined(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        r"服务器一次读取（read）得到四个字节：“长度”。客户端又写入了hello，服务器把它们读完。";

    #[test]
    fn chinese_is_wrapped_in_columns_and_not_before_punctuation() {
        for width in [20, 40, 80] {
            let text = styled(TEXT, Style::new());
            let lines: Vec<String> = wrap(text, width).iter().map(|line| joined(line)).collect();
            assert_eq!(lines.concat(), TEXT);
            for (index, line) in lines.iter().enumerate() {
                assert!(display_width(line) <= width, "{lines:#?}");
                assert!(!line.starts_with(['，', '。', '）', '」', '：', '”']), "{lines:#?}");
                let is_full = index + 1 == lines.len() || display_width(line) + 8 > width;
                assert!(is_full, "{lines:#?}");
            }
        }
    }

    #[test]
    fn a_long_word_of_chinese_is_cut_to_columns() {
        for width in 20..=60 {
            let lines = wrap(vec![Word::new(TEXT, Style::new())], width);
            let lines: Vec<String> = lines.iter().map(|line| joined(line)).collect();
            assert_eq!(lines.concat(), TEXT);
            for line in &lines {
                assert!(display_width(line) <= width, "{lines:#?}");
                assert!(!line.starts_with(['，', '。', '）', '：', '”']), "{lines:#?}");
            }
        }
    }

    #[test]
    fn only_a_word_of_chinese_may_end_a_line_inside() {
        let words = styled(r"hello, world!  你好", Style::new());
        let texts: Vec<(&str, bool)> = words.iter().map(|it| (&*it.text, it.glued)).collect();
        assert_eq!(texts, [(r"hello,", false), (r"world!", false), (r"你", false), (r"好", true)]);
        assert_eq!(joined(&words), r"hello, world! 你好");
    }
}
