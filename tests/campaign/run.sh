#!/bin/sh
# All attacks, one after the other: run.sh [--minutes N] [--seed N]. Ends with code 1 if one found something.
set -u
here=$(cd "$(dirname "$0")" && pwd)
seconds=150
seed=1
while [ $# -gt 0 ]; do
  case $1 in
    --minutes) seconds=$((${2:?--minutes wants a number} * 60)); shift 2 ;;
    --seed) seed=${2:?--seed wants a number}; shift 2 ;;
    *) echo "error: campaign takes --minutes N and --seed N, not $1" >&2; exit 2 ;;
  esac
done
command -v python3 >/dev/null || { echo "error: the campaign needs python3" >&2; exit 1; }
[ "$(uname)" = Linux ] || { echo "error: the campaign needs Linux" >&2; exit 1; }

# Its share of the time, in percent. kill.py takes it twice, disk.py once and a third.
found=0
# Building the fuzzer takes ten minutes on two cores, so it is no part of the short form (README.md).
attacks="kill:10 disk:16 damage:21 surroundings:22 soak:20"
if [ "$seconds" -ge 600 ]; then attacks="kill:9 disk:14 damage:18 surroundings:18 soak:14 fuzz:20"; fi
for attack in $attacks; do
  python3 "$here/${attack%:*}.py" --seconds $((seconds * ${attack#*:} / 100)) --seed "$seed" || found=1
done
exit $found
