//! A page of text for the terminal: styled, as wide as the terminal, printed in one write.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use netkata::columns;
use terminal_size::{Height, Width};
use textwrap::core::display_width;
use textwrap::{Options, WordSplitter};

use crate::failure::Failure;
use crate::words;

/// Less important text: labels, paths, what was not tried.
pub(crate) const DIM: Style = Style::new().dimmed();
/// Text that stands out.
pub(crate) const BOLD: Style = Style::new().bold();
/// What passed.
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
/// What failed.
pub(crate) const RED: Style = AnsiColor::Red.on_default();
/// What is neither.
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();

/// The width of a page without a terminal, in columns.
pub(crate) const WIDTH: usize = 80;
/// The smallest width of a page; a narrower terminal breaks the lines itself.
const NARROWEST: usize = 40;
/// The largest width of a page: longer lines are hard to read.
const WIDEST: usize = 100;

/// Lines to print, with styles in them; the styles are removed if the terminal does not show them.
pub(crate) struct Page {
    text: String,
    width: usize,
}

impl Page {
    /// An empty page as wide as the terminal.
    pub(crate) fn new() -> Page {
        Page::of_width(terminal_width())
    }

    /// An empty page of this width, in columns.
    pub(crate) fn of_width(width: usize) -> Page {
        Page { text: String::new(), width }
    }

    /// Its width in columns.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Whether it fits the terminal, with another page below it and the cursor below both. Without a terminal
    /// everything fits.
    pub(crate) fn fits_above(&self, below: &Page) -> bool {
        let Some((Width(columns), Height(rows))) = terminal_size::terminal_size() else {
            return true;
        };
        let (columns, rows) = (usize::from(columns), usize::from(rows));
        // A terminal breaks a line that is too long.
        let rows_of = |line: &str| display_width(line).div_ceil(columns).max(1);
        self.text.lines().chain(below.text.lines()).map(rows_of).sum::<usize>() < rows
    }

    /// Add another page below.
    pub(crate) fn append(&mut self, below: Page) {
        self.text.push_str(&below.text);
    }

    /// Add a line.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }

    /// Add a unified diff: removed lines in red, added lines in green.
    pub(crate) fn diff(&mut self, text: &str) {
        for line in text.lines() {
            let style = match line.as_bytes() {
                [b'-', b'-', b'-', ..] | [b'+', b'+', b'+', ..] => BOLD,
                [b'-', ..] => RED,
                [b'+', ..] => GREEN,
                [b'@', ..] => DIM,
                _ => Style::new(),
            };
            self.line(styled(style, line));
        }
    }

    /// Add an empty line.
    pub(crate) fn blank(&mut self) {
        self.line("");
    }

    /// Add a paragraph, wrapped into lines; the first begins with `first`, the others with `rest`.
    pub(crate) fn paragraph(&mut self, first: &str, rest: &str, text: &str, style: Style) {
        let options = wrapping(self.width).initial_indent(first).subsequent_indent(rest);
        for line in textwrap::wrap(text, options) {
            self.line(styled(style, line.trim_end()));
        }
    }

    /// Add two parts as one line, or as two lines if they do not fit; the second then begins with `indent`.
    pub(crate) fn pair(&mut self, first: &str, second: &str, indent: &str) {
        if display_width(first) + display_width(second) <= self.width {
            self.line(format!("{first}{second}"));
        } else {
            self.line(first.trim_end());
            self.line(format!("{indent}{}", second.trim_start()));
        }
    }

    /// Add Markdown: fill paragraphs, keep the lines of lists and code.
    pub(crate) fn markdown(&mut self, text: &str) {
        let mut in_code = false;
        let mut paragraph = String::new();
        for line in text.lines() {
            let fence = line.trim_start().starts_with("```");
            let starts_anew = line.trim().is_empty() || fence || in_code || is_item(line);
            if starts_anew {
                self.filled(&std::mem::take(&mut paragraph));
            }
            if fence {
                in_code = !in_code;
            } else if in_code {
                self.line(format!("    {line}"));
            } else if line.trim().is_empty() {
                self.blank();
            } else {
                paragraph.push_str(if paragraph.is_empty() { "" } else { " " });
                paragraph.push_str(line.trim());
            }
        }
        self.filled(&paragraph);
    }

