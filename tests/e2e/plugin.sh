#!/usr/bin/env bash
# Plug-ins: the example compiles as its page says, does what the same equations do as formulas, under every command
# that takes it; code is executed only where --plugin is said; what is wrong with an object is said in one line.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/tap"
compiler=${CC:-cc}
cp "$here/tests/examples/plugin.c" "$here/tests/e2e/plugin.ode" .

# shellcheck disable=SC2086 # CC may be several words
compiled() { $compiler -shared -fPIC -I "$here" "$1" -o "$2" "${@:3}" -lm > "$out" 2> "$err"; }
check "the example compiles as the page says" compiled plugin.c my.so -Wall -Wextra -Werror
check "and is not run unasked" gives 2 "$settle" run my.so
check "  as it says" complains 'my.so is a shared object; --plugin loads it, which executes what is in it'
check "it runs" gives 0 "$settle" run my.so --plugin --json --quiet
check "  and settles" says '.ending == "settled" and .prediction.verdict != "holds"'
cp "$out" own.json
"$settle" run plugin.ode --json --quiet > formulas.json 2> "$err"
# differences for a Jacobian, and no bound on rounding: the limit is that of Newton to some digits
same() {
    jq -e -n --slurpfile a own.json --slurpfile b formulas.json '[$a[0].limit, $b[0].limit] | transpose |
        length == 2 and (map((.[0] - .[1] | fabs) <= 1e-9 * (1 + (.[0] | fabs))) | all)' > /dev/null
}
check "  at the limit of its formulas" same
check "parameters and start are replaced" gives 0 "$settle" run my.so --plugin --par c=-1/2,LAMBDA=1/5 --init 1/2,1/3 --json --quiet
cp "$out" own.json
"$settle" run plugin.ode --par c=-1/2,lambda=1/5 --init 1/2,1/3 --json --quiet > formulas.json 2> "$err"
check "  with the limit of the formulas" same
check "--out keeps a digest of the object" gives 0 "$settle" run my.so --plugin --out run
check "  in the manifest" holds '.parameters.equation_sha256 | length == 64' run/manifest.json
check "verify checks it" gives 0 "$settle" verify my.so --plugin --trials 5 --json
check "  four times, with controls" says \
    '(.theorems | length == 4) and ([.theorems[] | .verdict == "supported" and .control.verdict == "refuted"] | all)'
check "hunt finds nothing against it" gives 0 "$settle" hunt my.so --plugin --evaluations 20 --json
check "  by its own word" says '.kind == "equations" and (.search.nearest | startswith("settle run my.so --plugin --init "))'
check "portrait draws it" gives 0 "$settle" portrait my.so --plugin --window=-3,3,-3,3 --out portrait
check "  to a file" test -s portrait/portrait.svg
check "basin maps it" gives 0 "$settle" basin my.so --plugin --window=-3,3,-3,3 --grid 8x8 --json
check "  with threads of its own" says '.endings.settled == 64'
check "sweep follows its branch" gives 0 "$settle" sweep my.so --plugin --over lambda --from .05 --to 1
check "sweep knows its parameters" gives 2 "$settle" sweep my.so --plugin --over lamda --from .05 --to 1
check "  by name" complains "has no parameter 'lamda'; did you mean lambda"
for command in prove explore "export --to ode"; do
    read -ra words <<< "$command"
    check "${words[0]} has no use for code" gives 2 "$settle" "${words[@]}" my.so
    check "  and says why" complains "my.so is a shared object, which has no formulas for ${words[0]}"
done

# A Jacobian of its own, right and wrong.
cat > jacobian.c << 'C'
#include <equations/plugin.h>
static int field(const double *x, const double *p, double *f)
{
    (void)p;
    f[0] = -x[0] * x[0] * x[0] - x[0] + x[1];
    f[1] = -2 * x[1];
    return x[0] > 5;
}
static int jacobian(const double *x, const double *p, double *J)
{
    (void)p;
    J[0] = SIGN 3 * x[0] * x[0] - 1;
    J[1] = 1;
    J[2] = 0;
    J[3] = -2;
    return 0;
}
static const char *const unknown[] = {"x", "y"};
static const double start[] = {1, 2};
extern const struct settle_plugin settle_plugin;
const struct settle_plugin settle_plugin = {.version = SETTLE_PLUGIN_VERSION, .unknowns = 2, .unknown = unknown,
    .start = start, .field = field, .jacobian = jacobian};
