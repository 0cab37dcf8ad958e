//! Whoever asked for a grading: may call it off, and may listen while it goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::interrupt;
use crate::pages::page;

/// What there is to hear before the verdict.
#[derive(Clone, Debug)]
pub(crate) enum News {
    /// A line of cargo's, which has been building for longer than usual.
    Building(String),
    /// A line that the answer printed.
    Printed(String),
}

/// One grading, as its control holds it and as those who work on it do.
#[derive(Clone, Default)]
pub(crate) struct Control {
    called_off: Arc<AtomicBool>,
    listener: Option<Arc<dyn Fn(News) + Send + Sync>>,
}

impl Control {
    /// An control who listens. The default one does not: it lets cargo's lines through to the terminal.
    pub(crate) fn listening(listener: impl Fn(News) + Send + Sync + 'static) -> Control {
        Control { listener: Some(Arc::new(listener)), ..Control::default() }
    }

    /// Stop the grading, and all that it has started. It ends as if somebody had pressed Ctrl-C.
    pub(crate) fn call_off(&self) {
        self.called_off.store(true, Ordering::Relaxed);
    }

    /// Whether the grading was called off, or somebody did press Ctrl-C.
    pub(crate) fn has_called_off(&self) -> bool {
        self.called_off.load(Ordering::Relaxed) || interrupt::happened()
    }

    /// Whether somebody listens.
    pub(crate) fn listens(&self) -> bool {
        self.listener.is_some()
    }

    /// Tell the control something.
    pub(crate) fn tell(&self, news: News) {
        match (&self.listener, news) {
            (Some(listener), news) => listener(news),
            (None, News::Building(line)) => page::aside(&format!("{line}\n")),
            (None, News::Printed(_)) => {}
        }
    }
}
