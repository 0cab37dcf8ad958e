//! Test what the results of a class are written as, by reading it with programs of others: JUnit by junitparser,
//! JSON by a validator of schemas, Gradescope's by comparing it with what gradescope-utils writes, CSV and XML by
//! Python's own parsers, Markdown by markdown-it, HTML by html5lib.
//!
//! The first test that needs them installs them with pip, below `target/`, in the versions of
//! `tests/class/requirements.txt`. `SNAPSHOTS=overwrite` writes `docs/results.schema.json` again.

#[path = "class/hostile.rs"]
mod hostile;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use clap::ValueEnum;
use netkata_class::formats::{Format, Output, clean};
use netkata_class::results::{Results, Status, Student, Submission, Verdict};
use netkata_runner::course::Course;
use serde_json::{Value, json};

use hostile::{HOSTILE, LONG, NAMES};

static COURSE: LazyLock<Course> =
    LazyLock::new(|| Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course"));

/// The hostile class in every format, written once for all tests.
static WRITTEN: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = fresh("written");
    write(&folder, &hostile::class(COURSE.root()), Format::value_variants());
    folder
});

#[test]
fn results_are_valid_by_their_schema_and_whole() {
    let schema = COURSE.root().join("docs/results.schema.json");
    let read = consume("results", &[WRITTEN.as_path(), &schema]);
    let results: Results = serde_json::from_value(read).expect("they are results");
    let names: Vec<&str> = results.students.iter().map(|student| &*student.name).collect();
    assert_eq!(names, NAMES.map(|name| clean(name).into_owned()));
    let story = first_story(&results.students[2]);
    assert_eq!(story["rows"][0]["text"], *clean(HOSTILE));
    assert_eq!(story["rows"][2]["text"].as_str().map(str::len), Some(LONG / 3 * 3));
    assert_eq!(story["rows"][2]["mark"][0], 60_000);
}

#[test]
fn the_schema_is_that_of_the_types() {
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Results)).expect("a schema");
    let file = COURSE.root().join("docs/results.schema.json");
    if env::var_os("SNAPSHOTS").is_some_and(|action| action == "overwrite") {
        fs::write(&file, format!("{schema}\n")).expect("it can be written");
    }
    let kept = fs::read_to_string(&file).expect("SNAPSHOTS=overwrite writes it");
    assert_eq!(kept.trim_end(), schema);
}

#[test]
fn a_lone_surrogate_is_refused_when_results_are_read() {
    let student =
        json!({ "name": "?", "score": 0.0, "max_score": 0.0, "submissions": [] }).to_string();
    serde_json::from_str::<Student>(&student).expect("it is a student");
    let surrogate = student.replace('?', r"\ud800");
    serde_json::from_str::<Student>(&surrogate).expect_err("it is no Unicode");
}

#[test]
fn each_student_and_lesson_is_one_row_of_the_table() {
    let rows = consume("csv", &[&WRITTEN]);
    let rows: Vec<Vec<String>> = serde_json::from_value(rows).expect("rows of texts");
    let head = "name,lesson,verdict,points,max,days_late,first_failing_check,cause,sandbox,key";
    assert_eq!(rows[0].join(","), head);
    assert_eq!(rows.len(), 1 + 2 * NAMES.len());
    let key = "ab".repeat(32);
    let base = "a_message_survives_any_segmentation";
    let failing = [
        r"'=1+1",
        "3",
        "fail",
        "0.0",
        "10.0",
        "2",
        base,
        "OneReadIsNotOneMessage",
        "landlock",
        &key,
    ];
    assert_eq!(rows[6], failing);
    assert_eq!(rows[4], ["Ann", "3", "missing", "0.0", "10.0", "0", "", "", "", ""]);
    let verdicts: BTreeSet<&str> = rows[1..].iter().map(|row| &*row[2]).collect();
    assert_eq!(
        verdicts,
        BTreeSet::from(["error", "fail", "incomplete", "machine", "missing", "pass"])
    );
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell:?}");
    }
}

