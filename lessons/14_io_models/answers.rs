//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod drains;
    pub mod looks_up;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod async_awaits_in_line;
    pub mod async_blocks_in_read;
    pub mod async_takes_the_end_for_a_failure;
    pub mod async_tries_to_write;
    pub mod end_of_stream_is_nothing_yet;
    pub mod errors_are_nothing_yet;
    pub mod half_close_drops_the_tail;
    pub mod owed_without_bound;
    pub mod polling_never_rests;
    pub mod readiness_accepts_once;
    pub mod readiness_always_wants_room;
    pub mod readiness_keeps_those_who_left;
    pub mod readiness_lets_in_128;
    pub mod readiness_never_asks_for_room;
    pub mod readiness_reads_once;
    pub mod signals_of_the_listener_only;
    pub mod signals_one_round_each;
    pub mod signals_waited_for_first;
    pub mod spins_until_sent;
    pub mod stream_left_blocking;
    pub mod threads_keep_accepting;
    pub mod threads_keep_the_line_open;
    pub mod threads_one_after_another;
    pub mod threads_stop_ends_reading_only;
    pub mod threads_stop_forgets_the_clients;
    pub mod threads_stop_unseen_in_accept;
    pub mod threads_stop_waits_for_the_clients;
    pub mod unsent_tail_dropped;
}
