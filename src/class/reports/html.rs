//! Writes a report as one HTML file that needs no other.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use pulldown_cmark::{Event, Parser};

use super::{Block, Report};
use crate::results::{Row, Story};

const STYLE: &str = include_str!("report.css");
/// The longest text with a caret below it: it fits a printed page.
const FITS_A_LINE: usize = 60;
/// Even if a text were not escaped: no script, no other file, no request.
const POLICY: &str = r"default-src 'none'; style-src 'unsafe-inline'";

/// The report as an HTML document.
pub(crate) fn write(report: &Report) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content=r"width=device-width, initial-scale=1";
                meta name="color-scheme" content=r"light dark";
                title { (report.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 dir="auto" { (report.title) }
                    @for block in &report.blocks { (of_block(block)) }
                }
            }
        }
    };
    document.into_string()
}

fn of_block(block: &Block) -> Markup {
    match block {
        Block::Section(heading) => html! { h2 { (heading) } },
        Block::Part(heading) => html! { h3 { (heading) } },
        Block::Text(text) => html! { p { (text) } },
        Block::Hint(markdown) => html! { div.hint { (of_markdown(markdown)) } },
        Block::Lines(text) => html! { pre { (text) } },
        Block::Story(story) => of_story(story),
        Block::Marked(lines) => html! {
            ul.marked {
                @for (mark, text) in lines {
                    li { span { (mark) } " " span { (text) } }
                }
            }
        },
        Block::Table(head, rows) => html! {
            div.wide {
                table {
                    thead { tr { @for cell in head { th scope="col" { (cell) } } } }
                    tbody {
                        @for row in rows {
                            tr { @for cell in row { td { (cell) } } }
                        }
                    }
                }
            }
        },
    }
}

/// A hint of the course, in which HTML is text.
fn of_markdown(markdown: &str) -> Markup {
    let events = Parser::new(markdown).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let mut text = String::new();
    pulldown_cmark::html::push_html(&mut text, events);
    PreEscaped(text)
}

fn of_story(story: &Story) -> Markup {
    html! {
        div.story {
            @for row in &story.rows {
                div.row {
                    span.label { (row.label) } " "
                    (of_text(row))
                }
            }
            p { (story.sentence) }
        }
    }
}

/// A row's text. The marked character is underlined, so it is found where a line is wrapped, too.
fn of_text(row: &Row) -> Markup {
    let Some((at, note)) = &row.mark else { return html! { pre { (row.text) } } };
    let start = row.text.char_indices().nth(*at).map_or(row.text.len(), |(start, _)| start);
    let (before, rest) = row.text.split_at(start);
    let (marked, after) = rest.split_at(rest.chars().next().map_or(0, char::len_utf8));
    // Behind the end there is a blank to mark.
    let marked = if marked.is_empty() { " " } else { marked };
    // Other characters may be wider than the blanks before a caret.
    let has_caret = row.text.is_ascii() && row.text.len() <= FITS_A_LINE;
    let caret = if has_caret { format!("{}^ ", " ".repeat(*at)) } else { String::new() };
    html! {
        pre.unwrapped[has_caret] {
            (before) mark { (marked) } (after) "\n"
            span.note { (caret) (note) }
        }
    }
}
