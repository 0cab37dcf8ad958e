//! The languages in which a program of one file is built and started without being told how.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// How a program of one file is built, if it must be, and started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// The ending of its files.
    pub ending: &'static str,
    /// The command that makes `{program}` of `{file}`.
    build: &'static [&'static str],
    /// The command that starts it.
    run: &'static [&'static str],
}

/// Every language that is known.
pub const LANGUAGES: [Language; 5] = [
    Language { ending: "py", build: &[], run: &["python3", "{file}", "{port}", "{dir}"] },
    Language { ending: "js", build: &[], run: &["node", "{file}", "{port}", "{dir}"] },
    Language { ending: "java", build: &[], run: &["java", "{file}", "{port}", "{dir}"] },
    Language {
        ending: "go",
        build: &["go", "build", "-o", "{program}", "{file}"],
        run: &["{program}", "{port}", "{dir}"],
    },
    Language {
        ending: "c",
        build: &["cc", "-O1", "-pthread", "-o", "{program}", "{file}"],
        run: &["{program}", "{port}", "{dir}"],
    },
];

impl Language {
    /// The language of this file, by its ending; `None` if it is not known.
    pub fn of(file: &Path) -> Option<Language> {
        let ending = file.extension()?.to_str()?;
        LANGUAGES.into_iter().find(|it| it.ending.eq_ignore_ascii_case(ending))
    }

    /// The command that builds the program beside its file; `None` if there is nothing to build.
    pub fn build(&self, file: &Path) -> Option<io::Result<Output>> {
        let words = self.filled(self.build, file);
        let (program, arguments) = words.split_first()?;
        Some(Command::new(program).args(arguments).output())
    }

    /// The words of the command that starts it, with `{port}` and `{dir}` still to be replaced.
    pub fn command(&self, file: &Path) -> Vec<String> {
        self.filled(self.run, file)
    }

    fn filled(&self, words: &[&str], file: &Path) -> Vec<String> {
        let program: PathBuf = file.with_extension("program");
        let (file, program) = (file.display().to_string(), program.display().to_string());
        let fill = |word: &&str| word.replace("{file}", &file).replace("{program}", &program);
        words.iter().map(fill).collect()
    }
}
