//! Reads the parts of a lesson's page, `README.md`, that the commands show.
//!
//! ```text
//! # Lesson 3 · The struct header         its title
//! *About 40 minutes. …*                  its minutes
//! ## Questions to think on               questions, numbered
//! ## What you have learned               three sentences
//! ```

/// The first heading, without a leading `Lesson 3 ·`.
pub fn title(page: &str) -> Option<String> {
    let heading = page.lines().find_map(|line| line.strip_prefix("# "))?.trim();
    match heading.split_once(['·', ':']) {
        Some((start, rest)) if start.to_lowercase().starts_with("lesson") => {
            Some(rest.trim().to_owned())
        }
        _ => Some(heading.to_owned()),
    }
}

/// The number in the first `About 40 minutes`.
pub fn minutes(page: &str) -> Option<u32> {
    let (_, after) = page.split_once(r"About ")?;
    let (number, after) = after.split_once(' ')?;
    after.starts_with("minutes").then(|| number.parse().ok()).flatten()
}

/// The sentences of "What you have learned"; empty if the page has none.
pub fn learned(page: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    let words = section(page, r"What you have learned").flat_map(str::split_whitespace);
    for word in words {
        let sentence = sentences.last_mut().expect("there is one at least");
        sentence.push_str(if sentence.is_empty() { "" } else { " " });
        sentence.push_str(word);
        if word.ends_with(['.', '?', '!']) {
            sentences.push(String::new());
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// The questions to think on, each in one line; empty if the page has none.
pub fn questions(page: &str) -> Vec<String> {
    let mut questions: Vec<String> = Vec::new();
    for line in section(page, r"Questions to think on") {
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

/// The lines under a heading, up to the next heading.
fn section<'a>(page: &'a str, heading: &'a str) -> impl Iterator<Item = &'a str> {
    let mut lines = page.lines().skip_while(move |line| line.strip_prefix("## ") != Some(heading));
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
