//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    NotAFileName =
        "No file is called that: the name is empty, or longer than 255 bytes (bytes, not \
        characters), or has control characters in it. A NUL ends a name for the system, and the \
        others play tricks on whoever lists the folder.";
    NameDiffersBySystem =
        "On another system this name means something else. Windows takes `\\` for a separator and \
        `:` for a drive or a hidden stream; NUL, COM1 and their like are devices there, in small \
        letters and with any extension too; and a dot or a space at the end falls away. Refuse \
        it everywhere, so that a name that one machine takes, all of them take.";
    PlainNameRefused =
        "This is a plain file name on every system, and it was refused. What is refused must be a \
        path, a device, or no name at all.";
    BarInTheName =
        "Only the first two bars separate: what follows the second is the name, whatever is in \
        it.";
    NotAPostHeader =
        "This is no text header: it is the word `post`, the size and the name, in UTF-8, with a \
        bar between each. Refuse anything else with InvalidData, and look before you index.";
    HeaderSaysAnotherThing =
        "What went ahead of the content is not the header that was meant: four bytes with the \
        length of the JSON (in bytes, little-endian), then JSON, in which a parser finds the \
        name and the length as they are.";
    SendsARefusedName =
        "Every receiver refuses this name, and the connection with it: say so before anything is \
        on the wire.";
    HeaderNotUnderstood =
        "This is a good header: JSON has many ways to write the same, and a program in another \
        language takes another one. Let a JSON parser read it, and leave alone what you do not \
        know.";
    NotAHeader =
        "This is no header: it must be one JSON object, with a name that is text and a length \
        that is a whole number from 0 on. Refuse anything else with InvalidData: the peer has \
        not left, and it must not be guessed what it meant.";
    HeaderLengthTrusted =
        "The length of a header is only a claim: a header of up to MAX_HEADER bytes is read, and \
        a negative length or a longer one is refused before anything is read or set aside for \
        it.";
    TemporaryNameFromTheName =
        "A name may have 255 bytes, and this one has: a temporary name that is made from it by \
        adding something is too long for the file system. Give temporary files names of their \
        own.";
    DoesNotReplaceWhenAsked =
        "The caller asked to replace the file that is there: the new one takes its place, and \
        with it ends the old one.";
    OldFileLost =
        "The transfer broke off, and the old file is not as it was: now there is neither the old \
        one nor the new. Touch the old file only by the rename that puts the whole new one in \
        its place.";
    NameTakenMeanwhile =
        "When your code looked, the name was free; when it saved the file, another program had \
        taken it. To look first and act then is too late: the system must do both in one step \
        (RENAME_NOREPLACE, renameat2(2); link(2) refuses as well).";
    UploadsMix =
        "Two clients sent files of one name at a time, and they met in one temporary file, or \
        both were told that theirs is saved. Each transfer needs a temporary file of its own, \
        and the name is for whoever is whole first.";
    LinkFollowed =
        "A symbolic link has this name. Whoever opens it writes to where it points, outside the \
        folder; a link to nothing looks as if no file was there. Only a rename never follows: it \
        meets the link itself.";
}
