//! Reports on the class, to its teacher: which check fails how often, for which cause, what to teach again.

use std::collections::BTreeMap;

use super::lessons::Lessons;
use super::student::title;
use super::{Block, Report, story, words};
use crate::results::{Check, Course, Lesson, Status, Story, Student, Submission, Verdict};

/// How many checks are worth teaching again.
const TO_TEACH: usize = 5;
/// The verdicts, in the order of the table's columns; `None` if nothing was handed in.
const VERDICTS: [Option<Verdict>; 6] = [
    Some(Verdict::Pass),
    Some(Verdict::Fail),
    Some(Verdict::Incomplete),
    Some(Verdict::Error),
    Some(Verdict::Machine),
    None,
];

/// The counts of a class. It holds one story for each cause of a failure, however many students there are.
#[derive(Default)]
pub(crate) struct Tally {
    students: usize,
    lessons: BTreeMap<u32, OfLesson>,
}

#[derive(Default)]
struct OfLesson {
    /// How many submissions there are of each of [`VERDICTS`].
    verdicts: [usize; VERDICTS.len()],
    /// The checks, in the order of the test file.
    checks: Vec<OfCheck>,
}

struct OfCheck {
    name: String,
    readable: String,
    further: bool,
    /// How many times it was tried.
    tried: usize,
    failed: usize,
    /// By the name of the cause, or what stands for it.
    causes: BTreeMap<String, OfCause>,
}

#[derive(Default)]
struct OfCause {
    count: usize,
    /// The shortest story of it, with long texts cut.
    story: Option<Story>,
}

impl Tally {
    /// Count what a student has handed in.
    pub(crate) fn add(&mut self, student: &Student) {
        self.students += 1;
        for submission in &student.submissions {
            self.lessons.entry(submission.lesson).or_default().add(submission);
        }
    }

    /// The report on the class.
    pub(crate) fn report(&self, lessons: &Lessons, course: &Course) -> Report {
        let students = netkata::counted(self.students, words::STUDENT);
        let mut blocks = vec![
            Block::Text(words::graded_with(students, &course.version, &course.toolchain)),
            self.verdicts(lessons),
        ];
        blocks.extend(self.to_teach_again(lessons));
        for lesson in lessons.all() {
            if let Some(counts) = self.lessons.get(&lesson.number) {
                blocks.extend(counts.section(lesson));
            }
        }
        Report { title: words::THE_CLASS.to_owned(), blocks }
    }

    fn verdicts(&self, lessons: &Lessons) -> Block {
        let head = vec![
            words::LESSON,
            words::PASS,
            words::FAIL,
            words::INCOMPLETE,
            words::ERROR,
            words::MACHINE,
            words::MISSING,
        ];
        let row = |lesson: &Lesson| {
            let name = words::lesson(lesson.number, title(lesson));
            let counts = self.lessons.get(&lesson.number).map(|it| it.verdicts).unwrap_or_default();
            [name].into_iter().chain(counts.map(|count| count.to_string())).collect()
        };
        Block::Table(head, lessons.all().map(row).collect())
    }

    /// The needed checks that most submissions fail.
    fn to_teach_again(&self, lessons: &Lessons) -> Vec<Block> {
        let mut failing: Vec<(&Lesson, &OfCheck)> = Vec::new();
        for lesson in lessons.all() {
            let checks = self.lessons.get(&lesson.number).into_iter().flat_map(|it| &it.checks);
            let failed = checks.filter(|check| check.failed > 0 && !check.further);
            failing.extend(failed.map(|check| (lesson, check)));
        }
        failing.sort_by_key(|(_, check)| std::cmp::Reverse(check.failed));
        if failing.is_empty() {
            return vec![];
        }
        let said = failing.iter().take(TO_TEACH).map(|(lesson, check)| {
            let sentence = check.causes().first().and_then(|(_, of)| of.story.as_ref());
            let why = sentence.map_or("", |story| &story.sentence);
            let check_of = words::check_of(lesson.number, &check.readable);
            ('✗', words::teach_again(check_of, check.failed, check.tried, story::beginning(why)))
        });
        let list = Block::Marked(said.collect());
        vec![Block::Section(words::WHAT_TO_TEACH_AGAIN.to_owned()), list]
    }
}

