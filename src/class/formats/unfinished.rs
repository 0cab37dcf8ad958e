//! Writes files under another name, and gives them theirs at the end: a killed run leaves the old files.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use netkata_runner::failure::Failure;

use super::words;

/// The folder below the output that holds the files until they are whole.
const FOLDER: &str = ".unfinished";
/// Locked while a run writes.
const LOCK: &str = "lock";

/// The files of one run, until all are written.
pub(super) struct Unfinished {
    output: PathBuf,
    folder: PathBuf,
    _lock: File,
}

impl Unfinished {
    /// Begin to write into an output folder; create it if it is missing. What a killed run has left is removed.
    /// It is a failure if another run is writing there.
    pub(super) fn begin(output: &Path) -> Result<Unfinished, Failure> {
        let folder = output.join(FOLDER);
        let begin = || {
            fs::create_dir_all(&folder)?;
            let lock = File::create(folder.join(LOCK))?;
            // Some file systems have no locks; one run at a time needs none.
            let is_locked = matches!(lock.try_lock(), Err(TryLockError::WouldBlock));
            if !is_locked {
                remove_what_was_left(&folder)?;
            }
            Ok((!is_locked).then_some(lock))
        };
        match begin().map_err(Failure::of_file(words::CREATE, &folder))? {
            Some(lock) => Ok(Unfinished { output: output.to_owned(), folder, _lock: lock }),
            None => Err(Failure::new(words::another_run_writes(output.display()))),
        }
    }

    /// Open a new file; `name` is its path below the output folder.
    pub(super) fn create(&self, name: &str) -> Result<File, Failure> {
        let path = self.path(name)?;
        File::create(&path).map_err(Failure::of_file(words::WRITE, &path))
    }

    /// Write a whole file; `name` is its path below the output folder.
    pub(super) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<(), Failure> {
        let path = self.path(name)?;
        fs::write(&path, content).map_err(Failure::of_file(words::WRITE, &path))
    }

    fn path(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.folder.join(name);
        let folder = path.parent().expect("it is below the folder");
        fs::create_dir_all(folder).map_err(Failure::of_file(words::CREATE, folder))?;
        Ok(path)
    }

    /// Give every file its name, `last` at the end. An old file of that name is replaced, others stay.
    pub(super) fn publish(self, last: &str) -> Result<(), Failure> {
        let failed = Failure::of_file(words::WRITE, &self.output);
        let mut files = Vec::new();
        files_below(&self.folder, &mut files).map_err(&failed)?;
        files.retain(|file| *file != self.folder.join(LOCK));
        files.sort_by_key(|file| (*file == self.folder.join(last), file.clone()));
        for file in files {
            let name = file.strip_prefix(&self.folder).expect("it is below the folder");
            let place = self.output.join(name);
            let folder = place.parent().expect("it is below the output");
            fs::create_dir_all(folder).map_err(Failure::of_file(words::CREATE, folder))?;
            fs::rename(&file, &place).map_err(Failure::of_file(words::WRITE, &place))?;
        }
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn remove_what_was_left(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != LOCK {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files_below(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}
