#!/usr/bin/env bash
# settle hunt FILE.ode: what surely does not converge is found and shrunk; what is merely not seen to settle is undecided.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

printf '%s\n' "x'=y" "y'=mu*(1-x^2)*y-x" 'par mu=1' 'init x=0.5,y=0' > oscillator.ode
printf '%s\n' "x'=x-x^3-y/4" "y'=-y-x/4" 'init x=1,y=1' > descent.ode # of -x^2/2 + x^4/4 + xy/4 + y^2/2
printf '%s\n' "x'=10*(y-x)" "y'=28*x-y-x*z" "z'=x*y-8/3*z" 'init x=1,y=1,z=1' > chaos.ode
printf '%s\n' "x'=1-x*y^2" "y'=0*y" > line.ode
printf '%s\n' "x'=x^2-k" 'par k=1' > 'a parabola.ode'

check "a limit cycle" gives 1 "$settle" hunt oscillator.ode --evaluations 64 --out cycle
check "refutes convergence" prints '^verdict  *refuted'
check "by both integrators" prints 'CVODE BDF and GSL rk8pd at rtol 1e-12; exact algebra: not covered'
check "nothing on stderr" quiet
for file in witness.json hunt.json reproduce.sh summary.txt trajectory.tsv trajectory.svg manifest.json; do
    check "leaves $file" test -s "cycle/$file"
done
check "it cycles" holds '.bdf.ending == "cycling" and .rk8pd.ending == "cycling"' cycle/witness.json
check "from a small start" holds '.instance | .parameters.mu == "1" and (.init | length == 2 and all(length <= 4))' cycle/witness.json
check "one line reproduces it" gives 0 env PATH="$(dirname "$settle"):$PATH" sh cycle/reproduce.sh --json
check "with the period of van der Pol's cycle" says '.ending == "cycling" and (.period - 6.6632868593 | fabs) < 1e-6'
check "report shows it" gives 0 "$settle" report cycle

check "descent of a function" gives 0 "$settle" hunt descent.ode --evaluations 400 --json --seed 2
check "refutes nothing" says '.verdict == "nothing found" and .kind == "equations" and .witness == null and .open == 0'
check "in so many starts" says '.search | .instances > 300 and .space == "the box" and .independent >= 80'
bound='.search | .failure_measure_below as $p | (1 - ((0.05 | log) / .independent | exp) - $p) | fabs < 1e-12'
check "with the bound of those drawn independently" says "$bound"
check "the box is about the start of the file" says '.hypotheses == "x in [-2, 4], y in [-2, 4]"'

check "chaos" gives 3 "$settle" hunt chaos.ode --evaluations 8 --json
check "is undecided" says '.verdict == "undecided" and .witness == null and .open > 0'
check "since no method can tell" says '[.candidates[].why] | length > 0 and all(. == "a method cannot tell")'
check "a second is a second" gives 3 timeout 60 "$settle" hunt chaos.ode --budget 1 --json
check "or some, for the last trajectories" says '.seconds < 30'

check "blow-up" gives 1 "$settle" hunt 'a parabola.ode' --evaluations 100 --json --par k=1/4 --out parabola
check "beyond a fixed point" says '.witness.instance.init[0] | test("^[1-9]$|^[1-9]/[1-9]$")'
check "escapes" says '.witness | .bdf.ending == "escaped" and .instance.parameters.k == "1/4" and (.command | test("--par k=1/4 --init"))'
check "its line has a name in quotes" gives 0 env PATH="$(dirname "$settle"):$PATH" sh parabola/reproduce.sh --json
check "and escapes" says '.ending == "escaped"'
check "up to the fixed point" gives 0 "$settle" hunt 'a parabola.ode' --evaluations 200 --json --window=-1,1
check "nothing does" says '.verdict == "nothing found" and .hypotheses == "x in [-1, 1]"'

check "one line of starts is enough" gives 1 "$settle" hunt line.ode --evaluations 100 --json # x -> 1/y^2
check "on which it grows" says '.witness | .instance.init[1] == "0" and .bdf.ending == "unbounded"'
check "off which it does not" gives 0 "$settle" hunt line.ode --evaluations 100 --json --window=-1,1,1/2,1
check "in another window" says '.hypotheses == "x in [-1, 1], y in [0.5, 1]"'

check "a parameter that stays" gives 0 "$settle" hunt oscillator.ode --par mu=-1 --window=-1/2,1/2 --evaluations 200 --json
check "and one that is free" gives 1 "$settle" hunt oscillator.ode --window=-1/2,1/2 --over mu=-1:1,y=0:1/4 --evaluations 200 --json
check "is part of the witness" says '.witness.instance | (.parameters.mu | startswith("-") | not) and (.init[1] | startswith("-") | not)'
check "and of the box" says '.hypotheses == "x in [-0.5, 0.5], y in [0, 0.25], mu in [-1, 1]"'
command=$(jq -r .witness.command "$out")
# shellcheck disable=SC2086 # words
check "its line" gives 0 "$settle" ${command#settle } --json
check "does not converge" says '.ending == "cycling"'

for threads in 1 3; do
    check "with $threads threads" gives 1 "$settle" hunt oscillator.ode --evaluations 100 --json --threads "$threads" --seed 4
    jq 'del(.. | .seconds?)' "$out" > "threads$threads.json"
done
check "the same to the last digit" cmp threads1.json threads3.json

mkdir empty && cd empty || exit 1
printf '%s\n' "x'=x" "y'=x^^2" > wrong.ode
check "a wrong formula" gives 2 "$settle" hunt wrong.ode
check "has its place" complains '^settle hunt: wrong.ode:2:6: expected a number'
check "in one line" one_line
rm wrong.ode
refused() { # WHY OPTION ...
    check "${*:2}" gives 2 "$settle" hunt ../oscillator.ode "${@:2}"
    check "  is refused" complains "$1"
}
refused '6 numbers; expected two, for all unknowns' --window=0,1,0,1,0,1
refused "neither an unknown nor a parameter 'nu'" --over nu=0:1
refused 'the interval of mu is empty: 1 to 0' --over mu=1:0
refused "'mu=1' is no interval; expected NAME=FROM:TO" --over mu=1
refused '"x" is not a finite number' --over mu=0:x
check "a file goes alone" gives 2 "$settle" hunt ../oscillator.ode ../descent.ode
for option in init=1,1 over=mu=0:1 par=mu=1 window=0,1; do
    check "--${option%%=*} with a theorem" gives 2 "$settle" hunt t3-published "--$option"
    check "  is refused" complains 'goes with an .ode file, not with t3-published'
done
check "nothing was written" nothing_here

finish
