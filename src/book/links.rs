//! Links of a Markdown page: where they lead, and the same page with other links.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

/// The targets of all links and pictures of a page, in order.
pub fn targets(page: &str) -> Vec<String> {
    links(page).into_iter().map(|(_, _, target)| target).collect()
}

/// Change the links of a page: `change` returns the new target, or `None` for a link that becomes its text.
pub fn changed(page: &str, change: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut at = 0;
    for (range, _, target) in
        links(page).into_iter().filter(|(_, kind, _)| *kind == LinkType::Inline)
    {
        let link = &page[range.clone()];
        let (shown, _) = link.rsplit_once("](").expect("an inline link has both brackets");
        text.push_str(&page[at..range.start]);
        match change(&target) {
            Some(target) => text.push_str(&format!("{shown}]({target})")),
            None => text.push_str(shown.trim_start_matches(['!', '['])),
        }
        at = range.end;
    }
    text.push_str(&page[at..]);
    text
}

/// The path from the root of the course to which a target on the page `file` leads, without a fragment; `None` for
/// an address, a place on the same page, and what is not below the root.
pub fn resolve(file: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split('#').next().filter(|path| !path.is_empty() && !path.contains("://"))?;
    let mut resolved = file.parent()?.to_owned();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => resolved.push(name),
            Component::ParentDir => resolved.pop().then_some(())?,
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(resolved)
}

/// The target of a link on the page `from` to the page `to`, both by their paths from one folder.
pub fn relative(from: &Path, to: &Path) -> String {
    let up = from.components().count() - 1;
    format!("{}{}", "../".repeat(up), with_slashes(to))
}

/// A relative path as links have it on every system.
pub fn with_slashes(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// Links and pictures: where each stands, how it is written, and its target.
fn links(page: &str) -> Vec<(Range<usize>, LinkType, String)> {
    let events = Parser::new_ext(page, Options::ENABLE_TABLES).into_offset_iter();
    let links = events.filter_map(|(event, range)| match event {
        Event::Start(
            Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. },
        ) => Some((range, link_type, dest_url.into_string())),
        _ => None,
    });
    links.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_gets_its_new_target_or_becomes_its_text() {
        let page = "See [`a.rs`](a.rs), [b](b.rs#top) and `[c](c.rs)`.\n\n```\n[d](d.rs)\n```\n\n| a |\n|---|\n| [e](a.rs) |\n";
        let changed = changed(page, |target| (target == "a.rs").then(|| "x/a.html".to_owned()));
        assert_eq!(
            changed,
            "See [`a.rs`](x/a.html), b and `[c](c.rs)`.\n\n```\n[d](d.rs)\n```\n\n| a |\n|---|\n| [e](x/a.html) |\n"
        );
    }

    #[test]
    fn a_target_is_resolved_from_the_folder_of_its_page() {
        let resolve = |target| resolve(Path::new("lessons/3/zh/README.md"), target);
        assert_eq!(resolve("../exercise.rs#L1"), Some("lessons/3/exercise.rs".into()));
        assert_eq!(resolve("../../../docs/./a.md"), Some("docs/a.md".into()));
        for elsewhere in ["https://example.org/a.md", "#here", "/etc/passwd", "../../../../a.md"] {
            assert_eq!(resolve(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn a_link_leads_from_page_to_page() {
        assert_eq!(relative(Path::new("README.md"), Path::new("3/hints.md")), "3/hints.md");
        assert_eq!(relative(Path::new("3/given/a.md"), Path::new("3/b.md")), "../../3/b.md");
    }
}
