//! Addresses as what they are, numbers: read them, write them, and see who shares a network. As the
//! notes tell it, which is true as far as it goes.
//!
//! ```text
//! IPv4      10.0.0.1             0a 00 00 01                                  32 bits
//! IPv6      2001:db8::1          2001 0db8 0000 0000 0000 0000 0000 0001     128 bits
//! MAC       00:1a:2b:3c:4d:5e    00 1a 2b 3c 4d 5e                            48 bits
//! prefix    10.0.0.0/8           0a │ 00 00 00         the first 8 bits are the network's
//! ```
//!
//! It reads the addresses that one shows it. Make it refuse what is none, by hand: what `std::net`
//! has for this is what your answers are compared with.

/// The number that is written as four numbers: `10.0.0.1` is `0x0a00_0001`.
///
/// `None` for every text that is no IPv4 address to `std::net`.
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

/// The number that is written as eight groups, some of which `::` may stand for (RFC 4291, 2.2).
///
/// An IPv4 address may stand for the last two groups. `None` for every text that is no IPv6 address to
/// `std::net`.
pub fn parse_ipv6(text: &str) -> Option<u128> {
    let mut address = 0;
    for group in text.split(':') {
        address = address << 16 | u128::from_str_radix(group, 16).ok()?;
    }
    Some(address)
}

/// Write an IPv6 address in the one form that RFC 5952 leaves.
///
/// Lower case, no zeros in front, `::` for the longest run of two zeros or more, the first of several
/// such; an IPv4-mapped address shows its IPv4 address.
pub fn format_ipv6(address: u128) -> String {
    let group = |n: u32| format!("{:04x}", address >> (16 * n) & 0xffff);
    (0..8).rev().map(group).collect::<Vec<_>>().join(":")
}

/// The six bytes of a MAC address, in pairs of hexadecimal digits behind colons or hyphens.
pub fn parse_mac(text: &str) -> Option<[u8; 6]> {
    let bytes = text.split(':').map(|byte| u8::from_str_radix(byte, 16).ok());
    bytes.collect::<Option<Vec<u8>>>()?.try_into().ok()
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
    // Unicast and broadcast, say the notes.
    if mac == [0xff; 6] { Delivery::Everybody } else { Delivery::One }
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
        Some(Prefix { network: parse_ipv4(address)?, length: length.parse().ok()? })
    }

    /// The network that `address` is in, if `length` bits are the network's.
    pub fn around(address: u32, length: u8) -> Prefix {
        Prefix { network: address, length }
    }

    /// The network's bits as ones: `255.0.0.0` for a length of 8.
    pub fn mask(self) -> u32 {
        u32::MAX << (32 - self.length)
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

/// Whether an address means something inside a private network only.
pub fn is_private(address: u32) -> bool {
    let text = format_ipv4(address);
    text.starts_with("10.") || text.starts_with("172.16.") || text.starts_with("192.168.")
}

/// Whether an address means this machine, whichever that is.
pub fn is_loopback(address: u32) -> bool {
    format_ipv4(address) == "127.0.0.1"
}

/// The layers from the cable upwards: of OSI, and which of the simplified model and of TCP/IP does the
/// work of each.
pub const LAYERS: [[&str; 3]; 7] = [
    ["physical", "physical", "link"],
    ["?", "?", "?"],
    ["?", "?", "?"],
    ["transport", "transport", "transport"],
    ["?", "?", "?"],
    ["?", "?", "?"],
    ["application", "application", "application"],
];

/// Which layer of OSI each of them works on: 1 is the cable's.
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
