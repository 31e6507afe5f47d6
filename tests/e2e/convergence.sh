#!/usr/bin/env bash
# settle prove where no exact limit is known: convergence certified, and the certificate checked.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

checker=$(dirname "$settle")/settle-check
square=(hidden --sizes '2,2,2' --init '1/2,-1/5,1/10,3/10,1/10,2/5,-3/10,1/5')

# A[2,2,2]: the limit by an integration in 45 digits
check "prove A[2,2,2]" gives 0 "$settle" prove "${square[@]}" --json
check "it settles, certified" says '.ending == "settled" and .theorem == "TR3"'
check "its limit" says '(.limit | length) == 8 and (.limit[0] | startswith("1.17319113")) and (.limit[7] | startswith("0.81044602"))'
check "to ten digits" says '.radius < 1.2e-10'
check "its rate is below the true one" says '(.rate | tonumber) > 2.08 and (.rate | tonumber) < 2.0902506508'
check "four eigenvalues" says '(.eigenvalues | length) == 4 and (.eigenvalues | all(startswith("-2.")))'
check "nothing on stderr" quiet
check "nothing is written" nothing_here
check "as text" gives 0 "$settle" prove "${square[@]}" --digits 20
check "with more digits" prints '^limit A1_1_1  *1.17319113963106543089'
check "where the trap closed" prints '^trap  *closed at t = '
check "the theorem" prints '^theorem  *notes/trap.md, (TR3)'

# certificates
check "a certificate" gives 0 "$settle" prove "${square[@]}" --digits 6 --out proof --json
check "has a name" says '.certificate == "orbit-trap.certificate"'
check "and a manifest" holds '.outputs | has("orbit-trap.certificate")' proof/manifest.json
check "settle-check accepts it" gives 0 "$checker" proof/orbit-trap.certificate
check "and says what it means" prints '^accepted .*every trajectory from the start converges'
sed 's/^start 1\/2/start 3\/5/' proof/orbit-trap.certificate > altered
check "it does not accept another start" gives 1 "$checker" altered

# boxes of starts
check "a box" gives 0 "$settle" prove "${square[@]}" --radius 1/1000 --out box --json
check "is proved" says '.ending == "settled" and .radius < 0.2 and .limit_box[0][0] < 1.17319 and .limit_box[0][1] > 1.17319'
check "it has no digits" says '.limit == null'
radius=$(jq .radius "$out") rate=$(jq .entry_rate "$out") way=$(jq .way_to_go "$out")
check "settle-check accepts it" gives 0 "$checker" box/orbit-trap.certificate
bound() { awk -v least="$2" -v most="$3" -v what="$1" '$0 ~ what { for (i = 1; i < NF; i++)
    if ($i == "most" || $i == "least") { n++; x = $(i + 1) + 0 } } END { exit !(n && least <= x && x <= most) }' "$out"; }
check "in text" gives 0 "$settle" prove "${square[@]}" --radius 1/1000
check "the radius is rounded up" bound '^radius' "$radius" 1
check "the way, too" bound '^  way to go' "$way" 1
check "the rate is rounded down" bound '^  rate there' 0 "$rate"
check "limits are intervals" prints '^limit A1_1_1  *1.0[0-9]* to 1.2[0-9]*$'
check "a wide box" gives 3 "$settle" prove "${square[@]}" --radius 1/10
check "is not" prints '^ending  *undecided: the bounds'
check "the box of a chain, which has no one limit" gives 0 "$settle" prove chain --init 1/2,1/2 --radius 1e-2 --json
check "is proved, too" says '.ending == "settled" and .limit_box[0][0] < 1.063385 and .limit_box[0][1] > 1.063385'

# fixed points
check "a fixed point" gives 0 "$settle" prove hidden --sizes 2,2,2 --init 1,0,0,1,1,0,0,1 --json
check "that attracts" says '.ending == "settled" and .theorem == "TR7" and .limit[0] == "1"'
check "a zero of the error" gives 0 "$settle" prove hidden --sizes 2,2,2 --init=-1/2,0,0,-1/2,-2,0,0,-2 --json
check "that repels" says '.ending == "saddle" and (.eigenvalues | all(startswith("1.75")))'
check "a degenerate one" gives 3 "$settle" prove hidden --sizes 2,2,2 --init=-1,0,0,-1,-1,0,0,-1 --json
check "is not decided" says '.ending == "undecided" and (.reason | length) > 0'

# undecided, with the reason
check "a narrow layer" gives 3 "$settle" prove autoencoder --sizes 3,1,3 --rule bp
check "forbids that the error vanishes" prints '^ending  *undecided: a layer is narrower'
check "a short horizon" gives 3 "$settle" prove "${square[@]}" --horizon 1
check "is named" prints 'no trap before the horizon'
check "radius 0" gives 2 "$settle" prove "${square[@]}" --radius 0
check "is no box" one_line
check "a start of another length" gives 2 "$settle" prove hidden --sizes 2,2,2 --init 1,2 --radius 1
check "is refused" one_line
finish
