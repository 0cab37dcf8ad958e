//! Lesson 10, for programs in any language: a file arrives unchanged, its MD5 proves it, and the next may follow.
//!
//! ```text
//! put   server   欢迎登陆FTP系统                    get   client   get a.txt
//!       client   5                                       server   5              or: no such file
//!       server   ok                                      client   ok
//!       client   hello5d41…c592                          server   hello5d41…c592
//!       server   file MD5(after send):5d41…c592
//! ```
//!
//! The sides take turns: each request, size and acknowledgement is sent in one piece, and one read takes it. Content,
//! MD5, greeting and receipt may be cut anywhere. A program keeps its files in its folder: a `put` server under names
//! that it invents, a `get` client as `NAME.new`. After an error, a server closes the connection, and a client ends.

use std::fs::{self, File};
use std::process::Command;

use md5::{Digest, Md5};
use netkata::{Cause, Row, builds_on, quoted};
use netkata::words::{THE_CLIENT, THE_END_OF_THE_STREAM, THE_SERVER};
use netkata_programs::words::{FIRST_CLIENT, NEXT_CLIENT, SECOND_CLIENT, THIRD_CLIENT};
use netkata_programs::{Peer, Role, Stage, Suite, Then, Transport, causes as shared, checks};

#[path = "../../lessons/10_ftp/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "put",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: true,
        checks: checks![
            the_greeting_is_sent_first,
            an_upload_gets_its_receipt,
            uploads_of_any_size_are_kept,
            an_upload_in_pieces_is_kept_whole,
            many_uploads_go_over_one_connection,
            an_upload_with_a_wrong_md5_is_refused,
            an_upload_size_is_only_decimal_digits,
            a_broken_upload_leaves_no_file,
            an_upload_size_has_up_to_64_bits,
            an_upload_is_named_when_it_is_verified,
            an_upload_is_saved_before_its_receipt,
            no_upload_overwrites_another,
            an_upload_uses_constant_memory,
            an_upload_server_outlives_every_client,
        ],
    },
    Suite {
        name: "get",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: true,
        checks: checks![
            a_requested_file_comes_with_its_md5,
            files_of_any_size_are_served,
            any_reply_acknowledges_a_size,
            no_file_is_served_without_an_acknowledgement,
            every_request_is_answered,
            a_file_of_any_name_is_served,
            a_pipe_is_not_a_file,
            many_requests_go_over_one_connection,
            a_late_reader_gets_the_whole_file,
            a_served_file_that_grows_is_cut,
            a_served_file_that_shrinks_ends_the_connection,
            a_served_file_uses_constant_memory,
            a_download_server_outlives_every_client,
        ],
    },
    Suite {
        name: "put",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: true,
        checks: checks![
            the_size_is_sent_before_content_and_md5,
            the_greeting_is_read_exactly,
            a_wrong_greeting_is_refused,
            an_upload_begins_after_any_reply,
            no_content_is_sent_without_an_acknowledgement,
            a_receipt_in_pieces_is_read_whole,
            a_receipt_for_other_bytes_is_refused,
            many_files_go_over_one_connection,
            a_late_server_gets_every_byte,
            a_sent_file_that_grows_is_cut,
            a_sent_file_that_shrinks_ends_the_connection,
            a_sent_file_uses_constant_memory,
            the_uploading_client_ends_with_its_input,
        ],
    },
    Suite {
        name: "get",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: true,
        checks: checks![
            a_request_is_get_and_the_name,
            files_of_any_size_arrive_with_their_md5,
            content_and_md5_in_pieces_are_kept_apart,
            a_file_with_a_wrong_md5_is_refused,
            a_size_is_only_decimal_digits,
            a_path_is_not_requested,
            a_missing_file_does_not_end_the_conversation,
            a_broken_transfer_leaves_no_file,
            a_size_has_up_to_64_bits,
            a_name_appears_only_for_a_verified_file,
            an_existing_file_is_not_overwritten,
            a_file_created_during_transfer_is_not_overwritten,
            a_transfer_uses_constant_memory,
            the_downloading_client_ends_with_its_input,
        ],
    },
];

const GREETING: &[u8] = "欢迎登陆FTP系统".as_bytes();
const NO_SUCH_FILE: &[u8] = b"no such file";
const FILE: &str = "received/a.txt";
const NEW: &str = "received/a.txt.new";
/// One byte, no byte, and one or two buffers of every usual size.
const SIZES: [usize; 8] = [1, 0, 1024, 2048, 8192, 65_536, 262_144, 524_288];
const MIB: usize = 1024 * 1024;
/// More than the kernel keeps for a connection.
const LATE: usize = 16 * MIB;
/// A file that no program should hold.
const LARGE: usize = 64 * MIB;
/// Sizes on the wire that are no number of decimal digits, or none that fits a `u64`.
const NO_SIZES: [&str; 9] =
    ["+5", "-1", "5 ", "5\n", "five", "0_5", r"no such file: 5", "٥", "18446744073709551616"];

fn the_greeting_is_sent_first(stage: &Stage) {
    let client = stage.client(THE_CLIENT);
    client.receives(GREETING, causes::GreetingHasALength);
    client.receives_nothing(causes::GreetingHasALength);
}

