//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod joined_handles;
    pub mod polls_for_callers;
    pub mod pool_that_grows;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod accept_errors_end_the_server;
    pub mod clients_wait_in_line;
    pub mod clone_errors_end_the_server;
    pub mod clones_keep_the_line_open;
    pub mod finish_after_a_failed_setup;
    pub mod finish_runs_twice;
    pub mod finish_skipped_after_a_panic;
    pub mod finish_skipped_after_an_error;
    pub mod greeter_decodes_names;
    pub mod greeter_ends_at_any_exit;
    pub mod greeter_ignores_the_end;
    pub mod greeter_reads_past_errors;
    pub mod greeter_replaces_what_is_no_text;
    pub mod greeter_sends_its_whole_buffer;
    pub mod greeter_waits_for_a_line;
    pub mod handlers_are_reused;
    pub mod handles_accumulate;
    pub mod keeps_listening;
    pub mod panics_are_not_contained;
    pub mod setup_failures_ignored;
    pub mod setup_under_the_lock;
    pub mod shutdown_calls_localhost;
    pub mod shutdown_ends_reading_only;
    pub mod shutdown_forgets_connections;
    pub mod shutdown_forgotten;
    pub mod shutdown_misses_newcomers;
    pub mod shutdown_returns_early;
    pub mod shutdown_unseen_in_accept;
    pub mod shutdown_waits_for_itself;
    pub mod shutdown_wakes_one_waiter;
    pub mod shutdown_works_once;
    pub mod spins_without_descriptors;
    pub mod streams_have_a_timeout;
    pub mod ticker_does_not_rest;
    pub mod ticker_has_its_own_period;
    pub mod ticker_knows_one_way_to_go;
    pub mod ticker_knows_the_other_way_only;
    pub mod ticker_never_ends;
    pub mod ticker_takes_every_error_for_a_goodbye;
}
