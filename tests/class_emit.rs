//! Test the files of `kata class --emit` with programs that other people maintain: check-jsonschema has the
//! published schema of GitHub's workflows, and kubernetes-validate those of Kubernetes.
//!
//! Both are installed once, by pip, into a folder below target/. A schema says that a key exists; what a task
//! runs is tested with a shell: every argument must arrive as it was given, whatever its characters.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use netkata_class::emit::{github_actions, kubernetes};
use regex::{Captures, Regex};
use serde_json::Value;

const REQUIREMENTS: &str = include_str!("class_emit/requirements.txt");

/// The files from which Kubernetes makes something, as the validator names them.
const RESOURCES: [&str; 4] = [
    "persistentvolumeclaim/kata-class",
    "networkpolicy/kata-class",
    "job/kata-class-grade",
    "job/kata-class-merge",
];

/// Arguments with all that a shell, YAML, GitHub and Kubernetes could take for their own.
const HOSTILE: [&str; 12] = [
    "submissions/班级",
    "--lessons",
    "1-6",
    "two words",
    "it's",
    "\"$HOME\" $(id) $((1)) $$ `id` \\",
    "${{ secrets.GITHUB_TOKEN }}",
    "a\nb\n  c: d",
    "tab\tESC \x1b",
    "",
    "# no comment: *&!%@",
    "NUMBERS SHARDS COMMAND ARGUMENTS",
];

#[test]
fn the_workflow_is_valid() {
    for shards in [1, 8, 256] {
        let workflow = write("class.yml", &github_actions(shards, &hostile()));
        let checked = check_workflow(&workflow);
        assert!(checked.status.success(), "{checked:?}");
    }
}

#[test]
fn a_misspelt_key_of_a_workflow_is_refused() {
    let workflow = github_actions(2, &hostile());
    for (key, misspelt) in
        [("fail-fast:", "fail-slow:"), ("runs-on:", "runs:"), ("needs:", "need:")]
    {
        assert!(workflow.contains(key));
        let checked = check_workflow(&write("misspelt.yml", &workflow.replace(key, misspelt)));
        assert!(!checked.status.success(), "{misspelt} {checked:?}");
    }
}

#[test]
fn the_jobs_are_valid() {
    for shards in [1, 8, 3000] {
        let checked = check_jobs(&write("class.yaml", &kubernetes(shards, &hostile())));
        let printed = String::from_utf8_lossy(&checked.stdout);
        // A resource without a schema is only a warning: so each must be reported as passed.
        let passed =
            printed.lines().filter(|line| line.starts_with("INFO ") && line.contains(" passed "));
        let passed: Vec<&str> = passed.collect();
        assert!(checked.status.success() && passed.len() == RESOURCES.len(), "{checked:?}");
        for (resource, line) in RESOURCES.iter().zip(passed) {
            assert!(line.contains(resource), "{line}");
        }
    }
}

#[test]
fn a_misspelt_key_of_a_job_is_refused() {
    let jobs = kubernetes(2, &hostile());
    for (key, misspelt) in [
        ("completionMode:", "completionsMode:"),
        ("backoffLimitPerIndex: 2", "backoffLimitPerIndex: two"),
        ("claimName:", "claim:"),
        ("readOnlyRootFilesystem:", "readOnlyFilesystem:"),
        ("policyTypes:", "types:"),
    ] {
        assert!(jobs.contains(key));
        let checked = check_jobs(&write("misspelt.yaml", &jobs.replace(key, misspelt)));
        assert!(!checked.status.success(), "{misspelt} {checked:?}");
    }
}

#[test]
fn a_workflow_has_a_job_for_each_part() {
    let shards = |number| {
        parsed(&github_actions(number, &[]))[0]["jobs"]["grade"]["strategy"]["matrix"]["shard"]
            .clone()
    };
    assert_eq!(shards(3), serde_json::json!([1, 2, 3]));
    assert_eq!(shards(0), serde_json::json!([1]));
    assert_eq!(shards(3000).as_array().map(Vec::len), Some(256));
}

