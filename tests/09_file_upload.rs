//! Lesson 9, graded: a stranger's file arrives complete and under a plain name, or leaves no trace.
//!
//! ```text
//! | header length: i32, little-endian | JSON {"name": …, "length": …} | content: length bytes |
//! ```
//!
//! The network splits the stream anywhere, and the stream breaks off after every byte in turn. The
//! sender is a stranger and may call its file `../outside.txt`. So every check that receives a file uses
//! a folder `received` next to a file `outside.txt`, and then inspects everything inside and outside the
//! folder. Try it: break off an upload to a program that you trust, and look into its folder.

use std::fs::{self, File};
use std::io::ErrorKind::{
    self, AlreadyExists, BrokenPipe, Interrupted, InvalidData, InvalidInput, UnexpectedEof,
    WouldBlock,
};
use std::io::{self, Read};
use std::thread;

use file_upload::{
    Header, IfExists, is_plain_name, parse_post, read_header, receive_file, save_content, send_file,
};
use netkata::{
    Apart, Cause, Describe, Expected, Finding, Folder, MemoryWatch, PartialOp, Scene, Wire,
    builds_on, bytes_allocated, connected, counted, fails_with, for_any_segmentation, graded,
    graded_apart, in_background, quoted, returns,
};
use rstest::rstest;
use serde_json::{Value, json};

#[path = "../lessons/09_file_upload/causes.rs"]
mod causes;
#[path = "../lessons/09_file_upload/harness.rs"]
mod harness;
#[path = "../lessons/09_file_upload/words.rs"]
mod words;

/// The longest JSON header that a receiver reads, in bytes.
const MAX_HEADER: usize = 4096;
/// One byte, nothing, and one or two buffers of every usual size.
const SIZES: [usize; 10] =
    [1, 0, 1024, 2 * 1024, 8 * 1024, 16 * 1024, 64 * 1024, 128 * 1024, 256 * 1024, 512 * 1024];

#[rstest]
#[case::plain("a.txt")]
#[case::in_chinese("神.txt")]
#[case::with_spaces(r"my file.txt")]
#[case::with_dots("a..b.tar.gz")]
#[case::with_leading_dots("..a")]
#[case::hidden(".profile")]
#[case::with_a_bar("a|b.txt")]
#[case::with_quotes(r#"say "hi".txt"#)]
#[case::almost_a_device("console.log")]
#[case::with_a_port_number_too_high("com10")]
#[case::with_a_port_number_too_low("com0")]
#[case::a_port_without_a_number("lpt.txt")]
#[case::of_two_byte_characters("éé.txt")]
#[case::a_device_after_the_dot("a.nul")]
#[case::of_255_bytes("a".repeat(255))]
#[case::of_255_bytes_in_85_characters("神".repeat(85))]
fn a_plain_name_is_accepted(#[case] name: String) {
    graded(move || expect_plain(&name, true, causes::PlainNameRefused));
}

#[rstest]
#[case::into_the_parent_folder("../outside.txt")]
#[case::through_another_folder("sub/../../outside.txt")]
#[case::into_a_subfolder("sub/a.txt")]
#[case::absolute("/no/such/folder/a.txt")]
#[case::the_parent_folder("..")]
#[case::the_folder_itself(".")]
#[case::with_a_trailing_slash("a.txt/")]
fn a_path_is_refused_as_a_name(#[case] name: &'static str) {
    graded(move || expect_refused(name, Cause::NameIsAPath));
}

#[rstest]
#[case::empty("")]
#[case::of_256_bytes("a".repeat(256))]
#[case::of_300_characters("a".repeat(300))]
#[case::of_258_bytes_in_86_characters("神".repeat(86))]
#[case::with_a_nul("a.txt\0.jpg")]
#[case::with_a_newline("a.txt\nb.txt")]
#[case::with_an_escape_sequence("\u{1b}[2Ja.txt")]
#[case::with_a_delete("a\u{7f}.txt")]
#[case::with_a_control_character_of_two_bytes("a\u{85}.txt")]
fn an_invalid_file_name_is_refused(#[case] name: String) {
    graded(move || {
        builds_on(a_path_is_refused_as_a_name);
        expect_refused(&name, causes::NotAFileName);
    });
}

#[rstest]
#[case::a_windows_path("..\\..\\outside.txt")]
#[case::a_windows_subfolder("sub\\a.txt")]
#[case::a_windows_share("\\\\server\\share\\a.txt")]
#[case::a_drive("C:a.txt")]
#[case::a_hidden_stream("a.txt:hidden")]
#[case::a_device("NUL")]
#[case::a_device_in_lower_case("con")]
#[case::a_device_with_an_extension("aux.txt")]
#[case::a_device_with_two_extensions("Prn.tar.gz")]
#[case::a_device_with_a_space(r"nul .txt")]
#[case::a_device_with_two_spaces(r"NUL  .txt")]
#[case::a_serial_port("COM1")]
#[case::a_serial_port_with_a_superscript_digit("com².txt")]
#[case::a_serial_port_with_a_space_at_its_end(r"COM1 ")]
#[case::a_parallel_port("lpt9.txt")]
#[case::a_parallel_port_with_a_superscript_digit("LPT¹")]
#[case::a_console("CONOUT$")]
#[case::with_a_trailing_dot("a.txt.")]
#[case::with_a_trailing_space(r"a.txt ")]
fn a_name_special_on_windows_is_refused(#[case] name: &'static str) {
    graded(move || {
        builds_on(a_path_is_refused_as_a_name);
        expect_refused(name, causes::NameDiffersBySystem);
    });
}

