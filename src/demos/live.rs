//! A page that shows a demonstration while it is played, and says when the next act may begin.
//!
//! A small HTTP server for browsers on this machine: one request per connection, one thread per connection.
//!
//! | request | answer |
//! |---|---|
//! | `GET /` | the page |
//! | `GET /events` | everything so far and whatever comes, as server-sent events |
//! | `POST /play/2` | act 2 begins, if the demonstration waits for it |

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use super::event::{Draw, Event};
use super::{json, page};

/// The largest head of a request.
const LARGEST_HEAD: usize = 16 * 1024;
/// How long a browser may take for a request.
const PATIENCE: Duration = Duration::from_secs(10);

/// Shows a demonstration on a page while it is played. The server ends with the process.
pub struct Live {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// All messages so far, each as a server-sent event.
    messages: Vec<String>,
    /// The act that may begin when a page asks for it.
    waiting: Option<usize>,
}

impl Live {
    /// Serve on a free port of this machine, which no other machine can reach.
    pub fn open() -> io::Result<Live> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let live = Live { address: listener.local_addr()?, shared: Arc::default() };
        let (shared, port) = (Arc::clone(&live.shared), live.address.port());
        thread::spawn(move || {
            for browser in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                // A browser that has gone is no reason to end.
                thread::spawn(move || drop(shared.serve(browser, port)));
            }
        });
        Ok(live)
    }

    /// Where a browser finds the page.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Tell the page that all acts have been played.
    pub fn end(&self) {
        self.shared.add("event: ended\ndata:\n\n".to_owned(), None);
    }
}

impl Draw for Live {
    fn draw(&mut self, event: Event) -> io::Result<()> {
        self.shared.add(format!("data: {}\n\n", json::line(event)), None);
        Ok(())
    }

    /// Wait until a page asks for the act.
    fn wait_for_act(&mut self, number: usize) -> io::Result<()> {
        self.shared.add(format!("event: ready\ndata: {number}\n\n"), Some(number));
        let state = self.shared.lock();
        let begun = self.shared.changed.wait_while(state, |state| state.waiting.is_some());
        drop(begun.expect("no thread panics while it holds this lock"));
        Ok(())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panics while it holds this lock")
    }

    fn add(&self, message: String, waiting: Option<usize>) {
        let mut state = self.lock();
        state.messages.push(message);
        state.waiting = waiting;
        self.changed.notify_all();
    }

    fn serve(&self, mut browser: TcpStream, port: u16) -> io::Result<()> {
        browser.set_read_timeout(Some(PATIENCE))?;
        self.answer(&mut browser, port)?;
        // A close with bytes unread would reset the connection, and the answer could be lost.
        browser.shutdown(Shutdown::Write)?;
        io::copy(&mut browser, &mut io::sink()).map(drop)
    }

    fn answer(&self, browser: &mut TcpStream, port: u16) -> io::Result<()> {
        let Some(request) = Request::read(browser)? else {
            return respond(browser, r"400 Bad Request", "");
        };
        if !request.is_ours(port) {
            return respond(browser, r"403 Forbidden", "");
        }
        let (path, _) = request.target.split_once('?').unwrap_or((&request.target, ""));
        match (&*request.method, path) {
            ("GET", "/") => respond(browser, r"200 OK", &page::page(&[], true)),
            ("GET", "/events") => self.stream(browser),
            ("POST", path) if self.play(path.strip_prefix("/play/")) => {
                respond(browser, r"204 No Content", "")
            }
            _ => respond(browser, r"404 Not Found", ""),
        }
    }

    /// Let an act begin; false if the demonstration does not wait for it.
    fn play(&self, number: Option<&str>) -> bool {
        let number = number.and_then(|number| number.parse().ok());
        let mut state = self.lock();
        let waits = number.is_some() && state.waiting == number;
        if waits {
            state.waiting = None;
            self.changed.notify_all();
        }
        waits
    }

    /// Send every message, those so far and those to come, until the browser has gone.
    fn stream(&self, browser: &mut TcpStream) -> io::Result<()> {
        browser.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
              Connection: close\r\n\r\n",
        )?;
        let mut sent = 0;
        loop {
            let state = self.lock();
            let state = self.changed.wait_while(state, |state| state.messages.len() == sent);
            let state = state.expect("no thread panics while it holds this lock");
            let new = state.messages[sent..].concat();
            sent = state.messages.len();
            // A browser that reads slowly must not hold up the demonstration.
            drop(state);
            browser.write_all(new.as_bytes())?;
        }
    }
}

fn respond(browser: &mut TcpStream, status: &str, page: &str) -> io::Result<()> {
    let length = page.len();
    write!(
        browser,
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n{page}"
    )
}

/// The head of a request, as far as it matters here.
struct Request {
    method: String,
    target: String,
    host: String,
    origin: Option<String>,
}

impl Request {
    /// Read the head of a request, or `None` if it is not HTTP or too long.
    fn read(browser: &mut TcpStream) -> io::Result<Option<Request>> {
        let (mut head, mut piece) = (Vec::new(), [0; 4096]);
        while head.len() < LARGEST_HEAD {
            let n = browser.read(&mut piece)?;
            head.extend_from_slice(&piece[..n]);
            match Request::parse(&head) {
                Ok(None) if n > 0 => {}
                Ok(request) => return Ok(request),
                Err(_) => return Ok(None),
            }
        }
        Ok(None)
    }

    /// `None` if more of the head must come.
    fn parse(head: &[u8]) -> Result<Option<Request>, httparse::Error> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        if request.parse(head)?.is_partial() {
            return Ok(None);
        }
        let header = |name: &str| {
            let mut named = request.headers.iter().filter(|it| it.name.eq_ignore_ascii_case(name));
            named.next().map(|it| String::from_utf8_lossy(it.value).into_owned())
        };
        Ok(Some(Request {
            method: request.method.unwrap_or_default().to_owned(),
            target: request.path.unwrap_or_default().to_owned(),
            host: header("host").unwrap_or_default(),
            origin: header("origin"),
        }))
    }

    /// Whether it comes from this page or from the address bar.
    ///
    /// Any page of the web can let the browser connect to this machine. Under a name of its own (DNS rebinding) the
    /// host is that name; otherwise a request that changes something has its origin.
    fn is_ours(&self, port: u16) -> bool {
        let hosts = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}"));
        let origin = self.origin.as_deref().map(|origin| origin.strip_prefix("http://"));
        hosts.contains(&self.host)
            && origin.is_none_or(|origin| hosts.iter().any(|host| origin == Some(host)))
    }
}
