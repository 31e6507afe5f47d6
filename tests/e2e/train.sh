#!/usr/bin/env bash
# settle train: its contract, data of all kinds, every option, kills and resumption, divergence, files.
# shellcheck disable=SC1091,SC2016,SC2034,SC2054,SC2154,SC2317 # tap: sourced, sets settle, top, out, err; check
# calls by name; commas are those of lists
. "$(dirname "$0")/tap"
unset SETTLE_DATA # digits are drawn, unless a check says otherwise

rows() { awk '!/^#/ && NF' "$@"; }
whole() { # FOLDER: a manifest that lists and hashes what is there
    (cd "$1" && diff <(jq -r '.outputs | keys[]' manifest.json | sort) \
        <(find . -type f ! -name manifest.json -printf '%P\n' | sort) &&
        jq -r '.outputs | to_entries[] | .value + "  " + .key' manifest.json | sha256sum --check --quiet)
}
# What does not depend on the clock.
timeless() { jq 'del(.seconds, .files) | del(.. | .milliseconds_per_step?, .images_per_second?)' "$1"; }
small=(--sizes 784,20,16,10 --samples 500 --batch 20 --epochs 3)

# --- one run: the contract ----------------------------------------------------------------------
check "a run on digits that are drawn" gives 0 "$settle" train "${small[@]}"
check "says that they are" prints '^data *generated digits, 500 + 2000 images 28 x 28 (neither --data nor SETTLE_DATA'
check "has a line an epoch" test "$(grep -c '^ *[0-3]  ' "$out")" -eq 4
check "and an ending" prints '^ending *trained$'
check "and nothing on stderr" quiet
check "the same as JSON" gives 0 "$settle" train "${small[@]}" --json
cp "$out" one.json
check "has the rule, the sizes and three epochs" \
    says '.rule == "rbp" and .sizes == [784, 20, 16, 10] and [.epochs[].epoch] == [1, 2, 3]'
check "with loss, accuracies and an angle for each hidden layer" says '.epochs | all((.loss > 0) and
    (.train_accuracy > 0) and (.train_accuracy <= 1) and (.test_accuracy > 0) and (.test_accuracy <= 1) and
    (.alignment_degrees | length == 2 and all(. > 0 and . < 180)))'
check "with the speed" says '.milliseconds_per_step > 0 and .images_per_second > 0'
check "and the loss falls" says '.epochs[2].loss < 0.8 * .epochs[0].loss'
check "the run is in runs, too" says '.runs | length == 1 and (.[0].epochs | length == 3)'
check "and the data are named" says '.generated and (.data | test("^generated digits"))'
check "another time" gives 0 "$settle" train "${small[@]}" --json
check "gives the same" diff <(timeless one.json) <(timeless "$out")
check "another seed" gives 0 "$settle" train "${small[@]}" --json --seed 2
check "gives something else" says "$(jq '.epochs[2].loss' one.json) != .epochs[2].loss"

# --- several: threads change nothing, all rules start alike ---------------------------------------
check "three rules and two seeds" gives 0 "$settle" train "${small[@]}" --rule bp,rbp,top-layer --trials 2 --threads 1 --json
cp "$out" six.json
check "are six runs in their order" says '[.runs[] | .rule + " \(.seed)"] ==
    ["bp 1", "bp 2", "rbp 1", "rbp 2", "top-layer 1", "top-layer 2"]'
check "the first is at the top" says '.rule == "bp" and .epochs == .runs[0].epochs'
check "means and deviations are those of the runs" says '[.summary[] as $s | [.runs[] | select(.rule == $s.rule) |
    100 * .epochs[-1].test_accuracy] as $x | ($x | add / 2) as $m | (($x[0] - $x[1]) / 2 | . * . * 2 | sqrt) as $d |
    ($s.test_percent.mean - $m | . * . < 1e-18) and ($s.test_percent.deviation - $d | . * . < 1e-18)] | all'
check "a run alone is the same run" holds ".epochs == $(jq -c '.runs[2].epochs' six.json)" one.json
check "backpropagation has no angle to itself" says '.runs[0].epochs | all(.alignment_degrees | all(. < 1e-3))'
check "a rule without feedback has none" says '.runs[4].epochs | all(.alignment_degrees | all(. == null))'
check "two threads" gives 0 "$settle" train "${small[@]}" --rule bp,rbp,top-layer --trials 2 --threads 2 --json
check "make the same" diff <(timeless six.json) <(timeless "$out")
check "as text" gives 0 "$settle" train "${small[@]}" --rule bp,fa --trials 2
check "a line a rule with its deviation" prints '^bp  *2  *0  *[0-9.]* +- [0-9.]*'
check "by its first name" prints '^rbp '

