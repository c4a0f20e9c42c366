# shellcheck shell=sh disable=SC2034,SC2154
# The sets that there are: sets.tsv says what they are, files.tsv where their files are. `fetch.sh` reads this file.
# HEED_DATA_TABLES: a folder with other tables.

tables=${HEED_DATA_TABLES:-examples/data}
tab=$(printf '\t')

sets() { awk -F '\t' '!/^#/ && NF > 2 && !seen[$1]++ { print $1 }' "$tables/sets.tsv"; }

# What a set is called in the tables: tatoeba-LANG for tatoeba-fra.
family() { case $1 in tatoeba-*) echo tatoeba-LANG ;; *) echo "$1" ;; esac; }

# said KEY: what sets.tsv says of the set $name.
said() {
  case $out in *[!A-Za-z0-9_./+-]*) quoted="'$out'" ;; *) quoted=$out ;; esac
  awk -F '\t' -v family="$(family "$name")" -v key="$1" -v language="${name#*-}" -v out="$quoted" '
    $1 == family && $2 == key {
      text = $3
      if (key == "next") gsub(/LANG/, language, text)
      if (key == "next" && (at = index(text, "OUT"))) text = substr(text, 1, at - 1) out substr(text, at + 3)
      print text
    }' "$tables/sets.tsv"
}

said_folded() {
  said "$1" | while IFS= read -r text; do
    printf '%s\n' "$text" | fold -s -w 100 | sed "1s/^/  $1:$tab/; 2,\$s/^/$tab/"
  done | expand -t 12
}

# The files of a set, a row each. A family has rows for all, and may have rows for one of its own.
rows_of() {
  awk -F '\t' -v name="$1" -v family="$(family "$1")" -v language="${1#*-}" '
    $1 == name { own = 1; print }
    $1 == family { general[++count] = $0 }
    END {
      for (i = 1; i <= count && !own; i++) {
        gsub(/LANG/, language, general[i])
        print general[i]
      }
    }' "$tables/files.tsv"
}

is_set() {
  case $1 in
    tatoeba-LANG) false ;;
    tatoeba-[a-z][a-z][a-z]) true ;;
    *) sets | grep -qxF -e "$1" ;;
  esac
}

no_such_set() {
  # shellcheck disable=SC2046  # one word a set
  case $name in
    tatoeba-*)
      say "error: $name: a language has three letters there, as in tatoeba-fra and tatoeba-deu;" \
        "https://www.manythings.org/anki/ lists them" ;;
    *) say "error: there is no set $name; did you mean ./run data $(nearest "$name" $(sets))?" ;;
  esac
  # shellcheck disable=SC2046
  say "There are:" $(sets)
  exit 2
}

list_sets() {
  cat <<'TEXT'
usage: ./run data NAME [--out DIR] [--from DIR|URL]

Fetches a set, checks and unpacks it into data/NAME, and prints the command that trains on it. What was cut goes on.
--from takes the files from a folder or an address with the same names.
TEXT
  for name in $(sets); do
    printf '\n%s\n' "$name"
    for key in what size licence cite note; do said_folded "$key"; done
    rows_of "$name" | awk -F '\t' '
      !seen[$2 $3]++ { if (!count[$2]++) order[++bases] = $2; files[$2] = files[$2] (count[$2] > 1 ? ", " : "") $3 }
      END {
        for (i = 1; i <= bases; i++) {
          base = order[i]
          print "  from:\t" base (count[base] < 3 ? files[base] : " (" count[base] " files)")
        }
      }' | expand -t 12
  done
}
