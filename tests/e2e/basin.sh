#!/usr/bin/env bash
# settle basin: fractions, tables, classes, kills and resumption, threads, predictions, refusals.
# shellcheck disable=SC1091,SC2016,SC2054,SC2154,SC2317 # tap: sourced, sets settle, out, err; check calls
# by name; commas are those of lists
. "$(dirname "$0")/tap"

rows() { awk '!/^#/ && NF' "$@"; }
whole() { # FOLDER: a manifest that lists and hashes what is there
    (cd "$1" && diff <(jq -r '.outputs | keys[]' manifest.json | sort) \
        <(find . -type f ! -name manifest.json -printf '%P\n' | sort) &&
        jq -r '.outputs | to_entries[] | .value + "  " + .key' manifest.json | sha256sum --check --quiet)
}

# --- A[1,1,1]: every start settles; which branch is told by S = 0 -------------------------------
plane=(chain --c 1 --window=-3,3,-3,3 --grid 101x101)
check "a plane of A[1,1,1]" gives 0 "$settle" basin "${plane[@]}" --class component --json
check "has the keys of the contract" says '[.cells, .trajectories, .seconds, .trajectories_per_second,
    .undecided_fraction] | all(type == "number")'
check "every cell settled" says '.cells == 10201 and .endings.settled == 10201 and
    (.endings | length) == 8 and ([.endings[]] | add) == .cells and .undecided_fraction == 0'
check "on two components" says '[.classes[].label] == ["a1 < 0, a2 < 0", "a1 > 0, a2 > 0"]'
check "whose fractions are all of it" says '([.classes[].fraction] | add - 1 | fabs) < 1e-12'
check "with bounds on both sides" says '.classes | all(.low < .fraction and .fraction < .high and .low >= 0)'
check "and a smooth boundary" says '(.boundary.dimension - 1 | fabs) <= .boundary.dimension_error'
check "and wrote nothing" nothing_here
check "with tables" gives 0 "$settle" basin "${plane[@]}" --values time,limit,loss,sharpness,rate --out map
check "nothing on stderr" quiet
check "listed and hashed" whole map
check "a row for each cell" test "$(rows map/basin.tsv | wc -l)" -eq 10201
# the leaf is a2 - a1^2/2 = K; with P = a1 (K + a1^2/2) the limit is the root of P = 1 that a1 runs to,
# as P' = K + 3 a1^2/2 tells: found here by bisection from the start on
check "limits solve a1 a2 = 1 on the leaf of the start" awk '!/^#/ { n++
    if (($8 * $9 - 1) ^ 2 > 1e-24) exit 1
    d = ($9 - $8 ^ 2 / 2) - ($3 - $2 ^ 2 / 2); if (d ^ 2 > 1e-20 * (1 + $9 ^ 4)) exit 1 }
    END { exit !(n == 10201) }' map/basin.tsv
check "and no other root lies between" awk '!/^#/ { K = $3 - $2 ^ 2 / 2
    for (k = 1; k < 20; k++) { a = $2 + ($8 - $2) * k / 20; e = 1 - a * (K + a ^ 2 / 2)
        if (e * ($8 - $2) < 0) exit 1 } }' map/basin.tsv
check "sharpness is a1^2 + a2^2 there" awk '!/^#/ { s = $8 ^ 2 + $9 ^ 2
    if (($11 - s) ^ 2 > 1e-18 * (1 + s ^ 2)) exit 1 }' map/basin.tsv
check "and the rate a1^2 + a2" awk '!/^#/ { s = $8 ^ 2 + $9
    if (($12 - s) ^ 2 > 1e-16 * (1 + s ^ 2)) exit 1 }' map/basin.tsv
