//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod drains_first;
    pub mod polling;
    pub mod thread_per_datagram;
    pub mod through_echo_one;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod asks_once;
    pub mod asks_three_times_at_once;
    pub mod asks_twice;
    pub mod buffer_of_1024;
    pub mod connects_to_each_client;
    pub mod connects_to_the_server;
    pub mod empty_datagram_is_the_end;
    pub mod empty_datagram_unanswered;
    pub mod every_unsent_question_is_lost;
    pub mod first_client_gets_every_reply;
    pub mod first_error_ends_the_server;
    pub mod greets_the_whole_buffer;
    pub mod host_alone_compared;
    pub mod last_error_is_the_verdict;
    pub mod name_made_text;
    pub mod name_must_be_text;
    pub mod never_gives_up;
    pub mod port_alone_compared;
    pub mod refusal_is_final;
    pub mod reply_from_a_new_socket;
    pub mod reply_in_pieces;
    pub mod silence_is_an_empty_reply;
    pub mod source_ignored;
    pub mod stranger_costs_a_try;
    pub mod stranger_prolongs_the_wait;
    pub mod swallows_every_error;
    pub mod timeout_by_one_name;
    pub mod timeout_left_behind;
    pub mod timeout_of_zero;
    pub mod waits_for_ever;
    pub mod whole_buffer_sent_back;
}
