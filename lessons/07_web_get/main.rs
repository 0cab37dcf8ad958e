//! The lesson as real programs: a small web server, and a client that saves its page in a file. The
//! protocol is that of the notes, row 5.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use netkata::programs::{self, Program, Role};
use web_get::{get, save};

/// The timeout for a silent client: browsers open connections that they never use.
const TIMEOUT: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "pages",
            about: "answers requests for two small pages",
            run: serve,
        },
        Program {
            role: Role::Client,
            name: "page",
            about: "prints the head of a page, saves the page in a file",
            run: fetch,
        },
    ])
}

fn serve(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, peer) = listener.accept()?;
        // A client's failure ends only its own conversation, never the server.
        match answer(&stream) {
            Ok(request) => println!("{peer} requested {request:?}"),
            Err(error) => println!("{peer} failed: {error}"),
        }
    }
}

/// Read a request up to its empty line, and send one of the pages.
fn answer(mut stream: &TcpStream) -> io::Result<String> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    let mut lines = BufReader::new(stream.take(64 * 1024)).lines();
    let request = lines.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))?;
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let answer = match request.split(' ').nth(1) {
        Some("/") => concat!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
            "1e\r\n<p>This page comes in chunks,\n\r\n",
            "1e\r\n\r\n\r\nand has a blank line.</p>\n\r\n",
            "0\r\n\r\n"
        ),
        Some("/length") => concat!(
            "HTTP/1.1 200 OK\r\nContent-Length: 33\r\nConnection: close\r\n\r\n",
            "<p>This page says its length.</p>"
        ),
        _ => concat!(
            "HTTP/1.1 404 Not Found\r\nContent-Length: 17\r\nConnection: close\r\n\r\n",
            "<p>No page.</p>\r\n"
        ),
    };
    stream.write_all(answer.as_bytes())?;
    Ok(request)
}

fn fetch(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    let page = get(&mut stream, &address.to_string(), "/")?;
    println!("{}", String::from_utf8_lossy(&page.head));
    let status = page.status()?;
    if status != 200 {
        return Err(io::Error::other(format!("status {status}, so nothing was saved")));
    }
    let file = env::temp_dir().join("page.html");
    save(&page, &file)?;
    println!("\nsaved {} bytes in {}", page.body.len(), file.display());
    Ok(())
}