# --- every option does something -------------------------------------------------------------------
loss() { jq '.epochs[-1].loss' "$1"; }
while read -r rule option; do
    # shellcheck disable=SC2086 # words
    check "$rule" gives 0 "$settle" train "${small[@]}" --rule $rule --json
    plain=$(loss "$out")
    # shellcheck disable=SC2086
    check "$rule $option" gives 0 "$settle" train "${small[@]}" --rule $rule $option --json
    check "is another run" says ".epochs[-1].loss != $plain and .ending == \"trained\""
done << LIST
rbp --no-derivative
bp --no-derivative
srbp --activation logistic
srbp --activation relu
rbp --activation identity
rbp --loss squared
rbp --loss logistic
rbp --eta 0.05
rbp --drop 0.01
rbp --momentum 0.5
rbp --lambda 0.01
kolen-pollack --lambda 0.01
rbp --sparse 2
srbp --sparse 2
rbp --bits 3
rbp --bits 3 --rounding mid-rise
srbp --bits 3 --rounding stochastic
rbp --update-bits 3
rbp --channel-dropout 1/2
rbp --channel-activation tanh
rbp --weight-norm 1
rbp --noise-pretraining 50
rbp --no-biases
rbp --precision double
LIST
check "double" gives 0 "$settle" train "${small[@]}" --precision double --json
check "is float but for rounding" says ".epochs[-1].loss - $(loss one.json) | . * . < 1e-8"
check "a modifier that one rule of a list does not know" gives 0 "$settle" train "${small[@]}" --rule rbp,top-layer --bits 3 --json
bits=$(jq -c '.runs[1].epochs' "$out")
check "is left to the others" gives 0 "$settle" train "${small[@]}" --rule top-layer --json
check "and it runs as alone" says ".epochs == $bits"
check "a batch of all samples" gives 0 "$settle" train "${small[@]:0:4}" --batch 500 --epochs 2 --json
check "has a step an epoch" says '[.epochs[].steps] == [1, 2]'
check "one step in all" gives 0 "$settle" train "${small[@]:0:4}" --batch 500 --epochs 1 --seed 18446744073709551615 --out step
check "has its figures" test -s step/learning.svg -a -s step/alignment-rbp.svg
check "and the seed that was given" holds '.parameters.seed == "18446744073709551615"' step/manifest.json
rm -r step
check "too many runs" gives 2 "$settle" train "${small[@]}" --trials 1000000000
check "are refused" complains 'at most 100000 runs'
check "a last batch may be smaller" gives 0 "$settle" train "${small[@]:0:4}" --batch 300 --epochs 2 --json
check "two steps an epoch" says '[.epochs[].steps] == [2, 4]'
check "one epoch of one batch" gives 0 "$settle" train "${small[@]:0:4}" --batch 500 --epochs 1
check "is told so" prints ': 1 epoch of 1 batch of 500, '
check "pretraining is no epoch" gives 0 "$settle" train "${small[@]}" --noise-pretraining 50 --json
check "but takes steps" says '[.epochs[] | [.epoch, .steps]] == [[1, 75], [2, 100], [3, 125]]'

# --- data --------------------------------------------------------------------------------------------
awk 'BEGIN { srand(1); for (k = 0; k < 150; k++) { c = k % 3;
    printf "%.4f,%.4f,%d\n", c + 0.3 * (rand() - .5), 2 * (c == 1) + 0.3 * (rand() - .5), c } }' > classes.csv
check "classes in CSV" gives 0 "$settle" train --data classes.csv --sizes 2,8,3 --batch 10 --epochs 40 --rule srbp --json
check "are learned" says '.epochs[-1].test_accuracy == 1 and (.data | test("120 \\+ 30")) and (.generated | not)'
SETTLE_DATA=classes.csv
export SETTLE_DATA
check "from the environment" gives 0 "$settle" train --sizes 2,8,3 --batch 10 --epochs 40 --rule srbp --json
check "the same" says '.epochs[-1].test_accuracy == 1 and (.data | test("120 \\+ 30"))'
unset SETTLE_DATA
awk 'BEGIN { srand(2); for (k = 0; k < 100; k++) { x = rand(); y = rand(); print x "," y "," x - y "," x + y } }' > real.csv
check "targets in CSV" gives 0 "$settle" train --data real.csv --sizes 2,6,2 --loss squared --activation identity \
    --batch 10 --epochs 100 --json
