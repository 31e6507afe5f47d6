#!/usr/bin/env bash
# settle sweep: branches, folds, crossings, Hopf points, cycles, the figure and its tables, refusals.
# shellcheck disable=SC1091,SC2016,SC2054,SC2154,SC2317 # tap: sourced, sets settle, out, err; awk's $1;
# commas are those of lists
. "$(dirname "$0")/tap"

tanh=(chain --activation tanh --inputs 0.61,3.21,3.91 --targets -1.47,0.86,-1.63)

check "tanh over c1" gives 0 "$settle" sweep "${tanh[@]}" --over c1 --from 0.1 --to 2 --json --quiet
check "system, rule, parameter" says '.system == "chain" and .rule == "rbp" and .parameter == "c1"'
check "one Hopf point, at c1* = 0.98328270867684" says \
    '(.hopf | length) == 1 and (.hopf[0].value / 0.98328270867684 - 1 | fabs) < 1e-10'
check "omega = 0.455141442721, subcritical" says \
    '(.hopf[0].omega - 0.455141442721 | fabs) < 1e-8 and .hopf[0].kind == "subcritical"'
check "no folds, no crossings" says '(.folds | length) == 0 and (.crossings | length) == 0'
check "below it stable, beyond it not" says '[.branches[].points[] | select(.state[0] > 0)] |
    length > 20 and all(if .value < 0.9832827 then .unstable == 0
                        elif .value > 0.9832828 then .unstable == 2 else true end)'
check "the other branch is a saddle" says \
    '[.branches[].points[] | select(.state[0] < 0)] | length > 20 and all(.stability == "saddle")'
check "unstable cycles on the stable side" says '(.cycles | length) > 5 and
    all(.cycles[]; .attracts == false and .value < 0.98328271 and .low <= .high)'
check "the cycle at c1 = 0.8 lies between its neighbours" says '.cycles |
    [map(select(.value > 0.8)) | max_by(-.value)] + [map(select(.value < 0.8)) | max_by(.value)] |
    .[0].low > 0.2515 and .[1].low < 0.2516 and .[0].high < 0.3418 and .[1].high > 0.3417'

check "with tables and figure" gives 0 "$settle" sweep "${tanh[@]}" --over c1 --from 0.1 --to 2 \
    --out hopf
check "the Hopf point is printed" prints '^Hopf point  *c1 = 0.98328270867'
check "nothing on stderr" quiet
for format in gp png pdf svg; do
    check "sweep.$format" test -s "hopf/sweep.$format"
done
check "the manifest lists what is there" bash -c "cd hopf &&
    diff <(jq -r '.outputs | keys[]' manifest.json | sort) <(ls | grep -v manifest.json | sort)"
check "the hashes are those of the files" bash -c "cd hopf &&
    jq -r '.outputs | to_entries[] | .value + \"  \" + .key' manifest.json | sha256sum --check --quiet"
check "the manifest has the parameter" holds '.parameters.over == "c1" and .parameters.to == 2' \
    hopf/manifest.json
check "the solid curve ends at the Hopf point" awk '!/^#/ && NF == 2 { x = $1 }
    END { exit !((x - 0.98328270867684) ^ 2 < 1e-18) }' hopf/sweep-stable.tsv
check "the dashed one begins there" awk '!/^#/ && NF == 2 && !n++ { x = $1 }
    END { exit !((x - 0.98328270867684) ^ 2 < 1e-18) }' hopf/sweep-repelling.tsv
check "a2 as ordinate" gives 0 "$settle" sweep "${tanh[@]}" --over c1 --from 0.1 --to 2 \
    --unknown a2 --out a2 --quiet
check "--quiet prints the result" prints "^special\\|^Hopf\\|^branch "
check "the ordinate is a2" awk '!/^#/ && NF == 2 && ($2 + 0.759198639486) ^ 2 > 1e-20 { exit 1 }' \
    a2/sweep-stable.tsv

check "three layers with decay" gives 0 "$settle" sweep chain --depth 3 --rule kolen-pollack \
    --lambda 0.2 --init 1,1,1,1,1 --over lambda --from 0.05 --to 0.6 --json --quiet
check "the fold at 0.472470393710577437" says '(.folds | length) >= 1 and
    all(.folds[]; .value - 0.472470393710577437 | fabs < 1e-12)'
check "zero attracts all along" says '[.branches[].points[] | select(all(.state[]; fabs < 1e-9))] |
    length > 20 and all(.unstable == 0)'
check "two layers with decay" gives 0 "$settle" sweep chain --rule kolen-pollack --lambda 0.2 \
    --over lambda --from 0.1 --to 1.5 --json --quiet
check "the pitchfork at lambda = 1" says \
    '(.crossings | length) == 1 and (.crossings[0].value - 1 | fabs) < 1e-12 and
     (.folds | length) == 0 and (.hopf | length) == 0'
