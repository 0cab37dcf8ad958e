//! Lesson 7, graded: a web page is a head, a blank line and a body, and each of them ends somewhere.
//!
//! ```text
//! client → server    GET / HTTP/1.1 ⏎ Host: … ⏎ Connection: close ⏎ ⏎       ⏎ is CR LF
//! server → client    HTTP/1.1 200 OK ⏎ Name: value ⏎ … ⏎ ⏎ body
//! ```
//!
//! The server is a script. It sends its answer in any pieces, closes anywhere, keeps the connection open
//! after the last byte, and announces wrong lengths. Real servers do all of this, but not the one that
//! you try your program on. The head says where the body ends. A program that reads to the end of the
//! stream gets the right page from most servers, and does not notice when it did not. Try it: take the
//! answer below that seems most harmless, and cut it one byte earlier.

use std::io::ErrorKind::{
    self, BrokenPipe, ConnectionReset, InvalidData, InvalidInput, NotFound, UnexpectedEof,
    Unsupported, WouldBlock,
};
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

use netkata::{
    Apart, Cause, Describe, Finding, PartialOp, Scene, Wire, builds_on, bytes_allocated, connected,
    fails_with, for_any_segmentation, graded, graded_apart, in_background, returns,
};
use rstest::rstest;
use tempfile::TempDir;
use web_get::{Page, get, save};

#[path = "../lessons/07_web_get/causes.rs"]
mod causes;
/// A full disk, as lesson 9 makes it.
#[path = "../lessons/09_file_upload/harness.rs"]
mod harness;
#[path = "../lessons/07_web_get/words.rs"]
mod words;

/// The longest head that is read, with its blank line, in bytes.
const MAX_HEAD: usize = 64 * 1024;
const OK: &str = r"HTTP/1.1 200 OK";
const HOST: &str = "example.org";
const REQUEST: &str = "GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n";
/// A field for a body that comes in chunks.
const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";

#[rstest]
#[case::of_the_first_page("example.org", "/")]
#[case::of_another_page("example.org", "/a/b.html?c=d&e=%20")]
#[case::at_another_port("127.0.0.1:9000", "/")]
#[case::of_names_with_capitals("Example.ORG", "/A/b")]
fn a_request_is_three_lines_and_an_empty_one(
    #[case] host: &'static str,
    #[case] path: &'static str,
) {
    graded(move || {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let mut wire = Wire::delivers([&answer("", b"")[..], b"hello"]).then_closes();
        wire.scene().tell_text();
        let page = returns(b"hello".to_vec()).or(causes::NotTheRequest);
        wire.expect_written("get", request.as_bytes(), page, |wire| {
            get(wire, host, path).map(|page| page.body)
        });
    });
}

#[rstest]
#[case::one_byte_per_write(vec![PartialOp::Limited(1); REQUEST.len()])]
#[case::in_two_writes(vec![PartialOp::Limited(40)])]
#[case::after_a_signal(vec![PartialOp::Err(ErrorKind::Interrupted), PartialOp::Limited(20)])]
fn a_request_survives_short_writes(#[case] writes: Vec<PartialOp>) {
    graded(move || {
        builds_on(a_request_is_three_lines_and_an_empty_one);
        let answer = answer("", b"");
        let mut wire = Wire::delivers([&answer[..], b"hello"]).then_closes().accepting(&writes);
        wire.scene().tell_text();
        let page = returns(b"hello".to_vec()).or(Cause::PartialWriteIgnored);
        wire.expect_written("get", REQUEST.as_bytes(), page, body_from);
    });
}

#[test]
fn a_failed_write_comes_back_as_an_error() {
    graded(|| {
        let fails = [PartialOp::Err(BrokenPipe)];
        let mut wire = Wire::delivers([answer("", b"hello")]).then_closes().accepting(&fails);
        expect_error(&mut wire, BrokenPipe, Cause::ErrorLost);
    });
}

#[test]
fn a_request_is_sent_before_reading_the_answer() {
    graded(|| {
        builds_on(a_request_is_three_lines_and_an_empty_one);
        let mut wire = Wire::silent()
            .then_awaits(REQUEST.len())
            .then_delivers(&answer("", b""))
            .then_delivers(b"hello")
            .then_closes();
        expect_body(&mut wire, b"hello", Cause::BothWait);
    });
}

#[rstest]
#[case::a_line_break_in_the_path("example.org", "/ HTTP/1.1\r\nHost: evil\r\n\r\nGET /")]
#[case::a_line_feed_in_the_path("example.org", "/\nX: y")]
#[case::a_carriage_return_in_the_host("example.org\rX: y", "/")]
#[case::a_line_break_in_the_host("example.org\r\nX: y", "/")]
#[case::a_space_in_the_path("example.org", r"/a b")]
#[case::a_space_in_the_query("example.org", r"/a?b c")]
#[case::a_space_in_the_host(r"example.org x", "/")]
#[case::a_tab_in_the_path("example.org", "/a\tb")]
#[case::a_zero_byte_in_the_host("example.org\0", "/")]
#[case::the_character_delete("example.org", "/\x7f")]
#[case::a_character_beyond_ascii("example.org", "/神")]
#[case::a_host_beyond_ascii("神.example.org", "/")]
#[case::no_slash("example.org", "index.html")]
#[case::no_slash_in_front("example.org", "a/index.html")]
#[case::no_path("example.org", "")]
fn an_invalid_host_or_path_is_refused(#[case] host: &'static str, #[case] path: &'static str) {
    graded(move || {
        let mut wire = Wire::delivers([answer("", b"hello")]).then_closes();
        wire.scene().tell_text();
        let call = format!(r"get(stream, {host:?}, {path:?})");
        let is_rooted = path.starts_with('/');
        let cause = if is_rooted { causes::RequestSplit } else { causes::NoSlashInFront };
        let refused = fails_with::<Vec<u8>>(InvalidInput).or(cause);
        wire.expect_written(&call, b"", refused, |wire| {
            get(wire, host, path).map(|page| page.body)
        });
    });
}

