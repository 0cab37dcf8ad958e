//! Lesson 12, graded: an address is a number, and only some texts are addresses.
//!
//! ```text
//! 10.0.0.1      0a 00 00 01                                 10.0.0.0/8    0a │ 00 00 00
//! 2001:db8::1   2001 0db8 0000 0000 0000 0000 0000 0001
//! ```
//!
//! There is no network here: every function gets many inputs, and so does `std::net` (`ipnet` for
//! prefixes); the results must agree. Fixed inputs come first, then random ones: valid addresses, and
//! texts that are one or two edits away from one, since mistakes are most likely there. A text that only
//! some programs accept as an address can get a forbidden address past a filter. Try it: run your
//! operating system's `ping 010.0.0.1`, and see where it goes.

use std::fmt::Debug;
use std::net::{Ipv4Addr, Ipv6Addr};

use addresses::{
    Delivery, LAYERS, Prefix, WORKS_ON, delivery, format_ipv4, format_ipv6, format_mac,
    is_loopback, is_private, parse_ipv4, parse_ipv6, parse_mac, same_network,
};
use ipnet::Ipv4Net;
use netkata::{Cause, Describe, Scene, builds_on, for_any, graded, returns};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::{Index, select};
use rstest::rstest;

#[path = "../lessons/12_addresses/causes.rs"]
mod causes;
#[path = "../lessons/12_addresses/words.rs"]
mod words;

#[rstest]
#[case::of_this_machine("127.0.0.1")]
#[case::of_a_private_network("10.0.0.1")]
#[case::with_four_different_bytes("1.2.3.4")]
#[case::unspecified("0.0.0.0")]
#[case::broadcast("255.255.255.255")]
#[case::with_numbers_of_all_widths("192.168.1.10")]
fn an_ipv4_address_is_four_bytes_highest_first(#[case] text: &'static str) {
    graded(move || expect_parsed_ipv4(text));
}

#[rstest]
#[case::a_number_above_255("256.0.0.1")]
#[case::a_number_far_above_255("1.2.3.99999999999999999999")]
#[case::a_leading_zero("010.0.0.1")]
#[case::a_leading_zero_before_zero("10.0.0.00")]
#[case::a_plus_sign("10.0.0.+1")]
#[case::a_minus_sign("10.0.0.-1")]
#[case::five_numbers("10.0.0.1.2")]
#[case::three_numbers("10.0.1")]
#[case::one_number("167772161")]
#[case::empty("")]
#[case::a_number_missing_in_the_middle("10..0.1")]
#[case::a_number_missing_at_the_start(".0.0.1")]
#[case::a_number_missing_at_the_end("10.0.0.")]
#[case::a_trailing_dot("10.0.0.1.")]
#[case::a_leading_space(" 10.0.0.1")]
#[case::a_trailing_space("10.0.0.1 ")]
#[case::a_space_inside("10. 0.0.1")]
#[case::a_newline("10.0.0.1\n")]
#[case::hexadecimal_digits("0x0a.0.0.1")]
#[case::a_full_width_digit("10.0.0.\u{ff11}")]
#[case::commas("10,0,0,1")]
#[case::a_port("10.0.0.1:80")]
#[case::a_name("localhost")]
fn a_malformed_ipv4_address_is_refused(#[case] text: &'static str) {
    graded(move || {
        builds_on(an_ipv4_address_is_four_bytes_highest_first);
        expect_parsed_ipv4(text);
    });
}

#[test]
fn ipv4_parsing_agrees_with_std_net() {
    graded(|| {
        builds_on(an_ipv4_address_is_four_bytes_highest_first);
        builds_on(a_malformed_ipv4_address_is_refused);
        let number =
            select(vec!["0", "1", "9", "10", "99", "100", "255", "256", "00", "01", "+1", ""]);
        let of_numbers = vec(number, 3..6).prop_map(|numbers| numbers.join("."));
        let address = any::<u32>().prop_map(|number| Ipv4Addr::from(number).to_string());
        let edited = edited(address.clone(), r"0123456789.+- x");
        for_any([], prop_oneof![address, edited, of_numbers], |text| expect_parsed_ipv4(text));
    });
}

