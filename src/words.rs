//! The words of the stories that more than one lesson tells; those of one lesson alone stand in its own
//! `words.rs`.
//!
//! A graded test holds no prose: it names what happened, and the words for it stand in one place. A second
//! language is a second file with the same names.

/// Define words by name: `NAME = "text";`, or `name(value) = "text with {value}";` where a story says how
/// many, who or what.
///
/// Nothing but data stands in it; the first kind is a `&'static str`, the second a function that returns a
/// `String`. A name that is misspelt, a value that the text leaves out and words that nobody uses do not
/// compile, or warn.
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
}