#[rstest]
#[case::short("<p>hello</p>")]
#[case::with_blank_lines("one\r\n\r\ntwo\r\n\r\n\r\n\r\nthree")]
#[case::that_begins_with_a_blank_line("\r\n\r\nhello")]
#[case::that_ends_with_one("hello\r\n\r\n")]
fn the_first_blank_line_ends_the_head(#[case] body: &'static str) {
    graded(move || {
        let answer = answer("Server: kata\r\n", b"");
        let mut wire = Wire::delivers([&answer, body.as_bytes()]).then_closes();
        let cause = causes::FirstBlankLineEndsTheHead;
        expect_page(&mut wire, "HTTP/1.1 200 OK\r\nServer: kata", body.as_bytes(), cause);
    });
}

#[rstest]
#[case::with_a_space_at_its_end("HTTP/1.1 200 OK\r\nNote: a ")]
#[case::with_a_tab_at_its_end("HTTP/1.1 200 OK\r\nNote: a\t")]
#[case::with_an_empty_reason(r"HTTP/1.1 200 ")]
#[case::with_spaces_inside("HTTP/1.1 200  OK \r\nnote:   A  b \r\nNote:a")]
fn a_head_is_returned_unchanged(#[case] head: &'static str) {
    graded(move || {
        builds_on(the_first_blank_line_ends_the_head);
        let mut wire = Wire::delivers([format!("{head}\r\n\r\nhello")]).then_closes();
        expect_page(&mut wire, head, b"hello", causes::HeadIsNotYours);
    });
}

#[test]
fn bytes_read_with_the_head_belong_to_the_body() {
    graded(|| {
        builds_on(the_first_blank_line_ends_the_head);
        for body in [&b""[..], b" world"] {
            let mut wire = Wire::delivers([&answer("", b"hello"), body]).then_closes();
            expect_body(&mut wire, &[b"hello", body].concat(), causes::ReadAheadIsLost);
        }
    });
}

#[rstest]
#[case::after_one_byte(&[41, 100])]
#[case::after_two_bytes(&[42, 100])]
#[case::after_three_bytes(&[43, 100])]
#[case::right_after_it(&[44, 100])]
#[case::byte_by_byte(&[40, 1, 1, 1, 1, 1, 1, 1, 1, 1])]
fn a_blank_line_may_come_in_pieces(#[case] sizes: &'static [usize]) {
    graded(move || {
        builds_on(bytes_read_with_the_head_belong_to_the_body);
        // The head is 40 bytes long, and a read may end anywhere.
        let answer = answer("Content-Length: 5\r\nA: b\r\n", b"hello");
        let sizes: Vec<PartialOp> = sizes.iter().copied().map(PartialOp::Limited).collect();
        let mut wire = Wire::cut(&answer, &sizes).then_closes();
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b";
        expect_page(&mut wire, head, b"hello", causes::BlankLineInPieces);
    });
}

#[rstest]
#[case::that_ends_with_the_stream("", "")]
#[case::with_a_length_of_0("Content-Length: 0\r\n", "")]
#[case::with_only_the_last_chunk(CHUNKED, "0\r\n\r\n")]
fn a_body_may_be_empty(#[case] fields: &'static str, #[case] body: &'static str) {
    graded(move || {
        builds_on(bytes_read_with_the_head_belong_to_the_body);
        let mut wire = Wire::delivers([answer(fields, body.as_bytes())]).then_closes();
        expect_body(&mut wire, b"", causes::EmptyBodyIsABody);
    });
}

#[rstest]
#[case::as_a_line_feed_in_a_value_shows("Note: a\nContent-Length: 3")]
#[case::as_carriage_returns_in_a_value_show("Note: a\r\rContent-Length: 3")]
#[case::as_two_line_feeds_in_a_value_show("Note: a\n\nb")]
#[case::as_a_line_feed_before_a_line_end_shows("Note: a\n\r\nServer: kata")]
#[case::as_a_line_feed_after_a_line_end_shows("Note: a\r\n\nServer: kata")]
#[case::as_a_carriage_return_before_a_line_end_shows("Note: a\r\r\nServer: kata")]
#[case::as_a_carriage_return_before_a_length_shows("Note: a\r\r\nContent-Length: 5")]
#[case::as_a_line_with_nothing_else_shows("\r\r\nNote: a")]
#[case::as_a_line_feed_at_the_end_of_the_head_shows("Note: a\n")]
#[case::as_a_carriage_return_at_the_end_of_the_head_shows("Note: a\r")]
fn only_cr_lf_ends_a_line(#[case] fields: &'static str) {
    graded(move || {
        builds_on(the_first_blank_line_ends_the_head);
        let head = format!("HTTP/1.1 200 OK\r\n{fields}");
        let extra = if fields.contains(r"Content-Length: 5") { r", world" } else { "" };
        let mut wire = Wire::delivers([format!("{head}\r\n\r\nhello{extra}")]).then_closes();
        expect_page(&mut wire, &head, b"hello", causes::OnlyCrLfEndsALine);
    });
}

#[test]
fn an_end_inside_the_head_is_an_error() {
    graded(|| {
        let answer = answer("Server: kata\r\n", b"");
        for end in (0..answer.len()).rev() {
            let mut wire = Wire::delivers([&answer[..end]]).then_closes();
            expect_error(&mut wire, UnexpectedEof, Cause::TruncationLooksComplete);
        }
    });
}

