//! Finds submissions that are alike beyond renaming and layout: a list to look at, not a verdict.
//!
//! ```text
//! source   self.sent += stream.write(rest)?;        let n = text.len().min(io::MAX);
//! tokens   self . NAME + = NAME . write ( NAME ) ?  let NAME = NAME . len ( ) . min ( MAX )
//! ```
//!
//! The hash of `RUN` tokens in a row is a fingerprint. Of `WINDOW` neighbours the smallest is kept, so two
//! files that share `RUN + WINDOW - 1` tokens in a row share a fingerprint, wherever these stand (winnowing:
//! Schleimer, Wilkerson and Aiken 2003). What the lesson gives does not count, nor what much of the class has
//! written.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use ra_ap_rustc_lexer::LiteralKind::{Byte, Char, Float, Int};
use ra_ap_rustc_lexer::TokenKind::{
    Bang, BlockComment, CloseBrace, Colon, Comma, Dot, Eq, Ident, Lifetime, LineComment, Literal,
    OpenBrace, OpenParen, RawIdent, RawLifetime, Semi, Whitespace,
};
use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many tokens in a row are compared. Any two answers to one task have shorter runs in common.
const RUN: usize = 12;

/// Of how many neighbouring fingerprints one is kept.
const WINDOW: usize = 4;

/// The smallest share that is reported: independent right answers share less, and a disguised copy more.
const SHARE: f64 = 0.5;

/// The fewest tokens that a submission is judged by: a small fix can be written in one way only.
const FEWEST: usize = 60;

/// A fingerprint is common if more submissions than this, and more than a quarter of them, have it.
const FEW: usize = 8;

/// Two submissions for one lesson that are alike.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Alike {
    /// The student whose name comes first in the alphabet.
    pub a: String,
    /// The other student.
    pub b: String,
    /// How much of the smaller submission is in the other one, too: at most 1.
    pub share: f64,
    /// The size of the smaller submission, in tokens, without those that do not count.
    pub of: usize,
}

/// List the pairs of submissions for one lesson that are alike, the most alike first.
///
/// `submissions` are students with the text that each has handed in, which need not be Rust. What is in `given`
/// does not count: the lesson's naive file, and the [code of its page](code_of). If several submissions are the
/// same, the one of the first student stands for all, and the others are paired with this one only.
pub fn pairs(given: &[&str], submissions: &[(String, String)]) -> Vec<Alike> {
    let given = given.iter().flat_map(|text| fingerprints(text)).map(|print| print.hash).collect();
    let mut works = works(&given, submissions);
    let holders = holders(&works);
    let common = FEW.max(works.len() / 4);
    for work in &mut works {
        work.prints.retain(|print| holders[&print.hash].len() <= common);
    }
    let mut alike = Vec::new();
    for (at, work) in works.iter().enumerate() {
        alike.extend(work.copies());
        let mut shared = vec![0; works.len()];
        for print in &work.prints {
            for holder in &holders[&print.hash] {
                shared[*holder as usize] += 1;
            }
        }
        let others = works.iter().zip(shared).skip(at + 1);
        alike.extend(others.filter_map(|(other, shared)| work.pair(other, shared)));
    }
    alike.sort_by(|x, y| {
        let names = || (&x.a, &x.b).cmp(&(&y.a, &y.b));
        y.share.total_cmp(&x.share).then(y.of.cmp(&x.of)).then_with(names)
    });
    alike
}

/// The code in a page: each block in a fence of three backquotes that is marked as Rust.
pub fn code_of(page: &str) -> impl Iterator<Item = &str> {
    page.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("rust"))
}

/// What one student, or several, have handed in.
struct Work<'s> {
    students: Vec<&'s str>,
    /// In the order of the file, each once.
    prints: Vec<Fingerprint>,
}

#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
struct Fingerprint {
    /// Of its first token, counted from 0.
    position: usize,
    hash: u64,
}

