//! `cargo kata wrong 3 NAME`: edit a mistake, or a new one, as a whole program in an editor.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use super::WrongArguments;
use crate::audit::Promise;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::mistake::Mistake;
use crate::pages::page::Page;
use crate::words;

pub(super) fn run(
    course: &Course,
    lesson: &Lesson,
    arguments: &WrongArguments,
) -> Result<ExitCode, Failure> {
    course.must_be_whole(r"wrong")?;
    match &arguments.name {
        _ if arguments.rebase => rebase(course, lesson),
        Some(name) => edit(course, &Mistake::named(lesson, name), arguments.base.as_deref()),
        None => list(lesson),
    }
}

/// List every mistake with the check that catches it.
fn list(lesson: &Lesson) -> Result<ExitCode, Failure> {
    let mut page = Page::new();
    for mistake in Mistake::all(lesson) {
        let check = Promise::of(&mistake.file()).map_or_else(String::new, |promise| promise.check);
        page.line(words::caught_by(mistake.name, check));
    }
    page.print()?;
    Ok(ExitCode::SUCCESS)
}

fn edit(course: &Course, mistake: &Mistake, base: Option<&str>) -> Result<ExitCode, Failure> {
    let exists = mistake.file().exists();
    let base = base.map_or_else(|| mistake.base(), |name| mistake.based_on(name))?;
    let program = if exists { mistake.carried(course)?.text } else { base.text.clone() };
    let file = mistake.program_file(course);
    let folder = file.parent().expect("it lies in a folder");
    fs::create_dir_all(folder).map_err(Failure::of_file(words::CREATE, folder))?;
    fs::write(&file, program).map_err(Failure::of_file(words::WRITE, &file))?;
    open_editor(&file)?;
    let program = fs::read_to_string(&file).map_err(Failure::of_file(words::READ, &file))?;
    mistake.keep(&base, &program)?;
    let mut page = Page::new();
    page.line(words::mistake_kept(course.shown(&mistake.file())));
    page.print()?;
    Ok(ExitCode::SUCCESS)
}

/// Open the file in the editor of VISUAL or EDITOR, which may have arguments: `code --wait`.
fn open_editor(file: &Path) -> Result<(), Failure> {
    let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok());
    let editor = editor.unwrap_or_default();
    let mut parts = editor.split_whitespace();
    let Some(program) = parts.next() else {
        return Err(Failure::usage(words::NO_EDITOR));
    };
    let status = Command::new(program).args(parts).arg(file).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::new(words::editor_failed(editor, ""))),
        Err(error) => Err(Failure::new(words::editor_failed(&editor, format_args!(": {error}")))),
    }
}

/// Adapt every mistake to the current solution; list those that need a decision.
fn rebase(course: &Course, lesson: &Lesson) -> Result<ExitCode, Failure> {
    let mut page = Page::new();
    let mut all_carried = true;
    for mistake in Mistake::all(lesson) {
        let carried = mistake.carried(course).and_then(|carried| {
            if carried.conflicts {
                return Err(Failure::new(words::mistake_conflicts(lesson.number, &mistake.name)));
            }
            mistake.keep(&mistake.base()?, &carried.text)
        });
        if let Err(failure) = carried {
            page.line(failure.message);
            all_carried = false;
        }
    }
    if all_carried {
        page.line(words::all_mistakes_apply(lesson.number));
    }
    page.print()?;
    Ok(if all_carried { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
