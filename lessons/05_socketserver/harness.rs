//! What the checks of lesson 5 stand on: peers, servers and values of their own.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Barrier, Mutex, OnceLock, Weak};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use netkata::linux::threads::{Thread, Threads};
use netkata::{
    Background, Cause, Census, Finding, Scene, Server, Still, connected, forgive_panics,
    in_background, returns,
};
use socketserver::{Greeter, Handler, ThreadingTcpServer};

use super::{causes, words};

/// How long a finished check waits for a server that does not shut down.
pub const PATIENCE: Duration = Duration::from_millis(50);

/// How many clients are connected at once. Outside Linux the default limit may be 256 descriptors.
pub const CROWD: usize = if cfg!(target_os = "linux") { 200 } else { 50 };

/// How many threads of the answer's may look whether they have something to do before it is clear that
/// nothing will come of it. If none of them does, they count as still after [`STILL`].
pub const TURNS: u64 = 2;

/// The longest time that a server may sleep between two tries to accept, while no descriptor is free.
pub const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// Threads that all wait, and of which none was scheduled for this long, will do nothing by themselves.
pub const STILL: Duration = Duration::from_millis(50);

/// A name as long as the notes' buffer.
pub const LONG_NAME: &str = match str::from_utf8(&[b'z'; 1024]) {
    Ok(name) => name,
    Err(_) => unreachable!(),
};

/// Two names: the notes' buffer does not hold it.
pub const LONGER_NAME: &str = match str::from_utf8(&[b'z'; 1025]) {
    Ok(name) => name,
    Err(_) => unreachable!(),
};

/// How a client leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goes {
    Closes,
    LeavesBytesUnread,
    IsSentAway,
}

/// What a client orders its [`Probe`] to do: the first byte that it sends.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
pub enum Order {
    Return = b'r',
    Echo = b'e',
    /// Write for ever.
    Flood = b'f',
    /// Read for ever.
    Sink = b's',
    /// Return from handle, and echo in finish.
    Linger = b'l',
    FailInSetup = b'1',
    PanicInSetup = b'2',
    FailInHandle = b'3',
    PanicInHandle = b'4',
    FailInFinish = b'5',
    PanicInFinish = b'6',
    FailInHandleAndFinish = b'7',
    PanicInHandleAndFinish = b'8',
}

impl Order {
    pub fn describe(self) -> &'static str {
        match self {
            Order::Return => &words::ORDERS_HANDLE_TO_RETURN,
            Order::Echo => &words::ORDERS_HANDLE_TO_ECHO,
            Order::Flood => &words::ORDERS_HANDLE_TO_WRITE,
            Order::Sink => &words::ORDERS_HANDLE_TO_READ,
            Order::Linger => &words::ORDERS_FINISH_TO_ECHO,
            Order::FailInSetup => &words::ORDERS_SETUP_TO_FAIL,
            Order::PanicInSetup => &words::ORDERS_SETUP_TO_PANIC,
            Order::FailInHandle => &words::ORDERS_HANDLE_TO_FAIL,
            Order::PanicInHandle => &words::ORDERS_HANDLE_TO_PANIC,
            Order::FailInFinish => &words::ORDERS_FINISH_TO_FAIL,
            Order::PanicInFinish => &words::ORDERS_FINISH_TO_PANIC,
            Order::FailInHandleAndFinish => &words::ORDERS_HANDLE_AND_FINISH_TO_FAIL,
            Order::PanicInHandleAndFinish => &words::ORDERS_HANDLE_AND_FINISH_TO_PANIC,
        }
    }
}

/// Writes each of its calls to the wire, and does what its client orders.
pub struct Probe {
    pub order: u8,
    pub finished: Sender<()>,
    /// The thread that has called `setup`.
    pub thread: Option<ThreadId>,
}

impl Probe {
    pub fn new(finished: Sender<()>) -> Probe {
        Probe { order: 0, finished, thread: None }
    }

    /// Write the name of a call, and whether `setup` was called elsewhere.
    pub fn writes(&self, stream: &mut TcpStream, call: &str) -> io::Result<()> {
        let place = match self.thread {
            Some(thread) if thread == thread::current().id() => "",
            Some(_) => r"-on-another-thread",
            None => r"-on-another-handler",
        };
        stream.write_all(format!(r"{call}{place} ").as_bytes())
    }

