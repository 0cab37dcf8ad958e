//! Lesson 7, for programs in any language: a client saves a page from the web, all of it or nothing.
//!
//! ```text
//! client:  GET / HTTP/1.1 ⏎ Host: … ⏎ Connection: close ⏎ ⏎            ⏎ is CR LF
//! server:  HTTP/1.1 200 OK ⏎ Name: value ⏎ … ⏎ ⏎ body
//! ```
//!
//! A client prints the head, saves the body as `page.html` in its folder, and ends. If the page is not complete, is
//! not what HTTP/1 allows, or has another status than 200, it saves nothing, and ends as well.

use netkata::{Cause, Row, builds_on, quoted};
use netkata::words::{THE_SERVER};
use netkata_programs::{Peer, Role, Stage, Suite, Transport, causes as shared, checks};

#[path = "../../lessons/07_web_get/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

pub(crate) const SUITES: &[Suite] = &[Suite {
    name: "page",
    role: Role::Client,
    transport: Transport::Tcp,
    needs_folder: true,
    checks: checks![
        a_request_is_three_lines_and_an_empty_one,
        the_head_is_printed_and_the_body_saved,
        the_first_blank_line_ends_the_head,
        bytes_read_with_the_head_belong_to_the_body,
        a_blank_line_may_come_in_pieces,
        a_body_may_be_empty,
        only_cr_lf_ends_a_line,
        a_page_ends_after_its_content_length,
        bytes_after_the_content_length_are_ignored,
        a_head_need_not_be_text,
        a_field_matches_in_any_case,
        a_field_is_matched_by_its_whole_name,
        chunks_are_joined_without_their_sizes,
        a_chunk_size_is_hexadecimal,
        a_chunk_may_contain_any_bytes,
        a_body_may_contain_any_bytes,
        the_last_chunk_ends_the_page,
        chunks_override_a_content_length,
        equal_lengths_are_one_length,
        a_line_without_a_colon_is_skipped,
        every_page_is_read_whole_over_any_segmentation,
        a_large_page_arrives_over_a_real_connection,
        a_saved_file_holds_only_the_body,
        an_end_inside_the_head_is_an_error,
        a_body_shorter_than_announced_is_an_error,
        a_missing_last_chunk_is_an_error,
        a_reset_is_not_the_end_of_a_page,
        a_length_is_only_decimal_digits,
        two_different_lengths_are_refused,
        a_malformed_chunk_is_refused,
        an_unsupported_coding_is_refused,
        an_invalid_status_line_is_refused,
        an_endless_head_or_line_is_refused,
        a_head_has_at_most_65536_bytes,
        a_line_before_a_chunk_has_at_most_65536_bytes,
        only_a_page_with_status_200_is_saved,
    ],
}];

/// The longest head, with its blank line, and the longest line before a chunk, in bytes.
const MAX_HEAD: usize = 64 * 1024;
const PAGE: &str = "received/page.html";
const REQUEST: &str = "GET / HTTP/1.1\r\nHost: …\r\nConnection: close\r\n\r\n";
const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";

fn a_request_is_three_lines_and_an_empty_one(stage: &Stage) {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    let request = request(&server);
    let host = request
        .strip_prefix(b"GET / HTTP/1.1\r\nHost: ")
        .and_then(|rest| rest.strip_suffix(b"\r\nConnection: close\r\n\r\n"));
    if !host.is_some_and(|host| !host.is_empty() && host.iter().all(u8::is_ascii_graphic)) {
        let expected = Row::new(netkata::words::EXPECTED, quoted(REQUEST.as_bytes()));
        stage.fails(causes::NotTheRequest, vec![expected]);
    }
    server.receives_nothing(causes::NotTheRequest);
}

fn the_head_is_printed_and_the_body_saved(stage: &Stage) {
    builds_on(a_request_is_three_lines_and_an_empty_one);
    closes_after(stage, &[&answer("Server: kata\r\n", b"hello")]);
    saves(stage, b"hello", causes::FileIsNotTheBody);
    stage.prints(&[r"HTTP/1.1 200 OK", r"Server: kata"], causes::HeadIsNotYours);
}

