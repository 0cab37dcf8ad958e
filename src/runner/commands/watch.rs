//! `cargo kata watch`: grades at every save, and reacts to keys meanwhile.
//!
//! One loop holds all state and waits only for the next event. Everything that takes time runs on its own
//! thread, which sends events to the loop:
//!
//! ```text
//! saves ──┐
//! keys  ──┼──▶ the loop ──▶ prints, cancels a run, starts the next one
//! runs  ──┘
//! ```

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use super::{WatchArguments, hint, list, outside, solution};
use crate::answer::Answer;
use crate::control::{Control, News};
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files;
use crate::grading::digest::digest;
use crate::grading::program::Program;
use crate::grading::{Graded, Task, Verdict, Wanted, grade_one};
use crate::interrupt;
use crate::pages::page::{self, BOLD, DIM, Page, RED, styled};
use crate::pages::report::{self, Detail};
use crate::progress::{LessonProgress, Progress};
use crate::watch::file_watch::Saves;
use crate::watch::keys::Keys;
use crate::words;

/// Ctrl-D, as a terminal in this mode delivers it.
const END: u8 = 4;
/// Clears the screen and moves to its first line; lines that have scrolled off stay.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// The events of the loop.
enum Event {
    /// The exercise may have changed.
    Saved,
    /// A key was pressed.
    Key(u8),
    /// The run with this number has news.
    News(u64, News),
    /// The run with this number has ended.
    Graded(u64, Box<Result<Graded, Failure>>),
    /// Ctrl-C, or a request to terminate.
    Interrupted,
}

pub(super) fn run(course: &Course, arguments: &WatchArguments) -> Result<ExitCode, Failure> {
    let program = outside::program(&arguments.program)?;
    let files = match &program {
        Some(program) => outside::files(program, &arguments.watch)?,
        None => Vec::new(),
    };
    let lesson = match &arguments.lesson {
        Some(name) => course.lesson(name)?,
        None => list::next(course).ok_or_else(|| Failure::usage(words::ALL_GREEN_NAME_ONE))?,
    };
    let (events, received) = mpsc::channel();
    let send = |event: fn() -> Event| {
        let events = events.clone();
        // When the command is about to end, nothing receives events any more.
        move || drop(events.send(event()))
    };
    interrupt::watch_and(send(|| Event::Interrupted));
    let saves = if arguments.poll { Saves::poll } else { Saves::report }(send(|| Event::Saved));
    let pressed = events.clone();
    let keys = Keys::watch(move |key| drop(pressed.send(Event::Key(key))));
    let mut watch = Watch {
        course,
        lesson: lesson.clone(),
        program: program.map(|program| (program, files)),
        has_keys: keys.is_some(),
        clears: !arguments.plain && is_screen(),
        saves,
        events,
        run: Run::default(),
        hint_is_due: false,
        output_of_keys: String::new(),
    };
    let ended = watch.turn_to(lesson.clone()).and_then(|()| watch.handle(&received));
    watch.run.end();
    ended
}