    pub fn now(&self, fail: &[Order], panic: &[Order]) -> io::Result<()> {
        let is_one_of = |orders: &[Order]| orders.iter().any(|order| *order as u8 == self.order);
        if is_one_of(panic) {
            panic!("ordered by the client");
        }
        if is_one_of(fail) { Err(io::Error::other(&*words::ORDERED_BY_THE_CLIENT)) } else { Ok(()) }
    }
}

impl Handler for Probe {
    fn setup(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        let mut order = [0];
        stream.read_exact(&mut order)?;
        self.order = order[0];
        self.thread = Some(thread::current().id());
        stream.write_all(b"setup ")?;
        self.now(&[Order::FailInSetup], &[Order::PanicInSetup])
    }

    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        self.writes(stream, r"handle")?;
        let mut buffer = [0; 4096];
        loop {
            if self.order == Order::Flood as u8 {
                stream.write_all(&buffer)?;
            } else if self.order == Order::Echo as u8 || self.order == Order::Sink as u8 {
                let n = stream.read(&mut buffer)?;
                if n == 0 {
                    return Ok(());
                }
                if self.order == Order::Echo as u8 {
                    stream.write_all(&buffer[..n])?;
                }
            } else {
                return self.now(
                    &[Order::FailInHandle, Order::FailInHandleAndFinish],
                    &[Order::PanicInHandle, Order::PanicInHandleAndFinish],
                );
            }
        }
    }

    fn finish(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        // In a separate process, nothing receives this.
        let _ = self.finished.send(());
        let written = self.writes(stream, r"finish");
        let mut byte = [0];
        while self.order == Order::Linger as u8 && stream.read(&mut byte)? > 0 {
            stream.write_all(&byte)?;
        }
        let fail = [Order::FailInFinish, Order::FailInHandleAndFinish];
        let panic = [Order::PanicInFinish, Order::PanicInHandleAndFinish];
        self.now(&fail, &panic).and(written)
    }
}

/// Answers each message with the number of messages so far.
pub struct Counter(pub u8);

impl Handler for Counter {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        while stream.read(&mut [0])? > 0 {
            self.0 += 1;
            stream.write_all(&[b'0' + self.0])?;
        }
        Ok(())
    }
}

/// Sends its client the timeouts of its stream, in each part of the conversation.
pub struct Patience;

impl Patience {
    fn writes(part: &str, stream: &mut TcpStream) -> io::Result<()> {
        let (read, write) = (stream.read_timeout()?, stream.write_timeout()?);
        write!(stream, r"{part}: {read:?}, {write:?} ")
    }
}

impl Handler for Patience {
    fn setup(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        Patience::writes(r"setup", stream)
    }

    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        Patience::writes(r"handle", stream)
    }

    fn finish(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        Patience::writes(r"finish", stream)
    }
}

/// Reads until its client has gone.
pub struct Sink {
    pub finished: Sender<()>,
}

impl Handler for Sink {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        while stream.read(&mut [0; 1024])? > 0 {}
        Ok(())
    }

    fn finish(&mut self, _stream: &mut TcpStream) -> io::Result<()> {
        self.finished.send(()).map_err(io::Error::other)
    }
}

/// Stays in `finish` until the gate opens.
pub struct SlowToFinish(pub Arc<Mutex<Receiver<()>>>);

impl Handler for SlowToFinish {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        stream.write_all(b"handle ")?;
        while stream.read(&mut [0])? > 0 {}
        Ok(())
    }

    fn finish(&mut self, _stream: &mut TcpStream) -> io::Result<()> {
        // When the gate opens, its other end is dropped: this is the error.
        let _ = self.0.lock().expect("one handler").recv();
        Ok(())
    }
}

/// Makes a call, and tells its client that it has returned.
pub struct Caller<F>(pub F);

impl<F: Fn() + Send + 'static> Handler for Caller<F> {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        (self.0)();
        stream.write_all(b"returned ")
    }
}

/// A part of a conversation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    Setup,
    Handle,
    Finish,
}

/// Shuts its own server down in one part of its conversation, at the same time as others. Then it reads until
/// its stream ends, and stays until the gate opens.
#[derive(Clone)]
pub struct Ender {
    pub part: Part,
    pub server: Arc<OnceLock<Weak<ThreadingTcpServer<Ender>>>>,
    pub together: Arc<Barrier>,
    pub progress: Arc<Progress>,
    pub gate: Arc<Mutex<Receiver<()>>>,
}

