#!/usr/bin/env bash
# settle list, --help and --version.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

check "--version" gives 0 "$settle" --version
check "--version names the libraries as loaded" prints '^SUNDIALS [0-9]'
check "--help" gives 0 "$settle" --help
check "-h is --help" gives 0 "$settle" -h
check "  of a command, too" gives 0 "$settle" run chain -h
check "  which is that of --help" bash -c "'$settle' run --help | diff -q - '$out'"
check "upper case is near to lower case" gives 2 "$settle" run chain --rule BP
check "  and told" complains 'did you mean bp'
for command in basin compare explore list portrait prove report run sweep train verify; do
    check "--help names $command" gives 0 "$settle" --help
    check "--help explains $command" prints "^  $command"
    check "$command --help" gives 0 "$settle" "$command" --help
    check "$command --help has a worked example" prints '^example'
    check "$command --help says nothing on stderr" quiet
done

# Each command's help says what the command takes, not what others take.
options_of() { "$settle" "$1" --help | sed -n '/^options:/,$p'; }
for command in train compare; do
    check "$command --help speaks of no other command" \
        bash -c "! grep -E 'compare:|train:|prove:|theorem|referee|--over|integrator' <<< \"\$1\"" - "$(options_of "$command")"
done
check "train takes data, not their moments" bash -c "! grep -E 'moments|power:3|adaptive|with --activation' <<< \"\$1\"" - "$(options_of train)"
check "--trials of train are runs" grep -q -- '--trials N  *runs of each rule' <<< "$(options_of train)"
check "--trials of compare, too" grep -q -- '--trials N  *runs for each eta' <<< "$(options_of compare)"
check "--trials of verify are instances" grep -q -- '--trials N  *instances per theorem' <<< "$(options_of verify)"
check "--eta of compare is a list" grep -q -- '--eta LIST' <<< "$(options_of compare)"

check "list" gives 0 "$settle" list
for kind in systems rules theorems activations commands; do
    check "list $kind" gives 0 "$settle" list "$kind"
    check "list $kind prints that one first" prints "^$kind\$"
    check "list $kind --json" gives 0 "$settle" list "$kind" --json
    check "list $kind --json is an array" says ".$kind | type == \"array\""
done
check "list activations" gives 0 "$settle" list activations
check "the activations of a learning channel" prints 'tanh'
check "list --json" gives 0 "$settle" list --json
check "chain, deep and polynomial are systems" \
    says '[.systems[] | select(.activation | not) | .name] | contains(["chain", "deep", "polynomial"]) and . == sort'
check "chains and networks are systems with activations" \
    says '[.systems[] | select(.activation) | .name] | contains(["chain", "deep", "hidden"]) and . == sort'
check "networks are told from other systems" \
    says '[.systems[] | select(.network) | .name] | contains(["deep"]) and (contains(["polynomial"]) | not)'
check "the rules are there, in order" \
    says '[.rules[].name] | contains(["arbp", "bp", "kolen-pollack", "pfa", "rbp", "srbp"]) and . == sort'
check "every rule says what its channel is" \
    says '.rules | all(.architectures and .feedback and .channel and (.product | type == "boolean"))'
check "only bp and sbp go backwards through the same connections" \
    says '[.rules[] | select(.architectures | test("bidirectional")) | .name] == ["bp", "sbp"]'
check "pfa needs a decay, rbp does not" \
    says '[.rules[] | select(.name == "pfa" or .name == "rbp") | .needs_decay] == [true, false]'
check "rules of minibatch networks are there, in order" says '[.network_rules[].name] | length == 17 and . == sort and
    contains(["bp", "per-weight", "pfa", "rbp", "redraw", "sign-only", "srbp", "top-layer", "weight-mirror"])'
check "each with its equation, source, note and channel" says '.network_rules | all(.title and .equation and .source and
    (.label | test("^MB[0-9]+$")) and .channel and .flow and (.feedback_learns | type == "boolean"))'
check "and they are lists of their own" gives 0 "$settle" list rules --json
check "beside the rules of flows" says 'keys == ["network_rules", "rules"]'
check "list rules" gives 0 "$settle" list rules
check "says which rules networks have" prints '^of networks  *trained by minibatches'
check "and their other names" prints 'random backpropagation (feedback alignment) (also: fa)'
for word in bidirectional conjoined twin distinct; do
    check "explains $word" prints "$word: "
done
check "the table of theorems" gives 0 "$settle" list theorems --markdown
cp "$out" "$top/table"
check "has its heading" prints '^| theorem | on record | hypotheses | statement | source | note |$'
six_cells() { sed 's/\\|//g' "$top/table" | awk -F '|' 'NF != 8 { exit 1 }'; }
check "has six cells in every line" six_cells
check "has a line a theorem" bash -c "'$settle' list theorems --json |
    jq -e --argjson lines \"\$(wc -l < '$top/table')\" '.theorems | length == \$lines - 2' > '$out'"
check "--markdown is for theorems" gives 2 "$settle" list rules --markdown
check "and says so" complains 'settle list theorems --markdown'
check "list --json again" gives 0 "$settle" list --json
check "every theorem has source, hypotheses, statement, label, record and control" \
    says '.theorems | length > 0 and all(.source and (.hypotheses | length > 3) and .statement and .label and .recorded and .control)'
check "theorem ids are unique" says '[.theorems[].id] | length == (unique | length)'
check "the commands are alphabetical" says '[.commands[].name] == ([.commands[].name] | sort)'
finish
