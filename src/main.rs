//! `cargo kata …`: the course's commands.

fn main() {}
