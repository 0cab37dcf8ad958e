//! Lists the files in `tests/programs/`: one module per lesson, named like its folder.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/programs").canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<_> =
        fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "rs"));
    files.sort();
    let (mut modules, mut suites) = (String::new(), String::new());
    for file in files {
        let name = file.file_stem().expect("it has an ending").to_string_lossy().into_owned();
        modules += &format!("#[path = {:?}]\nmod lesson_{name};\n", file.display().to_string());
        suites += &format!(r"({name:?}, lesson_{name}::SUITES), ");
    }
    let list = format!("pub(crate) const ALL: &[(&str, &[crate::Suite])] = &[{suites}];\n");
    fs::write(
        Path::new(&env::var("OUT_DIR").map_err(io::Error::other)?).join("lessons.rs"),
        modules + &list,
    )
}
