//! Grades a class in parts, as an array job of Slurm: `kata class --slurm`.
//!
//! Nothing that Slurm reports proves that a task has run: `sbatch --wait` returns 0 where a node failed to start
//! them. The proof is the part's `results.json`. A part without one is submitted again.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{self, Path, PathBuf};
use std::process::{Command, Stdio};

use netkata_runner::failure::Failure;
use netkata_runner::interrupt;

use crate::emit::shell;

mod words;

/// What a task writes last.
const PROOF: &str = "results.json";

/// How often a part is submitted.
const ROUNDS: usize = 3;

/// The script of the array job, for `sbatch --array=0-…`: the task with index i grades part i + 1 of `shards`.
///
/// `command` is `kata class …` without the part and the output. The script adds `--shard i/n --out DIR`, and
/// when the command has written its results, moves them to a folder in `parts`, `1-of-8`. It does so at once or
/// not at all, and once: if Slurm runs a task twice, the results that come first stay.
pub fn script(shards: u32, command: &[String], parts: &Path) -> String {
    let script = include_str!("slurm/array.sh").replace("SHARDS", &shards.to_string());
    let script = script.replace("PROOF", PROOF);
    // One after the other, since the one may contain the other's name.
    let parts = shell([&*parts.to_string_lossy()]);
    let pieces = script.split("COMMAND").map(|piece| piece.replace("PARTS", &parts));
    pieces.collect::<Vec<_>>().join(&shell(command.iter().map(String::as_str)))
}

/// Grade all parts on the nodes of the cluster, and return the folders with their results, for `--merge`.
///
/// The folder `out` must be visible on every node. The parts are below it, in a folder with a new name, so that
/// neither an earlier run nor a task that is left of it can be taken for this one. More parts than Slurm allows
/// an array (`MaxArraySize`) become as many as it allows. Options for `sbatch`, such as an account, are read from
/// its environment variables. Fails if a part has no results although it was submitted three times.
pub fn submit_and_wait(
    shards: u32,
    command: &[String],
    out: &Path,
) -> Result<Vec<PathBuf>, Failure> {
    let shards = shards.clamp(1, largest_array()?);
    fs::create_dir_all(out).map_err(Failure::of_file(words::CREATE, out))?;
    let out = path::absolute(out).map_err(Failure::of_file(words::FIND, out))?;
    if out.to_str().is_none() {
        return Err(Failure::usage(words::path_is_no_unicode(out.display())));
    }
    let parts = tempfile::Builder::new().prefix("parts-").tempdir_in(&out);
    let parts = parts.map_err(Failure::of_file(words::CREATE, &out))?.keep();
    let (log, job) = (parts.join("log"), parts.join("job.sh"));
    // A task whose output cannot be opened fails before it runs.
    fs::create_dir(&log).map_err(Failure::of_file(words::CREATE, &log))?;
    fs::write(&job, script(shards, command, &parts))
        .map_err(Failure::of_file(words::WRITE, &job))?;
    in_rounds(shards, &parts, |missing| submit(missing, &job, &log))?;
    Ok((0..shards).map(|index| part(&parts, index, shards)).collect())
}

