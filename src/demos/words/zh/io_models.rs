//! The Chinese words of `demo io-models`.

netkata::words! {
    /// What is shown, and how to read it.
    SUBJECT = "五种 I/O 模型：同一个回显服务器，五种等待方式，用真实的 TCP 套接字。";
    EACH_SERVER_IS_A_PROCESS =
        "每个服务器是一个小程序，在自己的进程里运行，和练习一样编译，不做优化。线程数和处理器时间是内核在 \
         /proc 里为这个进程记下的。系统调用的计数方法和 strace 一样：跟踪另外一个进程（ptrace）；\
         这个进程不计时，因为跟踪会拖慢它。所有数字都是现在测量的，只要几秒钟。";

    /// The acts, each with its title, what is tried, and what that shows. The quoted text
    /// goes over the wire, and stays. A sentence about what was measured may stand before what
    /// an act shows, or be missing.
    NOBODY_SAYS_ANYTHING = "没有客户端发送";
    ALL_32_ARE_SILENT = "每个服务器有 32 个客户端连接，都沉默。";
    /// Only if this was measured; the sentence behind it follows in any case.
    WAITING_IN_THE_KERNEL_COSTS_NOTHING =
        "在内核里等待的服务器，什么也没到达时，什么也不花费。";
    POLLING_CANNOT_WAIT =
        "每个客户端一个线程，代价是每个客户端一个栈。轮询服务器没法等待：它睡眠，醒来，把每个客户端问一遍，一无所获。";

    EVERYBODY_TALKS = "所有客户端都发送";
    ALL_32_TALK =
        "32 个客户端同时发送 \"hello\"，等到自己的 \"HELLO\"，再重新开始。";
    A_READ_AND_A_WRITE_ARE_NEEDED =
        "每种模型都需要一次读取和一次写入。其余的代价，是为了知道有数据可读：内核一次答复许多套接字，\
         或者一个信号，加上信号处理器和管道，或者一轮轮询。";
    /// Behind it, if this was measured.
    ALL_SHARE_THE_PRICE =
        "所有客户端同时就绪，就分摊了这个代价，轮询这时最好看。";

    ONE_TALKS = "一个发送，200 个沉默";
    ONE_OF_201_TALKS =
        "每个服务器有 200 个连接着却沉默的客户端；另有一个不断地发送 \"hello\"，等待 \"HELLO\"。";
    SOME_ASK_ALL_201 =
        "轮询和信号要问遍全部 201 个客户端才能找到那一个，所以每多一个沉默的客户端，每次往返就多一份代价。\
         线程、就绪和 async 知道是哪个客户端。服务大量客户端的服务器因此这样构造。";

    CALLERS_COME_AND_GO = "客户端来来去去";
    ONE_AFTER_THE_OTHER =
        "客户端一个接一个地连接，发送 \"hello\"，收到 \"HELLO\"，断开连接。";
    WHO_COMES_MUST_BE_LET_IN =
        "不管哪种模型，都要接受新客户端，也要发现它离开。其余的代价取决于模型为客户端保留什么：\
         一个线程和它的栈，信号的设置，一次登记，一个任务，或者只是列表里的一项。";
    /// What follows from the figures of this act: one of these two.
    A_THREAD_FOR_EACH_CALLER_COSTS_MOST =
        "系统调用最多的是 threads：每个客户端都要创建一个线程和它的栈，离开时再销毁。";
    costs_more_than_threads(model) =
        "系统调用最多的是 {model}：比为每个客户端新建一个线程和它的栈还多。";

    /// Which models had most and least, and how much: system calls, or processor time. Models with
    /// the same figure are joined by the comma.
    extreme_calls(most, its, fewest, theirs) =
        "这里系统调用最多的是 {most}（{its}），最少的是 {fewest}（{theirs}）。";
    extreme_times(most, its, least, theirs) =
        "这里处理器时间最多的是 {most}（{its}），最少的是 {least}（{theirs}）。";

    /// What is measured: a title with a row for each model below it.
    THREADS_WITH_32_CLIENTS = "32 个客户端时的线程数";
    TIME_IN_AN_IDLE_SECOND = "空闲一秒的处理器时间";
    CALLS_IN_AN_IDLE_SECOND = "空闲一秒的系统调用";
    TIME_FOR_EACH_EXCHANGE = "每次往返的处理器时间";
    CALLS_FOR_EACH_EXCHANGE = "每次往返的系统调用";
    CALLS_FOR_EACH_CALLER = "每个客户端的系统调用";
    /// In place of a figure.
    NOT_SHOWN = "没有数字：本系统不提供";
    NOBODY_MAY_TRACE = "没有计数：这里不允许跟踪进程";
    TRACED_ON_LINUX_ONLY = "没有计数：只有在 Linux 上才能跟踪进程";

    /// An error.
    THE_SERVER_ANSWERED_SOMETHING_ELSE = "服务器发来了别的回答";
}
