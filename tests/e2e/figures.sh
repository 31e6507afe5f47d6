#!/usr/bin/env bash
# The gallery: the list and its page, each command, each picture.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
#
# Figures that the list calls slow, or that need something, are only seen to begin: their commands must still be at
# work after BEGIN seconds, since what is wrong with a command is said at once.  FIGURES=NAME,... looks at these alone.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/tap"
BEGIN=2             # s
LIMIT=120           # s for a figure that is not called slow, on a busy machine with sanitizers
PICTURE_MOST=150000 # bytes, as scripts/make-figures has it
PAGE_MOST=4000000   # bytes of all pictures of the notes
root=$(cd "$here/../.." && pwd)
make_figures() { SETTLE=$settle "$root/scripts/make-figures" "$@"; }

# --- the list and the page ----------------------------------------------------------------------
check "the list can be read" gives 0 make_figures --print
cp "$out" "$top/list"
check "the page" gives 0 make_figures --page
check "notes/gallery.md is the page of this list: scripts/make-figures --notes" cmp "$out" "$root/notes/gallery.md"

pictures_of_the_page() {
    local name rest
    while IFS=$'\t' read -r name rest; do
        [ -s "$root/notes/pictures/$name.png" ] || { echo "# no notes/pictures/$name.png"; return 1; }
    done < "$top/list"
}
check "every figure has its picture on the page" pictures_of_the_page
large() { find "$root/notes/pictures" -name '*.png' -size +"$((PICTURE_MOST / 1000))"k | grep -F -f <(cut -f 1 "$top/list"); }
check "none of more than $PICTURE_MOST bytes" gives 1 large
check "all pictures of the notes are of at most $PAGE_MOST bytes" \
    [ "$(cat "$root"/notes/pictures/*.png | wc -c)" -le "$PAGE_MOST" ]

notes_say() { # NOTE: its page and each label on it
    local label
    for label in $(grep -o '([A-Z]*[0-9]*)' <<< "$1" | tr -d '()'); do
        grep -q -F "**($label)**" "$root/notes/${1%% *}" || { echo "# no ($label) in notes/${1%% *}"; return 1; }
    done
    [ -e "$root/notes/${1%% *}" ]
}
while IFS= read -r line; do
    check "the note of ${line%%$'\t'*}" notes_say "$(cut -f 5 <<< "$line")"
done < "$top/list"

# --- every command ------------------------------------------------------------------------------
begins() { # COMMAND
    local words status
    mapfile -t words < <(xargs printf '%s\n' <<< "$1")
    timeout "$BEGIN" "$settle" "${words[@]:1}" --out begun > "$out" 2> "$err" < /dev/null
    status=$?
    rm -rf begun
    [ "$status" -eq 124 ] || [ "$status" -eq 0 ]
}
words_fit() { # SVG
    LC_ALL=C awk -f "$here/figures_text.awk" "$1" > "$out" && sed -n '$p' "$out" | grep -q 'texts [1-9]' &&
        [ "$(wc -l < "$out")" -eq 1 ]
}
page_fits() { # PDF: every word lies in its page
    pdftotext -bbox "$1" "$out" &&
        awk 'function of(name,    at) { at = index($0, name "=\""); return substr($0, at + length(name) + 2) + 0 }
            /<page / { width = of("width"); height = of("height") }
            /<word / { n++; if (of("xMin") < 0 || of("yMin") < 0 || of("xMax") > width || of("yMax") > height) bad = 1 }
            END { exit bad || !n }' "$out"
}
looks_right() { # NAME PICTURE
    check "the words of $1.svg: whole, legible, apart" words_fit "made/$1/$2.svg"
    if command -v pdftotext > /dev/null; then
        check "the words of $1.pdf: whole" page_fits "made/$1/$2.pdf"
    fi
    if command -v node > /dev/null; then
        check "the border of $1.png is free" gives 0 node "$here/figures_border.js" "made/$1/$2.png"
    fi
}
made=0
while IFS= read -r line; do
    name=$(cut -f 1 <<< "$line")
    [[ ,${FIGURES:-$name}, == *,$name,* ]] || continue
    if [ -n "$(cut -f 2 <<< "$line")$(cut -f 3 <<< "$line")" ]; then
        check "$name begins (slow: not made here)" begins "$(cut -f 6 <<< "$line")"
        continue
    fi
    check "$name is made" gives 0 timeout "$LIMIT" env SETTLE="$settle" "$root/scripts/make-figures" --out made "$name"
    looks_right "$name" "$(cut -f 4 <<< "$line")"
    made=$((made + 1))
done < "$top/list"
check "figures were made" [ "$made" -gt 0 ]
check "the overview needs nothing else" bash -c "! grep -o -E '(src|href)=\"(https?:)?//' made/index.html"
check "it has their pictures" [ "$(grep -c 'data:image/svg+xml;base64,' made/index.html)" -eq "$made" ]

# --- what looks wrong is seen -------------------------------------------------------------------
svg() { # TRANSFORM SIZE WORDS ...: a picture of 100 x 50 with these words
    printf '<svg \n width="100" height="50"\n viewBox="0 0 100 50"\n>\n'
    printf '<g transform="%s" font-family="DejaVu Sans" font-size="%s"  text-anchor="start">\n\t\t<text><tspan >%s</tspan></text>\n' "$@"
}
plant() { svg "$@" > planted.svg; }
plant 'translate(10,20)' 10 legible
check "words that fit" words_fit planted.svg
seen() { ! words_fit planted.svg && prints "$1"; }
plant 'translate(60,20)' 10 'too long'
check "words that are cut off" seen '^cut off: too long'
plant 'translate(10,20) rotate(-90)' 10 upwards
check "upwards, too" seen '^cut off: upwards'
plant 'translate(10,20)' 7 tiny
check "words that are too small" seen '^small: tiny'
plant 'translate(10,20)' 10 one 'translate(15,22)' 10 two
check "words on words" seen '^overlap: two and one'

# --- lists with faults --------------------------------------------------------------------------
stanza() { printf 'name: %s\ntitle: T\ncommand: %s\npicture: %s\ncaption: C\nnote: chains.md (C1)\n\n' "$@"; }
refused() { # PATTERN
    gives 2 make_figures --list "$PWD/list" --out there && complains "$1" && silent && [ ! -e there ]
}
good='settle portrait chain'
{ stanza one "$good" portrait; stanza one "$good" portrait; } > list
check "two of one name" refused 'two figures are called one'
stanza '../one' "$good" portrait > list
check "a name that leads elsewhere" refused 'a name is of'
stanza one 'rm -rf there' portrait > list
check "a command of another program" refused 'begins with settle'
stanza one "$good --out x" portrait > list
check "a command with a folder" refused 'no --out'
stanza one "$good" portrait | grep -v '^caption' > list
check "no caption" refused 'has no caption'
printf 'nome: x\n' > list
check "an unknown key" refused 'list:1: expected'
: > list
check "an empty list" refused 'no figures'
check "a figure that is not in the list" gives 2 make_figures nonesuch
check "it is named" complains 'no figure nonesuch'
{ stanza fails 'settle portrait chain --depth 0' portrait; stanza strays "$good" nonesuch; stanza works "$good" portrait; } > list
check "a command that fails" gives 1 make_figures --list "$PWD/list" --out three
check "is named with what it said" complains 'fails: exit status 2 of settle portrait chain --depth 0'
check "a picture that is not made is named" complains 'strays: no picture nonesuch'
check "the others are made" test -s three/works/portrait.svg
check "and counted" prints '^1 of 3 figures made'
finish