#[rstest]
#[case::with_a_plain_name(b"post|5|a.txt", 5, "a.txt")]
#[case::of_an_empty_file(b"post|0|a.txt", 0, "a.txt")]
#[case::in_chinese("post|5|神.txt".as_bytes(), 5, "神.txt")]
#[case::with_a_bar_in_the_name(b"post|5|a|b.txt", 5, "a|b.txt")]
#[case::with_bars_around_the_name(b"post|5||a|", 5, "|a|")]
#[case::with_leading_zeros(b"post|007|a.txt", 7, "a.txt")]
#[case::with_spaces_around_the_name(b"post|5| a.txt\n", 5, " a.txt\n")]
#[case::of_the_largest_size(b"post|18446744073709551615|a.txt", u64::MAX, "a.txt")]
fn the_first_two_bars_split_a_text_header(
    #[case] header: &'static [u8],
    #[case] length: u64,
    #[case] name: &'static str,
) {
    graded(move || {
        let understood = Finding::of(words::bytes_for(length, called(name)));
        expect_parsed(header, returns(understood).or(causes::BarInTheName));
    });
}

#[rstest]
#[case::empty(b"", causes::NotAPostHeader)]
#[case::only_the_word(b"post", causes::NotAPostHeader)]
#[case::without_a_name(b"post|5", causes::NotAPostHeader)]
#[case::with_another_word(b"get|5|a.txt", causes::NotAPostHeader)]
#[case::with_a_longer_word(b"posts|5|a.txt", causes::NotAPostHeader)]
#[case::with_a_word_in_capitals(b"POST|5|a.txt", causes::NotAPostHeader)]
#[case::with_a_name_that_is_not_utf_8(b"post|5|\xff\xfe", causes::NotAPostHeader)]
#[case::without_a_size(b"post||a.txt", Cause::NotDecimalDigits)]
#[case::with_a_plus(b"post|+5|a.txt", Cause::NotDecimalDigits)]
#[case::with_a_minus(b"post|-1|a.txt", Cause::NotDecimalDigits)]
#[case::with_a_space(b"post| 5|a.txt", Cause::NotDecimalDigits)]
#[case::with_a_size_in_words(b"post|five|a.txt", Cause::NotDecimalDigits)]
#[case::with_digits_of_another_script("post|٥|a.txt".as_bytes(), Cause::NotDecimalDigits)]
#[case::too_large_for_any_disk(b"post|18446744073709551616|a.txt", Cause::NotDecimalDigits)]
fn a_malformed_text_header_is_refused(#[case] header: &'static [u8], #[case] cause: Cause) {
    graded(move || {
        builds_on(the_first_two_bars_split_a_text_header);
        expect_parsed(header, fails_with(InvalidData).or(cause));
    });
}

#[test]
fn a_file_is_sent_after_its_header() {
    graded(|| {
        for name in ["a.txt", "神.txt", r#"say "hi".txt"#, "a|b.txt"] {
            expect_sent(Wire::silent(), name, &text(5), causes::HeaderSaysAnotherThing);
        }
        for size in SIZES {
            expect_sent(Wire::silent(), "a.txt", &text(size), causes::HeaderSaysAnotherThing);
        }
    });
}

#[rstest]
#[case::one_byte_per_write(1)]
#[case::seven_bytes_per_write(7)]
#[case::a_thousand_bytes_per_write(1000)]
fn a_sent_file_survives_short_writes(#[case] at_most: usize) {
    graded(move || {
        builds_on(a_file_is_sent_after_its_header);
        let wire = Wire::silent().accepting_at_most(at_most);
        expect_sent(wire, "a.txt", &text(3 * at_most + 200), Cause::PartialWriteIgnored);
    });
}

#[rstest]
#[case::a_path("../outside.txt")]
#[case::empty("")]
#[case::a_device("NUL")]
#[case::of_300_characters("a".repeat(300))]
fn a_refused_name_is_not_sent(#[case] name: String) {
    graded(move || {
        let mut wire = Wire::silent();
        let header = Header { name, length: 5 };
        wire.scene().happened(words::the_file_is_called(called(&header.name)));
        let refused = fails_with(InvalidInput).or(causes::SendsARefusedName);
        wire.expect_written("send_file", b"", refused, |wire| {
            send_file(wire, &header, &mut &b"hello"[..])
        });
    });
}

#[test]
fn files_of_any_size_arrive_under_their_names() {
    graded(|| {
        for size in SIZES {
            expect_arrival("a.txt", &text(size), Cause::OneReadIsNotOneMessage);
        }
        expect_arrival("神.txt", b"hello", causes::HeaderNotUnderstood);
        expect_arrival(&"a".repeat(255), b"hello", causes::TemporaryNameFromTheName);
    });
}

#[rstest]
#[case::cut_inside_the_length(&[2])]
#[case::cut_inside_the_json(&[4, 3, 11])]
#[case::cut_inside_the_content(&[33])]
#[case::header_alone(&[31])]
#[case::last_byte_of_the_content_alone(&[31, 4])]
#[case::byte_by_byte(&[1; 36])]
fn a_file_survives_any_segmentation(#[case] sizes: &'static [usize]) {
    graded(move || {
        builds_on(files_of_any_size_arrive_under_their_names);
        let folder = Folder::awaiting("a.txt");
        let cuts: Vec<PartialOp> = sizes.iter().copied().map(PartialOp::Limited).collect();
        let mut wire = Wire::cut(&upload("a.txt", b"hello"), &cuts);
        expect_received(&mut wire, &folder, arrives().or(Cause::OneReadIsNotOneMessage));
        folder.expect(wire.scene(), &[(FILE, b"hello")], Cause::OneReadIsNotOneMessage);
    });
}