    fn filled(&mut self, paragraph: &str) {
        if !paragraph.is_empty() {
            let rest = if is_item(paragraph) { "  " } else { "" };
            self.paragraph("", rest, paragraph, Style::new());
        }
    }

    /// Its text, with styles in it.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Print it. It is not a failure if the reader has closed the pipe, as `head` does.
    pub(crate) fn print(self) -> Result<(), Failure> {
        print(&self.text)
    }
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("- ") || line.starts_with("* ")
}

/// How paragraphs are wrapped: English at spaces, Chinese between its characters.
fn wrapping(width: usize) -> Options<'static> {
    Options::new(width).word_separator(columns::SEPARATOR)
}

/// Print a line to standard error that begins with a styled word; wrap it for a terminal.
pub(crate) fn say(style: Style, word: &str, text: &str) {
    let mut line = words::said(word, text);
    if io::stderr().is_terminal() {
        line = textwrap::fill(&line, wrapping(terminal_width()));
    }
    let rest = line.strip_prefix(word).unwrap_or_default();
    aside(&format!("{}{rest}\n", styled(style, word)));
}

/// Print to standard error the names that the user can choose, wrapped to the width of a page; nothing if there
/// are none.
pub(crate) fn offer(names: &[String]) {
    if names.is_empty() {
        return;
    }
    // A line may be broken between two names, but not inside one.
    let names: Vec<String> = names.iter().map(|name| name.replace(' ', "\u{a0}")).collect();
    let options = Options::new(terminal_width())
        .initial_indent("  ")
        .subsequent_indent("  ")
        .word_splitter(WordSplitter::NoHyphenation);
    let text = textwrap::fill(&words::choose_one_of(names.join(", ")), options);
    aside(&format!("{}\n", text.replace('\u{a0}', " ")));
}

/// Print text with styles to standard error; ignore errors.
pub(crate) fn aside(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// Show a line of progress on a terminal, in the place of the one before; without text, remove it. Elsewhere
/// show nothing; ignore errors.
pub(crate) fn write_over(output: &mut (impl Write + IsTerminal), line: &str) {
    if output.is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb") {
        // A line that the terminal breaks could not be written over. Not through `aside`, which would remove the
        // control sequences where it removes colours.
        let line = columns::cut(line, terminal_width() - 1);
        let _ = write!(output, "\r\x1b[2K{line}").and_then(|()| output.flush());
    }
}

/// Print text with styles to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(words::failed_to_print(error)))
        }
        _ => Ok(()),
    }
}

/// The text between the start and the end of a style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The terminal's width, within limits; [`WIDTH`] for a pipe, or a terminal that reports 0 columns.
pub(crate) fn terminal_width() -> usize {
    match terminal_size::terminal_size() {
        Some((Width(columns), _)) => usize::from(columns).clamp(NARROWEST, WIDEST),
        None => WIDTH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_of_chinese_fits_its_page() {
        let text = r"服务器等待连接，客户端连接后发送五个字节（hello）。读到的可能更少。".repeat(3);
        for width in NARROWEST..=WIDEST {
            let mut page = Page { text: String::new(), width };
            page.paragraph("- ", "  ", &text, Style::new());
            let lines: Vec<&str> = page.text.lines().collect();
            for line in &lines {
                assert!(display_width(line) <= width, "{lines:#?}");
                assert!(!line.trim_start().starts_with(['，', '。', '）']), "{lines:#?}");
            }
            let shown: String = lines.iter().map(|line| &line[2..]).collect();
            assert_eq!(shown, text);
        }
    }
}
