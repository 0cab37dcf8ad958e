//! A server that runs on threads of its own, with its crowd of clients and the stream that stops it.
//!
//! The check moves the crowd; the server runs whenever it is scheduled. A wait ends when nothing moves any
//! more: everything sent has arrived, and each of the server's threads waits, or one of them spins. A
//! thread that sleeps, as in a server that polls, must have been found asleep, running and asleep again,
//! with no change in the kernel's queues. If the system does not show what threads do, a wait ends after
//! one second in which nothing moved.

use std::io::{self, ErrorKind};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use socket2::SockRef;

use crate::background::{Background, in_background};
use crate::cause::Cause;
use crate::census::Census;
use crate::diagnosis::answers::{compared_rows, expected_row, is_much, of_bytes, of_error};
use crate::linux::sockets;
use crate::linux::threads::{Thread, Threads};
use crate::meter::Workload;
use crate::net::crowd::{Client, Crowd, local_listener};
use crate::net::late::connected;
use crate::quiet::{self, Poll, Quiet, Sockets, Still};
use crate::scene::{Scene, fail};
use crate::story::Row;
use crate::words;

/// Serve every client that connects to the listener, until bytes arrive on the stream or it ends.
pub type Serve = fn(TcpListener, TcpStream) -> io::Result<()>;

/// The send buffer of an accepted socket: small, so that a client that does not read soon stalls the server.
const SEND_BUFFER: usize = 8 * 1024;
/// The receive buffer of an accepted socket: large enough for a long question.
const RECEIVE_BUFFER: usize = 512 * 1024;

/// The most that the kernel buffers for a client that does not read. Without this limit the buffer grows,
/// and it grows more the smaller the segments are.
const LEFT_UNREAD: usize = 64 * 1024;

/// How long a server is watched that should be idle. The short time is enough to find that it is; only the
/// long one shows that it is not.
const SHORT_AND_LONG: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(300)];
/// A server that uses more than this part of a processor is not idle.
const A_FIFTH: f64 = 0.2;

/// A server in the background, the crowd around it, and the stream that stops it.
#[derive(Debug)]
pub struct Served {
    name: &'static str,
    address: SocketAddr,
    scene: Scene,
    crowd: Crowd,
    /// The threads and descriptors before the server started.
    census: Census,
    threads: Threads,
    workload: Workload,
    call: Background<io::Result<()>>,
    stop: TcpStream,
}

/// What a client waits for, and how many bytes of it have arrived correctly.
struct Awaited<'a> {
    client: Client,
    expected: &'a [u8],
    right: usize,
}

impl Served {
    /// Start a server, the function of this name, before any client connects.
    pub fn begin(name: &'static str, serve: Serve) -> Served {
        Served::after(name, serve, |_| ())
    }

    /// As [`Served::begin`], after these clients have connected: they wait in the backlog before the server starts.
    pub fn after(name: &'static str, serve: Serve, clients: impl FnOnce(&mut Crowd)) -> Served {
        let scene = Scene::begin();
        let census = Census::take();
        let listener = local_listener().expect("the kernel chooses a port");
        let socket = SockRef::from(&listener);
        socket.set_send_buffer_size(SEND_BUFFER).expect("a size within bounds");
        socket.set_recv_buffer_size(RECEIVE_BUFFER).expect("a size within bounds");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (stop, stopped) = connected().expect("a connection within this machine");
        let mut crowd = Crowd::around(address);
        clients(&mut crowd);
        sockets::let_arrive();
        let (threads, workload) = (Threads::from_now(), Workload::of_threads_to_come());
        let call = in_background(name, move || serve(listener, stopped));
        Served { name, address, scene, crowd, census, threads, workload, call, stop }
    }

    /// The server's clients, to give them their next actions.
    pub fn crowd(&mut self) -> &mut Crowd {
        &mut self.crowd
    }

    /// Connect one more client, or fail because the server has ended.
    pub fn connects(&mut self, name: impl Into<String>) -> Client {
        let name = name.into();
        let client = self.crowd.try_connect(&name).unwrap_or_else(|_| {
            let expected = Row::new(words::EXPECTED, words::can_connect(&name));
            self.fails_when(None, Cause::ServeEnded, None, expected)
        });
        self.crowd.limit_receive_buffer(client, LEFT_UNREAD).expect("a size within bounds");
        client
    }

    /// Wait until this client has received exactly `expected` since it connected, or fail.
    ///
    /// Fails at the first byte that differs, at an early end of the stream, and when nothing more will arrive.
    pub fn until_heard(&mut self, client: Client, expected: &[u8], cause: Cause) {
        self.until_all_heard(&[(client, expected)], cause);
    }

    /// As [`Served::until_heard`], for many clients at once: fails for the first client whose bytes are wrong.
    pub fn until_all_heard<B: AsRef<[u8]>>(&mut self, answers: &[(Client, B)], cause: Cause) {
        let mut answers: Vec<Awaited> = answers
            .iter()
            .map(|(client, expected)| Awaited {
                client: *client,
                expected: expected.as_ref(),
                right: 0,
            })
            .collect();
        let waited = self.wait(|crowd| answers.iter_mut().all(|answer| answer.is_decided(crowd)));
        for Awaited { client, expected, .. } in answers {
            self.expect_heard(client, expected, waited.err(), cause.clone());
        }
    }