#[test]
fn a_suite_is_green_exactly_if_its_submission_passed_or_is_missing() {
    let files = consume("junit", &[&WRITTEN]);
    let class = hostile::class(COURSE.root());
    for student in &class {
        let suites = of_student(&files, &student.name);
        for submission in &student.submissions {
            let suite = &suites["suites"][folder(submission)];
            let counts: [u64; 4] = serde_json::from_value(suite["counts"].clone()).expect("counts");
            let verdict = submission.grading.as_ref().map(|grading| grading.verdict);
            let is_green = counts[1] + counts[2] == 0;
            assert_eq!(is_green, matches!(verdict, Some(Verdict::Pass) | None), "{student:?}");
            assert!(counts[0] > 0, "a suite without a case is lost");
        }
    }
}

#[test]
fn a_skipped_check_of_junit_names_the_check_it_waits_for() {
    let files = consume("junit", &[&WRITTEN]);
    let suite = &of_student(&files, "=1+1")["suites"]["03_struct_header"];
    assert_eq!(suite["counts"], json!([3, 1, 0, 2]));
    let cases = &suite["cases"];
    let failing = &cases["a_message_survives_any_segmentation"];
    assert_eq!(failing[0], "failure");
    assert!(
        failing[2]
            .as_str()
            .is_some_and(|text| text.contains("␛[31mred") && text.contains("王小明"))
    );
    let dependent = "skipped until these pass: a message survives any segmentation";
    assert_eq!(cases["an_empty_message_is_a_message"], json!(["skipped", dependent, null]));
    assert_eq!(cases["a_negative_length_is_refused"][1], "was not tried");
}

