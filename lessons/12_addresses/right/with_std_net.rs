//! Right: std::net does what it can do, and this is what a program outside a course does.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The number behind an IPv4 address, or `None` if the text is none.
pub fn parse_ipv4(text: &str) -> Option<u32> {
    text.parse::<Ipv4Addr>().ok().map(u32::from)
}

/// Write an IPv4 address as four numbers.
pub fn format_ipv4(address: u32) -> String {
    Ipv4Addr::from(address).to_string()
}

/// The number behind an IPv6 address, or `None` if the text is none.
pub fn parse_ipv6(text: &str) -> Option<u128> {
    text.parse::<Ipv6Addr>().ok().map(u128::from)
}

/// Write an IPv6 address as RFC 5952 asks for.
pub fn format_ipv6(address: u128) -> String {
    Ipv6Addr::from(address).to_string()
}

/// The six bytes of a MAC address: `std::net` has no type for them.
pub fn parse_mac(text: &str) -> Option<[u8; 6]> {
    let between = if text.contains(':') { ':' } else { '-' };
    let pair = |digits: &str| {
        let good = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u8::from_str_radix(digits, 16).ok().filter(|_| good)
    };
    text.split(between).map(pair).collect::<Option<Vec<u8>>>()?.try_into().ok()
}

/// Write a MAC address in lower case, with colons.
pub fn format_mac(mac: [u8; 6]) -> String {
    let [a, b, c, d, e, f] = mac;
    format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}")
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
    match (mac == [0xff; 6], mac[0] % 2 == 1) {
        (true, _) => Delivery::Everybody,
        (false, true) => Delivery::Group,
        (false, false) => Delivery::One,
    }
}

/// The addresses whose first `length` bits are those of `network`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// The first of them.
    pub network: u32,
    /// How many bits are the network's, 0 to 32.
    pub length: u8,
}

impl Prefix {
    /// Read an address and, behind a slash, a length.
    pub fn parse(text: &str) -> Option<Prefix> {
        let (address, length) = text.split_once('/')?;
        let bits = (0..=32).find(|bits: &u8| bits.to_string() == length)?;
        Some(Prefix::around(parse_ipv4(address)?, bits))
    }

    /// The network that `address` is in.
    pub fn around(address: u32, length: u8) -> Prefix {
        Prefix { network: address & Prefix { network: 0, length }.mask(), length }
    }

    /// The network's bits as ones.
    pub fn mask(self) -> u32 {
        // 64 bits have room for every shift.
        (!0_u64 << (32 - self.length)) as u32
    }

    /// Whether `address` is one of them.
    pub fn contains(self, address: u32) -> bool {
        (self.network..=self.last()).contains(&address)
    }

    /// The last of them.
    pub fn last(self) -> u32 {
        self.network | !self.mask()
    }
}

/// Whether two addresses are in one network.
pub fn same_network(ours: u32, theirs: u32, length: u8) -> bool {
    Prefix::around(ours, length) == Prefix::around(theirs, length)
}

/// Whether an address means something inside a private network only.
pub fn is_private(address: u32) -> bool {
    Ipv4Addr::from(address).is_private()
}

/// Whether an address means this machine.
pub fn is_loopback(address: u32) -> bool {
    Ipv4Addr::from(address).is_loopback()
}

/// The layers from the cable upwards: of OSI, of the simplified model, of TCP/IP.
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
    ("HTTP", 7),
    ("TCP", 4),
    ("UDP", 4),
    ("port", 4),
    ("IP", 3),
    ("router", 3),
    ("Ethernet", 2),
    ("MAC address", 2),
    ("switch", 2),
    ("cable", 1),
];
