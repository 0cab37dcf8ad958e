//! The sizes of the segments: `1,3,∞`.

use std::str::FromStr;

use crate::words;

/// Sizes of segments, in turn or drawn at random.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cuts(Vec<Size>);

/// The size of one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// This many bytes, at least 1.
    Bytes(usize),
    /// All that is there: `∞` or `rest`.
    Rest,
}

impl Cuts {
    /// Segments of these sizes; a size of 0 counts as 1. `None` if there is none.
    pub fn new(sizes: &[Size]) -> Option<Cuts> {
        let at_least_1 = |size: &Size| match size {
            Size::Bytes(n) => Size::Bytes(*n.max(&1)),
            Size::Rest => Size::Rest,
        };
        (!sizes.is_empty()).then(|| Cuts(sizes.iter().map(at_least_1).collect()))
    }
}

/// Small segments of many sizes, for random cuts: around the lengths of headers, and all that is there.
impl Default for Cuts {
    fn default() -> Cuts {
        let sizes = [1, 2, 3, 4, 5, 7, 8, 9, 16, 100].map(Size::Bytes);
        Cuts([&sizes[..], &[Size::Rest]].concat())
    }
}

/// Read sizes with commas between them: `1,3,∞` or `1,3,rest`. The error is a sentence for the user.
impl FromStr for Cuts {
    type Err = String;

    fn from_str(text: &str) -> Result<Cuts, String> {
        let size = |part: &str| match part.trim() {
            "∞" | "rest" => Some(Size::Rest),
            number => number.parse().ok().filter(|n| *n > 0).map(Size::Bytes),
        };
        let sizes = text.split(',').map(|part| size(part).ok_or(part));
        let sizes: Result<Vec<Size>, &str> = sizes.collect();
        sizes.map(Cuts).map_err(words::no_size)
    }
}

/// The sizes of one direction of a connection, one after the other without an end.
pub(crate) struct Sizes {
    cuts: Cuts,
    next: usize,
    random: Option<fastrand::Rng>,
}

impl Sizes {
    /// In turn, from the beginning after the last one; with a seed, drawn at random.
    pub(crate) fn of(cuts: Cuts, seed: Option<u64>) -> Sizes {
        Sizes { cuts, next: 0, random: seed.map(fastrand::Rng::with_seed) }
    }

    pub(crate) fn next(&mut self) -> Size {
        let Cuts(sizes) = &self.cuts;
        let at = match &mut self.random {
            Some(random) => random.usize(..sizes.len()),
            None => self.next,
        };
        self.next = (self.next + 1) % sizes.len();
        sizes[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_numbers_and_infinity() {
        let read: Cuts = "1, 3,∞,rest".parse().unwrap();
        assert_eq!(read.0, [Size::Bytes(1), Size::Bytes(3), Size::Rest, Size::Rest]);
        for wrong in ["", "0", "1,,2", "-1", "x", "99999999999999999999"] {
            assert!(wrong.parse::<Cuts>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_list_repeats_and_a_seed_draws_from_it() {
        let drawn = |seed| {
            let mut sizes = Sizes::of("1,2,∞".parse().unwrap(), seed);
            std::iter::repeat_with(move || sizes.next()).take(100).collect::<Vec<Size>>()
        };
        let (one, two, rest) = (Size::Bytes(1), Size::Bytes(2), Size::Rest);
        assert_eq!(drawn(None)[..5], [one, two, rest, one, two]);
        assert_eq!(drawn(Some(7)), drawn(Some(7)));
        assert_ne!(drawn(Some(7)), drawn(Some(8)));
        assert!([one, two, rest].iter().all(|size| drawn(Some(7)).contains(size)));
    }
}
