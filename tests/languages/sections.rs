//! The sections of a page in Markdown.

/// The sections of a page, each with its heading, without blocks of code.
pub fn sections(page: &str) -> Vec<(String, String)> {
    let mut sections = vec![(String::new(), String::new())];
    let mut in_code = false;
    for line in page.lines() {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        if in_code || is_fence {
            continue;
        }
        if line.starts_with('#') {
            sections.push((line.to_owned(), String::new()));
        } else {
            let (_, text) = sections.last_mut().expect("there is one at least");
            text.push_str(line);
            text.push('\n');
        }
    }
    sections
}
