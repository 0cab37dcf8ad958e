//! The words of the commands.

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// The command line of `lesson`, for a program in any language.
    NAME_THE_FOLDER =
        "this program keeps files: say in its command where, with {dir}, an empty folder for each check";
    no_wire(lesson, role) = "no {role} of lesson {lesson} can be graded from outside; the end of its page says why";
    no_such_wire(lesson, role, wire) = "lesson {lesson} has no {role} on a wire called `{wire}`";
    several_wires(lesson, role) = "lesson {lesson} has several kinds of {role}: choose one with --wire";
    NAME_A_PROGRAM = "--as and --wire are about a program: name it with --program or --connect";
    NAME_THE_FILES = "the command names no file; say with --watch which files make the program";
    CLIENTS_ARE_STARTED = "a client is started by the course: use --program, not --connect";
    SERVER = "server";
    CLIENT = "client";

    /// An operation that the system refused; the verb, in the infinitive, is one of the next.
    failed(to, file, error) = "failed to {to} {file}: {error}";
    CREATE = "create";
    FIND = "find";
    LOCK = "lock";
    MOVE = "move";
    READ = "read";
    START = "start";
    START_THE_TESTS = "start the tests";
    WAIT_FOR = "wait for";
    WRITE = "write";

    /// Why a command stopped, in one line; `error:` may stand before it.
    INTERRUPTED = "interrupted";
    failed_to_create_a_temporary_folder(error) = "failed to create a temporary folder: {error}";
    failed_to_find_the_current_folder(error) = "failed to find the current folder: {error}";
    failed_to_listen_for_the_record(error) = "failed to listen for the record: {error}";
    failed_to_print(error) = "failed to print: {error}";
    failed_to_wait_for_the_tests(error) = "failed to wait for the tests: {error}";
    the_demonstration_failed(error) = "the demonstration failed: {error}";
    /// Where a demonstration is shown live.
    open_the_page(url) = "Open {url} in a browser on this machine. Ctrl-C ends it.";
    path_is_no_unicode(file) =
        "failed to name {file} in a manifest: its path is not Unicode; rename it";
    no_course(folder) =
        "found no course in {folder} or above it: change to the course's folder first";
    /// Something unknown; the name of something like it, if there is any; and all names.
    no_command(name) = "there is no command `{name}`";
    no_demonstration(name) = "there is no demonstration `{name}`";
    no_lesson(name) = "there is no lesson `{name}`";
    no_check(lesson, name) = "lesson {lesson} has no check `{name}`";
    no_answer(lesson, name) = "lesson {lesson} has no answer `{name}`";
    no_program(lesson, role, name) = "lesson {lesson} has no `{role}` program `{name}`";
    no_backup_named(lesson, name) = "lesson {lesson} has no backup `{name}`";
    did_you_mean(what, name) = "{what}: did you mean `{name}`?";
    choose_one_of(names) = "choose one of {names}";
    /// The error of the command line, as the library that parses it reports it, stands before.
    makes_no_sense(what) = "{what}; `cargo kata help` lists the commands";

    /// What the machine lacks, and the command that helps.
    helped_by(what, command) = "{what}: see `{command}`";
    temporary_files_are_refused(folder, error) =
        "temporary files in {folder} (TMPDIR): failed to write one: {error}";
    temporary_files_are_written(folder) = "temporary files: {folder} has room for them";
    NO_FREE_PORT = "loopback, IPv4: no port is free for a new connection; \
        those of closed connections are free again in a minute";

    /// What a verdict, a hint or a reset was not written to.
    not_remembered(failure) = "{failure}: this is not remembered, so `list` and the next hint do not know of it";

    /// Labels of a line on standard error, and such a line. What is counted has a word of its own: a noun.
    ERROR = "error";
    WARNING = "warning";
    said(label, text) = "{label}: {text}";
    NOUN_WARNING = "warning";

    /// An answer that cannot be read: why, and what to do, which is one of the next.
    failed_to_read_the_answer(file, why, advice) =
        "failed to read the answer {file}: {why}; {advice}";
    IT_IS_NO_FILE = "it is not a file";
    NAME_THE_FILE = "name the one .rs file to grade";
    reset_brings_it_back(lesson) = "`cargo kata reset {lesson}` restores the exercise";
    GIT_BRINGS_IT_BACK = "`git checkout` restores it";
    NAMES_OF_ANSWERS =
        "an answer is `naive`, `solution`, `wrong/NAME`, `right/NAME` or the path of a file";
    answer_is_not_here(lesson, answer) = "this course for students has no `{answer}` for lesson {lesson}: \
        solutions come from your instructor";
    /// A wrong answer that is kept as a diff, and `wrong`, which edits it.
    diff_does_not_apply(file, lesson) = "{file} does not apply exactly to solution.rs: \
        `cargo kata wrong {lesson} --rebase` adapts it to the current solution";
    applies_to_no_solution(file) = "{file} does not apply to any solution in git's history: fix it by hand";
    mistake_conflicts(lesson, name) = "conflict: {name}: the solution has changed on the same lines; \
        resolve it with `cargo kata wrong {lesson} {name}`";
    not_a_mistake_yet(name) = "{name} is not saved: it equals the solution, or contains conflict markers";
    mistake_kept(file) = "saved in {file}; its first line names the check that catches it, and the cause";
    all_mistakes_apply(lesson) = "every mistake of lesson {lesson} applies to its solution";
    caught_by(mistake, check) = "{mistake}: caught by {check}";
    /// The head of a new diff, for the author to fill in.
    HEAD_OF_A_MISTAKE = "Caught by CHECK: CAUSE.\nWhat the answer does wrong.\n";
    NO_EDITOR = "found no editor: set EDITOR to a command that opens one and waits until it is closed";
    editor_failed(editor, why) = "the editor `{editor}` failed{why}";
    ONLY_MISTAKES_HAVE_A_DIFF = "--diff prints a mistake: name it with --answer wrong/NAME";
    /// `new-lesson`.
    not_a_topic(topic) =
        "`{topic}` cannot name a package: use lower-case letters, digits and _, a letter first";
    lesson_exists(folder) = "{folder} exists: choose another number and topic";
    lesson_begun(folder) = "lessons/{folder} and tests/{folder}.rs compile, and are red";
    fill_in_a_lesson(lesson) = "replace every TODO; `just check-lesson {lesson}` says what is missing";

    /// `starter`, and commands that do not work in the course that it writes.
    folder_is_not_empty(folder) = "{folder} is not empty: name a new folder";
    is_not_a_folder(file) = "{file} is a file: name a new folder";
    starter_is_in(folder) = "the course for students is in {folder}";
    STARTER_HAS_NO_SOLUTION = "it has no solution";
    starter_has_solutions(lessons) = "it has the solutions of these lessons: {lessons}";
    INIT_A_REPOSITORY = "it has no history: `git init` there begins one";
    needs_the_whole_course(command) = "`{command}` needs the whole course, and this is the course for students";

    /// The kind is the name of a folder, `wrong` or `right`.
    no_answers(kind) = "this lesson has no {kind} answers";

    /// The failures of cargo, and the message while another cargo builds.
    failed_to_start_cargo(error) =
        "failed to start cargo: {error}; is a Rust toolchain installed?";
    failed_to_wait_for_cargo(error) = "failed to wait for cargo: {error}";
    failed_to_read_from_cargo(error) = "failed to read from cargo: {error}";
    /// The progress of a first build; the crates are counted.
    compiling(crates, name) = "compiling what the checks need, once: {crates}, now {name}";
    CRATE = "crate";
    THE_LESSON_ITSELF = "the lesson itself";
    DOWNLOADING = "downloading what the checks need, once";
    cargo_failed(said) = "cargo failed to build: {said}";
    pattern_does_not_compile(file) =
        "{file} does not compile with the lesson's tests: `git checkout` restores both";
    no_program_file(why) = "failed to find the file of this program ({why}): \
        `cargo build --package netkata-runner` builds it";
    /// How rustc ended, or what is wrong with the call.
    rustc_was_refused(what) = "this machine refused something to rustc: {what}";
    rustc_failed(status, said) = "rustc failed ({status}): {said}";
    no_call(program) = "the call of {program} is incomplete: `cargo clean` lets it be made again";
    WAITING_FOR_ANOTHER_BUILD = "Waiting for another `cargo kata` to finish its build";

    /// The parts of the course.
    CORE = "core";
    PROGRAMS = "programs";
    UNDER_THE_HOOD = "under the hood";

    /// The head of a page; the result of the lesson follows after a colon.
    lesson(number, topic) = "lesson {number} {topic}";
    of_answer(lesson, answer) = "{lesson}, {answer}";
    result_of(answer) = "{answer}: ";
    DOES_NOT_COMPILE = "does not compile";
    CANNOT_BE_GRADED = "cannot be graded";
    ONE_CHECK_PASSES = "1 check passes";
    all_pass(checks) = "all {checks} pass";
    some_pass(passed, checks) = "{passed} of {checks} pass";
    some_pass_here(passed, checks) = "{passed} of {checks} pass, the others are not tried";
    /// A noun that is counted.
    CHECK = "check";

    /// The same for the checks that go further than the lesson asks; it follows after that.
    and_further(passed, checks) = ", and {passed} of {checks} that go further";

    /// A check that fails beside the one whose story is shown.
    for_the_same_reason(check) = "{check} (for the same reason)";
    for_another_reason(check) = "{check} (for another reason)";

    /// A check that neither passed nor failed, and one that took long.
    not_tried(check) = "{check} (not tried)";
    set_aside(check) = "{check} (skipped: builds on a failure)";
    further(check) = "{check} (goes further: not needed for green)";
    never_ended(check) = "{check} (never ended)";
    took_long(check, seconds) = "{check} ({seconds} s)";

    /// Several checks in one line, where there is no room for a line each.
    they_pass(checks) = "{checks} pass";
    they_are_skipped(checks) = "{checks} are skipped: they build on a failure";
    they_are_not_tried(checks) = "{checks} are not tried";
    they_go_further(checks) = "{checks} go further: not needed for green";

    /// The lines below the checks.
    and_more_failing(number, command) =
        "and {number} more failing: {command} shows every story";
    YOUR_CODE_PRINTED = "your code printed";
    YOUR_PROGRAM_PRINTED = "your program printed, in the first check that failed";
    YOUR_PROGRAM_PRINTED_AT_THE_END = "your program printed at the end of the first check that failed";
    YOUR_CODE_PRINTED_AT_THE_END = "your code printed, at the end";
    /// A line that the answer printed, and that is cut: the last one shown.
    and_on(line) = "{line} … and more";
    rustc_warns(warnings, file, package) =
        "rustc has {warnings} about {file}: see cargo check --package {package}";

    /// Headings over the end of a green lesson.
    WHAT_YOU_HAVE_LEARNED = "what you have learned";
    A_QUESTION_TO_THINK_ON = "a question to think on";

    /// What to do next: the label, then a command or a file and its purpose.
    NEXT = "next: ";
    compare_with_the_solution(lesson) =
        "cargo kata diff {lesson}   compare yours with the reference";
    questions_at_the_end(page) = "{page}   the questions at its end";
    SEE_WHAT_IS_MISSING = "cargo kata doctor   what this machine lacks, and how to get it";
    mend_that(lesson) = "fix that, then cargo kata lesson {lesson}";
    mend_what_rustc_says(lesson) = "fix what rustc reports, then cargo kata lesson {lesson}";

    /// Why an answer is not right, although no check fails.
    not_one_file(other) = "Your code includes another file, {other}. An answer is one file: put \
        everything into it, without include!, include_str! or a module in another file.";
    /// What is wrong with its file.
    is_utf_16(file) = "{file} is UTF-16 text, and Rust is written in UTF-8: save the file as UTF-8.";
    is_not_utf_8(file, line) = "{file} is not UTF-8 text, which Rust needs (line {line} has other \
        bytes, perhaps GBK or Latin-1): save the file as UTF-8.";
    is_empty(file) = "{file} is empty.";
    exercise_is_empty(file, lesson) = "{file} is empty: save your program there, or \
        `cargo kata reset {lesson}` restores the exercise.";
    lacks_what_the_checks_use(file, declarations) = "{file} lacks what the checks use, or it is not \
        public (pub): {declarations}.";
    still_running(programs) = "Every check ended, but programs that your code had started were \
        still running, and were stopped: {programs}. If you start a program, wait until it has \
        ended (std::process::Child::wait).";

    /// How a run ended too early; the time is one of the next two.
    ended_well(before) = "The test program ended with status 0 {before}: something called \
        std::process::exit. A function must return, not end the program.";
    ended(how, before) = "The test program {how} {before}.";
    before_the_check_ended(check) = "before the check `{check}` ended";
    BEFORE_EVERY_CHECK = "before every check had run";
    /// How a run was stopped; the place is one of the next two.
    printed_without_end(within) =
        "The test program printed without end, {within}, and was stopped.";
    held_too_much(within) =
        "The test program held more than 1 GiB of memory, {within}, and was stopped.";
    made_no_progress(within) =
        "The test program made no more progress, {within}, and was stopped.";
    in_the_check(check) = "in `{check}`";
    OUTSIDE_OF_EVERY_CHECK = "outside every check";
    /// How a process ended.
    ENDED = "ended";
    ended_with(status) = "ended with status {status}";
    #[cfg(unix)]
    was_killed(signal) = "was killed by signal {signal}";
    #[cfg(unix)]
    was_killed_by(signal, meaning) = "was killed by signal {signal} ({meaning})";
    #[cfg(unix)]
    SIGILL = "SIGILL, an illegal instruction";
    #[cfg(unix)]
    SIGABRT =
        "SIGABRT, it aborted: out of memory, a stack overflow, or a panic in a panic";
    #[cfg(unix)]
    SIGFPE = "SIGFPE, an arithmetic error";
    #[cfg(unix)]
    SIGSEGV = "SIGSEGV, a bad memory access";

    /// `language`: what it says, in the language that it has saved.
    SPEAKS_THIS_LANGUAGE = "the commands speak English; `cargo kata language zh` makes them speak Chinese (中文)";

    /// `list`: its heading, the column of minutes, the state of a lesson.
    green_of(green, lessons) = "{green} of {lessons} green";
    minutes(number) = "{number} min";
    GREEN = "green";
    NOT_TRIED_YET = "not tried yet";
    /// These two follow after the state.
    WAS_GREEN_BEFORE = ", was green before";
    EDITED_SINCE = ", edited since";
    ALL_GREEN = "all green: every lesson is fixed";

    /// `hint`: the title, and how to get the next one: a command or [`H_ONCE_MORE`].
    hint(level, most, check) = "hint {level} of {most}: {check}";
    more(how) = "more: {how}";
    last_hint(lesson) = "this is the last hint about this check; \
        `cargo kata solution {lesson} --spoil` shows the solution";
    last_hint_again(lesson) = "this is the last hint about this check, again; \
        `cargo kata solution {lesson} --spoil` shows the solution";
    LAST_HINT_WITHOUT_SOLUTION = "this is the last hint about this check; next, ask your instructor";
    needs_no_hint(lesson) = "lesson {lesson} is green: it needs no hint";
    no_hint_about_rustc(lesson) = "lesson {lesson} does not compile, and hints are about checks: \
        first fix what `cargo kata lesson {lesson}` shows";
    no_hint_about_the_machine(lesson, why) = "lesson {lesson} waits for this machine, not for your code: {why}";
    DOCTOR_SHOWS_IT = "`cargo kata doctor` shows what is missing";
    no_hint_about(check, file) =
        "found no hint about `{check}` in {file}: the lesson's README.md may help";

    /// `solution` and `diff`; the command is one of these names.
    was_not_green_yet(lesson, command) = "lesson {lesson} was not green yet: `cargo kata hint {lesson}` \
        helps you on, `cargo kata {command} {lesson} --spoil` shows the solution anyway";
    equals_the_solution(file) = "{file} is the reference, to the letter";

    /// `reset`; `restore` saves in the same way.
    as_at_the_start(file) = "{file} is already in its original state";
    as_at_the_start_again(file) = "{file} is in its original state again";
    what_was_in_it(file) = "your version is saved in {file}";
    was_moved(file) = "what was there instead of a file is now {file}";
    /// `restore`; the backups are named by their numbers.
    no_backup(lesson) = "lesson {lesson} has no backup: `cargo kata reset {lesson}` saves one";
    restored(exercise, backup) = "{exercise} is as it was in {backup}";
    restores_another(numbers, lesson) = "older backups: {numbers}; `cargo kata restore {lesson} NUMBER` restores one";

    /// `watch`: what it prints, and why it refuses.
    grading(lesson) = "{lesson}: grading …";
    ALL_GREEN_NAME_ONE = "all lessons are green: name the one to watch";
    THE_LAST_LESSON = "this is the last lesson";
    NO_VERDICT_YET = "there is no verdict yet: a hint is about the first check that fails";
    HINT_COMES_LATER = "still grading: the hint comes after the verdict";
    /// Its last line: the keys, each with its action; the keys themselves are fixed.
    H_HINT = "h hint";
    S_SOLUTION = "s solution";
    N_NEXT_LESSON = "n next lesson";
    L_LIST = "l list";
    R_RUN_AGAIN = "r run again";
    Q_QUIT = "q quit";
    /// The same line where there are no keys.
    SAVE_TO_GRADE_AGAIN = "save the exercise to grade it again";
    CTRL_C_ENDS_THIS = "Ctrl-C ends this";
    /// How to get one more hint.
    H_ONCE_MORE = "h once more";

    /// `serve` and `client`. The role is the name of that command.
    no_programs(lesson) = "lesson {lesson} has no programs to run";
    several_programs(lesson, role) = "lesson {lesson} has several `{role}` programs: name one, as in \
        `cargo kata {role} {lesson} NAME`";
    no_program_of(lesson, role) = "lesson {lesson} has no `{role}` program";
    program_does_not_compile(file) = "{file} does not compile: fix what rustc reports";
    everyone_can_connect(address) = "{address} is not a loopback address: \
        every computer that can reach this machine can connect";
    leaves_this_machine(address) = "{address} is not a loopback address: \
        what you send leaves this machine, unencrypted";
    PORT_0 = "failed to connect to port 0: name the server's port with --port";
    /// `relay`.
    not_an_address(text) = "`{text}` is not an address: name a port, or HOST:PORT";
    failed_to_listen(address, error) = "failed to listen on {address}: {error}";
    failed_to_accept(error) = "failed to accept a connection: {error}";
    failed_to_find_the_host(host, why) = "failed to find the host `{host}`: {why}";
    NO_ADDRESS = "no address";

    /// `doctor`: what is there, or missing; the command that fixes it stands below.
    too_old(rustc, oldest) = "{rustc} is too old: the course is written for {oldest}";
    RUSTC_IS_MISSING = "rustc is missing: nothing can be compiled";
    CARGO_IS_MISSING = "cargo is missing: nothing can be built";
    GIT_IS_MISSING =
        "git is missing; you may want it to fetch new lessons and to see your changes";
    JUST_IS_MISSING = "just is missing; you may want it for short commands such as `just lesson 3`";
    PYTHON_IS_MISSING =
        "python3 is missing; you may want it to run programs from the notes";
    /// In place of a command that is not known.
    install_somehow(program) = "install {program} with this system's package manager";
    CRATES_ARE_HERE = "every crate is on this machine: no command needs the network";
    SOME_CRATES_ARE_NOT_HERE = "some crates are not on this machine yet";
    IPV4_ANSWERS = "loopback, IPv4: 127.0.0.1 answers";
    ipv4_does_not_answer(error) =
        "loopback, IPv4: 127.0.0.1 does not answer ({error}); every lesson uses it";
    IPV6_ANSWERS = "loopback, IPv6: ::1 answers";
    ipv6_does_not_answer(error) =
        "loopback, IPv6: ::1 does not answer ({error}); IPv4 will do";
    may_open(most) = "a process may open {most} files and sockets";
    may_open_too_few(most) =
        "a process may open {most} files and sockets: lesson 4 has 500 clients";
    MAY_OPEN_ANY_NUMBER = "a process may open any number of files and sockets";
    FENCE_AND_FILTER_STAND =
        "sandbox: a fence (landlock) and a filter (seccomp) surround the tests";
    NO_FENCE = "sandbox: no fence (landlock); an answer could change files and its own verdict";
    A_FENCE_NEEDS = "use Linux 6.12 or newer, with landlock";
    NO_FILTER = "sandbox: no filter (seccomp); an answer could forge its own verdict";
    A_FILTER_NEEDS = "use Linux with seccomp, on x86_64, aarch64 or riscv64";
    /// The summary; the marks are those that stand before each finding.
    NOTHING_IS_MISSING = "nothing is missing";
    THE_LESSONS_WORK = "the lessons work; what is marked with – is optional";
    THE_LESSONS_NEED = "the lessons need what is marked with ✗";
}
