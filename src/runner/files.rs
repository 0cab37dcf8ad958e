//! Files that the commands write for cargo and for editors.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::failure::Failure;
use crate::words;

/// Read a file, or what a link leads to, unless it is something else: opening a pipe may wait for ever.
pub(crate) fn read(file: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(file)?.is_file() {
        fs::read(file)
    } else {
        Err(io::Error::new(ErrorKind::InvalidInput, &*words::IT_IS_NO_FILE))
    }
}

/// Write `text` unless the file already contains it; return whether it was written. Another command may read
/// the file at the same time, so the file is replaced in one step.
pub(crate) fn write_if_changed(file: &Path, text: &str) -> Result<bool, Failure> {
    if fs::read(file).is_ok_and(|held| held == text.as_bytes()) {
        return Ok(false);
    }
    let folder = file.parent().expect("it lies in a folder");
    fs::create_dir_all(folder).map_err(Failure::of_file(words::CREATE, folder))?;
    let mut new = tempfile::Builder::new();
    #[cfg(unix)]
    new.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut new = new.tempfile_in(folder).map_err(Failure::of_file(words::CREATE, folder))?;
    new.write_all(text.as_bytes()).map_err(Failure::of_file(words::WRITE, file))?;
    new.persist(file).map_err(|error| Failure::of_file(words::WRITE, file)(error.error))?;
    Ok(true)
}
