//! `demo hmac`: challenge, answer, replay and forgery on the wire.
//!
//! The challenges are random, and so only their length is shown, as of what is made of them; every
//! verdict is that of the lesson's own functions about the bytes that came.

#[expect(dead_code, reason = "the demonstration needs a few of the lesson's functions")]
#[path = "../../../lessons/06_hmac_auth/wrong/nonce_is_constant.rs"]
mod constant;
#[path = "../../../lessons/06_hmac_auth/forge.rs"]
mod forge;
#[expect(dead_code, reason = "the demonstration needs a few of the lesson's functions")]
#[path = "../../../lessons/06_hmac_auth/naive.rs"]
mod naive;
#[expect(dead_code, reason = "the demonstration needs a few of the lesson's functions")]
#[path = "../../../lessons/06_hmac_auth/solution.rs"]
mod solution;

use std::io::{self, BufRead, Read, Write};
use std::net::TcpStream;
use std::thread;

pub use super::Options;
use super::act::{Act, Demonstration, Scene};
use super::screen::{NORMAL, piece_words};
use super::stage::{self, Actor, Piece};
use super::text::{Word, words};

/// Play all acts on `out`, in lines of at most `width` columns; a width of 0 means 80.
///
/// As for [`sticky::run`](super::sticky::run).
pub fn run(
    options: Options,
    width: usize,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<()> {
    HMAC.run(options, width, input, out)
}

const HMAC: Demonstration = Demonstration {
    subject: "HMAC: proving on a real TCP connection that one knows a key, without sending it.",
    legend,
    timed: true,
    acts: &[
        Act {
            title: "A client that knows the key",
            tries: "The server sends a challenge C, 32 random bytes; the client answers with R, \
                    their HMAC-MD5 under the key.",
            scenes: &[
                Scene::Play { title: "The key", client: knows, server: welcomes },
                Scene::Play { title: "Another key", client: guesses, server: refuses },
            ],
            shows: "Who listens sees a challenge and an answer, and the key is in \
                    neither. Without the key the answer is wrong.",
        },
        Act {
            title: "Replay",
            tries: "A thief has recorded the answer R of an honest client. Without the key, the \
                    thief sends R again.",
            scenes: &[
                Scene::Play {
                    title: "A server that sends the same challenge every time",
                    client: replays_constant,
                    server: believes_replay,
                },
                Scene::Play {
                    title: "The naive server, whose challenges are fresh",
                    client: replays_naive,
                    server: naive_refuses,
                },
                Scene::Play {
                    title: "The repaired server, whose challenges are fresh",
                    client: replays,
                    server: refuses,
                },
            ],
            shows: "An answer is good for its own challenge only. A server that never asks the same \
                    twice makes every recording worthless.",
        },
        Act {
            title: "An answer with a word behind it",
            tries: "A client that knows the key sends its answer R and the word W in one write.",
            scenes: &[
                Scene::Play {
                    title: "The naive server, with recv(32)",
                    client: hastens,
                    server: naive_refuses,
                },
                Scene::Play {
                    title: "The repaired server, with read_exact",
                    client: hastens,
                    server: keeps_the_word,
                },
            ],
            shows: "The naive server compares whatever one read brings, and refuses a client that \
                    knows the key. The repaired one reads the answer, not one byte more: what comes \
                    behind it stays in the stream.",
        },
        Act {
            title: "Forgery: a signature extended",
            tries: "The server shows an order O and its signature S. The thief adds X behind the \
                    order's padding P, and computes a signature from S, without the key.",
            scenes: &[
                Scene::Play {
                    title: "S is SHA-1(key + order), as naive programs sign",
                    client: forges,
                    server: signs_naively,
                },
                Scene::Play {
                    title: "S is HMAC-SHA-256, as the repaired one signs",
                    client: forges,
                    server: signs,
                },
            ],
            shows: "A digest is the state in which the hash function stopped: whoever has it can go \
                    on from there. HMAC hashes twice, the key in front each time, and the inner \
                    state never shows.",
        },
    ],
};

fn legend() -> Vec<Word> {
    let mut legend = words("Bytes are shown behind a letter,", NORMAL);
    legend.extend(piece_words(&[Piece::new('W', WORD)]));
    legend.push(Word::glued(";", NORMAL));
    legend.extend(words("of those that differ in every run, only how many they are,", NORMAL));
    legend.extend(piece_words(&[answer_piece(&[0; 16])]));
    legend.push(Word::glued(".", NORMAL));
    legend
}

const KEY: &[u8] = b"henry";
const WRONG_KEY: &[u8] = b"not henry";
const SIGNING_KEY: &[u8] = b"alex_nb";
const WORD: &[u8] = b"hello";
const ORDER: &[u8] = b"to=tom&amount=10";
const EXTENSION: &[u8] = b"&amount=1000000";
const ROOM: usize = 1024;

const RANDOM: &str = "random bytes";
const DIGEST: &str = "bytes of HMAC-MD5";

// Act 1.

fn knows(client: &mut Actor) -> io::Result<()> {
    answer(client, KEY)?;
    client.wait_for_cue()?;
    client.send('W', WORD)?;
    client.receive(ROOM)?;
    Ok(())
}

fn guesses(client: &mut Actor) -> io::Result<()> {
    answer(client, WRONG_KEY)
}

fn welcomes(server: &mut Actor) -> io::Result<()> {
    challenge(server, solution::challenge)?;
    server.cue();
    let mut buffer = [0; ROOM];
    let n = server.read(&mut buffer)?;
    server.send('W', &buffer[..n].to_ascii_uppercase())
}

fn refuses(server: &mut Actor) -> io::Result<()> {
    challenge(server, solution::challenge)
}

fn answer(client: &mut Actor, key: &[u8]) -> io::Result<()> {
    client.announce_elided('R', DIGEST);
    solution::respond(client, key)
}

/// How one challenges a client and learns whether it knows the key.
type Challenge<S> = fn(&mut S, &[u8]) -> io::Result<bool>;

fn challenge(server: &mut Actor, challenge: Challenge<Actor>) -> io::Result<()> {
    server.announce_elided('C', RANDOM);
    let proved = challenge(server, KEY)?;
    server.note(if proved { "accepted: it knows the key" } else { "refused" });
    Ok(())
}

// Act 2.

fn replays(client: &mut Actor) -> io::Result<()> {
    replay(client, solution::challenge)
}

fn replays_naive(client: &mut Actor) -> io::Result<()> {
    replay(client, naive::challenge)
}

fn replays_constant(client: &mut Actor) -> io::Result<()> {
    replay(client, constant::challenge)
}

fn believes_replay(server: &mut Actor) -> io::Result<()> {
    server.announce_elided('C', "bytes, always the same");
    let proved = constant::challenge(server, KEY)?;
    server.note(if proved { "accepted: a thief" } else { "refused" });
    Ok(())
}

fn naive_refuses(server: &mut Actor) -> io::Result<()> {
    challenge(server, naive::challenge)
}

/// Record what an honest client answers, and give that answer to a new challenge.
fn replay(client: &mut Actor, challenge: Challenge<TcpStream>) -> io::Result<()> {
    let recorded = record(challenge)?;
    client.read_exact(&mut [0; 32])?;
    client.send_together(&[answer_piece(&recorded)])
}

/// Listen in on another connection, on which an honest client proves that it knows the key.
fn record(challenge: Challenge<TcpStream>) -> io::Result<[u8; 16]> {
    let (mut client, mut server) = stage::connect()?;
    let server = thread::spawn(move || challenge(&mut server, KEY));
    let mut nonce = [0; 32];
    client.read_exact(&mut nonce)?;
    let answer = solution::hmac_md5(KEY, &nonce);
    client.write_all(&answer)?;
    match server.join().expect("a challenge does not panic")? {
        true => Ok(answer),
        false => Err(io::Error::other("an honest client was refused")),
    }
}

// Act 3.

fn hastens(client: &mut Actor) -> io::Result<()> {
    let mut nonce = [0; 32];
    client.read_exact(&mut nonce)?;
    let answer = solution::hmac_md5(KEY, &nonce);
    client.send_together(&[answer_piece(&answer), Piece::new('W', WORD)])
}

fn keeps_the_word(server: &mut Actor) -> io::Result<()> {
    refuses(server)?;
    server.receive(ROOM)?;
    Ok(())
}

fn answer_piece(answer: &[u8]) -> Piece {
    Piece { elided: Some(DIGEST), ..Piece::new('R', answer) }
}

// Act 4.

fn signs_naively(server: &mut Actor) -> io::Result<()> {
    show_and_check(server, naive::sign, naive::verify)
}

fn signs(server: &mut Actor) -> io::Result<()> {
    show_and_check(server, solution::sign, solution::verify)
}

/// Show a signed order, and check the one that comes back.
fn show_and_check(
    server: &mut Actor,
    sign: fn(&[u8], &[u8]) -> String,
    verify: fn(&[u8], &[u8], &str) -> bool,
) -> io::Result<()> {
    let signature = sign(SIGNING_KEY, ORDER);
    server.send_together(&[Piece::new('S', signature.as_bytes()), Piece::new('O', ORDER)])?;
    let mut buffer = [0; ROOM];
    let n = server.read(&mut buffer)?;
    let (theirs, order) = buffer[..n].split_at(signature.len().min(n));
    let genuine = verify(SIGNING_KEY, order, &String::from_utf8_lossy(theirs));
    server.note(match genuine {
        true => "verify: true; accepted: an order that nobody signed",
        false => "verify: false; refused",
    });
    Ok(())
}

/// Extend the order that the server shows. All that has to be guessed is the length of the key.
fn forges(client: &mut Actor) -> io::Result<()> {
    let mut buffer = [0; ROOM];
    let n = client.read(&mut buffer)?;
    let (signature, order) = buffer[..n].split_at(n - ORDER.len());
    let signature = String::from_utf8_lossy(signature);
    let forged = forge::extend(order, &signature, SIGNING_KEY.len(), EXTENSION)
        .ok_or_else(|| io::Error::other("the signature is no digest in hex"))?;
    client.note("extends it, for a key of 7 bytes");
    let padding = &forged.data[order.len()..forged.data.len() - EXTENSION.len()];
    client.send_together(&[
        Piece::new('S', forged.signature.as_bytes()),
        Piece::new('O', order),
        Piece { elided: Some("bytes of padding"), ..Piece::new('P', padding) },
        Piece::new('X', EXTENSION),
    ])
}