#[test]
fn an_ipv4_address_is_written_as_four_numbers() {
    graded(|| {
        builds_on(an_ipv4_address_is_four_bytes_highest_first);
        let edges = [0x0102_0304, 0x0a00_0001, 0, u32::MAX, 0x7f00_0001, 0xc0a8_0a64];
        for_any(edges, any::<u32>(), |&address| {
            let call = format!("format_ipv4(0x{address:08x})");
            let came = || format_ipv4(address);
            expect(&call, came, Ipv4Addr::from(address).to_string(), STD, |came| {
                let zeros =
                    came.split('.').any(|number| number.len() > 1 && number.starts_with('0'));
                if zeros { causes::ZeroInFront } else { causes::HighestByteFirst }
            });
        });
    });
}

#[rstest]
#[case::with_all_digits("2001:0db8:0001:0002:0003:0004:0005:0006")]
#[case::without_leading_zeros("2001:db8:1:2:3:4:5:6")]
#[case::in_capitals("2001:DB8:A:B:C:D:E:F")]
#[case::with_groups_of_zeros("1:0:0:0:0:0:0:8")]
#[case::of_ones_only("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
fn an_ipv6_address_is_eight_groups_highest_first(#[case] text: &'static str) {
    graded(move || expect_parsed_ipv6(text));
}

#[rstest]
#[case::at_the_start("::1")]
#[case::at_the_end("fe80::")]
#[case::in_the_middle("2001:db8::1:2")]
#[case::all_eight("::")]
#[case::all_but_two("1::8")]
#[case::one_in_the_middle("1:2:3::5:6:7:8")]
#[case::one_at_the_end("1:2:3:4:5:6:7::")]
#[case::one_at_the_start("::2:3:4:5:6:7:8")]
#[case::next_to_a_group_of_zeros("1:0::0:8")]
fn two_colons_stand_for_the_missing_groups(#[case] text: &'static str) {
    graded(move || {
        builds_on(an_ipv6_address_is_eight_groups_highest_first);
        expect_parsed_ipv6(text);
    });
}

#[rstest]
#[case::mapped("::ffff:192.0.2.1")]
#[case::after_two_colons("::192.0.2.1")]
#[case::after_six_groups("1:2:3:4:5:6:192.0.2.1")]
#[case::after_a_prefix("64:ff9b::192.0.2.1")]
fn ipv6_addresses_may_end_in_an_ipv4_address(#[case] text: &'static str) {
    graded(move || {
        builds_on(an_ipv4_address_is_four_bytes_highest_first);
        builds_on(two_colons_stand_for_the_missing_groups);
        expect_parsed_ipv6(text);
    });
}

#[rstest]
#[case::seven_groups("1:2:3:4:5:6:7")]
#[case::nine_groups("1:2:3:4:5:6:7:8:9")]
#[case::empty("")]
#[case::two_colons_for_nothing("1:2:3:4::5:6:7:8")]
#[case::two_colons_after_eight_groups("1:2:3:4:5:6:7:8::")]
#[case::two_colons_for_nothing_before_ipv4("1:2:3:4:5:6::192.0.2.1")]
#[case::two_colons_twice("1::2::3")]
#[case::two_colons_at_both_ends("::1::")]
#[case::three_colons("1:::2")]
#[case::only_three_colons(":::")]
#[case::a_leading_colon(":1:2:3:4:5:6:7:8")]
#[case::a_trailing_colon("1:2:3:4:5:6:7:8:")]
#[case::one_colon_instead_of_two("1:2:3:4:5:6:7:")]
#[case::a_group_of_five_digits("1:2:3:4:5:6:7:00008")]
#[case::a_group_above_ffff("::10000")]
#[case::a_letter_after_f("::g")]
#[case::a_plus_sign("::+1")]
#[case::a_space("::1 ")]
#[case::brackets("[::1]")]
#[case::a_zone("fe80::1%eth0")]
#[case::an_ipv4_address_alone("192.0.2.1")]
#[case::an_ipv4_address_at_the_start("192.0.2.1::")]
#[case::an_ipv4_address_in_the_middle("1:2:3:4:5:192.0.2.1:8")]
#[case::an_ipv4_address_after_seven_groups("1:2:3:4:5:6:7:192.0.2.1")]
#[case::a_bad_ipv4_address_at_the_end("::ffff:192.0.2.01")]
fn a_malformed_ipv6_address_is_refused(#[case] text: &'static str) {
    graded(move || {
        builds_on(a_malformed_ipv4_address_is_refused);
        expect_parsed_ipv6(text);
    });
}

