#!/usr/bin/env bash
# settle prove SYSTEM --out: certificates, which settle-check accepts as they are and rejects when altered.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; awk; check calls by name
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/tests/e2e/tap"
checker=${SETTLE_CHECK:-$(dirname "$settle")/settle-check}

# ---- every kind, as it is written

# NAME OPTIONS...: prove writes NAME.certificate, and the checker accepts it and all beside it
certified() {
    local kind=$1 file
    shift
    rm -rf proof
    "$settle" prove "$@" --out proof --json > "$out" 2> "$err" < /dev/null
    file=$(jq -r .certificate "$out")
    [ "$file" = "$kind.certificate" ] || { echo "# wrote $file: $*"; return 1; }
    [ -n "$(jq -r --arg file "$file" '.outputs[$file]' proof/manifest.json)" ] || return 1
    gives 0 "$checker" proof/*.certificate || return 1
    prints "^accepted proof/$file: "
}

while read -r kind options; do
    # shellcheck disable=SC2086 # words
    check "$kind: $options" certified "$kind" $options
done << 'CASES'
limit chain --init -2,1
limit chain --init 2,-1 --digits 5
limit chain --init 2,-1 --digits 200
limit chain --init 2,-1 --digits 10000
limit chain --init -2,0.5000000000000000000000000000000000000001
limit chain --init=-2,.4999999999999999999999999999999999999999
limit chain --depth 1 --init 3
limit chain --depth 3 --init 1/2,-1/3,1/4 --c 1,-2
limit chain --depth 4 --rule srbp --c 1,-1/2,2,3 --init 1,-1,1/7,2 --alpha 3 --beta 1/3
limit chain --depth 6 --init 1/2,-1/2,1/2,-1/2,1/2,1/2 --rates 1,2,1/3,1,1,5
limit chain --depth 10 --init 0.1,0.2,-0.3,0.4,0.5,-0.6,0.7,0.8,0.9,1.1
limit chain --depth 16 --init random:3
limit chain --alpha 0 --init 1,1
limit chain --rule srbp --c 1,0,1 --init 1/2,1,1/2
limit fan --sizes 1,3,1 --c 1,-1,1/2 --init 1/2,-1/4,1/4,1/8,3/4,-1/2
limit fan --sizes 1,2,1 --rule srbp --c 2,-1/3 --rates 1/2,3 --init 1,1,-1,1/5 --alpha -1
limit fan --sizes 1,64,1 --init random:5
multiple-zero chain --init -2,1/2
multiple-zero chain --init -2,1/2 --digits 300
multiple-zero chain --depth 3 --alpha 0 --beta 1 --init 1,1/2,1/8
multiple-zero chain --rule srbp --c 2,3 --beta -1 --alpha 3/2 --init -1,-3/2
blow-up chain --rule srbp --c 1,-1 --init 2,-1
blow-up chain --rule srbp --c 1,1,-1 --init 1/2,1/2,-1 --alpha 2
blow-up chain --beta -1 --alpha 1 --init 1,1
blow-up fan --sizes 1,2,1 --beta -1 --init 1,1/2,1/3,1
autoencoder-limit autoencoder --sizes 3,1,3 --c 1,-2,1/2 --init .3,.1,-.4,.2,-.1,.6
autoencoder-limit autoencoder --sizes 2,1,2 --rule srbp --c 1/3,-5 --init -1,2,0,0
autoencoder-limit autoencoder --sizes 12,1,12 --init random:2 --digits 100
stability chain --init 1,1
stability chain --rule bp --init 2,1/2
stability chain --rule arbp --depth 3 --init 1,1,1,1/2,1/3
stability fan --sizes 1,2,1 --init 1/2,1/2,1,1
stability hidden --sizes 2,2,2 --init 1,0,0,1,1,0,0,1
stability hidden --sizes 2,3,2 --sigma-ii 2,1/2,1/2,1 --sigma-ti 2,1/2,1/2,1 --init 1,0,1/2,1,0,1/3,1,0,0,-1/2,1,0 --c 1,1/4,1/2,1,1/3,-1/5
stability deep --sizes 2,2,2,2 --init 1,0,0,1,1,0,0,1,1,0,0,1
orbit-trap hidden --sizes 2,2,2 --init 1/2,-1/5,1/10,3/10,1/10,2/5,-3/10,1/5
orbit-trap chain --rule bp --depth 4 --init 1,1/2,-1,1/3
orbit-trap chain --rule arbp --depth 3 --init 1/2,1/3,1,2,1/2
orbit-trap chain --rule asrbp --depth 4 --init 1/2,1/3,1,1/2,1,1,1
orbit-trap fan --sizes 1,2,1 --rule bp --init 1,1/2,1/3,1/4
first-integral chain --depth 3 --integrals --laws
first-integral chain --depth 4 --rule asrbp --integrals --degree 3 --laws
first-integral chain --depth 3 --rule bp --rates 1,2,1/3 --integrals
first-integral hidden --sizes 2,2,2 --integrals --degree 4 --laws
first-integral fan --sizes 1,2,1 --c 2/3,-5 --integrals
first-integral autoencoder --sizes 3,1,3 --integrals
first-integral deep --sizes 2,1,2,2 --rule srbp --integrals --laws
integral chain --integral 1/2*a1^2-a2*c1
integral chain --c 3 --integral a1^2-6*a2
CASES

# ---- in print

check "prove --out" gives 0 "$settle" prove chain --init -2,1 --out printed
check "names the file" prints '^certificate  *printed/limit\.certificate$'
check "prints the claim" prints '^claim  *chain A\[1,1,1\] under rbp: the trajectory from the start converges exponentially'
claim=$(sed -n 's/^claim //p' printed/limit.certificate)
check "which is that of the checker" gives 0 "$checker" printed/limit.certificate
check "letter by letter" test "$(cat "$out")" = "accepted printed/limit.certificate: $claim"
check "again into the same folder" gives 0 "$settle" prove chain --init -2,1/2 --out printed
check "the old certificate is gone" test ! -e printed/limit.certificate
check "and the new one is there" test -s printed/multiple-zero.certificate

# ---- what has no kind: the folder holds the answer

# The file and what --json printed, but for the time that it took to save.
same_answer() { holds . "$out" && [ "$(jq -S . "$out")" = "$(jq -S . "$1/answer.json")" ]; } # DIRECTORY
whole() { # FILTER ARGUMENT ...: every file of the manifest is there and as it was written
    "$settle" prove "${@:2}" --out answered --json > "$out" 2> "$err" < /dev/null
    same_answer answered && holds "$1" answered/answer.json || return 1
    jq -r '.outputs | to_entries[] | "\(.value)  answered/\(.key)"' answered/manifest.json | sha256sum --check --quiet -
}
check "the answer of a limit" whole '.certificate == "limit.certificate" and .ending == "settled"' chain --init -2,1
check "of an orbit" whole '.certificate == "orbit-trap.certificate"' hidden --sizes 2,2,2 --init 1/2,-1/5,1/10,3/10,1/10,2/5,-3/10,1/5
check "of a search" whole '.integrals | length == 1' chain --integrals
check "of one without a polynomial field" whole ".integrals == null and (.reason | length > 0)" "$here/tests/examples/tanh_chain.ode" --integrals
check "of a box" whole '.certificate == "box.certificate"' chain --within 1/10
check "of a box that has none" whole '.certificate == null and (.reason | length > 0)' fan --sizes 1,2,1 --within 1/10
check "of a theorem" whole '.verdict == "proved"' t4-converges
check "of a theorem without an exact proof" whole '.verdict == "undecided"' t4-rate

check "a saddle under bp" gives 0 "$settle" prove chain --rule bp --init 1/2,-1/2 --out none
check "has none, because" prints '^certificate  *none, because the format has no exact kind for rules without fixed feedback$'
check "powers" gives 0 "$settle" prove chain --activation power --mu 2 --init 1/2,1/2 --out none --json
check "null in JSON" says '.certificate == null'
check "no certificate" test "$(ls none)" = "$(printf '%s\n' answer.json manifest.json)"
check "but the answer, as printed" same_answer none
check "a rate of zero" gives 0 "$settle" prove chain --rates 0,1 --init 1/2,1/3 --out none
check "has none" prints '^certificate  *none, because the format has positive learning rates only$'
check "a rate of zero at rest" gives 0 "$settle" prove chain --rates 0,1 --init 1,1 --out none
check "has none" prints '^certificate  *none, because the format has positive learning rates only$'
check "the line of the feedback" gives 0 "$settle" prove autoencoder --sizes 2,1,2 --c 0,0 --init 1,2,3,4 --out none
check "has none" prints '^certificate  *none, because the format has no kind for a start on the line of the feedback$'
check "growth" gives 0 "$settle" prove chain --rule srbp --c 1,0,1 --init 1/2,0,1/2 --out none
check "has none" prints '^certificate  *none, because the format has no kind for growth'
check "a saddle at rest" gives 0 "$settle" prove chain --init -1,-1 --out none
check "has none, either" prints '^certificate  *none, because'
check "undecided" gives 3 "$settle" prove chain --lambda 1/8 --out none
check "writes the answer" test "$(ls none)" = "$(printf '%s\n' answer.json manifest.json)"
check "with the reason" holds '.ending == "undecided" and .limit == null and (.reason | length > 0)' none/answer.json
check "which a report tells" gives 0 "$settle" report none
check "by name" grep -q "<dd[^>]*>undecided</dd>" none/report.html
check "a number with more digits than the format has" \
    gives 0 "$settle" prove chain --init "1.$(printf '%011000d' 7),1" --out none
check "has none" prints '^certificate  *none, because a number has more than 20000 digits$'

# ---- folders that cannot be written

touch taken
check "--out of a file" gives 2 "$settle" prove chain --out taken
check "is one line" one_line
check "and nothing else" silent
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked && chmod a-w locked
    check "--out of a folder that is read-only" gives 2 "$settle" prove chain --out locked/proof
fi
check "--out of nothing" gives 2 "$settle" prove chain --out ''

# ---- alterations, with a digest of their own

# NAME FILE COMMAND...: the file, altered by the command, is rejected; an unaltered one shows that digests are right
sealed() {
    local from=$1
    shift
    "$@" < "$from" | sed '/^end /d' > altered
    printf 'end %s\n' "$(sha256sum < altered | cut -d' ' -f1)" >> altered
}
rejects() {
    sealed "$@"
    cmp -s altered "$1" && { echo "# not altered: $*"; return 1; }
    gives 1 "$checker" altered || return 1
    prints '^rejected altered: '
}
accepts_as_it_is() {
    sealed "$1" cat
    cmp -s altered "$1" && gives 0 "$checker" altered
}
rm -rf simple double escape lone still laws
"$settle" prove chain --init -2,1 --out simple > "$out"
"$settle" prove chain --init -2,1/2 --out double > "$out"
"$settle" prove chain --rule srbp --c 1,-1 --init 2,-1 --out escape > "$out"
"$settle" prove autoencoder --sizes 2,1,2 --c 1,-2 --init .3,.1,.2,.5 --out lone > "$out"
"$settle" prove hidden --sizes 2,2,2 --init 1,0,0,1,1,0,0,1 --out still > "$out"
"$settle" prove chain --depth 3 --c 2,-1 --integrals --out laws > "$out"
simple=simple/limit.certificate double=double/multiple-zero.certificate
escape=escape/blow-up.certificate lone=lone/autoencoder-limit.certificate still=still/stability.certificate
laws=laws/first-integral.certificate all=laws/first-integral-any.certificate
for file in "$simple" "$double" "$escape" "$lone" "$still" "$laws" "$all"; do
    check "$file, sealed again" accepts_as_it_is "$file"
done

# The line KEYWORD with its cells altered by an awk statement, numbers read by their decimal values
cell() { awk -v key="$1" "\$1 == key { $2 } { print }"; }

check "another direction" rejects "$simple" sed 's/^direction +/direction -/'
check "another start" rejects "$simple" sed 's/^start -2 1$/start -2 2/'
check "another feedback" rejects "$simple" sed 's/^feedback 1 1$/feedback -1 1/'
check "another rule in the claim" rejects "$simple" sed '/^claim/s/rbp/srbp/'
check "a stronger claim" rejects "$simple" sed '/^claim/s/exponentially/in finite time/'
check "the bracket swapped" rejects "$simple" cell bracket 't = $2; $2 = $3; $3 = t'
check "a bracket without the zero" rejects "$simple" cell bracket '$3 = "57/16"'
check "break points in another order" rejects "$simple" cell free 't = $2; $2 = $3; $3 = t'
check "the limit box without its first side" rejects "$simple" cell limit '$2 = "7/4:14/8"'
check "the limit box shifted" rejects "$simple" cell limit '$2 = "16/9:9/5"'
check "the sides of the box exchanged" rejects "$simple" cell limit 't = $2; $2 = $3; $3 = t'
check "a zero that is beside it" rejects "$simple" cell zero '$2 = "7/2"; $3 = "29/8"'
check "too large a rate" rejects "$simple" cell rate '$2 = "37/10"'
check "a rate of zero" rejects "$simple" cell rate '$2 = "0"'
check "a number that is not in lowest terms" rejects "$simple" cell rate '$2 = "2/4"'
check "a line twice" rejects "$simple" sed '/^rate/p'
check "a line left out" rejects "$simple" sed '/^rate/d'
check "another kind" rejects "$simple" sed 's/^kind limit/kind multiple-zero/'
check "a simple zero called double" rejects "$double" cell factor '$2 = "3"'
check "another factor" rejects "$double" cell factor '$3 = "-2"'
check "start beyond the double zero" rejects "$double" sed 's/^start -2 1\/2$/start -2 3\/4/'
check "an earlier blow-up" rejects "$escape" cell time '$2 = "1/4:37/125"'
check "a later blow-up" rejects "$escape" cell time '$2 = "297/1000:1/3"'
check "a blow-up in the other direction" rejects "$escape" sed 's/^direction +/direction -/'
check "the other feedback" rejects "$escape" sed 's/^feedback 1 -1$/feedback 1 1/'
check "another zero of the autoencoder" rejects "$lone" cell zero '$2 = "1/100"; $3 = "1/50"'
check "correlated inputs" rejects "$lone" sed 's/^sigma-ii 1 0 0 1$/sigma-ii 1 1\/2 1\/2 1/'
check "too fast a decay" rejects "$still" cell rate '$2 = "2"'
check "a singular norm" rejects "$still" cell norm '$2 = "0"'
check "a start beside the fixed point" rejects "$still" sed '/^start/s/ 1$/ 2/'
check "another coefficient" rejects "$laws" sed '0,/^integral.*/s//integral a1^2 - 3*a2/'
check "an integral left out of the complete list" rejects "$laws" sed '0,/^integral/{/^integral/d}'
check "a larger degree" rejects "$laws" sed 's/^complete 2 /complete 1 /'
check "no prime" rejects "$laws" sed 's/^\(complete 2\) .*/\1 4611686018427387903/'
check "another feedback" rejects "$laws" sed '/^feedback/s/ 2/ 3/'
check "an unknown that is none" rejects "$laws" sed '0,/^integral.*/s//integral b1/'
check "for all feedback what holds for one" rejects "$laws" sed 's/^feedback .*/feedback any/'
check "for all feedback with another power" rejects "$all" sed '/^integral/s/c1/c1^2/'
head -c 400 "$simple" > altered
check "half a file" gives 1 "$checker" altered
sed 's/^rate .*/rate 1/' "$simple" > altered
check "a true claim under another digest" gives 1 "$checker" altered
finish
