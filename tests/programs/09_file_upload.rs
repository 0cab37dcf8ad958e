//! Lesson 9, for programs in any language: a file arrives complete and under a plain name, or leaves no trace.
//!
//! ```text
//! upload:  | header length: i32, little-endian | JSON {"name": …, "length": …} | content: length bytes |
//! post:    post|5|a.txt in one segment, then the content
//! ```
//!
//! A server saves the files in its folder, answers nothing, and closes a connection on which something went wrong. A
//! client sends the files of its folder whose names are typed. Over `post`, each file has a connection of its own.

use std::fs::{self, File};
use std::os::unix::fs::symlink;

use netkata::{Cause, Row, builds_on, quoted};
use netkata::words::{THE_CLIENT, THE_SERVER};
use netkata_programs::words::{FIRST_CLIENT, FOURTH_CLIENT, NEXT_CLIENT, SECOND_CLIENT, THIRD_CLIENT};
use netkata_programs::{Peer, Role, Stage, Suite, Then, Transport, causes as shared, checks};
use serde_json::{Value, json};

#[path = "../../lessons/09_file_upload/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "upload",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: true,
        checks: checks![
            a_file_is_saved_under_its_name,
            a_file_survives_any_segmentation,
            files_stuck_together_are_received_one_by_one,
            files_of_any_size_arrive_under_their_names,
            any_json_with_name_and_length_is_accepted,
            the_longest_header_is_allowed,
            a_plain_name_is_accepted,
            a_path_is_refused_as_a_name,
            an_invalid_file_name_is_refused,
            a_name_special_on_windows_is_refused,
            an_invalid_json_header_is_refused,
            a_header_length_out_of_bounds_is_refused,
            a_broken_transfer_leaves_no_file,
            a_length_of_64_bits_is_understood,
            a_name_appears_only_when_its_file_is_whole,
            an_existing_file_is_not_overwritten,
            a_folder_is_never_replaced,
            a_file_created_during_transfer_is_not_overwritten,
            two_uploads_with_one_name_do_not_mix,
            a_symbolic_link_is_never_followed,
            a_transfer_uses_constant_memory,
            a_server_outlives_every_client,
        ],
    },
    Suite {
        name: "post",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: true,
        checks: checks![
            a_file_after_a_text_header_is_saved,
            the_first_two_bars_split_a_text_header,
            a_posted_file_survives_any_segmentation,
            a_malformed_text_header_is_refused,
            a_posted_path_is_refused,
            a_broken_post_leaves_no_file,
            a_posted_name_appears_with_its_whole_file,
            a_posted_file_overwrites_no_other,
            the_next_post_is_served,
        ],
    },
    Suite {
        name: "upload",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: true,
        checks: checks![
            a_file_is_sent_after_its_header,
            a_header_has_the_name_and_counts_bytes,
            sent_files_follow_each_other,
            a_late_reader_gets_every_byte,
            a_refused_name_is_not_sent,
            a_file_that_grows_is_cut,
            a_file_that_shrinks_ends_the_connection,
            a_sender_uses_constant_memory,
            the_client_ends_with_its_input,
        ],
    },
    Suite {
        name: "post",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: true,
        checks: checks![
            a_text_header_and_the_content_are_sent,
            each_posted_file_has_its_own_connection,
            a_late_reader_gets_every_posted_byte,
            the_posting_client_ends_with_its_input,
        ],
    },
];

const FILE: &str = "received/a.txt";
/// The longest JSON header, in bytes.
const MAX_HEADER: usize = 4096;
const MIB: usize = 1024 * 1024;

fn a_file_is_saved_under_its_name(stage: &Stage) {
    let client = stage.client(THE_CLIENT);
    client.sends(&upload("a.txt", b"hello"));
    stage.holds(&[(FILE, b"hello")], causes::HeaderNotUnderstood);
}

fn a_file_survives_any_segmentation(stage: &Stage) {
    builds_on(a_file_is_saved_under_its_name);
    let cuts = [&[2][..], &[4, 3, 11], &[33], &[31], &[31, 4], &[1; 36]];
    stage.each(cuts, |stage, lengths| {
        let client = stage.client(THE_CLIENT);
        client.sends_cut(&upload("a.txt", b"hello"), lengths);
        stage.holds(&[(FILE, b"hello")], Cause::OneReadIsNotOneMessage);
        client.leaves();
    });
}

