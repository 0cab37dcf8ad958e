//! The stories of the naive programs, from real runs. A story is kept until something changes that it depends on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anstyle_svg::{Term, WIN10_CONSOLE};
use netkata::{Language, Story};
use netkata_runner::answer::Answer;
use netkata_runner::course::{Course, Lesson};
use netkata_runner::failure::Failure;
use netkata_runner::grading::{Graded, Task, Wanted, grade};
use netkata_runner::pages::report;
use netkata_runner::version::{Version, hexadecimal};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::words;

/// The columns of a story.
const WIDTH: usize = 80;
/// A font in which Chinese characters are two columns wide, declared in CSS.
pub(crate) const FONT: &str = include_str!("theme/font.css");
const STYLE: &str = include_str!("theme/story.css");

/// Which check fails first, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The name of the check, as readers know it.
    pub check: String,
    /// The program, by its path from the root of the course.
    pub file: String,
    /// The story.
    pub story: Story,
}

impl Told {
    /// The story as the command prints it, without styles.
    pub fn text(&self) -> String {
        anstream::adapter::strip_str(&self.with_styles()).to_string()
    }

    /// The story as a picture of a terminal, which can be made larger and smaller.
    pub fn picture(&self) -> String {
        let svg = Term::new().palette(WIN10_CONSOLE).render_svg(self.with_styles().trim_end());
        let size: Vec<&str> = svg.split('"').collect();
        let [_, width, _, height, ..] = size.as_slice() else { return svg };
        let (width, height) = (width.trim_end_matches("px"), height.trim_end_matches("px"));
        let with_view = format!(r#"<svg viewBox="0 0 {width} {height}" "#);
        let svg = svg.replacen(r"<svg ", &with_view, 1);
        svg.replacen("</style>", &format!("\n{FONT}{STYLE}</style>"), 1)
    }

    fn with_styles(&self) -> String {
        report::story_of(&self.check, &self.file, &self.story, WIDTH)
    }

    /// What the grading of a naive program shows first; `None` if it has no story.
    fn of(course: &Course, graded: &Graded) -> Option<Told> {
        let check = graded.failing().into_iter().next()?;
        let (story, file) = (check.story.clone()?, course.shown(&graded.file));
        Some(Told { check: graded.lesson.readable(&check.name), file, story })
    }

    fn to_json(&self) -> Value {
        json!({ "check": self.check, "file": self.file, "story": self.story.to_json() })
    }

    fn from_json(value: &Value) -> Option<Told> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let story = Story::from_json(&value["story"])?;
        Some(Told { check: text("check")?, file: text("file")?, story })
    }
}

/// The story of each lesson in the language of this thread, by its number: kept, or from a run of its naive program.
pub fn stories(course: &Course, lessons: &[&Lesson]) -> Result<BTreeMap<u32, Told>, Failure> {
    let version = Version::of(course)?;
    let kept = lessons.iter().map(|lesson| Kept::of(course, &version, lesson));
    let kept: Vec<Kept> = kept.collect::<Result<_, _>>()?;
    let stale: Vec<&Kept> = kept.iter().filter(|kept| kept.told.is_none()).collect();
    let fresh = run(course, &stale)?;
    for (kept, told) in stale.iter().zip(&fresh) {
        kept.keep(told)?;
    }
    let mut fresh = fresh.into_iter();
    let told = kept
        .into_iter()
        .filter_map(|it| Some((it.lesson.number, it.told.or_else(|| fresh.next())?)));
    Ok(told.collect())
}

/// A lesson, and its story if that is kept.
struct Kept<'a> {
    lesson: &'a Lesson,
    /// A digest of all that the story depends on.
    digest: String,
    file: PathBuf,
    told: Option<Told>,
}

impl<'a> Kept<'a> {
    fn of(course: &Course, version: &Version, lesson: &'a Lesson) -> Result<Kept<'a>, Failure> {
        let mut digest = Sha256::new_with_prefix(version.of_lesson(course, lesson)?);
        for name in ["naive.rs", "zh/causes.rs", "zh/checks.txt", "zh/words.rs"] {
            // A lesson need not have all of them.
            digest.update(fs::read(lesson.file(name)).unwrap_or_default());
        }
        let digest = hexadecimal(digest.finalize());
        let file = course.target().join("book/stories").join(Language::current().code());
        let file = file.join(format!("{}.json", lesson.folder));
        let told = kept_in(&file).filter(|kept| kept["digest"] == digest.as_str());
        let told = told.and_then(|kept| Told::from_json(&kept["told"]));
        Ok(Kept { lesson, digest, file, told })
    }

    fn keep(&self, told: &Told) -> Result<(), Failure> {
        let kept = json!({ "digest": self.digest, "told": told.to_json() });
        crate::mdbook::write(&self.file, kept.to_string().as_bytes())
    }
}

fn kept_in(file: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// Run the naive programs of these lessons, and keep their order.
fn run(course: &Course, lessons: &[&Kept]) -> Result<Vec<Told>, Failure> {
    if lessons.is_empty() {
        return Ok(Vec::new());
    }
    let counted = netkata::counted(lessons.len(), words::NAIVE_PROGRAM);
    anstream::eprintln!("{}", words::grading(counted));
    let task = |kept: &&Kept| Task {
        lesson: kept.lesson.clone(),
        answer: Answer::Naive,
        wanted: Wanted::default(),
    };
    let graded = grade(course, &lessons.iter().map(task).collect::<Vec<Task>>())?;
    let told = graded.iter().map(|graded| {
        Told::of(course, graded).ok_or_else(|| Failure::new(words::no_story(&graded.lesson.folder)))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use netkata::Row;

    use super::*;

    fn told() -> Told {
        let rows = vec![Row::new("the peer sent", "68 65 │ <神>")];
        let (cause, sentence) = ("OneReadIsNotOneMessage".to_owned(), "Read on.".to_owned());
        Told {
            check: "a message is whole".to_owned(),
            file: "lessons/03_struct_header/naive.rs".to_owned(),
            story: Story { rows, cause, sentence },
        }
    }

    #[test]
    fn a_picture_can_be_scaled_and_shows_chinese_in_two_columns() {
        let picture = told().picture();
        assert!(picture.starts_with(r#"<svg viewBox="0 0 740 "#), "{picture}");
        assert!(picture.contains(r#"font-family: "Two Columns", "#), "{picture}");
        assert!(picture.contains("@font-face {"), "{picture}");
        assert!(picture.contains("&lt;神&gt;"), "{picture}");
    }

    #[test]
    fn a_text_is_what_the_command_prints() {
        let text = told().text();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("✗ a message is whole  "), "{text}");
        assert_eq!(lines[1..], ["    the peer sent   68 65 │ <神>", "    Read on."]);
    }

    #[test]
    fn a_kept_story_is_the_same() {
        assert_eq!(Told::from_json(&told().to_json()), Some(told()));
    }
}