#[test]
fn files_stuck_together_are_received_one_by_one() {
    graded(|| {
        builds_on(files_of_any_size_arrive_under_their_names);
        let folder = Folder::awaiting("a.txt");
        let contents: [&[u8]; 3] = [b"hello", b"", b"you"];
        let files: Vec<(&str, &[u8])> = FILES.into_iter().zip(contents).collect();
        let stuck = files.iter().map(|(path, content)| upload(name_in(path), content));
        let mut wire = Wire::delivers([stuck.collect::<Vec<_>>().concat()]);
        for path in FILES {
            let arrives = returns(path.to_owned()).or(Cause::ReadTooFar);
            expect_received(&mut wire, &folder, arrives.or_when_it_waits(Cause::ReadTooFar));
        }
        folder.expect(wire.scene(), &files, Cause::ReadTooFar);
    });
}

#[test]
fn interrupted_calls_are_repeated() {
    graded(|| {
        builds_on(a_sent_file_survives_short_writes);
        builds_on(files_of_any_size_arrive_under_their_names);
        builds_on(a_file_survives_any_segmentation);
        let signal = || PartialOp::Err(Interrupted);
        let limits = [signal(), PartialOp::Limited(2), signal(), PartialOp::Limited(40), signal()];
        let wire = Wire::silent().accepting(&limits);
        expect_sent(wire, "a.txt", &text(5), Cause::InterruptedIsNoFailure);

        let folder = Folder::awaiting("a.txt");
        let upload = upload("a.txt", b"hello");
        let mut cuts = [2, 8, 23, 3].map(PartialOp::Limited).to_vec();
        (0..4).for_each(|at| cuts.insert(2 * at, signal()));
        let mut wire = Wire::cut(&upload, &cuts);
        expect_received(&mut wire, &folder, arrives().or(Cause::InterruptedIsNoFailure));
        folder.expect(wire.scene(), &[(FILE, b"hello")], Cause::InterruptedIsNoFailure);

        let mut file = Wire::cut(b"hello", &[signal(), PartialOp::Limited(2), signal()]);
        file.scene().happened(words::THE_FILE_COMES_FROM_THE_PEER);
        let header = Header { name: "a.txt".to_owned(), length: 5 };
        let mut sent = Vec::new();
        let repeated = returns(()).or(Cause::InterruptedIsNoFailure);
        file.expect("send_file", repeated, |file| send_file(&mut sent, &header, file));
        let whole = returns(Sent::of("a.txt", b"hello")).or(Cause::InterruptedIsNoFailure);
        file.scene().expect_of(words::A_RECEIVER, words::READS_WHAT_WAS_SENT, whole, || {
            Ok(Sent::understood(&sent))
        });
    });
}

#[rstest]
#[case::as_python_writes_it(r#"{"name": "a.txt", "length": 5}"#)]
#[case::in_the_other_order(r#"{"length":5,"name":"a.txt"}"#)]
#[case::on_several_lines("{\n  \"name\": \"a.txt\",\n  \"length\": 5\n}\n")]
#[case::with_escapes(r#"{"name": "\u0061.txt", "length": 5}"#)]
#[case::with_another_field(r#"{"name": "a.txt", "length": 5, "mode": {"x": [1]}}"#)]
fn any_json_with_name_and_length_is_accepted(#[case] json: &'static str) {
    graded(move || {
        builds_on(files_of_any_size_arrive_under_their_names);
        let folder = Folder::awaiting("a.txt");
        let mut wire = Wire::delivers([[&framed(json.as_bytes())[..], b"hello"].concat()]);
        wire.scene().happened(words::the_header_says(on_one_line(json.as_bytes())));
        expect_received(&mut wire, &folder, arrives().or(causes::HeaderNotUnderstood));
        folder.expect(wire.scene(), &[(FILE, b"hello")], causes::HeaderNotUnderstood);
    });
}

#[test]
fn a_length_of_64_bits_is_understood() {
    graded(|| {
        builds_on(any_json_with_name_and_length_is_accepted);
        for length in [0, 1 << 32, 1 << 63, u64::MAX] {
            let mut wire = Wire::delivers([header_of("a.txt", length)]);
            wire.scene().happened(words::the_header_says(format!("\"length\":{length}")));
            let file = Finding::of(words::file_of(called("a.txt"), length));
            let understood = returns(file).or(causes::LengthNotUnderstood);
            wire.expect("read_header", understood, found_in_header);
        }
    });
}

