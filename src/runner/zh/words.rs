//! The Chinese words of the commands.

netkata::words! {
    /// The command line of `lesson`, for a program in any language.
    NAME_THE_FOLDER = "这个程序要存取文件：请在它的命令里用 {dir} 指明文件夹，每个检查项都会得到一个空的文件夹";
    no_wire(lesson, role) = "第 {lesson} 课没有可以从外部评分的{role}；原因见该课页面末尾";
    no_such_wire(lesson, role, wire) = "第 {lesson} 课没有使用 `{wire}` 协议的{role}";
    several_wires(lesson, role) = "第 {lesson} 课有好几种{role}：请用 --wire 选一种";
    NAME_A_PROGRAM = "--as 和 --wire 说的是一个程序：请用 --program 或 --connect 指明它";
    NAME_THE_FILES = "命令里没有文件名；请用 --watch 指明程序由哪些文件组成";
    CLIENTS_ARE_STARTED = "客户端由课程启动：请用 --program，不要用 --connect";
    SERVER = "服务器";
    CLIENT = "客户端";

    /// The page for the projector.
    open_the_page(url) = "请在这台机器的浏览器里打开 {url}。按 Ctrl-C 结束。";

    /// An operation that the system refused; the verb, in the infinitive, is one of the next.
    failed(to, file, error) = "无法{to} {file}：{error}";
    CREATE = "创建";
    FIND = "找到";
    LOCK = "锁定";
    MOVE = "移动";
    READ = "读取";
    START = "启动";
    START_THE_TESTS = "启动测试";
    WAIT_FOR = "等待";
    WRITE = "写入";

    /// Why a command stopped, in one line; `error:` may stand before it.
    INTERRUPTED = "已中断";
    failed_to_create_a_temporary_folder(error) = "无法创建临时文件夹：{error}";
    failed_to_find_the_current_folder(error) = "无法找到当前文件夹：{error}";
    failed_to_listen_for_the_record(error) = "无法监听测试的记录：{error}";
    failed_to_print(error) = "无法输出：{error}";
    failed_to_wait_for_the_tests(error) = "无法等待测试结束：{error}";
    the_demonstration_failed(error) = "演示失败：{error}";
    path_is_no_unicode(file) = "无法在清单里写下 {file}：路径不是 Unicode；请改名";
    no_course(folder) = "{folder} 及其上级文件夹里都没有课程：先进入课程的文件夹";
    /// Something unknown; the name of something like it, if there is any; and all names.
    no_command(name) = "没有命令 `{name}`";
    no_demonstration(name) = "没有演示 `{name}`";
    no_lesson(name) = "没有 `{name}` 这一课";
    no_check(lesson, name) = "第 {lesson} 课没有检查项 `{name}`";
    no_answer(lesson, name) = "第 {lesson} 课没有答案 `{name}`";
    no_program(lesson, role, name) = "第 {lesson} 课没有名为 `{name}` 的 `{role}` 程序";
    no_backup_named(lesson, name) = "第 {lesson} 课没有备份 `{name}`";
    did_you_mean(what, name) = "{what}：你是不是想输入 `{name}`？";
    choose_one_of(names) = "可选：{names}";
    /// The error of the command line, as the library that parses it reports it, stands before.
    makes_no_sense(what) = "{what}；`cargo kata help` 列出所有命令";

    /// What the machine lacks, and the command that helps.
    helped_by(what, command) = "{what}：见 `{command}`";
    temporary_files_are_refused(folder, error) =
        "{folder}（TMPDIR）里的临时文件：无法写入：{error}";
    temporary_files_are_written(folder) = "临时文件：{folder} 有空间";
    NO_FREE_PORT = "回环地址，IPv4：没有空闲端口可用来新建连接；\
        已关闭的连接占用的端口，一分钟后会重新空闲";

    /// What a verdict, a hint or a reset was not written to.
    not_remembered(failure) = "{failure}：这次没有记下来，`list` 和下一个提示都不会知道";

    /// Labels of a line on standard error, and such a line. What is counted has a word of its own: a noun.
    ERROR = "错误";
    WARNING = "警告";
    said(label, text) = "{label}：{text}";
    NOUN_WARNING = "个警告";

    /// An answer that cannot be read: why, and what to do, which is one of the next.
    failed_to_read_the_answer(file, why, advice) = "无法读取答案 {file}：{why}；{advice}";
    IT_IS_NO_FILE = "这不是文件";
    NAME_THE_FILE = "请给出要评分的那个 .rs 文件";
    reset_brings_it_back(lesson) = "`cargo kata reset {lesson}` 可以恢复练习";
    GIT_BRINGS_IT_BACK = "`git checkout` 可以恢复";
    NAMES_OF_ANSWERS = "答案是 `naive`、`solution`、`wrong/NAME`、`right/NAME`，或者文件路径";
    answer_is_not_here(lesson, answer) = "这份给学生的课程里，第 {lesson} 课没有 `{answer}`：\
        参考答案由老师提供";
    /// A wrong answer that is kept as a diff, and `wrong`, which edits it.
    diff_does_not_apply(file, lesson) = "{file} 不能原样应用到 solution.rs：\
        `cargo kata wrong {lesson} --rebase` 可以让它适应现在的参考答案";
    applies_to_no_solution(file) = "{file} 不能应用到 git 历史里的任何一个参考答案：请手工修改";
    mistake_conflicts(lesson, name) = "冲突：{name}：参考答案的同一些行也改动过；\
        用 `cargo kata wrong {lesson} {name}` 解决";
    not_a_mistake_yet(name) = "{name} 没有保存：它和参考答案一样，或者含有冲突标记";
    mistake_kept(file) = "已保存到 {file}；第一行写明由哪个检查项发现，以及原因";
    all_mistakes_apply(lesson) = "第 {lesson} 课的所有错误答案都能应用到参考答案";
    caught_by(mistake, check) = "{mistake}：由 {check} 发现";
    /// The head of a new diff, for the author to fill in. Diffs are English.
    HEAD_OF_A_MISTAKE = "Caught by CHECK: CAUSE.\nWhat the answer does wrong.\n";
    NO_EDITOR = "没有找到编辑器：请把 EDITOR 设为一个命令，它打开编辑器并等到关闭";
    editor_failed(editor, why) = "编辑器 `{editor}` 失败{why}";
    ONLY_MISTAKES_HAVE_A_DIFF = "--diff 用来打印错误答案：请用 --answer wrong/NAME 指明";
    /// `new-lesson`.
    not_a_topic(topic) = "`{topic}` 不能用作包名：请用小写字母、数字和 _，以字母开头";
    lesson_exists(folder) = "{folder} 已经存在：请换一个编号和主题";
    lesson_begun(folder) = "lessons/{folder} 和 tests/{folder}.rs 可以编译，目前是红的";
    fill_in_a_lesson(lesson) = "把每个 TODO 填好；`just check-lesson {lesson}` 会说明还缺什么";

    /// `starter`, and commands that do not work in the course that it writes.
    folder_is_not_empty(folder) = "{folder} 不是空的：请给出一个新文件夹";
    is_not_a_folder(file) = "{file} 是文件：请给出一个新文件夹";
    starter_is_in(folder) = "给学生的课程在 {folder}";
    STARTER_HAS_NO_SOLUTION = "里面没有参考答案";
    starter_has_solutions(lessons) = "里面有这些课的参考答案：{lessons}";
    INIT_A_REPOSITORY = "里面没有版本历史：在那里运行 `git init` 即可开始";
    needs_the_whole_course(command) = "`{command}` 需要完整的课程，而这是给学生的课程";

    /// The kind is the name of a folder, `wrong` or `right`.
    no_answers(kind) = "这一课没有 {kind} 答案";

    /// The failures of cargo, and the message while another cargo builds.
    failed_to_start_cargo(error) = "无法启动 cargo：{error}；装好 Rust 工具链了吗？";
    failed_to_wait_for_cargo(error) = "无法等待 cargo 结束：{error}";
    failed_to_read_from_cargo(error) = "无法读取 cargo 的输出：{error}";
    /// The progress of a first build; the crates are counted.
    compiling(crates, name) = "正在编译检查项需要的东西，只需一次：{crates}，现在是 {name}";
    CRATE = "个 crate";
    THE_LESSON_ITSELF = "这一课本身";
    DOWNLOADING = "正在下载检查项需要的东西，只需一次";
    cargo_failed(said) = "cargo 构建失败：{said}";
    pattern_does_not_compile(file) =
        "{file} 不能和这一课的测试一起编译：`git checkout` 可以恢复两者";
    no_program_file(why) = "找不到本程序的文件（{why}）：\
        `cargo build --package netkata-runner` 可以重新构建";
    /// How rustc ended, or what is wrong with the call.
    rustc_was_refused(what) = "这台机器拒绝了 rustc 的请求：{what}";
    rustc_failed(status, said) = "rustc 失败（{status}）：{said}";
    no_call(program) = "{program} 的调用不完整：`cargo clean` 之后会重新记录";
    WAITING_FOR_ANOTHER_BUILD = "正在等待另一个 `cargo kata` 完成构建";

    /// The parts of the course.
    CORE = "核心";
    PROGRAMS = "综合程序";
    UNDER_THE_HOOD = "底层原理";

    /// The head of a page; the result of the lesson follows after a colon.
    lesson(number, topic) = "第 {number} 课 {topic}";
    of_answer(lesson, answer) = "{lesson}，{answer}";
    result_of(answer) = "{answer}：";
    DOES_NOT_COMPILE = "不能编译";
    CANNOT_BE_GRADED = "无法评分";
    ONE_CHECK_PASSES = "1 个检查项通过";
    all_pass(checks) = "{checks}全部通过";
    some_pass(passed, checks) = "通过 {passed} 个，共 {checks}";
    some_pass_here(passed, checks) = "通过 {passed} 个，共 {checks}，其余没有运行";
    /// A noun that is counted.
    CHECK = "个检查项";

    /// The same for the checks that go further than the lesson asks; it follows after that.
    and_further(passed, checks) = "；更进一步的通过 {passed} 个，共 {checks} 个";

    /// A check that fails beside the one whose story is shown.
    for_the_same_reason(check) = "{check}（原因相同）";
    for_another_reason(check) = "{check}（原因不同）";

    /// A check that neither passed nor failed, and one that took long.
    not_tried(check) = "{check}（没有运行）";
    set_aside(check) = "{check}（跳过：前提未通过）";
    further(check) = "{check}（更进一步：变绿不需要）";
    never_ended(check) = "{check}（一直没有结束）";
    took_long(check, seconds) = "{check}（{seconds} 秒）";

    /// Several checks in one line, where there is no room for a line each.
    they_pass(checks) = "{checks}通过";
    they_are_skipped(checks) = "{checks}跳过：前提未通过";
    they_are_not_tried(checks) = "{checks}没有运行";
    they_go_further(checks) = "{checks}更进一步：变绿不需要";

    /// The lines below the checks.
    and_more_failing(number, command) = "还有 {number} 个没有通过：{command} 显示每一个的经过";
    YOUR_CODE_PRINTED = "你的代码输出了";
    YOUR_PROGRAM_PRINTED = "在第一个没通过的检查项里，你的程序打印了";
    YOUR_PROGRAM_PRINTED_AT_THE_END = "在第一个没通过的检查项里，你的程序最后打印了";
    YOUR_CODE_PRINTED_AT_THE_END = "你的代码最后输出了";
    /// A line that the answer printed, and that is cut: the last one shown.
    and_on(line) = "{line} … 还有更多";
    rustc_warns(warnings, file, package) =
        "rustc 对 {file} 有 {warnings}：见 cargo check --package {package}";

    /// Headings over the end of a green lesson.
    WHAT_YOU_HAVE_LEARNED = "你学到了什么";
    A_QUESTION_TO_THINK_ON = "想一想";

    /// What to do next: the label, then a command or a file and its purpose.
    NEXT = "下一步：";
    compare_with_the_solution(lesson) = "cargo kata diff {lesson}   和参考答案对比";
    questions_at_the_end(page) = "{page}   看最后的思考题";
    SEE_WHAT_IS_MISSING = "cargo kata doctor   这台机器缺什么，怎样补上";
    mend_that(lesson) = "先解决这个问题，再运行 cargo kata lesson {lesson}";
    mend_what_rustc_says(lesson) = "先改正 rustc 报告的错误，再运行 cargo kata lesson {lesson}";

    /// Why an answer is not right, although no check fails.
    not_one_file(other) = "你的代码引入了另一个文件 {other}。答案只能是一个文件：\
        把所有内容放进去，不用 include!、include_str!，也不用放在别的文件里的模块。";
    /// What is wrong with its file.
    is_utf_16(file) = "{file} 是 UTF-16 文本，而 Rust 用 UTF-8：请把文件存成 UTF-8。";
    is_not_utf_8(file, line) = "{file} 不是 Rust 需要的 UTF-8 文本（第 {line} 行有别的字节，\
        可能是 GBK 或 Latin-1）：请把文件存成 UTF-8。";
    is_empty(file) = "{file} 是空的。";
    exercise_is_empty(file, lesson) = "{file} 是空的：把你的程序存在那里，\
        或者用 `cargo kata reset {lesson}` 恢复练习。";
    lacks_what_the_checks_use(file, declarations) = "{file} 缺少检查项要用的东西，\
        或者没有公开（pub）：{declarations}。";
    still_running(programs) = "所有检查项都结束了，你的代码启动的程序却还在运行，已被停止：{programs}。\
        启动了程序，就要等到它结束（std::process::Child::wait）。";

    /// How a run ended too early; the time is one of the next two.
    ended_well(before) = "测试程序{before}，就以状态 0 结束了：有代码调用了 std::process::exit。\
        函数应当返回，而不是结束整个程序。";
    ended(how, before) = "测试程序{before}，{how}。";
    before_the_check_ended(check) = "还没运行完检查项 `{check}`";
    BEFORE_EVERY_CHECK = "还没运行完所有检查项";
    /// How a run was stopped; the place is one of the next two.
    printed_without_end(within) = "测试程序{within}不停地输出，已被停止。";
    held_too_much(within) = "测试程序{within}占用的内存超过 1 GiB，已被停止。";
    made_no_progress(within) = "测试程序{within}不再有进展，已被停止。";
    in_the_check(check) = "在 `{check}` 里";
    OUTSIDE_OF_EVERY_CHECK = "在所有检查项之外";
    /// How a process ended.
    ENDED = "就结束了";
    ended_with(status) = "就以状态 {status} 结束了";
    #[cfg(unix)]
    was_killed(signal) = "就被信号 {signal} 终止";
    #[cfg(unix)]
    was_killed_by(signal, meaning) = "就被信号 {signal} 终止（{meaning}）";
    #[cfg(unix)]
    SIGILL = "SIGILL，非法指令";
    #[cfg(unix)]
    SIGABRT = "SIGABRT，自行中止：内存不足、栈溢出，或者 panic 中又 panic";
    #[cfg(unix)]
    SIGFPE = "SIGFPE，算术错误";
    #[cfg(unix)]
    SIGSEGV = "SIGSEGV，非法内存访问";

    /// `language`: what it says, in the language that it has saved.
    SPEAKS_THIS_LANGUAGE = "命令现在说中文；`cargo kata language en` 改为英文（English）";

    /// `list`: its heading, the column of minutes, the state of a lesson.
    green_of(green, lessons) = "共 {lessons} 课，{green} 课已变绿";
    minutes(number) = "{number} 分";
    GREEN = "绿";
    NOT_TRIED_YET = "还没做过";
    /// These two follow after the state.
    WAS_GREEN_BEFORE = "，以前绿过";
    EDITED_SINCE = "，之后又改过";
    ALL_GREEN = "全部变绿：每一课都改好了";

    /// `hint`: the title, and how to get the next one: a command or [`H_ONCE_MORE`].
    hint(level, most, check) = "提示 {level}/{most}：{check}";
    more(how) = "还要提示：{how}";
    last_hint(lesson) = "这个检查项的提示到此为止；\
        `cargo kata solution {lesson} --spoil` 显示参考答案";
    last_hint_again(lesson) = "还是这个检查项的最后一个提示；\
        `cargo kata solution {lesson} --spoil` 显示参考答案";
    LAST_HINT_WITHOUT_SOLUTION = "这个检查项的提示到此为止；接下来请问老师";
    needs_no_hint(lesson) = "第 {lesson} 课已经变绿：不需要提示";
    no_hint_about_rustc(lesson) = "第 {lesson} 课不能编译，而提示是针对检查项的：\
        先解决 `cargo kata lesson {lesson}` 显示的问题";
    no_hint_about_the_machine(lesson, why) = "第 {lesson} 课的问题在这台机器，不在你的代码：{why}";
    DOCTOR_SHOWS_IT = "`cargo kata doctor` 显示缺什么";
    no_hint_about(check, file) = "{file} 里没有关于 `{check}` 的提示：看看这一课的 README.md";

    /// `solution` and `diff`; the command is one of these names.
    was_not_green_yet(lesson, command) = "第 {lesson} 课还没有变绿过：`cargo kata hint {lesson}` \
        给你提示，`cargo kata {command} {lesson} --spoil` 现在就显示参考答案";
    equals_the_solution(file) = "{file} 和参考答案一字不差";

    /// `reset`; `restore` saves in the same way.
    as_at_the_start(file) = "{file} 本来就是最初的样子";
    as_at_the_start_again(file) = "{file} 恢复成了最初的样子";
    what_was_in_it(file) = "你的版本保存在 {file}";
    was_moved(file) = "原来在那里的不是文件，已移到 {file}";
    /// `restore`; the backups are named by their numbers.
    no_backup(lesson) = "第 {lesson} 课没有备份：`cargo kata reset {lesson}` 会保存一份";
    restored(exercise, backup) = "{exercise} 恢复成了 {backup} 里的样子";
    restores_another(numbers, lesson) = "更早的备份：{numbers}；`cargo kata restore {lesson} NUMBER` 恢复其中一份";

    /// `watch`: what it prints, and why it refuses.
    grading(lesson) = "{lesson}：正在评分 …";
    ALL_GREEN_NAME_ONE = "所有的课都已变绿：请指明要看哪一课";
    THE_LAST_LESSON = "这是最后一课";
    NO_VERDICT_YET = "还没有结果：提示针对第一个没有通过的检查项";
    HINT_COMES_LATER = "正在评分：有了结果就给提示";
    /// Its last line: the keys, each with its action; the keys themselves are fixed.
    H_HINT = "h 提示";
    S_SOLUTION = "s 参考答案";
    N_NEXT_LESSON = "n 下一课";
    L_LIST = "l 列表";
    R_RUN_AGAIN = "r 重新运行";
    Q_QUIT = "q 退出";
    /// The same line where there are no keys.
    SAVE_TO_GRADE_AGAIN = "保存练习就会重新评分";
    CTRL_C_ENDS_THIS = "Ctrl-C 结束";
    /// How to get one more hint.
    H_ONCE_MORE = "再按 h";

    /// `serve` and `client`. The role is the name of that command.
    no_programs(lesson) = "第 {lesson} 课没有可以运行的程序";
    several_programs(lesson, role) = "第 {lesson} 课有几个 `{role}` 程序：请指明一个，例如 \
        `cargo kata {role} {lesson} NAME`";
    no_program_of(lesson, role) = "第 {lesson} 课没有 `{role}` 程序";
    program_does_not_compile(file) = "{file} 不能编译：请改正 rustc 报告的错误";
    everyone_can_connect(address) = "{address} 不是回环地址：凡是能访问这台机器的计算机都能连上";
    leaves_this_machine(address) = "{address} 不是回环地址：你发送的内容会离开这台机器，而且没有加密";
    PORT_0 = "无法连接端口 0：请用 --port 给出服务器的端口";
    /// `relay`.
    not_an_address(text) = "`{text}` 不是地址：请给出端口，或者 HOST:PORT";
    failed_to_listen(address, error) = "无法监听 {address}：{error}";
    failed_to_accept(error) = "无法接受连接：{error}";
    failed_to_find_the_host(host, why) = "无法找到主机 `{host}`：{why}";
    NO_ADDRESS = "没有地址";

    /// `doctor`: what is there, or missing; the command that fixes it stands below.
    too_old(rustc, oldest) = "{rustc} 太旧：本课程要求 {oldest}";
    RUSTC_IS_MISSING = "缺少 rustc：什么也不能编译";
    CARGO_IS_MISSING = "缺少 cargo：什么也不能构建";
    GIT_IS_MISSING = "缺少 git；获取新课、查看自己的改动时用得上";
    JUST_IS_MISSING = "缺少 just；有了它可以用 `just lesson 3` 这样的短命令";
    PYTHON_IS_MISSING = "缺少 python3；运行讲义里的程序时用得上";
    /// In place of a command that is not known.
    install_somehow(program) = "用本系统的包管理器安装 {program}";
    CRATES_ARE_HERE = "所有 crate 都在这台机器上：没有命令需要网络";
    SOME_CRATES_ARE_NOT_HERE = "有些 crate 还不在这台机器上";
    IPV4_ANSWERS = "回环地址，IPv4：127.0.0.1 有回应";
    ipv4_does_not_answer(error) = "回环地址，IPv4：127.0.0.1 没有回应（{error}）；每一课都要用";
    IPV6_ANSWERS = "回环地址，IPv6：::1 有回应";
    ipv6_does_not_answer(error) = "回环地址，IPv6：::1 没有回应（{error}）；有 IPv4 就够了";
    may_open(most) = "一个进程可以打开 {most} 个文件和套接字";
    may_open_too_few(most) = "一个进程只能打开 {most} 个文件和套接字：第 4 课有 500 个客户端";
    MAY_OPEN_ANY_NUMBER = "一个进程可以打开任意多的文件和套接字";
    FENCE_AND_FILTER_STAND = "沙箱：测试外面有围栏（landlock）和过滤器（seccomp）";
    NO_FENCE = "沙箱：没有围栏（landlock）；答案可能改动文件和自己的评分";
    A_FENCE_NEEDS = "请用 Linux 6.12 或更新的版本，并启用 landlock";
    NO_FILTER = "沙箱：没有过滤器（seccomp）；答案可能伪造自己的评分";
    A_FILTER_NEEDS = "请在 x86_64、aarch64 或 riscv64 上用带 seccomp 的 Linux";
    /// The summary; the marks are those that stand before each finding.
    NOTHING_IS_MISSING = "什么都不缺";
    THE_LESSONS_WORK = "课程可以用；标着 – 的可有可无";
    THE_LESSONS_NEED = "课程需要标着 ✗ 的东西";
}
