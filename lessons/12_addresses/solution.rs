//! Treat addresses as numbers: read them, write them, and see which of them share a network.
//!
//! ```text
//! IPv4      10.0.0.1             0a 00 00 01                                  32 bits
//! IPv6      2001:db8::1          2001 0db8 0000 0000 0000 0000 0000 0001     128 bits
//! MAC       00:1a:2b:3c:4d:5e    00 1a 2b 3c 4d 5e                            48 bits
//! prefix    10.0.0.0/8           0a │ 00 00 00         the first 8 bits are the network's
//! ```

use std::ops::Range;

/// Parse an IPv4 address: `10.0.0.1` is `0x0a00_0001`.
///
/// `None` for every text that `std::net` does not accept as an IPv4 address.
pub fn parse_ipv4(text: &str) -> Option<u32> {
    let bytes: Option<Vec<u8>> = text.split('.').map(byte).collect();
    Some(u32::from_be_bytes(bytes?.try_into().ok()?))
}

/// Write an IPv4 address as four numbers, the highest byte first.
pub fn format_ipv4(address: u32) -> String {
    let [a, b, c, d] = address.to_be_bytes();
    format!("{a}.{b}.{c}.{d}")
}

/// Parse an IPv6 address: eight groups, one or more of which `::` may replace (RFC 4291, 2.2).
///
/// An IPv4 address may replace the last two groups. `None` for every text that `std::net` does not
/// accept as an IPv6 address.
pub fn parse_ipv6(text: &str) -> Option<u128> {
    let text = with_groups_only(text)?;
    let all = match text.split_once("::") {
        None => groups(&text)?,
        Some((before, after)) => {
            let (before, after) = (groups(before)?, groups(after)?);
            let zeros = 8_usize.checked_sub(before.len() + after.len()).filter(|n| *n > 0)?;
            [before, vec![0; zeros], after].concat()
        }
    };
    let all: [u16; 8] = all.try_into().ok()?;
    Some(all.iter().fold(0, |address, &group| address << 16 | u128::from(group)))
}

/// Write an IPv6 address in the form that RFC 5952 prescribes.
///
/// Lower case, no leading zeros, `::` for the longest run of at least two zero groups, the first of
/// equally long ones; an IPv4-mapped address shows its IPv4 address.
pub fn format_ipv6(address: u128) -> String {
    if address >> 32 == 0xffff {
        return format!("::ffff:{}", format_ipv4(address as u32));
    }
    let groups: Vec<u16> = (0..8).rev().map(|n| (address >> (16 * n)) as u16).collect();
    let zeros = longest_zeros(&groups);
    if zeros.len() < 2 {
        return joined(&groups);
    }
    format!("{}::{}", joined(&groups[..zeros.start]), joined(&groups[zeros.end..]))
}

/// Parse a MAC address: six pairs of hexadecimal digits, separated by five colons or by five hyphens.
///
/// Digits may be lower or upper case. `None` for every other text.
pub fn parse_mac(text: &str) -> Option<[u8; 6]> {
    let between = if text.contains('-') { '-' } else { ':' };
    let bytes: Option<Vec<u8>> = text.split(between).map(pair).collect();
    bytes?.try_into().ok()
}

/// Write a MAC address in lower case, with colons.
pub fn format_mac(mac: [u8; 6]) -> String {
    mac.map(|byte| format!("{byte:02x}")).join(":")
}

/// Which machines receive a frame that is sent to a MAC address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The one with this address.
    Unicast,
    /// All that have joined this group.
    Multicast,
    /// All on the same link.
    Broadcast,
}

/// Return which machines receive a frame that is sent to `mac`.
pub fn delivery(mac: [u8; 6]) -> Delivery {
    match mac {
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => Delivery::Broadcast,
        // The first bit on the cable is the lowest of the first byte.
        [first, ..] if first & 1 == 1 => Delivery::Multicast,
        _ => Delivery::Unicast,
    }
}

/// All addresses that begin with the first `length` bits of `network`: `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// The first of them: all bits after the first `length` are zero.
    pub network: u32,
    /// How many leading bits identify the network, 0 to 32.
    pub length: u8,
}

impl Prefix {
    /// Parse an address, a slash and a length: `10.1.2.3/8` means the network `10.0.0.0/8`.
    ///
    /// `None` for every other text, such as an address without a slash.
    pub fn parse(text: &str) -> Option<Prefix> {
        let (address, length) = text.split_once('/')?;
        let length = byte(length).filter(|length| *length <= 32)?;
        Some(Prefix::around(parse_ipv4(address)?, length))
    }

