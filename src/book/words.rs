//! The book's own words; all others stand on the pages of the course.

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What is attempted with a file, or with a program.
    REMOVE = "remove";
    READ = "read";
    START = "start";
    WRITE = "write";

    /// Titles of pages, and the heading of the chapters that are not lessons.
    HINTS = "Hints";
    ABOUT_THE_COURSE = "About the course";
    /// How to read a page of hints, and what each of the three is.
    ONE_HINT_AT_A_TIME = "Three hints about each check, each one further than the one before. \
        Open one, and try again.";
    A_NUDGE = "a nudge";
    THE_CONCEPT = "the concept";
    NEARLY_THE_CODE = "nearly the code";
    /// Before the story of the naive program.
    fails_with(lesson) = "`cargo kata lesson {lesson}` shows it before you have changed anything:";

    /// The command: what takes long, and why there is no book, or no handout.
    grading(programs) = "running {programs} for their stories; they are kept";
    NAIVE_PROGRAM = "naive program";
    MDBOOK_IS_MISSING = "mdbook is missing: `cargo install --locked mdbook` builds it";
    failed(program, said) = "{program} failed: {said}";
    no_heading(page, heading) = "{page} has no heading `{heading}`";
    no_story(lesson) = "the naive program of {lesson} fails without a story";
    NO_CHROMIUM = "without Chromium there is no PDF: print the page from a browser";
}
