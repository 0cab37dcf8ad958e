//! The words of this lesson's stories.

pub use netkata::words::{
    A_CLIENT, CLOSED_ITS_SIDE, CLOSES_WITH_A_RESET, HAS_RETURNED, NOT_CHECKED_HERE, THE_SERVER,
    THE_SERVER_WHEN_THEY_HAVE_GONE, WAITS_FOR_THE_END,
};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// The subject of a sentence that goes on. The names of functions stay.
    THE_BUSY_CLIENT = "the busy client";
    THE_GREETER = "the greeter";
    THE_TICKER = "the ticker";
    ONE_OF_THE_SHUTDOWNS = "one of the shutdowns";
    THE_SERVER_WITH_ONE_MORE_CLIENT = "the server, with one more client,";
    SHUTDOWN_WHILE_A_HANDLER_FINISHES = "shutdown, while a handler is in finish,";
    SHUTDOWN_IN_THREE_THREADS = "shutdown, in three threads at once";
    EACH_SHUTDOWN_WHILE_A_HANDLER_FINISHES =
        "each of three shutdowns, while a handler is in finish,";
    SERVE_FOREVER_WHILE_A_HANDLER_FINISHES = "serve_forever, while a handler is in finish,";
    SERVE_FOREVER_AFTER_SHUTDOWN = "serve_forever, after shutdown,";
    SHUTDOWN_BY_A_HANDLER = "shutdown, called by a handler of this server,";
    THE_HANDLER = "the handler that called shutdown";
    ITS_CLIENT = "its client";
    SHUTDOWN_BY_ANOTHER_SERVERS_HANDLER =
        "shutdown, called by a handler of another server, while a handler is in finish,";
    LOCAL_ADDR_IS_THE_SAME = "local_addr, after shutdown the same as before,";
    A_SECOND_SERVE_FOREVER = "a second serve_forever";
    THE_DEFAULT_PERIOD = "Ticker::default().period, in milliseconds";

    /// What the peer does or did; its name stands before it.
    ALL_CLIENTS_LEAVE = "all clients leave, and their descriptors are free again";
    ASKS_FOR_THE_TIME_LIMITS = "asks for the read and write timeouts of its handler's stream";
    CLOSES_ITS_SOCKET = "closes its socket";
    CLOSES_WITH_BYTES_UNREAD = "closes its socket with bytes unread";
    SPEAKS_AGAIN = "speaks again";
    CONNECTS_TO_LOCAL_ADDR = "connects to local_addr()";
    COUNTS_HANDLERS_AFTER_SHUTDOWN = "counts how many handlers were made until after shutdown";
    COUNTS_HANDLERS = "counts how many handlers were made";
    MEASURES_THE_TIME_OF_5_TICKS = "measures when 5 ticks come, one every 10 ms";
    CONNECTED_AND_LEFT_BEFORE_THE_SERVER_SERVES =
        "has connected twice before the server serves, and left, the second time with a reset";
    READS_NOTHING_FOR_LONG = "reads nothing for longer than any timeout of the stream";
    READS_100_TICKS = "reads 100 ticks, one every microsecond";
    WAITS_FOR_THE_FIRST_TICK = "waits for the first tick of one with the longest period";
    SEES_WHICH_STREAMS_END = "sees which streams end";
    HAVE_RESET_THEIR_CONNECTIONS =
        "has reset 8 connections; their handlers are in finish, 8 more wait in handle";
    SENDS_NAMES_AND_READS_NOTHING =
        "sends names until the greeter is stuck in write, and reads nothing";
    IS_SILENT_FOR_LONG = "is silent for longer than any timeout of the stream";
    ANOTHER_SERVER_HAS_THE_PORT = "another server listens on the port";
    THE_OTHER_SERVER = "the other server has";
    LOCAL_ADDR = "local_addr";
    NO_CLIENT = "no client";
    EACH_EARLIER_CLIENT = "each client that came before the last one";
    WAITS_FOR_ITS_ECHO = "sends something, and waits for its echo";
    NO_DESCRIPTOR_IS_FREE = "no descriptor is free for one more client";
    CONNECTS = "connects";
    CONNECTS_AND_IS_SILENT = "connects and sends nothing";
    CONNECTS_AND_ITS_SETUP_SHUTS_DOWN = "connects; the setup of its handler calls shutdown";
    CONNECTS_AND_SHUTS_DOWN = "connects; its handler calls shutdown";
    CONNECTS_AND_ITS_FINISH_SHUTS_DOWN = "connects; the finish of its handler calls shutdown";
    COUNTS_FINISHES = "counts how often finish ran";
    COUNTS_LATER_FINISHES = "counts how many more times finish ran";
    HAS_CONNECTED = "has connected; its handler is being made";
    IS_SILENT_FROM_NOW_ON = "sends nothing more; another client connects";
    LETS_20_CLIENTS_VANISH = "lets 20 clients connect and disconnect, and one more stay";
    LETS_THE_OTHERS_VANISH = "lets the others disconnect";
    LISTENS_TO_THE_END = "reads until the stream ends";
    TWENTY_CLIENTS_CONNECT = "connects 20 times, with shutdown close behind";
    STAYS_AND_IS_SENT_AWAY = "stays connected; shutdown(Both) on the server's own end";
    STAYS_AND_READS_NOTHING =
        "stays connected and reads nothing; the server's nonblocking stream has no room left";
    WAITS_FOR_ITS_ANSWER = "waits for its answer";
    WAITS_FOR_ITS_GREETING = "waits for its greeting";

    /// What the peer orders the functions of its handler to do.
    ORDERS_HANDLE_TO_RETURN = "orders handle to return";
    ORDERS_HANDLE_TO_ECHO = "orders handle to echo";
    ORDERS_HANDLE_TO_WRITE = "orders handle to write for ever";
    ORDERS_HANDLE_TO_READ = "orders handle to read for ever";
    ORDERS_SETUP_TO_FAIL = "orders setup to fail";
    ORDERS_SETUP_TO_PANIC = "orders setup to panic";
    ORDERS_HANDLE_TO_FAIL = "orders handle to fail";
    ORDERS_HANDLE_TO_PANIC = "orders handle to panic";
    ORDERS_FINISH_TO_ECHO = "orders finish to echo";
    ORDERS_FINISH_TO_FAIL = "orders finish to fail";
    ORDERS_FINISH_TO_PANIC = "orders finish to panic";
    ORDERS_HANDLE_AND_FINISH_TO_FAIL = "orders handle to fail, and then finish as well";
    ORDERS_HANDLE_AND_FINISH_TO_PANIC = "orders handle to panic, and then finish as well";
    /// Why a handler fails: the text of its error.
    ORDERED_BY_THE_CLIENT = "ordered by the client";

    /// What was found, or is expected; mostly the server does it.
    A_PERIOD_APART = "a period between two";
    TOO_SOON = "one too soon";
    A_TICK = "a tick";
    NO_TICK = "no tick";
    ALL_END = "all end";
    SOME_STAY_OPEN = "some stay open";
    COMPUTES_WITHOUT_END = "spins without end";
    IS_NO_LONGER_THERE = "has ended";
    LITTLE_MEMORY_IS_KEPT = "little memory is kept";
    MANY_STACKS_ARE_KEPT = "more than 100 stacks are kept";
    RESTS = "sleeps";
    SLEEPS_TOO_LONG = "sleeps for more than 100 ms at a time";
    SERVES_AGAIN = "serves again";
    SEES_THE_END = "sees it";
    STILL_WAITS = "still waits";
    ALL_GET_IT = "all get it";
    SOME_ARE_DISCONNECTED = "some are disconnected";

    /// Whole sentences.
    a_server_listens_on(address) = "a server listens on {address}";
}
