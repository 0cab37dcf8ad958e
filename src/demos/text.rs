//! Styled words, and how they are wrapped into lines.

use anstyle::Style;

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

    /// Make a word that follows the previous word without a space.
    pub fn glued(text: impl Into<String>, style: Style) -> Word {
        Word { glued: true, ..Word::new(text, style) }
    }

    fn columns(&self) -> usize {
        self.text.chars().count()
    }
}

/// Split a text into words of one style.
pub fn styled(text: &str, style: Style) -> Vec<Word> {
    text.split_whitespace().map(|word| Word::new(word, style)).collect()
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
    let mut parts = Vec::new();
    for text in word.text.split(' ') {
        let letters: Vec<char> = text.chars().collect();
        for (index, part) in letters.chunks(width).enumerate() {
            let glued = index > 0 || (parts.is_empty() && word.glued);
            parts.push(Word { text: part.iter().collect(), glued, ..word });
        }
    }
    parts
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

/// The number of columns of a line.
pub fn columns(line: &[Word]) -> usize {
    let spaces = line.iter().skip(1).filter(|word| !word.glued).count();
    spaces + line.iter().map(Word::columns).sum::<usize>()
}
