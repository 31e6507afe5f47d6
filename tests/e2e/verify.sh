#!/usr/bin/env bash
# settle verify: verdicts, JSON, store, resume, interrupts.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

theorem='["id","source","hypotheses","statement","verdict","trials","failures","undecided","worst","bound",
"failure_measure_below","confidence","control","witness","seconds","reason","sweep","exact","proof","certificate"]'

check "one theorem" gives 0 "$settle" verify t2-converges --trials 20 --json
check "the keys are those of the contract, in order" \
    says "keys_unsorted == [\"theorems\",\"trajectories\",\"seconds\",\"exit\"]"
check "and those of a theorem" says ".theorems[0] | keys_unsorted == $theorem"
check "it is proved" says '.theorems[0].verdict == "proved" and .theorems[0].failures == 0'
check "by an argument that fails without its hypothesis" \
    says '.theorems[0].proof | .label == "UN3" and .fails_without and .gap == null and .steps > 20'
check "a theorem without a proof" gives 0 "$settle" verify t4-rate --trials 5 --json
check "is supported" says '.theorems[0] | .verdict == "supported" and .proof == null and .certificate == null'
check "once more" gives 0 "$settle" verify t2-converges --trials 20 --json
check "its control is refuted" says '.theorems[0].control.verdict == "refuted"'
# 1 - 0.05^(1/n), Clopper and Pearson; n is the number of drawn instances, 12 are boundary cases
bound='.theorems[0].failure_measure_below as $p | (1 - ((0.05 | log) / (N - 12) | exp) - $p) | fabs < 1e-12'
check "the bound on the failure measure is that of the sweep" \
    says "${bound/N/.theorems[0].sweep.instances}"
check "nothing is written" nothing_here
check "nothing on stderr" quiet
sweep='["instances","settled","left_to_referee","both","disagreements","undecided_for_referee","limits_apart",
"not_agreed_below","control_fails"]'
check "the keys of a sweep" says ".theorems[0].sweep | keys_unsorted == $sweep"
check "its starts are settled or left" \
    says '.theorems[0].sweep | .settled + .left_to_referee == .instances and .settled > 0.9 * .instances'
check "both methods agree, and on the control" \
    says '.theorems[0].sweep | .disagreements == 0 and .both >= 15 and .limits_apart < 1e-12 and .control_fails'
check "without a sweep" gives 0 "$settle" verify t2-converges --trials 20 --sweep 0 --json
check "there is none" says '.theorems[0].sweep == null and .theorems[0].trials == 20'
check "and the bound is that of the trials" says "${bound/N/20}"
check "--sweep and --recheck" gives 0 "$settle" verify t2-converges --trials 20 --sweep 200 --recheck 1 --json
check "all are run by both" says '.theorems[0].sweep | .instances == 200 and .both == .settled'
check "a theorem that asks for the way has no sweep" gives 0 "$settle" verify t2-rate --trials 5 --json
check "null" says '.theorems[0].sweep == null'