check "no loss is left" awk '!/^#/ && $10 > 1e-20 { exit 1 }' map/basin.tsv
# by branch: K < -3/2 has three roots, of which a1 ends on the first or the last
check "classes are the roots of the leaves" bash -c "awk -F '\t' 'NR == FNR { if (!/^#/) label[\$1] = \$9; next }
    !/^#/ { K = \$3 - \$2 ^ 2 / 2; want = K >= -1.5 ? \"the only root (stable; a1 > 0, a2 > 0)\" : \$8 < 0 ? \"root 1 of 3 (stable; a1 < 0, a2 < 0)\" : \"root 3 of 3 (stable; a1 > 0, a2 > 0)\"; if (label[\$5] != want) exit 1; if (!n[want]++) kinds++ } END { exit kinds != 3 }' \
    map/classes.tsv map/basin.tsv"
check "and counted" bash -c "diff <(awk '!/^#/ { n[\$5]++ } END { print n[0] \"\n\" n[1] \"\n\" n[2] }' map/basin.tsv) \
    <(awk -F '\t' '!/^#/ { print \$2 }' map/classes.tsv)"
# --- the same cells for other eyes ---------------------------------------------------------------
check "a resumed map has other colours" gives 0 "$settle" basin "${plane[@]}" \
    --values time,limit,loss,sharpness,rate --out map --resume --class minimum --json
check "of the same cells" says '.trajectories == 10201 and [.classes[].label] == ["global minimum"]'
check "threads and JSON" gives 0 "$settle" basin "${plane[@]}" --threads 1 --json
jq 'del(.seconds, .trajectories_per_second)' "$out" > one
check "two of them" gives 0 "$settle" basin "${plane[@]}" --threads 2 --json
jq 'del(.seconds, .trajectories_per_second)' "$out" > two
check "make the same" diff one two
check "one thread" gives 0 "$settle" basin "${plane[@]}" --threads 1 --out one-thread
check "two threads" gives 0 "$settle" basin "${plane[@]}" --threads 2 --out two-threads
check "the same cells" cmp one-thread/basin.tsv two-threads/basin.tsv
check "the same classes" cmp one-thread/classes.tsv two-threads/classes.tsv
# gradient descent on A[1,1,1]: the starts with a1 = -a2 reach the saddle at 0, (-3, 3)^2 has 21 of 441
check "gradient descent" gives 0 "$settle" basin chain --rule bp --window=-3,3,-3,3 --grid 21x21 --json
check "has the saddle's line" says '.endings.saddle == 21 and .endings.settled == 420'
check "whose line is no boundary" says '.boundary.dimension == null or (.boundary.dimension - 1 | fabs) <=
    .boundary.dimension_error'
check "on a fine grid" gives 0 "$settle" basin chain --rule bp --window=-3,3,-3,3 --grid 201x201 --json --values limit
check "has the dimension of a line" says '(.boundary.dimension - 1 | fabs) <= .boundary.dimension_error and
    .boundary.dimension_error < 0.3'
check "gradient descent" gives 0 "$settle" basin chain --rule bp --window=-3,3,-3,3 --grid 21x21 --json
check "and equal halves" says '[.classes[] | select(.ending == "settled").cells] == [210, 210]'
check "rates of gradient descent" gives 0 "$settle" basin chain --rule bp --window=-3,3,-3,3 --grid 21x21 \
    --values sharpness,rate --out rates
check "are sharpnesses, and at the saddle -1 of 1" awk '!/^#/ { want = $4 == "saddle" ? -1 : $7
    if (($8 - want) ^ 2 > 1e-16 * (1 + want ^ 2) || $7 < 0.99) exit 1; n[$4]++ }
    END { exit !(n["saddle"] == 21 && n["settled"] == 420) }' rates/basin.tsv