/// How many [`Ender`]s have got so far.
#[derive(Default)]
pub struct Progress {
    /// Their call of `shutdown` has returned.
    pub returned: AtomicUsize,
    /// They have seen the end of their own stream.
    pub ended: AtomicUsize,
}

impl Ender {
    fn is_in(&self, part: Part, stream: &mut TcpStream) -> io::Result<()> {
        if part == self.part {
            self.together.wait();
            let server = self.server.get().and_then(Weak::upgrade).expect("a server that serves");
            server.shutdown();
            drop(server);
            self.progress.returned.fetch_add(1, Ordering::SeqCst);
            while stream.read(&mut [0])? > 0 {}
            self.progress.ended.fetch_add(1, Ordering::SeqCst);
            // When the gate opens, its other end is dropped: this is the error.
            let _ = self.gate.lock().expect("no handler panics").recv();
        }
        Ok(())
    }
}

impl Handler for Ender {
    fn setup(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        self.is_in(Part::Setup, stream)
    }

    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        self.is_in(Part::Handle, stream)
    }

    fn finish(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        self.is_in(Part::Finish, stream)
    }
}

/// A server that serves in the background until this value is dropped.
pub struct Serving<H: Handler> {
    pub scene: Scene,
    /// Taken before the server was made.
    pub census: Census,
    /// Those that have started since.
    pub threads: Threads,
    pub address: SocketAddr,
    /// The server and its call, until the check has seen what they left behind.
    pub server: Option<Arc<ThreadingTcpServer<H>>>,
    pub call: Option<Background<io::Result<()>>>,
}

impl Serving<Probe> {
    /// Start a server of probes; the receiver gets a message each time one finishes.
    pub fn of_probes(scene: &Scene) -> (Serving<Probe>, Receiver<()>) {
        let (finished, finishes) = mpsc::channel();
        (Serving::start(scene, move || Probe::new(finished.clone())), finishes)
    }

    /// Connect and send the order.
    pub fn client(&self, order: Order) -> TcpStream {
        let mut client = self.connect();
        give(&mut client, order);
        client
    }

    /// Connect clients whose handlers carry out their order, or still wait for it.
    pub fn in_the_middle(&self, scene: &Scene, orders: &[Option<Order>]) -> Vec<TcpStream> {
        let mut clients = Vec::new();
        for order in orders {
            let mut client = self.connect();
            match order {
                Some(order) => {
                    scene.peer_did(order.describe());
                    give(&mut client, *order);
                    begins(scene, &mut client, *order);
                }
                None => scene.peer_did(words::CONNECTS_AND_IS_SILENT),
            }
            clients.push(client);
        }
        clients
    }
}

impl Serving<SlowToFinish> {
    /// Start a server whose handler stays in `finish` until the returned gate is dropped.
    pub fn slow_to_finish(scene: &Scene) -> (Serving<SlowToFinish>, Sender<()>) {
        let (gate, closed) = mpsc::channel();
        let closed = Arc::new(Mutex::new(closed));
        (Serving::start(scene, move || SlowToFinish(Arc::clone(&closed))), gate)
    }
}

impl Serving<Ender> {
    /// Start a server whose handlers, this many, shut it down at the same time, in this part of their
    /// conversations. They stay in it until the returned gate is dropped.
    pub fn of_enders(
        scene: &Scene,
        part: Part,
        handlers: usize,
    ) -> (Serving<Ender>, Arc<Progress>, Sender<()>) {
        let (server, together) = (Arc::new(OnceLock::new()), Arc::new(Barrier::new(handlers)));
        let (gate, closed) = mpsc::channel();
        let (progress, closed) = (Arc::new(Progress::default()), Arc::new(Mutex::new(closed)));
        let ender = Ender { part, server, together, progress, gate: closed };
        let made = ender.clone();
        let serving = Serving::start(scene, move || made.clone());
        ender.server.set(Arc::downgrade(serving.server())).expect("set once");
        (serving, ender.progress, gate)
    }
}

