//! The program at the far end of a connection: whether it has read what was sent, and whether it waits.
//!
//! Linux shows both for a program on the same machine: the queues of its end (sock_diag(7)), the processes that
//! have its socket open, and whether their threads wait (proc_pid_stat(5)). It shows them to the same user and
//! to root.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;

use crate::linux::sockets::{TcpState, query};
use crate::linux::threads::{Effort, Thread, Threads};
use crate::quiet;

/// The far end of a connection within this machine.
#[derive(Debug)]
pub struct FarEnd {
    near: SocketAddr,
    far: SocketAddr,
    holders: Vec<Holder>,
}

/// A process that has the far end open.
#[derive(Debug)]
struct Holder {
    /// The descriptor, as in `/proc/PID/fd/N`.
    descriptor: PathBuf,
    threads: Threads,
}

/// Watches each thread of the far end's program until it has waited.
#[derive(Debug)]
pub struct Watch {
    /// The threads that have not waited yet, and what each had done when the watch began.
    busy: Vec<(Thread, Effort)>,
    /// Whether a thread that does not wait has done enough since then.
    enough: fn(Effort, Effort) -> bool,
}

impl FarEnd {
    /// Find the far end of this connection. `None` if it is on another machine, or the system does not show it.
    pub fn of(stream: &TcpStream) -> Option<FarEnd> {
        let plain =
            |address: SocketAddr| SocketAddr::new(address.ip().to_canonical(), address.port());
        let (near, far) = (plain(stream.local_addr().ok()?), plain(stream.peer_addr().ok()?));
        query(far, near)?;
        Some(FarEnd { near, far, holders: Vec::new() })
    }

    /// Whether the first `sent` bytes, which are all that was sent, have arrived and were read. True as well if
    /// the far end is closed, and nothing will be read.
    pub fn has_read(&self, sent: u64) -> bool {
        query(self.far, self.near).is_none_or(|answer| match answer.received {
            Some(received) => received >= sent && answer.end.unread == 0,
            None => answer.end.state != TcpState::SynReceived,
        })
    }

    /// Begin to watch a program that has read everything, until it looks for more: only then has the call
    /// ended that read the last bytes. A thread that polls and never waits looks for more soon.
    pub fn until_it_looks_for_more(&mut self) -> Watch {
        self.watch(quiet::has_looked_for_more)
    }

    /// Begin to watch a program that may be sending, until it waits for anything: then it has sent all that it
    /// will send by itself. A thread that computes for some time counts as waiting.
    pub fn until_it_waits(&mut self) -> Watch {
        self.watch(quiet::has_given_up)
    }

    fn watch(&mut self, enough: fn(Effort, Effort) -> bool) -> Watch {
        self.find_holders();
        let me = Thread::current();
        let threads = self.holders.iter().flat_map(|holder| holder.threads.now());
        let threads = threads.filter(|thread| Some(thread) != me.as_ref());
        let busy = threads.filter_map(|thread| Some((thread.clone(), thread.effort()?))).collect();
        Watch { busy, enough }
    }

    /// Find the processes that have the far end open now. There are none before the connection is accepted, and
    /// others after a fork.
    fn find_holders(&mut self) {
        let inode = query(self.far, self.near).map_or(0, |answer| answer.inode);
        let socket = format!("socket:[{inode}]");
        let is_it = |path: &PathBuf| fs::read_link(path).is_ok_and(|it| it.as_os_str() == &*socket);
        self.holders.retain(|holder| is_it(&holder.descriptor));
        if !self.holders.is_empty() || inode == 0 {
            return;
        }
        for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Some(id) = process.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            let descriptors = fs::read_dir(process.path().join("fd")).into_iter().flatten();
            let descriptor = descriptors.flatten().map(|entry| entry.path()).find(is_it);
            let threads = Threads::of_process(id);
            self.holders.extend(descriptor.map(|descriptor| Holder { descriptor, threads }));
        }
    }
}

impl Watch {
    /// Whether each thread has waited, or done enough, since the watch began. True at once if the system does
    /// not show the program.
    pub fn is_over(&mut self) -> bool {
        let enough = self.enough;
        self.busy.retain(|(thread, before)| {
            thread.waits() == Some(false)
                && thread.effort().is_some_and(|now| !enough(*before, now))
        });
        self.busy.is_empty()
    }
}
