#!/usr/bin/env bash
# The scripts that guard the house rules are guarded here: each must pass on the project's own layout and
# fail on a planted fault.  Everything happens in a temporary copy; no package is ever installed, since
# apt-get and dpkg-query are played by stand-ins on the PATH.
# shellcheck disable=SC2317 # functions are called by name, through passes() and fails()
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
copy=$(mktemp -d) || exit 1
trap 'rm -rf "$copy"' EXIT
failed=0

report() { # STATUS WHAT
    if [ "$1" -eq 0 ]; then
        echo "ok - $2"
    else
        echo "not ok - $2"
        failed=$((failed + 1))
        sed 's/^/    /' "$copy/log"
    fi
}
passes() { # WHAT COMMAND ...
    local what=$1
    shift
    "$@" > "$copy/log" 2>&1
    report $? "$what"
}
fails() { # WHAT MESSAGE COMMAND ...: it fails, and says MESSAGE
    local what=$1 message=$2
    shift 2
    ! "$@" > "$copy/log" 2>&1 && grep -q -e "$message" "$copy/log"
    report $? "$what"
}
fresh() { # a small project that keeps every rule
    rm -rf "$copy/project"
    mkdir -p "$copy/project"/{base,ode,linear,cli,notes,tests,plots,proofs-check,build}
    cp -r "$root/scripts" "$copy/project/"
    cd "$copy/project" || exit 1
    printf '#ifndef A\n#define A\n#include <stddef.h>\nsize_t ball_size(void);\n#endif\n' > base/ball.h
    printf '#include "base/ball.h"\n/* notes/n.md, (C1), (C3)-(C4) */\nsize_t ball_size(void) { return 2; }\n' \
        > base/ball.c
    printf 'struct flow;\n' > ode/flow.h
    printf 'struct referee;\n' > ode/referee.h
    printf '#include "ode/flow.h"\n#include "base/ball.h"\n/* .label = "C2, L12" */\n' > linear/chain.h
    printf '**(C1)** a\n**(C2)** b\n **(C3)** **(C4)** **(L12)**\n' > notes/n.md
}
compile() { # FILE: into the stand-in build directory
    mkdir -p "build/$(dirname "$1")"
    cc -std=c11 -I. -c "$1" -o "build/${1%.c}.o"
}

fresh
passes "check-layers passes a clean project" scripts/check-layers .
for planted in \
    'base/ball.c:"linear/chain.h"' 'linear/chain.h:"ode/referee.h"' 'linear/chain.h:<gsl/gsl_odeiv2.h>' \
    'linear/chain.h:<gsl/gsl_integration.h>' 'ode/flow.h:"linear/chain.h"' 'ode/flow.h:<cvode/cvode.h>' \
    'ode/flow.h:<sundials/sundials_types.h>' 'base/ball.c:<Random123/philox.h>' 'base/ball.h:<sqlite3.h>' \
    'base/ball.h:<unheard/of.h>' 'plots/figure.c:"ode/flow.h"' 'plots/figure.c:"cli/command.h"' \
    'proofs-check/theorem.h:"cli/command.h"' 'cli/basin_cells.c:<mpi.h>' 'linear/chain.h:"base.h"'; do
    fresh
    printf '#include %s\n' "${planted#*:}" >> "${planted%%:*}"
    fails "check-layers fails when ${planted%%:*} includes ${planted#*:}" "${planted%%:*}:" \
        scripts/check-layers .
done
fresh
printf ' #  include "cli/command.h"\n' >> base/ball.c
fails "check-layers sees an indented include" "base/ball.c:4" scripts/check-layers .

fresh
passes "check-labels passes a clean project" scripts/check-labels .
printf '/* by (C9) */\n' >> base/ball.c
fails "check-labels fails on an undefined label in a comment" "C9 is cited by base/ball.c" \
    scripts/check-labels .
fresh
printf 'struct record r = {.label = "C1, L13"};\n' >> base/ball.c
fails "check-labels fails on an undefined label in a record" "L13 is cited by" scripts/check-labels .
fresh
printf '/* (C1)-(C5) */\n' >> base/ball.c
fails "check-labels fails on an undefined label in a range" "C5 is cited by" scripts/check-labels .
fresh
printf '**(K3)** nobody uses this\n' >> notes/n.md
fails "check-labels fails on an unused statement" "K3 is cited by no code" scripts/check-labels .
fresh
printf '**(C1)** again\n' >> notes/n.md
fails "check-labels fails on a statement made twice" "C1 is defined twice" scripts/check-labels .

fresh
passes "check-headers passes a clean project" scripts/check-headers .
printf 'size_t missing(void);\n' > ode/flow.h
fails "check-headers fails on a header that needs another" "ode/flow.h does not" scripts/check-headers .
fresh
printf 'struct flow { int dim; };\n' > ode/flow.h
fails "check-headers fails on a header without a guard" "ode/flow.h does not" scripts/check-headers .

