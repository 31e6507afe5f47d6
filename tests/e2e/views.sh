#!/usr/bin/env bash
# settle portrait --view ...: files of each view, what its tables must satisfy, and what is refused.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

rows() { awk '!/^#/ && NF' "$@"; }
whole() { # FOLDER NAME: the figure, and a manifest that lists and hashes what is there
    for format in gp pdf png svg; do [ -s "$1/$2.$format" ] || return 1; done
    (cd "$1" && diff <(jq -r '.outputs | keys[]' manifest.json | sort) \
        <(find . -type f ! -name manifest.json -printf '%P\n' | sort) &&
        jq -r '.outputs | to_entries[] | .value + "  " + .key' manifest.json | sha256sum --check --quiet)
}

# --- planes -----------------------------------------------------------------------------------
# c1 = 0: a1' = 0, a2' = a1 e, so that the line a1 = 0 is at rest although e = 1 there
check "a plane with frozen weights" gives 0 "$settle" portrait chain --c 0 --out frozen
check "has the frozen line" awk '!/^#/ && NF == 2 { n++; if ($1 ^ 2 > 1e-20) exit 1; if ($2 ^ 2 > 8.9) far++ }
    END { exit !(n > 100 && far >= 2) }' frozen/portrait-neutral.tsv
check "which is not on the attracting curve" \
    awk '!/^#/ && NF == 2 && ($1 * $2 - 1) ^ 2 > 1e-20 { exit 1 }' frozen/portrait-attracting.tsv

# the same flow as a chain with its closed forms, and as a network without them
"$settle" portrait chain --c 1 --out closed --quiet
check "a network in its plane" gives 0 "$settle" portrait deep --sizes 1,1,1 --rule rbp --c 1 --out network
check "changes its stability at (-1, -1)" prints '^stability changes  *(-1, -1)$'
ends() { rows "$1/portrait-$2.tsv" | sort -g | sed -n '1p;$p' | awk '{ printf "%.6f %.6f\n", $1, $2 }'; }
for piece in attracting repelling; do
    check "its $piece curve ends where the chain's does" \
        diff <(ends closed "$piece") <(ends network "$piece")
    check "and solves e = 0" awk '!/^#/ && NF == 2 && ($1 * $2 - 1) ^ 2 > 1e-18 { exit 1 }' \
        "network/portrait-$piece.tsv"
done

# A[1,1,1] with adaptive feedback c1 = -1/8: transverse eigenvalue -(a1^2 + c1 a2)
check "a slice of an adaptive chain" \
    gives 0 "$settle" portrait chain --depth 2 --rule arbp --init 1/2,1/4,-1/8 --out slice
check "changes its stability where a1^2 + c1 a2 = 0" prints '^stability changes  *(0.5, 2)$'
check "attracts where a1^2 + c1 a2 > 0" \
    awk '!/^#/ && NF == 2 && $1 ^ 2 - $2 / 8 < -1e-9 { exit 1 }' slice/portrait-attracting.tsv
check "repels where it is < 0" \
    awk '!/^#/ && NF == 2 { n++; if ($1 ^ 2 - $2 / 8 > 1e-9) exit 1 } END { exit !n }' slice/portrait-repelling.tsv
check "the slice across the saddles" \
    gives 0 "$settle" portrait chain --depth 2 --rule arbp --plane a1,c1 --init 1/2,1/4,-1/8 --out across
check "has the saddle" prints '^saddle  *(0, 0)$'

check "an absurd window" gives 0 "$settle" portrait chain --window -1e10,1e10,-1e10,1e10 --out absurd
check "has its numbers in powers of ten" grep -q 'set xtics ("−1" -10000000000' absurd/portrait.gp
check "and no semistable point far from e = 0" bash -c '! grep -q semistable "$1"' - "$out"
check "a long caption is broken into lines" \
    gives 0 "$settle" portrait chain --depth 8 --rule srbp --out long
check "of which none is too long" awk -F '"' '/left font .,7.5/ { gsub(/\{\/:Italic |[{}_]/, "", $2)
    n++; if (length($2) > 64) exit 1 } END { exit !(n > 2) }' long/portrait.gp

