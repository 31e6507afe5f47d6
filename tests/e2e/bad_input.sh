#!/usr/bin/env bash
# Bad command lines: exit 2, one line on stderr that says what was wrong, nothing on stdout, no file.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

mkdir "$top/data"
printf '' > "$top/data/empty.csv"
printf 'input,target\n' > "$top/data/header.csv"
printf '1\n2\n' > "$top/data/one.csv"
printf '1,2\n1,2,3\n' > "$top/data/three.csv"
printf '1,2\nnan,1\n' > "$top/data/nan.csv"
printf 'nan,inf\n1,2\n' > "$top/data/nan-first.csv"
printf -- '-,-\n1,2\n' > "$top/data/dashes.csv"
printf '1,2\ninf,1\n' > "$top/data/inf.csv"
printf '1,2\nfoo,bar\n' > "$top/data/text.csv"
printf '1,2\n"3","4"\n' > "$top/data/quoted.csv"
printf '1,2\n\n3,4\n' > "$top/data/blank.csv"
printf '1;2\n' > "$top/data/semicolon.csv"
printf '1,2\n\0\0\n' > "$top/data/binary.csv"
printf '1e200,1\n' > "$top/data/overflow.csv"
head -c 100000 /dev/zero | tr '\0' 1 > "$top/data/huge.csv"
: > "$top/file"
printf '1,2,\n' > "$top/data/comma-last"
printf '1,,2\n' > "$top/data/comma-twice"
printf ' , 1 2\n' > "$top/data/comma-first"
printf '1 2\n3 x\n' > "$top/data/word"
printf '1 nan\n' > "$top/data/nan"
printf ' \n\n' > "$top/data/blanks"
printf '1 \0 2' > "$top/data/zero"
printf '1 2 3 4\n' > "$top/data/numbers"
head -c 2000 /dev/zero | tr '\0' 7 > "$top/data/digits"
# IDX: two images of 2 x 2 pixels and their labels, and what can be wrong with them
printf '\0\0\10\3\0\0\0\2\0\0\0\2\0\0\0\2\1\2\3\4\5\6\7\10' > "$top/data/images"
printf '\0\0\10\1\0\0\0\2\0\1' > "$top/data/labels"
printf '\0\0\10\1\0\0\0\2\0\11' > "$top/data/labels-9"
printf '\0\0\10\1\0\0\0\3\0\1\1' > "$top/data/labels-3"
printf '\0\0\15\3\0\0\0\2\0\0\0\2\0\0\0\2' > "$top/data/floats"
printf '\0\0\10\3\377\377\377\377\377\377\377\377\377\377\377\377' > "$top/data/huge"
printf '\0\0\10\3\377\377\377\377\0\0\0\2\0\0\0\2\1\2\3\4\5' > "$top/data/many"
head -c 19 "$top/data/images" > "$top/data/cut"
head -c 6 "$top/data/images" > "$top/data/header"
cat "$top/data/images" "$top/file" - <<< 'more' > "$top/data/longer"
gzip -c "$top/data/images" | head -c 30 > "$top/data/cut.gz"
mkdir "$top/data/none" "$top/data/half"
cp "$top/data/images" "$top/data/half/train-images-idx3-ubyte"
awk 'BEGIN { for (k = 0; k < 40; k++) print k % 7 "," k % 3 "," k % 2 }' > "$top/data/classes.csv"
printf '1,2,0\n1,2,x\n' > "$top/data/class-x.csv"
T="train --data $top/data/classes.csv --sizes 2,4,2 --batch 8"
I="run deep --sizes 4,2,2 --data $top/data/images"
L="--labels $top/data/labels"

# exit 2, one line that matches, silence, and an empty folder
bad() { # PATTERN ARGUMENT ...
    local pattern=$1
    shift
    gives 2 "$settle" "$@" && one_line && silent && complains "$pattern" && nothing_here
}

while IFS='|' read -r pattern arguments; do
    [ -n "$pattern" ] || continue
    eval "set -- $arguments"
    check "settle $arguments" bad "$pattern" "$@"
