//! The Chinese causes of failures in this lesson alone: one name and one sentence each.

netkata::words! {
    OneHarmsOthers =
        "处理器的错误或 panic 只能结束它自己的会话。把错误和 panic 限制在处理器的线程之内：\
        不能波及 accept 循环、其他线程需要的锁，或者其他客户端等待的工作线程。";
    PanicInAPanic =
        "handle 发生 panic 之后，finish 又 panic，服务器就结束了。一个 panic 正在展开时，另一个 panic 无法捕获：\
        整个进程随之结束。先捕获 handle 的 panic，再调用 finish，不要在析构函数里调用。";
    TimeoutForced =
        "处理器得到的流带有超时，客户端沉默得久一点，就会失去连接。不要设置超时：等多久由处理器决定。\
        关停时，结束流来唤醒处理器。";
    HandlerShared =
        "两个客户端由同一个处理器服务：一个客户端发送的内容，改变了给另一个的应答。\
        为每个连接创建新的处理器。";
    HandlerMadeTooMany =
        "new_handler 为每个客户端创建一个处理器，要等客户端连接之后才创建：创建时可能要打开文件或取得锁，\
        客户端如果永远不来，这些就白做了。只用来唤醒 accept 的连接不是客户端。";
    CalledElsewhere =
        "setup、handle 和 finish 是一体的：要在同一个线程里，对同一个处理器调用。\
        setup 存下的东西，不管在处理器里还是在线程里，handle 和 finish 都要用。";
    AddressUnknown =
        "local_addr 返回服务器监听的地址，端口 0 要换成内核选中的端口。在 bind 里向监听套接字问一次，把结果存下来：\
        关停之后，就没有监听套接字可问了。";
    FinishNotOnce =
        "setup 成功之后，finish 要正好调用一次，不管 handle 是返回、失败还是 panic。\
        否则 finish 要归还的东西就丢了，或者归还了两次。";
    StreamEndedBeforeFinish =
        "finish 可能还要和客户端说话，例如道别。finish 返回之前，流的两个方向都要开着，返回之后再关闭连接。";
    WentOnWithoutSetup =
        "setup 失败了，没有什么要处理，也没有什么要清理：handle 和 finish 都不要调用，关闭连接。";
    GoneInTwoWays =
        "客户端已经离开，写入时有两种表现：离开时还有字节没读，是 ConnectionReset；\
        之前已关闭自己这一侧，是 BrokenPipe（ECONNRESET 和 EPIPE，send(2)）。两种都是会话结束，不是失败。";
    NamesAreBytes =
        "名字以字节到达，也必须以同样的字节发回去。名字不一定是 UTF-8，解码只会失败或改变名字：不要解码。";
    NameHasNoEndMark =
        "名字已经到达，却没有发回问候。在这种线上格式里，名字不以换行或零结尾，客户端也一直保持连接：\
        一次读取返回什么，就问候什么，不管多长。";
    NameLongerThanTheBuffer =
        "名字最长 1024 字节：读进这么长的缓冲区，消息更长的话，剩下的当作下一个名字。";
    NameChanged =
        "一次读取返回的全部内容就是名字。用同样的字节问候，空白和零字节都包括在内，来几次就问候几次。";
    SilenceIsNotTheEnd =
        "沉默的客户端还在。只有 `exit` 和流结束才会结束会话：不要限制一次读取可以等多久。";
    ExitIsAWord =
        "消息 `exit` 结束会话，不问候。要比较整条消息：只是看起来像 `exit` 的名字，仍是名字。";
    PeriodNotKept =
        "hello 不是相隔一个周期发来的。第一次立即发送，以后每次发送之后睡眠一个周期。";
    SpeakingIsNotLeaving =
        "客户端发来了东西，或者停止了发送，但还在。Ticker 不必读取：客户端有没有离开，写入失败时就知道了。";
    SlowIsNotGone =
        "客户端现在不读，以后可能会读：没读的 hello 先停在缓冲区里，然后 Ticker 等待。\
        只有因对端离开而失败的写入才是结束：不要限制一次写入可以等多久。";
    KnocksAtAnotherServer =
        "服务器已经停止，端口归了另一个服务器，那个服务器现在看到一个什么也不说的客户端。\
        只有这个服务器还在监听时，才去唤醒 accept。";
    HandlesAccumulate =
        "服务器还留着已结束线程的内存：线程被 join，或者 JoinHandle 被丢弃，线程的栈才释放。\
        只增不减的句柄列表，大约一万个客户端之后就会让服务器结束。";
    SpinsWithoutDescriptors =
        "进程没有空闲的描述符：accept 立即失败，客户端留在等待队列里，下一次尝试照样失败。\
        两次尝试之间睡眠一小会儿：客户端离开，描述符就空出来了。";
    PauseTooLong =
        "服务器睡眠时，等待队列里的客户端只能等着，哪怕描述符已经空出来。两次尝试之间最多睡眠 100 ms。\
        随错误增多而变长的停顿也要有这个上限：描述符可能一占就是几个小时。";
    MakesRoom =
        "有一个客户端失去了连接，因为没有空闲的描述符给另一个客户端。accept 的错误对已连接的客户端没有任何影响：\
        让另一个留在等待队列里，稍后再试。";
    ShutdownUnseen =
        "阻塞在 accept、read 或 write 里的线程不检查标志。要唤醒 accept，就连接自己的服务器；\
        要结束 read 和 write，就对流的克隆调用 shutdown(Both)。";
    ShutdownMissesNewcomers =
        "shutdown 读表时，这个客户端已被接受，但还不在表里，之后也没有再检查标志。\
        把连接加入表时要检查标志，用同一把锁。";
    ShutdownReturnsEarly =
        "还有处理器在运行，shutdown 就返回了：调用者这时可能结束程序，finish 正做到一半。要等每个线程都结束再返回。";
    ServeReturnsEarly =
        "还有处理器在运行，serve_forever 就返回了。serve_forever 之后，程序通常就结束，finish 正做到一半。\
        要等每个线程都结束再返回。";
    ShutdownStopsHalfway =
        "流的客户端已经重置了连接，shutdown(2) 对这个流就会失败（ENOTCONN）。那里没有什么可结束的了：\
        忽略这个错误，继续处理其他的流。";
    FailureReachesServe =
        "有处理器失败或 panic，等最后一个处理器结束，serve_forever 把这个失败传给了自己的调用者。\
        它只涉及一个客户端：在处理器的线程里捕获，忽略 join 线程返回的结果，返回成功。";
    ServesTwice =
        "只有一个线程服务，而且只到 shutdown 为止：其他 serve_forever 都立即返回成功，什么也不改变。";
    ShutdownWorksOnce =
        "几个线程可以先后或同时关停一个服务器，服务器停止之后，每个调用才返回。\
        把“已停止”记成每个调用都能检查的状态，不要做成会被第一个调用取走的消息。";
    ShutdownForgotten =
        "shutdown 在 serve_forever 之前到来，丢失了。调用者无法知道服务开始了没有，所以这不是调用者的错：\
        记住这次 shutdown，不要把标志改回去。";
    WaitsForItself =
        "shutdown 等待每个处理器，而调用它的就是处理器：处理器在等自己。\
        如果调用者的线程正在运行这个服务器的处理器，就不要等待。";
    SparesItsCaller =
        "处理器调用了自己所在服务器的 shutdown，而它自己的流没有在两个方向上都结束。\
        shutdown 结束每个会话，包括调用它的那个处理器的会话：一个流也不要漏掉。";
}