    /// Return the network that `address` is in, if `length` bits identify the network.
    pub fn around(address: u32, length: u8) -> Prefix {
        let whole = Prefix { network: address, length };
        Prefix { network: address & whole.mask(), length }
    }

    /// Return a number with ones in the network's bits: `255.0.0.0` for a length of 8.
    pub fn mask(self) -> u32 {
        // A `u32` cannot be shifted by all its 32 bits.
        u32::MAX.checked_shl(32 - u32::from(self.length)).unwrap_or(0)
    }

    /// Return whether `address` is in this network.
    pub fn contains(self, address: u32) -> bool {
        address & self.mask() == self.network
    }

    /// Return the last address, which stands for all machines in the network (RFC 919).
    pub fn last(self) -> u32 {
        self.network | !self.mask()
    }
}

/// Return whether two addresses are in one network; if not, packets between them need a gateway.
pub fn same_network(ours: u32, theirs: u32, length: u8) -> bool {
    Prefix::around(ours, length).contains(theirs)
}

/// 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 (RFC 1918).
const PRIVATE: [Prefix; 3] = [
    Prefix { network: 0x0a00_0000, length: 8 },
    Prefix { network: 0xac10_0000, length: 12 },
    Prefix { network: 0xc0a8_0000, length: 16 },
];

/// 127.0.0.0/8 (RFC 1122, 3.2.1.3).
const LOOPBACK: Prefix = Prefix { network: 0x7f00_0000, length: 8 };

/// Return whether an address has a meaning only inside a private network: 10/8, 172.16/12, 192.168/16.
pub fn is_private(address: u32) -> bool {
    PRIVATE.iter().any(|range| range.contains(address))
}

/// Return whether an address means the machine that uses it: 127/8.
pub fn is_loopback(address: u32) -> bool {
    LOOPBACK.contains(address)
}

/// The layers from the cable upwards: in OSI, then the layers of the simplified model and of TCP/IP that
/// do the same work.
pub const LAYERS: [[&str; 3]; 7] = [
    ["physical", "physical", "link"],
    ["data link", "data link", "link"],
    ["network", "network", "internet"],
    ["transport", "transport", "transport"],
    ["session", "application", "application"],
    ["presentation", "application", "application"],
    ["application", "application", "application"],
];

/// The OSI layer that each of these works on: 1 is the cable's.
pub const WORKS_ON: [(&str, usize); 10] = [
    ("cable", 1),
    ("switch", 2),
    ("Ethernet", 2),
    ("MAC address", 2),
    ("router", 3),
    ("IP", 3),
    ("port", 4),
    ("TCP", 4),
    ("UDP", 4),
    ("HTTP", 7),
];

/// Parse a number from 0 to 255 in decimal digits.
fn byte(digits: &str) -> Option<u8> {
    // `parse` also accepts a plus sign, and leading zeros, which other programs read as octal.
    let plain = digits == "0" || !digits.starts_with(['+', '0']);
    digits.parse().ok().filter(|_| plain)
}

/// Replace the IPv4 address at the end of `text`, if there is one, with two groups.
fn with_groups_only(text: &str) -> Option<String> {
    match text.rsplit_once(':') {
        Some((before, last)) if last.contains('.') => {
            let address = parse_ipv4(last)?;
            Some(format!("{before}:{:x}:{:x}", address >> 16, address & 0xffff))
        }
        _ => Some(text.to_owned()),
    }
}

/// Parse groups with a colon between them. On one side of `::` there may be none.
fn groups(text: &str) -> Option<Vec<u16>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(':').map(group).collect()
}

/// Parse 16 bits in one to four hexadecimal digits.
fn group(digits: &str) -> Option<u16> {
    let plain = digits.len() <= 4 && !digits.starts_with('+');
    u16::from_str_radix(digits, 16).ok().filter(|_| plain)
}

/// Parse 8 bits in two hexadecimal digits.
fn pair(digits: &str) -> Option<u8> {
    let plain = digits.len() == 2 && !digits.starts_with('+');
    u8::from_str_radix(digits, 16).ok().filter(|_| plain)
}

/// Find the longest run of zeros, the first of equally long ones.
fn longest_zeros(groups: &[u16]) -> Range<usize> {
    let (mut longest, mut run) = (0..0, 0..0);
    for (at, &group) in groups.iter().enumerate() {
        let start = if group == 0 { run.start } else { at + 1 };
        run = start..at + 1;
        if run.len() > longest.len() {
            longest = run.clone();
        }
    }
    longest
}

fn joined(groups: &[u16]) -> String {
    let groups: Vec<String> = groups.iter().map(|group| format!("{group:x}")).collect();
    groups.join(":")
}
