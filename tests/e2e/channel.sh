#!/usr/bin/env bash
# Neurons in the learning channel: samples as lists and from a file, and what is refused.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

noiseless="--channel-activation tanh --inputs 1,2,-1 --targets 1/2,1,-1/2"
# shellcheck disable=SC2086 # a list of options
check "without noise" gives 0 "$settle" run chain $noiseless --c 2 --init -1,1 --json
check "it learns T = I/2" \
    says '.ending == "settled" and .predicted.ending == "settled" and .global_minimum == true
          and (.limit[0] * .limit[1] - 0.5 | fabs) < 1e-12'
# shellcheck disable=SC2086
check "in words" gives 0 "$settle" run chain $noiseless
check "the channel is named" prints 'channel = tanh, inputs = (1, 2, -1)'
check "the outputs agree" prints '^agreement  *yes; the outputs differ'

check "with noise" gives 0 "$settle" run chain --channel-activation tanh --c 3 \
    --inputs 1,1,1 --targets .2,.2,3 --json
check "unbounded, as predicted" says '.ending == "unbounded" and .predicted.ending == "unbounded"'

check "P1 = 0" gives 0 "$settle" run chain --channel-activation softsign \
    --inputs 2,3 --targets 3,-1 --json
check "settles off the minimum" says '.ending == "settled" and .global_minimum == false'

printf 'x,t\n1,1\n2,1/2\n-1,1\n' > samples.csv
check "samples of a file" gives 3 "$settle" run chain --channel-activation arctan \
    --data samples.csv --horizon 5 --json
cp "$out" "$top/kept"
check "samples of lists" gives 3 "$settle" run chain --channel-activation arctan \
    --inputs 1,2,-1 --targets 1,1/2,1 --horizon 5 --json
without='del(.seconds, .data, (.parameters | .alpha, .beta, .data, .data_sha256))'
check "are the same problem" test "$(jq -c "$without" "$top/kept")" = "$(jq -c "$without" "$out")"
seq 1 5000 | awk '{ print $1 / 5000 "," $1 / 5000 / 2 }' > many.csv
check "five thousand samples" gives 0 "$settle" run chain --channel-activation erf --data many.csv
check "reach the least squares" prints 'output P  *(0.5)'
rm samples.csv many.csv

check "an unknown activation" gives 2 "$settle" run chain --channel-activation tan --inputs 1 --targets 1
check "the nearest is offered" complains 'did you mean tanh'
check "lists of different lengths" gives 2 "$settle" run chain --channel-activation tanh \
    --inputs 1,2 --targets 1
check "are counted" complains '2 inputs and 1 targets'
check "no samples" gives 2 "$settle" run chain --channel-activation tanh
check "samples for nothing" gives 2 "$settle" run chain --inputs 1 --targets 1
check "moments and samples" gives 2 "$settle" run chain --channel-activation tanh --inputs 1 \
    --targets 1 --alpha 2
check "a rule without fixed feedback" gives 2 "$settle" run chain --rule bp \
    --channel-activation tanh --inputs 1 --targets 1
check "nothing is left behind" nothing_here
finish
