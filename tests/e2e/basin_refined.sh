#!/usr/bin/env bash
# settle basin --refine: areas, files and pictures of a basin whose area is known; kills and resumption.
# shellcheck disable=SC1091,SC2016,SC2054,SC2154,SC2317 # tap: sourced, sets settle, out, err; check calls by name
. "$(dirname "$0")/tap"

given() { jq -e --argjson a "$1" "$2" "$out" > /dev/null; } # NUMBER FILTER, where it is $a
rows() { awk '!/^#/ && NF' "$@"; }
left='.classes[] | select(.label == "a1 < 0, a2 < 0")'

# Random backpropagation on A[1,1,1]: a1 runs to the next root of P = a1 (K + a1^2/2) = 1 on the leaf
# a2 - a1^2/2 = K.  Left of the middle root, which exists for K < -3/2, lie the starts with a1 < -1 below
# the parabola a2 = a1^2/2 - 3/2, and those with -1 < a1 < 0 below a2 = 1/a1.  In the window -3..3 squared
# their area is 22/3 + 2 - log 3 of 36.
known=$(awk 'BEGIN { printf "%.15g", (22 / 3 + 2 - log(3)) / 36 }')
plane=(chain --c 1 --window=-3,3,-3,3 --grid 101x101 --class component)
check "a plane of A[1,1,1]" gives 0 "$settle" basin "${plane[@]}" --json
check "is not refined" says '.refined == null'
coarse=$(jq '.classes[0] | .high - .low' "$out")
before=$coarse
for depth in 1 3 5; do
    check "depth $depth" gives 0 "$settle" basin "${plane[@]}" --refine "$depth" --json
    check "holds the area" given "$known" "$left | .low <= \$a and \$a <= .high"
    check "is closer" given "$before" '.classes | all(.high - .low < $a / 1.9)'
    before=$(jq '.classes[0] | .high - .low' "$out")
    check "the shares are those of areas" given "$known" \
        "$left | (.fraction - \$a | fabs) < (.high - .low) / 10"
    check "and all there is" says '[.classes[].fraction] | add - 1 | fabs < 1e-12'
    check "the rest is boundary" says '.refined.boundary + ([.classes[].low] | add) - 1 | fabs < 1e-12'
done
check "bounds are 30 times as close" given "$coarse" '.classes | all((.high - .low) * 30 < $a)'
check "with files" gives 0 "$settle" basin "${plane[@]}" --refine 5 --out map --json
check "and nothing on stderr" quiet
check "cells are listed" test "$(rows map/refined.tsv | wc -l)" -eq "$(jq .refined.cells "$out")"
check "those of the boundary are marked" test "$(rows map/refined.tsv | awk '$9 == 1' | wc -l)" -eq \
    "$(jq .refined.boundary_cells "$out")"
check "they are the last ones" awk '!/^#/ && $9 == 1 { n++; for (k = 1; k < 5; k += 2) {
    w = ($(k + 1) - $k) * 101 * 32 / 6 - 1; if (w ^ 2 > 1e-16 || $5 != 5) exit 1 } } END { exit !n }' map/refined.tsv
# the parabola or the hyperbola is within two cells of each
check "at the known curve" awk '!/^#/ && $9 == 1 { x = ($1 + $2) / 2; y = ($3 + $4) / 2
    d = x < -1 ? y - x ^ 2 / 2 + 1.5 : x * y - 1
    if (d ^ 2 > (4 * 2 * 6 / (101 * 32)) ^ 2) exit 1 }' map/refined.tsv
check "cells have values: limits with P = 1" awk '!/^#/ { n++; if (($11 * $12 - 1) ^ 2 > 1e-24) exit 1
    if (($7 == 0) != ($11 < 0)) exit 1 } END { exit !n }' map/refined.tsv
check "the share is the sum of areas" bash -c "awk 'NR == FNR { if (!/^#/) { i = int((\$1 + \$2 + 6) / 12 * 101)
        j = int((\$3 + \$4 + 6) / 12 * 101); cut[i + 101 * j] = 1
        area += \$7 == 0 ? (\$2 - \$1) * (\$4 - \$3) / 36 : 0 }; next }
    !/^#/ && !(\$1 in cut) && \$5 == 0 { area += 1 / 10201 } END { printf \"%.12g\n\", area }' \
    map/refined.tsv map/basin.tsv | diff - <(awk -F '\t' '\$1 == \"0\" { printf \"%.12g\n\", \$3 }' map/classes.tsv)"
check "in the HDF5 file, too" bash -c 'h5dump -H -d /refined/low map/basin.h5 |
    grep -q "SIMPLE { ( '"$(jq .refined.cells "$out")"', 2 ) /"'
check "the picture has finer points" grep -q 'array=(1616,1616)' map/basin.gp

# --- the same bytes -------------------------------------------------------------------------------
files=(refined.tsv classes.tsv basin.tsv basin.h5 basin.rgb basin-limit_a1.rgb)
check "one thread" gives 0 "$settle" basin "${plane[@]}" --refine 5 --out one --threads 1
for file in "${files[@]}"; do check "the same $file" cmp "map/$file" "one/$file"; done
check "resumed" gives 0 "$settle" basin "${plane[@]}" --refine 5 --out one --resume
for file in "${files[@]}"; do check "the same $file" cmp "map/$file" "one/$file"; done
check "other colours" gives 0 "$settle" basin "${plane[@]/component/minimum}" --refine 5 --out one --resume --json
check "have no boundary" says '.refined.boundary == 0 and .refined.cells == 0'
check "and an empty table" test "$(rows one/refined.tsv | wc -l)" -eq 0
check "without --refine" gives 0 "$settle" basin "${plane[@]}" --out one --resume
check "there is none" test ! -e one/refined.tsv
check "deeper" gives 0 "$settle" basin "${plane[@]}" --refine 6 --out one --resume --json
check "is closer again" given "$before" '.classes | all(.high - .low < $a / 1.9)'

