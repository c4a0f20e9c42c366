#!/bin/sh
# Builds the book as a site of files, and checks it. ./run book calls this when the packages are there.
#
# usage: docs/book/site/build.sh FOLDER
set -eu
folder=$1
case $folder in /*) ;; *) folder=$(pwd)/$folder ;; esac
cd "$(dirname "$0")"

# The python3 on the path may be another one than that for which the packages are installed.
python=
for candidate in python3 /usr/bin/python3; do
  if "$candidate" -c 'import furo, myst_parser, sphinx' 2>/dev/null; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  echo "error: no python3 here has Sphinx, the MyST parser and the theme furo. Debian has them as" \
    "python3-sphinx, python3-myst-parser and furo; elsewhere they are sphinx, myst-parser and furo for pip." >&2
  exit 1
fi
export PYTHONDONTWRITEBYTECODE=1

"$python" -m unittest -q formulas_test blocks_test check_test

# Figures that run are parts of the page, where ./run page has built it.
page=$(dirname "$folder")/page/heed.html
export HEED_LIVE=
if [ -f "$page" ]; then HEED_LIVE=yes; else echo "note: without ./run page before it the book's figures do not run" >&2; fi

# From nothing, so that no page of a document that is gone stays, and a broken link cannot lead to one.
rm -rf "$folder" "$folder-doctrees"
if ! "$python" -m sphinx -q -W --keep-going -b html -c . -d "$folder-doctrees" ../../.. "$folder"; then
  echo "error: the book could not be built without a warning (the lines above say which)" >&2
  exit 1
fi
rm -rf "$folder-doctrees"
if [ -n "$HEED_LIVE" ]; then
  mkdir -p "$folder/live"
  cp "$page" "$folder/live/heed.html"
fi
"$python" check.py "$folder"
echo "$folder/index.html"
