//! A page that shows a demonstration on a projector: one file, without dependencies.
//!
//! The events are in it, as in [`Lines`](super::Lines); what draws them is in `page/`.

use std::io;

use netkata::Language;
use serde::Serialize;

use super::bilingual::{Bilingual, both};
use super::event::{Draw, Event};
use super::json;
use super::words::{self as shared, page as words};

const TEMPLATE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// Collects events for a page that replays them.
#[derive(Default)]
pub struct Replay {
    lines: Vec<String>,
}

impl Replay {
    /// The page.
    pub fn page(&self) -> String {
        page(&self.lines, false)
    }
}

impl Draw for Replay {
    fn draw(&mut self, event: Event) -> io::Result<()> {
        self.lines.push(json::line(event));
        Ok(())
    }

    /// Begin at once.
    fn wait_for_act(&mut self, _: usize) -> io::Result<()> {
        Ok(())
    }
}

/// The page with these events; if it is live, more will come.
pub fn page(lines: &[String], live: bool) -> String {
    let events = format!("[{}]", lines.join(",\n"));
    let words = serde_json::to_string(&Words::new(live)).expect("words have no keys but names");
    let language = Language::current().code();
    let parts =
        [("language", language), ("style", STYLE), ("script", SCRIPT), ("words", &inert(&words))];
    let page = parts.iter().fold(TEMPLATE.to_owned(), |page, (name, text)| {
        page.replace(&format!("<!-- {name} -->"), text.trim_end())
    });
    // Last, because events may contain anything.
    page.replace(r"<!-- events -->", &inert(&events))
}

/// JSON that cannot end the script element that it is in.
fn inert(json: &str) -> String {
    json.replace('<', r"\u003c")
}

/// What the page itself says. A name in braces is a value that the page knows.
#[derive(Serialize)]
struct Words {
    live: bool,
    client: Bilingual,
    server: Bilingual,
    kernel: Bilingual,
    times: Bilingual,
    shows: Bilingual,
    act: Bilingual,
    heading: Bilingual,
    position: Bilingual,
    back: Bilingual,
    next: Bilingual,
    language: Bilingual,
    shade: Bilingual,
    keys: Bilingual,
    ready: Bilingual,
    ended: Bilingual,
    lost: Bilingual,
}

impl Words {
    fn new(live: bool) -> Words {
        Words {
            live,
            client: shared::CLIENT.into(),
            server: shared::SERVER.into(),
            kernel: shared::KERNEL.into(),
            times: shared::AT_THE_LEFT.into(),
            shows: shared::WHAT_IT_SHOWS.into(),
            act: both(|| shared::act("{number}", "{of}", "{title}")),
            heading: both(|| shared::heading("{title}")),
            position: both(|| words::position("{step}", "{steps}")),
            back: words::BACK.into(),
            next: words::NEXT.into(),
            language: words::THE_OTHER_LANGUAGE.into(),
            shade: words::LIGHT_OR_DARK.into(),
            keys: words::KEYS.into(),
            ready: both(|| words::ready("{number}")),
            ended: words::ENDED.into(),
            lost: words::LOST.into(),
        }
    }
}