check "have no accuracy" says '.epochs | all(.train_accuracy == null and .test_accuracy == null)'
check "and are learned" says '.epochs[-1].loss < 1e-3'
check "as text" gives 0 "$settle" train --data real.csv --sizes 2,6,2 --loss squared --batch 10 --out real
check "which says so" prints 'targets are real numbers'
check "with figures" whole real
check "axes have a label near their lower end" awk '/^set yrange \[/ { split($0, end, /[\[:]/) } /^set ytics \(/ {
    split($0, tick, /[(,]/); if (tick[2] + 0 > 1.5 * end[2]) bad = 1; axes++ } END { exit bad || axes != 2 }' real/learning.gp
mkdir idx
{ printf '\0\0\10\3\0\0\0\144\0\0\0\2\0\0\0\2'; for k in {1..50}; do printf '\377\0\0\0\0\0\0\377'; done; } > idx/train-images-idx3-ubyte
{ printf '\0\0\10\1\0\0\0\144'; for k in {1..50}; do printf '\0\1'; done; } > idx/train-labels-idx1-ubyte
cp idx/train-images-idx3-ubyte idx/t10k-images-idx3-ubyte
cp idx/train-labels-idx1-ubyte idx/t10k-labels-idx1-ubyte
gzip idx/t10k-*
check "images in MNIST's format, also .gz" gives 0 "$settle" train --data idx --rule bp --batch 10 --epochs 20 --json
check "are learned" says '.epochs[-1].test_accuracy == 1 and .sizes[0] == 4 and (.data | test("100 \\+ 100 images 2 x 2"))'

# --- files -----------------------------------------------------------------------------------------
check "a folder" gives 0 "$settle" train "${small[@]}" --rule bp,rbp,top-layer --trials 2 --json --out six
check "has what is printed" diff <(timeless six.json) <(timeless "$out")
check "is whole" whole six
check "a line a measurement: the start, five moments of the first epoch, three ends" \
    test "$(rows six/epochs.tsv | wc -l)" -eq $((6 * 9))
