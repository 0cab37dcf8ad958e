//! The answers that are whole files, as modules: editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod by_hand;
    pub mod digesting_stream;
    pub mod pieces_of_one_mib;
}
