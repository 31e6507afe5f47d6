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

"$settle" explore chain --quiet > "$top/address" 2> "$err" &
server=$!
trap 'kill $server 2> /dev/null; chmod -R u+w "$top"; rm -rf "$top"' EXIT
for _ in $(seq 100); do
    grep -q '^http' "$top/address" && break
    sleep 0.1
done
address=$(grep -o 'http://[^ ]*' "$top/address")
check "the program serves" test -n "$address"
check "a page of its own is written" gives 0 "$settle" explore chain --offline offline.html

mkdir "$top/profile"
node "$here/explore_browser.js" "$chromium" "$top/profile" "$settle" "$address" "$PWD/offline.html" ${pictures:+"$pictures"} \
    > "$top/looked"
cat "$top/looked"
faults=$((faults + $(grep '^not ok' "$top/looked" | grep -c -v '# SKIP')))
check "the browser has looked at everything" grep -q '^ok - the browser has looked at everything' "$top/looked"
kill "$server"
wait "$server"
check "the server ends when told" test $? -eq 0
finish