impl OfLesson {
    fn add(&mut self, submission: &Submission) {
        let verdict = submission.grading.as_ref().map(|grading| grading.verdict);
        let column = VERDICTS.iter().position(|it| *it == verdict).expect("it has every verdict");
        self.verdicts[column] += 1;
        for check in submission.grading.iter().flat_map(|grading| &grading.checks) {
            self.of(check).add(check);
        }
    }

    fn of(&mut self, check: &Check) -> &mut OfCheck {
        let known = self.checks.iter().position(|it| it.name == check.name);
        let at = known.unwrap_or_else(|| {
            self.checks.push(OfCheck::of(check));
            self.checks.len() - 1
        });
        &mut self.checks[at]
    }

    fn section(&self, lesson: &Lesson) -> Vec<Block> {
        let mut failing: Vec<&OfCheck> = self.checks.iter().filter(|it| it.failed > 0).collect();
        failing.sort_by_key(|check| std::cmp::Reverse(check.failed));
        let mut blocks = vec![Block::Section(words::lesson(lesson.number, title(lesson)))];
        if failing.is_empty() {
            blocks.push(Block::Text(words::NO_CHECK_FAILED.to_owned()));
            return blocks;
        }
        let rows = failing.iter().map(|check| check.row()).collect();
        blocks.push(Block::Table(vec![words::A_CHECK, words::FAILED, words::CAUSES], rows));
        for check in failing {
            let Some(told) = check.causes().first().and_then(|(_, of)| of.story.as_ref()) else {
                continue;
            };
            blocks.push(Block::Part(check.readable.clone()));
            blocks.push(Block::Story(told.clone()));
        }
        blocks
    }
}

impl OfCheck {
    fn of(check: &Check) -> OfCheck {
        OfCheck {
            name: check.name.clone(),
            readable: check.readable(),
            further: check.further,
            tried: 0,
            failed: 0,
            causes: BTreeMap::new(),
        }
    }

    fn add(&mut self, check: &Check) {
        match check.status {
            Status::Pass => self.tried += 1,
            Status::Fail | Status::Incomplete => {
                self.tried += 1;
                self.failed += 1;
                let other = match check.status {
                    Status::Incomplete => words::THE_PROGRAM_ENDED_IN_IT,
                    _ => words::IT_FAILED,
                };
                let cause = check.cause().unwrap_or(other).to_owned();
                self.causes.entry(cause).or_default().add(check.story.as_ref());
            }
            Status::Skipped | Status::Machine => {}
        }
    }

    /// The causes, the most frequent first.
    fn causes(&self) -> Vec<(&String, &OfCause)> {
        let mut causes: Vec<(&String, &OfCause)> = self.causes.iter().collect();
        causes.sort_by_key(|(_, of)| std::cmp::Reverse(of.count));
        causes
    }

    fn row(&self) -> Vec<String> {
        let name = match self.further {
            true => words::goes_further(&self.readable),
            false => self.readable.clone(),
        };
        let causes =
            self.causes().into_iter().map(|(cause, of)| words::this_often(cause, of.count));
        let causes: Vec<String> = causes.collect();
        vec![name, words::of_all(self.failed, self.tried), causes.join(", ")]
    }
}

impl OfCause {
    fn add(&mut self, story: Option<&Story>) {
        self.count += 1;
        let Some(story) = story.map(story::excerpt) else { return };
        if self.story.as_ref().is_none_or(|kept| length(&story) < length(kept)) {
            self.story = Some(story);
        }
    }
}

/// How much there is to read in a story, in bytes.
fn length(story: &Story) -> usize {
    story.rows.iter().map(|row| row.label.len() + row.text.len()).sum::<usize>()
        + story.sentence.len()
}
