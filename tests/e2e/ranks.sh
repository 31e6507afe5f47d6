#!/usr/bin/env bash
# settle basin in parts, and on the ranks of MPI: the bytes of one rank, whatever the ranks do and suffer.
# shellcheck disable=SC1091,SC2016,SC2054,SC2154,SC2317 # tap: sourced, sets settle, out, err; check
# calls by name; commas are those of lists
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/e2e/tap"
build=${BUILD:-build}

cells() { # FOLDER: the content of its ledger
    sqlite3 "$1/basin.sqlite" 'select number, hex(cells) from tile order by number; select * from parameter'
}
same() { # FOLDER FOLDER: all that is made of the same cells
    cmp <(cells "$1") <(cells "$2") || return 1
    for file in basin.tsv classes.tsv basin.h5 basin.rgb; do
        if [ -e "$1/$file" ]; then cmp "$1/$file" "$2/$file" || return 1; fi
    done
    diff <(jq '.outputs | keys' "$1/manifest.json") <(jq '.outputs | keys' "$2/manifest.json")
}
summary() { jq 'del(.seconds, .trajectories_per_second)' "$out"; }

side=28
[ "$build" = build-san ] && side=20 # sanitizers make it ten times slower
law=(chain --rule kolen-pollack --lambda 1/8 --method rk8pd --window=-2,2,-2,2 --values time) # for the referee
slow=("${law[@]}" --grid "${side}x$side")
quick=(chain --c 1 --window=-3,3,-3,3 --grid 150x150 --values time)
random=(hidden --sizes 2,3,2 --c random:5 --random 150 --init random:1:2 --values time)
lonely=(chain --rule srbp --depth 3 --random 1)

# --- parts ---------------------------------------------------------------------------------------
check "a map by the referee" gives 0 "$settle" basin "${slow[@]}" --out slow --json
summary > slow.json
check "part 1 of 3" gives 0 "$settle" basin "${slow[@]}" --out joined --part 1/3 --json
check "has a ledger and nothing else" test "$(ls joined)" = basin-part-1-of-3.sqlite
check "which it names" says '.part == 1 and .parts == 3 and .files == ["basin-part-1-of-3.sqlite"]'
first=$(jq .trajectories "$out")
check "part 2" gives 0 "$settle" basin "${slow[@]}" --out joined --part 2/3 --json
second=$(jq .trajectories "$out")
check "part 3" gives 0 "$settle" basin "${slow[@]}" --out joined --part 3/3 --json
check "all are the map" test $((first + second + $(jq .trajectories "$out"))) -eq $((side * side))
cp -r joined again
check "joined" gives 0 "$settle" basin "${slow[@]}" --out joined --resume --json
check "with nothing left to compute" says '.trajectories_per_second == null'
check "the same summary" diff <(summary) slow.json
check "and the same files" same slow joined
check "the ledgers of the parts are gone" test -z "$(find joined -name 'basin-part-*')"
rm again/basin-part-2-of-3.sqlite
sqlite3 again/basin-part-3-of-3.sqlite 'delete from tile where number % 2'
check "a killed part goes on" gives 0 "$settle" basin "${slow[@]}" --out again --part 3/3 --resume --json
check "with what it has not" says ".trajectories > 0 and .trajectories < $((side * side - first - second))"
check "what no part has is computed" gives 0 "$settle" basin "${slow[@]}" --out again --resume
check "which makes the same files" same slow again
check "part 1 of 2 of another map" gives 0 "$settle" basin "${slow[@]}" --rtol 1e-9 --out other --part 1/2
check "is not joined" gives 2 "$settle" basin "${slow[@]}" --out other --resume
check "since it differs" complains 'basin-part-1-of-2.sqlite was made with another rtol'
check "and nothing is begun" test "$(ls other)" = basin-part-1-of-2.sqlite
for wrong in 0/2 3/2 1/0 x 1 1/ /2 1/2/3; do
    check "part $wrong" gives 2 "$settle" basin "${slow[@]}" --out wrong --part "$wrong"
    check "is refused in one line" one_line
done
check "a part without a folder is refused" gives 2 "$settle" basin "${slow[@]}" --part 1/2