#[test]
fn junit_tells_apart_what_failed_and_what_broke() {
    let files = consume("junit", &[&WRITTEN]);
    let case = |student: &str, name: &str| {
        let suite = &of_student(&files, student)["suites"]["03_struct_header"];
        suite["cases"][name][0].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(case("<script>alert(1)</script>", "compiles"), "error");
    assert_eq!(case("../../王小明", "a_message_survives_any_segmentation"), "error");
    assert_eq!(case("a\0b\x1b[31m\u{202e}", "whole_run"), "error");
    assert_eq!(case("`*_[x](y)|", "whole_run"), "error");
    assert_eq!(case("Ann", "handed_in"), "skipped");
    assert_eq!(case("@left", "a_message_is_compressed"), "skipped");
    assert_eq!(case("ann", "an_empty_message_is_a_message"), "passed");
}

#[test]
fn gradescope_gets_the_words_and_types_of_its_own_library() {
    let files = consume("gradescope", &[&WRITTEN]);
    assert_eq!(files.as_object().map(|files| files.len()), Some(NAMES.len()));
    let failed = of_student(&files, "=1+1");
    assert_eq!(failed["score"], 0.0);
    assert_eq!(failed["execution_time"], 3.0);
    assert_eq!(failed["output"].as_str().map(|text| text.lines().count()), Some(2));
    let tests = failed["tests"].as_array().expect("tests");
    assert_eq!(tests.len(), 6);
    assert_eq!(tests[4]["status"], "failed");
    let output = "skipped until these pass: a message survives any segmentation";
    assert_eq!(tests[4]["output"], output);
    assert_eq!(
        (&tests[4]["number"], &tests[4]["tags"]),
        (&json!("3.2"), &json!(["03_struct_header"]))
    );
    assert_eq!(tests[4]["max_score"], 3.33);
    let passed = of_student(&files, "ann");
    assert_eq!(passed["score"], 20.0);
    assert!(
        passed["tests"].as_array().is_some_and(|all| all.iter().all(|it| it["status"] == "passed"))
    );
}

#[test]
fn classroom_50_gets_whole_points_of_what_was_graded() {
    let schema = COURSE.root().join("tests/class/classroom50.schema.json");
    let files = consume("classroom50", &[WRITTEN.as_path(), &schema]);
    let graded = |it: &&Submission| {
        it.grading.as_ref().is_some_and(|grading| grading.verdict != Verdict::Machine)
    };
    let class = hostile::class(COURSE.root());
    let count = class.iter().flat_map(|student| &student.submissions).filter(graded).count();
    assert_eq!(files.as_object().map(|files| files.len()), Some(count));
    let result = &files["ann/03_struct_header.json"];
    assert_eq!((&result["score"], &result["max-score"]), (&json!(10), &json!(10)));
    assert_eq!(result["datetime"], "2026-11-01T12:00:00Z");
    assert_eq!(result["submission"], "submit/2026-11-01T12-00-00Z-cdcdcdc");
    assert_eq!(result["tests"][0]["score"], 5);
    let failed = of_student(&files, "=1+1/03_struct_header");
    let tests = failed["tests"].as_array().expect("tests");
    let points: Vec<&Value> = tests.iter().map(|test| &test["max-score"]).collect();
    assert_eq!(points, [3, 4, 3]);
    assert!(tests.iter().all(|test| test["passed"] == false && test["score"] == 0));
}

#[test]
fn a_report_in_markdown_shows_the_first_story_and_nothing_as_markup() {
    let files = consume("markdown", &[&WRITTEN]);
    assert_eq!(files.as_object().map(|files| files.len()), Some(1 + NAMES.len()));
    let report = of_student(&files, "=1+1");
    let headings = report["headings"].as_array().expect("headings");
    assert_eq!(headings[0], "=1+1");
    assert_eq!(headings[1], "Lesson 1 · UDP echo");
    let first = json!("First to fix: a message survives any segmentation");
    assert_eq!(headings.iter().filter(|heading| **heading == first).count(), 2);
    assert!(headings.contains(&json!("Lesson 3 · The struct header")), "{headings:?}");
    let story = report["code"][0].as_str().expect("a story");
    assert!(story.contains("the peer sent   ␛[31mred␛[0m␀ 王小明"), "{story}");
    assert!(
        story.contains("expected        \"hello\"\n                   ^ byte 3 differs"),
        "{story}"
    );
    assert!(story.contains("…王") && story.contains("王… ("), "{story}");
    assert!(story.lines().count() < 60, "{story}");
    assert_eq!(report["code"].as_array().map(Vec::len), Some(4), "a text ends its block");
    let items = report["items"].as_array().expect("the checks");
    assert!(items[0].as_str().is_some_and(|item| item.starts_with("✗ a message survives any")));
    assert_eq!(of_student(&files, "a\0b\x1b[31m\u{202e}")["items"], json!([]), "a note is a list");
    assert_eq!(of_student(&files, "`*_[x](y)|")["headings"][0], "`*_[x](y)|");
}

#[test]
fn a_report_in_html_marks_the_character_and_gives_a_hint() {
    let files = consume("html", &[&WRITTEN]);
    assert_eq!(files.as_object().map(|files| files.len()), Some(1 + NAMES.len()));
    let report = of_student(&files, "=1+1");
    assert_eq!(report["title"], "=1+1");
    assert_eq!(report["marked"], json!(["l", "王", "l", "王"]));
    // Lesson 1 has no check of this name.
    assert_eq!(report["hints"], 1);
    let text = report["text"].as_str().expect("text");
    assert!(text.contains("</pre><script>alert(1)</script>"), "{text}");
    let script = of_student(&files, "<script>alert(1)</script>");
    assert_eq!(script["title"], "<script>alert(1)</script>");
    let text = script["text"].as_str().expect("text");
    assert!(text.contains("error: red"), "rustc's colours are left out: {text}");
}

#[test]
fn the_report_on_the_class_counts_failures_and_their_causes() {
    let files = consume("html", &[&WRITTEN]);
    let text = files["class.html"]["text"].as_str().expect("text");
    assert!(text.contains("9 students, graded with version 0.1.0 and rustc 1.95.0."), "{text}");
    assert!(text.contains("What to teach again"), "{text}");
    let worst =
        "lesson 1, a message survives any segmentation: 3 of 6 fail. One read is not one message.";
    assert!(text.contains(worst), "{text}");
    let causes = "3 of 6OneReadIsNotOneMessage 2, the program ended within this check 1";
    assert!(text.contains(causes), "{text}");
    let markdown = consume("markdown", &[&WRITTEN]);
    assert_eq!(markdown["class.md"]["cells"], 2 * 7 + 3 * 3);
}

#[test]
fn the_most_telling_story_is_the_shortest_of_the_most_frequent_cause() {
    let folder = fresh("telling");
    let story = |cause: &str, text: &str| {
        let mut story = hostile::story();
        story.rows.truncate(1);
        (story.rows[0].text, story.cause) = (text.to_owned(), cause.to_owned());
        story
    };
    let told = [
        story("Rare", "short"),
        story("Often", "the longer of the two"),
        story("Often", "the shorter"),
    ];
    let class: Vec<Student> = told
        .into_iter()
        .map(|story| {
            let mut check = hostile::check("an_empty_message_is_a_message", Status::Fail);
            check.story = Some(story);
            student("x", hostile::submission(Verdict::Fail, vec![check]))
        })
        .collect();
    write(&folder, &class, &[Format::Markdown]);
    let text = fs::read_to_string(folder.join("class.md")).expect("a report");
    assert!(text.contains("3 of 3 | Often 2, Rare 1 |"), "{text}");
    let shown = ["short\n", "the longer", "the shorter\n"].map(|it| text.contains(it));
    assert_eq!(shown, [false, false, true], "{text}");
}

#[test]
fn no_file_contains_a_path_of_this_machine() {
    let class = hostile::class(COURSE.root());
    let root = COURSE.root().display().to_string();
    let given = serde_json::to_string(&class).expect("JSON");
    assert!(given.contains(&root), "the messages name the course's folder");
    for file in files_below(&WRITTEN) {
        let text = fs::read_to_string(&file).expect("it is UTF-8");
        assert!(!text.contains(&root), "{}", file.display());
    }
    let message = fs::read_to_string(WRITTEN.join("results.json")).expect("results");
    assert!(message.contains(" --> lessons/03_struct_header/exercise.rs:3"));
    assert!(message.contains("failed to read target/kata/x"));
}

#[test]
fn no_file_contains_a_control_character() {
    let files = files_below(&WRITTEN);
    assert!(files.len() > 5 * NAMES.len(), "{}", files.len());
    for file in files {
        let text = fs::read_to_string(&file).expect("it is UTF-8").replace("\r\n", "\n");
        let found = text.chars().find(|c| *clean(c.encode_utf8(&mut [0; 4])) != c.to_string());
        assert_eq!(found, None, "{}", file.display());
        let name = file.file_name().and_then(|name| name.to_str()).expect("it is Unicode");
        assert!(name.len() <= 255 && clean(name) == name, "{name:?}");
    }
    let stray = WRITTEN.parent().expect("a parent").join("王小明.md");
    assert!(!stray.exists(), "a name leads out of the folder");
}

#[test]
fn a_killed_run_leaves_the_old_files() {
    let folder = fresh("killed");
    let class = hostile::class(COURSE.root());
    write(&folder, &class[..1], &[Format::Csv, Format::Html]);
    fs::write(folder.join("mine.txt"), "mine").expect("a file");
    let before = contents(&folder);
    let mut killed = output(&folder, &[Format::Csv, Format::Html]);
    killed.student(&class[2]).expect("it is written");
    let unfinished: Vec<PathBuf> = files_below(&folder)
        .into_iter()
        .filter(|it| !before.iter().any(|(old, _)| old == it))
        .collect();
    assert!(unfinished.len() >= 3, "{unfinished:?}");
    assert!(before.iter().all(|(file, content)| fs::read(file).is_ok_and(|it| it == *content)));
    // As if it was killed: nothing is tidied up, and the lock is gone.
    let left = folder.join(".unfinished/reports/left.html");
    drop(killed);
    assert_eq!(contents(&folder), before);
    fs::create_dir_all(left.parent().expect("a folder")).expect("a folder");
    fs::write(&left, "left by a killed run").expect("a file");
    write(&folder, &class[2..3], &[Format::Csv, Format::Html]);
    let after: Vec<PathBuf> = files_below(&folder);
    assert_eq!(
        after.len(),
        before.len() + 1,
        "one more report, and nothing that was left: {after:?}"
    );
    assert!(folder.join("mine.txt").exists(), "other files stay");
}

#[test]
fn two_runs_do_not_write_into_one_folder() {
    let folder = fresh("two_runs");
    let first = output(&folder, &[]);
    let Err(failure) = Output::create(&folder, &COURSE, hostile::head(), &[]) else {
        panic!("two runs write");
    };
    assert!(failure.message.starts_with("another run is writing into"), "{failure}");
    first.finish().expect("the first is not disturbed");
    output(&folder, &[]).finish().expect("the next can begin");
}

#[test]
fn a_class_without_a_student_is_written() {
    let folder = fresh("empty");
    write(&folder, &[], Format::value_variants());
    let schema = COURSE.root().join("docs/results.schema.json");
    assert_eq!(consume("results", &[&folder, &schema])["students"], json!([]));
    assert!(folder.join("class.html").exists());
}

/// This program is its own child here, so that the peak of its memory is that of the writing alone.
#[test]
#[cfg(target_os = "linux")]
fn a_class_need_not_fit_into_memory() {
    const STUDENTS: usize = 500;
    /// With a story of 10 KiB for each, all stories are 29 MiB. `just bench class` measures 3,000 students.
    const CHECKS: usize = 6;
    const MOST: u64 = 30 * 1024; // In KiB, with the program itself.
    const IN_THE_CHILD: &str = "CLASS_FORMATS_CHILD";
    if env::var_os(IN_THE_CHILD).is_none() {
        let name = "a_class_need_not_fit_into_memory";
        let mut child = Command::new(env::current_exe().expect("this program"));
        child.args(["--exact", name, "--nocapture"]).env(IN_THE_CHILD, "1");
        let run = child.output().expect("it starts");
        let printed = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success(), "{printed}{}", String::from_utf8_lossy(&run.stderr));
        let peak = printed.split("peak: ").nth(1).and_then(|text| text.split_whitespace().next());
        let peak: u64 = peak.and_then(|text| text.parse().ok()).expect("a number of KiB");
        assert!(peak < MOST, "{peak} KiB");
        return;
    }
    let folder = fresh("many");
    let mut output = output(&folder, Format::value_variants());
    for number in 0..STUDENTS {
        let checks = (0..CHECKS).map(|at| {
            let mut check = hostile::check(&format!("check_{at}"), Status::Fail);
            let story = check.story.as_mut().expect("it failed");
            story.rows.truncate(1);
            story.rows[0].text = format!("{number} {}", "x".repeat(10 * 1024));
            // Each a cause of its own: what the report on the class must hold is at its largest.
            story.cause = format!("Cause{number}");
            check
        });
        let submission = hostile::submission(Verdict::Fail, checks.collect());
        output.student(&student(&format!("student {number}"), submission)).expect("it is written");
    }
    output.finish().expect("all is written");
    assert_eq!(fs::read_dir(folder.join("junit")).expect("a folder").count(), STUDENTS);
    let status = fs::read_to_string("/proc/self/status").expect("a status");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    println!("peak: {}", peak.trim());
    fs::remove_dir_all(folder).expect("it can be removed");
}