fn the_first_blank_line_ends_the_head(stage: &Stage) {
    builds_on(the_head_is_printed_and_the_body_saved);
    let bodies = ["one\r\n\r\ntwo\r\n\r\n\r\n\r\nthree", "\r\n\r\nhello", "hello\r\n\r\n"];
    stage.each(bodies.map(str::as_bytes), |stage, body| {
        closes_after(stage, &[&answer("Server: kata\r\n", body)]);
        saves(stage, body, causes::FirstBlankLineEndsTheHead);
    });
}

fn bytes_read_with_the_head_belong_to_the_body(stage: &Stage) {
    builds_on(the_head_is_printed_and_the_body_saved);
    closes_after(stage, &[&answer("", b"hello"), b" world"]);
    saves(stage, b"hello world", causes::ReadAheadIsLost);
}

fn a_blank_line_may_come_in_pieces(stage: &Stage) {
    builds_on(bytes_read_with_the_head_belong_to_the_body);
    let answer = answer("Content-Length: 5\r\nA: b\r\n", b"hello");
    stage.each([&[41][..], &[42], &[43], &[44], &[40, 1, 1, 1, 1, 1, 1]], |stage, lengths| {
        let server = asked(stage);
        server.sends_cut(&answer, lengths);
        server.closes_its_side();
        saves(stage, b"hello", causes::BlankLineInPieces);
    });
}

fn a_body_may_be_empty(stage: &Stage) {
    builds_on(the_head_is_printed_and_the_body_saved);
    let empty = [
        ("", "", causes::EmptyBodyIsABody),
        ("Content-Length: 0\r\n", "", causes::EmptyBodyIsABody),
        (CHUNKED, "0\r\n\r\n", causes::ChunksNotUndone),
    ];
    stage.each(empty, |stage, (fields, body, cause)| {
        closes_after(stage, &[&answer(fields, body.as_bytes())]);
        saves(stage, b"", cause);
    });
}

fn only_cr_lf_ends_a_line(stage: &Stage) {
    builds_on(the_first_blank_line_ends_the_head);
    let fields = [
        "Note: a\nContent-Length: 3",
        "Note: a\r\rContent-Length: 3",
        "Note: a\n\nb",
        "Note: a\n\r\nServer: kata",
        "Note: a\r\r\nServer: kata",
        "Note: a\u{85}Content-Length: 3",
        "Note: a\n",
    ];
    stage.each(fields, |stage, fields| {
        closes_after(stage, &[&answer(&format!("{fields}\r\n"), b"hello")]);
        saves(stage, b"hello", causes::OnlyCrLfEndsALine);
    });
}

fn a_page_ends_after_its_content_length(stage: &Stage) {
    builds_on(the_head_is_printed_and_the_body_saved);
    stage.each([(5, &b"hello"[..]), (0, b"")], |stage, (length, body)| {
        stays_after(stage, &[&answer(&format!("Content-Length: {length}\r\n"), body)]);
        saves(stage, body, Cause::DoesNotStopAtTheSize);
    });
}

fn bytes_after_the_content_length_are_ignored(stage: &Stage) {
    builds_on(a_page_ends_after_its_content_length);
    let next = b"helloHTTP/1.1 400 Bad Request\r\n\r\n";
    stays_after(stage, &[&answer("Content-Length: 5\r\n", next)]);
    saves(stage, b"hello", Cause::DoesNotStopAtTheSize);
}

fn a_head_need_not_be_text(stage: &Stage) {
    builds_on(the_head_is_printed_and_the_body_saved);
    // A café in Latin-1, as old servers write it.
    let head = b"HTTP/1.1 200 OK\r\nServer: caf\xe9\r\nContent-Length: 5\r\n\r\n";
    closes_after(stage, &[&[head, &b"hello"[..]].concat()]);
    saves(stage, b"hello", Cause::BytesAreNotText);
}

fn a_field_matches_in_any_case(stage: &Stage) {
    builds_on(a_page_ends_after_its_content_length);
    let fields = [
        ("content-length: 5\r\n", "hello"),
        ("CONTENT-LENGTH:5\r\n", "hello"),
        ("Server: kata\r\nContent-Length: \t 5 \r\n", "hello"),
        ("transfer-encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"),
        ("TRANSFER-ENCODING:CHUNKED \r\n", "5\r\nhello\r\n0\r\n\r\n"),
    ];
    stage.each(fields, |stage, (fields, body)| {
        stays_after(stage, &[&answer(fields, body.as_bytes())]);
        saves(stage, b"hello", causes::FieldNamesHaveNoCase);
    });
}

