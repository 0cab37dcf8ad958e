#!/usr/bin/env bash
# Test array jobs on a real Slurm of one node: `just slurm`, or `just slurm COMMAND…` with another task.
#
# Munge, the controller and the node run in namespaces of this script, with a loopback of their own; all of them
# are gone when it ends, however it ends. The node has a process namespace of its own, so it can die as by a power
# cut: everything on it is killed at once. It needs Linux, root, and Debian's packages munge and slurm-wlm.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin
UNSHARE=(unshare --mount --net --uts --pid --fork --kill-child --mount-proc)

if [ "${1:-}" != --inside ]; then
  for program in munged slurmctld slurmd sbatch; do
    command -v $program >/dev/null || { echo "$program is missing: install munge and slurm-wlm" >&2; exit 2; }
  done
  "${UNSHARE[@]}" true 2>/dev/null || { echo "this system grants no namespaces (unshare(1))" >&2; exit 2; }
  cargo build --quiet --locked --package netkata-class --bins --example submit
  exec "${UNSHARE[@]}" bash "$0" --inside "$@"
fi
shift

TARGET=$(realpath "${CARGO_TARGET_DIR:-target}")
# In memory, and seen by this namespace only: nothing is left of it.
DIR=$TARGET/tmp/slurm
mkdir --parents "$DIR"
mount -t tmpfs tmpfs "$DIR"
trap 'status=$?; [ $status = 0 ] || tail --lines 20 "$DIR"/log/*' EXIT
# The first process of a namespace ignores these signals unless it handles them.
trap 'exit 130' INT TERM
export SLURM_CONF=$DIR/slurm.conf SCENE=$DIR/scene
SUBMIT=$TARGET/debug/examples/submit
TASK=("$@")
[ $# -gt 0 ] || TASK=(sh "$PWD/tests/slurm/task.sh")
NODE=

fail() {
  printf '✗ %s\n' "$*" >&2
  exit 1
}

until_true() { # until_true COMMAND...: wait for an event; a minute and a half without it is a failure
  local deadline=$((SECONDS + 90))
  until "$@"; do
    [ $SECONDS -lt $deadline ] || fail "it never happens: $*"
    sleep 0.2
  done
}

start_cluster() {
  hostname node
  ip link set lo up
  # Where 127.0.0.1 is the only address, getaddrinfo(3) finds none to listen on (AI_ADDRCONFIG).
  ip address add 192.0.2.1/32 dev lo
  mkdir "$DIR"/{log,state,spool}
  head --bytes 1024 /dev/urandom >"$DIR/key"
  chmod 0400 "$DIR/key"
  cat >"$SLURM_CONF" <<CONF
ClusterName=kata
SlurmctldHost=node(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$DIR/munge.sock
CryptoType=crypto/munge
StateSaveLocation=$DIR/state
SlurmdSpoolDir=$DIR/spool
SlurmctldPidFile=$DIR/slurmctld.pid
SlurmdPidFile=$DIR/slurmd.pid
SlurmctldLogFile=$DIR/log/slurmctld.log
SlurmdLogFile=$DIR/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
MpiDefault=none
SlurmdTimeout=15
ReturnToService=2
MaxArraySize=8
NodeName=node NodeHostname=node NodeAddr=127.0.0.1 CPUs=2 RealMemory=8000 State=UNKNOWN
PartitionName=class Nodes=node Default=YES MaxTime=00:10:00 State=UP
CONF
  munged --foreground --force --key-file="$DIR/key" --socket="$DIR/munge.sock" --pid-file="$DIR/munge.pid" \
    --log-file="$DIR/log/munge.log" --seed-file="$DIR/seed" 2>/dev/null &
  until_true test -S "$DIR/munge.sock"
  slurmctld -D -f "$SLURM_CONF" -c 2>/dev/null &
  until_true responds
  start_node
}

responds() { scontrol ping >/dev/null 2>&1; }
node_is() { [[ $(sinfo --noheader --format %T) =~ ^($1)$ ]]; }

start_node() { # the process NODE takes everything on the node along when it ends
  unshare --mount --pid --fork --kill-child --mount-proc slurmd -D -f "$SLURM_CONF" -N node 2>/dev/null &
  NODE=$!
  until_true node_is 'idle|mixed|allocated'
}

kill_node() {
  kill -KILL "$NODE"
  wait "$NODE" 2>/dev/null || true
}

scene() { # scene NAME: begin with an empty folder
  printf '· %s\n' "$1"
  rm -rf "$SCENE" "$OUT"
  mkdir "$SCENE"
}

submit() { # submit PARTS: grade in so many parts; what is printed goes to $SCENE/folders and $SCENE/errors
  "$SUBMIT" "$1" "$OUT" "${TASK[@]}" >"$SCENE/folders" 2>"$SCENE/errors"
}

has_started() { [ -e "$SCENE/started" ] && [ "$(wc -l <"$SCENE/started")" -ge "$1" ]; }
has_results() { [ "$(find "$OUT" -name results.json 2>/dev/null | wc -l)" -ge "$1" ]; }
has_ended() { ! kill -0 "$1" 2>/dev/null; }

expect_results() { # expect_results PARTS: each part has results once, and its folder was printed
  local folders number
  mapfile -t folders <"$SCENE/folders"
  [ ${#folders[@]} = "$1" ] || fail "${#folders[@]} folders, expected $1: $(cat "$SCENE/errors")"
  for number in $(seq "$1"); do
    [ "${folders[number - 1]##*/}" = "$number-of-$1" ] || fail "part $number is in ${folders[number - 1]}"
    [ -s "${folders[number - 1]}/results.json" ] || fail "part $number has no results"
  done
  [ "$(find "$OUT" -name results.json | wc -l)" = "$1" ] || fail "a part has results twice"
}

expect_starts() { # expect_starts NUMBER...: the tasks that were started; `again` if Slurm has queued it again
  local started
  started=$(sort "$SCENE/started" | xargs)
  [ "$started" = "$*" ] || fail "started: $started, expected: $*"
}

queue_no_longer() { # a task that was queued again may begin two minutes later; let it begin now
  local task
  for task in $(squeue --noheader --array --states=PENDING --format %i); do
    scontrol update JobId="$task" StartTime=now 2>/dev/null || true
  done
}

OUT="$DIR/results of 100% 'x' 班级"
start_cluster

scene "more parts than an array can have: as many parts as it can"
submit 12 || fail "$(cat "$SCENE/errors")"
expect_results 8

scene "the node dies while tasks run: they are queued again, and nothing is lost or doubled"
echo wait | tee "$SCENE/part-3" >"$SCENE/part-4"
submit 6 &
SUBMITTED=$!
if [ $# = 0 ]; then until_true has_started 4; else until_true has_results 1; fi
kill_node
until_true node_is 'down.?'
touch "$SCENE/go"
start_node
until has_ended $SUBMITTED; do
  queue_no_longer
  sleep 1
done
wait $SUBMITTED || fail "$(cat "$SCENE/errors")"
expect_results 6
[ $# -gt 0 ] || expect_starts 1 2 3 3-again 4 4-again 5 6

if [ $# = 0 ]; then
  scene "tasks end well and write nothing: only these are submitted again, and what is missing is named"
  echo once >"$SCENE/part-2"
  echo nothing >"$SCENE/part-4"
  submit 5 && fail "part 4 has no results, but nothing was reported"
  grep --quiet 'parts of 5 have no results after 3 attempts: 4;' "$SCENE/errors" || fail "$(cat "$SCENE/errors")"
  [ ! -s "$SCENE/folders" ] || fail "it prints folders although a part is missing"
  expect_starts 1 2 2 3 4 4 4 5
fi
if [ $# = 0 ]; then
  scene "a class is graded on the node, and merged"
  for student in ann bob 王小明; do
    mkdir -p "$SCENE/class/$student"
    cp lessons/03_struct_header/naive.rs "$SCENE/class/$student/lesson3.rs"
  done
  cp lessons/03_struct_header/solution.rs "$SCENE/class/bob/lesson3.rs"
  "$TARGET/debug/kata-class" "$SCENE/class" --lessons 3 --slurm 2 --out "$OUT" 2>"$SCENE/errors" ||
    fail "$(cat "$SCENE/errors")"
  graded=$(tail --lines +2 "$OUT/results.csv" | cut --delimiter , --fields 1-3 | xargs)
  [ "$graded" = "ann,3,fail bob,3,pass 王小明,3,fail" ] || fail "graded: $graded"
  [ -z "$(find "$OUT" -name 'parts-*')" ] || fail "the folder of the parts is left"
fi
echo "all green"
