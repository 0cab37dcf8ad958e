//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod with_a_watchdog;
    pub mod without_blocking;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod aborted_is_something_else;
    pub mod any_error_is_a_goodbye;
    pub mod broken_pipe_is_a_reset;
    pub mod closes_at_once;
    pub mod closes_both_sides;
    pub mod descriptors_by_kind;
    pub mod drains_and_drops;
    pub mod every_number_means_descriptors;
    pub mod gives_up_too_soon;
    pub mod gone_is_a_failure;
    pub mod half_closes_before_the_reset;
    pub mod last_error_is_replaced;
    pub mod looks_and_waits;
    pub mod looks_by_reading;
    pub mod never_half_closes;
    pub mod no_bound_in_bytes;
    pub mod no_patience_fails;
    pub mod numbers_of_linux;
    pub mod one_read_is_the_answer;
    pub mod one_try_too_many;
    pub mod patience_begins_anew;
    pub mod reads_past_errors;
    pub mod reads_the_words;
    pub mod refusal_is_final;
    pub mod reset_ends_the_answer;
    pub mod rests_after_the_last;
    pub mod shutdown_is_a_reset;
    pub mod shuts_down_and_lets_go;
    pub mod silence_is_a_goodbye;
    pub mod stays_nonblocking;
    pub mod timeout_by_one_name;
    pub mod tries_whatever_the_error;
    pub mod tries_without_rest;
    pub mod waits_for_the_goodbye;
    pub mod writes_to_see;
}
