# The course's commands. `just lesson 3` and `cargo kata lesson 3` are the same.

# The built program starts sooner than cargo, and calls cargo if it is older than its sources.
program := env("CARGO_TARGET_DIR", "target") / "debug/kata"
kata := if path_exists(program) == "true" { quote(program) } else { "cargo kata" }

# List the recipes
[private]
default:
    @just --list --unsorted

# Grade your exercise: red with the reason, or green
[group('learn')]
[no-exit-message]
lesson number *options:
    @{{ kata }} lesson {{ number }} {{ options }}

# Grade at every save, and react to keys: just watch, or just watch 3
[group('learn')]
[no-exit-message]
watch *options:
    @{{ kata }} watch {{ options }}

# Get a hint about the first failing check; ask again for the next one
[group('learn')]
[no-exit-message]
hint number:
    @{{ kata }} hint {{ number }}

# List the lessons: which are green, what to do next
[group('learn')]
[no-exit-message]
list:
    @{{ kata }} list

# Show your progress: as list does, or with --json for programs
[group('learn')]
[no-exit-message]
status *options:
    @{{ kata }} status {{ options }}

# Show the reference solution, once you are green
[group('learn')]
[no-exit-message]
solution number *options:
    @{{ kata }} solution {{ number }} {{ options }}

# Show how your exercise differs from the reference, once you are green
[group('learn')]
[no-exit-message]
diff number *options:
    @{{ kata }} diff {{ number }} {{ options }}

# Choose the language of the commands: just language zh, or just language en
[group('learn')]
[no-exit-message]
language code:
    @{{ kata }} language {{ code }}

# Start an exercise again; your version is saved beside it
[group('learn')]
[no-exit-message]
reset number:
    @{{ kata }} reset {{ number }}

# Bring back the newest version that reset has saved, or another: just restore 3 1
[group('learn')]
[no-exit-message]
restore number *backup:
    @{{ kata }} restore {{ number }} {{ backup }}

# Run a lesson's server: just serve 3 --port 9000
[group('learn')]
[no-exit-message]
serve number *options:
    @{{ kata }} serve {{ number }} {{ options }}

# Run a lesson's client, in another terminal
[group('learn')]
[no-exit-message]
client number *options:
    @{{ kata }} client {{ number }} {{ options }}

# Show what is missing on this machine, and the commands that fix it
[group('learn')]
[no-exit-message]
doctor:
    @{{ kata }} doctor

# Give a shell `kata`, with completion: source <(just completions bash)
[group('learn')]
[no-exit-message]
completions shell:
    @{{ kata }} completions {{ shell }}

# Show a demonstration, act by act: just demo sticky, or all at once: just demo sticky --no-step
[group('teach')]
[no-exit-message]
demo *options:
    @{{ kata }} demo {{ options }}

# Show the naive program fail, the solution pass, and the difference
[group('teach')]
[no-exit-message]
show number:
    @{{ kata }} show {{ number }}

# Put a bad network between two programs: just relay --listen 9000 --to 9001 --cut 1,3,rest
[group('teach')]
[no-exit-message]
relay *options:
    @{{ kata }} relay {{ options }}

# Write the course for students, without answers: just starter ../course --with-solutions 0-3
[group('teach')]
[no-exit-message]
starter folder *options:
    @{{ kata }} starter {{ folder }} {{ options }}

# Grade every exercise, with plain cargo
[group('teach')]
[no-exit-message]
grade *options:
    cargo test --no-fail-fast {{ options }}

# Grade a whole class: just class SUBMISSIONS --lessons 1-6 --out DIR
[group('teach')]
[no-exit-message]
class *options:
    @{{ kata }} class {{ options }}

# Build the course as a book in English and in Chinese, into target/book
[group('teach')]
[no-exit-message]
book:
    @mdbook --version >/dev/null 2>&1 || cargo install --locked mdbook --version '^0.5.4'
    @cargo run --quiet --package netkata-book -- build

# Make a lesson a page to print, and a PDF, without hints and answers: just handout 3 --lang zh
[group('teach')]
[no-exit-message]
handout number *options:
    @cargo run --quiet --package netkata-book -- handout {{ number }} {{ options }}

# Test the course itself
[group('maintain')]
test *options:
    cargo test-course {{ options }}

# Audit a lesson's answers only: just audit 3, or just audit 3,4
[group('maintain')]
audit lesson *options:
    LESSON={{ lesson }} cargo test --package netkata-runner --test answers {{ options }}

# Edit a mistake, or make one: just wrong 3 NAME; after a new solution: just wrong 3 --rebase
[group('maintain')]
[no-exit-message]
wrong number *options:
    @{{ kata }} wrong {{ number }} {{ options }}

# Begin a lesson that compiles and is red: just new-lesson 15 heartbeat
[group('maintain')]
[no-exit-message]
new-lesson number topic:
    @{{ kata }} new-lesson {{ number }} {{ topic }}

# Run every test of a finished lesson except its mutants: just check-lesson 3
[group('maintain')]
check-lesson number:
    LESSON={{ number }} cargo test --package netkata-runner --test answers --test glossary --test interop --test languages --test pages --test words

# Measure: just bench servers, models, transfer (the solutions), relay (beside socat), loop (edit to verdict), programs, class, audit (our tests)
[group('maintain')]
bench name:
    cargo bench --quiet {{ if name =~ "class|programs" { "--profile dev" } else { "" } }} --package netkata-runner --package netkata-class --package netkata-relay --bench {{ name }}

# Grade all solutions repeatedly on a busy machine: no verdict and no story may differ. For some lessons: just soak 100 3 4
[group('maintain')]
soak rounds="200" *lessons:
    cargo bench --quiet --profile dev --package netkata-runner --bench trust -- soak {{ rounds }} {{ lessons }}

# Change the solutions in one small place at a time: a check must notice. just mutants 3
[group('maintain')]
mutants *lessons:
    @cargo mutants --version >/dev/null 2>&1 || cargo install --locked cargo-mutants
    cargo bench --quiet --profile dev --package netkata-runner --bench trust -- mutants {{ lessons }}

# Grade answers that were written blind: just blind FOLDER, with --keep to count them in docs/TRUST.md
[group('maintain')]
blind folder *options:
    cargo bench --quiet --profile dev --package netkata-runner --bench trust -- blind {{ folder }} {{ options }}

# Measure how far the grading can be trusted, in seven figures: docs/TRUST.md
[group('maintain')]
trust:
    cargo bench --quiet --profile dev --package netkata-runner --bench trust -- trust

# Test the projector's page and the book in a headless Chromium, with Node, and axe-core from npm
[group('maintain')]
browser *options: book (handout "3" "--lang" "zh")
    @cargo build --quiet --package netkata-runner
    @npm install --silent --no-save --no-package-lock --prefix {{ env("CARGO_TARGET_DIR", "target") }}/browser axe-core@4.14.1
    node --test {{ options }} tests/browser/*.test.mjs

# Run the commands on machines that lack something: a disk, a network, ports, descriptors (Linux)
[group('maintain')]
machines *words:
    @python3 tests/machines.py {{ words }}

# Test array jobs on a real Slurm of one node, in namespaces of its own (Linux, root)
[group('maintain')]
slurm *command:
    @bash tests/slurm.sh {{ command }}

# Run everything that CI runs, on this machine
[group('maintain')]
ci:
    bash .ci/run
