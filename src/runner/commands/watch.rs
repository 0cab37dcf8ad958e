//! `cargo kata watch`: grades at every save, and answers keys meanwhile.
//!
//! One loop owns all there is, and waits for nothing but the next event. Whatever takes time happens on
//! a thread of its own, which tells the loop:
//!
//! ```text
//! saves ──┐
//! keys  ──┼──▶ the loop ──▶ prints, calls a run off, starts the next one
//! runs  ──┘
//! ```

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use super::{WatchArguments, hint, list, solution};
use crate::answer::Answer;
use crate::control::{Control, News};
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::grading::digest::digest;
use crate::grading::{Graded, Task, Verdict, Wanted, grade_for};
use crate::interrupt;
use crate::pages::page::{self, BOLD, DIM, Page, RED, styled};
use crate::pages::report;
use crate::progress::{LessonProgress, Progress};
use crate::watch::file_watch::Saves;
use crate::watch::keys::Keys;
use crate::words;

/// Ctrl-D, where nobody waits for a line.
const END: u8 = 4;
/// Clears the screen and goes to its first line; what has scrolled off stays.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// What the loop is told.
enum Event {
    /// The exercise may have changed.
    Saved,
    /// A key was pressed.
    Key(u8),
    /// The run of this number has something to say.
    News(u64, News),
    /// The run of this number is over.
    Graded(u64, Box<Result<Graded, Failure>>),
    /// Ctrl-C, or told to terminate.
    Interrupted,
}

pub(super) fn run(course: &Course, arguments: &WatchArguments) -> Result<ExitCode, Failure> {
    let lesson = match &arguments.lesson {
        Some(name) => course.lesson(name)?,
        None => list::next(course).ok_or_else(|| Failure::usage(words::ALL_GREEN_NAME_ONE))?,
    };
    let (events, heard) = mpsc::channel();
    let tell = |event: fn() -> Event| {
        let events = events.clone();
        // Nobody listens when the command is about to end.
        move || drop(events.send(event()))
    };
    interrupt::watch_and(tell(|| Event::Interrupted));
    let saves = if arguments.poll { Saves::poll } else { Saves::tell }(tell(|| Event::Saved));
    let pressed = events.clone();
    let keys = Keys::watch(move |key| drop(pressed.send(Event::Key(key))));
    let mut watch = Watch {
        course,
        lesson: lesson.clone(),
        has_keys: keys.is_some(),
        clears: !arguments.plain && is_screen(),
        saves,
        events,
        run: Run::default(),
        asked: String::new(),
    };
    let ended = watch.turn_to(lesson.clone()).and_then(|()| watch.listen(&heard));
    watch.run.end();
    ended
}

/// Whether standard output is a terminal that can be cleared.
fn is_screen() -> bool {
    io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// What the loop knows.
struct Watch<'a> {
    course: &'a Course,
    lesson: Lesson,
    has_keys: bool,
    clears: bool,
    saves: Saves,
    events: Sender<Event>,
    /// The newest run, going on or over.
    run: Run,
    /// What was answered to keys since the last save.
    asked: String,
}

/// The grading of one content of an exercise.
#[derive(Default)]
struct Run {
    number: u64,
    content: String,
    control: Control,
    thread: Option<JoinHandle<()>>,
}