impl Work<'_> {
    /// How many tokens its fingerprints are made from.
    fn size(&self) -> usize {
        let mut end = 0;
        let added = self.prints.iter().map(|print| {
            let before = std::mem::replace(&mut end, print.position + RUN);
            (end - before).min(RUN)
        });
        added.sum()
    }

    /// Pair its first student with each of the others.
    fn copies(&self) -> impl Iterator<Item = Alike> {
        let size = self.size();
        let others = self.students.iter().skip(1).filter(move |_| size >= FEWEST);
        others.map(move |other| alike(self.students[0], other, 1.0, size))
    }

    /// Pair it with another one that has so many of its fingerprints, or `None` if this is too little.
    fn pair(&self, other: &Work, shared: u32) -> Option<Alike> {
        let smaller = if self.prints.len() < other.prints.len() { self } else { other };
        let share = f64::from(shared) / smaller.prints.len() as f64;
        // The size last: there are millions of pairs in a large class.
        let size = (share >= SHARE).then(|| smaller.size()).filter(|size| *size >= FEWEST)?;
        Some(alike(self.students[0], other.students[0], share, size))
    }
}

fn alike(one: &str, other: &str, share: f64, of: usize) -> Alike {
    Alike { a: one.min(other).to_owned(), b: one.max(other).to_owned(), share, of }
}

/// The submissions without what was given. Those that are the same are one work.
fn works<'s>(given: &HashSet<u64>, submissions: &'s [(String, String)]) -> Vec<Work<'s>> {
    let mut works: BTreeMap<Vec<Fingerprint>, Vec<&str>> = BTreeMap::new();
    for (student, source) in submissions {
        let mut seen = HashSet::new();
        let mut prints = winnow(&fingerprints(source));
        prints.retain(|print| !given.contains(&print.hash) && seen.insert(print.hash));
        prints.shrink_to_fit();
        works.entry(prints).or_default().push(student);
    }
    let works = works.into_iter().map(|(prints, mut students)| {
        students.sort_unstable();
        Work { students, prints }
    });
    works.collect()
}

/// Which works have a fingerprint.
fn holders(works: &[Work]) -> HashMap<u64, Vec<u32>> {
    let mut holders: HashMap<u64, Vec<u32>> = HashMap::new();
    for (at, work) in (0..).zip(works) {
        for print in &work.prints {
            holders.entry(print.hash).or_default().push(at);
        }
    }
    holders
}

/// The smallest fingerprint of each window, the last one of equals.
fn winnow(prints: &[Fingerprint]) -> Vec<Fingerprint> {
    let windows = prints.windows(WINDOW.min(prints.len()).max(1));
    let smallest = windows.filter_map(|window| window.iter().rev().min_by_key(|print| print.hash));
    let mut kept: Vec<Fingerprint> = smallest.copied().collect();
    kept.dedup();
    kept
}

/// The fingerprint of every run of tokens.
fn fingerprints(source: &str) -> Vec<Fingerprint> {
    let tokens = tokens(source);
    let runs = tokens.windows(RUN).enumerate().map(|(position, run)| {
        let mut hasher = DefaultHasher::new();
        run.hash(&mut hasher);
        Fingerprint { position, hash: hasher.finish() }
    });
    runs.collect()
}

/// Names that every program has, and whose meaning it cannot change.
const WORDS: [&str; 40] = [
    "Err", "None", "Ok", "Self", "Some", "as", "async", "await", "break", "const", "continue",
    "crate", "dyn", "else", "enum", "extern", "false", "fn", "for", "if", "impl", "in", "let",
    "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "static", "struct",
    "super", "trait", "true", "type", "unsafe", "while",
];

/// After these, an item gets its name.
const ITEMS: [&str; 9] =
    ["const", "enum", "fn", "mod", "static", "struct", "trait", "type", "union"];

type Token<'s> = (TokenKind, &'s str);

