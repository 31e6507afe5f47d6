#!/usr/bin/env bash
# settle run and portrait with --activation: chains with neurons, panels, and what is refused.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

rows() { awk '!/^#/ && NF' "$@"; }

# three samples on which a saddle of the loss attracts
data=(--inputs .61,3.21,3.91 --targets=-1.47,.86,-1.63)
tanh=(chain --activation tanh "${data[@]}")

# --- runs -------------------------------------------------------------------------------------
check "a tanh chain" gives 0 "$settle" run "${tanh[@]}" --c 1/2 --init 1,0 --json
check "comes to the wrong equilibrium" \
    jq -e '.ending == "settled" and (.limit[0] - .303618942742 | . * . < 1e-22) and
           (.limit[1] + .759198639486 | . * . < 1e-22)' "$out"
check "whose loss is not the least, as a state beside it has less" jq -e '.global_minimum == false' "$out"
check "the power chain of Theorem 11" gives 0 "$settle" run chain --activation power --mu 2 --init 1/2,1/2 --json
check "comes to its positive root" jq -e '.limit[0] - 1.143691894511639 | . * . < 1e-26' "$out"
cat > samples.csv << 'CSV'
.61,-1.47
3.21,.86
3.91,-1.63
CSV
check "samples from a file" gives 0 "$settle" run chain --activation tanh --data samples.csv --c 1/2 --init 1,0 --json
check "give the same limit" jq -e '.limit[0] - .303618942742 | . * . < 1e-22' "$out"
check "an activation of one and its weights" gives 0 "$settle" run chain --activation identity \
    --inputs 1,2 --targets 1,1 --weights 1,1/4 --init 1/2,1/2 --json # alpha = 3/2, beta = 2
check "are those of a linear chain" jq -e '.limit[0] * .limit[1] - .75 | . * . < 1e-20' "$out"

# a slow divergence by an explicit method would take hours; in the foreground timeout sends one signal, not two
check "an interrupt" gives 3 timeout --foreground --preserve-status -s INT 2 "$settle" run chain --depth 3 \
    --activation tanh --gaussian 1 --teacher tanh,3/2,2 --init 1/2,1/2,1/2 --method rk8pd --rtol 1e-13 --horizon 1e30
check "prints what is known" prints 'stopped by the user'

# --- panels -----------------------------------------------------------------------------------
check "panels over a parameter" gives 0 "$settle" portrait "${tanh[@]}" \
    --panels c1=.8,1.15 --window .1,.6,-1.1,-.5 --starts 4 --out panels
check "find the cycle below the Hopf point" prints 'repelling limit cycle .*period 18.25188'
check "and not above" test "$(grep -c '^repelling limit cycle' "$out")" = 1
check "draw both planes" test -s panels/panels.png -a -s panels/panels.pdf -a -s panels/2/portrait-field.tsv
check "list every file" diff <(jq -r '.outputs | keys[]' panels/manifest.json | sort) \
    <(cd panels && find . -type f ! -name manifest.json -printf '%P\n' | sort)
check "the cycle closes" awk '!/^#/ && NF == 3 { if (!n++) { x = $2; y = $3 } u = $2; v = $3 }
    END { exit !(n > 50 && (u - x) ^ 2 + (v - y) ^ 2 < 1e-6) }' panels/1/portrait-unstable-cycles.tsv
for window in .2,.45,-.9,-.65 -2,2,-2,2; do # what is found does not depend on what is shown
    check "cycles in the window $window" gives 0 "$settle" portrait "${tanh[@]}" --panels c1=.62,1.15 \
        --window=$window --starts 2 --out "panels-$window"
    check "one near its homoclinic end" prints '^repelling limit cycle .*period 49\.46837.*multiplier 3.7[78]'
    check "and where there is none it says so" prints '^no limit cycle .*found round the focus (0.30361.*search ended: '
done
check "separatrices of the saddle" gives 0 "$settle" portrait "${tanh[@]}" --c .8 --window=-1.5,1.5,-2,2 \
    --starts 4 --out saddle
