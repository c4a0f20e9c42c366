#!/bin/sh
# Builds heed.html (./run page):  examples/page/build.sh FOLDER JOBS
set -eu
cd "$(dirname "$0")/../.."
folder=$1
jobs=$2

# Debian's emscripten looks for its helpers where Debian's node modules are, and the fetch of node 18 and later breaks
# what it runs.
export NODE_PATH="${NODE_PATH:+$NODE_PATH:}/usr/share/nodejs"
if node --no-experimental-fetch -e 0 2>/dev/null; then
  export NODE_OPTIONS="${NODE_OPTIONS:-} --no-experimental-fetch"
fi

mkdir -p "$folder"
emcmake cmake --preset wasm -B "$folder" ${HEED_WERROR:+-DHEED_WERROR=$HEED_WERROR} >"$folder/configure.log" 2>&1 ||
  { cat "$folder/configure.log" >&2; rm -f "$folder/CMakeCache.txt"; exit 1; }
cmake --build "$folder" --target page --parallel "$jobs" >&2
