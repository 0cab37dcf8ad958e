//! `demo hmac`: challenge, answer, replay and forgery on the wire.
//!
//! Challenges are random, so only their length is shown, and only the length of what is computed from them.
//! Every verdict is computed from the bytes that arrived. The digests, also those of the fixed programs, come from the
//! lesson's naive program: for keys as short as these it computes them correctly.

#[path = "../../lessons/06_hmac_auth/forge.rs"]
mod forge;
#[expect(dead_code, reason = "the demonstration needs a few of the lesson's functions")]
#[path = "../../lessons/06_hmac_auth/naive.rs"]
mod naive;

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;

use super::act::{Act, Demonstration, Scene, Shows};
use super::bilingual::both;
use super::event::{Example, Legend, Piece, shown};
use super::stage::{self, Actor};
use super::words::hmac as words;

/// The demonstration.
pub static DEMONSTRATION: Demonstration = Demonstration {
    subject: words::SUBJECT,
    legend,
    timed: true,
    acts: &[
        Act {
            title: words::A_CLIENT_THAT_KNOWS_THE_KEY,
            tries: words::A_CHALLENGE_IS_ANSWERED,
            scenes: &[
                Scene::Play { title: words::THE_KEY, client: knows, server: welcomes },
                Scene::Play { title: words::ANOTHER_KEY, client: guesses, server: refuses },
            ],
            shows: Shows::Always(words::THE_KEY_IS_IN_NEITHER),
        },
        Act {
            title: words::REPLAY,
            tries: words::A_THIEF_SENDS_R_AGAIN,
            scenes: &[
                Scene::Play {
                    title: words::THE_SAME_CHALLENGE_EVERY_TIME,
                    client: replays_constant,
                    server: believes_replay,
                },
                Scene::Play {
                    title: words::THE_NAIVE_SERVER_IS_FRESH,
                    client: replays_naive,
                    server: naive_refuses,
                },
                Scene::Play {
                    title: words::THE_REPAIRED_SERVER_IS_FRESH,
                    client: replays,
                    server: refuses,
                },
            ],
            shows: Shows::Always(words::AN_ANSWER_FOR_ITS_OWN_CHALLENGE),
        },
        Act {
            title: words::AN_ANSWER_WITH_A_WORD_BEHIND_IT,
            tries: words::BOTH_IN_ONE_WRITE,
            scenes: &[
                Scene::Play {
                    title: words::THE_NAIVE_SERVER_WITH_RECV,
                    client: hastens,
                    server: naive_refuses,
                },
                Scene::Play {
                    title: words::THE_REPAIRED_SERVER_WITH_READ_EXACT,
                    client: hastens,
                    server: keeps_the_word,
                },
            ],
            shows: Shows::Always(words::NOT_ONE_BYTE_MORE),
        },
        Act {
            title: words::A_SIGNATURE_EXTENDED,
            tries: words::A_THIEF_ADDS_X,
            scenes: &[
                Scene::Play { title: words::S_IS_SHA_1, client: forges, server: signs_naively },
                Scene::Play { title: words::S_IS_HMAC, client: forges, server: signs },
            ],
            shows: Shows::Always(words::A_DIGEST_IS_A_STATE),
        },
    ],
};

fn legend() -> Legend {
    let examples = [vec![Piece::new('W', WORD)], vec![answer_piece(&[0; 16])]];
    let text = both(|| {
        let [word, answer] = examples.each_ref().map(|pieces| shown(pieces));
        words::legend(word, answer)
    });
    let examples = examples.into_iter().map(Example::Bytes).collect();
    Legend { text, examples }
}

const KEY: &[u8] = b"henry";
const WRONG_KEY: &[u8] = b"not henry";
const SIGNING_KEY: &[u8] = b"alex_nb";
const WORD: &[u8] = b"hello";
const ORDER: &[u8] = b"to=tom&amount=10";
const EXTENSION: &[u8] = b"&amount=1000000";
const ROOM: usize = 1024;

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
    challenge(server, fresh_challenge)?;
    server.cue();
    let mut buffer = [0; ROOM];
    let n = server.read(&mut buffer)?;
    server.send('W', &buffer[..n].to_ascii_uppercase())
}

fn refuses(server: &mut Actor) -> io::Result<()> {
    challenge(server, fresh_challenge)
}

fn answer(client: &mut Actor, key: &[u8]) -> io::Result<()> {
    client.announce_elided('R', &words::BYTES_OF_HMAC_MD5);
    let answer = answer_to_challenge(client, key)?;
    client.write_all(&answer)
}

/// Read a challenge, and compute its answer.
fn answer_to_challenge(client: &mut impl Read, key: &[u8]) -> io::Result<[u8; 16]> {
    let mut challenge = [0; 32];
    client.read_exact(&mut challenge)?;
    Ok(naive::hmac_md5(key, &challenge))
}

/// Challenges a client, and returns whether it knows the key.
type Challenge<S> = fn(&mut S, &[u8]) -> io::Result<bool>;

