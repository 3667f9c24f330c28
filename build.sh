#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The front door: installs what is missing, generates, builds, runs and tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'END'
Usage: ./build.sh COMMAND

  run [EXAMPLE]   build an example of web/examples, serve it, rebuild at every save (default: countdown); takes
                  kapok run's options behind the example: --port N, --toolchain NAME
  test            check the generated files, types and formatting, then run all tests
  check           only the checks of `test`
  format          bring all files into the form that `check` asks for
  size            measure what the examples weigh
  bench [tasks]   measure how fast it is; tasks: beside async functions, Emscripten's fibers and asyncio
  fuzz            compare random programs, native and as WebAssembly; takes --programs N (default: 10000), --seed S
  stress          compare a page with a model through a million random changes, and look for leaks in a million
                  mounts; takes --steps N, --seed S, --mounts N
  bench dom       measure it beside hand-written JavaScript and other libraries (a quarter of an hour; see --help)
  bench picture   draw what that has found, for this folder's README

Needs Node 20.19 or newer with npm. On Debian, as root, the rest is installed; elsewhere the compiler from npm is used.
END
}

# What Debian 12 calls the things we use.
compilers=(emscripten dpkg-dev)
testers=("${compilers[@]}" clang clang-format lld llvm wasi-libc libclang-rt-14-dev-wasm32 chromium gcc valgrind)

say() { printf '%s\n' "$*" >&2; }

# quietly LABEL COMMAND...: one line of progress while it runs; what it printed is shown only if it fails.
quietly() {
  local label=$1 log status=0 started=$SECONDS
  shift
  log=$(mktemp)
  "$@" </dev/null >"$log" 2>&1 &
  local job=$!
  trap 'kill "$job" 2>/dev/null; rm -f "$log"; exit 130' INT TERM
  while kill -0 "$job" 2>/dev/null; do
    if [ -t 2 ]; then
      printf '\r\033[K%s … %d s  %.60s' "$label" $((SECONDS - started)) "$(tail -n 1 "$log" | tr -cd '[:print:]')" >&2
    elif (((SECONDS - started) % 10 == 0)); then
      say "$label … $((SECONDS - started)) s"
    fi
    sleep 1
  done
  wait "$job" || status=$?
  trap - INT TERM
  [ ! -t 2 ] || printf '\r\033[K' >&2
  if ((status)); then
    say "$label failed:"
    cat "$log" >&2
  else
    say "$label: done in $((SECONDS - started)) s"
  fi
  rm -f "$log"
  return "$status"
}

# First of all: Debian 12 has an older one, which emscripten brings along and which would not do.
require_node() {
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
    2>/dev/null && command -v npm >/dev/null && return
  say "Node.js 20.19 or newer is needed, with npm; here is $(node --version 2>/dev/null || echo none)$(
    command -v npm >/dev/null || echo ", and no npm"
  ). Install it first: see nodejs.org."
  exit 1
}

# Installs the Debian packages that are missing. Never fatal: npm alone brings a compiler too.
packages() {
  local missing=() name
  require_node
  command -v dpkg-query >/dev/null || { say "No Debian packages here: using the compiler from npm."; return 0; }
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  if [ "$(id -u)" != 0 ]; then
    say "Not root, so not installing: ${missing[*]}. Using what is there, and the compiler from npm."
    return 0
  fi
  export DEBIAN_FRONTEND=noninteractive
  quietly "Looking up Debian packages" apt-get update &&
    quietly "Installing ${missing[*]}" apt-get install -y --no-install-recommends "${missing[@]}" ||
    say "apt did not deliver. Using what is there, and the compiler from npm."
}

modules() {
  require_node
  [ node_modules/.package-lock.json -nt package-lock.json ] ||
    quietly "Installing npm packages" npm ci --ignore-scripts --no-fund --no-audit
}

check() {
  node wasm/generate.mjs --check
  npx tsc
  npx prettier --check --log-level warn .
  ! command -v clang-format >/dev/null || c_files | xargs -0 clang-format --dry-run --Werror
}

format() {
  node wasm/generate.mjs
  npx prettier --write --log-level warn .
  ! command -v clang-format >/dev/null || c_files | xargs -0 clang-format -i
}

c_files() { find src tests wasm web -name '*.[ch]' ! -name '*.gen.*' -print0; }

case ${1-} in
  run)
    name=${2:-countdown}
    example=web/examples/$name
    [[ -d $example && $name =~ ^[[:alnum:]_]+$ ]] ||
      { say "There is no example \"$name\". There are: $(cd web/examples && echo *)"; exit 1; }
    packages "${compilers[@]}"
    modules
    exec node js/cli/main.js run "$example" "${@:3}"
    ;;
  test)
    packages "${testers[@]}"
    modules
    check
    shopt -s globstar
    exec node --import ./tests/support/watchdog.mjs --test --test-concurrency=2 tests/**/*.test.mjs
    ;;
  check | format) modules && "$1" ;;
  fuzz)
    packages "${testers[@]}"
    modules
    exec node tests/fuzz/fuzz.mjs "${@:2}"
    ;;
  stress)
    packages "${compilers[@]}" chromium
    modules
    exec node tests/stress/stress.mjs "${@:2}"
    ;;
  size) packages "${compilers[@]}" chromium && modules && exec node tests/bench/size.mjs ;;
  bench)
    packages "${compilers[@]}" chromium
    modules
    case ${2-} in
      "") exec node tests/bench/bench.mjs ;;
      tasks) exec node tests/bench/tasks/main.mjs "${@:3}" ;;
      *) exec node tests/bench/dom/main.mjs "${@:2}" ;;
    esac
    ;;
  -h | --help | help) usage ;;
  *)
    [ -z "${1-}" ] || say "There is no command \"$1\"."
    usage >&2
    exit 2
    ;;
esac
