//! `cargo kata new-lesson 15 topic`: create a lesson that compiles and is red, for an author to complete.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::course::Course;
use crate::failure::Failure;
use crate::pages::page::Page;
use crate::words;

/// The files of a lesson's folder, with their templates. Names in braces are replaced: `{topic}`,
/// `{folder}` (`15_topic`), `{number}` (two digits: `03`), `{n}` (as people write it: `3`).
const FILES: [(&str, &str); 16] = [
    ("Cargo.toml", include_str!("../skeleton/Cargo.toml.in")),
    ("README.md", include_str!("../skeleton/README.md.in")),
    ("hints.md", include_str!("../skeleton/hints.md.in")),
    ("zh/README.md", include_str!("../skeleton/zh/README.md.in")),
    ("zh/hints.md", include_str!("../skeleton/zh/hints.md.in")),
    ("zh/checks.txt", include_str!("../skeleton/zh/checks.txt.in")),
    ("promises.toml", include_str!("../skeleton/promises.toml.in")),
    ("naive.rs", include_str!("../skeleton/naive.rs.in")),
    ("exercise.rs", include_str!("../skeleton/naive.rs.in")),
    ("solution.rs", include_str!("../skeleton/solution.rs.in")),
    ("answers.rs", include_str!("../skeleton/answers.rs.in")),
    ("right/limited_reader.rs", include_str!("../skeleton/right.rs.in")),
    ("wrong/reads_once.diff", include_str!("../skeleton/wrong.diff.in")),
    ("main.rs", include_str!("../skeleton/main.rs.in")),
    ("peers/conversations.toml", include_str!("../skeleton/conversations.toml.in")),
    ("peers/five.py", include_str!("../skeleton/peer.py.in")),
];
/// The lesson's checks: `tests/15_topic.rs`.
const TEST: &str = include_str!("../skeleton/test.rs.in");

pub(super) fn run(course: &Course, number: u32, topic: &str) -> Result<ExitCode, Failure> {
    course.must_be_whole(r"new-lesson")?;
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !topic.starts_with(|c: char| c.is_ascii_lowercase()) || !topic.chars().all(letters) {
        return Err(Failure::usage(words::not_a_topic(topic)));
    }
    let taken = course.lessons().iter().find(|it| it.number == number || it.topic == topic);
    if let Some(lesson) = taken {
        return Err(Failure::usage(words::lesson_exists(&lesson.folder)));
    }
    let folder = format!("{number:02}_{topic}");
    let filled = |template: &str| {
        let text = template.replace("{topic}", topic).replace("{folder}", &folder);
        text.replace("{number}", &format!("{number:02}")).replace("{n}", &number.to_string())
    };
    let root = course.root();
    for (name, template) in FILES {
        write(&root.join("lessons").join(&folder).join(name), &filled(template))?;
    }
    write(&root.join("tests").join(format!("{folder}.rs")), &filled(TEST))?;
    let mut page = Page::new();
    page.line(words::lesson_begun(&folder));
    page.line(words::fill_in_a_lesson(number));
    page.print()?;
    Ok(ExitCode::SUCCESS)
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let folder = file.parent().expect("it lies in a folder");
    fs::create_dir_all(folder).map_err(Failure::of_file(words::CREATE, folder))?;
    fs::write(file, text).map_err(Failure::of_file(words::WRITE, file))
}
