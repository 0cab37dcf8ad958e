//! The words of the kit, and those of the stories that more than one lesson tells. Those of one lesson alone
//! stand in its own `words.rs`, those of the named causes in `cause.rs`.
//!
//! A graded test holds no prose: it names what happened, and the words for it stand in one place. A second
//! language is a second file with the same names.

/// Define words by name: `NAME = "text";`, or `name(value) = "text with {value}";` where a story says how
/// many, who or what.
///
/// Nothing but data stands in it; the first kind is a `&'static str`, the second a function that returns a
/// `String`. A name that is misspelt and a value that the text leaves out do not compile; words that nobody
/// says are found by `tests/words.rs`.
///
/// ```
/// netkata::words! {
///     THE_PEER_IS_SILENT = "the peer is silent";
///     callers_wait(number) = "{number} callers wait";
/// }
///
/// assert_eq!(THE_PEER_IS_SILENT, "the peer is silent");
/// assert_eq!(callers_wait(3), "3 callers wait");
/// ```
#[macro_export]
macro_rules! words {
    ($($(#[$note:meta])* $name:ident $(($($value:ident),+))? = $text:literal;)+) => {
        $($crate::words!(@one $(#[$note])* $name $(($($value),+))? = $text);)+
    };
    (@one $(#[$note:meta])* $name:ident = $text:literal) => {
        $(#[$note])*
        pub const $name: &str = $text;
    };
    (@one $(#[$note:meta])* $name:ident($($value:ident),+) = $text:literal) => {
        $(#[$note])*
        pub fn $name($($value: impl ::std::fmt::Display),+) -> String {
            format!($text)
        }
    };
}

words! {
    /// Who acts: the subject of a sentence that goes on.
    THE_CALLER = "the caller";
    THE_CLIENT = "the client";
    THE_FIRST_CLIENT = "the first client";
    THE_SECOND_CLIENT = "the second client";
    THE_PEER = "the peer";
    THE_SERVER = "the server";
    THE_SERVER_WHEN_THEY_HAVE_GONE = "the server, when they have gone,";
    THE_TEST = "the test";
    caller(number) = "caller {number}";
    client(number) = "client {number}";

    /// What somebody does or did; who it was stands before it.
    CLOSED_ITS_SIDE = "closed its side";
    HAS_RETURNED = "has returned";
    HEARS = "hears";
    READS_TO_THE_END = "reads to the end";
    WAITS_FOR_THE_END = "waits for the end of the stream";

    /// What came, or has to come.
    A_QUESTION = "a question";
    AN_ERROR = "an error";
    NOTHING = "nothing";
    REFUSED = "refused";
    nothing_yet(place) = "nothing yet: it waits {place}";
    SUCCESS = "success";
    THE_END_OF_THE_STREAM = "the end of the stream";
    /// The label of what has to come.
    EXPECTED = "expected";

    /// Whole sentences.
    is_there_already(file) = "{file} is there already";
    THE_PEER_IS_SILENT = "the peer is silent";
    MORE_THAN_8_MIB_HELD = "at one time more than 8 MiB were held";
    the_sender_saw(bytes) = "the sender saw {bytes} bytes in the file";
    now_the_file_has(bytes) = "now it has {bytes}";
    NOT_CHECKED_HERE = "not checked here: this system has no /proc, or no such limits";

    // From here on the kit says it, in any lesson.

    /// The rows of a story: a label, and beside it what is told. First what was sent, in pieces and
    /// with events among them, `05 00 │ (would block) │ 68`; at the end how many pieces there were
    /// and what followed, `(2 segments, then closed its side)`.
    THE_PEER_SENT = "the peer sent";
    ARRIVED = "arrived";
    segments(number) = "{number} segments";
    then(what) = "then {what}";
    KEPT_THE_LINE_OPEN = "kept the line open";
    RESET_THE_CONNECTION = "reset the connection";
    THE_STREAM_ENDED = "the stream ended";
    A_SIGNAL_INTERRUPTS = "a signal interrupts";
    WOULD_BLOCK = "would block";
    WAITS_FOR_YOU = "waits for you";
    YOUR_CODE_READS = "your code reads";
    /// The label of all that happened before.
    BEFORE_THAT = "before that";
    /// The labels of what the peer does, of what somebody else does (the text says who), of a call.
    THE_PEER_NOW = "the peer now";
    AND_NOW = "and now";
    THE_TEST_CALLS = "the test calls";
    /// What the test calls, in order to see what a call has left.
    THE_NEXT_READ = "the next read";
    /// The labels of reads, of writes, and of other calls or all of them in their order.
    YOUR_CODE_READ = "your code read";
    YOUR_CODE_WROTE = "your code wrote";
    YOUR_CODE_DID = "your code did";
    /// The label of what others did during the call.
    MEANWHILE = "meanwhile";
    /// The labels of what came of the call, or of what a peer did.
    AND_RETURNED = "and returned";
    AND_GOT = "and got";
    AND_FAILED_WITH = "and failed with";
    AND_PANICKED = "and panicked";
    ON_THE_WIRE = "on the wire";
    /// The label of a call that hangs; where it does stands beside it (see [`IN_NO_SYSTEM_CALL`]).
    AND_HANGS = "and hangs";
    /// A label, and what stands beside it.
    AND_NOW_WAITS = "and now waits";
    in_read(asked) = "in read({asked}), for bytes that never come";
    /// A label, and what stands beside it.
    AND_GOES_ON = "and goes on";
    CALLING_WITHOUT_ANY_PROGRESS = "calling without any progress";
    RECEIVING_WHATEVER_ERROR = "receiving, whatever error it gets";
    /// What a call has to come to, by the kind of the error.
    the_error(kind) = "the error {kind}";
    /// The label of threads and descriptors that were left behind.
    STILL_THERE = "still there";
    /// What was told so many times in a row, and how much of a long list is left out.
    times(what, number) = "{what} ({number} times)";
    left_out(number) = "… {number} more …";

    /// What is counted: a number, then the noun.
    one(noun) = "1 {noun}";
    several(number, noun) = "{number} {noun}s";
    BYTE = "byte";
    DESCRIPTOR = "descriptor";
    OTHER_CLIENT = "other client";
    THREAD = "thread";
    mebibytes(number) = "{number} MiB";
    kibibytes(number) = "{number} KiB";

    /// Where two values differ; it stands beside a mark, or behind [`differs`].
    byte_differs(number, came, expected) = "byte {number} is {came}, expected {expected}";
    part_of(came, expected) = "{came} of {expected}";
    more_than_expected(more, expected) = "{more} more than the {expected} expected";
    differs(note) = "differs: {note}";

    /// Where a call stands; "and hangs", "it waits" or "it is" stands before it. The names of
    /// system calls stay, and one in brackets follows the last of these.
    WITHOUT_EVER_RETURNING = "without ever returning";
    IN_NO_SYSTEM_CALL = "in no system call: it is computing, in a loop that does not end";
    in_system_call(number) = "in system call {number}";
    in_call(call) = "in {call}";
    nobody_connects(call) = "in {call}, on a socket that nobody connects to";
    nobody_reads(call) = "in {call}, on a socket that nobody reads from";
    nobody_sends(call) = "in {call}, on a socket that nobody sends to";
    FOR_ANOTHER_THREAD = "for another thread (futex)";
    ASLEEP = "asleep";

    /// What a call in the background does or did; `place` is one of those above.
    stands(call, place) = "{call} is {place}";
    returned(call, what) = "{call} returned {what}";
    goes_on(call) = "{call} goes on without any progress";

    /// The label of a panic in another thread. Its message and its place stand beside it, or what
    /// stands for them.
    PANICKED = "panicked";
    A_PANIC_WITHOUT_A_MESSAGE = "a panic without a message";
    PLACE_UNKNOWN = "place unknown";
    INSIDE_THE_STANDARD_LIBRARY = "inside the standard library";

    /// A folder that files are received into: what the test does, and finds there.
    LOOKS_AT_THE_FILES = "looks at the files";
    before_the_last_byte(files) = "before the last byte there is {files}";
    another_name_in(folder) = "{folder}/(another name)";

    /// Whole sentences on somebody who speaks TCP.
    calls(name) = "{name} calls";
    says(name, what) = "{name} says {what}";
    hangs_up(name) = "{name} hangs up: it closes its sending side";
    resets_the_connection(name) = "{name} resets the connection";
    /// What somebody who speaks TCP does, before what came of it; who it is stands before it.
    HAS_HEARD_NOTHING_YET = "has heard nothing yet";
    listens_for(bytes) = "listens for {bytes}";
    LISTENS_UNTIL_THE_OTHER_HANGS_UP = "listens until the other side hangs up";
    WAITS_FOR_A_CALL = "waits for a call";
    /// What came: of calls, then of bytes.
    ONE = "one";
    NONE_WILL_COME = "none, and none will come";
    NOTHING_WILL_COME = "nothing, and nothing will come";
    NOTHING_MORE = "nothing more";
    and_then(what, then) = "{what}, then {then}";

    /// Somebody who speaks UDP.
    THE_WAKER = "the waker";
    /// What somebody who speaks UDP does; who it is stands before it.
    LISTENS = "listens";
    sends(datagram) = "sends {datagram}";
    /// What came.
    from_a_stranger(datagram) = "{datagram}, from a socket that it never spoke with";
    NOTHING_BUT_PORT_UNREACHABLE = "nothing but ICMP: port unreachable";
    /// Whole sentences; `serve` is a function, and what is quoted goes over the wire.
    sends_until_it_hears(name, datagram) = "{name} sends {datagram} until it hears";
    begins_to_send_noise(name) = "{name} begins to send \"noise\", again and again";
    SERVE_BEGINS = "serve begins";
    THE_SOCKET_NO_LONGER_WAITS =
        "the socket no longer waits: a receive that finds nothing is WouldBlock";
    /// How a socket is set.
    connected_to(socket, whom) = "{socket}, connected to {whom}";
    A_SOCKET_THAT_DOES_NOT_WAIT = "a socket that does not wait";
    A_SOCKET_THAT_WAITS_FOR_EVER = "a socket that waits for ever";
    a_socket_that_waits(seconds) = "a socket that waits for {seconds} s";
    ONE_PEER = "one peer";
    NOBODY = "nobody";

    /// A crowd of clients: the name of one, and beside it a list of what it did and what it got.
    CONNECTED = "connected";
    sent(what) = "sent {what}";
    DOES_NOT_READ = "does not read";
    READS_AGAIN = "reads again";
    READS_SLOWLY = "reads slowly";
    CLOSED_ITS_SENDING_SIDE = "closed its sending side";
    LEFT = "left";
    got(what) = "got {what}";
    GOT_NOTHING = "got nothing";
    GOT_PART_OF_IT = "got part of it";
    GOT_AS_MANY_BYTES = "got as many bytes";
    GOT_MORE_THAN_THAT = "got more than that";
    /// The label of how many more there are.
    AND = "and";

    /// What a client has to get, or to see: whole sentences.
    can_connect(client) = "{client} can connect";
    gets(client, what) = "{client} gets {what}";
    ALL_OF_ITS_ANSWER = "all of its answer, in order";
    sees_the_end_of_the_stream(client) = "{client} sees the end of the stream";
    sees_the_end_of_its_connection(client) = "{client} sees the end of its connection";
    /// A label; what the client got instead stands beside it.
    what_it_got(client) = "{client} got";
    /// A label; beside it stands what happened then.
    THEN = "then";
    got_more_bytes_than_its_answer(client) = "{client} got more bytes than its answer has";
    ITS_STREAM_STOP_ENDED = "its stream `stop` ended";

    /// The labels of a turn that went wrong; `turn` is a function.
    TURN_FAILED = "turn failed";
    TURN_HANGS = "turn hangs";
    TURN_PANICKED = "turn panicked";

    /// What the server does; `call` is the function that serves.
    waits(call, place) = "{call} waits {place}";
    sleeps_and_looks(call) = "{call} sleeps, looks and sleeps again";
    computes_in_vain(call) = "{call} computes, and nothing comes of it";
    computes_too_much(call) = "{call} computes for more than a fifth of the time";
    is_told_to_stop(call) = "{call} is told to stop";
    /// What is expected of it then.
    IT_ENDS_EVERY_CONNECTION = "it ends every connection and returns";
    IT_RETURNS_SUCCESS = "it returns success: it was asked to end";
    CALLERS_ARE_REFUSED = "from then on callers are refused";
    /// The last words of a server in a process of its own that left none.
    THE_PROCESS_ENDED_WITHOUT_A_WORD = "the process ended without a word";

    /// The label of an input that nobody chose, and which it is; `variable=seed` is for the shell.
    RANDOM_INPUT = "random input";
    number_of(number, cases, variable, seed) =
        "number {number} of {cases} from {variable}={seed}, made as small as still fails";

    /// A line of its own, where the system tells less than Linux.
    NOBODY_COUNTS = "there is no /proc here: nobody counts threads and descriptors";

    /// What a lesson's programs say when they cannot start or have failed; `list`, the roles and
    /// `--port` are for the shell.
    EXPECTED_A_PROGRAM = "expected `list`, or a role, a name and an address";
    no_such_program(role, name) = "there is no `{role}` program named `{name}`";
    not_an_address(address) = "`{address}` is not an address such as 127.0.0.1:9000";
    port_is_taken(address) =
        "failed to listen on {address}: another program has this port; end it, or choose another \
         with --port";
    nobody_listens(address) =
        "failed to connect to {address}: nobody listens there; start the server first, in another \
         terminal";
    failed(role, name, address, error) = "{role} {name} failed on {address}: {error}";
}