# --- space ------------------------------------------------------------------------------------
check "a view in space" \
    gives 0 "$settle" portrait chain --depth 2 --rule arbp --plane a1,a2,c1 --init 1/2,1/4,-1/2 --out space
check "makes its files" whole space space
check "the start with a1 = -c1 ends at a saddle" prints '1 at saddles'
check "attracting points solve a1 a2 = 1, a1^2 + c1 a2 >= 0" awk '!/^#/ && NF == 3 { n++
    if (($1 * $2 - 1) ^ 2 > 1e-18 || $1 ^ 2 + $3 * $2 < -1e-9) exit 1 } END { exit !(n > 500) }' \
    space/space-attracting.tsv
check "repelling points solve a1 a2 = 1, a1^2 + c1 a2 <= 0" awk '!/^#/ && NF == 3 { n++
    if (($1 * $2 - 1) ^ 2 > 1e-18 || $1 ^ 2 + $3 * $2 > 1e-9) exit 1 } END { exit !(n > 100) }' \
    space/space-repelling.tsv
check "saddles fill a1 = c1 = 0 from side to side" awk '!/^#/ && NF == 3 { n++
    if ($1 ^ 2 + $3 ^ 2 > 1e-18) exit 1; if ($2 == -3) low++; if ($2 == 3) high++ }
    END { exit !(n > 50 && low && high) }' space/space-saddles.tsv
check "limits are on the surface" awk '!/^#/ && NF == 3 { n++; if (($1 * $2 - 1) ^ 2 > 1e-10) exit 1 }
    END { exit !n }' space/space-limits.tsv
check "trajectories keep c1 - a2 and a1^2 - c1^2" awk '
    !/^#/ && NF < 4 { started = 0 }
    !/^#/ && NF == 4 { D = $4 - $3; H = $2 ^ 2 - $4 ^ 2
                       if (!started) { D0 = D; H0 = H; started = 1; n++ }
                       if ((D - D0) ^ 2 + (H - H0) ^ 2 > 1e-4) exit 1 } END { exit !(n > 20) }' \
    space/space-trajectories.tsv
check "a box of its own" \
    gives 0 "$settle" portrait chain --depth 3 --rule bp --view space --window -1,2,-2,1,0,2 --starts 3 --out box
check "three trajectories" prints '^trajectories  *3 settled'

# --- directions -------------------------------------------------------------------------------
autoencoder=(portrait autoencoder --sizes "2,1,2" --c "1,0" --view directions)
check "directions of an autoencoder" gives 0 "$settle" "${autoencoder[@]}" --init -2,0,-1,0.7 --out dirs
check "makes its files" whole dirs directions
# reference: roots of x^3/2 - 3 x = 1
check "its limit" prints '^limit  *A = 2.60167913188315'
check "its saddle" prints '^saddle  *A = -2.2618022452599'
check "its repelling point" prints '^repelling  *A = -0.3398768866231'
check "each mark is at rest" awk '/^(limit|saddle|repelling)/ { x = $4; n++
    if ((x ^ 3 / 2 - 3 * x - 1) ^ 2 > 1e-24) exit 1 } END { exit n != 3 }' "$out"
check "one limit is the saddle, the others the attracting point" awk '!/^#/ && NF == 2 {
    if (($1 - 2.601679131883154) ^ 2 + $2 ^ 2 < 1e-10) limits++
    else if (($1 + 2.261802245259972) ^ 2 + $2 ^ 2 < 1e-10) saddles++
    else exit 1 } END { exit !(limits == 16 && saddles == 1) }' dirs/directions-limits.tsv
descends() { awk -v K="$2" -v size="$3" '
    !/^#/ && NF < 3 { started = 0 }
    !/^#/ && NF == 3 { r = $2 ^ 2 + $3 ^ 2; V = -$2 * size + K * r / 2 + r ^ 2 / 8
                       if (started && V > last + 1e-8) exit 1
                       last = V; started = 1; n++ } END { exit !(n > 100) }' "$1"; }
check "V descends along every trajectory: all have one K" descends dirs/directions-trajectories.tsv -3 1
check "correlated inputs" gives 0 "$settle" portrait autoencoder --sizes 3,1,3 --c 1,-2,1/2 \
    --sigma-ii 2,.5,.3,.5,1.5,-.2,.3,-.2,1 --init .3,.1,-.4,.2,-.1,.6 --view directions --out turned
