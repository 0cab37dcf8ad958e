//! The results of the commands, saved for later ones.

use std::fs;
use std::path::PathBuf;

use netkata_runner::course::Course;
use netkata_runner::failure::Failure;
use serde_json::Value;

/// Save a figure under this name.
pub fn keep(course: &Course, name: &str, figure: &Value) -> Result<(), Failure> {
    let file = file(course, name);
    let folder = file.parent().expect("it lies in a folder");
    fs::create_dir_all(folder).map_err(Failure::of_file("create", folder))?;
    fs::write(&file, format!("{figure:#}\n")).map_err(Failure::of_file("write", &file))
}

/// The figure saved under this name, if there is one.
pub fn kept(course: &Course, name: &str) -> Option<Value> {
    serde_json::from_str(&fs::read_to_string(file(course, name)).ok()?).ok()
}

fn file(course: &Course, name: &str) -> PathBuf {
    course.target().join("trust").join(format!("{name}.json"))
}
