//! Compares the links of a page in English with those of the same in Chinese.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The links that only one of the two has, once both lead to the Chinese page where there is one; and those that lead
/// nowhere.
pub fn compare(english: &Path, chinese: &Path) -> Vec<String> {
    let folder = chinese.parent().expect("it is in a folder").parent().expect("below another");
    let expected = links(english).map(|link| in_chinese(folder, &link)).collect::<BTreeSet<_>>();
    let found: BTreeSet<String> = links(chinese)
        .map(|link| if link.contains("://") { link } else { shown(&folder.join("zh").join(link)) })
        .collect();
    let lost = expected.difference(&found).map(|link| format!("no link to {link}"));
    let new = found.difference(&expected).map(|link| format!("a link to {link}"));
    let is_dead = |link: &&String| !link.contains("://") && !Path::new(link).exists();
    let dead = found.iter().filter(is_dead).map(|link| format!("a dead link to {link}"));
    lost.chain(new).chain(dead).map(|what| format!("{}: {what}", chinese.display())).collect()
}

/// The targets of a page's links, without the parts of pages.
fn links(page: &Path) -> impl Iterator<Item = String> {
    let text = super::read(page);
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    let targets =
        targets.map(|(target, _)| target.split('#').next().unwrap_or_default().to_owned());
    targets.filter(|target| !target.is_empty()).collect::<Vec<_>>().into_iter()
}

/// Where a link of an English page leads in Chinese.
fn in_chinese(folder: &Path, link: &str) -> String {
    if link.contains("://") {
        return link.to_owned();
    }
    let target = folder.join(link);
    let name = target.file_name().map(ToOwned::to_owned).unwrap_or_default();
    let chinese = target.with_file_name("zh").join(name);
    shown(if chinese.is_file() { &chinese } else { &target })
}

/// A path without `..`.
fn shown(path: &Path) -> String {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain.display().to_string()
}