fn a_field_is_matched_by_its_whole_name(stage: &Stage) {
    builds_on(bytes_read_with_the_head_belong_to_the_body);
    let answers = [
        ("X-Content-Length: 3\r\n", "hello"),
        ("Note: Content-Length: 3\r\n", "hello"),
        ("Vary: Transfer-Encoding: chunked\r\n", "hello"),
        ("", "Content-Length: 3\r\n\r\nhello"),
    ];
    stage.each(answers, |stage, (fields, body)| {
        closes_after(stage, &[&answer(fields, body.as_bytes())]);
        saves(stage, body.as_bytes(), causes::NotThatField);
    });
}

fn chunks_are_joined_without_their_sizes(stage: &Stage) {
    builds_on(the_head_is_printed_and_the_body_saved);
    stage.each([&["hello"][..], &["hello", r", world"], &["h", "ello"]], |stage, chunks| {
        closes_after(stage, &[&answer(CHUNKED, &chunked(chunks))]);
        saves(stage, chunks.concat().as_bytes(), causes::ChunksNotUndone);
    });
}

fn a_chunk_size_is_hexadecimal(stage: &Stage) {
    builds_on(chunks_are_joined_without_their_sizes);
    let chunks = [
        ("10\r\nsixteen bytes...\r\n", r"sixteen bytes..."),
        ("1A\r\nabcdefghijklmnopqrstuvwxyz\r\n", "abcdefghijklmnopqrstuvwxyz"),
        ("00000000000000000005\r\nhello\r\n", "hello"),
        ("5;name=\"value\"\r\nhello\r\n", "hello"),
    ];
    stage.each(chunks, |stage, (chunk, body)| {
        closes_after(stage, &[&answer(CHUNKED, format!("{chunk}0\r\n\r\n").as_bytes())]);
        saves(stage, body.as_bytes(), causes::ChunkSizeIsHexadecimal);
    });
}

fn a_chunk_may_contain_any_bytes(stage: &Stage) {
    builds_on(a_chunk_size_is_hexadecimal);
    stage.each(["\r\n\r\n", "5\r\nhello\r\n", "one\r\n0\r\n\r\ntwo"], |stage, chunk| {
        closes_after(stage, &[&answer(CHUNKED, &chunked(&[chunk, "end"]))]);
        saves(stage, format!("{chunk}end").as_bytes(), causes::ChunksAreCounted);
    });
}

fn a_body_may_contain_any_bytes(stage: &Stage) {
    builds_on(the_head_is_printed_and_the_body_saved);
    let bytes: Vec<u8> = (0..=255).collect();
    let length = format!("Content-Length: {}\r\n", bytes.len());
    stage.each([answer("", &bytes), answer(&length, &bytes)], |stage, answer| {
        closes_after(stage, &[&answer]);
        saves(stage, &bytes, Cause::BytesAreNotText);
    });
    stage.each([answer(CHUNKED, &chunked(&[&bytes]))], |stage, answer| {
        closes_after(stage, &[&answer]);
        saves(stage, &bytes, causes::ChunksNotUndone);
    });
}

fn the_last_chunk_ends_the_page(stage: &Stage) {
    builds_on(chunks_are_joined_without_their_sizes);
    stage.each(["0\r\n\r\n", "0\r\nExpires: never\r\n\r\n", "000\r\n\r\n"], |stage, last| {
        stays_after(stage, &[&answer(CHUNKED, format!("5\r\nhello\r\n{last}").as_bytes())]);
        saves(stage, b"hello", causes::LastChunkEndsThePage);
    });
    stage.each(["0\r\n", "0\r\nExpires: ne"], |stage, last| {
        closes_after(stage, &[&answer(CHUNKED, format!("5\r\nhello\r\n{last}").as_bytes())]);
        saves(stage, b"hello", causes::LastChunkEndsThePage);
    });
}

