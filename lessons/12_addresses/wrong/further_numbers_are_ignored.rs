//! Caught by what_only_looks_like_an_ipv4_address_is_refused: NotFourNumbers.
//!
//! Four numbers are taken, and what follows is left alone.

use std::ops::Range;

/// The number that is written as four numbers: `10.0.0.1` is `0x0a00_0001`.
///
/// `None` for every text that is no IPv4 address to `std::net`.
pub fn parse_ipv4(text: &str) -> Option<u32> {
    let bytes: Option<Vec<u8>> = text.split('.').take(4).map(byte).collect();
    Some(u32::from_be_bytes(bytes?.try_into().ok()?))
}

/// Write an IPv4 address as four numbers, the highest byte first.
pub fn format_ipv4(address: u32) -> String {
    let [a, b, c, d] = address.to_be_bytes();
    format!("{a}.{b}.{c}.{d}")
}

/// The number that is written as eight groups, some of which `::` may stand for (RFC 4291, 2.2).
///
/// An IPv4 address may stand for the last two groups. `None` for every text that is no IPv6 address to
/// `std::net`.
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

/// Write an IPv6 address in the one form that RFC 5952 leaves.
///
/// Lower case, no zeros in front, `::` for the longest run of two zeros or more, the first of several
/// such; an IPv4-mapped address shows its IPv4 address.
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

/// The six bytes of a MAC address, in pairs of hexadecimal digits behind colons or hyphens.
pub fn parse_mac(text: &str) -> Option<[u8; 6]> {
    let between = if text.contains('-') { '-' } else { ':' };
    let bytes: Option<Vec<u8>> = text.split(between).map(pair).collect();
    bytes?.try_into().ok()
}

/// Write a MAC address in lower case, with colons.
pub fn format_mac(mac: [u8; 6]) -> String {
    mac.map(|byte| format!("{byte:02x}")).join(":")
}

/// Who takes in a frame that is sent to a MAC address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The one that has this address.
    One,
    /// Whoever has joined this group.
    Group,
    /// Everybody on the same link.
    Everybody,
}

/// Who takes in a frame that is sent to `mac`.
pub fn delivery(mac: [u8; 6]) -> Delivery {
    match mac {
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => Delivery::Everybody,
        // The first bit on the cable is the lowest of the first byte.
        [first, ..] if first & 1 == 1 => Delivery::Group,
        _ => Delivery::One,
    }
}

/// The addresses whose first `length` bits are those of `network`: `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// The first of them: every bit behind the first `length` is zero.
    pub network: u32,
    /// How many bits are the network's, 0 to 32.
    pub length: u8,
}

impl Prefix {
    /// Read an address and, behind a slash, a length: `10.1.2.3/8` is in `10.0.0.0/8`, and means it.
    pub fn parse(text: &str) -> Option<Prefix> {
        let (address, length) = text.split_once('/')?;
        let length = byte(length).filter(|length| *length <= 32)?;
        Some(Prefix::around(parse_ipv4(address)?, length))
    }

    /// The network that `address` is in, if `length` bits are the network's.
    pub fn around(address: u32, length: u8) -> Prefix {
        let whole = Prefix { network: address, length };
        Prefix { network: address & whole.mask(), length }
    }

    /// The network's bits as ones: `255.0.0.0` for a length of 8.
    pub fn mask(self) -> u32 {
        // A shift by all 32 bits does not exist.
        u32::MAX.checked_shl(32 - u32::from(self.length)).unwrap_or(0)
    }

    /// Whether `address` is one of them.
    pub fn contains(self, address: u32) -> bool {
        address & self.mask() == self.network
    }

    /// The last of them, which addresses everybody in the network (RFC 919).
    pub fn last(self) -> u32 {
        self.network | !self.mask()
    }
}

/// Whether two addresses are in one network, or a gateway has to carry what one sends to the other.
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

/// Whether an address means something inside a private network only.
pub fn is_private(address: u32) -> bool {
    PRIVATE.iter().any(|range| range.contains(address))
}

/// Whether an address means this machine, whichever that is.
pub fn is_loopback(address: u32) -> bool {
    LOOPBACK.contains(address)
}

/// The layers from the cable upwards: of OSI, and which of the simplified model and of TCP/IP does the
/// work of each.
pub const LAYERS: [[&str; 3]; 7] = [
    ["physical", "physical", "link"],
    ["data link", "data link", "link"],
    ["network", "network", "internet"],
    ["transport", "transport", "transport"],
    ["session", "application", "application"],
    ["presentation", "application", "application"],
    ["application", "application", "application"],
];

/// Which layer of OSI each of them works on: 1 is the cable's.
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

/// A number from 0 to 255 in decimal digits.
fn byte(digits: &str) -> Option<u8> {
    // `parse` takes a plus sign as well, and zeros in front, which other programs take for octal.
    let plain = digits == "0" || !digits.starts_with(['+', '0']);
    digits.parse().ok().filter(|_| plain)
}

/// Write the IPv4 address at the end of `text`, if there is one, as the two groups that it stands for.
fn with_groups_only(text: &str) -> Option<String> {
    match text.rsplit_once(':') {
        Some((before, last)) if last.contains('.') => {
            let address = parse_ipv4(last)?;
            Some(format!("{before}:{:x}:{:x}", address >> 16, address & 0xffff))
        }
        _ => Some(text.to_owned()),
    }
}

/// The groups with a colon between them. There may be none on one side of `::`.
fn groups(text: &str) -> Option<Vec<u16>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(':').map(group).collect()
}

/// 16 bits in one to four hexadecimal digits.
fn group(digits: &str) -> Option<u16> {
    let plain = digits.len() <= 4 && !digits.starts_with('+');
    u16::from_str_radix(digits, 16).ok().filter(|_| plain)
}

/// 8 bits in two hexadecimal digits.
fn pair(digits: &str) -> Option<u8> {
    let plain = digits.len() == 2 && !digits.starts_with('+');
    u8::from_str_radix(digits, 16).ok().filter(|_| plain)
}

/// Where the longest run of zeros stands, the first of several such.
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
