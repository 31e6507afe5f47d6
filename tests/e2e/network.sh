#!/usr/bin/env bash
# settle run and portrait of networks: sizes, matrices, lists from files and streams, long lists.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

# A[2,2,2] under bp: P -> Sigma_TI Sigma_II^-1 = (0.5, 0; 1/4, 2)
moments=(--sigma-ii 'diag:2,1' --sigma-ti "1,0,1/2,2")
check "matrices row by row" gives 0 "$settle" run deep --sizes 2,2,2 --rule bp "${moments[@]}" --json
check "the output solves the regression" \
    says '[.output_limit, [0.5, 0, 0.25, 2]] | transpose | all((.[0] - .[1] | fabs) < 1e-9)'
check "the sizes are kept" says '.sizes == [2, 2, 2]'
check "eight unknowns, row by row" says '.names[0:3] == ["A1_1_1", "A1_1_2", "A1_2_1"] and (.names | length) == 8'
cp "$out" "$top/typed"

# every way to say the same
printf '2 0\n0, 1' > "$top/ii"
printf '1,0\n1/2\t2\n' > "$top/ti"
jq -r '.init | map(tostring) | join(" ")' "$top/typed" > "$top/init"
check "matrices and a start from files" gives 0 "$settle" run deep --sizes 2,2,2 --rule bp \
    --sigma-ii "@$top/ii" --sigma-ti "@$top/ti" --init "@$top/init" --json
check "give the same trajectory" bash -c "diff <(jq 'del(.seconds)' '$top/typed') <(jq 'del(.seconds)' '$out')"
check "the default start is random:1" gives 0 "$settle" run deep --sizes 2,2,2 --rule bp "${moments[@]}" \
    --init random:1 --json
check "exactly" bash -c "diff <(jq .init '$top/typed') <(jq .init '$out')"
check "random:1:0.25 is half of it" gives 0 "$settle" run deep --sizes 2,2,2 --rule bp "${moments[@]}" \
    --init random:1:1/4 --json
check "exactly half" jq -e --slurpfile typed "$top/typed" '[.init, $typed[0].init] | transpose |
    all(.[0] * 2 == .[1])' "$out"
check "the text says how the start was drawn" gives 0 "$settle" run deep --sizes 2,2,2 --rule bp
check "seed and scale" prints '^start  *random:1:0.5: A1_1_1 = '
check "the identities are named" prints 'Sigma_II = identity, Sigma_TI = Sigma_II'
check "one input and one target" gives 0 "$settle" run deep --sizes 1,1 --rule bp --sigma-ti 3 --sigma-ii 2
check "have alpha and beta" prints '^parameters  *alpha = 3, beta = 2$'
check "noise has no targets" gives 0 "$settle" run deep --sizes 2,1 --rule noise-pretraining
check "which is said" prints 'Sigma_TI = 0'
check "fewer targets than inputs" gives 0 "$settle" run deep --sizes 2,1 --rule bp
check "are the first inputs" prints 'Sigma_TI = the first rows of Sigma_II$'
check "zero and identity" gives 0 "$settle" run deep --sizes 2,1 --rule bp --sigma-ii identity \
    --sigma-ti zero --json
check "lead to zero" says '.output_limit | all(fabs < 1e-9)'
check "a rectangular identity" gives 0 "$settle" run deep --sizes 3,2 --rule bp --sigma-ti identity --json
check "is the output" says '[.output_limit, [1, 0, 0, 0, 1, 0]] | transpose | all((.[0] - .[1] | fabs) < 1e-9)'

# A[2,2,2] with P = I: eight unknowns, three integrals A2' A2 - A1 A1' and one direction more along the
# fixed set, A1 -> R A1, A2 -> A2 R' with the rotation R that keeps them
check "neutral directions" gives 0 "$settle" run deep --sizes 2,2,2 --rule bp --json
check "are explained" says '.neutral | .integrals == 3 and .fixed == 1 and .unexplained == 0'
check "in text" gives 0 "$settle" run deep --sizes 2,2,2 --rule bp
check "too" prints '^neutral directions  *3 by first integrals, 1 along the fixed set$'

