//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    NotAFileName =
        "No file can have this name: it is empty, longer than 255 bytes (bytes, not characters), \
        or contains control characters. A NUL ends a name for the system; the others can garble \
        the terminal that lists the folder.";
    NameDiffersBySystem =
        "On another system this name means something else. On Windows, `\\` is a separator and `:` \
        marks a drive or a hidden stream; NUL, COM1 and similar names are devices, in any letter \
        case and with any extension; a dot or a space at the end is dropped. Refuse it on every \
        system, so that all machines accept the same names.";
    PlainNameRefused =
        "Your code refused a plain file name, which is valid on every system. Refuse only a path, \
        a device, or a text that cannot be a name at all.";
    BarInTheName =
        "Only the first two bars are separators: everything after the second one is the name, as \
        it is, with any bars and spaces in it.";
    NotAPostHeader =
        "This is not a text header, which is the word `post`, the size and the name, in UTF-8, \
        with a bar between them. Refuse anything else with InvalidData, and check that a field is \
        there before you index it.";
    HeaderSaysAnotherThing =
        "The bytes before the content are not the right header. Send four bytes with the length of \
        the JSON (in bytes, little-endian), then JSON in which a parser finds exactly this name \
        and this length.";
    SendsARefusedName =
        "Every receiver refuses this name, and closes the connection. Return the error before you \
        send anything.";
    HeaderNotUnderstood =
        "This header is valid. The same JSON can be written in many ways, and a program in another \
        language may choose another one: use a JSON parser, and ignore the fields that you do not \
        know.";
    LengthNotUnderstood =
        "Any whole number that fits a u64 is a length. A file of 4 GiB needs more than 32 bits, and a \
        signed number has no room for the largest.";
    NotAHeader =
        "This is not a header, which is one JSON object with a text as its name and a whole number \
        from 0 up as its length. Refuse anything else with InvalidData: the stream has not ended, \
        and you must not guess what the peer meant.";
    HeaderLengthTrusted =
        "The length of a header is only a claim. Accept up to MAX_HEADER bytes; refuse a negative \
        length or a longer one before you read anything or allocate memory for it.";
    TemporaryNameFromTheName =
        "A name may have 255 bytes, and this one does. Your temporary name adds something to it, \
        which makes it too long for the file system: give temporary files names of their own.";
    DoesNotReplaceWhenAsked =
        "The caller asked your code to replace the existing file: the new file must take its \
        place, and the old one must be gone.";
    FailedWriteUnreported =
        "The disk is full, so the file has lost bytes, and your code reports success. A write and a \
        flush may fail: do both before the file gets its name, and return their errors. A BufWriter \
        still holds bytes until it is flushed.";
    FolderTakenForAFile =
        "A folder already has this name, and a file cannot take its place. Return the error of the \
        rename: if a call reports success, the file must be there.";
    OldFileLost =
        "The transfer broke off, and the old file is no longer what it was: now neither the old \
        file nor the new one is there. Leave the old file alone until a rename replaces it with \
        the complete new one.";
    UploadsMix =
        "Two clients sent files with the same name at the same time. The first complete file must \
        get the name, and the other call must fail. Give each transfer a temporary file of its own: \
        no other transfer may write to it, or fail because it exists.";
    LinkFollowed =
        "A symbolic link has this name. Opening it writes to the place it points to, outside the \
        folder; a link to nothing looks as if no file existed. Only a rename never follows a link: \
        it acts on the link itself.";
}
