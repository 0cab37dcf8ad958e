//! `demo lifecycle`: what the kernel holds for both ends of a connection, from the handshake to the end.
//!
//! The states on the screen are the kernel's own, read after each call when they are stable.

#[expect(dead_code, reason = "the demonstration needs one of the lesson's functions")]
#[path = "../../lessons/13_connection_lifecycle/naive.rs"]
mod naive;

use std::io;
use std::net::{Shutdown, TcpStream};

use netkata::TcpEnd;

use super::act::{Act, Demonstration, Scene, Shows, UNTITLED};
use super::bilingual::both;
use super::ends::Ends;
use super::event::{Example, Legend, Piece, Side::Client, Side::Server, shown};
use super::stage::{self, TIMEOUT};
use super::words::lifecycle as words;

/// The demonstration.
pub static DEMONSTRATION: Demonstration = Demonstration {
    subject: words::SUBJECT,
    legend,
    timed: false,
    acts: &[
        Act {
            title: words::THE_HANDSHAKE,
            tries: words::ACCEPT_COMES_LAST,
            scenes: &[Scene::Calls { title: UNTITLED, script: handshake }],
            shows: Shows::Always(words::THE_KERNELS_SHAKE_HANDS),
        },
        Act {
            title: words::THE_HALF_CLOSE,
            tries: words::THE_CLIENT_HAS_ASKED_ALL,
            scenes: &[Scene::Calls { title: UNTITLED, script: half_close }],
            shows: Shows::Always(words::EACH_DIRECTION_IS_CLOSED),
        },
        Act {
            title: words::WHO_CLOSES_FIRST,
            tries: words::BOTH_CLOSE,
            scenes: &[
                Scene::Calls { title: words::THE_CLIENT_IS_FIRST, script: client_first },
                Scene::Calls { title: words::THE_SERVER_IS_FIRST, script: server_first },
            ],
            shows: Shows::Always(words::WHO_IS_FIRST_IS_LEFT_IN_TIME_WAIT),
        },
        Act {
            title: words::LAST_WORDS,
            tries: words::AN_ANSWER_TO_WHAT_IS_UNREAD,
            scenes: &[
                Scene::Calls { title: words::THE_NAIVE_GOODBYE, script: naive_goodbye },
                Scene::Calls { title: words::THE_REPAIRED_GOODBYE, script: fixed_goodbye },
            ],
            shows: Shows::Always(words::A_CLOSE_WITH_BYTES_UNREAD_RESETS),
        },
        Act {
            title: words::RESETS,
            tries: words::BY_FORCE_AND_IN_ORDER,
            scenes: &[
                Scene::Calls { title: words::A_RESET_ON_PURPOSE, script: reset },
                Scene::Calls { title: words::WORDS_FOR_NOBODY, script: writes_after_close },
            ],
            shows: Shows::Always(words::A_RESET_IS_TOLD_ONCE),
        },
    ],
};

fn legend() -> Legend {
    let examples = [vec![Piece::new('Q', QUESTION)], vec![Piece::new('A', ANSWER)]];
    let text = both(|| {
        let [question, answer] = examples.each_ref().map(|pieces| shown(pieces));
        match TcpEnd::can_be_seen() {
            true => words::legend(question, answer, words::THE_KERNELS_STATE),
            false => words::legend_of_calls(question, answer),
        }
    });
    let mut examples: Vec<Example> = examples.into_iter().map(Example::Bytes).collect();
    if TcpEnd::can_be_seen() {
        examples.push(Example::Kernel(words::THE_KERNELS_STATE.into()));
    }
    Legend { text, examples }
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
    ends.connect_both()?;
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
    ends.connect_both()?;
    ends.close(Client)?;
    ends.read(Server)?;
    ends.close(Server)
}

fn server_first(ends: &mut Ends) -> io::Result<()> {
    ends.connect_both()?;
    ends.close(Server)?;
    ends.read(Client)?;
    ends.close(Client)?;
    ends.listen_again(false)?;
    ends.listen_again(true)
}

// Act 4.

fn naive_goodbye(ends: &mut Ends) -> io::Result<()> {
    refuse(ends, |stream| naive::goodbye(stream, TIMEOUT))
}

/// This client has closed its side already: what it has sent is all that there is to read.
fn fixed_goodbye(ends: &mut Ends) -> io::Result<()> {
    refuse(ends, |stream| {
        let read =
            stream.shutdown(Shutdown::Write).and_then(|()| io::copy(&mut &stream, &mut io::sink()));
        read.map(|_| true)
    })
}

/// Answer a question without reading it.
fn refuse(ends: &mut Ends, goodbye: fn(TcpStream) -> io::Result<bool>) -> io::Result<()> {
    ends.connect_both()?;
    ends.write(Client, QUESTION)?;
    ends.finish(Client)?;
    ends.write(Server, REFUSAL)?;
    ends.hand_over(Server, "goodbye", goodbye)?;
    ends.read_to_end(Client)
}

// Act 5.

fn reset(ends: &mut Ends) -> io::Result<()> {
    ends.connect_both()?;
    ends.hand_over(Server, "reset", |stream| stage::reset(&stream))?;
    ends.read(Client)?;
    ends.read(Client)?;
    ends.write(Client, QUESTION)
}

fn writes_after_close(ends: &mut Ends) -> io::Result<()> {
    ends.connect_both()?;
    ends.close(Server)?;
    ends.write(Client, QUESTION)?;
    ends.write(Client, QUESTION)
}
