#!/bin/sh
# Builds LibTorch's side of the benchmark and the floor, where LibTorch and OpenBLAS are found, and prints the folder;
# prints nothing where they are not. HEED_PEERS may name other sources.
#
#     bench/peers/build.sh FOLDER
set -eu
folder=$1
sources=${HEED_PEERS:-bench/peers}
log=$folder.log
[ -f "$sources/CMakeLists.txt" ] || exit 0
if cmake -S "$sources" -B "$folder" -DCMAKE_BUILD_TYPE=Release >"$log" 2>&1 &&
   cmake --build "$folder" --parallel "${HEED_JOBS:-1}" >>"$log" 2>&1; then
  echo "$folder"
else
  echo "note: going on without LibTorch, $log says why (Debian: apt-get install libtorch-dev)" >&2
fi