check "a finished map" gives 2 "$settle" basin chain --grid 5x5 --out rates
check "is not replaced unasked" complains 'has the cells of an earlier map; --resume goes on'
check "in one line" one_line
check "and stands" whole rates
check "asked" gives 0 "$settle" basin chain --grid 5x5 --out rates --replace
check "it is" test "$(rows rates/basin.tsv | wc -l)" -eq 25
check "a line has no figure" gives 0 "$settle" basin chain --depth 3 --plane a2 --init 1/2,0,-1 --grid 20 --out line
check "and says so" prints '^figures  *none of a line'
check "and what is fixed" prints '^fixed  *a1 = 0.5, a3 = -1$'
check "what bounds mean" prints '^(low to high)  *bounds, if no basin is thinner than one cell$'
check "one class" gives 0 "$settle" basin chain --window=-3,3,-3,3 --grid 20x20 --class minimum --json
check "has no boundary" says '.boundary.cells == 0 and (.classes | length) == 1'
check "undecided cells have a fraction and no bounds" gives 0 "$settle" basin chain --rule kolen-pollack \
    --lambda 1/8 --steps 2 --grid 5x5 --json
check "and are no class of the statistics" says '.undecided_fraction == 1 and .boundary.cells == 0 and
    [.classes[] | .label, .fraction, .low, .high] == ["undecided", 1, null, null]'
# x' = x - x^3 and x' = x^2
check "a line of a polynomial" gives 0 "$settle" basin polynomial --q 0,1,0,-1 --grid 50 --json
check "has two limits" says '[.classes[].label] == ["x = -1", "x = 1"] and
    [.classes[].cells] == [25, 25]'
check "a blow-up" gives 0 "$settle" basin polynomial --q 0,0,1 --grid 50 --class ending --json
check "has halves that creep and escape" says '.endings.creeping == 25 and .endings.escaped == 25'
check "a box" gives 0 "$settle" basin chain --rule arbp --depth 2 --plane a1,a2,c1 --grid 4x5x6 --json
check "has W x H x D cells" says '.cells == 120'
check "a random ensemble" gives 0 "$settle" basin hidden --sizes 2,3,2 --rule bp --random 20 --json
check "of a network settles" says '.cells == 20 and .endings.settled == 20 and
    [.classes[].label] == ["global minimum"]'
check "an ensemble with files" gives 0 "$settle" basin chain --depth 3 --random 2000 --init random:1:1.5 \
    --values time,turns --out ensemble --json
check "has histograms" whole ensemble
check "of all starts with a time" awk 'NR == FNR { if (!/^#/ && $8 != "nan") want++; next }
    !/^#/ { for (k = 3; k <= NF; k++) n += $k } END { exit !(n == want && n > 1900) }' \
    ensemble/basin.tsv ensemble/basin-time.tsv
check "and a step for each count" awk 'NR == FNR { if (!/^#/) want[$9]++; next }
    !/^#/ { n = 0; for (k = 3; k <= NF; k++) n += $k
        if ($2 - $1 != 1 || n != want[$1 + 0.5]) exit 1; rows++ } END { exit !(rows > 2) }' \
    ensemble/basin.tsv ensemble/basin-turns.tsv
check "values along the way" gives 0 "$settle" basin chain --grid 9x9 --window=-3,3,-3,3 \
    --values path,turns --out way
# the length of the leaf a2 = K + a1^2/2 between both ends, as an arc of a parabola
check "the path is an arc of the leaf" awk '
    function F(x) { return (x * sqrt(1 + x ^ 2) + log(x + sqrt(1 + x ^ 2))) / 2 }
    NR == FNR { if (!/^#/) limit[$1] = $8; next }
    !/^#/ { arc = F(limit[$1]) - F($2); arc = arc < 0 ? -arc : arc; n++
        if (($7 - arc) ^ 2 > 1e-12 * (1 + arc ^ 2)) exit 1 } END { exit !(n == 81) }' \
    <("$settle" basin chain --grid 9x9 --window=-3,3,-3,3 --out limits > /dev/null && cat limits/basin.tsv) \
    way/basin.tsv
# S = a1^2 + a2 = K + 3 a1^2/2 on the leaf: it changes sign where a1^2 = -2 K/3 lies on the way
check "and P turns where S = 0" awk 'NR == FNR { if (!/^#/) limit[$1] = $8; next }
    !/^#/ { K = $3 - $2 ^ 2 / 2; s = K < 0 ? sqrt(-2 * K / 3) : 0; n = 0
        for (k = -1; k <= 1; k += 2) if (K < 0 && (k * s - $2) * (k * s - limit[$1]) < 0) n++
        if ($8 != n) exit 1; seen[n]++ } END { exit !(seen[0] && seen[1] && seen[2]) }' limits/basin.tsv way/basin.tsv
