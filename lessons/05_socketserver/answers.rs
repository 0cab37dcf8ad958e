//! The answers that are whole files, as modules: editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod further;
    pub mod joined_handles;
    pub mod polls_for_callers;
    pub mod pool_that_grows;
}