#[rstest]
#[case::empty(b"")]
#[case::not_json(b"a.txt 5")]
#[case::incomplete(br#"{"name": "a.txt", "length": 5"#)]
#[case::two_objects(br#"{"name": "a.txt", "length": 5} {}"#)]
#[case::not_an_object(br#"["a.txt", 5]"#)]
#[case::no_name(br#"{"length": 5}"#)]
#[case::no_length(br#"{"name": "a.txt"}"#)]
#[case::a_number_as_a_name(br#"{"name": 5, "length": 5}"#)]
#[case::a_negative_length(br#"{"name": "a.txt", "length": -1}"#)]
#[case::a_fractional_length(br#"{"name": "a.txt", "length": 4.5}"#)]
#[case::a_length_in_quotes(br#"{"name": "a.txt", "length": "5"}"#)]
#[case::a_null_length(br#"{"name": "a.txt", "length": null}"#)]
#[case::a_length_above_u64(br#"{"name": "a.txt", "length": 18446744073709551616}"#)]
#[case::not_utf_8(b"{\"name\": \"\xff\xfe\", \"length\": 5}")]
fn an_invalid_json_header_is_refused(#[case] json: &'static [u8]) {
    graded(move || {
        let folder = Folder::awaiting("a.txt");
        let mut wire = Wire::delivers([[&framed(json)[..], b"hello"].concat()]).then_closes();
        wire.scene().happened(words::the_header_says(on_one_line(json)));
        expect_error(&mut wire, &folder, InvalidData, causes::NotAHeader);
        folder.expect(wire.scene(), &[], causes::NotAHeader);

        let mut wire = Wire::delivers([framed(json)]);
        wire.scene().happened(words::the_header_says(on_one_line(json)));
        wire.expect("read_header", fails_with(InvalidData).or(causes::NotAHeader), found_in_header);
    });
}

#[rstest]
#[case::minus_one(-1)]
#[case::the_most_negative(i32::MIN)]
#[case::one_byte_above_the_limit(MAX_HEADER as i32 + 1)]
#[case::the_largest(i32::MAX)]
fn a_header_length_out_of_bounds_is_refused(#[case] length: i32) {
    graded(move || {
        let folder = Folder::awaiting("a.txt");
        // The connection stays open: a read of what is refused would wait for ever.
        let mut wire = Wire::delivers([length.to_le_bytes()]);
        let ((), bytes) = bytes_allocated(|| {
            expect_error(&mut wire, &folder, InvalidData, causes::HeaderLengthTrusted);
        });
        wire.scene().at_most_allocated("receive_file", bytes, 4);
    });
}

#[test]
fn the_longest_header_is_allowed() {
    graded(|| {
        builds_on(files_of_any_size_arrive_under_their_names);
        builds_on(any_json_with_name_and_length_is_accepted);
        let folder = Folder::awaiting("a.txt");
        let mut json = json!({ "name": "a.txt", "length": 5 }).to_string();
        json.push_str(&" ".repeat(MAX_HEADER - json.len()));
        let mut wire = Wire::delivers([[&framed(json.as_bytes())[..], b"hello"].concat()]);
        expect_received(&mut wire, &folder, arrives().or(causes::HeaderLengthTrusted));
    });
}

#[test]
fn any_content_in_any_segmentation_is_received_whole() {
    graded(|| {
        builds_on(interrupted_calls_are_repeated);
        builds_on(a_file_survives_any_segmentation);
        builds_on(files_stuck_together_are_received_one_by_one);
        for_any_segmentation(|input| {
            let folder = Folder::awaiting("a.txt");
            let contents = input.messages.iter().map(Vec::as_slice);
            let files: Vec<(&str, &[u8])> = FILES.into_iter().zip(contents).collect();
            let stream: Vec<u8> =
                files.iter().flat_map(|(path, content)| upload(name_in(path), content)).collect();
            let mut wire = Wire::cut(&stream, &input.cuts).then_closes();
            for (path, _) in &files {
                let arrives = returns((*path).to_owned()).or(Cause::OneReadIsNotOneMessage);
                expect_received(&mut wire, &folder, arrives);
            }
            folder.expect(wire.scene(), &files, Cause::OneReadIsNotOneMessage);
        });
    });
}

#[test]
fn a_broken_transfer_leaves_no_file() {
    graded(|| {
        let small = upload("a.txt", b"hello");
        (0..small.len()).for_each(|end| expect_nothing_left(&small, end));
        // Long enough that any buffer has been written out before the end.
        let large = upload("a.txt", &text(512 * 1024));
        let header = large.len() - 512 * 1024;
        for size in SIZES.iter().filter(|size| **size > 0) {
            expect_nothing_left(&large, header + size - 1);
        }
        // The lower 32 bits of these lengths are 0 and 5.
        for length in [1 << 32, (1 << 32) + 5] {
            let endless = [header_of("a.txt", length), b"hello".to_vec()].concat();
            expect_nothing_left(&endless, endless.len());
        }
    });
}

#[test]
fn an_error_of_a_stream_comes_back() {
    graded(|| {
        builds_on(a_sent_file_survives_short_writes);
        builds_on(a_broken_transfer_leaves_no_file);
        // A write fails once: at the start or inside the header, and at the start of the content.
        let upload = upload("a.txt", b"hello");
        for (sent, content) in [(0, ""), (2, ""), (0, "hello"), (upload.len() - 5, "hello")] {
            let mut ops = vec![PartialOp::Limited(1); sent];
            ops.push(PartialOp::Err(BrokenPipe));
            let mut wire = Wire::silent().accepting(&ops);
            let header = Header { name: "a.txt".to_owned(), length: content.len() as u64 };
            let broken = fails_with(BrokenPipe).or(Cause::ErrorLost);
            wire.expect("send_file", broken, |wire| {
                send_file(wire, &header, &mut content.as_bytes())
            });
        }
        // A read fails once, anywhere.
        for end in 0..5 {
            let file = Wire::delivers([&b"hello"[..end]]).then_fails(WouldBlock);
            let mut file = file.then_delivers(&b"hello"[end..]).then_closes();
            file.scene().happened(words::THE_FILE_COMES_FROM_THE_PEER);
            let header = Header { name: "a.txt".to_owned(), length: 5 };
            let failed = fails_with(WouldBlock).or(Cause::ErrorLost);
            file.expect("send_file", failed, |file| send_file(&mut io::sink(), &header, file));
        }
        for end in 0..upload.len() {
            let folder = Folder::awaiting("a.txt");
            let wire = Wire::delivers([&upload[..end]]).then_fails(WouldBlock);
            let mut wire = wire.then_delivers(&upload[end..]).then_closes();
            expect_received(&mut wire, &folder, fails_with(WouldBlock).or(Cause::ErrorLost));
            folder.expect_nothing_left(wire.scene());
        }
    });
}

