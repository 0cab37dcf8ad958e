//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod read_exact;
    pub mod read_loop;
    pub mod state_machine;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod allocates_before_checking;
    pub mod big_endian_both_ways;
    pub mod big_endian_reader;
    pub mod buffered_reader_a_message;
    pub mod clean_end_is_an_error;
    pub mod decoder_buffer_cleared;
    pub mod decoder_end_unnoticed;
    pub mod decoder_header_lost;
    pub mod decoder_one_message_a_push;
    pub mod empty_message_is_the_end;
    pub mod header_read_once;
    pub mod interrupted_read_is_fatal;
    pub mod length_counts_the_header;
    pub mod length_trusted;
    pub mod limit_off_by_one;
    pub mod messages_are_text;
    pub mod negative_length_trusted;
    pub mod one_read_a_message;
    pub mod spins_at_the_end;
    pub mod too_long_is_written;
    pub mod truncated_header_is_the_end;
    pub mod truncated_message_is_whole;
    pub mod unfilled_buffer;
    pub mod write_is_not_write_all;
}
