//! Run a command for each part of a class on Slurm: `submit SHARDS OUT COMMAND…`. It prints the parts' folders.

use std::path::Path;
use std::process::ExitCode;

use netkata_class::slurm::submit_and_wait;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [shards, out, command @ ..] = &arguments[..] else { return ExitCode::from(2) };
    let Ok(shards) = shards.parse() else { return ExitCode::from(2) };
    match submit_and_wait(shards, command, Path::new(out)) {
        Ok(folders) => {
            folders.iter().for_each(|folder| println!("{}", folder.display()));
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.code)
        }
    }
}
