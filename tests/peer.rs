//! Test `TcpPeer`, peers over TCP: they act in step with a call, and detect when no more bytes will arrive.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex};

use netkata::{Cause, DeafPort, Scene, Story, TcpCall, TcpPeer, graded, local_listener, returns};

#[test]
fn pieces_that_a_peer_sends_are_read_as_pieces() {
    graded(|| {
        let (scene, listener, address) = listening();
        let caller = TcpPeer::calls(&scene, "the caller", address);
        let pieces = Arc::new(Mutex::new(Vec::new()));
        let read = Arc::clone(&pieces);
        let call = TcpCall::begin(&scene, "reads", move || {
            each_piece(&listener, |_, piece| read.lock().unwrap().push(piece.to_vec()))
        });
        for piece in [&b"a"[..], b"bc", b"def"] {
            caller.says(piece, &call);
        }
        caller.hangs_up(&call);
        call.ends(returns(()));
        if cfg!(target_os = "linux") {
            assert_eq!(*pieces.lock().unwrap(), [&b"a"[..], b"bc", b"def"]);
        }
    });
}

#[test]
fn a_peer_receives_bytes_and_then_the_end() {
    graded(|| {
        let (scene, listener, address) = listening();
        let caller = TcpPeer::calls(&scene, "the caller", address);
        let call = TcpCall::begin(&scene, "echo", move || echo(&listener));
        caller.has_heard_nothing(&call, Cause::Differs);
        caller.says(b"hello", &call);
        caller.hears(b"hel", &call, Cause::Differs);
        caller.hears(b"lo", &call, Cause::Differs);
        caller.hangs_up(&call);
        caller.hears_the_end_after(b"", &call, Cause::Differs);
        call.ends(returns(()));
    });
}

#[test]
fn a_client_of_a_peer_sees_its_reset() {
    graded(|| {
        let (scene, listener, address) = listening();
        let call = TcpCall::begin(&scene, "call", move || {
            let mut stream = TcpStream::connect(address)?;
            match stream.read(&mut [0; 8]).map_err(|error| error.kind()) {
                Err(ErrorKind::ConnectionReset) => Ok(()),
                other => Err(io::Error::other(format!("{other:?}"))),
            }
        });
        let server = TcpPeer::is_called("the server", &listener, &call, Cause::Differs);
        server.resets(&call);
        call.ends(returns(()));
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_peer_that_gets_nothing_shows_where_the_call_is() {
    let text = failing(|scene, address| {
        let caller = TcpPeer::calls(scene, "the caller", address);
        Box::new(move |call| {
            caller.says(b"hello", call);
            caller.hears(b"hello, too", call, Cause::BothWait);
        })
    });
    assert!(text.contains("echo is in recvfrom, on a socket that receives nothing"), "{text}");
    assert!(text.contains(r#"and got         "hello", then nothing more"#), "{text}");
}

#[test]
fn a_disconnected_peer_shows_what_the_call_returned() {
    let text = failing(|scene, address| {
        let caller = TcpPeer::calls(scene, "the caller", address);
        Box::new(move |call| {
            caller.hangs_up(call);
            caller.hears(b"hello", call, Cause::HungUp);
        })
    });
    assert!(text.contains("meanwhile       echo returned success"), "{text}");
    assert!(text.contains("and got         the end of the stream"), "{text}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_spinning_call_is_distinguished_from_a_waiting_one() {
    let story = story_of(|| {
        let scene = Scene::begin();
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let call: TcpCall<()> = TcpCall::begin(&scene, "spins", move || {
            while stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {}
            Ok(())
        });
        // Dropped when the check has failed, which ends the thread.
        let _stop = stop;
        call.ends(returns(()));
    });
    assert_eq!(story.cause, "SpinsAtTheEnd");
}

#[test]
fn a_deaf_port_refuses_connections() {
    let port = DeafPort::taken();
    let refused = TcpStream::connect(port.address()).expect_err("no program listens");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    assert!(TcpListener::bind(port.address()).is_err(), "the port is taken");
}

type Act = Box<dyn FnOnce(&TcpCall<()>)>;

/// The story of a check in which the peers do not get what they expect from an echo.
fn failing(peers: impl FnOnce(&Scene, SocketAddr) -> Act + Send + 'static) -> String {
    let story = story_of(move || {
        let (scene, listener, address) = listening();
        let act = peers(&scene, address);
        act(&TcpCall::begin(&scene, "echo", move || echo(&listener)));
    });
    story.lines(80).join("\n")
}

fn listening() -> (Scene, TcpListener, SocketAddr) {
    let listener = local_listener().unwrap();
    let address = listener.local_addr().unwrap();
    (Scene::begin(), listener, address)
}

fn echo(listener: &TcpListener) -> io::Result<()> {
    each_piece(listener, |stream, piece| stream.write_all(piece).unwrap())
}

/// Accept one connection, and act on each piece that is read, until the client closes.
fn each_piece(
    listener: &TcpListener,
    mut act: impl FnMut(&mut TcpStream, &[u8]),
) -> io::Result<()> {
    let (mut stream, _) = listener.accept()?;
    let mut buffer = [0; 1024];
    loop {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            n => act(&mut stream, &buffer[..n]),
        }
    }
}

/// Run a check that must fail, and return its story.
fn story_of(body: impl FnOnce() + Send + 'static) -> Story {
    let run = AssertUnwindSafe(|| graded(body));
    let payload = panic::catch_unwind(run).expect_err("the check must fail");
    *payload.downcast().expect("a check fails with a story")
}