#[test]
fn ipv6_parsing_agrees_with_std_net() {
    graded(|| {
        builds_on(an_ipv4_address_is_four_bytes_highest_first);
        builds_on(an_ipv6_address_is_eight_groups_highest_first);
        builds_on(two_colons_stand_for_the_missing_groups);
        builds_on(ipv6_addresses_may_end_in_an_ipv4_address);
        builds_on(a_malformed_ipv6_address_is_refused);
        let groups = |pool: &[&'static str], most| {
            vec(select(pool.to_vec()), 1..most).prop_map(|groups| groups.join(":"))
        };
        let short = groups(&["0", "1", "", "1.2.3.4"], 6);
        let pool = ["0", "1", "ffff", "FF", "0001", "00001", "12345", "", "+1", "g", "1.2.3.4"];
        let long = groups(&pool, 10);
        let address = ipv6_numbers().prop_map(|number| Ipv6Addr::from(number).to_string());
        let edited = edited(address.clone(), r"0123456789abcdefABCDEF::::.+ g");
        for_any([], prop_oneof![address, edited, short, long], |text| expect_parsed_ipv6(text));
    });
}

#[test]
fn an_ipv6_address_has_one_short_form() {
    graded(|| {
        builds_on(an_ipv4_address_is_written_as_four_numbers);
        let edges = [
            "2001:db8:1:2:3:4:5:abcd", // nothing to shorten
            "2001:db8:0:1:1:1:1:1",    // one group of zeros, which stays
            "2001:db8::1",
            "1:0:0:2:0:0:0:3", // the longer run, not the first
            "1:0:0:2:3:0:0:4", // the first of two equally long runs
            "0:0:1:2:3:4:5:6",
            "1:2:3:4:5:6:0:0",
            "::",
            "::1",
            "::ffff:192.0.2.1",
            "::fffe:192.0.2.1",
            "::192.0.2.1",
            "1::ffff:192.0.2.1", // ffff before the last 32 bits, but not only zeros before it
            "::1:ffff:192.0.2.1",
            "::ffff:0:192.0.2.1",
        ];
        let edges = edges.map(|text| u128::from(text.parse::<Ipv6Addr>().expect("an address")));
        for_any(edges, ipv6_numbers(), |&address| {
            let oracle = Ipv6Addr::from(address).to_string();
            let call = format!("format_ipv6(0x{address:032x})");
            expect(
                &call,
                || format_ipv6(address),
                oracle.clone(),
                STD,
                |came| why_another_form(came, &oracle),
            );
        });
    });
}

#[rstest]
#[case::with_colons("00:1a:2b:3c:4d:5e", true)]
#[case::with_hyphens("00-1a-2b-3c-4d-5e", true)]
#[case::in_capitals("00:1A:2B:3C:4D:5E", true)]
#[case::broadcast("ff:ff:ff:ff:ff:ff", true)]
#[case::of_five_bytes("00:1a:2b:3c:4d", false)]
#[case::of_seven_bytes("00:1a:2b:3c:4d:5e:6f", false)]
#[case::with_a_digit_missing("0:1a:2b:3c:4d:5e", false)]
#[case::with_three_digits("000:1a:2b:3c:4d:5e", false)]
#[case::with_a_plus_sign("+0:1a:2b:3c:4d:5e", false)]
#[case::with_a_letter_after_f("00:1a:2b:3c:4d:5g", false)]
#[case::with_colons_and_hyphens("00:1a:2b-3c-4d-5e", false)]
#[case::with_dots("00.1a.2b.3c.4d.5e", false)]
#[case::with_spaces(r"00 1a 2b 3c 4d 5e", false)]
#[case::without_separators("001a2b3c4d5e", false)]
#[case::with_a_byte_missing("00:1a::3c:4d:5e", false)]
#[case::with_a_space(r"00:1a:2b:3c:4d:5e ", false)]
#[case::empty("", false)]
fn a_mac_address_is_six_pairs_of_digits(#[case] text: &'static str, #[case] good: bool) {
    graded(move || {
        // std has no type for MAC addresses.
        let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
        let number = u64::from_str_radix(&digits, 16).unwrap_or(0).to_be_bytes();
        let expected = good.then(|| number[2..].try_into().expect("six bytes"));
        expect(
            &format!("parse_mac({text:?})"),
            || parse_mac(text),
            expected,
            "",
            |_| causes::SixPairsOfDigits,
        );
    });
}

