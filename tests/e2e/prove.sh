#!/usr/bin/env bash
# settle prove, and settle run --digits.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

contract='["integrals","complete_to_degree","limit","root_index","multiplicity","rate","certificate","seconds"]'

# A[1,1,1] from (-2, 1): the real root of x^3 - 2x - 2 = 0 to 50 digits
check "prove" gives 0 "$settle" prove chain --init -2,1
check "the text says settled" prints '^ending  *settled, proved'
check "the text has fifty digits" prints '1\.7692923542386314152404094643350334926705530458989$'
check "the theorem" prints '^theorem .*(EX2)'
check "prove --json" gives 0 "$settle" prove chain --init -2,1 --json
check "the keys of the contract are there, in order" says "$contract as \$keys | [keys_unsorted[] | select(IN(\$keys[]))] == \$keys"
check "what is not there yet is null" \
    says '.integrals == null and .complete_to_degree == null and .certificate == null'
check "numbers are texts" says '(.limit | length == 2 and all(type == "string")) and (.rate | type == "string")'
check "the limit" says '.limit[0] == "1.7692923542386314152404094643350334926705530458989"'
check "its zero" says '.root_index == 1 and .multiplicity == 1 and .ending == "settled"'
check "its radius is smaller than its digits" says '.radius < 1e-50'
check "nothing on stderr" quiet
check "nothing is written" nothing_here

# a tie that doubles cannot see: 1e-40 decides
check "a double zero" gives 0 "$settle" prove chain --init -2,1/2 --json
check "is approached for ever" says '.ending == "creeping" and .multiplicity == 2 and (.limit[0] | tonumber) == -1'
check "a little more" gives 0 "$settle" prove chain --init -2,0.5000000000000000000000000000000000000001 --json
check "goes past it" says '.ending == "settled" and (.limit[0] | startswith("1.99999999999999999999999999999999999999995"))'
check "a little less" gives 0 "$settle" prove chain --init=-2,.4999999999999999999999999999999999999999 --json
check "stops before it" says '.ending == "settled" and (.limit[0] | startswith("-1.0000000000000000000081"))'
check "decimals are exact: 0.1 is 1/10" gives 0 "$settle" prove chain --alpha 0.1 --init 0.3,1e-1
check "and are printed as rationals" prints '^alpha  *1/10$'
check "the start, too" prints '^start a1  *3/10$'

# endings
check "blow-up" gives 0 "$settle" prove chain --rule srbp --c 1,-1 --init 2,-1 --digits 30 --json
check "its time" says '.ending == "escaped" and .blowup_time == "0.296121920232544083577795801020" and .limit == null'
check "growth" gives 0 "$settle" prove chain --rule srbp --c 1,0,1 --init 1/2,0,1/2 --json
check "like t" says '.ending == "unbounded" and .exponent == "1"'
check "a closed orbit" gives 0 "$settle" prove chain --rule arbp --init 0,-1/2,.3,1/2,.1 --json
check "cycles" says '.ending == "cycling" and .theorem == "EX11"'
check "a saddle of gradient descent" gives 0 "$settle" prove chain --rule bp --init 1/2,-1/2 --json
check "is reached exactly" says '.ending == "saddle" and .limit == ["0", "0"]'
check "powers" gives 0 "$settle" prove chain --activation power --mu 2 --init 1/2,1/2 --json
check "have a theorem" says '.theorem == "EX4" and (.limit[0] | startswith("1.14369189451163"))'
check "fans" gives 0 "$settle" prove fan --sizes 1,3,1 --c 1,-1,1/2 --init 1/2,-1/4,1/4,1/8,3/4,-1/2 --json
check "have another" says '.limit[0] | startswith("1.35851956924975")'
check "the autoencoder" gives 0 "$settle" prove autoencoder --sizes 3,1,3 --c 1,-2,1/2 --init .3,.1,-.4,.2,-.1,.6 --json
check "has a cubic" says '.theorem == "EX9" and (.limit[0] | startswith("0.62578926396287"))'
check "random starts are exact doubles" gives 0 "$settle" prove chain --depth 24 --init random:1

# undecided, with the reason
check "decay" gives 3 "$settle" prove chain --lambda 1/8
check "is not covered" prints '^ending  *undecided: weight decay'
check "decay of matrices" gives 3 "$settle" prove hidden --sizes 2,2,2 --lambda 1/8 --json
check "is not, either" says '.ending == "undecided" and .limit == null and (.reason | length > 0)'
check "a start among fixed points" gives 3 "$settle" prove chain --rule srbp --c 1,0,1 --alpha 0 --init 1/2,0,1/2 --json
check "keeps its place" says '.ending == "undecided" and (.limit | length) == 3'

# usage
check "polynomials" gives 2 "$settle" prove polynomial
check "are told where to go" complains 'settle run polynomial --q'
for wrong in '--digits 0' '--digits 10001' '--digits x' '--c 1,2 --init 1,2,3,4' '--alpha nan' '--horizon 0'; do
    # shellcheck disable=SC2086 # two words
    check "prove $wrong" gives 2 "$settle" prove chain $wrong
    check "is one line" one_line
    check "and nothing else" silent