fn an_upload_gets_its_receipt(stage: &Stage) {
    builds_on(the_greeting_is_sent_first);
    let client = greeted(stage, THE_CLIENT);
    puts(&client, b"hello", causes::NotTheReceipt);
    stage.holds(&[(&invented(), b"hello")], causes::NotTheReceipt);
    client.receives_nothing(causes::NotTheReceipt);
}

fn uploads_of_any_size_are_kept(stage: &Stage) {
    builds_on(an_upload_gets_its_receipt);
    stage.each(SIZES, |stage, size| {
        let cause =
            if size == 0 { Cause::EmptyFileIsAFile } else { causes::DigestSwallowed };
        let client = greeted(stage, THE_CLIENT);
        puts(&client, &text(size), cause.clone());
        stage.holds(&[(&invented(), &text(size))], cause);
        client.leaves();
    });
}

fn an_upload_in_pieces_is_kept_whole(stage: &Stage) {
    builds_on(an_upload_gets_its_receipt);
    stage.each([&[][..], &[5], &[4], &[6], &[36], &[1; 37]], |stage, lengths| {
        let cause = if lengths.is_empty() { causes::DigestSwallowed } else { Cause::OneReadIsNotOneMessage };
        let client = announced(stage, "5");
        client.sends_cut(&content_and_md5(b"hello"), lengths);
        client.receives(&receipt(b"hello"), cause.clone());
        stage.holds(&[(&invented(), b"hello")], cause);
        client.leaves();
    });
}

fn many_uploads_go_over_one_connection(stage: &Stage) {
    builds_on(an_upload_gets_its_receipt);
    let client = greeted(stage, THE_CLIENT);
    let contents: [&[u8]; 3] = [b"hello", b"", b"once more"];
    for content in contents {
        puts(&client, content, causes::OneTransferOnly);
    }
    let name = invented();
    stage.holds(&contents.map(|content| (name.as_str(), content)), causes::OneTransferOnly);
}

fn an_upload_with_a_wrong_md5_is_refused(stage: &Stage) {
    builds_on(an_upload_gets_its_receipt);
    let close = md5_of(b"hello").replace("c592", "c593");
    stage.each([md5_of(b"hellO"), close, "x".repeat(32)], |stage, md5| {
        let client = announced(stage, "5");
        client.sends(format!("hello{md5}").as_bytes());
        // The receipt shows the client what arrived.
        client.receives(&receipt(b"hello"), causes::NotTheReceipt);
        client.closes_its_side();
        stage.holds(&[], causes::DigestNotCompared);
    });
}

fn an_upload_size_is_only_decimal_digits(stage: &Stage) {
    builds_on(the_greeting_is_sent_first);
    stage.each(NO_SIZES.into_iter().chain(["5hello"]), |stage, size| {
        let client = greeted(stage, THE_CLIENT);
        client.sends(size.as_bytes());
        client.is_disconnected(Cause::NotDecimalDigits);
        stage.holds(&[], Cause::NotDecimalDigits);
    });
}

fn a_broken_upload_leaves_no_file(stage: &Stage) {
    builds_on(an_upload_gets_its_receipt);
    let (small, large) = (content_and_md5(b"hello"), content_and_md5(&text(524_288)));
    let cases = [
        ("5", &small[..0]),
        ("5", &small[..4]),
        ("5", &small[..5]),
        ("5", &small[..36]),
        ("524288", &large[..400_000]),
    ];
    for (size, bytes) in cases {
        stage.each([false, true], |stage, resets| {
            let client = announced(stage, size);
            client.sends_what_it_takes(bytes);
            client.settles();
            breaks_off(client, resets);
            stage.has_left_nothing(FILE);
        });
    }
}

fn an_upload_size_has_up_to_64_bits(stage: &Stage) {
    builds_on(a_broken_upload_leaves_no_file);
    stage.each(["4294967296", "4294967301", "18446744073709551615"], |stage, size| {
        let client = announced(stage, size);
        client.sends(&content_and_md5(b"hello"));
        client.receives_nothing(causes::SizeNotUnderstood);
        breaks_off(client, false);
        stage.has_left_nothing(FILE);
    });
}

fn an_upload_is_named_when_it_is_verified(stage: &Stage) {
    builds_on(an_upload_in_pieces_is_kept_whole);
    stage.each([5, 524_288], |stage, size| {
        let content = text(size);
        let upload = content_and_md5(&content);
        let (first, last) = upload.split_at(upload.len() - 1);
        let client = announced(stage, &size.to_string());
        client.sends_what_it_takes(first);
        client.settles();
        // Which name it will have, only the server knows.
        stage.is_under_way("");
        let before = names(stage);
        client.sends(last);
        client.receives(&receipt(&content), Cause::OneReadIsNotOneMessage);
        stage.holds(&[(&invented(), &content)], Cause::OneReadIsNotOneMessage);
        if names(stage) == before {
            stage.fails(Cause::NamedTooSoon, Vec::new());
        }
        client.leaves();
    });
}