fn chunks_override_a_content_length(stage: &Stage) {
    builds_on(chunks_are_joined_without_their_sizes);
    let fields = [
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 300\r\n",
        "Content-Length: five\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 3\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    ];
    stage.each(fields, |stage, fields| {
        closes_after(stage, &[&answer(fields, &chunked(&["hello", "world"]))]);
        saves(stage, b"helloworld", causes::ChunksOutrankALength);
    });
}

fn equal_lengths_are_one_length(stage: &Stage) {
    builds_on(a_page_ends_after_its_content_length);
    stays_after(stage, &[&answer("Content-Length: 5\r\nContent-Length: 5\r\n", b"hello")]);
    saves(stage, b"hello", causes::LengthsAgree);
}

fn a_line_without_a_colon_is_skipped(stage: &Stage) {
    builds_on(a_page_ends_after_its_content_length);
    stays_after(stage, &[&answer("no field\r\nContent-Length: 5\r\n", b"hello")]);
    saves(stage, b"hello", causes::NotAField);
}

fn every_page_is_read_whole_over_any_segmentation(stage: &Stage) {
    builds_on(a_blank_line_may_come_in_pieces);
    stage.each(in_each_way(b"hello, world", Cause::OneReadIsNotOneMessage), |stage, (page, cause)| {
        let server = asked(stage);
        server.sends_cut(&page, &vec![1; page.len()]);
        server.closes_its_side();
        saves(stage, b"hello, world", cause);
    });
}

fn a_large_page_arrives_over_a_real_connection(stage: &Stage) {
    builds_on(a_body_may_contain_any_bytes);
    let body: Vec<u8> = (0..=255).cycle().take(2 * 1024 * 1024).collect();
    stage.each(in_each_way(&body, causes::BodyHasNoLimit), |stage, (page, cause)| {
        let server = asked(stage);
        server.sends_what_it_takes(&page);
        server.closes_its_side();
        saves(stage, &body, cause);
    });
}

fn a_saved_file_holds_only_the_body(stage: &Stage) {
    builds_on(the_head_is_printed_and_the_body_saved);
    stage.happened(netkata::words::is_there_already(PAGE));
    stage.folder().put(PAGE, b"an older and longer page");
    closes_after(stage, &[&answer("", b"hello")]);
    saves(stage, b"hello", causes::FileIsNotTheBody);
}

fn an_end_inside_the_head_is_an_error(stage: &Stage) {
    let answer = answer("Server: kata\r\n", b"");
    stage.each([0, 8, 16, 17, 29, 31, 32], |stage, end| {
        closes_after(stage, &[&answer[..end]]);
        saves_nothing(stage, Cause::TruncationLooksComplete);
    });
}

fn a_body_shorter_than_announced_is_an_error(stage: &Stage) {
    builds_on(a_page_ends_after_its_content_length);
    stage.each(["hell", ""], |stage, body| {
        closes_after(stage, &[&answer("Content-Length: 5\r\n", body.as_bytes())]);
        saves_nothing(stage, Cause::TruncationLooksComplete);
    });
}

fn a_missing_last_chunk_is_an_error(stage: &Stage) {
    builds_on(chunks_are_joined_without_their_sizes);
    let chunks = ["", "5", "5\r\n", "5\r\nhell", "5\r\nhello", "5\r\nhello\r\n", "5\r\nhello\r\n0\r"];
    stage.each(chunks, |stage, chunks| {
        closes_after(stage, &[&answer(CHUNKED, chunks.as_bytes())]);
        saves_nothing(stage, Cause::TruncationLooksComplete);
    });
}

fn a_reset_is_not_the_end_of_a_page(stage: &Stage) {
    let answers = [("", "hello"), ("Content-Length: 6\r\n", "hello"), (CHUNKED, "5\r\nhello\r\n")];
    stage.each(answers, |stage, (fields, body)| {
        let server = asked(stage);
        server.sends(&answer(fields, body.as_bytes()));
        server.resets();
        saves_nothing(stage, Cause::ResetLooksComplete);
    });
}

fn a_length_is_only_decimal_digits(stage: &Stage) {
    builds_on(a_page_ends_after_its_content_length);
    let lengths = [
        "five", "", "+5", "-5", "0x5", r"5 bytes", "5:5", "5, 5", "0_5", "\u{a0}5", "\x0c5", "5\r",
        "99999999999999999999999",
    ];
    stage.each(lengths, |stage, length| {
        stays_after(stage, &[&answer(&format!("Content-Length: {length}\r\n"), b"hello")]);
        saves_nothing(stage, Cause::NotDecimalDigits);
    });
}

fn two_different_lengths_are_refused(stage: &Stage) {
    builds_on(a_field_matches_in_any_case);
    let lengths = [&[3, 5][..], &[5, 3], &[0, 5], &[5, 3, 5], &[5, 5, 3]];
    stage.each(lengths, |stage, lengths| {
        let fields: Vec<String> =
            lengths.iter().map(|length| format!("Content-Length: {length}\r\n")).collect();
        stays_after(stage, &[&answer(&fields.concat(), b"hello")]);
        saves_nothing(stage, causes::LengthsDisagree);
    });
}

fn a_malformed_chunk_is_refused(stage: &Stage) {
    builds_on(a_chunk_size_is_hexadecimal);
    let chunks = [
        "five\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "0_5\r\nhello\r\n0\r\n\r\n",
        "5 x\r\nhello\r\n0\r\n\r\n",
        "10000000000000005\r\nhello\r\n0\r\n\r\n",
        "4\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello00\r\n\r\n0\r\n\r\n",
        "5\r\nhello,",
        "5\r\nhello\n0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "5\r!hello\r\n0\r\n\r\n",
    ];
    stage.each(chunks, |stage, chunks| {
        stays_after(stage, &[&answer(CHUNKED, chunks.as_bytes())]);
        saves_nothing(stage, causes::NotAChunkSize);
    });
}

fn an_unsupported_coding_is_refused(stage: &Stage) {
    builds_on(chunks_are_joined_without_their_sizes);
    let fields = [
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: unchunked\r\n",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n",
    ];
    stage.each(fields, |stage, fields| {
        closes_after(stage, &[&answer(fields, &chunked(&["hello"]))]);
        saves_nothing(stage, causes::CodingNotUndone);
    });
}

fn an_invalid_status_line_is_refused(stage: &Stage) {
    let lines = [
        "SSH-2.0-OpenSSH_9.6",
        "hello",
        "HTTP/1.1",
        r"HTTP/1.1 OK",
        r"HTTP/1.1 200OK",
        r"HTTP/1.1  200 OK",
        "HTTP/1.1\x09200 OK",
        r"HTTP/1.1 2000 OK",
        r"HTTP/1.2 200 OK",
        r"http/1.1 200 OK",
        r"Server: HTTP/1.1 200 OK",
    ];
    stage.each(lines, |stage, line| {
        // The first line alone is enough.
        stays_after(stage, &[format!("{line}\r\n").as_bytes()]);
        saves_nothing(stage, causes::NotHttp);
    });
    stage.each([r"HTTP/1.0 200 OK", r"HTTP/1.1 200 ", r"HTTP/1.1 200"], |stage, line| {
        closes_after(stage, &[format!("{line}\r\n\r\nhello").as_bytes()]);
        saves(stage, b"hello", causes::NotHttp);
    });
}

fn an_endless_head_or_line_is_refused(stage: &Stage) {
    builds_on(chunks_are_joined_without_their_sizes);
    let chunk = format!("HTTP/1.1 200 OK\r\n{CHUNKED}\r\n5;");
    let beginnings =
        [("HTTP/1.1 200 OK\r\nX: ", "x"), ("HTTP/1.1 200 OK\r\n", "X: y\r\n"), (&chunk, "x")];
    stage.each(beginnings, |stage, (begin, again)| {
        // One byte more than is allowed, and then no other.
        let begun = begin.rsplit("\r\n\r\n").next().unwrap_or_default().len();
        let mut endless = again.repeat(MAX_HEAD / again.len());
        endless.truncate(MAX_HEAD + 1 - begun);
        stays_after(stage, &[format!("{begin}{endless}").as_bytes()]);
        saves_nothing(stage, causes::HeadWithoutBound);
    });
}

fn a_head_has_at_most_65536_bytes(stage: &Stage) {
    builds_on(an_endless_head_or_line_is_refused);
    stage.each([MAX_HEAD, MAX_HEAD + 1], |stage, length| {
        let (begin, end) = ("HTTP/1.1 200 OK\r\nX: ", "\r\n\r\n");
        let head = format!("{begin}{}{end}", "x".repeat(length - begin.len() - end.len()));
        closes_after(stage, &[format!("{head}hello").as_bytes()]);
        if length == MAX_HEAD {
            saves(stage, b"hello", causes::HeadLimitOffByOne);
        } else {
            saves_nothing(stage, causes::HeadLimitOffByOne);
        }
    });
}

fn a_line_before_a_chunk_has_at_most_65536_bytes(stage: &Stage) {
    builds_on(an_endless_head_or_line_is_refused);
    stage.each([MAX_HEAD, MAX_HEAD + 1], |stage, length| {
        let chunk = format!("5;{}\r\nhello\r\n", "x".repeat(length - "5;\r\n".len()));
        closes_after(stage, &[&answer(CHUNKED, format!("{chunk}{chunk}0\r\n\r\n").as_bytes())]);
        if length == MAX_HEAD {
            saves(stage, b"hellohello", causes::LineLimitOff);
        } else {
            saves_nothing(stage, causes::LineLimitOff);
        }
    });
}

fn only_a_page_with_status_200_is_saved(stage: &Stage) {
    builds_on(the_head_is_printed_and_the_body_saved);
    let heads = [r"HTTP/1.1 404 Not Found", r"HTTP/1.0 301 Moved", r"HTTP/1.1 500 Error 200"];
    stage.each(heads, |stage, head| {
        stays_after(stage, &[format!("{head}\r\nContent-Length: 8\r\n\r\nno page.").as_bytes()]);
        saves_nothing(stage, causes::NotTheStatus);
        stage.prints(&[head], causes::ErrorPageIsAPage);
    });
}

/// The program's request, up to its empty line.
fn request(server: &Peer) -> Vec<u8> {
    server.receives_through(b"\r\n\r\n", quoted(REQUEST.as_bytes()), causes::NotTheRequest)
}

/// A server that the program has sent its request to.
fn asked(stage: &Stage) -> Peer {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    request(&server);
    server
}

/// Answer in these segments, and keep the connection open.
fn stays_after(stage: &Stage, segments: &[&[u8]]) {
    let server = asked(stage);
    server.sends_in_segments(segments);
    server.did(netkata::words::KEPT_THE_LINE_OPEN);
}

/// Answer in these segments, and end the stream.
fn closes_after(stage: &Stage, segments: &[&[u8]]) {
    let server = asked(stage);
    server.sends_in_segments(segments);
    server.closes_its_side();
}

/// The program ends, and has saved this page.
fn saves(stage: &Stage, body: &[u8], cause: Cause) {
    stage.ends(cause.clone());
    stage.holds(&[(PAGE, body)], cause);
}

/// The program ends, and has saved nothing.
fn saves_nothing(stage: &Stage, cause: Cause) {
    stage.ends(cause.clone());
    stage.holds(&[], cause);
}

/// A body to the end of the stream, of a length, and in chunks; what is wrong if it is not saved.
fn in_each_way(body: &[u8], cause: Cause) -> [(Vec<u8>, Cause); 3] {
    let length = format!("Content-Length: {}\r\n", body.len());
    [
        (answer("", body), cause.clone()),
        (answer(&length, body), cause),
        (answer(CHUNKED, &chunked(&[body])), causes::ChunksNotUndone),
    ]
}

/// An answer with status 200, these fields, each with its line end, and this body.
fn answer(fields: &str, body: &[u8]) -> Vec<u8> {
    [b"HTTP/1.1 200 OK\r\n", fields.as_bytes(), b"\r\n", body].concat()
}

/// These chunks and the last one.
fn chunked<S: AsRef<[u8]>>(chunks: &[S]) -> Vec<u8> {
    let mut coded = Vec::new();
    for chunk in chunks.iter().map(AsRef::as_ref) {
        coded.extend([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    }
    coded.extend(b"0\r\n\r\n");
    coded
}