check "gradient descent never turns" gives 0 "$settle" basin chain --rule bp --grid 9x9 --values turns --out descent
check "so that all are 0" awk '!/^#/ { n++; if ($7 != 0 && $7 != "nan") exit 1 } END { exit !(n == 81) }' \
    descent/basin.tsv
# the settling time is a property of the trajectory: by the referee alone it is the same
check "settling times" gives 0 "$settle" basin chain --grid 9x9 --window=-3,3,-3,3 --values time,sharpness,time_error \
    --out times
check "are those of the exact solution within their errors" bash -c "awk '!/^#/ { print \$2, \$3, \$7, \$8, \$9 }' times/basin.tsv |
    awk '{ a = \$1; K = \$2 - a ^ 2 / 2; t = 0; n = 20000
        lo = a; e = 1 - a * (K + a ^ 2 / 2); dir = e > 0 ? 1 : -1; hi = a # the next root, by steps, then by bisection
        while ((1 - hi * (K + hi ^ 2 / 2)) * dir > 0) { lo = hi; hi += dir * 1e-2 }
        for (i = 0; i < 80; i++) { m = (lo + hi) / 2; if ((1 - m * (K + m ^ 2 / 2)) * dir > 0) lo = m; else hi = m }
        r = hi; rate = K + 1.5 * r ^ 2; size = sqrt(r ^ 2 + (K + r ^ 2 / 2) ^ 2)
        d = 1e-6 * (1 + size) / sqrt(1 + r ^ 2) # of a1; da2 = a1 da1
        # y = log |a - r| runs evenly: t = int dy / (e / (r - a))
        y0 = log((r - a) * dir); y1 = log(d); h = (y0 - y1) / n
        for (i = 0; i <= n; i++) { u = exp(y0 - i * h) * dir; x = r - u; q = (1 - x * (K + x ^ 2 / 2)) / u
            t += (i == 0 || i == n ? 1 : i % 2 ? 4 : 2) * h / 3 / q }
        off = \$3 - t; off = off < 0 ? -off : off; if (off > \$5 + 1e-6) { print \$0, t; exit 1 }
        if (\$5 > 0.1 / rate) exit 1; c++ } END { exit !(c == 81) }'"

check "alignment of a network" gives 0 "$settle" basin hidden --sizes 1,2,1 --c 2,-0.385 --random 5 \
    --values limit,alignment --out aligned
check "is the cosine of C1 and A2'" awk '!/^#/ { n++; u = 2; v = -0.385
    c = (u * $11 + v * $12) / sqrt((u ^ 2 + v ^ 2) * ($11 ^ 2 + $12 ^ 2))
    if (($13 - c) ^ 2 > 1e-28) exit 1 } END { exit !(n == 5) }' aligned/basin.tsv
check "alignment of a chain" gives 0 "$settle" basin chain --depth 3 --rule srbp --c 2,-0.385 --rates 1,3,1 \
    --random 5 --values limit,alignment --out aligned --replace
check "is that of its direct weights and a2 a3, a3" awk '!/^#/ { n++; u = 2; v = -0.385 * 3
    b = $9 * $10; d = 3 * $10; c = (u * b + v * d) / sqrt((u ^ 2 + v ^ 2) * (b ^ 2 + d ^ 2))
    if (($11 - c) ^ 2 > 1e-28) exit 1 } END { exit !(n == 5) }' aligned/basin.tsv

