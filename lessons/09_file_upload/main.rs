//! The lesson as real programs: servers that receive files into `./received`, and clients that send the
//! files whose names are typed, one per line. The wire formats are those of the notes, rows 20 and 21.

use std::fs::{self, File};
use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::ExitCode;

use file_upload::{Header, IfExists, parse_post, read_header, save_content, send_file};
use indicatif::{ProgressBar, ProgressBarIter, ProgressStyle};
use netkata::programs::{self, Program, Role};

/// The folder for received files, inside the one that the server was started in.
const FOLDER: &str = "received";

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "upload",
            about: "saves files in ./received, each after a struct and JSON header, answers nothing",
            run: serve_upload,
        },
        Program {
            role: Role::Serve,
            name: "post",
            about: "saves a file in ./received that arrives apart from its text header, answers nothing",
            run: serve_post,
        },
        Program {
            role: Role::Client,
            name: "upload",
            about: "sends the files named on standard input, each after a struct and JSON header",
            run: upload,
        },
        Program {
            role: Role::Client,
            name: "post",
            about: "sends the files named on standard input, each after a text header",
            run: post,
        },
    ])
}

fn serve_upload(address: SocketAddr) -> io::Result<()> {
    serve(address, |stream| {
        // This wire has no closing message: a client may close only where a header would begin.
        while stream.peek(&mut [0])? > 0 {
            let header = read_header(stream)?;
            save(stream, &header)?;
        }
        Ok(())
    })
}

fn serve_post(address: SocketAddr) -> io::Result<()> {
    serve(address, |stream| {
        // One read is taken as the whole header: nothing on this wire marks its end.
        let mut buffer = [0; 1024];
        let n = stream.read(&mut buffer)?;
        println!("the first read returned {}", buffer[..n].escape_ascii());
        save(stream, &parse_post(&buffer[..n])?)
    })
}

/// Serve one client after another, for ever.
fn serve(address: SocketAddr, receive: fn(&mut TcpStream) -> io::Result<()>) -> io::Result<()> {
    fs::create_dir_all(FOLDER)?;
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (mut stream, peer) = listener.accept()?;
        println!("{peer} connected");
        // One client's error ends its own connection, not the server.
        match receive(&mut stream) {
            Ok(()) => println!("{peer} closed"),
            Err(error) => println!("{peer} failed: {error}"),
        }
    }
}

fn save(stream: &mut TcpStream, header: &Header) -> io::Result<()> {
    let bar = bar(header);
    let mut content = bar.wrap_read(stream);
    let path = save_content(&mut content, header, Path::new(FOLDER), IfExists::Refuse)?;
    bar.finish();
    println!("saved {}, {} bytes", path.display(), header.length);
    Ok(())
}

fn upload(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    // Otherwise a short file may wait until its header is acknowledged: `cargo kata demo sticky`.
    stream.set_nodelay(true)?;
    for_each_file(|header, content| send_file(&mut stream, header, content))
}

fn post(address: SocketAddr) -> io::Result<()> {
    for_each_file(|header, content| {
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "post|{}|{}", header.length, header.name)?;
        io::copy(&mut content.take(header.length), &mut stream)?;
        Ok(())
    })
}

/// Send each file named on standard input; skip those that cannot be opened.
fn for_each_file(
    mut send: impl FnMut(&Header, &mut ProgressBarIter<File>) -> io::Result<()>,
) -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        let line = line?;
        match open(Path::new(&line)) {
            Ok((header, file)) => {
                let bar = bar(&header);
                send(&header, &mut bar.wrap_read(file))?;
                bar.finish();
                println!("sent {}, {} bytes", header.name, header.length);
            }
            Err(error) => println!("failed to open {line}: {error}"),
        }
    }
    Ok(())
}

/// Open a file and return its header, which does not reveal the file's folder.
fn open(path: &Path) -> io::Result<(Header, File)> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(ErrorKind::InvalidInput)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "not a file"));
    }
    Ok((Header { name: name.to_owned(), length: metadata.len() }, file))
}

/// Show a progress bar on standard error, if that is a terminal: progress, speed and time left.
fn bar(header: &Header) -> ProgressBar {
    let template = "{msg} [{wide_bar}] {percent} %, {bytes_per_sec}, {eta} left";
    let style = ProgressStyle::with_template(template).expect("a valid template");
    // The name comes from a stranger: escape characters that control a terminal.
    let name = header.name.escape_debug().to_string();
    ProgressBar::new(header.length).with_style(style.progress_chars("=> ")).with_message(name)
}
