//! The look of a demonstration: two lanes on a wide terminal, one on a narrow one, or plain lines.

use std::io::{self, BufRead, Write};
use std::iter;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use netkata::columns::{left, right};

use super::event::{Action, Draw, Event, Example, Held, Legend, Piece, Side};
use super::figures::{Amount, Figures};
use super::room::{Fate, Row};
use super::text::{HANG, Word, call_lines, columns, joined, styled, wrap};
use super::words;

/// The width of a terminal that does not report its width.
const USUAL_WIDTH: usize = 80;
/// The largest width of text on any terminal: longer lines are hard to read.
const WIDEST: usize = 100;
const NARROWEST: usize = 20;
/// Below this width, client and server share one lane.
pub const TWO_LANES: usize = 64;
/// Columns of a time in milliseconds, including the space before and after it.
const TIME: usize = 8;
/// Columns of a client's name, of what it does, and of the mark before the result.
const NAME: usize = 9;
const DOES: usize = 26;
const MARK: usize = 2;
/// Columns of the edge between the two lanes.
const EDGE: usize = 3;

const TITLE: Style = Style::new().bold();
const LABEL: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
/// What the kernel holds.
const KERNEL: Style = AnsiColor::Yellow.on_default();
/// Ordinary text.
const NORMAL: Style = Style::new();

/// A terminal, or whatever takes its output.
pub struct Screen<'a> {
    out: &'a mut dyn Write,
    width: usize,
    layout: Layout,
    /// Where Enter is pressed before an act, if acts wait for it.
    input: Option<&'a mut dyn BufRead>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Lanes,
    Narrow,
    Plain,
}

impl Draw for Screen<'_> {
    fn draw(&mut self, event: Event) -> io::Result<()> {
        match event {
            Event::Opening { subject, legend, timed, .. } => {
                self.opening(&subject, &legend, timed)?
            }
            Event::Act { number, of, title, tries } => self.title(number, of, &title, &tries)?,
            Event::Scene { title, lanes } => self.scene(&title, lanes)?,
            Event::Action { at, side, action } => self.action(at, side, &action)?,
            Event::Kernel { held } => self.kernel(&held)?,
            Event::Row(row) => self.row(&row)?,
            Event::Figures(figures) => self.figures(&figures)?,
            Event::Shows { sentence } => self.shows(&sentence)?,
        }
        // Show it immediately.
        self.out.flush()
    }

    /// Ask for Enter before each act but the first; at the end of the input the acts continue.
    fn wait_for_act(&mut self, number: usize) -> io::Result<()> {
        if number == 1 || self.input.is_none() {
            return Ok(());
        }
        self.blank()?;
        self.line("", &styled(&words::press_enter_for_act(number), QUIET))?;
        self.out.flush()?;
        self.input.as_mut().map_or(Ok(0), |input| input.read_line(&mut String::new())).map(drop)
    }
}

