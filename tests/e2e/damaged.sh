#!/usr/bin/env bash
# Stores and ledgers of SQLite that were cut or altered, given to --resume and to report: one line and exit 2 or 4,
# or results that are those of the undamaged file, bit by bit; never a signal, never other numbers.
# notes/hardening.md, (HD11).  DAMAGED=N alters N bytes of each file, at other places (8).
# shellcheck disable=SC1091,SC2054,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; commas are of options
. "$(dirname "$0")/tap"

ALTERED=${DAMAGED:-8}
mkdir "$top/empty"
unaided() { PATH=$top/empty "$settle" "$@"; } # no gnuplot: tables and scripts only, in a tenth of the time

# --- what is damaged ------------------------------------------------------------------------------
size_of() { wc -c < "$1"; }
change() { # FILE OFFSET: that byte becomes another one
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    # shellcheck disable=SC2059 # an escape
    printf "\\x$(printf '%02x' $(((byte + 1 + $2 % 255) % 256)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
blank() { dd if=/dev/zero of="$1" bs=1024 seek="$2" count=4 conv=notrunc status=none; } # FILE KILOBYTE: four of them
cut_at() { truncate -s "$2" "$1"; }
swap() { # FILE PAGE: pages 1 + PAGE and 2 + PAGE of 4096 bytes change places
    local at=$2
    { head -c $((at * 4096)) "$1"; tail -c +$(((at + 1) * 4096 + 1)) "$1" | head -c 4096; tail -c +$((at * 4096 + 1)) "$1" |
        head -c 4096; tail -c +$(((at + 2) * 4096 + 1)) "$1"; } > "$top/swapped" && cp "$top/swapped" "$1"
}

# "HOW WHERE" lines: cuts; bytes of the file's head and of the heads of its pages; bytes anywhere; pages.
variants() { # FILE
    local size pages
    size=$(size_of "$1")
    pages=$((size / 4096))
    printf 'cut_at %s\n' 0 1 50 100 4095 4096 $((size / 2)) $((size - 4096)) $((size - 1))
    printf 'change %s\n' 0 16 18 19 28 31 44 47 59 63 100 103 104 105 106 108
    awk -v n="$ALTERED" -v size="$size" -v pages="$pages" 'BEGIN {
        srand(size + n)
        for (k = 0; k < n; k++) print "change " int(size * (k + rand()) / n)
        for (k = 1; k < pages && k < 9; k++) print "change " 4096 * k + int(12 * rand())
        for (k = 0; k < pages && k < 4; k++) print "blank " 4 * int(pages * rand()) }'
    [ "$pages" -lt 4 ] || printf 'swap %s\n' 1 2
}

# --- what is expected -----------------------------------------------------------------------------
errors() { grep -v 'gnuplot is not installed' "$err" > "$top/errors"; }
tells() { [ "$(wc -l < "$top/errors")" -eq 1 ] && iconv -f UTF-8 -t UTF-8 "$top/errors" > "$top/text" && grep -q '^settle [a-z]*: .*sqlite' "$top/errors"; }
same_tables() { # DIRECTORY REFERENCE
    local table
    for table in "$2"/*.tsv; do
        cmp -s "$table" "$1/${table##*/}" || { echo "# ${table##*/} differs"; return 1; }
    done
}

endures() { # REFERENCE ARGUMENT ...: of the damaged folder `hurt`
    local reference=$1 status
    shift
    unaided "$@" > "$out" 2> "$err" < /dev/null
    status=$?
    errors
    case "$status" in
    0) [ ! -s "$top/errors" ] && same_tables hurt "$reference" && endured=$((endured + 1)) ;;
    2 | 4) tells && silent && refused=$((refused + 1)) ;;
    *) false ;;
    esac || { echo "# exit $status: $(head -c 300 "$top/errors")"; return 1; }
}

# The page may be made, with a warning that the file is not the one on record.
reported() { # REFERENCE ARGUMENT ...
    local status
    shift
    "$settle" "$@" > "$out" 2> "$err" < /dev/null
    status=$?
    cp "$err" "$top/errors"
    case "$status" in
    0) grep -q '^settle report: warning: .*store.sqlite' "$err" && endured=$((endured + 1)) ;;
    2 | 4) tells && silent && refused=$((refused + 1)) ;;
    *) false ;;
    esac || { echo "# exit $status: $(head -c 300 "$err")"; return 1; }
}

