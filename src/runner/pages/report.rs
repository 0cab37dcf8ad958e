//! Shows a grading: as a page for people, or as one JSON object for programs.

use std::time::SystemTime;

use anstyle::Style;
use netkata::{Story, columns, sentence};
use serde_json::{Value, json};
use textwrap::core::display_width;

use crate::answer::Answer;
use crate::course::Course;
use crate::course::Lesson;
use crate::failure::Failure;
use crate::grading::{Check, CheckStatus, Graded, MAX_POINTS, Verdict};
use crate::pages::page::{BOLD, DIM, GREEN, Page, RED, YELLOW, styled};
use crate::pages::readme;
use crate::version::Version;
use crate::words;

/// The version of the JSON object.
const VERSION: u64 = 1;
/// How many of the lines that the answer printed are shown.
const PRINTED: usize = 8;
/// The title of a failure.
const FAILED: Style = RED.bold();

/// How much of a grading is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// The name of each check that fails, how many others there are of each kind, and one story.
    Folded,
    /// The name of each check, and one story.
    Usual,
    /// The name of each check, and all stories.
    All,
}

/// Add a whole grading to the page: the checks, one story or all stories, the answer's output.
pub(crate) fn grading(page: &mut Page, course: &Course, graded: &Graded, detail: Detail) {
    headline(page, graded);
    page.blank();
    if let Some(message) = &graded.compile_message {
        page.line(message.trim_end());
        return;
    }
    let told = graded.failing().into_iter().next().filter(|_| detail != Detail::All);
    let shown = |check: &&Check| detail != Detail::Folded || Kind::of(check).is_red();
    for check in graded.checks.iter().filter(shown) {
        check_line(page, graded, check, told);
    }
    if detail == Detail::Folded {
        folded(page, graded);
    }
    note(page, graded);
    stories(page, course, graded, detail == Detail::All);
    printed(page, graded);
    warnings(page, course, graded);
}

/// Add only the result, and the story of the check to fix first.
pub(crate) fn first_failure(page: &mut Page, course: &Course, graded: &Graded) {
    headline(page, graded);
    note(page, graded);
    if let Some(check) = graded.first_to_fix() {
        story(page, course, graded, check);
    }
}

/// Add what the learner knows after a green lesson, and a question to think on.
pub(crate) fn what_was_learned(page: &mut Page, lesson: &Lesson) {
    let text = lesson.page();
    let learned = readme::learned(&text).into_iter().reduce(sentence).unwrap_or_default();
    let question = readme::questions(&text).into_iter().next().unwrap_or_default();
    for (heading, text) in
        [(words::WHAT_YOU_HAVE_LEARNED, learned), (words::A_QUESTION_TO_THINK_ON, question)]
    {
        if !text.is_empty() {
            page.blank();
            page.line(styled(BOLD, &heading));
            page.paragraph("  ", "  ", &text, Style::new());
        }
    }
}

/// Add what to do next with an exercise.
pub(crate) fn next_step(page: &mut Page, course: &Course, graded: &Graded) {
    let number = graded.lesson.number;
    let indent = " ".repeat(display_width(&words::NEXT));
    let mut next = |first: bool, what: &str| {
        let label = if first { &*words::NEXT } else { &indent };
        page.paragraph(label, &indent, what, BOLD);
    };
    match graded.verdict {
        Verdict::Pass => {
            let has_solution = graded.lesson.has_solution();
            if has_solution {
                next(true, &words::compare_with_the_solution(number));
            }
            let page = course.shown(&graded.lesson.page_file("README.md"));
            next(!has_solution, &words::questions_at_the_end(page));
            if let Some(lesson) = course.after(&graded.lesson) {
                next(false, &format!(r"cargo kata lesson {}   {}", lesson.number, lesson.title));
            }
        }
        Verdict::Error if graded.compile_message.is_none() => next(true, &words::mend_that(number)),
        Verdict::Error => next(true, &words::mend_what_rustc_says(number)),
        Verdict::Machine => {
            next(true, &words::SEE_WHAT_IS_MISSING);
            next(false, &format!(r"cargo kata lesson {number}"));
        }
        Verdict::Fail | Verdict::Incomplete => next(true, &format!(r"cargo kata hint {number}")),
    }
}

