//! Grade lesson 2: every byte counts.

use counting::count;
use netkata::{Scene, builds_on, graded, returns};

#[test]
fn nothing_counts_as_nothing() {
    graded(|| Scene::begin().expect("count", returns(0), || Ok(count(b""))));
}

#[test]
fn every_byte_counts() {
    graded(|| Scene::begin().expect("count", returns(5), || Ok(count(b"hello"))));
}

#[test]
fn a_character_may_be_several_bytes() {
    graded(|| {
        builds_on(every_byte_counts);
        Scene::begin().expect("count", returns(3), || Ok(count("神".as_bytes())));
    });
}

#[test]
fn characters_count_among_letters() {
    graded(|| {
        builds_on(a_character_may_be_several_bytes);
        Scene::begin().expect("count", returns(5), || Ok(count("a神b".as_bytes())));
    });
}
