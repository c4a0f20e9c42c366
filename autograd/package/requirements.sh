# shellcheck shell=sh disable=SC2046,SC2086  # lists of packages are split into words on purpose
# What heed needs of the system, and how it comes there: `run` reads this file, and calls setup. Each manager of
# packages has three functions: what is needed, what of it is missing, and the line that installs. say, fail and
# have are those of `run`.


manager() {
  for candidate in apt-get dnf pacman brew; do
    if have "$candidate"; then echo "$candidate"; return; fi
  done
  echo none
}

required_packages() {
  case $1 in
    apt-get) echo g++ cmake ninja-build pkg-config libopenblas-dev libfmt-dev catch2 \
               libcli11-dev nlohmann-json3-dev zlib1g-dev libjpeg-dev libpng-dev ;;
    dnf) echo gcc-c++ cmake ninja-build pkgconf-pkg-config openblas-devel fmt-devel \
           catch-devel cli11-devel json-devel zlib-devel libjpeg-turbo-devel libpng-devel ;;
    pacman) echo gcc cmake ninja pkgconf openblas fmt catch2 cli11 nlohmann-json zlib libjpeg-turbo libpng ;;
    brew) echo cmake ninja pkgconf openblas fmt catch2 cli11 nlohmann-json jpeg-turbo libpng ;;
  esac
}

# Without these heed only loses a part: subwords, METEOR's stems, the normal form of Unicode (ICU), which way up a
# photograph is (libexif), pictures as WebP and GIF, text packed otherwise than by gzip (libarchive), charts that answer
# to the mouse, plots of experiments (gnuplot), training on many machines (Open MPI), and the tests of how long functions
# are and where they stand (universal-ctags).
optional_packages() {
  case $1 in
    apt-get) echo libsentencepiece-dev libstemmer-dev libicu-dev libexif-dev libwebp-dev libgif-dev libarchive-dev \
               libjs-chart.js universal-ctags gnuplot-nox libopenmpi-dev openmpi-bin ;;
    dnf) echo sentencepiece-devel libstemmer-devel libicu-devel libexif-devel libwebp-devel giflib-devel \
           libarchive-devel ctags gnuplot-minimal openmpi-devel ;;
    pacman) echo snowball icu libexif libwebp giflib libarchive ctags gnuplot openmpi ;;
    brew) echo sentencepiece snowball icu4c libexif webp giflib libarchive universal-ctags gnuplot open-mpi ;;
    *) : ;;
  esac
}

# What only ./run book needs: the generator of the site, and a font for formulas. Elsewhere build.sh says what it misses.
book_packages() {
  case $1 in
    apt-get) echo python3 python3-sphinx python3-myst-parser furo fonts-texgyre-math ;;
    *) : ;;
  esac
}

# For ./run data, where it fetches: elsewhere these are part of the system.
data_packages() {
  case $1 in
    apt-get) echo curl ca-certificates unzip ;;
    dnf | pacman) echo curl unzip ;;
    *) : ;;
  esac
}

# For ./run page: what compiles it; and, optional, the browser that tests it.
page_packages() {
  case $1 in
    apt-get | dnf | pacman) echo emscripten nodejs ;;
    brew) echo emscripten node ;;
  esac
}
page_browser() {
  case $1 in
    apt-get | dnf | pacman) echo chromium ;;
    *) : ;;
  esac
}

installed() {
  case $1 in
    apt-get) [ "$(dpkg-query -W -f='${db:Status-Status}' "$2" 2>/dev/null | head -n 1)" = installed ] ;;
    dnf) rpm -q --whatprovides "$2" >/dev/null 2>&1 ;;
    pacman) pacman -T "$2" >/dev/null 2>&1 ;;
    brew) brew list --formula "$2" >/dev/null 2>&1 ;;
  esac
}

missing() {
  tool=$1
  shift
  for package in "$@"; do
    installed "$tool" "$package" || printf '%s ' "$package"
  done
}

install_line() {
  tool=$1
  shift
  case $tool in
    apt-get) echo "apt-get install -y -q --no-install-recommends $*" ;;
    dnf) echo "dnf install -y $*" ;;
    pacman) echo "pacman -S --needed --noconfirm $*" ;;
    brew) echo "brew install $*" ;;
  esac
}

# What the user types when this script may not: the same, as root.
typed_line() {
  line=$(install_line "$@")
  if [ "$1" = apt-get ]; then line="apt-get update && $line"; fi
  if have sudo; then echo "sudo sh -c '$line'"; else echo "su -c '$line'"; fi
}

# Prints the word to put before a command that changes the system; fails when there is no way to.
elevation() {
  if [ "$1" = brew ] || [ "$(id -u)" = 0 ]; then echo env; return; fi
  have sudo || return 1
  if sudo -n true 2>/dev/null || { [ -t 0 ] && [ -z "${CI:-}" ]; }; then echo sudo; return; fi
  return 1
}

# The lists of a fresh machine are empty or old, so they are fetched once, before the first package.
refresh_lists() {
  [ "$1" = apt-get ] || return 0
  "$2" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 || say "note: apt-get update failed; going on with the lists at hand"
}

# Arguments: packages that are needed, too; HEED_OPTIONAL: such as would be good to have.
setup() {
  [ -z "${HEED_SKIP_SETUP:-}" ] || return 0
  tool=$(manager)
  if [ "$tool" = none ]; then
    have cmake || fail "no package manager that I know (apt, dnf, pacman, brew). Install a C++20 compiler," \
      "cmake, OpenBLAS, fmt, Catch2, CLI11, nlohmann-json, zlib, libjpeg and libpng, then run:" \
      "HEED_SKIP_SETUP=1 ./run build"
    return 0
  fi
  needed=$(missing "$tool" $(required_packages "$tool") "$@")
  extra=$(missing "$tool" $(optional_packages "$tool") ${HEED_OPTIONAL:-})
  [ -n "$needed$extra" ] || return 0

  if ! before=$(elevation "$tool"); then
    if [ -z "$needed" ]; then return 0; fi  # the optional parts alone are not worth a question
    say "heed needs packages and cannot install them itself here. Type this, then run the command again:"
    say ""
    say "  $(typed_line "$tool" $needed $extra)"
    exit 1
  fi
  if [ -z "$needed" ] && [ "$before" = sudo ]; then return 0; fi
  install_packages "$tool" "$before" "$needed" "$extra"
}

install_packages() {
  say "installing: $3$4"
  refresh_lists "$1" "$2"
  if [ -n "$3" ]; then
    "$2" env DEBIAN_FRONTEND=noninteractive $(install_line "$1" $3) >&2 </dev/null || fail "could not install: $3"
  fi
  for package in $4; do
    "$2" env DEBIAN_FRONTEND=noninteractive $(install_line "$1" "$package") >&2 </dev/null || say "note: going on without $package"
  done
}