check "leave the plane" prints '^plane  *not invariant'
check "and have the same limit" prints '^limit  *A = 0.625789263962871'
check "other targets" gives 0 "$settle" portrait deep --sizes 3,1,2 --c 1,-1 \
    --sigma-ti 1,0,2,-1,1,0 --view directions --out targets

# --- eigenvalues ------------------------------------------------------------------------------
deep=(portrait deep --sizes "2,2,2" --c "1,-2,1.5,0.5" --view eigenvalues)
check "eigenvalues of A1" gives 0 "$settle" "${deep[@]}" --out spectra
check "make their files" whole spectra eigenvalues
characteristic='FNR == 1 { file++ } /^#/ || !NF { next }
    file == 1 { a[$1] = $2; b[$1] = $3; c[$1] = $4; d[$1] = $5; next }
    { n++; if (!($1 in a)) exit 1
      trace = a[$1] + d[$1]; det = a[$1] * d[$1] - b[$1] * c[$1]
      if (($2 + $4 - trace) ^ 2 > 1e-24 || ($3 + $5) ^ 2 > 1e-24 ||
          ($2 * $4 - $3 * $5 - det) ^ 2 > 1e-20) exit 1 } END { exit !(n > 50) }'
check "solve the characteristic polynomial" \
    awk "$characteristic" spectra/eigenvalues-entries.tsv spectra/eigenvalues-spectrum.tsv
# here two real parts change places on the way
check "eigenvalues of M" \
    gives 0 "$settle" portrait deep --sizes 4,4,4 --c random:3 --view eigenvalues --of M --out crossing
check "curves are not torn where real parts cross" awk '!NF { n = 0 }
    !/^#/ && NF { for (k = 2; k <= NF; k += 2) {
        if (n && ($k - re[k]) ^ 2 + ($(k + 1) - im[k]) ^ 2 > 0.01) exit 1
        re[k] = $k; im[k] = $(k + 1) }
        n++ }' crossing/eigenvalues-spectrum.tsv
check "eigenvalues of P" gives 0 "$settle" "${deep[@]}" --of P --starts 2 --out product
check "are 1 at the limits" awk '!/^#/ && NF == 2 { n++; if (($1 - 1) ^ 2 + $2 ^ 2 > 1e-12) exit 1 }
    END { exit n != 6 }' product/eigenvalues-limits.tsv
for rule in bp rbp arbp sign-symmetry; do
    check "M under $rule" gives 0 "$settle" portrait deep --sizes 3,2,3 --rule "$rule" --view eigenvalues --of M \
        --horizon 100 --out "m-$rule"
done
check "M = A2' A2 under bp: real and not negative" \
    awk '!/^#/ && NF == 5 && ($2 < -1e-12 || $4 < -1e-12 || $3 || $5) { exit 1 }' m-bp/eigenvalues-spectrum.tsv

for view in "chain --depth 2 --rule arbp --view space" "autoencoder --sizes 2,1,2 --view directions" \
    "deep --sizes 2,2,2 --starts 3 --view eigenvalues"; do
    read -r -a words <<< "$view"
    "$settle" portrait "${words[@]}" --seed 7 --out one --quiet
    "$settle" portrait "${words[@]}" --seed 7 --out two --quiet
    check "one seed, the same tables: ${words[-1]}" diff -q -r -x manifest.json -x '*.pdf' one two
done
check "another view replaces the old files" test ! -e one/space.gp

# --- leaves -------------------------------------------------------------------------------------
seven=(portrait chain --depth 3 --rule srbp --alpha 1/10 "--init=-3,3/2,-11/8" --view leaf)
check "a leaf of three layers" gives 0 "$settle" "${seven[@]}" --out seven
check "has seven fixed points, and says so" prints '^fixed points *7 on the leaf, of at most 7'
check "is drawn" test -s seven/leaf.png -a -s seven/leaf.pdf -a -s seven/leaf.svg
check "lists every file" diff <(jq -r '.outputs | keys[]' seven/manifest.json | sort) \
    <(find seven -type f ! -name manifest.json -printf '%P\n' | sort)