fn files_stuck_together_are_received_one_by_one(stage: &Stage) {
    builds_on(a_file_is_saved_under_its_name);
    let client = stage.client(THE_CLIENT);
    let files = [upload("a.txt", b"hello"), upload("b.txt", b""), upload("c.txt", b"you")];
    client.sends(&files.concat());
    let files: [(&str, &[u8]); 3] =
        [(FILE, b"hello"), ("received/b.txt", b""), ("received/c.txt", b"you")];
    stage.holds(&files, Cause::ReadTooFar);
}

fn files_of_any_size_arrive_under_their_names(stage: &Stage) {
    builds_on(a_file_is_saved_under_its_name);
    stage.each([0, 1, 1024, 2048, 8192, 65_536, 524_288, MIB + 1], |stage, size| {
        let cause =
            if size == 0 { Cause::EmptyFileIsAFile } else { Cause::OneReadIsNotOneMessage };
        let client = stage.client(THE_CLIENT);
        client.sends_what_it_takes(&upload("a.txt", &text(size)));
        stage.holds(&[(FILE, &text(size))], cause);
        client.leaves();
    });
}

fn any_json_with_name_and_length_is_accepted(stage: &Stage) {
    builds_on(a_file_is_saved_under_its_name);
    let headers = [
        r#"{"name": "a.txt", "length": 5}"#,
        r#"{"length":5,"name":"a.txt"}"#,
        "{\n  \"name\": \"a.txt\",\n  \"length\": 5\n}\n",
        r#"{"name": "\u0061.txt", "length": 5}"#,
        r#"{"name": "a.txt", "length": 5, "mode": {"x": [1]}}"#,
    ];
    stage.each(headers, |stage, header| {
        let client = stage.client(THE_CLIENT);
        client.sends(&[&framed(header.as_bytes())[..], b"hello"].concat());
        stage.holds(&[(FILE, b"hello")], causes::HeaderNotUnderstood);
        client.leaves();
    });
}

fn the_longest_header_is_allowed(stage: &Stage) {
    builds_on(any_json_with_name_and_length_is_accepted);
    let json = json!({ "name": "a.txt", "length": 5 }).to_string();
    let client = stage.client(THE_CLIENT);
    client.sends(&[&framed(format!("{json:MAX_HEADER$}").as_bytes())[..], b"hello"].concat());
    stage.holds(&[(FILE, b"hello")], causes::HeaderLengthTrusted);
}

fn a_plain_name_is_accepted(stage: &Stage) {
    builds_on(a_file_is_saved_under_its_name);
    let (long, wide) = ("a".repeat(255), "神".repeat(85));
    let names = [
        "神.txt", r"my file.txt", "a..b.tar.gz", "..a", ".profile", "a|b.txt", r#"say "hi".txt"#,
        "console.log", "com10", "com0", "a.nul", &long, &wide,
    ];
    stage.each(names, |stage, name| {
        let client = stage.client(THE_CLIENT);
        client.sends(&upload(name, b"hello"));
        stage.holds(&[(&format!("received/{name}"), b"hello")], causes::PlainNameRefused);
        client.leaves();
    });
}

fn a_path_is_refused_as_a_name(stage: &Stage) {
    let outside = stage.folder().at("new.txt").display().to_string();
    let names =
        ["../outside.txt", "../new.txt", "sub/a.txt", &outside, "..", ".", "a.txt/", "./a.txt"];
    stage.each(names, |stage, name| {
        fs::create_dir(stage.folder().at("received/sub")).expect("a folder can be made");
        let client = stage.client(THE_CLIENT);
        client.sends(&upload(name, b"hello"));
        client.is_disconnected(Cause::NameIsAPath);
        stage.holds(&[("received/sub/", b"")], Cause::NameIsAPath);
    });
}