#[test]
fn a_mac_address_is_written_lowercase_with_colons() {
    graded(|| {
        for_any([[0, 0x1a, 0x2b, 0x3c, 0x4d, 0x5e], [0xff; 6]], any::<[u8; 6]>(), |&mac| {
            let digits = mac.map(|byte| format!("{byte:02x}"));
            let call = format!("format_mac({})", mac.shown());
            expect(&call, || format_mac(mac), digits.join(":"), "", |_| causes::SixPairsOfDigits);
            for text in [digits.join(":"), digits.join("-").to_uppercase()] {
                let call = format!("parse_mac({text:?})");
                expect(&call, || parse_mac(&text), Some(mac), "", |_| causes::SixPairsOfDigits);
            }
        });
    });
}

#[rstest]
#[case::one_machine([0x00, 0x1a, 0x2b, 0x3c, 0x4d, 0x5e], Delivery::Unicast)]
#[case::one_machine_with_high_bits([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff], Delivery::Unicast)]
#[case::one_machine_with_an_odd_last_byte([0x02, 0, 0, 0, 0, 0x01], Delivery::Unicast)]
#[case::all_machines([0xff; 6], Delivery::Broadcast)]
#[case::an_ipv4_group([0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb], Delivery::Multicast)]
#[case::an_ipv6_group([0x33, 0x33, 0x00, 0x00, 0x00, 0x01], Delivery::Multicast)]
#[case::all_ones_but_the_last_bit([0xff, 0xff, 0xff, 0xff, 0xff, 0xfe], Delivery::Multicast)]
fn a_group_address_has_an_odd_first_byte(#[case] mac: [u8; 6], #[case] expected: Delivery) {
    graded(move || {
        let call = format!("delivery({})", mac.shown());
        expect(&call, || delivery(mac), expected, "", |_| causes::GroupBit);
    });
}

#[rstest]
#[case::of_eight_bits("10.0.0.0/8")]
#[case::of_no_bits("0.0.0.0/0")]
#[case::of_all_bits("192.0.2.1/32")]
#[case::of_twelve_bits("172.16.0.0/12")]
#[case::with_host_bits("10.1.2.3/8")]
#[case::with_host_bits_inside_a_byte("192.0.2.77/28")]
#[case::one_bit_too_long("10.0.0.0/33")]
#[case::too_long_for_a_byte("10.0.0.0/256")]
#[case::without_a_length("10.0.0.0")]
#[case::with_an_empty_length("10.0.0.0/")]
#[case::with_a_plus_sign("10.0.0.0/+8")]
#[case::with_a_minus_sign("10.0.0.0/-8")]
#[case::with_a_leading_zero("10.0.0.0/08")]
#[case::with_a_space("10.0.0.0/8 ")]
#[case::with_two_lengths("10.0.0.0/8/8")]
#[case::with_a_mask("10.0.0.0/255.0.0.0")]
#[case::with_a_short_address("10/8")]
#[case::with_a_bad_address("010.0.0.0/8")]
#[case::without_an_address("/8")]
#[case::empty("")]
fn a_prefix_is_an_address_and_a_length(#[case] text: &'static str) {
    graded(move || {
        builds_on(an_ipv4_address_is_four_bytes_highest_first);
        builds_on(a_malformed_ipv4_address_is_refused);
        expect_parsed_prefix(text);
    });
}

