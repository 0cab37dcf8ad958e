"""Read what `tests/class_formats.rs` has written, with programs that others use, and print what they find.

`consumers.py FORMAT FOLDER [SCHEMA]` prints one JSON value. A file that its reader refuses is an error.
"""

import csv
import io
import json
import sys
import unittest
import xml.etree.ElementTree
from html.parser import HTMLParser
from pathlib import Path

import html5lib
import jsonschema
import junitparser
from gradescope_utils.autograder_utils import decorators
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner
from markdown_it import MarkdownIt


def read_json(file):
    """Parse as JSON alone allows: no NaN, no lone surrogate."""

    def refuse(constant):
        raise ValueError(f"{file}: {constant}")

    value = json.loads(file.read_bytes().decode("utf-8"), parse_constant=refuse)
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def results(folder, schema):
    """Validate results.json by its schema, with dates."""
    schema = read_json(Path(schema))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    value = read_json(folder / "results.json")
    kind(schema, format_checker=kind.FORMAT_CHECKER).validate(value)
    return value


def table(folder):
    """The rows of results.csv."""
    text = (folder / "results.csv").read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def junit(folder):
    """The suites of each file; two parsers must agree on how many cases there are."""
    found = {}
    for file in sorted((folder / "junit").iterdir()):
        suites = {}
        for suite in junitparser.JUnitXml.fromfile(str(file)):
            cases = {}
            for case in suite:
                result = case.result[0] if case.result else None
                kind = type(result).__name__.lower() if result else "passed"
                message, text = (result.message, result.text) if result else (None, None)
                cases[case.name] = [kind, message, text]
            counts = [suite.tests, suite.failures, suite.errors, suite.skipped]
            suites[suite.name] = {"counts": counts, "cases": cases}
        root = xml.etree.ElementTree.parse(file).getroot()
        assert len(root.findall(".//testcase")) == sum(len(it["cases"]) for it in suites.values())
        found[file.name] = {"name": root.get("name"), "suites": suites}
    return found


class OfGradescope(unittest.TestCase):
    """Two tests with all that gradescope-utils can say of a test."""

    @decorators.weight(2)
    @decorators.number("1.1")
    @decorators.tags("lesson")
    @decorators.visibility("visible")
    def test_passes(self):
        """passes"""
        print("output")

    @decorators.weight(2.5)
    def test_fails(self):
        """fails"""
        self.fail("reason")


def gradescope(folder):
    """The files, compared with what Gradescope's own library writes: its keys, its types, its words."""
    stream = io.StringIO()
    JSONTestRunner(stream=stream).run(unittest.defaultTestLoader.loadTestsFromTestCase(OfGradescope))
    theirs = json.loads(stream.getvalue())
    kinds = {}
    for test in theirs["tests"]:
        for key, value in test.items():
            kinds.setdefault(key, set()).add(type(value))
    words = {test["status"] for test in theirs["tests"]}
    # The library counts time as text, which Gradescope documents as a number; it writes no output at the top.
    assert {"score", "execution_time", "tests"} <= theirs.keys()
    found = {}
    for file in sorted((folder / "gradescope").iterdir()):
        ours = read_json(file)
        assert ours.keys() - {"output"} == {"score", "execution_time", "tests"}, ours.keys()
        for test in ours["tests"]:
            assert test["status"] in words, test
            for key, value in test.items():
                assert type(value) in kinds[key] | ({float} if key.endswith("score") else set()), (key, value)
            assert {"name", "score", "max_score", "status"} <= test.keys(), test
        found[file.name] = ours
    return found


def classroom50(folder, schema):
    """The results, valid by the schema and by the rules that it cannot express."""
    schema = read_json(Path(schema))
    jsonschema.Draft202012Validator.check_schema(schema)
    found = {}
    for file in sorted((folder / "classroom50").rglob("*.json")):
        value = read_json(file)
        jsonschema.Draft202012Validator(schema).validate(value)
        for part in [value, *value["tests"]]:
            assert type(part["score"]) is int and part["score"] <= part["max-score"], part
        assert sum(test["max-score"] for test in value["tests"]) <= value["max-score"] + 1
        found[file.relative_to(folder / "classroom50").as_posix()] = value
    return found


def markdown(folder):
    """The blocks of each file, by kind; a text that has become HTML, a link or an image is an error."""
    found = {}
    for file in [folder / "class.md", *sorted((folder / "reports").glob("*.md"))]:
        tokens = MarkdownIt("commonmark").enable("table").parse(file.read_text("utf-8"))
        unwanted = {"html_block", "html_inline", "link_open", "image", "blockquote_open", "ordered_list_open"}
        kinds = {token.type for token in tokens}
        kinds |= {child.type for token in tokens for child in token.children or []}
        assert not kinds & unwanted, (file, kinds & unwanted)
        blocks = {"headings": [], "code": [], "items": [], "cells": 0}
        for before, token in zip(tokens, tokens[1:]):
            text = "".join(child.content for child in token.children or [])
            if before.type == "heading_open":
                blocks["headings"].append(text)
            elif before.type == "td_open":
                blocks["cells"] += 1
            elif before.type == "paragraph_open" and before.hidden:
                blocks["items"].append(text)
            if token.type == "fence":
                blocks["code"].append(token.content)
        found[file.name] = blocks
    return found


class Links(HTMLParser):
    """Everything by which a page could load something else or run."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        loads = {"src", "href", "srcset", "action", "data"}
        self.found += [tag for name, _ in attributes if name in loads or name.startswith("on")]
        self.found += [tag] if tag in {"script", "iframe", "object", "embed", "link", "img"} else []


def html(folder):
    """The text of each page, which a strict parser of HTML accepts, and which loads nothing."""
    found = {}
    for file in [folder / "class.html", *sorted((folder / "reports").glob("*.html"))]:
        text = file.read_text("utf-8")
        document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
        links = Links()
        links.feed(text)
        assert not links.found, (file, links.found)
        style = "".join(document.find("head/style").itertext())
        assert "url(" not in style and "@import" not in style
        body = document.find("body")
        found[file.name] = {
            "title": document.findtext("head/title"),
            "text": "".join(body.itertext()),
            "marked": [mark.text for mark in body.iter("mark")],
            "hints": len([it for it in body.iter("div") if it.get("class") == "hint"]),
        }
    return found


READERS = {"results": results, "csv": table, "junit": junit, "gradescope": gradescope,
           "classroom50": classroom50, "markdown": markdown, "html": html}

if __name__ == "__main__":
    name, folder, *rest = sys.argv[1:]
    json.dump(READERS[name](Path(folder), *rest), sys.stdout)
