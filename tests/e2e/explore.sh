#!/usr/bin/env bash
# settle explore: the server spoken to by curl and by hand: answers against those of run, portrait and basin,
# malformed requests, slow and many clients, time limits, the end; and the offline page.
# shellcheck disable=SC1003,SC1091,SC2016,SC2034,SC2154,SC2317 # the text of jq; tap: sourced, sets top, settle, out, err; check calls by name
here=$(cd "$(dirname "$0")" && pwd)
. "$here/tap"

command -v curl > /dev/null || { echo "not ok 1 # SKIP explore: no curl (scripts/install-dependencies build)"; exit 0; }
json=$top/json
server=
url=

begin() { # ARGUMENTS: starts a server, sets url, port, token
    : > "$top/url"
    "$settle" explore "$@" > "$top/url" 2> "$top/log" &
    server=$!
    for _ in $(seq 100); do
        [ -s "$top/url" ] && break
        sleep 0.1
    done
    url=$(cat "$top/url")
    port=${url#http://127.0.0.1:}
    port=${port%%/*}
    token=${url%/}
    token=${token##*/}
    [[ $url =~ ^http://127\.0\.0\.1:[0-9]+/[0-9a-f]{32}/$ ]]
}
end() { # the exit status of the server is 0
    kill -TERM "$server"
    wait "$server"
}
trap 'kill "$server" 2> /dev/null; chmod -R u+w "$top"; rm -rf "$top"' EXIT

get() { curl -s -m 60 -o "$json" "$url$1"; }                       # ANSWER?QUERY
code() { [ "$(curl -s -m 60 -o "$json" -w '%{http_code}' "${@:2}")" = "$1" ]; } # CODE CURL-ARGUMENTS
alive() { code 200 "${url}model"; }
told() { jq -e 'keys == ["error"] and (.error | length > 0)' "$json" > /dev/null; }
refused() { # QUERY of the model: 400, one line of JSON, one line in the log
    local before
    before=$(wc -l < "$top/log")
    code 400 "${url}model?$1" && told && [ "$(wc -l < "$json")" -eq 0 ] &&
        [ "$(wc -l < "$top/log")" -eq $((before + 1)) ] && tail -1 "$top/log" | grep -q '^settle explore: 400: '
}
raw() { # TEXT: what a server says to these bytes
    exec 3<> "/dev/tcp/127.0.0.1/$port" || return 1
    printf '%b' "$1" >&3
    timeout 20 cat <&3 > "$out"
    exec 3>&- 3<&-
}

# --- usage
check "help has an example" gives 0 "$settle" explore --help
check "... of explore" prints 'settle explore chain --c 1 --open'
check "what is no system is refused" gives 2 "$settle" explore chian
check "... in a line" one_line
check "too many unknowns are refused" gives 2 "$settle" explore deep --sizes 20,20,20
check "... in a line" one_line
check "port 0 is none" gives 2 "$settle" explore chain --port 0
check "port 65536 is none" gives 2 "$settle" explore chain --port 65536

# --- the page
check "a server says where it is" begin chain --c 1 --init -2,1
check "the page is HTML" code 200 "$url"
check "... a whole document" grep -q '</html>' "$json"
head=$(curl -s -I "$url")
has() { grep -qi -e "$1" <<< "$head"; }
check "HEAD works" has '^HTTP/1.1 200'
check "nothing is stored" has '^Cache-Control: no-store'
check "types are not guessed" has '^X-Content-Type-Options: nosniff'
check "no referrer" has '^Referrer-Policy: no-referrer'
check "a policy" has "^Content-Security-Policy: default-src 'none'; style-src 'sha256-.*connect-src 'self'"
own_hash() { # NAME of an element: is the hash of its text in the policy?
    local hash
    hash=$(python3 - "$json" "$1" << 'PY'
import base64, hashlib, re, sys
page = open(sys.argv[1], encoding="utf-8").read()
text = re.search("<%s>(.*?)</%s>" % (sys.argv[2], sys.argv[2]), page, re.S).group(1)
print(base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())
PY
    )
    has "'sha256-$hash'"
}
if command -v python3 > /dev/null; then
    get ''
    check "the style is the policy's" own_hash style
    check "the script is the policy's" own_hash script
fi
check "a second server cannot have the port" gives 2 "$settle" explore chain --port "$port"
check "... and says so" complains 'in use'

# --- answers
like() { jq -e "$1" "$json" > /dev/null; }
get model
check "model: names, base, plane" like '.names == ["a1","a2"] and .base == [-2,1] and .plane == ["a1","a2"] and .system == "chain"'
check "model: sliders" like '[.parameters[] | select(.kind == "number") | .name] == ["c1","alpha","beta","lambda"]'
check "model: a slider holds its value" like 'all(.parameters[] | select(.kind == "number"); .low <= .value and .value <= .high and .low < .high and .step > 0)'
check "model: rules" like '.parameters[0].choices | index("bp") and index("srbp") and index("arbp")'
check "model: backpropagation takes no c" like '.parameters[0].drops.bp == ["c"]'
check "model: the command" like '.command == "settle portrait chain --c 1 --init -2,1"'
check "model: the options in force" like '.options == {"c":"1","init":"-2,1","depth":"2"}'
every_choice() { # of the model can be asked for, with what it drops
    local query
    while read -r query; do
        code 200 "${url}model?$query" || { echo "# $query"; return 1; }
    done < <(jq -r '.parameters[] | select(.choices) | . as $p | .choices[] | . as $v |
        ([$p.option + "=" + $v] + [$p.drops[$v][] | . + "="]) | join("&")' "$json")
}
cp "$json" "$top/model"
check "model: what it offers can be had" every_choice

get portrait
check "portrait: its parts" like '(keys - ["milliseconds"]) == ["critical","curves","cycles","field","leaves","manifolds","nullclines","points","switches"]'
check "portrait: fixed points attract and repel" like '[.curves[].stability] | index("attracts") and index("repels")'
check "portrait: the semistable point" like '.points == [{"x":-1,"y":-1,"kind":"semistable","note":"semistable fixed point; eigenvalues 0, 0"}]'
check "portrait: fixed points are where P = 1" like 'all(.curves[].line | range(0; length; 2) as $k | .[$k] * .[$k+1]; . - 1 | fabs < 1e-9)'
check "portrait: leaves of the first integral" like '.leaves.name == "2 c1 a2 - a1^2" or (.leaves.name | length > 0)'
check "portrait: arrows" like '.field | (.x | length) == 441 and (.dx | length) == 441 and .w == 21 and .h == 21'
check "its tables" gives 0 "$settle" portrait chain --c 1 --init -2,1 --out paper
field_as_on_paper() {
    jq -r '.field as $f | range($f.x | length) | [$f.x[.], $f.y[.], $f.dx[.], $f.dy[.]] | @tsv' "$json" > "$top/field"
    awk 'NR == FNR { if ($0 !~ /^#/) { for (k = 1; k <= 4; k++) a[n, k] = $k; n++ } next }
         { for (k = 1; k <= 4; k++) if (($k - a[m, k])^2 > 1e-28) bad++; m++ }
         END { exit bad > 0 || m != n || m < 400 }' paper/portrait-field.tsv "$top/field"
}
check "portrait: the arrows of settle portrait" field_as_on_paper

as_run() { # QUERY ARGUMENTS of run
    get "trajectory?$1" || return 1
    "$settle" run "${@:2}" --json > "$top/run" || [ $? -ne 2 ] || return 1
    jq -e -n --slurpfile a "$json" --slurpfile b "$top/run" '$a[0] as $a | $b[0] as $b |
        $a.limit == $b.limit and $a.ending == $b.ending and $a.time == $b.t and
        $a.predicted == $b.predicted and ($a.limit != null or $a.ending != "settled")' > /dev/null
}
check "trajectory: as settle run" as_run 'init=-2,1' chain --c 1 --init -2,1
check "... that it names" like '.command == "settle run chain --c 1 --init -2,1" and .agreement == "yes"'
check "... from its start" like '.line[0:2] == [-2,1] and .t[0] == 0 and (.line | length) == 2 * (.t | length) and (.t | length) <= 2000'
check "... to its limit" like '(.line[-2] - .limit[0] | fabs) < 1e-4'
check "... with evidence" like '[.evidence[].name] | index("ending") and index("limit") and index("transverse rate")'
check "trajectory: other weights" as_run 'c=-1/2&init=0.3,-1.7' chain --c -1/2 --init 0.3,-1.7
check "trajectory: three layers, skipped" as_run 'c=1,-1/3&depth=3&rule=srbp&init=0.3,-1.7,2' chain --c 1,-1/3 --depth 3 --rule srbp --init 0.3,-1.7,2
check "trajectory: backpropagation" as_run 'c=&rule=bp&init=0.3,-1.7&alpha=-2' chain --rule bp --init 0.3,-1.7 --alpha -2
check "trajectory: a tanh" as_run 'activation=tanh&init=1.3,-0.7' chain --c 1 --activation tanh --init 1.3,-0.7
check "trajectory: adaptive" as_run 'c=&rule=arbp&init=1/2,1/4,-1/2' chain --rule arbp --init 1/2,1/4,-1/2
check "trajectory: signs, whose field jumps" as_run 'c=&rule=sign-symmetry&init=1.3,-0.7' chain --rule sign-symmetry --init 1.3,-0.7
get 'trajectory?init=-2,1&direction=backward'
check "backwards: until out of sight" like '.ending == "horizon" and .time < 0 and (.reason | test("out of sight")) and .line[0:2] == [-2,1]'
backwards_is_inverse() { # forwards again from where it came, one meets the start
    local init
    init=$(jq -r '"\(.line[20]),\(.line[21])"' "$json")
    get "trajectory?init=$init"
    jq -e '.line as $l | [range(0; $l | length; 2) | ($l[.] + 2) * ($l[.] + 2) + ($l[.+1] - 1) * ($l[.+1] - 1)] | min < 1e-4' "$json" > /dev/null
}
check "backwards: and forwards again" backwards_is_inverse
get 'trajectory?c=&rule=sign-symmetry&init=1.3,-0.7&direction=backward'
check "backwards: not where the field jumps" like '.ending == "none" and (.reason | length > 0)'
get 'predict?init=-2,1'
cp "$json" "$top/predict"
get 'trajectory?init=-2,1'
check "predict: what the run predicts" [ "$(jq -S .predicted "$json")" = "$(jq -S . "$top/predict")" ]

as_basin() { # QUERY ARGUMENTS of basin: the same classes, with as many cells
    for _ in $(seq 60); do
        get "basin?$1" || return 1
        like '.complete' && break
    done
    "$settle" basin "${@:2}" --quiet --json > "$top/basin" || return 1
    jq -e -n --slurpfile a "$json" --slurpfile b "$top/basin" '
        ([$a[0].classes[] | [.label, .cells]] | sort) == ([$b[0].classes[] | [.label, .cells]] | sort) and
        ($a[0].cells | length) == $a[0].w * $a[0].h and $a[0].complete and ([$a[0].cells[] | select(. == -3)] | length == 0)' > /dev/null
}
check "basin: as settle basin" as_basin 'grid=24x18' chain --c 1 --init -2,1 --grid 24x18
check "... with colours and shades" like '(.classes[0].colour | test("^#[0-9a-f]{6}$")) and ([.shade[] | select(. != null and (. < 0 or . > 1))] | length == 0)'
check "... counted by its codes" like '. as $b | all(range($b.classes | length); . as $k | $b.classes[$k].paint == "undecided" or $b.classes[$k].paint == "unbounded" or ([$b.cells[] | select(. == $k)] | length) == $b.classes[$k].cells)'
check "basin: of a tanh, in parts" as_basin 'grid=20x20&activation=tanh' chain --c 1 --init -2,1 --activation tanh --grid 20x20
check "basin: a plane of three unknowns" as_basin 'grid=16x16&depth=3&c=1,-1&init=1/2,1/2,1&plane=a1,a3' chain --depth 3 --c 1,-1 --init 1/2,1/2,1 --plane a1,a3 --grid 16x16
check "basin: standard is 60x60" code 200 "${url}basin"
check "..." like '.w == 60 and .h == 60 and (.cells | length) == 3600'
check "basin: at most 200 cells along a side" code 400 "${url}basin?grid=201x20"
check "basin: a plane" code 400 "${url}basin?grid=20x20x20"
check "basin: from" code 200 "${url}basin?grid=24x18&from=17"
check "basin: from is a number" code 400 "${url}basin?grid=24x18&from=-1"

# --- malformed requests
for query in 'x=1' 'c' 'c=1&c=2' '&' '=' 'c=1&' '=1' 'c=%' 'c=%4' 'c=%zz' 'c=%00' 'c=1%0a' 'c=@/etc/passwd' \
    'init=@README' 'data=x' 'labels=x' 'offline=x' 'out=x' 'port=1' 'open=1' 'json=' 'seed=1' 'c=a%20b' 'c=1+1' 'c=1;2' \
    'c=1%2e%2e%5c' 'c=<x>' "c='" 'c="' 'c=`id`' 'c=$(id)' 'c=1|2' 'c=1*2' 'c=~' 'c=\' 'rule=nope' 'rule=' \
    'depth=0' 'depth=33' 'depth=1e9' 'init=1,2,3' 'init=nan,1' 'init=inf,1' 'init=/etc/passwd' 'init=..' \
    'plane=a1' 'plane=a1,a1' 'plane=a1,a9' 'plane=a1,a2,a3' 'window=1' 'window=1,0,0,1' 'window=0,0,0,1' 'window=0,1,0,inf' \
    'grid=x' 'grid=1x1' 'grid=100000x100000' 'rtol=-1' 'atol=0' 'method=euler' 'horizon=0' 'horizon=-1' \
    'sizes=10000,10000' 'sizes=2,2' 'activation=nope' 'biases=1' 'gaussian=-1' 'teacher=x' 'q=1' 'lambda=x' 'mu=1' \
    'direction=forward' 'from=1' 'rates=1,2,3,4,5' 'targets=1' 'weights=1' 'sigma-ii=1' 'par=1'; do
    [ "$query" = 'rule=' ] && continue # drops the rule: good
    check "refused: $query" refused "$query"
done
check "alive after them" alive
check "the log has no token" [ -z "$(grep "$token" "$top/log")" ]
check "an option that was given can be dropped" code 200 "${url}model?init=&c="
get 'model?init=&c='
check "..." like '.base == [0.5,0.5] and .options == {"depth":"2"}'
check "percent-encoding is read once" code 200 "${url}model?init=-2%2C%2b1"
check "... and no more" code 400 "${url}model?init=-2%252C1"
long=$(printf '1,%.0s' $(seq 4100))
check "8 KiB are too much" refused "init=${long}1"
check "... and said to be" like '.error | test("8192")'
check "100 KB are too much" gives 0 curl -s -m 20 -o "$json" -w '%{http_code}' "${url}model?init=$(printf '1,%.0s' $(seq 50000))"
check "..." prints '^4[01][0-9]$'
check "a huge header" gives 0 curl -s -m 20 -o "$json" -w '%{http_code}' -H "X: $(printf 'x%.0s' $(seq 60000))" "${url}model"
check "..." prints '^4[0-9][0-9]$'
# shellcheck disable=SC2046 # words
check "a thousand headers" gives 0 curl -s -m 20 -o "$json" -w '%{http_code}' $(for k in $(seq 1000); do printf -- '-H X%s:y ' "$k"; done) "${url}model"
check "..." prints '^\(200\|4[0-9][0-9]\)$'
check "alive after them" alive
for direction in sideways '' backwards; do
    check "refused: direction=$direction" code 400 "${url}trajectory?direction=$direction"
done
check "refused: a query of the page" code 400 "${url}?c=1"
check "... and a line for each" [ "$(grep -c '' "$top/log")" -gt 60 ]

# --- who may ask
wrong=$(tr '0-9a-f' '1-9a-f0' <<< "$token")
check "a wrong token" code 404 "http://127.0.0.1:$port/$wrong/model"
cp "$json" "$top/wrong"
last=${token:31:1}
check "a token that is wrong at its end" code 404 "http://127.0.0.1:$port/${token:0:31}$(tr '0-9a-f' '1-9a-f0' <<< "$last")/model"
check "... at its beginning" code 404 "http://127.0.0.1:$port/$(tr '0-9a-f' '1-9a-f0' <<< "${token:0:1}")${token:1}/model"
check "an unknown word" code 404 "${url}models"
check "... has the same answer" cmp -s "$json" "$top/wrong"
for path in / /model "/$token" "/${token:0:31}/model" "/${token}0/model" "/x$token/model" "/${token^^}x/" "/$wrong/"; do
    check "not found: ${path//$token/TOKEN}" code 404 "http://127.0.0.1:$port$path"
done
check "dots lead nowhere" code 404 --path-as-is "http://127.0.0.1:$port/$token/../$token/model"
check "... nor to files" code 404 --path-as-is "${url}../../../../etc/passwd"
check "... nor encoded" code 404 --path-as-is "${url}%2e%2e/%2e%2e/etc/passwd"
for method in POST PUT DELETE OPTIONS PATCH TRACE; do
    check "$method is not allowed" code 405 -X "$method" "${url}model"
done
check "POST with a body is not allowed" code 405 -d 'c=1' "${url}model"
check "GET with a body is refused" code 400 -X GET -d 'c=1' "${url}model"
for host in evil.example "evil.example:$port" 127.0.0.1 "127.0.0.1:1" "127.0.0.1:${port}0" "localhost" "[::1]:$port" ''; do
    check "refused: Host '$host'" code 400 -H "Host: $host" "${url}model"
done
check "localhost is this machine" code 200 -H "Host: localhost:$port" "${url}model"
check "no Host" raw "GET /$token/model HTTP/1.0\r\n\r\n"
check "... is refused" prints '^HTTP/1.. 400'
check "other addresses of this machine are not served" gives 7 curl -s -m 5 "http://127.0.0.2:$port/$token/model"
check "what is no HTTP" raw 'hello\r\n\r\n'
check "bytes" raw '\x00\xff\x16\x03\x01\r\n\r\n\r\n'
check "alive after them" alive

# --- many and slow clients
exec 4<> "/dev/tcp/127.0.0.1/$port" && printf 'GET /%s/model HTT' "$token" >&4
exec 5<> "/dev/tcp/127.0.0.1/$port"
exec 6<> "/dev/tcp/127.0.0.1/$port" && printf 'GET /%s/model HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nX-Slow: ' "$token" "$port" >&6
check "three that do not go on hold up nobody" code 200 -m 5 "${url}model"
printf 'P/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$port" >&4
timeout 20 cat <&4 > "$out"
check "... and one that does is answered" prints '^HTTP/1.1 200'
exec 4>&- 5>&- 6>&-
parallel() {
    seq 200 | xargs -P 50 -I NUMBER curl -s -m 120 -o "$top/many-NUMBER" -w '%{http_code}\n' \
        "${url}trajectory?c=1&init=-2,1.0" | sort | uniq -c | grep -q '^ *200 200$' || return 1
    for k in $(seq 200); do
        jq -c 'del(.milliseconds)' "$top/many-$k"
    done | sort -u | wc -l | grep -q '^1$'
}
check "200 at once, all answered alike" parallel
mixed() { # different problems at once
    seq 1 60 | xargs -P 30 -I NUMBER curl -s -m 120 -o "$top/mixed-NUMBER" "${url}trajectory?c=NUMBER/30&init=-2,1"
    for k in 7 31 60; do
        "$settle" run chain --c "$k/30" --init -2,1 --json > "$top/run"
        jq -e --slurpfile b "$top/run" '.limit == $b[0].limit' "$top/mixed-$k" > /dev/null || return 1
    done
}
check "60 different ones at once, each with its own answer" mixed

# --- time
late() { # a map that takes long: an answer in seconds, which goes on
    local slow='basin?grid=200x200&activation=tanh&c=0.7' before
    get "$slow" && like '.complete == false and .milliseconds < 4000' || return 1
    before=$(jq .from "$json")
    get "$slow&from=$before" && like ".from > $before" && like '.cells[.from] == -3 and .cells[.from - 1] != -3'
}
check "a map that takes long comes in parts" late
check "... and does not begin anew" like '([.cells[] | select(. == -3)] | length) == 40000 - .from'
hang_up() { # 80 who do not wait for their answers, of a second each
    for k in $(seq 80); do
        curl -s -m 0.3 -o /dev/null "${url}basin?grid=200x200&activation=tanh&c=0.7$k" &
        clients[k]=$!
    done
    wait "${clients[@]}"
    code 200 -m 8 "${url}model"
}
heavy="activation=tanh&depth=32&c=&init=&inputs=$(printf '1,%.0s' $(seq 999))2&targets=$(printf '1,%.0s' $(seq 999))3"
check "a portrait that takes too long is refused" code 400 "${url}portrait?$heavy"
check "... and says so" like '.error | test("takes more than 5 s")'
check "a trajectory that takes long" code 200 "${url}trajectory?$heavy"
check "... is cut" like '.milliseconds < 20000 and (.line | length) > 0'
check "who hangs up does not hold up others" hang_up
check "alive after them" alive
check "SIGTERM ends it, with status 0" end
check "... and its port is free" gives 7 curl -s -m 5 "${url}model"

# --- quiet; ended in the middle of work
check "a quiet server" begin chain --quiet --depth 3 --activation tanh
check "..." code 400 "${url}model?x=1"
check "... has no log" [ ! -s "$top/log" ]
curl -s -o "$top/cut" "${url}basin?grid=200x200" &
client=$!
sleep 0.3
check "it ends in the middle of a map, with status 0" end
wait "$client"
echo '-2 1' > start.txt
check "files of its own command line stay its own" begin chain --init @start.txt --quiet
get 'model?c=0.5'
check "... in force" like '.base == [-2,1] and .command == "settle portrait chain --c 0.5 --init @start.txt"'
check "... and are not to be asked for" code 400 "${url}model?init=@start.txt"
end

# --- other systems
for system in 'deep --sizes 2,2,2 --plane A1_1_1,A2_1_2' 'autoencoder --sizes 2,1,2' 'fan --sizes 1,2,1 --rule arbp' \
    'chain --rule weight-mirror --lambda 0.1' 'chain --lambda 0.2 --rule bp' \
    'chain --activation tanh --inputs .61,3.21,3.91 --targets=-1.47,.86,-1.63 --c .8' 'chain --activation power:3' 'fan --sizes 1,2,1 --activation relu --inputs 1,2 --targets 1,1'; do
    # shellcheck disable=SC2086 # words
    check "$system" begin $system
    for answer in model portrait predict trajectory 'trajectory?direction=backward' 'basin?grid=8x8'; do
        check "... $answer" code 200 "$url$answer"
        [ "$answer" = portrait ] && [[ $system =~ ^chain\ --(lambda|activation\ tanh) ]] &&
            check "... with its separatrices" like '(.manifolds | length) == 4 and ([.points[].kind] | index("saddle"))'
    done
    check "... ends" end
done

# --- one unknown
check "a phase line" begin polynomial --q 0,1,0,-1
get model
check "... of x and its rate" like '.plane == ["x","x\u0027"] and .line and .base == [0.5] and .window[0:2] == [-3,3]'
get portrait
check "... has its fixed points" like '[.points[] | [.x, .y, .kind]] == [[-1,0,"stable"],[0,0,"unstable"],[1,0,"stable"]]'
check "... and the graph of x - x^3" like '.critical.lines[0] as $l | all(range(0; $l | length; 2); ($l[.] - ($l[.] * $l[.] * $l[.]) - $l[.+1] | fabs) < 1e-12)'
get 'portrait?q=1/49,-2/7,1'
check "... also where it only touches 0" like '[.points[] | [(.x * 7e6 | round), .kind]] == [[1000000,"semistable"]]'
check "... runs" as_run 'init=-1/3' polynomial --q 0,1,0,-1 --init -1/3
check "... has basins" as_basin 'grid=10x10' polynomial --q 0,1,0,-1 --grid 10
check "... in its window" like '.h == 1 and .w == 10 and .cells == [0,0,0,0,0,1,1,1,1,1]'
check "... has no plane" code 400 "${url}model?plane=x,x"
check "... ends" end

# --- equations of one's own
printf "x'=a*x-x^3+b*y\ny'=-y\npar a=1,b=0.5\ninit x=0.3,y=0.2\ndone\n" > my.ode
check "a file with equations" begin "$PWD/my.ode"
get model
check "... has its parameters" like '[.parameters[] | [.name, .option, .index, .value]] == [["a","par",0,1],["b","par",1,0.5]] and .base == [0.3,0.2]'
check "... which a request gives as a list" as_run 'par=0.3,-2&init=1,1' my.ode --par a=0.3,b=-2 --init 1,1
check "... and the command by name" like ".command == \"settle run $PWD/my.ode --init 1,1 --par a=0.3,b=-2\""
for query in 'par=1' 'par=1,2,3' 'par=a%3D1,b%3D2' 'par=x,y' 'par=1,'; do
    check "refused: $query" refused "$query"
done
check "... ends" end

# What the linear part does not decide is called as in a portrait; a first integral makes a centre
printf "x'=-y-x*(x^2+y^2)\ny'=x-y*(x^2+y^2)\ndone\n" > weak.ode
printf "x'=y\ny'=x-x^3\ndone\n" > duffing.ode
check "a weak focus" begin "$PWD/weak.ode"
get portrait
check "... is degenerate" like '[.points[] | [.kind, .note]] == [["degenerate","degenerate fixed point; eigenvalues +-1i"]] and .cycles == []'
check "... ends" end
check "two wells" begin "$PWD/duffing.ode"
get portrait
check "... have centres" like '[.points[].kind] == ["centre","saddle","centre"] and (.points[0].note | startswith("centre;"))'
get ''
check "... the page has the words" grep -q 'centre: "centre"' "$json"
check "... ends" end
check "help offers two unknowns" gives 0 "$settle" explore --help
check "... since three are refused" bash -c "! tr -s ' \n' ' ' < '$out' | grep -q 'or three'"
two_letters() { # of an index, as spans of the page
    node -e 'const spans = []; global.window = {};
        global.document = { createElementNS: () => (spans.push({ setAttribute() {} }), spans.at(-1)) };
        require(process.argv[1]); window.settle.typesetSvg({ append() {} }, "Sigma_TI", 10);
        process.exit(spans.length === 2 && spans[1].textContent === "TI" ? 0 : 1)' "$here/../../plots/explore_text.js"
}
if command -v node > /dev/null; then
    check "Sigma_TI is one letter with two as its index" two_letters
fi

# --- offline
check "an offline page" gives 0 "$settle" explore chain --c 1 --grid 20x20 --offline page.html --offline-values 3
check "... of some megabytes" [ "$(wc -c < page.html)" -lt 8000000 ]
data() { sed -n 's/^<script type="application\/json" id="data">\(.*\)<\/script>$/\1/p' page.html | jq -e "$1" > /dev/null; }
check "... has frames" data '.values == [-3,1,3] and (.frames | length) == 3 and .parameter.name == "c1"'
check "... with everything" data 'all(.frames[]; (.forward | length) == 225 and (.backward | length) == 225 and .basin.complete and (.portrait.field.x | length) == 441)'
check "... each from its start" data '.starts as $s | all(.frames[]; all(range(225) as $k | .forward[$k].line[0:2] == [$s.x[$k % 15], $s.y[$k / 15 | floor]]; .))'
offline_as_run() {
    local command
    command=$(sed -n 's/^<script type="application\/json" id="data">\(.*\)<\/script>$/\1/p' page.html | tee "$top/data" | jq -r '.frames[2].forward[100].command')
    read -r -a words <<< "$command"
    "$settle" "${words[@]:1}" --json > "$top/run"
    jq -e --slurpfile b "$top/run" '.frames[2].forward[100].limit as $l | $b[0].limit as $m | all(range(2); ($l[.] - $m[.] | fabs) < 1e-10)' "$top/data" > /dev/null
}
check "... with limits that its commands repeat" offline_as_run
check "... and speaks with nobody" grep -q "Content-Security-Policy.*connect-src 'none'" page.html
check "a page that cannot be written" gives 4 "$settle" explore chain --quiet --offline-values 1 --offline nowhere/page.html
check "... in a line" one_line
finish
