//! The Chinese of the command line's help: each line as `commands/mod.rs` has it, and beside it in Chinese.

pub(crate) const HELP: &[(&str, &str)] = &[
    (
        "A network-programming course that runs: fix each lesson's program until it is green",
        "能运行的网络编程课：把每一课的程序改到全绿",
    ),
    (
        "Speak this language; without it the one that `language` has saved, or that of the system",
        "使用的语言；不给时用 `language` 保存的语言，或系统的语言",
    ),
    // The lessons.
    (
        "List the lessons: which are green, and what to do next",
        "列出所有的课：哪些已变绿，下一步做什么",
    ),
    (
        "Print the same as `list`, or one JSON object for programs",
        "输出与 `list` 相同，或者给程序用的一个 JSON 对象",
    ),
    ("Print one JSON object", "输出一个 JSON 对象"),
    (
        "Grade your exercise: each check, the failure that explains most, the next step",
        "给你的练习评分：每个检查项、最能说明问题的失败、下一步",
    ),
    ("The lesson: its number, folder or topic", "哪一课：编号、文件夹或主题"),
    (
        "Grade another answer: naive, solution, wrong/NAME, right/NAME or the path of a file",
        "给另一个答案评分：naive、solution、wrong/NAME、right/NAME 或文件路径",
    ),
    ("Run this check only", "只运行这个检查项"),
    (
        "Run each check in its own process: slower, and no check can affect another",
        "每个检查项在各自的进程里运行：慢一些，但互不影响",
    ),
    ("Show the story of every failure", "显示每个失败的经过"),
    (
        "Grade a program in any language: 'python3 server.py {port}'; {host} and {dir} are replaced, too",
        "给任何语言写的程序评分：'python3 server.py {port}'；{host} 和 {dir} 也会替换",
    ),
    (
        "Grade a server that runs already: a port of this machine, or HOST:PORT",
        "给已经在运行的服务器评分：本机的端口，或 HOST:PORT",
    ),
    ("The side that the program takes; the course takes the other", "程序是哪一方；课程扮演另一方"),
    (
        "The program's wire, if the lesson has several: the names are those of `serve` and `client`",
        "一课有好几种协议时，程序用哪一种：名字与 `serve` 和 `client` 的相同",
    ),
    (
        "Start the program once for all checks, and not for each",
        "程序只启动一次，供所有检查项使用，而不是每项启动一次",
    ),
    (
        "Grade the program when one of these files is saved; by default those that its command names",
        "保存其中一个文件时给程序评分；默认是命令里写到的文件",
    ),
    (
        "Do not grade: print what a mistake, `--answer wrong/NAME`, changes in the solution",
        "不评分：打印错误答案（`--answer wrong/NAME`）改动了参考答案的哪些地方",
    ),
    (
        "Grade your exercise at every save, and react to keys meanwhile",
        "每次保存都给练习评分，同时响应按键",
    ),
    (
        "The lesson: its number, folder or topic; by default the first that is not green",
        "哪一课：编号、文件夹或主题；默认是第一个还没变绿的",
    ),
    (
        "Poll the file: for filesystems that do not report a save",
        "轮询文件：用于不报告保存的文件系统",
    ),
    ("Never clear the screen: for screen readers and pipes", "从不清屏：用于屏幕阅读器和管道"),
    (
        "Get a hint about the first check that fails; ask again for the next one",
        "给出第一个没通过的检查项的提示；再问一次，给下一个",
    ),
    (
        "Show the naive program fail, the solution pass, and the difference between them",
        "演示讲义里的程序怎样失败、参考答案怎样通过，以及两者的差别",
    ),
    (
        "Show the reference solution, once your exercise was green",
        "显示参考答案，前提是你的练习绿过",
    ),
    ("Show it even before that", "没绿过也显示"),
    (
        "Show how your exercise differs from the reference solution, once it was green",
        "显示你的练习和参考答案的差别，前提是练习绿过",
    ),
    (
        "Start the exercise again; your version is saved beside it",
        "重新开始练习；你的版本会保存在旁边",
    ),
    (
        "Bring back a version of your exercise that `reset` has saved; the present one is saved, too",
        "取回 `reset` 保存的某个版本；现在的版本也会保存",
    ),
    ("The backup: its number or file; by default the newest", "备份：编号或文件；默认是最新的"),
    // Real programs.
    (
        "Run the lesson's server as a real program. Ctrl-C ends it",
        "把这一课的服务器当作真正的程序运行，Ctrl-C 结束",
    ),
    (
        "Run the lesson's client as a real program. Ctrl-C ends it",
        "把这一课的客户端当作真正的程序运行，Ctrl-C 结束",
    ),
    ("The program, if the lesson has several", "哪个程序：这一课有几个程序时要指明"),
    (
        "The port to listen on, or to connect to; with 0 a server takes any free port",
        "要监听或要连接的端口；给 0 时，服务器任选一个空闲端口",
    ),
    ("The address or name of the machine", "机器的地址或名字"),
    (
        "Use another answer than the exercise; for its names see `lesson`",
        "不用练习，用另一个答案；名字见 `lesson`",
    ),
    (
        "Put a bad network between two programs of any kind: it cuts, joins, half-closes and resets. \
         Ctrl-C ends it",
        "在任意两个程序之间放一个坏网络：切分、合并、半关闭、重置。Ctrl-C 结束",
    ),
    (
        "Where clients connect: a port of this machine, or HOST:PORT; with port 0 any free one",
        "客户端连到哪里：本机的端口，或者 HOST:PORT；端口给 0 时任选一个空闲的",
    ),
    (
        "Where the server listens: a port of this machine, or HOST:PORT",
        "服务器在哪里监听：本机的端口，或者 HOST:PORT",
    ),
    (
        "Let the first read get 1 byte, the next 3, and the next all there is, and so on: `1,3,∞` or \
         `1,3,rest`",
        "让第一次读取得到 1 字节，第二次 3 字节，第三次得到全部，如此循环：`1,3,∞` 或 `1,3,rest`",
    ),
    (
        "Choose each size at random, the same for the same number; without --cut from small sizes",
        "随机选择每次的大小，编号相同则结果相同；没有 --cut 时从小的里面选",
    ),
    (
        "Hold bytes back until their sender waits, and deliver them together",
        "先扣住字节，等发送方开始等待，再一起送达",
    ),
    (
        "Let the receiver see the end of the stream after so many bytes",
        "送达这么多字节之后，让接收方看到流结束",
    ),
    ("Reset both programs after so many bytes", "送达这么多字节之后，重置两边的连接"),
    (
        "Do this only to what goes to the server, or to what comes from it",
        "只对发往服务器的方向，或只对服务器发出的方向这样做",
    ),
    ("Print each event as one line of JSON", "每个事件输出一行 JSON"),
    // For authors and instructors.
    (
        "Edit a mistake of the catalogue, or make a new one",
        "编辑目录里的一个错误答案，或者新建一个",
    ),
    ("The mistake; without a name, list all of them", "哪个错误答案；不给名字就全部列出"),
    (
        "The right answer that a new mistake changes, a file of the lesson: `right/further.rs`",
        "新的错误答案改自哪个正确答案，给出这一课的文件：`right/further.rs`",
    ),
    (
        "Adapt every mistake of the lesson to a changed solution, and list the conflicts",
        "让这一课的每个错误答案适应改动后的参考答案，并列出冲突",
    ),
    (
        "Begin a new lesson: files that compile and are red, to be filled in",
        "新建一课：能编译、是红的、等着填写的文件",
    ),
    ("Its number", "编号"),
    ("Its topic, the name of its package: `heartbeat`", "主题，也就是包名：`heartbeat`"),
    (
        "Write the course for students into a new folder: without solutions, mistakes and the tests \
         of the course",
        "把给学生的课程写到一个新文件夹：不含参考答案、错误答案和课程自己的测试",
    ),
    ("The folder, which is created", "文件夹，会新建"),
    (
        "The lessons whose solutions are in it: `0-3`, or `0-3,5`",
        "附带哪些课的参考答案：`0-3`，或者 `0-3,5`",
    ),
    (
        "Grade what a whole class has handed in; `cargo kata class --help` shows how",
        "给全班交来的作业评分；用法见 `cargo kata class --help`（英文）",
    ),
    ("What the students have handed in, and options", "学生交来的作业，以及选项"),
    // Demonstrations.
    ("Show a demonstration, live on real sockets", "在真实的套接字上现场演示"),
    (
        "Messages that stick together or arrive in pieces, and what fixes them",
        "粘在一起或者分段到达的消息，以及解决办法",
    ),
    ("Draw it as an SVG picture into this file instead", "改为画成 SVG 图，存到这个文件"),
    (
        "Clients on one thread: which one blocks which, and what fixes it",
        "一个线程上的多个客户端：谁阻塞谁，以及解决办法",
    ),
    (
        "Clients with a thread each: what one can do to the others, and how to stop the server",
        "每个客户端一个线程：一个能怎样影响别的，怎样停止服务器",
    ),
    ("Challenge, answer, replay and forgery on the wire", "线路上的挑战、应答、重放和伪造"),
    (
        "The kernel's state of both ends, from the handshake to TIME-WAIT or a reset",
        "内核里连接两端的状态：从握手到 TIME-WAIT 或重置",
    ),
    (
        "One server under five I/O models, and the cost of each",
        "同一个服务器的五种 I/O 模型，以及各自的开销",
    ),
    (
        "Write a page for the projector into this file, which replays this run",
        "把适合投影的页面写到这个文件，页面会重放这次运行",
    ),
    (
        "Show the same page live: an act begins when you ask for it there. Ctrl-C ends it",
        "现场显示同样的页面：在页面上前进，下一幕才开始。按 Ctrl-C 结束",
    ),
    (
        "Wait for Enter between the acts: the default on a terminal, unless the output is plain",
        "每一幕之后等待回车：在终端上是默认的，除非用纯文本输出",
    ),
    (
        "Show all acts at once: the default for pipes, and for plain output",
        "一次显示所有幕：用管道或纯文本输出时是默认的",
    ),
    ("Print text only, for screen readers and pipes", "只输出文本：用于屏幕阅读器和管道"),
    // Settings.
    (
        "Show what is missing on this machine, and the commands that fix it",
        "显示这台机器缺什么，以及补上的命令",
    ),
    ("Choose the language of all commands in this course", "选择本课程里所有命令的语言"),
    ("The language; without it, say which it is now", "语言；不给就说明现在是哪种"),
    (
        "Print a script that gives a shell `kata`, short for `cargo kata`, with completion",
        "输出一个脚本，让 shell 有带补全的 `kata`，即 `cargo kata` 的简写",
    ),
    ("The shell that will read the script", "读取这个脚本的 shell"),
];
