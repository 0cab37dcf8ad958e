//! The course on disk: its root and its lessons. All of this is read from the folders.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use netkata::Language;

use crate::failure::Failure;
use crate::pages::{checks, readme};
use crate::words;

/// A course: a folder with `Cargo.toml` and `lessons/`.
#[derive(Clone, Debug)]
pub struct Course {
    root: PathBuf,
    lessons: Vec<Lesson>,
}

/// One lesson, under its three names: `3`, `struct_header`, `03_struct_header`.
///
/// The folder's name is also the name of its test file and test target. The topic is the name of its
/// package and of the library that an answer is compiled as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its place in the course.
    pub number: u32,
    /// The folder's name: `03_struct_header`.
    pub folder: String,
    /// The name without the number: `struct_header`.
    pub topic: String,
    /// The first heading of its page, or its topic if it has no page.
    pub title: String,
    /// How long it takes, in minutes, according to its page: `About 40 minutes`.
    pub minutes: Option<u32>,
    /// The folder itself.
    pub directory: PathBuf,
}

/// The parts of the course, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Lessons 1 to 6, and lesson 0 to warm up.
    Core,
    /// The notes' larger programs.
    Programs,
    /// What the network does below them.
    UnderTheHood,
}

/// Where the manifest says that a course is for students: `workspace.metadata.kata.starter = true`.
pub(crate) const STARTER: [&str; 4] = ["workspace", "metadata", "kata", "starter"];

impl Course {
    /// Find the course that contains `start`, or else the course whose runner `cargo run` has started.
    pub fn find(start: &Path) -> Result<Course, Failure> {
        match root(start) {
            Some(root) => Course::open(&root),
            None => Err(Failure::usage(words::no_course(start.display()))),
        }
    }

    /// Open the course with this root.
    pub fn open(root: &Path) -> Result<Course, Failure> {
        let root = std::path::absolute(root).map_err(Failure::of_file(words::FIND, root))?;
        let folder = root.join("lessons");
        let entries = fs::read_dir(&folder).map_err(Failure::of_file(words::READ, &folder))?;
        let mut lessons: Vec<Lesson> =
            entries.flatten().filter_map(|entry| Lesson::in_folder(&entry.path())).collect();
        lessons.sort_by(|a, b| (a.number, &a.folder).cmp(&(b.number, &b.folder)));
        Ok(Course { root, lessons })
    }

    /// The course's root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether this is a course for students, which has no answers, or only some.
    pub fn is_starter(&self) -> bool {
        let manifest = fs::read_to_string(self.root.join("Cargo.toml")).unwrap_or_default();
        let manifest: toml_edit::DocumentMut = manifest.parse().unwrap_or_default();
        let says = STARTER.iter().try_fold(manifest.as_item(), |item, name| item.get(name));
        says.and_then(toml_edit::Item::as_bool) == Some(true)
    }

    /// Fail in a course for students: `command` is for authors and needs every answer.
    pub(crate) fn must_be_whole(&self, command: &str) -> Result<(), Failure> {
        if self.is_starter() {
            return Err(Failure::usage(words::needs_the_whole_course(command)));
        }
        Ok(())
    }

    /// Every lesson, by number.
    pub fn lessons(&self) -> &[Lesson] {
        &self.lessons
    }

    /// The lesson with this number, folder or topic.
    pub fn lesson(&self, name: &str) -> Result<&Lesson, Failure> {
        let wanted = name.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or(name);
        self.lessons.iter().find(|lesson| lesson.is_called(wanted)).ok_or_else(|| {
            let known = self.lessons.iter().map(Lesson::short_name).collect();
            Failure::unknown(words::no_lesson(name), wanted, known)
        })
    }

    /// The lessons that a text such as `0-3,5,chat` names, by number.
    pub fn lessons_in(&self, text: &str) -> Result<Vec<&Lesson>, Failure> {
        let mut numbers = BTreeSet::new();
        for part in text.split(',').map(str::trim) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (self.lesson(first)?.number, self.lesson(last)?.number);
            numbers.extend(first.min(last)..=first.max(last));
        }
        Ok(self.lessons.iter().filter(|lesson| numbers.contains(&lesson.number)).collect())
    }

    /// The lessons that the environment variable `LESSON` names, separated by commas; all of them without it.
    pub fn chosen(&self) -> Result<Vec<&Lesson>, Failure> {
        match std::env::var("LESSON") {
            Ok(names) => names.split(',').map(|name| self.lesson(name)).collect(),
            Err(_) => Ok(self.lessons.iter().collect()),
        }
    }

    /// The lesson after this one.
    pub fn after(&self, lesson: &Lesson) -> Option<&Lesson> {
        self.lessons.iter().find(|other| other.number > lesson.number)
    }

    /// Where cargo builds: `CARGO_TARGET_DIR`, or `target` under the root.
    pub fn target(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            // Cargo resolves a relative path from its own working folder, which is the root.
            Some(target) if !target.is_empty() => self.root.join(target),
            _ => self.root.join("target"),
        }
    }

    /// Show a path as a student knows it: relative to the course's root, or absolute if it is elsewhere.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string().replace('\\', "/")
    }
}

