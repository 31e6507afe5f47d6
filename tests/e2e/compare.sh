#!/usr/bin/env bash
# settle compare: orders and their verdict, epochs, samples made for moments, traps, files, refusals.
# shellcheck disable=SC1091,SC2016,SC2054,SC2154,SC2317 # tap: sourced, sets settle, out, err; awk's $1;
# commas are those of lists
. "$(dirname "$0")/tap"

samples=(--inputs 1,0.5,-1,1.5 --targets 1.2,0.1,-0.7,2)
golden=(chain --c 0.7 --init 0.3,-0.2 "${samples[@]}")

check "four samples, one in a batch" gives 0 "$settle" compare "${golden[@]}" --json --quiet
check "the moments are those of the samples" says '.samples == 4 and .samples_made == false'
check "both have the same field" says '.fields.same and .fields.worst < 1e-14 and .fields.states > 1'
check "the keys of the contract" says '.order == .orders.flow.order and .expected_order == 1 and
    .order_low < .order and .order < .order_high and
    all(.steps[]; .sup_distance == .flow and .eta > 0) and (.steps | length) == 6'
check "order one from the flow, two from the modified equation" says '
    (.orders.flow.order - 1 | fabs) < 0.05 and (.orders.modified.order - 2 | fabs) < 0.07'
check "order one half of the scatter" says '(.orders.deviation.order - 0.5 | fabs) < 0.12 and
    .orders.deviation.verdict == "holds"'
check "theory of the noise" says '(.theory.mean[0] - 1.24011196 | fabs) < 1e-8 and
    (.theory.covariance[3] - 0.06793209 | fabs) < 1e-8'
check "the parabola drifts by eta^2 Q(f) in each step" says '(.invariants | length) == 1 and
    .invariants[0].step_identity < 1e-14 and (.invariants[0].order - 1 | fabs) < 0.05'
check "the largest eta that settles" says '.ending.flow == "settled" and
    (.ending.largest_eta - 0.669267 | fabs) < 1e-5 and .ending.largest_eta < .ending.linear_bound'
check "the reference is far more accurate" says '.reference_error * 1000 < ([.steps[].modified] | min)'
"$settle" compare "${golden[@]}" --json --quiet --threads 1 | jq 'del(.seconds)' > "$top/one"
"$settle" compare "${golden[@]}" --json --quiet --threads 3 | jq 'del(.seconds)' > "$top/three"
check "the same with one thread and with three" cmp "$top/one" "$top/three"
check "another seed" gives 0 "$settle" compare "${golden[@]}" --json --quiet --seed 2
check "has other batches and the same flow" holds '.[0].steps[0].flow == .[1].steps[0].flow and
    .[0].steps[0].rms != .[1].steps[0].rms' <(jq -s . "$top/one" "$out")

check "against the modified equation" gives 0 "$settle" compare "${golden[@]}" --sampling all \
    --against modified --json --quiet
check "its order comes first" says '.against == "modified" and .expected_order == 2 and
    .order == .orders.modified.order and .steps[0].sup_distance == .steps[0].modified and
    .orders.deviation == null'
# the paths themselves
check "paths" gives 0 "$settle" compare "${golden[@]}" --out paths --quiet
check "are drawn" test -s paths/paths.png -a -s paths/paths.pdf -a -s paths/paths.svg
check "the flow, full batches, and two trials" awk '
    /^#/ { next } !NF { blank = 1; next } blank { block++; blank = 0 } { rows[block + 0]++; t[block + 0] = $1 }
    END { exit !(rows[0] == 1025 && rows[1] == 33 && rows[2] == 33 && rows[3] == 1025 && t[3] == 2) }' paths/paths.tsv
far() { # BLOCK WHICH: the largest distance of the steps of a block from the flow, beside the column of orders.tsv
    awk -v block="$1" 'BEGIN { b = n = 0 } FNR == NR { if (!/^#/ && $1 == 0.0625) want = $2; next } /^#/ { next }
        !NF { blank = 1; next } blank { b++; blank = 0; n = 0 }
        b == 0 { x[n] = $2; y[n++] = $3; next }
        b == block { d = sqrt(($2 - x[32 * n])^2 + ($3 - y[32 * n])^2); n++; if (d > most) most = d }
        END { exit !((most - want)^2 < 1e-16 && want > 0) }' paths/orders.tsv paths/paths.tsv
}
check "full batches are as far from the flow as was measured" far 1
check "another plane" gives 0 "$settle" compare "${golden[@]}" --plane a2,a1 --sampling all --out turned --quiet
check "has its axes, and no trials" awk '/^#/ { good = /a2\ta1/ } !/^#/ && NF && n++ == 0 { good = good && $2 == -.2 && $3 == .3 }
    !NF { gaps++ } END { exit !(good && gaps <= 4) }' turned/paths.tsv
check "an unknown that there is not" gives 2 "$settle" compare "${golden[@]}" --plane a1,b1 --out none
rm -r paths turned