check "a false published statement" gives 0 "$settle" verify t2-sign-change-published --json
check "is refuted as recorded" says '.theorems[0].verdict == "refuted" and .exit == 0'
witness=$(jq -r '.theorems[0].witness' "$out")
# shellcheck disable=SC2086 # words
check "its witness is one command" gives 0 "${settle}" ${witness#settle }

check "all theorems" gives 0 "$settle" verify --trials 25 --out whole --seed 2
check "how many were swept, and run by both" \
    prints '^swept: [0-9]* instances, [0-9]* settled by the sweeper; both: [0-9]* of these run by the referee, too: 0 disagree'
check "the table has every theorem" test "$("$settle" list theorems --json | jq '.theorems | length')" \
    -eq "$(grep -c 'as recorded  ' "$out")"
# what follows is repeated several times: the theorems of chains are enough
mapfile -t some < <("$settle" list theorems --json | jq -r '.theorems[].id | select(test("^(t[1-4]|decay)-"))')
check "the theorems of chains" gives 0 "$settle" verify "${some[@]}" --trials 25 --out all --seed 3
for file in store.sqlite theorems.tsv {limits,rates,exponents}.tsv limits.pdf rates.svg exponents.png manifest.json; do
    check "leaves $file" test -s "all/$file"
done
check "exponents are measured near the predicted ones" awk '
    /^t/ { n++; if (($2 - $3)^2 > .01 * $2^2) bad = 1 } END { exit bad || n < 25 }' all/exponents.tsv
check "and those of one value stand above its name" bash -c "grep -q '\"−1/2\"\|\"..−1/2\"' all/exponents.gp"
check "leaves no journal" test ! -e all/store.sqlite-wal
check "the hashes are those of the files" bash -c "cd all &&
    jq -r '.outputs | to_entries[] | .value + \"  \" + .key' manifest.json | sha256sum --check --quiet"

# proofs are stored, with their files
query() { sqlite3 all/store.sqlite "$1"; }
check "a proof with its argument and its file" \
    test "proved|UN3|1|t3-converges-3.certificate" = "$(query "select proof, proved_by, proof_control_fails, certificate
    from theorem where id = 't3-converges'")"
check "every exact verdict has one" test 0 -eq "$(query "select count(*) from theorem
    where verdict in ('proved', 'certified') and (proved_by is null or certificate is null)")"
check "what is supported has none" test 0 -eq "$(query "select count(*) from theorem
    where verdict = 'supported' and proved_by is not null")"
check "a witness in exact numbers" \
    test "refuted|UN11" = "$(query "select proof, proved_by from theorem where id = 't2-sign-change-published'")"
check "the files are there" bash -c 'cd all && for f in $(sqlite3 store.sqlite "select certificate from theorem
    where certificate is not null"); do test -s "$f" || exit 1; done'
check "and in the table, with the argument" grep -q -P "^t4-converges\tproved\tproved.*\tUN3\tt4-converges-24.certificate\t" all/theorems.tsv
check "the steps, too" grep -q "^shown L = 24: " all/t4-converges.proof
checker=${settle%/*}/settle-check
# shellcheck disable=SC2086 # words
check "settle-check accepts the certificates" bash -c "'$checker' all/*-converges-*.certificate"

# both verdicts are stored
query() { sqlite3 all/store.sqlite "$1"; }
check "both verdicts of every trial that the sweeper settles" test 0 -eq "$(query "select count(*) from sample
    where both < (select count(*) from start where start.theorem = sample.theorem and agreement = 'agree')")"
check "a verdict of one method is compared with nothing" test 0 -eq "$(query "select count(*) from start
    where (sweeper is null or referee is null) != (agreement is null)")"
check "a pair of verdicts, with its distance and its stream" test 0 -lt "$(query "select count(*) from verdicts
    where sweeper = 'settled' and referee = 'settled' and agreement = 'agree' and distance < 1e-10
    and seed = '3' and length(stream) = 16 and sweeper_finding = referee_finding")"
check "no methods disagree" test 0 -eq "$(query "select sum(disagreements) from sample")"
dump() { sqlite3 "$1/store.sqlite" 'select * from sample order by 1; select * from start order by 1, 2'; }
dump all > all.dump

# the number of threads changes nothing
check "one thread" gives 0 "$settle" verify "${some[@]}" --trials 25 --out one --seed 3 --threads 1
for table in theorems limits rates exponents; do
    check "gives the same $table.tsv" cmp "all/$table.tsv" "one/$table.tsv"
done
dump one > one.dump
check "gives the same verdicts" cmp all.dump one.dump

# resume: nothing is repeated, and other parameters are refused
check "--resume" gives 0 "$settle" verify "${some[@]}" --trials 25 --out all --seed 3 --resume --json
check "is complete" says ".theorems | length == ${#some[@]}"
check "--resume with another seed" gives 2 "$settle" verify "${some[@]}" --trials 25 --out all --seed 4 --resume
check "is refused in one line" one_line
check "--resume with another sweep" gives 2 "$settle" verify "${some[@]}" --trials 25 --sweep 7 --out all --seed 3 --resume
check "is refused, too" complains 'another seed, number of trials, sweep or tolerance'

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
for table in theorems limits rates exponents; do
    check "ends with the same $table.tsv" cmp "all/$table.tsv" "cut/$table.tsv"
done
dump cut > cut.dump
check "ends with the same verdicts" cmp all.dump cut.dump

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
dump dead > dead.dump
check "ends with the same verdicts" cmp all.dump dead.dump
# and in the middle of one sweep: nothing of it is there, and all of it in the end
long=(verify t4-converges --trials 25 --sweep 60000 --seed 3)
killed_in_a_sweep() {
    "$settle" "${long[@]}" --out mid > "$out" 2> "$err" &
    local child=$!
    for _ in $(seq 200); do
        [ -s mid/store.sqlite ] && break
        sleep 0.01
    done
    sleep 0.2
    kill -KILL "$child"
    wait "$child" 2> /dev/null
    [ ! -e mid/theorems.tsv ] || return 1
    "$settle" "${long[@]}" --out mid --resume > "$out" 2> "$err" &&
        "$settle" "${long[@]}" --out straight > "$out" 2> "$err"
}
check "kill -9 in a sweep and --resume" killed_in_a_sweep
check "ends with the same theorems.tsv" cmp mid/theorems.tsv straight/theorems.tsv
dump mid > mid.dump
dump straight > straight.dump
check "ends with the same verdicts" cmp mid.dump straight.dump

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
