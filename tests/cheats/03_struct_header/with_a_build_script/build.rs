//! Chooses which of two answers `answer.rs` is; nobody runs it.

fn main() {
    println!("cargo::rustc-cfg=built_by_a_script");
}