fresh
fails "check-names fails when nothing is built" "nothing is built" scripts/check-names build
compile base/ball.c
printf 'static int any(void) { return 2; }\nint chain_limit(void) { return any(); }\nint chain;\n' \
    > linear/chain_clock.c
printf 'const int chapter_backprop = 2, command_backprop = 2;\n' > proofs-check/backprop.c
compile linear/chain_clock.c
compile proofs-check/backprop.c
passes "check-names passes a clean project" scripts/check-names build
for planted in 'int limit(void) { return 2; }' 'int chains(void) { return 2; }' 'int counter;' \
    'const int chapter_chain = 2;' 'int counter = 2;' 'const double EPSILON = 2;'; do
    printf '%s\n' "$planted" > linear/chain_clock.c
    compile linear/chain_clock.c
    fails "check-names fails on: $planted" "chain_clock.c exports" scripts/check-names build
done

# run-tests: one stand-in program for each way to go wrong
program() { # NAME TEXT
    printf '#!/bin/sh\n%s\n' "$2" > "$1"
    chmod +x "$1"
}
fresh
program good 'echo "ok - a"; echo "ok 2 - b"'
passes "run-tests passes two good tests" scripts/run-tests ./good
fails "run-tests fails when there is nothing to run" "^0 passed, 0 failed$" scripts/run-tests
program bad 'echo "ok - a"; echo "not ok - b"; exit 1'
fails "run-tests counts a failing test" "^3 passed, 1 failed$" scripts/run-tests ./good ./bad
program bad 'echo "ok - a"; exit 3'
fails "run-tests counts a bad exit" "^1 passed, 1 failed$" scripts/run-tests ./bad
# shellcheck disable=SC2016 # for the stand-in to expand
program bad 'echo "ok - a"; kill -SEGV $$'
fails "run-tests counts a crash" "^1 passed, 1 failed$" scripts/run-tests ./bad
program bad 'true'
fails "run-tests counts a silent program" "^0 passed, 1 failed$" scripts/run-tests ./bad
program bad 'echo "1..3"; echo "ok 1 - a"'
fails "run-tests counts tests that were planned and not run" "^1 passed, 1 failed$" scripts/run-tests ./bad
fails "run-tests counts a missing program" "^0 passed, 1 failed$" scripts/run-tests ./missing

# install-dependencies: dpkg-query knows `present`, apt-get writes down what it was asked to do
fresh
mkdir bin
program bin/dpkg-query 'echo "present installed"'
program bin/apt-get 'echo "apt-get $*" >> asked'
program bin/id 'echo 0'
printf '# a comment\n[build]\npresent # known\n[lint]\nabsent-lint # x\n' > packages.txt
with_stand_ins() {
    PATH="$PWD/bin:$PATH" "$@"
}
silent() {
    [ -z "$("$@" 2>&1)" ] && [ ! -e asked ]
}
passes "install-dependencies is silent when nothing is missing" \
    silent with_stand_ins scripts/install-dependencies build
printf '[build]\npresent\nabsent-build # new\n[lint]\nabsent-lint\n' > packages.txt
installs() { # PACKAGES: says so, updates, installs these and no others
    rm -f asked
    with_stand_ins scripts/install-dependencies build > said 2>&1 &&
        grep -q "installing Debian packages with apt-get.*: $1$" said &&
        [ "$(grep -c '' asked)" -eq 2 ] && grep -q '^apt-get update' asked &&
        grep -q "^apt-get install .* $1$" asked && ! grep -q 'absent-lint' asked
}
passes "install-dependencies installs what is missing, and only that" installs absent-build
program bin/apt-get 'exit 100'
fails "install-dependencies fails when apt-get does" "absent-build" \
    with_stand_ins scripts/install-dependencies build
program bin/id 'echo 1000'
program bin/sudo 'echo "sudo $*" >> asked'
through_sudo() {
    rm -f asked
    with_stand_ins scripts/install-dependencies build && grep -q '^sudo .*apt-get install .*absent-build$' asked
}
passes "install-dependencies goes through sudo where not root" through_sudo

# the table of theorems of notes/; the program is the one under test
SETTLE=${SETTLE:-$root/build/settle}
export SETTLE
fresh
mkdir -p notes
printf '%s\n' above '<!-- theorems -->' '<!-- end of theorems -->' below > notes/theorems.md
fails "check-theorems fails on an empty table" "check-theorems --update" scripts/check-theorems
passes "check-theorems --update fills it" scripts/check-theorems --update
passes "check-theorems passes then" scripts/check-theorems
keeps() { [ "$(head -n 1 notes/theorems.md)$(tail -n 1 notes/theorems.md)" = abovebelow ] && grep -q '^| t2-' notes/theorems.md; }
passes "what stands around it is kept" keeps
sed -i '0,/ supported /s// refuted /' notes/theorems.md
fails "check-theorems fails on another verdict" "^+| .* supported" scripts/check-theorems
sed -i '/<!-- theorems -->/d' notes/theorems.md
fails "check-theorems fails without its marks" "marks" scripts/check-theorems

exit $((failed > 0))
