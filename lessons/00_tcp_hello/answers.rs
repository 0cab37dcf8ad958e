//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod by_hand;
    pub mod two_directions;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod all_letters_become_capitals;
    pub mod answers_everybody;
    pub mod answers_once;
    pub mod answers_when_all_is_said;
    pub mod any_greeting_will_do;
    pub mod buffer_without_room;
    pub mod calls_localhost;
    pub mod decodes_each_read;
    pub mod does_not_hear_the_server_out;
    pub mod every_end_is_a_goodbye;
    pub mod every_error_is_the_end;
    pub mod goodbye_read_once;
    pub mod greeting_left_in_a_buffer;
    pub mod greeting_read_once;
    pub mod half_a_greeting_will_do;
    pub mod hangs_up_a_clone;
    pub mod hangs_up_both_ways;
    pub mod heard_as_text;
    pub mod hears_before_it_greets;
    pub mod hears_the_server_out_first;
    pub mod listens_anew;
    pub mod never_hangs_up;
    pub mod panics_when_nobody_answers;
    pub mod says_goodbye_at_once;
    pub mod silence_is_a_failure;
    pub mod spins_at_the_end;
    pub mod waits_for_a_line;
    pub mod whole_buffer_sent_back;
}
