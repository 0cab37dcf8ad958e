//! Draws one act as an SVG picture, in type that can be read from the back row.

use std::io;

use anstyle_svg::{Term, WIN10_CONSOLE};
use netkata::Language;

use super::act::Demonstration;
use super::event::{Draw, Event};
use super::screen::{Screen, TWO_LANES};

/// The width of the picture in columns: the least with two lanes. The type is large because the lines are short.
const WIDTH: usize = TWO_LANES;

/// The font for Chinese, which the pictures of the book have, too.
const FONT: &str = include_str!("../book/theme/font.css");

/// Play act `number`, from 1, and draw it. The picture fills whatever width it is given.
///
/// Panics if there is no such act.
pub fn picture(demonstration: &Demonstration, number: usize) -> io::Result<String> {
    let mut ansi = Vec::new();
    demonstration.play_act(number, &mut Untimed(Screen::new(&mut ansi, WIDTH, false)))?;
    let ansi = String::from_utf8(ansi).expect("the screen writes text");
    let term = Term::new().palette(WIN10_CONSOLE).min_width_px(0);
    Ok(in_columns(&scalable(&term.render_svg(ansi.trim()))))
}

/// Leaves out the times, which differ in every run.
struct Untimed<'a>(Screen<'a>);

impl Draw for Untimed<'_> {
    fn draw(&mut self, event: Event) -> io::Result<()> {
        self.0.draw(match event {
            Event::Action { side, action, .. } => Event::Action { at: None, side, action },
            other => other,
        })
    }

    fn wait_for_act(&mut self, number: usize) -> io::Result<()> {
        self.0.wait_for_act(number)
    }
}

/// Let a picture of fixed size fill the width that it is given, and its quiet parts be readable.
fn scalable(svg: &str) -> String {
    let (first, rest) = svg.split_once('\n').unwrap_or((svg, ""));
    let sizes: Vec<&str> = first.split(['"', '=']).filter_map(|it| it.strip_suffix("px")).collect();
    let scaled = format!(r#"width="100%" viewBox="0 0 {}""#, sizes.join(" "));
    let fixed = format!(r#"width="{}px" height="{}px""#, sizes[0], sizes[1]);
    let rest = rest.replace(r"opacity: 0.4", r"opacity: 0.7");
    format!("{}\n{rest}", first.replace(&fixed, &scaled))
}

/// Let a Chinese character be as wide as two letters.
fn in_columns(svg: &str) -> String {
    match Language::current() {
        Language::English => svg.to_owned(),
        Language::Chinese => svg
            .replacen("<style>", &format!("<style>\n{FONT}"), 1)
            .replace(r"font: 14px ", r#"font: 14px "Two Columns", "#),
    }
}
