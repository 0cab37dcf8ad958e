//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod by_hand;
    pub mod watchdog;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod all_stops_early;
    pub mod answer_expected_in_hex;
    pub mod answer_in_hex;
    pub mod answer_loop_without_an_end;
    pub mod answer_written_once;
    pub mod block_as_long_as_the_digest;
    pub mod buffered_reader_for_the_answer;
    pub mod buffered_reader_for_the_challenge;
    pub mod challenge_in_hex;
    pub mod challenge_written_once;
    pub mod chat_before_the_verdict;
    pub mod chat_is_text;
    pub mod chat_spins_at_the_end;
    pub mod chat_waits_for_a_line;
    pub mod compares_what_came;
    pub mod digest_of_key_and_message;
    pub mod equality_stops_early;
    pub mod every_error_is_tried_again;
    pub mod half_a_challenge_answered;
    pub mod inner_digest_in_hex;
    pub mod interrupted_read_is_fatal;
    pub mod key_not_filled_up;
    pub mod key_of_a_block_is_digested;
    pub mod long_key_cut;
    pub mod no_time_limit;
    pub mod nonce_from_a_fixed_seed;
    pub mod nonce_is_constant;
    pub mod nonce_is_the_time;
    pub mod nonce_kept_after_a_failure;
    pub mod nonce_of_random_letters;
    pub mod nonce_once_a_server;
    pub mod one_read_for_the_answer;
    pub mod one_read_for_the_challenge;
    pub mod pads_swapped;
    pub mod panics_when_the_client_leaves;
    pub mod prefix_is_enough;
    pub mod salt_behind_the_data;
    pub mod signature_prefix_verifies;
    pub mod signed_with_a_longer_digest;
    pub mod signed_with_salted_sha1;
    pub mod time_limit_for_ever;
    pub mod time_limit_on_writes;
    pub mod time_limit_retried;
    pub mod truncated_answer_is_an_answer;
    pub mod zip_without_lengths;
}