#[rstest]
#[case::to_the_end_of_the_stream("", b"hello")]
#[case::of_a_length("Content-Length: 6\r\n", b"hello")]
#[case::in_chunks(CHUNKED, b"5\r\nhello\r\n1\r\n!\r\n0\r")]
fn a_reset_is_not_the_end_of_a_page(#[case] fields: &'static str, #[case] came: &'static [u8]) {
    graded(move || {
        let answer = answer(fields, came);
        for end in (0..=answer.len()).rev() {
            let mut wire = Wire::delivers([&answer[..end]]).then_resets();
            expect_error(&mut wire, ConnectionReset, Cause::ErrorLost);
        }
        // A stream of its own kind may say so itself: TLS, if a connection ends without its goodbye (RFC 8446,
        // section 6.1).
        let mut wire = Wire::delivers([&answer]).then_fails(UnexpectedEof).then_closes();
        expect_error(&mut wire, UnexpectedEof, Cause::ErrorLost);
    });
}

#[rstest]
#[case::to_the_end_of_the_stream("", b"hello")]
#[case::of_a_length("Content-Length: 5\r\n", b"hello")]
#[case::in_chunks(CHUNKED, b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n")]
fn a_timeout_is_not_the_end_of_a_page(#[case] fields: &'static str, #[case] body: &'static [u8]) {
    graded(move || {
        builds_on(a_reset_is_not_the_end_of_a_page);
        let answer = answer(fields, body);
        // Before the last byte that the page needs: the empty line after the last chunk is not one.
        let needed = answer.len() - if fields == CHUNKED { "\r\n".len() } else { 0 };
        for end in (0..needed).rev() {
            let wire = Wire::delivers([&answer[..end]]).then_fails(WouldBlock);
            let mut wire = wire.then_delivers(&answer[end..]).then_closes();
            expect_error(&mut wire, WouldBlock, causes::TimeoutIsNotTheEnd);
        }
    });
}

#[test]
fn a_page_ends_after_its_content_length() {
    graded(|| {
        builds_on(bytes_read_with_the_head_belong_to_the_body);
        let mut wire = Wire::delivers([answer("Content-Length: 5\r\n", b"hello")]);
        expect_body(&mut wire, b"hello", Cause::DoesNotStopAtTheSize);
        let mut wire = Wire::delivers([answer("Content-Length: 0\r\n", b"")]);
        expect_body(&mut wire, b"", Cause::DoesNotStopAtTheSize);
        // Digits that do not change the number are digits.
        let zeros = "Content-Length: 0000000000000000000000005\r\n";
        let mut wire = Wire::delivers([answer(zeros, b"hello")]);
        expect_body(&mut wire, b"hello", Cause::DoesNotStopAtTheSize);
    });
}

#[test]
fn a_body_shorter_than_announced_is_an_error() {
    graded(|| {
        builds_on(a_page_ends_after_its_content_length);
        for end in (0..5).rev() {
            let answer = answer("Content-Length: 5\r\n", &b"hello"[..end]);
            let mut wire = Wire::delivers([answer]).then_closes();
            expect_error(&mut wire, UnexpectedEof, Cause::TruncationLooksComplete);
        }
    });
}

#[test]
fn bytes_after_the_content_length_are_ignored() {
    graded(|| {
        builds_on(a_page_ends_after_its_content_length);
        let body = b"helloHTTP/1.1 400 Bad Request\r\n\r\n";
        let mut wire = Wire::delivers([answer("Content-Length: 5\r\n", body)]).then_closes();
        expect_body(&mut wire, b"hello", Cause::DoesNotStopAtTheSize);
    });
}

#[test]
fn a_head_need_not_be_text() {
    graded(|| {
        builds_on(a_page_ends_after_its_content_length);
        // A café and a missing page in Latin-1, as old servers write them.
        for (head, status) in [
            (&b"HTTP/1.1 200 OK\r\nServer: caf\xe9\r\nContent-Length: 5"[..], 200),
            (b"HTTP/1.1 404 Non trouv\xe9\r\nContent-Length: 5", 404),
        ] {
            let mut wire = Wire::delivers([head, b"\r\n\r\nhello"]);
            expect_body(&mut wire, b"hello", Cause::BytesAreNotText);
            let mut wire = Wire::delivers([head, b"\r\n\r\nhello"]);
            wire.scene().tell_text();
            let same = returns(head.to_vec()).or(Cause::BytesAreNotText);
            wire.expect("get(…).head", same, |wire| get(wire, HOST, "/").map(|page| page.head));
            let scene = Scene::begin();
            scene.called(words::THE_HEAD, format!("{:?}", String::from_utf8_lossy(head)));
            let page = Page { head: head.to_vec(), body: Vec::new() };
            let right = returns(status).or(Cause::BytesAreNotText);
            scene.expect("status", right, || page.status().map(usize::from));
        }
    });
}

#[rstest]
#[case::inside_another_name("X-Content-Length: 3\r\n", "hello")]
#[case::in_a_value("Note: Content-Length: 3\r\n", "hello")]
#[case::in_the_body("", "Content-Length: 3\r\n\r\nhello")]
#[case::chunks_in_a_value("Vary: Transfer-Encoding: chunked\r\n", "hello")]
#[case::chunks_in_the_body("", "Transfer-Encoding: chunked\r\n\r\nhello")]
fn a_field_is_matched_by_its_whole_name(#[case] fields: &'static str, #[case] body: &'static str) {
    graded(move || {
        builds_on(bytes_read_with_the_head_belong_to_the_body);
        let mut wire = Wire::delivers([answer(fields, body.as_bytes())]).then_closes();
        expect_body(&mut wire, body.as_bytes(), causes::NotThatField);
    });
}