check "they are those of the notes, by turns attracting" awk -F '\t' 'BEGIN {
        split("-3.2341 -2.4561 -1.2229 -0.0167 1.2491 2.4428 3.2380", a1, " ") }
    !/^#/ { n++; if (($4 - a1[n]) ^ 2 > 1e-8 || ($4 * $5 * $6 - .1) ^ 2 > 1e-24 || $3 != (n % 2 ? "attracts" : "repels")) exit 1 }
    END { exit n != 7 }' seven/leaf-zeros.tsv
check "the curve is alpha - P on the leaf" awk '!/^#/ { n++; a = -3 + $1; b = -3 + a ^ 2 / 2; c = -2.5 + b ^ 2 / 2
    if ((.1 - a * b * c - $2) ^ 2 > 1e-18 * (1 + $2 ^ 2)) exit 1 } END { exit n < 500 }' seven/leaf.tsv
check "a polynomial" gives 0 "$settle" portrait polynomial --q 0,0,-1,1 --init 1/2 --view leaf --out line
check "attracts from one side" awk -F '\t' '!/^#/ && $1 == 0 && $2 == 2 && $3 == "attracts from above" { n++ }
    END { exit n != 1 }' line/leaf-zeros.tsv
check "the critical leaf" gives 0 "$settle" portrait chain --init -2,1/2 --view leaf --out critical
check "attracts from the other" prints 's = 1, attracts from below, a multiple zero'

# --- what is refused ----------------------------------------------------------------------------
mkdir "$top/empty"
cd "$top/empty" || exit 1
refused() { # PATTERN ARGUMENT ...
    local pattern=$1
    shift
    gives 2 "$settle" portrait "$@" && one_line && complains "$pattern" && silent && nothing_here
}
check "an unknown view" refused 'did you mean space' chain --view spac
check "an unknown unknown" refused 'no unknown .a9' chain --depth 3 --plane a1,a2,a9
check "two equal names" refused 'twice' chain --depth 3 --plane a1,a2,a1
check "four names" refused 'expected 2' chain --depth 4 --plane a1,a2,a3,a4
check "two names in space" refused 'expected 3' chain --depth 3 --view space --plane a1,a2
check "two unknowns in space" refused 'three unknowns' chain --view space
check "four numbers for a box" refused 'six' chain --depth 3 --view space --window 0,1,0,1
check "six numbers for a plane" refused 'four' chain --window 0,1,0,1,0,1
check "an empty box" refused 'empty' chain --depth 3 --view space --window 0,1,0,1,1,1
check "a matrix that is not square" refused 'A1 is 3 x 2' deep --sizes 2,3,2 --view eigenvalues --of A1
check "a map that is not square" refused 'P is 4 x 2' deep --sizes 2,3,4 --view eigenvalues --of P
check "an unknown matrix" refused 'no matrix' deep --sizes 2,2,2 --view eigenvalues --of A2
check "no M with one layer" refused 'has no M' deep --sizes 2,2 --view eigenvalues --of M
check "eigenvalues of a chain" refused 'no matrices' chain --view eigenvalues
check "directions of two hidden units" refused 'A\[N0,1,N2\]' deep --sizes 3,2,3 --view directions
check "directions of a chain" refused 'A\[N0,1,N2\]' chain --view directions
check "directions without fixed feedback" refused 'fixed feedback' deep --sizes 3,1,3 --rule bp --view directions
check "directions under decay" refused 'without decay' deep --sizes 3,1,3 --lambda 0.1 --view directions
check "directions without a direction" refused 'C W = 0' deep --sizes 3,1,3 --c 0,0,0 --view directions
check "a leaf under bp" refused 'leaves are those of chains' chain --rule bp --view leaf
check "a leaf under decay" refused 'view leaf is exact' chain --lambda 1/2 --view leaf
check "a leaf of a network" refused 'leaf' deep --sizes 2,2,2 --view leaf
check "starts on a leaf" refused 'has no --starts' chain --view leaf --starts 4
check "an option of another view" refused 'has no --of' chain --depth 3 --view space --of A1
check "a plane for eigenvalues" refused 'has no --plane' deep --sizes 2,2,2 --view eigenvalues --plane A1_1_1,A1_1_2
finish
