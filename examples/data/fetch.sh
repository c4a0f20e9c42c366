# shellcheck shell=sh disable=SC2034,SC2154  # these files share their variables
# ./run data: fetches data and puts them where the programs take them as they lie. `run` reads this file and calls
# data_command; say, fail, have, setup and nearest are those of `run`.
#
# Until a set is whole and right it lies in OUT/.part: got/ has what came, ready/ what is unpacked and checked. Then
# each file gets its name, and OUT/fetched.sums says what it is: sha256, file, bytes, date, and where it came from.

. examples/data/tables.sh
. examples/data/transfer.sh
. examples/data/sums.sh

flat() { printf %s "$1" | tr / _; }

# --- Getting hold of a file ----------------------------------------------------------------------

by_hand() {
  say "By hand: bring that file, with its name ($(basename "$path")), into a folder DIR, and type"
  say "  ./run data $name --from DIR"
  say "What has come so far is kept in $work; the same command goes on with it."
}

left_out() { without="$without $to"; }

# Sets source to a copy in the folder `from`: as upstream has it, that file alone, or as it lies in OUT.
find_copy() {
  for source in "$from/$path" "$from/$(basename "$path")"; do
    if [ -f "$source" ]; then return 0; fi
  done
  source=$from/${to%/}
  if [ -e "$source" ]; then unpack=-; return 0; fi
  if has_rule optional; then left_out; else missing="$missing
  $(basename "$path") (or $path, or $to)"; fi
  return 1
}

# Sets source to the file that came from the network. What may be lacking does not end the fetch; where there is no
# network, it is not asked for again and again.
find_download() {
  source=$work/got/$(flat "$path")
  [ ! -f "$source" ] || return 0
  if has_rule optional && [ -n "$unreachable" ]; then left_out; return 1; fi
  case $from in
    '') origin=$base$path ;;
    *) origin=${from%/}/$path ;;
  esac
  need curl
  say "  $origin"
  if download "$origin" "$source"; then return 0; fi
  if has_rule optional && [ "$code" != 23 ]; then
    say "  $why"
    [ "$code" = 22 ] || unreachable=yes
    left_out
    return 1
  fi
  say "error: $origin could not be fetched: $why."
  by_hand
  exit 1
}

came_by_network() { case $source in "$work"/*) true ;; *) false ;; esac; }

find_source() {
  case $from in
    '' | *://*) origin=$base$path; find_download ;;
    *) find_copy && origin=$source ;;
  esac
}

# --- Unpacking -----------------------------------------------------------------------------------

no_room() {
  fail "$to could not be written to $work; there are $(free_in "$work") free. What has come is kept, and the same" \
    "command goes on with it."
}

damaged() {
  if came_by_network; then rm -f "$source"; fi
  fail "$origin came damaged: $1 cannot read it. It is not kept; what was in $out stays as it was." \
    "Run the command again, or give a copy from elsewhere: --from DIR|URL"
}

# Fails where the archive has no such file.
unzip_member() {
  member=${unpack#unzip }
  rm -rf "$work/unpacked"
  mkdir -p "$work/unpacked" || no_room
  if have unzip || ! have bsdtar; then
    need unzip
    case $member in */) pattern="$member*" ;; *) pattern=$member ;; esac
    unzip -qq -o "$source" "$pattern" -d "$work/unpacked" </dev/null >/dev/null 2>"$work/words" ||
      { [ $? = 11 ] && return 1; } ||
      { unzip -tqq "$source" </dev/null >/dev/null 2>&1 || damaged unzip; no_room; }
  else
    bsdtar -tf "$source" >"$work/words" 2>&1 || damaged bsdtar
    grep -q "^$member" "$work/words" || return 1
    bsdtar -xf "$source" -C "$work/unpacked" "${member%/}" 2>"$work/words" ||
      { bsdtar -xOf "$source" >/dev/null 2>&1 || damaged bsdtar; no_room; }
  fi
  staged=$work/unpacked/${member%/}
  [ -e "$staged" ]
}

# Sets staged to the file as it is to lie in OUT. Fails where an archive lacks it.
unpack_source() {
  staged=$work/staged
  rm -rf "$staged"
  case $unpack in
    gunzip)
      gzip -dc "$source" >"$staged" 2>/dev/null || { gzip -t "$source" 2>/dev/null || damaged gzip; no_room; } ;;
    unzip*)
      unzip_member || { has_rule optional && left_out && return 1; fail "$origin has no $member in it"; } ;;
    -)
      if came_by_network; then staged=$source; return 0; fi
      { cp -R "$source" "$staged" && chmod -R u+w "$staged"; } || no_room ;;
  esac
}