check "reshuffled epochs" gives 0 "$settle" compare "${golden[@]}" --sampling reshuffled --batch 2 \
    --trials 200 --json --quiet
check "scatter as eta^3/2 about a mean that is O(eta) away" says '
    (.orders.deviation.order - 1.5 | fabs) < 0.1 and (.orders.bias.order - 1 | fabs) < 0.1 and
    all(.steps[]; .n % 2 == 0)'
check "ordered epochs" gives 0 "$settle" compare "${golden[@]}" --sampling ordered --batch 2 --json --quiet
check "have no scatter" says '.orders.deviation == null and (.orders.bias.order - 1 | fabs) < 0.1'

check "given learning rates" gives 0 "$settle" compare "${golden[@]}" --sampling all --horizon 3 \
    --eta 0.1,1/20,1/40,0.0125 --json --quiet
check "are T/n" says '.horizon == 3 and [.steps[].n] == [30, 60, 120, 240] and
    (.steps[3].eta * 240 - 3 | fabs) < 1e-12'
check "learning rates between two" gives 0 "$settle" compare "${golden[@]}" --sampling all \
    --from 1/512 --to 1/32 --steps 5 --json --quiet
check "are geometric" says '[.steps[].n] == [64, 128, 256, 512, 1024]'
check "two values decide nothing" gives 3 "$settle" compare "${golden[@]}" --sampling all \
    --eta 0.1,0.05 --json --quiet
check "and say so" says '.verdict == "undecided" and .order == null'
check "two trials" gives 3 "$settle" compare "${golden[@]}" --trials 2 --json --quiet --out two
check "have no standard errors" says 'all(.steps[]; .deviation > 0 and .deviation_error == null and
    .bias_error == null and .rms_error == null) and .orders.deviation.verdict == "undecided"'
check "in the table either" bash -c "test \$(awk '!/^#/ && \$7 == \"nan\" && \$6 > 0' two/orders.tsv | wc -l) -eq 6"
rm -r two
check "one trial, as text" gives 3 "$settle" compare "${golden[@]}" --trials 1 --quiet
check "has a mean without an error" prints '^ *0.03125 .* - .* +- - .* +- -$'
check "no nan" bash -c "! grep -q nan $out"
check "the table says what is where" prints '^deviation, bias: .* at T '
check "three trials" gives 3 "$settle" compare "${golden[@]}" --trials 3 --json --quiet
check "have standard errors" says 'all(.steps[]; .deviation_error > 0 and .bias_error > 0)'
check "trials that become infinite" gives 3 "$settle" compare chain --rule bp --init 2,2 --trials 3 \
    --eta 1,1/2,1/4 --horizon 8 --quiet
check "are said to diverge" prints 'diverges'
check "rounding is no scatter" gives 3 "$settle" compare chain --alpha 0 --beta 0 --quiet
check "a start that rests decides nothing" gives 3 "$settle" compare chain --rule bp --init 0,0 \
    --sampling all --quiet
check "a start at rest that samples hit but for rounding" gives 3 "$settle" compare chain --alpha 0 \
    --init 0,0 --sampling all --quiet
check "samples that move nothing" gives 3 "$settle" compare chain --c 0.7 --init 0.3,-0.2 --inputs 0,0 \
    --targets 1,-1 --quiet
check "noise of few trials refutes nothing" bash -c 'for seed in 26 1 2 3; do
    "$0" compare "$@" --trials 10 --quiet --seed "$seed" > few; [ $? -ne 1 ] || exit 1; done' \
    "$settle" "${golden[@]}"
rm -f few
check "moments alone" gives 0 "$settle" compare deep --sizes 2,3,2 --rule srbp --c random:3 \
    --sigma-ii diag:2,1/2 --sigma-ti 1,0.3,-0.2,0.5 --trials 200 --json --quiet
check "samples are made for them" says '.samples_made and .samples == 32 and .fields.worst < 1e-13'
check "neurons, with biases" gives 0 "$settle" compare hidden --sizes 2,3,1 --activation tanh --biases \
    --rule bp --init random:2 --inputs 1,0.5,-1,1.5,0.3,0.2,-0.4,0.6 --targets 1,0,-1,0.5 \
    --sampling all --json --quiet
check "two inputs in a sample" says '.samples == 4 and .fields.worst < 1e-13'
check "samples of a matrix system" gives 0 "$settle" compare hidden --sizes 2,3,1 --rule rbp \
    --inputs 1,0.5,-1,1.5,0.3,0.2,-0.4,0.6 --targets 1,0,-1,0.5 --sampling all --json --quiet
check "the flow has their moments" says '.samples == 4 and .fields.worst < 1e-13'

printf '1,1.2\n0.5,0.1\n-1,-0.7\n1.5,2.0\n' > "$top/four.csv"
check "the samples of a file" gives 0 "$settle" compare chain --c 0.7 --init 0.3,-0.2 \
    --data "$top/four.csv" --json --quiet