#[test]
fn a_failed_write_leaves_no_file() {
    graded_apart(
        |listens| {
            harness::on_a_full_disk(listens, |folder| {
                let mut stream = &upload("a.txt", &text(4096))[..];
                receive_file(&mut stream, folder, IfExists::Refuse).map(drop)
            })
        },
        |apart| {
            builds_on(files_of_any_size_arrive_under_their_names);
            builds_on(a_broken_transfer_leaves_no_file);
            if !Apart::is_possible() {
                return println!("{}", words::NOT_CHECKED_HERE);
            }
            let folder = Folder::awaiting("a.txt");
            let scene = Scene::begin();
            scene.happened(words::THE_DISK_IS_FULL);
            let mut receiver = apart.start(64).expect("a receiver in a process of its own");
            let failed = returns(Finding::of(words::AN_ERROR)).or(causes::FailedWriteUnreported);
            scene.expect("receive_file", failed, || {
                let is_error = harness::fails_on_a_full_disk(&mut receiver, &folder.path())?;
                Ok(Finding::of(if is_error { words::AN_ERROR } else { words::SUCCESS }))
            });
            folder.expect_nothing_left(&scene);
        },
    );
}

#[rstest]
#[case::that_shrank_to_nothing(5, "", Err(UnexpectedEof))]
#[case::that_shrank(5, "hel", Err(UnexpectedEof))]
#[case::that_shrank_by_more_than_a_buffer(600_000, "hello", Err(UnexpectedEof))]
#[case::that_shrank_from_4_gib(1 << 32, "hello", Err(UnexpectedEof))]
#[case::that_grew(5, r"hello, world", Ok(()))]
#[case::that_was_empty_and_grew(0, "hello", Ok(()))]
fn a_sender_sends_the_announced_length_or_fails(
    #[case] promised: u64,
    #[case] content: &'static str,
    #[case] expected: Result<(), ErrorKind>,
) {
    graded(move || {
        builds_on(a_file_is_sent_after_its_header);
        builds_on(a_broken_transfer_leaves_no_file);
        let mut wire = Wire::silent();
        let scene = wire.scene().clone();
        scene.happened(words::the_sender_saw(promised));
        scene.happened(words::now_the_file_has(content.len()));
        let header = Header { name: "a.txt".to_owned(), length: promised };
        let kept = expected.map_or_else(fails_with, returns).or(Cause::PromiseNotKept);
        let mut rest = content.as_bytes();
        scene.expect("send_file", kept, || {
            let came = send_file(&mut wire, &header, &mut rest);
            if came.as_ref().err().map(io::Error::kind) != expected.err() {
                scene.notice(Cause::PromiseNotKept);
            }
            came
        });
        let length = promised.min(content.len() as u64) as usize;
        if expected.is_ok() {
            let sent = Sent::of("a.txt", &content.as_bytes()[..length]);
            expect_understood(&wire, sent, Cause::PromiseNotKept);
        }
        let unread = returns(content.len() - length).or(Cause::PromiseNotKept);
        scene.expect_of(words::THE_TEST, words::ASKS_WHAT_IS_UNREAD, unread, || Ok(rest.len()));
    });
}

#[test]
fn a_name_appears_only_when_its_file_is_whole() {
    graded(|| {
        for size in [5, 512 * 1024] {
            let folder = Folder::awaiting("a.txt");
            let content = text(size);
            let (mut wire, before) = last_byte_apart(&upload("a.txt", &content));
            let scene = wire.scene().clone();
            scene.expect("receive_file", arrives(), || {
                let inspect = || folder.expect_under_way(&scene, "receive_file");
                let mut stream = wire.meanwhile(before, inspect);
                receive(&mut stream, &folder, IfExists::Refuse)
            });
            folder.expect(&scene, &[(FILE, &content)], Cause::NamedTooSoon);
        }
    });
}

#[test]
fn an_existing_file_is_replaced_only_when_asked() {
    graded(|| {
        builds_on(files_of_any_size_arrive_under_their_names);
        let folder = Folder::awaiting("a.txt");
        folder.put(FILE, b"an older file");
        let mut wire = Wire::delivers([upload("a.txt", b"hello")]).then_closes();
        expect_error(&mut wire, &folder, AlreadyExists, Cause::OverwritesUnasked);
        folder.expect(wire.scene(), &[(FILE, b"an older file")], Cause::OverwritesUnasked);

        let mut wire = Wire::delivers([upload("a.txt", b"hello")]);
        expect_replaced(&mut wire, &folder, arrives().or(causes::DoesNotReplaceWhenAsked));
        folder.expect(wire.scene(), &[(FILE, b"hello")], causes::DoesNotReplaceWhenAsked);
    });
}

