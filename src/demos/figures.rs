//! Measurements that a demonstration compares.

use std::time::Duration;

use netkata::Text;
use serde::Serialize;

use super::bilingual::Bilingual;
use super::json;

/// Measurements to compare.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// What was measured.
    pub title: Bilingual,
    /// What was compared, with the results.
    #[serde(serialize_with = "json::rows")]
    pub rows: Vec<(Bilingual, Amount)>,
    /// What the figures mean; empty if the act says it.
    pub says: Bilingual,
}

/// The result of one measurement.
#[derive(Clone, Copy, Debug)]
pub enum Amount {
    /// A time.
    Time(Duration),
    /// A number.
    Count(f64),
    /// It could not be measured here; the reason.
    Unknown(&'static Text),
}

impl Amount {
    /// Its size, to compare with others of its kind.
    pub(super) fn size(self) -> f64 {
        match self {
            Amount::Time(time) => time.as_secs_f64(),
            Amount::Count(count) => count,
            Amount::Unknown(_) => 0.0,
        }
    }
}
