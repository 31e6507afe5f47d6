#!/usr/bin/env bash
# settle export: the files in all languages are run by programs that know nothing of settle, to t = 1, and agree
# with settle's own run of the system; .ode files are also read back.  There is no Julia and no VFGEN here:
# the functions of Julia files are run by Octave, whose assignments differ by their brackets, and the XML of VFGEN is
# read by tests/e2e/export.py.
# shellcheck disable=SC1091,SC2035,SC2046,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; numbers are words; by name
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/tap"
cp "$here"/tests/examples/*.ode .
python=$(for p in /usr/bin/python3 python3; do "$p" -c 'import scipy' 2> /dev/null && echo "$p" && break; done)

# XPP knows nine letters of a name, Python takes lambda and in for words of its own.
printf "par lambda=1/2\n" | sed 's|1/2|.5|' > names.ode
printf "in'=lambda*averylongname1-in\naverylongname1'=-in+max(averylongname1,in)^2/(3+in^2)\nq1'=-q1*heav(q1)*2^lambda\n" >> names.ode
printf "init in=.3, averylongname1=-.7, q1=1\n" >> names.ode

# NAME SYSTEM OPTION ...
cases() {
    cat << 'CASES'
chain chain --c 1/3 --init=-2,1
cycle chain --rule arbp --depth 3 --init 0,-.5,.3,.5,.1
signs chain --rule sign-symmetry --depth 3 --init 1/2,1/3,-2
hidden hidden --sizes 2,2,2 --c 1,1/2,-1/3,2 --sigma-ii 2,1/2,1/2,1 --sigma-ti 1,0,1/7,1 --init 1/2,1/3,-1,1,1/5,-1/7,2,1
pfa deep --sizes 2,3,2 --rule pfa --lambda 1/10 --c 1,1/2 --init random:3
fan fan --sizes 1,3,1 --rule asrbp --alpha 3/2 --init random:5
mirror autoencoder --sizes 3,1,3 --rule weight-mirror --lambda 1/5 --mirror 1/2 --init random:7
erf chain --activation erf --inputs 1/2,1,2 --targets 1,-1/3,2 --init 1/2,1/3
biases hidden --sizes 2,2,1 --rule bp --activation logistic --biases --inputs 1,2,-1,1/3 --targets 1,-1 --init random:9
power chain --rule srbp --depth 3 --activation power:3,power:2 --alpha 2/3 --init 1/2,1/3,2
channel chain --depth 3 --channel-activation tanh --inputs 1/2,1 --targets 1,-1/3 --c 2,1/3 --init 1/2,1,-1
polynomial polynomial --q 1,-1/2,1/3 --init 1/5
file tanh_chain.ode --par c=1/2 --init 1/2,-1/4
names names.ode
CASES
}

# exported NAME LANGUAGE ENDING SYSTEM OPTION ...
exported() {
    local file=$1.$3 language=$2
    shift 3
    gives 0 "$settle" export "$@" --to "$language" && cp "$out" "$file" && quiet
}
names=$(cases | cut -d ' ' -f 1)
while read -r name line; do
    read -ra words <<< "$line"
    check "$name is exported to .ode" exported "$name" ode ode "${words[@]}"
    check "  to Python" exported "$name" python py "${words[@]}"
    check "  to Julia" exported "$name" julia jl "${words[@]}"
    if [ "$name" = erf ]; then
        check "  not to VFGEN, which has no erf" gives 2 "$settle" export "${words[@]}" --to vf
        check "  and says so" complains 'there is no erf in the vector field files of VFGEN'
    else
        check "  to VFGEN" exported "$name" vf vf "${words[@]}"
    fi
    "$settle" run "${words[@]}" --horizon 1 --rtol 1e-12 --atol 1e-14 --quiet --json 2> /dev/null > "$name.json"
done < <(cases)

check "what was typed as a fraction stays one" grep -q '^parameters = (1.0/3.0, ' chain.py
check "  in a matrix, too" grep -q '1/7' hidden.ode

# agrees NAME TOLERANCE NUMBER ...: with the run of settle at t = 1
agrees() {
    local file=$1.json tolerance=$2
    shift 2
    [ $# -gt 0 ] && jq -e --argjson b "[$(IFS=,; echo "$*")]" --argjson tolerance "$tolerance" '.last as $a | .t == 1 and
        ($a | length) == ($b | length) and
        ([range($a | length) | ($a[.] - $b[.] | fabs) <= $tolerance * (1 + ($a[.] | fabs))] | all)' "$file" > /dev/null
}
numbers() { grep "^$1 " "$2" | cut -d ' ' -f 2-; }          # FILE LINES: of one file
state() { numbers "$@" | sed 's/ [^ ]* *$//'; }              # all but the last
small() { [ -n "$1" ] && awk -v x="$1" 'BEGIN { exit !(x <= 1e-8) }'; } # a Jacobian's error
last() { numbers "$@" | sed 's/ *$//; s/.* //'; }

if [ -n "$python" ]; then
    check "the files for Python and VFGEN run" gives 0 "$python" "$here/tests/e2e/export.py" scipy 1 *.py *.vf
    cp "$out" scipy.out
    for name in $names; do
        check "SciPy agrees on $name.py to 1e-8" agrees "$name" 1e-8 $(state "$name.py" scipy.out)
        check "  whose Jacobian is the derivative" small "$(last "$name.py" scipy.out)"
        [ "$name" = erf ] && continue
        check "  and on $name.vf" agrees "$name" 1e-8 $(numbers "$name.vf" scipy.out)
    done
    check "a Python file is a program" gives 0 "$python" chain.py 1
    check "  that prints the state" agrees chain 1e-8 $(cat "$out")
    check "  and takes a time and a method with the Jacobian" gives 0 "$python" chain.py 1 Radau
    check "  of the same end" agrees chain 1e-8 $(cat "$out")
    sed 's/= alpha - beta/= alpha - 1.000001*beta/' chain.py > wrong.py
    check "control: a millionth in one coefficient" gives 0 "$python" wrong.py 1
    differs() { ! agrees "$@"; }
    check "  is seen" differs chain 1e-8 $(cat "$out")
else
    echo "ok - SciPy agrees # SKIP SciPy is not installed"
fi
if command -v octave > /dev/null && [ -n "$python" ]; then
    "$python" "$here/tests/e2e/export.py" octave 1 *.jl > program.m
    check "the functions of the Julia files run in Octave" gives 0 octave --norc --no-gui program.m
    cp "$out" octave.out
    for name in $names; do
        check "Octave agrees on $name.jl to 1e-8" agrees "$name" 1e-8 $(state "$name.jl" octave.out)
        check "  whose Jacobian is the derivative" small "$(last "$name.jl" octave.out)"
    done
else
    echo "ok - Octave agrees # SKIP Octave is not installed"
fi
if command -v julia > /dev/null && julia -e 'using DifferentialEquations' 2> /dev/null; then
    check "Julia runs chain.jl" gives 0 julia chain.jl 1
    check "  and agrees to 1e-8" agrees chain 1e-8 $(cat "$out")
else
    echo "ok - Julia agrees # SKIP Julia with DifferentialEquations.jl is not installed"
fi
if command -v xmllint > /dev/null; then
    check "the XML is well-formed" gives 0 xmllint --noout ./*.vf
fi

# Read back: the same states, and the same end.
ends_alike() {
    local name=$1
    shift
    "$settle" run "$name.ode" --quiet --json > own.json 2> "$err"
    "$settle" run "$@" --quiet --json > built-in.json 2>> "$err"
    jq -e -n --slurpfile a own.json --slurpfile b built-in.json '$a[0].ending == $b[0].ending and
        ([$a[0].limit, $b[0].limit] | transpose | map((.[0] - .[1] | fabs) <= 1e-9 * (1 + (.[0] | fabs))) | all)' > /dev/null
}
while read -r name line; do
    read -ra words <<< "$line"
    "$settle" run "$name.ode" --horizon 1 --rtol 1e-12 --atol 1e-14 --quiet --json 2> "$err" > back.json
    check "settle reads $name.ode back" agrees "$name" 1e-11 $(jq '.last[]' back.json)
    if command -v xppaut > /dev/null; then
        # XPPAUT prints single precision: 6e-8 of a number.
        sed 's/^done$/@ total=1,dt=.001,njmp=1000,meth=rungekutta\ndone/' "$name.ode" > xpp.ode
        (mkdir -p xpp && cd xpp && rm -f output.dat &&
            timeout 60 xppaut ../xpp.ode -silent < /dev/null 2>&1 | head -c 100000 > ../xpp.log)
        check "  XPPAUT agrees to the digits that it prints" agrees "$name" 2e-7 $(tail -1 xpp/output.dat | cut -d ' ' -f 2-)
    else
        echo "ok - XPPAUT agrees on $name.ode # SKIP XPPAUT is not installed"
    fi
    case $name in
    chain | hidden | erf | polynomial) check "  and ends where the system does" ends_alike "$name" "${words[@]}" ;;
    esac
done < <(cases)
"$settle" export names.ode --to ode > again.ode
check "what was exported is exported again" gives 0 "$settle" export again.ode --to ode
check "  to the same formulas" diff <(grep -v '^#' again.ode) <(grep -v '^#' "$out")

# What cannot be exported, and wrong words.
check "without a language" gives 2 "$settle" export chain
check "  it says which there are" complains 'export needs --to ode, vf, python or julia'
check "a wrong language" gives 2 "$settle" export chain --to phyton
check "  has a neighbour" complains "nothing is exported to 'phyton'; did you mean python"
check "Gaussian inputs" gives 2 "$settle" export chain --activation tanh --gaussian 1 --teacher tanh,3/2,2 --to ode
check "  have no formula" complains 'Gaussian inputs are integrals'
check "  on one line" one_line
check "more than 64 unknowns" gives 2 "$settle" export hidden --sizes 6,6,6 --to ode
check "  are counted" complains '72 unknowns; formulas are written for at most 64'
check "a full disk is an error" bash -c "'$settle' export chain --to ode > /dev/full 2> '$err'; [ \$? -eq 4 ]"
check "  with a reason" complains 'standard output: No space left on device'
finish