#[rstest]
#[case::a_word("five")]
#[case::nothing("")]
#[case::a_plus_sign("+5")]
#[case::a_minus_sign("-5")]
#[case::hexadecimal("0x5")]
#[case::with_a_unit(r"5 bytes")]
#[case::with_a_colon("5:5")]
#[case::two_in_one_field("5, 5")]
#[case::with_a_carriage_return("5\r")]
#[case::with_a_form_feed("\x0c5")]
#[case::with_another_kind_of_space("5\u{a0}")]
#[case::too_large_for_any_integer("99999999999999999999999")]
fn a_length_is_only_decimal_digits(#[case] length: &'static str) {
    graded(move || {
        builds_on(a_page_ends_after_its_content_length);
        let fields = format!("Content-Length: {length}\r\n");
        let mut wire = Wire::delivers([answer(&fields, b"hello")]);
        expect_error(&mut wire, InvalidData, Cause::NotDecimalDigits);
    });
}

#[rstest]
#[case::by_a_length("Content-Length: 1073741824\r\n", "hello")]
#[case::by_the_largest_length("Content-Length: 18446744073709551615\r\n", "hello")]
#[case::by_a_chunk(CHUNKED, "40000000\r\nhello")]
#[case::by_the_largest_chunk(CHUNKED, "ffffffffffffffff\r\nhello")]
fn an_announced_length_allocates_no_memory(
    #[case] fields: &'static str,
    #[case] body: &'static str,
) {
    graded(move || {
        builds_on(a_body_shorter_than_announced_is_an_error);
        builds_on(a_page_ends_after_its_content_length);
        let answer = answer(fields, body.as_bytes());
        let mut wire = Wire::delivers([&answer]).then_closes();
        let ((), bytes) = bytes_allocated(|| {
            expect_error(&mut wire, UnexpectedEof, Cause::TruncationLooksComplete);
        });
        wire.scene().at_most_allocated("get", bytes, answer.len());
    });
}

#[rstest]
#[case::one(&["hello"])]
#[case::two(&["hello", r", world"])]
#[case::one_of_one_byte(&["h", "ello"])]
fn chunks_are_joined_without_their_sizes(#[case] chunks: &'static [&'static str]) {
    graded(move || {
        builds_on(bytes_read_with_the_head_belong_to_the_body);
        let answer = answer(CHUNKED, &chunked(chunks));
        let mut wire = Wire::delivers([answer]).then_closes();
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked";
        expect_page(&mut wire, head, chunks.concat().as_bytes(), causes::ChunksNotUndone);
    });
}

#[rstest]
#[case::of_16_bytes("10\r\nsixteen bytes...\r\n", r"sixteen bytes...")]
#[case::of_26_bytes("1a\r\nabcdefghijklmnopqrstuvwxyz\r\n", "abcdefghijklmnopqrstuvwxyz")]
#[case::in_upper_case("1A\r\nabcdefghijklmnopqrstuvwxyz\r\n", "abcdefghijklmnopqrstuvwxyz")]
#[case::with_leading_zeros("0005\r\nhello\r\n", "hello")]
#[case::with_more_zeros_than_a_number_has_digits("00000000000000000005\r\nhello\r\n", "hello")]
#[case::with_an_extension("5;name=\"value\"\r\nhello\r\n", "hello")]
fn a_chunk_size_is_hexadecimal(#[case] chunk: &'static str, #[case] body: &'static str) {
    graded(move || {
        builds_on(chunks_are_joined_without_their_sizes);
        let chunks = format!("{chunk}0\r\n\r\n");
        let mut wire = Wire::delivers([answer(CHUNKED, chunks.as_bytes())]).then_closes();
        expect_body(&mut wire, body.as_bytes(), causes::ChunkSizeIsHexadecimal);
    });
}

#[rstest]
#[case::a_line_end("one\r\ntwo")]
#[case::line_ends_only("\r\n\r\n")]
#[case::what_looks_like_a_chunk("5\r\nhello\r\n")]
#[case::what_looks_like_the_last_chunk("one\r\n0\r\n\r\ntwo")]
fn a_chunk_may_contain_any_bytes(#[case] chunk: &'static str) {
    graded(move || {
        builds_on(chunks_are_joined_without_their_sizes);
        builds_on(a_chunk_size_is_hexadecimal);
        let answer = answer(CHUNKED, &chunked(&[chunk, "end"]));
        let mut wire = Wire::delivers([answer]).then_closes();
        let body = format!("{chunk}end");
        expect_body(&mut wire, body.as_bytes(), causes::ChunksAreCounted);
    });
}

#[test]
fn a_body_may_contain_any_bytes() {
    graded(|| {
        builds_on(bytes_read_with_the_head_belong_to_the_body);
        builds_on(a_chunk_size_is_hexadecimal);
        let bytes: Vec<u8> = (0..=255).collect();
        for answer in [answer("", &bytes), answer(CHUNKED, &chunked(&[&bytes]))] {
            let mut wire = Wire::delivers([answer]).then_closes();
            expect_body(&mut wire, &bytes, Cause::BytesAreNotText);
        }
    });
}

#[rstest]
#[case::and_the_connection_stays_open("0\r\n\r\n", false)]
#[case::and_fields_may_follow_it("0\r\nExpires: never\r\n\r\n", false)]
#[case::of_several_zeros("000\r\n\r\n", false)]
#[case::if_the_stream_ends_after_it("0\r\n", true)]
#[case::if_the_stream_ends_inside_a_field("0\r\nExpires: ne", true)]
fn the_last_chunk_ends_the_page(#[case] last: &'static str, #[case] closes: bool) {
    graded(move || {
        builds_on(chunks_are_joined_without_their_sizes);
        let chunks = format!("5\r\nhello\r\n{last}");
        let wire = Wire::delivers([answer(CHUNKED, chunks.as_bytes())]);
        let mut wire = if closes { wire.then_closes() } else { wire };
        expect_body(&mut wire, b"hello", causes::LastChunkEndsThePage);
    });
}

