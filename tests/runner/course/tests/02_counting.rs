//! Lesson 2, graded: every byte counts.

use counting::count;
use netkata::{Scene, graded, returns};

#[test]
fn every_byte_counts() {
    graded(|| Scene::begin().expect("count", returns(5), || Ok(count(b"hello"))));
}
