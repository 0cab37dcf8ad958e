//! Saves: notices when an exercise may have changed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// How often to look where the system tells nothing.
const INTERVAL: Duration = Duration::from_millis(200);

/// Who is told that a file may have changed. It may be told in vain, and more than once.
type Tell = Arc<dyn Fn() + Send + Sync>;

/// One folder that is watched.
pub(crate) struct Saves {
    tell: Tell,
    /// What the system tells us with; without it we look again and again.
    watcher: Option<RecommendedWatcher>,
    watched: Option<PathBuf>,
}

impl Saves {
    /// Tell whenever something in a folder may have changed; which one, `turn_to` says.
    pub(crate) fn tell(tell: impl Fn() + Send + Sync + 'static) -> Saves {
        let tell: Tell = Arc::new(tell);
        let told = Arc::clone(&tell);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| may_change(event.kind)) {
                told();
            }
        });
        Saves { tell, watcher: watcher.ok(), watched: None }
    }

    /// As [`Saves::tell`], for filesystems on which nobody tells us: it is looked at regularly.
    pub(crate) fn poll(tell: impl Fn() + Send + Sync + 'static) -> Saves {
        let saves = Saves { tell: Arc::new(tell), watcher: None, watched: None };
        saves.look_regularly();
        saves
    }

    /// Watch this folder from now on, and no other.
    ///
    /// The folder, not the file: editors save by putting a new file in the old one's place.
    pub(crate) fn turn_to(&mut self, folder: &Path) {
        let Some(watcher) = &mut self.watcher else { return };
        if let Some(before) = self.watched.take() {
            let _ = watcher.unwatch(&before);
        }
        match watcher.watch(folder, RecursiveMode::NonRecursive) {
            Ok(()) => self.watched = Some(folder.to_owned()),
            // There are too many watches on this machine already, or the filesystem has none.
            Err(_) => {
                self.watcher = None;
                self.look_regularly();
            }
        }
    }

    fn look_regularly(&self) {
        let tell = Arc::clone(&self.tell);
        thread::spawn(move || {
            loop {
                thread::sleep(INTERVAL);
                tell();
            }
        });
    }
}

/// Whether a file may have another content now. Reading it is an event, too.
fn may_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}