fn student(name: &str, third: Submission) -> Student {
    let score = third.score.points;
    Student { name: name.to_owned(), score, max_score: 10.0, submissions: vec![third] }
}

fn output(folder: &Path, formats: &[Format]) -> Output {
    Output::create(folder, &COURSE, hostile::head(), formats).expect("a folder to write into")
}

fn write(folder: &Path, class: &[Student], formats: &[Format]) {
    let mut output = output(folder, formats);
    for student in class {
        output.student(student).expect("it is written");
    }
    output.finish().expect("all is written");
}

/// What a consumer has found for a student: the only file whose name begins like the student's name.
fn of_student<'a>(files: &'a Value, student: &str) -> &'a Value {
    let (name, rest) = student.split_once("/03").map_or((student, ""), |(name, _)| (name, "/03"));
    let position = NAMES.iter().position(|it| *it == name).expect("it is a student");
    let names = names_of_files();
    let file = &names[position];
    let files = files.as_object().expect("an object");
    let is_of = |it: &str| {
        let after = it.strip_prefix(file.as_str());
        after.is_some_and(|after| {
            after.starts_with('.') && rest.is_empty()
                || after.starts_with("/03") && !rest.is_empty()
        })
    };
    files.iter().find(|(name, _)| is_of(name)).map(|(_, value)| value).expect("it has a file")
}