check "random backpropagation with decay: one branch" gives 0 "$settle" sweep chain --lambda 1/8 \
    --over c1 --from -1 --to 1.5 --json --quiet
check "without a change of stability" says '(.branches | length) == 1 and (.folds + .hopf + .crossings) == []'
check "a polynomial" gives 0 "$settle" sweep polynomial --q 0,1,0,-1 --over k0 --from -1 --to 1 \
    --json --quiet
check "its folds are at +-2/sqrt(27)" says '(.folds | length) == 2 and
    all(.folds[]; (.value | fabs) - 2 / (27 | sqrt) | fabs < 1e-12)'
check "a supercritical Hopf point" gives 0 "$settle" sweep chain --activation tanh \
    --inputs -12,0.928,-2.08 --targets 6.4,-4.2,3.1 --over c1 --from -8 --to -1 --starts 1 --json --quiet
check "at c1 = -4.67159, with stable cycles" says '(.hopf | length) == 1 and
    (.hopf[0].value + 4.67159218354 | fabs) < 1e-9 and .hopf[0].kind == "supercritical" and
    (.cycles | length) > 1 and all(.cycles[]; .attracts and .value < -4.67159)'

check "a continuum at one value" gives 0 "$settle" sweep chain --activation tanh --inputs 1,2,3 \
    --teacher tanh,5/4,3/4 --over rho --from -1 --to 1 --starts 2 --json --quiet # T = 0 at rho = 0
check "is told once, and has no folds" says '(.continua | length) == 1 and (.continua[0].value | fabs) < 1e-12 and
    .folds == [] and (.branches | length) == 2 and (.crossings | length) == 2'
check "over mu with decay" gives 0 "$settle" sweep chain --activation power:2 --lambda 1/8 --over mu \
    --from 1 --to 5 --starts 2 --json --quiet # a1 = (lambda/mu)^(1/(mu - 2)), or 0, which is a kink for mu < 2
check "branches that come near do not cross, and end at kinks" says '.crossings == [] and .folds == [] and
    (.branches | length) == 3 and ([.branches[].ends[]] | any(. == "the field is not smooth there"))'
check "points without a branch are counted" says '.alone > 0 and all(.branches[]; .points | length > 9)'

check "a cycle is followed to where its period has doubled" gives 0 "$settle" sweep chain \
    --activation tanh --inputs -12,0.928,-2.08 --targets 6.4,-4.2,3.1 --over c1 --from -8 --to -1 --starts 1
check "and why it ends is told" prints \
    '^stable cycles .* to c1 = -4.80[0-9]*, there of period [45].* and multiplier 0.[0-9]*; at -4.8.* a start inside comes to none: '
check "cycles that repel too strongly to be followed forwards" gives 0 "$settle" sweep "${tanh[@]}" \
    --over c1 --from 0.5 --to 1 --starts 1 --json --quiet
check "are bracketed backwards" says '([.cycles[].multiplier] | max) > 1e12 and ([.cycles[].value] | min) < 0.64 and
    (.cycle_ends | length) == 1 and (.cycle_ends[0].reason | length) > 10 and .cycle_ends[0].tried < 0.64'
check "or reach the end" gives 0 "$settle" sweep "${tanh[@]}" --over c1 --from 0.9 --to 1 --starts 1
check "which is told" prints '^unstable cycles .* to c1 = 0.9 (end of the interval)'

n=0
for seed in 7 7; do
    "$settle" sweep "${tanh[@]}" --over c1 --from 0.1 --to 2 --seed $seed --out "seed-$((++n))" --quiet
done
check "one seed, the same tables" diff -q -r -x 'manifest.json' -x '*.pdf' seed-1 seed-2

# --- over leaves: exact -------------------------------------------------------------------------
check "the leaf constant" gives 0 "$settle" sweep chain --over K --from -3 --to 1 --json --out leaves
check "has its one fold at K = -3/2, a = (-1, -1)" says '(.folds | length) == 1 and (.folds[0] | .value == -1.5 and
    all(.state[]; . + 1 | fabs < 1e-8)) and [.intervals[].fixed_points] == [3, 1] and [.intervals[].attracting] == [2, 1]'
check "is drawn" test -s leaves/sweep.png -a -s leaves/sweep.pdf -a -s leaves/sweep.svg
check "lists every file" diff <(jq -r '.outputs | keys[]' leaves/manifest.json | sort) \
    <(find leaves -type f ! -name manifest.json -printf '%P\n' | sort)
check "every point solves a1 a2 = 1 on its leaf" awk '!/^#/ && NF { n++
    if (($6 * $7 - 1) ^ 2 > 1e-24 || ($7 - $6 ^ 2 / 2 - $3) ^ 2 > 1e-24) exit 1 } END { exit !(n > 400) }' leaves/sweep-branches.tsv