/// Whether standard output is a terminal that can be cleared.
fn is_screen() -> bool {
    io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// The state of the loop.
struct Watch<'a> {
    course: &'a Course,
    lesson: Lesson,
    /// A program to grade instead of the exercise, and the files that make it.
    program: Option<(Program, Vec<PathBuf>)>,
    has_keys: bool,
    clears: bool,
    saves: Saves,
    events: Sender<Event>,
    /// The newest run, in progress or over.
    run: Run,
    /// Whether a hint was asked for during the run: its verdict comes first.
    hint_is_due: bool,
    /// The output of keys since the last save.
    output_of_keys: String,
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
    /// Handle events until the user quits.
    fn handle(&mut self, events: &Receiver<Event>) -> Result<ExitCode, Failure> {
        for event in events {
            match event {
                Event::Interrupted => return Ok(ExitCode::from(Failure::interrupted().code)),
                Event::Key(b'q' | END) => return Ok(ExitCode::SUCCESS),
                Event::Key(key) => self.answer(key)?,
                Event::Saved => self.check_exercise()?,
                Event::News(number, news) if number == self.run.number => self.show_news(&news)?,
                Event::Graded(number, graded) if number == self.run.number => {
                    self.run.end();
                    self.show_verdict(*graded)?;
                    // The event of a save may be lost, or may come before the file was read.
                    self.check_exercise()?;
                    if self.hint_is_due {
                        self.answer(b'h')?;
                    }
                }
                // From a cancelled run.
                Event::News(..) | Event::Graded(..) => {}
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn turn_to(&mut self, lesson: Lesson) -> Result<(), Failure> {
        match &self.program {
            Some((_, files)) => {
                let mut folders: Vec<&Path> = files.iter().filter_map(|it| it.parent()).collect();
                folders.sort();
                folders.dedup();
                self.saves.turn_to(&folders);
            }
            None => self.saves.turn_to(&[&lesson.directory]),
        }
        self.lesson = lesson;
        self.hint_is_due = false;
        self.start(self.content())
    }

    /// The digest of what is graded as it is now; empty if it cannot be read.
    fn content(&self) -> String {
        match &self.program {
            Some((_, files)) => {
                let contents: Vec<Vec<u8>> = files.iter().flat_map(|it| files::read(it)).collect();
                digest(&contents.concat())
            }
            None => content(&self.lesson),
        }
    }

    /// Start a run if the exercise differs from the one that the last run graded.
    fn check_exercise(&mut self) -> Result<(), Failure> {
        let now = self.content();
        if now == self.run.content { Ok(()) } else { self.start(now) }
    }

    /// Grade the exercise, with this content, on a new thread; cancel the previous run.
    fn start(&mut self, content: String) -> Result<(), Failure> {
        let number = self.run.number + 1;
        let (events, course, lesson) =
            (self.events.clone(), self.course.clone(), self.lesson.clone());
        let program = self.program.as_ref().map(|(program, _)| program.clone());
        let news = self.events.clone();
        let control = Control::listening(move |item| drop(news.send(Event::News(number, item))));
        let run = Run { number, content, control: control.clone(), thread: None };
        let mut before = std::mem::replace(&mut self.run, run);
        before.control.cancel();
        self.run.thread = Some(thread::spawn(move || {
            // Two runs at once would only slow each other down.
            before.end();
            let graded = match program {
                Some(program) => program.grade(&lesson, &control),
                None => grade_exercise(&control, &course, lesson),
            };
            let _ = events.send(Event::Graded(number, Box::new(graded)));
        }));
        self.output_of_keys.clear();
        self.clear()?;
        let lesson = words::lesson(self.lesson.number, &self.lesson.topic);
        page::print(&format!("{}\n", words::grading(styled(BOLD, &lesson))))
    }

    fn show_news(&self, news: &News) -> Result<(), Failure> {
        match news {
            News::Compiling(line) if self.clears => page::write_over(&mut io::stdout(), line),
            News::Compiled if self.clears => page::write_over(&mut io::stdout(), ""),
            News::Compiling(_) | News::Compiled => {}
            News::Waiting(line) => page::print(&format!("{}\n", styled(DIM, line)))?,
            News::Printed(line) => page::print(&format!("  {} {line}\n", styled(DIM, "│")))?,
        }
        Ok(())
    }

    fn show_verdict(&mut self, graded: Result<Graded, Failure>) -> Result<(), Failure> {
        self.clear()?;
        if let (Ok(graded), None) = (&graded, &self.program) {
            let mut progress = Progress::read(self.course);
            progress.note(graded);
            progress.remember(self.course);
            // Where the machine cannot grade at all, the exercise was not read.
            if !graded.content.is_empty() {
                self.run.content.clone_from(&graded.content);
            }
        }
        let keys = self.keys();
        let mut page = self.report(&graded, Detail::Usual);
        if self.clears && !page.fits_above(&keys) {
            page = self.report(&graded, Detail::Folded);
            // Its first lines may scroll off, the last ones never do.
            if let Ok(graded) = graded
                && !page.fits_above(&keys)
            {
                report::headline(&mut page, &graded);
            }
        }
        page.append(keys);
        page.print()?;
        // The screen has just been cleared.
        if self.clears { page::print(&self.output_of_keys) } else { Ok(()) }
    }

    /// The page of a verdict, for the keys below it.
    fn report(&self, graded: &Result<Graded, Failure>, detail: Detail) -> Page {
        let mut page = Page::new();
        match graded {
            Ok(graded) => {
                report::grading(&mut page, self.course, graded, detail);
                if graded.verdict == Verdict::Pass && self.program.is_none() {
                    report::what_was_learned(&mut page, &self.lesson);
                }
            }
            Err(failure) => page.paragraph("", "  ", &failure.message, RED),
        }
        page.blank();
        page
    }

    /// The keys that do something now, as the last lines of the page.
    fn keys(&self) -> Page {
        let known = self.known();
        let was_green = known.as_ref().is_some_and(|known| known.was_green);
        let is_green = known.as_ref().is_some_and(LessonProgress::is_green);
        let mut keys = Vec::new();
        if self.has_keys {
            let is_exercise = self.program.is_none();
            keys.extend((is_exercise && !is_green).then_some(words::H_HINT));
            keys.extend(
                (is_exercise && was_green && self.lesson.has_solution())
                    .then_some(words::S_SOLUTION),
            );
            keys.extend(self.course.after(&self.lesson).map(|_| words::N_NEXT_LESSON));
            keys.extend([words::L_LIST, words::R_RUN_AGAIN, words::Q_QUIT]);
        } else {
            keys.extend([words::SAVE_TO_GRADE_AGAIN, words::CTRL_C_ENDS_THIS]);
        }
        // A line may be broken between two keys, but not inside one.
        let keys: Vec<String> = keys.iter().map(|key| key.replace(' ', "\u{a0}")).collect();
        let mut page = Page::new();
        page.paragraph("", "", &keys.join(" · "), DIM);
        page
    }

    /// React to a key at once; a run in progress continues. A hint waits for its verdict: the one before is
    /// about a program that is no longer there.
    fn answer(&mut self, key: u8) -> Result<(), Failure> {
        if self.program.is_some() && matches!(key, b'h' | b's') {
            // Hints and the solution are about the exercise.
            return Ok(());
        }
        if key == b'h' {
            // The event of a save may still be on its way.
            self.check_exercise()?;
            self.hint_is_due = self.run.is_going();
            if self.hint_is_due {
                let mut page = Page::new();
                page.blank();
                page.paragraph("", "  ", &words::HINT_COMES_LATER, DIM);
                return page.print();
            }
        }
        let answer = match key {
            b'h' => self.hint(),
            b'l' => Ok(list::page(self.course).into_text()),
            b's' => solution::text(self.course, &self.lesson, false),
            b'r' => return self.start(self.content()),
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
        self.output_of_keys.push_str(&text);
        page::print(&text)
    }

    /// The next hint for the verdict on the present exercise.
    fn hint(&self) -> Result<String, Failure> {
        let known = self.known().filter(|known| known.content == self.run.content);
        let known = known.ok_or_else(|| Failure::new(words::NO_VERDICT_YET))?;
        hint::about(self.course, &self.lesson, &known, &words::H_ONCE_MORE).map(Page::into_text)
    }

    fn known(&self) -> Option<LessonProgress> {
        Progress::read(self.course).of(&self.lesson).cloned()
    }

    fn clear(&self) -> Result<(), Failure> {
        let cleared = if self.clears {
            // Not through `page`, which would remove this where it removes colours.
            io::stdout().write_all(CLEAR.as_bytes())
        } else {
            io::stdout().write_all(b"\n")
        };
        cleared.map_err(|error| Failure::new(words::failed_to_print(error)))
    }
}

impl Run {
    /// Whether its verdict is still to come.
    fn is_going(&self) -> bool {
        self.thread.is_some()
    }

    /// Cancel the run, unless it is over, and wait until everything it has started is gone.
    fn end(&mut self) {
        self.control.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn grade_exercise(control: &Control, course: &Course, lesson: Lesson) -> Result<Graded, Failure> {
    if control.is_cancelled() {
        return Err(Failure::interrupted());
    }
    let task = Task { lesson, answer: Answer::Exercise, wanted: Wanted::default() };
    grade_one(control, course, task)
}

/// The digest of the exercise as it is now; empty if it cannot be read.
fn content(lesson: &Lesson) -> String {
    files::read(&lesson.file("exercise.rs")).map_or_else(|_| String::new(), |bytes| digest(&bytes))
}