/// The grading as one JSON object. No line of a story is wrapped: the program that reads it knows its width.
pub(crate) fn json(course: &Course, graded: &Graded) -> Result<Value, Failure> {
    let plain = |text: &String| anstream::adapter::strip_str(text).to_string();
    let checks: Vec<Value> = graded.checks.iter().map(check_json).collect();
    let version = Version::of(course)?;
    let started = graded.started.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Ok(json!({
        "version": VERSION,
        "course": {
            "version": env!("CARGO_PKG_VERSION"),
            "digest": version.of_lesson(course, &graded.lesson)?,
            "toolchain": version.toolchain,
        },
        "content": graded.content,
        "started": started.as_secs_f64(),
        "seconds": graded.seconds,
        "score": graded.points(),
        "max_score": MAX_POINTS,
        "lesson": graded.lesson.folder,
        "answer": graded.answer.to_string(),
        "verdict": graded.verdict.word(),
        "checks": checks,
        "note": graded.note,
        "compile_message": graded.compile_message.as_ref().map(plain),
        "printed": graded.printed,
    }))
}

fn check_json(check: &Check) -> Value {
    json!({
        "name": check.name,
        "status": check.status.word(),
        "seconds": check.seconds,
        "builds_on": check.builds_on,
        "further": check.further,
        "story": check.story.as_ref().map(|story| story.lines(usize::MAX).join("\n")),
        "cause": check.story.as_ref().map(|story| &story.cause),
    })
}

/// Add the result in one line.
pub(crate) fn headline(page: &mut Page, graded: &Graded) {
    let lesson = styled(BOLD, &words::lesson(graded.lesson.number, &graded.lesson.topic));
    let answer = match &graded.answer {
        Answer::Exercise => lesson,
        answer => words::of_answer(lesson, answer),
    };
    let is_passed = |check: &&Check| check.status == CheckStatus::Pass;
    let (passed, needed) = (graded.needed().filter(is_passed).count(), graded.needed().count());
    let further: Vec<&Check> = graded.checks.iter().filter(|check| check.further).collect();
    let result = match graded.verdict {
        Verdict::Error if graded.compile_message.is_none() => styled(RED, &words::CANNOT_BE_GRADED),
        Verdict::Error => styled(RED, &words::DOES_NOT_COMPILE),
        Verdict::Pass if needed == 1 => styled(GREEN, &words::ONE_CHECK_PASSES),
        Verdict::Pass => styled(GREEN, &words::all_pass(checks(needed))),
        Verdict::Machine if needed == 0 => styled(YELLOW, &words::CANNOT_BE_GRADED),
        Verdict::Machine => styled(YELLOW, &words::some_pass_here(passed, checks(needed))),
        Verdict::Fail | Verdict::Incomplete => {
            styled(RED, &words::some_pass(passed, checks(needed)))
        }
    };
    let result = match further.len() {
        0 => result,
        all => format!(
            "{result}{}",
            words::and_further(further.into_iter().filter(is_passed).count(), all)
        ),
    };
    page.pair(&words::result_of(answer), &result, "  ");
}

/// What the list says of a check.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Passes,
    Fails,
    NeverEnded,
    Skipped,
    NotTried,
    GoesFurther,
}

impl Kind {
    /// Those that are only counted where there is no room for each.
    const FOLDED: [Kind; 4] = [Kind::Passes, Kind::Skipped, Kind::NotTried, Kind::GoesFurther];