/// If the temporary file is gone, the file cannot be saved.
fn an_upload_is_saved_before_its_receipt(stage: &Stage) {
    builds_on(an_upload_is_named_when_it_is_verified);
    let client = announced(stage, "5");
    let upload = content_and_md5(b"hello");
    client.sends(&upload[..36]);
    for name in names(stage) {
        fs::remove_file(stage.folder().path().join(name)).expect("a file can be removed");
    }
    stage.happened(crate::words::REMOVES_THE_TEMPORARY_FILE);
    client.sends(&upload[36..]);
    client.is_disconnected(causes::ReceiptTooSoon);
}

fn no_upload_overwrites_another(stage: &Stage) {
    builds_on(an_upload_gets_its_receipt);
    let contents: [&[u8]; 3] = [b"hello", b"you", b"again"];
    for content in contents {
        let client = greeted(stage, NEXT_CLIENT);
        puts(&client, content, causes::NotTheReceipt);
        client.leaves();
    }
    let name = invented();
    stage.holds(&contents.map(|content| (name.as_str(), content)), Cause::OverwritesUnasked);
}

fn an_upload_uses_constant_memory(stage: &Stage) {
    builds_on(an_upload_gets_its_receipt);
    let client = greeted(stage, THE_CLIENT);
    let before = stage.memory();
    client.sends(LARGE.to_string().as_bytes());
    client.receives_reply(Cause::AnswerNeverCame);
    client.sends_what_it_takes(&text(LARGE));
    client.settles();
    stage.holds_little(before, Cause::HeldInMemory);
    let md5 = md5_of(&text(LARGE));
    client.sends(md5.as_bytes());
    client.receives(format!(r"file MD5(after send):{md5}").as_bytes(), causes::NotTheReceipt);
}

fn an_upload_server_outlives_every_client(stage: &Stage) {
    builds_on(an_upload_gets_its_receipt);
    let first = greeted(stage, FIRST_CLIENT);
    first.closes_its_side();
    first.receives_the_end(Cause::LineHeldOpen);
    next_puts(stage, Cause::CleanEndIsNoError);
    let second = greeted(stage, SECOND_CLIENT);
    second.sends(b"5");
    second.resets();
    next_puts(stage, Cause::OneClientEndsTheServer);
    let third = greeted(stage, THIRD_CLIENT);
    third.sends(b"five");
    third.is_disconnected(Cause::NotDecimalDigits);
    third.leaves();
    next_puts(stage, Cause::OneClientEndsTheServer);
}

fn next_puts(stage: &Stage, cause: Cause) {
    let next = stage.client(NEXT_CLIENT);
    next.receives(GREETING, cause.clone());
    puts(&next, b"hello", cause);
    next.leaves();
}

fn a_requested_file_comes_with_its_md5(stage: &Stage) {
    stage.folder().put(FILE, b"hello");
    let client = stage.client(THE_CLIENT);
    gets(stage, &client, b"get a.txt", b"hello", causes::NameNotFound);
    client.receives_nothing(causes::OneTransferOnly);
}

fn files_of_any_size_are_served(stage: &Stage) {
    builds_on(a_requested_file_comes_with_its_md5);
    stage.each(SIZES, |stage, size| {
        stage.folder().put(FILE, &text(size));
        let client = stage.client(THE_CLIENT);
        gets(stage, &client, b"get a.txt", &text(size), Cause::WrongSize);
        client.leaves();
    });
}

fn any_reply_acknowledges_a_size(stage: &Stage) {
    builds_on(a_requested_file_comes_with_its_md5);
    let longest = "k".repeat(1024);
    stage.each(["1", "收到", "no", &longest], |stage, acknowledgement| {
        stage.folder().put(FILE, b"hello");
        let client = stage.client(THE_CLIENT);
        client.sends(b"get a.txt");
        client.receives(b"5", Cause::WrongSize);
        client.sends(acknowledgement.as_bytes());
        client.receives(&content_and_md5(b"hello"), Cause::AcknowledgementHasNoLength);
        gets(stage, &client, b"get a.txt", b"hello", Cause::AcknowledgementLeftOver);
        client.leaves();
    });
}

fn no_file_is_served_without_an_acknowledgement(stage: &Stage) {
    builds_on(a_requested_file_comes_with_its_md5);
    stage.folder().put(FILE, b"hello");
    let client = stage.client(THE_CLIENT);
    client.sends(b"get a.txt");
    client.receives(b"5", Cause::WrongSize);
    client.receives_nothing(Cause::DidNotWaitForAcknowledgement);
    client.closes_its_side();
    client.is_disconnected(Cause::EndIsNoAcknowledgement);
}