impl<H: Handler> Serving<H> {
    pub fn start(scene: &Scene, new_handler: impl Fn() -> H + Send + Sync + 'static) -> Serving<H> {
        let census = Census::take();
        let server = ThreadingTcpServer::bind("127.0.0.1:0", new_handler).expect("a free port");
        Serving::of(server, scene, census)
    }

    pub fn of(server: ThreadingTcpServer<H>, scene: &Scene, census: Census) -> Serving<H> {
        let (address, server) = (server.local_addr(), Arc::new(server));
        let (serves, threads) = (Arc::clone(&server), Threads::from_now());
        let call = in_background("serve_forever", move || serves.serve_forever());
        let (server, call) = (Some(server), Some(call));
        Serving { scene: scene.clone(), census, threads, address, server, call }
    }

    pub fn server(&self) -> &Arc<ThreadingTcpServer<H>> {
        self.server.as_ref().expect("a server that has not been dropped")
    }

    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).unwrap_or_else(|error| {
            let is_known = self.address.port() != 0;
            let cause = if is_known { causes::OneHarmsOthers } else { causes::AddressUnknown };
            let listens = returns(()).or(cause);
            self.scene.expect_of_peer(words::CONNECTS, listens, || Err(error));
            unreachable!("an error is not what was expected")
        })
    }

    pub fn shuts_down(&self, scene: &Scene, cause: Cause) {
        scene.expect("shutdown", returns(()).or(cause), || {
            self.server().shutdown();
            Ok(())
        });
    }

    /// Whether `serve_forever` has returned.
    pub fn is_over(&self) -> bool {
        self.call.as_ref().is_some_and(Background::is_over)
    }

    /// Shut the server down from another thread.
    pub fn shuts_down_in_background(&self, call: &str) -> Background<()> {
        let server = Arc::clone(self.server());
        in_background(call, move || server.shutdown())
    }

    /// Expect no descriptor that is open now and was not at the census. A server that sleeps between two calls
    /// of accept may close them in its next turn.
    pub fn has_closed_what_it_opened_since(&self, census: &Census) {
        self.census.settle();
        let are_closed = || census.descriptors_left().is_empty().then_some(());
        after_turns(&self.threads, TURNS, are_closed);
        self.scene.expect_no_descriptor_left(census);
    }

    /// Expect that the server has been shut down and left nothing: no thread, no descriptor.
    pub fn has_left_nothing(mut self, scene: &Scene, cause: Cause) {
        drop(self.server.take());
        scene.expect_no_thread_left(&self.census, cause.clone());
        scene.expect_no_descriptor_left(&self.census);
        let call = self.call.take().expect("a call that has not been joined");
        scene.expect("serve_forever", returns(()).or(cause), || call.join());
    }
}

impl<H: Handler> Drop for Serving<H> {
    /// Stop the server, so that none of its threads runs when the next check takes its census.
    ///
    /// A server that does not stop is left running: the checks of `shutdown` report it.
    fn drop(&mut self) {
        if self.server.is_none() {
            return;
        }
        let shutdown = self.shuts_down_in_background("shutdown");
        drop(self.server.take());
        let began = Instant::now();
        while !shutdown.is_over() && began.elapsed() < PATIENCE {
            thread::yield_now();
        }
        self.census.settle();
        shutdown.let_go();
    }
}

/// Run a handler from `setup` to `finish`, without a server.
pub fn converse(mut handler: impl Handler, mut stream: TcpStream) -> io::Result<()> {
    handler.setup(&mut stream)?;
    let handled = handler.handle(&mut stream);
    handler.finish(&mut stream).and(handled)
}

/// Expect that a greeter greets each of these names, one at a time.
pub fn greets(names: &[&[u8]], cause: Cause) {
    let scene = Scene::begin();
    let census = Census::take();
    let (mut client, stream) = connected().expect("a connection within this machine");
    let greeter = in_background(&words::THE_GREETER, move || converse(Greeter, stream));
    hears(&scene, &mut client, "Welcome!", Cause::Differs);
    for name in names {
        says(&scene, &mut client, name);
        // A longer name than the buffer holds arrives as two.
        for name in name.chunks(LONG_NAME.len()) {
            let greeting = [b"Hello, ", name, b"!"].concat();
            let expected = returns(greeting.clone()).or(cause.clone());
            scene.expect_of_peer(words::WAITS_FOR_ITS_GREETING, expected, || {
                hear(&mut client, greeting.len(), &census)
            });
        }
    }
    says(&scene, &mut client, b"exit");
    hears_the_end(&scene, &mut client, &cause);
    scene.expect("handle", returns(()).or(cause), || greeter.join());
}