# --- A set ---------------------------------------------------------------------------------------

is_ready() { [ -e "$work/ready/${to%/}" ] && [ -f "$work/sums/$(flat "$to")" ]; }

# Brings the file of a row to ready/, if it is not there or in OUT already.
fetch_row() {
  if [ -e "$out/${to%/}" ]; then check_what_lies; return; fi
  if is_ready; then return; fi
  find_source || return 0
  unpack_source || return 0
  check_staged
  { mkdir -p "$work/ready/$(dirname "$to")" && write_down &&
    mv "$staged" "$work/ready/${to%/}"; } || no_room
  say "  $to: $verdict"
}

# All that is ready gets its name, after what it is was written down.
install_set() {
  [ -n "$(ls "$work/sums")" ] || return 0
  { if [ -f "$out/fetched.sums" ]; then cat "$out/fetched.sums"; fi; cat "$work/sums"/*; } |
    awk -F '\t' '{ line[$2] = $0; if (!($2 in place)) { place[$2] = ++count; name[count] = $2 } }
      END { for (i = 1; i <= count; i++) print line[name[i]] }' >"$work/all.sums" || no_room
  mv "$work/all.sums" "$out/fetched.sums"
  while IFS=$tab read -r _ _ _ _ to _ <&3; do
    [ -e "$work/ready/${to%/}" ] || continue
    mkdir -p "$out/$(dirname "$to")"
    mv "$work/ready/${to%/}" "$out/${to%/}" || fail "$out/$to could not be written"
  done 3<"$work/rows"
}

interrupted() {
  say ""
  say "interrupted; what has come is kept in $work, and the same command goes on with it"
  exit 130
}

# One fetch at a time in a folder.
lock() {
  mkdir -p "$work/got" "$work/ready" "$work/sums" || fail "$out cannot be written to"
  other=$(cat "$work/lock" 2>/dev/null || true)
  if [ -n "$other" ] && kill -0 "$other" 2>/dev/null; then
    fail "process $other is fetching into $out already; if it is not, remove $work/lock"
  fi
  echo $$ >"$work/lock" || no_room
  trap 'rm -f "$work/lock"' EXIT
  trap 'interrupted' INT TERM HUP
}

fetch_set() {
  work=$out/.part
  missing='' without='' unreachable='' to=''
  lock
  rows_of "$name" >"$work/rows" || no_room
  say "$name: $(said what)"
  while IFS=$tab read -r _ base path unpack to bytes sha rules <&3; do
    fetch_row
  done 3<"$work/rows"
  if [ -n "$missing" ]; then
    say "error: $from lacks:$missing"
    say "What it has is kept in $work. Give a folder that has the rest, too, or leave --from out to fetch it."
    exit 1
  fi
  install_set
  rm -rf "$work"
}

say_next() {
  count=$(wc -l <"$out/fetched.sums" | tr -d ' ')
  case $count in 1) count="1 file" ;; *) count="$count files" ;; esac
  echo "$out has $count, each checked ($out/fetched.sums)."
  [ -z "$without" ] || echo "without, as they could not be had:$without"
  for key in licence cite note; do said_folded "$key"; done
  echo "next:"
  said next | sed 's/^/  /'
}

# A path as the user typed it, from where `run` was started.
from_start() {
  case $1 in
    /* | *://*) echo "$1" ;;
    *) if [ "$started" = "$(pwd)" ]; then echo "$1"; else echo "$started/$1"; fi ;;
  esac
}

data_command() {
  name='' out='' from=''
  while [ $# -gt 0 ]; do
    case $1 in
      --out) out=$(from_start "${2:?--out wants a folder}"); shift ;;
      --from) from=$(from_start "${2:?--from wants a folder or an address}"); shift ;;
      --help | -h | help) list_sets; return ;;
      -*) say "error: data takes --out DIR and --from DIR|URL, not $1"; exit 2 ;;
      *) [ -z "$name" ] || { say "error: one set at a time: $name, then $1"; exit 2; }; name=$1 ;;
    esac
    shift
  done
  if [ -z "$name" ]; then list_sets; return; fi
  is_set "$name" || no_such_set
  out=${out:-data/$name}
  case $from in '' | *://*) ;; *) [ -d "$from" ] || fail "--from $from: there is no such folder" ;; esac
  fetch_set
  say_next
}
