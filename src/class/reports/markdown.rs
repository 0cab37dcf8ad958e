//! Writes a report in Markdown.

use super::{Block, Report, story};

/// The report in Markdown.
pub(crate) fn write(report: &Report) -> String {
    let mut text = format!("# {}\n", escaped(&report.title));
    for block in &report.blocks {
        text.push('\n');
        text.push_str(&of_block(block));
        text.push('\n');
    }
    text
}

fn of_block(block: &Block) -> String {
    match block {
        Block::Section(heading) => format!("## {}", escaped(heading)),
        Block::Part(heading) => format!("### {}", escaped(heading)),
        Block::Text(text) => escaped(text),
        Block::Hint(markdown) => markdown.clone(),
        Block::Lines(text) => fenced(text),
        Block::Story(told) => fenced(&story::as_text(told)),
        Block::Marked(lines) => {
            let lines = lines.iter().map(|(mark, text)| format!("- {mark} {}", escaped(text)));
            lines.collect::<Vec<String>>().join("\n")
        }
        Block::Table(head, rows) => {
            let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
            let line = vec!["---".to_owned(); head.len()];
            let rows = rows.iter().map(|row| row.iter().map(|cell| escaped(cell)).collect());
            let rows = [head, line].into_iter().chain(rows).map(|row: Vec<String>| cells(&row));
            rows.collect::<Vec<String>>().join("\n")
        }
    }
}

fn cells(row: &[String]) -> String {
    format!("| {} |", row.join(" | "))
}

/// The text in one line, without a meaning in Markdown.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for word in text.split_whitespace() {
        // At the beginning of a line these make a list, a line or a heading.
        let numbers = word.trim_end_matches(['.', ')']).bytes().all(|it| it.is_ascii_digit());
        let begins_a_list = escaped.is_empty() && numbers && word.ends_with(['.', ')']);
        let begins_a_block = escaped.is_empty() && word.starts_with(['-', '+', '=']);
        if !escaped.is_empty() {
            escaped.push(' ');
        }
        for (at, c) in word.char_indices() {
            let ends_a_number = begins_a_list && at + 1 == word.len();
            if r"\`*_[]<>|~&#!$".contains(c) || ends_a_number || begins_a_block && at == 0 {
                escaped.push('\\');
            }
            escaped.push(c);
        }
    }
    escaped
}

/// The text as a block of code; the fence is longer than any in the text.
fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(3.max(longest + 1));
    format!("{fence}text\n{text}\n{fence}")
}
