//! The Chinese words of this lesson's stories.

netkata::words! {
    /// How a command ended, as a reply shows it.
    exited(status) = "以状态 {status} 退出";
    ended_by_signal(number) = "被信号 {number} 终止";
    TIMED_OUT = "到时限被终止";
    refused_because(reason) = "被拒绝：{reason}";
    /// Shown instead of an ending.
    NOT_AN_ENDING = "回复的结尾无效";
    A_PIECE_TOO_LONG = "有一块超过 MAX_PIECE";
    A_WHOLE_REPLY = "一个完整的回复";
    NO_WHOLE_REPLY = "没有完整的回复";

    /// A reply: how the command ended, and its output and errors.
    reply(ending, output, errors) = "{ending}，{output}，{errors}";
    OUTPUT = "输出";
    ERRORS = "错误输出";
    /// How much of the output or the errors came; `bytes` are `"hello\n"`, or `5 bytes`.
    none_of(name) = "没有{name}";
    just_these(name, bytes) = "{name} {bytes}";
    so_much_of(bytes, name) = "{bytes}的{name}";
    some_bytes_of(name) = "若干字节的{name}";
    /// Between the names of outputs; [`so_much_of`] puts the number before the first of them.
    THEN_AS_MANY_OF = "，再是同样多的";

    /// What the client does.
    THE_CLIENT_PROVES_ITSELF = "客户端证明自己知道密钥";
    THE_CLIENT_CLOSES_ITS_SENDING_SIDE = "客户端关闭自己的发送方向";
    THE_CLIENT_CLOSES_ITS_CONNECTION = "客户端关闭连接";
    THE_CLIENT_RESETS_ITS_CONNECTION = "客户端重置连接";
    SIGNALS_INTERRUPT_THE_SERVER = "服务器写入时，几次被信号中断";
    THE_CLIENT_IS_SILENT = "客户端沉默，比时限还久";
    THREE_CLIENTS_LEAVE =
        "三个客户端请求命令，然后离开：一个用 q，一个在被拒绝之后，一个在超时之后";
    the_client_sends(what) = "客户端发送：{what}";
    the_client_asks_for(what) = "客户端请求：{what}";

    /// What the client sends.
    A_WRONG_ANSWER_AND_A_COMMAND = "错误的应答和一条命令";
    TWO_COMMANDS_AT_ONCE = "一次两条命令";
    its_answer_and(command) = "应答和 `{command}`";
    part_of_its_answer(bytes) = "16 字节应答中的 {bytes} 字节";
    /// What it sends or asks for.
    A_COMMAND = "一条命令";
    A_PART_OF_A_COMMAND = "一条命令的一部分";
    THE_REST_OF_IT = "剩下的部分";
    AN_INVALID_COMMAND = "一条无效的命令";
    and_reads_no_reply(commands) = "{commands}，但不读回复";
    /// What it asks for.
    A_COMMAND_THAT_GOES_ON = "一条不结束的命令";
    A_COMMAND_THAT_LEAVES_A_CHILD = "一条留下子进程的命令";
    A_LONG_NAME = "名字很长的程序";
    A_LOT_OF_OUTPUT = "大量输出";
    OUTPUT_THAT_IT_READS_SLOWLY = "没完没了的输出，但读得很慢";
    OUTPUT_THAT_IT_DOES_NOT_READ = "没完没了的输出，但不读";
    a_printer_of(arguments) = "打印参数的程序，参数是 {arguments}";

    /// What the peer does; `the peer` stands before it.
    WAITS_FOR_A_CHALLENGE = "等待挑战";
    WAITS_FOR_THE_REPLY = "等待回复";
    COUNTS_THE_BYTES = "数发来了多少字节";
    LOOKS_FOR_WHAT_CAME_BEFORE = "检查时限之前是否有输出到达";
    LOOKS_WHETHER_IT_HAS_RUN = "检查命令是否运行过";

    /// Who is checked while the session goes on.
    THE_SERVER_AFTER_A_REPLY = "回复之后的服务器";

    /// The command itself, and what is checked about it.
    THE_COMMAND = "命令";
    IS_LOOKED_FOR = "经检查";
    SAYS = "报告";

    /// The result of a check.
    IT_HAS_RETURNED = "调用已经返回";
    THAT_IT_HAS_STARTED = "已经启动";
    IT_LIVES = "仍在运行";
    NOBODY_IS_LEFT = "没有留下进程";
    NO_CHILD = "没有子进程";
    A_CHILD_STILL_THERE = "有一个子进程仍在运行";
    A_CHILD_NOT_WAITED_FOR = "有一个子进程已经结束，但没有等待它";
}