    fn of(check: &Check) -> Kind {
        match check.status {
            CheckStatus::Pass => Kind::Passes,
            CheckStatus::Fail | CheckStatus::Dependent | CheckStatus::Skipped if check.further => {
                Kind::GoesFurther
            }
            CheckStatus::Fail => Kind::Fails,
            CheckStatus::Skipped | CheckStatus::Machine => Kind::NotTried,
            CheckStatus::Dependent => Kind::Skipped,
            CheckStatus::Incomplete => Kind::NeverEnded,
        }
    }

    fn is_red(self) -> bool {
        !Kind::FOLDED.contains(&self)
    }

    /// The mark at the beginning of the line.
    fn mark(self) -> String {
        let (mark, style) = match self {
            Kind::Passes => ("✓", GREEN),
            Kind::Fails => ("✗", RED),
            Kind::NeverEnded => ("!", YELLOW),
            Kind::Skipped | Kind::NotTried => ("–", DIM),
            Kind::GoesFurther => ("○", DIM),
        };
        format!("{} ", styled(style, mark))
    }
}

/// Add a check's line. `told` is the failing check whose story alone is shown: the others that fail say whether
/// they do for the same reason.
fn check_line(page: &mut Page, graded: &Graded, check: &Check, told: Option<&Check>) {
    let name = graded.lesson.readable(&check.name);
    let told = told.filter(|told| told.name != check.name);
    let kind = Kind::of(check);
    let mut text = match kind {
        Kind::Passes => name,
        Kind::Fails => with_reason(name, told.and_then(|told| check.fails_as(told))),
        Kind::NeverEnded => words::never_ended(name),
        Kind::Skipped => words::set_aside(name),
        Kind::NotTried => words::not_tried(name),
        Kind::GoesFurther => words::further(name),
    };
    // Only a long time is worth showing.
    if check.seconds >= 0.5 {
        text = words::took_long(text, format_args!("{:.1}", check.seconds));
    }
    page.paragraph(&kind.mark(), "  ", &text, Style::new());
}

/// Add the checks that are not red, all of one kind in one line.
fn folded(page: &mut Page, graded: &Graded) {
    for kind in Kind::FOLDED {
        let of_kind = graded.checks.iter().filter(|check| Kind::of(check) == kind);
        let text = match (kind, of_kind.clone().count()) {
            (_, 0) => continue,
            (_, 1) => {
                of_kind.for_each(|check| check_line(page, graded, check, None));
                continue;
            }
            (Kind::Skipped, count) => words::they_are_skipped(checks(count)),
            (Kind::NotTried, count) => words::they_are_not_tried(checks(count)),
            (Kind::GoesFurther, count) => words::they_go_further(checks(count)),
            (_, count) => words::they_pass(checks(count)),
        };
        page.paragraph(&kind.mark(), "  ", &text, Style::new());
    }
}

fn with_reason(name: String, is_that_of_the_story: Option<bool>) -> String {
    match is_that_of_the_story {
        Some(true) => words::for_the_same_reason(name),
        Some(false) => words::for_another_reason(name),
        None => name,
    }
}

fn note(page: &mut Page, graded: &Graded) {
    if let Some(note) = &graded.note {
        if !graded.checks.is_empty() {
            page.blank();
        }
        page.paragraph("! ", "  ", note, YELLOW);
    }
}

fn stories(page: &mut Page, course: &Course, graded: &Graded, all: bool) {
    let mut failing = graded.failing();
    failing.retain(|check| all || !check.further);
    let others = failing.len().saturating_sub(1);
    let most = if all { failing.len() } else { 1 };
    for check in failing.iter().filter(|check| check.story.is_some()).take(most) {
        story(page, course, graded, check);
    }
    if !all && others > 0 {
        page.blank();
        let command = match graded.answer {
            Answer::Exercise => format!(r"cargo kata lesson {} --all", graded.lesson.number),
            _ => "--all".to_owned(),
        };
        page.paragraph("", "", &words::and_more_failing(others, command), DIM);
    }
}

