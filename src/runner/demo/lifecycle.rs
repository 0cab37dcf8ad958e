//! `demo lifecycle`: what the kernel holds of both ends of a connection, from the handshake to the end.
//!
//! The states on the screen are the kernel's own, read after each call, when they have come to rest.

#[expect(dead_code, reason = "the demonstration needs one of the lesson's functions")]
#[path = "../../../lessons/13_connection_lifecycle/naive.rs"]
mod naive;
#[expect(dead_code, reason = "the demonstration needs a few of the lesson's functions")]
#[path = "../../../lessons/13_connection_lifecycle/solution.rs"]
mod solution;

use std::io::{self, BufRead, Write};
use std::net::TcpStream;
use std::time::Duration;

pub use super::Options;
use super::act::{Act, Demonstration, Scene};
use super::ends::Ends;
use super::screen::{KERNEL, NORMAL, piece_words};
use super::stage::{PATIENCE, Piece, Who::Client, Who::Server};
use super::text::{Word, words};
use crate::TcpEnd;

/// Play all acts on `out`, in lines of at most `width` columns; a width of 0 means 80.
///
/// As for [`sticky::run`](super::sticky::run).
pub fn run(
    options: Options,
    width: usize,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<()> {
    LIFECYCLE.run(options, width, input, out)
}

const LIFECYCLE: Demonstration = Demonstration {
    subject: "The life of a TCP connection: the calls of both programs, and the kernel's view.",
    legend,
    timed: false,
    acts: &[
        Act {
            title: "The handshake",
            tries: "The server listens; the client connects and sends a question; only then does \
                    the server call accept.",
            scenes: &[Scene::Calls { title: "", script: handshake }],
            shows: "The kernels shake hands, not the programs. The connection was established, and \
                    took bytes, before the server knew of it: accept hands out what stands in line.",
        },
        Act {
            title: "The half-close",
            tries: "The client has asked all, says so with shutdown(Write), and still hears the \
                    answer.",
            scenes: &[Scene::Calls { title: "", script: half_close }],
            shows: "Each direction is closed by the side that sends in it. Between the two ends \
                    of the stream the server may answer for as long as it likes.",
        },
        Act {
            title: "Who closes first",
            tries: "Both close, one after the other. A server that was first then starts again, on \
                    the same port.",
            scenes: &[
                Scene::Calls { title: "The client is first", script: client_first },
                Scene::Calls {
                    title: "The server is first, and starts again",
                    script: server_first,
                },
            ],
            shows: "Who closes first is left in TIME-WAIT, for a minute on Linux, so that no \
                    straggler of this connection is taken for one of the next. If that is the \
                    server, its port is in use, unless it sets SO_REUSEADDR before bind, as Rust's \
                    TcpListener does on Unix.",
        },
        Act {
            title: "Last words, with bytes unread",
            tries: "The server answers without having read the question, and ends with the lesson's \
                    goodbye.",
            scenes: &[
                Scene::Calls { title: "The naive goodbye, a close", script: naive_goodbye },
                Scene::Calls { title: "The repaired goodbye", script: repaired_goodbye },
            ],
            shows: "A socket that is closed with bytes unread sends a reset: both ends are gone at \
                    once, and the client cannot know how much of the answer it has. The repaired \
                    goodbye first sends the end of the stream, and reads what is unread before it \
                    closes.",
        },
        Act {
            title: "Resets",
            tries: "The server ends the connection by force; then it closes in order, and the client \
                    goes on writing.",
            scenes: &[
                Scene::Calls { title: "A reset on purpose", script: reset },
                Scene::Calls { title: "Words for nobody", script: words_for_nobody },
            ],
            shows: "A reset leaves no TIME-WAIT, and one error, told once: who reads on finds an end \
                    of the stream that nobody sent. And a write that succeeds says that one's own \
                    kernel took the bytes: the first one drew the reset, the second one heard of it.",
        },
    ],
};

fn legend() -> Vec<Word> {
    let mut legend = piece_words(&[Piece::new('Q', QUESTION)]);
    legend.extend(words("are bytes that the client wrote,", NORMAL));
    legend.extend(piece_words(&[Piece::new('A', ANSWER)]));
    legend.extend(words("bytes that the server wrote.", NORMAL));
    if TcpEnd::can_be_seen() {
        legend.extend(words("After a call:", NORMAL));
        legend.extend(words("what the kernel holds", KERNEL));
        legend.extend(words(
            "of both ends (/proc/net/tcp), once it has come to rest, and where it is not as before.",
            NORMAL,
        ));
    } else {
        legend.extend(words(
            "What the kernel holds of both ends this system does not tell: only the calls are shown, \
             and what came of them.",
            NORMAL,
        ));
    }
    legend
}

const QUESTION: &[u8] = b"hello";
const ANSWER: &[u8] = b"HELLO";
const REFUSAL: &[u8] = b"too long";

// Act 1.

fn handshake(ends: &mut Ends) -> io::Result<()> {
    ends.listen()?;
    ends.connect()?;
    ends.write(Client, QUESTION)?;
    ends.accept()?;
    ends.read(Server)
}

// Act 2.

fn half_close(ends: &mut Ends) -> io::Result<()> {
    ends.meet()?;
    ends.write(Client, QUESTION)?;
    ends.finish(Client)?;
    ends.read(Server)?;
    ends.read(Server)?;
    ends.write(Server, ANSWER)?;
    ends.close(Server)?;
    ends.read(Client)?;
    ends.read(Client)
}

// Act 3.

fn client_first(ends: &mut Ends) -> io::Result<()> {
    ends.meet()?;
    ends.close(Client)?;
    ends.read(Server)?;
    ends.close(Server)
}

fn server_first(ends: &mut Ends) -> io::Result<()> {
    ends.meet()?;
    ends.close(Server)?;
    ends.read(Client)?;
    ends.close(Client)?;
    ends.listen_again(false)?;
    ends.listen_again(true)
}

// Act 4.

fn naive_goodbye(ends: &mut Ends) -> io::Result<()> {
    refuse(ends, naive::goodbye)
}

fn repaired_goodbye(ends: &mut Ends) -> io::Result<()> {
    refuse(ends, solution::goodbye)
}

/// Answer a question that nobody has read.
fn refuse(ends: &mut Ends, goodbye: fn(TcpStream, Duration) -> io::Result<bool>) -> io::Result<()> {
    ends.meet()?;
    ends.write(Client, QUESTION)?;
    ends.finish(Client)?;
    ends.write(Server, REFUSAL)?;
    ends.hand_over(Server, "goodbye", |stream| goodbye(stream, PATIENCE))?;
    ends.read_to_end(Client)
}

// Act 5.

fn reset(ends: &mut Ends) -> io::Result<()> {
    ends.meet()?;
    ends.hand_over(Server, "reset", solution::reset)?;
    ends.read(Client)?;
    ends.read(Client)?;
    ends.write(Client, QUESTION)
}

fn words_for_nobody(ends: &mut Ends) -> io::Result<()> {
    ends.meet()?;
    ends.close(Server)?;
    ends.write(Client, QUESTION)?;
    ends.write(Client, QUESTION)
}
