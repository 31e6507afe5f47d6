#!/usr/bin/env bash
# settle basin --certified: proved cells beside numerical maps, a known area, files, refusals.
# shellcheck disable=SC1091,SC2016,SC2054,SC2154,SC2317 # tap: sourced, sets settle, out, err; check calls by
# name; commas are those of lists
. "$(dirname "$0")/tap"

given() { jq -e --argjson a "$1" "$2" "$out" > /dev/null; } # NUMBER FILTER, where it is $a
rows() { awk '!/^#/ && NF' "$@"; }
left='.certified.classes[] | select(.label == "a1 < 0, a2 < 0")'

# --- A[1,1,1] -------------------------------------------------------------------------------------
# The area of the left basin is known: tests/e2e/basin_refined.sh.
known=$(awk 'BEGIN { printf "%.15g", (22 / 3 + 2 - log(3)) / 36 }')
plane=(chain --c 1 '--window=-3,3,-3,3' --grid 256x256 --values limit --certified)
check "A[1,1,1]" gives 0 "$settle" basin "${plane[@]}" --out map --json
check "and nothing on stderr" quiet
check "99.3 % of the area is proved" says '.certified.fraction > 0.993'
check "no start contradicts a proof" says '.certified.disagree == 0 and .certified.agree > 65000'
check "every start is counted" says '.certified | .agree + .disagree + .nothing_to_compare + .in_undecided_cells == 65536'
check "the known area is between the bounds" given "$known" "$left | .low_number <= \$a and \$a <= .high_number"
check "which are near" says "$left | .high_number - .low_number < 0.007"
check "and rational" says '.certified.classes | all((.low | test("^[0-9]+/[0-9]+$")) and (.high | test("^[0-9]+/[0-9]+$")))'
check "shares add up to 1 with what is open" bash -c "jq -r '.certified | .undecided, .classes[].low' '$out' |
    awk -F/ '{ sum += \$1 / (NF > 1 ? \$2 : 1) } END { exit (sum - 1) ^ 2 > 1e-28 }'"
check "undecided cells double" says '.certified.undecided_cells | .[8] / .[7] | 1.8 < . and . < 2.2'
check "existing keys stay" says '.check == null and .refined == null and .colouring == "component"'
fraction=$(jq .certified.fraction "$out")
check "the table has all cells" test "$(rows map/certified.tsv | wc -l)" -eq \
    "$(jq '.certified | .proved_cells + .undecided_cells[8]' "$out")"
check "their areas are that of the window" bash -c "awk -F '\t' 'function q(text, part) {
        return split(text, part, \"/\") > 1 ? part[1] / part[2] : part[1] }
    !/^#/ { sum += (q(\$2) - q(\$1)) * (q(\$4) - q(\$3)) } END { exit (sum - 36) ^ 2 > 1e-20 }' map/certified.tsv"
check "undecided ones are the smallest" awk -F '\t' '!/^#/ && $6 == "undecided" && $5 != 8 { exit 1 }' map/certified.tsv
# the parabola a2 = a1^2/2 - 3/2 left of -1, the hyperbola a1 a2 = 1 right of it
check "at the known separatrix" awk -F '\t' 'function q(text, part) {
        return split(text, part, "/") > 1 ? part[1] / part[2] : part[1] }
    !/^#/ && $6 == "undecided" { x = (q($1) + q($2)) / 2; y = (q($3) + q($4)) / 2
        d = x < -1 ? y - x ^ 2 / 2 + 1.5 : x * y - 1
        if (d ^ 2 > (4 * 2 * 6 / 256) ^ 2) exit 1; n++ } END { exit !n }' map/certified.tsv
check "no contradiction is listed" test "$(rows map/contradictions.tsv | wc -l)" -eq 0
for file in certified.tsv contradictions.tsv certified-cells.tsv certified.gp certified.rgb; do
    check "$file is in the manifest" holds '.outputs | has("'"$file"'")' map/manifest.json
done
if command -v gnuplot > /dev/null; then check "the picture is drawn" test -s map/certified.png; fi

