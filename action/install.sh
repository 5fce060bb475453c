#!/usr/bin/env bash
# Builds caulk from the sources beside this script, with the locked versions of all crates, into RUNNER_TEMP.
set -euo pipefail
toolchain=1.95.0
source=$(cd "$(dirname "$0")/.." && pwd)
rustup toolchain install "$toolchain" --profile minimal --no-self-update
cargo "+$toolchain" install --locked --path "$source" --root "${RUNNER_TEMP:?}/caulk"
