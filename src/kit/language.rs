//! The language in which this process speaks to learners, and texts that have one form in each.
//!
//! A program chooses it once, before it says anything. A test program learns it from the runner, in its order
//! ([`record`](crate::record)); without one it speaks English.

use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use crate::columns;

/// A language of the course.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, which every text has.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

static CHOSEN: OnceLock<Language> = OnceLock::new();

thread_local! {
    /// The language of this thread, where it is not that of the process.
    static HERE: Cell<Option<Language>> = const { Cell::new(None) };
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 2] = [Language::English, Language::Chinese];

    /// The language of this process: English, if none was chosen.
    pub fn current() -> Language {
        HERE.get().or(CHOSEN.get().copied()).unwrap_or_default()
    }

    /// What `say` returns when this thread speaks this language: for a page that is in both.
    pub fn speaks<T>(self, say: impl FnOnce() -> T) -> T {
        let before = HERE.replace(Some(self));
        let said = say();
        HERE.set(before);
        said
    }

    /// Speak this language from now on. Only the first choice counts: a process does not change its language.
    pub fn choose(self) {
        let _ = CHOSEN.set(self);
    }

    /// Its code: `en`, `zh`.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh",
        }
    }

    /// The language of this code; `None` if the course does not speak it.
    pub fn of_code(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.code() == code)
    }
}

/// A text in every language. It dereferences to the text in the language of this process. (It is not `Clone`: what
/// owns a text is a `String`.)
pub struct Text {
    english: &'static str,
    chinese: &'static str,
}

impl Text {
    /// A text in both languages.
    pub const fn new(english: &'static str, chinese: &'static str) -> Text {
        Text { english, chinese }
    }

    /// The text in the language of this process.
    pub fn as_str(&self) -> &'static str {
        match Language::current() {
            Language::English => self.english,
            Language::Chinese => self.chinese,
        }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.as_str().to_owned()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Join a subject and what it does, as in `the peer` and `closed its side`: with a space between them, unless both
/// are Chinese there.
pub fn sentence(subject: impl fmt::Display, rest: impl fmt::Display) -> String {
    let (subject, rest) = (subject.to_string(), rest.to_string());
    let last = subject.chars().next_back();
    let is_chinese = |c: Option<char>| c.is_some_and(columns::is_chinese);
    let space = if is_chinese(last) && is_chinese(rest.chars().next()) { "" } else { " " };
    format!("{subject}{space}{rest}")
}

/// Find what this subject does in a [`sentence`] about it; `None` in one about another.
pub(crate) fn predicate<'a>(text: &'a str, subject: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(subject)?;
    rest.strip_prefix(' ').or_else(|| rest.starts_with(columns::is_chinese).then_some(rest))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::in_english(r"the peer", r"closes", r"the peer closes")]
    #[case::in_chinese(r"对端", r"关闭连接", r"对端关闭连接")]
    #[case::with_a_latin_name(r"late", r"关闭连接", r"late 关闭连接")]
    #[case::with_a_latin_verb(r"对端", r"read", r"对端 read")]
    fn a_sentence_has_a_space_unless_both_parts_are_chinese(
        #[case] subject: &str,
        #[case] rest: &str,
        #[case] text: &str,
    ) {
        assert_eq!(sentence(subject, rest), text);
        assert_eq!(predicate(text, subject), Some(rest));
        assert_eq!(predicate(text, r"listener"), None);
    }

    #[test]
    fn a_longer_word_is_another_subject() {
        assert_eq!(predicate(r"the peers close", r"the peer"), None);
    }

    #[test]
    fn a_thread_may_speak_another_language_for_a_moment() {
        const TEXT: Text = Text::new(r"a byte", "字节");
        assert_eq!(TEXT.as_str(), r"a byte");
        assert_eq!(Language::Chinese.speaks(|| TEXT.to_string()), "字节");
        let elsewhere = || std::thread::spawn(|| TEXT.to_string()).join();
        assert_eq!(Language::Chinese.speaks(elsewhere).ok().as_deref(), Some(r"a byte"));
        assert_eq!(TEXT.as_str(), r"a byte");
    }

    #[test]
    fn a_code_names_its_language() {
        for language in Language::ALL {
            assert_eq!(Language::of_code(language.code()), Some(language));
        }
        assert_eq!(Language::of_code("fr"), None);
    }
}