#[rstest]
#[case::lower_case("content-length: 5\r\n", "hello")]
#[case::upper_case("CONTENT-LENGTH: 5\r\n", "hello")]
#[case::without_a_space("Content-Length:5\r\n", "hello")]
#[case::with_more_space("Content-Length: \t 5 \r\n", "hello")]
#[case::not_the_first_field("Server: kata\r\nDate: today\r\nContent-Length: 5\r\n", "hello")]
#[case::chunks_in_lower_case("transfer-encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")]
#[case::chunks_in_upper_case("TRANSFER-ENCODING: CHUNKED\r\n", "5\r\nhello\r\n0\r\n\r\n")]
fn a_field_matches_in_any_case(#[case] fields: &'static str, #[case] body: &'static str) {
    graded(move || {
        builds_on(a_page_ends_after_its_content_length);
        builds_on(the_last_chunk_ends_the_page);
        // The connection stays open: only the field says where the page ends.
        let mut wire = Wire::delivers([answer(fields, body.as_bytes())]);
        expect_body(&mut wire, b"hello", causes::FieldNamesHaveNoCase);
    });
}

#[rstest]
#[case::the_shorter_first("Content-Length: 3\r\nContent-Length: 5\r\n")]
#[case::the_longer_first("Content-Length: 5\r\nServer: kata\r\ncontent-length: 3\r\n")]
#[case::the_first_is_zero("Content-Length: 0\r\nContent-Length: 5\r\n")]
#[case::the_middle_one_differs("Content-Length: 5\r\nContent-Length: 3\r\nContent-Length: 5\r\n")]
#[case::the_third_differs("Content-Length: 5\r\nContent-Length: 5\r\nContent-Length: 3\r\n")]
fn two_different_lengths_are_refused(#[case] fields: &'static str) {
    graded(move || {
        builds_on(a_page_ends_after_its_content_length);
        builds_on(a_field_matches_in_any_case);
        let mut wire = Wire::delivers([answer(fields, b"hello")]);
        expect_error(&mut wire, InvalidData, causes::LengthsDisagree);
    });
}

#[test]
fn equal_lengths_are_one_length() {
    graded(|| {
        builds_on(a_page_ends_after_its_content_length);
        builds_on(a_field_matches_in_any_case);
        let fields = "Content-Length: 5\r\nContent-Length: 5\r\n";
        let mut wire = Wire::delivers([answer(fields, b"hello")]);
        expect_body(&mut wire, b"hello", causes::LengthsAgree);
    });
}

#[rstest]
#[case::before_the_length("no field\r\nContent-Length: 5\r\n", "hello")]
#[case::before_the_coding("no field\r\nTransfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")]
fn a_line_without_a_colon_is_skipped(#[case] fields: &'static str, #[case] body: &'static str) {
    graded(move || {
        builds_on(a_field_matches_in_any_case);
        let mut wire = Wire::delivers([answer(fields, body.as_bytes())]);
        expect_body(&mut wire, b"hello", causes::NotAField);
    });
}

#[test]
fn a_missing_last_chunk_is_an_error() {
    graded(|| {
        builds_on(an_end_inside_the_head_is_an_error);
        builds_on(a_body_shorter_than_announced_is_an_error);
        builds_on(chunks_are_joined_without_their_sizes);
        builds_on(the_last_chunk_ends_the_page);
        let chunks = chunked(&["hello", "world"]);
        // Up to the end of the line with the size 0: after it the page is complete.
        for end in (0..chunks.len() - "\r\n".len()).rev() {
            let mut wire = Wire::delivers([answer(CHUNKED, &chunks[..end])]).then_closes();
            expect_error(&mut wire, UnexpectedEof, Cause::TruncationLooksComplete);
        }
    });
}

#[test]
fn an_interrupted_read_is_repeated() {
    graded(|| {
        builds_on(a_blank_line_may_come_in_pieces);
        builds_on(the_last_chunk_ends_the_page);
        builds_on(a_missing_last_chunk_is_an_error);
        let signal = PartialOp::Err(ErrorKind::Interrupted);
        let answer = answer(CHUNKED, &chunked(&[b"hello", b"world"]));
        let mut ops = vec![signal.clone()];
        for _ in 0..answer.len() {
            ops.extend([PartialOp::Limited(1), signal.clone()]);
        }
        let mut wire = Wire::cut(&answer, &ops).then_closes();
        expect_body(&mut wire, b"helloworld", Cause::InterruptedIsNoFailure);
    });
}