#[test]
fn prefix_parsing_agrees_with_ipnet() {
    graded(|| {
        builds_on(a_malformed_ipv4_address_is_refused);
        builds_on(a_prefix_is_an_address_and_a_length);
        let prefix = (any::<u32>(), 0..=32_u8)
            .prop_map(|(address, length)| format!("{}/{length}", Ipv4Addr::from(address)));
        let edited = edited(prefix.clone(), "0123456789./+ ");
        for_any([], prop_oneof![prefix, edited], |text| expect_parsed_prefix(text));
    });
}

#[rstest]
#[case::of_two_bytes("\u{e9}")]
#[case::of_three_bytes("\u{ff11}")]
#[case::of_four_bytes("\u{1f5a7}")]
fn a_character_beyond_ascii_is_refused(#[case] character: &'static str) {
    graded(move || {
        builds_on(a_malformed_ipv6_address_is_refused);
        builds_on(a_mac_address_is_six_pairs_of_digits);
        builds_on(a_prefix_is_an_address_and_a_length);
        let everywhere = |text: &str| -> Vec<String> {
            // In place of up to as many bytes as it has: a length in bytes may look right then.
            let places =
                (0..=text.len()).flat_map(|at| (0..=character.len()).map(move |n| (at, n)));
            let put = |(at, n)| Some([&text[..at], character, text.get(at + n..)?].concat());
            places.filter_map(put).collect()
        };
        everywhere("10.0.0.1").iter().for_each(|text| expect_parsed_ipv4(text));
        everywhere("::ffff:192.0.2.1").iter().for_each(|text| expect_parsed_ipv6(text));
        everywhere("10.0.0.0/8").iter().for_each(|text| expect_parsed_prefix(text));
        for text in everywhere("00:1a:2b:3c:4d:5e") {
            let call = format!("parse_mac({text:?})");
            expect(&call, || parse_mac(&text), None, "", |_| causes::SixPairsOfDigits);
        }
    });
}

#[test]
fn a_prefix_defines_a_range_of_addresses() {
    graded(|| {
        builds_on(a_prefix_is_an_address_and_a_length);
        let edges = (0..=32).flat_map(|length| {
            [0, 0x0a01_0203, 0xac10_0000, u32::MAX].map(|address| Question {
                address,
                length,
                other: address,
            })
        });
        for_any(edges, questions(), |&Question { address, length, other }| {
            let net = Ipv4Net::new(Ipv4Addr::from(address), length).expect("at most 32 bits");
            let ours = Prefix::around(address, length);
            let call = format!(r"Prefix::around({}, {length})", Ipv4Addr::from(address));
            let network = u32::from(net.network());
            expect(&call, || ours.network, network, IPNET, |_| causes::HostBitsStay);
            let (ours, call) = (Prefix { network, length }, net.trunc().to_string());
            expect(
                &format!("({call}).mask()"),
                || ours.mask(),
                net.netmask().into(),
                IPNET,
                |_| causes::PrefixCountsBits,
            );
            let last = net.broadcast().into();
            expect(
                &format!("({call}).last()"),
                || ours.last(),
                last,
                IPNET,
                |_| causes::LastHasAllOnes,
            );
            let contains = net.contains(&Ipv4Addr::from(other));
            let call = format!("({call}).contains({})", Ipv4Addr::from(other));
            expect(&call, || ours.contains(other), contains, IPNET, |_| causes::PrefixCountsBits);
        });
    });
}

#[test]
fn hosts_with_equal_prefix_bits_share_a_network() {
    graded(|| {
        builds_on(a_prefix_is_an_address_and_a_length);
        builds_on(a_prefix_defines_a_range_of_addresses);
        let edges = [
            (0x0a00_0005, 24, 0x0a00_0009),
            (0x0a00_0005, 24, 0x0a00_0109),
            (0x0a00_0005, 24, 0x0a00_0005),
            (0xc000_0205, 28, 0xc000_020f),
            (0xc000_0205, 28, 0xc000_0210),
            (0xac10_0001, 12, 0xac1f_ffff),
            (0xac10_0001, 12, 0xac20_0000),
            (0, 0, u32::MAX),
            (1, 32, 0),
        ];
        let edges = edges.map(|(address, length, other)| Question { address, length, other });
        for_any(edges, questions(), |&Question { address, length, other }| {
            let (a, b) = (Ipv4Addr::from(address), Ipv4Addr::from(other));
            let shared = Ipv4Net::new(a, length).expect("at most 32 bits").contains(&b);
            let call = format!(r"same_network({a}, {b}, {length})");
            expect(
                &call,
                || same_network(address, other, length),
                shared,
                IPNET,
                |_| causes::PrefixCountsBits,
            );
        });
    });
}

