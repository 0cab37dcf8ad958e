//! `new-lesson`: what it makes compiles, and is red for a reason; the solution in it is green.

use std::fs;

use super::Course;

#[test]
fn a_new_lesson_compiles_and_is_red_and_its_solution_is_green() {
    let course = Course::open();
    let files =
        [course.root.join("lessons/07_heartbeat"), course.root.join("tests/07_heartbeat.rs")];
    let made = course.kata(["new-lesson", "7", "heartbeat"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(made.stdout.contains("just check-lesson 7"), "{made:?}");

    let exercise = course.json(["lesson", "7"]);
    assert_eq!(exercise["verdict"], "fail", "{exercise}");
    assert_eq!(exercise["checks"][0]["cause"], "OneReadIsNotOneMessage", "{exercise}");
    let wrong = course.json(["lesson", "7", "--answer", "wrong/reads_once"]);
    assert_eq!(wrong["checks"][0]["cause"], "OneReadIsNotOneMessage", "{wrong}");
    for answer in ["solution", "right/limited_reader"] {
        let graded = course.json(["lesson", "7", "--answer", answer]);
        assert_eq!(graded["verdict"], "pass", "{graded}");
    }
    let chinese = course.kata(["lesson", "7", "--lang", "zh"]);
    assert!(chinese.stdout.contains("✗ TODO 消息怎么切分都完整"), "{chinese:?}");
    let again = course.kata(["new-lesson", "7", "other"]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.stderr.contains("07_heartbeat exists"), "{again:?}");
    let name = course.kata(["new-lesson", "8", "Not-a-topic"]);
    assert!(name.stderr.contains("cannot name a package"), "{name:?}");

    fs::remove_dir_all(&files[0]).expect("the lesson can be removed");
    fs::remove_file(&files[1]).expect("its checks can be removed");
}
