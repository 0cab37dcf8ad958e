//! The lesson as real programs: a server that saves files in `./received`, one that sends files of the
//! folder it was started in, and a client for each, which reads file names, one per line. The wire
//! formats are those of the notes, rows 22 and 23.

use std::fs::{self, File};
use std::io::{self, BufRead, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::ExitCode;

use ftp::{Progress, get, greet, hear_greeting, put, serve_get, serve_put};
use indicatif::{ProgressBar, ProgressStyle};
use netkata::programs::{self, Program, Role};

/// The folder for uploaded files, inside the one that the server was started in.
const FOLDER: &str = "received";

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "put",
            about: "saves files in ./received, answers each with its MD5",
            run: serve_uploads,
        },
        Program {
            role: Role::Serve,
            name: "get",
            about: "answers each name with that file of this folder, and its MD5",
            run: serve_downloads,
        },
        Program {
            role: Role::Client,
            name: "put",
            about: "sends the files named on standard input, compares the MD5s",
            run: put_files,
        },
        Program {
            role: Role::Client,
            name: "get",
            about: "gets the files named on standard input, saves each as NAME.new",
            run: get_files,
        },
    ])
}

fn serve_uploads(address: SocketAddr) -> io::Result<()> {
    fs::create_dir_all(FOLDER)?;
    serve(address, |stream| {
        greet(stream)?;
        let folder = Path::new(FOLDER);
        // This wire sends no names: the server invents one.
        let mut name = free_name(folder);
        while serve_put(stream, &name, folder)? {
            println!("saved {}", folder.join(&name).display());
            name = free_name(folder);
        }
        Ok(())
    })
}

fn serve_downloads(address: SocketAddr) -> io::Result<()> {
    serve(address, |stream| {
        while serve_get(stream, Path::new("."))? {
            println!("answered a request");
        }
        Ok(())
    })
}

/// Serve one client after another, for ever.
fn serve(address: SocketAddr, talk: fn(&mut TcpStream) -> io::Result<()>) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (mut stream, peer) = listener.accept()?;
        println!("{peer} connected");
        // One client's error ends its own connection, not the server.
        match talk(&mut stream) {
            Ok(()) => println!("{peer} closed"),
            Err(error) => println!("{peer} failed: {error}"),
        }
    }
}

fn free_name(folder: &Path) -> String {
    let names = (1..).map(|number| format!("upload-{number}"));
    let mut free = names.filter(|name| !folder.join(name).exists());
    free.next().unwrap_or_default()
}

fn put_files(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    hear_greeting(&mut stream)?;
    for line in io::stdin().lock().lines() {
        let name = line?;
        let (mut file, size) = match open(Path::new(&name)) {
            Ok(opened) => opened,
            Err(error) => {
                println!("failed to open {name}: {error}");
                continue;
            }
        };
        let bar = bar(&name);
        put(&mut stream, &mut file, size, |progress| show(&bar, progress))?;
        bar.finish();
        println!("put {name}, {size} bytes, and the server has the same MD5");
    }
    Ok(())
}

fn get_files(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    for line in io::stdin().lock().lines() {
        let name = line?;
        let bar = bar(&name);
        match get(&mut stream, &name, Path::new("."), |progress| show(&bar, progress)) {
            Ok(path) => {
                bar.finish();
                println!("saved {}, and its MD5 is right", path.display());
            }
            Err(error) => {
                bar.finish_and_clear();
                println!("failed to get {name}: {error}");
                match error.kind() {
                    // The connection still works after these errors: go on with the next name.
                    ErrorKind::NotFound | ErrorKind::InvalidInput | ErrorKind::AlreadyExists => {}
                    _ => return Err(error),
                }
            }
        }
    }
    Ok(())
}

fn open(path: &Path) -> io::Result<(File, u64)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "not a file"));
    }
    Ok((file, metadata.len()))
}

/// Show a progress bar on standard error, if that is a terminal: progress, speed and time left.
fn bar(name: &str) -> ProgressBar {
    let template = "{msg} [{wide_bar}] {percent} %, {bytes_per_sec}, {eta} left";
    let style = ProgressStyle::with_template(template).expect("a valid template");
    ProgressBar::new(0).with_style(style.progress_chars("=> ")).with_message(name.to_owned())
}

fn show(bar: &ProgressBar, Progress { done, size }: Progress) {
    bar.set_length(size);
    bar.set_position(done);
}
