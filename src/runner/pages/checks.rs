//! Reads a lesson's `zh/checks.txt`: the Chinese name of each check.
//!
//! ```text
//! a_message_survives_any_segmentation: 消息怎么切分都完整
//! # 程序的检查项                              a heading: those of programs follow
//! ```

/// The checks with their names, in the order of the file.
pub fn names(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| line.split_once(": "))
}

/// A check's name for a reader: the one in this file, or else its words.
pub fn readable(text: &str, check: &str) -> String {
    let name = names(text).find(|(it, _)| *it == check).map(|(_, name)| name.to_owned());
    name.unwrap_or_else(|| check.replace('_', " "))
}

/// The check with this name, as [`readable`] returns it.
pub fn named(text: &str, name: &str) -> String {
    let check = names(text).find(|(_, it)| *it == name).map(|(check, _)| check.to_owned());
    check.unwrap_or_else(|| name.replace(' ', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "an_end_is_an_end: 结束就是结束\nso_is_a_reset: 重置也是\n";

    #[test]
    fn a_check_has_the_name_in_the_file() {
        assert_eq!(readable(TEXT, "so_is_a_reset"), "重置也是");
        assert_eq!(named(TEXT, "结束就是结束"), "an_end_is_an_end");
    }

    #[test]
    fn a_check_without_one_has_its_words() {
        assert_eq!(readable("", "so_is_a_reset"), "so is a reset");
        assert_eq!(named("", "so is a reset"), "so_is_a_reset");
    }
}