#[rstest]
#[case::of_a_word("five\r\nhello\r\n0\r\n\r\n")]
#[case::of_nothing("\r\nhello\r\n0\r\n\r\n")]
#[case::of_a_plus_sign("+5\r\nhello\r\n0\r\n\r\n")]
#[case::of_a_minus_sign("-5\r\nhello\r\n0\r\n\r\n")]
#[case::that_begins_with_0x("0x5\r\nhello\r\n0\r\n\r\n")]
#[case::with_more_after_the_digits("5 x\r\nhello\r\n0\r\n\r\n")]
#[case::too_large_for_any_integer("10000000000000005\r\nhello\r\n0\r\n\r\n")]
#[case::that_is_too_small("4\r\nhello\r\n0\r\n\r\n")]
#[case::without_a_line_end_after_it("5\r\nhello00\r\n\r\n0\r\n\r\n")]
#[case::with_other_bytes_after_it("5\r\nhello, ")]
#[case::whose_size_ends_with_a_line_feed("5\nhello\r\n0\r\n\r\n")]
#[case::whose_size_ends_with_cr_and_another_byte("5\r!hello\r\n0\r\n\r\n")]
#[case::with_a_wrong_byte_after_cr("5\r\nhello\r,0\r\n\r\n")]
#[case::with_a_wrong_byte_before_lf("5\r\nhello,\n0\r\n\r\n")]
#[case::with_only_lf_after_it("5\r\nhello\n0\r\n\r\n")]
#[case::with_one_wrong_byte_after_it("5\r\nhello,")]
fn a_malformed_chunk_is_refused(#[case] chunks: &'static str) {
    graded(move || {
        builds_on(a_length_is_only_decimal_digits);
        builds_on(chunks_are_joined_without_their_sizes);
        builds_on(a_chunk_size_is_hexadecimal);
        builds_on(a_chunk_may_contain_any_bytes);
        let mut wire = Wire::delivers([answer(CHUNKED, chunks.as_bytes())]);
        expect_error(&mut wire, InvalidData, causes::NotAChunkSize);
    });
}

#[rstest]
#[case::that_is_too_small("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")]
#[case::that_is_too_large("Transfer-Encoding: chunked\r\nContent-Length: 300\r\n")]
#[case::that_is_not_a_number("Content-Length: five\r\nTransfer-Encoding: chunked\r\n")]
#[case::that_another_one_contradicts(
    "Content-Length: 3\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
)]
fn chunks_override_a_content_length(#[case] fields: &'static str) {
    graded(move || {
        builds_on(chunks_are_joined_without_their_sizes);
        let chunks = chunked(&["hello", "world"]);
        let mut wire = Wire::delivers([answer(fields, &chunks)]).then_closes();
        expect_body(&mut wire, b"helloworld", causes::ChunksOutrankALength);
    });
}

#[rstest]
#[case::compressed("Transfer-Encoding: gzip\r\n")]
#[case::compressed_then_chunked("Transfer-Encoding: gzip, chunked\r\n")]
#[case::unknown("Transfer-Encoding: unchunked\r\n")]
#[case::in_a_field_before_chunked("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n")]
#[case::in_a_field_after_chunked("Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n")]
fn an_unsupported_coding_is_refused(#[case] fields: &'static str) {
    graded(move || {
        builds_on(chunks_are_joined_without_their_sizes);
        let mut wire = Wire::delivers([answer(fields, &chunked(&["hello"]))]).then_closes();
        expect_error(&mut wire, Unsupported, causes::CodingNotUndone);
    });
}

#[rstest]
#[case::of_the_head("HTTP/1.1 200 OK\r\nX: ", "x")]
#[case::of_the_first_line(r"HTTP/1.1 200 ", "x")]
#[case::of_lines_of_the_head("HTTP/1.1 200 OK\r\n", "X: y\r\n")]
#[case::of_the_line_before_a_chunk("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", "x")]
fn an_endless_head_or_line_is_refused(#[case] begin: &'static str, #[case] again: &'static str) {
    graded(move || {
        builds_on(an_end_inside_the_head_is_an_error);
        builds_on(chunks_are_joined_without_their_sizes);
        // One byte more than is allowed, and then no other.
        let begun = begin.rsplit("\r\n\r\n").next().unwrap_or_default().len();
        let mut endless = again.repeat(MAX_HEAD / again.len());
        endless.truncate(MAX_HEAD + 1 - begun);
        let mut wire = Wire::delivers([begin, &endless]);
        expect_error(&mut wire, InvalidData, causes::HeadWithoutBound);
    });
}

#[test]
fn a_head_has_at_most_65536_bytes() {
    graded(|| {
        builds_on(an_endless_head_or_line_is_refused);
        for [begin, end] in [["HTTP/1.1 200 OK\r\nX: ", ""], [r"HTTP/1.1 200 ", "\r\nX: x"]] {
            let of_head = |length: usize| {
                let rest = length - [begin, end, "\r\n\r\n"].map(str::len).iter().sum::<usize>();
                format!("{begin}{}{end}\r\n\r\nhello", "x".repeat(rest))
            };
            let mut wire = Wire::delivers([of_head(MAX_HEAD)]).then_closes();
            expect_body(&mut wire, b"hello", causes::HeadLimitOffByOne);
            let mut wire = Wire::delivers([of_head(MAX_HEAD + 1)]);
            expect_error(&mut wire, InvalidData, causes::HeadLimitOffByOne);
        }
    });
}

#[test]
fn a_line_before_a_chunk_has_at_most_65536_bytes() {
    graded(|| {
        builds_on(an_endless_head_or_line_is_refused);
        builds_on(a_chunk_size_is_hexadecimal);
        let chunk = |length: usize| {
            let rest = length - "5;\r\n".len();
            format!("5;{}\r\nhello\r\n", "x".repeat(rest))
        };
        let two = format!("{}{}0\r\n\r\n", chunk(MAX_HEAD), chunk(MAX_HEAD));
        let mut wire = Wire::delivers([answer(CHUNKED, two.as_bytes())]).then_closes();
        expect_body(&mut wire, b"hellohello", causes::LineLimitOff);
        let longer = chunk(MAX_HEAD + 1);
        let mut wire = Wire::delivers([answer(CHUNKED, longer.as_bytes())]);
        expect_error(&mut wire, InvalidData, causes::LineLimitOff);
    });
}

