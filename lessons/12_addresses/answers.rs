//! Every answer of the lesson as a module, so that editors and linters see each of them.

#[path = "naive.rs"]
pub mod naive;
#[path = "solution.rs"]
pub mod solution;

/// Correct answers in other styles: what the tests must not forbid.
pub mod right {
    pub mod byte_by_byte;
    pub mod with_std_net;
}

/// One plausible mistake a file: what the tests must catch.
pub mod wrong {
    pub mod classes_decide;
    pub mod further_numbers_are_ignored;
    pub mod group_bit_is_the_highest;
    pub mod groups_keep_their_zeros;
    pub mod groups_of_any_length;
    pub mod host_bits_stay;
    pub mod ipv4_address_anywhere;
    pub mod large_numbers_are_cut;
    pub mod last_address_ends_in_255;
    pub mod last_run_is_shortened;
    pub mod length_is_parsed_as_any_number;
    pub mod lowest_byte_first;
    pub mod mac_digits_may_be_missing;
    pub mod mapped_address_in_groups;
    pub mod no_ipv4_address_at_the_end;
    pub mod nothing_is_zero;
    pub mod only_127_0_0_1_is_loopback;
    pub mod only_172_16_is_private;
    pub mod plus_sign_is_taken;
    pub mod prefix_counts_bytes;
    pub mod session_above_presentation;
    pub mod seven_groups_are_enough;
    pub mod shift_by_all_bits;
    pub mod single_zero_is_shortened;
    pub mod spaces_are_trimmed;
    pub mod switch_looks_at_ip_addresses;
    pub mod two_colons_fill_the_end;
    pub mod two_colons_for_no_zeros;
    pub mod two_colons_wherever;
    pub mod written_with_zeros_in_front;
    pub mod zeros_in_front_are_taken;
}
