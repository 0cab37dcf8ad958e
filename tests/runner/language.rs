//! In which language the commands speak: the option, the saved setting, or that of the system.

use super::*;

/// What `list` begins with, under these variables.
fn list<const N: usize>(course: &Course, words: [&str; N], variables: &[(&str, &str)]) -> String {
    let mut command = course.command(words);
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    let run = Run::of(command.arg("list").envs(variables.iter().copied()));
    run.stdout.lines().next().unwrap_or_default().to_owned()
}

const ENGLISH: &str = "0 of 2 green";
const CHINESE: &str = "共 2 课，0 课已变绿";

#[test]
fn the_language_is_that_of_the_systems_messages() {
    let course = Course::open();
    for (variables, expected) in [
        (&[][..], ENGLISH),
        (&[("LANG", "zh_CN.UTF-8")], CHINESE),
        (&[("LANG", "zh_CN.UTF-8"), ("LC_MESSAGES", "en_US.UTF-8")], ENGLISH),
        (&[("LC_MESSAGES", "zh_CN"), ("LANG", "C")], CHINESE),
        (&[("LC_ALL", "C"), ("LC_MESSAGES", "zh_CN")], ENGLISH),
        (&[("LC_ALL", ""), ("LANG", "zh_CN.UTF-8")], CHINESE),
        (&[("LANG", "fr_FR.UTF-8")], ENGLISH),
    ] {
        assert_eq!(list(&course, [], variables), expected, "{variables:?}");
    }
}

#[test]
fn a_saved_language_counts_more_than_the_system_and_an_option_more_than_both() {
    let course = Course::open();
    let saved = course.kata(["language", "zh"]);
    assert!(saved.stdout.starts_with("命令现在说中文"), "{saved:?}");
    let english = [("LC_ALL", "C")];
    assert_eq!(list(&course, [], &english), CHINESE);
    assert_eq!(list(&course, ["--lang", "en"], &english), ENGLISH);
    let now = course.kata(["language"]);
    assert!(now.stdout.starts_with("命令现在说中文"), "{now:?}");

    let saved = course.kata(["language", "en"]);
    assert!(saved.stdout.starts_with("the commands speak English"), "{saved:?}");
    let chinese = [("LC_ALL", "zh_CN.UTF-8")];
    assert_eq!(list(&course, [], &chinese), ENGLISH);
    assert_eq!(list(&course, ["--lang=zh"], &chinese), CHINESE);
}

#[test]
fn a_command_line_that_makes_no_sense_is_answered_in_its_language() {
    let course = Course::open();
    let run = course.kata(["lesson", "9", "--lang", "zh"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.starts_with("错误：没有 `9` 这一课\n"), "{run:?}");
    let run = course.kata(["--lang", "fr", "list"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("'fr'") && run.stderr.contains("zh"), "{run:?}");
}

#[test]
fn the_help_is_in_chinese() {
    let course = Course::open();
    let help = course.kata(["lesson", "--help", "--lang", "zh"]).stdout;
    assert!(help.starts_with("给你的练习评分"), "{help}");
    assert!(help.contains("只运行这个检查项"), "{help}");
}

#[test]
fn a_story_is_in_chinese_and_its_cause_keeps_its_name() {
    let course = Course::open();
    let graded = course.json(["lesson", "1", "--lang", "zh"]);
    let [first, _] = checks(&graded);
    assert_eq!(first["cause"], "OneReadIsNotOneMessage", "{graded}");
    let story = first["story"].as_str().expect("it fails");
    assert!(story.contains("TCP 只保证字节的顺序"), "{story}");
    assert!(story.contains("对端发来"), "{story}");
    let page = course.kata(["lesson", "1", "--lang", "zh"]).stdout;
    assert!(page.starts_with("第 1 课 greeting："), "{page}");
    assert!(page.contains("下一步：cargo kata hint 1"), "{page}");
}