all_damages() { # WHAT JUDGE FOLDER FILE REFERENCE ARGUMENT ...
    local judge=$2 folder=$3 file=$4 reference=$5 how where count=0
    shift 5
    endured=0 refused=0
    while read -r how where; do
        rm -rf hurt
        cp -r "$folder" hurt
        "$how" "hurt/$file" "$where"
        cmp -s "hurt/$file" "$folder/$file" && continue
        count=$((count + 1))
        "$judge" "$reference" "$@" || { echo "# $how $where of $file"; return 1; }
    done < <(variants "$folder/$file")
    echo "# $count variants of $file: $refused refused in one line, $endured without a difference"
    [ "$count" -ge 20 ] && [ "$refused" -gt 0 ]
}

# --- the store of a verification ------------------------------------------------------------------
theorems=(t2-rate t2-converges t2-sign-change-published)
asked=(verify "${theorems[@]}" --trials 3 --sweep 10)
check "a verification" gives 0 unaided "${asked[@]}" --out verified
check "the first of its theorems" gives 0 unaided verify t2-rate --trials 3 --sweep 10 --out begun
rm begun/manifest.json
check "a store that is damaged is not gone on with, or nothing is lost" \
    all_damages resume endures verified store.sqlite verified "${asked[@]}" --out hurt --resume
check "nor one of a verification that was interrupted" \
    all_damages resume endures begun store.sqlite verified "${asked[@]}" --out hurt --resume
check "a report of a damaged store is refused, or warns" \
    all_damages report reported verified store.sqlite verified report hurt
check "one of the undamaged store does not" gives 0 "$settle" report verified
check "at all" quiet

# What SQLite cannot see: other values in their places.
altered() { # SQL ARGUMENT ...
    rm -rf hurt
    cp -r verified hurt
    sqlite3 hurt/store.sqlite "$1" && gives 2 unaided "${asked[@]}" --out hurt --resume && errors && tells
}
check "a deviation" altered "update trajectory set deviation = deviation + 1e-17 where theorem = 't2-rate' and trial = 1"
check "is damage" grep -q 'what it has of t2-rate is damaged; without --resume all is verified anew$' "$top/errors"
check "a trial that is lost" altered "delete from trajectory where theorem = 't2-converges' and trial = 2"
check "a verdict" altered "update theorem set verdict = 'supported' where id = 't2-sign-change-published'"
check "a theorem" altered "delete from theorem where id = 't2-rate'"
check "a sample" altered "update sample set settled = settled - 1 where theorem = 't2-converges'"
check "a digest" altered "delete from digest where theorem = 't2-converges'"
check "tables of before" altered "pragma user_version = 4"

# --- the ledger of a map --------------------------------------------------------------------------
map=(basin chain --c 1 --window=-3,3,-3,3 --grid 96x96)
check "a map" gives 0 unaided "${map[@]}" --out map
cp -r map gap
rm gap/manifest.json
sqlite3 gap/basin.sqlite "delete from tile where number = 1; vacuum"
check "a ledger that is damaged is not gone on with, or nothing is lost" \
    all_damages resume endures map basin.sqlite map "${map[@]}" --out hurt --resume
check "nor one of a map that was interrupted" \
    all_damages resume endures gap basin.sqlite map "${map[@]}" --out hurt --resume
check "a part of it" gives 0 unaided "${map[@]}" --part 1/2 --out part
check "is not taken over damaged" \
    all_damages resume endures part basin-part-1-of-2.sqlite map "${map[@]}" --out hurt --resume
fine=(basin chain --c 1 --window=-3,3,-3,3 --grid 24x24 --refine 2)
check "a refined map" gives 0 unaided "${fine[@]}" --out fine
check "is not gone on with damaged" \
    all_damages resume endures fine basin.sqlite fine "${fine[@]}" --out hurt --resume
cp -r map changed
sqlite3 changed/basin.sqlite "update tile set cells = cast(substr(cells, 1, 800) || x'00' || substr(cells, 802) as blob)
    where number = 0"
check "a byte of a cell" gives 2 unaided "${map[@]}" --out changed --resume
check "is seen" complains 'changed/basin.sqlite: tile 0 is damaged; without --resume the map is made anew$'
sqlite3 map/basin.sqlite "pragma user_version = 1"
check "tables of before" gives 2 unaided "${map[@]}" --out map --resume
check "are told" complains 'made by another version of settle, or is damaged; nothing can be resumed'
finish
