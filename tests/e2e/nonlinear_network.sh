#!/usr/bin/env bash
# Networks with activations: the exclusive or, regressions from CSV and lists, images, portraits, and what is
# refused.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

# --- the exclusive or -------------------------------------------------------------------------
printf -- '-1,-1,-1\n-1,1,1\n1,-1,1\n1,1,-1\n' > xor.csv
xor=(hidden --activation tanh --biases --data xor.csv)
check "A[2,3,1] learns the exclusive or" gives 0 "$settle" run "${xor[@]}" --sizes 2,3,1 --rule bp --json
check "and settles on its zero set: 13 unknowns, 4 errors" \
    says '.ending == "settled" and .global_minimum == true and .neutral.fixed == 9 and .transverse_rate < 0'
check "biases have names" says '.names[2] == "A1_1_bias" and .names[12] == "A2_1_bias"'
cp "$out" "$top/xor"
check "the same samples as lists" gives 0 "$settle" run hidden --activation tanh --biases --sizes 2,3,1 \
    --rule bp --inputs=-1,-1,-1,1,1,-1,1,1 --targets=-1,1,1,-1 --json
without='del(.data, .seconds, (.parameters | .alpha, .sigma_ii, .sigma_ti, .data, .data_sha256))'
check "make the same run" bash -c "diff <(jq '$without' '$top/xor') <(jq '$without' '$out')"
check "so do equal weights" gives 0 "$settle" run "${xor[@]}" --sizes 2,3,1 --rule bp \
    --weights 1/4,1/4,1/4,1/4 --json
check "to the same limit" bash -c "diff <(jq .limit '$top/xor') <(jq .limit '$out')"
check "random feedback learns it" gives 0 "$settle" run "${xor[@]}" --sizes 2,3,1 --rule rbp --c random:1 --json
check "with another spectrum" says '.ending == "settled" and .global_minimum == true'
check "adaptive feedback conserves C1 - A2'" gives 0 "$settle" run "${xor[@]}" --sizes 2,3,1 --rule arbp
check "which is watched" prints "C1 - A2' \[3,1\]: drift"
check "without derivatives" gives 3 "$settle" run "${xor[@]}" --sizes 2,3,1 --rule rbp --no-derivative \
    --c random:1 --horizon 1
check "is said" prints '^system .*tanh, biases, no derivatives'
# a valley of positive loss that leads to infinity
check "A[2,2,1] from seed 6" gives 3 "$settle" run "${xor[@]}" --sizes 2,2,1 --rule bp --init random:6 --json
check "has no limit, and none is claimed" says '.ending == "horizon" and .limit == null'

# --- regressions ------------------------------------------------------------------------------
cat > small.csv << 'CSV'
x,y,z,s,t
.5,-1,.25,1,-.5
-1,.75,1.5,-.25,.5
2,.5,-.5,.75,1.25
-.25,-1.5,1,0,-1
CSV
check "three inputs, two targets" gives 0 "$settle" run hidden --activation tanh --sizes 3,4,2 --rule bp \
    --data small.csv --json
check "settle on the zero set: 20 unknowns, 8 errors" \
    says '.ending == "settled" and .global_minimum == true and .neutral.fixed == 12'
check "a power has a balance for each neuron" gives 0 "$settle" run hidden --activation power --mu 3 \
    --sizes 3,4,2 --rule bp --data small.csv --init random:3:0.7
check "which is conserved" prints '3 \|column 4 of A2\|\^2 - \|row 4 of A1\|\^2: drift [0-9.]*e-1[0-9]$'
check "two hidden layers" gives 0 "$settle" run deep --activation tanh,logistic --biases --sizes 3,4,3,2 \
    --rule bp --data small.csv --json
check "settle, too" says '.ending == "settled" and .global_minimum == true'
awk 'BEGIN { srand(7); for (k = 0; k < 20; k++) { line = ""
    for (i = 0; i < 12; i++) line = line (i ? "," : "") sprintf("%.6f", 2 * rand() - 1); print line } }' > wide.csv
check "192 unknowns" gives 0 "$settle" run hidden --activation tanh --sizes 8,16,4 --rule bp --data wide.csv \
    --json
check "settle, by a spectrum of order 80" \
    says '.ending == "settled" and .global_minimum == true and .neutral.fixed == 112'
check "480 unknowns under random feedback" gives 0 "$settle" run hidden --activation tanh --sizes 8,40,4 \
    --rule rbp --c random:1 --data wide.csv --json
check "settle, too" says '.ending == "settled" and .neutral.fixed == 400'

