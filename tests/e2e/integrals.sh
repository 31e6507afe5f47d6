#!/usr/bin/env bash
# settle prove SYSTEM --integrals, --integral, --cofactor, --laws.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

contract='["integrals","complete_to_degree","limit","root_index","multiplicity","rate","certificate","seconds"]'

# discovery, complete to degree 4, at the numbers given and for all parameters
check "prove --integrals" gives 0 "$settle" prove chain --rule srbp --depth 3 --c 1/2,-3,2 --integrals --degree 4
check "lists an integral at these numbers" prints '^  1  *3\*a1^2 + a2$'
check "says that it is complete" prints '^complete  *yes: 70 equations for 34 coefficients have a nullity of 5 modulo'
check "lists it for all parameters" prints '^  1  *a1^2\*c2 - 2\*a2\*c1$'
check "and says for which it is complete" prints '^complete  *yes, for almost all parameters$'
check "nothing on stderr" quiet
check "nothing is written" nothing_here
check "prove --integrals --json" \
    gives 0 "$settle" prove hidden --sizes 2,2,2 --c 1,2,-1,1/3 --integrals --degree 4 --json
check "the keys of the contract are there, in order" says "$contract as \$keys | [keys_unsorted[] | select(IN(\$keys[]))] == \$keys"
check "three generators, proved" says '(.integrals | length) == 3 and all(.integrals[]; .proved and .degree == 2)'
check "nine integrals, complete" says '.complete_to_degree == 4 and .here.dimension == 9 and .here.nullity == 9 and .here.prime == "2305843009213693967"'
check "for all parameters as well" says '.for_all_parameters | .complete and .dimension == 9 and (.integrals | length) == 3'
check "what is no part of it is null" says '.limit == null and .darboux == null and .laws == null'
check "special numbers" gives 0 "$settle" prove chain --rule srbp --c 0,1 --integrals --json
check "have their own integrals" says '.integrals[0].expression == "a1" and .for_all_parameters.integrals[0].expression == "a1^2*c2 - 2*a2*c1"'
check "numbers are exact" gives 0 "$settle" prove chain --rule srbp --c 0.1,1e-20 --integrals --json
check "to the last digit" says '.integrals[0].expression == "a1^2 - 20000000000000000000*a2"'
check "random feedback is exact doubles" gives 0 "$settle" prove hidden --sizes 2,2,2 --c .3141592653589793,1e-3,-7/3,2 --integrals

# one that is given
check "an integral for all parameters" gives 0 "$settle" prove chain --rule srbp --depth 3 --integral "a1^2*c2 - 2*a2*c1"
check "is proved" prints '^verdict  *proved for all alpha, beta, c1, c2, c3$'
check "one at these numbers only" gives 0 "$settle" prove chain --rule srbp --depth 3 --integral "a2^2 - 2*a3" --json
check "says so" says '.integrals[0] | .proved and (.for_all_parameters | not)'
check "one that is none" gives 1 "$settle" prove chain --rule srbp --depth 3 --integral "a1^2 - 2.0000000000000000000000001*a2"
check "is refuted" prints '^verdict  *refuted: it changes at the rate$'
check "and in JSON" gives 1 "$settle" prove chain --rule bp --integral "a1^2 + a2^2" --json
check "with its rate" says '.integrals[0] | (.proved | not) and .remainder == "-4*a1^2*a2^2 + 4*a1*a2"'
check "one that is no polynomial" gives 0 "$settle" prove chain --rule asrbp --depth 4 --integral "(a2 + c2)*exp(-c1)"
check "is proved, too" prints '^verdict  *proved for all alpha, beta$'

check "one with the wrong exponent" gives 1 "$settle" prove chain --rule asrbp --depth 4 --integral "(a2 + c2)*exp(c1)"
check "is refuted" prints '^verdict  *refuted: it changes at the rate of exp(...) times$'

# Darboux polynomials
check "a cofactor" gives 0 "$settle" prove autoencoder --sizes 3,1,3 --c 1,-2,1/2 --cofactor "-(C1*B1 + C2*B2 + C3*B3)" --json
check "has its linear forms" says '[.darboux.polynomials[].expression] == ["2*A1 + A2", "A1 - 2*A3"] and .darboux.complete'
check "no integrals were asked for" says '.integrals == null and .complete_to_degree == null'

# laws
check "laws" gives 0 "$settle" prove hidden --sizes 2,2,2 --laws
check "are counted" prints '^laws  *exactly 3 independent ones hold for all data, with this feedback$'
check "the one law" gives 0 "$settle" prove chain --laws
check "is one" prints '^laws  *exactly 1 independent one holds for all data, with this feedback$'
check "laws of a rule without gradient" gives 0 "$settle" prove chain --rule asrbp --depth 5 --laws --json
check "are certified" says '.laws | .certified and .at_least == 8 and .at_most == 8 and .rank == 1'

# undecided, with the reason
check "decay" gives 3 "$settle" prove chain --lambda 1/8 --integrals
check "is not covered" prints '^integrals  *undecided: weight decay'
check "another rule" gives 3 "$settle" prove chain --rule sign-symmetry --integrals --json
check "neither" says '.integrals == null and (.reason | length > 0)'
check "activations" gives 3 "$settle" prove chain --activation tanh --integrals
check "neither" prints '^integrals  *undecided: '

# usage
while IFS='|' read -r message options; do
    # shellcheck disable=SC2086 # words
    eval "set -- $options"
    check "prove $options" gives 2 "$settle" prove chain "$@"
    check "is one line" one_line
    check "that says why" complains "$message"
    check "and nothing else" silent
done << 'LINES'
nothing is called "x1" here; the names are a1, a2, alpha, beta, c1, c2|--integral x1
the text ends too early|--integral 'a1 +'
expected )|--integral '(a1'
expected a whole exponent|--integral 'a1^-1'
an exponent above 128|--integral 'a1^129'
a degree above 128|--integral '(a1^64)^64'
more than 20000 terms|--integral '(a1+a2+c1+c2+alpha+beta)^60'
only numbers that are not 0|--integral 'a1/a2'
only numbers that are not 0|--integral 'a1/0'
once, as a factor|--integral 'a1*exp(a1)*exp(a2)'
only as a factor|--integral 'a1 + exp(a2)'
is a constant|--integral 'alpha^2 + 1/2'
is 0, whose polynomials are the first integrals|--cofactor 'a1 - a1'
--degree bounds a search|--degree 3
0 is outside 1 to 12|--integrals --degree 0
13 is outside 1 to 12|--integrals --degree 13
needs more than 4000 monomials|--integrals --degree 12 --depth 12
twice|--integrals --integrals
one question at a time|--integrals --digits 20
one question at a time|--laws --within 1/10
one question at a time|--integral a1 --radius 1/10
LINES
check "a network that is too large" gives 2 "$settle" prove hidden --sizes 10,10,10 --integrals
check "is one line" one_line
check "that says why" complains '455 unknowns and parameters; .* up to 200'
finish
