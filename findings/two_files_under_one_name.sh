#!/usr/bin/env bash
# Rustc compiles one file twice if --remap-path-prefix gives two source files of a crate the same name.
#
# Expected: the option changes how a path is told, in messages and in debug information, not what is compiled.
# Seen (rustc 1.95.0): of two modules in two files, both with their own text, the second is a copy of the first as soon
# as both are remapped to one name. There is no error and no warning: rustc knows a file that it has read by the name
# that is told. So a build that maps generated copies of a file to their original, to have its lines in messages, runs
# the code of the first copy for all of them.
#
# Needs rustc. Exits with 1 if rustc does something else.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'pub const TEXT: &str = "first";' > first.rs
echo 'pub const TEXT: &str = "second";' > second.rs
cat > main.rs <<'RUST'
#[path = "first.rs"]
mod first;
#[path = "second.rs"]
mod second;

fn main() {
    println!("{} {}", first::TEXT, second::TEXT);
}
RUST

rustc --version
told() { # told NAME...: what the program prints if its files are told by these names
  rustc --edition 2021 -D warnings -o program "$@" "$folder/main.rs"
  ./program
}
apart=$(told --remap-path-prefix "$folder/first.rs=a.rs" --remap-path-prefix "$folder/second.rs=b.rs")
alike=$(told --remap-path-prefix "$folder/first.rs=a.rs" --remap-path-prefix "$folder/second.rs=a.rs")
echo "under two names: $apart"
echo "under one name:  $alike"
[[ $apart == "first second" ]] || { echo "even two names are confused: this shows nothing"; exit 1; }
[[ $alike == "first first" ]] || { echo "this has changed"; exit 1; }
