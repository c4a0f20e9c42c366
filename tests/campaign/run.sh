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

programs=translate
if [ -x "$here/../../build/bin/caption" ]; then programs="translate caption"; fi

# Its share of the time of one program, in percent. kill.py takes it twice, disk.py once and a third.
found=0
# Building the fuzzer takes ten minutes on two cores, so it is no part of the short form (README.md).
attacks="kill:10 disk:12 damage:14 memory:6 surroundings:16 bits:6"
once="soak:18"
if [ "$seconds" -ge 600 ]; then
  attacks="kill:8 disk:10 damage:12 memory:6 surroundings:12 bits:6"
  once="soak:14 fuzz:20"
fi
for program in $programs; do
  for attack in $attacks; do
    if [ "${attack%:*}" = bits ] && [ "$programs" = translate ]; then continue; fi
    python3 "$here/${attack%:*}.py" --program $program --seconds $((seconds * ${attack#*:} / 200)) --seed "$seed" ||
      found=1
  done
done
for attack in $once; do
  python3 "$here/${attack%:*}.py" --seconds $((seconds * ${attack#*:} / 100)) --seed "$seed" || found=1
done
exit $found