check "begin at it on either side" awk '!/^#/ && NF == 3 && $1 == 0 { n++
    if (($2 + .30361894) ^ 2 + ($3 - .75919864) ^ 2 > 1e-9) exit 1 } END { exit n != 2 }' \
    saddle/portrait-separatrices.tsv

# --- sliding ----------------------------------------------------------------------------------
# ReLU: alpha_+ = 3 > 0 > -.65 = alpha_- (sums), so a1 = 0 attracts from both sides iff c1 < 0
relu=(chain --activation relu --inputs 1,2,-1,-1/2 --targets 1,1,.8,-.3)
check "a dead neuron" gives 0 "$settle" run "${relu[@]}" --c -1 --init 1/2,.2 --json
check "slides to its end" jq -e '.ending == "settled" and .sliding == "a1 = 0" and .limit == [0, .325]' "$out"
check "its portrait" gives 0 "$settle" portrait "${relu[@]}" --panels c1=-1,1 --starts 4 --out relu
check "shows where both sides push" awk '!/^#/ && NF == 2 { n++; if ($1 * $1 > 1e-18) exit 1 } END { exit !(n > 100) }' \
    relu/1/portrait-slides.tsv
check "and where they pull" awk '!/^#/ && NF == 2 { n++; if ($1 * $1 > 1e-18) exit 1 } END { exit !(n > 100) }' \
    relu/2/portrait-parts.tsv
check "and no other place" test -z "$(rows relu/1/portrait-parts.tsv relu/2/portrait-slides.tsv)"

# --- what is refused --------------------------------------------------------------------------
refused() { # TEXT ARGUMENTS...: exit 2, one line that says so, nothing written
    local text=$1
    shift
    rm -rf refused
    "$settle" "$@" --out refused > "$out" 2> "$err" && return 1
    [ $? -le 2 ] && [ "$(wc -l < "$err")" = 1 ] && grep -q -- "$text" "$err" && [ ! -e refused ]
}
check "an unknown activation" refused "no activation 'tan'; did you mean tanh" run chain --activation tan
check "a parameter of one that has none" refused "tanh has no parameter" run chain --activation tanh:2
check "an exponent of one that has none" refused "no exponent for --mu" run chain --activation tanh --mu 2
check "an exponent that is none" refused "expected" run chain --activation power --mu=-1
check "two exponents for one layer" refused "" run chain --depth 2 --activation power --mu 2,3 --init 1,1
check "parameters twice" refused "both give parameters" run chain --activation power:2 --mu 2
check "a teacher as a layer" refused "makes targets only" run chain --activation sign
check "inputs without targets" refused "inputs without targets" run chain --activation tanh --inputs 1,2
check "targets without inputs" refused "targets without inputs" run chain --activation tanh --teacher tanh
check "lists of different lengths" refused "" run chain --activation tanh --inputs 1,2 --targets 1
check "negative weights" refused "" run chain --activation tanh --inputs 1,2 --targets 1,1 --weights 1,-1
check "samples and moments" refused "both give the inputs" run chain --activation tanh "${data[@]}" --beta 2
check "a Gaussian with targets" refused "give --teacher" run chain --activation tanh --gaussian 1 --targets 1
check "an activation of a polynomial" refused "takes no --activation" run polynomial --activation tanh
check "--mu alone" refused "goes with --activation" run chain --mu 2
check "--no-derivative alone" refused "goes with --activation" run chain --no-derivative
check "a teacher of a linear chain" refused "goes with --activation" run chain --teacher tanh
check "two places for neurons" refused "" run chain --activation tanh --channel-activation tanh "${data[@]}"
check "panels without values" refused "expected NAME" portrait chain --panels c1
check "panels of an unknown parameter" refused "no parameter 'b'" portrait chain --panels b=1
check "too many panels" refused "more than 4" portrait chain --panels c1=1,2,3,4,5
check "panels in space" refused "no --panels" portrait chain --depth 3 --view space --panels c1=1
finish