fn an_invalid_file_name_is_refused(stage: &Stage) {
    let (long, wide) = ("a".repeat(256), "神".repeat(86));
    let names = ["", "a.txt\nb.txt", "\u{1b}[2Ja.txt", "a\u{7f}.txt", "a\u{85}.txt", &long, &wide];
    stage.each(names.into_iter().chain(["a.txt\0.jpg"]), |stage, name| {
        is_refused(stage, &upload(name, b"hello"), causes::NotAFileName);
    });
}

fn a_name_special_on_windows_is_refused(stage: &Stage) {
    let names = [
        "..\\..\\outside.txt", "sub\\a.txt", "C:a.txt", "a.txt:hidden", "NUL", "con", "aux.txt",
        "Prn.tar.gz", r"nul .txt", "COM1", "com².txt", "lpt9.txt", "LPT¹", "CONOUT$", "conin$.txt",
        "a.txt.", r"a.txt ",
    ];
    stage.each(names, |stage, name| {
        is_refused(stage, &upload(name, b"hello"), causes::NameDiffersBySystem);
    });
}

fn an_invalid_json_header_is_refused(stage: &Stage) {
    let headers: [&[u8]; 14] = [
        b"",
        b"a.txt 5",
        br#"{"name": "a.txt", "length": 5"#,
        br#"{"name": "a.txt", "length": 5} {}"#,
        br#"["a.txt", 5]"#,
        br#"{"length": 5}"#,
        br#"{"name": "a.txt"}"#,
        br#"{"name": 5, "length": 5}"#,
        br#"{"name": "a.txt", "length": -1}"#,
        br#"{"name": "a.txt", "length": 4.5}"#,
        br#"{"name": "a.txt", "length": "5"}"#,
        br#"{"name": "a.txt", "length": null}"#,
        br#"{"name": "a.txt", "length": true}"#,
        b"{\"name\": \"\xff\xfe\", \"length\": 5}",
    ];
    stage.each(headers, |stage, header| {
        is_refused(stage, &[&framed(header)[..], b"hello"].concat(), causes::NotAHeader);
    });
}

fn a_header_length_out_of_bounds_is_refused(stage: &Stage) {
    stage.each([-1, i32::MIN, MAX_HEADER as i32 + 1, i32::MAX], |stage, length| {
        // The connection stays open: a read of what is refused would wait for ever.
        is_refused(stage, &length.to_le_bytes(), causes::HeaderLengthTrusted);
    });
}

fn a_broken_transfer_leaves_no_file(stage: &Stage) {
    builds_on(a_file_is_saved_under_its_name);
    let (small, large) = (upload("a.txt", b"hello"), upload("a.txt", &text(524_288)));
    for bytes in [&small[..2], &small[..17], &small[..31], &small[..35], &large[..400_000]] {
        stage.each([false, true], |stage, resets| breaks_off(stage, bytes, resets));
    }
}

fn a_length_of_64_bits_is_understood(stage: &Stage) {
    builds_on(a_broken_transfer_leaves_no_file);
    stage.each([1 << 32, (1 << 32) + 5, 1 << 63, u64::MAX], |stage, length| {
        let client = stage.client(THE_CLIENT);
        client.sends(&[header_of("a.txt", length), b"hello".to_vec()].concat());
        client.is_still_connected(causes::LengthNotUnderstood);
        stage.is_under_way(FILE);
        client.closes_its_side();
        client.is_disconnected(Cause::SpinsAtTheEnd);
        stage.has_left_nothing(FILE);
    });
}

fn a_name_appears_only_when_its_file_is_whole(stage: &Stage) {
    builds_on(a_file_is_saved_under_its_name);
    stage.each([5, 524_288], |stage, size| {
        let client = stage.client(THE_CLIENT);
        let content = text(size);
        let upload = upload("a.txt", &content);
        let (first, last) = upload.split_at(upload.len() - 1);
        client.sends_what_it_takes(first);
        client.settles();
        stage.is_under_way(FILE);
        client.sends(last);
        stage.holds(&[(FILE, &content)], Cause::NamedTooSoon);
        client.leaves();
    });
}

fn an_existing_file_is_not_overwritten(stage: &Stage) {
    builds_on(a_file_is_saved_under_its_name);
    stage.happened(netkata::words::is_there_already(FILE));
    stage.folder().put(FILE, b"an older file");
    let client = stage.client(THE_CLIENT);
    client.sends(&upload("a.txt", b"hello"));
    client.is_disconnected(Cause::OverwritesUnasked);
    stage.holds(&[(FILE, b"an older file")], Cause::OverwritesUnasked);
}

