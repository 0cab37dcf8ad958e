//! Right: std::net does what it can, as in any program outside this course.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Parse an IPv4 address; `None` if the text is not one.
pub fn parse_ipv4(text: &str) -> Option<u32> {
    text.parse::<Ipv4Addr>().ok().map(u32::from)
}

/// Write an IPv4 address as four numbers.
pub fn format_ipv4(address: u32) -> String {
    Ipv4Addr::from(address).to_string()
}

/// Parse an IPv6 address; `None` if the text is not one.
pub fn parse_ipv6(text: &str) -> Option<u128> {
    text.parse::<Ipv6Addr>().ok().map(u128::from)
}

/// Write an IPv6 address in the form of RFC 5952.
pub fn format_ipv6(address: u128) -> String {
    Ipv6Addr::from(address).to_string()
}

/// Parse a MAC address: `std::net` has no type for it.
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
    match (mac == [0xff; 6], mac[0] % 2 == 1) {
        (true, _) => Delivery::Broadcast,
        (false, true) => Delivery::Multicast,
        (false, false) => Delivery::Unicast,
    }
}

/// All addresses that begin with the first `length` bits of `network`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// The first of them.
    pub network: u32,
    /// How many leading bits identify the network, 0 to 32.
    pub length: u8,
}

impl Prefix {
    /// Parse an address, a slash and a length.
    pub fn parse(text: &str) -> Option<Prefix> {
        let (address, length) = text.split_once('/')?;
        let bits = (0..=32).find(|bits: &u8| bits.to_string() == length)?;
        Some(Prefix::around(parse_ipv4(address)?, bits))
    }

    /// Return the network that `address` is in.
    pub fn around(address: u32, length: u8) -> Prefix {
        Prefix { network: address & Prefix { network: 0, length }.mask(), length }
    }

    /// Return a number with ones in the network's bits.
    pub fn mask(self) -> u32 {
        // A `u64` can be shifted by 32 bits.
        (!0_u64 << (32 - self.length)) as u32
    }

    /// Return whether `address` is in this network.
    pub fn contains(self, address: u32) -> bool {
        (self.network..=self.last()).contains(&address)
    }

    /// Return the last address of this network.
    pub fn last(self) -> u32 {
        self.network | !self.mask()
    }
}

/// Return whether two addresses are in one network.
pub fn same_network(ours: u32, theirs: u32, length: u8) -> bool {
    Prefix::around(ours, length) == Prefix::around(theirs, length)
}

/// Return whether an address has a meaning only inside a private network.
pub fn is_private(address: u32) -> bool {
    Ipv4Addr::from(address).is_private()
}

/// Return whether an address means this machine.
pub fn is_loopback(address: u32) -> bool {
    Ipv4Addr::from(address).is_loopback()
}

/// The layers from the cable upwards: in OSI, in the simplified model, in TCP/IP.
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
