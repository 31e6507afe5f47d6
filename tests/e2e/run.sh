#!/usr/bin/env bash
# settle run: text, JSON, files, exit codes.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

keys='["system","rule","sizes","data","names","init","parameters","ending","t","limit","output_limit","last","residual","transverse_rate",
"neutral","distance_bound","integration_error","predicted","prediction_error","integrals","global_minimum","loss","period","blowup_time","growth","exponent","log_slope","sliding","settling_time","settling_time_error","path_length","path_length_error",
"steps","evaluations","seconds"]'

# A[1,1,1] from (-2, 1): the limit is the real root of x^3 - 2x - 2 = 0, 1.769292354238631
check "run" gives 0 "$settle" run chain --init -2,1
check "the text says settled" prints '^ending  *settled'
check "the text has the limit" prints 'a1 = 1.7692923542386'
check "the text has the agreement" prints '^agreement  *yes'
check "run --json" gives 0 "$settle" run chain --init -2,1 --json
check "the keys are those of the contract, in order" says "keys_unsorted == $keys"
check "the prediction has its keys" \
    says '.predicted | keys_unsorted == ["about","ending","limit","rate","multiplicity","source","reason"]'
# from a1 = -2 along a2 = a1^2/2 - 1: (a sqrt(1 + a^2) + asinh a)/2 at both ends
check "the path is the arc of its leaf" \
    says '(.path_length - 5.423500187189345 | fabs) <= .path_length_error and .path_length_error < 1e-5'
read -r t terr s serr < <(jq -r '"\(.settling_time) \(.settling_time_error) \(.path_length) \(.path_length_error)"' "$out")
check "the limit" says '(.limit[0] - 1.769292354238631 | fabs) < 1e-10'
check "the predicted limit" says '(.predicted.limit[0] - 1.769292354238631 | fabs) < 1e-14'
check "the transverse rate" says '(.transverse_rate + 3.695593152 | fabs) < 1e-6'
check "what does not apply is null" \
    says '.period == null and .blowup_time == null and .sliding == null and .sizes == null and .output_limit == null'
check "a global minimum" says '.global_minimum == true'
check "JSON says nothing on stderr" quiet
check "the run writes nothing" nothing_here

# everything that is needed to repeat a run, and the loss wherever it ends
neurons=(run chain --activation tanh --inputs .61,3.21,3.91 --targets=-1.47,.86,-1.63)
check "a map of the same start" gives 0 "$settle" basin chain --window=-3.5,-.5,-.5,2.5 --grid 3x3 \
    --values time,path,time_error,path_error --out same --tsv
check "has the same time and length, within the errors that both state" \
    awk -v t="$t" -v te="$terr" -v s="$s" -v se="$serr" \
    'function off(a, b) { return a > b ? a - b : b - a }
     $2 == -2 && $3 == 1 { good = off(t, $7) <= te + $9 && off(s, $8) <= se + $10 && te < .1 && t > 1 } END { exit !good }' \
    same/basin.tsv
check "a run with neurons" gives 3 "$settle" "${neurons[@]}" --weights 1,2,3 --c .75 --rates 1,1/2 --init 1,0 \
    --no-derivative --horizon 2.385 --rtol 1e-9 --json
