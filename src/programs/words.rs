//! The words of the checks of programs.

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// The command line of a program under test.
    NO_COMMAND = "the command is empty; name a program, as in --program 'python3 server.py {port}'";
    quote_without_end(line) = "a quotation in `{line}` has no end";
    failed_to_start(program, error) = "failed to start `{program}`: {error}; is it installed, and is the name right?";
    nothing_listens(address) = "nothing listens on {address}: start your server first, in another terminal";
    ended_before_it_listened(how) =
        "your program ended before it listened ({how}); what it printed says why";
    never_listened(seconds, port) =
        "your program did not listen within {seconds} seconds; its port is in its command line: {port}";
    machine_lacks(error) = "this machine cannot start a program now: {error}";

    /// How a process has ended.
    exit_status(code) = "with exit status {code}";
    signal(number) = "by signal {number}";

    /// The rows of a story, and what stands in them.
    YOUR_PROGRAM = "your program";
    IT_PRINTED = "it printed";
    IN_THE_FOLDER = "in the folder";
    touched(mebibytes) = "has touched {mebibytes} MiB of memory meanwhile";
    REMOVES_THE_TEMPORARY_FILE = "removes the temporary file";
    LINE = "line";
    and_so_on(beginning) = "{beginning} and so on";
    and_before(lines) = "… {lines} before …";
    in_segments(sent, segments) = "{sent} ({segments})";
    ITS_PORT_IS_CLOSED = "its port is closed";
    NOW_ITS_PORT_IS_OPEN = "now its port is open";
    ACCEPTED = "accepted your program's connection";
    WAS_RESET = "was reset";
    WAS_DISCONNECTED = "was disconnected";
    now_got(name) = "{name} got";
    has_ended(how) = "has ended {how}";
    RUNS = "runs";
    is_at(place) = "is {place}";
    has_threads(places) = "has several threads: {places}";
    types(text) = "types {text}";
    ENDS_THE_INPUT = "ends the input";
    cannot_connect(error) = "cannot connect: {error}";
    STOPS_IT = "stops your program";
    CONTINUES_IT = "continues it";
    leaves_descriptors(number) = "leaves it {number} free descriptors";
    has_descriptors(number) = "has {number} descriptors open";
    TOOK_ALL = "took all of it";
    keeps(bytes) = "has read {bytes} that it has not answered";
    NO_CONNECTION_COMES = "waits for a connection, and none comes";

    /// What must happen.
    A_LINE = "a line";
    A_DATAGRAM = "a datagram";
    A_RESET = "a reset";
    from_another_address(bytes) = "{bytes} from another address";
    FROM_ITS_PARTNER = "a datagram from the address that it has sent to";
    THE_END_OF_THE_CONNECTION = "the end of the connection";
    STILL_CONNECTED = "to be still connected";
    fewer_than(bytes) = "fewer than {bytes}";
    IT_ENDS = "your program ends";
    IT_WAITS = "your program waits";
    IT_STILL_RUNS = "your program still runs";
    on_a_line_each(texts) = "printed, each on a line of its own: {texts}";
    at_most_descriptors(number) = "at most {number} descriptors open, as before";
    sleeps_at_most(milliseconds) = "your program sleeps at most {milliseconds} ms at a time";
    THE_PEER_WAITS = "TCP makes the peer wait until its answers are read";
    IT_ENDS_WITH_AN_ERROR = "your program ends, with an exit status other than 0";
    not_printed(text) = "not printed: {text}";

    /// The names of peers.
    THE_SENDER = "the sender";
    THE_RECEIVER = "the receiver";
    FIRST_CLIENT = "first client";
    SECOND_CLIENT = "second client";
    THIRD_CLIENT = "third client";
    FOURTH_CLIENT = "fourth client";
    FIFTH_CLIENT = "fifth client";
    LAST_CLIENT = "last client";
    NEXT_CLIENT = "next client";
    LEAVING_CLIENT = "leaving client";
    STAYING_CLIENT = "staying client";
    FIRST_CALLER = "first caller";
    SECOND_CALLER = "second caller";
    THIRD_CALLER = "third caller";
    NEXT_CALLER = "next caller";
    SILENT_CALLER = "silent caller";
    HASTY_CALLER = "hasty caller";
    FIRST_SENDER = "first sender";
    SECOND_SENDER = "second sender";
    THIRD_SENDER = "third sender";
    NEXT_SENDER = "next sender";
    FIRST_LEAVER = "first leaver";
    SECOND_LEAVER = "second leaver";
    silent(number) = "silent {number}";
    THE_FIRST = "the first";
    THE_SECOND = "the second";
    THE_NEXT = "the next";
    THE_OTHER = "the other";
    THE_LAST = "the last one";
    A_STRANGER = "an unknown sender";
    ANOTHER_PORT = "another port";
    ANOTHER_HOST = "another host";

    /// What happens, and what must happen.
    AN_ANSWER = "any answer";
    TWO_SECONDS_OF_SILENCE = "two seconds of silence";
    SENDS_MANY_LINES = "sends many lines of 1000 bytes";
    SENDS_NOISE = "sends noise all the time";
    EACH_TICK_IS_PRINTED = "each tick is printed";
    FORTY_ARE_WELCOMED = "40 clients are welcomed";
    A_CHALLENGE = "a challenge";
    IS_SILENT = "is silent";
    READS_LATE = "reads late";
    WITH_A_CHILD = "with a child";
    LEAVES_A_CHILD = "leaves a child";
    IGNORES_SIGNALS = "ignores signals";
    CLOSES_OUTPUTS = "closes outputs";
}
