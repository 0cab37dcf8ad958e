//! An interruption that needs no signal handler.

use std::process::{Command, Stdio};

use super::threads::Thread;

/// The second signal discards the first one where that has not yet been noticed, so the shell waits in between.
/// A process that has stopped itself could not continue itself.
const STOP_AND_CONTINUE: &str = r#"
kill -STOP $PPID
until [ "$state" = T ]; do
    while read -r key state rest && [ "$key" != State: ]; do :; done < "/proc/$PPID/task/$1/status"
done
kill -CONT $PPID
"#;

/// Stop this process until this thread of it stands still, and let it go on. On Linux, each wait on a socket
/// that has a time limit then fails with `Interrupted` (signal(7), "Interruption of system calls and library
/// functions by stop signals"; a limit is SO_RCVTIMEO or SO_SNDTIMEO). Return whether that was done.
pub(crate) fn stop_and_go_on(thread: &Thread) -> bool {
    let Some(id) = thread.id() else { return false };
    let mut shell = Command::new("sh");
    shell.args(["-c", STOP_AND_CONTINUE, "sh", &id]);
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.status().is_ok_and(|status| status.success())
}