/// The names of the students' files, in the order of the students, as the reports' titles tell.
fn names_of_files() -> Vec<String> {
    let reports = files_below(&WRITTEN.join("reports"));
    let reports: Vec<(String, String)> = reports
        .into_iter()
        .filter(|file| file.extension().is_some_and(|it| it == "html"))
        .map(|file| {
            let text = fs::read_to_string(&file).expect("a report");
            let title = text.split("<title>").nth(1).and_then(|it| it.split("</title>").next());
            let stem = file.file_stem().and_then(|it| it.to_str()).expect("a name");
            (title.expect("a title").to_owned(), stem.to_owned())
        })
        .collect();
    let escaped =
        |name: &str| clean(name).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let of = |name: &str| {
        let title = escaped(name);
        reports.iter().find(|(it, _)| *it == title).map(|(_, stem)| stem.clone())
    };
    NAMES.iter().map(|name| of(name).unwrap_or_else(|| panic!("{name:?} has a report"))).collect()
}

fn first_story(student: &Student) -> Value {
    let value = serde_json::to_value(student).expect("JSON");
    value["submissions"][1]["grading"]["checks"][0]["story"].clone()
}

fn folder(submission: &Submission) -> &'static str {
    if submission.lesson == 1 { "01_udp_echo" } else { "03_struct_header" }
}

