//! Grade lesson 1: read a greeting of five bytes whole, and do not wait for more.

use std::io::Write;
use std::net::{TcpListener, TcpStream};

use greeting::read_greeting;
use netkata::{Scene, Wire, graded, needs_descriptors, returns};
use rstest::rstest;

#[rstest]
#[case::at_once(&["hello"])]
#[case::in_pieces(&["he", "llo"])]
fn the_greeting_is_read_whole(#[case] segments: &'static [&'static str]) {
    graded(move || {
        let mut wire = Wire::delivers(segments).then_closes();
        let hello = returns("hello".to_owned());
        wire.expect("read_greeting", hello, |wire| read_greeting(wire));
    });
}

#[test]
fn the_stream_may_stay_open() {
    graded(|| {
        needs_descriptors(256);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let mut peer = TcpStream::connect(address).expect("a listener");
        let (mut stream, _) = listener.accept().expect("a client has connected");
        let scene = Scene::begin();
        peer.write_all(b"hello").expect("the connection is open");
        scene.peer_sent(b"hello");
        let hello = returns("hello".to_owned());
        scene.expect("read_greeting", hello, || read_greeting(&mut stream));
    });
}
