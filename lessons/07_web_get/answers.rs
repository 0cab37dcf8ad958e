//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod byte_by_byte;
    pub mod whole_buffer;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod blank_line_as_the_end_of_a_body;
    pub mod blank_line_looked_for_in_each_read;
    pub mod blank_line_not_counted;
    pub mod body_made_text;
    pub mod chunk_size_in_decimal;
    pub mod chunks_read_by_lines;
    pub mod chunks_to_the_end_of_the_stream;
    pub mod chunks_unknown;
    pub mod close_not_asked_for;
    pub mod coding_known_by_a_part;
    pub mod empty_body_is_missing;
    pub mod empty_line_forgotten;
    pub mod end_of_a_chunk_not_looked_at;
    pub mod error_page_is_an_error;
    pub mod every_error_is_the_end;
    pub mod field_found_anywhere;
    pub mod field_in_one_spelling;
    pub mod first_length_counts;
    pub mod first_line_not_looked_at;
    pub mod head_must_be_text;
    pub mod head_without_bound;
    pub mod interrupted_read_is_fatal;
    pub mod length_before_chunks;
    pub mod length_ignored;
    pub mod length_is_the_least;
    pub mod line_feeds_only;
    pub mod memory_before_the_bytes;
    pub mod missing_blank_line_unnoticed;
    pub mod missing_last_chunk_unnoticed;
    pub mod older_file_shows_through;
    pub mod only_whole_line_ends_refused;
    pub mod plus_is_a_digit;
    pub mod request_left_in_a_buffer;
    pub mod request_written_once;
    pub mod saving_failure_ignored;
    pub mod senseless_length_is_no_length;
    pub mod spins_at_the_end;
    pub mod status_at_a_fixed_place;
    pub mod truncated_body_is_whole;
}