/// Read this many bytes, or those that have come when no more will come.
pub fn hear(client: &mut TcpStream, bytes: usize, census: &Census) -> io::Result<Vec<u8>> {
    let mut came = vec![0; bytes];
    let mut n = 0;
    client.set_nonblocking(true)?;
    census.look_for(|| {
        let peeked = client.peek(&mut came);
        n = *peeked.as_ref().unwrap_or(&0);
        let goes_on = match peeked {
            Ok(n) => 0 < n && n < bytes,
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        };
        (!goes_on).then_some(())
    });
    client.set_nonblocking(false)?;
    came.truncate(if n == 0 { bytes } else { n });
    client.read_exact(&mut came).map(|()| came)
}

/// Give a probe an order, and expect these calls on the wire.
pub fn lives(order: Order, life: &str, cause: Cause) {
    let scene = Scene::begin();
    let (serving, finished) = Serving::of_probes(&scene);
    let mut client = serving.client(order);
    scene.peer_did(order.describe());
    let expected = returns(word_by_word(life)).or(cause);
    scene.expect_of_peer(words::LISTENS_TO_THE_END, expected, || {
        let mut heard = Vec::new();
        Read::take(&mut client, 64).read_to_end(&mut heard)?;
        let heard = String::from_utf8_lossy(&heard);
        if heard.contains(r"-on-another-") {
            scene.notice(causes::CalledElsewhere);
        }
        if !heard.contains(r"finish") {
            serving.census.settle();
            // It ran, and the client has not heard it.
            if finished.try_recv().is_ok() {
                scene.notice(causes::StreamEndedBeforeFinish);
            }
        }
        Ok(word_by_word(&heard))
    });
    drop(serving);
    forgive_panics();
}

/// Serve in a process of its own.
pub fn serves_probes(listens: &dyn Fn(SocketAddr)) -> io::Result<()> {
    let server = ThreadingTcpServer::bind("127.0.0.1:0", || Probe::new(mpsc::channel().0))?;
    listens(server.local_addr());
    server.serve_forever()
}

/// Connect clients to the server, one after another, until one must stay in the backlog. The server
/// must be idle then, try again and again with short pauses, and serve when descriptors are free.
pub fn survives_without_descriptors(server: &mut Server, tries: u64) {
    let scene = Scene::begin();
    let mut clients = Vec::new();
    // While descriptors are free, a server that does not poll waits in accept.
    server.watch(|| false);
    let accepting = server.accepting();
    // If the server disconnects clients that it cannot serve, the backlog never fills.
    while clients.len() < 8 {
        let Some(client) = caller(server) else { break };
        let rests = returns(Finding::of(words::RESTS)).or(causes::SpinsWithoutDescriptors);
        scene.expect(words::THE_SERVER_WITH_ONE_MORE_CLIENT, rests, || {
            if server.watch(|| !waits(&client)) == Still::Spinning {
                return Ok(Finding::of(words::COMPUTES_WITHOUT_END));
            }
            // A server that sleeps between two calls of accept has seen the client after a few turns.
            after_turns(&server.threads(), tries, || (!waits(&client)).then_some(()));
            let still = server.watch(|| !waits(&client));
            // While a descriptor is free, a long sleep delays clients, but it is no pause after an error.
            let has_none = waits(&client) && server.has_no_free_descriptor();
            // A wait for a thread that waits for its client is the longest pause of all.
            let waits_for_ever = || {
                let pauses = |thread: &Thread| thread.asked_to_pause().is_some();
                still == Still::Waiting
                    && accepting.iter().any(Thread::waits_for_a_thread)
                    && !server.threads().now().iter().any(pauses)
            };
            let pauses_long =
                || server.longest_sleep(&accepting, LONGEST_PAUSE) > Some(LONGEST_PAUSE);
            if has_none && (waits_for_ever() || pauses_long()) {
                scene.notice(causes::PauseTooLong);
                return Ok(Finding::of(words::SLEEPS_TOO_LONG));
            }
            Ok(Finding::of(words::RESTS))
        });
        let in_line = waits(&client);
        clients.push(client);
        if in_line {
            break;
        }
    }
    clients.retain(is_served);
    // What happens to the one that was accepted with the last descriptor is open.
    clients.pop();
    let scene = Scene::begin();
    scene.happened(words::NO_DESCRIPTOR_IS_FREE);
    let all_stay = returns(Finding::of(words::ALL_GET_IT)).or(causes::MakesRoom);
    scene.expect_of(words::EACH_EARLIER_CLIENT, words::WAITS_FOR_ITS_ECHO, all_stay, || {
        let all = clients.iter_mut().all(is_echoed);
        Ok(Finding::of(if all { words::ALL_GET_IT } else { words::SOME_ARE_DISCONNECTED }))
    });
    drop(clients);
    // After how many clients a server gives up may depend on the time.
    let scene = Scene::begin();
    scene.peer_did(words::ALL_CLIENTS_LEAVE);
    serves_again(&scene, server, Cause::AcceptErrorEndsTheServer);
}