/// Submit the parts that have no results until all have some, or until that was done too often.
fn in_rounds(
    shards: u32,
    parts: &Path,
    mut submit: impl FnMut(&[u32]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut missing = missing(shards, parts);
    for _ in 0..ROUNDS {
        if !missing.is_empty() {
            submit(&missing)?;
            missing = self::missing(shards, parts);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let numbers: Vec<String> = missing.iter().map(|index| (index + 1).to_string()).collect();
    let log = parts.join("log");
    let why = words::parts_have_no_results(numbers.join(", "), shards, ROUNDS, log.display());
    Err(Failure::of_machine(why))
}

/// The indices of the parts without results.
fn missing(shards: u32, parts: &Path) -> Vec<u32> {
    (0..shards).filter(|index| !part(parts, *index, shards).join(PROOF).is_file()).collect()
}

/// Submit an array with these indices, and wait until none of its tasks runs.
fn submit(indices: &[u32], job: &Path, log: &Path) -> Result<(), Failure> {
    let array: Vec<String> = indices.iter().map(u32::to_string).collect();
    // Sbatch replaces `%a` by the index, and `%%` by one sign.
    let log = log.display().to_string().replace('%', "%%");
    let mut sbatch = Command::new("sbatch");
    sbatch.args(["--wait", "--parsable", "--input=/dev/null"]);
    sbatch.arg(format!("--array={}", array.join(","))).arg(format!("--output={log}/%a.txt"));
    let child = sbatch.arg(job).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(failed_to_start("sbatch"))?;
    let mut printed = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    // A line that cannot be read names no job.
    let _ = printed.read_line(&mut line);
    // With several clusters, `;` and a name follow the number.
    let number = line.trim().split(';').next().unwrap_or_default();
    if !number.is_empty() {
        anstream::eprintln!("{}", words::waits_for(number, indices.len()));
    }
    let status = child.wait().map_err(failed_to_start("sbatch"))?;
    if number.is_empty() {
        return Err(Failure::of_machine(words::sbatch_has_submitted_nothing(status)));
    }
    // The tasks still run if sbatch has lost its connection to the controller: the next round replaces them.
    // So they do after Ctrl-C, which ends sbatch.
    let _ = Command::new("scancel").args(["--quiet", number]).stderr(Stdio::null()).status();
    if interrupt::happened() { Err(Failure::interrupted()) } else { Ok(()) }
}

/// How many tasks an array can have: its indices, from 0, are below `MaxArraySize`.
fn largest_array() -> Result<u32, Failure> {
    let output =
        Command::new("scontrol").args(["show", "config"]).stderr(Stdio::inherit()).output();
    let output = output.map_err(failed_to_start("scontrol"))?;
    array_size(&String::from_utf8_lossy(&output.stdout))
        .ok_or_else(|| Failure::of_machine(words::NO_MAX_ARRAY_SIZE))
}

/// The line `MaxArraySize            = 1001`.
fn array_size(config: &str) -> Option<u32> {
    let lines = config.lines().filter_map(|line| line.split_once('='));
    let mut sizes = lines.filter(|(key, _)| key.trim() == "MaxArraySize");
    sizes.next()?.1.trim().parse().ok()
}

/// The folder for the results of a part.
fn part(parts: &Path, index: u32, shards: u32) -> PathBuf {
    parts.join(format!("{}-of-{shards}", index + 1))
}

fn failed_to_start(program: &str) -> impl Fn(io::Error) -> Failure {
    move |error| Failure::of_machine(words::failed_to_start(program, error))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Writes the arguments it gets into its results, and counts its runs.
    const TASK: &str = r#"
        while [ "$1" != --out ]; do arguments="$arguments<$1>"; shift; done
        echo run >>"$COUNT"
        mkdir "$2" && echo "$arguments" >"$2/results.json"
    "#;

    #[test]
    fn a_task_writes_the_results_of_its_part() {
        let folder = tempfile::tempdir().unwrap();
        let parts = folder.path().join("100% 'x' $HOME PARTS COMMAND");
        let hostile = ["it's", "two words", "$HOME", "", "PARTS", "--shard"];
        assert!(run(&task(TASK, &hostile), &parts, 1));
        let results = fs::read_to_string(part(&parts, 1, 3).join(PROOF)).unwrap();
        assert_eq!(results, "<it's><two words><$HOME><><PARTS><--shard><--shard><2/3>\n");
        assert_eq!(fs::read_dir(parts.join("unfinished")).unwrap().count(), 0);
        assert_eq!(missing(3, &parts), [0, 2]);
    }

    #[test]
    fn a_task_that_has_results_is_not_run_again() {
        let folder = tempfile::tempdir().unwrap();
        let parts = folder.path().join("parts");
        assert!(run(&task(TASK, &[]), &parts, 0));
        assert!(run(&task(TASK, &[]), &parts, 0));
        assert_eq!(fs::read_to_string(parts.join("count")).unwrap(), "run\n");
    }

    #[test]
    fn a_task_without_results_has_failed() {
        let folder = tempfile::tempdir().unwrap();
        for ends in ["true", "false", "kill -9 $$", r#"mkdir "$4"; >"$4/results.json.new""#] {
            assert!(!run(&task(ends, &[]), folder.path(), 0), "{ends}");
            assert_eq!(missing(1, folder.path()), [0], "{ends}");
        }
    }

    #[test]
    fn of_two_tasks_for_one_part_the_first_counts() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other.sh");
        let first = task(r#"mkdir "$4" && echo first >"$4/results.json""#, &[]);
        fs::write(&other, script(3, &first, folder.path())).unwrap();
        // While the second one runs, the first one does all its work, as another job.
        let second = r#"SLURM_JOB_ID=8 sh "$0"; mkdir "$4" && echo second >"$4/results.json""#;
        let second = ["sh", "-c", second, &other.display().to_string()].map(str::to_owned);
        assert!(run(&second, folder.path(), 0));
        let part = part(folder.path(), 0, 3);
        assert_eq!(fs::read_to_string(part.join(PROOF)).unwrap(), "first\n");
        assert_eq!(fs::read_dir(part).unwrap().count(), 1);
    }

    #[test]
    fn only_parts_without_results_are_submitted_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut rounds = Vec::new();
        let submitted = in_rounds(4, folder.path(), |indices| {
            rounds.push(indices.to_vec());
            for index in indices.iter().filter(|index| *index % 2 == 0 || rounds.len() == 2) {
                finish(folder.path(), *index, 4);
            }
            Ok(())
        });
        submitted.unwrap();
        assert_eq!(rounds, [vec![0, 1, 2, 3], vec![1, 3]]);
    }

    #[test]
    fn a_part_that_never_has_results_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut rounds = 0;
        let submitted = in_rounds(3, folder.path(), |_| {
            rounds += 1;
            finish(folder.path(), 1, 3);
            Ok(())
        });
        let why = submitted.unwrap_err().message;
        assert!(why.contains("of 3") && why.contains(": 1, 3;"), "{why}");
        assert_eq!(rounds, ROUNDS);
    }

    #[test]
    fn the_size_of_an_array_is_read_from_the_configuration() {
        let config = "MaxArrayTasks = 7\nMaxArraySize            = 1001\nMaxJobCount = 10000\n";
        assert_eq!(array_size(config), Some(1001));
        assert_eq!(array_size("slurm_load_ctl_conf error"), None);
    }

    fn finish(parts: &Path, index: u32, shards: u32) {
        let folder = part(parts, index, shards);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(PROOF), "{}").unwrap();
    }

    /// A command that runs a shell's program.
    fn task(program: &str, arguments: &[&str]) -> Vec<String> {
        let words = ["sh", "-c", program, "task"].into_iter().chain(arguments.iter().copied());
        words.map(str::to_owned).collect()
    }

    /// Run the script as Slurm does; return whether it has succeeded.
    fn run(command: &[String], parts: &Path, index: u32) -> bool {
        fs::create_dir_all(parts).unwrap();
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(script(3, command, parts));
        shell.env("SLURM_JOB_ID", "7").env("SLURM_ARRAY_TASK_ID", index.to_string());
        shell.env("COUNT", parts.join("count")).status().unwrap().success()
    }
}
