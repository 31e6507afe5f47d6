#!/usr/bin/env bash
# settle portrait: the figure, its tables and its special points.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

check "portrait of A[1,1,1]" gives 0 "$settle" portrait chain --c 1 --init -2,1 --out a111
check "the semistable point is (-1, -1)" prints '^semistable fixed point  *(-1, -1)'
check "portrait says nothing on stderr" quiet
for format in gp png pdf svg; do
    check "portrait.$format" test -s "a111/portrait.$format"
done
for table in field attracting repelling critical leaves trajectories heads; do
    check "table $table" test -s "a111/portrait-$table.tsv"
done
check "the manifest lists what is there" bash -c "cd a111 &&
    diff <(jq -r '.outputs | keys[]' manifest.json | sort) <(ls | grep -v manifest.json | sort)"
check "the hashes are those of the files" bash -c "cd a111 &&
    jq -r '.outputs | to_entries[] | .value + \"  \" + .key' manifest.json | sha256sum --check --quiet"

# a1 a2 = 1 on all fixed points; a1^2 + a2 >= 0 where they attract, <= 0 where they repel
check "the fixed points solve e = 0" awk '!/^#/ && NF == 2 && ($1 * $2 - 1) ^ 2 > 1e-20 { exit 1 }' \
    a111/portrait-attracting.tsv a111/portrait-repelling.tsv
check "solid where S > 0" awk '!/^#/ && NF == 2 && $1 ^ 2 + $2 < -1e-12 { exit 1 }' \
    a111/portrait-attracting.tsv
check "dashed where S < 0" awk '!/^#/ && NF == 2 && $1 ^ 2 + $2 > 1e-12 { exit 1 }' \
    a111/portrait-repelling.tsv
for piece in attracting repelling; do
    check "the $piece piece reaches the semistable point" awk '!/^#/ && NF == 2 &&
        ($1 + 1) ^ 2 + ($2 + 1) ^ 2 < 1e-20 { found = 1 } END { exit !found }' "a111/portrait-$piece.tsv"
done
check "S = 0 on the critical set" awk '!/^#/ && NF == 2 && ($1 ^ 2 + $2) ^ 2 > 1e-20 { exit 1 }' \
    a111/portrait-critical.tsv
check "trajectories keep to their leaves" awk '
    !/^#/ && NF < 3 { started = 0 }
    !/^#/ && NF == 3 { K = $3 - $2 ^ 2 / 2; if (!started) { K0 = K; started = 1 }
                       if ((K - K0) ^ 2 > 1e-16) exit 1 }' a111/portrait-trajectories.tsv
check "441 arrows, none of them missing" test "$(grep -c -v '^#' a111/portrait-field.tsv)" -eq 441

check "the default folder" gives 0 "$settle" portrait chain --grid 5x7 --quiet
check "is portrait-results" test -s portrait-results/portrait.pdf
check "--quiet prints the result, and nothing beside it" prints "^files "
check "on stderr nothing" quiet
check "--grid 5x7 has 35 arrows" test "$(grep -c -v '^#' portrait-results/portrait-field.tsv)" -eq 35

check "backpropagation" gives 0 "$settle" portrait chain --rule bp --out bp
check "has its saddle at the origin" prints '^saddle  *(-\?0, -\?0)'
check "weight decay" gives 0 "$settle" portrait chain --lambda 0.2 --out decay
check "has one attracting point" prints '^attracting fixed point  *(0.933'
check "and nullclines" test -s decay/portrait-nullclines-0.tsv
check "alpha = 0" gives 0 "$settle" portrait chain --alpha 0 --out zero
check "is degenerate at the origin" prints '^degenerate fixed point'
check "a plane of a longer chain" \
    gives 0 "$settle" portrait chain --depth 3 --rule srbp --plane a3,a1 --init 1/2,-1/2,1/2 --out slice
check "is drawn" test -s slice/portrait.svg
check "a flat window" gives 0 "$settle" portrait chain --window -1e-3,1e-3,-5,5 --out flat

check "an old portrait is replaced" gives 0 "$settle" portrait chain --lambda 0.2 --out a111 --quiet
check "and none of its files is left" test ! -e a111/portrait-leaves.tsv

"$settle" portrait chain --seed 7 --out one --quiet
"$settle" portrait chain --seed 7 --out two --quiet
"$settle" portrait chain --seed 8 --out other --quiet
check "one seed, the same tables" diff -q -r -x 'manifest.json' -x '*.pdf' one two
check "another seed, other trajectories" \
    bash -c '! cmp -s one/portrait-trajectories.tsv other/portrait-trajectories.tsv'
finish
