//! Treat addresses as numbers: read them, write them, and see which of them share a network. This
//! follows the notes, which are true as far as they go.
//!
//! ```text
//! IPv4      10.0.0.1             0a 00 00 01                                  32 bits
//! IPv6      2001:db8::1          2001 0db8 0000 0000 0000 0000 0000 0001     128 bits
//! MAC       00:1a:2b:3c:4d:5e    00 1a 2b 3c 4d 5e                            48 bits
//! prefix    10.0.0.0/8           0a │ 00 00 00         the first 8 bits are the network's
//! ```
//!
//! It reads common addresses. Make it read all of them and refuse every other text, by hand: your
//! answers are compared with those of `std::net`.

/// Parse an IPv4 address: `10.0.0.1` is `0x0a00_0001`.
///
/// `None` for every text that `std::net` does not accept as an IPv4 address.
pub fn parse_ipv4(text: &str) -> Option<u32> {
    let mut address = 0;
    for number in text.split('.') {
        address = address << 8 | number.parse::<u32>().ok()?;
    }
    Some(address)
}

/// Write an IPv4 address as four numbers, the highest byte first.
pub fn format_ipv4(address: u32) -> String {
    format!("{}.{}.{}.{}", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255)
}

/// Parse an IPv6 address: eight groups, one or more of which `::` may replace (RFC 4291, 2.2).
///
/// An IPv4 address may replace the last two groups. `None` for every text that `std::net` does not
/// accept as an IPv6 address.
pub fn parse_ipv6(text: &str) -> Option<u128> {
    let mut address = 0;
    for group in text.split(':') {
        address = address << 16 | u128::from_str_radix(group, 16).ok()?;
    }
    Some(address)
}

/// Write an IPv6 address in the form that RFC 5952 prescribes.
///
/// Lower case, no leading zeros, `::` for the longest run of at least two zero groups, the first of
/// equally long ones; an IPv4-mapped address shows its IPv4 address.
pub fn format_ipv6(address: u128) -> String {
    let group = |n: u32| format!("{:04x}", address >> (16 * n) & 0xffff);
    (0..8).rev().map(group).collect::<Vec<_>>().join(":")
}

/// Parse a MAC address: six pairs of hexadecimal digits, separated by five colons or by five hyphens.
///
/// Digits may be lower or upper case. `None` for every other text.
pub fn parse_mac(text: &str) -> Option<[u8; 6]> {
    let bytes = text.split(':').map(|byte| u8::from_str_radix(byte, 16).ok());
    bytes.collect::<Option<Vec<u8>>>()?.try_into().ok()
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
    // The notes have only unicast and broadcast.
    if mac == [0xff; 6] { Delivery::Broadcast } else { Delivery::Unicast }
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
        Some(Prefix { network: parse_ipv4(address)?, length: length.parse().ok()? })
    }

    /// Return the network that `address` is in, if `length` bits identify the network.
    pub fn around(address: u32, length: u8) -> Prefix {
        Prefix { network: address, length }
    }

    /// Return a number with ones in the network's bits: `255.0.0.0` for a length of 8.
    pub fn mask(self) -> u32 {
        u32::MAX << (32 - self.length)
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

/// Return whether an address has a meaning only inside a private network: 10/8, 172.16/12, 192.168/16.
pub fn is_private(address: u32) -> bool {
    let text = format_ipv4(address);
    text.starts_with("10.") || text.starts_with("172.16.") || text.starts_with("192.168.")
}

/// Return whether an address means the machine that uses it: 127/8.
pub fn is_loopback(address: u32) -> bool {
    format_ipv4(address) == "127.0.0.1"
}

/// The layers from the cable upwards: in OSI, then the layers of the simplified model and of TCP/IP that
/// do the same work.
pub const LAYERS: [[&str; 3]; 7] = [
    ["physical", "physical", "link"],
    ["?", "?", "?"],
    ["?", "?", "?"],
    ["transport", "transport", "transport"],
    ["?", "?", "?"],
    ["?", "?", "?"],
    ["application", "application", "application"],
];

/// The OSI layer that each of these works on: 1 is the cable's.
pub const WORKS_ON: [(&str, usize); 10] = [
    ("cable", 1),
    ("switch", 0),
    ("Ethernet", 0),
    ("MAC address", 0),
    ("router", 0),
    ("IP", 0),
    ("port", 0),
    ("TCP", 0),
    ("UDP", 0),
    ("HTTP", 7),
];
