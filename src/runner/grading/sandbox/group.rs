//! A process and all that it starts, as one group: it can be stopped without leaving anything behind.

use std::io;
use std::process::Command;

use process_wrap::std::{ChildWrapper, CommandWrap};

/// Start a command in a group of its own: Ctrl-C on the terminal does not reach it.
pub(crate) fn spawn(command: Command) -> io::Result<Box<dyn ChildWrapper>> {
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    command.spawn()
}

/// Stop the group, and wait until its first process is over.
pub(crate) fn stop(group: &mut dyn ChildWrapper) {
    // One that is over already cannot be stopped.
    let _ = group.start_kill();
    let _ = group.wait();
}
