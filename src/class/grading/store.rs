//! The verdicts that are known: each is written when it is known, so an interrupted run loses none.
//!
//! ```text
//! OUT/verdicts/KEY.json
//! ```

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use netkata_runner::failure::Failure;

use crate::results::Grading;
use crate::words;

/// A folder of verdicts.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Open or create the folder below the output folder.
    pub fn open(out: &Path) -> Result<Store, Failure> {
        let folder = out.join("verdicts");
        fs::create_dir_all(&folder)
            .map_err(|error| Failure::new(words::failed_to_write(folder.display(), error)))?;
        Ok(Store { folder })
    }

    /// Read the verdict with this key; `None` if it is not known yet.
    pub fn read(&self, key: &str) -> Option<Grading> {
        let grading = fs::read(self.file(key)).ok()?;
        let grading: Grading = serde_json::from_slice(&grading).ok()?;
        (grading.key == key).then_some(grading)
    }

    /// Whether the verdict with this key is known, without reading it.
    pub fn has(&self, key: &str) -> bool {
        self.file(key).is_file()
    }

    /// Write a verdict in one step: a machine that stops meanwhile leaves no half of it.
    pub fn write(&self, grading: &Grading) -> Result<(), Failure> {
        let file = self.file(&grading.key);
        let write = || {
            let mut new = tempfile::NamedTempFile::new_in(&self.folder)?;
            serde_json::to_writer(&mut new, grading)?;
            new.flush()?;
            new.persist(&file)?;
            Ok(())
        };
        write().map_err(|error: std::io::Error| {
            Failure::new(words::failed_to_write(file.display(), error))
        })
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.json"))
    }
}
