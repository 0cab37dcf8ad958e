#!/usr/bin/env bash
# quick-junit removes tabs from the texts of a report, because it removes colours.
#
# Expected: a library that writes JUnit XML keeps every character that XML 1.0 allows in text; a tab is one of the three
# control characters among these (XML 1.0, section 2.2). That it removes escape sequences of terminals is documented.
# Seen (quick-junit 0.8.0): the removal passes the text through a parser for terminals, which takes a tab for a command
# and keeps only the newline. So columns of a program's output, an indentation of a Makefile, or a difference between a
# tab and nothing are gone from the report, without an error.
#
# Needs cargo. Exits with 1 if quick-junit does something else.
set -euo pipefail

folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "tab"
version = "0.0.0"
edition = "2024"

[dependencies]
quick-junit = "=0.8.0"
TOML
cat >src/main.rs <<'RUST'
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

fn main() {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_description("left\tright\nnext");
    let mut suite = TestSuite::new("suite");
    suite.add_test_case(TestCase::new("case", status));
    let mut report = Report::new("report");
    report.add_test_suite(suite);
    println!("{}", report.to_string().expect("it can be written"));
}
RUST
cargo run --quiet >report.xml
python3 - <<'PYTHON'
import sys, xml.etree.ElementTree as tree

text = tree.parse("report.xml").find(".//failure").text
print("given:", repr("left\tright\nnext"))
print("read: ", repr(text))
sys.exit(0 if text == "leftright\nnext" else 1)
PYTHON