fn a_folder_is_never_replaced(stage: &Stage) {
    builds_on(an_existing_file_is_not_overwritten);
    stage.happened(netkata::words::is_there_already("received/a.txt/"));
    fs::create_dir(stage.folder().at(FILE)).expect("a folder can be made");
    let client = stage.client(THE_CLIENT);
    client.sends(&upload("a.txt", b"hello"));
    client.is_disconnected(causes::FolderTakenForAFile);
    stage.holds(&[("received/a.txt/", b"")], causes::FolderTakenForAFile);
}

fn a_file_created_during_transfer_is_not_overwritten(stage: &Stage) {
    builds_on(a_name_appears_only_when_its_file_is_whole);
    let client = stage.client(THE_CLIENT);
    let upload = upload("a.txt", b"hello");
    client.sends(&upload[..upload.len() - 1]);
    stage.happened(netkata::words::another_program_saves(FILE));
    stage.folder().put(FILE, b"another program's");
    client.sends(&upload[upload.len() - 1..]);
    client.is_disconnected(Cause::NameTakenMeanwhile);
    stage.holds(&[(FILE, b"another program's")], Cause::NameTakenMeanwhile);
}

/// Whichever of the two is complete first: a server may serve one client after the other.
fn two_uploads_with_one_name_do_not_mix(stage: &Stage) {
    builds_on(a_file_is_saved_under_its_name);
    let (one, two) = (stage.client(FIRST_CLIENT), stage.client(SECOND_CLIENT));
    let upload_one = upload("a.txt", b"the first of the two");
    one.sends(&upload_one[..upload_one.len() - 1]);
    two.sends(&upload("a.txt", b"the second"));
    one.sends(&upload_one[upload_one.len() - 1..]);
    one.closes_its_side();
    two.closes_its_side();
    let holds = |content: &[u8]| stage.folder().difference(&[(FILE, content)]).is_none();
    let either = || (holds(b"the first of the two") || holds(b"the second")).then_some(());
    if stage.until(either).is_err() {
        stage.holds(&[(FILE, b"the second")], causes::UploadsMix);
    }
}

fn a_symbolic_link_is_never_followed(stage: &Stage) {
    builds_on(an_existing_file_is_not_overwritten);
    stage.each(["../outside.txt", "../new.txt"], |stage, target| {
        let link = format!("{FILE} → {target}");
        stage.happened(netkata::words::is_there_already(&link));
        symlink(target, stage.folder().at(FILE)).expect("a link can be made");
        let client = stage.client(THE_CLIENT);
        client.sends(&upload("a.txt", b"hello"));
        client.is_disconnected(causes::LinkFollowed);
        stage.holds(&[(&link, b"")], causes::LinkFollowed);
    });
}

fn a_transfer_uses_constant_memory(stage: &Stage) {
    builds_on(a_name_appears_only_when_its_file_is_whole);
    let client = stage.client(THE_CLIENT);
    let before = stage.memory();
    client.sends(&header_of("a.txt", LARGE as u64));
    client.sends_what_it_takes(&text(LARGE - 1));
    client.settles();
    stage.holds_little(before, Cause::HeldInMemory);
    client.sends(b"!");
    let saved = || fs::metadata(stage.folder().at(FILE));
    let is_whole = || saved().is_ok_and(|file| file.len() == LARGE as u64);
    if stage.until(|| is_whole().then_some(())).is_err() {
        stage.fails(Cause::OneReadIsNotOneMessage, Vec::new());
    }
}