fn every_request_is_answered(stage: &Stage) {
    builds_on(a_requested_file_comes_with_its_md5);
    let long = format!(r"get {}", "a".repeat(300));
    let secret = format!(r"get {}", stage.folder().at("outside.txt").display());
    let requests: [(&[u8], Cause); 18] = [
        (b"get b.txt", causes::MissingFileUnanswered),
        (b"get sub", causes::MissingFileUnanswered),
        (b"get", causes::MissingFileUnanswered),
        (b"get ", causes::MissingFileUnanswered),
        (b"list", causes::MissingFileUnanswered),
        (b"getting a.txt", causes::MissingFileUnanswered),
        (b"GET a.txt", causes::NotARequest),
        (b"geta.txt", causes::NotARequest),
        (b"get a.txt\n", causes::NotARequest),
        (b"get  a.txt", causes::NotARequest),
        (b"get a.txt\0", causes::MissingFileUnanswered),
        (long.as_bytes(), causes::MissingFileUnanswered),
        (b"get \xff\xfe", causes::MissingFileUnanswered),
        (b"get ../outside.txt", Cause::NameIsAPath),
        (b"get sub/b.txt", Cause::NameIsAPath),
        (secret.as_bytes(), Cause::NameIsAPath),
        (b"get ./a.txt", Cause::NameIsAPath),
        (b"get a.txt/", Cause::NameIsAPath),
    ];
    stage.each(requests, |stage, (request, cause)| {
        fs::create_dir(stage.folder().at("received/sub")).expect("a folder can be made");
        stage.folder().put("received/sub/b.txt", b"in the folder below");
        stage.folder().put(FILE, b"hello");
        let client = stage.client(THE_CLIENT);
        client.sends(request);
        client.receives(NO_SUCH_FILE, cause);
        gets(stage, &client, b"get a.txt", b"hello", causes::OneTransferOnly);
        client.leaves();
    });
}

fn a_file_of_any_name_is_served(stage: &Stage) {
    builds_on(a_requested_file_comes_with_its_md5);
    let long = "a".repeat(255);
    let names = [r"神 1.txt", ".profile", "a..b.txt", r"get a.txt", r"a.txt ", &long];
    stage.each(names, |stage, name| {
        stage.folder().put(&format!("received/{name}"), b"hello");
        let client = stage.client(THE_CLIENT);
        let request = format!(r"get {name}");
        gets(stage, &client, request.as_bytes(), b"hello", causes::NameNotFound);
        client.leaves();
    });
}

fn a_pipe_is_not_a_file(stage: &Stage) {
    builds_on(every_request_is_answered);
    let pipe = stage.folder().at("received/pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo makes a pipe");
    let client = stage.client(THE_CLIENT);
    client.sends(b"get pipe");
    client.receives(NO_SUCH_FILE, causes::WaitsForThePipe);
}

fn many_requests_go_over_one_connection(stage: &Stage) {
    builds_on(a_requested_file_comes_with_its_md5);
    let files: [(&str, &[u8]); 3] = [("a.txt", b"hello"), ("b.txt", b""), ("c.txt", b"more")];
    let client = stage.client(THE_CLIENT);
    for (name, content) in files {
        stage.folder().put(&format!("received/{name}"), content);
        let request = format!(r"get {name}");
        gets(stage, &client, request.as_bytes(), content, causes::OneTransferOnly);
    }
}

fn a_late_reader_gets_the_whole_file(stage: &Stage) {
    builds_on(a_requested_file_comes_with_its_md5);
    let client = asks_for_a_large_file(stage);
    client.receives(&content_and_md5(&text(LATE)), Cause::PartialWriteIgnored);
}

fn a_served_file_that_grows_is_cut(stage: &Stage) {
    builds_on(a_late_reader_gets_the_whole_file);
    let client = asks_for_a_large_file(stage);
    grows(stage);
    client.receives(&content_and_md5(&text(LATE)), Cause::PromiseNotKept);
}

fn a_served_file_that_shrinks_ends_the_connection(stage: &Stage) {
    builds_on(a_late_reader_gets_the_whole_file);
    let client = asks_for_a_large_file(stage);
    shrinks(stage);
    receives_less_and_the_end(stage, &client);
}

fn a_served_file_uses_constant_memory(stage: &Stage) {
    builds_on(a_requested_file_comes_with_its_md5);
    make_large(stage);
    let client = stage.client(THE_CLIENT);
    let before = stage.memory();
    client.sends(b"get a.txt");
    client.receives(LARGE.to_string().as_bytes(), Cause::WrongSize);
    client.does_not_read();
    client.sends(b"ok");
    let _ = stage.until(|| None::<()>);
    stage.holds_little(before, Cause::HeldInMemory);
}

fn a_download_server_outlives_every_client(stage: &Stage) {
    builds_on(a_requested_file_comes_with_its_md5);
    stage.folder().put(FILE, b"hello");
    let first = stage.client(FIRST_CLIENT);
    first.closes_its_side();
    first.receives_the_end(Cause::LineHeldOpen);
    next_gets(stage, Cause::CleanEndIsNoError);
    let second = stage.client(SECOND_CLIENT);
    second.sends(b"get a.txt");
    second.resets();
    next_gets(stage, Cause::OneClientEndsTheServer);
    let third = stage.client(THIRD_CLIENT);
    third.sends(b"get a.txt");
    third.leaves();
    next_gets(stage, Cause::OneClientEndsTheServer);
}

fn next_gets(stage: &Stage, cause: Cause) {
    let next = stage.client(NEXT_CLIENT);
    gets(stage, &next, b"get a.txt", b"hello", cause);
    next.leaves();
}

