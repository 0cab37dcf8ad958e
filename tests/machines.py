"""Run the commands on machines that lack something, each in namespaces of its own: `just machines`.

A case is a shell script with what it must print and its exit status. It sees the course through an overlay
(overlayfs), so it can change every file and nothing stays; its network is a loopback of its own. Linux only.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "target"
ENVIRONMENT = {**os.environ, "CARGO_TARGET_DIR": str(TARGET), "NO_COLOR": "1", "LC_ALL": "C"}
# A case that takes longer hangs: that is a failure, too.
TIMEOUT = 60

UNSHARE = "unshare --user --map-root-user --mount --net --pid --fork --kill-child --mount-proc".split()
# The course, as a case sees it: what it writes goes to `upper`, a disk in memory.
MOUNT = """
mount -t tmpfs -o size=2g tmpfs "$SCRATCH"
mkdir "$SCRATCH"/upper "$SCRATCH"/work "$SCRATCH"/files
mount -t overlay -o lowerdir="$ROOT",upperdir="$SCRATCH"/upper,workdir="$SCRATCH"/work overlay "$ROOT"
cd "$ROOT"
kata() { "$ROOT"/target/debug/kata "$@"; }
exercise=lessons/03_struct_header/exercise.rs
rm -rf .kata
cp lessons/03_struct_header/naive.rs $exercise
"""
LOOPBACK = "ip link set lo up\n"
# The disk of the course is full up to so many KiB.
FULL = 'mount -o remount,size=$(($(du -sk "$SCRATCH" | cut -f1) + {left}))k "$SCRATCH"\n'
NO_PORT = "echo '50000 50000' >/proc/sys/net/ipv4/ip_local_port_range\n"
READ_ONLY = """
mount --bind "$ROOT"/target "$ROOT"/target
mount -o remount,bind,ro "$ROOT"
"""
HANGS = "sed -i 's/-> io::Result<()> {/&\\nloop { std::thread::park() }/' $exercise\n"
RESET = "kata lesson 3; kata reset 3 && cmp $exercise lessons/03_struct_header/naive.rs"
# A server that closes first, and does not set SO_REUSEADDR.
PYTHON_SERVER = """
python3 - <<'END'
import socket
server = socket.socket()
server.bind(("127.0.0.1", 9000))
server.listen()
client = socket.create_connection(("127.0.0.1", 9000))
server.accept()[0].close()
client.recv(1)
END
"""
OTHER_SERVER = """
python3 -m http.server --bind 127.0.0.1 9000 >/dev/null 2>&1 &
until ss -tln | grep -q :9000; do sleep 0.1; done
"""


@dataclass
class Case:
    name: str
    script: str
    status: int
    texts: list[str]
    loopback: bool = True


LOOPBACK_IS_DOWN = "127.0.0.1 does not answer"
NO_FREE_PORT = "no port is free for a new connection"
NOT_REMEMBERED = "this is not remembered"
CASES = [
    Case("loopback down: lesson", "kata lesson 3", 3, [LOOPBACK_IS_DOWN, "ip link set lo up"], False),
    Case(
        "loopback down: lesson, JSON",
        "kata lesson 3 --json",
        3,
        ['"verdict":"machine"', LOOPBACK_IS_DOWN],
        False,
    ),
    Case("loopback down: hint", "kata hint 3", 3, [LOOPBACK_IS_DOWN], False),
    Case("loopback down: list", "kata list", 0, ["0 of 16 green"], False),
    Case("loopback down: doctor", "kata doctor", 1, [LOOPBACK_IS_DOWN], False),
    Case(
        "INT ends a grading that hangs",
        HANGS + "timeout -s INT 3 target/debug/kata lesson 3; test $? = 124",
        0,
        [],
    ),
    Case(
        "TERM ends a grading that hangs",
        HANGS + "timeout -s TERM 3 target/debug/kata lesson 3; test $? = 124",
        0,
        [],
    ),
    Case(
        "64 descriptors, but the limit can be raised",
        "ulimit -S -n 64; kata lesson 4 --answer solution",
        0,
        ["all 28 checks pass"],
    ),
    Case(
        "512 descriptors: lesson 4",
        "ulimit -n 512; kata lesson 4 --answer solution",
        3,
        ["allows a process 512"],
    ),
    Case(
        "512 descriptors: lesson 5",
        "ulimit -n 512; kata lesson 5 --answer solution",
        3,
        ["allows a process 512"],
    ),
    Case(
        "256 descriptors: lesson 8",
        "ulimit -n 256; kata lesson 8 --answer solution",
        3,
        ["allows a process 256"],
    ),
    Case(
        "256 descriptors: a wrong answer",
        "ulimit -n 256; kata lesson 4 --answer wrong/all_letters_change",
        1,
        ["✗ only ascii letters change"],
    ),
    Case("256 descriptors: doctor", "ulimit -n 256; kata doctor", 1, ["may open 256", "prlimit"]),
    Case("no free port: lesson", NO_PORT + "kata lesson 3", 3, [NO_FREE_PORT]),
    Case("no free port: doctor", NO_PORT + "kata doctor", 1, [NO_FREE_PORT]),
    Case(
        "100 free ports: lesson 4",
        NO_PORT.replace("0000'", "0100'") + "kata lesson 4 --answer solution",
        3,
        ["has no free port"],
    ),
    Case("read-only checkout: lesson", READ_ONLY + "kata lesson 3", 1, ["checks pass", NOT_REMEMBERED]),
    Case("read-only checkout: hint", READ_ONLY + "kata hint 3", 0, ["hint 1 of 3", NOT_REMEMBERED]),
    Case("read-only checkout: list", READ_ONLY + "kata list", 0, ["0 of 16 green"]),
    Case(
        "full disk: lesson",
        FULL.format(left=100) + "kata lesson 3",
        3,
        ["cannot be graded", "No space left on device"],
    ),
    Case(
        "full disk while linking",
        "echo '// edited' >>$exercise\n" + FULL.format(left=3000) + "kata lesson 3",
        3,
        ["cannot be graded", "refused"],
    ),
    Case("full disk: JSON", FULL.format(left=100) + "kata lesson 3 --json", 3, ['"verdict":"machine"']),
    Case(
        "full disk for temporary files",
        "mount -t tmpfs -o size=64k tmpfs \"$SCRATCH\"/files; TMPDIR=\"$SCRATCH\"/files kata lesson 3",
        3,
        ["temporary files in", "No space left on device"],
    ),
    Case("TMPDIR does not exist", "TMPDIR=/nowhere kata lesson 3", 3, ["temporary files in /nowhere"]),
    Case("TMPDIR does not exist: JSON", "TMPDIR=/nowhere kata lesson 3 --json", 3, ['"verdict":"machine"']),
    Case(
        "exercise.rs is a link to nowhere",
        "ln -sf nowhere/exercise.rs $exercise; " + RESET,
        0,
        ["original state again"],
    ),
    Case(
        "exercise.rs is a folder",
        "rm $exercise; mkdir $exercise; " + RESET,
        0,
        ["original state again"],
    ),
    Case(
        "exercise.rs is a pipe",
        "rm $exercise; mkfifo $exercise; " + RESET,
        0,
        ["original state again"],
    ),
    Case(
        "list after reset",
        "cp lessons/03_struct_header/solution.rs $exercise; kata lesson 3; kata reset 3; kata list",
        0,
        ["not tried yet, was green before"],
    ),
    Case(
        "a port in TIME-WAIT",
        PYTHON_SERVER + "kata serve 3 --answer solution",
        1,
        ["no program uses this port", "(TIME-WAIT), for "],
    ),
    Case(
        "a port that a program uses",
        OTHER_SERVER + "kata serve 3 --answer solution",
        1,
        ["another program uses this port"],
    ),
    Case(
        "exercise.rs is in GBK",
        r"printf '// \304\343\272\303\n' >$exercise; kata lesson 3",
        1,
        ["save the file as UTF-8"],
    ),
    Case(
        "exercise.rs is in UTF-16",
        "iconv -t UTF-16 lessons/03_struct_header/naive.rs >$exercise; kata lesson 3",
        1,
        ["save the file as UTF-8"],
    ),
    Case("exercise.rs is empty", ": >$exercise; kata lesson 3", 1, ["exercise.rs is empty"]),
    Case(
        "exercise.rs lacks a function",
        "sed -i 's/fn read_message/fn read_messages/' $exercise; kata lesson 3",
        1,
        ["lacks what the checks use", "`pub fn read_message("],
    ),
]


def prepare() -> None:
    """Build the commands and what the cases grade: they have no network."""
    build = "cargo build --quiet --locked --package netkata-runner --bin kata".split()
    grade = [[TARGET / "debug/kata", "lesson", number, "--answer", "solution"] for number in "3458"]
    for command in [build, *grade]:
        subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)


def run(case: Case) -> str | None:
    """Run a case; return what is wrong, or None."""
    scratch = tempfile.mkdtemp(prefix="netkata-machine-")
    variables = {"ROOT": str(ROOT), "SCRATCH": scratch}
    # The commands see the same environment as when everything was built, or they would build again.
    settings = "".join(f"{name}='{value}'\n" for name, value in variables.items())
    script = settings + (LOOPBACK if case.loopback else "") + MOUNT + case.script
    try:
        ended = subprocess.run(
            [*UNSHARE, "sh", "-c", script],
            cwd=ROOT,
            env=ENVIRONMENT,
            timeout=TIMEOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except subprocess.TimeoutExpired:
        return f"it hangs: not over after {TIMEOUT} s"
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    printed = " ".join(ended.stdout.decode(errors="replace").split())
    missing = [text for text in case.texts if text not in printed]
    if ended.returncode != case.status:
        return f"exit status {ended.returncode}, expected {case.status}: {printed}"
    return f"it does not print {missing}: {printed}" if missing else None


def main() -> int:
    if subprocess.run([*UNSHARE, "true"], stderr=subprocess.DEVNULL).returncode != 0:
        print("this system grants no namespaces (unshare(1)): no case can run", file=sys.stderr)
        return 2
    prepare()
    failed = 0
    for case in (case for case in CASES if all(word in case.name for word in sys.argv[1:])):
        began = time.monotonic()
        wrong = run(case)
        failed += wrong is not None
        mark = "✗" if wrong else "✓"
        print(f"{mark} {case.name} ({time.monotonic() - began:.1f} s)", flush=True)
        if wrong:
            print(f"    {wrong}", flush=True)
    print(f"{failed} of {len(CASES)} failed" if failed else "all green")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
