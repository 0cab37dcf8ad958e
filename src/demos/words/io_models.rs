//! The words of `demo io-models`.

netkata::words! {
    NOBODY_BUILDS_THE_PROGRAMS = "the programs of lesson 14 are missing";
    /// What is shown, and how to read it.
    SUBJECT = "Five I/O models: one echo server, five ways to wait, over real TCP sockets.";
    EACH_SERVER_IS_A_PROCESS =
        "Each server is lesson 14's solution, in a process of its own, compiled as an exercise \
         is, without optimization. Threads and time on the processor are what the kernel says of \
         that process, in /proc. System calls are counted as strace counts them, by tracing a \
         second process (ptrace): that slows it down, and so it is not timed. All of it is \
         measured now, in some seconds.";

    /// The acts, each with its title, what is tried, and what that shows. What is quoted goes
    /// over the wire, and stays.
    NOBODY_SAYS_ANYTHING = "Nobody says anything";
    ALL_32_ARE_SILENT = "32 clients connect to each server, and are silent.";
    WAITING_IN_THE_KERNEL_COSTS_NOTHING =
        "Whoever waits in the kernel costs nothing while nothing comes. A thread a client \
         costs a thread, with its stack. The polling server cannot wait: it rests, wakes \
         up, asks everybody, and hears that there is nothing.";

    EVERYBODY_TALKS = "Everybody talks";
    ALL_32_TALK =
        "The 32 clients say \"hello\" at the same time, wait for their \"HELLO\", and begin \
         again.";
    A_READ_AND_A_WRITE_ARE_NEEDED =
        "A read and a write are needed under every model. What comes on top is the price \
         of learning that there is something to read: an answer of the kernel for \
         many sockets at once, a signal with its handler and its pipe, a round of questions. \
         When all are ready at once it is shared by all, and polling looks its best.";

    ONE_TALKS = "One talks, 200 are silent";
    ONE_OF_201_TALKS =
        "To each server 200 clients are connected and silent; one more says \"hello\" and \
         waits for its \"HELLO\", over and over.";
    SOME_ASK_ALL_201 =
        "Polling and signals ask all 201 for the sake of one, so that an exchange costs more \
         with every client who says nothing. Threads, readiness and async learn who it \
         was: to them the 200 make no difference. That is why servers for many are built \
         like this.";

    CALLERS_COME_AND_GO = "Callers come and go";
    ONE_AFTER_THE_OTHER =
        "One after another they connect, say \"hello\", hear \"HELLO\", and leave.";
    WHO_COMES_MUST_BE_LET_IN =
        "Who comes must be let in, and who leaves must be noticed. A thread a client must be \
         made as well, with a stack, and taken down again; under the other models a \
         client is an entry in a table.";

    /// What is measured: a title with a row for each model below it.
    THREADS_WITH_32_CLIENTS = "Threads, with 32 clients";
    TIME_IN_AN_IDLE_SECOND = "Time on the processor, in an idle second";
    CALLS_IN_AN_IDLE_SECOND = "System calls, in an idle second";
    TIME_FOR_EACH_EXCHANGE = "Time on the processor, for each exchange";
    CALLS_FOR_EACH_EXCHANGE = "System calls, for each exchange";
    CALLS_FOR_EACH_CALLER = "System calls, for each caller";
    /// In place of a figure.
    NOT_SHOWN = "not shown: this system does not tell";
    NOBODY_MAY_TRACE = "not counted: nobody may trace a process here";
    TRACED_ON_LINUX_ONLY = "not counted: processes are traced on Linux only";

    /// An error.
    THE_SERVER_ANSWERED_SOMETHING_ELSE = "the server answered something else";
}