fn a_server_outlives_every_client(stage: &Stage) {
    builds_on(a_file_is_saved_under_its_name);
    let whole = stage.client(FIRST_CLIENT);
    whole.sends(&upload("a.txt", b"hello"));
    whole.closes_its_side();
    whole.receives_the_end(Cause::LineHeldOpen);
    next_is_served(stage, "b.txt", Cause::CleanEndIsNoError);
    stage.client(SECOND_CLIENT).leaves();
    let broken = stage.client(THIRD_CLIENT);
    broken.sends(&upload("x.txt", b"hello")[..33]);
    broken.resets();
    next_is_served(stage, "c.txt", Cause::OneClientEndsTheServer);
    let bad = stage.client(FOURTH_CLIENT);
    bad.sends(&(-1i32).to_le_bytes());
    bad.is_disconnected(causes::HeaderLengthTrusted);
    next_is_served(stage, "d.txt", Cause::OneClientEndsTheServer);
}

fn next_is_served(stage: &Stage, name: &str, cause: Cause) {
    let next = stage.client(NEXT_CLIENT);
    next.sends(&upload(name, b"hello"));
    has_saved(stage, name, cause);
    next.leaves();
}

/// The folder holds this file, among others.
fn has_saved(stage: &Stage, name: &str, cause: Cause) {
    let saved = stage.folder().path().join(name);
    let is_there = || fs::read(&saved).is_ok_and(|content| content == b"hello").then_some(());
    if stage.until(is_there).is_err() {
        stage.fails(cause, Vec::new());
    }
}

fn a_file_after_a_text_header_is_saved(stage: &Stage) {
    stage.each([0, 5, 1024, 65_536, 524_288], |stage, size| {
        let cause = if size == 0 { Cause::EmptyFileIsAFile } else { causes::NotAPostHeader };
        let client = stage.client(THE_CLIENT);
        client.sends(format!("post|{size}|a.txt").as_bytes());
        client.sends_what_it_takes(&text(size));
        stage.holds(&[(FILE, &text(size))], cause);
        client.leaves();
    });
}

fn the_first_two_bars_split_a_text_header(stage: &Stage) {
    builds_on(a_file_after_a_text_header_is_saved);
    let headers = [
        ("post|5|神.txt", "神.txt"),
        ("post|5|a|b.txt", "a|b.txt"),
        ("post|5||a|", "|a|"),
        ("post|005|a.txt", "a.txt"),
        (r"post|5| a.txt", r" a.txt"),
    ];
    stage.each(headers, |stage, (header, name)| {
        let client = stage.client(THE_CLIENT);
        client.sends_in_segments(&[header.as_bytes(), b"hello"]);
        stage.holds(&[(&format!("received/{name}"), b"hello")], causes::BarInTheName);
        client.leaves();
    });
}

fn a_posted_file_survives_any_segmentation(stage: &Stage) {
    builds_on(a_file_after_a_text_header_is_saved);
    let client = stage.client(THE_CLIENT);
    client.sends_in_segments(&[b"post|5|a.txt", b"h", b"el", b"l", b"o"]);
    stage.holds(&[(FILE, b"hello")], Cause::OneReadIsNotOneMessage);
}

fn a_malformed_text_header_is_refused(stage: &Stage) {
    let headers: [&[u8]; 13] = [
        b"post",
        b"post|5",
        b"get|5|a.txt",
        b"posts|5|a.txt",
        b"POST|5|a.txt",
        b"post|5|\xff\xfe",
        b"post||a.txt",
        b"post|+5|a.txt",
        b"post|-1|a.txt",
        b"post| 5|a.txt",
        b"post|0_5|a.txt",
        b"post|five|a.txt",
        "post|٥|a.txt".as_bytes(),
    ];
    stage.each(headers, |stage, header| is_refused(stage, header, causes::NotAPostHeader));
}

fn a_posted_path_is_refused(stage: &Stage) {
    stage.each(["../outside.txt", "../new.txt", "..", "sub/a.txt", ""], |stage, name| {
        is_refused(stage, format!("post|5|{name}").as_bytes(), Cause::NameIsAPath);
    });
    stage.each(["NUL", "C:a.txt", "sub\\a.txt", "a.txt."], |stage, name| {
        let header = format!("post|5|{name}");
        is_refused(stage, header.as_bytes(), causes::NameDiffersBySystem);
    });
}

fn a_broken_post_leaves_no_file(stage: &Stage) {
    builds_on(a_file_after_a_text_header_is_saved);
    stage.each([(0, false), (4, false), (4, true)], |stage, (length, resets)| {
        let client = stage.client(THE_CLIENT);
        client.sends(b"post|5|a.txt");
        client.sends(&b"hello"[..length]);
        is_broken_off(stage, client, resets);
    });
}

