//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod phases;
    pub mod small_bites;
    pub mod states;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod all_letters_change;
    pub mod always_says_that_something_moved;
    pub mod answers_overtake;
    pub mod broken_pipe_ends_the_server;
    pub mod buffer_without_length;
    pub mod chatty_client_drained;
    pub mod decodes_each_read;
    pub mod decodes_with_replacement;
    pub mod end_of_stream_is_nothing_yet;
    pub mod half_close_drops_the_tail;
    pub mod inbox_never_cleared;
    pub mod listener_left_blocking;
    pub mod never_rests;
    pub mod no_descriptor_is_the_end;
    pub mod no_error_is_the_listeners;
    pub mod one_caller_a_turn;
    pub mod one_outbox_for_all;
    pub mod only_callers_count_as_movement;
    pub mod owed_without_bound;
    pub mod owing_counts_as_movement;
    pub mod pause_never_ends;
    pub mod reads_exactly;
    pub mod removed_while_counting;
    pub mod reset_ends_the_server;
    pub mod serve_ends_when_nothing_moves;
    pub mod served_only_when_nobody_calls;
    pub mod slow_client_dropped;
    pub mod spins_until_sent;
    pub mod stream_left_blocking;
    pub mod time_limit_instead_of_nonblocking;
    pub mod unsent_tail_dropped;
    pub mod waits_for_a_line;
    pub mod whole_buffer_answered;
    pub mod would_block_is_a_failure;
    pub mod write_all_without_waiting;
}
