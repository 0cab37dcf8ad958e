//! The words of the reports.

netkata::words! {
    /// The verdict on what was handed in for a lesson.
    NOTHING_HANDED_IN = "Nothing was handed in.";
    passes(checks) = "Your answer passes {checks}.";
    passes_some(passed, checks) = "Your answer passes {passed} of {checks}.";
    was_incomplete(passed, checks) =
        "Your program ended before every check had run; it passes {passed} of {checks}.";
    DOES_NOT_COMPILE = "Your answer does not compile.";
    CANNOT_BE_READ = "Your answer could not be graded.";
    NOT_GRADED =
        "The machine that grades lacked something. This is not your fault; it will be graded again.";
    CHECK = "check";

    /// The points, and what changed them.
    of_points(points, max) = "{points} of {max} points.";
    was_late(days, points) = "It is {days} late: minus {points}.";
    DAY = "day";
    ONE_POINT = "1 point";
    several_points(points) = "{points} points";
    lacks(check) = "Without this check there are no points: {check}.";
    went_further(points) = "This includes {points} for going further than the lesson asks.";

    /// Why a check did not pass.
    IT_FAILED = "it failed";
    IT_GOES_FURTHER = "goes further than the lesson asks; it is not needed";
    IT_WAS_NOT_TRIED = "was not tried";
    THE_PROGRAM_ENDED_IN_IT = "the program ended within this check";
    THE_MACHINE_LACKED_SOMETHING = "the machine lacked something";
    builds_on(checks) = "skipped until these pass: {checks}";
    with_reason(check, reason) = "{check}: {reason}";

    /// The headings of a student's report.
    lesson(number, title) = "Lesson {number} · {title}";
    WHAT_RUSTC_SAYS = "What rustc says";
    first_to_fix(check) = "First to fix: {check}";
    A_HINT = "A hint";
    WHAT_YOUR_CODE_PRINTED = "The last lines your code printed";
    ALL_CHECKS = "All checks";

    /// The report on the class.
    THE_CLASS = "The class";
    graded_with(students, version, toolchain) =
        "{students}, graded with version {version} and {toolchain}.";
    STUDENT = "student";
    WHAT_TO_TEACH_AGAIN = "What to teach again";
    check_of(lesson, check) = "lesson {lesson}, {check}";
    teach_again(check, failed, tried, why) = "{check}: {failed} of {tried} fail. {why}";
    NO_CHECK_FAILED = "No check failed.";
    goes_further(check) = "{check} (goes further)";
    this_often(cause, count) = "{cause} {count}";
    of_all(failed, tried) = "{failed} of {tried}";

    /// The heads of its tables.
    LESSON = "lesson";
    PASS = "pass";
    FAIL = "fail";
    INCOMPLETE = "incomplete";
    ERROR = "error";
    MACHINE = "machine";
    MISSING = "missing";
    A_CHECK = "failing check";
    FAILED = "failed";
    CAUSES = "causes";

    /// In place of what is too long to read.
    cut(characters) = "… ({characters} characters in all)";
    more_lines(lines) = "… and {lines} more";
    LINE = "line";
}
