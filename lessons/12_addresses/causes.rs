//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    AddressRefused = "This text is a valid address, but your code refused it.";
    HighestByteFirst =
        "The numbers of an address are stored in the order in which they are written, the highest \
        byte first. This is also the byte order of the network (RFC 791, appendix B; RFC 4291, \
        section 2.2).";
    NotFourNumbers =
        "An IPv4 address has exactly four numbers, with a dot between them. Old programs accept \
        three or fewer (inet_aton(3)); your code must not.";
    NumberMissing =
        "A number is missing. A dot or a colon stands between two numbers, and an empty text is \
        not zero: refuse it.";
    NumberAboveAByte =
        "Each of the four numbers is a byte, 0 to 255. Do not truncate a larger one: the whole \
        text is not an address.";
    ZeroInFront =
        "Some programs read a number with a leading zero as octal, others do not: to some, \
        010.0.0.1 is 8.0.0.1, to others 10.0.0.1. So a text that passed a check in one program can \
        mean another address in the next. Refuse such a text, and never write one.";
    SignIsNoDigit =
        "Rust's parse and from_str_radix accept a plus sign before a number. A number in an \
        address has only digits: refuse the sign.";
    StrangeCharacter =
        "This text has a character that does not belong in an address: a space, a letter, a \
        newline. Refuse the text; to remove the character is to guess what was meant.";
    NotEightGroups =
        "An IPv6 address has eight groups. Only with `::` may it have fewer, and then at most \
        seven, since `::` stands for at least one group of zeros.";
    FourDigitsAGroup =
        "A group is 16 bits, written as one to four hexadecimal digits. Refuse a fifth digit, even \
        if it is a zero.";
    TwoColonsTwice =
        "`::` may appear only once in an address: if it appeared twice, it would be unclear how \
        many zeros each of them stands for.";
    TwoColonsAreZeros =
        "`::` stands for the groups of zeros that are missing to make eight, at the place where it \
        is written: the groups before it come first, the groups after it last. Either side may be \
        empty.";
    Ipv4OnlyAtTheEnd =
        "The last 32 bits of an IPv6 address may be written as a valid IPv4 address instead of two \
        groups, but only the last 32 bits (RFC 4291, section 2.2).";
    LongestRunOfZeros =
        "`::` stands for the longest run of zero groups, for the first one if several are equally \
        long, and never for a single group (RFC 5952, section 4.2). In this way all programs write \
        the same text for the same address.";
    SmallLettersWithoutZeros =
        "Write a group in lower case and without leading zeros (RFC 5952, sections 4.1 and 4.3): \
        then a search for the address in a log finds it.";
    MappedShowsIpv4 =
        "An address in ::ffff:0:0/96 has an IPv4 address in its last 32 bits, and shows it: \
        ::ffff:192.0.2.1 (RFC 5952, section 5). No other address does.";
    SixPairsOfDigits =
        "A MAC address is six bytes, each of two hexadecimal digits, separated either by colons or \
        by hyphens. Write it in lower case, with colons.";
    GroupBit =
        "The lowest bit of the first byte marks a frame to a group; 48 ones are the address of all \
        machines. Test no other bit.";
    LengthOfAPrefix =
        "The number after the slash is how many bits identify the network: 0 to 32, in decimal \
        digits and nothing else.";
    PrefixCountsBits =
        "The length of a prefix counts bits, and a network may end inside a byte. Compare exactly \
        this many leading bits of each address, and no others.";
    HostBitsStay =
        "The network's own address has zeros in all bits after the prefix: 10.1.2.3/8 is in the \
        network 10.0.0.0. Clear these bits.";
    LastHasAllOnes =
        "The last address of a network has ones in all bits after the prefix. They are the last \
        byte only if the prefix has 24 bits.";
    PrivateRanges =
        "Three ranges are private: 10.0.0.0/8, 172.16.0.0/12, which ends with 172.31.255.255, and \
        192.168.0.0/16 (RFC 1918). No other address is private.";
    LoopbackIsANetwork =
        "The whole network 127.0.0.0/8 is this machine, not only 127.0.0.1, and no other address is \
        loopback (RFC 1122, section 3.2.1.3). A filter that refuses only that one address lets \
        127.0.0.2 pass.";
    LayersInOrder =
        "The layers, from the cable upwards, are physical, data link, network, transport, session, \
        presentation, application. The simplified model and TCP/IP leave the work of the upper \
        three to the application; TCP/IP (RFC 1122) calls the lowest two the link layer, and the \
        network layer the internet layer.";
    WorksOnAnotherLayer =
        "What a component inspects shows its layer: a cable carries bits (1), a switch inspects \
        MAC addresses (2), a router IP addresses (3), TCP and UDP ports (4), and programs the \
        messages that they exchange (7).";
}