# --- ranks ---------------------------------------------------------------------------------------
if ! command -v mpicc > /dev/null || ! command -v mpirun > /dev/null; then
    echo "not ok 1 # SKIP settle basin on ranks: mpicc or mpirun is not installed"
    finish
fi
options=(MPI=1)
flags=()
if [ "$build" = build-san ]; then
    options+=(SAN=1)
    flags=(-fsanitize=address,undefined)
    export ASAN_OPTIONS=detect_leaks=0 # those of Open MPI
fi
check "make MPI=1" gives 0 env -u MAKEFLAGS -u MAKELEVEL -u BUILD make -s -C "$root" "${options[@]}"
ranked=$root/$build-mpi/settle
# in a container, as root, on too few cores
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_hwloc_base_binding_policy=none
on() { # RANKS COMMAND ...; quietly, as mpirun comments on every exit status but 0
    local ranks=$1
    shift
    timeout 100 mpirun -q -n "$ranks" "$@"
}
check "without MPI=1 nothing of MPI is linked" bash -c "! ldd '$root/$build/settle' | grep -q libmpi"
check "with it, it is" bash -c "ldd '$ranked' | grep -q libmpi"
check "names of its files" env BUILD="$build-mpi" "$root/scripts/check-names" > "$out"

check "not started by mpirun it is as always" gives 0 "$ranked" basin "${slow[@]}" --json
check "to the byte" diff <(summary) <(jq '.files = []' slow.json)
check "a plane, one rank" gives 0 "$settle" basin "${quick[@]}" --out quick --json
summary > quick.json
check "two ranks" gives 0 on 2 "$ranked" basin "${quick[@]}" --out quick-2 --json
check "the same summary" diff <(summary) quick.json
check "and the same files" same quick quick-2
check "nothing on stderr" quiet
check "by the referee, three ranks" gives 0 on 3 "$ranked" basin "${slow[@]}" --out slow-3 --json
check "the same summary" diff <(summary) slow.json
check "and the same files" same slow slow-3
check "random starts" gives 0 "$settle" basin "${random[@]}" --out random
check "on two ranks" gives 0 on 2 "$ranked" basin "${random[@]}" --out random-2
check "the same files" same random random-2
check "one cell" gives 0 "$settle" basin "${lonely[@]}" --out lonely
check "on two ranks" gives 0 on 2 "$ranked" basin "${lonely[@]}" --out lonely-2
check "the same files" same lonely lonely-2
refined=("${quick[@]}" --refine 2)
check "boundaries refined, one rank" gives 0 "$settle" basin "${refined[@]}" --out quick --resume
check "two ranks" gives 0 on 2 "$ranked" basin "${refined[@]}" --out refined-2
check "the same files" same quick refined-2
check "the same cells of boundaries" cmp quick/refined.tsv refined-2/refined.tsv
check "predictions, beside which cells are checked" gives 0 on 2 "$ranked" basin chain --grid 40x40 --check --json
check "are made as well" says '.check.agree == 1600 and .check.disagree == 0'

# --- kill -9, Ctrl-C -----------------------------------------------------------------------------
partial=0
RANDOM=2
begun() { # FOLDER: waits for the first tiles
    for _ in $(seq 200); do
        [ "$(sqlite3 "$1/basin.sqlite" 'select count(*) > 1 from tile' 2> /dev/null)" = 1 ] && return
        sleep 0.02
    done
}
for ranks in 0 3; do
    folder=killed-$ranks
    mpirun -q -n 2 "$ranked" basin "${slow[@]}" --out $folder > /dev/null 2>&1 &
    victim=$!
    begun $folder
    sleep "$(awk -v r=$RANDOM 'BEGIN { print r / 32768 * 0.3 }')"
    kill -9 $victim 2> /dev/null
    wait $victim 2> /dev/null
    [ -e $folder/manifest.json ] || partial=$((partial + 1))
    if [ $ranks -eq 0 ]; then
        check "a killed mpirun, resumed without ranks" gives 0 "$settle" basin "${slow[@]}" --out $folder --resume
    else
        check "resumed with $ranks" gives 0 on $ranks "$ranked" basin "${slow[@]}" --out $folder --resume
    fi
    check "the same files" same slow $folder