#[rstest]
#[case::another_servers_greeting("SSH-2.0-OpenSSH_9.6\r\n\r\n")]
#[case::the_greeting_of_lesson_0("hello\r\n\r\nhello")]
#[case::no_status("HTTP/1.1\r\n\r\nhello")]
#[case::a_status_that_is_a_word("HTTP/1.1 OK\r\n\r\nhello")]
#[case::a_status_of_two_digits("HTTP/1.1 20 OK\r\n\r\nhello")]
#[case::a_status_joined_to_its_reason("HTTP/1.1 200OK\r\n\r\nhello")]
#[case::two_spaces_before_the_status("HTTP/1.1  200 OK\r\n\r\nhello")]
#[case::a_tab_before_the_status("HTTP/1.1\t200 OK\r\n\r\nhello")]
#[case::a_status_of_four_digits("HTTP/1.1 2000 OK\r\n\r\nhello")]
#[case::a_status_with_a_sign("HTTP/1.1 +20 OK\r\n\r\nhello")]
#[case::a_later_version("HTTP/1.2 200 OK\r\n\r\nhello")]
#[case::a_version_in_lower_case("http/1.1 200 OK\r\n\r\nhello")]
#[case::a_status_before_a_line_feed("HTTP/1.1 200\nServer: kata\r\n\r\nhello")]
#[case::a_field_as_the_first_line("Server: HTTP/1.1 200 OK\r\n\r\nhello")]
fn an_invalid_status_line_is_refused(#[case] answer: &'static str) {
    graded(move || {
        builds_on(a_length_is_only_decimal_digits);
        // The first line alone is enough.
        for end in [answer.len(), answer.find("\r\n").map_or(0, |end| end + 2)] {
            let mut wire = Wire::delivers([&answer[..end]]);
            expect_error(&mut wire, InvalidData, causes::NotHttp);
            let page = page_of(answer.split("\r\n\r\n").next().unwrap_or_default());
            let refused = fails_with(InvalidData).or(causes::NotHttp);
            wire.scene().expect("status", refused, || page.status().map(usize::from));
        }
    });
}

#[rstest]
#[case::of_a_good_page("HTTP/1.1 200 OK\r\nServer: kata", 200)]
#[case::of_a_page_that_is_missing(r"HTTP/1.1 404 Not Found", 404)]
#[case::of_an_older_server("HTTP/1.0 301 Moved Permanently\r\nLocation: /\r\nAge: 200", 301)]
#[case::of_no_known_class(r"HTTP/1.1 999 Request denied", 999)]
#[case::that_begins_with_zero(r"HTTP/1.1 042 OK", 42)]
#[case::without_a_reason(r"HTTP/1.1 503 ", 503)]
#[case::without_even_a_space(r"HTTP/1.1 503", 503)]
fn the_status_comes_from_the_first_line(#[case] head: &'static str, #[case] status: usize) {
    graded(move || {
        builds_on(an_invalid_status_line_is_refused);
        let scene = Scene::begin();
        let page = page_of(head);
        scene.called(words::THE_HEAD, format!("{head:?}"));
        let right = returns(status).or(causes::NotTheStatus);
        scene.expect("status", right, || page.status().map(usize::from));
    });
}

#[rstest]
#[case::of_a_page_that_is_missing(r"HTTP/1.1 404 Not Found")]
#[case::of_a_redirection("HTTP/1.1 301 Moved Permanently\r\nLocation: /other")]
#[case::of_a_failing_server(r"HTTP/1.1 500 Internal Server Error")]
fn an_error_page_is_returned_as_a_page(#[case] head: &'static str) {
    graded(move || {
        builds_on(a_page_ends_after_its_content_length);
        let head = format!("{head}\r\nContent-Length: 8");
        let mut wire = Wire::delivers([format!("{head}\r\n\r\nno page.")]);
        expect_page(&mut wire, &head, b"no page.", causes::ErrorPageIsAPage);
    });
}

#[test]
fn every_page_is_read_whole_over_any_segmentation() {
    graded(|| {
        builds_on(a_blank_line_may_come_in_pieces);
        builds_on(an_interrupted_read_is_repeated);
        builds_on(a_body_may_contain_any_bytes);
        builds_on(a_reset_is_not_the_end_of_a_page);
        builds_on(a_chunk_size_is_hexadecimal);
        builds_on(a_chunk_may_contain_any_bytes);
        builds_on(the_last_chunk_ends_the_page);
        for_any_segmentation(|input| {
            let body = input.messages.concat();
            let length = format!("Content-Length: {}\r\n", body.len());
            let chunks = chunked(&input.messages);
            for answer in [answer("", &body), answer(&length, &body), answer(CHUNKED, &chunks)] {
                let mut wire = Wire::cut(&answer, &input.cuts).then_closes();
                expect_body(&mut wire, &body, Cause::Differs);
            }
        });
    });
}

#[rstest]
#[case::to_the_end_of_the_stream(|body: &[u8]| answer("", body))]
#[case::of_a_length(|body: &[u8]| answer(&format!("Content-Length: {}\r\n", body.len()), body))]
#[case::in_one_chunk(|body: &[u8]| answer(CHUNKED, &chunked(&[body])))]
fn a_large_page_arrives_over_a_real_connection(#[case] coded: fn(&[u8]) -> Vec<u8>) {
    graded(move || {
        builds_on(a_request_is_sent_before_reading_the_answer);
        builds_on(a_body_may_contain_any_bytes);
        builds_on(chunks_are_joined_without_their_sizes);
        builds_on(a_chunk_may_contain_any_bytes);
        let scene = Scene::begin();
        scene.happened(words::A_SERVER_SENDS_A_LARGE_PAGE);
        let (mut client, server) = connected().expect("a connection over loopback");
        let body: Vec<u8> = (0..=255).cycle().take(2 * 1024 * 1024).collect();
        let page = coded(&body);
        let _serving = in_background(&words::THE_SERVER, move || serve(server, &page));
        let whole = returns(body).or(causes::BodyHasNoLimit);
        scene.expect("get", whole, || get(&mut client, HOST, "/").map(|page| page.body));
    });
}

