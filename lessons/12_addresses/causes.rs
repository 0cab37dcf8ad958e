//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    AddressRefused = "This is an address, and it was refused: there is nothing wrong with it.";
    HighestByteFirst =
        "The numbers of an address stand in it in the order in which they are written, the \
        highest first: this is the order of the network as well (RFC 791, appendix B; RFC 4291, \
        section 2.2).";
    NotFourNumbers =
        "An IPv4 address is four numbers with a dot between each two, not one more and not one \
        less. What programs of another age make of three (inet_aton(3)) is not meant here.";
    NumberMissing =
        "There is nothing where a number should be: a dot or a colon stands between two of them, \
        and nothing is not zero.";
    NumberAboveAByte =
        "Each of the four numbers is a byte, 0 to 255. A larger one is no mistake to be cut off: \
        the whole text is no address.";
    ZeroInFront =
        "A zero in front makes a number octal to some programs and not to others: 010.0.0.1 is \
        8.0.0.1 here and 10.0.0.1 there. What one program has checked, another then takes for \
        something else. It is no address, and nobody should write it.";
    SignIsNoDigit =
        "Rust's parse and from_str_radix take a plus sign in front of a number, and the text of \
        an address may hold none: it has digits only.";
    StrangeCharacter =
        "There is a character in this text that no address has: a space, a letter, a line end. \
        Whoever cuts it off guesses what was meant.";
    NotEightGroups =
        "An IPv6 address has eight groups. Only `::` makes it fewer, and then there are seven at \
        most, since it stands for one group of zeros at least.";
    FourDigitsAGroup =
        "A group is 16 bits, one to four hexadecimal digits: a fifth is wrong even when it is a \
        zero.";
    TwoColonsTwice =
        "`::` may stand once in an address: where it stood twice nobody could tell how many zeros \
        each of them means.";
    TwoColonsAreZeros =
        "`::` stands for as many groups of zeros as are missing to eight, and they stand in its \
        place: the groups in front of it come first, those behind it last. On either side there \
        may be none.";
    Ipv4OnlyAtTheEnd =
        "The last 32 bits of an IPv6 address may be written as an IPv4 address, good in itself, \
        in place of two groups; and only the last (RFC 4291, section 2.2).";
    LongestRunOfZeros =
        "`::` stands for the longest run of groups that are zero, for the first of several such \
        runs, and never for a single group (RFC 5952, section 4.2): everybody has to write the \
        same text for the same address.";
    SmallLettersWithoutZeros =
        "A group is written in small letters and without zeros in front (RFC 5952, sections 4.1 \
        and 4.3): who searches a log for an address must find it.";
    MappedShowsIpv4 =
        "An address of ::ffff:0:0/96, and no other, carries an IPv4 address in its last 32 bits \
        and shows it: ::ffff:192.0.2.1 (RFC 5952, section 5).";
    SixPairsOfDigits =
        "A MAC address is six bytes, each in two hexadecimal digits, with colons or with hyphens \
        between them all, not both. It is written here in small letters, with colons.";
    GroupBit =
        "The lowest bit of the first byte says that a frame goes to a group; all 48 bits as ones \
        are the group of everybody. No other bit counts.";
    LengthOfAPrefix =
        "Behind the slash stands how many bits are the network's: 0 to 32, in decimal digits and \
        nothing else.";
    PrefixCountsBits =
        "The length of a prefix counts bits, and a network may end inside a byte: of each address \
        the first so many bits count, and no other.";
    HostBitsStay =
        "The network's own address has zeros in every bit behind the prefix: 10.1.2.3/8 is in the \
        network 10.0.0.0.";
    LastHasAllOnes =
        "The last address of a network has ones in all bits behind the prefix. Only where the \
        prefix is of 24 bits are they the last byte.";
    PrivateRanges =
        "Three ranges are private: 10.0.0.0/8, 172.16.0.0/12, which ends with 172.31.255.255, and \
        192.168.0.0/16 (RFC 1918). What lies beside them belongs to somebody.";
    LoopbackIsANetwork =
        "The whole network 127.0.0.0/8 is this machine, not 127.0.0.1 alone (RFC 1122, section \
        3.2.1.3): who refuses that one address only, lets 127.0.0.2 in.";
    LayersInOrder =
        "The layers stand on each other, the cable's at the bottom: physical, data link, network, \
        transport, session, presentation, application. The simplified model and TCP/IP leave the \
        work of the upper three to the application; TCP/IP (RFC 1122) calls the lowest two the \
        link, and the network the internet layer.";
    WorksOnAnotherLayer =
        "What it looks at says on which layer it works: a cable carries bits (1), a switch looks \
        at MAC addresses (2), a router at IP addresses (3), TCP and UDP at ports (4), and \
        programs at what they say to each other (7).";
}
