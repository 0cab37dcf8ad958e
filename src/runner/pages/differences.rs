//! Shows how one program differs from another.

use std::fs;
use std::path::Path;

use diffy::{DiffOptions, PatchFormatter};

use crate::course::Course;
use crate::failure::Failure;
use crate::pages::page::Page;
use crate::words;

/// Add the differences between two files as a unified diff, and return whether there are any.
pub(crate) fn add(
    page: &mut Page,
    course: &Course,
    from: &Path,
    to: &Path,
) -> Result<bool, Failure> {
    let read = |file: &Path| fs::read_to_string(file).map_err(Failure::of_file(words::READ, file));
    let (before, after) = (read(from)?, read(to)?);
    if before == after {
        return Ok(false);
    }
    let mut options = DiffOptions::new();
    options.set_context_len(2);
    options.set_original_filename(course.shown(from));
    options.set_modified_filename(course.shown(to));
    let patch = options.create_patch(&before, &after);
    page.diff(&PatchFormatter::new().fmt_patch(&patch).to_string());
    Ok(true)
}