#[test]
fn a_folder_is_never_replaced() {
    graded(|| {
        builds_on(an_existing_file_is_replaced_only_when_asked);
        for if_exists in [IfExists::Refuse, IfExists::Replace] {
            let folder = Folder::awaiting("a.txt");
            fs::create_dir(folder.at(FILE)).expect("failed to make a folder");
            let mut wire = Wire::delivers([upload("a.txt", b"hello")]);
            wire.scene().happened(words::a_folder_has_the_name("a.txt"));
            let error = Finding::of(words::AN_ERROR.to_owned());
            let refused = returns(error.clone()).or(causes::FolderTakenForAFile);
            wire.expect(&format!(r"receive_file(…, IfExists::{if_exists:?})"), refused, |wire| {
                Ok(receive(wire, &folder, if_exists).map_or(error, Finding::of))
            });
            folder.expect(wire.scene(), &[("received/a.txt/", b"")], causes::FolderTakenForAFile);
        }
    });
}

#[test]
fn a_broken_replacement_keeps_the_old_file() {
    graded(|| {
        builds_on(a_broken_transfer_leaves_no_file);
        builds_on(an_existing_file_is_replaced_only_when_asked);
        let upload = upload("a.txt", b"hello");
        for end in 0..upload.len() {
            let folder = Folder::awaiting("a.txt");
            folder.put(FILE, b"an older file");
            let mut wire = Wire::delivers([&upload[..end]]).then_closes();
            wire.scene().happened(words::is_there_already("a.txt"));
            expect_replaced(&mut wire, &folder, fails_with(UnexpectedEof));
            folder.expect(wire.scene(), &[(FILE, b"an older file")], causes::OldFileLost);
        }
    });
}

#[test]
fn a_file_created_during_transfer_is_not_overwritten() {
    graded(|| {
        builds_on(a_name_appears_only_when_its_file_is_whole);
        builds_on(an_existing_file_is_replaced_only_when_asked);
        let folder = Folder::awaiting("a.txt");
        let (mut wire, before) = last_byte_apart(&upload("a.txt", b"hello"));
        let scene = wire.scene().clone();
        let taken = fails_with(AlreadyExists).or(Cause::NameTakenMeanwhile);
        scene.expect("receive_file", taken, || {
            let mut stream = wire.meanwhile(before, || {
                scene.happened(words::another_program_saves("a.txt"));
                folder.put(FILE, b"another program's");
            });
            receive(&mut stream, &folder, IfExists::Refuse)
        });
        folder.expect(&scene, &[(FILE, b"another program's")], Cause::NameTakenMeanwhile);
    });
}

#[test]
fn two_uploads_with_one_name_do_not_mix() {
    graded(|| {
        builds_on(files_of_any_size_arrive_under_their_names);
        let folder = Folder::awaiting("a.txt");
        let second = upload("a.txt", b"the second");
        let (mut wire, before) = last_byte_apart(&upload("a.txt", b"the first of the two"));
        let scene = wire.scene().clone();
        let taken = fails_with(AlreadyExists).or(causes::UploadsMix);
        scene.expect("receive_file", taken, || {
            let mut stream = wire.meanwhile(before, || {
                scene.happened(words::another_client_sends("a.txt", 10));
                let saved = receive(&mut &second[..], &folder, IfExists::Refuse);
                let came = saved.unwrap_or_else(|error| format!("{:?}", error.kind()));
                scene.happened(words::its_receive_file_returned(came));
            });
            receive(&mut stream, &folder, IfExists::Refuse)
        });
        folder.expect(&scene, &[(FILE, b"the second")], causes::UploadsMix);
    });
}

#[cfg(unix)]
#[rstest]
#[case::to_a_file("../outside.txt")]
#[case::to_nothing("../new.txt")]
fn a_symbolic_link_is_never_followed(#[case] target: &'static str) {
    graded(move || {
        builds_on(a_name_appears_only_when_its_file_is_whole);
        builds_on(an_existing_file_is_replaced_only_when_asked);
        let link = format!(r"received/a.txt → {target}");
        let linked = |wire: &Wire| {
            let folder = Folder::awaiting("a.txt");
            std::os::unix::fs::symlink(target, folder.at(FILE)).expect("failed to make a link");
            wire.scene().happened(words::a_link_is_there(&link));
            folder
        };
        let mut wire = Wire::delivers([upload("a.txt", b"hello")]).then_closes();
        let folder = linked(&wire);
        expect_error(&mut wire, &folder, AlreadyExists, causes::LinkFollowed);
        folder.expect(wire.scene(), &[(&link, b"")], causes::LinkFollowed);

        let mut wire = Wire::delivers([upload("a.txt", b"hello")]);
        let folder = linked(&wire);
        expect_replaced(&mut wire, &folder, arrives().or(causes::LinkFollowed));
        folder.expect(wire.scene(), &[(FILE, b"hello")], causes::LinkFollowed);
    });
}

