#!/bin/sh
# Plants the faults of faults.txt, one at a time, into a copy of the sources, builds it, and runs the gradient
# checks (tests/gradients), which must fail. Prints what was caught, and by which check, and what was missed.
#
#     tests/faults/run.sh [FOLDER] [WORD]
#
# works in FOLDER, build/faults if not given, and plants only the faults that mention WORD.
set -eu
cd "$(dirname "$0")/../.."
root=$(pwd -P)
folder=${1:-build/faults}
only=${2:-}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd -P)
copy=$folder/src
faults=$root/tests/faults/faults.txt
log=$folder/log.txt

say() { printf '%s\n' "$*"; }
fail() { say "error: $*" >&2; exit 1; }

# The library and the gradient checks.
files() {
  (cd "$1" && {
    find CMakeLists.txt autograd nn optim tests/CMakeLists.txt tests/gradients -type f
    find tests -maxdepth 1 -name '*.[ch]pp' -o -maxdepth 1 -name '*.h'
  } | sort)
}

# Copies what differs, so that only that is compiled again.
mirror() {
  mkdir -p "$copy"
  files "$root" >"$folder/wanted"
  if [ -e "$copy/CMakeLists.txt" ]; then
    files "$copy" | grep -vxFf "$folder/wanted" | while read -r file; do rm "$copy/$file"; done
  fi
  while read -r file; do
    cmp -s "$root/$file" "$copy/$file" && continue
    mkdir -p "$copy/$(dirname "$file")"
    cp "$root/$file" "$copy/$file"
  done <"$folder/wanted"
}

compile() {
  if command -v ninja >/dev/null 2>&1; then generator=Ninja; else generator='Unix Makefiles'; fi
  cmake -S "$copy" -B "$folder/build" -G "$generator" -DCMAKE_BUILD_TYPE=Release -DHEED_NATIVE=ON \
    -DHEED_TESTS=gradients -DHEED_EXAMPLES=OFF -DHEED_BENCH=OFF -DHEED_WERROR=OFF >"$log" 2>&1 &&
    cmake --build "$folder/build" --target gradient_tests --parallel "${HEED_JOBS:-1}" >>"$log" 2>&1
}

# The gradient checks as far as the first failure.
checks() { "$folder/build/bin/gradient_tests" --abort >"$log" 2>&1; }

# What the log says of the first failure. Lines are joined first, as they were broken anywhere.
found_by() {
  tr -s ' \n' ' ' <"$log" | sed -n \
    -e 's/.*gradcheck \(.*\): [0-9]* of [0-9]* derivatives are wrong.*/\1/p;t' \
    -e 's/.*gradients: \([^.]*\) ---.*/an error in \1/p'
}

# The value of a field of fault number $1.
field() {
  awk -v number="$1" -v key="$2: " '
    /^file: / { count++ }
    count == number && index($0, key) == 1 { print substr($0, length(key) + 1) }' "$faults"
}

# Replaces $2 by $3 in file $1. Fails unless $2 occurs exactly once.
plant() {
  FIND=$2 REPLACE=$3 awk '
    { text = text $0 "\n" }
    END {
      find = ENVIRON["FIND"]
      at = index(text, find)
      if (find == "" || !at || index(substr(text, at + 1), find)) exit 1
      printf "%s%s%s", substr(text, 1, at - 1), ENVIRON["REPLACE"], substr(text, at + length(find))
    }' "$root/$1" >"$folder/planted" || return 1
  cp "$folder/planted" "$copy/$1"
}

chosen() { case "$1" in *"$only"*) true ;; *) false ;; esac; }

total=$(grep -c '^file: ' "$faults")
number=0
count=0
while [ "$number" -lt "$total" ]; do
  number=$((number + 1))
  if chosen "$(field $number file) $(field $number why)"; then count=$((count + 1)); fi
done
[ "$count" -gt 0 ] || fail "no fault mentions $only; tests/faults/faults.txt lists them"

mirror
say "building the checks without any fault"
compile || { tail -n 40 "$log"; fail "the sources do not build"; }
checks || { tail -n 40 "$log"; fail "the gradient checks fail without any fault"; }

caught=0
missed=0
number=0
while [ "$number" -lt "$total" ]; do
  number=$((number + 1))
  file=$(field $number file)
  why=$(field $number why)
  chosen "$file $why" || continue
  plant "$file" "$(field $number find)" "$(field $number with)" ||
    fail "fault $number ($why): its text does not occur exactly once in $file; mend tests/faults/faults.txt"
  if ! compile; then
    tail -n 20 "$log"
    fail "fault $number ($why): $file does not build with it; mend tests/faults/faults.txt"
  fi
  if checks; then
    missed=$((missed + 1))
    say "MISSED  $file: $why"
  else
    caught=$((caught + 1))
    say "caught  $file: $why  [$(found_by)]"
  fi
  cp "$root/$file" "$copy/$file"
done
say "$caught caught, $missed missed"
[ "$missed" = 0 ]
