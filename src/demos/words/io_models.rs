//! The words of `demo io-models`.

pub use super::COMMA;

#[path = "zh/io_models.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What is shown, and how to read it.
    SUBJECT = "Five I/O models: one echo server, five ways to wait, over real TCP sockets.";
    EACH_SERVER_IS_A_PROCESS =
        "Each server is a small program in its own process, compiled like an exercise, without \
         optimization. The threads and the processor time are those that the kernel reports of \
         that process in /proc. System calls are counted as strace counts them, by tracing a \
         second process (ptrace), which is not timed, because tracing slows it down. All of this \
         is measured now, within a few seconds.";

    /// The acts, each with its title, what is tried, and what that shows. The quoted text
    /// goes over the wire, and stays. A sentence about what was measured may stand before what
    /// an act shows, or be missing.
    NOBODY_SAYS_ANYTHING = "No client sends anything";
    ALL_32_ARE_SILENT = "32 clients connect to each server, and are silent.";
    /// Only if this was measured; the sentence behind it follows in any case.
    WAITING_IN_THE_KERNEL_COSTS_NOTHING =
        "A server that waits in the kernel costs nothing while nothing arrives.";
    POLLING_CANNOT_WAIT =
        "One thread per client costs a stack per client. The polling server cannot wait: it \
         sleeps, wakes up, polls every client, and finds nothing.";

    EVERYBODY_TALKS = "All clients talk";
    ALL_32_TALK =
        "The 32 clients send \"hello\" at the same time, wait for their \"HELLO\", and start \
         again.";
    A_READ_AND_A_WRITE_ARE_NEEDED =
        "Every model needs one read and one write. The rest is the price of learning that \
         there is something to read: one answer of the kernel for many sockets, a signal \
         with its handler and its pipe, or a round of polling.";
    /// Behind it, if this was measured.
    ALL_SHARE_THE_PRICE =
        "When all clients are ready at once they share this price, and polling looks its best.";

    ONE_TALKS = "One talks, 200 are silent";
    ONE_OF_201_TALKS =
        "Each server has 200 clients that are connected and silent; one more sends \"hello\" \
         and waits for its \"HELLO\", again and again.";
    SOME_ASK_ALL_201 =
        "Polling and signals poll all 201 clients to find one, so each silent client adds to \
         every exchange. Threads, readiness and async learn which client it was. This is why \
         servers for many clients are built like this.";

    CALLERS_COME_AND_GO = "Clients come and go";
    ONE_AFTER_THE_OTHER =
        "One after another they connect, send \"hello\", receive \"HELLO\", and disconnect.";
    WHO_COMES_MUST_BE_LET_IN =
        "Under every model a new client must be accepted, and its departure noticed. The rest \
         of the cost depends on what the model keeps for a client: a thread and its stack, \
         settings for signals, a registration, a task, or only an entry in a list.";
    /// What follows from the figures of this act: one of these two.
    A_THREAD_FOR_EACH_CALLER_COSTS_MOST =
        "The most calls are those of threads: for each client a thread and its stack are created, \
         and destroyed when it leaves.";
    costs_more_than_threads(model) =
        "The most calls are those of {model}: more than a new thread and its stack for each client.";

    /// Which models had most and least, and how much: system calls, or processor time. Models with
    /// the same figure are joined by the comma.
    extreme_calls(most, its, fewest, theirs) =
        "Most system calls here: {most} ({its}); fewest: {fewest} ({theirs}).";
    extreme_times(most, its, least, theirs) =
        "Most processor time here: {most} ({its}); least: {least} ({theirs}).";

    /// What is measured: a title with a row for each model below it.
    THREADS_WITH_32_CLIENTS = "Threads, with 32 clients";
    TIME_IN_AN_IDLE_SECOND = "Processor time, in an idle second";
    CALLS_IN_AN_IDLE_SECOND = "System calls, in an idle second";
    TIME_FOR_EACH_EXCHANGE = "Processor time, for each exchange";
    CALLS_FOR_EACH_EXCHANGE = "System calls, for each exchange";
    CALLS_FOR_EACH_CALLER = "System calls, for each client";
    /// In place of a figure.
    NOT_SHOWN = "not shown: this system does not report it";
    NOBODY_MAY_TRACE = "not counted: tracing a process is forbidden here";
    TRACED_ON_LINUX_ONLY = "not counted: processes are traced on Linux only";

    /// An error.
    THE_SERVER_ANSWERED_SOMETHING_ELSE = "the server sent another answer";
}