#[test]
fn a_transfer_uses_constant_memory() {
    const SIZE: u64 = 16 * 1024 * 1024;
    graded(|| {
        builds_on(files_of_any_size_arrive_under_their_names);
        builds_on(a_broken_transfer_leaves_no_file);
        let content = || io::repeat(b'x').take(SIZE);

        let scene = Scene::begin();
        scene.happened(words::A_LARGE_FILE_IS_TO_BE_SENT);
        let header = Header { name: "a.txt".to_owned(), length: SIZE };
        let mut file = MemoryWatch::over(content());
        let mut stream = MemoryWatch::over(io::sink());
        scene.expect("send_file", returns(()), || {
            let sent = send_file(&mut stream, &header, &mut file);
            notice_memory(&scene, file.most().max(stream.most()));
            sent
        });

        let folder = Folder::awaiting("a.txt");
        let wire = Wire::silent();
        let scene = wire.scene().clone();
        scene.happened(words::A_LARGE_FILE_COMES);
        let announced = header_of("a.txt", SIZE);
        let mut stream = MemoryWatch::over(announced.chain(content()).chain(wire));
        scene.expect("receive_file", arrives(), || {
            let received = receive(&mut stream, &folder, IfExists::Refuse);
            notice_memory(&scene, stream.most());
            received
        });
        let length = fs::metadata(folder.at(FILE)).map(|file| file.len() as usize);
        let whole = returns(SIZE as usize).or(Cause::TruncationLooksComplete);
        scene.expect_of(words::THE_TEST, words::ASKS_FOR_THE_SIZE, whole, || length);

        let wire = Wire::delivers([header_of("b.txt", 1 << 30)]).then_closes();
        let scene = wire.scene().clone();
        scene.happened(words::THE_HEADER_PROMISES_A_GIB);
        let mut stream = MemoryWatch::over(wire);
        scene.expect("receive_file", fails_with(UnexpectedEof), || {
            let received = receive(&mut stream, &folder, IfExists::Refuse);
            notice_memory(&scene, stream.most());
            received
        });
    });
}

#[test]
fn a_file_arrives_over_a_real_connection() {
    graded(|| {
        builds_on(files_of_any_size_arrive_under_their_names);
        builds_on(files_stuck_together_are_received_one_by_one);
        let folder = Folder::awaiting("a.txt");
        let content = text(1024 * 1024 + 1);
        folder.put("outside.txt", &content);
        let (file, length) = (folder.at("outside.txt"), content.len() as u64);
        let (mut client, mut server) = connected().expect("failed to connect over loopback");
        let scene = Scene::begin();
        scene.happened(words::A_FILE_GOES_OVER_TCP);
        let sender = in_background("send_file", move || {
            let header = Header { name: "a.txt".to_owned(), length };
            send_file(&mut client, &header, &mut File::open(file)?)
        });
        // Code that reads ahead must find content to take, and not only if it is late.
        let mut start = [0; 16 * 1024];
        while !sender.is_over() && server.peek(&mut start).is_ok_and(|n| n < start.len()) {
            thread::yield_now();
        }
        let whole = || arrives().or(Cause::OneReadIsNotOneMessage);
        scene.expect("receive_file", whole(), || receive(&mut server, &folder, IfExists::Refuse));
        scene.expect("send_file", returns(()), || sender.join());
        let cause = Cause::OneReadIsNotOneMessage;
        folder.expect_with_outside(&scene, &content, &[(FILE, &content)], cause);
    });
}

/// Where a file named `a.txt` arrives.
const FILE: &str = "received/a.txt";

/// Where several files arrive.
const FILES: [&str; 3] = [FILE, "received/b.txt", "received/c.txt"];