# --- kill -9, then --resume ----------------------------------------------------------------------
cells=(chain --c 1 --window=-3,3,-3,3 --grid 101x101 --class component --values limit)
long=("${cells[@]}" --refine 6)
begun=$(date +%s%N)
check "an undisturbed refinement" gives 0 "$settle" basin "${long[@]}" --out whole
took=$((($(date +%s%N) - begun) / 1000000))
partial=0
RANDOM=3
for kill in 1 2 3 4 5 6; do
    "$settle" basin "${long[@]}" --out "killed$kill" > /dev/null 2>&1 &
    victim=$!
    sleep "$(awk -v r=$RANDOM -v ms=$took 'BEGIN { print r / 32768 * ms / 2000 }')"
    kill -9 "$victim" 2> /dev/null
    wait "$victim" 2> /dev/null
    n=$(sqlite3 "killed$kill/basin.sqlite" 'select count(*) from batch' 2> /dev/null)
    [ "${n:-0}" -gt 0 ] && ! [ -f "killed$kill/refined.tsv" ] && partial=$((partial + 1))
    check "kill $kill, resumed" gives 0 "$settle" basin "${long[@]}" --out "killed$kill" --resume
    for file in "${files[@]}"; do check "the same $file" cmp "whole/$file" "killed$kill/$file"; done
done
check "some kills found the refinement begun" test "$partial" -ge 1

"$settle" basin "${cells[@]}" --refine 9 --out stopped > "$out" 2> "$err" &
victim=$!
for _ in $(seq 400); do
    n=$(sqlite3 stopped/basin.sqlite 'select count(*) from batch' 2> /dev/null)
    [ "${n:-0}" -gt 20 ] && break
    sleep 0.02
done
kill -INT "$victim"
wait "$victim"
check "an interrupt ends with 3" test $? -eq 3
check "and says how to go on" grep -q 'interrupted after [0-9]* starts at boundaries; --resume goes on' "$err"
check "without results" test ! -e stopped/refined.tsv -a ! -e stopped/manifest.json

# a batch that is missing is all that is computed again; one that is torn is
sqlite3 whole/basin.sqlite "delete from batch where number = 2; update batch set cells = substr(cells, 1, 99)
    where number = 3; update batch set cells = zeroblob(length(cells)) where number = 4"
cp whole/refined.tsv kept
check "gaps are filled" gives 0 "$settle" basin "${long[@]}" --out whole --resume
check "with the same cells" cmp kept whole/refined.tsv

# --- lines, boxes, undecided cells, predictions ---------------------------------------------------
check "a line" gives 0 "$settle" basin polynomial --q 0,0.3,1,-1 --grid 50 --refine 8 --json
check "has its repelling point between two cells" says '.refined.boundary_cells == 2 and .refined.boundary < 1e-3'
check "a box" gives 0 "$settle" basin chain --depth 3 --plane a1,a2,a3 --grid 9x8x7 --refine 1 --out box --json
check "is refined" says '.refined.cells > 100 and ([.classes[].fraction] | add - 1 | fabs) < 1e-12'
check "a short horizon" gives 0 "$settle" basin "${plane[@]}" --horizon 2 --refine 2 --json
check "leaves area undecided" says '.undecided_fraction > 0.1 and .undecided_fraction < 0.9 and
    .refined.undecided > 0.1'
check "which has no bounds" says '[.classes[] | select(.ending == "horizon") | .low, .high] == [null, null]'
check "and widens the others" given "$known" ".undecided_fraction as \$u | .classes | map(select(.ending ==
    \"settled\")) | all(.high - .low > \$u * 0.9)"
check "predictions" gives 0 "$settle" basin "${plane[@]}" --refine 3 --predict --json
jq '[.classes[] | [.label, .fraction, .low, .high]]' "$out" > predicted
check "of the same cells" gives 0 "$settle" basin "${plane[@]}" --refine 3 --json
check "are refined the same" diff predicted <(jq '[.classes[] | [.label, .fraction, .low, .high]]' "$out")

# --- random starts ---------------------------------------------------------------------------------
# 540000 starts beside the parabola and the hyperbola, whose dimension is 1
check "random starts" gives 0 "$settle" basin "${plane[@]}" --probe 60000 --out probed --json
check "tell the dimension" says '.probe.starts == 60000 and .probe.scales >= 6 and
    (.probe.dimension - 1 | fabs) <= .probe.dimension_error and .probe.dimension_error < 0.1'
check "and the exponent" says '.probe.dimension + .probe.exponent - 2 | fabs < 1e-12'
jq .probe "$out" > probe
check "resumed" gives 0 "$settle" basin "${plane[@]}" --probe 60000 --out probed --resume --threads 1 --json
check "they are the same" diff probe <(jq .probe "$out")
check "and were kept" test "$(sqlite3 probed/basin.sqlite "select count(*) from batch where list = 'probe'")" -eq 396
check "another seed" gives 0 "$settle" basin "${plane[@]}" --probe 60000 --seed 2 --json
check "has others" says "(.probe.dimension - 1 | fabs) <= 2 * .probe.dimension_error and
    .probe.dimension != $(jq .dimension probe)"

refused() { # PATTERN ARGUMENTS...
    local pattern=$1
    shift
    check "refused: $*" gives 2 "$settle" basin "$@"
    check "says why" grep -q -e "$pattern" "$err"
}
refused 'random starts have no boundaries' chain --random 10 --refine 2
refused 'probe needs a grid' chain --random 10 --probe 2
refused 'refine' chain --refine 13
refused 'refine' chain --refine 0

finish