check "and attracts where a1^2 + a2 > 0" awk '!/^#/ && NF { if ((($6 ^ 2 + $7) > 0) != $4) exit 1 }' leaves/sweep-branches.tsv
check "without correlation" gives 0 "$settle" sweep chain --alpha 0 --over K --from -2 --to 2 --json
check "three branches cross at the origin" says '(.folds | length) == 0 and (.crossings | length) == 1 and
    (.crossings[0] | .value == 0 and all(.state[]; fabs < 1e-8))'
l3=(chain --depth 3 --rule srbp --alpha 1/10 "--init=-3,3/2,-11/8")
check "three layers over alpha" gives 0 "$settle" sweep "${l3[@]}" --over alpha --from -10 --to 10 --json
check "seven fixed points between six folds, alike on both sides" says '[.intervals[].fixed_points] == [1, 3, 5, 7, 5, 3, 1] and
    ([.folds[].value] | length == 6 and all([., reverse] | transpose[]; .[0] + .[1] | fabs < 1e-12))'
check "over K1" gives 0 "$settle" sweep "${l3[@]}" --over K1 --from -6 --to 2 --unknown a3 --out k1
check "the other constant stays" awk '!/^#/ && NF { n++; if (($8 - $7 ^ 2 / 2 + 2.5) ^ 2 + ($7 - $6 ^ 2 / 2 - $3) ^ 2 > 1e-22) exit 1 }
    END { exit !n }' k1/sweep-branches.tsv
check "over a weight, from where the degree falls" gives 0 "$settle" sweep chain --over c1 --from 0 --to 3 --init -2,1 --json
check "where the limit jumps" says '.folds[0].value - 0.755610166786 | fabs < 1e-11'
for c in 0.7556101 0.7556102; do
    "$settle" prove chain --c "$c" --init -2,1 --json | jq '.limit[0] | tonumber > 0'
done > limits
check "the limit of the start does" diff limits <(printf 'false\ntrue\n')

mkdir empty
cd empty || exit 1
refused() { # WHAT PATTERN ARGUMENTS
    local what=$1 pattern=$2
    shift 2
    check "$what: exit 2" gives 2 "$settle" sweep "$@"
    check "$what: says so" complains "$pattern"
    check "$what: in one line" one_line
}
refused "a continuum of fixed points" 'conserves b1 c1' fan --over alpha --from 0 --to 1 --out x
refused "what has no leaves in closed form" 'conserves' chain --rule bp --over alpha --from 0 --to 1 --out x
refused "constant R" 'conserves 2 c1 a2' chain --activation power:2 --inputs 1,2 --targets 1,3 \
    --over c1 --from 1 --to 2 --out x
refused "a leaf has no lambda" 'alpha, beta, c1 and K' chain --over lambda --from 0 --to 1 --out x
refused "K3 of three layers" "no 'K3'" chain --depth 3 --over K3 --from 0 --to 1 --out x
refused "c2 in several layers" 'rule srbp' chain --depth 3 --over c2 --from 1 --to 2 --out x
refused "an integrator" 'exact, and has no --rtol' chain --over K --from 0 --to 1 --rtol 1e-8 --out x
refused "five layers" 'at most 3' chain --depth 5 --over alpha --from 0 --to 1 --out x
refused "an unknown of a leaf" "no unknown 'b1'" chain --over K --from 0 --to 1 --unknown b1 --out x
refused "no parameter" 'over is missing' chain --from 0 --to 1 --out x
refused "no end" '--to is missing' chain --over c1 --from 0 --out x
refused "an empty interval" 'not less' chain --over c1 --from 1 --to 1 --out x
refused "an unknown parameter" "lambda" chain --lambda 1 --over lamda --from 1 --to 2 --out x
refused "an unknown unknown" "no unknown 'b1'" chain --lambda 1 --over lambda --from 1 --to 2 --unknown b1 --out x
refused "an interval that is none" 'interval' "${tanh[@]}" --over c1 --from 1 --to 2 --interval 2,1 --out x
refused "a value the rule has not" 'lambda' chain --rule kolen-pollack --lambda 1 --over lambda --from -1 --to 2 --out x
check "nothing was written" nothing_here
check "a continuum beside a branch" gives 0 "$settle" sweep chain --rule weight-mirror --lambda 1/2 \
    --over alpha --from 1 --to 2 --starts 1
check "is told" prints '[1-9][0-9]* of them not isolated'
check "and the saddle at zero followed" prints '^branch .*: saddle$'
check "help has examples" bash -c "'$settle' sweep --help | grep -c '  settle sweep' | grep -qx 4"
printf "par a=0\nx'=a*x-x^3+.3*x*y\ny'=-y+a*x^2\n" > pitchfork.ode
check "a pitchfork" gives 0 "$settle" sweep pitchfork.ode --over a --from=-.7 --to 1.1 --quiet
check "a branch turns back" prints '^branch  *a from 1.1 (end of the interval) down to 0 and back to 1.1 (end'
check "  at 0, which is not printed as its rounding" prints '^crossing  *a = 0;'
finish
