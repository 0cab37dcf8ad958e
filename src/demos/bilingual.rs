//! A text in both languages, made while a demonstration runs, so that a page can switch between them.

use std::fmt;
use std::ops::Deref;

use netkata::{Language, Text};
use serde::Serialize;

/// A text in English and in Chinese. It dereferences to the text in the language of this process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    #[serde(rename = "en")]
    english: String,
    #[serde(rename = "zh")]
    chinese: String,
}

/// What `say` returns in each language.
pub fn both(say: impl Fn() -> String) -> Bilingual {
    Bilingual { english: Language::English.speaks(&say), chinese: Language::Chinese.speaks(&say) }
}

impl Bilingual {
    /// A text that is the same in both languages: a name, a call, bytes.
    pub fn same(text: impl Into<String>) -> Bilingual {
        let text = text.into();
        Bilingual { english: text.clone(), chinese: text }
    }

    /// This sentence with another one behind it; either may be empty.
    pub fn then(self, next: impl Into<Bilingual>) -> Bilingual {
        let next = next.into();
        let space = if self.is_empty() || next.is_empty() { "" } else { " " };
        Bilingual {
            english: [&*self.english, space, &*next.english].concat(),
            chinese: [&*self.chinese, &*next.chinese].concat(),
        }
    }
}

impl Deref for Bilingual {
    type Target = str;

    fn deref(&self) -> &str {
        match Language::current() {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }
}

impl fmt::Display for Bilingual {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self)
    }
}

impl From<Text> for Bilingual {
    fn from(text: Text) -> Bilingual {
        both(|| text.to_string())
    }
}

impl From<&Text> for Bilingual {
    fn from(text: &Text) -> Bilingual {
        both(|| text.to_string())
    }
}
