//! The book before mdBook builds it: its links lead to its pages, it gives no answer away, and it is the same in both
//! languages. What a browser makes of it is tested in `tests/browser/book.test.mjs`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use netkata::{Language, Row, Story};
use netkata_book::book::{Book, Page};
use netkata_book::handout;
use netkata_book::links;
use netkata_book::stories::Told;
use netkata_runner::course::{Course, Lesson};
use netkata_runner::is_for_students;
use netkata_runner::mistake::Mistake;
use netkata_runner::pages::{hints, readme};
use pulldown_cmark::{Event, Options, Parser};

static COURSE: LazyLock<Course> =
    LazyLock::new(|| Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course"));

/// The book in each language, with a story in every lesson.
static BOOKS: LazyLock<[Book; 2]> = LazyLock::new(|| {
    let stories: BTreeMap<u32, Told> =
        COURSE.lessons().iter().map(|lesson| (lesson.number, told(lesson))).collect();
    Language::ALL.map(|language| Book::of(&COURSE, language, &stories).expect("the pages"))
});

#[test]
fn every_link_leads_to_a_page_of_the_book() {
    let mut dead = Vec::new();
    for book in BOOKS.iter() {
        let mut places: BTreeSet<&Path> =
            book.pages().iter().map(|page| page.place.as_path()).collect();
        places.extend(book.pictures.keys().map(PathBuf::as_path));
        for page in book.pages() {
            let targets = links::targets(&page.text).into_iter().chain(pictures(&page.text));
            let lost = targets.filter(|target| {
                let is_elsewhere = target.contains("://") || target.starts_with('#');
                let place = links::resolve(&page.place, target);
                !is_elsewhere && !place.is_some_and(|place| places.contains(place.as_path()))
            });
            dead.extend(lost.map(|target| format!("{} links to {target}", shown(book, page))));
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn the_book_has_every_program_that_a_page_links_to() {
    for book in BOOKS.iter() {
        let places: BTreeSet<String> =
            book.pages().iter().map(|page| links::with_slashes(&page.place)).collect();
        for place in ["06_hmac_auth/forge.rs.md", "11_remote_command/given/lib.rs.md"] {
            assert!(places.contains(place), "{place} is not in {places:#?}");
        }
        let answers =
            places.iter().filter(|place| place.contains("solution") || place.contains("right/"));
        assert_eq!(answers.count(), 0);
    }
}

#[test]
fn no_line_of_an_answer_is_in_the_book() {
    let secret = secret_lines();
    assert!(secret.len() > 1000, "only {} lines of answers were found", secret.len());
    let mut told = Vec::new();
    for book in BOOKS.iter() {
        for page in book.pages() {
            let lines = page.text.lines().map(str::trim).filter(|line| secret.contains(*line));
            told.extend(lines.map(|line| format!("{}: {line}", shown(book, page))));
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn every_exercise_begins_as_the_naive_program() {
    for book in BOOKS.iter() {
        for lesson in COURSE.lessons() {
            let naive = read(&lesson.file("naive.rs"));
            let page = page_of(book, &format!("{}/exercise.rs.md", lesson.folder));
            assert!(page.text.contains(&naive), "{}", shown(book, page));
        }
    }
}

#[test]
fn every_hint_is_folded() {
    for book in BOOKS.iter() {
        for lesson in COURSE.lessons() {
            let page = page_of(book, &format!("{}/hints.md", lesson.folder));
            let checks = hints::checks(&read(&lesson.file("hints.md"))).len();
            assert!(checks > 0 && !page.is_searched && !page.text.contains("\n### "));
            let folded = page.text.matches("<details><summary>").count();
            assert_eq!(folded, 3 * checks, "{}", shown(book, page));
        }
    }
}

#[test]
fn every_lesson_shows_the_story_of_its_naive_program_before_the_task() {
    for book in BOOKS.iter() {
        for lesson in COURSE.lessons() {
            let page = page_of(book, &format!("{}/index.md", lesson.folder));
            let task = readme::TASK.iter().find_map(|it| page.text.find(&format!("\n## {it}\n")));
            let story = page.text.find(r#"<img class="story" src="story.svg" alt="✗ "#);
            assert!(story.is_some() && story < task, "{}", shown(book, page));
        }
    }
}

#[test]
fn both_languages_have_the_same_pages() {
    let [english, chinese] = BOOKS.each_ref().map(|book| {
        let places = book.pages().into_iter().map(|page| page.place.clone());
        places.collect::<Vec<PathBuf>>()
    });
    assert_eq!(english, chinese);
}

#[test]
fn the_table_of_contents_names_every_page_once() {
    for book in BOOKS.iter() {
        let listed = links::targets(&book.summary());
        let places: Vec<String> =
            book.pages().iter().map(|page| links::with_slashes(&page.place)).collect();
        assert_eq!(listed, places);
        assert!(book.pages().iter().all(|page| !page.title.is_empty()));
    }
}

#[test]
fn a_paragraph_of_chinese_is_one_line() {
    // A browser shows a line break inside a paragraph as a space, and Chinese has no spaces.
    let lessons = COURSE.lessons().iter().flat_map(|lesson| files_in(&lesson.file("zh")));
    let files = lessons.chain(files_in(&COURSE.root().join("docs/book/zh")));
    let pages: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|it| it == "md")).collect();
    assert!(pages.len() >= 3, "{pages:?}");
    let mut broken = Vec::new();
    for file in pages {
        let text = read(&file);
        let events = Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter();
        let breaks = events.filter(|(event, _)| matches!(event, Event::SoftBreak));
        broken.extend(breaks.map(|(_, at)| {
            format!("{}:{}", COURSE.shown(&file), text[..at.start].lines().count())
        }));
    }
    assert!(broken.is_empty(), "the line goes on in the next one:\n{}", broken.join("\n"));
}

#[test]
fn the_chapters_of_both_languages_have_the_same_headings_and_code() {
    for name in ["introduction.md", "tests.md", "instructors.md"] {
        let [english, chinese] = Language::ALL.map(|language| {
            let text = read(&COURSE.root().join("docs/book").join(language.code()).join(name));
            let lines = text.lines().filter(|line| line.starts_with('#'));
            let headings: Vec<usize> =
                lines.map(|line| line.find(' ').expect("a heading")).collect();
            let commands =
                text.lines().filter(|line| line.starts_with("cargo ") || line.starts_with("just "));
            let commands: Vec<String> =
                commands.map(|line| line.split("   ").next().unwrap_or(line).to_owned()).collect();
            (headings, commands)
        });
        assert_eq!(english, chinese, "{name}");
    }
}

#[test]
fn every_mistake_that_a_chapter_names_exists() {
    for language in Language::ALL {
        let folder = COURSE.root().join("docs/book").join(language.code());
        let text = read(&folder.join("instructors.md"));
        let named = text.lines().filter_map(|line| {
            line.strip_prefix("cargo kata lesson ")?.split_once(" --answer wrong/")
        });
        let named: Vec<(&str, &str)> = named.collect();
        assert!(named.len() > 12, "{named:?}");
        for (lesson, name) in named {
            let lesson = COURSE.lesson(lesson).expect("a lesson");
            assert!(
                lesson.answers("wrong").iter().any(|it| it == name),
                "{lesson:?} has no {name}"
            );
        }
    }
}

#[test]
fn a_handout_has_no_spoilers() {
    let secret = secret_lines();
    for language in Language::ALL {
        for lesson in COURSE.lessons() {
            let text = handout::text(&COURSE, language, lesson, &told(lesson)).expect("a handout");
            let place = format!("{} {}", lesson.folder, language.code());
            let told = text.lines().map(str::trim).find(|line| secret.contains(*line));
            assert_eq!(told, None, "{place}");
            let learned = readme::learned(&lesson.page());
            assert!(learned.iter().all(|sentence| !text.contains(sentence.as_str())), "{place}");
            let mut targets = text.split("<a href=\"").skip(1);
            assert!(targets.all(|target| target.starts_with("http")), "{place}");
            assert!(
                text.contains("<pre class=\"story\">✗ ") && text.contains("<h2>exercise.rs</h2>")
            );
        }
    }
}

/// The lines of answers, right and wrong, that no file of the course for students has.
fn secret_lines() -> HashSet<String> {
    let files = files_below(&COURSE.root().join("lessons")).into_iter().filter(|file| {
        let file = file.strip_prefix(COURSE.root()).expect("it is below the root");
        // An exercise may hold an answer.
        is_for_students(&COURSE, file) && !file.ends_with("exercise.rs")
    });
    let given: String = files.map(|file| read(&file)).collect();
    let given: HashSet<&str> = given.lines().map(str::trim).collect();
    let answers: Vec<String> = COURSE.lessons().iter().flat_map(answers).collect();
    let lines = answers.iter().flat_map(|answer| answer.lines().map(str::trim));
    lines.filter(|line| line.len() > 8 && !given.contains(line)).map(str::to_owned).collect()
}

/// Every answer of a lesson, right or wrong, but the exercise and the naive program.
fn answers(lesson: &Lesson) -> Vec<String> {
    let right = files_in(&lesson.file("right"));
    let right = right.into_iter().chain([lesson.file("solution.rs")]).map(|file| read(&file));
    let wrong = Mistake::all(lesson).into_iter();
    right.chain(wrong.map(|it| it.program(&COURSE).expect("a program"))).collect()
}

fn told(lesson: &Lesson) -> Told {
    let rows = vec![Row::new("the peer sent", "\"hello\" <神>")];
    let (cause, sentence) = ("OneReadIsNotOneMessage".to_owned(), "Read on.".to_owned());
    let file = COURSE.shown(&lesson.file("naive.rs"));
    Told { check: "a message is whole".to_owned(), file, story: Story { rows, cause, sentence } }
}

/// The targets of the pictures that a page shows.
fn pictures(text: &str) -> impl Iterator<Item = String> {
    let rests = text.split(r#"<img class="story" src=""#).skip(1);
    rests.filter_map(|rest| rest.split('"').next()).map(str::to_owned)
}

fn page_of<'a>(book: &'a Book, place: &str) -> &'a Page {
    let page = book.pages().into_iter().find(|page| page.place == Path::new(place));
    page.unwrap_or_else(|| panic!("the book has no {place}"))
}

fn shown(book: &Book, page: &Page) -> String {
    format!("{}/{}", book.language.code(), links::with_slashes(&page.place))
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.is_file()).collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let below = folders.filter(|path| path.is_dir()).flat_map(|folder| files_below(&folder));
    files_in(folder).into_iter().chain(below).collect()
}
