#!/usr/bin/env bash
# settle report: the page in headless Chromium: console, filters, overflow, contrast, landmarks, printing.
# It needs chromium and node, which are under [browser] in packages.txt; without them it is skipped.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
here=$(cd "$(dirname "$0")" && pwd)
. "$here/tap"

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -z "$chromium" ] || ! command -v node > /dev/null; then
    echo "not ok 1 # SKIP report_browser: no chromium or no node (scripts/install-dependencies browser)"
    exit 0
fi
theorems=(t1-limit t2-converges t2-sign-change-published t2-sign-change t2-rate t4-converges t5-limit
    networks-bp-riccati hopf-value t11-wrong-sign)
check "a verification" gives 0 "$settle" verify "${theorems[@]}" --trials 4 --sweep 8 --out verification
check "a map with proofs" gives 0 "$settle" basin chain --grid 40x40 --certified --levels 5 --out map
check "a training" gives 0 "$settle" train --rule bp,rbp --trials 2 --epochs 1 --samples 300 --sizes 784,9,8,10 --out training
for folder in verification map training; do
    check "its page" gives 0 "$settle" report "$folder"
done

look() { # FOLDER KIND
    node "$here/report_browser.js" "$chromium" "$top/profile-$2" "$PWD/$1/report.html" "$2" ${PICTURES:+"$PICTURES"} \
        > "$top/looked"
    cat "$top/looked"
    faults=$((faults + $(grep -c '^not ok' "$top/looked")))
    check "the browser has looked at the page of $1" grep -q '^ok - prints to PDF' "$top/looked"
}
look verification claims
look map figures
look training training
finish
