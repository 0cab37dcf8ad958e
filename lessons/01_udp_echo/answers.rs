//! List the answers that are whole files as modules, so that editors and linters see them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles, which the tests must accept.
pub mod right {
    pub mod drains_first;
    pub mod one_function_for_all;
    pub mod polling;
    pub mod thread_per_datagram;
}