fn the_size_is_sent_before_content_and_md5(stage: &Stage) {
    stage.each(SIZES, |stage, size| {
        let server = greets_a_client_with(stage, &text(size));
        takes(&server, &text(size), Cause::WrongSize);
    });
}

fn the_greeting_is_read_exactly(stage: &Stage) {
    builds_on(the_size_is_sent_before_content_and_md5);
    stage.each([&[1][..], &[20], &[1; 21]], |stage, lengths| {
        has_a_file(stage, b"hello");
        let server = stage.accepts(THE_SERVER, shared::NeverConnects);
        server.sends_cut(GREETING, lengths);
        server.receives(b"5", causes::GreetingHasALength);
        server.receives_nothing(causes::GreetingHasALength);
        server.sends(b"ok");
        server.receives(&content_and_md5(b"hello"), causes::GreetingHasALength);
    });
}

fn a_wrong_greeting_is_refused(stage: &Stage) {
    builds_on(the_greeting_is_read_exactly);
    for greeting in ["欢迎登陆SSH系统", r"welcome to the server"] {
        stage.each([greeting], |stage, greeting| {
            has_a_file(stage, b"hello");
            let server = stage.accepts(THE_SERVER, shared::NeverConnects);
            server.sends(greeting.as_bytes());
            server.is_disconnected(causes::GreetingHasALength);
        });
    }
    stage.each([0, 20], |stage, end| {
        has_a_file(stage, b"hello");
        let server = stage.accepts(THE_SERVER, shared::NeverConnects);
        server.sends(&GREETING[..end]);
        server.closes_its_side();
        server.is_disconnected(Cause::TruncationLooksComplete);
    });
}

fn an_upload_begins_after_any_reply(stage: &Stage) {
    builds_on(the_size_is_sent_before_content_and_md5);
    let longest = "k".repeat(1024);
    let replies = ["1", "收到", "no", &longest];
    replies.iter().for_each(|_| has_a_file(stage, b"hello"));
    let server = greets(stage);
    for reply in replies {
        server.receives(b"5", Cause::AcknowledgementLeftOver);
        server.sends(reply.as_bytes());
        server.receives(&content_and_md5(b"hello"), Cause::AcknowledgementHasNoLength);
        server.sends(&receipt(b"hello"));
    }
}

fn no_content_is_sent_without_an_acknowledgement(stage: &Stage) {
    builds_on(the_size_is_sent_before_content_and_md5);
    let server = greets_a_client_with(stage, b"hello");
    server.receives(b"5", Cause::WrongSize);
    server.receives_nothing(Cause::DidNotWaitForAcknowledgement);
    server.closes_its_side();
    server.is_disconnected(Cause::EndIsNoAcknowledgement);
}

fn a_receipt_in_pieces_is_read_whole(stage: &Stage) {
    builds_on(the_size_is_sent_before_content_and_md5);
    let cuts = [&[21][..], &[52], &[1; 53]];
    (0..4).for_each(|_| has_a_file(stage, b"hello"));
    let server = greets(stage);
    for lengths in cuts {
        accepts_content(&server, b"hello", Cause::OneReadIsNotOneMessage);
        server.sends_cut(&receipt(b"hello"), lengths);
    }
    server.receives(b"5", Cause::OneReadIsNotOneMessage);
    server.receives_nothing(Cause::OneReadIsNotOneMessage);
}

fn a_receipt_for_other_bytes_is_refused(stage: &Stage) {
    builds_on(a_receipt_in_pieces_is_read_whole);
    let right = String::from_utf8_lossy(&receipt(b"hello")).into_owned();
    let wrong = [
        String::from_utf8_lossy(&receipt(b"hell")).into_owned(),
        right.replace("file", "text"),
        right.replace("c592", "c593"),
        right.replace(&md5_of(b"hello"), &md5_of(b"hello").to_uppercase()),
    ];
    stage.each(wrong, |stage, wrong| {
        (0..2).for_each(|_| has_a_file(stage, b"hello"));
        let server = greets(stage);
        accepts_content(&server, b"hello", Cause::WrongSize);
        server.sends(wrong.as_bytes());
        server.is_disconnected(causes::ReceiptNotCompared);
    });
}

fn many_files_go_over_one_connection(stage: &Stage) {
    builds_on(the_size_is_sent_before_content_and_md5);
    let files: [(&str, &[u8]); 3] = [("a.txt", b"hello"), ("b.txt", b""), ("c.txt", b"more")];
    for (name, content) in files {
        stage.folder().put(&format!("received/{name}"), content);
        stage.types(&format!("{name}\n"));
    }
    let server = greets(stage);
    for (_, content) in files {
        takes(&server, content, causes::OneTransferOnly);
    }
}

fn a_late_server_gets_every_byte(stage: &Stage) {
    builds_on(the_size_is_sent_before_content_and_md5);
    let server = takes_a_large_file_late(stage);
    server.receives(&content_and_md5(&text(LATE)), Cause::PartialWriteIgnored);
}

fn a_sent_file_that_grows_is_cut(stage: &Stage) {
    builds_on(a_late_server_gets_every_byte);
    let server = takes_a_large_file_late(stage);
    grows(stage);
    server.receives(&content_and_md5(&text(LATE)), Cause::PromiseNotKept);
}

