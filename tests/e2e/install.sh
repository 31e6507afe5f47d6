#!/usr/bin/env bash
# make install: programs, manual pages, completion, and a library that a program of one's own can use.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
source_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$source_tree/tests/e2e/tap"
root=$top/root
prefix=$root/usr

prints() { grep -q -- "$1" "$out"; }
silent() { [ ! -s "$err" ]; }

# The objects that are there are installed, of the build that is tested.
case $settle in *build-san*) SAN=1 ;; *) SAN= ;; esac
make_here() { env -u MAKEFLAGS -u MAKELEVEL make -s -C "$source_tree" SAN=$SAN PREFIX=/usr DESTDIR="$root" "$@"; }
check "make install" gives 0 make_here install
for file in bin/settle bin/settle-check share/man/man1/settle.1 share/man/man1/settle-check.1 \
    share/bash-completion/completions/settle lib/libsettle.a lib/pkgconfig/settle.pc include/settle/ode/flow.h \
    share/doc/settle/README.md share/doc/settle/notes/chains.md; do
    check "it puts $file there" test -s "$prefix/$file"
done
check "the installed program runs" gives 0 "$prefix/bin/settle" run chain --init -2,1
check "the installed checker runs" gives 0 "$prefix/bin/settle-check" --version

# The manual page has every command and option.
for page in settle settle-check; do
    check "the page of $page has no warnings" gives 0 groff -man -Tutf8 -ww "$prefix/share/man/man1/$page.1"
    check "of any kind" silent
done
for command in $("$settle" list commands --json | jq -r '.commands[].name'); do
    check "the page has $command" grep -q "^.SS settle $command" "$prefix/share/man/man1/settle.1"
done
check "and --horizon" grep -q 'horizon' "$prefix/share/man/man1/settle.1"

# Completion.
completes() { # EXPECTED WORD ...: the last word is the one to complete
    local expected=$1
    shift
    bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _settle; echo "${COMPREPLY[*]}"' \
        - "$prefix/share/bash-completion/completions/settle" "$@" > "$out" 2> "$err" < /dev/null
    [ ! -s "$err" ] && [ "$(cat "$out")" = "$expected" ]
}
check "completion of a command" completes verify settle ver
check "of a system" completes chain settle run ch
check "of an option" completes --no-derivative settle run chain --no
check "of an option that another command has, not" completes "" settle list --no-d
check "of a rule" completes kolen-pollack settle run chain --rule kol
check "after =" completes kolen-pollack settle run chain --rule = kol
check "of the last item of a list" completes bp,srbp settle train --rule bp,sr
check "of a choice" completes "bdf adams rk8pd" settle run chain --method ""
check "of a theorem" completes t4-converges settle verify t4-conv
check "of nothing for numbers" completes "" settle run chain --c ""

# The library.
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
read -ra compiler <<< "${CC:-cc}"
uses() {
    # shellcheck disable=SC2046 # words
    "${compiler[@]}" -std=c11 ${SAN:+-fsanitize=address,undefined} "$source_tree/tests/examples/library/settles.c" \
        $(pkg-config --cflags --libs settle) -o settles > "$out" 2> "$err"
}
check "pkg-config knows the version of the program" \
    [ "$(pkg-config --modversion settle)" = "$("$settle" --version | sed -n 's/^settle //p')" ]
check "a program of one's own compiles and links" uses
check "and runs" gives 0 ./settles
check "to the limit that the program has" prints 'settled .* limit (1.76929235424, 0.565197717384)'

# Headers need nothing that is not installed.
headers_stand_alone() {
    find "$prefix/include/settle" -name '*.h' -print0 |
        xargs -0 -P "$(nproc)" -I HEADER "${compiler[@]}" -std=c11 -D_POSIX_C_SOURCE=200809L -fopenmp -Wall -Werror \
            -fsyntax-only -x c -I "$prefix/include/settle" HEADER > "$out" 2> "$err"
}
check "the headers compile without the source tree" headers_stand_alone

check "make uninstall" gives 0 make_here uninstall
check "leaves no file" [ -z "$(find "$root" -type f)" ]
finish
