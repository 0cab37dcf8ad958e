//! Writes files that let other machines grade a class in parts: `kata class --emit`.
//!
//! The files are templates beside this one; a template's words in capitals are replaced. Each of `SHARDS` tasks
//! runs `kata class … --shard i/SHARDS --out DIR`, and the last one `kata class --merge DIR… --out DIR`.

use std::iter;

use shlex::Quoter;

/// The most jobs that GitHub makes from one matrix.
const MOST_JOBS: u32 = 256;

/// A workflow for GitHub Actions: a job for each part, and one that merges them.
///
/// `arguments` are the submissions and the options of `kata class`. At most 256 parts, which is GitHub's limit.
pub fn github_actions(shards: u32, arguments: &[String]) -> String {
    let shards = shards.clamp(1, MOST_JOBS);
    let numbers: Vec<String> = (1..=shards).map(|shard| shard.to_string()).collect();
    let part = format!(r"{}/{shards}", "${{ matrix.shard }}");
    let arguments = shell(arguments.iter().map(String::as_str)).replace("${{", r"${{ '${{' }}");
    let command = format!(r"cargo kata class {arguments} --shard {part} --out part");
    let workflow = include_str!("emit/github_actions.yml");
    workflow.replace("NUMBERS", &numbers.join(", ")).replace("COMMAND", &json(command))
}

/// Jobs for Kubernetes 1.33 or newer: an Indexed Job with a pod for each part, and a Job that merges them.
///
/// `arguments` are the submissions and the options of `kata class`, with the paths inside the container.
pub fn kubernetes(shards: u32, arguments: &[String]) -> String {
    // Kubernetes replaces `$(NAME)` in arguments, and reads `$$` as one `$`.
    let arguments = arguments.iter().map(|argument| json(argument.replace('$', "$$")));
    let arguments: Vec<String> = iter::once(json("kata")).chain(arguments).collect();
    let jobs = include_str!("emit/kubernetes.yaml");
    let jobs = jobs.replace("SHARDS", &shards.max(1).to_string());
    jobs.replace("ARGUMENTS", &format!("[{}]", arguments.join(", ")))
}

/// Words for a POSIX shell.
pub(crate) fn shell<'s>(words: impl IntoIterator<Item = &'s str>) -> String {
    Quoter::new().allow_nul(true).join(words).expect("only NUL is refused")
}

/// A string in quotes; YAML reads JSON.
fn json(text: impl Into<String>) -> String {
    serde_json::Value::String(text.into()).to_string()
}
