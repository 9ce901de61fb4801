# shellcheck shell=bash disable=SC2034 # what is set here is used by the scripts that source this
# Sets paths and versions, and defines messages and the choice of emcc, for every script here.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/.tools     # everything that setup makes, ignored by git
cpus=$(nproc)
oldest_emcc=3.1.50     # the first with the final relaxed SIMD opcodes and a usable --emit-tsd
oldest_node=18.20.0
clang_tools=14         # clang-format and clang-tidy: each version formats a little differently

say() { printf '%s\n' "$*"; }

# One line that names the problem and the remedy.
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

usage_error() {
  printf '%s: %s; see %s --help\n' "${0##*/}" "$*" "$0" >&2
  exit 2
}

# A script's help is the comment at its top.
show_help() { sed -n '2,/^[^#]*$/s/^# \{0,1\}//p' "$0"; }

# version_at_least 3.1.69 3.1.50: whether the first version is at least the second.
version_at_least() { printf '%s\n' "$2" "$1" | sort --version-sort --check=quiet; }

# The user's own emcc (of emsdk or Debian 13) is preferred to the one that setup makes.
own_emcc_is_usable() {
  local path version
  path=$(command -v emcc) || return 1
  [[ $path != "$tools"/* ]] || return 1
  version=$(emcc -dumpversion 2>/dev/null) || return 1
  version_at_least "${version%%[^0-9.]*}" "$oldest_emcc"
}

use_emcc() {
  own_emcc_is_usable && return
  [[ -x $tools/emscripten/bin/emcc ]] || fail "there is no Emscripten yet: run scripts/setup wasm"
  unset EM_CONFIG # one set for an older Emscripten would mislead ours
  PATH=$tools/emscripten/bin:$PATH
}

# Quick, and it writes the compile_commands.json that clang-tidy needs.
configure_native() {
  cmake -S "$root" -B "$root/build/native" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
}