fn a_sent_file_that_shrinks_ends_the_connection(stage: &Stage) {
    builds_on(a_late_server_gets_every_byte);
    let server = takes_a_large_file_late(stage);
    shrinks(stage);
    receives_less_and_the_end(stage, &server);
}

fn a_sent_file_uses_constant_memory(stage: &Stage) {
    builds_on(the_size_is_sent_before_content_and_md5);
    make_large(stage);
    let server = greets(stage);
    let before = stage.memory();
    stage.types("a.txt\n");
    server.receives(LARGE.to_string().as_bytes(), Cause::WrongSize);
    server.does_not_read();
    server.sends(b"ok");
    let _ = stage.until(|| None::<()>);
    stage.holds_little(before, Cause::HeldInMemory);
}

fn the_uploading_client_ends_with_its_input(stage: &Stage) {
    builds_on(the_size_is_sent_before_content_and_md5);
    let server = greets_a_client_with(stage, b"hello");
    stage.ends_typing();
    takes(&server, b"hello", Cause::WrongSize);
    server.receives_the_end(Cause::LineHeldOpen);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}

fn a_request_is_get_and_the_name(stage: &Stage) {
    let names = ["a.txt", r"神 1.txt", "a..b.txt", ".profile"];
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    for name in names {
        stage.types(&format!("{name}\n"));
        server.receives(format!(r"get {name}").as_bytes(), causes::RequestHasAnotherForm);
        server.receives_nothing(causes::RequestHasAnotherForm);
        gives(&server, b"hello", Cause::AnswerNeverCame);
    }
    let files = names.map(|name| format!("received/{name}.new"));
    let files: Vec<(&str, &[u8])> = files.iter().map(|it| (it.as_str(), &b"hello"[..])).collect();
    stage.holds(&files, causes::SavedUnderAnotherName);
}

fn files_of_any_size_arrive_with_their_md5(stage: &Stage) {
    builds_on(a_request_is_get_and_the_name);
    stage.each(SIZES, |stage, size| {
        let cause =
            if size == 0 { Cause::EmptyFileIsAFile } else { causes::DigestSwallowed };
        let server = asked(stage);
        gives(&server, &text(size), cause.clone());
        stage.holds(&[(NEW, &text(size))], cause);
    });
}

fn content_and_md5_in_pieces_are_kept_apart(stage: &Stage) {
    builds_on(a_request_is_get_and_the_name);
    stage.each([&[][..], &[5], &[4], &[6], &[36], &[1; 37]], |stage, lengths| {
        let cause = if lengths.is_empty() { causes::DigestSwallowed } else { Cause::OneReadIsNotOneMessage };
        let server = acknowledged(stage, "5");
        server.sends_cut(&content_and_md5(b"hello"), lengths);
        stage.holds(&[(NEW, b"hello")], cause);
    });
}

fn a_file_with_a_wrong_md5_is_refused(stage: &Stage) {
    builds_on(a_request_is_get_and_the_name);
    let close = md5_of(b"hello").replace("c592", "c593");
    stage.each([md5_of(b"hellO"), close, "x".repeat(32)], |stage, md5| {
        let server = acknowledged(stage, "5");
        server.sends(format!("hello{md5}").as_bytes());
        server.is_disconnected(causes::DigestNotCompared);
        stage.holds(&[], causes::DigestNotCompared);
    });
}

fn a_size_is_only_decimal_digits(stage: &Stage) {
    builds_on(a_request_is_get_and_the_name);
    stage.each(NO_SIZES.into_iter().chain(["5hello"]), |stage, size| {
        let server = asked(stage);
        server.sends(size.as_bytes());
        server.is_disconnected(Cause::NotDecimalDigits);
        stage.holds(&[], Cause::NotDecimalDigits);
    });
}

fn a_path_is_not_requested(stage: &Stage) {
    builds_on(a_request_is_get_and_the_name);
    let names = ["../outside.txt", "sub/a.txt", "/a.txt", ".", "..", "", "a.txt/", "./a.txt"];
    stage.each(names, |stage, name| {
        stage.types(&format!("{name}\n"));
        stage.ends_typing();
        let server = stage.accepts(THE_SERVER, shared::NeverConnects);
        server.is_disconnected(causes::AsksForAPath);
        stage.holds(&[], causes::AsksForAPath);
    });
}

fn a_missing_file_does_not_end_the_conversation(stage: &Stage) {
    builds_on(a_request_is_get_and_the_name);
    stage.types("b.txt\na.txt\n");
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.receives(b"get b.txt", causes::RequestHasAnotherForm);
    server.sends(NO_SUCH_FILE);
    server.receives(b"get a.txt", causes::MissingFileUnreported);
    gives(&server, b"hello", causes::OneTransferOnly);
    stage.holds(&[(NEW, b"hello")], causes::MissingFileUnreported);
}

