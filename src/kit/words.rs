//! The words of the kit, and those that the stories of several lessons share. The words of one lesson are in
//! its own `words.rs`, the sentences of the named causes in `cause.rs`.
//!
//! A graded test contains no prose: it names what happened, and the text is kept in one place. Its Chinese is in
//! a second file of the same names.

/// Define words by name: `NAME = "text";`, or `name(value) = "text with {value}";` where a story shows a
/// number, a name or another value.
///
/// The macro contains only data. The first kind becomes a `&'static str`, the second a function that returns a
/// `String`. With `also in zh;` at the beginning, the module `zh` defines the same names in Chinese: then the first
/// kind is a [`Text`](crate::Text), and both are in the language of the process.
///
/// A misspelt or missing name does not compile, and neither does a misspelt value; rustc warns of a name too
/// many and of a value that one text leaves out. `tests/languages.rs` compares the order of values, and
/// `tests/words.rs` finds words that are not used.
///
/// ```
/// mod zh {
///     netkata::words! {
///         THE_PEER_IS_SILENT = "对端没有动静";
///         clients_wait(number) = "{number} 个客户端在等待";
///     }
/// }
///
/// netkata::words! {
///     also in zh;
///
///     THE_PEER_IS_SILENT = "the peer is silent";
///     clients_wait(number) = "{number} clients wait";
/// }
///
/// assert_eq!(THE_PEER_IS_SILENT.as_str(), "the peer is silent");
/// assert_eq!(clients_wait(3), "3 clients wait");
/// ```
#[macro_export]
macro_rules! words {
    (also in $other:ident; $($(#[$note:meta])* $name:ident $(($($value:ident),+))? = $text:literal;)+) => {
        $($crate::words!(@both $other, $(#[$note])* $name $(($($value),+))? = $text);)+
    };
    ($($(#[$note:meta])* $name:ident $(($($value:ident),+))? = $text:literal;)+) => {
        $($crate::words!(@one $(#[$note])* $name $(($($value),+))? = $text);)+
    };
    (@both $other:ident, $(#[$note:meta])* $name:ident = $text:literal) => {
        $(#[$note])*
        pub const $name: $crate::Text = $crate::Text::new($text, $other::$name);
    };
    (@both $other:ident, $(#[$note:meta])* $name:ident($($value:ident),+) = $text:literal) => {
        $(#[$note])*
        pub fn $name($($value: impl ::std::fmt::Display),+) -> String {
            match $crate::Language::current() {
                $crate::Language::English => format!($text),
                $crate::Language::Chinese => $other::$name($($value),+),
            }
        }
    };
    (@one $(#[$note:meta])* $name:ident = $text:literal) => {
        $(#[$note])*
        #[allow(non_upper_case_globals, reason = "a cause is named like the variant of an enum")]
        pub const $name: &str = $text;
    };
    (@one $(#[$note:meta])* $name:ident($($value:ident),+) = $text:literal) => {
        $(#[$note])*
        #[allow(non_snake_case, reason = "a cause is named like the variant of an enum")]
        pub fn $name($($value: impl ::std::fmt::Display),+) -> String {
            format!($text)
        }
    };
}

#[path = "zh/words.rs"]
mod zh;

words! {
    also in zh;

    /// Subjects: the rest of the sentence follows them.
    THE_CALLER = "the caller";
    A_CLIENT = "a client";
    THE_CLIENT = "the client";
    THE_FIRST_CLIENT = "the first client";
    THE_SECOND_CLIENT = "the second client";
    THE_PEER = "the peer";
    THE_LISTENER = "the listener";
    THE_SERVER = "the server";
    THE_SERVER_WHEN_THEY_HAVE_GONE = "the server, after they have left,";
    THE_TEST = "the test";
    caller(number) = "new client {number}";
    client(number) = "client {number}";

    /// What the subject does or did; the subject stands before it.
    CLOSED_ITS_SIDE = "closed its side";
    CLOSES_WITH_A_RESET = "closes its socket with bytes unread: a reset";
    HAS_RETURNED = "has returned";
    HEARS = "receives";
    READS_TO_THE_END = "reads to the end";
    WAITS_FOR_THE_END = "waits for the end of the stream";

    /// What arrived, or must arrive.
    A_QUESTION = "a question";
    AN_ERROR = "an error";
    NOTHING = "nothing";
    REFUSED = "refused";
    nothing_yet(place) = "nothing yet: it waits {place}";
    SUCCESS = "success";
    THE_END_OF_THE_STREAM = "the end of the stream";
    /// The label of what must arrive.
    EXPECTED = "expected";

    /// Whole sentences.
    is_there_already(file) = "{file} already exists";
    THE_PEER_IS_SILENT = "the peer is silent";
    GOES_ON = "goes on";
    MORE_THAN_8_MIB_HELD = "more than 8 MiB of memory were in use at one time";
    another_program_saves(file) = "another program saves a file as {file}";
    ASKS_WHAT_IS_UNREAD = "counts the bytes of the file that were not read";
    THE_FILE_COMES_FROM_THE_PEER = "the file to send is on a network disk: its bytes come from the peer";
    the_sender_saw(bytes) = "the sender saw {bytes} bytes in the file";
    now_the_file_has(bytes) = "now it has {bytes}";
    NOT_CHECKED_HERE = "not checked here: this system has no /proc, or no such limits";

    // From here on the kit itself uses the words, in any lesson.

    /// The rows of a story: a label, and its text beside it. First what was sent, in pieces and with
    /// events between them, `05 00 │ (would block) │ 68`; at the end the number of pieces and what
    /// followed, `(2 segments, then closed its side)`.
    THE_PEER_SENT = "the peer sent";
    ARRIVED = "arrived";
    segments(number) = "{number} segments";
    then(what) = "then {what}";
    KEPT_THE_LINE_OPEN = "kept the connection open";
    RESET_THE_CONNECTION = "reset the connection";
    THE_STREAM_ENDED = "the stream ended";
    A_SIGNAL_INTERRUPTS = "a signal interrupts";
    THE_STREAM_TAKES_4_BYTES = "the stream takes 4 bytes and no more";
    A_SIGNAL_INTERRUPTS_THE_CALL = "a signal interrupts the call";
    WOULD_BLOCK = "would block";
    WAITS_FOR_YOU = "waits for you";
    YOUR_CODE_READS = "your code reads";
    /// An event among the pieces, and what is noted about them; two notes.
    event(what) = "({what})";
    noted(text, note) = "{text} ({note})";
    both(one, other) = "{one}, {other}";
    /// The label of everything that happened before.
    BEFORE_THAT = "before that";
    /// The labels of what the peer does, of what another subject does (the text names it), of a call.
    THE_PEER_NOW = "the peer now";
    AND_NOW = "and now";
    THE_TEST_CALLS = "the test calls";
    /// What the test calls, to see what a call has left in the stream.
    THE_NEXT_READ = "the next read";
    /// The labels of reads, of writes, and of other calls or of all calls in their order.
    YOUR_CODE_READ = "your code read";
    YOUR_CODE_WROTE = "your code wrote";
    YOUR_CODE_DID = "your code did";
    /// The label of what happened during the call.
    MEANWHILE = "meanwhile";
    /// The labels of the result of the call, or of what a peer did.
    AND_RETURNED = "and returned";
    AND_GOT = "and got";
    AND_FAILED_WITH = "and failed with";
    AND_PANICKED = "and panicked";
    ON_THE_WIRE = "on the wire";
    /// The label of a call that hangs; the place stands beside it (see [`IN_NO_SYSTEM_CALL`]).
    AND_HANGS = "and hangs";
    /// A label, and the text beside it.
    AND_NOW_WAITS = "and now waits";
    in_read(asked) = "in read({asked}), for bytes that never arrive";
    /// A label, and the text beside it.
    AND_GOES_ON = "and goes on";
    CALLING_WITHOUT_ANY_PROGRESS = "calling without any progress";
    RECEIVING_WHATEVER_ERROR = "receiving after every error";
    /// The expected result of a call that must fail, by the kind of the error.
    the_error(kind) = "the error {kind}";
    /// The label of threads and descriptors that were left behind.
    STILL_THERE = "still there";
    these(number, list) = "{number}: {list}";
    /// An entry that is repeated in a row, and how many entries of a long list are left out.
    times(what, number) = "{what} ({number} times)";
    left_out(number) = "… {number} more …";

    /// What is counted: the number, then the noun.
    one(noun) = "1 {noun}";
    several(number, noun) = "{number} {noun}s";
    BYTE = "byte";
    DESCRIPTOR = "descriptor";
    OTHER_CLIENT = "other client";
    THREAD = "thread";
    mebibytes(number) = "{number} MiB";
    kibibytes(number) = "{number} KiB";

    /// Where two values differ; it stands beside a mark, or after [`differs`].
    byte_differs(number, came, expected) = "byte {number} is {came}, expected {expected}";
    part_of(came, expected) = "{came} of {expected}";
    more_than_expected(more, expected) = "{more} more than the {expected} expected";
    differs(note) = "differs: {note}";

    /// Where a call is; "and hangs", "it waits" or "it is" stands before it. The names of system
    /// calls stay, and one in brackets follows the last of these.
    WITHOUT_EVER_RETURNING = "in code that does not return";
    IN_NO_SYSTEM_CALL = "in no system call: it spins in an endless loop";
    in_system_call(number) = "in system call {number}";
    in_call(call) = "in {call}";
    nobody_connects(call) = "in {call}, on a socket that no client connects to";
    nobody_reads(call) = "in {call}, on a socket whose peer does not read";
    nobody_sends(call) = "in {call}, on a socket that receives nothing";
    FOR_ANOTHER_THREAD = "in futex, for another thread";
    ASLEEP = "asleep";

    /// What a call in the background does or did; `place` is one of those above.
    stands(call, place) = "{call} is {place}";
    returned(call, what) = "{call} returned {what}";
    goes_on(call) = "{call} keeps running without any progress";

    /// The label of a panic in another thread. Its message and its place stand beside it, or the
    /// texts that replace them.
    PANICKED = "panicked";
    CHECK_PANICKED = "check panicked";
    A_PANIC_WITHOUT_A_MESSAGE = "a panic without a message";
    PLACE_UNKNOWN = "place unknown";
    INSIDE_THE_STANDARD_LIBRARY = "inside the standard library";

    /// A folder that receives files: what the test does, and what it finds there.
    LOOKS_AT_THE_FILES = "checks the files";
    before_the_last_byte(files) = "before the last byte arrives, the folder holds {files}";
    another_name_in(folder) = "{folder}/(another name)";

    /// Whole sentences about a TCP peer.
    calls(name) = "{name} connects";
    says(name, what) = "{name} sends {what}";
    hangs_up(name) = "{name} closes its sending side";
    resets_the_connection(name) = "{name} resets the connection";
    /// What a TCP peer does, before the result; its name stands before it.
    HAS_HEARD_NOTHING_YET = "has received nothing yet";
    listens_for(bytes) = "waits for {bytes}";
    LISTENS_UNTIL_THE_OTHER_HANGS_UP = "reads until the other side closes";
    WAITS_FOR_A_CALL = "waits for a connection";
    /// What arrived: connections, then bytes.
    ONE = "one";
    NONE_WILL_COME = "none, and none will arrive";
    NOTHING_WILL_COME = "nothing, and nothing will arrive";
    NOTHING_MORE = "nothing more";
    and_then(what, then) = "{what}, then {then}";

    /// A UDP peer.
    THE_WAKER = "the waker";
    /// What a UDP peer does; its name stands before it.
    LISTENS = "waits for data";
    sends(datagram) = "sends {datagram}";
    /// What arrived.
    from_a_stranger(datagram) = "{datagram}, from a socket that it never sent to";
    NOTHING_BUT_PORT_UNREACHABLE = "only ICMP: port unreachable";
    /// Whole sentences; `serve` is a function, and the quoted text goes over the wire.
    sends_until_it_hears(name, datagram) = "{name} sends {datagram} until a reply arrives";
    begins_to_send_noise(name) = "{name} starts to send \"noise\" in a loop";
    SERVE_BEGINS = "serve begins";
    THE_SOCKET_NO_LONGER_WAITS =
        "the socket is nonblocking now: a receive that finds nothing returns WouldBlock";
    /// The settings of a socket.
    connected_to(socket, whom) = "{socket}, connected to {whom}";
    A_SOCKET_THAT_DOES_NOT_WAIT = "a nonblocking socket";
    A_SOCKET_THAT_WAITS_FOR_EVER = "a blocking socket without a timeout";
    a_socket_that_waits(seconds) = "a blocking socket with a timeout of {seconds} s";
    ONE_PEER = "one peer";
    NOBODY = "no peer";

    /// A crowd of clients: the name of a client, and beside it what it did and what it got.
    CONNECTED = "connected";
    sent(what) = "sent {what}";
    DOES_NOT_READ = "does not read";
    READS_AGAIN = "reads again";
    READS_SLOWLY = "reads slowly";
    CLOSED_ITS_SENDING_SIDE = "closed its sending side";
    LEFT = "disconnected";
    got(what) = "got {what}";
    GOT_NOTHING = "got nothing";
    GOT_PART_OF_IT = "got a part of it";
    GOT_AS_MANY_BYTES = "got the same number of bytes";
    GOT_MORE_THAN_THAT = "got more bytes than that";
    /// The label of the number of other clients.
    AND = "and";

    /// What a client must get, or see: whole sentences.
    can_connect(client) = "{client} can connect";
    gets(client, what) = "{client} gets {what}";
    ALL_OF_ITS_ANSWER = "its whole answer, in order";
    sees_the_end_of_the_stream(client) = "{client} sees the end of the stream";
    sees_the_end_of_its_connection(client) = "{client} sees the end of its connection";
    /// A label; the bytes that the client got instead stand beside it.
    what_it_got(client) = "{client} got";
    /// A label; beside it stands what happened then.
    THEN = "then";
    got_more_bytes_than_its_answer(client) = "{client} got more bytes than its answer has";
    ITS_STREAM_STOP_ENDED = "its stream `stop` ended";

    /// The labels of a failed turn; `turn` is a function.
    TURN_FAILED = "turn failed";
    TURN_HANGS = "turn hangs";
    TURN_PANICKED = "turn panicked";

    /// What the server does; `call` is the function that runs it.
    waits(call, place) = "{call} waits {place}";
    sleeps_and_looks(call) = "{call} sleeps, checks, and sleeps again";
    computes_in_vain(call) = "{call} spins without any progress";
    computes_too_much(call) = "{call} uses more than a fifth of a processor";
    sleeps_longer(call, most) = "{call} sleeps for more than {most} ms at a time";
    it_sleeps_at_most(most) = "it sleeps for at most {most} ms at a time";
    is_told_to_stop(call) = "{call} is asked to stop";
    /// What the server must do then.
    IT_ENDS_EVERY_CONNECTION = "it closes every connection and returns";
    IT_RETURNS_SUCCESS = "it returns success: it was asked to stop";
    CALLERS_ARE_REFUSED = "from now on new connections are refused";
    /// In place of the last line of a server in its own process, if it printed none.
    THE_PROCESS_ENDED_WITHOUT_A_WORD = "the process ended without a message";

    /// The label of a random input, and which one it is; `variable=seed` is for the shell.
    RANDOM_INPUT = "random input";
    number_of(number, cases, variable, seed) =
        "number {number} of {cases} from {variable}={seed}, made as small as possible";

    /// A separate line, where the system reports less than Linux.
    NOBODY_COUNTS = "this system has no /proc: threads and descriptors are not counted";

    /// What a lesson's programs print when they cannot start or have failed; `list`, the roles and
    /// `--port` are for the shell.
    ERROR = "error";
    EXPECTED_A_PROGRAM = "expected `list`, or a role, a name and an address";
    no_such_program(role, name) = "there is no `{role}` program named `{name}`";
    not_an_address(address) = "`{address}` is not an address such as 127.0.0.1:9000";
    port_is_taken(address) =
        "failed to listen on {address}: another program uses this port; stop it, or choose another \
         with --port";
    port_is_in_time_wait(address, seconds) =
        "failed to listen on {address}: no program uses this port, but the kernel keeps it for a \
         connection that has ended (TIME-WAIT), for {seconds} more seconds; wait, or choose another with --port";
    nobody_listens(address) =
        "failed to connect to {address}: no program listens there; start the server first, in another \
         terminal";
    failed(role, name, address, error) = "{role} {name} failed on {address}: {error}";
}
