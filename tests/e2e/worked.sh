#!/usr/bin/env bash
# settle run on chains with activations: worked cases, each to the digits given.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
#
# A line is: ending, limit, start, options of `settle run chain`.  The digits that a limit is written with are
# those that it must have: half a unit of the last one is allowed.  Sources: notes/nonlinear.md.
. "$(dirname "$0")/tap"

# comes ENDING LIMIT START OPTIONS...: the ending, and every number of the limit to its digits
comes() {
    local ending=$1 limit=$2 start=$3
    shift 3
    "$settle" run chain "$@" "--init=$start" --json > "$out" 2> "$err"
    jq -e --arg ending "$ending" --arg limit "$limit" '
        def digits: sub("e.*$"; "") | if test("\\.") then sub("^[^.]*\\."; "") | length else 0 end;
        def near($x; $text): ($x - ($text | tonumber)) * pow(10; $text | digits) | fabs <= .5000001;
        .ending == $ending and ($limit == "" or (($limit / ",") as $texts |
                [.limit[:($texts | length)], $texts] | transpose | all(near(.[0]; .[1]))))' "$out"
}
settles() { check "$1" comes settled "$2" "$3" "${@:4}"; }
power=(--activation power)

# Theorem 11: the positive root; any a2(0)
settles 'mu = 2' 1.143691894511639,0.764507787392906 1/2,1/2 "${power[@]}" --mu 2
settles 'mu = 3, a2(0) < 0' 3.18937990533559,0.1232937978398287 1/4,-1 "${power[@]}" --mu 3 --c 3/2 --alpha 2 --beta 1/2
settles 'mu = 5/2' 1.357722139427238,0.4655568815781751 3/8,1/8 "${power[@]}" --mu 5/2
settles 'mu = 1/3' 0.86936972478956,1.04776807757101 3/8,1/8 "${power[@]}" --mu 1/3
settles 'mu = 4' 2.205111984725587,0.06041981086340 3/2,-3/8 "${power[@]}" --mu 4 --c 3/4 --alpha 5/4 --beta 7/8
# its edges
check 'a1(0) = 0 stays' comes saddle 0,0.5 0,1/2 "${power[@]}" --mu 2
settles 'the wrong sign of c1' 0.000000,0.562500 1/2,1/2 "${power[@]}" --mu 2 --c -1
settles 'which some survive' 4.4778,0.04987 1/2,5 "${power[@]}" --mu 2 --c -1
settles 'alpha < 0' 0.000000,-0.250000 1,0 "${power[@]}" --mu 2 --alpha -1
check 'odd mu, a1(0) < 0, stuck' comes creeping 0.000000,0.158333 -1/2,1/5 "${power[@]}" --mu 3
settles 'odd mu, far below' -3.75993642,-0.01881302 -3/2,-2 "${power[@]}" --mu 3
settles 'a zero crossed at infinite speed' 0.898619102085,1.036274435949 -1/2,1/5 --activation odd-root:3
settles 'from 1e-12, mu = 3/2' 1.08111061721936 1e-12,1/2 --activation odd-power:3/2
"$settle" run chain --activation odd-power:3/2 --init 1e-12,1/2 --horizon .1 --json > "$out"
check 'along the branch that leaves zero' jq -e '.last[0] - .0056245568 | fabs < 1e-9' "$out"
check 'where solutions branch' gives 3 "$settle" run chain --activation odd-power:3/2 --init 0,1/2
check 'the run says so' grep -q 'not unique' "$out"
check 'extinction' gives 3 "$settle" run chain --activation odd-power:3/2 --alpha -1 --init 1/2,0 --json
check 'at its time' jq -e '.t - .946304106706 | fabs < 1e-8' "$out"
check 'gradient descent stops on the line' comes settled 0.0000000,-0.7071068 1,-1 --rule bp "${power[@]}" --mu 2
settles 'adaptive feedback repairs' '' 1/2,1/2,-.3 --rule arbp "${power[@]}" --mu 2
check 'and the loss is zero' jq -e '.global_minimum == true' "$out"
settles 'unless it is too strong' '' 1/2,1/2,-.4 --rule arbp "${power[@]}" --mu 2
check 'and the loss is not' jq -e '.global_minimum == false' "$out"

