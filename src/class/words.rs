//! The words of `kata class`.

netkata::words! {
    /// What is wrong with a pattern for the paths of submissions, or with what was found.
    pattern_names_too_little(pattern) = "the pattern `{pattern}` must contain {{student}}, \
        and {{lesson}} if several lessons are graded";
    pattern_is_wrong(pattern, why) = "the pattern `{pattern}` cannot be read: {why}";
    no_pattern_fits(source) = "found no submissions in {source}: name them with --pattern, \
        for example --pattern '{{student}}/lesson{{lesson}}.rs'";
    is_no_source(file) = "{file} is no submission: name a folder, a .zip archive or a program, such as a .rs file";
    only_in_rust(lesson) = "lesson {lesson} is graded in Rust only: no program of it speaks on a wire";
    cannot_build(ending, error) = "failed to start the compiler for .{ending} files: {error}; install it on this machine";
    failed_to_read(file, why) = "failed to read {file}: {why}";
    handed_in_twice(student, lesson, one, two) =
        "{student} has two submissions for lesson {lesson}: {one} and {two}; remove one of them";

    /// A file with points that cannot be used: why.
    score_is_wrong(file, why) = "failed to read the points in {file}: {why}";
    NEGATIVE_POINTS = "points, weights and parts are numbers from 0";
    no_such_check(lesson, name) = "the points name a check of lesson {lesson} that it has not: `{name}`";
    no_such_time(lesson) = "`due` of lesson {lesson} is not a date and time, as in 2026-12-01T23:59:59+08:00";

    /// What stands between a submission and the machine.
    NO_SANDBOX = "no sandbox works here: install bubblewrap, or grade in a container with --unsandboxed, \
        which runs what the students wrote with your rights";

    /// Workers, and what an instructor reads when one has no verdict.
    failed_to_take_an_order(why) = "failed to read what to grade: {why}";
    failed_to_start_a_worker(why) = "failed to start a worker: {why}";
    failed_to_write(file, why) = "failed to write {file}: {why}";
    is_too_large(most) = "the file is larger than {most} bytes";
    no_verdict(complaint) = "the submission ended or stopped the process that graded it: {complaint}";

    /// The command line.
    error(message) = "error: {message}";
    failed_to_find_this_folder(why) = "failed to find the folder of this command: {why}";

    /// What the system refused to do with a folder: a verb in the infinitive.
    REMOVE = "remove";

    /// Parts of a class.
    NO_SHARD = "a part is the first of four, 1/4, up to the last, 4/4";
    different_parts(one, two) = "{one} and {two} are not parts of one class: \
        another course has graded them, or other lessons were graded; grade them again";
    in_two_parts(student, one, two) = "{student} is in two parts, {one} and {two}: merge each part once";
    CUT_SHORT = "it ends too early; grade this part again";
    merged(students) = "the results of {students} are merged";

    /// What is shown before and after the grading. Things are counted.
    SUBMISSION = "submission";
    STUDENT = "student";
    FILE = "file";
    OTHER_FILE = "other .rs file";
    found(source, files, pattern) = "{source}: {files} named {pattern}";
    others(files) = "  {files} there named otherwise: --pattern names others";
    found_in_all(submissions, students, lessons) = "{submissions} of {students}, lessons {lessons}";
    known_already(submissions) = "{submissions} graded before";
    graded(submissions, seconds) = "{submissions} graded in {seconds} s";
    interrupted(done, all) = "{done} of {all} graded: the same command goes on";
    some_are_alike(file) = "some submissions are alike: {file} lists them, to look at";
    results_are_in(folder) = "the results are in {folder}: begin with class.html";
    BAR = "{bar:30} {pos} of {len}, {eta} left";
}
