#!/usr/bin/env bash
# settle-check: the certificates of tests/certificates are accepted, and altered ones are rejected for the right reason.
#
# NAME.alter beside NAME.cert has a line for each alteration: the reason, a tab, and a sed script that makes it.  The
# hash is made anew, so that the alteration itself must be found.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, out, err; check calls by name
root=$(cd "$(dirname "$0")/../.." && pwd) # before tap changes the folder
. "$(dirname "$0")/tap"
checker=${SETTLE_CHECK:-$root/build/settle-check}
certificates=$root/tests/certificates

sign() { printf 'end %s\n' "$(sha256sum "$1" | cut -d ' ' -f 1)" >> "$1"; } # FILE without its last line
claim_of() { sed -n 's/^claim //p' "$1"; }
is_whole() { [ "$(cat "$out")" = "accepted $1: $(claim_of "$1")" ]; }
rejects() { # REASON: a whole one, or one up to ", line"
    local line
    line=$(cat "$out")
    [[ $line == "rejected altered: $1" || $line == "rejected altered: $1, line "* ]]
}

# alter BASE SCRIPT: writes `altered`; fails if nothing changes.
alter() {
    sed '$d' "$1" > body
    sed -E "$2" body > altered || return 1
    ! cmp -s body altered || return 1
    sign altered
}

for base in "$certificates"/*.cert; do
    check "$(basename "$base")" gives 0 "$checker" "$base"
    check "$(basename "$base"): the claim" is_whole "$base"
done

alterations=0
for base in "$certificates"/*.cert; do
    [ -e "${base%.cert}.alter" ] || continue
    while IFS=$'\t' read -r reason script; do
        name="$(basename "$base"): $script"
        check "$name" alter "$base" "$script"
        check "$name is rejected" gives 1 "$checker" altered
        check "$name: $reason" rejects "$reason"
        alterations=$((alterations + 1))
    done < <(grep -v '^#' "${base%.cert}.alter")
done
check "altered certificates: $alterations" test "$alterations" -ge 40

# what the hash is for
base=$certificates/stability.cert
stale() { # REASON SCRIPT
    sed -E "$2" "$base" > altered
    check "without a new hash: $2" gives 1 "$checker" altered
    check "without a new hash: $1" rejects "$1"
}
stale 'the SHA-256 is not that of the text' 's/^rate 19.10/rate 18\/10/'
stale 'the SHA-256 is not that of the text' 's/^# .*/# another comment/'
stale 'the SHA-256 is not that of the text' 's/^end ./end g/'
stale 'the last line is not `end` and a SHA-256' '$d'
stale 'the last line is not `end` and a SHA-256' 's/^(end .*)$/\1 /;s/ $/0/'
stale 'the last line is not `end` and a SHA-256' 's/^end (.*).$/end \1/'
stale 'the last line is not `end` and a SHA-256' 's/^end/END/'
stale 'the first line is not `rigor-certificate 1`' '1d'
stale 'the SHA-256 is not that of the text' '$p'
head -c 200 "$base" > altered
check "a file cut short" gives 1 "$checker" altered
check "a file cut short: the reason" rejects "the last line has no newline"
: > altered
check "an empty file" gives 1 "$checker" altered
check "an empty file: the reason" rejects 'the first line is not `rigor-certificate 1`'
printf 'rigor-certificate 1\n' > altered
check "a first line alone" gives 1 "$checker" altered
check "a first line alone: the reason" rejects 'the last line is not `end` and a SHA-256'

# what the fuzzer has found worth keeping, signed
mkdir corpus
for seed in "$root"/tests/fuzz/corpus/*; do
    sed '$d' "$seed" > "corpus/${seed##*/}"
    sign "corpus/${seed##*/}"
done
verdicts() { [ "$(grep -a -c -E '^(accepted|rejected) corpus/' "$out")" -eq "$(find corpus -type f | wc -l)" ]; }
check "the fuzzer's corpus" gives 1 "$checker" corpus/*
check "the fuzzer's corpus: a verdict for each" verdicts
check "the fuzzer's corpus: nothing else" quiet

# few bytes, long work: sums of fractions whose denominators have nothing in common
white() { # N: the unit matrix, row by row
    local i j
    for ((i = 0; i < $1; i++)); do
        for ((j = 0; j < $1; j++)); do printf ' %d' $((i == j)); done
    done
}
fractions() { # FROM COUNT
    local i
    for ((i = $1; i < $1 + $2; i++)); do printf ' 1/1%08999d' "$i"; done
}
{
    printf 'rigor-certificate 1\nclaim long\nfamily autoencoder\nrule srbp\nsizes 64 1 64\n'
    printf 'sigma-ii%s\nsigma-ti%s\nfeedback%s\n' "$(white 64)" "$(white 64)" "$(fractions 0 64)"
    printf 'rates 1 1\nstart%s\nkind autoencoder-limit\nzero 1 2\n' "$(fractions 64 128)"
    printf 'limit%s\n' "$(printf ' 0:1%.0s' {1..128})"
} > altered
sign altered
check "long numbers" gives 1 "$checker" altered
check "long numbers: their work is counted" rejects 'the check takes too long'

# the program
other=$certificates/leading.cert
check "two files, one bad" gives 1 "$checker" "$base" altered "$other"
check "two files, one bad: three lines" test "$(wc -l < "$out")" -eq 3
check "--quiet" gives 0 "$checker" --quiet "$base" "$other"
check "--quiet is" silent
check "--quiet with a bad file" gives 1 "$checker" --quiet "$base" altered
check "--quiet still says what is rejected" test "$(wc -l < "$out")" -eq 1
check "a file that is not there" gives 2 "$checker" "$base" nowhere
check "a file that is not there: named" complains 'nowhere'
check "a file that is not there: the others are checked" prints '^accepted'
check "a directory" gives 2 "$checker" .
check "a directory: why" complains 'cannot be read: Is a directory'
check "no file" gives 2 "$checker"
check "an unknown option" gives 2 "$checker" --unknown
check "an unknown option: one line" one_line
check "--help" gives 0 "$checker" --help
check "--help has an example" prints 'settle-check proofs/'
check "--version" gives 0 "$checker" --version
check "--version names the format" prints 'rigor-certificate 1'
check "a full disk is no acceptance" gives 2 sh -c "\"$checker\" \"$base\" > /dev/full"
finish
