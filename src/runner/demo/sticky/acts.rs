//! The six acts: what the client and the server do, as scripts for the stage.

use std::io;
use std::io::Write;
use std::thread;
use std::time::Duration;

use super::super::act::{Act, Scene};
use super::super::stage::Actor;
use super::cost;

/// Lesson 3's reference answer, as the lesson has it.
#[expect(dead_code, reason = "the demonstration needs two functions of the lesson's four")]
#[path = "../../../../lessons/03_struct_header/solution.rs"]
mod struct_header;

/// The demonstration, in order.
pub const ACTS: &[Act] = &[
    Act {
        title: "Two sends, one read",
        tries: "The client sends A, then B; the server reads when both have arrived.",
        scenes: &[Scene::Play { title: "", client: send_both, server: read_late }],
        shows: "One read returned both messages: TCP is a stream of bytes, which keeps their order \
                and knows no boundary between one send and the next.",
    },
    Act {
        title: "One send, three reads",
        tries: "The client sends one message of 8 bytes; the server has room for 3 bytes a read.",
        scenes: &[Scene::Play { title: "", client: send_long, server: read_in_threes }],
        shows: "One send came out of three reads: a read returns at most what it asks for and at \
                most what has arrived, and on a real network that may be any piece.",
    },
    Act {
        title: "The fix that sleeps",
        tries: "The client sleeps half a second between the sends, for a prompt reader, which reads \
                before the sleep is over, and for a late one, which reads after both sends.",
        scenes: &[
            Scene::Play { title: "A prompt reader", client: sleep_prompt, server: read_prompt },
            Scene::Play { title: "A late reader", client: sleep_late, server: read_late },
        ],
        shows: "Half a second apart, and stuck all the same: the sleep is a bet on how soon the \
                reader reads, which the sender cannot know, and it costs half a second a message.",
    },
    Act {
        title: "The fix that sets TCP_NODELAY",
        tries: "The late reader again, without a sleep: first with Nagle's algorithm, then with it \
                turned off.",
        scenes: &[
            Scene::Play { title: "With Nagle", client: send_with_nagle, server: read_late },
            Scene::Play { title: "Without Nagle", client: send_without_nagle, server: read_late },
        ],
        shows: "The same bytes in the same read: Nagle makes sends likelier to share a packet, but \
                packets are not what a read returns; the receiver's queue is one row of bytes.",
    },
    Act {
        title: "The fix that waits for an acknowledgement",
        tries: "The client does not send B before the server has acknowledged A; then we measure \
                what that costs.",
        scenes: &[
            Scene::Play { title: "Even a late reader", client: send_acked, server: ack_late },
            Scene::Play {
                title: "But the acknowledgement K sticks to the answer C",
                client: take_ack_for_one_read,
                server: ack_and_answer,
            },
            Scene::Measure(cost::round_trips),
            Scene::Measure(cost::stalls),
        ],
        shows: "While the client waits nothing can stick to A, though A may still come in \
                pieces; every message pays a round trip, and the acknowledgement itself can stick.",
    },
    Act {
        title: "The cure: a header that carries the length",
        tries: "Each message follows its length, 4 bytes, little-endian, written and read by the \
                reference answer of lesson 3.",
        scenes: &[
            Scene::Play { title: "Stuck", client: frame_both, server: messages_stuck },
            Scene::Play { title: "Split", client: frame_in_pieces, server: messages_split },
            Scene::Play {
                title: "Late, when the client has finished",
                client: frame_and_leave,
                server: messages_late,
            },
        ],
        shows: "Every read_message returned exactly one message, however the bytes came: the \
                boundary is in the stream itself, and the reader reads until a message is whole.",
    },
];

const A: &[u8; 5] = b"hello";
const B: &[u8; 5] = b"world";
const LONG: &[u8; 8] = b"sandwich";
const ACK: &[u8; 2] = b"ok";
const ANSWER: &[u8; 3] = b"bye";
const HEADER: usize = size_of::<i32>();
/// The buffer of the notes' `recv(1024)`.
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

/// Read once, when the client has sent all and the kernel holds it.
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

/// Send, sleep, send, for a reader that is prompt by definition: it has read before the sleep ends.
fn sleep_prompt(client: &mut Actor) -> io::Result<()> {
    client.send('A', A)?;
    client.note("sleep(0.5 s)");
    client.cue();
    thread::sleep(NAP);
    // On a machine so busy that half a second was not enough, the sleep lasts a little longer.
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
    client.note("sleep(0.5 s)");
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

fn frame(client: &mut Actor, letter: char, message: &[u8]) -> io::Result<()> {
    client.announce(letter, HEADER);
    struct_header::write_message(client, message)
}

fn message(server: &mut Actor) -> io::Result<()> {
    let message = struct_header::read_message(server)?;
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

/// Send a header and a message in three pieces, none before the one ahead of it has been read.
fn frame_in_pieces(client: &mut Actor) -> io::Result<()> {
    let mut frame = Vec::new();
    struct_header::write_message(&mut frame, A)?;
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