# --- images: the means of 2 x 2 pixels are (1, 0), (0, 1), (0, 0.4) -------------------------------
{
    printf '\0\0\10\3\0\0\0\3\0\0\0\2\0\0\0\4'
    printf '\377\377\0\0\377\377\0\0'
    printf '\0\0\377\377\0\0\377\377'
    printf '\0\0\146\146\0\0\146\146'
} > images
printf '\0\0\10\1\0\0\0\3\0\1\1' > labels
check "images and labels" gives 0 "$settle" run hidden --activation tanh --sizes 2,4,2 --rule bp --biases \
    --downsample 2 --data images --labels labels --json
check "are learnt" says '.ending == "settled" and .global_minimum == true'
cp "$out" "$top/images"
printf '1,0,1,0\n0,1,0,1\n0,.4,0,1\n' > images.csv
check "the same as text" gives 0 "$settle" run hidden --activation tanh --sizes 2,4,2 --rule bp --biases \
    --data images.csv --json
check "is the same" bash -c "diff <(jq .limit '$top/images') <(jq .limit '$out')"
check "an autoencoder of images" gives 0 "$settle" run hidden --activation tanh --sizes 2,3,2 --rule bp \
    --downsample 2 --data images --samples 2 --json
check "has its inputs as targets" says '.ending == "settled" and .global_minimum == true'
check "principal components" gives 2 "$settle" run hidden --activation tanh --sizes 1,3,2 --rule bp \
    --downsample 2 --principal 1 --data images --labels labels
check "keep no samples" complains 'principal keeps moments'

printf '1,0\n0,1\n-1,.5\n' > code.csv
check "lines without targets" gives 0 "$settle" run hidden --activation tanh --biases --sizes 2,3,2 --rule bp \
    --data code.csv --json
check "have their inputs as targets" says '.ending == "settled" and .global_minimum == true'
mnist=${SETTLE_DATA:-}
if [ -n "$mnist" ]; then
    check "twenty digits of MNIST" gives 0 "$settle" run hidden --activation tanh --sizes 196,16,10 --rule bp \
        --samples 20 --downsample 2 --data "$mnist/train-images-idx3-ubyte.gz" \
        --labels "$mnist/train-labels-idx1-ubyte.gz" --init random:1:1/10 --json
    check "are learnt, by a spectrum of order 200" \
        says '.ending == "settled" and .global_minimum == true and .neutral.fixed == 3096'
else
    echo "not ok 1 # SKIP MNIST: SETTLE_DATA does not name its folder" # as cmocka says it
fi

# --- kinks ------------------------------------------------------------------------------------
check "a ReLU" gives 0 "$settle" run fan --sizes 1,1,1 --activation relu --inputs=1,2,-1,-.5 \
    --targets=1,1,.8,-.3 --init 1/2,1/5 --json # 3/4 = 5/4 a (K + a^2/2), K = 3/40
check "comes to the root of its cubic" \
    says '(.75 - 1.25 * .limit[0] * (.075 + .limit[0] * .limit[0] / 2) | fabs) < 1e-12'

# --- portraits --------------------------------------------------------------------------------
check "a portrait in two of the weights" gives 0 "$settle" portrait fan --sizes 1,1,1 --activation tanh \
    --inputs=.6,3.2,-1.9 --targets=-1.5,.9,1.6 --grid 9x9 --starts 4 --out plane
check "is drawn" test -s plane/portrait.svg

check "the picture of a linear theorem" gives 2 "$settle" portrait autoencoder --sizes 2,1,2 --activation tanh \
    --data code.csv --view directions
check "is not drawn" complains 'is of linear networks'
check "nor are eigenvalues of P" gives 2 "$settle" portrait hidden --sizes 2,2,2 --activation tanh \
    --data code.csv --view eigenvalues
check "which is none" complains 'is of linear networks'

# --- refusals ---------------------------------------------------------------------------------
check "powers that are not whole" gives 2 "$settle" run hidden --activation power --mu 3/2 --sizes 2,3,1 \
    --data xor.csv
check "are refused" complains 'networks take whole powers'
check "moments" gives 2 "$settle" run hidden --activation tanh --sizes 2,3,1
check "are not enough" complains 'learns from samples'
check "Gaussian inputs" gives 2 "$settle" run hidden --activation tanh --sizes 1,3,1 --gaussian 1 \
    --teacher tanh
check "are for chains" complains 'gaussian is for chains'
check "too many activations" gives 2 "$settle" run hidden --activation tanh,tanh --sizes 2,3,1 --data xor.csv
check "are counted" complains 'names 2 layers; here are 1 hidden'
