#!/usr/bin/env bash
# What the machine can do to a run: full disks, closed pipes, a missing or failing gnuplot.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

# a command that fails for the machine's reasons: exit 4 and one line
broken() { gives 4 "$@" && one_line; }

# `ulimit -f` counts kilobytes in bash; the tables of a run and the store of a verification need more
limited() { (ulimit -f "$1" && shift && "$@"); }
check "run: a full disk" broken limited 8 "$settle" run chain --init -2,1 --out full-run
check "leaves no half table" test ! -e full-run/trajectory.tsv
check "leaves no manifest" test ! -e full-run/manifest.json
check "portrait: a full disk" broken limited 8 "$settle" portrait chain --out full-portrait
check "verify: a full disk" broken limited 8 "$settle" verify t2-converges --trials 50 --out full-verify
check "a disk that is full when the pictures are drawn" \
    broken limited 8 "$settle" run chain --rule srbp --c 1,0,1 --init 1/2,0,1/2 --out full-picture
check "the table was written" test -s full-picture/trajectory.tsv
check "leaves no manifest either" test ! -e full-picture/manifest.json

to_full() { "$@" > /dev/full; }
for arguments in --help --version list "list --json" "run chain" "run chain --json" \
    "verify t2-converges --trials 5" "portrait chain --out p"; do
    # shellcheck disable=SC2086 # words
    check "settle $arguments > /dev/full" broken to_full "$settle" $arguments
done

closed() { "$settle" list 2> "$err" | true; [ ! -s "$err" ]; }
check "a reader that leaves is no news" closed

# gnuplot is not there: tables and scripts are, and one line says so
mkdir "$top/empty"
without() { PATH=$top/empty "$@"; }
check "run without gnuplot" gives 0 without "$settle" run chain --init -2,1 --out no-run
check "says so in one line" one_line
check "and what to install" complains 'gnuplot is not installed'
check "keeps the table" test -s no-run/trajectory.tsv
check "keeps the script" test -s no-run/trajectory.gp
check "has a manifest" holds '.outputs | has("trajectory.gp") and (has("trajectory.png") | not)' \
    no-run/manifest.json
check "portrait without gnuplot" gives 0 without "$settle" portrait chain --out no-portrait
check "keeps its tables" test -s no-portrait/portrait-field.tsv
check "verify without gnuplot" gives 0 without "$settle" verify t2-rate --trials 20 --out no-verify
check "keeps its tables too" test -s no-verify/rates.tsv

# gnuplot fails, or says that all is well and draws nothing
mkdir "$top/fails" "$top/lies"
printf '#!/bin/sh\necho "out of ink" >&2\nexit 1\n' > "$top/fails/gnuplot"
printf '#!/bin/sh\nexit 0\n' > "$top/lies/gnuplot"
chmod +x "$top/fails/gnuplot" "$top/lies/gnuplot"
fails() { PATH=$top/fails:$PATH "$@"; }
lies() { PATH=$top/lies:$PATH "$@"; }
check "a gnuplot that fails" broken fails "$settle" run chain --out bad-run
check "is quoted" complains 'out of ink'
check "a gnuplot that draws nothing" broken lies "$settle" run chain --out lie-run
check "is found out" complains 'unfinished'

# names that a shell or gnuplot would trip over
odd="odd 'name\" \$(touch x) \\"
check "an odd folder name" gives 0 "$settle" run chain --out "$odd"
check "is only a name" test -s "$odd/trajectory.png"
check "and runs nothing" test ! -e x -a ! -e "$odd/x"
finish
