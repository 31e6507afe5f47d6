#!/usr/bin/env bash
# settle verify: verdicts, JSON, store, resume, interrupts.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

theorem='["id","source","statement","verdict","trials","failures","worst","bound",
"failure_measure_below","confidence","control","witness","seconds"]'

check "one theorem" gives 0 "$settle" verify t2-converges --trials 20 --json
check "the keys are those of the contract, in order" \
    says "keys_unsorted == [\"theorems\",\"trajectories\",\"seconds\",\"exit\"]"
check "and those of a theorem" says ".theorems[0] | keys_unsorted == $theorem"
check "it is supported" says '.theorems[0].verdict == "supported" and .theorems[0].failures == 0'
check "its control is refuted" says '.theorems[0].control.verdict == "refuted"'
# 1 - 0.05^(1/n), Clopper and Pearson; n is the number of drawn instances, at most 20
check "the bound on the failure measure" \
    says '.theorems[0].failure_measure_below as $p | $p > 0.139 and $p <= 1'
check "nothing is written" nothing_here
check "nothing on stderr" quiet

check "a false published statement" gives 0 "$settle" verify t2-sign-change-published --json
check "is refuted as recorded" says '.theorems[0].verdict == "refuted" and .exit == 0'
witness=$(jq -r '.theorems[0].witness' "$out")
# shellcheck disable=SC2086 # words
check "its witness is one command" gives 0 "${settle}" ${witness#settle }

check "all theorems" gives 0 "$settle" verify --trials 6 --out whole --seed 3
check "the table has every theorem" test "$("$settle" list theorems --json | jq '.theorems | length')" \
    -eq "$(grep -c 'as recorded  ' "$out")"
# what follows is repeated several times: the theorems of chains are enough
mapfile -t some < <("$settle" list theorems --json | jq -r '.theorems[].id | select(test("^(t[1-4]|decay)-"))')
check "the theorems of chains" gives 0 "$settle" verify "${some[@]}" --trials 25 --out all --seed 3
for file in store.sqlite theorems.tsv limits.tsv rates.tsv limits.pdf rates.svg manifest.json; do
    check "leaves $file" test -s "all/$file"
done
check "leaves no journal" test ! -e all/store.sqlite-wal
check "the hashes are those of the files" bash -c "cd all &&
    jq -r '.outputs | to_entries[] | .value + \"  \" + .key' manifest.json | sha256sum --check --quiet"

# the number of threads changes nothing
check "one thread" gives 0 "$settle" verify "${some[@]}" --trials 25 --out one --seed 3 --threads 1
for table in theorems limits rates; do
    check "gives the same $table.tsv" cmp "all/$table.tsv" "one/$table.tsv"
done

# resume: nothing is repeated, and other parameters are refused
check "--resume" gives 0 "$settle" verify "${some[@]}" --trials 25 --out all --seed 3 --resume --json
check "is complete" says ".theorems | length == ${#some[@]}"
check "--resume with another seed" gives 2 "$settle" verify "${some[@]}" --trials 25 --out all --seed 4 --resume
check "is refused in one line" one_line

# the first interrupt saves, --resume ends with the same tables
interrupted() {
    "$settle" verify "${some[@]}" --trials 25 --seed 3 --out cut > "$out" 2> "$err" &
    local child=$!
    for _ in $(seq 200); do
        [ -s cut/store.sqlite ] && break
        sleep 0.01
    done
    sleep 0.3
    kill -INT "$child"
    wait "$child"
    [ $? -eq 3 ]
}
check "an interrupt: exit 3" interrupted
check "one line: how many are saved" one_line
check "and how to go on" complains '^settle verify: interrupted; [0-9]* of [0-9]* theorems saved; --resume goes on$'
check "an unfinished folder has no manifest" test ! -e cut/manifest.json
check "going on" gives 0 "$settle" verify "${some[@]}" --trials 25 --seed 3 --out cut --resume
for table in theorems limits rates; do
    check "ends with the same $table.tsv" cmp "all/$table.tsv" "cut/$table.tsv"
done

# killed at once: the store is whole
killed() {
    "$settle" verify "${some[@]}" --trials 25 --seed 3 --out dead > "$out" 2> "$err" &
    local child=$!
    sleep 0.7
    kill -KILL "$child"
    wait "$child" 2> /dev/null
    "$settle" verify "${some[@]}" --trials 25 --seed 3 --out dead --resume > "$out" 2> "$err"
}
check "kill -9 and --resume" killed
check "ends with the same theorems.tsv" cmp all/theorems.tsv dead/theorems.tsv

# two signals that were sent while the program stood still are delivered one after the other
twice() {
    "$settle" verify --trials 1000000 --out twice > "$out" 2> "$err" &
    local child=$!
    sleep 0.5
    kill -STOP "$child"
    kill -INT "$child"
    kill -TERM "$child"
    kill -CONT "$child"
    wait "$child"
    [ $? -eq 130 ]
}
check "the second interrupt stops at once: exit 130" twice
finish
