#!/usr/bin/env bash
# settle report: what the page holds, that it loads nothing, that no file's contents can act in it, and what is
# refused.  tests/e2e/report_browser.sh looks at it in a browser.
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

theorems=(t1-limit t2-converges t2-sign-change-published t2-rate)
check "a verification" gives 0 "$settle" verify "${theorems[@]}" --trials 4 --sweep 8 --out verified
check "its page" gives 0 "$settle" report verified
check "says what it has written" prints '^verified/report.html: 4 claims, 2 figures, 0 tables, [0-9]* files, 0 warnings$'
check "nothing on stderr" quiet
page=verified/report.html
has() { grep -q -e "$1" "$page"; }
lacks() { ! grep -q -e "$1" "$page"; }

# ---- what it holds ----
count() { # PATTERN NUMBER
    test "$(grep -c -e "$1" "$page")" -eq "$2"
}
check "a row and an article a claim" count '<tr data-claim=' 4
check "in the order of the run" test "$(grep -o '<article class="claim" id="[^"]*' "$page" | sed 's/.*"//' | tr '\n' ' ')" \
    = "t1-limit t2-converges t2-rate t2-sign-change-published "
check "every claim says these" bash -c 'for term in Source Hypotheses Systems Evidence "Worst case" Control "Verify again"; do
    test "$(grep -c "<dt>$term</dt>" '"$page"')" -eq 4 || { echo "# $term"; exit 1; }; done'
check "a formula with indices" has '<msub><mrow><mi>a</mi></mrow><mn>1</mn></msub>'
check "words of a formula's sentence stay words" has 'has the sign\|[Ff]rom every start the weights converge, to a global minimum <math>'
witness=$(sqlite3 verified/store.sqlite "select witness from theorem where id = 't2-sign-change-published'")
plain() { sed 's/<[^>]*>//g; s/&#39;/'"'"'/g; s/&gt;/>/g; s/&lt;/</g; s/&amp;/\&/g' "$page"; }
says_plainly() { plain | grep -q -F -e "$1"; }
check "the title tells what was refuted from what was not" says_plainly '4 claims checked: 1 proved, 2 supported, 1 refuted as recorded'
check "the witness of what is refuted" says_plainly "$witness"
again=$(plain | sed -n 's/^Again\(settle run .*\)$/\1/p' | head -1)
# shellcheck disable=SC2086 # words
check "the worst case can be run again" gives 0 "$settle" ${again#settle }
check "the verification of one claim" says_plainly 'settle verify t2-rate --trials 4 --sweep 8'
check "the bound of the evidence" says_plainly 'With 95 % confidence the conclusion fails on less than'
check "the control" says_plainly 'refuted; '
check "the steps of a proof" says_plainly 'shown L = 24: P = '
check "and its certificate" says_plainly 'settle-check t2-converges-2.certificate'
check "the environment" bash -c "grep -q '<dt>Compiler</dt>' $page && grep -q '<dt>Processor</dt>' $page"
hashes() { jq -r '.outputs[]' verified/manifest.json | while read -r hash; do grep -q "$hash" "$page" || exit 1; done; }
check "every hash of the manifest" hashes
check "all files are the same" lacks '<strong class="differs">differs</strong>'
check "figures are drawn in the page" test "$(grep -c '<svg xmlns="http://www.w3.org/2000/svg" role="img"' "$page")" -eq 2
ids() { # twice
    grep -o ' id="[^"]*"' "$page" | sort | uniq -d | grep -q . && return 1
    return 0
}
check "no id twice" ids
check "filters by verdict, source, system and chapter" bash -c "grep -q 'name=\"verdict\" value=\"refuted\"' $page &&
    grep -q 'id=\"filter-work\"' $page && grep -q 'id=\"filter-system\"' $page && grep -q 'id=\"filter-chapter\"' $page"
check "landmarks" bash -c "for tag in header nav main footer; do test \$(grep -c \"<\$tag\" $page) -eq 1 || exit 1; done"
check "once more" gives 0 "$settle" report verified --out again
check "has the same bytes" cmp verified/report.html again/report.html

# ---- it loads nothing ----
references() { # every src, href and url() that is neither a fragment nor a picture in the page
    grep -o -E '(src|href|action|data|poster|srcset)="[^"]*"|url\([^)]*\)' "$page" | grep -v -E '="#|="data:image/png;base64,|url\(#' |
        grep -v '^data="'
}
nothing_referred() { ! references | grep -q .; }
check "no address but fragments and pictures in the page" nothing_referred
foreign() { grep -o -E '[a-z]+://[^"<> ]*' "$page" | grep -v -x 'http://www.w3.org/2000/svg'; }
nothing_foreign() { ! foreign | grep -q .; }
check "no address of another place" nothing_foreign
check "no element that loads" lacks '<\(link\|iframe\|object\|embed\|base\|frame\|audio\|video\|applet\)\b'
check "nothing is imported by the style" lacks '@import\|@font-face'
check "a policy that forbids the rest" has "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-"
script_digest() { # of what stands between <script> and </script>
    local hex
    hex=$(sed -n '/<script>/,/<\/script>/p' "$page" | sed '1s/.*<script>//; $s/<\/script>.*//' | head -c -1 | sha256sum | cut -c1-64)
    # shellcheck disable=SC2059 # the digest as bytes
    printf "$(fold -w 2 <<< "$hex" | sed 's/^/\\x/' | tr -d '\n')" | base64
}
check "one script" test "$(grep -o '<script' "$page" | wc -l)" -eq 1
check "the policy allows that script alone" has "script-src 'sha256-$(script_digest)'; base-uri"

# ---- a file that is not what the manifest lists ----
cp -r verified other
echo "# one line more" >> other/limits.gp
check "a file that differs" gives 0 "$settle" report other
check "is a warning on stderr" complains '^settle report: warning: limits.gp is not the file that the manifest lists: its SHA-256 is'
check "one line" one_line
page=other/report.html
check "and on the page" has '<h2 id="section-warnings">Warnings</h2>'
check "in the table of files" has '<strong class="differs">differs</strong>'

# ---- no contents act ----
evil='<img src=x onerror=alert(1)>"'"'"'</script><script>alert(2)</script>&\input{/etc/passwd}$^_%#~{'
cp -r verified evil
sql=${evil//\'/\'\'}
sqlite3 evil/store.sqlite "pragma journal_mode = delete; update theorem set reason = '$sql', control_reason = '$sql',
    witness = 'settle run ' || '$sql', proved_by = '<b>UN3</b>'" > /dev/null
jq --arg evil "$evil" '.parameters[$evil] = $evil | .versions[$evil] = $evil | .compiler = $evil | .cpu = $evil |
    .command += [$evil] | .started = $evil' evil/manifest.json > changed && mv changed evil/manifest.json
printf '%s\n' "$evil" > evil/t2-converges.proof
printf '# %s\n' "$evil" > evil/learning.gp
cp evil/limits.svg evil/learning.svg
sed -i 's|</svg>|<script>alert(3)</script></svg>|' evil/rates.svg
name='"><b onload=alert(4)>.tsv'
printf '# a\tb\n%s\t%s\n' "$evil" "$evil" > "evil/$name"
jq --arg name "$name" '.outputs[$name, "learning.gp", "learning.svg"] = ("0" * 64)' evil/manifest.json > changed && mv changed evil/manifest.json
check "contents that mean harm" gives 0 "$settle" report evil
page=evil/report.html
check "are shown" has '&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&lt;/script&gt;&lt;script&gt;'
check "and do nothing" lacks '<img src=x\|<script>alert\|<b>UN3\|<b onload'
check "the title of a figure is one of them" has '<b>Figure 3.</b> &lt;img src=x'
check "still one script" test "$(grep -o '<script' "$page" | wc -l)" -eq 1
check "a figure with a script is not drawn" complains 'rates.svg is not drawn in the page: an element that is not understood: script; its PNG is'
check "its PNG is" has '<img width="[0-9]*" alt="[^"]*" src="data:image/png;base64,iVBOR'
check "no address of another place in it" nothing_foreign
check "as LaTeX" gives 0 "$settle" report evil --latex
check "no command of theirs" bash -c "! grep -q -F '\\input{/etc' evil/report.tex && grep -q -F '\\textbackslash{}input\\{/etc/' evil/report.tex"

mkdir svg
attack() { # WHAT SVG
    cp -r verified/. svg
    printf '<svg width="9" height="9" viewBox="0 0 9 9">%s</svg>\n' "$2" > svg/rates.svg
    rm -f svg/rates.png
    jq 'del(.outputs["rates.png"])' verified/manifest.json > svg/manifest.json
    check "a figure with $1" gives 0 "$settle" report svg
    check "is left out" complains 'rates.svg is not drawn in the page'
    check "with nothing of it but the warning" bash -c "! grep -v '^<li>' svg/report.html | grep -q -F 'evil'"
}
attack "a handler" '<g onclick="evil()"/>'
attack "a picture from elsewhere" '<image href="http://evil/x.png" width="9" height="9"/>'
attack "a link" '<a href="#evil"><text>evil</text></a>'
attack "a style" '<style>@import url(http://evil)</style>'
attack "a fill from elsewhere" '<rect fill="url(http://evil/#a)"/>'
attack "HTML inside" '<foreignObject><body>evil</body></foreignObject>'
attack "HTML in a title" '<title><b>evil</b></title>'
attack "an end before its end" '</svg><b>evil</b><svg>'
attack "an entity" '<text>&evil;</text>'
attack "an element that sets handlers" '<set attributeName="onload" to="evil()"/>'
attack "a script as an address" '<use href="javascript:evil()"/>'
printf '<svg width="9" height="9" viewBox="0 0 9 9"><g id="a"><title>evil</title><text>two words</text></g><use href="#a"/></svg>\n' > svg/rates.svg
check "a plain figure" gives 0 "$settle" report svg
page=svg/report.html
check "is drawn, with ids of its own and without its title" bash -c "grep -q '<g id=\"f2-a\"><text>two words</text></g><use href=\"#f2-a\"/>' $page &&
    ! grep -q evil $page"
check "and is described by its words" has 'aria-label="Measured rates of approach[^"]*In the figure: two words"'

cp -r verified large
awk '/<\/svg>/ { for (i = 0; i < 100000; i++) print "<path d=\"M0,0 L1,1\"/>" } { print }' verified/rates.svg > large/rates.svg
check "a figure of many marks" gives 0 "$settle" report large
check "is shown as its PNG" bash -c "grep -q '<code>rates.png' large/report.html && grep -q '<code>limits.svg' large/report.html"
check "without more ado" bash -c "! grep -q 'not drawn' '$err'"

# ---- LaTeX ----
check "LaTeX" gives 0 "$settle" report verified --latex
check "says so" prints '^verified/report.tex: 4 claims'
check "once more" gives 0 "$settle" report verified --latex --out again
check "the same bytes" cmp verified/report.tex again/report.tex
balanced() { # braces, without those that are escaped; and environments
    sed 's/\\\\//g; s/\\[{}%$&#_]//g; s/%.*//' "$1" | awk '
        { for (i = 1; i <= length($0); i++) { c = substr($0, i, 1); depth += (c == "{") - (c == "}"); if (depth < 0) exit 1 } }
        { dollars += gsub(/\$/, "") }
        END { exit depth != 0 || dollars % 2 }' || return 1
    diff <(grep -o '\\begin{[a-z*]*}' "$1" | sed 's/.begin//' | sort) <(grep -o '\\end{[a-z*]*}' "$1" | sed 's/.end//' | sort)
}
check "balanced" balanced verified/report.tex
check "balanced, with contents that mean harm" balanced evil/report.tex
check "formulas in it" grep -q -F 'a_{1}' verified/report.tex
if command -v pdflatex > /dev/null; then
    typeset() { (cd "$1" && timeout 100 pdflatex -draftmode -interaction=nonstopmode -halt-on-error -no-shell-escape report.tex > log.txt 2>&1); }
    check "pdflatex takes it" typeset verified
    check "pdflatex takes what means harm" typeset evil
else
    echo "# no pdflatex: LaTeX is looked at, and not compiled"
fi

# ---- other directories ----
check "a map with proofs" gives 0 "$settle" basin chain --grid 30x30 --certified --levels 5 --out map
check "its page" gives 0 "$settle" report map
page=map/report.html
check "shares of the classes" has '<caption>Shares of the starts by class'
check "proved shares" has '<caption>Proved shares of the area'
check "nothing contradicts a proof" bash -c "grep -q 'Starts that contradict a proof</dt><dd>none' $page"
share() { # CLASS: what the page says is proved of it, in percent
    sed -n '/Proved shares/,/<\/table>/p' "$page" | grep -e "$1" | grep -o '[0-9.]* %' | sed 's/ %//' | paste -sd ' '
}
# every cell of level l is 4^-l of the window
proved_anew() { awk -F '\t' 'NR > 1 { all += 4 ^ -$5; if ($6 == "undecided") open += 4 ^ -$5 }
    END { up = int(1e6 * open); up += up < 1e6 * open; printf "%.4f", up / 1e4; exit all != 1 }' map/certified.tsv; }
check "what is not proved, added up anew" test "$(share 'not proved')" = "$(proved_anew)"
check "a portrait" gives 0 "$settle" portrait chain --quiet --out portrait
check "its page" gives 0 "$settle" report portrait
check "has the figure" grep -q 'Phase portrait. <code>portrait.svg' portrait/report.html

check "a training" gives 0 "$settle" train --rule bp,rbp --epochs 2 --samples 300 --sizes 784,10,10 --quiet --out training
check "its page" gives 0 "$settle" report training
page=training/report.html
check "has the end of every rule" test "$(sed -n '/Every rule at its end/,/<\/table>/p' "$page" | grep -c '^<tr><td>')" -eq 2
last_of() { awk -F '\t' -v rule="$1" -v column="$2" '$1 == rule { x = $column } END { print x }' training/epochs.tsv; }
check "with its accuracies and its loss, rounded" has "$(printf '^<tr><td>rbp</td><td class="number">1</td><td class="number">0</td><td class="number">%.2f</td><td class="number">%.2f</td><td class="number">%.4f</td>' \
    "$(last_of rbp 10 | awk '{ print 100 * $1 }')" "$(last_of rbp 9 | awk '{ print 100 * $1 }')" "$(last_of rbp 7)")"
check "and its angles" has "$(awk -F '\t' '$1 == "rbp" && $5 == 1 { c = $8; d = $9 } END {
    printf "<td class=\"number\">%.0f</td><td class=\"number\">%.0f</td></tr>$", c, d }' training/layers.tsv)"
check "the tables of angles are files only" bash -c "! grep -q '<caption>.*\(alignment\|layers\).*tsv. Numbers' '$page' && grep -q alignment-rbp.tsv '$page'"
check "before the figures" test "$(grep -n 'id="section-tables"' "$page" | cut -d: -f1)" -lt "$(grep -n 'id="section-figures"' "$page" | cut -d: -f1)"
check "two seeds, three layers" gives 0 "$settle" train --rule rbp,srbp --trials 2 --epochs 1 --samples 300 \
    --sizes 784,9,8,10 --quiet --out seeds --json
cp "$out" seeds.json
check "its page" gives 0 "$settle" report seeds
page=seeds/report.html
for k in 0 1; do
    check "has means and deviations of rule $k" has "$(jq -r ".summary[$k] | [.test_percent.mean, .test_percent.deviation, .train_percent.mean,
        .train_percent.deviation, .loss.mean, .loss.deviation] | @tsv" seeds.json | awk '{ printf ">%.2f ± %.2f</td>.*>%.2f ± %.2f</td>.*>%.4f ± %.4f</td>", $1, $2, $3, $4, $5, $6 }')"
    check "and mean angles, layer by layer" has "$(jq -r ".summary[$k] | [.alignment_degrees[], .signal_degrees[]] | @tsv" seeds.json |
        awk '{ printf ">%.0f, %.0f</td><td class=\"number\">%.0f, %.0f</td>", $1, $2, $3, $4 }')"
done
check "runs that diverge" gives 3 "$settle" train --rule rbp --trials 2 --epochs 20 --samples 500 --sizes 784,9,10 --loss squared \
    --activation identity --eta 10 --quiet --out wild
check "their page" gives 0 "$settle" report wild
page=wild/report.html
check "says that they have diverged" has '<td>rbp</td><td class="number">2</td><td class="number">2</td><td class="number">-</td>'
check "as LaTeX" gives 0 "$settle" report seeds --latex

check "a limit that doubles cannot tell" gives 0 "$settle" prove chain --init -2,0.5000000000000000000000000000000000000001 --out limit
check "the manifest has the start as it was typed" holds '.parameters.init == ["-2", "0.5000000000000000000000000000000000000001"]' limit/manifest.json
check "its page" gives 0 "$settle" report limit
page=limit/report.html
check "has the claim and the limit" has '<td>limit.certificate</td><td>chain .*converges exponentially.*</td><td class="number">2, 0.5</td>'
check "has the start" has '0.5000000000000000000000000000000000000001.*-2\|-2.*0.5000000000000000000000000000000000000001'
check "and how to prove it again" has 'settle-check</span> <span>limit.certificate'
check "a theorem" gives 0 "$settle" prove t4-converges --out theorem
check "its page" gives 0 "$settle" report theorem
page=theorem/report.html
check "has every step" test "$(sed -n '/The proof, t4-converges.proof/,/<\/table>/p' "$page" | grep -c '^<tr><td>')" -eq "$(wc -l < theorem/t4-converges.proof)"
check "and the claims" test "$(sed -n '/claims of the certificates/,/<\/table>/p' "$page" | grep -c '^<tr><td>t4-converges-')" -eq 24
check "as LaTeX" gives 0 "$settle" report theorem --latex
sed -i 's/^claim/clam/' limit/limit.certificate
check "a certificate without a claim" gives 2 "$settle" report limit
check "is told in one line" one_line

mkdir net # a command that this test makes up
printf '# epoch\tloss\ttest_accuracy\n1\t0.5\t0.9\n2\t0.25\t0.95\n' > net/epochs.tsv
cp verified/rates.svg net/learning.svg
manifest() { # COMMAND
    jq -n --arg command "$1" --arg a "$(sha256sum < net/epochs.tsv | cut -c1-64)" --arg b "$(sha256sum < net/learning.svg | cut -c1-64)" \
        '{command: ["settle", $command, "--out", "net"], started: "2030-01-31T12:00:00Z", seconds: 1, parameters: {rule: "rbp"},
          versions: {settle: "1.0"}, compiler: "cc", flags: "", cpu: "x", outputs: {"epochs.tsv": $a, "learning.svg": $b}}' > net/manifest.json
}
manifest unheard-of
check "results of any command" gives 0 "$settle" report net
page=net/report.html
check "its table" has '<caption>epochs.tsv. Numbers are rounded to six digits</caption>'
check "with its numbers" has '<td class="number">0.95</td>'
check "its figure" has '<code>learning.svg</code></figcaption>'
check "no warning" quiet
manifest verify
check "a verification without a store is no verification" gives 0 "$settle" report net

check "a new run" gives 0 "$settle" verify t1-limit --trials 2 --sweep 0 --quiet --out verified
check "removes the reports of the old one" bash -c '! test -e verified/report.html && ! test -e verified/report.tex'
check "a report of it" gives 0 "$settle" report verified
check "going on with it" gives 0 "$settle" verify t1-limit t2-rate --trials 2 --sweep 0 --quiet --out verified --resume
check "removes it, too" test ! -e verified/report.html

# ---- what is refused: one line, exit 2, nothing written ----
refused() { # WHAT COMPLAINT DIR [OPTION ...]
    local what=$1 complaint=$2
    shift 2
    rm -f "$1/report.html"
    check "$what" gives 2 "$settle" report "$@"
    check "one line says why" one_line
    check "this one" complains "$complaint"
    check "nothing on stdout" silent
    check "nothing is written" bash -c "! ls -A '$1' 2> /dev/null | grep -q '^\.\?report\.\(html\|tex\)'"
}
refused "a directory that is not there" 'nowhere is no directory' nowhere
refused "a file" 'map/basin.gp is no directory' map/basin.gp
mkdir empty
refused "a directory without results" 'empty has no manifest.json: it is not the --out of a command that has ended' empty
damage() { # FILTER
    rm -rf bad
    cp -r net bad
    jq "$1" net/manifest.json > bad/manifest.json
}
cp -r net bad
head -c 100 net/manifest.json > bad/manifest.json
refused "half a manifest" 'bad/manifest.json is damaged: ' bad
damage 'del(.outputs)'
refused "no outputs" 'is damaged: "outputs" is missing' bad
damage '.outputs = {}'
refused "outputs without a file" 'is damaged: "outputs" is missing, or lists no file' bad
damage '.outputs["../net/epochs.tsv"] = .outputs["epochs.tsv"]'
refused "an output of another directory" 'is damaged: "outputs" holds what is no file name' bad
damage '.outputs["epochs.tsv"] = "abc"'
refused "a hash that is none" 'is damaged: "outputs" holds what is no file name with its SHA-256' bad
damage '.outputs["epochs.tsv"] = 3'
refused "a hash that is a number" 'is damaged' bad
damage '.command = "settle"'
refused "a command that is none" 'is damaged: "command"' bad
damage 'del(.versions)'
refused "no versions" 'is damaged: "parameters" or "versions"' bad
damage '[.]'
refused "a list" 'is damaged: it is no object' bad
damage .
rm bad/epochs.tsv
refused "a file that is missing" 'bad/epochs.tsv is missing, which the manifest lists' bad
ln -s /etc/passwd bad/epochs.tsv
refused "a link in the place of a file" 'bad/epochs.tsv is no regular file' bad
spoil() { # COMMAND ...: on the store of a copy
    rm -rf bad
    cp -r verified bad
    "$@"
}
spoil head -c 5000 verified/store.sqlite > half
cp half bad/store.sqlite
refused "half a store" 'bad/store.sqlite' bad
spoil sqlite3 bad/store.sqlite 'pragma journal_mode = delete; drop table theorem' > /dev/null
refused "a store without theorems" 'bad/store.sqlite: no such table' bad
spoil sqlite3 bad/store.sqlite 'pragma journal_mode = delete; pragma user_version = 3' > /dev/null
refused "a store of another layout" 'bad/store.sqlite was made by another version of settle' bad
spoil sqlite3 bad/store.sqlite "pragma journal_mode = delete; update theorem set id = '\"><b>' where id = 't1-limit'" > /dev/null
refused "a theorem whose name is none" 'is no name of a theorem' bad
rm -rf bad
cp -r map bad
printf 'nothing\n' > bad/classes.tsv
refused "a map whose classes are none" 'bad/classes.tsv is no table of settle basin' bad
refused "a folder that cannot be written" 'cannot create the directory /dev/null' map --out /dev/null/empty/x
check "no directory at all" gives 2 "$settle" report
check "two of them" gives 2 "$settle" report verified map
check "an option that it does not take" gives 2 "$settle" report verified --seed 3
# ---- other commands ----
page=hunt/report.html
check "a hunt that finds" gives 1 "$settle" hunt t3-published --evaluations 400 --out hunt --quiet
check "  has a page" gives 0 "$settle" report hunt
check "  with the statement" says_plainly 'From every start the weights converge to a global minimum'
check "  the verdict" says_plainly 'Verdict of the huntrefuted'
check "  the witness, which is a command" says_plainly "Witness$(jq -r .command hunt/witness.json)"
check "  its margin" says_plainly 'Margin-1 by BDF, -1 by rk8pd'
check "  what was tried" has 'What was tried'
check "  and for a paper" gives 0 "$settle" report hunt --latex
page=hunt-none/report.html
check "a hunt that finds nothing" gives 0 "$settle" hunt t3-converges --evaluations 100 --out hunt-none --quiet
check "  has a page" gives 0 "$settle" report hunt-none
check "  which is no proof" says_plainly 'none was found, which is no proof'
check "  with what was dropped" has 'One hypothesis dropped at a time'
sed -i 's/"claim":/"blame":/' hunt-none/hunt.json
check "a hunt without a claim is refused" gives 2 "$settle" report hunt-none
check "  by name" complains 'hunt-none/hunt.json names no claim'
page=limits/report.html
check "a map of limits" gives 0 "$settle" basin chain --grid 8x8 --values limit --out limits --quiet
check "  has a page" gives 0 "$settle" report limits
check "  whose figures name what is drawn" says_plainly 'Map of basins, shaded by '
finish
