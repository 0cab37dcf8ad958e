//! The pages of the book in one language, made from the files of the course.
//!
//! ```text
//! lessons/03_struct_header/README.md       03_struct_header/index.md         with the story of the naive program
//! lessons/03_struct_header/hints.md        03_struct_header/hints.md         folded
//! lessons/03_struct_header/naive.rs        03_struct_header/exercise.rs.md   as every exercise begins
//! lessons/03_struct_header/forge.rs        03_struct_header/forge.rs.md      if a page links to it
//! docs/book/en/tests.md                    tests.md
//! ```
//!
//! A link leads to the page of its file. If the book has no such page, as of every file that students do not get, only the
//! text of the link is left.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use netkata::Language;
use netkata_runner::course::{Course, Lesson, Part};
use netkata_runner::failure::Failure;
use netkata_runner::is_for_students;
use netkata_runner::pages::readme;

use crate::stories::Told;
use crate::{hints, links, words};

/// Where the introduction lists the lessons.
const LESSONS: &str = r"<!-- contents -->";
/// The picture of a story, beside the page of its lesson.
const PICTURE: &str = "story.svg";

/// A book: its pages and pictures.
pub struct Book {
    /// Its language.
    pub language: Language,
    /// The first page.
    pub introduction: Page,
    /// Groups of pages under a heading.
    pub parts: Vec<(String, Vec<Page>)>,
    /// Pictures, by their places.
    pub pictures: BTreeMap<PathBuf, String>,
}

/// A page of a book.
pub struct Page {
    /// Its place: the path of its file in the book.
    pub place: PathBuf,
    /// Its title in the table of contents.
    pub title: String,
    /// Its text, in Markdown.
    pub text: String,
    /// Whether the search finds it. Hints are to be read one at a time, not in a list of results.
    pub is_searched: bool,
    /// The pages below it.
    pub below: Vec<Page>,
}

impl Book {
    /// Collect the pages of the book in a language, with the stories of these lessons.
    pub fn of(
        course: &Course,
        language: Language,
        stories: &BTreeMap<u32, Told>,
    ) -> Result<Book, Failure> {
        language.speaks(|| Book::made(&Maker { course }, stories))
    }

    fn made(maker: &Maker, stories: &BTreeMap<u32, Told>) -> Result<Book, Failure> {
        let lessons = maker.course.lessons();
        let mut parts = Vec::new();
        for part in Part::ALL {
            let pages = lessons.iter().filter(|lesson| lesson.part() == part);
            let pages = pages.map(|lesson| maker.lesson(lesson, stories.get(&lesson.number)));
            parts.push((capitalized(part.name()), pages.collect::<Result<_, _>>()?));
        }
        let introduction = maker.introduction(&parts)?;
        let about = vec![maker.chapter("tests.md")?, maker.chapter("instructors.md")?];
        parts.push((words::ABOUT_THE_COURSE.to_string(), about));
        let pictures = lessons.iter().filter_map(|lesson| {
            let place = Path::new(&lesson.folder).join(PICTURE);
            Some((place, stories.get(&lesson.number)?.picture()))
        });
        let pictures = pictures.collect();
        Ok(Book { language: Language::current(), introduction, parts, pictures })
    }

    /// Every page, in the order of the table of contents.
    pub fn pages(&self) -> Vec<&Page> {
        let parts = self.parts.iter().flat_map(|(_, pages)| pages);
        let pages = parts.flat_map(|page| std::iter::once(page).chain(&page.below));
        std::iter::once(&self.introduction).chain(pages).collect()
    }

    /// The table of contents, as mdBook reads it.
    pub fn summary(&self) -> String {
        let mut text = format!("{}\n", self.introduction.entry());
        for (heading, pages) in &self.parts {
            text.push_str(&format!("\n# {heading}\n\n"));
            for page in pages {
                text.push_str(&format!("- {}\n", page.entry()));
                text.extend(page.below.iter().map(|below| format!("  - {}\n", below.entry())));
            }
        }
        text
    }
}