checker=$(dirname "$settle")/settle-check
accepts() { [ ! -x "$checker" ] || "$checker" "$1" > "$out" 2> "$err"; } # FILE, where the checker is built
check "the certificate is in the manifest" holds '.outputs | has("basin.certificate")' map/manifest.json
check "settle-check accepts it" accepts map/basin.certificate
check "with the proved shares, less cells whose trap does not close" bash -c "awk '\$1 == \"share\" {
    split(\$3, part, \"/\"); sum += part[1] / part[2] } END { exit !(sum > 0.99) }' map/basin.certificate"
check "one thread" gives 0 "$settle" basin "${plane[@]}" --out one --threads 1
for file in certified.tsv certified.rgb certified-cells.tsv; do check "the same $file" cmp "map/$file" "one/$file"; done
check "from the ledger" gives 0 "$settle" basin "${plane[@]}" --out one --resume
check "the same table" cmp map/certified.tsv one/certified.tsv
check "without it" gives 0 "$settle" basin chain --c 1 --window=-3,3,-3,3 --grid 256x256 --values limit --out one --resume
check "there is none" test ! -e one/certified.tsv
check "text" gives 0 "$settle" basin "${plane[@]}"
check "says what is proved" prints '^certified  *99\.[0-9]* % of the area is proved'
check "and for whom" prints '^proved: a1 < 0, a2 < 0'
# 443/2048 = 21.63085 %, 247/1024 = 24.12109 %
check "a coarse grid" gives 0 "$settle" basin chain --certified --grid 64x64 --values limit
check "has bounds rounded outwards" prints '^proved: a1 < 0, a2 < 0  *21.6308 % to 24.1211 % of the area, 443/2048 to 247/1024'
# 66 cells of 64 x 64 are open; the cells of the map, 48 x 48, lie across them
check "a grid beside the tree" gives 0 "$settle" basin autoencoder --sizes 2,1,2 --c 1,0 --init=-2,0,-1,0.7 \
    --grid 48x48 --class ending --values limit --certified --out beside --json
grey() { od -An -v -tx1 -w3 "$1" | awk '$1 == $2 && $2 == $3 && $1 != "ff" { n++ } END { print n / NR }'; }
check "as much is grey as is open" given "$(grey beside/certified.rgb)" \
    '.certified.undecided | split("/") | map(tonumber) | (.[0] / .[1] - $a) | . * . < 1e-12'
check "the legend has proved bounds alone" grep -q '0\. settled: 98\.3 to 100\.0 %' beside/certified.gp
check "finer cells than the grid" gives 0 "$settle" basin chain --window=-3,3,-3,3 --grid 20x20 --certified --levels 10 --json
check "prove more" given "$fraction" '.certified.fraction > $a and .certified.levels == 10'
check "and hold the area" given "$known" "$left | .low_number <= \$a and \$a <= .high_number"
check "rationals are not doubles" gives 0 "$settle" basin chain --alpha 0.1 --window=-3,1/3,-0.1,3 --grid 16x16 --certified --out third
check "as typed" grep -q -E '^-3	-?[0-9]*(/[0-9]*)?	-1/10	' third/certified.tsv

# --- every other family, no contradiction ---------------------------------------------------------
proves() { # LEAST NAME ARGUMENT ...
    local least=$1 name=$2
    shift 2
    check "$name" gives 0 "$settle" basin "$@" --grid 64x64 --certified --json --quiet
    check "$name: agrees with the map" says '.certified.disagree == 0 and .certified.agree > 0'
    check "$name: as much is proved" given "$least" '.certified.fraction > $a'
}
proves 0.94 "three layers" chain --depth 3 --plane a1,a2 --init 0,0,1
proves 0.90 "three layers, other plane" chain --depth 3 --rule srbp --c -1/2,2 --plane a3,a2 --init 1/3,0,0
proves 0.75 "four layers" chain --depth 4 --plane a1,a2 --init 0,0,1,1
proves 0.93 "zero target" chain --alpha 0
proves 0.98 "by minimum" chain --class minimum --window=-2,2,0,3
proves 0.95 "by ending" chain --class ending
proves 0.94 "two layers under bp" chain --rule bp --init 0,0 --window=0,3,-1,3
proves 0.93 "two layers under arbp" chain --rule arbp --init 0,0,1/3
proves 0.93 "two layers under asrbp" chain --rule asrbp --init 0,0,1/3 --plane a2,c1
proves 0.4 "three layers under asrbp" chain --rule asrbp --depth 3 --init 0,0,1/2,1/3,1 --window=-2,2,-2,2
proves 0.97 "fan" fan --sizes 1,3,1 --c 1,1/2,-1 --init 0,1/2,1,0,1/3,-1 --plane a1,b1
proves 0.9 "fan under bp" fan --rule bp --sizes 1,2,1 --init 1/2,1/3,1/5,0 --plane a1,b1
proves 0.97 "autoencoder" autoencoder --sizes 3,1,3 --c 1,1/2,-1 --init 0,0,1/4,1,1,1
proves 0.95 "blow-ups" chain --depth 2 --rule srbp --c 1,-1
check "with a certificate" gives 0 "$settle" basin chain --depth 2 --rule srbp --c 1,-1 --grid 64x64 --values limit \
    --certified --out away
check "of blow-ups" grep -q "^away [+-] " away/basin.certificate
check "that settle-check accepts" accepts away/basin.certificate
# wide cells that escape at once, with a layer that stays, with other rates; fans that escape
escapes() { # NAME ARGUMENT ...
    local name=$1
    shift
    check "$name" gives 0 "$settle" basin "$@" --grid 8x8 --class ending --values time --certified --out "$name"
    check "$name: the certificate has escapes" grep -q '^away [+-] ' "$name/basin.certificate"
    check "$name: settle-check accepts it" accepts "$name/basin.certificate"
    check "$name: as JSON" gives 0 "$settle" basin "$@" --grid 8x8 --class ending --certified --json
    check "$name: as much escapes there" grep -qx "away $(jq -r '.certified.classes[] | select(.ending == "escaped").low' \
        "$out")" "$name/basin.certificate"
}
escapes wide chain --rule rbp --depth 3 --alpha 1/4 --beta 1/2 --c 5/8,2,-2 --init=0,-7/4,0 --window=-19/8,29/8,-3,3 --levels 3
escapes deep chain --rule srbp --depth 4 --alpha 7/4 --c 3/4,-2,4,-1/2 --init 3/4,1/2,-1/8,0 --plane a1,a2 \
    --window=-9,9,-12,6 --levels 3
escapes staying chain --rule srbp --depth 3 --beta 2 --c 3/2,1/4,0 --rates 1,6,6 --init=-1/4,0,-7/4 --plane a1,a3 \
    --window=-2,0,-1,1 --levels 4
escapes rates chain --rule srbp --depth 2 --alpha 7/8 --beta 2 --c=-7/2,-4 --rates 5,3 --window=-3,7,-5,5 --levels 5
escapes fans fan --sizes 1,2,1 --beta=-1 --c 1,-1/2 --init 1/2,0,1,1/3 --plane a1,b1 --window=-3,3,-3,3 --levels 5
check "blow-ups again" gives 0 "$settle" basin chain --depth 2 --rule srbp --c 1,-1 --grid 64x64 --certified --json
check "some are proved" says '.certified.classes | any(.ending == "escaped" and .low_number > 0.3)'
check "and some settle" says '.certified.classes | any(.ending == "settled" and .low_number > 0.3)'

# --- an interrupt while cells are proved: hours, after the few cells of the map -------------------
long=(chain --depth 4 --rule srbp --alpha 7/4 --c 3/4,-2,4,-1/2 --init 3/4,1/2,-1/8,0 --plane a1,a2 --window=-9,9,-12,6
    --grid 8x8 --class ending --values time --certified --out stopped)
"$settle" basin "${long[@]}" --levels 14 > "$out" 2> "$err" &
victim=$!
ledger_is_whole() { [ "$(sqlite3 -readonly stopped/basin.sqlite 'select count(*) from tile' 2> /dev/null)" = 1 ]; }
for _ in $(seq 1000); do
    ledger_is_whole && break
    sleep 0.02
done
sleep 0.2
kill -INT "$victim"
(sleep 60; kill -9 "$victim") 2> /dev/null & # were it not heeded
patience=$!
wait "$victim"
check "an interrupt ends with 3" test $? -eq 3
kill "$patience"
check "and says how to go on" complains '64 of 64 cells saved; --resume goes on'
check "in one line" one_line
check "without results" test "$(ls stopped)" = basin.sqlite
check "which is gone on with" gives 0 "$settle" basin "${long[@]}" --levels 3 --resume
check "to the end" test -s stopped/basin.certificate

# --- what has no proof ----------------------------------------------------------------------------
refuses() { # WHY ARGUMENT ...
    local why=$1
    shift
    check "refused: $*" gives 2 "$settle" basin "$@" --certified
    check "in one line" one_line
    check "because: $why" complains "$why"
}
refuses "cells are proved for" chain --rule arbp --depth 3 --plane a1,a2
refuses "cells are proved for" chain --rule bp --depth 3 --plane a1,a2
refuses "unit learning rates" chain --rule bp --rates 1,2
refuses "known for chain, fan and autoencoder" hidden --sizes 2,2,2
refuses "weight decay" chain --lambda 0.1
refuses "cells are not proved for tanh" chain --activation tanh --inputs 1,2 --targets 1,1
refuses "cells are not proved for tanh" chain --activation tanh
refuses "of a plane" chain --plane a1
refuses "of a plane" chain --random 10
refuses "roots of leaves" chain --class branch
refuses "whole map" chain --part 1/2 --out part
check "--levels alone" gives 2 "$settle" basin chain --levels 5
finish
