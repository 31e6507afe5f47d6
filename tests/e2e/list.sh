#!/usr/bin/env bash
# settle list, --help and --version.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

check "--version" gives 0 "$settle" --version
check "--version names the libraries as loaded" prints '^SUNDIALS [0-9]'
check "--help" gives 0 "$settle" --help
for command in list portrait run verify; do
    check "--help names $command" gives 0 "$settle" --help
    check "--help explains $command" prints "^  $command"
    check "$command --help" gives 0 "$settle" "$command" --help
    check "$command --help has a worked example" prints '^example'
    check "$command --help says nothing on stderr" quiet
done
check "commands that do not exist are not promised" \
    bash -c "! '$settle' --help | grep -E -w 'basin|prove|hunt|train|compare|report|explore'"

check "list" gives 0 "$settle" list
for kind in systems rules theorems activations commands; do
    check "list $kind" gives 0 "$settle" list "$kind"
    check "list $kind prints that one first" prints "^$kind\$"
    check "list $kind --json" gives 0 "$settle" list "$kind" --json
    check "list $kind --json is an array" says ".$kind | type == \"array\""
done
check "list activations" gives 0 "$settle" list activations
check "there are no activations yet" prints 'none'
check "list --json" gives 0 "$settle" list --json
check "chain and polynomial are systems" says '[.systems[].name] == ["chain", "polynomial"]'
check "bp, rbp and srbp are rules" says '[.rules[].name] == ["bp", "rbp", "srbp"]'
check "every theorem has source, statement, label, record and control" \
    says '.theorems | length > 0 and all(.source and .statement and .label and .recorded and .control)'
check "theorem ids are unique" says '[.theorems[].id] | length == (unique | length)'
check "the commands are alphabetical" says '[.commands[].name] == ([.commands[].name] | sort)'
finish
