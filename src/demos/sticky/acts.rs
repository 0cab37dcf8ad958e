//! The six acts: the actions of the client and the server, as scripts for the stage.

use std::io::{self, ErrorKind, Read, Write};
use std::thread;
use std::time::Duration;

use super::super::act::{Act, Scene, Shows, UNTITLED};
use super::super::bilingual::Bilingual;
use super::super::stage::Actor;
use super::super::words::sticky as words;
use super::cost;

/// The acts, in order.
pub const ACTS: &[Act] = &[
    Act {
        title: words::TWO_SENDS_ONE_READ,
        tries: words::A_THEN_B,
        scenes: &[Scene::Play { title: UNTITLED, client: send_both, server: read_late }],
        shows: Shows::Always(words::ONE_READ_RETURNED_BOTH),
    },
    Act {
        title: words::ONE_SEND_THREE_READS,
        tries: words::ROOM_FOR_3_BYTES,
        scenes: &[Scene::Play { title: UNTITLED, client: send_long, server: read_in_threes }],
        shows: Shows::Always(words::ONE_SEND_CAME_IN_PIECES),
    },
    Act {
        title: words::THE_FIX_THAT_SLEEPS,
        tries: words::HALF_A_SECOND_BETWEEN_THE_SENDS,
        scenes: &[
            Scene::Play {
                title: words::A_PROMPT_READER,
                client: sleep_prompt,
                server: read_prompt,
            },
            Scene::Play { title: words::A_LATE_READER, client: sleep_late, server: read_late },
        ],
        shows: Shows::Always(words::THE_SLEEP_IS_A_BET),
    },
    Act {
        title: words::THE_FIX_THAT_SETS_NODELAY,
        tries: words::WITH_NAGLE_AND_WITHOUT,
        scenes: &[
            Scene::Play { title: words::WITH_NAGLE, client: send_with_nagle, server: read_late },
            Scene::Play {
                title: words::WITHOUT_NAGLE,
                client: send_without_nagle,
                server: read_late,
            },
        ],
        shows: Shows::Always(words::PACKETS_ARE_NOT_READS),
    },
    Act {
        title: words::THE_FIX_THAT_WAITS,
        tries: words::NO_B_BEFORE_A_IS_ACKNOWLEDGED,
        scenes: &[
            Scene::Play { title: words::EVEN_A_LATE_READER, client: send_acked, server: ack_late },
            Scene::Play {
                title: words::BUT_K_STICKS_TO_C,
                client: take_ack_for_one_read,
                server: ack_and_answer,
            },
            Scene::Measure(cost::round_trips),
            Scene::Measure(cost::stalls),
        ],
        shows: Shows::Always(words::THE_ACKNOWLEDGEMENT_CAN_STICK),
    },
    Act {
        title: words::THE_CURE,
        tries: words::EACH_MESSAGE_FOLLOWS_ITS_LENGTH,
        scenes: &[
            Scene::Play { title: words::STUCK, client: frame_both, server: messages_stuck },
            Scene::Play { title: words::SPLIT, client: frame_in_pieces, server: messages_split },
            Scene::Play { title: words::LATE, client: frame_and_leave, server: messages_late },
        ],
        shows: Shows::Always(words::THE_BOUNDARY_IS_IN_THE_STREAM),
    },
];

const A: &[u8; 5] = b"hello";
const B: &[u8; 5] = b"world";
const LONG: &[u8; 8] = b"sandwich";
const ACK: &[u8; 2] = b"ok";
const ANSWER: &[u8; 3] = b"bye";
const HEADER: usize = size_of::<i32>();
/// The buffer size of the notes' `recv(1024)`.
const ROOM: usize = 1024;
/// The notes' `sleep(0.5)`.
const NAP: Duration = Duration::from_millis(500);

// Acts 1 and 4.

fn send_both(client: &mut Actor) -> io::Result<()> {
    client.send('A', A)?;
    client.send('B', B)?;
    client.cue();
    Ok(())
}

/// Read once, after the client has sent everything and the kernel holds it.
fn read_late(server: &mut Actor) -> io::Result<()> {
    server.wait_for_cue()?;
    server.wait_until_queued(A.len() + B.len())?;
    server.receive(ROOM)?;
    Ok(())
}

fn send_with_nagle(client: &mut Actor) -> io::Result<()> {
    client.set_nodelay(false)?;
    send_both(client)
}

fn send_without_nagle(client: &mut Actor) -> io::Result<()> {
    client.set_nodelay(true)?;
    send_both(client)
}

// Act 2.

