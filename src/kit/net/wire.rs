//! Wires: scripted ends of a connection that deliver exactly the segments that a test chose.
//!
//! A wire never blocks. A read that would wait for ever on a real connection stops the answer at once, and
//! so does a loop that makes the same call a thousand times without progress: the verdict depends on bytes,
//! not on time.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use std::thread;

use partial_io::PartialOp;

use crate::cause::Cause;
use crate::scene::{Expected, Scene, no_problem};
use crate::story::values::Describe;
use crate::transcript::{Call, Halt, Piece, Problem, Step, Transcript};
use crate::words;

/// The number of calls in a row without progress after which a reader or writer is stopped.
pub const CALL_BUDGET: usize = 1000;

/// One end of a scripted connection. Reads follow the script; writes are kept for the test to inspect.
///
/// One read never returns bytes of two segments: the first has arrived, the second has not.
#[derive(Debug)]
pub struct Wire {
    scene: Scene,
    script: VecDeque<Event>,
    end: End,
    accepts: VecDeque<PartialOp>,
    accepts_at_most: usize,
    written: usize,
    idle_calls: usize,
}

#[derive(Debug)]
enum Event {
    /// The bytes of one segment, shared with the transcript, and how many of them have been read.
    Segment(Arc<[u8]>, usize),
    Error(ErrorKind),
    /// The peer sends nothing more until it has received this many bytes in all.
    Awaits(usize),
    /// As `Awaits`; and the answer must read what follows before it writes more.
    AwaitsExactly(Vec<u8>),
}

#[derive(Clone, Copy, Debug)]
enum End {
    StaysOpen,
    Closes,
    Resets,
}

impl Wire {
    /// A peer that sends these segments and keeps the connection open. Empty segments are left out.
    pub fn delivers<S: AsRef<[u8]>>(segments: impl IntoIterator<Item = S>) -> Wire {
        let mut wire = Wire::silent();
        for segment in segments {
            wire.deliver(segment.as_ref());
        }
        wire
    }

    /// A peer that sends nothing and keeps the connection open.
    pub fn silent() -> Wire {
        let scene = Scene::begin();
        scene.log().ending = Some(words::KEPT_THE_LINE_OPEN.into());
        Wire {
            scene,
            script: VecDeque::new(),
            end: End::StaysOpen,
            accepts: VecDeque::new(),
            accepts_at_most: usize::MAX,
            written: 0,
            idle_calls: 0,
        }
    }

    /// A peer that sends `bytes` as `ops` cut them: each operation limits one read or makes it fail.
    ///
    /// The bytes left after the last operation arrive in one segment. A limit of 0 counts as 1, because it
    /// would be an end of stream that does not last.
    pub fn cut(bytes: &[u8], ops: &[PartialOp]) -> Wire {
        Wire::silent().then_cut(bytes, ops)
    }

    /// The peer then sends `bytes` as `ops` cut them; see [`Wire::cut`].
    pub fn then_cut(self, bytes: &[u8], ops: &[PartialOp]) -> Wire {
        let mut wire = self;
        let mut rest = bytes;
        for op in ops {
            match op {
                PartialOp::Limited(n) => {
                    let (segment, later) =
                        rest.split_at((*n).clamp(1, rest.len().max(1)).min(rest.len()));
                    wire.deliver(segment);
                    rest = later;
                }
                PartialOp::Unlimited => {
                    wire.deliver(rest);
                    rest = &[];
                }
                PartialOp::Err(kind) => wire = wire.then_fails(*kind),
            }
        }
        wire.deliver(rest);
        wire
    }

    /// The next read fails once with this kind of error.
    pub fn then_fails(mut self, kind: ErrorKind) -> Wire {
        self.script.push_back(Event::Error(kind));
        let text = match kind {
            ErrorKind::Interrupted => words::A_SIGNAL_INTERRUPTS.to_owned(),
            ErrorKind::WouldBlock => words::WOULD_BLOCK.to_owned(),
            kind => format!("{kind:?}"),
        };
        self.scene.log().script.push(Piece::Event(text));
        self
    }

