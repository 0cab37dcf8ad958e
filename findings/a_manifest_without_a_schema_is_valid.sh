#!/usr/bin/env bash
# kubernetes-validate accepts a manifest for which it has no schema, and its exit status is that of a valid one.
#
# Expected: a checker that cannot check something fails, or says so with its exit status, so that a script or CI notices a
# misspelt kind.
# Seen (kubernetes-validate 1.37.0): with `kind: Jobb` the command prints a warning about a schema that was not found, and
# exits with 0, with --strict too. The same manifest with `kind: Job` and a key too many is refused under --strict. So the
# one misspelling that turns off every check is the one that passes. A script that relies on the command must look for the line
# "passed" for each resource.
#
# Needs python3 with pip. Exits with 1 if the command does something else.
set -euo pipefail

folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$folder/packages" \
  kubernetes-validate==1.37.0
export PYTHONPATH=$folder/packages

check() { # check KIND KEY: the exit status for a small job with this kind and one more key
  cat >"$folder/job.yaml" <<YAML
apiVersion: batch/v1
kind: $1
metadata: {name: job}
spec:
  $2: 1
  template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}
YAML
  local status=0
  python3 -m kubernetes_validate --strict "$folder/job.yaml" >"$folder/said" 2>&1 || status=$?
  tail -n 1 "$folder/said" >&2
  echo "$status"
}

right=$(check Job completions)
wrong_key=$(check Job completion)
wrong_kind=$(check Jobb completion)
printf 'right: %s; a key that does not exist: %s; the same, and a kind that does not exist: %s\n' \
  "$right" "$wrong_key" "$wrong_kind"
[ "$right" = 0 ] && [ "$wrong_key" != 0 ] && [ "$wrong_kind" = 0 ]