fn a_posted_name_appears_with_its_whole_file(stage: &Stage) {
    builds_on(a_file_after_a_text_header_is_saved);
    let client = stage.client(THE_CLIENT);
    client.sends_in_segments(&[b"post|5|a.txt", b"hell"]);
    stage.is_under_way(FILE);
    client.sends(b"o");
    stage.holds(&[(FILE, b"hello")], Cause::NamedTooSoon);
}

fn a_posted_file_overwrites_no_other(stage: &Stage) {
    builds_on(a_file_after_a_text_header_is_saved);
    stage.happened(netkata::words::is_there_already(FILE));
    stage.folder().put(FILE, b"an older file");
    let client = stage.client(THE_CLIENT);
    client.sends_in_segments(&[b"post|5|a.txt", b"hello"]);
    client.is_disconnected(Cause::OverwritesUnasked);
    stage.holds(&[(FILE, b"an older file")], Cause::OverwritesUnasked);
}

fn the_next_post_is_served(stage: &Stage) {
    builds_on(a_file_after_a_text_header_is_saved);
    stage.client(FIRST_CLIENT).leaves();
    next_post_is_served(stage, "a.txt", Cause::CleanEndIsNoError);
    let second = stage.client(SECOND_CLIENT);
    second.sends(b"post|5|x.txt");
    second.resets();
    next_post_is_served(stage, "b.txt", Cause::OneClientEndsTheServer);
    let third = stage.client(THIRD_CLIENT);
    third.sends(b"get|x.txt");
    third.is_disconnected(causes::NotAPostHeader);
    next_post_is_served(stage, "c.txt", Cause::OneClientEndsTheServer);
}

fn next_post_is_served(stage: &Stage, name: &str, cause: Cause) {
    let next = stage.next_client(NEXT_CLIENT, cause.clone());
    next.sends_in_segments(&[format!("post|5|{name}").as_bytes(), b"hello"]);
    has_saved(stage, name, cause);
    next.leaves();
}

fn a_file_is_sent_after_its_header(stage: &Stage) {
    stage.folder().put(FILE, b"hello");
    stage.types("a.txt\n");
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    receives_file(stage, &server, "a.txt", b"hello", causes::HeaderSaysAnotherThing);
}