    /// The peer continues only after it has received `bytes` bytes in all.
    pub fn then_awaits(mut self, bytes: usize) -> Wire {
        self.script.push_back(Event::Awaits(bytes));
        self.waits_for_the_answer()
    }

    /// The peer continues only after it has received exactly `bytes` since the beginning. If the answer
    /// writes more before it reads what the peer sends next, it has not waited; the scene notices that.
    pub fn then_awaits_exactly(mut self, bytes: &[u8]) -> Wire {
        self.script.push_back(Event::AwaitsExactly(bytes.to_vec()));
        self.waits_for_the_answer()
    }

    /// The peer then sends these bytes in one segment.
    pub fn then_delivers(mut self, segment: &[u8]) -> Wire {
        self.deliver(segment);
        self
    }

    /// After the script the peer closes its side; every later read returns the end of the stream.
    pub fn then_closes(mut self) -> Wire {
        self.end = End::Closes;
        self.scene.log().ending = Some(words::CLOSED_ITS_SIDE.into());
        self
    }

    /// After the script the connection is reset.
    pub fn then_resets(mut self) -> Wire {
        self.end = End::Resets;
        self.scene.log().ending = Some(words::RESET_THE_CONNECTION.into());
        self
    }

    /// Each write takes at most `bytes` bytes.
    pub fn accepting_at_most(mut self, bytes: usize) -> Wire {
        self.accepts_at_most = bytes;
        self
    }

    /// Writes follow `ops`, one operation per write, then have no limit. A limit of 0 counts as 1.
    pub fn accepting(mut self, ops: &[PartialOp]) -> Wire {
        self.accepts = ops.iter().cloned().collect();
        self
    }

    /// Make one call of the answer on this wire, and fail with a story unless it has the expected outcome.
    pub fn expect<T: Describe + PartialEq>(
        &mut self,
        call: &str,
        expected: Expected<T>,
        run: impl FnOnce(&mut Wire) -> io::Result<T>,
    ) {
        let scene = self.scene.clone();
        scene.expect_step(Step::of(call, &expected), expected, Box::new(|| run(self)), &no_problem);
    }

    /// Make one call of the answer. Fail with a story unless it has the expected outcome and has written
    /// exactly `bytes` to the wire.
    pub fn expect_written<T: Describe + PartialEq>(
        &mut self,
        call: &str,
        bytes: &[u8],
        expected: Expected<T>,
        run: impl FnOnce(&mut Wire) -> io::Result<T>,
    ) {
        let scene = self.scene.clone();
        let before = scene.log().written().len();
        let check = |log: &Transcript| {
            let came = log.written().split_off(before);
            (came != bytes).then(|| Problem { came, expected: bytes.to_vec() })
        };
        scene.expect_step(Step::of(call, &expected), expected, Box::new(|| run(self)), &check);
    }