/// An empty folder for one test.
fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("class_formats").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => files.extend(files_below(&path)),
            path => files.push(path),
        }
    }
    files.sort();
    files
}

fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let read = |file: PathBuf| (file.clone(), fs::read(&file).expect("it can be read"));
    files_below(folder).into_iter().map(read).collect()
}

/// What a consumer finds in a folder.
fn consume(format: &str, paths: &[&Path]) -> Value {
    let script = COURSE.root().join("tests/class/consumers.py");
    let mut python = Command::new("python3");
    python.arg(script).arg(format).args(paths).env("PYTHONPATH", &*PACKAGES);
    python.env("PYTHONUTF8", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    let run = python.output().expect("python3 is needed");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("it prints JSON")
}

/// The consumers, installed once for these versions.
static PACKAGES: LazyLock<PathBuf> = LazyLock::new(|| {
    let wanted = COURSE.root().join("tests/class/requirements.txt");
    let versions = fs::read_to_string(&wanted).expect("the requirements");
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("class_formats");
    let (place, new) = (base.join("packages"), base.join("packages.new"));
    let list = place.join("requirements.txt");
    if fs::read_to_string(&list).is_ok_and(|it| it == versions) {
        return place;
    }
    let _ = (fs::remove_dir_all(&place), fs::remove_dir_all(&new));
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"]);
    let run = pip.arg(&new).arg("--requirement").arg(&wanted).output().expect("python3 is needed");
    assert!(run.status.success(), "pip: {}", String::from_utf8_lossy(&run.stderr));
    fs::write(new.join("requirements.txt"), versions).expect("a list");
    fs::rename(&new, &place).expect("they can be moved");
    place
});