check "a horizon has a loss" says '.loss.at == "last" and .loss.of == "whole" and .loss.value > 0 and .limit == null'
cp "$out" "$top/first"
mapfile -t again < <(jq -r '.parameters | "run", .system, "--rule", .rule, "--activation", .activation,
    (if .no_derivative then "--no-derivative" else empty end), "--depth", .depth,
    (("inputs", "targets", "weights", "c", "rates", "init") as $k | "--\($k)=\(.[$k] | map(tostring) | join(","))"),
    "--method", .method, (("rtol", "atol", "horizon") as $k | "--\($k)", .[$k])' "$out")
check "its JSON is enough" gives 3 "$settle" "${again[@]}" --json
check "to repeat it" diff <(jq 'del(.seconds)' "$top/first") <(jq 'del(.seconds)' "$out")
check "a run without limit" gives 0 "$settle" run chain --activation tanh --inputs 1,2 --targets 1,2 --init 1/2,1/2
check "has the loss of its last state" prints '^loss  *[0-9.e-]* at the last state'
check "a cycle" gives 0 "$settle" run chain --rule arbp --depth 3 --init 0,-1/2,.3,1/2,.1
check "has one, too" prints '^excess loss  *0.5005[0-9]* at the last state'

# where each option of a value is written in its other form
check "--name=value" gives 0 "$settle" run chain --init=-2,1 --json
check "gives the same limit" says '(.limit[0] - 1.769292354238631 | fabs) < 1e-10'
check "rationals" gives 0 "$settle" run chain --init=-4/2,1.0e0 --c=3/3 --json
check "are read" says '.init == [-2, 1]'
check "the second integrator" gives 0 "$settle" run chain --init -2,1 --method rk8pd --json
check "finds the same limit" says '(.limit[0] - 1.769292354238631 | fabs) < 1e-9'
check "FA is another name of rbp" gives 0 "$settle" run chain --rule fa --json
check "and is reported as rbp" says '.rule == "rbp"'

# endings
check "blow-up: x' = x^2 from 1/2" gives 0 "$settle" run polynomial --q 0,0,1 --init 1/2 --json
check "at t = 2" says '.ending == "escaped" and (.blowup_time - 2 | fabs) < 1e-6 and .rule == null'
check "creeping: x' = x^2 from -1" gives 0 "$settle" run polynomial --q 0,0,1 --init -1 --json
check "at a double root" says '.ending == "creeping" and .predicted.multiplicity == 2'
check "unbounded: c2 = a2 = 0" \
    gives 0 "$settle" run chain --rule srbp --c 1,0,1 --init 1/2,0,1/2 --json
check "has no limit" says '.ending == "unbounded" and .limit == null'
check "horizon: exit 3" gives 3 "$settle" run chain --init -2,1 --horizon 0.01 --json
check "is undecided" says '.ending == "horizon" and .limit == null'
check "and tells where it stopped" says '(.last | length) == 2 and .last != .init'

# files
check "run --out" gives 0 "$settle" run chain --init -2,1 --out deep/er
for file in manifest.json {trajectory,law,drift}.{tsv,gp,png,pdf,svg}; do
    check "leaves $file" test -s "deep/er/$file"
done
check "leaves nothing else" test "$(find deep -type f | wc -l)" -eq 16
check "the table has its columns" \
    grep -q -P '^# ?t\ta1\ta2\tloss\tP\te\tS$' deep/er/trajectory.tsv
check "a long caption" gives 3 "$settle" "${neurons[@]}" --init 1,0 --horizon 1 --rates 1,.3333333333 --out long --quiet
check "is broken into lines, none cut" awk -F '"' '/font .,7.5./ { n++; all = all $2 }
    END { exit !(n >= 3 && all ~ /tanh/ && all ~ /1.63/ && all ~ /rtol/) }' long/trajectory.gp
check "the manifest is JSON" holds . deep/er/manifest.json
check "the hashes are those of the files" bash -c "cd deep/er &&
    jq -r '.outputs | to_entries[] | .value + \"  \" + .key' manifest.json | sha256sum --check --quiet"
check "the command line is kept" \
    holds '.command[1:] == ["run","chain","--init","-2,1","--out","deep/er"]' deep/er/manifest.json

# data
printf 'input,target\r\n1,2\r\n-2,1\r\n0.5,-1/2\r\n\r\n' > data.csv
check "run --data" gives 0 "$settle" run chain --data data.csv
# alpha = (2 - 2 - 1/4)/3, beta = (1 + 4 + 1/4)/3
check "alpha and beta are the moments" \
    prints '3 samples: alpha = -0.083333333333333329, beta = 1.75'

# the law of a trajectory: its last local exponent or rate is near the one that is drawn beside it
check "the local rate tends to the eigenvalue" \
    awk 'END { exit !($3 < -3.6955 && $3 > -3.6957) }' deep/er/law.tsv
check "creeping: a law" gives 0 "$settle" run chain --init -2,1/2 --out creeps
check "its local exponent tends to -1" awk '$1 > 300 && ($3 > -.99 || $3 < -1) { bad = 1 } END { exit bad || !NR }' creeps/law.tsv
check "which is drawn beside it" grep -q -e '-1 with lines' creeps/law.gp
check "blow-up: a law" gives 0 "$settle" run polynomial --q 0,0,0,1 --init 1 --out blows
# x' = x^3 from 1: x = (2 (1/2 - t))^(-1/2)
check "in the time to go, with exponent -1/2 all the way" awk '
    !/^#/ { n++; if (($3 + .5)^2 > 1e-8 || ($2 * sqrt(2 * $1) - 1)^2 > 1e-8) bad = 1 } END { exit bad || n < 99 }' blows/law.tsv
check "which is predicted" grep -q -e '-0.5 with lines' blows/law.gp
check "a chain that blows up" gives 0 "$settle" run chain --rule srbp --c 1,-1 --init 2,-1 --out falls
# a1 ~ s, a2 ~ s^2 and s' ~ s^3: |x| ~ (T - t)^(-1)
check "has the exponent of its fastest weight" grep -q -e '-1 with lines' falls/law.gp
check "measured" awk 'END { exit !(($3 + 1)^2 < .01) }' falls/law.tsv
check "growth: a law" gives 0 "$settle" run chain --depth 3 --rule srbp --c 1,0,1 --init 1/2,0,1/2 --out grows
check "its local exponent tends to 1" awk 'END { exit !(($3 - 1)^2 < 1e-8) }' grows/law.tsv
check "a cycle has no law" gives 0 "$settle" run chain --rule arbp --depth 3 --init .1,-.4,.1,.3,.2 --method adams --out cycles
check "but an orbit" test -s cycles/orbit.png -a ! -e cycles/law.gp
check "in the plane that it goes round" grep -q "using 2:6" cycles/orbit.gp
check "and a drift of each first integral" awk '/^#/ { next } NF != 5 { bad = 1 } END { exit bad || NR < 1000 }' cycles/drift.tsv
check "which grows where steps are not projected" awk '$3 > 1e-11 { n++ } END { exit !n }' cycles/drift.tsv
check "and the table is what the result says" awk '!/^#/ { for (k = 2; k <= 5; k++) if ($k > 1e-8 || $k < 0) bad = 1 } END { exit bad }' cycles/drift.tsv
check "an orbit in a plane" gives 0 "$settle" run chain --init -2,1 --plane a2,a1 --out orbits
check "of the unknowns named" grep -q "using 3:2" orbits/orbit.gp
check "a wrong plane" gives 2 "$settle" run chain --init -2,1 --plane a1,a9 --out wrong
check "writes nothing" test ! -e wrong
check "a large network" gives 3 "$settle" run hidden --sizes 20,20,20 --c random:1 --init random:2 --horizon .1 --out large
check "has no states to be measured" test ! -e large/law.tsv -a ! -e large/drift.tsv -a -s large/trajectory.png

# determinism
"$settle" run chain --init -2,1 --out one > one.txt
"$settle" run chain --init -2,1 --out two > two.txt
check "two runs leave the same table" cmp one/trajectory.tsv two/trajectory.tsv
finish