check "a line a layer" test "$(rows six/layers.tsv | wc -l)" -eq $((6 * 9 * 3))
check "with the numbers of the JSON" diff <(jq -r '.runs[] | .epochs[] | "\(.steps) \(.alignment_degrees[0] // "nan")"' six.json) \
    <(awk '!/^#/ && $3 > 0 && $5 == 1 { print $4, $8 }' six/layers.tsv | jq -r -R 'split(" ") |
        if .[1] == "nan" then "\(.[0]) nan" else "\(.[0]) \(.[1] | tonumber)" end')
check "angles begin near 90 degrees" awk '!/^#/ && $1 == "rbp" && $4 == 0 && $5 < 3 && !($8 > 60 && $8 < 120) { exit 1 }' six/layers.tsv
check "curves of three rules" test "$(rows six/learning.tsv | cut -f 1 | uniq | tr '\n' ' ')" = "bp rbp top-layer "
check "pictures in three forms" test -s six/learning.svg -a -s six/learning.pdf -a -s six/learning.png
check "angles of a rule that has some" test -s six/alignment-rbp.svg
check "and none of one that has none" test ! -e six/alignment-top-layer.svg
check "every rule is in the legend" bash -c "for rule in bp rbp top; do grep -q \">\$rule\" six/learning.svg || exit 1; done"
check "and none of one whose angles are 0, as backpropagation's" test -s six/alignment-bp.tsv -a ! -e six/alignment-bp.svg
check "the parameters are told" holds '.parameters | .rules == ["bp", "rbp", "top-layer"] and .trials == 2 and
    .sizes == [784, 20, 16, 10] and .eta == 0.1 and .batch == 20 and .epochs == 3' six/manifest.json
cp -r six again
check "a picture is drawn again" bash -c 'cd again && rm learning.svg && gnuplot learning.gp && cmp learning.svg ../six/learning.svg'
rm -rf again
check "earlier work" gives 2 "$settle" train "${small[@]}" --out six
check "is not replaced unasked" complains 'has the runs of an earlier training; --resume goes on'
check "in one line" one_line
check "and stands" whole six
check "nor gone on with by others" gives 2 "$settle" train "${small[@]}" --out six --resume
check "which says what differs" complains 'was trained with rules: bp, rbp, top-layer; this command asks for rules: rbp'
check "resumed when it is whole" gives 0 "$settle" train "${small[@]}" --rule bp,rbp,top-layer --trials 2 --json --out six --resume
check "it is the same" diff <(timeless six.json) <(timeless "$out")
check "asked, it is replaced" gives 0 "$settle" train "${small[@]}" --out six --replace
check "by this" test "$(rows six/epochs.tsv | wc -l)" -eq 9
check "alone" whole six

mkdir "$top/empty"
check "without gnuplot" gives 0 env PATH="$top/empty" "$settle" train "${small[@]}" --rule rbp,srbp --out no-pictures
check "one line says so" one_line
check "the tables are there" whole no-pictures
check "and the scripts" test -s no-pictures/learning.gp -a -s no-pictures/alignment-srbp.gp -a ! -e no-pictures/learning.svg

# what a killed process has left, without a manifest, goes too, and what is others' stays
cp -r six left
rm left/manifest.json
touch left/{top-layer-3.history,alignment-arbp.svg,rbp-x.history,my.checkpoint,alignment-mine.svg}
check "after a kill" gives 0 "$settle" train "${small[@]}" --rule srbp --out left --replace
check "nothing of other rules is left" test "$(cd left && ls -- *.history *.checkpoint alignment*.svg | tr '\n' ' ')" = \
    "alignment-mine.svg alignment-srbp.svg my.checkpoint rbp-x.history srbp-1.checkpoint srbp-1.history "
mkdir other
touch other/{rbp-9.history,learning.svg}
check "a folder of somebody else" gives 0 "$settle" train "${small[@]}" --rule srbp --out other
check "keeps what is there" test -e other/rbp-9.history

# --- more epochs -----------------------------------------------------------------------------------
check "two epochs" gives 0 "$settle" train "${small[@]:0:6}" --epochs 2 --momentum .5 --out longer
check "and three more" gives 0 "$settle" train "${small[@]:0:6}" --epochs 5 --momentum .5 --out longer --resume
check "five at once" gives 0 "$settle" train "${small[@]:0:6}" --epochs 5 --momentum .5 --out five
for file in epochs.tsv layers.tsv learning.tsv rbp-1.history rbp-1.checkpoint alignment-rbp.svg; do
    check "are the same $file" cmp "longer/$file" "five/$file"
done
check "but not fewer" gives 2 "$settle" train "${small[@]:0:6}" --epochs 4 --momentum .5 --out five --resume
check "which is told" complains 'five has 5 epochs, this command asks for 4'

# what a kill between the two files of a run leaves: a history that is ahead of its checkpoint
cp -r five ahead
rm ahead/manifest.json
check "three of five epochs" gives 0 "$settle" train "${small[@]:0:6}" --epochs 3 --momentum .5 --out three
cp three/rbp-1.checkpoint ahead
check "a history that is ahead" gives 0 "$settle" train "${small[@]:0:6}" --epochs 5 --momentum .5 --out ahead --resume
for file in epochs.tsv layers.tsv rbp-1.history rbp-1.checkpoint; do
    check "has the same $file" cmp "ahead/$file" "five/$file"
done
# --- kill -9 at any moment, then --resume ------------------------------------------------------------
work=(--rule rbp,arbp,redraw --trials 2 --sizes 784,30,20,10 --samples 1000 --batch 10 --momentum 0.3 --threads 2)
long=("${work[@]}" --epochs 16)
endless=("${work[@]}" --epochs 100000)
check "an undisturbed training" gives 0 "$settle" train "${long[@]}" --out undisturbed --json
timeless "$out" > undisturbed.json
# Moments are told by what is on the disk: measurements in the histories, then files beside them.
measured() { cat "$1"/*.history 2> /dev/null | grep -c -v '^#'; }
made() { find "$1" -type f ! -name '*.history' ! -name '*.checkpoint' ! -name train.json 2> /dev/null | wc -l; }
reached() { [ "$(measured "$1")" -ge "$2" ] && [ "$(made "$1")" -ge "$3" ]; } # FOLDER LINES FILES
# In short strides, standing still while it is looked at, so that load does not make the kill late; true
# unless it had ended.
killed_at() { # PROCESS FOLDER LINES FILES
    local victim=$1
    shift
    while kill -STOP "$victim" 2> /dev/null && ! reached "$@"; do
        kill -CONT "$victim" 2> /dev/null
        sleep 0.01
    done
    kill -9 "$victim" 2> /dev/null
    wait "$victim" 2> /dev/null
    [ $? -eq 137 ] # 128 and the number of the signal
}
all=$(measured undisturbed)
files=$(made undisturbed)
partial=0
for kill in 0 1 2 3 4 5 6 7; do # each folder is killed at two moments, the second after a resumption
    lines=$((kill < 6 ? all * kill / 6 : 0))
    figures=$((kill < 6 ? 0 : files * (kill - 6) / 3 + 1))
    "$settle" train "${long[@]}" --out "killed$kill" > /dev/null 2>&1 &
    killed_at $! "killed$kill" "$lines" "$figures" && partial=$((partial + 1))
    "$settle" train "${long[@]}" --out "killed$kill" --resume > /dev/null 2>&1 &
    killed_at $! "killed$kill" $((lines + all / 12)) "$figures"
    check "kill $kill, resumed" gives 0 "$settle" train "${long[@]}" --out "killed$kill" --resume --json
    check "has the same summary" diff <(timeless "$out") undisturbed.json
    same() { for file in undisturbed/*.{tsv,history,checkpoint,svg}; do cmp "$file" "$1/${file#*/}" || return 1; done; }
    check "and the same tables, checkpoints and figures" same "killed$kill"
    check "and nothing else" whole "killed$kill"
    rm -rf "killed$kill"
done
check "the kills came in time" test "$partial" -ge 7

# --- an interrupt -------------------------------------------------------------------------------------
"$settle" train "${endless[@]}" --out stopped > "$out" 2> "$err" &
victim=$!
for _ in $(seq 1000); do
    [ "$(measured stopped)" -ge 4 ] && break
    sleep 0.02
done
kill -INT "$victim"
wait "$victim"
check "an interrupt ends with 3" test $? -eq 3
check "and says how to go on" complains '0 of 6 runs done, all saved; --resume goes on'
check "in one line" one_line
check "without a manifest" test ! -e stopped/manifest.json
sleep 0.02
touch mark
"$settle" train "${endless[@]}" --out stopped --resume > "$top/first.out" 2> "$top/first.err" &
victim=$!
for _ in $(seq 1000); do # till it has the folder, and has gone on
    [ stopped/rbp-1.history -nt mark ] && break
    sleep 0.02
done
check "a second process" gives 2 timeout 60 "$settle" train "${endless[@]}" --out stopped --resume
check "a second process is told to wait" complains 'another process is at work in stopped; wait for its end'
kill -TERM "$victim"
wait "$victim"
check "a wish to end is an interrupt" test $? -eq 3

# --- divergence ------------------------------------------------------------------------------------------
diverging=("${small[@]}" --activation identity --loss squared --eta 10)
check "a loss that is not finite" gives 3 "$settle" train "${diverging[@]}" --rule rbp,top-layer --json --out diverged
check "is told" says '[.runs[].ending] == ["diverged", "diverged"] and [.summary[].diverged] == [1, 1]'
check "not as a number" says '.summary | all(.test_percent.mean == null)'
timeless "$out" > diverged.json
check "with its files" whole diverged
check "what diverges at once is a point" gives 3 "$settle" train --sizes 784,20,10 --samples 500 --loss squared --eta 1e6 --rule rbp,bp \
    --activation identity --out at-once
check "of its start" test "$(rows at-once/learning.tsv | wc -l)" -eq 2
check "which is drawn" test "$(grep -c 'with points' at-once/learning.gp)" -ge 2 -a "$(grep -c 'with lines' at-once/learning.gp)" -eq 0
check "resumed" gives 3 "$settle" train "${diverging[@]}" --rule rbp,top-layer --json --out diverged --resume
check "it has diverged as before" diff diverged.json <(timeless "$out")
check "as text" gives 3 "$settle" train "${diverging[@]}"
check "with the step" prints '^ending *diverged: rbp, seed 1: the loss is not finite after step [0-9]*$'

# --- damage --------------------------------------------------------------------------------------------------
check "a run to damage" gives 0 "$settle" train "${small[@]}" --out fine
damaged() { # WHAT COMMAND: of a copy of it in torn/
    rm -rf torn
    cp -r fine torn
    (cd torn && eval "$2")
    check "$1" gives 2 "$settle" train "${small[@]}" --out torn --resume
    check "is told in one line" one_line
    check "with the file" complains 'torn/'
}
damaged "a torn checkpoint" 'truncate -s 1000 rbp-1.checkpoint'
damaged "another byte" 'printf x | dd of=rbp-1.checkpoint bs=1 seek=9000 conv=notrunc status=none'
damaged "a torn history" 'truncate -s 700 rbp-1.history'
damaged "a history without its end" 'sed -i "\$d" rbp-1.history'
damaged "a history of another run" 'sed -i "2s/\\t[0-9.]*/\\t2.385/9" rbp-1.history' # a norm at the start
damaged "no history" 'rm rbp-1.history'
damaged "no parameters" 'echo > train.json'
check "a full disk" gives 4 bash -c 'ulimit -f 20; exec "$@"' - "$settle" train "${small[@]}" --out full
check "is told in one line" one_line

finish
