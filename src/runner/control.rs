//! The control of a grading: cancels it, and receives its news while it runs.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::interrupt;
use crate::pages::page;

/// What can be reported before the verdict.
#[derive(Clone, Debug)]
pub(crate) enum News {
    /// Cargo compiles, and takes longer than usual: a line that takes the place of the one before.
    Compiling(String),
    /// That is over: the line can go.
    Compiled,
    /// A line from cargo, which waits for another cargo.
    Waiting(String),
    /// A line that the answer printed.
    Printed(String),
}

/// The control of one grading, shared by the command that started it and the threads that do the work.
#[derive(Clone, Default)]
pub(crate) struct Control {
    cancelled: Arc<AtomicBool>,
    listener: Option<Arc<dyn Fn(News) + Send + Sync>>,
}

impl Control {
    /// A control with a listener. The default one has none: cargo's lines go to the terminal.
    pub(crate) fn listening(listener: impl Fn(News) + Send + Sync + 'static) -> Control {
        Control { listener: Some(Arc::new(listener)), ..Control::default() }
    }

    /// Stop the grading and everything it has started. It ends as it does after Ctrl-C.
    pub(crate) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the grading was cancelled, here or with Ctrl-C.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed) || interrupt::happened()
    }

    /// Whether there is a listener.
    pub(crate) fn has_listener(&self) -> bool {
        self.listener.is_some()
    }

    /// Pass news to the listener.
    pub(crate) fn report(&self, news: News) {
        match (&self.listener, news) {
            (Some(listener), news) => listener(news),
            (None, News::Compiling(line)) => page::write_over(&mut io::stderr(), &line),
            (None, News::Compiled) => page::write_over(&mut io::stderr(), ""),
            (None, News::Waiting(line)) => page::aside(&format!("{line}\n")),
            (None, News::Printed(_)) => {}
        }
    }
}
