//! The Chinese words of the kit, and those that the stories of several lessons share.

crate::words! {
    /// Subjects: the rest of the sentence follows them.
    THE_CALLER = "呼叫方";
    A_CLIENT = "某个客户端";
    THE_CLIENT = "客户端";
    THE_FIRST_CLIENT = "第一个客户端";
    THE_SECOND_CLIENT = "第二个客户端";
    THE_PEER = "对端";
    THE_LISTENER = "监听套接字";
    THE_SERVER = "服务器";
    THE_SERVER_WHEN_THEY_HAVE_GONE = "客户端都离开之后，服务器";
    THE_TEST = "测试";
    caller(number) = "新客户端 {number}";
    client(number) = "客户端 {number}";

    /// What the subject does or did; the subject stands before it.
    CLOSED_ITS_SIDE = "关闭了自己这一侧";
    CLOSES_WITH_A_RESET = "还有字节没读就关闭套接字：连接重置";
    HAS_RETURNED = "已经返回";
    HEARS = "收到";
    READS_TO_THE_END = "一直读到末尾";
    WAITS_FOR_THE_END = "等待流结束";

    /// What arrived, or must arrive.
    A_QUESTION = "一个问题";
    AN_ERROR = "一个错误";
    NOTHING = "什么也没有";
    REFUSED = "被拒绝";
    nothing_yet(place) = "还没有结果：{place}";
    SUCCESS = "成功";
    THE_END_OF_THE_STREAM = "流结束";
    /// The label of what must arrive.
    EXPECTED = "应为";

    /// Whole sentences.
    is_there_already(file) = "{file} 已经存在";
    THE_PEER_IS_SILENT = "对端什么也不发";
    GOES_ON = "继续";
    MORE_THAN_8_MIB_HELD = "同一时刻占用的内存超过 8 MiB";
    another_program_saves(file) = "另一个程序把文件存为 {file}";
    ASKS_WHAT_IS_UNREAD = "数一数文件里还没读的字节";
    THE_FILE_COMES_FROM_THE_PEER = "要发送的文件在网络磁盘上：文件的字节来自对端";
    the_sender_saw(bytes) = "发送方看到文件有 {bytes} 字节";
    now_the_file_has(bytes) = "现在有 {bytes} 字节";
    NOT_CHECKED_HERE = "这里不检查：本系统没有 /proc，或者没有这类限制";

    // From here on the kit itself uses the words, in any lesson.

    /// The rows of a story: a label, and its text beside it. First what was sent, in pieces and with
    /// events between them, `05 00 │ (would block) │ 68`; at the end the number of pieces and what
    /// followed, `(2 segments, then closed its side)`.
    THE_PEER_SENT = "对端发来";
    ARRIVED = "到达";
    segments(number) = "{number} 段";
    then(what) = "然后{what}";
    KEPT_THE_LINE_OPEN = "保持连接";
    RESET_THE_CONNECTION = "重置了连接";
    THE_STREAM_ENDED = "流已结束";
    A_SIGNAL_INTERRUPTS = "被信号中断";
    THE_STREAM_TAKES_4_BYTES = "流只接受 4 字节，不再多收";
    A_SIGNAL_INTERRUPTS_THE_CALL = "信号中断了这次调用";
    WOULD_BLOCK = "暂无数据";
    WAITS_FOR_YOU = "等你发送";
    YOUR_CODE_READS = "你的代码来读";
    /// An event among the pieces, and what is noted about them; two notes.
    event(what) = "（{what}）";
    noted(text, note) = "{text}（{note}）";
    both(one, other) = "{one}，{other}";
    /// The label of everything that happened before.
    BEFORE_THAT = "在此之前";
    /// The labels of what the peer does, of what another subject does (the text names it), of a call.
    THE_PEER_NOW = "对端现在";
    AND_NOW = "接着";
    THE_TEST_CALLS = "测试调用";
    /// What the test calls, to see what a call has left in the stream.
    THE_NEXT_READ = "下一次读取";
    /// The labels of reads, of writes, and of other calls or of all calls in their order.
    YOUR_CODE_READ = "你的代码读取";
    YOUR_CODE_WROTE = "你的代码写入";
    YOUR_CODE_DID = "你的代码执行";
    /// The label of what happened during the call.
    MEANWHILE = "与此同时";
    /// The labels of the result of the call, or of what a peer did.
    AND_RETURNED = "返回";
    AND_GOT = "结果";
    AND_FAILED_WITH = "返回错误";
    AND_PANICKED = "结果 panic";
    ON_THE_WIRE = "线路上";
    /// The label of a call that hangs; the place stands beside it (see [`IN_NO_SYSTEM_CALL`]).
    AND_HANGS = "没有返回";
    /// A label, and the text beside it.
    AND_NOW_WAITS = "一直等待";
    in_read(asked) = "在 read({asked}) 里，等永远不会来的字节";
    /// A label, and the text beside it.
    AND_GOES_ON = "没完没了";
    CALLING_WITHOUT_ANY_PROGRESS = "反复调用，毫无进展";
    RECEIVING_WHATEVER_ERROR = "不管出什么错误都继续接收";
    /// The expected result of a call that must fail, by the kind of the error.
    the_error(kind) = "错误 {kind}";
    /// The label of threads and descriptors that were left behind.
    STILL_THERE = "仍然留着";
    these(number, list) = "{number}：{list}";
    /// An entry that is repeated in a row, and how many entries of a long list are left out.
    times(what, number) = "{what}（{number} 次）";
    left_out(number) = "… 另有 {number} 项 …";

    /// What is counted: the number, then the noun.
    one(noun) = "1 {noun}";
    several(number, noun) = "{number} {noun}";
    BYTE = "字节";
    DESCRIPTOR = "个描述符";
    OTHER_CLIENT = "个其他客户端";
    THREAD = "个线程";
    mebibytes(number) = "{number} MiB";
    kibibytes(number) = "{number} KiB";

    /// Where two values differ; it stands beside a mark, or after [`differs`].
    byte_differs(number, came, expected) = "第 {number} 个字节是 {came}，应为 {expected}";
    part_of(came, expected) = "共 {expected}，只有前 {came} 个";
    more_than_expected(more, expected) = "应为 {expected} 字节，多了 {more}";
    differs(note) = "不同之处：{note}";

    /// Where a call is; "and hangs", "it waits" or "it is" stands before it. The names of system
    /// calls stay, and one in brackets follows the last of these.
    WITHOUT_EVER_RETURNING = "在不会返回的代码里";
    IN_NO_SYSTEM_CALL = "不在任何系统调用里：在死循环中空转";
    in_system_call(number) = "在系统调用 {number} 里";
    in_call(call) = "在 {call} 里";
    nobody_connects(call) = "在 {call} 里，套接字上没有客户端来连接";
    nobody_reads(call) = "在 {call} 里，套接字的对端不读";
    nobody_sends(call) = "在 {call} 里，套接字上什么也收不到";
    FOR_ANOTHER_THREAD = "在 futex 里，等另一个线程";
    ASLEEP = "在睡眠中";

    /// What a call in the background does or did; `place` is one of those above.
    stands(call, place) = "{call} {place}";
    returned(call, what) = "{call} 返回了 {what}";
    goes_on(call) = "{call} 一直运行，毫无进展";

    /// The label of a panic in another thread. Its message and its place stand beside it, or the
    /// texts that replace them.
    PANICKED = "panic";
    CHECK_PANICKED = "检查项 panic";
    A_PANIC_WITHOUT_A_MESSAGE = "没有消息的 panic";
    PLACE_UNKNOWN = "位置不明";
    INSIDE_THE_STANDARD_LIBRARY = "在标准库内部";

    /// A folder that receives files: what the test does, and what it finds there.
    LOOKS_AT_THE_FILES = "检查文件";
    before_the_last_byte(files) = "最后一个字节到达之前，文件夹里有 {files}";
    another_name_in(folder) = "{folder}/（另一个名字）";

    /// Whole sentences about a TCP peer.
    calls(name) = "{name}发起连接";
    says(name, what) = "{name}发送 {what}";
    hangs_up(name) = "{name}关闭自己的发送方向";
    resets_the_connection(name) = "{name}重置连接";
    /// What a TCP peer does, before the result; its name stands before it.
    HAS_HEARD_NOTHING_YET = "还什么也没收到";
    listens_for(bytes) = "等待 {bytes}";
    LISTENS_UNTIL_THE_OTHER_HANGS_UP = "一直读到另一侧关闭";
    WAITS_FOR_A_CALL = "等待连接到来";
    /// What arrived: connections, then bytes.
    ONE = "一条";
    NONE_WILL_COME = "一条也没有，也不会再来";
    NOTHING_WILL_COME = "什么也没有，也不会再来";
    NOTHING_MORE = "再没有别的";
    and_then(what, then) = "{what}，然后是 {then}";

    /// A UDP peer.
    THE_WAKER = "唤醒者";
    /// What a UDP peer does; its name stands before it.
    LISTENS = "等待数据";
    sends(datagram) = "发送 {datagram}";
    /// What arrived.
    from_a_stranger(datagram) = "{datagram}，来自一个从未联系过的套接字";
    NOTHING_BUT_PORT_UNREACHABLE = "只有 ICMP：端口不可达";
    /// Whole sentences; `serve` is a function, and the quoted text goes over the wire.
    sends_until_it_hears(name, datagram) = "{name}反复发送 {datagram}，直到收到回复";
    begins_to_send_noise(name) = "{name}开始循环发送 \"noise\"";
    SERVE_BEGINS = "serve 开始运行";
    THE_SOCKET_NO_LONGER_WAITS = "套接字现在是非阻塞的：接收时没有数据就返回 WouldBlock";
    /// The settings of a socket.
    connected_to(socket, whom) = "{socket}，{whom}";
    A_SOCKET_THAT_DOES_NOT_WAIT = "非阻塞套接字";
    A_SOCKET_THAT_WAITS_FOR_EVER = "没有设超时的阻塞套接字";
    a_socket_that_waits(seconds) = "超时为 {seconds} 秒的阻塞套接字";
    ONE_PEER = "连着一个对端";
    NOBODY = "没有连任何对端";

    /// A crowd of clients: the name of a client, and beside it what it did and what it got.
    CONNECTED = "已连接";
    sent(what) = "发送了 {what}";
    DOES_NOT_READ = "不读";
    READS_AGAIN = "重新开始读";
    READS_SLOWLY = "慢慢地读";
    CLOSED_ITS_SENDING_SIDE = "关闭了发送方向";
    LEFT = "断开了连接";
    got(what) = "收到 {what}";
    GOT_NOTHING = "什么也没收到";
    GOT_PART_OF_IT = "只收到一部分";
    GOT_AS_MANY_BYTES = "收到同样多的字节";
    GOT_MORE_THAN_THAT = "收到的字节更多";
    /// The label of the number of other clients.
    AND = "以及";

    /// What a client must get, or see: whole sentences.
    can_connect(client) = "{client} 能连上";
    gets(client, what) = "{client} 收到 {what}";
    ALL_OF_ITS_ANSWER = "完整的回答，顺序不乱";
    sees_the_end_of_the_stream(client) = "{client} 看到流结束";
    sees_the_end_of_its_connection(client) = "{client} 看到连接结束";
    /// A label; the bytes that the client got instead stand beside it.
    what_it_got(client) = "{client} 收到";
    /// A label; beside it stands what happened then.
    THEN = "然后";
    got_more_bytes_than_its_answer(client) = "{client} 收到的字节比它的回答还多";
    ITS_STREAM_STOP_ENDED = "流 `stop` 结束了";

    /// The labels of a failed turn; `turn` is a function.
    TURN_FAILED = "turn 出错";
    TURN_HANGS = "turn 不返回";
    TURN_PANICKED = "turn panic";

    /// What the server does; `call` is the function that runs it.
    waits(call, place) = "{call} 在等待：{place}";
    sleeps_and_looks(call) = "{call} 睡一会儿，看一眼，再睡";
    computes_in_vain(call) = "{call} 空转，毫无进展";
    computes_too_much(call) = "{call} 占用处理器超过五分之一";
    sleeps_longer(call, most) = "{call} 一次睡眠超过 {most} 毫秒";
    it_sleeps_at_most(most) = "一次睡眠最多 {most} 毫秒";
    is_told_to_stop(call) = "要求 {call} 停止";
    /// What the server must do then.
    IT_ENDS_EVERY_CONNECTION = "关闭所有连接，然后返回";
    IT_RETURNS_SUCCESS = "返回成功：停止是调用者要求的";
    CALLERS_ARE_REFUSED = "从现在起拒绝新的连接";
    /// In place of the last line of a server in its own process, if it printed none.
    THE_PROCESS_ENDED_WITHOUT_A_WORD = "进程结束了，没有留下任何消息";

    /// The label of a random input, and which one it is; `variable=seed` is for the shell.
    RANDOM_INPUT = "随机输入";
    number_of(number, cases, variable, seed) =
        "由 {variable}={seed} 产生的 {cases} 个里的第 {number} 个，已尽量缩小";

    /// A separate line, where the system reports less than Linux.
    NOBODY_COUNTS = "本系统没有 /proc：不统计线程和描述符";

    /// What a lesson's programs print when they cannot start or have failed; `list`, the roles and
    /// `--port` are for the shell.
    ERROR = "错误";
    EXPECTED_A_PROGRAM = "应为 `list`，或者角色、名字和地址";
    no_such_program(role, name) = "没有名为 `{name}` 的 `{role}` 程序";
    not_an_address(address) = "`{address}` 不是 127.0.0.1:9000 这样的地址";
    port_is_taken(address) = "无法监听 {address}：另一个程序占用了这个端口；停掉那个程序，或用 --port 换一个端口";
    port_is_in_time_wait(address, seconds) =
        "无法监听 {address}：没有程序占用这个端口，但内核还为一条已结束的连接（TIME-WAIT）保留着，\
         还剩 {seconds} 秒；等一等，或用 --port 换一个端口";
    nobody_listens(address) = "无法连接 {address}：那里没有程序在监听；先在另一个终端启动服务器";
    failed(role, name, address, error) = "{role} {name} 在 {address} 上失败：{error}";
}
