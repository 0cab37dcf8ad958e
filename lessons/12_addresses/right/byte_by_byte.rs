//! Right: parsers that go byte by byte, and numbers built with arithmetic.

/// Parse an IPv4 address; `None` if the text is not one.
pub fn parse_ipv4(text: &str) -> Option<u32> {
    let mut rest = text.as_bytes();
    let address = ipv4(&mut rest)?;
    rest.is_empty().then_some(address)
}

/// Write an IPv4 address as four numbers.
pub fn format_ipv4(address: u32) -> String {
    let mut text = String::new();
    for n in [3, 2, 1, 0] {
        text += &(address / 256_u32.pow(n) % 256).to_string();
        if n > 0 {
            text.push('.');
        }
    }
    text
}

/// Parse an IPv6 address; `None` if the text is not one.
pub fn parse_ipv6(text: &str) -> Option<u128> {
    let mut rest = text.as_bytes();
    let mut groups: Vec<u16> = Vec::new();
    let mut gap = None;
    if take(&mut rest, b"::") {
        gap = Some(0);
    }
    while !rest.is_empty() {
        // Try this first: the first number of an IPv4 address would pass as a group.
        let mut ahead = rest;
        if let (Some(address), true) = (ipv4(&mut ahead), ahead.is_empty()) {
            groups.extend([(address >> 16) as u16, address as u16]);
            break;
        }
        groups.push(group(&mut rest)?);
        if take(&mut rest, b"::") {
            if gap.replace(groups.len()).is_some() {
                return None;
            }
        } else if !rest.is_empty() && (!take(&mut rest, b":") || rest.is_empty()) {
            return None;
        }
    }
    match gap {
        None if groups.len() != 8 => return None,
        Some(_) if groups.len() > 7 => return None,
        Some(at) => {
            while groups.len() < 8 {
                groups.insert(at, 0);
            }
        }
        None => {}
    }
    Some(groups.iter().fold(0, |address, group| address * 65536 + u128::from(*group)))
}

/// Write an IPv6 address in the form of RFC 5952.
pub fn format_ipv6(address: u128) -> String {
    if (0xffff_0000_0000..=0xffff_ffff_ffff).contains(&address) {
        return format!("::ffff:{}", format_ipv4(address as u32));
    }
    let groups: [u16; 8] = std::array::from_fn(|at| (address >> (112 - 16 * at)) as u16);
    let text = |groups: &[u16]| {
        let groups: Vec<String> = groups.iter().map(|group| format!("{group:x}")).collect();
        groups.join(":")
    };
    // Try every possible run, the longest first.
    for length in (2..=8).rev() {
        for start in 0..=8 - length {
            let end = start + length;
            if groups[start..end].iter().all(|group| *group == 0) {
                return format!("{}::{}", text(&groups[..start]), text(&groups[end..]));
            }
        }
    }
    text(&groups)
}

/// Parse a MAC address.
pub fn parse_mac(text: &str) -> Option<[u8; 6]> {
    let bytes = text.as_bytes();
    let between = bytes.get(2).filter(|byte| matches!(byte, b':' | b'-'));
    let mut mac = [0; 6];
    for (at, &byte) in bytes.iter().enumerate() {
        match at % 3 {
            2 if Some(&byte) == between => {}
            2 => return None,
            _ => {
                let slot = mac.get_mut(at / 3)?;
                *slot = *slot * 16 + char::from(byte).to_digit(16)? as u8;
            }
        }
    }
    (bytes.len() == 17).then_some(mac)
}

/// Write a MAC address in lower case, with colons.
pub fn format_mac(mac: [u8; 6]) -> String {
    let mut text = String::new();
    for byte in mac {
        text += &format!("{byte:02x}:");
    }
    text.pop();
    text
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
    if mac.iter().all(|byte| *byte == 0xff) {
        Delivery::Broadcast
    } else if mac[0].trailing_ones() > 0 {
        Delivery::Multicast
    } else {
        Delivery::Unicast
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
        let mut rest = text.as_bytes();
        let address = ipv4(&mut rest)?;
        let length = if take(&mut rest, b"/") { byte(&mut rest)? } else { return None };
        (rest.is_empty() && length <= 32).then(|| Prefix::around(address, length))
    }

    /// Return the network that `address` is in.
    pub fn around(address: u32, length: u8) -> Prefix {
        let hosts = 2_u64.pow(32 - u32::from(length));
        let network = u64::from(address) / hosts * hosts;
        Prefix { network: network as u32, length }
    }

    /// Return a number with ones in the network's bits.
    pub fn mask(self) -> u32 {
        (0..self.length).fold(0, |mask, bit| mask | 1 << (31 - bit))
    }

    /// Return whether `address` is in this network.
    pub fn contains(self, address: u32) -> bool {
        Prefix::around(address, self.length).network == self.network
    }

    /// Return the last address of this network.
    pub fn last(self) -> u32 {
        (u64::from(self.network) + 2_u64.pow(32 - u32::from(self.length)) - 1) as u32
    }
}

/// Return whether two addresses are in one network.
pub fn same_network(ours: u32, theirs: u32, length: u8) -> bool {
    (ours ^ theirs).leading_zeros() >= u32::from(length)
}

/// Return whether an address has a meaning only inside a private network.
pub fn is_private(address: u32) -> bool {
    match address.to_be_bytes() {
        [10, ..] | [192, 168, ..] => true,
        [172, second, ..] => (16..32).contains(&second),
        _ => false,
    }
}

/// Return whether an address means this machine.
pub fn is_loopback(address: u32) -> bool {
    matches!(address.to_be_bytes(), [127, ..])
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

/// Remove these bytes from the front, if they are there.
fn take(rest: &mut &[u8], bytes: &[u8]) -> bool {
    let left = rest.strip_prefix(bytes);
    *rest = left.unwrap_or(rest);
    left.is_some()
}

fn ipv4(rest: &mut &[u8]) -> Option<u32> {
    let mut address = u32::from(byte(rest)?);
    for _ in 0..3 {
        if !take(rest, b".") {
            return None;
        }
        address = address * 256 + u32::from(byte(rest)?);
    }
    Some(address)
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, left) = rest.split_at(digits);
    *rest = left;
    if digits == 0 || digits > 3 || (digits > 1 && number[0] == b'0') {
        return None;
    }
    let number = number.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
    u8::try_from(number).ok()
}

fn group(rest: &mut &[u8]) -> Option<u16> {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let (number, left) = rest.split_at(digits);
    *rest = left;
    if digits == 0 || digits > 4 {
        return None;
    }
    let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap_or(0) as u16;
    Some(number.iter().fold(0, |group, byte| group * 16 + digit(byte)))
}