fn name_in(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What a receiver understands from the bytes that were sent.
#[derive(Clone, Debug, PartialEq)]
struct Sent {
    header: String,
    content: Vec<u8>,
}

impl Sent {
    fn of(name: &str, content: &[u8]) -> Sent {
        let header = words::file_of(called(name), content.len());
        Sent { header, content: content.to_vec() }
    }

    fn understood(bytes: &[u8]) -> Sent {
        let parts = bytes.split_first_chunk::<4>().and_then(|(length, rest)| {
            rest.split_at_checked(usize::try_from(i32::from_le_bytes(*length)).ok()?)
        });
        let Some((json, content)) = parts else {
            return Sent { header: words::NOT_EVEN_A_HEADER.to_owned(), content: bytes.to_vec() };
        };
        let parsed: Value = serde_json::from_slice(json).unwrap_or_default();
        let header = match (parsed["name"].as_str(), parsed["length"].as_u64()) {
            (Some(name), Some(length)) => words::file_of(called(name), length),
            _ => words::a_header_that_says(on_one_line(json)),
        };
        Sent { header, content: content.to_vec() }
    }
}

impl Describe for Sent {
    fn describe(&self) -> String {
        words::header_and_content(&self.header, quoted(&self.content))
    }
}

fn expect_plain(name: &str, expected: bool, cause: Cause) {
    let call = format!("is_plain_name({})", called(name));
    Scene::begin().expect(&call, returns(expected).or(cause), || Ok(is_plain_name(name)));
}

/// Check that the name is not plain, and that a file of that name is refused and leaves no trace.
fn expect_refused(name: &str, cause: Cause) {
    expect_plain(name, false, cause.clone());
    let folder = Folder::awaiting(name);
    let mut wire = Wire::delivers([upload(name, b"hello")]).then_closes();
    wire.scene().happened(words::a_file_comes_as(called(name)));
    expect_error(&mut wire, &folder, InvalidData, cause.clone());
    folder.expect(wire.scene(), &[], cause.clone());

    // A program may read the header itself.
    let mut wire = Wire::delivers([b"hello"]).then_closes();
    wire.scene().happened(words::the_file_is_called(called(name)));
    let header = Header { name: name.to_owned(), length: 5 };
    let refused = fails_with(InvalidData).or(cause.clone());
    wire.expect("save_content", refused, |wire| {
        folder.shown(save_content(wire, &header, &folder.path(), IfExists::Refuse))
    });
    folder.expect(wire.scene(), &[], cause);
}

fn expect_parsed(header: &[u8], expected: Expected<Finding>) {
    let call = format!("parse_post({})", quoted(header));
    Scene::begin().expect(&call, expected, || {
        let Header { name, length } = parse_post(header)?;
        Ok(Finding::of(words::bytes_for(length, called(&name))))
    });
}

/// Send a file, and check what a receiver understands from the bytes.
fn expect_sent(mut wire: Wire, name: &str, content: &[u8], cause: Cause) {
    let header = Header { name: name.to_owned(), length: content.len() as u64 };
    wire.expect("send_file", returns(()).or(cause.clone()), |wire| {
        send_file(wire, &header, &mut &content[..])
    });
    expect_understood(&wire, Sent::of(name, content), cause);
}

fn expect_understood(wire: &Wire, expected: Sent, cause: Cause) {
    let came = Sent::understood(&wire.written());
    let whole = returns(expected.clone());
    wire.scene().expect_of(words::A_RECEIVER, words::READS_WHAT_WAS_SENT, whole, || {
        if came != expected {
            wire.scene().notice(cause);
        }
        Ok(came)
    });
}

fn arrives() -> Expected<String> {
    returns(FILE.to_owned())
}

fn expect_arrival(name: &str, content: &[u8], cause: Cause) {
    let folder = Folder::awaiting(name);
    // The connection stays open: a read for more bytes than there are waits for ever.
    let mut wire = Wire::delivers([upload(name, content)]);
    let path = format!("received/{name}");
    let mut arrives = returns(path.clone()).or(cause.clone());
    if content.is_empty() {
        arrives = arrives.or_when_it_waits(Cause::EmptyFileIsAFile);
    }
    expect_received(&mut wire, &folder, arrives);
    folder.expect(wire.scene(), &[(&path, content)], cause);
}

/// End the stream after `end` bytes, by a close and by a reset, and check that nothing is left behind.
fn expect_nothing_left(upload: &[u8], end: usize) {
    let folder = Folder::awaiting("a.txt");
    let mut wire = Wire::delivers([&upload[..end]]).then_closes();
    expect_received(&mut wire, &folder, fails_with(UnexpectedEof));
    folder.expect_nothing_left(wire.scene());

    let folder = Folder::awaiting("a.txt");
    let mut wire = Wire::delivers([&upload[..end]]).then_resets();
    let error = Finding::of(words::AN_ERROR.to_owned());
    let broken = returns(error.clone()).or(Cause::TruncationLooksComplete);
    wire.expect("receive_file", broken, |wire| {
        Ok(receive(wire, &folder, IfExists::Refuse).map_or(error, Finding::of))
    });
    folder.expect_nothing_left(wire.scene());
}

/// What `read_header` finds, as a story shows it.
fn found_in_header(wire: &mut Wire) -> io::Result<Finding> {
    let Header { name, length } = read_header(wire)?;
    Ok(Finding::of(words::file_of(called(&name), length)))
}

fn receive(stream: &mut impl Read, folder: &Folder, if_exists: IfExists) -> io::Result<String> {
    folder.shown(receive_file(stream, &folder.path(), if_exists))
}

fn expect_received(wire: &mut Wire, folder: &Folder, expected: Expected<String>) {
    wire.expect("receive_file", expected, |wire| receive(wire, folder, IfExists::Refuse));
}

fn expect_replaced(wire: &mut Wire, folder: &Folder, expected: Expected<String>) {
    wire.expect(r"receive_file(…, IfExists::Replace)", expected, |wire| {
        receive(wire, folder, IfExists::Replace)
    });
}

/// Expect an error of this kind; report this cause, whatever the result was instead.
fn expect_error(wire: &mut Wire, folder: &Folder, kind: ErrorKind, cause: Cause) {
    let scene = wire.scene().clone();
    let refused = fails_with(kind).or(cause.clone()).or_when_it_waits(cause.clone());
    scene.expect("receive_file", refused, || {
        let came = receive(wire, folder, IfExists::Refuse);
        if came.as_ref().err().map(io::Error::kind) != Some(kind) {
            scene.notice(cause);
        }
        came
    });
}

fn notice_memory(scene: &Scene, most: usize) {
    if most > 8 * 1024 * 1024 {
        scene.happened(words::MORE_THAN_8_MIB_HELD);
        scene.notice(Cause::HeldInMemory);
    }
}

/// A file in the format of the wire.
fn upload(name: &str, content: &[u8]) -> Vec<u8> {
    [header_of(name, content.len() as u64), content.to_vec()].concat()
}

fn header_of(name: &str, length: u64) -> Vec<u8> {
    framed(json!({ "name": name, "length": length }).to_string().as_bytes())
}

fn framed(json: &[u8]) -> Vec<u8> {
    [&(json.len() as i32).to_le_bytes()[..], json].concat()
}

/// A wire whose last byte arrives separately, and the number of bytes before it.
fn last_byte_apart(bytes: &[u8]) -> (Wire, usize) {
    let before = bytes.len() - 1;
    (Wire::delivers([&bytes[..before], &bytes[before..]]), before)
}

fn text(length: usize) -> Vec<u8> {
    (b'a'..=b'z').cycle().take(length).collect()
}

/// A name as a story shows it: if it is long, only its beginning and its length.
fn called(name: &str) -> String {
    if name.len() <= 64 {
        return format!("\"{}\"", name.escape_debug());
    }
    let start: String = name.chars().take(4).collect();
    let characters = counted(name.chars().count(), "character");
    words::a_long_name(start, characters, counted(name.len(), "byte"))
}

fn on_one_line(json: &[u8]) -> String {
    let text = String::from_utf8_lossy(json);
    if text.is_empty() { words::NOTHING.to_owned() } else { text.replace('\n', " ") }
}