# without derivatives
bare=("${power[@]}" --mu 2 --no-derivative --inputs 1,2)
settles 'realizable targets' 1.0784425,1.2897255 0,1/2 "${bare[@]}" --teacher power:2,1,3/2
check 'a1 grows like t' comes unbounded '' 1/2,1/2 "${bare[@]}" --targets 3,1
check 'exponent 1' jq -e '.exponent - 1 | fabs < .01' "$out"
check 'a2 grows like the root of t' comes unbounded '' 1/2,1/2 "${bare[@]}" --targets 1,8
check 'exponent 1/2' jq -e '.exponent - .5 | fabs < .01' "$out"

# three layers under skipped feedback
deep=(--depth 3 --rule srbp "${power[@]}" --inputs 1,2 --targets 1,3)
check 'blow-up' comes escaped '' .6,.7,.5 "${deep[@]}" --mu 3,2
check 'at its time, within the error that is printed' \
    jq -e '(.blowup_time - 1.56417 | fabs < 5e-6) and .blowup_error < 5e-6' "$out"
check 'exponential growth' comes unbounded '' .6,.7,.5 "${deep[@]}" --mu 2,2

# neurons that saturate
settles 'a teacher' 1.500000,2.000000 1/2,1/2 --activation tanh --inputs 1/2,1,2 --teacher tanh,3/2,2
settles 'or its mirror image' -1.500000,-2.000000 1/2,1/2 --activation tanh --inputs 1/2,1,2 --teacher tanh,3/2,2 --c -1
settles 'an erf teacher' 1.250000,0.750000 1/2,1/2 --activation erf --gaussian 1 --teacher erf,5/4,3/4
check 'at its rate' jq -e '.transverse_rate + .01357701 | fabs < 5e-9' "$out"
check 'from elsewhere it is lost' comes unbounded '' -2,-1 --activation erf --gaussian 1 --teacher erf,5/4,3/4
check 'erf and a linear teacher' comes unbounded '' 1/2,1/2 --activation erf --gaussian 1 --teacher identity
check 'grow like t^(1/6)' jq -e '.exponent - 1 / 6 | fabs < .01' "$out"
linear=(--activation erf --gaussian 1 --teacher identity)
check 'the wrong sign of c1, far out' comes unbounded '' 1.5,.8 "${linear[@]}" --c -1
check 'grows like t^(1/3)' jq -e '.exponent - 1 / 3 | fabs < .01' "$out"
check 'to the largest loss, (1 - z/asin z)/2 with z = a1^2/(1 + a1^2)' jq -e '(.last[0] | . * . / (1 + . * .)) as $z |
    $z > .99 and (.loss.value - (1 - $z / ($z | asin)) / 2 | fabs < 1e-5)' "$out"
check 'from nearer it learns' comes unbounded '' .5,0 "${linear[@]}" --c -1
check 'across zero, like t^(1/6)' jq -e '(.exponent - 1 / 6 | fabs < .01) and .last[0] < 0 and .loss.value < 1e-3' "$out"
check 'without the derivative' comes unbounded '' .5,.5 "${linear[@]}" --no-derivative
check 'it grows like t' jq -e '.exponent - 1 | fabs < .01' "$out"
check 'signs' comes unbounded '' 1/2,1/2 --activation tanh --inputs=-2,-1,-1/2,1/2,1,2 --teacher sign
check 'make tanh grow like ln t' jq -e '.exponent == 0' "$out"

# ReLU
relu=(--activation relu --inputs 1,2,-1,-1/2 --targets 1,1,.8,-.3)
settles 'to the right' 1.01563887 1/2,1/5 "${relu[@]}"
settles 'to the left' -0.963849753 -1/2,1/5 "${relu[@]}"
settles 'dead' 0,0.325 1/2,1/5 "${relu[@]}" --c -1
finish
