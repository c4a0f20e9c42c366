# shellcheck shell=sh disable=SC2034,SC2154
# One file from the network, by curl: what has come of it is kept, and goes on where it was cut. `fetch.sh` reads this
# file; say, fail, have, setup and data_packages are those of `run`.

# need TOOL: curl, say.
need() {
  # shellcheck disable=SC2046  # one word a package
  have "$1" || setup $(data_packages "$(manager)")
  have "$1" || fail "$1 is needed for this, and is not installed"
}

free_in() { df -Pk "$1" | awk 'NR == 2 { printf "%.0f MB", $4 / 1000 }'; }

# What the server said last (redirects come before it) of a field, in small letters; from the headers in FILE.
header() {
  tr -d '\r' <"$2" | awk -v field="$1:" '
    /^HTTP\// { value = "" }
    tolower($1) == field { value = substr($0, length(field) + 1); sub(/^ +/, "", value) }
    END { print value }'
}

# By what the server tells versions of a file apart, where it does: so that no file is pieced together from two.
remember_version() {
  [ -s "$1.part" ] && [ ! -s "$1.version" ] && [ -f "$1.headers" ] || return 0
  version=$(header etag "$1.headers")
  case $version in
    '"'*) ;;
    *) version=$(header last-modified "$1.headers") ;;
  esac
  printf '%s' "$version" >"$1.version"
}

# transfer URL FILE: brings FILE.part as far as it comes; sets code, curl's, and status, the server's.
transfer() {
  remember_version "$2"  # of a transfer that was interrupted
  set -- "$1" "$2" --fail --location --proto =http,https --proto-redir =http,https --connect-timeout 20 \
    --speed-limit 1 --speed-time 60 --continue-at - --output "$2.part" --dump-header "$2.headers" \
    --write-out '%{http_code}'
  if [ -s "$2.version" ]; then set -- "$@" --header "If-Range: $(cat "$2.version")"; fi
  if [ -t 2 ]; then set -- "$@" --progress-bar; else set -- "$@" --silent; fi
  url=$1 file=$2
  shift 2
  rm -f "$file.headers"
  code=0
  status=$(curl "$@" -- "$url" </dev/null) || code=$?
  remember_version "$file"
}

# Whether the server says that the part is all there is: it has no byte after it.
is_whole() {
  [ "$status" = 416 ] && [ "$(size_of "$1.part")" = "$2" ] &&
    [ "$(header content-range "$1.headers")" = "bytes */$2" ]
}

start_again() { rm -f "$1.part" "$1.version"; }

# Whether it is worth another try: a transfer was cut or stood still, or the server has too much to do.
may_pass() {
  case $code in
    16 | 18 | 28 | 52 | 55 | 56 | 92) true ;;
    22) case $status in 408 | 429 | 5??) true ;; *) false ;; esac ;;
    *) false ;;
  esac
}

# What went wrong, in words.
reason() {
  case $code in
    5 | 6) echo "the name of the host was not found; is there a network?" ;;
    7) echo "the host does not answer; is there a network?" ;;
    16 | 18 | 28 | 52 | 55 | 56 | 92) echo "the transfer was cut several times" ;;
    22) case $status in
          404 | 410) echo "the server has no such file (HTTP $status)" ;;
          *) echo "the server refused (HTTP $status)" ;;
        esac ;;
    23) echo "it could not be written; there are $(free_in "$(dirname "$1")") free in $(dirname "$1")" ;;
    35 | 51 | 58 | 60 | 77) echo "no safe connection (TLS, curl's code $code): a proxy, or a clock that is wrong?" ;;
    47) echo "the server sends from place to place in a circle" ;;
    *) echo "curl's code is $code (man curl, EXIT CODES)" ;;
  esac
}

# download URL FILE: FILE is there when it is whole. Otherwise fails, with code, status and why, in words.
download() {
  tries=0
  while [ "$tries" -lt 5 ]; do
    before=$(size_of "$2.part")
    transfer "$1" "$2"
    if is_whole "$2" "$before"; then code=0; elif [ "$status" = 416 ]; then code=33; fi
    if [ "$code" = 0 ]; then
      # An empty file leaves no part.
      if [ -f "$2.part" ]; then mv "$2.part" "$2"; else : >"$2"; fi
      rm -f "$2.headers" "$2.version"
      return 0
    fi
    if [ "$(size_of "$2.part")" -gt "$before" ]; then tries=0; fi
    tries=$((tries + 1))
    if [ "$code" = 33 ]; then  # this server cannot go on in the midst, or has another version by now
      start_again "$2"
    elif may_pass; then
      say "  cut at $(size_of "$2.part") bytes; going on"
      sleep "${HEED_DATA_WAIT:-3}"
    else
      break
    fi
  done
  why=$(reason "$2")
  return 1
}