done << TABLE
no command|
did you mean run|runn
no command 'conquer'|conquer chain
no command|''
two dashes|run chain -init 1,2
did you mean --init|run chain --innit 1,2
no option --trials|run chain --trials 5
no option --grid|verify --grid 3x3
did you mean chain|run chian
no system|run hiden-layers
needs a SYSTEM|run
unexpected 'b'|run chain b
did you mean srbp|run chain --rule srbpp
no rule 'nonsense'|run chain --rule nonsense
given twice|run chain --init 1,2 --init 1,2
expects a value|run chain --init
expects a value.*found --json|run chain --out --json
takes no value|run chain --json=1
2 unknowns (a1, a2)|run chain --depth 2 --init 1,2,3
3 unknowns|run chain --depth 3 --init 1
--init|run chain --init 1,,2
--init|run chain --init 1,2,
--init|run chain --init ''
--init|run chain --init 1e999,2
--init|run chain --init nan,2
--init|run chain --init inf,2
--init|run chain --init 1/0,2
--init|run chain --init '1 2'
--init|run chain --init 0x1,2
--alpha|run chain --alpha one
--beta|run chain --beta nan
--c|run chain --c 1,2,3,4 --depth 2
--depth|run chain --depth 0
--depth|run chain --depth -1
--depth|run chain --depth 2.5
--depth|run chain --depth 99999999999999999999
--rtol|run chain --rtol 0
--rtol|run chain --rtol 2
--atol|run chain --atol -1
--horizon|run chain --horizon 0
--horizon|run chain --horizon -1
--steps|run chain --steps 0
--method.*did you mean adams|run chain --method adam
--rates|run chain --rates 1,2,3
has no --q|run chain --q 1,2
has no --depth|run polynomial --q 0,1 --depth 2
has no --rule|run polynomial --q 0,1 --rule bp
q|run polynomial --init 1
excludes|run chain --data $top/data/one.csv --alpha 1
No such file|run chain --data $top/data/missing.csv
directory|run chain --data $top/data
no samples|run chain --data $top/data/empty.csv
no samples|run chain --data $top/data/header.csv
one.csv:1: 1 column; expected 2 columns, input,target|run chain --data $top/data/one.csv
three.csv:2: 3 columns|run chain --data $top/data/three.csv
nan.csv:2|run chain --data $top/data/nan.csv
nan-first.csv:1|run chain --data $top/data/nan-first.csv
dashes.csv:1|run chain --data $top/data/dashes.csv
inf.csv:2|run chain --data $top/data/inf.csv
text.csv:2|run chain --data $top/data/text.csv
quoted.csv:2.*quoted|run chain --data $top/data/quoted.csv
blank.csv:2.*blank|run chain --data $top/data/blank.csv
comma, not by ';'|run chain --data $top/data/semicolon.csv
binary.csv:2.*zero byte|run chain --data $top/data/binary.csv
overflow|run chain --data $top/data/overflow.csv
huge.csv:1.*longer|run chain --data $top/data/huge.csv
--out|run chain --out ''
--out.*Not a directory|run chain --out $top/file/below
--out.*|run chain --out /proc/nothing
--out.*Not a directory|portrait chain --out $top/file/below
--out.*|verify --trials 2 --out /proc/nothing
one unknown (x)|portrait polynomial --q 0,1
--plane|portrait chain --plane a1
--plane.*did you mean|portrait chain --plane a1,a22
--plane.*twice|portrait chain --plane a1,a1
--plane|portrait chain --plane a1,a2,a3
--window.*empty|portrait chain --window 1,0,0,1
--window.*four|portrait chain --window 1,2,3
--window.*wider|portrait chain --window=-1e308,1e308,-1,1
window|portrait chain --init 1e308,1e308
window|portrait chain --alpha 1e308 --beta 1e-308
--grid|portrait chain --grid 5
--grid|portrait chain --grid 0x5
--grid|portrait chain --grid 5x99999
no theorem 'nonsense'|verify nonsense
did you mean t2-converges|verify t2-converge
named twice|verify t2-converges t2-converges
--resume needs --out|verify --resume
has no --sizes|run chain --sizes 1,1
has no --depth|run deep --sizes 2,2 --depth 2
has no --alpha|run deep --sizes 2,2 --alpha 1
needs --sizes|run deep
--sizes: '3' is one size|run deep --sizes 3
--sizes.*outside 1|run deep --sizes 2,0,2
--sizes.*whole number|run deep --sizes 2,,2
--sizes.*whole number|run deep --sizes 2,1.5
--sizes.*whole number|run deep --sizes 2,-1
--sizes.*outside 1 to|run deep --sizes 2,99999999
--sizes: more than 33|run deep --sizes $(seq -s, 40)
at most 10000000 are possible|run deep --sizes 9999,9999,9999
--sigma-ii has 3 numbers; here it is 2 x 2: 4 numbers|run deep --sizes 2,2 --sigma-ii 1,0,1
--sigma-ti has 4 numbers; here it is 1 x 2: 2 numbers|run deep --sizes 2,1 --sigma-ti 1,0,0,1
--sigma-ii is not symmetric: 0.5 at (2, 1), 0.25 at (1, 2)|run deep --sizes 2,2 --sigma-ii 1,1/4,1/2,1
--sigma-ii is no covariance: -1 at (1, 1), a variance|run deep --sizes 2,2 --sigma-ii diag:-1,1
is above 1, the geometric mean of the variances|run deep --sizes 2,2 --sigma-ii 1,2,2,1
negative eigenvalue|run deep --sizes 3,2 --sigma-ii 1,.9,-.9,.9,1,.9,-.9,.9,1
--sigma-ii diag: has 1 number; here its diagonal has 2|run deep --sizes 2,2 --sigma-ii diag:1
did you mean identity?|run deep --sizes 2,2 --sigma-ii identty
--sigma-ii: 'zero' is not a list|run deep --sizes 2,2 --sigma-ii zero
--sigma-ii: 'random' is not a list|run deep --sizes 2,2 --sigma-ii random:1
'identity:3' is not complete|run deep --sizes 2,2 --sigma-ti identity:3
'diag' is not complete|run deep --sizes 2,2 --sigma-ti diag
--sigma-ti.*a number is missing|run deep --sizes 2,2 --sigma-ti diag:1,
--c has 5 numbers; here C1 is 3 x 2: 6 together|run deep --sizes 2,3,2 --c 1,2,3,4,5
C1 is 3 x 2, C2 is 2 x 1: 8 together|run deep --sizes 2,3,2,1 --c 1
C1 is 3 x 1, C2 is 2 x 1: 5 together|run deep --sizes 2,3,2,1 --rule srbp --c 1
rule bp has no feedback weights|run deep --sizes 2,2,2 --rule bp --c 1,2,3,4
no fixed feedback|run deep --sizes 2,2,2 --rule bp --c random:1
they start in --init|run deep --sizes 2,2,2 --rule arbp --c 1,2,3,4
R of rule pfa has 2 columns|run deep --sizes 2,2,2 --rule pfa --lambda 1 --c 1,2,3
kolen-pollack needs a decay: --lambda|run deep --sizes 2,2,2 --rule kolen-pollack
weight-mirror needs a decay: --lambda|run deep --sizes 2,2,2 --rule wm
pfa needs a decay: --lambda|run deep --sizes 2,2,2 --rule pfa --lambda 0
--lambda has 3 numbers; here are 2 layers|run deep --sizes 2,2,2 --lambda 1,2,3
--lambda has 2 numbers; a chain under rbp has one decay|run chain --lambda 1,2
--rates has 1 number|run deep --sizes 2,2,2 --rates 1
--rates.*at most 256|run deep --sizes 2,2,2 --rates $(seq -s, 300)
--mirror goes with rule weight-mirror, not with rbp|run deep --sizes 2,2,2 --mirror 1
--mirror: '0' is not positive|run deep --sizes 2,2,2 --rule wm --lambda 1 --mirror 0
--init has 3 numbers; deep has 8 unknowns (A1_1_1, A1_1_2,|run deep --sizes 2,2,2 --init 1,2,3
--init has 4 numbers; deep has 8 unknowns|run deep --sizes 2,2,2 --init @$top/data/numbers
(A1_1_1.*, ...)|run deep --sizes 9,9,9 --init 1
--init: 'random' is not complete|run deep --sizes 2,2 --init random
--init.*whole number|run deep --sizes 2,2 --init random:-1
--init.*whole number|run deep --sizes 2,2 --init random:
--init: the scale|run deep --sizes 2,2 --init random:1:0
--init.*finite number|run deep --sizes 2,2 --init random:1:x
--init: 'identity' is not a list|run deep --sizes 2,2 --init identity
--init.*No such file|run deep --sizes 2,2 --init @$top/data/missing
--init.*directory|run deep --sizes 2,2 --init @$top/data
empty.csv holds no numbers|run deep --sizes 2,2 --init @$top/data/empty.csv
blanks holds no numbers|run deep --sizes 2,2 --init @$top/data/blanks
word:2: 'x'|run deep --sizes 2,2 --init @$top/data/word
nan:1: 'nan'|run deep --sizes 2,2 --init @$top/data/nan
comma-last:2: a number is missing|run deep --sizes 2,2 --init @$top/data/comma-last
comma-twice:1: a number is missing|run deep --sizes 2,2 --init @$top/data/comma-twice
comma-first:1: a number is missing|run deep --sizes 2,2 --init @$top/data/comma-first
zero:1: a zero byte|run deep --sizes 2,2 --init @$top/data/zero
digits:1: a number with too many digits|run deep --sizes 2,2 --init @$top/data/digits
--labels says how to read --data|run deep --sizes 4,2 --labels x
--principal says how to read --data|run deep --sizes 4,2 --principal 4
--data.*excludes --sigma-ii|$I $L --sigma-ii identity
--data.*excludes --sigma-ti|$I $L --sigma-ti zero
without --labels the targets are the 4 inputs; --sizes ends in 2|$I
are 4 inputs; --sizes has 9|run deep --sizes 9,2,2 --data $top/data/images $L
before --downsample, are 1 inputs; --sizes has 4|$I $L --downsample 2
--downsample 3 does not divide|$I $L --downsample 3
--principal 3 gives 3 inputs; --sizes has 4|$I $L --principal 3
--principal 5: .* has 4 inputs|run deep --sizes 5,2,2 --data $top/data/images $L --principal 5
has 2 images, --samples asks for 3|$I $L --samples 3
--samples: 0 is outside 1|$I $L --samples 0
labels-9: label 2 is 9; --sizes ends in 2|$I --labels $top/data/labels-9
labels-3 has 3 labels for the 2 images|$I --labels $top/data/labels-3
these are images|$I --labels $top/data/images
these are labels|run deep --sizes 4,2,2 --data $top/data/labels $L
No such file|$I --labels $top/data/missing
magic number 0x00000d03|run deep --sizes 4,2,2 --data $top/data/floats $L
4294967295 x 4294967295 pixels|run deep --sizes 4,2,2 --data $top/data/huge $L
many: the file ends in image 2 of 4294967295|run deep --sizes 4,2,4 --data $top/data/many
cut: the file ends in image 1 of 2|run deep --sizes 4,2,2 --data $top/data/cut $L
header: the file ends in its header|run deep --sizes 4,2,2 --data $top/data/header $L
longer: bytes follow the last item|run deep --sizes 4,2,4 --data $top/data/longer
cut.gz: the gzip stream is damaged or ends|run deep --sizes 4,2,4 --data $top/data/cut.gz
--labels goes with images|run chain --data $top/data/three.csv --labels x
--downsample goes with images|run chain --data $top/data/three.csv --downsample 2
three.csv:1: 2 columns; expected 3 columns, 2 inputs and 1 target|run deep --sizes 2,1 --data $top/data/three.csv
--plane: there is no unknown 'A1_3_1'|portrait deep --sizes 2,2 --plane A1_1_1,A1_3_1
--sigma-ii|portrait deep --sizes 2,2 --sigma-ii 1
--trials|verify --trials 0
--sweep|verify --sweep -1
--recheck|verify --recheck 1.5
no option --sweep|run chain --sweep 3
--threads|verify --threads -1
--seed|verify --seed -1
--seed|verify --seed 18446744073709551616
unexpected 'rbp'|train rbp
--rule: networks have no rule 'rpb'; did you mean rbp|train --rule rpb
--rule: networks have no rule 'nonsense' (|train --rule bp,nonsense
--rule: networks have no rule ''|train --rule bp,,rbp
--rule: rbp is named twice|train --rule rbp,bp,fa
--profile: there is no 'papers'; did you mean paper|train --profile papers
--loss: there is no 'square'; did you mean squared|train --loss square
--precision: there is no 'single'|train --precision single
--rounding: there is no 'mid'|train --rounding mid --bits 3
--rounding goes with --bits|train --rounding mid-rise
--activation: networks have no neuron 'tahn'; did you mean tanh|train --activation tahn
--activation: networks have no neuron 'power:3'|train --activation power:3
--channel-activation: networks have no neuron|train --channel-activation erf
--epochs: 0 is outside|train --epochs 0
--batch: 0 is outside|train --batch 0
--batch: 33 of only 32 training samples|train --data $top/data/classes.csv --sizes 2,4,2 --batch 33
--batch is given twice|$T --batch 8
--samples: 0 is outside|train --samples 0
32 samples for training, 33 are asked|train --data $top/data/classes.csv --sizes 2,4,2 --samples 33
--trials: 0 is outside|train --trials 0
--eta: '0' is not one positive number|train --eta 0
--eta: '-1' is not one positive number|train --eta -1
--eta: '1,2' is not one positive number|train --eta 1,2
--eta.*not a list of numbers|train --eta nan
--eta: 'identity' is not a list|train --eta identity
--drop: 1 leaves|train --drop 1
--momentum: 1 leaves|train --momentum 1
--momentum: '-1/2' is no share|train --momentum -1/2
--channel-dropout: 1 leaves|train --channel-dropout 1
--channel-dropout: '2' is no share|train --channel-dropout 2
--lambda: '-1' is not one number|train --lambda -1
--lambda: '1,2' is not one number|train --lambda 1,2
--sparse: '0' is not positive|train --sparse 0
--sparse goes with rules that draw their feedback once, not with bp|train --rule bp --sparse 2
--bits goes with rules with a learning channel, not with per-weight|train --rule per-weight,top-layer --bits 3
--channel-dropout goes with rules with a learning channel, not with top-layer|train --rule top-layer --channel-dropout 1/2
--channel-activation goes with rules with a learning|train --rule top-layer --channel-activation tanh
--update-bits goes with rules of one signal a neuron, not with per-weight|train --rule per-weight --update-bits 3
--bits: 0 is outside 1|train --bits 0
--bits: 31 is outside 1|train --bits 31
--update-bits.*whole number|train --update-bits 2.5
--weight-norm: '0' is not positive|train --weight-norm 0
--noise-pretraining.*whole number|train --noise-pretraining -1
--sizes: '5' is one size|train --sizes 5
--sizes: 7 inputs and 2 outputs; the data have 2 and 2|train --data $top/data/classes.csv --sizes 7,4,2
--sizes: 784 inputs and 3 outputs; the data have 784 and 10|train --sizes 784,3
--resume needs --out|train --resume
--replace needs --out|train --replace
--resume and --replace exclude each other|train --resume --replace --out x
--out.*Not a directory|$T --out $top/file/below
--out.*|$T --out /proc/nothing
--threads|train --threads -1
no option --horizon|train --horizon 3
--data: .*missing|train --data $top/data/missing
--data: .*none|train --data $top/data/none
--data: .*half|train --data $top/data/half
--data: .*class-x.csv:2|train --data $top/data/class-x.csv
--data: .*empty.csv|train --data $top/data/empty.csv
did you mean systems|list system
unexpected 'rules'|list systems rules
no option --out|list --out x
TABLE

check "control characters are not printed" bad 'run?x' $'run\nx'
# moments that are fine, so that the tests above fail for their own reasons
printf '\xef\xbb\xbfx,y\n 1 , 2 \n3,4\n\n\n' > "$top/data/good.csv"
check "good images pass (to the horizon)" gives 3 "$settle" run deep --sizes 4,2,2 \
    --data "$top/data/images" --labels "$top/data/labels" --horizon 1e-3
check "a good list passes" gives 0 "$settle" run deep --sizes 2,2 --init "@$top/data/numbers"
check "a good file passes" gives 0 "$settle" run chain --data "$top/data/good.csv"
finish