impl Page {
    fn entry(&self) -> String {
        format!("[{}]({})", self.title, links::with_slashes(&self.place))
    }
}

/// Makes the pages, in the language of this thread.
pub(crate) struct Maker<'a> {
    pub(crate) course: &'a Course,
}

impl Maker<'_> {
    fn lesson(&self, lesson: &Lesson, told: Option<&Told>) -> Result<Page, Failure> {
        let file = self.page_of(lesson, "README.md");
        let source = self.read(&file)?;
        let mut below = vec![self.hints(lesson)?];
        below.extend(self.code(lesson, &file, &source)?);
        let mut text = self.linked(&file, &source);
        if let Some(told) = told {
            text = self.with_story(lesson, &text, told)?;
        }
        let title = format!("{} · {}", lesson.number, readme::title(&source).unwrap_or_default());
        Ok(Page { place: self.place(&file), title, text, is_searched: true, below })
    }

    fn hints(&self, lesson: &Lesson) -> Result<Page, Failure> {
        let file = self.page_of(lesson, "hints.md");
        let text = self.linked(&file, &self.read(&file)?);
        let text = hints::folded(&text, |check| match Language::current() {
            // In English, the name is that of the function.
            Language::English => lesson.readable(check),
            Language::Chinese => format!("{}\n\n`{check}`", lesson.readable(check)),
        });
        let title = words::HINTS.to_string();
        Ok(Page { place: self.place(&file), title, text, is_searched: false, below: Vec::new() })
    }

    /// The exercise, and the other programs to which a lesson's page links.
    fn code(&self, lesson: &Lesson, file: &Path, page: &str) -> Result<Vec<Page>, Failure> {
        let exercise = self.path_of(&lesson.file("exercise.rs"));
        let linked = links::targets(page).into_iter();
        let linked = linked.filter_map(|target| links::resolve(file, &target));
        let mut files = vec![exercise.clone()];
        for linked in linked.filter(|file| self.is_code(file)) {
            if !files.contains(&linked) {
                files.push(linked);
            }
        }
        let page = |file: &PathBuf| {
            // An exercise begins as the naive program; the file itself may hold an answer.
            let source =
                if *file == exercise { file.with_file_name("naive.rs") } else { file.clone() };
            self.program(lesson, file, &self.read(&source)?)
        };
        files.iter().map(page).collect()
    }

    fn program(&self, lesson: &Lesson, file: &Path, source: &str) -> Result<Page, Failure> {
        let title = file.strip_prefix(self.path_of(&lesson.directory)).unwrap_or(file);
        let (title, path) = (links::with_slashes(title), links::with_slashes(file));
        let language = file.extension().unwrap_or_default().display();
        let text = format!("# {title}\n\n`{path}`\n\n`````{language}\n{source}`````\n");
        Ok(Page { place: self.place(file), title, text, is_searched: false, below: Vec::new() })
    }

    fn introduction(&self, parts: &[(String, Vec<Page>)]) -> Result<Page, Failure> {
        let mut page = self.chapter("introduction.md")?;
        let lessons = parts.iter().map(|(heading, pages)| {
            let entries: String =
                pages.iter().map(|page| format!("- {}\n", page.entry())).collect();
            format!("**{heading}**\n\n{entries}\n")
        });
        let lessons: String = lessons.collect();
        page.text = page.text.replace(LESSONS, lessons.trim_end());
        Ok(page)
    }

    /// A page below `docs/book/`.
    fn chapter(&self, name: &str) -> Result<Page, Failure> {
        let file = Path::new("docs/book").join(Language::current().code()).join(name);
        let source = self.read(&file)?;
        let title = source.lines().next().unwrap_or_default().trim_start_matches("# ").to_owned();
        let text = self.linked(&file, &source);
        Ok(Page { place: self.place(&file), title, text, is_searched: true, below: Vec::new() })
    }

    /// The page of a lesson with the picture of its story, before the task.
    fn with_story(&self, lesson: &Lesson, page: &str, told: &Told) -> Result<String, Failure> {
        let (before, after) = self.split_at(lesson, page, readme::TASK)?;
        let says = words::fails_with(lesson.number);
        let text = escaped(told.text().trim_end()).replace('\n', "&#10;");
        let picture = format!(r#"<img class="story" src="{PICTURE}" alt="{text}">"#);
        Ok(format!("{before}{says}\n\n{picture}\n\n{after}"))
    }

    /// A lesson's page without the section under this heading.
    pub(crate) fn without(
        &self,
        lesson: &Lesson,
        page: &str,
        heading: [&str; 2],
    ) -> Result<String, Failure> {
        let (before, section) = self.split_at(lesson, page, heading)?;
        let after = section.find("\n## ").map_or("", |at| &section[at + 1..]);
        Ok(format!("{before}{after}"))
    }

    /// Split a lesson's page before this heading.
    pub(crate) fn split_at<'p>(
        &self,
        lesson: &Lesson,
        page: &'p str,
        heading: [&str; 2],
    ) -> Result<(&'p str, &'p str), Failure> {
        // A page that is not translated has its heading in English.
        let at = heading.iter().find_map(|it| page.find(&format!("\n## {it}\n")));
        let split = at.map(|at| page.split_at(at + 1));
        split.ok_or_else(|| Failure::new(words::no_heading(&lesson.folder, heading[0])))
    }

    /// A page of a lesson in the language of this thread, by its path from the root.
    pub(crate) fn page_of(&self, lesson: &Lesson, name: &str) -> PathBuf {
        self.path_of(&lesson.page_file(name))
    }

    /// The path of a file from the root of the course.
    fn path_of(&self, file: &Path) -> PathBuf {
        file.strip_prefix(self.course.root()).unwrap_or(file).to_owned()
    }

    pub(crate) fn read(&self, file: &Path) -> Result<String, Failure> {
        let file = self.course.root().join(file);
        fs::read_to_string(&file).map_err(Failure::of_file(&words::READ, &file))
    }

    /// The text of the page `file` with links that lead to pages of the book.
    fn linked(&self, file: &Path, text: &str) -> String {
        let here = self.place(file);
        links::changed(text, |target| {
            if target.contains("://") || target.starts_with('#') {
                return Some(target.to_owned());
            }
            let linked =
                links::resolve(file, target).filter(|linked| self.is_in_the_book(linked))?;
            let fragment = target.find('#').map_or("", |at| &target[at..]);
            Some(format!("{}{fragment}", links::relative(&here, &self.place(&linked))))
        })
    }

    fn is_in_the_book(&self, file: &Path) -> bool {
        let is_page = file.extension().is_some_and(|it| it == "md")
            && (file.starts_with("lessons") || file.starts_with("docs/book"));
        is_page && self.course.root().join(file).exists() || self.is_code(file)
    }

    /// Whether a file of the course is a program that students get, in whatever language.
    fn is_code(&self, file: &Path) -> bool {
        file.extension().is_some_and(|it| it != "md")
            && file.starts_with("lessons")
            && is_for_students(self.course, file)
            && self.course.root().join(file).is_file()
    }

    /// The place of a file of the course in the book.
    fn place(&self, file: &Path) -> PathBuf {
        let language = Language::current().code();
        let below =
            ["lessons", "docs/book"].iter().find_map(|folder| file.strip_prefix(folder).ok());
        let parts = below.unwrap_or(file).iter().filter(|part| *part != language);
        let place: PathBuf = parts.collect();
        match file.file_name().and_then(|it| it.to_str()).unwrap_or_default() {
            "introduction.md" | "README.md" => place.with_file_name("index.md"),
            name if name.ends_with(".md") => place,
            name => place.with_file_name(format!("{name}.md")),
        }
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A text in an attribute of HTML.
pub(crate) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}