# --- predictions -------------------------------------------------------------------------------
check "a map of predictions" gives 0 "$settle" basin "${plane[@]}" --predict --out predicted
check "has the same classes" bash -c "diff <(cut -f 1-5 predicted/basin.tsv) <(cut -f 1-5 one-thread/basin.tsv)"
for depth in 2 3; do
    for rule in bp srbp; do
        check "A with $depth layers, $rule, beside its prediction" gives 0 "$settle" basin chain --rule "$rule" \
            --depth "$depth" --plane a1,a2 --window=-2.5,2.5,-2.5,2.5 --grid 41x41 --check \
            --out "check-$rule-$depth" --json
        check "agrees in every cell" says '.check.disagree == 0 and .check.agree > 1600'
        check "and lists nothing" test "$(rows "check-$rule-$depth/check.tsv" | wc -l)" -eq 0
    done
done

# a ledger whose cell 7 says `saddle`, and whose cell 9 has its limit moved, for control; the ledger has 4 columns of
# 1681 doubles, then endings, and a sum of each tile: its number times 2^32 plus the CRC-32 of its cells
check_out=("$settle" basin chain --rule srbp --depth 2 --plane a1,a2 --window=-2.5,2.5,-2.5,2.5 --grid 41x41 --check
    --values time)
cells_sum() { sqlite3 "$1" "select writefile('cells', cells) from tile where number = 0" > "$out" &&
    gzip -c cells | tail -c 8 | od -An -N4 -tu4; }
cp -r check-srbp-2 forged
sqlite3 forged/basin.sqlite "update tile set cells = cast(substr(cells, 1, 4 * 8 * 1681 + 7) || x'01' ||
    substr(cells, 4 * 8 * 1681 + 9) as blob) where number = 0;
    update tile set cells = cast(substr(cells, 1, 8 * (1681 + 9)) || x'000000000000f03f' ||
    substr(cells, 8 * (1681 + 10) + 1) as blob) where number = 0"
check "cells with another sum" gives 2 "${check_out[@]}" --out forged --resume
check "are damaged" complains 'tile 0 is damaged; without --resume the map is made anew$'
sqlite3 forged/basin.sqlite "update tile set sum = $(cells_sum forged/basin.sqlite) where number = 0"
check "forged cells are found" gives 1 "${check_out[@]}" --out forged --resume
check "and listed" test "$(rows forged/check.tsv | cut -f 1,4,5 | tr '\t\n' ' ;')" = \
    '7 saddle settled;9 settled settled;'

# --- what a first user may try --------------------------------------------------------------------
mkdir -p odd spoilt
"$settle" basin chain --depth 3 --init 0,0,1 --grid 1500x1500 --out odd --quiet > odd.out 2> odd.err &
first=$!
for ((k = 0; k < 1000; k++)); do
    [[ -s odd/basin.sqlite ]] && break
    sleep .05
