#!/bin/sh
# Stand in for `kata class`: `task.sh … --shard i/n --out DIR` writes DIR/results.json.
#
# It notes that it has started. The file part-i in the folder $SCENE says what else it does: `wait` until there is
# a file `go`; write `nothing`; or write nothing `once`.
while [ "$1" != --shard ]; do shift; done
shard=${2%/*} out=$4
echo "$shard${SLURM_RESTART_COUNT:+-again}" >>"$SCENE/started"
case $(cat "$SCENE/part-$shard" 2>/dev/null) in
wait) until [ -e "$SCENE/go" ]; do sleep 0.1; done ;;
nothing) exit 0 ;;
once) rm "$SCENE/part-$shard" && exit 0 ;;
esac
mkdir "$out"
echo "{\"shard\": $shard}" >"$out/results.json"