done
check "a kill found work" test $partial -ge 1
OMPI_MCA_odls_base_sigkill_timeout=3 mpirun -q -n 2 "$ranked" basin "${law[@]}" \
    --grid 400x400 --out stopped > "$out" 2> "$err" & # on a machine that is busy, its second of grace may not be enough
victim=$!
begun stopped
kill -INT $victim
wait $victim
check "an interrupt ends all" test $? -ne 0
check "in one line" one_line
check "which says how to go on" complains 'cells saved; --resume goes on'
check "without a manifest" test ! -e stopped/manifest.json
# 64 cells have 5 columns, then their endings: all settle, and one that was cut short would be undecided
check "and no cell that was cut short" test "$(sqlite3 stopped/basin.sqlite "select count(*) > 1,
    sum(substr(cells, 5 * 8 * 64 + 1, 64) <> zeroblob(64)) from tile")" = '1|0'

# --- failures ------------------------------------------------------------------------------------
refused() { # CODE WORDS RANKS COMMAND ...: one line with the words
    local code=$1 words=$2
    shift 2
    check "refused: $words" gives "$code" on "$@"
    check "in one line" one_line
    check "with these words" complains "$words"
}
refused 2 'not a grid' 2 "$ranked" basin chain --grid 5xx
refused 2 "no unknown 'a9'" 2 "$ranked" basin chain --plane a1,a9
refused 2 'cannot create' 2 "$ranked" basin chain --grid 5x5 --out /proc/nowhere
refused 2 'made with another rtol' 2 "$ranked" basin "${slow[@]}" --rtol 1e-9 --out slow --resume
refused 2 'no command' 2 "$ranked" basing
echo 1,2 > there
refused 2 'rank 1 on .*not-there' 2 bash -c \
    '[ "$OMPI_COMM_WORLD_RANK" = 1 ] && set -- "${@/there/not-there}"; exec "$@"' - \
    "$ranked" basin chain --rule srbp --c @there --grid 5x5
refused 2 'rank 1 on .*starts and fields: not those of rank 0' 2 bash -c \
    'exec "$@" --alpha $((OMPI_COMM_WORLD_RANK + 1))' - "$ranked" basin chain --window=-1,1,-1,1 --grid 5x5
refused 4 'basin.sqlite' 2 bash -c 'ulimit -f 200; exec "$@"' - "$ranked" basin "${quick[@]}" --out full
check "other commands: one rank" gives 0 on 2 "$ranked" run chain --init -2,1 --json
check "says it once" says '.ending == "settled"'
check "and that the other is idle" complains 'not parallel over ranks, 1 of them idle'
check "help: one rank" gives 0 on 2 "$ranked" basin --help
check "says it once" test "$(grep -c '^usage' "$out")" -eq 1
if [ "$settle" = "$root/$build/settle" ]; then
    check "without MPI it does not run twice" gives 2 on 2 "$settle" basin chain --grid 5x5 --out twice
    check "and says why" complains 'built without MPI'
    check "and writes nothing" test ! -e twice
fi

# a status on any rank reaches rank 0, with its message, and ends all
check "a program in which ranks fail" gives 0 mpicc -std=c11 -D_POSIX_C_SOURCE=200809L -I"$root" -fopenmp \
    "${flags[@]}" "$root/tests/examples/failing_rank.c" "$root/$build-mpi"/cli/ranks_*.o \
    "$root/$build/libcommands.a" "$root/$build/libsettle.a" -lm -o failing_rank
check "none of them" gives 0 on 3 ./failing_rank -1
check "saves each piece once" prints '^3 ranks, ok: ; 200 pieces saved, [1-9][0-9]* runs here'
check "rank 1" gives 0 on 3 ./failing_rank 1
check "has told why" prints '^3 ranks, failed: rank [12] on .*: no memory for run 3; '
check "rank 0" gives 0 on 3 ./failing_rank 0
check "too" prints '^3 ranks, failed: no memory for run 3; '

finish