#[rstest]
#[case::without_an_older_file(OK, None, b"<p>hello</p>")]
#[case::of_any_bytes(OK, None, b"\x89PNG\r\n\x1a\n\0\xff")]
#[case::in_place_of_a_longer_one(OK, Some(r"an older page, which is longer"), b"hello")]
#[case::of_an_empty_body(OK, Some(r"an older page"), b"")]
#[case::of_an_error_page(r"HTTP/1.1 404 Not Found", Some(r"an older page"), b"no page.")]
fn a_saved_file_holds_only_the_body(
    #[case] head: &'static str,
    #[case] before: Option<&'static str>,
    #[case] body: &'static [u8],
) {
    graded(move || {
        let scene = Scene::begin();
        let folder = folder();
        let file = folder.path().join("page.html");
        if head != OK {
            scene.happened(words::the_page_begins_with(format_args!("{head:?}")));
        }
        if let Some(before) = before {
            scene.happened(words::the_file_holds(format_args!("{before:?}")));
            std::fs::write(&file, before).expect("the folder is writable");
        }
        let page = Page { body: body.to_vec(), ..page_of(head) };
        let same = returns(body.to_vec()).or(causes::FileIsNotTheBody);
        scene.expect(words::SAVE_THEN_LOOKS_INTO_THE_FILE, same, || {
            save(&page, &file)?;
            std::fs::read(&file)
        });
    });
}

#[test]
fn a_failed_save_is_an_error() {
    graded(|| {
        let scene = Scene::begin();
        scene.happened(words::THE_FOLDER_DOES_NOT_EXIST);
        let folder = folder();
        let file = folder.path().join("missing").join("page.html");
        let refused = fails_with(NotFound).or(causes::SavingFailedUnnoticed);
        scene.expect("save", refused, || save(&page_of(OK), &file));
    });
}

#[test]
fn a_failed_write_to_a_file_is_an_error() {
    graded_apart(
        |listens| {
            harness::on_a_full_disk(listens, |folder| {
                let page = Page { body: vec![b'x'; 4096], ..page_of(OK) };
                save(&page, &folder.join("page.html"))
            })
        },
        |apart| {
            builds_on(a_saved_file_holds_only_the_body);
            builds_on(a_failed_save_is_an_error);
            if !Apart::is_possible() {
                return println!("{}", words::NOT_CHECKED_HERE);
            }
            let folder = folder();
            let scene = Scene::begin();
            scene.happened(words::THE_DISK_IS_FULL);
            let mut program = apart.start(64).expect("a program in a process of its own");
            let failed = returns(Finding::of(words::AN_ERROR)).or(causes::SavingFailedUnnoticed);
            scene.expect("save", failed, || {
                let is_error = harness::fails_on_a_full_disk(&mut program, folder.path())?;
                Ok(Finding::of(if is_error { words::AN_ERROR } else { words::SUCCESS }))
            });
        },
    );
}

/// A head as a story shows it: complete, in one piece.
#[derive(Debug, PartialEq)]
struct Head(String);

impl Describe for Head {
    fn describe(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// An answer with status 200, these fields, each with its line end, and this body.
fn answer(fields: &str, body: &[u8]) -> Vec<u8> {
    [b"HTTP/1.1 200 OK\r\n", fields.as_bytes(), b"\r\n", body].concat()
}

/// These chunks and the last one. An empty chunk would end the page early, so it is left out.
fn chunked<S: AsRef<[u8]>>(chunks: &[S]) -> Vec<u8> {
    let mut coded = Vec::new();
    for chunk in chunks.iter().map(AsRef::as_ref).filter(|chunk| !chunk.is_empty()) {
        coded.extend([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    }
    coded.extend(b"0\r\n\r\n");
    coded
}

fn page_of(head: &str) -> Page {
    Page { head: head.as_bytes().to_vec(), body: Vec::new() }
}

fn body_from(wire: &mut Wire) -> io::Result<Vec<u8>> {
    get(wire, HOST, "/").map(|page| page.body)
}

/// The page that arrives over this wire must have this body.
fn expect_body(wire: &mut Wire, body: &[u8], cause: Cause) {
    wire.scene().tell_text();
    let whole = returns(body.to_vec()).or(cause.clone()).or_when_it_waits(cause);
    wire.expect("get", whole, body_from);
}

/// The page that arrives over this wire must have this head and this body.
fn expect_page(wire: &mut Wire, head: &str, body: &[u8], cause: Cause) {
    wire.scene().tell_text();
    let mut came = Vec::new();
    let whole = returns(body.to_vec()).or(cause.clone()).or_when_it_waits(cause.clone());
    wire.expect("get", whole, |wire| {
        let page = get(wire, HOST, "/")?;
        came = page.head;
        Ok(page.body)
    });
    let same = returns(Head(head.to_owned())).or(cause);
    let came = String::from_utf8_lossy(&came).into_owned();
    wire.scene().expect(words::THE_HEAD_OF_THIS_PAGE, same, || Ok(Head(came)));
}

/// The call must fail with an error of this kind.
fn expect_error(wire: &mut Wire, kind: ErrorKind, cause: Cause) {
    wire.scene().tell_text();
    let error = fails_with(kind).or(cause.clone()).or_when_it_waits(cause);
    wire.expect("get", error, body_from);
}

/// Read a request up to its empty line, send this answer, and close the connection.
fn serve(mut stream: TcpStream, answer: &[u8]) {
    let _ = BufReader::new(&stream).lines().map_while(Result::ok).find(String::is_empty);
    // If the client leaves early, its call has failed.
    let _ = stream.write_all(answer);
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}