#[test]
fn three_ranges_are_private() {
    graded(|| {
        builds_on(a_prefix_defines_a_range_of_addresses);
        let borders =
            [0x0a00_0000, 0x0aff_ffff, 0xac10_0000, 0xac1f_ffff, 0xc0a8_0000, 0xc0a8_ffff];
        let edges = borders.into_iter().flat_map(|border: u32| [border, border - 1, border + 1]);
        let edges = edges.chain([0xac10_0a01, 0xac11_0001, 0xac63_0001, 0xc000_0201, 0x7f00_0001]);
        // 169.254/16 is link-local, 100.64/10 is a provider's: neither is private.
        let edges = edges.chain([0, 0xa9fe_0001, 0x6440_0001]);
        for_any(edges, near(&[0x0a00_0000, 0xac10_0000, 0xc0a8_0000]), |&address| {
            let ipv4 = Ipv4Addr::from(address);
            let call = format!("is_private({ipv4})");
            expect(
                &call,
                || is_private(address),
                ipv4.is_private(),
                STD,
                |_| causes::PrivateRanges,
            );
        });
    });
}

#[test]
fn every_address_that_starts_with_127_is_loopback() {
    graded(|| {
        let edges = [0x7f00_0001, 0x7f00_0000, 0x7f00_0002, 0x7f01_0203, 0x7fff_ffff];
        let edges = edges.into_iter().chain([0, 0x7eff_ffff, 0x8000_0000, 0x0a00_0001]);
        for_any(edges, near(&[0x7f00_0001]), |&address| {
            let ipv4 = Ipv4Addr::from(address);
            let call = format!("is_loopback({ipv4})");
            expect(
                &call,
                || is_loopback(address),
                ipv4.is_loopback(),
                STD,
                |_| causes::LoopbackIsANetwork,
            );
        });
    });
}

#[test]
fn the_layers_are_in_order() {
    graded(|| {
        let osi = ["physical", r"data link", "network", "transport", "session", "presentation"];
        for (at, layer) in osi.into_iter().chain(["application"]).enumerate() {
            let five = if at < 4 { layer } else { "application" };
            let four = ["link", "link", "internet"].get(at).copied().unwrap_or(five);
            let (call, expected) = (format!("LAYERS[{at}]"), [layer, five, four]);
            expect(&call, || LAYERS[at].map(str::trim), expected, "", |_| causes::LayersInOrder);
        }
    });
}

#[test]
fn each_network_component_works_on_one_layer() {
    graded(|| {
        let layers = [
            (1, &["cable"][..]),
            (2, &["switch", "Ethernet", r"MAC address"]),
            (3, &["router", "IP"]),
            (4, &["port", "TCP", "UDP"]),
            (7, &["HTTP"]),
        ];
        for (layer, names) in layers {
            for name in names {
                let said = || WORKS_ON.iter().find(|(other, _)| other == name).map(|it| it.1);
                let call = words::works_on(format_args!("{name:?}"));
                expect(&call, said, Some(layer), "", |_| causes::WorksOnAnotherLayer);
            }
        }
    });
}

const STD: &str = "std::net";
const IPNET: &str = "ipnet";

/// Compare the answer's result with the oracle's; `why` names the cause of a difference.
fn expect<T: Shown + PartialEq>(
    call: &str,
    answer: impl FnOnce() -> T,
    oracle: T,
    source: &'static str,
    why: impl FnOnce(&T) -> Cause,
) {
    let scene = Scene::begin();
    let expected = Said { what: oracle.shown(), source };
    scene.expect(call, returns(expected), || {
        let came = answer();
        if came != oracle {
            scene.notice(why(&came));
        }
        Ok(Said { what: came.shown(), source: "" })
    });
}

/// A result, and the oracle's name if the oracle returned it. Only the results are compared.
#[derive(Clone, Debug)]
struct Said {
    what: String,
    source: &'static str,
}

