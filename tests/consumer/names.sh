#!/bin/sh
# What computes with registers must have their width in its name (autograd/base/width.h), or a linker could
# give one loop the other's functions. Compiles widths.cpp for registers of 16 and of 64 bytes, unoptimized,
# so that every use of a register is a call that can be seen, and looks at the functions of equal name in
# both, those that a linker may exchange: none may call a function with a width in its name, except those that
# start a loop by handing it over to the library (zip and its kin: zip_sum, zip_by_value, zip_untaped, zip_whole,
# unrecorded).
#
#     tests/consumer/names.sh FOLDER [COMPILER]
#
# prints such functions, and fails if there are any, or if widths.cpp lacks a header with loops. For x86-64
# with binutils.
set -eu
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd -P)
folder=$1
compiler=${2:-g++}
mkdir -p "$folder"

# The functions and tables that another object may bring, too.
shared() { nm --defined-only "$1" | awk '$2 ~ /^[WVu]$/ { print $3 }' | sort; }

for option in -mno-avx -mavx512f; do
  "$compiler" -std=c++20 -O0 -w -ffunction-sections -fdata-sections $option -MMD -MF "$folder/headers" \
    -I"$root" -c "$root/tests/consumer/widths.cpp" -o "$folder/widths$option.o"
  shared "$folder/widths$option.o" >"$folder/names$option"
done
comm -12 "$folder/names-mno-avx" "$folder/names-mavx512f" >"$folder/names"
for header in $(cd "$root" && grep -rl 'Vec<' --include='*.h' autograd nn optim); do
  grep -qF "/$header" "$folder/headers" || { echo "error: widths.cpp does not use $header" >&2; exit 1; }
done

found=$(objdump -rw "$folder/widths-mavx512f.o" | awk -v names="$folder/names" '
  BEGIN { while ((getline name < names) > 0) both[name] = 1 }
  /^RELOCATION RECORDS FOR/ {
    section = $4
    gsub(/^\[\.[a-z.]*\.|\]:$/, "", section)
    sub(/^[a-z.]*\._Z/, "_Z", section)
  }
  section in both && $3 ~ /width64/ { sub(/[+-]0x[0-9a-f]*$/, "", $3); print section, $3 }' |
  grep -vE ' _ZN4heed(6detail)?7width64[0-9]+(zip|zip_sum|zip_by_value|zip_untaped|zip_whole|unrecorded)I' |
  cut -d ' ' -f 1 | sort -u | c++filt)
if [ -n "$found" ]; then
  echo "$found"
  echo "error: the functions above compute with registers whose width is not in their names" >&2
  exit 1
fi
count=$(grep -c width64 "$folder/names-mavx512f")
echo "$count functions differ by the width of a register, none is shared"
