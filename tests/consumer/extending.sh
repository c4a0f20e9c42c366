#!/bin/sh
# Follows docs/extending.md to the letter, inside heed: takes a copy of the sources, makes each of the page's
# changes (the files and the lines that it shows), builds, and trains a translator for an epoch with what is
# new. Prints for each change the files and lines that it took and the CPU seconds of the build after it.
# (run.sh follows the page outside heed.)
#
#     tests/consumer/extending.sh FOLDER [TARGET]
#
# works in FOLDER, where a second run builds only what is new. TARGET: what is built after each change; all if
# not given, and then the tests run with what is new, too.
set -eu
cd "$(dirname "$0")/../.."
root=$(pwd -P)
mkdir -p "$1"
work=$(cd "$1" && pwd -P)
target=${2:-all}
jobs=${HEED_JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}
[ -n "${CMAKE_GENERATOR:-}" ] || ! command -v ninja >/dev/null || export CMAKE_GENERATOR=Ninja

# Reads the CPU seconds, of user and system, that the children of this shell have used: `times` tells only the shell
# that calls it.
seconds_in() { awk 'NR == 2 { gsub(/[ms]/, " "); print $1 * 60 + $2 + $3 * 60 + $4 }' "$1"; }

build() {
  cmake --build "$work/build" --parallel "$jobs" --target "$target" >"$work/log" 2>&1 ||
    { tail -n 40 "$work/log"; exit 1; }
}

# change NAME DIFF [FILE FOLDER]: a new file and the lines of a block of changes.
change() {
  block=$work/blocks/$2
  if [ $# -gt 2 ]; then cp "$work/blocks/$3" "$work/sources/$4/"; fi
  awk -v root="$work/sources" -f tests/consumer/extending/change.awk "$block"
  times >"$work/before"
  build
  times >"$work/after"
  awk -v name="$1" -v new="${4:+$4/}${3:-}" \
    -v before="$(seconds_in "$work/before")" -v after="$(seconds_in "$work/after")" '
    /^--- / { file = $2; files = files (files ? ", " : "") file }
    /^\+/ { ++lines }
    END {
      printf "%-10s %-34s %d lines in %s: built in %.1f CPU s\n",
        name, new ? "new: " new : "", lines, files, after - before
    }' "$block"
}

train() {
  rm -rf "$work/run"
  "$work/build/bin/translate" train --data builtin --out "$work/run" --preset demo --epochs 1 "$@" \
    >"$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }
  echo "ok      translate train --epochs 1 $*"
}

# Only what differs is copied, so that what was built before need not be built again.
mkdir -p "$work/sources" "$work/fresh" "$work/blocks"
rm -rf "$work/fresh" && mkdir "$work/fresh"
cp -R ./*.txt ./*.md autograd nn optim examples tests bench docs "$work/fresh/"
(cd "$work/sources" && find . -type f) | while read -r file; do
  [ -f "$work/fresh/$file" ] || rm "$work/sources/$file"
done
(cd "$work/fresh" && find . -type f) | while read -r file; do
  if ! cmp -s "$work/fresh/$file" "$work/sources/$file"; then
    mkdir -p "$work/sources/$(dirname "$file")"
    cp "$work/fresh/$file" "$work/sources/$file"
  fi
done
rm -f "$work"/blocks/*
awk -v out="$work/blocks" -f tests/consumer/extending/blocks.awk docs/extending.md

if [ "$target" = all ]; then parts=ON; else parts=OFF; fi
cmake -S "$work/sources" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DHEED_NATIVE=ON -DHEED_WERROR=ON \
  -DHEED_TESTS=$parts -DHEED_BENCH=$parts >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
build
change softsign 1.diff
change mgu 2.diff mgu.h nn/recurrent
change cosine 3.diff cosine_score.h nn/attention
change lion 4.diff lion.h optim
train --cell mgu
train --score cosine --hidden 192  # as wide as the annotations
train --optimizer lion
[ "$target" != all ] || (cd "$work/build" && ctest --output-on-failure)
