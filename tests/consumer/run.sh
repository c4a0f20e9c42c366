#!/bin/sh
# Builds and runs a program outside heed (main.cpp) in each of the ways that a user may choose: by
# find_package and by pkg-config against an installed copy, with g++ and with clang++, by add_subdirectory and
# by FetchContent. The program is compiled without heed's own flags, so its registers are narrower than those
# of the library; run.sh also checks that no name could mix the two up (names.sh), builds what
# docs/extending.md shows as a project of its own, and reads what the compiler says to common mistakes
# (messages.sh).
#
#     tests/consumer/run.sh [BUILD]
#
# installs what BUILD, build if not given, has built. It works in BUILD/consumer.
set -eu
cd "$(dirname "$0")/../.."
root=$(pwd -P)
build=$(cd "${1:-build}" && pwd -P)
work=$build/consumer
prefix=$work/prefix
jobs=${HEED_JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}
export CMAKE_GENERATOR="${CMAKE_GENERATOR:-$(command -v ninja >/dev/null && echo Ninja || echo 'Unix Makefiles')}"
passed=0
failed=0

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command, and shows what it printed if it fails.
check() {
  name=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    echo "ok      $name"
    passed=$((passed + 1))
  else
    tail -n 40 "$work/log"
    echo "FAILED  $name"
    failed=$((failed + 1))
  fi
}

install_heed() {
  rm -rf "$prefix"
  cmake --install "$build" --prefix "$prefix"
  # Only the floors of the library, and nothing that is not there.
  [ -f "$prefix/include/heed/autograd/zip/zip.h" ] && [ ! -e "$prefix/include/heed/examples" ] &&
    [ -z "$(find "$prefix/include" -type f ! -name '*.h')" ]
}

# cmake_project FOLDER ARGUMENTS: tests/consumer configured so, built, and run.
cmake_project() {
  folder=$work/$1
  shift
  rm -rf "$folder/CMakeCache.txt" "$folder/consumer" &&
    cmake -S "$root/tests/consumer" -B "$folder" "$@" &&
    cmake --build "$folder" --parallel "$jobs" &&
    "$folder/consumer"
}

# The blocks of docs/extending.md, as they stand there, against the installed copy.
extending() {
  rm -rf "$work/extending/blocks" "$work/extending/CMakeCache.txt" && mkdir -p "$work/extending/blocks" &&
    awk -v out="$work/extending/blocks" -f tests/consumer/extending/blocks.awk docs/extending.md &&
    cmake -S tests/consumer/extending -B "$work/extending" -DBLOCKS="$work/extending/blocks" \
      -DCMAKE_PREFIX_PATH="$prefix" &&
    cmake --build "$work/extending" --parallel "$jobs" &&
    "$work/extending/extending"
}

pkg_config() { PKG_CONFIG_PATH="$(dirname "$(find "$prefix" -name heed.pc)")" pkg-config "$@" heed; }

# by_hand COMPILER: no CMake at all, every warning an error.
by_hand() {
  object=$work/by_hand_$1.o
  # shellcheck disable=SC2046  # flags are words
  "$1" -std=c++20 -O2 -Wall -Wextra -Wpedantic -Werror $(pkg_config --cflags) -c tests/consumer/main.cpp \
    -o "$object" &&
    "$1" "$object" $(pkg_config --libs) -Wl,-rpath,"$(pkg_config --variable=libdir)" -o "${object%.o}" &&
    "${object%.o}"
}

# library_first COMPILER: the same, linked so that of two functions of one name the library's is kept.
library_first() {
  program=$work/library_first_$1
  # shellcheck disable=SC2046
  "$1" -Wl,--whole-archive "$(pkg_config --variable=libdir)/libheed.a" -Wl,--no-whole-archive \
    "$work/by_hand_$1.o" $(pkg_config --libs) -o "$program" && "$program"
}

# variant MASK SET: a portable build's program, as the loader starts it on a CPU that can do no more.
variant() {
  /lib64/ld-linux-x86-64.so.2 --glibc-hwcaps-mask "$1" "$work/by_hand_g++" | tee "$work/variant"
  grep -q "compiled for $2\$" "$work/variant"
}

with_compiler() {
  case $(uname -sm) in
    "Linux x86_64") check "names of what computes with registers ($1)" tests/consumer/names.sh "$work/names_$1" "$1" ;;
  esac
  check "messages to mistakes in a lambda ($1)" tests/consumer/messages.sh "$work/messages_$1" "$1"
  check "find_package ($1)" cmake_project "find_package_$1" -DHEED_BY=find_package -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_COMPILER="$1" -DCMAKE_PREFIX_PATH="$prefix"
  have pkg-config || return 0
  check "pkg-config and a plain call ($1)" by_hand "$1"
  if [ "$(uname)" = Linux ] && [ -f "$(pkg_config --variable=libdir)/libheed.a" ]; then
    check "the same, the library first ($1)" library_first "$1"
  fi
}

mkdir -p "$work"
check "cmake --install" install_heed
for compiler in g++ clang++; do
  if have $compiler; then with_compiler $compiler; else echo "note: going on without $compiler, which is not here"; fi
done
check "docs/extending.md" extending
if [ -d "$prefix/lib/glibc-hwcaps" ]; then
  check "the variant for SSE2" variant none sse2
  if grep -q avx2 /proc/cpuinfo; then check "the variant for AVX2" variant x86-64-v3 avx2; fi
  if grep -q avx512bw /proc/cpuinfo; then check "the variant for AVX-512" variant x86-64-v4 avx512; fi
fi
# One folder for both, which compile the library in the same place: so it is compiled once, and for speed of compiling.
from_sources() { cmake_project sources -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O0 "$@"; }
check "add_subdirectory" from_sources -DHEED_BY=add_subdirectory -DHEED_SOURCE="$root"
check "FetchContent" from_sources -DHEED_BY=FetchContent -DFETCHCONTENT_SOURCE_DIR_HEED="$root"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
