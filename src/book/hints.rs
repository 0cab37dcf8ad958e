//! A page of hints in which each is folded, so that no reader sees one by accident.

use netkata_runner::pages::hints;

use crate::words;

/// Fold the hints of a page; `name` is what readers call a check.
pub fn folded(page: &str, name: impl Fn(&str) -> String) -> String {
    let levels = [&words::A_NUDGE, &words::THE_CONCEPT, &words::NEARLY_THE_CODE];
    let title = page.lines().next().unwrap_or_default();
    let mut text = format!("{title}\n\n{}\n", words::ONE_HINT_AT_A_TIME);
    for check in hints::checks(page) {
        text.push_str(&format!("\n## {}\n", name(&check)));
        let levels = hints::about(page, &check).into_iter().zip(levels).enumerate();
        for (level, (hint, what)) in levels {
            let summary = format!("{} · {what}", level + 1);
            text.push_str(&format!(
                "\n<details><summary>{summary}</summary>\n\n{hint}\n\n</details>\n"
            ));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_is_folded_by_itself() {
        let page = "# Hints\n\n## a_check\n\n### 1\nLook.\n\n### 2\nThink.\n\n### 3\n`code`\n";
        let folded = folded(page, |check| check.replace('_', " "));
        let parts = folded.split("<details>");
        let shown: String = parts.filter_map(|part| part.rsplit("</details>").next()).collect();
        let expected = format!("# Hints\n\n{}\n\n## a check", words::ONE_HINT_AT_A_TIME);
        assert_eq!(shown.trim_end(), expected);
        assert_eq!(folded.matches("<details><summary>").count(), 3);
        assert!(folded.contains("<summary>3 · nearly the code</summary>\n\n`code`\n"), "{folded}");
    }
}
