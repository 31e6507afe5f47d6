#!/usr/bin/env bash
# Equations of one's own: the traps of the built-in systems, written as .ode files, end as those do; XPPAUT, SciPy
# and Octave integrate the same files and agree; every command that takes SYSTEM takes FILE.ode.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/tap"
cp "$here"/tests/examples/*.ode .

# same WHAT FILTER TOLERANCE: numbers of both runs agree to a relative tolerance
same() {
    jq -e -n --slurpfile a own.json --slurpfile b built-in.json --argjson tolerance "$2" \
        "def close(\$x; \$y): (\$x - \$y | fabs) <= \$tolerance * (1 + (\$x | fabs));
        [\$a[0] | $1] as \$x | [\$b[0] | $1] as \$y |
        (\$x | length) > 0 and (\$x | length) == (\$y | length) and
        ([range(\$x | length) | close(\$x[.]; \$y[.])] | all)" > /dev/null
}
# ends WORD FILE [OPTION ...] -- SYSTEM [OPTION ...]: both runs end so
ends() {
    local word=$1 own=()
    shift
    while [ "$1" != -- ]; do
        own+=("$1")
        shift
    done
    shift
    "$settle" run "${own[@]}" --json --quiet > own.json 2> "$err"
    "$settle" run "$@" --json --quiet > built-in.json 2>> "$err"
    [ "$(jq -r .ending own.json)" = "$word" ] && [ "$(jq -r .ending built-in.json)" = "$word" ]
}

check "a chain settles" ends settled chain.ode -- chain --init=-2,1
check "  at the same limit, to the last digits" same '.limit[]' 4e-16
check "  with the same rate" same '.transverse_rate' 1e-14
check "  its first integral is found" holds '.integrals | length == 1 and .[0].drift < 1e-12' own.json
check "the three-layer cycle of adaptive feedback cycles" \
    ends cycling arbp3.ode -- chain --rule arbp --depth 3 --init 0,-.5,.3,.5,.1
check "  with the same period" same '.period' 1e-7
check "  on four first integrals" holds '.integrals | length == 4' own.json
check "a blow-up escapes" ends escaped blowup.ode -- chain --rule srbp --c 1,-1 --init 2,-1
check "  at the same time" same '.blowup_time' 1e-8
check "a double root is crept up to" ends creeping double_root.ode -- chain --init=-2,.5
check "  towards the same point" same '.limit[]' 1e-8
check "a symmetric start stops at the saddle" ends saddle saddle.ode -- chain --rule bp --init=-.75,.75
check "a tanh chain settles" ends settled tanh_chain.ode -- chain --activation tanh \
    --inputs .61,3.21,3.91 --targets=-1.47,.86,-1.63 --c .8 --init .33,-.78
check "  at the same limit" same '.limit[]' 1e-14
check "  and drifts for ever elsewhere" ends unbounded tanh_chain.ode --init .7,-.5 -- chain --activation tanh \
    --inputs .61,3.21,3.91 --targets=-1.47,.86,-1.63 --c .8 --init .7,-.5
check "parameters are rationals" ends settled chain.ode --par "c=-1/3,ALPHA=3/2" --init 1/4,-3 -- \
    chain --c=-1/3 --alpha 3/2 --init 1/4,-3
check "  with the same limit" same '.limit[]' 1e-15

# What is not smooth: no ending is claimed that is not so.
ode() { printf "%b" "$1" > case.ode; }
ending() { "$settle" run case.ode --quiet --json 2> "$err" | jq -e -r "$1" > /dev/null; }
ode "x'=-sign(x)\nx(0)=1\n"
check "sign slides, and rests" ending '.ending == "settled" and .limit == [0] and .t == 1'
ode "x'=-sqrt(x)\nx(0)=1\n"
check "sqrt at 0 is undecided" ending '.ending == "horizon"'
ode "x'=-1/x\nx(0)=1\n"
check "a pole is no limit" ending '.ending == "failed" or .ending == "horizon"'
ode "x'=abs(x)-1\nx(0)=.5\n"
check "abs is crossed" ending '.ending == "settled" and .limit == [-1]'
ode "x'=ln(x)\nx(0)=-1\n"
check "a start outside the domain fails" ending '.ending == "failed"'
ode "x'=-x*abs(x*y)\ny'=-y\n"
check "a curved kink is refused" gives 2 "$settle" run case.ode
check "  by name" complains 'x\*y = 0, which is no plane'

# Messages.
# marks WORDS: the portrait of the case names a fixed point so
marks() { "$settle" portrait case.ode --quiet --window=-1,1,-1,1 2> "$err" | grep -q "^$1"; }
ode "x'=-y-x*(x^2+y^2)\\ny'=x-y*(x^2+y^2)\\n"
check "a weak focus is no repelling one" marks "degenerate fixed point"
ode "x'=y-x/4\\ny'=-x\\n"
check "  and a focus attracts" marks "attracting fixed point"
ode "par b2=1\nx'=b2\ny'=x*\n  z'=b3\n"
check "errors are one line" gives 2 "$settle" run case.ode
check "  with file, line and column" complains '^settle run: case.ode:3:6: expected a number, a name'
check "  on one line" one_line
check "a missing file is named" gives 2 "$settle" run none.ode
check "  with the reason" complains 'none.ode: No such file'
check "unknown parameters are refused" gives 2 "$settle" run chain.ode --par alhpa=1
check "  with the nearest" complains 'did you mean alpha'
check "options of networks are refused" gives 2 "$settle" run chain.ode --rule bp
check "  as those of the file are known" complains 'it reads --init --par'
check "--par needs a file" gives 2 "$settle" run chain --par a=1
check "--init has as many numbers as unknowns" gives 2 "$settle" run chain.ode --init 1
check "  whose names are told" complains '2 unknowns (a1, a2)'
check "option lines leave a note" gives 0 "$settle" run chain.ode
check "  on stderr" complains 'chain.ode:7: options of XPP are not read'

# Commands.
check "prove finds the integrals" gives 0 "$settle" prove arbp3.ode --integrals --json
check "  all four, for all parameters, completely" says \
    '.here.dimension >= 4 and .for_all_parameters.dimension >= 4 and .here.complete'
check "prove refutes an integral" gives 1 "$settle" prove chain.ode --integral "a1^2-2.1*a2*c"
check "prove tells why there are none" gives 3 "$settle" prove tanh_chain.ode --integrals
check "  by name" prints 'tanh is no polynomial'
check "basin takes a file" gives 0 "$settle" basin chain.ode --window=-3,3,-3,3 --grid 40x40 --json
check "  whose cells settle" says '.endings.settled == 1600'
check "portrait takes a file" gives 0 "$settle" portrait chain.ode --window=-3,3,-3,3 --out portrait
check "  and draws it" test -s portrait/portrait.svg
ode "par m=1\nx'=y\ny'=m*(1-x^2)*y-x+.1*x^3\n"
check "sweep varies a parameter" gives 0 "$settle" sweep case.ode --over m --from .1 --to 1
check "sweep knows the names" gives 2 "$settle" sweep case.ode --over n --from .1 --to 1
ode "par c=2.385\nx'=-x\ny'=1.7-y\ninit x=1,y=3\naux sum=x+c*y\naux gap=abs(x-y)\naux none=ln(-1-x^2)\n"
check "auxiliary quantities are printed" gives 0 "$settle" run case.ode --par c=1.13 --out auxiliary
check "  where the run ends" prints '^  auxiliary *sum = 1.921'
check "  one a line" prints '^ *gap = 1.7'
check "  undefined ones, too" prints '^ *none is undefined$'
check "  as columns" test "$(head -1 auxiliary/trajectory.tsv)" = "$(printf '# t\tx\ty\tsum\tgap\tnone')"
check "  of every state" awk -F '\t' 'function off(a, b) { return a - b > 1e-13 || b - a > 1e-13 }
    NR > 1 && (off($4, $2 + 1.13 * $3) || off($5, $3 > $2 ? $3 - $2 : $2 - $3) || $6 !~ /nan/) { faults++ }
    END { exit !(NR > 9 && !faults) }' auxiliary/trajectory.tsv
check "  in JSON at the last state" gives 3 "$settle" run case.ode --horizon 1 --json
check "  as it is there" says '.last as [$x, $y] | .limit == null and (.auxiliary | length == 3) and
    (.auxiliary[0] | .name == "sum" and .at == "last" and (.value - $x - 2.385 * $y | fabs) < 1e-14) and
    (.auxiliary[1].value - $y + $x | fabs) < 1e-14 and .auxiliary[2].value == null'
check "  at the limit" gives 0 "$settle" run case.ode --json
check "  if there is one" says '(.auxiliary[0] | .at == "limit" and (.value - 2.385 * 1.7 | fabs) < 1e-12)'
check "  none, where there are none" gives 0 "$settle" run chain.ode --json
check "  in a file" says '.auxiliary == []'
check "  nor in systems" gives 0 "$settle" run chain --json
check "  built in" says 'has("auxiliary") | not'
check "verify takes a file" gives 0 "$settle" verify chain.ode --trials 10 --json
check "  with five checks and their controls" says \
    '(.theorems | length == 5) and ([.theorems[] | .verdict == "supported" and .control.verdict == "refuted"] | all)'
check "verify saves its table" gives 0 "$settle" verify chain.ode --trials 10 --json --out checked
check "  as printed" test "$(jq -S . "$out")" = "$(jq -S . checked/checks.json)"
check "  and as rows" test "$(grep -c -P '\tsupported\tsupported\t' checked/theorems.tsv)" -eq 5
check "  with the equations and the seed" holds \
    '.parameters.seed == 1 and .parameters.trials == 10 and (.outputs | keys == ["checks.json", "theorems.tsv"])' checked/manifest.json
check "  for a report" gives 0 "$settle" report checked
check "  with its table" grep -q '<td>same-path</td>' checked/report.html
ode "x'=10*(y-x)\ny'=x*(28-z)-y\nz'=x*y-8/3*z\ninit x=1,y=1,z=1\n"
check "verify of chaos is undecided" gives 3 "$settle" verify case.ode --trials 1 --horizon 20
check "  in words that fit" prints '^  undecided: horizon by BDF'
no_records() { ! grep -q -i -e "null" -e "record" -e "differs" -e "theorem" "$out"; }
check "  which speak of no record" no_records
check "a portrait of chaos" gives 0 "$settle" portrait case.ode --starts 1 --out chaos --quiet
lines_of_chaos() { wc -l < chaos/portrait-trajectories.tsv; }
check "  draws as much as tells how it winds" test "$(lines_of_chaos)" -gt 500
check "  and no more" test "$(lines_of_chaos)" -lt 30000
ode "x'=y\ny'=x-x^3\n"
check "an energy of degree four is not found in degree two" gives 0 "$settle" prove case.ode --integrals
check "  with a hint" prints 'try --degree 4'
check "  but found in degree four" gives 0 "$settle" prove case.ode --integrals --degree 4
no_hint() { ! grep -q "^hint" "$out"; }
check "  without one" no_hint
ode "x'=-x\nx(0)=-1e-320\n"
check "what lies below all normal numbers is" gives 0 "$settle" run case.ode
check "  0 in print" prints '^limit  *x = 0$'
no_parameters() { ! grep -q "^parameters" "$out"; }
check "  and no line is empty" no_parameters
check "compare refuses a file" gives 2 "$settle" compare chain.ode

# Referees: another program integrates the same file to t = 1; `settle` stops there, too.
state() { "$settle" run "$1" --horizon 1 --rtol 1e-12 --atol 1e-14 --quiet --json 2> /dev/null | jq -c .last; }
# agrees FILE TOLERANCE NUMBER ...
agrees() {
    local file=$1 tolerance=$2
    shift 2
    [ $# -gt 0 ] && jq -e -n --argjson a "$(state "$file")" --argjson b "[$(IFS=,; echo "$*")]" \
        --argjson tolerance "$tolerance" '($a | length) == ($b | length) and
        ([range($a | length) | ($a[.] - $b[.] | fabs) <= $tolerance * (1 + ($a[.] | fabs))] | all)' > /dev/null
}
files="chain.ode arbp3.ode double_root.ode saddle.ode tanh_chain.ode"
python=$(for p in /usr/bin/python3 python3; do "$p" -c 'import scipy' 2> /dev/null && echo "$p" && break; done)
for file in $files; do
    if [ -n "$python" ]; then
        # shellcheck disable=SC2046
        check "SciPy agrees on $file to 1e-8" agrees "$file" 1e-8 \
            $("$python" "$here/tests/e2e/own_flows.py" scipy "$file" 1)
    else
        echo "ok - SciPy agrees on $file # SKIP SciPy is not installed"
    fi
    if command -v octave > /dev/null && [ -n "$python" ]; then
        "$python" "$here/tests/e2e/own_flows.py" octave "$file" 1 > program.m
        # shellcheck disable=SC2046
        check "Octave agrees on $file to 1e-8" agrees "$file" 1e-8 $(octave --norc --no-gui program.m 2> "$err")
    else
        echo "ok - Octave agrees on $file # SKIP Octave is not installed"
    fi
    if command -v xppaut > /dev/null; then
        # XPPAUT prints single precision: 6e-8 of a number.
        sed '/^@/d; s/^done$/@ total=1,dt=.001,njmp=1000,meth=rungekutta\ndone/' "$file" > xpp.ode
        (mkdir -p xpp && cd xpp && timeout 60 xppaut ../xpp.ode -silent < /dev/null 2>&1 | head -c 100000 > ../xpp.log)
        # shellcheck disable=SC2046
        check "XPPAUT agrees on $file to the digits that it prints" agrees "$file" 2e-7 \
            $(tail -1 xpp/output.dat | cut -d ' ' -f 2-)
    else
        echo "ok - XPPAUT agrees on $file # SKIP XPPAUT is not installed"
    fi
done
cp chain.ode other.ode
sed -i 's/^a2.=a1\*e/a2'"'"'=1.000001*a1*e/' other.ode
if [ -n "$python" ]; then
    differs() { ! agrees "$@"; }
    # shellcheck disable=SC2046
    check "control: a millionth in one coefficient is seen" differs other.ode 1e-8 \
        $("$python" "$here/tests/e2e/own_flows.py" scipy chain.ode 1)
fi
finish
