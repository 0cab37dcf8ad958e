//! Compares a page in English with the same in Chinese: its headings, blocks of code, rows, items and marks.

use std::collections::BTreeSet;

use super::sections::sections;

/// The headings that every page of a lesson may have.
const HEADINGS: [(&str, &str); 10] = [
    ("What is wrong with the notes' program", "讲义里的程序错在哪里"),
    ("What is wrong with the notes' programs", "讲义里的程序错在哪里"),
    ("Your task", "你的任务"),
    ("Try it on real sockets", "在真实的套接字上试一试"),
    ("Questions to think on", "思考题"),
    ("What the lesson corrects", "本课纠正了什么"),
    ("What you have learned", "你学到了什么"),
    ("Further reading", "延伸阅读"),
    ("Going further", "更进一步"),
    ("Hints", "提示"),
];

/// A part of a page: what must be the same in both languages, and where it is.
struct Part {
    kind: String,
    line: String,
}

/// The first difference between the two, if there is one, and each piece of code that the Chinese page lacks.
pub fn compare(english: &str, chinese: &str) -> impl Iterator<Item = String> + use<> {
    let (one, other) = (parts(english), parts(chinese));
    let differs = (0..one.len().max(other.len())).find_map(|at| {
        let (one, other) = (one.get(at), other.get(at));
        let kind = |part: Option<&Part>| part.map(|part| part.kind.clone());
        let line = |part: Option<&Part>| part.map_or("nothing", |part| &part.line).to_owned();
        (kind(one) != kind(other))
            .then(|| format!("{:?} where the English has {:?}", line(other), line(one)))
    });
    differs.into_iter().chain(lost_code(english, chinese))
}

/// Each piece of code between backticks that a section has in English only.
fn lost_code(english: &str, chinese: &str) -> Vec<String> {
    let (english, chinese) = (sections(english), sections(chinese));
    let mut complaints = Vec::new();
    for ((heading, one), (_, other)) in english.iter().zip(&chinese) {
        let lost = code_in(one).difference(&code_in(other)).cloned().collect::<Vec<_>>();
        if !lost.is_empty() {
            complaints.push(format!("{heading}: without {lost:?}"));
        }
    }
    complaints
}

/// What stands between backticks.
fn code_in(text: &str) -> BTreeSet<String> {
    let code = text.split('`').skip(1).step_by(2);
    code.map(|code| code.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn parts(page: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut fence: Option<String> = None;
    for line in page.lines() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        let kind = match (&fence, text.strip_prefix("```")) {
            (Some(_), Some(_)) => {
                fence = None;
                continue;
            }
            (None, Some(language)) => {
                fence = Some(language.to_owned());
                format!("block of {language}")
            }
            // The labels of a drawing may be in Chinese.
            (Some(language), None) if language == "text" => "line of a drawing".to_owned(),
            (Some(_), None) => line.to_owned(),
            (None, None) if text.starts_with('#') => heading(text),
            (None, None) if text.starts_with('|') => format!("{} cells", text.matches('|').count()),
            (None, None) if text.starts_with("<!--") => text.to_owned(),
            (None, None) => match item(text) {
                Some(mark) => format!("item {mark}, {indent} in"),
                None => continue,
            },
        };
        parts.push(Part { kind, line: line.to_owned() });
    }
    parts
}

/// A heading's level; if it has a fixed form in each language, that; and the name of a check or the number of a hint.
fn heading(text: &str) -> String {
    let (level, words) = text.split_once(' ').unwrap_or((text, ""));
    let fixed = HEADINGS.iter().find(|(english, chinese)| words == *english || words == *chinese);
    let is_name = words.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match fixed {
        Some((_, chinese)) => format!("{level} {chinese}"),
        None if is_name && !words.is_empty() && level.len() > 1 && !words.contains(' ') => {
            text.to_owned()
        }
        None => level.to_owned(),
    }
}

/// The mark of an item of a list: `-`, or its number.
fn item(text: &str) -> Option<&str> {
    let (mark, _) = text.split_once(' ')?;
    let number =
        mark.strip_suffix('.').and_then(|it| it.parse().ok()).is_some_and(|it: u32| it > 0);
    (mark == "-" || mark == "*" || number).then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "# Lesson 1\n\n## Your task\n\nFix `a`.\n\n- one\n- two\n\n| a | b |\n|---|---|\n\
        \n```rust\nlet a = 1;\n```\n";

    fn differs(chinese: &str) -> Vec<String> {
        compare(ENGLISH, chinese).collect()
    }

    #[test]
    fn what_one_language_lacks_is_found() {
        let chinese = ENGLISH.replace("# Lesson 1", "# 第 1 课").replace("Your task", "你的任务");
        assert!(differs(&chinese).is_empty(), "{:?}", differs(&chinese));
        for (part, other) in [
            ("## 你的任务\n", ""),
            ("你的任务", "你要做的"),
            ("- two\n", ""),
            ("| a | b |\n", ""),
            ("| a | b |\n", "| a |\n"),
            ("let a = 1;", "let a = 2;"),
            ("Fix `a`", "Fix"),
        ] {
            assert!(!differs(&chinese.replacen(part, other, 1)).is_empty(), "{part:?}");
        }
    }

    #[test]
    fn a_hint_that_is_missing_is_found() {
        let hints = "# Hints\n\n## a_check\n\n### 1\nA.\n\n### 2\nB.\n";
        let lost = |page: &str| compare(hints, page).count();
        assert_eq!(lost(hints), 0);
        assert_eq!(lost(&hints.replace("### 2\nB.\n", "")), 1);
        assert_eq!(lost(&hints.replace("a_check", "another")), 1);
    }
}
