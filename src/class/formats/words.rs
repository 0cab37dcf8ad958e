//! The words of the formats, for people who read them in another program.

netkata::words! {
    /// An operation that the system refused.
    CREATE = "create";
    WRITE = "write";
    another_run_writes(folder) = "another run is writing into {folder}: wait until it has ended";

    /// Why the points of the checks do not add up to those of the lesson.
    of_lesson(lesson, what) = "Lesson {lesson}: {what}";
}
