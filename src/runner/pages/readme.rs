//! Reads the parts of a lesson's page, `README.md`, that the commands show.
//!
//! ```text
//! # Lesson 3 · The struct header         # 第 3 课 · struct 报头       its title
//! *About 40 minutes. …*                  *约 40 分钟。…*              its minutes
//! | `serve echo` | answers each … |      | `serve echo` | 回答每个… |   what a program does
//! ## Questions to think on               ## 思考题                    questions, numbered
//! ## What you have learned               ## 你学到了什么              three sentences
//! ```

use netkata::sentence;

/// The heading of a lesson's task, in each language.
pub const TASK: [&str; 2] = [r"Your task", "你的任务"];
const QUESTIONS: [&str; 2] = [r"Questions to think on", "思考题"];
/// The heading of what a lesson teaches, in each language.
pub const LEARNED: [&str; 2] = [r"What you have learned", "你学到了什么"];
const MINUTES: [(&str, &str); 2] = [(r"About ", "minutes"), (r"约 ", "分钟")];

/// The first heading, without a leading `Lesson 3 ·` or `第 3 课 ·`.
pub fn title(page: &str) -> Option<String> {
    let heading = page.lines().find_map(|line| line.strip_prefix("# "))?.trim();
    match heading.split_once(['·', ':']) {
        Some((start, rest))
            if start.to_lowercase().starts_with("lesson") || start.starts_with('第') =>
        {
            Some(rest.trim().to_owned())
        }
        _ => Some(heading.to_owned()),
    }
}

/// The number in the first `About 40 minutes`.
pub fn minutes(page: &str) -> Option<u32> {
    MINUTES.into_iter().find_map(|(before, behind)| {
        let (_, after) = page.split_once(before)?;
        let (number, after) = after.split_once(' ')?;
        after.starts_with(behind).then(|| number.parse().ok()).flatten()
    })
}

/// The sentences of "What you have learned"; empty if the page has none.
pub fn learned(page: &str) -> Vec<String> {
    let words = section(page, LEARNED).flat_map(str::split_whitespace);
    let text = words.map(str::to_owned).reduce(sentence).unwrap_or_default();
    let ends = text.split_inclusive(['。', '？', '！']);
    ends.flat_map(english_sentences).collect()
}

/// The questions to think on, each in one line; empty if the page has none.
pub fn questions(page: &str) -> Vec<String> {
    let mut questions: Vec<String> = Vec::new();
    for line in section(page, QUESTIONS) {
        let numbered = line.split_once(". ").filter(|(number, _)| number.parse::<u32>().is_ok());
        match (numbered, questions.last_mut()) {
            (Some((_, text)), _) => questions.push(text.trim().to_owned()),
            (None, Some(question)) if !line.trim().is_empty() => {
                question.push(' ');
                question.push_str(line.trim());
            }
            _ => {}
        }
    }
    questions
}

/// What a program does, in the row of the page about it: `answers each line with the same line`.
pub fn about_program(page: &str, role: &str, name: &str) -> Option<String> {
    let row = format!("| `{role} {name}` | ");
    let about = page.lines().find_map(|line| line.strip_prefix(&row)?.strip_suffix(" |"));
    about.map(str::to_owned)
}

/// Split a text after each word that ends a sentence.
fn english_sentences(text: &str) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    let mut is_over = true;
    for word in text.split_whitespace() {
        match sentences.last_mut().filter(|_| !is_over) {
            Some(sentence) => *sentence = format!("{sentence} {word}"),
            None => sentences.push(word.to_owned()),
        }
        is_over = word.ends_with(['.', '?', '!']);
    }
    sentences
}

/// The lines under a heading, which has a form in each language, up to the next heading.
fn section<'a>(page: &'a str, heading: [&'a str; 2]) -> impl Iterator<Item = &'a str> {
    let is_it = move |line: &str| line.strip_prefix("## ").is_some_and(|it| heading.contains(&it));
    let mut lines = page.lines().skip_while(move |line| !is_it(line));
    lines.next();
    lines.take_while(|line| !line.starts_with("## "))
}

#[cfg(test)]
mod tests {
    use super::{learned, minutes, questions, title};

    const PAGE: &str = "\
# Lesson 3 · The struct header

*About 40 minutes. Mirrors row 10.*

## Questions to think on

1. Why is the first
   one so long?
2. And the second?

## What you have learned

One read is not one
message. Is `a.b` a sentence? No!

## Further reading

- A book.
";

    #[test]
    fn title_and_minutes_come_from_the_top() {
        assert_eq!(title(PAGE).as_deref(), Some("The struct header"));
        assert_eq!(title("# Echo"), Some("Echo".to_owned()));
        assert_eq!(minutes(PAGE), Some(40));
        assert_eq!((title(""), minutes("About a lesson")), (None, None));
    }

    #[test]
    fn questions_are_the_numbered_lines_each_joined_into_one() {
        assert_eq!(questions(PAGE), ["Why is the first one so long?", "And the second?"]);
        assert!(questions("## What you have learned\n1. Nothing.").is_empty());
    }

    #[test]
    fn what_was_learned_is_split_into_sentences() {
        let sentences = ["One read is not one message.", "Is `a.b` a sentence?", "No!"];
        assert_eq!(learned(PAGE), sentences);
        assert!(learned("# A page").is_empty());
    }
}