fn a_header_has_the_name_and_counts_bytes(stage: &Stage) {
    builds_on(a_file_is_sent_after_its_header);
    let files = [("神.txt", "神"), (r#"say "hi".txt"#, "hi"), (r"a|b c.txt", "é\r\n")];
    stage.each(files, |stage, (name, content)| {
        stage.folder().put(&format!("received/{name}"), content.as_bytes());
        stage.types(&format!("{name}\n"));
        let server = stage.accepts(THE_SERVER, shared::NeverConnects);
        let cause = causes::HeaderSaysAnotherThing;
        receives_file(stage, &server, name, content.as_bytes(), cause);
    });
}

fn sent_files_follow_each_other(stage: &Stage) {
    builds_on(a_file_is_sent_after_its_header);
    let files = [("a.txt", 5), ("b.txt", 0), ("c.txt", 1024), ("d.txt", 3000), ("e.txt", 65_537)];
    for (name, size) in files {
        stage.folder().put(&format!("received/{name}"), &text(size));
        stage.types(&format!("{name}\n"));
    }
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    for (name, size) in files {
        server.is_still_connected(shared::EndsBeforeItsInput);
        receives_file(stage, &server, name, &text(size), Cause::PromiseNotKept);
    }
}

fn a_late_reader_gets_every_byte(stage: &Stage) {
    builds_on(a_file_is_sent_after_its_header);
    let server = sends_while_nothing_is_read(stage);
    receives_file(stage, &server, "a.txt", &text(LATE), Cause::PartialWriteIgnored);
}

fn a_refused_name_is_not_sent(stage: &Stage) {
    builds_on(a_file_is_sent_after_its_header);
    stage.each(["NUL", "a:b.txt", "a\\b.txt", "a.txt.", "a\u{7f}"], |stage, name| {
        for name in ["a.txt", name] {
            stage.folder().put(&format!("received/{name}"), b"hello");
            stage.types(&format!("{name}\n"));
        }
        let server = stage.accepts(THE_SERVER, shared::NeverConnects);
        receives_file(stage, &server, "a.txt", b"hello", causes::HeaderSaysAnotherThing);
        receives_no_more(stage, &server, causes::SendsARefusedName);
    });
}

fn a_file_that_grows_is_cut(stage: &Stage) {
    builds_on(a_late_reader_gets_every_byte);
    let server = sends_while_nothing_is_read(stage);
    stage.happened(netkata::words::now_the_file_has(LATE + 5));
    stage.folder().put(FILE, &text(LATE + 5));
    receives_file(stage, &server, "a.txt", &text(LATE), Cause::PromiseNotKept);
    receives_no_more(stage, &server, Cause::PromiseNotKept);
}

fn a_file_that_shrinks_ends_the_connection(stage: &Stage) {
    builds_on(a_late_reader_gets_every_byte);
    stage.folder().put("received/b.txt", b"the next file");
    let server = sends_while_nothing_is_read(stage);
    stage.types("b.txt\n");
    stage.happened(netkata::words::now_the_file_has(5));
    let file = File::options().write(true).open(stage.folder().at(FILE));
    file.and_then(|file| file.set_len(5)).expect("a file can be cut");
    receives_header(stage, &server, "a.txt", LATE, causes::HeaderSaysAnotherThing);
    let (content, then) = server.reads(LATE);
    let is_whole = then == Then::Enough && content == text(LATE);
    let has_failed =
        matches!(then, Then::End | Then::Error(_)) && text(LATE).starts_with(&content);
    if !is_whole && !has_failed {
        let expected = Row::new(
            netkata::words::EXPECTED,
            netkata::words::THE_END_OF_THE_STREAM,
        );
        stage.fails(Cause::PromiseNotKept, vec![expected]);
    }
}

fn a_sender_uses_constant_memory(stage: &Stage) {
    builds_on(a_file_is_sent_after_its_header);
    let large = File::create(stage.folder().at(FILE));
    large.and_then(|file| file.set_len(LARGE as u64)).expect("a file can be made");
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    let before = stage.memory();
    stage.types("a.txt\n");
    receives_header(stage, &server, "a.txt", LARGE, causes::HeaderSaysAnotherThing);
    server.does_not_read();
    let _ = stage.until(|| None::<()>);
    stage.holds_little(before, Cause::HeldInMemory);
}

fn the_client_ends_with_its_input(stage: &Stage) {
    builds_on(a_file_is_sent_after_its_header);
    stage.folder().put(FILE, b"hello");
    stage.types("a.txt\n");
    stage.ends_typing();
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    receives_file(stage, &server, "a.txt", b"hello", causes::HeaderSaysAnotherThing);
    server.receives_the_end(Cause::LineHeldOpen);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}

fn a_text_header_and_the_content_are_sent(stage: &Stage) {
    let files = [("a.txt", "hello"), ("神.txt", "神"), ("b.txt", ""), ("a|b.txt", "hi\r\n")];
    stage.each(files, |stage, (name, content)| {
        stage.folder().put(&format!("received/{name}"), content.as_bytes());
        stage.types(&format!("{name}\n"));
        let server = stage.accepts(THE_SERVER, shared::NeverConnects);
        let sent = format!("post|{}|{name}{content}", content.len());
        server.ends_after(sent.as_bytes(), causes::NotAPostHeader);
    });
}

fn each_posted_file_has_its_own_connection(stage: &Stage) {
    builds_on(a_text_header_and_the_content_are_sent);
    for (name, content) in [("a.txt", "hello"), ("b.txt", "you")] {
        stage.folder().put(&format!("received/{name}"), content.as_bytes());
        stage.types(&format!("{name}\n"));
        let server = stage.accepts(THE_SERVER, shared::EndsBeforeItsInput);
        let sent = format!("post|{}|{name}{content}", content.len());
        server.ends_after(sent.as_bytes(), causes::NotAPostHeader);
    }
}

fn a_late_reader_gets_every_posted_byte(stage: &Stage) {
    builds_on(a_text_header_and_the_content_are_sent);
    let server = sends_while_nothing_is_read(stage);
    let sent = [format!("post|{LATE}|a.txt").into_bytes(), text(LATE)].concat();
    server.ends_after(&sent, Cause::PartialWriteIgnored);
}

fn the_posting_client_ends_with_its_input(stage: &Stage) {
    builds_on(a_text_header_and_the_content_are_sent);
    stage.folder().put(FILE, b"hello");
    stage.types("a.txt\n");
    stage.ends_typing();
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.ends_after(b"post|5|a.txthello", Cause::LineHeldOpen);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}

/// A server that gets a large file, and reads nothing until the client waits.
fn sends_while_nothing_is_read(stage: &Stage) -> Peer {
    stage.folder().put(FILE, &text(LATE));
    stage.types("a.txt\n");
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.does_not_read();
    let _ = stage.until(|| None::<()>);
    server.did(netkata::words::READS_AGAIN);
    server
}

/// More than the kernel keeps for a connection.
const LATE: usize = 16 * MIB;
/// A file that no program should hold.
const LARGE: usize = 64 * MIB;

/// The server closes the connection after these bytes, and the folder stays as it was.
fn is_refused(stage: &Stage, bytes: &[u8], cause: Cause) {
    let client = stage.client(THE_CLIENT);
    client.sends(bytes);
    client.is_disconnected(cause.clone());
    stage.holds(&[], cause);
}

/// The transfer ends after these bytes.
fn breaks_off(stage: &Stage, bytes: &[u8], resets: bool) {
    let client = stage.client(THE_CLIENT);
    client.sends_what_it_takes(bytes);
    client.settles();
    is_broken_off(stage, client, resets);
}

fn is_broken_off(stage: &Stage, client: Peer, resets: bool) {
    if resets {
        client.resets();
    } else {
        client.closes_its_side();
        client.is_disconnected(Cause::SpinsAtTheEnd);
    }
    stage.has_left_nothing(FILE);
}

/// The client may wait, or have ended.
fn receives_no_more(stage: &Stage, server: &Peer, cause: Cause) {
    if !server.takes_what_comes().is_empty() {
        let expected = Row::new(netkata::words::EXPECTED, netkata::words::NOTHING_MORE);
        stage.fails(cause, vec![expected]);
    }
}

/// The server receives this file, after a header that says so.
fn receives_file(stage: &Stage, server: &Peer, name: &str, content: &[u8], cause: Cause) {
    receives_header(stage, server, name, content.len(), cause.clone());
    server.receives(content, cause);
}

fn receives_header(stage: &Stage, server: &Peer, name: &str, length: usize, cause: Cause) {
    let header = server.receives_some(4, cause.clone());
    let count = header.try_into().map_or(0, i32::from_le_bytes);
    let is_header = usize::try_from(count).is_ok_and(|count| count <= MAX_HEADER);
    let json = if is_header { server.receives_some(count as usize, cause.clone()) } else { Vec::new() };
    let parsed: Value = serde_json::from_slice(&json).unwrap_or_default();
    if parsed["name"].as_str() != Some(name) || parsed["length"].as_u64() != Some(length as u64) {
        let json = json!({ "name": name, "length": length }).to_string();
        let expected = Row::new(netkata::words::EXPECTED, quoted(json.as_bytes()));
        stage.fails(cause, vec![expected]);
    }
}

/// A file on the wire of `upload`.
fn upload(name: &str, content: &[u8]) -> Vec<u8> {
    [header_of(name, content.len() as u64), content.to_vec()].concat()
}

fn header_of(name: &str, length: u64) -> Vec<u8> {
    framed(json!({ "name": name, "length": length }).to_string().as_bytes())
}

fn framed(json: &[u8]) -> Vec<u8> {
    let length = i32::try_from(json.len()).expect("headers here are short");
    [&length.to_le_bytes(), json].concat()
}

fn text(length: usize) -> Vec<u8> {
    let alphabet = b"abcdefghijklmnopqrstuvwxyz";
    let mut text = alphabet.repeat(length / alphabet.len() + 1);
    text.truncate(length);
    text
}