impl Watch<'_> {
    /// Take events until somebody has had enough.
    fn listen(&mut self, events: &Receiver<Event>) -> Result<ExitCode, Failure> {
        for event in events {
            match event {
                Event::Interrupted => return Ok(ExitCode::from(Failure::interrupted().code)),
                Event::Key(b'q' | END) => return Ok(ExitCode::SUCCESS),
                Event::Key(key) => self.answer(key)?,
                Event::Saved => self.look()?,
                Event::News(number, news) if number == self.run.number => show_news(&news)?,
                Event::Graded(number, graded) if number == self.run.number => {
                    self.show_verdict(*graded)?;
                    // A save whose event was lost, or came before the file was read.
                    self.look()?;
                }
                // From a run that was called off.
                Event::News(..) | Event::Graded(..) => {}
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn turn_to(&mut self, lesson: Lesson) -> Result<(), Failure> {
        self.saves.turn_to(&lesson.directory);
        self.lesson = lesson;
        self.start(content(&self.lesson))
    }

    /// Start a run if the exercise is another than the one that the last run was about.
    fn look(&mut self) -> Result<(), Failure> {
        let now = content(&self.lesson);
        if now == self.run.content { Ok(()) } else { self.start(now) }
    }

    /// Grade the exercise, with this content, on a thread of its own; the run before is called off.
    fn start(&mut self, content: String) -> Result<(), Failure> {
        let number = self.run.number + 1;
        let (events, course, lesson) =
            (self.events.clone(), self.course.clone(), self.lesson.clone());
        let news = self.events.clone();
        let control = Control::listening(move |said| drop(news.send(Event::News(number, said))));
        let run = Run { number, content, control: control.clone(), thread: None };
        let mut before = std::mem::replace(&mut self.run, run);
        before.control.call_off();
        self.run.thread = Some(thread::spawn(move || {
            // Two at a time would only be in each other's way.
            before.end();
            let graded = grade_exercise(&control, &course, lesson);
            let _ = events.send(Event::Graded(number, Box::new(graded)));
        }));
        self.asked.clear();
        self.clear()?;
        let lesson = words::lesson(self.lesson.number, &self.lesson.topic);
        page::print(&format!("{}\n", words::grading(styled(BOLD, &lesson))))
    }

    fn show_verdict(&mut self, graded: Result<Graded, Failure>) -> Result<(), Failure> {
        self.clear()?;
        let mut page = Page::new();
        match graded {
            Ok(graded) => {
                let mut progress = Progress::read(self.course);
                progress.note(&graded);
                progress.write(self.course)?;
                report::grading(&mut page, self.course, &graded, false);
                if graded.verdict == Verdict::Pass {
                    report::taken_along(&mut page, &self.lesson);
                }
                self.run.content = graded.content;
            }
            Err(failure) => page.paragraph("", "  ", &failure.message, RED),
        }
        page.blank();
        self.offer_keys(&mut page);
        page.print()?;
        // It has just been cleared away.
        if self.clears { page::print(&self.asked) } else { Ok(()) }
    }

    fn offer_keys(&self, page: &mut Page) {
        let known = self.known();
        let was_green = known.as_ref().is_some_and(|known| known.was_green);
        let is_green = known.as_ref().is_some_and(LessonProgress::is_green);
        let mut keys = Vec::new();
        if self.has_keys {
            keys.extend((!is_green).then_some(words::H_HINT));
            keys.extend(was_green.then_some(words::S_SOLUTION));
            keys.extend(self.course.after(&self.lesson).map(|_| words::N_NEXT_LESSON));
            keys.extend([words::L_LIST, words::R_RUN_AGAIN, words::Q_QUIT]);
        } else {
            keys.extend([words::SAVE_TO_GRADE_AGAIN, words::CTRL_C_ENDS_THIS]);
        }
        // A line may be broken between two keys, not within one.
        let keys: Vec<String> = keys.iter().map(|key| key.replace(' ', "\u{a0}")).collect();
        page.paragraph("", "", &keys.join(" · "), DIM);
    }

    /// Do what a key asks for, at once: whatever is going on goes on.
    fn answer(&mut self, key: u8) -> Result<(), Failure> {
        let answer = match key {
            b'h' => self.hint(),
            b'l' => Ok(list::page(self.course).into_text()),
            b's' => solution::text(self.course, &self.lesson, false),
            b'r' => return self.start(content(&self.lesson)),
            b'n' => match self.course.after(&self.lesson) {
                Some(lesson) => return self.turn_to(lesson.clone()),
                None => Err(Failure::new(words::THE_LAST_LESSON)),
            },
            _ => return Ok(()),
        };
        let text = answer.unwrap_or_else(|failure| {
            let mut page = Page::new();
            page.paragraph("", "  ", &failure.message, RED);
            page.into_text()
        });
        let text = format!("\n{text}");
        self.asked.push_str(&text);
        page::print(&text)
    }

    /// The next hint about what the last verdict was about.
    fn hint(&self) -> Result<String, Failure> {
        let known = self.known().ok_or_else(|| Failure::new(words::NO_VERDICT_YET))?;
        hint::about(self.course, &self.lesson, &known, words::H_ONCE_MORE).map(Page::into_text)
    }

    fn known(&self) -> Option<LessonProgress> {
        Progress::read(self.course).of(&self.lesson).cloned()
    }

    fn clear(&self) -> Result<(), Failure> {
        let cleared = if self.clears {
            // Not by way of `page`: without colours it would leave this out, too.
            io::stdout().write_all(CLEAR.as_bytes())
        } else {
            io::stdout().write_all(b"\n")
        };
        cleared.map_err(|error| Failure::new(words::failed_to_print(error)))
    }
}

impl Run {
    /// Call it off, and wait until all that it has started is gone.
    fn end(&mut self) {
        self.control.call_off();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn grade_exercise(control: &Control, course: &Course, lesson: Lesson) -> Result<Graded, Failure> {
    if control.has_called_off() {
        return Err(Failure::interrupted());
    }
    let task = Task { lesson, answer: Answer::Exercise, wanted: Wanted::default() };
    let graded = grade_for(control, course, &[task])?;
    Ok(graded.into_iter().next().expect("one task, one grading"))
}

fn show_news(news: &News) -> Result<(), Failure> {
    match news {
        News::Building(line) => page::print(&format!("{}\n", styled(DIM, line))),
        News::Printed(line) => page::print(&format!("  {} {line}\n", styled(DIM, "│"))),
    }
}

/// The digest of an exercise as it is now; empty if it cannot be read.
fn content(lesson: &Lesson) -> String {
    fs::read(lesson.file("exercise.rs")).map_or_else(|_| String::new(), |bytes| digest(&bytes))
}
