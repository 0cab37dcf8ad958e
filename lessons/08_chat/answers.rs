//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod condition_variable;
    pub mod one_thread_for_the_room;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod a_name_taken_is_taken_over;
    pub mod any_name_will_do;
    pub mod any_word_with_q_leaves;
    pub mod ascii_controls_only;
    pub mod buffer_of_512_bytes;
    pub mod chatbot_reads_past_errors;
    pub mod cleanup_skipped_after_an_error;
    pub mod decodes_each_piece_of_a_line;
    pub mod decodes_each_read;
    pub mod echoes_to_the_speaker;
    pub mod end_of_input_hangs_up;
    pub mod end_of_input_is_not_told;
    pub mod every_error_is_the_end;
    pub mod exit_drops_a_clone;
    pub mod exit_is_sent;
    pub mod failure_reaches_the_speaker;
    pub mod greets_with_the_first_reply;
    pub mod interrupted_read_is_fatal;
    pub mod joins_the_keyboard;
    pub mod keeps_the_carriage_return;
    pub mod limit_counts_the_newline;
    pub mod limit_in_characters;
    pub mod lines_are_skipped;
    pub mod lines_without_a_limit;
    pub mod longest_line_is_too_long_at_the_end;
    pub mod names_are_read_under_the_lock;
    pub mod never_flushes;
    pub mod no_text_ends_the_conversation;
    pub mod one_thread_for_both;
    pub mod only_q_alone_leaves;
    pub mod queue_of_one;
    pub mod queue_without_bound;
    pub mod removed_and_not_hung_up_on;
    pub mod replaces_each_read;
    pub mod replaces_what_is_no_text;
    pub mod reply_written_once;
    pub mod seated_before_the_name;
    pub mod seats_stay;
    pub mod shows_each_read_as_text;
    pub mod shows_whole_lines;
    pub mod spins_at_the_end;
    pub mod takes_turns;
    pub mod the_keyboard_keeps_the_line_open;
    pub mod the_sender_keeps_its_own_queue_open;
    pub mod trims_the_line;
    pub mod unfinished_line_is_said;
    pub mod waits_for_a_newline;
    pub mod waits_for_the_queue;
    pub mod waits_until_it_is_text;
    pub mod whatever_begins_with_exit_leaves;
    pub mod whole_buffer_comes_back;
    pub mod word_in_a_second_write;
    pub mod writes_under_the_lock;
}