impl PartialEq for Said {
    fn eq(&self, other: &Said) -> bool {
        self.what == other.what
    }
}

impl Describe for Said {
    fn describe(&self) -> String {
        let Said { what, source } = self;
        if source.is_empty() { what.clone() } else { words::so_says(what, source) }
    }
}

/// A value in the form in which this lesson's stories show it.
trait Shown {
    fn shown(&self) -> String;
}

impl Shown for u32 {
    fn shown(&self) -> String {
        self.to_be_bytes().map(|byte| format!("{byte:02x}")).join(" ")
    }
}

impl Shown for u128 {
    fn shown(&self) -> String {
        Ipv6Addr::from(*self).segments().map(|group| format!("{group:04x}")).join(" ")
    }
}

impl Shown for [u8; 6] {
    fn shown(&self) -> String {
        self.map(|byte| format!("{byte:02x}")).join(" ")
    }
}

impl Shown for String {
    fn shown(&self) -> String {
        format!("{self:?}")
    }
}

impl Shown for bool {
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Shown for usize {
    fn shown(&self) -> String {
        words::layer(self)
    }
}

impl Shown for Delivery {
    fn shown(&self) -> String {
        format!("{self:?}")
    }
}

impl Shown for [&str; 3] {
    fn shown(&self) -> String {
        self.join(", ")
    }
}

impl Shown for Prefix {
    fn shown(&self) -> String {
        words::network(self.network.shown(), self.length)
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown(&self) -> String {
        self.as_ref().map_or_else(|| "None".to_owned(), T::shown)
    }
}

fn expect_parsed_ipv4(text: &str) {
    let oracle = text.parse::<Ipv4Addr>().ok().map(u32::from);
    let call = format!("parse_ipv4({text:?})");
    expect(
        &call,
        || parse_ipv4(text),
        oracle,
        STD,
        |came| match (came, oracle) {
            (None, _) => causes::AddressRefused,
            (Some(_), Some(_)) => causes::HighestByteFirst,
            (Some(_), None) => flaw_of_ipv4(text),
        },
    );
}

fn expect_parsed_ipv6(text: &str) {
    let oracle = text.parse::<Ipv6Addr>().ok().map(u128::from);
    let call = format!("parse_ipv6({text:?})");
    expect(
        &call,
        || parse_ipv6(text),
        oracle,
        STD,
        |came| match (came, oracle) {
            (Some(_), None) => flaw_of_ipv6(text),
            _ if text.contains('.') => causes::Ipv4OnlyAtTheEnd,
            _ if text.contains("::") => causes::TwoColonsAreZeros,
            (None, _) => causes::AddressRefused,
            (Some(_), Some(_)) => causes::HighestByteFirst,
        },
    );
}

/// Unlike `std::net`, `ipnet` accepts leading zeros; it clears host bits only in `trunc`.
fn expect_parsed_prefix(text: &str) {
    let parts = text.split_once('/');
    let good = parts.is_some_and(|(address, length)| {
        address.parse::<Ipv4Addr>().is_ok() && (length == "0" || !length.starts_with('0'))
    });
    let net = text.parse::<Ipv4Net>().ok().filter(|_| good).map(|net| net.trunc());
    let oracle =
        net.map(|net| Prefix { network: u32::from(net.network()), length: net.prefix_len() });
    let call = format!("Prefix::parse({text:?})");
    expect(
        &call,
        || Prefix::parse(text),
        oracle,
        IPNET,
        |came| match (came, oracle) {
            (None, _) => causes::AddressRefused,
            (Some(came), Some(oracle)) if came.length == oracle.length => causes::HostBitsStay,
            (Some(_), Some(_)) => causes::PrefixCountsBits,
            (Some(_), None) => match parts {
                Some((address, _)) if address.parse::<Ipv4Addr>().is_err() => flaw_of_ipv4(address),
                _ => causes::LengthOfAPrefix,
            },
        },
    );
}

/// What is wrong with a text that is not an IPv4 address.
fn flaw_of_ipv4(text: &str) -> Cause {
    let parts: Vec<&str> = text.split('.').collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    if text.contains(['+', '-']) {
        causes::SignIsNoDigit
    } else if !parts.iter().all(is_number) {
        causes::StrangeCharacter
    } else if parts.contains(&"") {
        causes::NumberMissing
    } else if parts.len() != 4 {
        causes::NotFourNumbers
    } else if parts.iter().any(|part| part.len() > 1 && part.starts_with('0')) {
        causes::ZeroInFront
    } else {
        causes::NumberAboveAByte
    }
}

/// What is wrong with a text that is not an IPv6 address.
fn flaw_of_ipv6(text: &str) -> Cause {
    // A valid IPv4 address at the end stands for two groups.
    let text = match text.rsplit_once(':') {
        Some((before, last)) if last.parse::<Ipv4Addr>().is_ok() => &format!("{before}:0:0"),
        _ => text,
    };
    let known = |letter: char| letter.is_ascii_hexdigit() || ":.".contains(letter);
    let single = text.replace("::", "");
    if text.contains(['+', '-']) {
        causes::SignIsNoDigit
    } else if !text.chars().all(known) {
        causes::StrangeCharacter
    } else if text.matches("::").count() > 1 || text.contains(":::") {
        causes::TwoColonsTwice
    } else if text.contains('.') {
        causes::Ipv4OnlyAtTheEnd
    } else if text.split(':').any(|group| group.len() > 4) {
        causes::FourDigitsAGroup
    } else if single.starts_with(':') || single.ends_with(':') {
        causes::NumberMissing
    } else {
        causes::NotEightGroups
    }
}

/// Why this is not the form that RFC 5952 prescribes.
fn why_another_form(came: &str, expected: &str) -> Cause {
    // A single zero stays, since an empty group would mean something else.
    let plain = |group: &str| match group.trim_start_matches('0') {
        "" => group.chars().take(1).collect(),
        digits => digits.to_ascii_lowercase(),
    };
    let plain = |text: &str| text.split(':').map(plain).collect::<Vec<String>>();
    if expected.contains('.') || came.contains('.') {
        causes::MappedShowsIpv4
    } else if plain(came) == plain(expected) {
        causes::SmallLettersWithoutZeros
    } else {
        causes::LongestRunOfZeros
    }
}

/// Two addresses, often in the same network and often just outside it.
#[derive(Clone, Copy, Debug)]
struct Question {
    address: u32,
    length: u8,
    other: u32,
}

fn questions() -> impl Strategy<Value = Question> {
    // The other address differs from the first in one bit, and perhaps in later bits.
    let parts = (any::<u32>(), 0..=32_u8, 0..32_u32, any::<u32>());
    parts.prop_map(|(address, length, bit, others)| {
        let later = u32::MAX.checked_shr(bit + 1).unwrap_or(0);
        Question { address, length, other: address ^ (1 << (31 - bit)) ^ (others & later) }
    })
}

/// Any address; many of them begin with the same bits as one of `addresses`.
fn near(addresses: &[u32]) -> impl Strategy<Value = u32> + use<> {
    let begun = (select(addresses.to_vec()), 0..32_u32, any::<u32>());
    let begun = begun.prop_map(|(address, bits, others)| address ^ (others >> bits));
    prop_oneof![any::<u32>(), begun]
}

/// Any number of 128 bits; many of its groups are zero.
fn ipv6_numbers() -> impl Strategy<Value = u128> + Clone {
    let group = prop_oneof![0..1_u16, 0..1_u16, 0..256_u16, any::<u16>()];
    let groups = vec(group, 8);
    groups.prop_map(|groups| groups.iter().fold(0, |all, &group| all << 16 | u128::from(group)))
}

/// Valid texts, each with one or two characters inserted, replaced or removed.
fn edited(
    texts: impl Strategy<Value = String>,
    letters: &'static str,
) -> impl Strategy<Value = String> {
    let letters: Vec<char> = letters.chars().collect();
    let edit = (any::<Index>(), select(letters), 0..3_u8);
    (texts, vec(edit, 1..3)).prop_map(|(text, edits)| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, letter, how) in edits {
            let at = at.index(text.len() + 1);
            if how > 0 && at < text.len() {
                text.remove(at);
            }
            if how < 2 {
                text.insert(at, letter);
            }
        }
        text.into_iter().collect()
    })
}