fn a_broken_transfer_leaves_no_file(stage: &Stage) {
    builds_on(a_request_is_get_and_the_name);
    let (small, large) = (content_and_md5(b"hello"), content_and_md5(&text(524_288)));
    let cases = [
        ("5", &small[..0], false),
        ("5", &small[..4], false),
        ("5", &small[..4], true),
        ("5", &small[..36], false),
        ("524288", &large[..400_000], false),
        ("524288", &large[..400_000], true),
    ];
    stage.each(cases, |stage, (size, bytes, resets)| {
        let server = acknowledged(stage, size);
        server.sends_what_it_takes(bytes);
        server.settles();
        breaks_off(server, resets);
        stage.has_left_nothing(NEW);
    });
}

fn a_size_has_up_to_64_bits(stage: &Stage) {
    builds_on(a_broken_transfer_leaves_no_file);
    stage.each(["4294967296", "4294967301", "18446744073709551615"], |stage, size| {
        let server = acknowledged(stage, size);
        server.sends(&content_and_md5(b"hello"));
        server.is_still_connected(causes::SizeNotUnderstood);
        breaks_off(server, false);
        stage.has_left_nothing(NEW);
    });
}

fn a_name_appears_only_for_a_verified_file(stage: &Stage) {
    builds_on(content_and_md5_in_pieces_are_kept_apart);
    stage.each([5, 524_288], |stage, size| {
        let content = text(size);
        let download = content_and_md5(&content);
        let (first, last) = download.split_at(download.len() - 1);
        let server = acknowledged(stage, &size.to_string());
        server.sends_what_it_takes(first);
        server.settles();
        stage.is_under_way(NEW);
        server.sends(last);
        stage.holds(&[(NEW, &content)], Cause::NamedTooSoon);
    });
}

/// The client may see it before it asks.
fn an_existing_file_is_not_overwritten(stage: &Stage) {
    builds_on(a_request_is_get_and_the_name);
    stage.happened(netkata::words::is_there_already(NEW));
    stage.folder().put(NEW, b"an older file");
    stage.types("a.txt\n");
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    if !server.takes_what_comes().is_empty() {
        gives(&server, b"hello", Cause::AnswerNeverCame);
    }
    let _ = stage.until(|| None::<()>);
    stage.holds(&[(NEW, b"an older file")], Cause::OverwritesUnasked);
}

fn a_file_created_during_transfer_is_not_overwritten(stage: &Stage) {
    builds_on(a_name_appears_only_for_a_verified_file);
    let server = acknowledged(stage, "5");
    let download = content_and_md5(b"hello");
    server.sends(&download[..36]);
    stage.happened(netkata::words::another_program_saves(NEW));
    stage.folder().put(NEW, b"another program's");
    server.sends(&download[36..]);
    let _ = stage.until(|| None::<()>);
    stage.holds(&[(NEW, b"another program's")], Cause::NameTakenMeanwhile);
}

fn a_transfer_uses_constant_memory(stage: &Stage) {
    builds_on(a_request_is_get_and_the_name);
    let server = asked(stage);
    let before = stage.memory();
    server.sends(LARGE.to_string().as_bytes());
    server.receives_reply(Cause::AnswerNeverCame);
    server.sends_what_it_takes(&text(LARGE));
    server.settles();
    stage.holds_little(before, Cause::HeldInMemory);
}

fn the_downloading_client_ends_with_its_input(stage: &Stage) {
    builds_on(a_request_is_get_and_the_name);
    let server = asked(stage);
    stage.ends_typing();
    gives(&server, b"hello", Cause::AnswerNeverCame);
    server.receives_the_end(Cause::LineHeldOpen);
    server.leaves();
    stage.ends(shared::KeepsRunning);
    stage.holds(&[(NEW, b"hello")], causes::SavedUnderAnotherName);
}

/// A client of a `put` server that has received the greeting.
fn greeted(stage: &Stage, name: impl Into<String>) -> Peer {
    let client = stage.client(name);
    client.receives(GREETING, causes::GreetingHasALength);
    client
}

/// A client of a `put` server whose size has been acknowledged.
fn announced(stage: &Stage, size: &str) -> Peer {
    let client = greeted(stage, THE_CLIENT);
    client.sends(size.as_bytes());
    client.receives_reply(Cause::AnswerNeverCame);
    client
}

/// Put a file on the server, and get its receipt.
fn puts(client: &Peer, content: &[u8], cause: Cause) {
    client.sends(content.len().to_string().as_bytes());
    client.receives_reply(cause.clone());
    sends_apart(client, content);
    client.receives(&receipt(content), cause);
}

/// Get a file from the server.
fn gets(stage: &Stage, client: &Peer, request: &[u8], content: &[u8], cause: Cause) {
    client.sends(request);
    let size = client.receives_reply(cause.clone());
    if size != content.len().to_string().as_bytes() {
        let size = quoted(content.len().to_string().as_bytes());
        stage.fails(cause, vec![Row::new(netkata::words::EXPECTED, size)]);
    }
    client.sends(b"ok");
    client.receives(&content_and_md5(content), cause);
}

/// A client of a `get` server that has asked for a large file, and reads nothing until the server waits.
fn asks_for_a_large_file(stage: &Stage) -> Peer {
    stage.folder().put(FILE, &text(LATE));
    let client = stage.client(THE_CLIENT);
    client.sends(b"get a.txt");
    client.receives(LATE.to_string().as_bytes(), Cause::WrongSize);
    client.does_not_read();
    client.sends(b"ok");
    let _ = stage.until(|| None::<()>);
    client.did(netkata::words::READS_AGAIN);
    client
}

