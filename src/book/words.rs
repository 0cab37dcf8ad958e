//! The book's own words, in each of its languages. All others stand on the pages of the course.

use clap::ValueEnum;

/// A language of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English.
    #[value(name = "en")]
    English,
    /// Simplified Chinese.
    #[value(name = "zh")]
    Chinese,
}

/// What the book says beside the pages of the course. A field that one language lacks does not compile.
pub struct Words {
    /// The title of the book.
    pub title: &'static str,
    /// The heading of a lesson's task, as on its page.
    pub task: &'static str,
    /// The heading of what a lesson teaches, as on its page.
    pub learned: &'static str,
    /// The title of a page of hints, below its lesson.
    pub hints: &'static str,
    /// How to read a page of hints.
    pub one_at_a_time: &'static str,
    /// What each of the three hints is.
    pub levels: [&'static str; 3],
    /// Before the story of the naive program; `{lesson}` is its number.
    pub fails_with: &'static str,
    /// The heading of the chapters that are not lessons.
    pub about: &'static str,
}

const ENGLISH: Words = Words {
    title: "netkata",
    task: "Your task",
    learned: "What you have learned",
    hints: "Hints",
    one_at_a_time: "Three hints about each check, each one further than the one before. Open one, and try again.",
    levels: ["a nudge", "the concept", "nearly the code"],
    fails_with: "`cargo kata lesson {lesson}` shows it before you have changed anything:",
    about: "About the course",
};

const CHINESE: Words = Words {
    title: "netkata",
    task: "你的任务",
    learned: "你学到了什么",
    hints: "提示",
    one_at_a_time: "每个检查项有三条提示，一条比一条具体。打开一条，再试一次。",
    levels: ["提个醒", "讲概念", "几乎是代码"],
    fails_with: "什么都还没改的时候，`cargo kata lesson {lesson}` 会显示：",
    about: "关于本课程",
};

impl Language {
    /// Every language, in the order in which the books are made.
    pub const ALL: [Language; 2] = [Language::English, Language::Chinese];

    /// Its tag, and the name of its folders.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh",
        }
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Language::English => &ENGLISH,
            Language::Chinese => &CHINESE,
        }
    }
}

netkata::words! {
    /// What is attempted with a file, or with a program.
    REMOVE = "remove";
    READ = "read";
    START = "start";
    WRITE = "write";

    /// Why there is no book, or no handout.
    MDBOOK_IS_MISSING = "mdbook is missing: `cargo install --locked mdbook` builds it";
    failed(program, said) = "{program} failed: {said}";
    no_heading(page, heading) = "{page} has no heading `{heading}`";
    no_story(lesson) = "the naive program of {lesson} fails without a story";
    grading(lessons) = "running {lessons} for their stories; they are kept";
    NAIVE_PROGRAM = "naive program";
    NO_CHROMIUM = "without Chromium there is no PDF: print the page from a browser";
}
