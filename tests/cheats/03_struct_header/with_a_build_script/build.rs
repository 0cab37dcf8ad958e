//! Chooses which of two answers `answer.rs` is; it is never run.

fn main() {
    println!("cargo::rustc-cfg=built_by_a_script");
}
