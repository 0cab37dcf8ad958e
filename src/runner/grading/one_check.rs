//! Leaves one check of a lesson's tests: a mistake is audited by the check that it names, and rustc compiles
//! that one in less than half of the time that it takes to compile all.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};

/// Return the tests with an empty body for every check but this one; `None` if it is not among them.
///
/// The names stay, because a check names those on which it builds, and every line keeps its number. The
/// modules that `folder`, that of the tests, has in other files are named so that the result can lie anywhere.
pub(super) fn only(check: &str, tests: &str, folder: &Path) -> Option<String> {
    let tokens: Vec<TokenTree> = tests.parse::<TokenStream>().ok()?.into_iter().collect();
    let mut changes = Vec::new();
    let mut is_there = false;
    for item in tokens.split_inclusive(ends_an_item) {
        let attributes: Vec<Vec<TokenTree>> = item.iter().filter_map(attribute).collect();
        for file in attributes.iter().filter_map(|attribute| path(attribute)) {
            let written = file.to_string();
            let whole = folder.join(written.trim_matches('"'));
            changes.push((file.span().byte_range(), Literal::string(whole.to_str()?).to_string()));
        }
        let Some(name) = function(item).filter(|_| attributes.iter().any(|it| is_of_a_check(it)))
        else {
            continue;
        };
        if name == check {
            is_there = true;
        } else {
            let (first, last) = (item.first()?.span(), item.last()?.span());
            let range = first.byte_range().start..last.byte_range().end;
            let lines = "\n".repeat(tests[range.clone()].matches('\n').count());
            changes.push((range, format!(r"fn {name}() {{{lines}}}")));
        }
    }
    let mut text = tests.to_owned();
    for (range, change) in changes.iter().rev() {
        text.replace_range(range.clone(), change);
    }
    is_there.then_some(text)
}

/// The files of the modules that the result of [`only`] has in other files.
pub(super) fn modules(tests: &str) -> Vec<PathBuf> {
    let paths = tests.lines().filter_map(|line| line.strip_prefix(r"#[path = "));
    let literals = paths.filter_map(|rest| rest.strip_suffix(']')?.parse::<Literal>().ok());
    literals.map(|literal| PathBuf::from(literal.to_string().trim_matches('"'))).collect()
}

fn ends_an_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    }
}

/// What stands between the brackets of an attribute.
fn attribute(token: &TokenTree) -> Option<Vec<TokenTree>> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
            Some(group.stream().into_iter().collect())
        }
        _ => None,
    }
}

/// The file in `path = "FILE"`.
fn path(attribute: &[TokenTree]) -> Option<&Literal> {
    match attribute {
        [TokenTree::Ident(name), _, TokenTree::Literal(file)] if name == "path" => Some(file),
        _ => None,
    }
}

fn is_of_a_check(attribute: &[TokenTree]) -> bool {
    let first = attribute.first().map(TokenTree::to_string);
    first.is_some_and(|first| ["rstest", "test"].contains(&&*first))
}

fn function(item: &[TokenTree]) -> Option<String> {
    let at = item.iter().position(|token| matches!(token, TokenTree::Ident(it) if it == "fn"))?;
    item.get(at + 1).map(TokenTree::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TESTS: &str = r#"//! Some tests.
#[path = "../lessons/causes.rs"]
mod causes;

/// A first check.
#[rstest]
#[case::empty("}")]
fn first(#[case] text: &str) {
    graded(|| ());
}

#[test]
fn second() {
    builds_on(first);
}

fn helper() {}
"#;

    #[test]
    fn the_other_checks_are_empty_and_each_line_stays_where_it_was() {
        let expected = r#"//! Some tests.
#[path = "/course/tests/../lessons/causes.rs"]
mod causes;

fn first() {




}

#[test]
fn second() {
    builds_on(first);
}

fn helper() {}
"#;
        let second = only("second", TESTS, Path::new("/course/tests"));
        assert_eq!(second.as_deref(), Some(expected));
    }

    #[test]
    fn a_function_that_is_no_check_is_none() {
        assert_eq!(only("helper", TESTS, Path::new("/course/tests")), None);
        assert_eq!(only("third", TESTS, Path::new("/course/tests")), None);
    }
}