    fn expect_heard(
        &mut self,
        client: Client,
        expected: &[u8],
        stuck: Option<Still>,
        cause: Cause,
    ) {
        let heard = self.crowd.heard(client);
        if heard == expected {
            return;
        }
        let differs = !expected.starts_with(heard);
        let cause = if differs { of_bytes(&self.crowd, client, expected, cause) } else { cause };
        let name = self.crowd.name(client);
        if differs && !is_much(expected) {
            self.fails(cause, Some(client), compared_rows(name, heard, expected));
        }
        let expected = expected_row(name, expected);
        self.fails_when(stuck, cause, Some(client), expected);
    }

    /// Wait until this client has seen the end of the stream, or fail.
    pub fn until_ended(&mut self, client: Client, cause: Cause) {
        let waited = self.wait(|crowd| crowd.ended(client).is_some());
        if self.crowd.ended(client) != Some(Ok(())) {
            let end = words::sees_the_end_of_the_stream(self.crowd.name(client));
            let expected = Row::new(words::EXPECTED, end);
            self.fails_when(waited.err(), cause, Some(client), expected);
        }
    }

    /// Wait until the server cannot do anything more for its clients as they are.
    pub fn until_still(&mut self) {
        // The reason does not matter here: the checks that follow find it.
        let _ = self.wait_with(|threads| Quiet::of(threads).at_once(), &mut |_| false);
    }

    /// Return how many bytes the kernel holds for this client, which has not read any. The result may be up
    /// to 4 KiB too high, because bytes that are not acknowledged yet count twice. `None` if the system
    /// does not report it.
    pub fn held_for(&self, client: Client) -> Option<usize> {
        let [here, there] = sockets::ends(self.address, self.crowd.port(client)?);
        usize::try_from(here?.unacknowledged + there?.unread).ok()
    }

    /// Fail if the server computes for more than a fifth of the time although nothing moves.
    ///
    /// Only processor time counts, so a busy machine changes little.
    pub fn expect_rest(&mut self, cause: Cause, expected: &str) {
        let mut times = SHORT_AND_LONG.iter();
        let busy = |time: &Duration| self.workload.busy_while(|| thread::sleep(*time)).1 > A_FIFTH;
        if times.all(busy) {
            let rows = vec![
                Row::new(words::THE_SERVER, words::computes_too_much(self.name)),
                Row::new(words::EXPECTED, expected),
            ];
            self.fails(cause, None, rows);
        }
    }

    /// Fail if the server asks to sleep for longer than this in one go: while it sleeps, it sees no client.
    ///
    /// nanosleep(2) and clock_nanosleep(2) count and, in the thread that was called, a wait for another thread
    /// with a limit in time. A wait for events, which ends when a client sends something, may take any time.
    pub fn expect_short_sleeps(&mut self, most: Duration, cause: Cause) {
        let serving = self.call.linux_thread().into_iter().collect();
        if quiet::longest_sleep(&self.threads, &serving, most) > Some(most) {
            let rows = vec![
                Row::new(words::THE_SERVER, words::sleeps_longer(self.name, most.as_millis())),
                Row::new(words::EXPECTED, words::it_sleeps_at_most(most.as_millis())),
            ];
            self.fails(cause, None, rows);
        }
    }

    /// Whether the server waits for events, but only for a limited time. False if the system does not show it.
    pub fn waits_with_a_limit(&self) -> bool {
        self.threads.now().iter().any(Thread::waits_with_a_limit)
    }

    /// Fail if the server has gained threads or descriptors since `census`, although only this has
    /// happened: `20 clients came and left`.
    pub fn expect_nothing_new_since(&mut self, census: &Census, happened: &str, cause: Cause) {
        self.until_still();
        self.scene.happened(happened);
        self.scene.expect_no_thread_left(census, cause);
        self.scene.expect_no_descriptor_left(census);
    }