check "are the same" holds '.[0].steps == .[1].steps' <(jq -s . "$top/one" "$out")

check "a trap of adaptive feedback" gives 0 "$settle" compare chain --rule arbp --depth 3 \
    --init 0.05,-1/2,0.3,1/2,0.1 --sampling all --json --quiet
check "rounding lets steps out after about 100/eta^2" says '.ending.flow == "cycling" and
    (.ending.escapes | length) == 3 and
    all(.ending.escapes[]; .steps * .eta * .eta | . > 50 and . < 200)'
check "a cycle that is no trap" gives 0 "$settle" compare chain --rule srbp --depth 10 --alpha 31 --lambda 30 \
    --init 1,1,1.2,1,1,1,1,1,1,1 --sampling all --json --quiet
check "has nothing to escape from" says '.ending.flow == "cycling" and .ending.escapes == []'
check "a start that stays" gives 3 "$settle" compare chain --init 1,1 --sampling all --quiet
check "is no loss of the ending" prints 'settled (it starts there: the field is zero, and no step moves)'
check "the trap again" gives 0 "$settle" compare chain --rule arbp --depth 3 \
    --init 0.05,-1/2,0.3,1/2,0.1 --sampling all --json --quiet
check "what is conserved exactly" says '[.invariants[] | select(.exact)] | length == 2'

check "files" gives 0 "$settle" compare "${golden[@]}" --out orders
check "nothing on stderr" quiet
check "the verdict is printed" prints '^verdict  *holds'
for format in gp png pdf svg tsv; do
    check "orders.$format" test -s "orders/orders.$format"
done
check "the table has a row for each eta" test "$(grep -vc '^#' orders/orders.tsv)" -eq 6
check "the manifest lists what is there" bash -c "cd orders &&
    diff <(jq -r '.outputs | keys[]' manifest.json | sort) <(ls | grep -v manifest.json | sort)"
check "the verdicts as a table" bash -c "test \$(grep -c 'holds' orders/verdicts.tsv) -ge 5 &&
    tail -1 orders/verdicts.tsv | cut -f 1,6 | grep -qx 'comparison.holds'"
check "its page" gives 0 "$settle" report orders
check "says the verdict and the orders" bash -c "grep -q '<dt>Verdict</dt><dd>holds' orders/report.html &&
    grep -q 'full batch from the modified equation' orders/report.html"
check "without the raw drifts" bash -c "! grep -q '>invariants.tsv</h' orders/report.html"
check "and as a paper" gives 0 "$settle" report orders --latex
rm orders/report.html orders/report.tex
check "and how it was made" holds '.parameters.sampling == "independent" and .parameters.batch == 1 and
    .parameters.horizon == 2' orders/manifest.json
check "the figure says where distances are taken" grep -q 'Distances are the largest' orders/orders.gp
rm -r orders
check "a start that rests, drawn" gives 3 "$settle" compare chain --init 1,1 --sampling all --out rest
check "has no series in the legend" bash -c '! grep -q "full batch from\|fitted slope" rest/orders.gp'
rm -r rest

refused() { # EXPRESSION ARGUMENTS ...
    local expected=$1
    shift
    gives 2 "$settle" compare "$@" && one_line && complains "$expected" && silent && nothing_here
}
check "no network" refused 'no option --q' polynomial --q 0,1
check "a sampling that there is not" refused 'did you mean independent' \
    "${golden[@]}" --sampling independant --out x
check "a batch that does not divide the samples" refused 'does not divide the 4 samples' \
    "${golden[@]}" --sampling reshuffled --batch 3 --out x
check "eta that is no rate" refused 'eta = 0' "${golden[@]}" --eta 0.1,0 --out x
check "eta twice" refused 'exclude each other' "${golden[@]}" --eta 0.1 --from 0.01 --to 0.1
check "one end" refused 'go together' "${golden[@]}" --from 0.01
check "against what" refused 'flow or modified' "${golden[@]}" --against gradient
check "samples without targets" refused 'without targets' chain --inputs 1,2
check "samples and moments" refused 'both give' "${golden[@]}" --alpha 2
check "rates of layers" refused 'takes no option --rates' "${golden[@]}" --rates 1,2
check "a rule with a jumping field" refused 'cannot be compared' chain --rule sign-symmetry
check "one before what it needs" refused 'cannot be compared' chain --rule weight-mirror
check "neurons without samples" refused 'learn from samples' chain --activation tanh
check "neurons that networks have not" refused 'found erf' chain --activation erf "${samples[@]}"
check "moments of no data" refused 'no data have these moments' chain --beta -1
check "more steps than a run can take" refused 'expected 1 to' "${golden[@]}" --eta 1e-9
check "a horizon that is too long" refused 'a shorter --horizon' chain --horizon 1e6
check "one that is too long for its trials" refused 'fewer --trials' chain --horizon 1e4
check "and another" refused 'fewer --trials' chain --horizon 1e3
finish
