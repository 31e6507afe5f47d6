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
no command 'basin'|basin
no command 'prove'|prove chain
no command|''
two dashes|run chain -init 1,2
did you mean --init|run chain --innit 1,2
no option --trials|run chain --trials 5
no option --grid|verify --grid 3x3
did you mean chain|run chian
no system|run hidden
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
one.csv:1: 1 column|run chain --data $top/data/one.csv
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
--grid|portrait chain --grid 5
--grid|portrait chain --grid 0x5
--grid|portrait chain --grid 5x99999
no theorem 'nonsense'|verify nonsense
did you mean t2-converges|verify t2-converge
named twice|verify t2-converges t2-converges
--resume needs --out|verify --resume
--trials|verify --trials 0
--threads|verify --threads -1
--seed|verify --seed -1
--seed|verify --seed 18446744073709551616
did you mean systems|list system
unexpected 'rules'|list systems rules
no option --out|list --out x
TABLE

check "control characters are not printed" bad 'run?x' $'run\nx'
# moments that are fine, so that the tests above fail for their own reasons
printf '\xef\xbb\xbfx,y\n 1 , 2 \n3,4\n\n\n' > "$top/data/good.csv"
check "a good file passes" gives 0 "$settle" run chain --data "$top/data/good.csv"
finish