done

# theorems
check "a theorem" gives 0 "$settle" prove t4-converges --json
check "is proved, step by step" says '.verdict == "proved" and .label == "UN3" and (.steps | length > 20 and all(.holds))'
check "and not without its hypothesis" says '.fails_without and .without == "c_L < 0"'
check "a record of instances" gives 0 "$settle" prove neg-blowup-times --json
check "is certified" says '.verdict == "certified" and (.steps | length) == 12'
check "a theorem without an exact proof" gives 3 "$settle" prove t4-rate
check "is undecided" prints '^verdict  *undecided: no exact proof'
check "a misspelt theorem" gives 2 "$settle" prove t4-convrges
check "is guessed" complains 'did you mean t4-converges?'
check "a misspelt system" gives 2 "$settle" prove chian
check "too" complains 'did you mean chain?'
check "data of a theorem" gives 2 "$settle" prove t4-converges --alpha 2
check "are refused" complains 'alpha is for systems'
check "the bifurcation curve" gives 0 "$settle" prove t2-leaf-intersections --out curve
check "says where it is" prints '^files  *in curve: t2-leaf-intersections.proof, discriminant.png'
check "is drawn from exact counts" test "$(grep -c -P '\t2$' curve/discriminant-points.tsv)" -ge 4
check "its cusp is at the origin" test "$(tail -1 curve/discriminant.tsv)" = "$(printf '%s\t%s\t%s' -0 -0 0)" \
    -o "$(tail -1 curve/discriminant.tsv)" = "$(printf '%s\t%s\t%s' 0 -0 0)"
check "Theorem 4" gives 0 "$settle" prove t4-converges --out four
checker=${settle%/*}/settle-check
check "has certificates to 24 layers" test "$("$checker" four/*.certificate | grep -c '^accepted')" -eq 24
rm -r curve four

# boxes of data
check "a box" gives 0 "$settle" prove chain --within 1/10 --json --out box
check "is proved for all five data" \
    says '.ending == "settled" and .open_cells == 0 and .undecided_share == 0 and ([.data[] | select(.low != .high)] | length) == 5'
check "with a limit box around the limit of the middle" \
    says '.limit_box | length == 2 and (.[0] | map(tonumber) | .[0] < 1.0605 and .[1] > 1.0605)'
check "a uniform rate" says '(.rate | tonumber) > 1'
check "and the keys of other questions, null" says \
    '[has("integrals", "complete_to_degree", "limit", "root_index", "multiplicity")] | all' &&
    check "all of them" says '[.integrals, .complete_to_degree, .limit, .root_index, .multiplicity] | all(. == null)'
check "and a certificate" test -s box/box.certificate
rm -r box
check "a box with two branches" gives 3 "$settle" prove chain --init=-2,1/2 --within 1/5 --json
check "is undecided on a part" says '.ending == "undecided" and .undecided_share > 0 and .certificate == null'
check "zeros stay zero" gives 0 "$settle" prove chain --rule srbp --c 1,0,1 --init 1,1/2,1 --within 1/20 --json
check "as numbers" says '.data[3] == {"name": "c2", "low": "0", "high": "0"}'
check "a box that is too wide" gives 3 "$settle" prove chain --depth 6 --within 1/3
check "is undecided, nothing is settled elsewhere" prints '^ending  *undecided on the whole box'
for other in "--radius 1/10" "--digits 20" "--horizon 5"; do
    # shellcheck disable=SC2086 # an option and its value
    check "--within and $other" gives 2 "$settle" prove chain --within 1/10 $other
    check "are two questions" one_line
done
check "systems without boxes" gives 3 "$settle" prove fan --sizes 1,2,1 --within 1/10
check "say so" prints 'undecided: boxes are known for chains'
for wrong in 0 1 -1/5 2 x nan; do
    check "--within $wrong" gives 2 "$settle" prove chain "--within=$wrong"
    check "is one line" one_line
done

# beside an integration
check "run --digits" gives 0 "$settle" run chain --init -2,1 --digits 30
check "shows the exact limit" prints '^  a1  *1.76929235423863141524040946434$'
check "and that it agrees" prints '^  agreement  *yes'
check "run --digits --json" gives 0 "$settle" run chain --init -2,1 --digits 30 --json
check "has it under its own key" says '.exact.limit[0] == "1.76929235423863141524040946434" and .exact.agrees == true'
check "run without --digits" gives 0 "$settle" run chain --init -2,1 --json
check "has no such key" says 'has("exact") | not'
check "where doubles cannot see the difference" \
    gives 1 "$settle" run chain --init -2,0.5000000000000000000000000000000000000001 --digits 30 --json
check "the two disagree, and say so" says '.ending == "creeping" and .exact.ending == "settled" and .exact.agrees == false'
check "nothing exact about decay" gives 0 "$settle" run chain --lambda 1/8 --digits 30
check "is said" prints '^exact  *undecided'
finish
