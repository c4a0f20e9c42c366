#!/bin/sh
# Lists the documents and checks that their links lead somewhere.
set -eu
cd "$(dirname "$0")/.."

# Prints the target of each relative link in a Markdown file, without its #anchor.
links() {
  awk '
    /^```/ { code = !code }
    !code && !/^    / {
      text = $0
      gsub(/`[^`]*`/, "", text)  # a lambda in a line of code looks like a link
      while (match(text, /\]\([^)]*\)/)) {
        target = substr(text, RSTART + 2, RLENGTH - 3)
        text = substr(text, RSTART + RLENGTH)
        sub(/ .*/, "", target)
        sub(/#.*/, "", target)
        if (target != "" && target !~ /^[a-z]+:/) print target
      }
    }' "$1"
}

broken=0
for document in *.md docs/*.md docs/book/*.md docs/book/site/*.md examples/first_steps/*.md examples/mine/*.md tests/book/*.md; do
  [ -f "$document" ] || continue
  printf '  %-28s %s\n' "$document" "$(sed -n 's/^# //p' "$document" | head -n 1)"
  for target in $(links "$document"); do
    if [ ! -e "$(dirname "$document")/$target" ]; then
      echo "$document: the link to $target leads nowhere" >&2
      broken=$((broken + 1))
    fi
  done
done
if [ "$broken" != 0 ]; then
  echo "error: broken links: $broken" >&2
  exit 1
fi
echo "every link leads somewhere"
