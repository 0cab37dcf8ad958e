//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod by_hand;
    pub mod nonblocking_looks;
    pub mod reader_thread;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod acknowledgement_fills_the_buffer;
    pub mod acknowledgement_of_two_bytes;
    pub mod acknowledges_before_checking;
    pub mod acknowledges_nothing;
    pub mod allocates_before_checking;
    pub mod buffer_of_1024_bytes;
    pub mod counts_what_it_asked_for;
    pub mod cuts_after_reading;
    pub mod data_is_text;
    pub mod end_inside_a_message_unnoticed;
    pub mod end_taken_for_a_size;
    pub mod end_taken_for_acknowledgement;
    pub mod every_error_is_tried_again;
    pub mod interrupted_read_is_fatal;
    pub mod joins_before_sending;
    pub mod leading_digits_are_the_size;
    pub mod limit_off_by_one;
    pub mod limit_unchecked;
    pub mod longest_message_is_not_sent;
    pub mod nodelay_and_reads_at_once;
    pub mod one_byte_of_acknowledgement;
    pub mod one_read_for_all;
    pub mod one_read_for_the_data;
    pub mod peeks_and_never_reads;
    pub mod peeks_once;
    pub mod plus_is_a_digit;
    pub mod reads_ahead_and_drops;
    pub mod reads_at_once;
    pub mod reads_the_acknowledgement_too_late;
    pub mod reads_to_the_end_of_the_stream;
    pub mod reads_until_it_has_both;
    pub mod reads_what_is_there_now;
    pub mod sends_with_one_write;
    pub mod short_read_is_the_end;
    pub mod size_and_data_in_one_write;
    pub mod size_cut_to_its_buffer;
    pub mod size_in_characters;
    pub mod size_is_trimmed;
    pub mod size_sent_as_struct;
    pub mod sleeps_and_reads;
    pub mod sleeps_instead_of_waiting;
    pub mod spins_at_the_end;
    pub mod splits_by_sending;
    pub mod splits_the_next_message_too;
    pub mod swallows_the_next_size;
    pub mod too_long_is_sent;
    pub mod truncated_message_is_whole;
    pub mod two_reads_are_enough;
    pub mod waits_for_data_of_an_empty_message;
    pub mod waits_for_the_end_of_the_digits;
    pub mod waits_for_the_first_only;
    pub mod waits_until_nothing_new_comes;
}
