//! List the answers that are whole files as modules, so that editors and linters see them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles, which the tests must accept.
pub mod right {
    pub mod byte_by_byte;
    pub mod whole_buffer;
    pub mod without_a_buffer;
}
