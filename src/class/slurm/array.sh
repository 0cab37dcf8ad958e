#!/bin/sh
# Grade one part of a class, as a task of an array job. Written by `kata class --slurm`.
#SBATCH --job-name=kata-class
#SBATCH --ntasks=1
#SBATCH --mem=2G
#SBATCH --requeue
#SBATCH --open-mode=append
shard=$((SLURM_ARRAY_TASK_ID + 1))
parts=PARTS
part=$parts/$shard-of-SHARDS
own=$parts/unfinished/$shard-of-SHARDS.$SLURM_JOB_ID.${SLURM_RESTART_COUNT:-0}

# Slurm may run a task again that has finished, if its node fails before the controller knows.
[ -e "$part/PROOF" ] && exit 0
mkdir -p "$parts/unfinished" && rm -rf "$own"
COMMAND --shard "$shard/SHARDS" --out "$own"
# It may even run it twice at a time, if a node was only cut off. A folder that has content is not replaced, so
# the first results stay.
[ -e "$own/PROOF" ] && mv -T "$own" "$part"
rm -rf "$own"
[ -e "$part/PROOF" ]
