#!/usr/bin/env bash
# Problems from data files: CSV and IDX, plain and compressed, reduced, and what is said of them.
# The MNIST files are looked for in $SETTLE_DATA; without it those checks are skipped.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

# four samples of T = (x + 2y), inputs (x, y): Sigma_II = diag(2.5, 0.5), Sigma_TI = (2.5, 1)
printf 'x,y,t\n1,0,1\n-3,0,-3\n0,1,2\n0,-1,-2\n' > samples.csv
check "CSV with two inputs" gives 0 "$settle" run deep --sizes 2,1 --rule bp --data samples.csv --json
check "its regression is found" \
    says '[.output_limit, [1, 2]] | transpose | all((.[0] - .[1] | fabs) < 1e-9)'
check "JSON says which data" says '.data == "samples.csv: 4 samples"'
cp "$out" "$top/data"
check "the same moments typed" gives 0 "$settle" run deep --sizes 2,1 --rule bp --sigma-ii diag:5/2,1/2 \
    --sigma-ti 5/2,1 --json
check "make the same run" bash -c "diff <(jq 'del(.data, .seconds, .parameters)' '$top/data') \
    <(jq 'del(.data, .seconds, .parameters)' '$out')"
gzip -k samples.csv
check "compressed" gives 0 "$settle" run deep --sizes 2,1 --rule bp --data samples.csv.gz --json
check "is the same" bash -c "diff <(jq .limit '$top/data') <(jq .limit '$out')"
check "the first two samples" gives 3 "$settle" run deep --sizes 2,1 --rule bp --data samples.csv \
    --samples 2 --horizon 1e-3
check "are counted" prints '^data  *samples.csv: 2 samples$'
check "one principal component" gives 0 "$settle" run deep --sizes 1,1 --rule bp --data samples.csv \
    --principal 1 --json
check "is the first input" says '(.output_limit[0] - 1 | fabs) < 1e-9'
check "and keeps 5/6 of the trace" says '.data | test("1 principal component of 2 \\(83.33 % of the trace\\)")'
cut -d, -f1,2 samples.csv > inputs.csv
check "without targets" gives 0 "$settle" run autoencoder --sizes 2,1,2 --rule bp --data inputs.csv --json
check "the targets are the inputs" says '.data | test("targets: the inputs")'
check "the first component is kept" \
    says '[.output_limit, [1, 0, 0, 0]] | transpose | all((.[0] - .[1] | fabs) < 1e-8)'

# three images of 2 x 4 pixels, labels 0, 1, 1; the means of 2 x 2 pixels are (255, 0), (0, 255), (0, 102)
{
    printf '\0\0\10\3\0\0\0\3\0\0\0\2\0\0\0\4'
    printf '\377\377\0\0\377\377\0\0'
    printf '\0\0\377\377\0\0\377\377'
    printf '\0\0\146\146\0\0\146\146'
} > images
printf '\0\0\10\1\0\0\0\3\0\1\1' > labels
gzip -k images
images=(--sizes '2,2' --rule bp --downsample 2 --labels labels --json)
check "images" gives 0 "$settle" run deep "${images[@]}" --data images --out kept
# Sigma_II = diag(1, 1.16)/3, Sigma_TI = diag(1, 1.4)/3
check "their labels are predicted" \
    says '[.output_limit, [1, 0, 0, 35/29]] | transpose | all((.[0] - .[1] | fabs) < 1e-8)'
cp "$out" "$top/images"
check "the data are described" says '.data |
    test("images: 3 images of 2 x 4, means of 2 x 2 pixels; targets: the labels of labels, one-hot")'
check "and digested" test "$(jq -r .parameters.data_sha256 kept/manifest.json) \
$(jq -r .parameters.labels_sha256 kept/manifest.json)" = \
    "$(sha256sum < images | cut -d' ' -f1) $(sha256sum < labels | cut -d' ' -f1)"
check "compressed images" gives 0 "$settle" run deep "${images[@]}" --data images.gz
check "are the same" bash -c "diff <(jq .limit '$top/images') <(jq .limit '$out')"
check "a portrait from data" gives 0 "$settle" portrait deep --sizes 2,1 --rule bp --data samples.csv \
    --grid 5x5 --out plane

# all of MNIST: the linear classifier of the first four principal components
mnist=${SETTLE_DATA:-}
if [ -n "$mnist" ]; then
    check "MNIST" gives 0 "$settle" run deep --sizes 4,10 --rule bp --principal 4 \
        --data "$mnist/train-images-idx3-ubyte.gz" --labels "$mnist/train-labels-idx1-ubyte.gz" --json
    check "settles" says '.ending == "settled" and .global_minimum == true'
    check "60000 images" says '.data | test("60000 images of 28 x 28, 4 principal components of 784")'
    check "wrong labels for it" gives 2 "$settle" run deep --sizes 4,10 --principal 4 \
        --data "$mnist/train-images-idx3-ubyte.gz" --labels "$mnist/t10k-labels-idx1-ubyte.gz"
    check "are refused" complains 'has 10000 labels for the 60000 images'
else
    echo "not ok 1 # SKIP MNIST: SETTLE_DATA does not name its folder" # as cmocka says it
fi
finish
