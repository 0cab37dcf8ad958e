//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod by_hand;
    pub mod digesting_stream;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod acknowledgement_of_two_bytes;
    pub mod acknowledges_before_checking;
    pub mod always_replaces;
    pub mod clean_end_is_an_error;
    pub mod compared_when_it_is_kept;
    pub mod counts_what_it_offered;
    pub mod digest_not_compared;
    pub mod digest_read_once;
    pub mod digest_swallowed;
    pub mod does_not_wait;
    pub mod empty_file_waited_for;
    pub mod end_taken_for_acknowledgement;
    pub mod folders_are_files;
    pub mod greeting_before_each_file;
    pub mod greeting_read_once;
    pub mod greeting_unread;
    pub mod interrupted_read_is_fatal;
    pub mod md5_of_an_empty_file_left;
    pub mod missing_file_ends_the_connection;
    pub mod missing_file_is_a_bad_size;
    pub mod missing_file_unanswered;
    pub mod no_receipt_for_a_wrong_digest;
    pub mod path_asked_for;
    pub mod plus_is_a_digit;
    pub mod progress_at_the_end;
    pub mod progress_counts_buffers;
    pub mod read_to_the_end;
    pub mod receipt_first;
    pub mod receipt_not_compared;
    pub mod receipt_read_once;
    pub mod request_is_a_line;
    pub mod serves_any_path;
    pub mod size_trusted;
    pub mod spins_at_the_end;
    pub mod whole_buffer_digested;
    pub mod whole_file_in_memory;
    pub mod written_under_the_final_name;
    pub mod zeros_left_out;
}