    /// Stop the server, and fail unless it returns, ends every connection and refuses new clients.
    pub fn stops(&mut self) {
        self.scene.happened(words::is_told_to_stop(self.name));
        let _ = self.stop.shutdown(Shutdown::Both);
        if let Err(stuck @ (Still::Waiting | Still::Spinning)) = self.wait(|_| false) {
            let rows = vec![
                Row::new(words::THEN, words::ITS_STREAM_STOP_ENDED),
                Row::new(words::THE_SERVER, self.describe(stuck)),
                Row::new(words::EXPECTED, words::IT_ENDS_EVERY_CONNECTION),
            ];
            self.fails(Cause::StopUnseen, None, rows);
        }
        if self.call.end().is_some_and(|end| end.error.is_some()) {
            let rows = vec![
                Row::new(words::THEN, words::ITS_STREAM_STOP_ENDED),
                Row::new(words::THE_SERVER, self.describe(Still::Gone)),
                Row::new(words::EXPECTED, words::IT_RETURNS_SUCCESS),
            ];
            self.fails(Cause::StopIsNoFailure, None, rows);
        }
        self.crowd.all_read_again();
        let _ = self.wait(|crowd| crowd.first_connected().is_none());
        if let Some(client) = self.crowd.first_connected() {
            let expected = words::sees_the_end_of_its_connection(self.crowd.name(client));
            let rows = vec![
                Row::new(words::THE_SERVER, self.describe(Still::Gone)),
                Row::new(words::EXPECTED, expected),
            ];
            self.fails(Cause::StopLeavesConnections, Some(client), rows);
        }
        let client = TcpStream::connect(self.address);
        if client.map_err(|error| error.kind()).err() != Some(ErrorKind::ConnectionRefused) {
            let rows = vec![
                Row::new(words::THE_SERVER, self.describe(Still::Gone)),
                Row::new(words::EXPECTED, words::CALLERS_ARE_REFUSED),
            ];
            self.fails(Cause::StillListening, None, rows);
        }
    }

    /// Drop the crowd, and fail unless the stopped server has left nothing behind: no thread and no descriptor.
    pub fn has_left_nothing(self, cause: Cause) {
        let Served { scene, crowd, census, call, stop, .. } = self;
        drop((crowd, stop));
        scene.expect_no_thread_left(&census, cause);
        scene.expect_no_descriptor_left(&census);
        // It has returned success: [`Served::stops`] has checked that.
        drop(call);
    }

    /// Fail the check for this cause. The story shows what the crowd did and received, this client always
    /// included, then `rows`.
    pub fn fails(&self, cause: Cause, client: Option<Client>, rows: Vec<Row>) -> ! {
        let mut all = self.crowd.rows(client);
        all.extend(rows);
        fail(cause.story(all))
    }

    /// Fail because a client did not receive what it should, for the plainest cause that applies.
    fn fails_when(
        &mut self,
        stuck: Option<Still>,
        cause: Cause,
        client: Option<Client>,
        expected: Row,
    ) -> ! {
        // A client sees a connection close before the call that closed it has returned.
        let stuck = stuck.or_else(|| self.wait(|_| false).err());
        let over = stuck == Some(Still::Gone);
        let cause = match self.call.end().map(|end| end.error) {
            Some(Some(kind)) if over => of_error(&kind.into()),
            Some(None) if over => Cause::ServeEnded,
            _ if client.is_some_and(|client| self.crowd.was_disconnected(client)) => Cause::HungUp,
            _ => cause,
        };
        let server = stuck.map(|stuck| Row::new(words::THE_SERVER, self.describe(stuck)));
        let rows = server.into_iter().chain([expected]).collect();
        self.fails(cause, client, rows)
    }

    /// Describe what the server does, in words that are the same every time.
    fn describe(&self, stuck: Still) -> String {
        let name = self.name;
        match stuck {
            Still::Gone => self.call.end().map_or_else(String::new, |end| end.text),
            Still::Spinning => words::computes_in_vain(name),
            Still::Waiting => match self.call.place() {
                place
                    if place == *words::IN_NO_SYSTEM_CALL || place.starts_with(&*words::ASLEEP) =>
                {
                    words::sleeps_and_looks(name)
                }
                place => words::waits(name, place),
            },
        }
    }

    /// Move the crowd until `done`, or until nothing more will arrive; a server that has returned is gone.
    fn wait(&mut self, mut done: impl FnMut(&Crowd) -> bool) -> Result<(), Still> {
        self.wait_with(Quiet::of, &mut done)
    }

    fn wait_with<'a>(
        &'a mut self,
        quiet: impl FnOnce(&'a Threads) -> Quiet<'a>,
        done: &mut dyn FnMut(&Crowd) -> bool,
    ) -> Result<(), Still> {
        let Served { crowd, threads, call, address, .. } = self;
        let clients = |crowd: &&mut Crowd| Sockets::Server(*address, crowd.ports_awaiting_data());
        let mut crowd = crowd;
        let found = quiet(threads).until_polled(clients, &mut crowd, |crowd| {
            let moved = crowd.exchange();
            if done(crowd) {
                return Poll::Found(Ok(()));
            }
            if moved {
                return Poll::Moved;
            }
            if !call.is_over() {
                return Poll::Nothing;
            }
            sockets::let_arrive();
            if crowd.exchange() { Poll::Moved } else { Poll::Found(Err(Still::Gone)) }
        });
        found.unwrap_or_else(Err)
    }
}

impl Awaited<'_> {
    /// Whether more bytes would change nothing: all have arrived, one differs, or the stream has ended.
    fn is_decided(&mut self, crowd: &Crowd) -> bool {
        let heard = crowd.heard(self.client);
        let here = heard.len().min(self.expected.len());
        let differs =
            heard.len() > here || heard[self.right..here] != self.expected[self.right..here];
        if !differs {
            self.right = here;
        }
        differs || here == self.expected.len() || crowd.ended(self.client).is_some()
    }
}