impl<'a> Screen<'a> {
    /// Show on `out`, in lines of at most `width` columns; a width of 0 means 80.
    ///
    /// Colour is written as ANSI escapes; `out` must strip them where they are not wanted. What is `plain` has neither
    /// colour nor drawing, for screen readers and pipes.
    pub fn new(out: &'a mut dyn Write, width: usize, plain: bool) -> Screen<'a> {
        let width = if width == 0 { USUAL_WIDTH } else { width.clamp(NARROWEST, WIDEST) };
        let layout = match plain {
            true => Layout::Plain,
            false if width < TWO_LANES => Layout::Narrow,
            false => Layout::Lanes,
        };
        Screen { out, width, layout, input: None }
    }

    /// Describe an event in plain lines that are not wrapped.
    pub fn describe(event: Event) -> String {
        let mut out = Vec::new();
        let (width, layout) = (usize::MAX, Layout::Plain);
        let mut screen = Screen { out: &mut out, width, layout, input: None };
        screen.draw(event).expect("a vector takes every byte");
        let text = String::from_utf8(out).expect("the screen writes text");
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    /// Let each act after the first wait for a line of `input`.
    pub fn stepped_by(self, input: &'a mut dyn BufRead) -> Screen<'a> {
        Screen { input: Some(input), ..self }
    }

    /// Show what the demonstration is about, and how to read it.
    fn opening(&mut self, subject: &str, legend: &Legend, timed: bool) -> io::Result<()> {
        let mut text = legend_words(legend);
        if timed && self.layout != Layout::Plain {
            follow(&mut text, styled(&words::AT_THE_LEFT, NORMAL));
        }
        self.paragraph(styled(subject, TITLE))?;
        self.paragraph(text)
    }

    /// Begin an act: its title and what it tries.
    fn title(&mut self, number: usize, of: usize, title: &str, tries: &str) -> io::Result<()> {
        self.blank()?;
        let title = words::act(number, of, title);
        let lines = wrap(styled(&title, TITLE), self.width);
        let rule = self.width.saturating_sub(columns(lines.last().map_or(&[], Vec::as_slice)) + 1);
        let last = lines.len().saturating_sub(1);
        for (index, mut line) in lines.into_iter().enumerate() {
            if index == last && rule > 0 && self.layout != Layout::Plain {
                line.push(Word::new("━".repeat(rule), QUIET));
            }
            self.line("", &line)?;
        }
        self.paragraph(styled(tries, NORMAL))
    }

    /// Begin a scene of an act, with the headings of the lanes if there are two.
    fn scene(&mut self, title: &str, lanes: bool) -> io::Result<()> {
        self.blank()?;
        if !title.is_empty() {
            self.paragraph(styled(&words::heading(title), LABEL))?;
        }
        if lanes && self.layout == Layout::Lanes {
            let (client, server) = (Side::Client.word(), Side::Server.word());
            let client = left(client, self.lane());
            writeln!(self.out, "{:TIME$}{QUIET}{client} │ {server}{QUIET:#}", "")?;
        }
        Ok(())
    }

    /// Show what an actor did.
    fn action(&mut self, at: Option<Duration>, side: Side, action: &Action) -> io::Result<()> {
        match self.layout {
            Layout::Lanes => self.action_in_its_lane(at, side, action),
            Layout::Narrow => self.action_in_one_lane(at, side, action),
            Layout::Plain => self.action_in_words(side, action),
        }
    }

    /// Show what the kernel holds for both ends, below the call that changed it.
    fn kernel(&mut self, held: &[Held]) -> io::Result<()> {
        match self.layout {
            Layout::Lanes => held.iter().try_for_each(|held| self.held_in_its_lanes(held))?,
            Layout::Narrow => held
                .iter()
                .flat_map(Held::in_words)
                .try_for_each(|end| self.held_in_one_lane(&end))?,
            Layout::Plain => {
                let ends: Vec<String> = held.iter().flat_map(Held::in_words).collect();
                self.hanging(labelled(&words::KERNEL, &ends.join(&words::SEMICOLON)))?;
            }
        }
        Ok(())
    }

    fn held_in_its_lanes(&mut self, held: &Held) -> io::Result<()> {
        let client = left(&held.client, self.lane());
        self.by_the_kernel()?;
        write!(self.out, "{KERNEL}{client}{KERNEL:#} {QUIET}│{QUIET:#} ")?;
        self.line("", &styled(&held.server, KERNEL))
    }

    fn held_in_one_lane(&mut self, end: &str) -> io::Result<()> {
        for line in wrap(styled(end, KERNEL), self.width - TIME) {
            self.by_the_kernel()?;
            self.line("", &line)?;
        }
        Ok(())
    }

    /// Begin a line about the kernel.
    fn by_the_kernel(&mut self) -> io::Result<()> {
        write!(self.out, "{QUIET}{}{QUIET:#} ", right(&words::KERNEL, TIME - 1))
    }

    /// Show the result for one client, in columns if the layout has them.
    fn row(&mut self, row: &Row) -> io::Result<()> {
        let Row { name, does, gets, .. } = row;
        let (mark, style) = fate_style(row.fate);
        match self.layout {
            Layout::Lanes => self.row_in_columns(row)?,
            Layout::Plain => {
                let result = [&**does, &**gets].join(&words::SEMICOLON);
                self.hanging(labelled(name, &result))?;
            }
            Layout::Narrow => {
                let mut text = styled(name, LABEL);
                text.extend(styled(does, NORMAL));
                text.push(Word::new(mark, style));
                text.extend(styled(gets, style));
                self.hanging(text)?;
            }
        }
        Ok(())
    }

    fn row_in_columns(&mut self, row: &Row) -> io::Result<()> {
        let (mark, style) = fate_style(row.fate);
        let rest = self.width - NAME - DOES - MARK;
        let does = wrap(styled(&row.does, NORMAL), DOES - 2);
        let gets = wrap(styled(&row.gets, style), rest);
        for index in 0..does.len().max(gets.len()) {
            let cell = |lines: &[Vec<Word>]| lines.get(index).cloned().unwrap_or_default();
            let (name, mark) = if index == 0 { (&*row.name, mark) } else { ("", "") };
            write!(self.out, "  {LABEL}{}{LABEL:#}", left(name, NAME - 2))?;
            let (does, gets) = (cell(&does), cell(&gets));
            self.words(&does)?;
            if !gets.is_empty() {
                let free = DOES - columns(&does);
                write!(self.out, "{:free$}{style}{mark:<MARK$}{style:#}", "")?;
            }
            self.line("", &gets)?;
        }
        Ok(())
    }

    /// Show measurements, as bars if the layout has room for them.
    fn figures(&mut self, figures: &Figures) -> io::Result<()> {
        self.blank()?;
        self.paragraph(styled(&words::heading(&figures.title), LABEL))?;
        let most = figures.rows.iter().map(|row| row.1.size()).fold(0.0, f64::max);
        for &(ref label, amount) in &figures.rows {
            match (self.layout, amount) {
                (Layout::Lanes, Amount::Time(_) | Amount::Count(_)) => {
                    let bar = bar(amount.size(), most, self.width - 40);
                    let (label, amount) = (left(label, 26), right(&short(amount), 9));
                    writeln!(self.out, "  {label}{amount}  {bar}")?;
                }
                _ => self.hanging(labelled(label, &in_words(amount)))?,
            }
        }
        if figures.says.is_empty() {
            return Ok(());
        }
        self.paragraph(styled(&figures.says, NORMAL))
    }

    /// End an act with what it shows.
    fn shows(&mut self, sentence: &str) -> io::Result<()> {
        let mut text = styled(&words::WHAT_IT_SHOWS, LABEL);
        follow(&mut text, styled(sentence, NORMAL));
        self.blank()?;
        self.paragraph(text)
    }

    fn action_in_its_lane(
        &mut self,
        at: Option<Duration>,
        side: Side,
        action: &Action,
    ) -> io::Result<()> {
        let lane = self.lane();
        let room = match side {
            Side::Client => lane,
            Side::Server => self.width - TIME - lane - EDGE,
        };
        let lines = call_lines(action_words(action), room);
        let last = lines.len() - 1;
        for (index, line) in lines.iter().enumerate() {
            self.time(at, index)?;
            let hang = if index == 0 { "" } else { HANG };
            let sends = index == last && matches!(action, Action::Write { .. });
            match side {
                Side::Client => self.client_cell(hang, line, sends)?,
                Side::Server => self.server_cell(hang, line, sends)?,
            }
        }
        Ok(())
    }

    fn client_cell(&mut self, hang: &str, line: &[Word], sends: bool) -> io::Result<()> {
        let free = self.lane().saturating_sub(hang.len() + columns(line));
        write!(self.out, "{hang}")?;
        self.words(line)?;
        if sends && free > 0 {
            writeln!(self.out, " {QUIET}{}▶│{QUIET:#}", "─".repeat(free - 1))
        } else {
            writeln!(self.out, "{:free$} {QUIET}│{QUIET:#}", "")
        }
    }

    fn server_cell(&mut self, hang: &str, line: &[Word], sends: bool) -> io::Result<()> {
        let edge = if sends { "│◀─" } else { "│" };
        write!(self.out, "{:1$} {QUIET}{edge}{QUIET:#} {hang}", "", self.lane())?;
        self.words(line)?;
        writeln!(self.out)
    }

    fn action_in_one_lane(
        &mut self,
        at: Option<Duration>,
        side: Side,
        action: &Action,
    ) -> io::Result<()> {
        let mut text = vec![Word::new(side.word(), LABEL)];
        text.extend(action_words(action));
        for (index, line) in call_lines(text, self.width - TIME).iter().enumerate() {
            self.time(at, index)?;
            self.line(if index == 0 { "" } else { HANG }, line)?;
        }
        Ok(())
    }

    /// Begin a line of an action; the first line has the time in milliseconds, if there is one.
    fn time(&mut self, at: Option<Duration>, index: usize) -> io::Result<()> {
        match at.filter(|_| index == 0) {
            Some(at) => write!(self.out, "{QUIET}{:>7.1}{QUIET:#} ", at.as_secs_f64() * 1000.0),
            None => write!(self.out, "{:TIME$}", ""),
        }
    }

    fn action_in_words(&mut self, side: Side, action: &Action) -> io::Result<()> {
        let mut text = styled(&words::heading(side.word()), NORMAL);
        follow(&mut text, plain_words(action));
        self.hanging(text)
    }

    fn paragraph(&mut self, text: Vec<Word>) -> io::Result<()> {
        for line in wrap(text, self.width) {
            self.line("", &line)?;
        }
        Ok(())
    }

    fn hanging(&mut self, text: Vec<Word>) -> io::Result<()> {
        for (index, line) in wrap(text, self.width - 4).iter().enumerate() {
            self.line(if index == 0 { "  " } else { "    " }, line)?;
        }
        Ok(())
    }

    fn line(&mut self, indent: &str, line: &[Word]) -> io::Result<()> {
        write!(self.out, "{indent}")?;
        self.words(line)?;
        writeln!(self.out)
    }

    fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    fn words(&mut self, line: &[Word]) -> io::Result<()> {
        let mut begins = true;
        for run in line.chunk_by(|word, next| word.style == next.style) {
            let space = if begins || run[0].glued { "" } else { " " };
            let style = if self.layout == Layout::Plain { NORMAL } else { run[0].style };
            write!(self.out, "{space}{style}{}{style:#}", joined(run))?;
            begins = false;
        }
        Ok(())
    }

    /// The columns of the client's lane. The server's lane is wider, because its reads matter most.
    fn lane(&self) -> usize {
        (self.width - TIME - EDGE) * 23 / 50
    }
}

/// A legend, with its examples as they look below.
fn legend_words(legend: &Legend) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut rest = &*legend.text;
    for example in &legend.examples {
        let example = example_words(example);
        let (before, after) =
            rest.split_once(&joined(&example)).expect("the text has its examples");
        add(&mut words, styled(before, NORMAL), !before.starts_with(' '));
        add(&mut words, example, !before.ends_with(' '));
        rest = after;
    }
    add(&mut words, styled(rest, NORMAL), !rest.starts_with(' '));
    words
}

fn example_words(example: &Example) -> Vec<Word> {
    match example {
        Example::Bytes(pieces) => piece_words(pieces),
        Example::Kernel(text) => styled(text, KERNEL),
    }
}

/// An action, in the form of the calls of a program.
fn action_words(action: &Action) -> Vec<Word> {
    match action {
        Action::Write { asked, pieces } => call("write", *asked, pieces),
        Action::Read { asked, pieces } => call("read", *asked, pieces),
        Action::Message { piece: Some(piece) } => {
            let mut text = vec![Word::new(r"read_message →", NORMAL)];
            text.extend(piece_words(std::slice::from_ref(piece)));
            text
        }
        Action::Message { piece: None } => vec![Word::new(r"read_message → None", NORMAL)],
        Action::Call { call, outcome } => styled(&format!("{call} → {outcome}"), NORMAL),
        Action::Note { note } => styled(note, NORMAL),
    }
}

fn call(name: &str, asked: usize, pieces: &[Piece]) -> Vec<Word> {
    let n: usize = pieces.iter().map(|piece| piece.bytes().count()).sum();
    let mut text = vec![Word::new(format!("{name}({asked}) → {n}"), NORMAL)];
    text.extend(piece_words(pieces));
    text
}

/// An action, in words.
fn plain_words(action: &Action) -> Vec<Word> {
    let (text, pieces) = match action {
        Action::Write { asked, pieces } => (words::wrote(asked), pieces.clone()),
        Action::Read { pieces, .. } if pieces.is_empty() => {
            (words::READ_FOUND_THE_END.to_string(), Vec::new())
        }
        Action::Read { asked, pieces } => {
            let n: usize = pieces.iter().map(|piece| piece.bytes().count()).sum();
            (words::read_returned(asked, n), pieces.clone())
        }
        Action::Message { piece: Some(piece) } => {
            (words::READ_MESSAGE_RETURNED.to_string(), vec![piece.clone()])
        }
        Action::Message { piece: None } => {
            (words::READ_MESSAGE_RETURNED_NONE.to_string(), Vec::new())
        }
        Action::Call { call, outcome } => return labelled(call, outcome),
        Action::Note { note } => (note.to_string(), Vec::new()),
    };
    let mut text = styled(&text, NORMAL);
    follow(&mut text, piece_words(&pieces));
    text
}

/// A label and its text.
fn labelled(label: &str, text: &str) -> Vec<Word> {
    let mut words = styled(&words::heading(label), NORMAL);
    follow(&mut words, styled(text, NORMAL));
    words
}

/// Add words, without a space behind the wide signs of Chinese.
fn follow(text: &mut Vec<Word>, words: Vec<Word>) {
    let wide = text.last().is_some_and(|word| word.text.ends_with(['：', '。']));
    add(text, words, wide);
}

/// Add words; if they are `glued`, there is no space before them.
fn add(text: &mut Vec<Word>, mut words: Vec<Word>, glued: bool) {
    if let Some(first) = words.first_mut() {
        first.glued |= glued && !text.is_empty();
    }
    text.append(&mut words);
}

/// Show pieces, each with the letter of its message.
fn piece_words(pieces: &[Piece]) -> Vec<Word> {
    let word = |(index, piece): (usize, &Piece)| Word {
        text: piece.shown(),
        style: message_style(piece.letter),
        glued: index > 0,
        bytes: true,
    };
    pieces.iter().enumerate().map(word).collect()
}

fn message_style(letter: char) -> Style {
    match letter {
        'A' => AnsiColor::Cyan.on_default().bold(),
        'B' => AnsiColor::Yellow.on_default().underline(),
        'C' => AnsiColor::Magenta.on_default().bold().underline(),
        _ => AnsiColor::Green.on_default(),
    }
}

/// The mark and colour of a kind of result.
fn fate_style(fate: Fate) -> (&'static str, Style) {
    match fate {
        Fate::Served => ("✓", AnsiColor::Green.on_default()),
        Fate::Waits => ("…", AnsiColor::Yellow.on_default().underline()),
        Fate::Harmed => ("✗", AnsiColor::Red.on_default().bold()),
        Fate::Neither => ("·", NORMAL),
    }
}

/// An amount, beside a bar.
pub fn short(amount: Amount) -> String {
    text_of(amount, words::us, words::ms)
}

/// An amount, in a sentence.
pub fn in_words(amount: Amount) -> String {
    text_of(amount, words::microseconds, words::milliseconds)
}

/// Format an amount, with these functions for microseconds and milliseconds.
fn text_of(amount: Amount, micro: fn(String) -> String, milli: fn(String) -> String) -> String {
    match amount {
        Amount::Time(time) => match time.as_secs_f64() {
            seconds if seconds < 0.001 => micro(format!("{:.1}", seconds * 1e6)),
            seconds => milli(format!("{:.1}", seconds * 1e3)),
        },
        Amount::Count(count) if count >= 100.0 || count.fract() == 0.0 => format!("{count:.0}"),
        Amount::Count(count) => format!("{count:.1}"),
        Amount::Unknown(why) => why.to_string(),
    }
}

/// A bar with the length of `amount` relative to `most`; never invisible.
fn bar(amount: f64, most: f64, columns: usize) -> String {
    let share = amount / most.max(f64::MIN_POSITIVE);
    let full = (share * columns as f64) as usize;
    if full == 0 { "▏".to_owned() } else { iter::repeat_n('█', full).collect() }
}

#[cfg(test)]
mod tests {
    use textwrap::core::display_width;

    use super::super::bilingual::Bilingual;
    use super::*;

    /// What is shown with texts in Chinese.
    fn shown(width: usize, show: impl FnOnce(&mut Screen) -> io::Result<()>) -> Vec<String> {
        let mut out = Vec::new();
        show(&mut Screen::new(&mut out, width, false)).expect("a vector takes every byte");
        String::from_utf8(out).expect("it is text").lines().map(str::to_owned).collect()
    }

    fn held() -> Held {
        Held {
            client: Bilingual::same(r"已建立，十个字节未读"),
            server: Bilingual::same(r"已建立"),
        }
    }

    fn row(does: &str) -> Row {
        let (name, gets) =
            (Bilingual::same(r"A 王明"), Bilingual::same(r"等待另一个客户端，没有回答"));
        Row { name, does: Bilingual::same(does), fate: Fate::Waits, gets }
    }

    fn column_of(line: &str, what: char) -> usize {
        let before = line.split(what).next().unwrap_or_default();
        display_width(before)
    }

    #[test]
    fn chinese_fits_every_width() {
        let long = r"客户端写入五个字节，服务器读取其中一个（其余的留在内核里）。".repeat(3);
        for width in [20, 40, 64, 100] {
            let lines = shown(width, |screen| {
                let legend = Legend { text: Bilingual::same(&*long), examples: Vec::new() };
                screen.opening(&long, &legend, true)?;
                screen.title(1, 2, &long, &long)?;
                screen.action(
                    None,
                    Side::Client,
                    &Action::Note { note: Bilingual::same(&*long) },
                )?;
                screen.action(
                    None,
                    Side::Server,
                    &Action::Note { note: Bilingual::same(&*long) },
                )?;
                screen.kernel(&[held()])?;
                screen.row(&row(&long))?;
                screen.shows(&long)
            });
            for line in lines {
                assert!(display_width(&line) <= width, "{line}");
            }
        }
    }

    #[test]
    fn lanes_stay_straight_with_chinese() {
        let lines = shown(80, |screen| {
            let action =
                Action::Note { note: Bilingual::same(r"服务器等待连接，然后读取") };
            screen.scene("", true)?;
            screen.action(None, Side::Client, &action)?;
            screen.kernel(&[held()])
        });
        for line in &lines[1..] {
            assert_eq!(column_of(line, '│'), column_of(&lines[1], '│'), "{lines:#?}");
        }
    }

    #[test]
    fn columns_stay_straight_with_chinese() {
        let lines = shown(80, |screen| {
            screen.row(&Row { name: Bilingual::same(r"A Ada"), ..row(r"asks") })?;
            screen.row(&row(r"提问，然后等待"))
        });
        assert_eq!(column_of(&lines[0], '…'), column_of(&lines[1], '…'), "{lines:#?}");
    }

    #[test]
    fn bars_stay_straight_with_chinese() {
        let rows = [r"threads", r"每个连接一个线程"]
            .map(|label| (Bilingual::same(label), Amount::Count(5.0)));
        let figures = Figures {
            title: Bilingual::same(r"内存"),
            rows: rows.into(),
            says: Bilingual::default(),
        };
        let lines = shown(80, |screen| screen.figures(&figures));
        let columns: Vec<usize> = lines[2..].iter().map(|line| column_of(line, '█')).collect();
        assert_eq!(columns, [39, 39], "{lines:#?}");
    }
}
