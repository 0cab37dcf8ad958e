//! A lesson as a page to print: what its README says, the story of the naive program, and the program.
//!
//! Left out is what gives something away: hints, answers, and the end, which the commands also show only after green.

use std::path::{Path, PathBuf};
use std::process::Command;

use netkata::Language;
use netkata_runner::course::{Course, Lesson};
use netkata_runner::failure::Failure;
use netkata_runner::pages::readme;
use pulldown_cmark::{Options, Parser, html};

use crate::book::{Maker, escaped};
use crate::stories::{FONT, Told};
use crate::{links, mdbook, words};

const STYLE: &str = include_str!("theme/handout.css");
/// The names of Chromium.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Make the handout of a lesson, and a PDF of it if Chromium is installed; return the files.
pub(crate) fn make(
    course: &Course,
    language: Language,
    lesson: &Lesson,
    told: &Told,
) -> Result<Vec<PathBuf>, Failure> {
    let folder = course.target().join("book/handouts");
    let page = folder.join(format!("{}.{}.html", lesson.folder, language.code()));
    mdbook::write(&page, text(course, language, lesson, told)?.as_bytes())?;
    let mut files = vec![page];
    match CHROMIUM.iter().find_map(|name| which::which(name).ok()) {
        Some(chromium) => files.push(print(&chromium, &files[0])?),
        None => anstream::eprintln!("{}", words::NO_CHROMIUM),
    }
    Ok(files)
}

/// The page of a lesson, in HTML, which needs no other file.
pub fn text(
    course: &Course,
    language: Language,
    lesson: &Lesson,
    told: &Told,
) -> Result<String, Failure> {
    language.speaks(|| made(&Maker { course }, lesson, told))
}

fn made(maker: &Maker, lesson: &Lesson, told: &Told) -> Result<String, Failure> {
    let page = maker.read(&maker.page_of(lesson, "README.md"))?;
    let page = links::changed(&page, |target| target.contains("://").then(|| target.to_owned()));
    let page = maker.without(lesson, &page, readme::LEARNED)?;
    let (before, after) = maker.split_at(lesson, &page, readme::TASK)?;
    let says = words::fails_with(lesson.number);
    let naive = maker.read(&lesson.file("naive.rs"))?;
    let title = escaped(before.lines().next().unwrap_or_default().trim_start_matches("# "));
    let code = Language::current().code();
    let (before, after) = (html_of(&format!("{before}{says}\n")), html_of(after));
    let (story, naive) = (escaped(told.text().trim_end()), escaped(&naive));
    Ok(format!(
        r#"<!doctype html>
<html lang="{code}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{FONT}{STYLE}</style>
</head>
<body>
{before}<pre class="story">{story}</pre>
{after}<h2>exercise.rs</h2>
<pre><code>{naive}</code></pre>
</body>
</html>
"#
    ))
}

fn html_of(markdown: &str) -> String {
    let mut text = String::new();
    html::push_html(&mut text, Parser::new_ext(markdown, Options::ENABLE_TABLES));
    text
}

/// Let Chromium make a PDF beside a page.
fn print(chromium: &Path, page: &Path) -> Result<PathBuf, Failure> {
    let pdf = page.with_extension("pdf");
    let mut command = Command::new(chromium);
    command.args(["--headless", "--disable-gpu", "--no-pdf-header-footer"]);
    command.args(no_sandbox());
    command.arg(format!("--print-to-pdf={}", pdf.display())).arg(page);
    let output = command.output().map_err(Failure::of_file(&words::START, chromium))?;
    if output.status.success() && pdf.exists() {
        return Ok(pdf);
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(Failure::new(words::failed(chromium.display(), said)))
}

/// Chromium does not start as root in its own sandbox. The page is ours, and loads nothing.
fn no_sandbox() -> Option<&'static str> {
    #[cfg(unix)]
    if rustix::process::geteuid().is_root() {
        return Some("--no-sandbox");
    }
    None
}
