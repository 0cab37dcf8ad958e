//! Notices when an exercise may have been saved.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// How often to report a possible change if the system reports none.
const INTERVAL: Duration = Duration::from_millis(200);

/// Called when a file may have changed: perhaps needlessly, perhaps more than once.
type Report = Arc<dyn Fn() + Send + Sync>;

/// The watch on some folders.
pub(crate) struct Saves {
    report: Report,
    /// The system's watcher; without it, `report` is called at every interval.
    watcher: Option<RecommendedWatcher>,
    watched: Vec<PathBuf>,
}

impl Saves {
    /// Report whenever a file in the folders may have changed; `turn_to` sets the folders.
    pub(crate) fn report(report: impl Fn() + Send + Sync + 'static) -> Saves {
        let report: Report = Arc::new(report);
        let on_event = Arc::clone(&report);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| may_change(event.kind)) {
                on_event();
            }
        });
        Saves { report, watcher: watcher.ok(), watched: Vec::new() }
    }

    /// As [`Saves::report`], for filesystems that report nothing: `report` is called at every interval.
    pub(crate) fn poll(report: impl Fn() + Send + Sync + 'static) -> Saves {
        let saves = Saves { report: Arc::new(report), watcher: None, watched: Vec::new() };
        saves.report_regularly();
        saves
    }

    /// Watch these folders from now on, and no others.
    ///
    /// Folders, not files: editors save by replacing the old file with a new one.
    pub(crate) fn turn_to(&mut self, folders: &[&Path]) {
        let Some(watcher) = &mut self.watcher else { return };
        for before in self.watched.drain(..) {
            let _ = watcher.unwatch(&before);
        }
        for folder in folders {
            if watcher.watch(folder, RecursiveMode::NonRecursive).is_err() {
                // This machine has too many watches already, or the filesystem supports none.
                self.watcher = None;
                return self.report_regularly();
            }
            self.watched.push((*folder).to_owned());
        }
    }

    fn report_regularly(&self) {
        let report = Arc::clone(&self.report);
        thread::spawn(move || {
            loop {
                thread::sleep(INTERVAL);
                report();
            }
        });
    }
}

/// Whether a file may have new content now. Reading a file is an event, too.
fn may_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        // Linux also reports when the file is closed. Until then it may be empty: most editors cut it off
        // before they write.
        EventKind::Modify(ModifyKind::Data(_)) => cfg!(not(target_os = "linux")),
        _ => true,
    }
}
