# Looks at the words of an SVG picture by gnuplot: prints a line for each that is not wholly in the picture, that is
# smaller than LEAST points on paper, or that lies on another; and how many words there are.
#
# Widths are those of DejaVu Sans, in hundredths of its size; what is not in the table counts as an n.  A text is
# To be run with LC_ALL=C: letters of several bytes are taken as such.
# <g transform="translate(x,y) rotate(r)" font-size text-anchor><text><tspan font-size dy>...  Boxes reach from the
# baseline up to the height of a digit: descents are short, and overlaps by them are seen by nobody.
BEGIN {
    LEAST = 6             # pt; smaller than journals accept
    POINTS_PER_PIXEL = 72 / 96
    HEIGHT = 0.73         # of a digit, in its font size
    SLACK = 0.4           # px that boxes may share: words that touch are not read wrongly
    split("i28 l28 j28 I30 f35 .32 ,32 ;34 :34 '28 |34 (39 )39 [39 ]39 t39 r41 -36 s52 c55 z53 k58 v59 x59 y59 m97 w82 " \
          "M86 W99 <84 >84 =84 +84 %95 /34 a61 e62 T61 F58 E63 L56 P60 Z69 S63 J30 X69 A68 V68 K66 O79 Q79 D77 G78 " \
          "U73 N75 H75", entry, " ")
    for (k in entry) {
        glyph = entry[k]
        sub(/[0-9][0-9]$/, "", glyph)
        width[glyph] = substr(entry[k], length(glyph) + 1) / 100
    }
}
function length_of(text,    sum, i, letter) {
    gsub(/\342\210\222/, "<", text)              # the minus sign is as wide
    gsub(/[\300-\367][\200-\277]+/, "n", text)  # another letter of several bytes
    gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&amp;/, "+", text)
    for (i = 1; i <= length(text); i++) {
        letter = substr(text, i, 1)
        sum += letter == " " ? .32 : letter in width ? width[letter] : .635
    }
    return sum
}
function number_after(text, mark) {
    return index(text, mark) ? substr(text, index(text, mark) + length(mark)) + 0 : 0
}
/ viewBox=/ { split($0, side, /[ "]+/); right = side[5]; bottom = side[6]; next }
/<g transform="translate\(/ {
    match($0, /translate\([-0-9.,e]*\)/)
    split(substr($0, RSTART + 10, RLENGTH - 11), at, ",")
    turned = number_after($0, "rotate(")
    size = number_after($0, "font-size=\"")
    anchor = $0
    sub(/.*text-anchor="/, "", anchor)
    sub(/".*/, "", anchor)
}
/<text>/ {
    n = split($0, piece, /<tspan/)
    long = 0
    words = ""
    least = size
    for (k = 2; k <= n; k++) {
        here = number_after(piece[k], "font-size=\"")
        here = here ? here : size
        said = piece[k]
        sub(/^[^>]*>/, "", said)
        sub(/<.*/, "", said)
        long += here * length_of(said)
        words = words said
        if (said ~ /[^ ]/ && here < least)
            least = here
    }
    if (words !~ /[^ ]/)
        next
    texts++
    from = anchor == "middle" ? -long / 2 : anchor == "end" ? -long : 0
    tall = HEIGHT * size
    if (turned == 0) { x0 = at[1] + from; x1 = x0 + long; y1 = at[2]; y0 = y1 - tall }
    else if (turned < 0) { x1 = at[1]; x0 = x1 - tall; y1 = at[2] - from; y0 = y1 - long }
    else { x0 = at[1]; x1 = x0 + tall; y0 = at[2] + from; y1 = y0 + long }
    if (x0 < 0 || y0 < 0 || x1 > right || y1 > bottom)
        printf "cut off: %s (%.1f..%.1f, %.1f..%.1f of %g x %g px)\n", words, x0, x1, y0, y1, right, bottom
    if (least * POINTS_PER_PIXEL < LEAST - 0.01)
        printf "small: %s (%.1f pt)\n", words, least * POINTS_PER_PIXEL
    for (k = 1; k < texts; k++)
        if (x0 < X1[k] - SLACK && x1 > X0[k] + SLACK && y0 < Y1[k] - SLACK && y1 > Y0[k] + SLACK)
            printf "overlap: %s and %s\n", words, said_at[k]
    X0[texts] = x0; X1[texts] = x1; Y0[texts] = y0; Y1[texts] = y1
    said_at[texts] = words
}
END { printf "texts %d\n", texts }
