//! Explains what rustc would explain badly: a file that is not UTF-8 or is empty, and a function that the checks
//! call and the file does not have, which rustc reports as an error of the checks.

use std::fs;
use std::path::Path;

use cargo_metadata::diagnostic::Diagnostic;

use crate::answer::Answer;
use crate::course::{Course, Lesson};
use crate::words;

/// Rustc's codes for a name that it does not find, or that is private.
const NOT_FOUND: [&str; 6] = ["E0412", "E0425", "E0432", "E0433", "E0599", "E0603"];

/// Why rustc cannot read this content of an answer's file at all; `None` if it can.
pub(crate) fn unreadable(
    content: &[u8],
    course: &Course,
    lesson: &Lesson,
    answer: &Answer,
    file: &Path,
) -> Option<String> {
    let name = course.shown(file);
    let zeros = content.iter().filter(|byte| **byte == 0).count();
    let has_mark = [b"\xff\xfe", b"\xfe\xff"].iter().any(|mark| content.starts_with(*mark));
    if has_mark || zeros * 4 > content.len() {
        return Some(words::is_utf_16(name));
    }
    match std::str::from_utf8(content) {
        Err(error) => {
            let before = &content[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            Some(words::is_not_utf_8(name, line))
        }
        Ok(text) if text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty() => {
            Some(match answer {
                Answer::Exercise => words::exercise_is_empty(name, lesson.number),
                _ => words::is_empty(name),
            })
        }
        Ok(_) => None,
    }
}

/// The names that the checks use, and that rustc has not found according to this message.
pub(super) fn not_found(message: &Diagnostic) -> Vec<String> {
    let code = message.code.as_ref().map(|code| code.code.as_str());
    if !code.is_some_and(|code| NOT_FOUND.contains(&code)) {
        return Vec::new();
    }
    let primary = message.spans.iter().filter(|span| span.is_primary);
    let names = primary.filter_map(|span| {
        let line = span.text.first()?;
        let (from, to) = (line.highlight_start.checked_sub(1)?, line.highlight_end.checked_sub(1)?);
        let marked: String = line.text.chars().skip(from).take(to.saturating_sub(from)).collect();
        Some(marked.rsplit("::").next()?.trim().to_owned())
    });
    names.collect()
}

/// Which of the names the naive program declares, and the answer does not, or not as public; `None` if there is
/// none, so that rustc's message says more.
pub(super) fn missing(
    names: &[String],
    lesson: &Lesson,
    file: &str,
    answer: &Path,
) -> Option<String> {
    let naive = fs::read_to_string(lesson.file("naive.rs")).ok()?;
    let text = fs::read_to_string(answer).ok()?;
    let mut missing: Vec<String> = Vec::new();
    for name in names {
        if declaration(name, &text).is_none_or(|line| !line.starts_with("pub")) {
            missing.extend(declaration(name, &naive).map(|line| format!("`{line}`")));
        }
    }
    missing.dedup();
    (!missing.is_empty()).then(|| words::lacks_what_the_checks_use(file, missing.join(", ")))
}

/// The declaration of a function or a type in a text, in one line, without its body.
fn declaration(name: &str, text: &str) -> Option<String> {
    let kinds = ["fn", "struct", "enum", "const", "type", "trait"];
    let at = kinds.iter().find_map(|kind| {
        let begins = format!(r"{kind} {name}");
        let mut places = text.match_indices(&begins).map(|(at, _)| at);
        places.find(|at| {
            let after = text[at + begins.len()..].chars().next();
            after.is_none_or(|c| !c.is_alphanumeric() && c != '_')
        })
    })?;
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let length = text[start..].find(['{', ';']).unwrap_or(text.len() - start);
    let words: Vec<&str> = text[start..start + length].split_whitespace().collect();
    Some(words.join(" ").replace("( ", "(").replace(", )", ")"))
}