# feedback: another seed, other weights; the same seed, the same
"$settle" run deep --sizes 2,3,2 --c random:5 --out one > "$top/one"
"$settle" run deep --sizes 2,3,2 --c random:5 --out two > "$top/two"
"$settle" run deep --sizes 2,3,2 --c random:6 --out six > "$top/six"
check "one seed of --c, one table" cmp one/trajectory.tsv two/trajectory.tsv
check "another seed, another table" bash -c '! cmp -s one/trajectory.tsv six/trajectory.tsv'
check "six feedback weights" holds '.parameters.c | length == 6' one/manifest.json
feedback=$(jq -r '.parameters.c | map(tostring) | join(",")' one/manifest.json)
check "the manifest's weights" gives 0 "$settle" run deep --sizes 2,3,2 --c "$feedback" --out typed
check "make the run again" cmp one/trajectory.tsv typed/trajectory.tsv
check "sizes and start are in the manifest" \
    holds '.parameters | .sizes == [2, 3, 2] and (.init | length) == 12' one/manifest.json

# rules with unknown channels
check "the start of an adaptive rule holds its channel" gives 0 "$settle" run chain --rule arbp \
    --init 1,2,1/2 --json
check "a1, a2, c1" says '.names == ["a1", "a2", "c1"]'
check "decays in a list" gives 0 "$settle" run deep --sizes 1,1,1 --rule kp --lambda 0.1,0.1,0.1 \
    --init 1,1/2,1/4 --json
cp "$out" "$top/list"
check "one decay for all" gives 0 "$settle" run deep --sizes 1,1,1 --rule kp --lambda 0.1 \
    --init 1,1/2,1/4 --json
check "is the same as the list" bash -c "diff <(jq .limit '$top/list') <(jq .limit '$out')"
# weight mirror: c1 -> sigma^2 a2 / lambda, whatever the ending is called
"$settle" run deep --sizes 1,1,1 --rule wm --lambda 2 --mirror 3 --init 1,1/2,1/4 > "$out"
check "--mirror is printed" prints 'sigma^2 = 3$'
mirrored() {
    sed -n -E 's/^(limit|last state) .*a2 = ([-0-9.e]+), c1 = ([-0-9.e]+)$/\2 \3/p' "$out" |
        awk '{ found = ($2 / $1 - 1.5) ^ 2 < 1e-12 } END { exit !found }'
}
check "and scales the mirror" mirrored

# long lists: Sigma_II of 20 inputs has 400 numbers, more than fit on a short list
seq 400 | awk '{ i = int(($1 - 1) / 20); j = ($1 - 1) % 20; print (i == j) ? 1 + i / 20 : 0 }' > "$top/long"
check "a long matrix from a file" gives 0 "$settle" run deep --sizes 20,1 --rule bp --sigma-ii "@$top/long" --json
check "is used" says '(.output_limit[0] - 1 | fabs) < 1e-8 and (.output_limit[1:] | all(fabs < 1e-8))'
check "text of 40 unknowns" gives 0 "$settle" run deep --sizes 20,2 --rule bp
check "is abbreviated" prints '^start  .*A1_1_6 = [-0-9.]*, \.\.\. (40 unknowns, norm '
check "so is its output" prints 'output P  *(.*; 40 numbers, norm '
# the examples of the help texts, as they stand there
example() { # COMMAND WORD: runs the example that holds the word
    "$settle" "$1" --help | sed -e ':a' -e '/\\$/N; s/\\\n//; ta' |
        awk -v word="$2" '/^  settle / && index($0, word) { sub(/^  settle/, ""); print }' > "$top/example"
    [ "$(wc -l < "$top/example")" -eq 1 ] && eval "gives 0 '$settle' $(cat "$top/example")"
}
check "the example of run --help" example run diag:2
check "settles" prints '^ending  *settled'
check "the example of portrait --help" example portrait deep

check "a plane of a network" gives 0 "$settle" portrait deep --sizes 2,2,2 --rule bp --plane A1_1_1,A2_2_2 \
    --grid 5x5 --out plane
check "is drawn" test -s plane/portrait.svg
check "with its nullclines" test -s plane/portrait-nullclines-0.tsv
finish
