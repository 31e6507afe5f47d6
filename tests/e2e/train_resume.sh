#!/usr/bin/env bash
# settle train --resume, refused: nothing in the folder changes, and one line says why and what to do.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154,SC2317 # tap: sourced, sets settle, top, out, err; check calls
# by name
. "$(dirname "$0")/tap"
unset SETTLE_DATA

small=(--sizes 784,8,10 --samples 200 --batch 20 --rule bp,rbp --trials 2)
check "a training" gives 0 "$settle" train "${small[@]}" --epochs 2 --out done

# Of a copy that COMMAND has changed: what follows is refused, and the copy stays as it is.
refused() { # WHAT COMMAND MESSAGE OPTION...
    local what=$1 change=$2 message=$3
    shift 3
    rm -rf now before
    cp -r done now
    (cd now && eval "$change")
    cp -r now before
    check "$what is refused" gives 2 "$settle" train "$@" --out now
    check "in one line" one_line
    check "$what: the line says so" complains "$message"
    check "$what: nothing changes" diff -r before now
}

refused "fewer epochs" : 'now has 2 epochs, this command asks for 1' "${small[@]}" --epochs 1 --resume
refused "other rules" : 'now was trained with rules: bp, rbp; this command asks for rules: rbp' \
    --sizes 784,8,10 --samples 200 --batch 20 --rule rbp --trials 2 --epochs 4 --resume
refused "fewer trials" : 'now was trained with trials: 2; this command asks for trials: 1 ' \
    --sizes 784,8,10 --samples 200 --batch 20 --rule bp,rbp --epochs 4 --resume
refused "another rate" : 'now was trained with eta: 0.1; this command asks for eta: 0.2 ' \
    "${small[@]}" --epochs 4 --eta 0.2 --resume
refused "another decay" : 'with lambda: none; this command asks for lambda: 0.5' \
    "${small[@]}" --epochs 4 --lambda 1/2 --resume
refused "a torn checkpoint" 'truncate -s 1000 rbp-2.checkpoint' \
    'now/rbp-2.checkpoint.*--replace begins anew' "${small[@]}" --epochs 5 --resume
refused "another byte of a checkpoint" 'printf x | dd of=bp-1.checkpoint bs=1 seek=9000 conv=notrunc status=none' \
    'now/bp-1.checkpoint.*--replace begins anew' "${small[@]}" --epochs 5 --resume
refused "a lost history" 'rm rbp-2.history' 'now/rbp-2.history.*--replace begins anew' \
    "${small[@]}" --epochs 5 --resume
refused "parameters that are lost" 'rm train.json' 'no train.json.*--replace begins anew' \
    "${small[@]}" --epochs 5 --resume
refused "parameters that are lost, unasked" 'rm train.json' 'no train.json.*--replace begins anew' \
    "${small[@]}" --epochs 5
refused "a training of before" : '--resume goes on with' "${small[@]}" --epochs 5

# A digit of a number, a line, the digest, another run's history
refused "a changed digit of a history" "sed -i -E '3s/^(([^\t]+\t){4}[0-9]+\.)[0-9]/\19/' rbp-1.history" \
    'now/rbp-1.history: it was changed: .*--replace begins anew' "${small[@]}" --epochs 5 --resume
refused "a changed epoch of a history" "sed -i '2s/^0/1/' rbp-1.history" \
    'now/rbp-1.history: it was changed' "${small[@]}" --epochs 2 --resume
refused "a history without a line" "sed -i 4d bp-2.history" 'now/bp-2.history: it was changed' \
    "${small[@]}" --epochs 5 --resume
refused "a history with a line more" "echo 1 >> bp-2.history" 'now/bp-2.history: it was changed' \
    "${small[@]}" --epochs 5 --resume
refused "a history without its digest" "sed -i '\$d' bp-2.history" 'now/bp-2.history: it does not end in' \
    "${small[@]}" --epochs 5 --resume
refused "the history of another seed" 'cp bp-1.history bp-2.history' 'now/bp-2.history: it was changed' \
    "${small[@]}" --epochs 5 --resume

# Data that differ in one number, in a file of the same name and shape
awk 'BEGIN { srand(1); for (k = 0; k < 60; k++) print rand() "," rand() "," k % 2 }' > data.csv
plain=(--sizes 2,3,2 --batch 10 --data data.csv)
check "a training on a file" gives 0 "$settle" train "${plain[@]}" --epochs 2 --out of-file
rm -rf done
cp -r of-file done
sed -i '7s/^0/1/' data.csv
refused "another datum" : 'now was trained with data digest: [0-9a-f]\{16\}; this command asks for data digest' \
    "${plain[@]}" --epochs 3 --resume
check "the manifest has the digest of the data" holds '.parameters.data_digest | test("^[0-9a-f]{16}$")' done/manifest.json
check "asked, it is replaced" gives 0 "$settle" train "${plain[@]}" --epochs 3 --replace --out now
check "with another digest" holds ".parameters.data_digest != $(jq .data_digest before/train.json)" now/manifest.json

finish