/// Expect that a new client is served.
pub fn serves_again(scene: &Scene, server: &mut Server, cause: Cause) {
    let serves = returns(Finding::of(words::SERVES_AGAIN)).or(cause);
    scene.expect(words::THE_SERVER, serves, || {
        loop {
            let Some(mut client) = caller(server) else {
                scene.called("serve_forever", server.last_words());
                return Ok(Finding::of(words::IS_NO_LONGER_THERE));
            };
            if client.read_exact(&mut [0; r"setup handle".len()]).is_ok() {
                return Ok(Finding::of(words::SERVES_AGAIN));
            }
            // It connected before the descriptors were free.
            server.watch(|| false);
        }
    });
}

/// Poll until something is found. Return `None` after the threads were scheduled so many times, or if all of
/// them wait and none was scheduled for a while, nor will be after a short pause.
pub fn after_turns<T>(
    threads: &Threads,
    turns: u64,
    mut look: impl FnMut() -> Option<T>,
) -> Option<T> {
    let count = || threads.effort().unwrap_or_default().turns;
    let (mut last, mut since, mut so_far) = (count(), Instant::now(), 0);
    loop {
        // Look after counting: what the last turn has brought is found.
        let now = count();
        let found = look();
        // One that is ready but finds no processor is not still, and one that pauses will try again.
        let is_about_to_act = |thread: &Thread| {
            thread.waits() == Some(false)
                || thread.asked_to_pause().is_some_and(|pause| pause <= LONGEST_PAUSE)
        };
        if now != last || threads.now().iter().any(is_about_to_act) {
            // There are fewer when a thread has ended.
            so_far += now.saturating_sub(last);
            (last, since) = (now, Instant::now());
        }
        if found.is_some() || so_far >= turns || since.elapsed() >= STILL {
            return found;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Connect and order an echo; `None` if nothing listens.
pub fn caller(server: &Server) -> Option<TcpStream> {
    let mut client = TcpStream::connect(server.address()).ok()?;
    give(&mut client, Order::Echo);
    Some(client)
}

/// Return whether the connection is open and nothing has come.
pub fn waits(client: &TcpStream) -> bool {
    client.set_nonblocking(true).expect("a socket");
    matches!(client.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
}

/// Return whether a probe has begun to echo for this client, which has read nothing yet.
pub fn is_served(client: &TcpStream) -> bool {
    let mut came = [0; r"setup handle ".len()];
    client.set_nonblocking(true).expect("a socket");
    client.peek(&mut came).is_ok() && &came == b"setup handle "
}

/// Return whether this client, which has read nothing yet, gets an echo.
pub fn is_echoed(client: &mut TcpStream) -> bool {
    client.set_nonblocking(false).expect("a socket");
    let _ = client.write_all(b"ping");
    let mut came = [0; r"setup handle ping".len()];
    client.read_exact(&mut came).is_ok() && came.ends_with(b"ping")
}

/// Send until the peer and the kernel take no more, and leave the stream blocking.
pub fn fills(mut stream: &TcpStream) {
    stream.set_nonblocking(true).expect("a socket");
    while stream.write(&[b'x'; 64 * 1024]).is_ok() {}
    stream.set_nonblocking(false).expect("a socket");
}

/// Expect that a call has not returned yet.
pub fn still_waits(scene: &Scene, call: &str, is_over: bool, cause: Cause) {
    let still = returns(Finding::of(words::STILL_WAITS)).or(cause);
    scene.expect(call, still, || {
        Ok(Finding::of(if is_over { words::HAS_RETURNED } else { words::STILL_WAITS }))
    });
}

/// Expect that a call in the background returns. If every thread that has started since the census stays
/// idle, it never will. The check fails then and does not hang: after two checks that hang, those that an
/// answer must pass would not be tried.
pub fn has_returned(
    scene: &Scene,
    call: &str,
    census: &Census,
    is_over: impl Fn() -> bool,
    cause: Cause,
) {
    scene.expect(call, returns(Finding::of(words::HAS_RETURNED)).or(cause), || {
        let look = || is_over().then_some(words::HAS_RETURNED);
        let over = census.look_longer_for(look, || false);
        Ok(Finding::of(over.unwrap_or(words::STILL_WAITS)))
    });
}

/// Expect that the stream of a handler that has called `shutdown` ends at one of its sides.
pub fn sees_the_end(serving: &Serving<Ender>, side: &str, has_ended: impl Fn() -> bool) {
    let sees = returns(Finding::of(words::SEES_THE_END)).or(causes::SparesItsCaller);
    serving.scene.expect_of(side, words::WAITS_FOR_THE_END, sees, || {
        let seen = serving.census.look_for(|| has_ended().then_some(words::SEES_THE_END));
        Ok(Finding::of(seen.unwrap_or(words::STILL_WAITS)))
    });
}

/// Wait until the stream has ended, and discard what comes before.
pub fn ended(client: &mut TcpStream) -> io::Result<bool> {
    match io::copy(client, &mut io::sink()) {
        // Bytes that the server has not read make it a reset (RFC 2525, section 2.17): also an end.
        Err(error) if error.kind() != ErrorKind::ConnectionReset => Err(error),
        _ => Ok(true),
    }
}

/// Send a probe its order.
pub fn give(client: &mut TcpStream, order: Order) {
    // If the server has gone, the check notices later that no answer comes.
    let _ = client.write_all(&[order as u8]);
}

pub fn says(scene: &Scene, client: &mut TcpStream, bytes: &[u8]) {
    if !bytes.is_empty() {
        scene.peer_sent(bytes);
        let _ = client.write_all(bytes);
    }
}

/// Expect that a probe begins to carry out its order.
pub fn begins(scene: &Scene, client: &mut TcpStream, order: Order) {
    hears(scene, client, r"setup handle ", Cause::ClientsWaitInLine);
    if order == Order::Linger {
        hears(scene, client, r"finish ", Cause::ClientsWaitInLine);
    }
}

/// Expect the next bytes to be this text; the story shows it word by word.
pub fn hears(scene: &Scene, client: &mut TcpStream, text: &str, cause: Cause) {
    let expected = returns(word_by_word(text)).or(cause);
    scene.expect_of_peer(words::WAITS_FOR_ITS_ANSWER, expected, || {
        let mut came = vec![0; text.len()];
        client.read_exact(&mut came).map(|()| word_by_word(&String::from_utf8_lossy(&came)))
    });
}

pub fn hears_the_end(scene: &Scene, client: &mut TcpStream, cause: &Cause) {
    let expected = returns(Vec::new()).or(cause.clone());
    scene.expect_of_peer(words::WAITS_FOR_THE_END, expected, || {
        let mut came = Vec::new();
        Read::take(client, 64).read_to_end(&mut came)?;
        Ok(word_by_word(&String::from_utf8_lossy(&came)))
    });
}

pub fn echoes(scene: &Scene, client: &mut TcpStream, cause: Cause) {
    let _ = client.write_all(b"ping");
    hears(scene, client, "ping", cause);
}

/// Send bytes until the connection ends.
pub fn sends_for_ever(client: &TcpStream) -> Background<()> {
    let mut client = client.try_clone().expect("a descriptor");
    in_background(&words::THE_BUSY_CLIENT, move || while client.write_all(&[0; 4096]).is_ok() {})
}

pub fn word_by_word(text: &str) -> Vec<Vec<u8>> {
    text.split_whitespace().map(|word| word.as_bytes().to_vec()).collect()
}
