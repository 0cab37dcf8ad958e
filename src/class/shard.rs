//! A part of a class: each machine grades one.

use std::str::FromStr;

use crate::words;

/// The `number`-th of `of` parts, counted from 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shard {
    number: usize,
    of: usize,
}

impl Shard {
    /// Whether the student at this place in the alphabet, counted from 0, belongs to this part.
    pub fn has(self, place: usize) -> bool {
        place % self.of == self.number - 1
    }
}

impl FromStr for Shard {
    type Err = &'static str;

    /// Read `2/4`.
    fn from_str(text: &str) -> Result<Shard, &'static str> {
        let parts = text.split_once('/').and_then(|(number, of)| {
            Some(Shard { number: number.parse().ok()?, of: of.parse().ok()? })
        });
        parts.filter(|shard| (1..=shard.of).contains(&shard.number)).ok_or(words::NO_SHARD)
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;

    #[test]
    fn each_student_belongs_to_one_part() {
        let shards: Vec<Shard> = ["1/3", "2/3", "3/3"].map(|text| text.parse().unwrap()).to_vec();
        for place in 0..10 {
            assert_eq!(shards.iter().filter(|shard| shard.has(place)).count(), 1, "{place}");
        }
    }

    #[test]
    fn a_part_is_a_number_of_a_number() {
        for wrong in ["0/3", "4/3", "1", "1/0", "a/b", "-1/3", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
