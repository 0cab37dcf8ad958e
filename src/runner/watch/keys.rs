//! Single keys: by default a terminal delivers whole lines, after Enter.

use std::io::{self, IsTerminal, Read};
use std::thread;

/// Reports keys while it exists; then the terminal gets its old mode back.
pub(crate) struct Keys {
    #[cfg(unix)]
    _mode: unix::Mode<io::Stdin>,
}

impl Keys {
    /// Report each key pressed on the terminal; `None` if standard input is not a terminal.
    ///
    /// If a terminal cannot deliver single keys, a key is reported after Enter.
    pub(crate) fn watch(report: impl Fn(u8) + Send + 'static) -> Option<Keys> {
        if !io::stdin().is_terminal() {
            return None;
        }
        let keys = Keys {
            #[cfg(unix)]
            _mode: unix::Mode::keys(io::stdin()).ok()?,
        };
        thread::spawn(move || {
            let mut key = [0];
            while let Ok(1) = io::stdin().read(&mut key) {
                report(key[0]);
            }
        });
        Some(keys)
    }
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::fd::AsFd;

    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
    };

    /// A terminal that delivers single keys and does not echo them. When this is dropped, even by a panic,
    /// the terminal gets its old mode back.
    pub(super) struct Mode<T: AsFd> {
        terminal: T,
        before: Termios,
    }

    impl<T: AsFd> Mode<T> {
        /// Keep Ctrl-C as a signal, and the normal output of lines.
        pub(super) fn keys(terminal: T) -> io::Result<Mode<T>> {
            let before = tcgetattr(&terminal)?;
            let mut keys = before.clone();
            keys.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
            keys.special_codes[SpecialCodeIndex::VMIN] = 1;
            keys.special_codes[SpecialCodeIndex::VTIME] = 0;
            // Ctrl-\ would end the program at once, and leave the terminal in this mode.
            keys.special_codes[SpecialCodeIndex::VQUIT] = 0;
            tcsetattr(&terminal, OptionalActions::Now, &keys)?;
            Ok(Mode { terminal, before })
        }
    }

    impl<T: AsFd> Drop for Mode<T> {
        fn drop(&mut self) {
            // Discard unread keys, so that the shell does not take them for commands.
            let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
        }
    }

    #[cfg(test)]
    mod tests {
        use std::panic::catch_unwind;

        use rustix::pty::{OpenptFlags, grantpt, openpt, unlockpt};
        use rustix::termios::{LocalModes, tcgetattr};

        use super::Mode;

        #[test]
        fn a_panic_gives_the_terminal_its_mode_back() {
            let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
            grantpt(&terminal).expect("it is ours");
            unlockpt(&terminal).expect("it can be used");
            let modes = || tcgetattr(&terminal).expect("a terminal has modes").local_modes;
            let before = modes();
            let panicked = catch_unwind(|| {
                let _mode = Mode::keys(&terminal).expect("it takes another mode");
                assert!(!modes().intersects(LocalModes::ICANON | LocalModes::ECHO));
                std::panic::resume_unwind(Box::new("a panic"));
            });
            assert!(panicked.is_err());
            assert_eq!(modes(), before);
        }
    }
}
