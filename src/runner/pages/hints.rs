//! Reads a lesson's `hints.md`: three hints per check, from a nudge to nearly the code.
//!
//! ```text
//! ## check_name
//! ### 1
//! Markdown, until the next heading.
//! ### 2
//! …
//! ```

/// The hints about a check, the gentlest first; empty if the page has none.
pub fn about(page: &str, check: &str) -> Vec<String> {
    let mut hints: Vec<String> = Vec::new();
    let (mut is_about, mut in_code) = (false, false);
    for line in page.lines() {
        in_code ^= line.trim_start().starts_with("```");
        if let Some(heading) = line.strip_prefix("## ").filter(|_| !in_code) {
            is_about = heading.trim().trim_matches('`') == check;
        } else if is_about && !in_code && line.starts_with("### ") {
            hints.push(String::new());
        } else if let Some(hint) = hints.last_mut().filter(|_| is_about) {
            hint.push_str(line);
            hint.push('\n');
        }
    }
    hints.iter().map(|hint| hint.trim().to_owned()).collect()
}

/// The checks that the page has hints about, in order.
pub fn checks(page: &str) -> Vec<String> {
    let mut in_code = false;
    let lines = page.lines().filter(|line| {
        in_code ^= line.trim_start().starts_with("```");
        !in_code
    });
    let headings = lines.filter_map(|line| line.strip_prefix("## "));
    headings.map(|heading| heading.trim().trim_matches('`').to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{about, checks};

    const PAGE: &str = "\
# Hints

## other
### 1
Not this.

## wanted
### 1
First.

```rust
### 9
## wanted
```
### 2
Second,
on two lines.

## another
### 1
Nor this.
";

    #[test]
    fn hints_of_a_check_are_found_in_order() {
        let hints = about(PAGE, "wanted");
        assert_eq!(hints.len(), 2, "{hints:?}");
        assert_eq!(hints[0], "First.\n\n```rust\n### 9\n## wanted\n```");
        assert_eq!(hints[1], "Second,\non two lines.");
    }

    #[test]
    fn checks_are_headings_outside_of_code() {
        assert_eq!(checks(PAGE), ["other", "wanted", "another"]);
    }

    #[test]
    fn a_check_without_hints_has_none() {
        assert!(about(PAGE, "missing").is_empty());
    }
}
