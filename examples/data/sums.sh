# shellcheck shell=sh disable=SC2034,SC2154
# What a file is, by its sha256: what is expected, what was written down, and what that means. `fetch.sh` reads this.

if have sha256sum; then hashes=sha256sum; else hashes="shasum -a 256"; fi

# Of a file; of a folder, that of the list of its files and their sums.
sum_of() {
  # shellcheck disable=SC2086  # a command and its flags
  if [ -d "$1" ]; then
    (cd "$1" && find . -type f -exec $hashes {} + | LC_ALL=C sort) | $hashes
  else
    $hashes <"$1"
  fi | cut -d ' ' -f 1
}

size_of() { if [ -f "$1" ]; then wc -c <"$1" | tr -d ' '; else echo 0; fi; }

# Sets sum and length.
measure() {
  sum=$(sum_of "$1")
  if [ -d "$1" ]; then length=$(find "$1" -type f -exec cat {} + | wc -c | tr -d ' '); else length=$(size_of "$1"); fi
}

# recorded FILE COLUMN: what was written down there of the file of this row.
recorded() {
  [ -f "$1" ] || return 0
  awk -F '\t' -v to="$to" -v column="$2" '$2 == to { value = $column } END { print value }' "$1"
}

# Of what was measured, in a file for each row, so that a full disk leaves no half line.
write_down() {
  printf '%s\t%s\t%s\t%s\t%s\n' "$sum" "$to" "$length" "$(date +%Y-%m-%d)" "$origin" >"$work/line" 2>/dev/null &&
    mv "$work/line" "$work/sums/$(flat "$to")"
}

has_rule() { case " $rules " in *" $1 "*) true ;; *) false ;; esac; }

as_listed() {
  [ "$bytes" = - ] || [ "$bytes" = "$length" ] || return 1
  case $sum in "$sha"*) true ;; *) false ;; esac
}

# Whether what was measured is what files.tsv and the last fetch say; sets verdict, or why not.
judge() {
  known=$(recorded "$out/fetched.sums" 1)
  last=$(recorded "$out/fetched.sums" 4)
  if as_listed; then
    verdict="$length bytes, as it should be"
  elif [ "$sha" != - ] && ! has_rule dated; then
    why="it has $length bytes and sha256 $sum; wanted: $bytes bytes, sha256 $sha"
    return 1
  elif [ "$known" = "$sum" ]; then
    verdict="$length bytes, as in the fetch of $last"
  elif has_rule dated && [ "$known$sha" != - ]; then
    date=${last:-${rules#*dated }}
    verdict="$length bytes, another version than that of $date, as newer ones come; its sha256 $sum is kept"
  elif [ -n "$known" ]; then
    why="it has sha256 $sum, in the fetch of $last it had $known (to take it, remove that line of $out/fetched.sums)"
    return 1
  else
    verdict="$length bytes, sha256 $sum; no sum is published, so this one is kept for the next time"
  fi
}

# What is in OUT already is not touched.
check_what_lies() {
  measure "$out/${to%/}"
  known=$(recorded "$out/fetched.sums" 1)
  [ "$known" != "$sum" ] || return 0
  if [ -n "$known" ]; then
    fail "$out/$to was changed after the fetch of $(recorded "$out/fetched.sums" 4): its sha256 is $sum, and was" \
      "$known. Nothing was touched. Move it away, and the same command fetches it anew."
  fi
  judge || fail "$out/$to is there already, but $why. Nothing was touched. Move it away, and the same command" \
    "fetches it."
  origin="was there"
  write_down || no_room
  say "  $to was there: $verdict"
}

check_staged() {
  measure "$staged"
  if judge; then return 0; fi
  rm -rf "$staged"
  if came_by_network; then rm -f "$source"; fi
  fail "$to from $origin is not what it should be: $why. It is not kept; what was in $out stays as it was." \
    "Run the command again; if that is no help, that place has another file now: take a copy, --from DIR|URL"
}