C
check "a Jacobian compiles" compiled jacobian.c right.so -DSIGN=-
check "  and is verified" gives 0 "$settle" verify right.so --plugin --trials 5
check "control: a wrong one compiles" compiled jacobian.c wrong.so -DSIGN=+
check "  and is refuted" gives 1 "$settle" verify wrong.so --plugin --trials 5 --json
check "  with a command that shows it" says \
    '[.theorems[] | select(.id == "jacobian")][0] | .verdict == "refuted" and (.witness | startswith("settle run wrong.so --plugin"))'
check "a start that the field refuses" gives 2 "$settle" run right.so --plugin --init 6,0
check "  is said so" complains 'right.so: the field refuses the start'

# What is wrong with an object.
cat > broken.c << 'C'
#include <equations/plugin.h>
static int field(const double *x, const double *p, double *f)
{
    (void)p;
    f[0] = -x[0] / START;
    return 0;
}
static const char *const unknown[] = {NAMES}, *const parameter[] = {"c"};
static const double start[] = {START}, value[] = {1};
extern const struct settle_plugin SYMBOL;
const struct settle_plugin SYMBOL = {.version = VERSION, .unknowns = COUNT, .unknown = unknown, .start = start,
    .parameters = 1, .parameter = parameter, .value = PARAMETERS, .field = FIELD};
C
# broken WHAT MESSAGE NAME=VALUE ...: compiled with these, refused with this
broken() {
    local what=$1 message=$2 name defines=() table
    declare -A table=([SYMBOL]=settle_plugin [VERSION]=SETTLE_PLUGIN_VERSION [COUNT]=1 [NAMES]='"x"' [START]=1.
        [PARAMETERS]=value [FIELD]=field)
    shift 2
    for name; do
        table[${name%%=*}]=${name#*=}
    done
    for name in "${!table[@]}"; do
        defines+=("-D$name=${table[$name]}")
    done
    check "$what compiles" compiled broken.c broken.so "${defines[@]}"
    if [ -z "$message" ]; then
        check "  and runs" gives 0 "$settle" run broken.so --plugin
        return
    fi
    check "  and is refused" gives 2 "$settle" run broken.so --plugin
    check "  with words" complains "$message"
    check "  on one line" one_line
}
broken "what nothing is wrong with" ""
broken "another symbol" 'broken.so is no plug-in: it does not define settle_plugin' SYMBOL=my_plugin
broken "another version" 'broken.so is a plug-in of version 7; this program knows version 1' VERSION=7
broken "no field" 'broken.so: the field is NULL' FIELD=0
broken "no unknowns" 'broken.so has no unknowns' COUNT=0
broken "65 unknowns" 'broken.so: 65 unknowns; at most 64 are possible' COUNT=65
broken "a missing name" 'broken.so: the name of unknown 1 is none' NAMES=0
broken "a wrong name" 'broken.so: the name of unknown 1 is none' 'NAMES="a b"'
broken "a name twice" 'broken.so: two quantities are called c' 'NAMES="C"'
broken "parameters without values" 'broken.so: the parameters have no values' PARAMETERS=0
broken "NaN at the start" "broken.so: x' is -\\?nan at the start" START=0.
echo "no object" > text.so
check "a text is no plug-in" gives 2 "$settle" run text.so --plugin
check "  as the loader says" complains 'plug-in .*text.so'
check "a missing file" gives 2 "$settle" run none.so --plugin
check "  is named" complains 'plug-in .*none.so: cannot open shared object file'
check "an .ode file is no plug-in" gives 2 "$settle" run plugin.ode --plugin

# the page shows this very file
shows() { awk -v RS='\0' -v file="$1" 'BEGIN { getline text < file } index($0, text) == 0 { exit 1 }' \
    "$here/notes/own-flows.md"; }
check "the page shows plugin.c" shows "$here/tests/examples/plugin.c"
finish