/// The `put` client has a file of this content, and is told to send it.
fn has_a_file(stage: &Stage, content: &[u8]) {
    stage.folder().put(FILE, content);
    stage.types("a.txt\n");
}

/// A `put` server that has greeted the client.
fn greets(stage: &Stage) -> Peer {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(GREETING);
    server
}

fn greets_a_client_with(stage: &Stage, content: &[u8]) -> Peer {
    has_a_file(stage, content);
    greets(stage)
}

/// A `put` server that takes a file, up to its MD5.
fn accepts_content(server: &Peer, content: &[u8], cause: Cause) {
    server.receives(content.len().to_string().as_bytes(), cause.clone());
    server.sends(b"ok");
    server.receives(&content_and_md5(content), cause);
}

/// A `put` server that takes a file, and sends its receipt.
fn takes(server: &Peer, content: &[u8], cause: Cause) {
    accepts_content(server, content, cause);
    server.sends(&receipt(content));
}

/// A `put` server that reads nothing of a large file until the client waits.
fn takes_a_large_file_late(stage: &Stage) -> Peer {
    let server = greets_a_client_with(stage, &text(LATE));
    server.receives(LATE.to_string().as_bytes(), Cause::WrongSize);
    server.does_not_read();
    server.sends(b"ok");
    let _ = stage.until(|| None::<()>);
    server.did(netkata::words::READS_AGAIN);
    server
}

/// A `get` server that has been asked for `a.txt`.
fn asked(stage: &Stage) -> Peer {
    stage.types("a.txt\n");
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.receives(b"get a.txt", causes::RequestHasAnotherForm);
    server
}

/// A `get` server whose size has been acknowledged.
fn acknowledged(stage: &Stage, size: &str) -> Peer {
    let server = asked(stage);
    server.sends(size.as_bytes());
    server.receives_reply(Cause::AnswerNeverCame);
    server
}

/// A `get` server that gives the file that it was asked for.
fn gives(server: &Peer, content: &[u8], cause: Cause) {
    server.sends(content.len().to_string().as_bytes());
    server.receives_reply(cause);
    sends_apart(server, content);
}

/// Send the MD5 when the content has been read, so that no read finds both.
fn sends_apart(peer: &Peer, content: &[u8]) {
    peer.sends_what_it_takes(content);
    peer.settles();
    peer.sends(md5_of(content).as_bytes());
}

/// End the transfer; the program closes its side, too.
fn breaks_off(peer: Peer, resets: bool) {
    if resets {
        peer.resets();
    } else {
        peer.closes_its_side();
        peer.is_disconnected(Cause::SpinsAtTheEnd);
    }
}

fn grows(stage: &Stage) {
    stage.happened(netkata::words::now_the_file_has(LATE + 5));
    stage.folder().put(FILE, &text(LATE + 5));
}

fn shrinks(stage: &Stage) {
    stage.happened(netkata::words::now_the_file_has(5));
    let file = File::options().write(true).open(stage.folder().at(FILE));
    file.and_then(|file| file.set_len(5)).expect("a file can be cut");
}

/// The content may have been read before it became less; if not, the stream ends inside it.
fn receives_less_and_the_end(stage: &Stage, peer: &Peer) {
    let (got, then) = peer.reads(LATE + 32);
    let (is_whole, has_ended) = (then == Then::Enough, matches!(then, Then::End | Then::Error(_)));
    let expected = content_and_md5(&text(LATE));
    if !expected.starts_with(&got) || !(is_whole || has_ended && got.len() < LATE) {
        let expected = Row::new(netkata::words::EXPECTED, THE_END_OF_THE_STREAM);
        stage.fails(Cause::PromiseNotKept, vec![expected]);
    }
}

/// The file is larger than any program should hold.
fn make_large(stage: &Stage) {
    let large = File::create(stage.folder().at(FILE));
    large.and_then(|file| file.set_len(LARGE as u64)).expect("a file can be made");
}

/// The name of a file that a server has invented, as stories show it.
fn invented() -> String {
    netkata::words::another_name_in("received")
}

/// The names in the folder, as they are.
fn names(stage: &Stage) -> Vec<std::ffi::OsString> {
    let entries = fs::read_dir(stage.folder().path()).expect("the folder can be read");
    entries.flatten().map(|entry| entry.file_name()).collect()
}

fn content_and_md5(content: &[u8]) -> Vec<u8> {
    [content, md5_of(content).as_bytes()].concat()
}

fn receipt(content: &[u8]) -> Vec<u8> {
    [b"file MD5(after send):", md5_of(content).as_bytes()].concat()
}

fn md5_of(content: &[u8]) -> String {
    Md5::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(length: usize) -> Vec<u8> {
    let alphabet = b"abcdefghijklmnopqrstuvwxyz";
    let mut text = alphabet.repeat(length / alphabet.len() + 1);
    text.truncate(length);
    text
}
