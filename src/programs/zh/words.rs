//! The Chinese words of the checks of programs.

netkata::words! {
    /// The command line of a program under test.
    NO_COMMAND = "命令是空的；请指明程序，例如 --program 'python3 server.py {port}'";
    quote_without_end(line) = "`{line}` 里的引号没有配对";
    failed_to_start(program, error) = "无法启动 `{program}`：{error}；装好了吗？名字对吗？";
    nothing_listens(address) = "{address} 上没有程序在监听：先在另一个终端启动你的服务器";
    ended_before_it_listened(how) = "你的程序还没有监听就结束了（{how}）；原因见它的输出";
    never_listened(seconds, port) = "你的程序在 {seconds} 秒内没有监听；端口写在命令行里：{port}";
    machine_lacks(error) = "这台机器现在无法启动程序：{error}";

    /// How a process has ended.
    exit_status(code) = "退出状态 {code}";
    signal(number) = "信号 {number}";

    /// The rows of a story, and what stands in them.
    YOUR_PROGRAM = "你的程序";
    IT_PRINTED = "程序输出";
    IN_THE_FOLDER = "文件夹里";
    touched(mebibytes) = "这期间占了 {mebibytes} MiB 内存";
    REMOVES_THE_TEMPORARY_FILE = "删掉临时文件";
    LINE = "行";
    and_so_on(beginning) = "{beginning} 等等";
    and_before(lines) = "… 前面还有 {lines} …";
    in_segments(sent, segments) = "{sent}（{segments}）";
    ITS_PORT_IS_CLOSED = "端口关着";
    NOW_ITS_PORT_IS_OPEN = "现在端口开了";
    ACCEPTED = "接受了你的程序的连接";
    WAS_RESET = "被重置";
    WAS_DISCONNECTED = "被断开";
    now_got(name) = "{name} 收到";
    has_ended(how) = "已结束，{how}";
    RUNS = "在运行";
    is_at(place) = "停在这里：{place}";
    has_threads(places) = "有几个线程：{places}";
    types(text) = "键入 {text}";
    ENDS_THE_INPUT = "结束输入";
    cannot_connect(error) = "无法连接：{error}";
    STOPS_IT = "暂停你的程序";
    CONTINUES_IT = "让程序继续";
    leaves_descriptors(number) = "给程序留下 {number} 个空闲描述符";
    has_descriptors(number) = "打开着 {number} 个描述符";
    TOOK_ALL = "全部收下了";
    keeps(bytes) = "已经读了 {bytes}，还没有回复";
    NO_CONNECTION_COMES = "等待连接，却没有连接到来";

    /// What must happen.
    A_LINE = "一行";
    A_DATAGRAM = "一个数据报";
    A_RESET = "连接重置";
    from_another_address(bytes) = "来自另一个地址的 {bytes}";
    FROM_ITS_PARTNER = "来自它发往的那个地址的数据报";
    THE_END_OF_THE_CONNECTION = "连接结束";
    STILL_CONNECTED = "仍然连着";
    fewer_than(bytes) = "少于 {bytes}";
    IT_ENDS = "你的程序结束";
    IT_WAITS = "你的程序等待";
    IT_STILL_RUNS = "你的程序仍在运行";
    on_a_line_each(texts) = "输出这些内容，各占一行：{texts}";
    at_most_descriptors(number) = "最多打开 {number} 个描述符，和之前一样";
    sleeps_at_most(milliseconds) = "你的程序一次睡眠最多 {milliseconds} 毫秒";
    THE_PEER_WAITS = "TCP 让对端等待，直到它的回答被读走";
    IT_ENDS_WITH_AN_ERROR = "你的程序结束，退出状态不是 0";
    not_printed(text) = "没有输出：{text}";

    /// The names of peers.
    THE_SENDER = "发送方";
    THE_RECEIVER = "接收方";
    FIRST_CLIENT = "第一个客户端";
    SECOND_CLIENT = "第二个客户端";
    THIRD_CLIENT = "第三个客户端";
    FOURTH_CLIENT = "第四个客户端";
    FIFTH_CLIENT = "第五个客户端";
    LAST_CLIENT = "最后一个客户端";
    NEXT_CLIENT = "下一个客户端";
    LEAVING_CLIENT = "离开的客户端";
    STAYING_CLIENT = "留下的客户端";
    FIRST_CALLER = "第一个呼叫方";
    SECOND_CALLER = "第二个呼叫方";
    THIRD_CALLER = "第三个呼叫方";
    NEXT_CALLER = "下一个呼叫方";
    SILENT_CALLER = "沉默的呼叫方";
    HASTY_CALLER = "匆忙的呼叫方";
    FIRST_SENDER = "第一个发送方";
    SECOND_SENDER = "第二个发送方";
    THIRD_SENDER = "第三个发送方";
    NEXT_SENDER = "下一个发送方";
    FIRST_LEAVER = "第一个离开者";
    SECOND_LEAVER = "第二个离开者";
    silent(number) = "沉默的客户端 {number}";
    THE_FIRST = "第一个";
    THE_SECOND = "第二个";
    THE_NEXT = "下一个";
    THE_OTHER = "另一个";
    THE_LAST = "最后一个";
    A_STRANGER = "陌生的发送方";
    ANOTHER_PORT = "另一个端口";
    ANOTHER_HOST = "另一台主机";

    /// What happens, and what must happen.
    AN_ANSWER = "任意一个回答";
    TWO_SECONDS_OF_SILENCE = "沉默两秒";
    SENDS_MANY_LINES = "发送很多行，每行 1000 字节";
    SENDS_NOISE = "不停地发送无关的数据";
    EACH_TICK_IS_PRINTED = "每次 hello 都打印出来";
    FORTY_ARE_WELCOMED = "40 个客户端都收到欢迎语";
    A_CHALLENGE = "一次挑战";
    IS_SILENT = "保持沉默";
    READS_LATE = "很晚才读";
    WITH_A_CHILD = "带一个子进程";
    LEAVES_A_CHILD = "留下子进程";
    IGNORES_SIGNALS = "不理会信号";
    CLOSES_OUTPUTS = "关闭输出";
}
