//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod by_turns;
    pub mod watchdogs;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod a_client_that_takes_nothing_is_waited_for;
    pub mod a_cut_reply_is_whole;
    pub mod a_failed_start_hangs_up;
    pub mod a_piece_is_a_page;
    pub mod a_prefix_is_enough;
    pub mod a_refusal_hangs_up;
    pub mod a_shell_runs_it;
    pub mod a_signal_is_a_status;
    pub mod arguments_are_split_again;
    pub mod buffered_proof;
    pub mod empty_words_are_left_out;
    pub mod errors_after_the_output;
    pub mod errors_are_thrown_away;
    pub mod every_status_is_success;
    pub mod input_inherited;
    pub mod key_and_challenge_change_places;
    pub mod killed_and_not_waited_for;
    pub mod length_trusted;
    pub mod looks_the_name_up_in_path;
    pub mod no_time_limit;
    pub mod no_zero_at_the_end_is_fine;
    pub mod nothing_is_ended_after_an_error;
    pub mod one_read_for_a_command;
    pub mod only_the_leader_is_killed;
    pub mod output_is_made_text;
    pub mod outputs_written_to_one;
    pub mod q_is_a_command;
    pub mod reads_ahead_and_drops;
    pub mod replaces_what_is_no_text;
    pub mod says_that_there_is_no_output;
    pub mod silence_is_waited_for;
    pub mod skips_what_it_does_not_know;
    pub mod the_client_is_not_listened_to;
    pub mod the_end_is_an_empty_command;
    pub mod the_end_is_an_error;
    pub mod the_first_piece_is_the_reply;
    pub mod the_last_part_of_a_path_counts;
    pub mod the_limit_ends_the_conversation;
    pub mod the_limit_ends_with_the_outputs;
    pub mod the_limit_is_for_silence;
    pub mod the_limit_looks_like_a_signal;
    pub mod the_longest_command_is_refused;
    pub mod verdict_ignored;
    pub mod waits_before_reading;
    pub mod what_is_left_behind_lives;
    pub mod words_joined_by_spaces;
    pub mod zeros_in_words_are_sent;
}