    /// Wrap this wire so that `then` runs once, after `bytes` bytes have been read and before the next read.
    pub fn meanwhile<F: FnOnce()>(&mut self, bytes: usize, then: F) -> Meanwhile<'_, F> {
        Meanwhile { wire: self, left: bytes, then: Some(then) }
    }

    /// Everything that has been written so far.
    pub fn written(&self) -> Vec<u8> {
        self.scene.log().written()
    }

    /// The transcript, for a test that shows more than one call.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    fn waits_for_the_answer(self) -> Wire {
        let mut log = self.scene.log();
        log.script.push(Piece::Event(words::WAITS_FOR_YOU.to_owned()));
        log.in_order = true;
        drop(log);
        self
    }

    /// How many bytes in all the peer waits for.
    fn awaited(&self) -> usize {
        match self.script.front() {
            Some(Event::Awaits(bytes)) => *bytes,
            Some(Event::AwaitsExactly(bytes)) => bytes.len(),
            _ => 0,
        }
    }

    /// Notice a write of bytes beyond those that the peer has acknowledged.
    fn notice_early_write(&self) {
        let mut log = self.scene.log();
        let unanswered = self.script.iter().find_map(|event| match event {
            Event::AwaitsExactly(bytes) => Some(bytes),
            _ => None,
        });
        let Some(bytes) = unanswered else { return };
        let written = log.written();
        if written == *bytes || !written.starts_with(bytes) {
            return;
        }
        let has_read = |n: fn(&usize) -> bool| {
            log.calls_of_this_step()
                .any(|call| matches!(call, Call::Read { got: Ok(got), .. } if n(got)))
        };
        let cause = if has_read(|n| *n > 0) {
            Cause::AcknowledgementLeftOver
        } else if has_read(|n| *n == 0) {
            Cause::EndIsNoAcknowledgement
        } else {
            Cause::DidNotWaitForAcknowledgement
        };
        log.notice(cause);
    }

    fn deliver(&mut self, segment: &[u8]) {
        if !segment.is_empty() {
            let bytes: Arc<[u8]> = segment.into();
            self.script.push_back(Event::Segment(Arc::clone(&bytes), 0));
            self.scene.log().script.push(Piece::Bytes(bytes));
        }
    }

    fn note(&mut self, call: Call, progress: bool) {
        self.scene.log().calls.push(call);
        self.idle_calls = if progress { 0 } else { self.idle_calls + 1 };
        if self.idle_calls > CALL_BUDGET {
            self.scene.halt(Halt::Spun);
        }
    }

    fn next_read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        if buffer.is_empty() {
            return Ok(0);
        }
        match self.script.front_mut() {
            Some(Event::Segment(bytes, read)) => {
                let n = buffer.len().min(bytes.len() - *read);
                buffer[..n].copy_from_slice(&bytes[*read..*read + n]);
                *read += n;
                if *read == bytes.len() {
                    self.script.pop_front();
                }
                Ok(n)
            }
            Some(&mut Event::Error(kind)) => {
                self.script.pop_front();
                Err(kind)
            }
            Some(Event::Awaits(_) | Event::AwaitsExactly(_)) => {
                if self.written < self.awaited() {
                    self.scene.notice(Cause::BothWait);
                    self.scene.halt(Halt::Starved { asked: buffer.len() });
                }
                let awaited = self.script.pop_front();
                if let (true, End::Closes) = (self.script.is_empty(), self.end) {
                    // The end of the stream is not a reply: the peer still has not sent one.
                    self.script.extend(awaited);
                    return Ok(0);
                }
                self.next_read(buffer)
            }
            None => match self.end {
                End::Closes => Ok(0),
                End::Resets => Err(ErrorKind::ConnectionReset),
                End::StaysOpen => self.scene.halt(Halt::Starved { asked: buffer.len() }),
            },
        }
    }

    fn next_write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        let limit = match self.accepts.pop_front() {
            Some(PartialOp::Err(kind)) => return Err(kind),
            Some(PartialOp::Limited(n)) => n.max(1),
            Some(PartialOp::Unlimited) | None => self.accepts_at_most,
        };
        Ok(bytes.len().min(limit))
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let asked = buffer.len();
        let got = self.next_read(buffer);
        self.note(Call::Read { asked, got }, matches!(got, Ok(1..)));
        got.map_err(io::Error::from)
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A buffer is flushed when it is dropped. If the answer was stopped, that is too late.
        if thread::panicking() {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let took = self.next_write(bytes);
        self.written += took.unwrap_or(0);
        self.note(Call::Write { offered: bytes.to_vec(), took }, matches!(took, Ok(1..)));
        self.notice_early_write();
        took.map_err(io::Error::from)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A wire on which something else happens between two reads; see [`Wire::meanwhile`].
#[derive(Debug)]
pub struct Meanwhile<'a, F> {
    wire: &'a mut Wire,
    left: usize,
    then: Option<F>,
}

impl<F: FnOnce()> Read for Meanwhile<'_, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0
            && let Some(then) = self.then.take()
        {
            then();
        }
        let n = self.wire.read(buffer)?;
        self.left = self.left.saturating_sub(n);
        Ok(n)
    }
}

impl<F> Write for Meanwhile<'_, F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.wire.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.wire.flush()
    }
}