#[test]
fn a_workflow_passes_the_arguments_on() {
    let workflow = parsed(&github_actions(3, &hostile()));
    let steps = workflow[0]["jobs"]["grade"]["steps"].as_array().expect("steps");
    let run = steps.iter().find_map(|step| step["run"].as_str()).expect("a command");
    let run = evaluated(run);
    let mut expected = vec!["kata".to_owned(), "class".to_owned()];
    expected.extend(hostile());
    expected.extend(["--shard", "2/3", "--out", "part"].map(str::to_owned));
    assert_eq!(
        arguments_of_cargo("github", Command::new("bash").args(["-e", "-c", &run])),
        expected
    );
}

#[test]
fn a_pod_passes_the_arguments_on() {
    let resources = parsed(&kubernetes(3, &hostile()));
    let container = &resources[2]["spec"]["template"]["spec"]["containers"][0];
    let words =
        ["command", "args"].into_iter().flat_map(|key| container[key].as_array().expect("words"));
    let words: Vec<String> = words.map(|word| expanded(word.as_str().expect("a word"))).collect();
    let mut pod = Command::new(&words[0]);
    pod.args(&words[1..]).env("JOB_COMPLETION_INDEX", "2");
    let mut expected = vec!["kata".to_owned(), "class".to_owned()];
    expected.extend(hostile());
    expected.extend(["--shard", "3/3", "--out", "/class/parts/3-of-3"].map(str::to_owned));
    assert_eq!(arguments_of_cargo("kubernetes", &mut pod), expected);
}

/// A command as GitHub hands it to the shell: with the values of its expressions.
fn evaluated(command: &str) -> String {
    let expression = Regex::new(r"\$\{\{ *(.*?) *\}\}").expect("a pattern");
    let value = |found: &Captures| match &found[1] {
        "matrix.shard" => "2",
        "'${{'" => "${{",
        other => panic!("GitHub would evaluate {other}"),
    };
    expression.replace_all(command, value).into_owned()
}

/// An argument as Kubernetes hands it on: `$$` is one `$`. It must hold no reference to a variable.
fn expanded(argument: &str) -> String {
    let parts: Vec<&str> = argument.split("$$").collect();
    assert!(parts.iter().all(|part| !part.contains("$(")), "{argument}");
    parts.join("$")
}

/// What a command passes to `cargo`.
fn arguments_of_cargo(name: &str, command: &mut Command) -> Vec<String> {
    let folder = folder(name);
    let cargo = folder.join("cargo");
    fs::write(&cargo, "#!/bin/sh\nprintf '%s\\0' \"$@\"\n").expect("a file");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("a program");
    let path = std::env::var("PATH").expect("a path");
    let output =
        command.env("PATH", format!("{}:{path}", folder.display())).output().expect("a shell");
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).expect("text");
    printed.split_terminator('\0').map(str::to_owned).collect()
}

/// The documents of a YAML file.
fn parsed(yaml: &str) -> Vec<Value> {
    let script =
        "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))";
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(&file, yaml).expect("a file");
    let output = python(&["-c", script], file.path());
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn check_workflow(file: &Path) -> Output {
    python(&["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"], file)
}

fn check_jobs(file: &Path) -> Output {
    python(&["-m", "kubernetes_validate", "--strict"], file)
}

fn python(arguments: &[&str], file: &Path) -> Output {
    let mut python = Command::new("python3");
    python.args(arguments).arg(file).env("PYTHONPATH", &*INSTALLED).env("PYTHONUTF8", "1");
    python.output().expect("python3")
}

/// The folder with what `requirements.txt` names, in these versions.
static INSTALLED: LazyLock<PathBuf> = LazyLock::new(|| {
    let versions: Vec<&str> = REQUIREMENTS.lines().collect();
    let installed = folder("python").join(versions.join(" "));
    if !installed.exists() {
        let fresh = tempfile::tempdir_in(folder("python")).expect("a folder");
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--target"]);
        let status = pip.arg(fresh.path()).args(versions).status().expect("python3");
        assert!(status.success(), "pip failed to install {REQUIREMENTS}");
        // It fails if another run of this test was sooner.
        let _ = fs::rename(fresh.keep(), &installed);
    }
    installed
});

fn hostile() -> Vec<String> {
    HOSTILE.map(str::to_owned).to_vec()
}

fn write(name: &str, text: &str) -> PathBuf {
    let file = folder("written").join(name);
    fs::write(&file, text).expect("a file");
    file
}

/// A folder of these tests.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("class_emit").join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}
