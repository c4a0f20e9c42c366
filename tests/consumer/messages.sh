#!/bin/sh
# Compiles each case of messages.cpp. Those with "compiles" beside their number must; the others must not, and
# among the compiler's messages must be one static_assert, with the words that stand there.
#
#     tests/consumer/messages.sh FOLDER [COMPILER]
set -eu
export LC_ALL=C
cd "$(dirname "$0")"
folder=$1
compiler=${2:-g++}
mkdir -p "$folder"

sed -n 's/^#.* CASE == \([0-9]*\)  *\/\/ \(.*\)$/\1 \2/p' messages.cpp >"$folder/cases"
while read -r number words; do
  if "$compiler" -std=c++20 -w -I../.. -DCASE="$number" -fsyntax-only messages.cpp >"$folder/log" 2>&1; then
    found=compiles
  else
    found=$(grep -o 'static.assert.*write .*' "$folder/log" | sed 's/.*write //' | sort -u)
    if [ "$(echo "$found" | wc -l)" != 1 ]; then
      cat "$folder/log"
      echo "error: case $number has several messages"
      exit 1
    fi
  fi
  case $found in
    *"$words"*) ;;
    *) cat "$folder/log"; echo "error: case $number: wanted \"$words\", got \"$found\""; exit 1 ;;
  esac
done <"$folder/cases"
echo "$(wc -l <"$folder/cases") cases end as they should"
[ "$(wc -l <"$folder/cases")" -ge 7 ]
