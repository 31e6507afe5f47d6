#!/usr/bin/env bash
# settle portrait of equations of one's own: what fixed points are called, and which cycles are found; the words
# and lines of their maps and trajectories.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

own() { # NAME EQUATIONS: a file, one equation after the other
    local name=$1
    shift
    printf '%s\n' "$@" > "$name.ode"
}
drawn() { # NAME OPTIONS ...: its portrait, with one trajectory
    local name=$1
    shift
    gives 0 "$settle" portrait "$name.ode" --starts 1 --grid 3x3 --quiet --out "$name" "$@"
}
counts() { test "$(grep -c -e "$2" "$out")" -eq "$1"; } # HOW_OFTEN WHAT

# eigenvalues +-i, which the cubic terms make a sink, another sink, and a source
own sink "x'=-y-x*(x^2+y^2)" "y'=x-y*(x^2+y^2)"
own apart "x'=-y-x^3" "y'=x-y^3"
own source "x'=-y+x^3" "y'=x+y^3"
for name in sink apart source; do
    check "$name" drawn "$name"
    check "$name: the linear part does not decide" prints '^degenerate fixed point  *(0, 0)'
    check "$name: and it has no cycle" counts 0 '^[a-z]* \(limit cycle\|fixed point .*limit cycle\)'
    check "$name: what was searched is said" prints '^searched .*limit cycles along .* may be missing'
    check "$name: the legend has the words" grep -q 'degenerate fixed point' "$name/portrait.gp"
done

# centres with a first integral that is found, and without
own oscillator "x'=y" "y'=-x"
own duffing "x'=y" "y'=x-x^3"
own pendulum "x'=y" "y'=-sin(x)"
own volterra "x'=x*(1-y)" "y'=y*(x-1)"
check "the oscillator" drawn oscillator
check "has a centre" prints '^centre  *(0, 0)'
check "and no cycle, which is said" prints 'no limit cycle, since a first integral'
check "Duffing's" drawn duffing
check "has two centres" counts 2 '^centre '
check "and the legend has them" grep -q '"centre *"' duffing/portrait.gp
for name in pendulum volterra; do
    check "$name" drawn "$name" --window 0,2,-1,2
    check "$name has no centre that is proved" counts 1 '^degenerate fixed point'
    check "$name: nor anything that repels or attracts" counts 0 'repelling\|attracting'
done

# fixed points on the border of the window and in its corners
own compete "x'=x*(1-x-.5*y)" "y'=y*(1-.5*x-y)"
for window in 0,1.5,0,1.5 0,2,0,2 0,1,0,1; do
    check "competing species in $window" drawn compete --window "$window"
    check "repel at the corner" prints '^repelling fixed point  *(0, 0)'
    check "have both saddles" counts 2 '^saddle'
    check "and live together" prints '^attracting fixed point  *(0.66666667, 0.66666667)'
done

# where the Jacobian is singular: two fixed points that have met, two directions at once, a curve of them
own met "x'=(x-.3)^2" "y'=-y"
own dipole "x'=x^2-y^2" "y'=2*x*y"
own curve "x'=x^2*(1+y^2)" "y'=x^2*y"
for name in met dipole; do
    check "$name" drawn "$name" --window=-1.1,2,-1.3,1
    check "$name: one degenerate point" counts 1 '^degenerate fixed point'
    check "$name: and nothing else" counts 0 '^saddle\|^attracting\|^repelling'
done
check "a curve of double zeros" drawn curve --window=-1.1,2,-1.3,1
check "is not taken for points" counts 0 '^degenerate fixed point'

# two nested cycles round a focus, and round a point whose linear part does not decide; one round a node
own nested "x'=-.1*x-y+x*(x^2+y^2)-x*(x^2+y^2)^2" "y'=x-.1*y+y*(x^2+y^2)-y*(x^2+y^2)^2"
own weak "p=(x^2+y^2)*(x^2+y^2-.25)*(x^2+y^2-1)" "x'=-y-x*p" "y'=x-y*p"
own relaxing "x'=y" "y'=-x+3*(1-x^2)*y"
for name in nested weak; do
    check "$name cycles" drawn "$name"
    check "$name: one repels" counts 1 '^repelling limit cycle'
    check "$name: one attracts" counts 1 '^attracting limit cycle'
    check "$name: both are drawn" test -s "$name/portrait-cycles.tsv" -a -s "$name/portrait-unstable-cycles.tsv"
done
own stiff "x'=y" "y'=-x+12*(1-x^2)*y"
check "a stiff oscillation round a node" drawn stiff
check "is found" counts 1 '^attracting limit cycle'
check "a relaxation oscillation round a node" drawn relaxing
check "has its period, 8.8590955" prints '^attracting limit cycle .*period 8.859095[45]'

# words that fit equations which learn nothing
dashes() { # PICTURE: is there a line with dashes that are no dots, in pixels?
    grep -o "stroke-dasharray='[0-9.]*" "$1" | awk -F "'" '$2 > 6 { found = 1 } END { exit !found }'
}
own lorenz "par s=10, r=20, b=2.66666667" "x'=s*(y-x)" "y'=x*(r-z)-y" "z'=x*y-b*z" "init x=1,y=1,z=1"
check "a map of Lorenz' equations" gives 0 "$settle" basin lorenz.ode --grid 4x4 --window=-20,20,-20,20 --quiet --out lorenz
check "it says the time" grep -q 'settling time' lorenz/basin.gp
check "which is no learning time" gives 1 grep -q 'learning time' lorenz/basin.gp lorenz/basin-time.gp
own linear "x'=-x+y" "y'=-y" "init x=1,y=1"
check "a trajectory" gives 0 "$settle" run linear.ode --quiet --out linear
check "has its limits dashed, and no dots" dashes linear/trajectory.svg
check "beside the unknowns, which are no weights" grep -q 'unknowns' linear/trajectory.gp
finish
