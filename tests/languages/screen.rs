//! What a learner sees in Chinese contains no English sentence, and fits the terminal.

use std::process::{Command, Stdio};

use textwrap::core::display_width;

use super::course;

#[path = "../runner/terminal.rs"]
mod terminal;

/// Latin words of a Chinese page: names of the language, of the network, of commands and of files.
const ALLOWED: [&str; 29] = [
    "ASCII",
    "EINTR",
    "InvalidData",
    "MAX_MESSAGE",
    "None",
    "TCP",
    "UTF",
    "all",
    "capacity",
    "cargo",
    "overflow",
    "hello",
    "hint",
    "i32",
    "kata",
    "lesson",
    "lessons",
    "naive",
    "next_message",
    "panic",
    "push",
    "read",
    "read_message",
    "rs",
    "struct_header",
    "write",
    "write_all",
    "write_message",
    "recv",
];

#[test]
fn a_red_run_in_chinese_contains_no_english_at_any_width() {
    for columns in [None, Some(40), Some(100)] {
        let page = page(&["lesson", "3", "--answer", "naive", "--all"], columns);
        assert!(page.contains("TCP 只保证字节的顺序"), "{columns:?}\n{page}");
        let english = english_in(&page);
        assert!(english.is_empty(), "{columns:?}: {english:?}\n{page}");
        let width = usize::from(columns.unwrap_or(80));
        for line in page.lines() {
            assert!(display_width(line) <= width, "{columns:?}: {line}\n{page}");
            let begins_well = !line.trim_start().starts_with(['，', '。', '；', '：', '）', '、']);
            assert!(begins_well, "{columns:?}: {line}\n{page}");
        }
    }
}

#[test]
fn english_in_a_chinese_page_is_found() {
    let page = "✗ 消息完整   lessons/03_struct_header/naive.rs\n    返回  \"h\"\n    68 65 6c │ read(4) → 4";
    assert!(english_in(page).is_empty());
    assert_eq!(
        english_in("✗ 消息 is whole\n   and returned \"h\""),
        ["is", "whole", "and", "returned"]
    );
}

/// The words of Latin letters that are not allowed. What stands between quotes went over the wire; a byte in hexadecimal
/// and a single letter are no words.
fn english_in(page: &str) -> Vec<String> {
    let said = page.lines().flat_map(|line| line.split('"').step_by(2));
    let words = said.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    let words = words.filter(|word| word.contains(|c: char| c.is_ascii_alphabetic()));
    let is_byte = |word: &str| word.len() == 2 && u8::from_str_radix(word, 16).is_ok();
    let words = words.filter(|word| word.len() > 1 && !is_byte(word) && !word.starts_with("03_"));
    words.filter(|word| !ALLOWED.contains(word)).map(str::to_owned).collect()
}

/// What a command prints in Chinese, on a terminal with this many columns or into a pipe.
fn page(words: &[&str], columns: Option<u16>) -> String {
    let mut kata = Command::new(env!("CARGO_BIN_EXE_kata"));
    kata.args(["--lang", "zh"]).args(words).current_dir(course().root()).env("NO_COLOR", "1");
    kata.stdin(Stdio::null());
    match columns {
        Some(columns) => terminal::on_terminal(columns, &mut kata),
        None => String::from_utf8(kata.output().expect("it starts").stdout).expect("text"),
    }
}