done
check "a second process in one folder" gives 2 "$settle" basin chain --grid 5x5 --out odd
check "is told to wait" complains '^settle basin: --out: another process is at work in odd; wait'
check "and in one line" one_line
kill -INT "$first"
wait "$first"
check "the first one is unharmed" grep -q 'interrupted; .* cells saved' odd.err
check "and can be resumed by then" gives 2 "$settle" basin chain --grid 5x5 --out odd --resume
check "as nobody else" complains 'was made with another'
check "nothing to resume" gives 0 "$settle" basin chain --grid 5x5 --out odd-new --resume
check "is told" prints '; there was nothing to resume$'
check "few cells have no error" prints '^basin entropy  *[0-9.]* (-: too few boxes for an error, or all alike) nats'
check "and no nan" bash -c "! grep -q nan '$out'"
cp odd-new/* spoilt
printf 'no ledger' > spoilt/basin.sqlite
check "a spoilt ledger" gives 4 "$settle" basin chain --grid 5x5 --out spoilt --resume
check "cannot be resumed, and it says what to do" complains 'not a database; nothing can be resumed .* without --resume'
check "without it" gives 0 "$settle" basin chain --grid 5x5 --out spoilt
check "it is replaced" cmp spoilt/basin.tsv odd-new/basin.tsv
check "more axes than unknowns" gives 2 "$settle" basin chain --grid 5x5x5
check "are counted" complains 'has 2 unknowns; a map varies up to 2 of them, not 3'
check "a window with a NaN" gives 2 "$settle" basin chain --window=nan,1,0,1
check "needs finite numbers" complains 'four finite numbers'

# --- kill -9 at any moment, then --resume -------------------------------------------------------
long=(chain --depth 3 --rule srbp --c 1,-1/2 --plane a1,a2 --init 1/2,1/2,1 --window=-3,3,-3,3 --grid 128x128 --check
    --values time)
check "an undisturbed map" gives 0 "$settle" basin "${long[@]}" --out whole --json
jq 'del(.seconds, .trajectories_per_second)' "$out" > whole.json

# Moments are told by what is on the disk: bytes in the ledger, then files beside it.
ledger_bytes() { cat "$1"/basin.sqlite{,-wal} 2> /dev/null | wc -c; } # FOLDER
files_beside() { find "$1" -type f ! -name 'basin.sqlite*' ! -name manifest.json 2> /dev/null | wc -l; } # FOLDER
reached() { [ "$(ledger_bytes "$1")" -ge "$2" ] && [ "$(files_beside "$1")" -ge "$3" ]; } # FOLDER BYTES FILES
# Lets a process go on in short strides until its folder has reached the moment, and kills it there: true
# unless it had ended.  It stands still while it is looked at, so that load does not make the kill late.
killed_at() { # PROCESS FOLDER BYTES FILES
    local victim=$1
    shift
    while kill -STOP "$victim" 2> /dev/null && ! reached "$@"; do
        kill -CONT "$victim" 2> /dev/null
        sleep 0.01
    done
    kill -9 "$victim" 2> /dev/null
    wait "$victim" 2> /dev/null
    [ $? -eq 137 ] # 128 and the number of the signal
}
map_killed_at() { # FOLDER BYTES FILES ARGUMENT ...: another time, if it was late
    local folder=$1 bytes=$2 files=$3
    shift 3
    for _ in 1 2 3 4 5; do
        rm -rf "$folder"
        "$settle" basin "$@" --out "$folder" > /dev/null 2>&1 &
        killed_at $! "$folder" "$bytes" "$files" && return
    done
    false
}
tiles() { # FOLDER: of its ledger, which stays as the kill left it
    rm -rf aside
    mkdir aside
    cp "$1"/basin.sqlite* aside 2> /dev/null
    sqlite3 aside/basin.sqlite 'select count(*) from tile' 2> /dev/null || echo 0
}
all_bytes=$(ledger_bytes whole)
all_files=$(files_beside whole)
all_tiles=$(tiles whole)
partial=0
for kill in 0 1 2 3 4 5 6 7 8 9; do # at 0, 1/5, .., 4/5 of the ledger, then of the files
    bytes=$((kill < 5 ? all_bytes * kill / 5 : 0))
    files=$((kill < 5 ? 0 : all_files * (kill - 5) / 5 + 1))
    check "kill $kill came in time" map_killed_at "killed$kill" "$bytes" "$files" "${long[@]}"
    check "before the end" test ! -e "killed$kill/manifest.json"
    [ "$kill" -eq 0 ] || check "and found work begun" test -s "killed$kill/basin.sqlite"
    found=$(tiles "killed$kill")
    partial=$((partial + (0 < found && found < all_tiles)))
    check "kill $kill, resumed" gives 0 "$settle" basin "${long[@]}" --out "killed$kill" --resume --json
    check "has the same summary" diff <(jq 'del(.seconds, .trajectories_per_second)' "$out") whole.json
    for file in basin.tsv classes.tsv check.tsv basin.h5 basin.rgb; do
        check "the same $file" cmp "whole/$file" "killed$kill/$file"
    done
    check "and nothing else" whole "killed$kill"
done
check "some found the ledger unfinished" test "$partial" -ge 2

# where only the referee follows the cells, rows of the ledger are short
slow=(chain --rule kolen-pollack --lambda 1/8 --window=-3,3,-3,3 --grid 24x24 --values path,time)
check "an undisturbed map by the referee" gives 0 "$settle" basin "${slow[@]}" --out slow
check "another is killed in the middle" map_killed_at slow-killed $(($(ledger_bytes slow) / 2)) 0 "${slow[@]}"
found=$(tiles slow-killed)
check "of its ledger" test "$found" -ge 1 -a "$found" -lt 9
check "killed and resumed" gives 0 "$settle" basin "${slow[@]}" --out slow-killed --resume
check "the same cells by the referee" cmp slow/basin.tsv slow-killed/basin.tsv
check "in rows of 64" test "$(sqlite3 slow/basin.sqlite 'select count(*), max(number) from tile')" = '9|8'

# a gap in the middle is all that is computed again
sqlite3 slow/basin.sqlite "delete from tile where number in (0, 3, 4, 8)"
check "gaps are filled" gives 0 "$settle" basin "${slow[@]}" --out slow --resume
check "and nothing else" prints '^work  *256 trajectories'
check "with the same cells" cmp slow/basin.tsv slow-killed/basin.tsv

# --- an interrupt --------------------------------------------------------------------------------
"$settle" basin chain --c 1 --window=-3,3,-3,3 --grid 2000x2000 --out stopped > "$out" 2> "$err" &
victim=$!
for _ in $(seq 1000); do
    [ -s stopped/basin.sqlite ] && break
    sleep 0.05
done
sleep 0.5
kill -INT "$victim"
wait "$victim"
check "an interrupt ends with 3" test $? -eq 3
check "and says how to go on" complains 'cells saved; --resume goes on'
check "in one line" one_line
check "without a manifest" test ! -e stopped/manifest.json
rm -rf stopped

# a second signal would end it at once; while figures are drawn the first one is heeded as well
"$settle" basin chain --grid 200x200 --values time,limit,path,sharpness --out drawn > "$out" 2> "$err" &
victim=$!
for _ in $(seq 2000); do
    [ -s drawn/basin.png ] && break
    sleep 0.02
done
kill -INT "$victim"
wait "$victim"
check "an interrupt between figures ends with 3" test $? -eq 3
check "and says how to go on" complains '40000 of 40000 cells saved; --resume goes on'
check "and leaves the ledger alone" test "$(ls drawn)" = basin.sqlite
check "which is gone on with" gives 0 "$settle" basin chain --grid 200x200 --values time,limit,path,sharpness \
    --out drawn --resume
check "to the end" whole drawn

# --- refusals ------------------------------------------------------------------------------------
cp one-thread/manifest.json kept
refused() { # WORDS ARGUMENTS: one line with the words, exit 2
    local words=$1
    shift
    check "refused: $*" gives 2 "$settle" basin "$@"
    check "one line" one_line
    check "which says $words" complains "$words"
    check "no output" silent
}
mkdir empty && cd empty || exit 1
refused 'needs a SYSTEM' --grid 5x5
refused "unknown 'a9'" chain --plane a1,a9 --out x
refused 'names one unknown twice' chain --plane a1,a1 --out x
refused 'not a grid' chain --grid 5x5x5x5 --out x
refused 'not a grid' chain --grid x5 --out x
refused '100001' chain --grid 5x100001 --out x
refused 'speaks of 2 unknowns' chain --depth 3 --plane a1,a2 --grid 5x5x5 --out x
refused 'speaks of 3 unknowns' chain --depth 3 --plane a1,a2,a3 --window=-1,1,-1,1 --out x
refused 'a map varies up to 2 of them' chain --grid 5x5x5 --out x
refused 'empty window' chain --window 1,1,0,2 --out x
refused 'exclude each other' chain --random 5 --grid 5x5 --out x
refused 'random:SEED' chain --random 5 --init 1,2 --out x
refused 'did you mean limit' chain --values limits --out x
refused 'twice' chain --values time,time --out x
refused 'turns needs' hidden --sizes 2,2,2 --values turns --random 5 --out x
refused 'has no loss' polynomial --q 0,1 --values loss --out x
refused 'no sharpness' polynomial --q 0,1 --values sharpness --out x
refused 'sharpness needs a smooth loss' chain --activation relu --values sharpness --out x
refused 'replace needs --out' chain --replace
refused 'exclude each other' chain --replace --resume --out x
refused 'alignment needs' polynomial --q 0,1 --values alignment --out x
refused 'is not predicted' chain --predict --values path --out x
refused 'turns needs' chain --rule kolen-pollack --lambda 1/8 --values turns --out x
refused 'exclude each other' chain --predict --check --out x
refused "there is no 'branches'" chain --class branches --out x
refused 'resume needs --out' chain --resume
refused 'tsv needs --out' chain --tsv
refused 'takes no option --trials' chain --trials 5 --out x
check "nothing was written" nothing_here
cd .. || exit 1
for other in "--rtol 1e-9" "--c 2" "--rule srbp" "--values limit" "--window=-3,3,-3,4" "--horizon 5"; do
    # shellcheck disable=SC2086 # two words
    set -- "${plane[@]}" $other
    [ "$other" = "--c 2" ] && set -- chain --c 2 --window=-3,3,-3,3 --grid 101x101
    [ "${other#--window}" != "$other" ] && set -- chain --c 1 "$other" --grid 101x101
    name=${other#--}
    refused "another ${name%%[ =]*}" "$@" --out one-thread --resume
done
check "and the old results stand" cmp kept one-thread/manifest.json
check "listed and hashed as before" whole one-thread
head -c 5000 /dev/urandom > garbage && mkdir damaged && cp garbage damaged/basin.sqlite
check "no ledger but garbage" gives 4 "$settle" basin "${plane[@]}" --out damaged --resume
check "is told in one line" one_line
cp -r one-thread torn && sqlite3 torn/basin.sqlite "update tile set cells = substr(cells, 1, 100) where number = 1"
check "a torn tile" gives 2 "$settle" basin "${plane[@]}" --out torn --resume
check "is named" complains 'tile 1 has 100 bytes'

check "a full disk" gives 4 bash -c 'ulimit -f 2000; exec "$@"' - "$settle" basin chain --grid 400x400 --out full
check "is told in one line" one_line

check "one sample of a tanh chain, whose limits are a curve" gives 0 "$settle" basin chain --activation tanh --alpha 1 \
    --grid 30x30 --values limit --json
check "  is for the lanes" says '.endings.settled == 900 and .by_referee == 0'
warned() { # stopped when it has said that it takes long, which needs its first cells
    "$settle" basin chain --activation tanh --inputs 1,2,3 --targets .7,.9,1.1 --c 1 --grid 200x200 --values limit > "$out" 2> "$err" &
    for _ in {1..600}; do
        if grep -q 'cells will take some [0-9]* s at the pace of' "$err"; then break; fi
        sleep 0.1
    done
    kill -INT $!
    wait $!
    [ $? -eq 3 ]
}
check "a map that takes long, stopped" warned
check "  has said so, in a pipe" complains 'cells will take some [0-9]* s at the pace of'
finish
