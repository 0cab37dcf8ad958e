//! A process and everything it starts, as one group that can be stopped without leaving anything behind.

use std::io;
use std::process::Command;

use process_wrap::std::{ChildWrapper, CommandWrap};

/// Start a command in its own group: Ctrl-C on the terminal does not reach it.
pub(crate) fn spawn(command: Command) -> io::Result<Box<dyn ChildWrapper>> {
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    command.spawn()
}

/// Stop the group, and wait until its first process has ended.
pub(crate) fn stop(group: &mut dyn ChildWrapper) {
    // This fails if the group has already ended.
    let _ = group.start_kill();
    let _ = group.wait();
}