impl Part {
    /// Every part, in order.
    pub const ALL: [Part; 3] = [Part::Core, Part::Programs, Part::UnderTheHood];

    /// Its name in a list.
    pub fn name(self) -> &'static str {
        match self {
            Part::Core => &words::CORE,
            Part::Programs => &words::PROGRAMS,
            Part::UnderTheHood => &words::UNDER_THE_HOOD,
        }
    }
}

impl Lesson {
    /// The lesson in a folder with a package, if the folder is named by number and topic; `None` for others.
    fn in_folder(directory: &Path) -> Option<Lesson> {
        let folder = directory.file_name()?.to_str()?.to_owned();
        let (number, topic) = folder.split_once('_')?;
        let (number, topic) = (number.parse().ok()?, topic.to_owned());
        directory.join("Cargo.toml").is_file().then_some(())?;
        let (title, minutes, directory) = (topic.replace('_', " "), None, directory.to_owned());
        let mut lesson = Lesson { number, folder, topic, title, minutes, directory };
        let page = lesson.page();
        lesson.title = readme::title(&page).unwrap_or(lesson.title);
        lesson.minutes = readme::minutes(&page);
        Some(lesson)
    }

    /// A file of the lesson: `exercise.rs`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Whether its solution is here: in a course for students it may not be.
    pub fn has_solution(&self) -> bool {
        self.file("solution.rs").is_file()
    }

    /// The names of the answers in one of its folders, `wrong` or `right`, sorted.
    pub fn answers(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.file(folder)).into_iter().flatten().flatten();
        let files = entries.map(|entry| entry.path());
        let kept_as = if folder == "wrong" { "diff" } else { "rs" };
        let files = files.filter(|path| path.extension().is_some_and(|it| it == kept_as));
        let names = files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// One of its pages, `README.md` or `hints.md`, in the language of this process; the English one, if there is
    /// no other.
    pub fn page_file(&self, name: &str) -> PathBuf {
        let chinese = self.file("zh").join(name);
        let is_chinese = Language::current() == Language::Chinese && chinese.is_file();
        if is_chinese { chinese } else { self.file(name) }
    }

    /// The text of its page; empty if it has none.
    pub fn page(&self) -> String {
        fs::read_to_string(self.page_file("README.md")).unwrap_or_default()
    }

    /// The name of a check for a reader, in the language of this process.
    pub fn readable(&self, check: &str) -> String {
        checks::readable(&self.names_of_checks(), check)
    }

    /// The check with this name, as a page prints it.
    pub(crate) fn check_named(&self, name: &str) -> String {
        checks::named(&self.names_of_checks(), name)
    }

    /// The file with the names of its checks; empty in English, where a check has the name of its function.
    fn names_of_checks(&self) -> String {
        match Language::current() {
            Language::English => String::new(),
            Language::Chinese => fs::read_to_string(self.file("zh/checks.txt")).unwrap_or_default(),
        }
    }

    /// What breaks in it, and why, in one line: the description in its manifest.
    pub fn description(&self) -> String {
        let manifest = fs::read_to_string(self.file("Cargo.toml")).unwrap_or_default();
        let manifest: toml_edit::DocumentMut = manifest.parse().unwrap_or_default();
        manifest["package"]["description"].as_str().unwrap_or_default().to_owned()
    }

    /// The part of the course that it belongs to.
    pub fn part(&self) -> Part {
        match self.number {
            0..=6 => Part::Core,
            7..=11 => Part::Programs,
            _ => Part::UnderTheHood,
        }
    }

    /// The graded tests: `tests/03_struct_header.rs`.
    pub fn test_file(&self, course: &Course) -> PathBuf {
        course.root.join("tests").join(format!("{}.rs", self.folder))
    }

    /// The example target with the lesson's real programs: `03_programs`.
    pub(crate) fn programs_target(&self) -> String {
        format!("{:02}_programs", self.number)
    }

    fn is_called(&self, name: &str) -> bool {
        self.folder == name || self.topic == name || name.parse() == Ok(self.number)
    }

    fn short_name(&self) -> String {
        format!("{} {}", self.number, self.topic)
    }
}

/// The root of the course that contains `start`, or else of the course whose runner `cargo run` has started.
pub(crate) fn root(start: &Path) -> Option<PathBuf> {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let manifest = manifest.iter().flat_map(|folder| folder.ancestors());
    start.ancestors().chain(manifest).find(|place| is_root(place)).map(Path::to_owned)
}

fn is_root(place: &Path) -> bool {
    place.join("Cargo.toml").is_file() && place.join("lessons").is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_are_numbers_ranges_and_topics() {
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course");
        let numbers = |text| -> Option<Vec<u32>> {
            Some(course.lessons_in(text).ok()?.iter().map(|lesson| lesson.number).collect())
        };
        assert_eq!(numbers("1-3,5"), Some(vec![1, 2, 3, 5]));
        assert_eq!(numbers("struct_header, 2,2"), Some(vec![2, 3]));
        for wrong in ["", "99", "1-99", "one"] {
            assert_eq!(numbers(wrong), None, "{wrong}");
        }
    }
}
