#!/usr/bin/env bash
# Cargo compiles every crate from a registry again if CARGO_HOME names the same folder in another way.
#
# Expected: a crate from a registry is known by its name, version and checksum, all of them in Cargo.lock. With the same
# home under another name (a symbolic link), nothing has changed: it is "Fresh".
# Seen (cargo 1.95.0): it is "Dirty" because "the path to the source changed". So a test or a container that moves the
# home pays for the whole build, and pays again when it moves back.
#
# Needs cargo and the registry crates.io. Exits with 1 if cargo does something else.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p home package/src
ln -s home link
cat > package/Cargo.toml <<'TOML'
[package]
name = "package"
version = "0.1.0"
edition = "2021"

[dependencies]
itoa = "=1.0.15"
TOML
echo 'fn main() { println!("{}", itoa::Buffer::new().format(7)); }' > package/src/main.rs
cd package

unset CARGO_TARGET_DIR RUSTFLAGS RUSTC_WRAPPER
cargo --version
CARGO_HOME=$folder/home cargo build --quiet
state() { # state HOME: what cargo says of itoa when it builds with this home
  local said
  said=$(CARGO_HOME=$1 cargo build --offline --verbose 2>&1)
  grep -E '^ +(Fresh|Dirty) itoa' <<<"$said" || true
}
same=$(state "$folder/home")
other=$(state "$folder/link")
echo "the same name:    $same"
echo "another name:     $other"
[[ $same == *Fresh* ]] || { echo "even the same name is not fresh: this shows nothing"; exit 1; }
[[ $other == *Dirty*"path to the source changed"* ]] || { echo "this has changed"; exit 1; }