/// Add a check's story below its title, if it has one.
fn story(page: &mut Page, course: &Course, graded: &Graded, check: &Check) {
    let Some(story) = &check.story else { return };
    page.blank();
    let name = graded.lesson.readable(&check.name);
    page.append(told(&name, &course.shown(&graded.file), story, page.width()));
}

/// Lay out a story as a grading shows it, with styles, in lines of at most `width` columns: below the name of its check,
/// as readers know it, and the file.
pub fn story_of(check: &str, file: &str, story: &Story, width: usize) -> String {
    told(check, file, story, width).into_text()
}

fn told(check: &str, file: &str, story: &Story, width: usize) -> Page {
    let mut page = Page::of_width(width);
    title(&mut page, check, file);
    for line in story.lines(width) {
        page.line(coloured(&line, story));
    }
    page
}

/// Add the check's name and the file, at both ends of one line if both fit.
fn title(page: &mut Page, name: &str, file: &str) {
    let space = page.width().saturating_sub(2 + display_width(name) + display_width(file));
    if space >= 2 {
        let name = styled(FAILED, &format!("✗ {name}"));
        page.line(format!("{name}{}{}", " ".repeat(space), styled(DIM, file)));
    } else {
        page.paragraph("✗ ", "  ", name, FAILED);
        page.line(format!("    {}", styled(DIM, file)));
    }
}

/// Style a line of a story: dim its label; make a caret line bold.
fn coloured(line: &str, story: &Story) -> String {
    if line.trim_start().starts_with("^ ") || line.trim_start() == "^" {
        return styled(BOLD, line);
    }
    let text = line.trim_start();
    let indent = &line[..line.len() - text.len()];
    let labels = story.rows.iter().map(|row| row.label.as_str());
    let label = labels.filter(|label| indent.len() == 4 && text.starts_with(label)).max();
    match label {
        Some(label) => {
            format!("{indent}{}{}", styled(DIM, label), text.strip_prefix(label).unwrap_or(text))
        }
        None => line.to_owned(),
    }
}

fn printed(page: &mut Page, graded: &Graded) {
    let Some(last) = graded.printed.len().checked_sub(1) else { return };
    page.blank();
    let lines = &graded.printed[(last + 1).saturating_sub(PRINTED)..];
    let all = lines.len() > last;
    let title = match (&graded.answer, all) {
        (Answer::Program(_), true) => words::YOUR_PROGRAM_PRINTED,
        (Answer::Program(_), false) => words::YOUR_PROGRAM_PRINTED_AT_THE_END,
        (_, true) => words::YOUR_CODE_PRINTED,
        (_, false) => words::YOUR_CODE_PRINTED_AT_THE_END,
    };
    page.line(styled(DIM, &title));
    for line in lines {
        let room = page.width().saturating_sub(6);
        let cut = columns::cut(line, room);
        let dots = if cut.len() < line.len() { "…" } else { "" };
        page.line(format!("  {} {cut}{dots}", styled(DIM, "│")));
    }
}

fn warnings(page: &mut Page, course: &Course, graded: &Graded) {
    if graded.warnings.is_empty() || graded.answer != Answer::Exercise {
        return;
    }
    page.blank();
    let count = netkata::counted(graded.warnings.len(), words::NOUN_WARNING);
    let text = words::rustc_warns(count, course.shown(&graded.file), &graded.lesson.topic);
    page.paragraph("", "  ", &text, YELLOW);
}

fn checks(count: usize) -> String {
    netkata::counted(count, words::CHECK)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a page without their styles.
    fn lines(page: Page) -> Vec<String> {
        let text = anstream::adapter::strip_str(&page.into_text()).to_string();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_title_in_chinese_ends_at_the_right_edge() {
        let mut page = Page::new();
        let width = page.width();
        title(&mut page, r"收到一条消息", r"练习.rs");
        let lines = lines(page);
        assert_eq!(lines.len(), 1);
        assert_eq!(display_width(&lines[0]), width, "{lines:#?}");
    }
}