/// The tokens of a program, without what can be changed and leaves the program the same.
///
/// Comments, imports, the beginning of a path, commas, colons and braces are left out: they depend on layout and
/// habit. Of literals and of most names only the kind counts.
fn tokens(source: &str) -> Vec<&str> {
    let code = code(source);
    let items = code.windows(2).filter(|pair| ITEMS.contains(&pair[0].1));
    let declared: HashSet<&str> = items.map(|pair| pair[1].1).chain(["Self"]).collect();
    let counted = (0..code.len()).filter_map(|at| {
        let (before, rest) = code.split_at(at);
        match rest {
            [(Ident, _), (Colon, _), (Colon, _), (Ident, _), ..] => None,
            [(Ident, name), ..] if is_kept(name, before, rest, &declared) => Some(*name),
            [(Ident | RawIdent, _), ..] => Some("NAME"),
            [(Lifetime { .. } | RawLifetime, _), ..] => Some("LIFETIME"),
            [(Literal { kind: Int { .. } | Float { .. }, .. }, _), ..] => Some("NUMBER"),
            [(Literal { kind: Char { .. } | Byte { .. }, .. }, _), ..] => Some("CHARACTER"),
            [(Literal { .. }, _), ..] => Some("TEXT"),
            [(Comma | Colon | OpenBrace | CloseBrace, _), ..] => None,
            _ => Some(rest[0].1),
        }
    });
    counted.collect()
}

/// Whether another name would change the program: the name is a word of the language, or one of a method, of a
/// macro or at the end of a path, and the program does not declare it.
fn is_kept(name: &str, before: &[Token], rest: &[Token], declared: &HashSet<&str>) -> bool {
    let elsewhere = match (before, rest) {
        ([.., (Ident, owner), (Colon, _), (Colon, _)], _) => !declared.contains(owner),
        ([.., (Colon, _), (Colon, _)], _) => true,
        ([.., (Dot, _)], [_, (OpenParen, _), ..] | [_, (Colon, _), (Colon, _), ..]) => true,
        (_, [_, (Bang, _), (Eq, _), ..]) => false,
        (_, [_, (Bang, _), ..]) => true,
        _ => name.starts_with(char::is_uppercase),
    };
    WORDS.contains(&name) || elsewhere && !declared.contains(name)
}

