//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod buffered_writer;
    pub mod by_hand;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod always_replaces;
    pub mod buffered_reader_for_the_header;
    pub mod copied_into_place;
    pub mod counts_what_it_offered;
    pub mod cut_at_every_bar;
    pub mod devices_with_an_extension;
    pub mod empty_file_waited_for;
    pub mod errors_of_the_parser_passed_on;
    pub mod every_dot_is_suspicious;
    pub mod half_a_file_removed_afterwards;
    pub mod header_length_in_characters;
    pub mod header_length_trusted;
    pub mod interrupted_read_is_fatal;
    pub mod json_by_hand;
    pub mod json_read_once;
    pub mod last_part_of_the_path;
    pub mod length_in_characters;
    pub mod looks_before_it_receives;
    pub mod missing_length_is_zero;
    pub mod name_checked_by_the_sender_only;
    pub mod name_unchecked_by_the_sender;
    pub mod never_replaces;
    pub mod old_file_removed_first;
    pub mod one_temporary_file_for_all;
    pub mod plus_is_a_digit;
    pub mod reads_to_the_end_of_the_stream;
    pub mod sends_to_the_end_of_the_file;
    pub mod sends_what_is_there;
    pub mod separators_of_unix_only;
    pub mod spins_at_the_end;
    pub mod temporary_file_of_the_system;
    pub mod temporary_file_stays;
    pub mod temporary_name_made_longer;
    pub mod truncated_file_is_whole;
    pub mod whole_file_in_memory;
    pub mod written_under_the_final_name;
}
