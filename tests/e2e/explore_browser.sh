#!/usr/bin/env bash
# settle explore: the page in headless Chromium: clicks, keys, fingers, sliders within 100 ms, evidence, the copied
# command, the saved figure, contrast, landmarks, and the page of --offline without a network.
# It needs chromium and node, which are under [browser] in packages.txt; without them it is skipped.
# EXPLORE_PARTS="loads picture ..." looks at these parts only; PICTURES=FOLDER keeps screenshots, and explore.png of
# the part `picture` is the one in notes/pictures.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
here=$(cd "$(dirname "$0")" && pwd)
pictures=${PICTURES:+$(realpath "$PICTURES")}
. "$here/tap"

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -z "$chromium" ] || ! command -v node > /dev/null; then
    echo "not ok 1 # SKIP explore_browser: no chromium or no node (scripts/install-dependencies browser)"
    exit 0
fi

servers=()
addresses=
serve() { # SYSTEM [OPTIONS]
    "$settle" explore "$@" --quiet > "$top/address" 2> "$err" &
    servers+=($!)
    for _ in $(seq 100); do
        grep -q 'http://' "$top/address" && break
        sleep 0.1
    done
    addresses+=${addresses:+,}$(grep -o 'http://[^ ]*' "$top/address")
    grep -q 'http://' "$top/address"
}
trap 'kill "${servers[@]}" 2> /dev/null; chmod -R u+w "$top"; rm -rf "$top"' EXIT
check "the program serves a chain" serve chain
check "one with neurons and a limit cycle" serve chain --activation tanh --inputs .61,3.21,3.91 --targets=-1.47,.86,-1.63 \
    --c .8 --window=-1.5,1.5,-1.5,1.5
check "and a flow of one unknown" serve polynomial --q 0,1,0,-1
check "a page of its own is written" gives 0 "$settle" explore chain --offline offline.html

mkdir "$top/profile"
node "$here/explore_browser.js" "$chromium" "$top/profile" "$settle" "$addresses" "$PWD/offline.html" ${pictures:+"$pictures"} \
    > "$top/looked"
cat "$top/looked"
faults=$((faults + $(grep '^not ok' "$top/looked" | grep -c -v '# SKIP')))
check "the browser has looked at everything" grep -q '^ok - the browser has looked at everything' "$top/looked"
for server in "${servers[@]}"; do
    kill "$server"
    wait "$server"
    check "a server ends when told" test $? -eq 0
done
finish