/// What rustc's lexer finds, without white space, comments and imports. It takes any text.
fn code(source: &str) -> Vec<Token<'_>> {
    let mut rest = source;
    let all = tokenize(source, FrontmatterAllowed::No).map(|token| {
        let (text, after) = rest.split_at(token.len as usize);
        rest = after;
        (token.kind, text)
    });
    let mut code: Vec<Token> = all.collect();
    code.retain(|(kind, _)| !matches!(kind, BlockComment { .. } | LineComment { .. } | Whitespace));
    let mut import = false;
    code.retain(|(kind, text)| {
        let inside = import || *text == "use";
        import = inside && *kind != Semi;
        !inside
    });
    code
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use regex::Regex;

    use super::*;

    /// Right answers that are the solution with a change, as most say in their first line.
    const DERIVED: [&str; 4] = [
        "01_udp_echo/right/thread_per_datagram.rs",
        "05_socketserver/right/further.rs",
        "08_chat/right/further.rs",
        "11_remote_command/right/further.rs",
    ];

    #[test]
    fn a_disguised_copy_is_on_top() {
        for lesson in lessons() {
            let mut answers = independent_answers(&lesson);
            let solution = answers["solution.rs"].clone();
            answers.insert(r"a disguised copy".to_owned(), disguised(&solution));
            let alike = pairs(&[&naive(&lesson)], &Vec::from_iter(answers));
            let found = alike.first().unwrap_or_else(|| panic!("{lesson:?}: it is not reported"));
            assert_eq!([&*found.a, &found.b], ["a disguised copy", "solution.rs"], "{alike:#?}");
            assert!(found.share > 0.7, "{lesson:?}: {found:?}");
            assert_eq!(alike.len(), 1, "{lesson:?}: {alike:#?}");
        }
    }

    #[test]
    fn independent_answers_are_not_reported() {
        for lesson in lessons() {
            let answers = Vec::from_iter(independent_answers(&lesson));
            assert_eq!(pairs(&[&naive(&lesson)], &answers), [], "{lesson:?}");
        }
    }

    #[test]
    fn an_answer_made_from_another_one_is_reported() {
        for file in DERIVED {
            let file = root().join(file);
            let lesson = file.ancestors().nth(2).expect("a lesson's folder");
            let answers =
                [handed_in("a", &read(&lesson.join("solution.rs"))), handed_in("b", &read(&file))];
            let alike = pairs(&[&naive(lesson)], &answers);
            assert_eq!(alike.len(), 1, "{file:?}");
            assert!(alike[0].share > 0.8, "{file:?}: {alike:?}");
        }
    }

    #[test]
    fn a_naive_file_that_was_not_changed_is_like_no_other() {
        let naive = naive(&root().join("03_struct_header"));
        let students: Vec<_> = (0..10).map(|n| handed_in(&n.to_string(), &naive)).collect();
        assert_eq!(pairs(&[&naive], &students), []);
    }

    #[test]
    fn code_of_the_page_does_not_count() {
        let copy = function(1);
        let students = [handed_in("a", &copy), handed_in("b", &copy)];
        let page = format!("Text.\n\n```text\n|x|\n```\n\n```rust,no_run\n{copy}\n```\n\nText.\n");
        assert_eq!(pairs(&[], &students).len(), 1);
        let given: Vec<&str> = code_of(&page).collect();
        assert_eq!(given.len(), 1);
        assert_eq!(pairs(&given, &students), []);
    }

    #[test]
    fn what_a_quarter_of_the_class_has_does_not_count() {
        let with_the_same =
            |n: usize| handed_in(&n.to_string(), &(function(0) + &function(100) + &function(n)));
        let few: Vec<_> = (1..=8).map(with_the_same).collect();
        assert_eq!(pairs(&[], &few).len(), 8 * 7 / 2);
        let many: Vec<_> = (1..=9).map(with_the_same).collect();
        assert_eq!(pairs(&[], &many), []);
    }

    #[test]
    fn copies_are_paired_with_the_first_of_them() {
        let copies = (0..20).map(|n| handed_in(&format!("copy {n:02}"), &function(0)));
        let others = (1..20).map(|n| handed_in(&format!("other {n:02}"), &function(n)));
        let alike = pairs(&[], &others.chain(copies).collect::<Vec<_>>());
        let names: Vec<[&str; 2]> = alike.iter().map(|pair| [&*pair.a, &*pair.b]).collect();
        let expected: Vec<String> = (1..20).map(|n| format!("copy {n:02}")).collect();
        let expected: Vec<[&str; 2]> = expected.iter().map(|name| ["copy 00", name]).collect();
        assert_eq!(names, expected);
        assert!(alike.iter().all(|pair| pair.share == 1.0 && pair.of > FEWEST));
    }

    #[test]
    fn text_that_does_not_compile_is_compared_too() {
        let cut = function(1).split_off(9);
        let open = format!("{cut} {{ ( \"never closed");
        let students = [handed_in("a", &open), handed_in("b", &disguised(&open))];
        assert_eq!(pairs(&[], &students).len(), 1);
        for text in [
            "",
            "\0",
            "/* /*",
            "'",
            "r#\"",
            "use",
            "💥 ::",
            "((((",
            "fn",
            "b'",
            "::",
            "😀😀#\"",
            "1e+",
        ] {
            assert_eq!(pairs(&[text], &[handed_in("a", text), handed_in("b", text)]), []);
        }
    }

    #[test]
    fn names_and_layout_make_no_difference() {
        let one = "
            use std::io::{self, Read};
            fn length(stream: &mut impl Read) -> io::Result<usize> { // a comment
                let mut header = [0; 4];
                'again: loop {
                    match stream.read(&mut header)? {
                        0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                        n if n != 4 => break 'again,
                        _ => {}
                    }
                }
                Ok(i32::from_le_bytes(header) as usize)
            }";
        let other = r#"
            fn laenge(s: &mut impl std::io::Read) -> Result<usize> {
                let mut kopf = [0u8; 0x4]; 'nochmal: loop { match s.read(&mut kopf)? {
                    0 => { return Err(ErrorKind::UnexpectedEof.into()) } anzahl if anzahl != 4 => { break 'nochmal }
                    rest => {} } }
                Ok(i32::from_le_bytes(kopf,) as usize)
            }"#;
        assert_eq!(tokens(one).join(" "), tokens(other).join(" "));
    }

    #[test]
    fn another_method_is_another_token() {
        assert_ne!(tokens("a.write(b)"), tokens("a.write_all(b)"));
        assert_ne!(tokens("println!(a)"), tokens("print!(a)"));
        assert_ne!(tokens("ErrorKind::Interrupted"), tokens("ErrorKind::WouldBlock"));
        assert_eq!(tokens("fn f() {} S::f()"), tokens("fn g() {} S::g()"));
        assert_eq!(tokens("enum A {} A::B"), tokens("enum C {} C::D"));
    }

    fn handed_in(student: &str, source: &str) -> (String, String) {
        (student.to_owned(), source.to_owned())
    }

    /// A function of about 100 tokens, which has nothing in common with one of another number.
    fn function(number: usize) -> String {
        let calls: Vec<String> = (0..16).map(|at| format!("name.call_{number}_{at}(1);")).collect();
        format!("fn it() {{ {} }}\n", calls.join(" "))
    }

    /// The program with other names, comments and layout, and its items in the opposite order.
    fn disguised(source: &str) -> String {
        let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
        let mut text = code.collect::<Vec<_>>().join("\n");
        let declared =
            Regex::new(r"\b(?:fn|struct|enum|const|let|let mut|for) ([A-Za-z]\w+)|(\w\w+): ")
                .unwrap();
        let names = declared.captures_iter(source).flat_map(|it| [it.get(1), it.get(2)]).flatten();
        let names: HashSet<&str> = names.map(|name| name.as_str()).collect();
        for (number, name) in names.into_iter().enumerate() {
            let of_others =
                Regex::new(&format!(r"[.:]{name}(?:\(|::)|::{name}\b|\b{name}::")).unwrap();
            if !of_others.is_match(source) && !WORDS.contains(&name) {
                let name = Regex::new(&format!(r"\b{name}\b")).unwrap();
                text = name.replace_all(&text, format!("changed_{number}")).into_owned();
            }
        }
        let items = Regex::new(r"\n\n(\S)").unwrap().replace_all(&text, "\0$1").into_owned();
        let items: Vec<&str> = items.split('\0').rev().collect();
        let space = Regex::new(r"([^'\s])\s+([^'\s])").unwrap();
        space.replace_all(&items.join("\n// another comment\n"), "$1 \n\t $2").into_owned()
    }

    /// The lesson's answers that were not made from its solution, and the solution, by file.
    fn independent_answers(lesson: &Path) -> BTreeMap<String, String> {
        let right = fs::read_dir(lesson.join("right")).expect("right answers").flatten();
        let files = right.map(|entry| entry.path()).chain([lesson.join("solution.rs")]);
        let files = files.filter(|file| !DERIVED.iter().any(|derived| file.ends_with(derived)));
        let name = |file: &Path| file.file_name().unwrap().to_str().unwrap().to_owned();
        files.map(|file| (name(&file), read(&file))).collect()
    }

    fn lessons() -> Vec<PathBuf> {
        let folders = fs::read_dir(root()).expect("the lessons").flatten();
        folders.map(|entry| entry.path()).collect()
    }

    fn naive(lesson: &Path) -> String {
        read(&lesson.join("naive.rs"))
    }

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons")
    }

    fn read(file: &Path) -> String {
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"))
    }
}