fn send_long(client: &mut Actor) -> io::Result<()> {
    client.send('A', LONG)?;
    client.cue();
    Ok(())
}

fn read_in_threes(server: &mut Actor) -> io::Result<()> {
    server.wait_for_cue()?;
    server.wait_until_queued(LONG.len())?;
    for _ in 0..LONG.len().div_ceil(3) {
        server.receive(3)?;
    }
    Ok(())
}

// Act 3.

/// Send, sleep, send, for a reader that is always in time: it has read before the sleep ends.
fn sleep_prompt(client: &mut Actor) -> io::Result<()> {
    client.send('A', A)?;
    client.note(Bilingual::same(r"sleep(0.5 s)"));
    client.cue();
    thread::sleep(NAP);
    // On a very busy machine half a second may not be enough: then wait a little longer.
    client.wait_until_read()?;
    client.send('B', B)
}

fn read_prompt(server: &mut Actor) -> io::Result<()> {
    server.wait_for_cue()?;
    server.receive(ROOM)?;
    server.receive(ROOM)?;
    Ok(())
}

fn sleep_late(client: &mut Actor) -> io::Result<()> {
    client.send('A', A)?;
    client.note(Bilingual::same(r"sleep(0.5 s)"));
    thread::sleep(NAP);
    client.send('B', B)?;
    client.cue();
    Ok(())
}

// Act 5.

fn send_acked(client: &mut Actor) -> io::Result<()> {
    client.send('A', A)?;
    client.cue();
    client.receive(ROOM)?;
    client.send('B', B)?;
    client.receive(ROOM)?;
    Ok(())
}

fn ack_late(server: &mut Actor) -> io::Result<()> {
    server.wait_for_cue()?;
    server.wait_until_queued(A.len())?;
    server.receive(ROOM)?;
    server.send('K', ACK)?;
    server.receive(ROOM)?;
    server.send('K', ACK)
}

fn take_ack_for_one_read(client: &mut Actor) -> io::Result<()> {
    client.send('A', A)?;
    client.wait_for_cue()?;
    client.wait_until_queued(ACK.len() + ANSWER.len())?;
    client.receive(ROOM)?;
    Ok(())
}

fn ack_and_answer(server: &mut Actor) -> io::Result<()> {
    server.receive(ROOM)?;
    server.send('K', ACK)?;
    server.send('C', ANSWER)?;
    server.cue();
    Ok(())
}

// Act 6.

/// A message behind its length. The messages here are so short that the last three bytes of a length are 0.
fn framed(message: &[u8]) -> Vec<u8> {
    [&[message.len() as u8, 0, 0, 0], message].concat()
}

fn frame(client: &mut Actor, letter: char, message: &[u8]) -> io::Result<()> {
    client.announce(letter, HEADER);
    client.write_all(&framed(message))
}

/// Read until a message is whole, and not one byte more. Here the stream ends between messages only.
fn message(server: &mut Actor) -> io::Result<()> {
    let mut header = [0; HEADER];
    let message = match server.read_exact(&mut header) {
        Err(end) if end.kind() == ErrorKind::UnexpectedEof => None,
        outcome => {
            outcome?;
            let mut text = vec![0; header[0].into()];
            server.read_exact(&mut text)?;
            Some(text)
        }
    };
    server.got_message(message);
    Ok(())
}

fn frame_both(client: &mut Actor) -> io::Result<()> {
    frame(client, 'A', A)?;
    frame(client, 'B', B)?;
    client.cue();
    Ok(())
}

fn messages_stuck(server: &mut Actor) -> io::Result<()> {
    server.wait_for_cue()?;
    server.wait_until_queued(2 * HEADER + A.len() + B.len())?;
    message(server)?;
    message(server)
}

/// Send a header and a message in three pieces, each after the previous one has been read.
fn frame_in_pieces(client: &mut Actor) -> io::Result<()> {
    let frame = framed(A);
    client.announce('A', HEADER);
    for piece in [&frame[..2], &frame[2..6], &frame[6..]] {
        client.write_all(piece)?;
        client.wait_until_read()?;
    }
    Ok(())
}

fn messages_split(server: &mut Actor) -> io::Result<()> {
    message(server)
}

fn frame_and_leave(client: &mut Actor) -> io::Result<()> {
    frame(client, 'A', A)?;
    frame(client, 'B', B)?;
    client.finish()?;
    client.cue();
    Ok(())
}

fn messages_late(server: &mut Actor) -> io::Result<()> {
    messages_stuck(server)?;
    message(server)
}
