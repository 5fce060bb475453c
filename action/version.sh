#!/usr/bin/env bash
# Prints `key=...`: the same for the same sources of caulk and the same toolchain, so that it is built once.
set -euo pipefail
cd "$(dirname "$0")/.."
files() { find Cargo.toml Cargo.lock build.rs src rules action -type f -print0 | LC_ALL=C sort -z; }
# macOS has only the other one.
hash=(sha256sum)
command -v sha256sum >/dev/null || hash=(shasum -a 256)
echo "key=$(files | xargs -0 "${hash[@]}" | "${hash[@]}" | cut -c1-32)"