fn challenge(server: &mut Actor, challenge: Challenge<Actor>) -> io::Result<()> {
    server.announce_elided('C', &words::RANDOM_BYTES);
    let proved = challenge(server, KEY)?;
    server.note(if proved { words::ACCEPTED } else { words::REFUSED });
    Ok(())
}

// Act 2.

fn replays(client: &mut Actor) -> io::Result<()> {
    replay(client, fresh_challenge)
}

fn replays_naive(client: &mut Actor) -> io::Result<()> {
    replay(client, naive::challenge)
}

fn replays_constant(client: &mut Actor) -> io::Result<()> {
    replay(client, constant_challenge)
}

fn believes_replay(server: &mut Actor) -> io::Result<()> {
    server.announce_elided('C', &words::BYTES_ALWAYS_THE_SAME);
    let proved = constant_challenge(server, KEY)?;
    server.note(if proved { words::ACCEPTED_A_THIEF } else { words::REFUSED });
    Ok(())
}

fn naive_refuses(server: &mut Actor) -> io::Result<()> {
    challenge(server, naive::challenge)
}

/// Send the same challenge every time: the mistake that makes a recorded answer useful.
fn constant_challenge(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<bool> {
    challenge_with(*b"32 bytes that look random enough", stream, key)
}

/// Send another challenge every time, as the fixed server does.
fn fresh_challenge(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<bool> {
    let mut fresh = [0; 32];
    getrandom::fill(&mut fresh)?;
    challenge_with(fresh, stream, key)
}

/// Send this challenge, and read its answer, not one byte more. How long the comparison takes is not shown.
fn challenge_with(
    challenge: [u8; 32],
    stream: &mut (impl Read + Write),
    key: &[u8],
) -> io::Result<bool> {
    stream.write_all(&challenge)?;
    let mut theirs = [0; 16];
    stream.read_exact(&mut theirs)?;
    Ok(theirs == naive::hmac_md5(key, &challenge))
}

/// Record an honest client's answer, and send it as the answer to a new challenge.
fn replay(client: &mut Actor, challenge: Challenge<TcpStream>) -> io::Result<()> {
    let recorded = record(challenge)?;
    client.read_exact(&mut [0; 32])?;
    client.send_together(&[answer_piece(&recorded)])
}

/// Record another connection, on which an honest client proves that it knows the key.
fn record(challenge: Challenge<TcpStream>) -> io::Result<[u8; 16]> {
    let (mut client, mut server) = stage::connect()?;
    let server = thread::spawn(move || challenge(&mut server, KEY));
    let answer = answer_to_challenge(&mut client, KEY)?;
    client.write_all(&answer)?;
    match server.join().expect("a challenge does not panic")? {
        true => Ok(answer),
        false => Err(io::Error::other(&*words::AN_HONEST_CLIENT_WAS_REFUSED)),
    }
}

// Act 3.

fn hastens(client: &mut Actor) -> io::Result<()> {
    let answer = answer_to_challenge(client, KEY)?;
    client.send_together(&[answer_piece(&answer), Piece::new('W', WORD)])
}

fn keeps_the_word(server: &mut Actor) -> io::Result<()> {
    refuses(server)?;
    server.receive(ROOM)?;
    Ok(())
}

fn answer_piece(answer: &[u8]) -> Piece {
    Piece { elided: Some(&words::BYTES_OF_HMAC_MD5), ..Piece::new('R', answer) }
}

// Act 4.

fn signs_naively(server: &mut Actor) -> io::Result<()> {
    show_and_check(server, naive::sign, naive::verify)
}

fn signs(server: &mut Actor) -> io::Result<()> {
    show_and_check(server, hmac_in_hex, |key, order, theirs| theirs == hmac_in_hex(key, order))
}

fn hmac_in_hex(key: &[u8], order: &[u8]) -> String {
    naive::hmac_sha256(key, order).map(|byte| format!("{byte:02x}")).concat()
}

/// Show a signed order, and verify the one that comes back.
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
    server.note(if genuine { words::VERIFIED } else { words::NOT_VERIFIED });
    Ok(())
}

/// Extend the order that the server shows. Only the length of the key must be guessed.
fn forges(client: &mut Actor) -> io::Result<()> {
    let mut buffer = [0; ROOM];
    let n = client.read(&mut buffer)?;
    let (signature, order) = buffer[..n].split_at(n - ORDER.len());
    let signature = String::from_utf8_lossy(signature);
    let forged = forge::extend(order, &signature, SIGNING_KEY.len(), EXTENSION)
        .ok_or_else(|| io::Error::other(&*words::NO_DIGEST_IN_HEX))?;
    client.note(words::EXTENDS_IT);
    let padding = &forged.data[order.len()..forged.data.len() - EXTENSION.len()];
    client.send_together(&[
        Piece::new('S', forged.signature.as_bytes()),
        Piece::new('O', order),
        Piece { elided: Some(&words::BYTES_OF_PADDING), ..Piece::new('P', padding) },
        Piece::new('X', EXTENSION),
    ])
}
